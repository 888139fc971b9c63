import Autodiff
import Exercises
import Probability

extension Checks {
  static func standardDivergence(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<StandardDivergenceTask, Double>(of: {
      try answer($0.mean, $0.logVariance)
    }) {
      DiagonalNormal(mean: Tensor($0.mean), logVariance: Tensor($0.logVariance))
        .klDivergenceToStandardNormal().scalar
    }
    comparison.ask(
      "means (1, 0, 2) and variances (1, 4, 1), log variances (0, log 4, 0)",
      StandardDivergenceTask(mean: [1, 0, 2], logVariance: [0, .log(4), 0]))
    // Where the log variances are positive, those who take their logarithms get numbers.
    comparison.ask(
      "means (1, 0.5) and log variances (1, 0.5)",
      StandardDivergenceTask(mean: [1, 0.5], logVariance: [1, 0.5]))
    for (count, seed) in [(3, 40), (4, 41)] as [(Int, UInt64)] {
      let drawn = normals(count, seed: seed)
      let (means, logVariances) = (drawn.map(\.mean), drawn.map(\.logVariance))
      comparison.ask(
        "means \(text(means)) and log variances \(text(logVariances))",
        StandardDivergenceTask(mean: means, logVariance: logVariances))
    }
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.recognize(NormalDivergence.mistakesFromStandard, in: NormalDivergence()) {
      $1(means: $0.mean, logVariances: $0.logVariance)
    }
    return Exercise(
      "standard-divergence", "D[Q‖N(0, I)], as in the loss of a VAE", minutes: 5,
      hints: [
        "D is a sum over the latent variables: for each, ½ times a bracket of four terms.",
        "σ² is exp(logVariance), and log σ² is what you are given.",
      ], comparison)
  }
}

/// What is given in the exercise on D[Q‖N(0, I)].
private struct StandardDivergenceTask {
  var mean, logVariance: [Double]
}
