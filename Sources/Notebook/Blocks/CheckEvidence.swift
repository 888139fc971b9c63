extension Check {
  /// What is compared, with the values in full, for whoever wants to look closely.
  var sides: [NamedText] {
    switch evidence {
    case .equal(let left, let right, _), .measured(let left, let right, _),
      .atMost(let left, let right, _), .greater(let left, let right, _):
      [left, right].map { NamedText($0.label, formatted($0.value, digits: 8)) }
    case .small(let difference, _):
      [NamedText(difference.label, formatted(difference.value, digits: 8))]
    // Swift's own description is the shortest that reads back as the same bits.
    case .sameBits(let left, let right):
      [left, right].map { NamedText($0.label, "\($0.value)") }
    case .sameText(let left, let right): [left, right]
    }
  }

  /// The evidence in the words of a person: "0.880 ± 0.005, expected 0.875: 1.1 standard errors
  /// apart".
  var remark: String {
    switch evidence {
    case .equal(let left, let right, let tolerance):
      "difference \(formatted(abs(left.value - right.value), digits: 2)), "
        + "at most \(formatted(tolerance, digits: 2))"
    case .small(let difference, let tolerance):
      "\(difference.label) \(formatted(difference.value, digits: 2)), "
        + "at most \(formatted(tolerance, digits: 2))"
    case .measured(let measured, let expected, let standardError):
      "\(withError(measured.value, standardError)), "
        + "expected \(formatted(expected.value, digits: 4)): "
        + distance(measured.value - expected.value, standardError) + " apart"
        + (mayBeChance ? "; a correct program exceeds 4 once in 16,000 runs" : "")
    case .atMost(let left, let right, let standardError):
      comparison(left, right, "is at most", "is greater than")
        + (standardError > 0 && left.value > right.value
          ? ", by " + distance(left.value - right.value, standardError) : "")
    case .greater(let left, let right, let standardError):
      comparison(left, right, "is less than", "is greater than")
        + (standardError > 0
          ? ", by " + distance(left.value - right.value, standardError) : "")
    case .sameBits: holds ? "the same to the last bit" : "not the same bits"
    case .sameText: holds ? "the same to the last byte" : "not the same text"
    }
  }

  /// A mean with its standard error, to the digits that the error leaves: "0.880 ± 0.005".
  private func withError(_ mean: Double, _ error: Double) -> String {
    guard error > 0, error.isFinite, mean.isFinite else {
      return "\(formatted(mean, digits: 4)) ± \(formatted(error, digits: 2))"
    }
    // As many decimals as show two digits of the error.
    var decimals = 1
    while decimals < 12, error * scale(decimals) < 9.5 { decimals += 1 }
    return "\(formatted(mean, decimals: decimals)) ± \(formatted(error, decimals: decimals))"
  }

  private func scale(_ decimals: Int) -> Double {
    (0..<decimals).reduce(1) { product, _ in 10 * product }
  }

  private func distance(_ difference: Double, _ standardError: Double) -> String {
    let count = abs(difference) / standardError
    return "\(formatted(count, decimals: count < 10 ? 1 : 0)) standard errors"
  }

  private func comparison(
    _ left: Quantity, _ right: Quantity, _ lessOrEqual: String, _ greater: String
  ) -> String {
    // Enough digits to tell the two apart.
    let difference = abs(left.value - right.value)
    let size = max(abs(left.value), abs(right.value))
    var digits = 4
    while digits < 12, difference > 0, size > difference * scale(digits - 1) { digits += 1 }
    let relation = left.value > right.value ? greater : lessOrEqual
    let texts = [left, right].map { "\($0.label) \(formatted($0.value, digits: digits))" }
    return "\(texts[0]) \(relation) \(texts[1])"
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
