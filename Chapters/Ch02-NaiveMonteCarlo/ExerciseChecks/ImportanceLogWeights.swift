import Autodiff
import Calculations
import Exercises

extension Checks {
  static func importanceLogWeights(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<WeightTask, [Double]>(of: {
      try answer($0.z, $0.logLikelihoods, $0.mean, $0.logVariance)
    }) { $0.logWeights() }
    comparison.ask(
      "z = (1), log P(X|z) = −2 and Q = N(1, 1)",
      WeightTask(z: [[1]], logLikelihoods: [-2], mean: [1], logVariance: [0]))
    let z = (0..<3).map { roundedNormals(2, seed: 30 + $0) }
    let (mean, logVariance) = (roundedNormals(2, seed: 33), [-0.8, 0.5])
    let account =
      "three samples z of 2 numbers, Q with the mean \(text(mean)) and the log variance (−0.80, "
      + "0.50)"
    comparison.ask(
      "\(account), log P(X|z) = (−3, −2, −5)",
      WeightTask(z: z, logLikelihoods: [-3, -2, -5], mean: mean, logVariance: logVariance))
    comparison.ask(
      "the same with log P(X|z) = (−2000, 900, −1000)",
      WeightTask(z: z, logLikelihoods: [-2000, 900, -1000], mean: mean, logVariance: logVariance))
    let longer = (0..<2).map { roundedNormals(3, seed: 35 + $0) }
    comparison.ask(
      "z = \(text(longer)), log P(X|z) = (−1, −4), and Q with the mean (0.5, −0.5, 1) and the log "
        + "variance (0.4, −1.2, 0.9)",
      WeightTask(
        z: longer, logLikelihoods: [-1, -4], mean: [0.5, -0.5, 1], logVariance: [0.4, -1.2, 0.9]))
    comparison.argument("z", \.z)
    comparison.argument("logLikelihoods", \.logLikelihoods)
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.recognize(ImportanceWeights.mistakes, in: ImportanceWeights()) {
      $0.logWeights(by: $1)
    }
    comparison.terms(
      [
        "log P(X|z)", "the −½ Σ z² of log P(z)", "−½ Σ log σ² in log Q",
        "−½ Σ (z − μ)²/σ² in log Q",
      ],
      strangers: ["½ log 2π of each latent variable, which cancels between log P(z) and log Q,"]
    ) { $0.terms }
    comparison.calculation { $0.calculation(.bracket) }
    comparison.calculation { $0.calculation(.terms) }
    comparison.calculation { $0.calculation(.quotient) }
    comparison.calculation { $0.calculationOfTheRatio }
    return Exercise(
      "importance-log-weights", "The importance weights of samples from Q", minutes: 20,
      hints: [
        "Both densities are normal with independent components. Write one function for both, as in "
          + "gaussian-log-density, but with its own variance for each component.",
        "log N(z; μ, σ²) = −½ (log 2π + log σ² + (z − μ)²/σ²), summed over the components; "
          + "1/σ² is exp(−log variance).",
      ], comparison)
  }
}

/// What is given in the exercise on the importance weights.
private struct WeightTask {
  var z: [[Double]]
  var logLikelihoods: [Double]
  var mean: [Double]
  var logVariance: [Double]

  func logWeights(by weights: ImportanceWeights = ImportanceWeights()) -> [Double] {
    weights(z, logLikelihoods: logLikelihoods, mean: mean, logVariance: logVariance)
  }

  /// With log P(z) and log Q(z|X) each by itself.
  func calculation(_ normal: NormalWay) -> Calculation {
    let z = Calculation.argument("z", z)
    return Ch02_NaiveMonteCarlo.logWeights(
      of: z, column(of: "logLikelihoods", logLikelihoods), .argument("mean", mean),
      .argument("logVariance", logVariance), normal)
  }

  /// Without 2π, which cancels.
  var calculationOfTheRatio: Calculation {
    let z = Calculation.argument("z", z)
    let logVariance = Calculation.argument("logVariance", logVariance)
    let squares = square(z - .argument("mean", mean)) * exp(-logVariance)
    let bracket = logVariance + squares - square(z)
    return column(of: "logLikelihoods", logLikelihoods)
      + 0.5 * sum(bracket, axis: 1, over: "latent variables")
  }

  /// What adds up to the log weights, and the constant that cancels, each for every sample.
  var terms: [[Double]] {
    let half = z.map { _ in logVariance.reduce(0, +) / 2 }
    let squares = z.map { z in
      z.indices.reduce(0.0) { sum, k in
        sum + (z[k] - mean[k]) * (z[k] - mean[k]) * .exp(-logVariance[k]) / 2
      }
    }
    return [
      logLikelihoods, z.map { z in -z.reduce(0) { $0 + $1 * $1 } / 2 }, half, squares,
      z.map { z in Double(z.count) / 2 * .log(2 * .pi) },
    ]
  }
}
