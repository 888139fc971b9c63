import Autodiff
import Foundation
import Notebook
import Probability

// What the checks of exercises are made of: inputs that a message can show in full.

/// The number rounded to two decimals.
public func hundredths(_ number: Double) -> Double { (100 * number).rounded() / 100 }

/// Independent standard normal numbers, each rounded to two decimals.
public func roundedNormals(_ count: Int, using generator: inout SeededGenerator) -> [Double] {
  generator.normal(count: count).map(hundredths)
}

/// Independent standard normal numbers from a generator of their own, each rounded to two decimals.
public func roundedNormals(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return roundedNormals(count, using: &generator)
}

/// A table of standard normal numbers, rounded to two decimals.
public func roundedNormals(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
  let numbers = roundedNormals(rows * columns, seed: seed)
  return (0..<rows).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
}

/// Normal distributions whose means and log variances are from N(0, 1), rounded to two decimals.
public func normals(_ count: Int, seed: UInt64) -> [Normal] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    let drawn = roundedNormals(2, using: &generator)
    return Normal(mean: drawn[0], logVariance: drawn[1])
  }
}

// MARK: - As a message shows them

/// A number as a message shows it: "−0.50".
public func text(_ number: Double) -> String { formatted(number, decimals: 2) }

/// Numbers as a message shows them: "(0.52, −1.30)".
public func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { text($0) }.joined(separator: ", ") + ")"
}

/// Points as a message shows them: "(0.52, −1.30), (0.10, 2.00)".
public func text(_ points: [[Double]]) -> String {
  points.map { text($0) }.joined(separator: ", ")
}

/// A number with all its decimals, and a whole one with none: "0.93", "−4". What rounding has done
/// to the sixteenth digit is not shown.
public func exact(_ number: Double) -> String {
  guard number.isFinite else { return formatted(number) }
  let rounded = Double(String(format: "%.12g", number)) ?? number
  let text = rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  // 2e-05 in Swift is 2 × 10⁻⁵ in a text.
  let mantissa = text.prefix { $0 != "e" }
  guard mantissa.count == text.count else {
    return formatted(rounded, digits: mantissa.count(where: \.isNumber))
  }
  return text.replacing("-", with: "−")
}

/// Numbers with all their decimals: "(1, 0.25)".
public func exact(_ numbers: [Double]) -> String {
  "(" + numbers.map { exact($0) }.joined(separator: ", ") + ")"
}

/// The rows of a table with all their decimals: "(1, 0.25), (0, −3)".
public func exact(_ rows: [[Double]]) -> String { rows.map { exact($0) }.joined(separator: ", ") }

// MARK: - Arithmetic

/// The mean over the rows of the sum of each.
public func meanOfSums(_ rows: [[Double]]) -> Double { mean(rows.map { $0.reduce(0, +) }) }

/// How far a point is from the origin.
public func length(_ point: [Double]) -> Double {
  point.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

/// Rows of equal length, at least one, as a matrix.
public func matrix(_ rows: [[Double]]) -> Tensor<Double> {
  Tensor(Array(rows.joined()), shape: [rows.count, rows[0].count])
}

/// The rows of a matrix, as arrays.
public func rows(_ matrix: Tensor<Double>) -> [[Double]] {
  (0..<matrix.shape[0]).map { matrix.rows([$0]).scalars }
}

/// The columns of a table, as rows.
public func transposed(_ rows: [[Double]]) -> [[Double]] {
  rows[0].indices.map { column in rows.map { $0[column] } }
}

/// The log density of a normal distribution with independent components.
public func logDensity(_ z: [Double], mean: [Double], logVariance: [Double]) -> Double {
  DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
    .logProbability(of: Tensor(z)).scalar
}

/// The log density of N(0, I).
public func standardLogDensity(_ z: [Double]) -> Double {
  DiagonalNormal.standard.logProbability(of: Tensor(z)).scalar
}
