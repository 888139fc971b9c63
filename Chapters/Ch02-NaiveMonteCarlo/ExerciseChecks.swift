import Autodiff
import Notebook
import Probability

/// What importance sampling says of P(X) and of P(z|X).
struct ImportanceEstimate: AnswerConvertible {
  /// log P(X), in nats.
  var logEvidence: Double
  /// E[z|X], one number a latent variable.
  var posteriorMean: [Double]

  /// The logarithm, and then the means.
  var answer: Answer { ([logEvidence] + posteriorMean).answer }
}

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      logMeanExp(Exercises.logMeanExp), gaussianLogDensity(Exercises.gaussianLogDensity),
      bernoulliLogProbability(Exercises.bernoulliLogProbability),
      naiveEstimate(Exercises.naiveEstimate), standardError(Exercises.standardError),
      importanceLogWeights(Exercises.importanceLogWeights),
      effectiveSampleSize(Exercises.effectiveSampleSize),
      importanceSampling(Exercises.importanceSampling),
    ]
  }

  static func logMeanExp(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<[Double], Double>(of: answer) { Probability.logMeanExp($0) }
    comparison.ask("the logs (0, log 3)", [0, .log(3)])
    comparison.ask("the logs (-1000, -1001)", [-1000, -1001])
    comparison.ask("the logs (800, 0, -inf)", [800, 0, -.infinity])
    let drawn = normal(4, seed: 21)
    comparison.ask("the logs \(text(drawn))", drawn)
    comparison.recognize("that is the mean of the logs; wanted is the log of the mean") {
      mean($0)
    }
    comparison.recognize("that is the log of the sum; log n is to be subtracted") {
      logSumExp($0)
    }
    comparison.recognize("the sum was divided by n after its log was taken, not before") {
      logSumExp($0) / Double($0.count)
    }
    comparison.recognize("the largest was subtracted first, and not added at the end") {
      Probability.logMeanExp($0) - ($0.max() ?? 0)
    }
    comparison.recognize("an exponential became 0 or infinite before the log was taken") {
      .log(mean($0.map(Double.exp)))
    }
    return Exercise(
      "log-mean-exp", "The log of a mean, from logs", minutes: 10,
      hints: [
        "Which of the exponentials become 0 or infinite in a Double? And which must not?",
        "Subtract the largest m from all of them first: then the largest exponential is 1. What "
          + "does the log of the mean lack after that?",
      ], comparison)
  }

  // MARK: - Section 2.1

  static func gaussianLogDensity(
    _ answer: @escaping ([Double], [Double], Double) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [Double]
      let mean: [Double]
      let sigma: Double

      var count: Double { Double(x.count) }
      /// ‖X − f‖²/2.
      var halfDistance: Double { zip(x, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2 }
      var value: Double { value(variance: sigma * sigma) }

      func value(variance: Double) -> Double {
        DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(.log(variance)))
          .logProbability(of: Tensor(x)).scalar
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.mean, $0.sigma) }) {
      $0.value
    }
    comparison.ask(
      "X = (1, 0), f = (0, 0) and σ = 0.5", Input(x: [1, 0], mean: [0, 0], sigma: 0.5))
    let (x, mean) = (normal(4, seed: 22), normal(4, seed: 23))
    comparison.ask("X = \(text(x)), f = \(text(mean)) and σ = 2", Input(x: x, mean: mean, sigma: 2))
    comparison.ask(
      "a pixel X = 3 where f = 1, and σ = 0.01", Input(x: [3], mean: [1], sigma: 0.01))
    comparison.recognize("that is the mean over the pixels; log P(X|z) is the sum") {
      $0.value / $0.count
    }
    comparison.recognize("σ was put where its square, the variance, belongs") {
      $0.value(variance: $0.sigma)
    }
    comparison.recognize("that is −log P(X|z), as in a loss; wanted is log P(X|z)") { -$0.value }
    comparison.recognize(
      "the whole first term is missing; it depends on σ, and σ may be what is learned"
    ) { -$0.halfDistance / ($0.sigma * $0.sigma) }
    comparison.recognize("the first term was counted once; every pixel has its own") { input in
      input.value + (input.count - 1) * (0.5 * logTwoPi + .log(input.sigma))
    }
    comparison.recognize("the −½ log 2π of every pixel is missing") {
      $0.value + 0.5 * logTwoPi * $0.count
    }
    comparison.recognize("the first term lacks its ½") { input in
      input.value - input.count * (0.5 * logTwoPi + .log(input.sigma))
    }
    comparison.recognize("the squared distance was divided by σ², not by 2σ²") { input in
      input.value - input.halfDistance / (input.sigma * input.sigma)
    }
    return Exercise(
      "gaussian-log-density", "log N(X; f, σ²I) of an image", minutes: 10,
      hints: [
        "The logarithm of a product over pixels is a sum over pixels, of two terms each.",
        "σ is a standard deviation, so log(2πσ²) is log(2π) + 2 log σ.",
      ], comparison)
  }

  static func bernoulliLogProbability(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    struct Input {
      let x: [Double]
      let logits: [Double]

      var value: Double {
        Bernoulli(logits: Tensor(logits)).logProbability(of: Tensor(x)).scalar
      }

      func sum(_ term: (_ x: Double, _ logit: Double) -> Double) -> Double {
        zip(x, logits).reduce(0) { $0 + term($1.0, $1.1) }
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.x, $0.logits) }) { $0.value }
    comparison.ask("X = (1, 0) and the logits (0, log 3)", Input(x: [1, 0], logits: [0, .log(3)]))
    let logits = normal(4, seed: 24)
    comparison.ask(
      "X = (1, 0, 0, 1) and the logits \(text(logits))", Input(x: [1, 0, 0, 1], logits: logits))
    comparison.ask("X = (1, 0) and the logits (-800, 2)", Input(x: [1, 0], logits: [-800, 2]))
    comparison.ask("X = (0, 0) and the logits (900, 2)", Input(x: [0, 0], logits: [900, 2]))
    comparison.recognize("that is the mean over the pixels; log P(X|z) is the sum") {
      $0.value / Double($0.x.count)
    }
    comparison.recognize("that is −log P(X|z), as in a loss; wanted is log P(X|z)") { -$0.value }
    comparison.recognize("black pixels were left out; a 0 has the probability 1 − p") { input in
      input.sum { x, logit in -x * .softplus(-logit) }
    }
    comparison.recognize("0 and 1 are exchanged: p is the probability of a 1") { input in
      input.sum { x, logit in -x * .softplus(logit) - (1 - x) * .softplus(-logit) }
    }
    comparison.recognize(
      "that is the sum of Xⱼlⱼ; the log of what makes the two probabilities sum to 1 is missing"
    ) { input in input.sum { x, logit in x * logit } }
    comparison.recognize(
      "p became 0 or 1 before its logarithm was taken; it can be had from the logit directly"
    ) { input in
      input.sum { x, logit in
        let p = 1 / (1 + Double.exp(-logit))
        return x * .log(p) + (1 - x) * .log(1 - p)
      }
    }
    comparison.recognize("e^l became infinite; for a large l, log(1 + e^l) is l + log(1 + e^(−l))")
    {
      input in input.sum { x, logit in x * logit - .log(1 + .exp(logit)) }
    }
    comparison.recognize("p was kept away from 0 and 1, which hides how wrong the logit is") {
      input in
      input.sum { x, logit in
        let p = min(max(Double.sigmoid(logit), 1e-7), 1 - 1e-7)
        return x * .log(p) + (1 - x) * .log(1 - p)
      }
    }
    return Exercise(
      "bernoulli-log-probability", "log P(X|z) of black and white pixels, from logits",
      minutes: 15,
      hints: [
        "Put p = 1/(1 + e^(−l)) into log p and log(1 − p) and simplify before you compute. Both "
          + "contain log(1 + e^…).",
        "A pixel contributes X l − log(1 + e^l). Which l make e^l infinite, and what is "
          + "log(1 + e^l) for them?",
        "log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|)) for every l.",
      ], comparison)
  }

  // MARK: - Section 2.2

  static func naiveEstimate(
    _ answer: @escaping ([[Double]], ([Double]) -> Double) throws -> Double
  ) -> Exercise {
    struct Input {
      let z: [[Double]]
      let logLikelihood: ([Double]) -> Double

      var logs: [Double] { z.map(logLikelihood) }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.z, $0.logLikelihood) }) {
      Probability.logMeanExp($0.logs)
    }
    comparison.ask(
      "z = (0), (1) and P(X|z) = 0.1 + 0.2 z",
      Input(z: [[0], [1]]) { .log(0.1 + 0.2 * ($0.first ?? 0)) })
    let z = (0..<3).map { normal(2, seed: 25 + $0) }
    let model = DiagonalNormal<Double>(mean: Tensor([1, 0.5]), logVariance: Tensor([-1]))
    comparison.ask(
      "the draws \(z.map { text($0) }.joined(separator: ", ")) and a normal P(X|z)",
      Input(z: z) { model.logProbability(of: Tensor($0)).scalar })
    comparison.ask(
      "the same draws and log P(X|z) = -2000 - ‖z‖²",
      Input(z: z) { -2000 - $0.reduce(0) { $0 + $1 * $1 } })
    comparison.recognize("that is the mean of log P(X|z); wanted is the log of the mean of P(X|z)")
    {
      mean($0.logs)
    }
    comparison.recognize("that is the log of a sum; the estimate is a mean over the n draws") {
      logSumExp($0.logs)
    }
    comparison.recognize(
      "P(z) was multiplied in; z was drawn from it, so that it is in the mean already"
    ) { input in
      Probability.logMeanExp(zip(input.logs, input.z).map { $0 + standardLogDensity($1) })
    }
    comparison.recognize("that is the largest log P(X|z); the other draws count, too") {
      $0.logs.max() ?? .nan
    }
    comparison.recognize("that is P(X); wanted is its logarithm") { mean($0.logs.map(Double.exp)) }
    comparison.recognize(
      "every P(X|z) became 0 before the log was taken; exercise log-mean-exp has the cure"
    ) { .log(mean($0.logs.map(Double.exp))) }
    return Exercise(
      "naive-estimate", "log P(X) from draws of the prior", minutes: 5,
      hints: [
        "Collect log P(X|z) of all draws. What has to be averaged: these, or their exponentials?",
        "You have written the function that it takes already: try logMeanExp(…).",
      ], comparison)
  }

  static func standardError(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    /// The weights over their mean.
    func relativeWeights(_ logs: [Double]) -> [Double] {
      let logMean = Probability.logMeanExp(logs)
      return logs.map { .exp($0 - logMean) }
    }
    func error(of logs: [Double]) -> Double { LogMeanEstimate(logWeights: logs).standardError }
    var comparison = Comparison<[Double], Double>(of: answer, with: error)
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    let drawn = normal(5, seed: 28)
    comparison.ask("the log weights \(text(drawn))", drawn)
    let shifted = drawn.map { $0 - 2000 }
    comparison.ask("the log weights \(text(shifted))", shifted)
    comparison.recognize(
      "that is the standard deviation of a weight; that of the mean of n is less by √n"
    ) { error(of: $0) * Double($0.count).squareRoot() }
    comparison.recognize("that is not yet divided by the mean weight") {
      error(of: $0) * .exp(Probability.logMeanExp($0))
    }
    comparison.recognize("the squared deviations were divided by n; n − 1 makes s² unbiased") {
      error(of: $0) * (1 - 1 / Double($0.count)).squareRoot()
    }
    comparison.recognize("that is the squared standard error: the root is missing") {
      error(of: $0) * error(of: $0)
    }
    comparison.recognize(
      "that is the standard error of the mean of the logs; wanted is that of the log of the mean"
    ) { MonteCarloEstimate($0).standardError }
    comparison.recognize("it was divided by n, not by √n") {
      error(of: $0) / Double($0.count).squareRoot()
    }
    comparison.recognize(
      "the weights became 0; subtract something from all logarithms first, since only ratios matter"
    ) { logs in
      let estimate = MonteCarloEstimate(logs.map(Double.exp))
      return estimate.standardError / estimate.mean
    }
    return Exercise(
      "standard-error", "How far off log P̂ is, by the delta method", minutes: 15,
      hints: [
        "If all weights are multiplied by one number, the result stays the same. Which number makes "
          + "them harmless?",
        "With uᵢ = exp(lᵢ − max l), it is the standard deviation of u over √n and over the mean of u.",
      ], comparison)
  }

  // MARK: - Section 2.6

  static func importanceLogWeights(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    struct Input {
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
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.z, $0.logLikelihoods, $0.mean, $0.logVariance)
    }) { $0.logWeights() }
    comparison.ask(
      "z = (1), log P(X|z) = -2 and Q = N(1, 1)",
      Input(z: [[1]], logLikelihoods: [-2], mean: [1], logVariance: [0]))
    let z = (0..<3).map { normal(2, seed: 30 + $0) }
    let (mean, logVariance) = (normal(2, seed: 33), [-0.8, 0.5])
    let account =
      "three draws z of 2 numbers, Q with the mean \(text(mean)) and the log variance (-0.80, 0.50)"
    comparison.ask(
      "\(account), log P(X|z) = (-3, -2, -5)",
      Input(z: z, logLikelihoods: [-3, -2, -5], mean: mean, logVariance: logVariance))
    comparison.recognize("log Q(z|X) was added; the weight is divided by Q(z|X)") {
      $0.logWeights(1, -1)
    }
    comparison.recognize("log P(z) was left out: z was drawn from Q, not from the prior") {
      $0.logWeights(0, 1)
    }
    comparison.recognize("log Q(z|X) was left out: where Q is dense, the weight must be smaller") {
      $0.logWeights(1, 0)
    }
    comparison.recognize("log P(z) and log Q(z|X) have each other's sign") {
      $0.logWeights(-1, -1)
    }
    comparison.recognize("e to the log variance is the variance, not the standard deviation") {
      $0.logWeights(1, 1) { 2 * $0 }
    }
    comparison.recognize("the log variance was taken for the variance; its exponential is that") {
      $0.logWeights(1, 1, Double.log)
    }
    comparison.recognize(
      "the −½ log variance of every latent variable is missing in log Q(z|X)"
    ) { input in
      let missing = 0.5 * input.logVariance.reduce(0, +)
      return input.logWeights().map { $0 - missing }
    }
    comparison.recognize("those are means over the latent variables; log densities are sums") {
      input in
      input.logWeights(1 / Double(input.mean.count), 1 / Double(input.mean.count))
    }
    comparison.recognize("those are the weights; wanted are their logarithms") {
      $0.logWeights().map(Double.exp)
    }
    return Exercise(
      "importance-log-weights", "The importance weights of draws from Q", minutes: 20,
      hints: [
        "Both densities are normal with independent components: write one function for both, as in "
          + "gaussian-log-density, but with a variance for each component.",
        "log N(z; μ, σ²) = −½ (log 2π + log σ² + (z − μ)²/σ²), summed over the components; "
          + "1/σ² is exp(−log variance).",
      ], comparison)
  }

  static func effectiveSampleSize(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    func size(_ logs: [Double]) -> Double { Probability.effectiveSampleSize(logWeights: logs) }
    var comparison = Comparison<[Double], Double>(of: answer, with: size)
    comparison.ask("the log weights (0, log 3)", [0, .log(3)])
    comparison.ask("the log weights (-2000, -2000, -2003)", [-2000, -2000, -2003])
    let drawn = normal(5, seed: 34)
    comparison.ask("the log weights \(text(drawn))", drawn)
    comparison.recognize("that is its inverse") { 1 / size($0) }
    comparison.recognize("that is the share of the n draws; wanted is their number") {
      size($0) / Double($0.count)
    }
    comparison.recognize("the sum in the numerator is to be squared") { logs in
      size(logs) / .exp(logSumExp(logs) - (logs.max() ?? 0))
    }
    comparison.recognize(
      "that is 1/Σw², which is right for weights of sum 1; these were not normalised"
    ) { logs in .exp(2 * (logs.max() ?? 0) - logSumExp(logs.map { 2 * $0 })) }
    comparison.recognize("the logarithms were taken for the weights") { logs in
      let sum = logs.reduce(0, +)
      return sum * sum / logs.reduce(0) { $0 + $1 * $1 }
    }
    comparison.recognize(
      "the weights became 0; subtract something from all logarithms first, since only ratios matter"
    ) { logs in
      let weights = logs.map(Double.exp)
      let sum = weights.reduce(0, +)
      return sum * sum / weights.reduce(0) { $0 + $1 * $1 }
    }
    return Exercise(
      "effective-sample-size", "How many equal weights these are worth", minutes: 10,
      hints: [
        "What happens to the formula when all weights are multiplied by the same number?",
        "Use exp(lᵢ − max l) for the weights.",
      ], comparison)
  }

  // MARK: - An evening: importance sampling

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
      "f(z) = z, σ = 1, X = (2), the posterior N(1, ½) for Q, and the noise (-1), (1)",
      SamplingTask(
        x: [2], decoder: line, sigma: 1, mean: [1], logVariance: [-.log(2)], noise: [[-1], [1]]))
    let noise = (0..<4).map { normal(2, seed: 40 + $0) }
    let bent = { (z: [Double]) in
      z.count < 2 ? [] : [z[0] + 0.5 * z[1], z[0] * z[1], z[1] * z[1] - 1]
    }
    comparison.ask(
      "f(z) = (z₁ + z₂/2, z₁z₂, z₂² − 1), σ = 0.8, X = (1.5, 0.4, -0.3), Q with the mean (0.9, 0.6) "
        + "and the log variance (-1.4, -0.7), and the noise "
        + noise.map { text($0) }.joined(separator: ", "),
      SamplingTask(
        x: [1.5, 0.4, -0.3], decoder: bent, sigma: 0.8, mean: [0.9, 0.6],
        logVariance: [-1.4, -0.7], noise: noise))
    comparison.ask(
      "the same, but σ = 0.02 and X = (1.5, 1.9, 1.5)",
      SamplingTask(
        x: [1.5, 1.9, 1.5], decoder: bent, sigma: 0.02, mean: [0.9, 0.6],
        logVariance: [-1.4, -0.7], noise: noise))
    comparison.recognize("z was made as (ε + μ)σ; μ is not to be scaled, z = μ + σε") { task in
      task.estimate(task.draws { ($2 + $0) * .exp($1 / 2) })
    }
    comparison.recognize(
      "the noise was scaled by the variance; z = μ + σε takes its root, exp(½ log variance)"
    ) { task in task.estimate(task.draws { $0 + .exp($1) * $2 }) }
    comparison.recognize("the noise was scaled by the log variance; σ is exp(½ log variance)") {
      task in task.estimate(task.draws { $0 + $1 * $2 })
    }
    comparison.recognize(
      "the posterior's mean is that of the draws, which is Q's; the draws are to be weighted"
    ) { task in
      ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(task.noise.map { _ in 1 / Double(task.noise.count) }))
    }
    comparison.recognize(
      "the posterior's mean is Σ wᵢ zᵢ/n, without normalised weights; it is to be divided by the mean "
        + "weight"
    ) { task in
      let count = Double(task.noise.count)
      return ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(task.logWeights().map { .exp($0) / count }))
    }
    comparison.recognize(
      "the weights are P(X|z) alone; as z comes from Q, they are P(X|z) P(z)/Q(z|X)"
    ) { task in task.estimate(prior: 0, posterior: 0) }
    comparison.recognize("P(z) is missing in the weights: z is drawn from Q, not from it") { task in
      task.estimate(prior: 0)
    }
    comparison.recognize("the weights are not divided by Q(z|X)") { task in
      task.estimate(posterior: 0)
    }
    comparison.recognize(
      "log P(X) is the mean of the log weights, which is too low: that is the bound of chapter 3"
    ) { task in
      ImportanceEstimate(
        logEvidence: mean(task.logWeights()), posteriorMean: task.estimate().posteriorMean)
    }
    comparison.recognize("log P(X) is from the sum of the weights; it takes their mean") { task in
      ImportanceEstimate(
        logEvidence: logSumExp(task.logWeights()), posteriorMean: task.estimate().posteriorMean)
    }
    comparison.recognize(
      "all weights became 0, and 0/0 followed; subtract the largest log weight from all first"
    ) { task in
      let weights = task.logWeights().map(Double.exp)
      let total = weights.reduce(0, +)
      return ImportanceEstimate(
        logEvidence: task.estimate().logEvidence,
        posteriorMean: task.weightedMean(weights.map { $0 / total }))
    }
    return Exercise(
      "importance-sampling", "P(X) and the posterior's mean from draws of Q", minutes: 60,
      hints: [
        "Four steps, and you have written three: z from the noise, log P(X|z) of each z by "
          + "gaussianLogDensity, importanceLogWeights, logMeanExp. Only the mean of the posterior is new.",
        "z is μ + σε, component by component, with σ = exp(½ log variance).",
        "Normalise the weights in log space: exp(lᵢ − m) for the largest m, over the sum of these. "
          + "They sum to 1, and the mean of the posterior is the sum of weight times z.",
      ], comparison)
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
    return mean.indices.map { j in zip(weights, z).reduce(0) { $0 + $1.0 * $1.1[j] } }
  }
}

/// The log density of a normal distribution with independent components.
private func logDensity(_ z: [Double], mean: [Double], logVariance: [Double]) -> Double {
  DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
    .logProbability(of: Tensor(z)).scalar
}

/// That of N(0, I).
private func standardLogDensity(_ z: [Double]) -> Double {
  DiagonalNormal.standard.logProbability(of: Tensor(z)).scalar
}

private func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}

/// Standard normal numbers with two decimals, so that they can be shown in full.
private func normal(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return generator.normal(count: count).map { (100 * $0).rounded() / 100 }
}

private func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { formatted($0, decimals: 2) }.joined(separator: ", ") + ")"
}
