import Foundation
import Kernels

/// A number as a reader writes it, with a fixed number of significant digits: −1,234.56, 0.00120,
/// 7.9 × 10⁷, 10⁻¹⁰, −∞.
///
/// The same on every system and in every locale.
public func formatted(_ number: Double, digits: Int = 6) -> String {
  guard number.isFinite else { return spelledOut(number) }
  guard number != 0 else { return "0" }
  let rounded = RoundedNumber(number, digits: digits)
  if (-4..<7).contains(rounded.exponent) {
    return formatted(rounded.value, decimals: max(0, digits - 1 - rounded.exponent))
  }
  // An exact power of ten, such as a tolerance, needs no factor.
  let isPower = abs(number) == Double("1e\(rounded.exponent)")
  return isPower
    ? (number < 0 ? "−" : "") + powerOfTen(rounded.exponent)
    : rounded.mantissa.replacing("-", with: "−") + " × " + powerOfTen(rounded.exponent)
}

/// A number with a fixed number of digits after the point, for a column of a table: −123.46.
public func formatted(_ number: Double, decimals: Int) -> String {
  guard number.isFinite else { return spelledOut(number) }
  let text = String(format: "%.\(decimals)f", number)
  let parts = text.drop { $0 == "-" }.split(separator: ".")
  // A number that rounds to zero has no sign: "−0.00" would only puzzle a reader.
  let isNegative = text.hasPrefix("-") && text.contains { !"-0.".contains($0) }
  return (isNegative ? "−" : "") + grouped(parts[0])
    + parts.dropFirst().map { ".\($0)" }.joined()
}

/// A whole number with its thousands separated: 1,000,000.
public func formatted(_ number: Int) -> String {
  (number < 0 ? "−" : "") + grouped("\(number.magnitude)"[...])
}

/// e to the power of `logarithm`, even where that is too small or too large for a `Double`:
/// 2.4 × 10⁻⁵⁴⁸.
public func formatted(exponentialOf logarithm: Double, digits: Int = 3) -> String {
  guard abs(logarithm) > 700, logarithm.isFinite else {
    return formatted(.exp(logarithm), digits: digits)
  }
  let power = logarithm / .log(10)
  let exponent = power.rounded(.down)
  // 9.999 may round to 10.0.
  let rounded = RoundedNumber(.exp((power - exponent) * .log(10)), digits: digits)
  return rounded.mantissa + " × " + powerOfTen(Int(exponent) + rounded.exponent)
}

/// A finite number with this many digits: −1.23 · 10⁻⁴.
struct RoundedNumber {
  /// One digit before the point, the rest after it: "-1.23".
  let mantissa: String
  let exponent: Int

  init(_ number: Double, digits: Int) {
    let parts = String(format: "%.\(digits - 1)e", number).split(separator: "e")
    (mantissa, exponent) = (String(parts[0]), Int(parts[1])!)
  }

  var value: Double { Double("\(mantissa)e\(exponent)")! }
}

private func powerOfTen(_ exponent: Int) -> String {
  "10" + String("\(exponent)".map { MathSymbol.superscripts[$0 == "-" ? "−" : $0]! })
}

/// The digits in groups of three.
private func grouped(_ digits: Substring) -> String {
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
    result.append(digit)
  }
  return result
}

private func spelledOut(_ number: Double) -> String {
  number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞"
}
