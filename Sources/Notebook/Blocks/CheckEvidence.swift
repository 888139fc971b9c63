extension Check {
  /// The two things that are compared, with their values in words.
  var sides: [NamedText] {
    switch evidence {
    case .equal(let left, let right, _), .measured(let left, let right, _),
      .atMost(let left, let right):
      [left, right].map { NamedText($0.label, formatted($0.value, digits: 8)) }
    // Swift's own description is the shortest that reads back as the same bits.
    case .sameBits(let left, let right):
      [left, right].map { NamedText($0.label, "\($0.value)") }
    case .sameText(let left, let right): [left, right]
    }
  }

  /// How far the two are apart, and how far they may be.
  var remark: String {
    switch evidence {
    case .equal(let left, let right, let tolerance):
      "difference \(formatted(abs(left.value - right.value), digits: 2)), "
        + "tolerance \(formatted(tolerance, digits: 2))"
    case .measured(let measured, let expected, let standardError):
      "difference \(formatted(abs(measured.value - expected.value), digits: 2)), "
        + "standard error \(formatted(standardError, digits: 2)) "
        + "(up to \(formatted(Check.allowedStandardErrors, decimals: 0)) of them allowed)"
        + (mayBeChance ? "; a correct program exceeds this once in 16,000 runs" : "")
    case .atMost(let left, let right):
      "second − first = \(formatted(right.value - left.value, digits: 2))"
        + (holds ? " ≥ 0" : left.value > right.value ? " < 0" : "")
    case .sameBits: holds ? "the same to the last bit" : "not the same bits"
    case .sameText: ""
    }
  }

  /// Whether a correct program might show this failure: numbers that are none are never chance.
  private var mayBeChance: Bool {
    guard case .measured(let measured, let expected, let standardError) = evidence else {
      return false
    }
    return !holds && (measured.value - expected.value).isFinite && standardError > 0
  }

  /// How many checks hold: "3 checks: all hold", "2 of 3 checks hold".
  static func summary(of checks: [Check]) -> String {
    let count = checks.count == 1 ? "1 check" : "\(checks.count) checks"
    let holding = checks.count(where: \.holds)
    return holding == checks.count ? "\(count): all hold" : "\(holding) of \(count) hold"
  }
}
