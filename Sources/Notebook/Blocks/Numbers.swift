import Foundation
import Kernels

/// A number as a reader writes it, with a fixed number of significant digits: −1,234.56, 0.00120,
/// 7.9 × 10⁷, 10⁻¹⁰, −∞.
///
/// The same on every system and in every locale.
public func formatted(_ number: Double, digits: Int = 6) -> String {
  guard number.isFinite else { return spelledOut(number) }
  guard number != 0 else { return "0" }
  // "-1.23e-04": the mantissa and the exponent of the rounded number.
  let parts = String(format: "%.\(digits - 1)e", number).split(separator: "e")
  let exponent = Int(parts[1])!
  if (-4..<7).contains(exponent) {
    let rounded = Double("\(parts[0])e\(exponent)")!
    return formatted(rounded, decimals: max(0, digits - 1 - exponent))
  }
  return scientific(mantissa: String(parts[0]), exponent: exponent)
}

/// A number with a fixed number of digits after the point, for a column of a table: −123.46.
public func formatted(_ number: Double, decimals: Int) -> String {
  guard number.isFinite else { return spelledOut(number) }
  let text = String(format: "%.\(decimals)f", number)
  let parts = text.drop { $0 == "-" }.split(separator: ".")
  // What rounds to zero has no sign: "−0.00" would make a reader look for a reason.
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
  let mantissa = String(format: "%.\(digits - 1)f", Double.exp((power - exponent) * .log(10)))
  // 9.99 may round to 10.0.
  return mantissa.hasPrefix("10")
    ? scientific(mantissa: "1" + mantissa.dropFirst(2), exponent: Int(exponent) + 1)
    : scientific(mantissa: mantissa, exponent: Int(exponent))
}

private func scientific(mantissa: String, exponent: Int) -> String {
  let raised = "\(exponent)".map { MathSymbol.superscripts[$0 == "-" ? "−" : $0]! }
  let power = "10" + String(raised)
  // An exact power of ten, such as a tolerance, needs no factor.
  let digits = mantissa.filter { !"-.".contains($0) }
  if digits.first == "1", digits.dropFirst().allSatisfy({ $0 == "0" }) {
    return (mantissa.hasPrefix("-") ? "−" : "") + power
  }
  return mantissa.replacing("-", with: "−") + " × " + power
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
