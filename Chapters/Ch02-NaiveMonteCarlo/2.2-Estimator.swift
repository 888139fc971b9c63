import Autodiff
import Claims
import Notebook
import Probability

/// 2.2 The estimator: P(X) as the mean of P(X|z) over z from the prior, and how far off it is.
struct Estimator: SectionContent {
  /// The estimate from the first n samples of a single run.
  struct Run {
    let n: Int
    let estimate: LogMeanEstimate
    /// P̂/P(X) − 1.
    let relativeError: Double
  }

  /// The error log P̂ − log P(X) over many estimates from n samples each.
  struct Bias {
    let n: Int
    let measured: MonteCarloEstimate
    /// The bias that the series predicts, to first and to second order.
    let predictions: [Double]
    /// The standard error of log P̂ by the delta method.
    let deltaError: Double
  }

  let example: Example
  let runs: [Run]
  let biases: [Bias]
  let repetitions = 10_000
  let touchable: TouchableEstimate

  init(_ example: Example, sampleCount: Int, using generator: SeededGenerator) {
    self.example = example
    let (model, x) = (example.model, example.x)
    var generator = generator
    touchable = TouchableEstimate(
      sigma: example.sigma, firstSamples(1, generator), dimensions: 1...1)
    var total = LogMeanEstimate(logWeights: [])
    let powers = [10, 100, 1000, 10_000, 100_000, 1_000_000]
    runs = (powers.filter { $0 < sampleCount } + [sampleCount]).map { n in
      total.merge(Self.naive(model, x, n - total.count, using: &generator))
      return Run(
        n: n, estimate: total,
        relativeError: .exp(total.logMean - example.logEvidence) - 1)
    }
    biases = [10, 30, 100, 300].map { [repetitions] n in
      let estimates = Self.naive(model, x, n, repetitions: repetitions, using: &generator)
      return Bias(
        n: n, measured: MonteCarloEstimate(estimates.map { $0 - example.logEvidence }),
        predictions: [1, 2].map { example.moments.logBias(ofMeanOf: n, order: $0) },
        deltaError: example.moments.standardError(ofMeanOf: n))
    }
  }

  private static func naive(
    _ model: LinearGaussianModel, _ x: Tensor<Double>, _ n: Int,
    using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    // cell: naive
    // log 1/n ∑ P(X|z), a thousand z at a time, so that memory does not grow with n
    let estimate = LogMeanEstimate(sampleCount: n) { count in
      let z = Tensor<Double>.normal([count, model.latentSize], using: &generator)  // z ∼ P(z)
      return model.logProbability(of: x, given: z).scalars  // log P(X|z)
    }
    // end
    return estimate
  }

  /// Independent naive estimates of log P(X) from n samples each.
  static func naive(
    _ model: LinearGaussianModel, _ x: Tensor<Double>, _ n: Int, repetitions: Int,
    using generator: inout SeededGenerator
  ) -> [Double] {
    // As many at a time as fit into a cache.
    let most = max(1, 20_000 / n)
    return stride(from: 0, to: repetitions, by: most).flatMap { first -> [Double] in
      let count = min(most, repetitions - first)
      // cell: many
      // One estimate of log P(X) from each row of n samples.
      let z = Tensor<Double>.normal([count * n, model.latentSize], using: &generator)
      let logLikelihood = model.logProbability(of: x, given: z).reshaped([count, n])
      let estimates = logLikelihood.logSumExp(axis: 1) - .log(Double(n))
      // end
      return estimates.scalars
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      In the linear model X = Wz + b + σε we know P(X), and also the moments of the weight \
      w = P(X|z)/P(X).
      """)
    page.code("moments")
    page.prose(
      """
      log P(X) = \(formatted(example.logEvidence, decimals: 5)), and the variance of a single weight \
      is E[w²] − 1 = \(formatted(example.moments.variance, digits: 4)).
      """)

    page.lead(
      "The estimate is the mean of P(X|z) over n samples of z. Look at how slowly its error falls.")
    page.equation(#"P(X) \approx \frac{1}{n} \sum_{i=1}^{n} P(X|z_i), \quad z_i \sim P(z)"#)
    page.code("naive")
    showRuns(on: page)

    page.lead(
      """
      P̂ is unbiased, but its logarithm is not. Compare the mean of log P̂ over many runs with what \
      its power series predicts.
      """)
    page.code("many")
    showBias(on: page)
  }

  private func showRuns(on page: Page) {
    let errors = runs.map { example.moments.standardError(ofMeanOf: $0.n) }
    page.table(
      [
        .right("n"), .right("log P̂"), .right("error %"), .right("estimated s.e. %"),
        .right("exact s.e. %"), .right("effective sample size"),
      ],
      rows: zip(runs, errors).map { run, error in
        [formatted(run.n), formatted(run.estimate.logMean, decimals: 5)]
          + cells(
            100 * run.relativeError, 100 * run.estimate.standardError, 100 * error, decimals: 3)
          + [formatted(run.estimate.effectiveSampleSize, decimals: 1)]
      },
      caption: """
        Errors are relative to P(X). s.e.: the standard error, estimated from the samples themselves, \
        and its exact value √((E[w²] − 1)/n).
        """)
    let n = runs.map { Double($0.n) }
    page.figure(
      "The error falls like one over the root of n",
      description: """
        The errors of one run, and the exact standard error, a straight line of slope −½.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("relative error", scale: .logarithmic),
        layers: [
          .line(.init("standard error", meaning: .prior, x: n, y: errors)),
          .points(
            .init("this run", meaning: .prior, x: n, y: runs.map { abs($0.relativeError) })),
        ]))
    page.check(
      "The mean of \(formatted(runs.last!.n)) weights P(X|z)/P(X) is 1.",
      .measured(
        Quantity("mean weight", 1 + runs.last!.relativeError), expected: Quantity("one", 1),
        standardError: errors.last!))
    page.interactive(
      "naive", "Watch the mean settle",
      description: """
        A smaller model, X = z + σε with one number in z. Each z drawn from the prior stands at the height of its weight. \
        The mean of the weights wanders towards 1 in a funnel as wide as one standard error. Draw again and again: most \
        runs begin below 1, until a z with a large weight lifts them over it.
        """, data: touchable)
  }

  private func showBias(on page: Page) {
    page.table(
      [
        .right("n"), .right("mean of log P̂ − log P"), .right("s.e."), .right("first order"),
        .right("second order"),
      ],
      rows: biases.map {
        [formatted($0.n)] + cells($0.measured) + $0.predictions.flatMap { cells($0) }
      },
      caption: """
        P̂ is the mean over n samples. Means over \(formatted(repetitions)) runs, in nats.
        """)
    page.table(
      [.right("n"), .right("standard deviation of log P̂"), .right("by the delta method")],
      rows: biases.map {
        [formatted($0.n)] + cells($0.measured.variance.squareRoot(), $0.deltaError)
      }, caption: "The same runs, in nats.")
    let last = biases.last!
    if abs(last.predictions[1] - last.predictions[0]) <= 0.1 * abs(last.predictions[0]) {
      page.check(
        "At n = \(last.n), log P̂ is too low on average, by as much as the series predicts.",
        .measured(
          "mean of log P̂ − log P", last.measured, expected: last.predictions[1], "prediction"))
    } else {
      page.note(
        "Left out",
        """
        The comparison with the series. The weights are so uneven that it is of no use at \
        n = \(last.n).
        """)
    }
  }
}

extension LinearGaussianModel {
  // cell: moments
  /// log E[wᵐ] of the weight w = P(X|z)/P(X) with z from the prior, for each row of x.
  func logWeightMoment(_ order: Int, of x: Tensor<Double>) -> Tensor<Double> {
    let (m, d, σ²) = (Double(order), Double(observedSize), Double.exp(logVariance.scalar))
    // N(X; Wz + b, σ²I)ᵐ is this constant times N(X; Wz + b, σ²I/m) …
    let constant = -0.5 * d * ((m - 1) * (logTwoPi + logVariance.scalar) + .log(m))
    // … whose mean over z is N(X; b, WWᵀ + σ²I/m).
    let logMean = marginal(noiseVariance: σ² / m).logProbability(of: x)
    return logMean - m * evidence.logProbability(of: x) + constant
  }
  // end
}
