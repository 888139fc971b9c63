import Autodiff
import Calculations
import Exercises
import Probability

/// The results of importance sampling: estimates of log P(X) and of the mean of P(z|X).
struct ImportanceEstimate: AnswerConvertible {
  /// log P(X), in nats.
  var logEvidence: Double
  /// E[z|X], one number for each latent variable.
  var posteriorMean: [Double]

  /// Both, by their names.
  var answer: Answer {
    Answer(parts: [("logEvidence", logEvidence), ("posteriorMean", posteriorMean)])
  }
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
    let tasks = SamplingTask.all
    for (description, task) in tasks { comparison.ask(description, task) }
    comparison.argument("x", \.x)
    comparison.argument("sigma", \.sigma)
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.argument("noise", \.noise)
    let mistakes = ImportanceSampler.mistakes.distinct(in: ImportanceSampler()) { sampler in
      tasks.flatMap { $0.task.estimate(by: sampler).answer.values }
    }
    comparison.recognize(mistakes, in: ImportanceSampler()) { $0.estimate(by: $1) }
    comparison.recognize(
      "D[Q‖P(z)] was subtracted, but log P(z) − log Q(z|X) in the weights stands for it already"
    ) { task in
      let q = DiagonalNormal(mean: Tensor(task.mean), logVariance: Tensor(task.logVariance))
      var estimate = task.estimate()
      estimate.logEvidence -= q.klDivergenceToStandardNormal().scalars.reduce(0, +)
      return estimate
    }
    for (way, normal) in [
      (LogMeanExpWay.mean, NormalWay.bracket), (.dividedSum, .terms), (.plain, .quotient),
    ] {
      comparison.calculation { $0.calculation(way, normal) }
    }
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

/// What is given in the exercise on importance sampling.
private struct SamplingTask {
  var x: [Double]
  let decoder: ([Double]) -> [Double]
  var sigma: Double
  var mean: [Double]
  var logVariance: [Double]
  var noise: [[Double]]

  func estimate(by sampler: ImportanceSampler = ImportanceSampler()) -> ImportanceEstimate {
    let noise = sampler.used(noise)
    let z = noise.map { sampler.sample(mean: mean, logVariance: logVariance, noise: $0) }
    let logLikelihoods = z.map { z in
      sampler.likelihood(
        x, mean: decoder(sampler.decoded(z, mean)), scales: x.map { _ in sigma })
    }
    let logWeights = sampler.weights(
      z, logLikelihoods: logLikelihoods, mean: mean, logVariance: logVariance)
    let shares = sampler.shares(sampler.areSharesLikelihoods ? logLikelihoods : logWeights)
    let averaged = sampler.averaged(z, noise, mean)
    return ImportanceEstimate(
      logEvidence: sampler.logEvidence(logWeights),
      posteriorMean: mean.indices.map { k in
        zip(shares, averaged).reduce(0) { $0 + $1.0 * $1.1[k] }
      })
  }
}

extension SamplingTask {
  /// All steps, with the weights over the largest for the posterior's mean, or plain ones.
  fileprivate func calculation(_ way: LogMeanExpWay, _ normal: NormalWay) -> Calculation {
    let mean = Calculation.argument("mean", mean)
    let logVariance = Calculation.argument("logVariance", logVariance)
    let sigma = Calculation.argument("sigma", sigma)
    let z = (mean + exp(0.5 * logVariance) * .argument("noise", noise)).named("z")
    let f = rows(of: z, through: "decoder", decoder)
    let likelihood = sum(
      normal(.argument("x", x), f, sigma: sigma), axis: 1, over: "pixels"
    ).named("log P(X|z)")
    let logWeights = logWeights(of: z, likelihood, mean, logVariance, normal).named("log w")
    let weights = weights(ofLogs: logWeights, areRelative: way != .plain)
    let posteriorMean = sum(weights * z, axis: 0, over: "samples") / sum(weights)
    return .list([
      way(of: logWeights, count: .argument("noise.count", Double(noise.count))), posteriorMean,
    ])
  }
}

extension SamplingTask {
  /// What is asked, each in words that complete "For …".
  fileprivate static var all: [(description: String, task: SamplingTask)] {
    let line = SamplingTask(
      x: [2], decoder: { $0 }, sigma: 1, mean: [1], logVariance: [-.log(2)], noise: [[-1], [1]])
    let bent = SamplingTask(
      x: [1.5, 0.4, -0.3],
      decoder: { z in z.count < 2 ? [] : [z[0] + 0.5 * z[1], z[0] * z[1], z[1] * z[1] - 1] },
      sigma: 0.8, mean: [0.9, 0.6], logVariance: [-1.4, -0.7],
      noise: (0..<4).map { roundedNormals(2, seed: 40 + $0) })
    var narrow = bent
    narrow.sigma = 0.02
    narrow.x = [1.5, 1.9, 1.5]
    var wide = bent
    wide.sigma = 2.5
    wide.x = [0.5, -1, 2]
    wide.noise = (0..<3).map { roundedNormals(2, seed: 50 + $0) }
    return [
      ("f(z) = z, σ = 1, X = (2), the posterior N(1, ½) as Q, and the noise (−1), (1)", line),
      (
        "f(z) = (z₁ + z₂/2, z₁z₂, z₂² − 1), σ = 0.8, X = (1.5, 0.4, −0.3), Q with the mean (0.9, "
          + "0.6) and the log variance (−1.4, −0.7), and the noise \(text(bent.noise))", bent
      ),
      ("the same, but σ = 0.02 and X = (1.5, 1.9, 1.5)", narrow),
      ("the same, but σ = 2.5, X = (0.5, −1, 2), and the noise \(text(wide.noise))", wide),
    ]
  }
}

/// Importance sampling, and where people go wrong in it.
private struct ImportanceSampler {
  var sample = LogVarianceSample()
  var likelihood = NormalLogDensity(.standardDeviation)
  var weights = ImportanceWeights()
  var logEvidence = LogMeanExp()
  /// What the samples are weighted with, from the log weights.
  var shares: ([Double]) -> [Double] = { logs in
    let logSum = logSumExp(logs)
    return logs.map { .exp($0 - logSum) }
  }
  /// What is averaged for the posterior's mean.
  var averaged: (_ z: [[Double]], _ noise: [[Double]], _ mean: [Double]) -> [[Double]] = {
    z, _, _ in z
  }
  /// The noise that is used.
  var used: ([[Double]]) -> [[Double]] = { $0 }
  /// What f is applied to.
  var decoded: (_ z: [Double], _ mean: [Double]) -> [Double] = { z, _ in z }
  /// Whether the samples are weighted with P(X|z) alone.
  var areSharesLikelihoods = false

  static var mistakes: [Mistake<ImportanceSampler>] {
    let underflow = "all weights became 0, and 0/0 is NaN"
    return mistakesOfTheMean
      + [
        Mistake(
          "from the prior",
          "z is the noise itself, a sample from the prior; it should come from Q: z = μ + σε"
        ) { $0.sample.component = { _, _, noise in noise } },
        Mistake("first sample", "only the first sample counts; does the loop return too early?") {
          $0.used = { Array($0.prefix(1)) }
        },
        Mistake("last sample", "only the last sample counts; is there an = in place of +=?") {
          $0.used = { Array($0.suffix(1)) }
        },
        Mistake("f(μ)", "f was applied to μ, the mean of Q; apply it to each z") {
          $0.decoded = { _, mean in mean }
        },
        Mistake("bound", "in logEvidence, that is the bound of chapter 3: the mean of log weights")
        {
          let mean = LogMeanExp.mistakes.first { $0.name == "mean of logs" }
          if let mean { $0.logEvidence = mean.made(in: $0.logEvidence) }
        },
        Mistake("no shift", "\(underflow); first subtract the largest log weight from all") {
          $0.shares = plainShares
        },
        Mistake("no shift at all", "\(underflow); first subtract the largest log weight from all") {
          $0.shares = plainShares
          $0.logEvidence.sum.shift = { _ in 0 }
        },
      ]
      + LogMeanExp.mistakesAsPart.within(\.logEvidence, "in logEvidence, ")
      + ImportanceWeights.mistakes.within(\.weights)
      + LogVarianceSample.mistakes.within(\.sample, "in z, ")
      + NormalLogDensity.mistakes(.standardDeviation, of: "pixels").within(
        \.likelihood, "in log P(X|z), ")
  }

  /// The shares of weights that may be 0 or infinite.
  private static func plainShares(_ logs: [Double]) -> [Double] {
    let weights = logs.map { Double.exp($0) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private static var mistakesOfTheMean: [Mistake<ImportanceSampler>] {
    func mistake(
      _ name: String, _ message: String, _ shares: @escaping ([Double]) -> [Double]
    ) -> Mistake<ImportanceSampler> {
      Mistake(name, "in posteriorMean, \(message)") { $0.shares = shares }
    }
    let ofLogs = "the samples were weighted with the logarithms of the weights; take exp of them"
    func relative(_ logs: [Double]) -> [Double] { logs.map { .exp($0 - (logs.max() ?? 0)) } }
    return [
      mistake(
        "plain mean",
        "that is the plain mean of the samples, which is Q’s; they have to be weighted"
      ) { logs in logs.map { _ in 1 / Double(logs.count) } },
      mistake(
        "not normalised",
        "that is Σ wᵢ zᵢ/n, without normalised weights; divide by the mean weight as well"
      ) { logs in logs.map { .exp($0) / Double(logs.count) } },
      mistake("no division", "that is Σ wᵢ zᵢ; it has to be divided by Σ wᵢ") { logs in
        logs.map { .exp($0) }
      },
      mistake("relative", "the weights over the largest do not sum to 1; divide them by their sum")
      {
        relative($0)
      },
      mistake("relative over n", "the weights were divided by n; divide them by their sum") {
        logs in
        relative(logs).map { $0 / Double(logs.count) }
      },
      mistake("sum and n", "the sum was divided by Σ wᵢ and then by n; only Σ wᵢ is right") {
        logs in
        let logSum = logSumExp(logs)
        return logs.map { .exp($0 - logSum) / Double(logs.count) }
      },
      mistake("mean weight", "that is Σ wᵢ zᵢ over the mean weight; it has to be over the sum") {
        logs in
        let weights = relative(logs)
        return weights.map { $0 / mean(weights) }
      },
      mistake("logs", ofLogs) { $0 },
      mistake("normalised logs", ofLogs) { logs in
        let sum = logs.reduce(0, +)
        return logs.map { $0 / sum }
      },
      mistake("logs of the shares", ofLogs) { logs in
        let logSum = logSumExp(logs)
        return logs.map { $0 - logSum }
      },
      mistake("logs over the largest", ofLogs) { logs in logs.map { $0 - (logs.max() ?? 0) } },
      mistake("logs over the mean", ofLogs) { logs in
        let logMean = logMeanExp(logs)
        return logs.map { $0 - logMean }
      },
      mistake("heaviest", "that is the heaviest sample; the mean takes all of them, weighted") {
        logs in
        let heaviest = logs.firstIndex { $0 == logs.max() }
        return logs.indices.map { $0 == heaviest ? 1 : 0 }
      },
      mistake("squared", "the weights were squared") { logs in
        let logSum = logSumExp(logs.map { 2 * $0 })
        return logs.map { .exp(2 * $0 - logSum) }
      },
      Mistake("mean of Q", "posteriorMean is μ, the mean of Q; average z with the weights") {
        $0.averaged = { z, _, mean in z.map { _ in mean } }
      },
      Mistake(
        "likelihoods as shares",
        "in posteriorMean, the weights are P(X|z) alone; they should be P(X|z) P(z)/Q(z|X)"
      ) { $0.areSharesLikelihoods = true },
      Mistake("noise", "in posteriorMean, the noise was averaged in place of z = μ + σε") {
        $0.averaged = { _, noise, _ in noise }
      },
    ]
  }
}
