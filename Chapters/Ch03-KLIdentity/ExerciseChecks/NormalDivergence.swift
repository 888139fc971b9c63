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
    comparison.argument("q.mean", \.q.mean)
    comparison.argument("q.logVariance", \.q.logVariance)
    comparison.argument("p.mean", \.p.mean)
    comparison.argument("p.logVariance", \.p.logVariance)
    comparison.recognize(NormalDivergence.mistakes, in: NormalDivergence()) {
      $0.divergence(by: $1)
    }
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
  var q, p: Normal

  func divergence(by formula: NormalDivergence) -> Double {
    formula(
      means: [q.mean], logVariances: [q.logVariance], fromMeans: [p.mean],
      fromLogVariances: [p.logVariance])
  }
}
