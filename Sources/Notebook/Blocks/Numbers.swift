import Foundation

/// A number in words of a fixed number of significant digits: `-123.456`, `4.4e-16`, `nan`.
///
/// The same on every system and in every locale.
public func formatted(_ number: Double, digits: Int = 6) -> String {
  guard number.isFinite else { return spelledOut(number) }
  var text = String(format: "%#.\(digits)g", number == 0 ? 0 : number)
  // The format keeps a point that has nothing behind it: "1." and "1.e-06".
  text.replace(".e", with: "e")
  if text.hasSuffix(".") { text.removeLast() }
  return text
}

/// A number with a fixed number of digits after the point, for a column of a table: `-123.46`.
public func formatted(_ number: Double, decimals: Int) -> String {
  guard number.isFinite else { return spelledOut(number) }
  let text = String(format: "%.\(decimals)f", number)
  // What rounds to zero has no sign: "-0.00" would make a reader look for a reason.
  return text.allSatisfy { "-0.".contains($0) } ? String(text.drop { $0 == "-" }) : text
}

private func spelledOut(_ number: Double) -> String {
  number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
}
