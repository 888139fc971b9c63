import Autodiff
import Exercises
import Probability

/// The results of importance sampling: estimates of log P(X) and of the mean of P(z|X).
struct ImportanceEstimate: AnswerConvertible {
  /// log P(X), in nats.
  var logEvidence: Double
  /// E[z|X], one number for each latent variable.
  var posteriorMean: [Double]

  /// The logarithm, and then the means.
  var answer: Answer { ([logEvidence] + posteriorMean).answer }
}

extension Checks {
  static func importanceSampling(
    _ answer:
      @escaping ([Double], ([Double]) -> [Double], Double, [Double], [Double], [[Double]]) throws
      -> ImportanceEstimate
  ) -> Exercise {
    var comparison = Comparison<SamplingTask, ImportanceEstimate>(of: {
      try answer($0.x, $0.decoder, $0.sigma, $0.mean, $0.logVariance, $0.noise)
    }) { $0.estimate() }
    let line = { (z: [Double]) in z }
    comparison.ask(
      "f(z) = z, σ = 1, X = (2), the posterior N(1, ½) as Q, and the noise (−1), (1)",
      SamplingTask(
        x: [2], decoder: line, sigma: 1, mean: [1], logVariance: [-.log(2)], noise: [[-1], [1]]))
    let noise = (0..<4).map { roundedNormals(2, seed: 40 + $0) }
    let bent = { (z: [Double]) in
      z.count < 2 ? [] : [z[0] + 0.5 * z[1], z[0] * z[1], z[1] * z[1] - 1]
    }
    comparison.ask(
      "f(z) = (z₁ + z₂/2, z₁z₂, z₂² − 1), σ = 0.8, X = (1.5, 0.4, −0.3), Q with the mean (0.9, "
        + "0.6) and the log variance (−1.4, −0.7), and the noise "
        + noise.map { text($0) }.joined(separator: ", "),
      SamplingTask(
        x: [1.5, 0.4, -0.3], decoder: bent, sigma: 0.8, mean: [0.9, 0.6],
        logVariance: [-1.4, -0.7], noise: noise))
    comparison.ask(
      "the same, but σ = 0.02 and X = (1.5, 1.9, 1.5)",
      SamplingTask(
        x: [1.5, 1.9, 1.5], decoder: bent, sigma: 0.02, mean: [0.9, 0.6],
        logVariance: [-1.4, -0.7], noise: noise))
    comparison.recognizeMistakes()
    return Exercise(
      "importance-sampling", "P(X) and the posterior's mean from samples drawn from Q", minutes: 60,
      needs: ["log-mean-exp", "gaussian-log-density", "importance-log-weights"],
      hints: [
        "You have written most of it already: gaussianLogDensity gives log P(X|z) for each z, then "
          + "come importanceLogWeights and logMeanExp. Only z itself and the posterior's mean are "
          + "new.",
        "z is μ + σε, component by component, with σ = exp(½ log variance).",
        "Normalise the weights: divide each exp(lᵢ − m), where m is the largest lᵢ, by the sum of "
          + "them all. Then they sum to 1, and the posterior's mean is the sum of weight times z.",
      ], comparison)
  }
}

extension Comparison<SamplingTask, ImportanceEstimate> {
  fileprivate mutating func recognizeMistakes() {
    recognize("z was computed as (ε + μ)σ; μ must not be scaled: z = μ + σε") { task in
      task.estimate(task.draws { ($2 + $0) * .exp($1 / 2) })
    }
    recognize(
      "the noise was scaled by the variance; in z = μ + σε, σ is its root, exp(½ log variance)"
    ) { task in task.estimate(task.draws { $0 + .exp($1) * $2 }) }
    recognize("the noise was scaled by the log variance; σ is exp(½ log variance)") {
      task in task.estimate(task.draws { $0 + $1 * $2 })
    }
    recognize(
      "the posterior's mean is the plain mean of the samples, which is Q's; they have to be "
        + "weighted"
    ) { task in
      ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(task.noise.map { _ in 1 / Double(task.noise.count) }))
    }
    recognize(
      "the posterior's mean is Σ wᵢ zᵢ/n, without normalised weights; it has to be divided by the "
        + "mean weight"
    ) { task in
      let count = Double(task.noise.count)
      return ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(task.logWeights().map { .exp($0) / count }))
    }
    recognize(
      "the weights are P(X|z) alone; because z comes from Q, they should be P(X|z) P(z)/Q(z|X)"
    ) { task in task.estimate(prior: 0, posterior: 0) }
    recognize(
      "P(z) is missing from the weights; it is needed because z is drawn from Q and not from P(z)"
    ) { task in
      task.estimate(prior: 0)
    }
    recognize("the weights are not divided by Q(z|X)") { task in
      task.estimate(posterior: 0)
    }
    recognize(
      "the estimate of log P(X) is the mean of the log weights, which is too low; that is the "
        + "bound of chapter 3"
    ) { task in
      ImportanceEstimate(
        logEvidence: mean(task.logWeights()), posteriorMean: task.estimate().posteriorMean)
    }
    recognize(
      "the estimate of log P(X) is the log of the sum of the weights; it should be that of their "
        + "mean"
    ) {
      task in
      ImportanceEstimate(
        logEvidence: logSumExp(task.logWeights()), posteriorMean: task.estimate().posteriorMean)
    }
    recognize(
      "all weights became 0, and 0/0 is NaN; first subtract the largest log weight from all"
    ) { task in
      let weights = task.logWeights().map(Double.exp)
      let total = weights.reduce(0, +)
      return ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(weights.map { $0 / total }))
    }
  }
}

/// What is given in the exercise on importance sampling.
private struct SamplingTask {
  let x: [Double]
  let decoder: ([Double]) -> [Double]
  let sigma: Double
  let mean: [Double]
  let logVariance: [Double]
  let noise: [[Double]]

  /// From each noise a z, whose components are a function of μ, log σ² and ε.
  func draws(_ component: (_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double)
    -> [[Double]]
  {
    noise.map { noise in noise.indices.map { component(mean[$0], logVariance[$0], noise[$0]) } }
  }

  var draws: [[Double]] { draws { $0 + .exp($1 / 2) * $2 } }

  /// log P(X|z) + a log P(z) − b log Q(z|X).
  func logWeights(
    _ z: [[Double]]? = nil, prior a: Double = 1, posterior b: Double = 1
  ) -> [Double] {
    (z ?? draws).map { z in
      logDensity(x, mean: decoder(z), logVariance: [2 * .log(sigma)])
        + a * standardLogDensity(z) - b * logDensity(z, mean: mean, logVariance: logVariance)
    }
  }

  func estimate(
    _ z: [[Double]]? = nil, prior: Double = 1, posterior: Double = 1
  ) -> ImportanceEstimate {
    let logWeights = logWeights(z, prior: prior, posterior: posterior)
    let logSum = logSumExp(logWeights)
    return ImportanceEstimate(
      logEvidence: logMeanExp(logWeights),
      posteriorMean: weightedMean(logWeights.map { .exp($0 - logSum) }, of: z))
  }

  func weightedMean(_ weights: [Double], of z: [[Double]]? = nil) -> [Double] {
    let z = z ?? draws
    return mean.indices.map { j in zip(weights, z).map { w, z in w * z[j] }.reduce(0, +) }
  }
}
