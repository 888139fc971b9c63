import Autodiff
import Exercises
import Probability

extension Comparison<NormalDivergenceTask, Double> {
  /// What students take for D[Q‖P]: the shift of the means in some unit, and other measures.
  mutating func recognizeOtherMeasures() {
    recognize("that is ½ (μ₀ − μ₁)², as if both variances were 1") {
      0.5 * $0.squaredShift
    }
    recognize("that is (μ₀ − μ₁)² alone; the ½ and the variances are missing") {
      $0.squaredShift
    }
    recognize("that is the squared Wasserstein distance, another measure") {
      let difference = $0.q.standardDeviation - $0.p.standardDeviation
      return $0.squaredShift + difference * difference
    }
    recognize("the difference of the squared means was taken; square the difference") {
      let difference = $0.p.mean * $0.p.mean - $0.q.mean * $0.q.mean
      return $0.q.klDivergence(to: $0.p) + 0.5 * (difference - $0.squaredShift) / $0.p.variance
    }
    recognize("that is D[Q‖N(0, 1)]; P does not come in") {
      $0.q.klDivergence(to: .standard)
    }
    recognizeShifts()
    recognize("that is the Bhattacharyya distance, another measure") {
      let (v, w) = ($0.q.variance, $0.p.variance)
      return 0.25 * $0.squaredShift / (v + w) + 0.5 * .log((v + w) / (2 * (v * w).squareRoot()))
    }
  }

  /// The difference of the means alone, without its sign and with each, by itself or in a unit.
  private mutating func recognizeShifts() {
    let signs: [(Double) -> Double] = [{ $0 }, { -$0 }, { abs($0) }, { $0 / 2 }, { abs($0) / 2 }]
    for sign in signs {
      recognize(
        "that is the difference of the two means; D is the mean of log Q(z) − log P(z) over Q, and "
          + "the variances come in as well"
      ) { sign($0.q.mean - $0.p.mean) }
    }
    let equal =
      "that is the formula for equal variances, (μ₀ − μ₁)²/(2σ²); Q’s and P’s differ, and so there "
      + "are σ₀²/σ₁², −1 and the logs of both as well"
    let units: [(NormalDivergenceTask) -> Double] = [
      { $0.q.variance }, { $0.p.variance }, { ($0.q.variance + $0.p.variance) / 2 },
      { $0.q.variance + $0.p.variance }, { ($0.q.variance * $0.p.variance).squareRoot() },
    ]
    for unit in units {
      for factor in [0.5, 1] {
        recognize(equal) { factor * $0.squaredShift / unit($0) }
      }
      for sign in signs {
        recognize(
          "that is the difference of the means in units of σ; D is the mean of log Q(z) − log P(z) "
            + "over Q"
        ) { sign(($0.q.mean - $0.p.mean) / unit($0).squareRoot()) }
      }
    }
  }
}
