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
    for (q, p) in isReversed ? zip(p, q) : zip(q, p) {
      guard !isSkipped(q, p) else {
        if stops { break }
        continue
      }
      sum += term(q, p)
    }
    return result(sum, q.count)
  }

  /// The mistakes. Some show only where a probability is 0: "0 log 0", "left out", "stops" and
  /// "infinite".
  public static var mistakes: [Mistake<Self>] { ofSum + ofTerm + ofZeros }

  private static var ofSum: [Mistake<Self>] {
    [
      .init("reversed", "that is D[P‖Q]; return D[Q‖P]", isCommon: true) { $0.isReversed = true },
      .init("sign", "the sign is flipped; D is never negative", isCommon: true) {
        let result = $0.result
        $0.result = { -result($0, $1) }
      },
      .init("bits", "that is in bits; take the natural logarithm to get nats", isCommon: true) {
        let result = $0.result
        $0.result = { result($0, $1) / .log(2) }
      },
      .init("base 10", "the logarithm has base 10; take the natural logarithm") {
        let result = $0.result
        $0.result = { result($0, $1) / .log(10) }
      },
      .init("mean", "that is the mean of the terms; add them up", isCommon: true) {
        let result = $0.result
        $0.result = { result($0, $1) / Double($1) }
      },
      .init("half", "there is a ½ too many; D of two lists has none") {
        $0.result = { sum, _ in 0.5 * sum }
      },
      .init("log of mean", "that is the log of the mean of Q/P; take the mean of the logs") {
        $0.term = { $0 * $0 / $1 }
        $0.result = { sum, _ in .log(sum) }
      },
    ]
  }

  private static var ofTerm: [Mistake<Self>] {
    [
      .init("no weights", "the logs were added as they are; the weight of each z is Q(z)") {
        $0.term = { .log($0) - .log($1) }
      },
      .init(
        "no weights, all", "the logs were added as they are; the weight of each z is Q(z)"
      ) {
        $0.term = { .log($0) - .log($1) }
        $0.isSkipped = { _, _ in false }
      },
      .init("weights P", "the weights are P(z); they should be Q(z)") {
        $0.term = { $1 * (.log($0) - .log($1)) }
      },
      .init("weights P, all", "the weights are P(z); they should be Q(z)") {
        $0.term = { $1 == 0 ? 0 : $1 * (.log($0) - .log($1)) }
        $0.isSkipped = { _, _ in false }
      },
      .init("words", "that is −Σ Q log P, the length of the words; Σ Q log Q is missing") {
        $0.term = { -$0 * .log($1) }
      },
      .init("log P", "that is Σ Q log P; log Q is missing, and the sign of log P is −") {
        $0.term = { $0 * .log($1) }
      },
      .init("entropy", "that is −Σ Q log Q, the entropy of Q; P does not come in") {
        $0.term = { q, _ in -q * .log(q) }
      },
      .init("log Q", "that is Σ Q log Q; −Σ Q log P is missing") {
        $0.term = { q, _ in q * .log(q) }
      },
      .init("plus", "the logs were added; subtract log P from log Q") {
        $0.term = { $0 * (.log($0) + .log($1)) }
      },
      .init("no log", "the logarithm of the ratio is missing: the term is Q log(Q/P)") {
        $0.term = { $0 * $0 / $1 }
      },
      .init("no log of difference", "the logarithms are missing: the term is Q (log Q − log P)") {
        $0.term = { $0 * ($0 - $1) }
      },
      .init("brackets", "brackets are missing: Q multiplies both logs, Q (log Q − log P)") {
        $0.term = { $0 * .log($0) - .log($1) }
      },
      .init("precedence", "only Q is in the logarithm: Q log(Q)/P is not Q log(Q/P)") {
        $0.term = { $0 * .log($0) / $1 }
      },
      .init("product", "the logarithm is that of a product; it is log(Q/P)") {
        $0.term = { $0 * .log($0 * $0 / $1) }
      },
      .init("ratio of logs", "one log was divided by the other; log(Q/P) is log Q − log P") {
        $0.term = { $0 * (.log($0) / .log($1)) }
      },
      .init("log of difference", "that is the log of a difference; it is a difference of logs") {
        $0.term = { $0 * .log($0 - $1) }
      },
      .init("own weights", "log P was weighted with P; the weight of both logs is Q(z)") {
        $0.term = { $0 * .log($0) - ($1 == 0 ? 0 : $1 * .log($1)) }
      },
      .init("absolute", "each term was taken without its sign; some terms are negative") {
        $0.term = { abs($0 * (.log($0) - .log($1))) }
      },
      .init("positive", "negative terms were left out; they count as well") {
        $0.term = { max($0 * (.log($0) - .log($1)), 0) }
      },
      .init("both ways", "that is D[Q‖P] + D[P‖Q]; return the first alone") {
        $0.term = { ($0 - $1) * (.log($0) - .log($1)) }
      },
      .init("mixture", "that is D from the mean of Q and P; it should be D from P") {
        $0.term = { $0 * (.log($0) - .log(0.5 * ($0 + $1))) }
      },
      .init("log(1 + ratio)", "1 was added inside the logarithm; it is log(Q/P)") {
        $0.term = { $0 * .log(1 + $0 / $1) }
      },
      .init("distance", "that is half the sum of the differences of Q and P, another distance") {
        $0.term = { 0.5 * abs($0 - $1) }
        $0.isSkipped = { _, _ in false }
      },
      .init("squares", "that is the sum of squared differences of Q and P, another distance") {
        $0.term = { ($0 - $1) * ($0 - $1) }
        $0.isSkipped = { _, _ in false }
      },
    ]
  }

  private static var ofZeros: [Mistake<Self>] {
    [
      .init("0 log 0", "0 · log 0 gives NaN; skip every z with Q(z) = 0") {
        $0.isSkipped = { _, _ in false }
      },
      .init("left out", "the z with P(z) = 0 were left out; there D is infinite") {
        $0.isSkipped = { $0 == 0 || $1 == 0 }
      },
      .init("stops", "the sum ends at the first Q(z) = 0; skip that z and go on") {
        $0.stops = true
      },
      .init("infinite", "P(z) = 0 makes D infinite only if Q(z) > 0") {
        $0.term = { $1 == 0 ? .infinity : $0 == 0 ? 0 : $0 * (.log($0) - .log($1)) }
        $0.isSkipped = { _, _ in false }
      },
    ]
      + [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8].map { small in
        .init("\(small) added", "a small number was added inside the logs; skip Q(z) = 0 instead") {
          $0.term = { $0 * .log(($0 + small) / ($1 + small)) }
        }
      }
  }
}
