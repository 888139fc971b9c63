import Autodiff
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
    comparison.recognizeMistakes()
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
  let z: [[Double]]
  let logLikelihoods: [Double]
  let mean: [Double]
  let logVariance: [Double]

  /// log P(X|z) + a log P(z) − b log Q(z|X), with a function of the log variances.
  func logWeights(
    _ a: Double = 1, _ b: Double = 1, _ change: (Double) -> Double = { $0 }
  ) -> [Double] {
    zip(z, logLikelihoods).map { z, logLikelihood in
      let posterior = logDensity(z, mean: mean, logVariance: logVariance.map(change))
      return logLikelihood + a * standardLogDensity(z) - b * posterior
    }
  }
}

extension Comparison<WeightTask, [Double]> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "log Q(z|X) was added; it has to be subtracted, because the weight is divided by Q(z|X)"
    ) {
      $0.logWeights(1, -1)
    }
    recognize(
      "log P(z) was left out; it is needed because z was drawn from Q and not from the prior"
    ) {
      $0.logWeights(0, 1)
    }
    recognize("log Q(z|X) was left out; where Q puts many samples, each must weigh less") {
      $0.logWeights(1, 0)
    }
    recognize("log P(z) and log Q(z|X) have each other's sign") {
      $0.logWeights(-1, -1)
    }
    recognize("exp(log variance) was used as the standard deviation; it is the variance") {
      $0.logWeights(1, 1) { 2 * $0 }
    }
    recognize("the log variance was used as the variance; the variance is its exponential") {
      $0.logWeights(1, 1, Double.log)
    }
    recognize(
      "the −½ log variance of every latent variable is missing from log Q(z|X)"
    ) { input in
      let missing = 0.5 * input.logVariance.reduce(0, +)
      return input.logWeights().map { $0 - missing }
    }
    recognize("those are means over the latent variables; log densities are sums over them") {
      input in
      input.logWeights(1 / Double(input.mean.count), 1 / Double(input.mean.count))
    }
    recognize("those are the weights; the exercise asks for their logarithms") {
      $0.logWeights().map(Double.exp)
    }
  }
}
