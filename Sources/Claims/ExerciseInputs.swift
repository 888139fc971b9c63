import Autodiff
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

/// The mean of some numbers.
public func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

/// Rows of equal length, at least one, as a matrix.
public func matrix(_ rows: [[Double]]) -> Tensor<Double> {
  Tensor(Array(rows.joined()), shape: [rows.count, rows[0].count])
}
