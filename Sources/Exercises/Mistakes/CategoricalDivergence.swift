import Autodiff

/// The divergence of two lists of probabilities, in nats: D[Q‖P] = Σ q (log q − log p), where a q of
/// 0 adds nothing.
///
/// The places where people go wrong are its fields.
public struct CategoricalDivergence {
  /// What is added for a q and its p.
  public var term: (_ q: Double, _ p: Double) -> Double = { $0 * (.log($0) - .log($1)) }
  /// Whether nothing is added for them.
  public var isSkipped: (_ q: Double, _ p: Double) -> Bool = { q, _ in q == 0 }
  /// Whether the z with this number is in the sum, of so many.
  public var isIncluded: (_ index: Int, _ count: Int) -> Bool = { _, _ in true }
  /// What is made of the sum for so many values of z.
  public var result: (_ sum: Double, _ count: Int) -> Double = { sum, _ in sum }
  /// Whether it is D[P‖Q].
  public var isReversed = false
  /// Whether the sum ends at the first term that is skipped.
  public var stops = false

  /// The right formula.
  public init() {}

  /// D[Q‖P].
  public func callAsFunction(_ q: [Double], _ p: [Double]) -> Double {
    var sum = 0.0
    let pairs = Array(isReversed ? zip(p, q) : zip(q, p))
    for (index, (q, p)) in pairs.enumerated() where isIncluded(index, pairs.count) {
      guard !isSkipped(q, p) else {
        if stops { break }
        continue
      }
      sum += term(q, p)
    }
    return result(sum, q.count)
  }
}
