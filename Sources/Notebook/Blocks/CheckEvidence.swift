extension Check {
  /// What is compared, with the values in full, for readers who want to look closely.
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
  public var remark: String {
    switch evidence {
    case .equal(let left, let right, let tolerance):
      smallness("difference", abs(left.value - right.value), tolerance)
    case .small(let difference, let tolerance):
      smallness(difference.label, difference.value, tolerance)
    case .measured(let measured, let expected, let standardError):
      measurement(measured.value, expected.value, standardError)
        + (mayBeChance ? "; a correct program exceeds 4 once in 16,000 runs" : "")
    case .atMost(let left, let right, let standardError):
      comparison(left, right, "is at most")
        + (left.value > right.value ? distance(left, right, standardError) : "")
    case .greater(let left, let right, let standardError):
      comparison(left, right, left.value < right.value ? "is less than" : "is no greater than")
        + distance(left, right, standardError)
    case .sameBits: holds ? "the same to the last bit" : "not the same bits"
    case .sameText: holds ? "the same to the last byte" : "not the same text"
    }
  }

  private func smallness(_ label: String, _ difference: Double, _ tolerance: Double) -> String {
    if tolerance == 0, holds { return "\(label) 0" }
    let limit = "at most \(formatted(tolerance, digits: 2))"
    return "\(label) \(formatted(difference, digits: 2))"
      + (holds ? ", \(limit)" : "; \(limit) is allowed")
  }

  private func measurement(
    _ measured: Double, _ expected: Double, _ standardError: Double
  ) -> String {
    let texts = [measured, standardError, expected].map { number in
      // As many decimals as show two digits of the error, which must be neither tiny nor huge.
      guard (1e-9..<1e6).contains(standardError), abs(number) < 1e15 else {
        return formatted(number, digits: 4)
      }
      return formatted(number, decimals: max(0, 1 - exponent(of: standardError)))
    }
    return "\(texts[0]) ± \(texts[1]), expected \(texts[2])"
      + (standardError == 0 ? "" : ": \(standardErrors(measured - expected, standardError)) apart")
  }

  private func comparison(_ left: Quantity, _ right: Quantity, _ otherwise: String) -> String {
    if left.value.isNaN || right.value.isNaN {
      return "\(left.label), \(formatted(left.value, digits: 4)), cannot be compared with "
        + "\(right.label), \(formatted(right.value, digits: 4))"
    }
    // Enough digits to tell the two apart.
    let difference = abs(left.value - right.value)
    let size = max(abs(left.value), abs(right.value))
    let digits =
      difference > 0 && size.isFinite
      ? min(max(4, exponent(of: size) - exponent(of: difference) + 2), 12) : 4
    let relation = left.value > right.value ? "is greater than" : otherwise
    let (number, other) = (
      formatted(left.value, digits: digits), formatted(right.value, digits: digits)
    )
    if right.value == 0 { return "\(left.label) \(number) \(relation) 0" }
    if left.value == 0 {
      return "\(right.label) \(other) is \(right.value < 0 ? "less" : "greater") than 0"
    }
    // "The bound after, −1.086, is at most the bound before, −1.023": a name of several words is set off.
    let isLong = left.label.contains(" ") || right.label.contains(" ")
    return isLong
      ? "\(left.label), \(number), \(relation) \(right.label), \(other)"
      : "\(left.label) \(number) \(relation) \(right.label) \(other)"
  }

  private func distance(_ left: Quantity, _ right: Quantity, _ standardError: Double) -> String {
    guard standardError > 0 else { return "" }
    return ", by \(standardErrors(left.value - right.value, standardError))"
  }

  private func standardErrors(_ difference: Double, _ standardError: Double) -> String {
    let count = abs(difference) / standardError
    return "\(formatted(count, decimals: count < 10 ? 1 : 0)) standard errors"
  }

  /// The power of ten of the first digit, with the number rounded to two.
  private func exponent(of number: Double) -> Int { RoundedNumber(number, digits: 2).exponent }

  /// Whether a correct program might show this failure by chance. A NaN is never due to chance.
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
