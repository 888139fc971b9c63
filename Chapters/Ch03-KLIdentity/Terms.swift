import Claims
import Notebook

/// The four terms of the identity.
struct Terms {
  /// log P(X).
  let logEvidence: Double
  /// D[Q‖P(z|X)].
  let gap: Double
  /// E[log P(X|z)].
  let reconstruction: Double
  /// D[Q‖P(z)].
  let divergence: Double

  /// The left side minus the right side.
  var difference: Double { logEvidence - gap - (reconstruction - divergence) }

  /// The columns of a table of terms; `cells` is a row of it.
  static let columns: [Table.Column] = [
    .right("log P(X)"), .right("D[Q‖P(z|X)]"), .right("E[log P(X|z)]"), .right("D[Q‖P(z)]"),
    .right("difference"),
  ]

  /// The four terms, and the difference of the two sides.
  var cells: [String] {
    Claims.cells(logEvidence, gap, reconstruction, divergence, decimals: 5)
      + [formatted(abs(difference), digits: 2)]
  }
}
