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

  /// The left side less the right side.
  var difference: Double { logEvidence - gap - (reconstruction - divergence) }

  /// The columns of a table of terms, of which `cells` has a row.
  static let columns: [Table.Column] = [
    .right("log P(X)"), .right("D[Q‖P(z|X)]"), .right("E[log P(X|z)]"), .right("D[Q‖P(z)]"),
    .right("difference"),
  ]

  /// The terms, and by how much the two sides differ.
  var cells: [String] {
    Claims.cells(logEvidence, gap, reconstruction, divergence, decimals: 5)
      + [formatted(abs(difference), digits: 2)]
  }
}
