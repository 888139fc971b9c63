import Autodiff
import Exercises
import Probability

extension Checks {
  static func normalDivergence(
    _ answer: @escaping (Exercises.Gaussian, Exercises.Gaussian) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<NormalDivergenceTask, Double>(
      of: {
        try answer(($0.q.mean, $0.q.logVariance), ($0.p.mean, $0.p.logVariance))
      }
    ) { $0.q.klDivergence(to: $0.p) }
    comparison.ask(
      "Q = N(1, 1), log variance 0, and P = N(0, 4), log variance log 4",
      NormalDivergenceTask(q: Normal(mean: 1, logVariance: 0), p: Normal(mean: 0, variance: 4)))
    // Both log variances positive, then only one: what else a student may take a log of then gives
    // a number, or nan, however it is written.
    let (first, second) = (normals(4, seed: 38), normals(4, seed: 39))
    for (index, sign) in [1.0, -1.0].enumerated() {
      var (q, p) = (first[index], second[index])
      q.logVariance = sign * abs(q.logVariance)
      p.logVariance = abs(p.logVariance) + 0.5
      comparison.ask(
        "means \(text(q.mean)) of Q and \(text(p.mean)) of P, log variances \(text(q.logVariance)) "
          + "and \(text(p.logVariance))",
        NormalDivergenceTask(q: q, p: p))
    }
    comparison.recognizeMistakes()
    return Exercise(
      "normal-divergence", "D[Q‖P] of two normal distributions", minutes: 10,
      hints: [
        "With one component, every matrix is a number: Σ₀ is Q's variance and Σ₁ is P's.",
        "D = ½ (σ₀²/σ₁² + (μ₁ − μ₀)²/σ₁² − 1 + log σ₁² − log σ₀²). Which of these are you given?",
      ], comparison)
  }
}

/// What is given in the exercise on two normal distributions.
private struct NormalDivergenceTask {
  let q, p: Normal

  /// ½ (ratio − 1 − log ratio + shift²/variance) from the two variances and their logs.
  func divergence(
    _ qVariance: Double, _ qLog: Double, _ pVariance: Double, _ pLog: Double,
    shift: Double? = nil
  ) -> Double {
    let shift = shift ?? (q.mean - p.mean) * (q.mean - p.mean) / pVariance
    return 0.5 * (qVariance / pVariance - 1 - (qLog - pLog) + shift)
  }

  /// The same with σ² and log σ² got from log σ² in another way.
  func divergence(
    variance: (Double) -> Double, log: (Double) -> Double
  ) -> Double {
    divergence(
      variance(q.logVariance), log(q.logVariance), variance(p.logVariance), log(p.logVariance))
  }

  var squaredShift: Double { (q.mean - p.mean) * (q.mean - p.mean) }
}

extension Comparison<NormalDivergenceTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is D[P‖Q]; return D[Q‖P]") { $0.p.klDivergence(to: $0.q) }
    recognize("the sign is flipped; D is never negative") {
      -$0.q.klDivergence(to: $0.p)
    }
    recognize("the ½ is missing") { 2 * $0.q.klDivergence(to: $0.p) }
    recognize("the −d is missing, which is −1 in the bracket here: if Q is P, D must be 0") {
      $0.q.klDivergence(to: $0.p) + 0.5
    }
    recognize("the log of the ratio has the wrong sign: it is log σ₁² − log σ₀²") {
      $0.q.klDivergence(to: $0.p) + ($0.q.logVariance - $0.p.logVariance)
    }
    recognize("the logs of the variances are missing") {
      $0.q.klDivergence(to: $0.p) + 0.5 * ($0.q.logVariance - $0.p.logVariance)
    }
    recognize("the squared difference of the means has to be divided by P's variance") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance, shift: $0.squaredShift)
    }
    recognize("the difference of the means was divided by Q's variance; divide by P's") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance,
        shift: $0.squaredShift / $0.q.variance)
    }
    recognize("the difference of the means is not squared") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance,
        shift: ($0.q.mean - $0.p.mean) / $0.p.variance)
    }
    recognize("the log variance was used as the variance; σ² is exp(log σ²)") {
      $0.divergence(variance: { $0 }, log: { .log($0) })
    }
    recognize("exp is missing: log σ² stands where σ² should") {
      $0.divergence(variance: { $0 }, log: { $0 })
    }
    recognize(
      "the log variance was used as the standard deviation; σ is exp(½ log σ²)"
    ) { $0.divergence(variance: { $0 * $0 }, log: { 2 * .log($0) }) }
    recognize("exp(log σ²) was squared, as if it were σ; it is σ²") {
      $0.divergence(variance: { .exp(2 * $0) }, log: { 2 * $0 })
    }
    recognize("that is in bits; take the natural logarithm to get nats") {
      $0.q.klDivergence(to: $0.p) / .log(2)
    }
  }
}
