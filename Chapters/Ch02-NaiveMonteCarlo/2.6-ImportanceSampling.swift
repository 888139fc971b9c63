import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// 2.6 P(X) of a digit under a trained decoder: from samples of the prior, and from samples of a better
/// Q(z|X).
struct ImportanceSampling: SectionContent {
  /// The estimates with two latent variables, where the integral over z can be computed on a grid.
  struct Small {
    /// log P(X), by quadrature.
    let logEvidence: Double
    /// From 100,000 samples of the prior.
    let prior: LogMeanEstimate
    /// From 100 samples of the fitted Q.
    let fitted: LogMeanEstimate
  }

  /// The estimates with more latent variables.
  struct Large {
    let latentSize: Int
    /// From more and more samples of the prior.
    let prior: [LogMeanEstimate]
    /// From 100 samples of the encoder's Q.
    let encoder: LogMeanEstimate
    /// From 100 and from 10,000 samples of the fitted Q.
    let few, many: LogMeanEstimate
    /// D[Q(z|X) ‖ P(z)] of the fitted Q, and of the wider one that z is drawn from.
    let fittedDivergence, widerDivergence: Double
  }

  let small: Small
  let large: Large

  init(
    _ digits: Digits, latentSize: Int, sampleCount: Int, seed: UInt64,
    using generator: SeededGenerator, _ progress: ProgressDisplay
  ) throws {
    var generator = generator
    let x = Tensor.bernoulli(digits.x, using: &generator)
    let model = try Self.trained(latentSize: 2, digits, seed: seed, progress)
    small = try Self.small(model, x, using: &generator)
    large = Self.large(
      try Self.trained(latentSize: latentSize, digits, seed: seed, progress), x, sampleCount,
      using: &generator, progress)
  }

  private static func trained(
    latentSize: Int, _ digits: Digits, seed: UInt64, _ progress: ProgressDisplay
  ) throws -> VariationalAutoencoder<Float> {
    // With two, tanh makes the integrand smooth, and quadrature gains digits quickly.
    var training = Training(
      Configuration(
        hiddenSizes: [64], latentSize: latentSize, activation: latentSize == 2 ? .tanh : .relu),
      TrainingSettings(learningRate: 0.003, seed: seed))
    let line = progress.begin("training with \(latentSize) latent variables", total: 10)
    for _ in 0..<10 {
      try training.runEpoch(on: digits.train, test: digits.test)
      line.advance()
    }
    line.finish()
    return training.model
  }

  private static func small(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>,
    using generator: inout SeededGenerator
  ) throws -> Small {
    let grid = try model.converted().gridPosterior(of: x.converted(to: Double.self))
    let prior = model.decoder.naiveLogEvidence(of: x, sampleCount: 100_000, using: &generator)
    let q = widened(fitted(model, to: x, using: &generator))
    return Small(
      logEvidence: grid[0].logEvidence, prior: prior,
      fitted: importanceSampled(model.decoder, x, q, 100, using: &generator))
  }

  private static func large(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, _ sampleCount: Int,
    using generator: inout SeededGenerator, _ progress: ProgressDisplay
  ) -> Large {
    let decoder = model.decoder
    let fit = fitted(model, to: x, using: &generator)
    let q = widened(fit)
    var run = LogMeanEstimate(logWeights: [])
    var runs: [LogMeanEstimate] = []
    let line = progress.begin("drawing z from the prior", total: sampleCount)
    while run.count < sampleCount {
      let next = min(max(100, run.count / 4), 100_000, sampleCount - run.count)
      run.merge(decoder.naiveLogEvidence(of: x, sampleCount: next, using: &generator))
      runs.append(run)
      line.advance(by: next)
    }
    line.finish()
    return Large(
      latentSize: decoder.latentSize, prior: runs,
      encoder: importanceSampled(decoder, x, model.encoder(x), 100, using: &generator),
      few: importanceSampled(decoder, x, q, 100, using: &generator),
      many: importanceSampled(decoder, x, q, 10_000, using: &generator),
      fittedDivergence: Double(fit.klDivergenceToStandardNormal().scalar),
      widerDivergence: Double(q.klDivergenceToStandardNormal().scalar))
  }

  /// log P(X) from n samples of q, [1, 784] and [1, latentSize].
  static func importanceSampled(
    _ decoder: Decoder<Float>, _ x: Tensor<Float>, _ q: DiagonalNormal<Float>, _ n: Int,
    using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    // cell: weights
    // log 1/n ∑ P(X|z) P(z)/Q(z|X), a thousand z at a time
    let estimate = LogMeanEstimate(sampleCount: n) { count in
      let ε = Tensor<Float>.normal([count, decoder.latentSize], using: &generator)
      let z = q.sample(noise: ε)  // z = μ + σε ∼ Q(z|X)
      let logLikelihood = decoder.logProbability(of: x, given: z)  // log P(X|z)
      let logPrior = DiagonalNormal.standard.logProbability(of: z)  // log P(z)
      let logQ = q.logProbability(of: z)  // log Q(z|X)
      return (logLikelihood + logPrior - logQ).scalars.map(Double.init)
    }
    // end
    return estimate
  }

  /// The encoder's Q, fitted to one X.
  private static func fitted(
    _ model: VariationalAutoencoder<Float>, to x: Tensor<Float>,
    using generator: inout SeededGenerator
  ) -> DiagonalNormal<Float> {
    fitted(model.decoder, x, from: model.encoder(x), steps: 100, using: &generator)
  }

  /// The same Q with larger standard deviations.
  private static func widened(_ q: DiagonalNormal<Float>) -> DiagonalNormal<Float> {
    // cell: wider
    let wider = DiagonalNormal(mean: q.mean, logVariance: q.logVariance + 0.5)  // σ · e^¼
    // end
    return wider
  }

  /// The Q(z|X) of one X that gradient ascent on the bound reaches from an encoder's answer.
  static func fitted(
    _ decoder: Decoder<Float>, _ x: Tensor<Float>, from answer: DiagonalNormal<Float>, steps: Int,
    using generator: inout SeededGenerator
  ) -> DiagonalNormal<Float> {
    // cell: fit
    var q = answer  // the encoder's Q(z|X)
    var optimizer = Adam(for: q, learningRate: 0.03)
    for _ in 0..<steps {
      let ε = Tensor<Float>.normal([16, decoder.latentSize], using: &generator)
      let gradient = valueWithGradient(at: q) { q in
        // D[Q(z|X) ‖ P(z)] − E[log P(X|z)], the mean over 16 z = μ + σε from Q
        q.klDivergenceToStandardNormal().sum()
          - decoder.logProbability(of: x, given: q.sample(noise: ε)).mean()
      }.gradient
      optimizer.update(&q, along: gradient)
    }
    // end
    return q
  }

  func show(on page: Page) {
    page.lead(
      """
      We may draw z from any Q(z|X) that leaves out no z that matters, if we multiply each P(X|z) by \
      P(z)/Q(z|X).
      """)
    page.equation(
      #"P(X) = \mathbb{E}_{z \sim P(z)}[P(X|z)] = \mathbb{E}_{z \sim Q(z|X)}\left[\frac{P(X|z) P(z)}{Q(z|X)}\right]"#
    )
    page.code("weights")

    page.lead(
      "Our Q is the one that a trained encoder gives, fitted to this X and made a little wider.")
    page.code("fit")
    page.code("wider")

    page.lead(
      """
      A decoder of black and white pixels with 2 latent variables, trained together with an encoder \
      as in chapter 5. Compare both estimates of log P(X) with the quadrature.
      """)
    showSmall(on: page)

    page.lead(
      """
      The same with \(large.latentSize) latent variables. Compare the effective sample sizes, and what \
      the standard errors claim.
      """)
    showLarge(on: page)
  }

  private func showSmall(on page: Page) {
    showTable(
      [["quadrature", "", formatted(small.logEvidence, decimals: 2), "", ""]]
        + [row("prior", small.prior), row("fitted Q", small.fitted)], latentSize: 2, on: page)
    for (source, estimate) in [("the prior", small.prior), ("the fitted Q", small.fitted)] {
      page.check(
        """
        With two latent variables, \(formatted(estimate.count)) samples from \(source) agree with the \
        quadrature.
        """,
        .measured(
          Quantity("log P̂", estimate.logMean),
          expected: Quantity("log P(X)", small.logEvidence), standardError: estimate.standardError))
    }
  }

  private func showLarge(on page: Page) {
    let prior = large.prior.last!
    showTable(
      [
        row("prior", prior), row("encoder's Q", large.encoder), row("fitted Q", large.few),
        row("fitted Q", large.many),
      ], latentSize: large.latentSize, on: page)
    page.figure(
      "\(large.latentSize) latent variables: the naive estimate as n grows",
      description: """
        It leaps up at each z whose weight is far larger than all before it, and sinks in between. \
        100 samples from Q are already near the value of 10,000.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("log P̂"),
        layers: [
          .line(
            .init(
              "prior", meaning: .prior, x: large.prior.map { Double($0.count) },
              y: large.prior.map(\.logMean))),
          .line(
            .init(
              "fitted Q, n = 10,000", meaning: .q, x: [100, Double(prior.count)],
              y: [large.many.logMean, large.many.logMean])),
          .points(
            .init(
              "fitted Q, n = 100", meaning: .q, x: [100], y: [large.few.logMean],
              errors: [large.few.standardError])),
        ]))
    page.prose(
      """
      D[Q(z|X) ‖ P(z)] is \(formatted(large.fittedDivergence, decimals: 1)) nats for the fitted Q, and \
      \(formatted(large.widerDivergence, decimals: 1)) nats for the wider one that z is drawn from. As a \
      rule of thumb, one z from the prior in \
      \(formatted(exponentialOf: large.widerDivergence, digits: 1)) falls where the z from the wider Q do.
      """)
    page.check(
      "A sample from Q is worth more than one from the prior.",
      .atMost(
        Quantity(
          "the effective sample size over n for the prior",
          prior.effectiveSampleSize / Double(prior.count)),
        Quantity(
          "that for Q", large.many.effectiveSampleSize / Double(large.many.count))))
  }

  private func showTable(_ rows: [[String]], latentSize: Int, on page: Page) {
    page.table(
      [
        .left("z from"), .right("n"), .right("log P(X)"), .right("s.e."),
        .right("effective sample size"),
      ], rows: rows,
      caption: """
        \(formatted(latentSize)) latent variables. log P(X) and s.e., its standard error by the delta \
        method, are in nats.
        """)
  }

  private func row(_ source: String, _ estimate: LogMeanEstimate) -> [String] {
    [
      source, formatted(estimate.count), formatted(estimate.logMean, decimals: 2),
      formatted(estimate.standardError, decimals: 2),
      formatted(estimate.effectiveSampleSize, decimals: 1),
    ]
  }
}
