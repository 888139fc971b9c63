import Autodiff
import Claims
import Notebook
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      reconstruction(Exercises.reconstruction), loss(Exercises.loss),
      adamStep(Exercises.adamStep), latentActivity(Exercises.latentActivity),
      importanceWeightedBound(Exercises.importanceWeightedBound),
      differentiableLoss(Exercises.differentiableLoss),
    ]
  }
}

/// The mean over the images of log P(X|z).
func meanLogProbability(of x: [[Double]], logits: [[Double]]) -> Double {
  Bernoulli(logits: matrix(logits)).logProbability(of: matrix(x)).mean().scalar
}

/// The mean over the rows of the sum of each.
func meanOfSums(_ rows: [[Double]]) -> Double { mean(rows.map { $0.reduce(0, +) }) }

/// The columns of a table, as rows.
func transposed(_ rows: [[Double]]) -> [[Double]] {
  rows[0].indices.map { column in rows.map { $0[column] } }
}

/// A table of standard normal numbers, rounded to two decimals.
func roundedNormals(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
  let numbers = roundedNormals(rows * columns, seed: seed)
  return (0..<rows).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
}

/// A number with all its decimals, and a whole one with none.
func exact(_ number: Double) -> String {
  number == number.rounded() ? "\(Int(number))" : "\(number)"
}

/// Numbers with all their decimals: "(1, 0.25)".
func exact(_ numbers: [Double]) -> String {
  "(" + numbers.map { exact($0) }.joined(separator: ", ") + ")"
}

/// The rows of a table with all their decimals.
func exact(_ rows: [[Double]]) -> String { rows.map { exact($0) }.joined(separator: ", ") }
