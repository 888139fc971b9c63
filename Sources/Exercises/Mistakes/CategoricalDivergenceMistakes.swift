import Autodiff

extension CategoricalDivergence {
  /// The mistakes. Some show only where a probability is 0: "0 log 0", "left out", "stops" and
  /// "infinite"; `distinct` leaves out what does not show in an exercise.
  public static var mistakes: [Mistake<Self>] {
    ofSum + ofRange + ofTerm + ofZeros + addends
  }

  private static var ofSum: [Mistake<Self>] {
    [
      .init("reversed", "Q and P are exchanged: that is D[P‖Q]", isCommon: true) {
        $0.isReversed = true
      },
      .init("reversed where Q > 0", "Q and P are exchanged: that is D[P‖Q]") {
        $0.term = { $1 * (.log($1) - .log($0)) }
        $0.isSkipped = { $0 == 0 || $1 == 0 }
      },
      .init("n − 1", "the sum was divided by n − 1; do not divide it") {
        $0.result = { $0 / Double($1 - 1) }
      },
      .init("sign", "the sign is flipped; D is never negative", isCommon: true) {
        let result = $0.result
        $0.result = { -result($0, $1) }
      },
      .init(
        "bits", "the logarithm has base 2, which gives bits; take the natural logarithm",
        isCommon: true
      ) {
        let result = $0.result
        $0.result = { result($0, $1) / .log(2) }
      },
      .init("base 10", "the logarithm has base 10; take the natural logarithm") {
        let result = $0.result
        $0.result = { result($0, $1) / .log(10) }
      },
      .init("mean", "the terms were averaged; add them up", isCommon: true) {
        let result = $0.result
        $0.result = { result($0, $1) / Double($1) }
      },
      .init("twice", "D counts twice") { $0.result = { sum, _ in 2 * sum } },
      .init("from a uniform P", "that is D from a uniform distribution; P does not come in") {
        $0.term = { q, _ in q * .log(q) }
        $0.result = { $0 + .log(Double($1)) }
      },
      .init("half", "there is a ½ too many; D of two lists has none") {
        $0.result = { sum, _ in 0.5 * sum }
      },
      .init("log of mean", "the log of the mean of Q/P was taken; take the mean of the logs") {
        $0.term = { $0 * $0 / $1 }
        $0.result = { sum, _ in .log(sum) }
      },
    ]
  }

  private static var ofRange: [Mistake<Self>] {
    func range(
      _ name: String, _ message: String, _ isIncluded: @escaping (Int, Int) -> Bool
    ) -> Mistake<Self> { Mistake(name, message) { $0.isIncluded = isIncluded } }
    return [
      range("first only", "only the first z counts; does the loop return too early?") { index, _ in
        index == 0
      },
      range("last only", "only the last z counts; is there an = in place of +=?") { $0 == $1 - 1 },
      range("no first", "the first z is missing; does a loop or range begin too late?") {
        index, _ in
        index > 0
      },
      range("no last", "the last z is missing; does a loop or range end too early?") {
        $0 < $1 - 1
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
      .init("words", "Σ Q log Q is missing; −Σ Q log P alone is the length of the words for P") {
        $0.term = { -$0 * .log($1) }
      },
      .init("log P", "log Q is missing, and log P has the wrong sign") {
        $0.term = { $0 * .log($1) }
      },
      .init("entropy", "P does not come in; −Σ Q log Q is the entropy of Q") {
        $0.term = { q, _ in -q * .log(q) }
      },
      .init("log Q", "−Σ Q log P is missing; only Σ Q log Q is there") {
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
      .init("product", "log Q counts twice, as in log(Q²/P); the logarithm is that of Q/P") {
        $0.term = { $0 * .log($0 * $0 / $1) }
      },
      .init("ratio of logs", "one log was divided by the other; log(Q/P) is log Q − log P") {
        $0.term = { $0 * (.log($0) / .log($1)) }
      },
      .init(
        "log of difference", "the log of a difference was taken; take the difference of the logs"
      ) {
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
      .init("both ways", "D[P‖Q] was added to D[Q‖P]; the second alone is asked for") {
        $0.term = { ($0 - $1) * (.log($0) - .log($1)) }
      },
      .init("both ways, halved", "that is the mean of D[Q‖P] and D[P‖Q]; the first is asked for") {
        $0.term = { 0.5 * ($0 - $1) * (.log($0) - .log($1)) }
      },
      .init("Jensen–Shannon", "Q and P were each compared with their mean; compare Q with P") {
        $0.term = { q, p in
          let logMean = Double.log(0.5 * (q + p))
          return 0.5 * q * (.log(q) - logMean) + (p == 0 ? 0 : 0.5 * p * (.log(p) - logMean))
        }
      },
      .init("P for log P", "P(z) stands where log P(z) should") {
        $0.term = { $0 * (.log($0) - $1) }
      },
      .init("Q for log Q", "Q(z) stands where log Q(z) should") {
        $0.term = { $0 * ($0 - .log($1)) }
      },
      .init("as logs", "Q(z) and P(z) were used as logs; they are probabilities") {
        $0.term = { .exp($0) * ($0 - $1) }
        $0.isSkipped = { _, _ in false }
      },
      .init("difference of entropies", "log P was weighted with P; the weight of both logs is Q(z)")
      {
        $0.term = { ($1 == 0 ? 0 : $1 * .log($1)) - ($0 == 0 ? 0 : $0 * .log($0)) }
        $0.isSkipped = { _, _ in false }
      },
      .init("ratio to both", "the ratio is Q/P, not Q/(P + Q)") {
        $0.term = { $0 * .log($0 / ($0 + $1)) }
      },
      .init("Hellinger", "the difference of the roots was squared, another measure of distance") {
        $0.term = { q, p in
          let difference = q.squareRoot() - p.squareRoot()
          return 0.5 * difference * difference
        }
        $0.isSkipped = { _, _ in false }
      },
      .init("Bhattacharyya", "−log Σ √(QP) is another measure of distance") {
        $0.term = { ($0 * $1).squareRoot() }
        $0.isSkipped = { _, _ in false }
        $0.result = { sum, _ in -.log(sum) }
      },
      .init("squared logs", "the differences of the logs were squared; weight them as they are") {
        $0.term = { $0 * (.log($0) - .log($1)) * (.log($0) - .log($1)) }
      },
      .init("half squared logs", "the differences of the logs were squared; weight them unsquared")
      {
        $0.term = { 0.5 * $0 * (.log($0) - .log($1)) * (.log($0) - .log($1)) }
      },
      .init("both weights", "each term was weighted with Q(z) P(z); the weight is Q(z)") {
        $0.term = { $0 * $1 * (.log($0) - .log($1)) }
      },
      .init("mean of squares", "the mean of (Q − P)² is another measure of distance; D has logs") {
        $0.term = { ($0 - $1) * ($0 - $1) }
        $0.isSkipped = { _, _ in false }
        $0.result = { $0 / Double($1) }
      },
      .init("mean weights", "the weights are the means of Q and P; they should be Q(z)") {
        $0.term = { 0.5 * ($0 + $1) * (.log($0) - .log($1)) }
      },
      .init("chi-squared", "Q log(Q/P) was replaced by (Q − P)²/P, another measure of distance") {
        $0.term = { ($0 - $1) * ($0 - $1) / $1 }
        $0.isSkipped = { _, _ in false }
      },
      .init("mixture", "the mean of Q and P stands in place of P") {
        $0.term = { $0 * (.log($0) - .log(0.5 * ($0 + $1))) }
      },
      .init("log(1 + ratio)", "1 was added inside the logarithm; it is log(Q/P)") {
        $0.term = { $0 * .log(1 + $0 / $1) }
      },
      .init("distance", "half the sum of |Q − P| is another measure of distance; D has logs") {
        $0.term = { 0.5 * abs($0 - $1) }
        $0.isSkipped = { _, _ in false }
      },
      .init("squares", "the sum of (Q − P)² is another measure of distance; D has logs") {
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
      .init("0 log 0 unless P = 0", "0 · log 0 gives NaN; skip every z with Q(z) = 0") {
        $0.isSkipped = { _, p in p == 0 }
      },
      .init("infinite at Q = 0", "D is not infinite where Q(z) = 0; such a z adds nothing") {
        $0.term = { $0 == 0 ? .infinity : $0 * (.log($0) - .log($1)) }
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
  }

  /// A small number added inside the logs. It shows where the answers are compared to 10⁻¹³.
  private static var addends: [Mistake<Self>] {
    let message =
      "a small number was added inside the log, or put under it; skip every z with Q(z) = 0 instead"
    return (3...12).flatMap { digits in
      let small = Double("1e-\(digits)") ?? 0
      return [
        Mistake<Self>("both plus 1e-\(digits)", message) {
          $0.term = { $0 * .log(($0 + small) / ($1 + small)) }
          $0.isSkipped = { _, _ in false }
        },
        Mistake<Self>("both and the weight plus 1e-\(digits)", message) {
          $0.term = { ($0 + small) * .log(($0 + small) / ($1 + small)) }
          $0.isSkipped = { _, _ in false }
        },
        Mistake<Self>("smoothed by 1e-\(digits)", message) {
          $0.term = { q, p in (q + small) * .log((q + small) / (p + small)) }
          $0.isSkipped = { _, _ in false }
          $0.result = { $0 / (1 + Double($1) * small) }
        },
        Mistake<Self>("both at least 1e-\(digits)", message) {
          $0.term = { max($0, small) * .log(max($0, small) / max($1, small)) }
          $0.isSkipped = { _, _ in false }
        },
        Mistake<Self>("Q plus 1e-\(digits)", message) {
          $0.term = { $0 * (.log($0 + small) - .log($1)) }
          $0.isSkipped = { _, _ in false }
        },
        Mistake<Self>("P plus 1e-\(digits)", message) {
          $0.term = { $0 * (.log($0) - .log($1 + small)) }
        },
        Mistake<Self>("ratio plus 1e-\(digits)", message) {
          $0.term = { $0 * .log($0 / $1 + small) }
          $0.isSkipped = { _, _ in false }
        },
        Mistake<Self>("ratio of P plus 1e-\(digits)", message) {
          $0.term = { $0 * .log($0 / ($1 + small) + small) }
          $0.isSkipped = { _, _ in false }
        },
      ]
    }
  }
}
