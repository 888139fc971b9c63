import Autodiff
import Claims
import Notebook
import Probability

/// 4.3 The score function, and what it costs: the variance of pathwise estimates of a gradient and of
/// the score function’s, with and without a baseline.
struct ScoreFunction: SectionContent {
  /// A baseline that is itself estimated from the n samples of a batch.
  struct EstimatedBaseline {
    let n: Int
    /// The mean estimate of the derivative if each sample’s baseline is the mean of h over all n
    /// samples, and if it is the mean over the other n − 1.
    let ofAll: MonteCarloEstimate
    let ofOthers: MonteCarloEstimate
  }

  let sigma: Double
  /// The variances from one sample, by dimension.
  let byDimension: [Variances]
  /// In 16 dimensions: the example, the variances from n samples, and baselines from n samples.
  let example: SquaredNorm
  let byCount: [Variances]
  let baselines: [EstimatedBaseline]
  /// The mean estimate without a baseline.
  let unbiased: MonteCarloEstimate
  /// A function for which the pathwise estimate is worse.
  let wave: SineWave

  init(sigma: Double, count: Int, largest: Int, using generator: SeededGenerator) {
    self.sigma = sigma
    var generator = generator
    let dimensions = [1, 4, 16, 64, 256].filter { $0 < largest } + [largest]
    byDimension = dimensions.map { d in
      let example = SquaredNorm(dimension: d, standardDeviation: sigma)
      // A million numbers are enough, and they do not fill the memory.
      let samples = example.samples(min(count, (1 << 20) / d), using: &generator)
      return Variances(example, samples, size: d)
    }
    let example = SquaredNorm(dimension: 16, standardDeviation: sigma)
    let samples = example.samples(min(count, 1 << 16) / 512 * 512, using: &generator)
    let sizes = [2, 8, 32, 128, 512]
    self.example = example
    byCount = sizes.map { Variances(example, samples, batch: $0, size: $0) }
    baselines = sizes.map { Self.estimatedBaseline($0, samples) }
    unbiased = MonteCarloEstimate((samples.values * samples.score).scalars)
    wave = SineWave(count: count, using: &generator)
  }

  private static func estimatedBaseline(
    _ n: Int, _ samples: SquaredNorm.Samples
  ) -> EstimatedBaseline {
    // cell: baseline
    // A row for each batch of n samples. The baseline of a sample is a mean of h over its batch.
    let batches = [samples.values.count / n, n]
    let (h, score) = (samples.values.reshaped(batches), samples.score.reshaped(batches))
    let ofAll = h.mean(axis: 1, keepingAxis: true)
    let ofOthers = ofAll + (ofAll - h) / Double(n - 1)  // without the sample’s own h
    let estimates = [ofAll, ofOthers].map { b in ((h - b) * score).mean(axis: 1) }
    // end
    let means = estimates.map { MonteCarloEstimate($0.scalars) }
    return EstimatedBaseline(n: n, ofAll: means[0], ofOthers: means[1])
  }

  /// The variance of the score function's estimate for d = 1 and b = 0, by quadrature.
  var varianceByQuadrature: Double {
    let square = Normal.standard.expectation { e in
      let estimate = (1 + sigma * e) * (1 + sigma * e) * e / sigma
      return estimate * estimate
    }
    let derivative = SquaredNorm(dimension: 1, standardDeviation: sigma).derivative
    return square - derivative * derivative
  }

  func show(on page: Page) {
    page.lead(
      """
      A second unbiased estimate needs no path through z: the score ∇log Q(z), weighted by h(z) minus \
      a baseline b. For h(z) = ‖z‖², look at how the variance of each estimate grows with the dimension d.
      """)
    page.equation(
      #"\nabla \mathbb{E}_{z \sim Q}[h(z)] = \mathbb{E}_{z \sim Q}[(h(z) - b) \nabla \log Q(z)]"#)
    page.code("path")
    page.code("score")
    page.code("three")
    showVariances(on: page)

    page.lead(
      """
      In practice the baseline has to be estimated as well. Look at what happens when a sample’s own \
      value is part of its baseline.
      """)
    page.code("baseline")
    showBaselines(on: page)
    wave.show(on: page)
    page.interactive(
      "noise", "Where the noise enters",
      description: """
        Above, one sample of the autoencoder of 4.1 and 4.2, with the derivative of the error by every box: draw z inside, \
        and no gradient passes. Below, the two estimates of the derivative of E[h(z)] with respect to μ, from 2,000 samples.
        """,
      data: TouchableNoise(sigma: sigma, squaredNorm: varianceByQuadrature))
  }

  private func showVariances(on page: Page) {
    page.table(
      [.right("d")] + Variances.names.flatMap { [.right($0), .right("exact")] },
      rows: byDimension.map { variances in
        [formatted(variances.size)]
          + zip(variances.measured, variances.exact).flatMap {
            [$0, $1].map { formatted($0, digits: 4) }
          }
      }, caption: "The variance of the estimate from one sample, measured and in closed form.")
    let last = byDimension.last!
    for (index, baseline) in [(1, "with the best baseline"), (2, "without a baseline")] {
      page.check(
        """
        In \(formatted(last.size)) dimensions the score function’s variance \(baseline), divided by \
        the pathwise variance, is what the closed forms predict.
        """, last.ratio(index))
    }
    page.check(
      "For d = 1 and b = 0 the closed form agrees with quadrature.",
      .equal(
        Quantity("by quadrature", varianceByQuadrature),
        Quantity(
          "closed form",
          SquaredNorm(dimension: 1, standardDeviation: sigma).scoreFunctionVariance(baseline: 0)),
        tolerance: 1e-10))
    page.check(
      "Without a baseline the score function’s estimate is unbiased as well (in 16 dimensions).",
      .measured("mean of h · score", unbiased, expected: example.derivative, "true"))
    page.figure(
      "What a gradient estimate costs",
      description: """
        The variance of the estimates, measured (points) and in closed form (lines). Left: from one \
        sample, against d. The score function’s variance rises with a slope that approaches 1 (best \
        b) or 2 (b = 0); the pathwise variance stays the same. Right: from n samples in 16 \
        dimensions. All three fall with slope −1.
        """,
      Variances.plot(byDimension, "one sample", against: "d"),
      Variances.plot(byCount, "d = 16", against: "n"))
  }

  private func showBaselines(on page: Page) {
    page.table(
      [
        .right("n"), .right("b: mean of all"), .right("± s.e."), .right("2 (1 − 1/n)"),
        .right("b: mean of others"), .right("± s.e."),
      ],
      rows: baselines.map {
        [formatted($0.n)] + cells($0.ofAll) + cells(expected($0.n)) + cells($0.ofOthers)
      }, caption: "The mean estimate of the derivative, which is 2, in 16 dimensions.")
    let pair = baselines[0]
    page.check(
      "With two samples and the mean of both as the baseline, half of the gradient is missing.",
      .measured("mean estimate", pair.ofAll, expected: expected(pair.n), "2 (1 − 1/2)"))
    page.check(
      "With the other sample’s value as the baseline, nothing is missing.",
      .measured("mean estimate", pair.ofOthers, expected: example.derivative, "true"))
  }

  /// What the mean over all n samples as a baseline leaves of the derivative.
  private func expected(_ n: Int) -> Double { example.derivative * (1 - 1 / Double(n)) }
}

/// The variances of three estimates of a derivative, for one d or n.
struct Variances {
  static let names = ["pathwise", "score, best b", "score, b = 0"]
  let size: Int
  let exact: [Double]
  /// The squared deviations from the true derivative: their means estimate the variances.
  let squares: [Tensor<Double>]

  /// The estimates from n samples at a time, over many such batches.
  init(_ example: SquaredNorm, _ samples: SquaredNorm.Samples, batch n: Int = 1, size: Int) {
    self.size = size
    exact = [
      example.pathwiseVariance,
      example.scoreFunctionVariance(baseline: example.bestBaseline),
      example.scoreFunctionVariance(baseline: 0),
    ].map { $0 / Double(n) }
    let (h, score) = (samples.values, samples.score)
    // cell: three
    // Three estimates of the derivative from each sample: the pathwise one, and two from the score.
    let b = example.bestBaseline
    let estimates = [samples.pathwise, (h - b) * score, h * score]
    // end
    squares = estimates.map { estimates in
      let means = estimates.reshaped([estimates.count / n, n]).mean(axis: 1)
      return (means - example.derivative).squared
    }
  }

  var measured: [Double] { squares.map { $0.mean().scalar } }

  /// The variance of a score function’s estimate over that of the pathwise one. Both are measured from
  /// the same samples, so the error of the ratio r = a/b is that of a − rb, divided by b.
  func ratio(_ index: Int) -> Check.Evidence {
    let ratio = exact[index] / exact[0]
    let error = MonteCarloEstimate((squares[index] - ratio * squares[0]).scalars)
    return .measured(
      Quantity("measured", measured[index] / measured[0]),
      expected: Quantity("closed form", ratio), standardError: error.standardError / measured[0])
  }

  static func plot(_ variances: [Variances], _ title: String, against label: String) -> Plot {
    let sizes = variances.map { Double($0.size) }
    return Plot(
      title, x: Axis(label, scale: .logarithmic), y: Axis("variance", scale: .logarithmic),
      layers: names.enumerated().flatMap { index, name -> [Plot.Layer] in
        [
          .line(
            .init(name, meaning: .series(index), x: sizes, y: variances.map { $0.exact[index] })),
          .points(
            .init(meaning: .series(index), x: sizes, y: variances.map { $0.measured[index] })),
        ]
      })
  }
}

extension DiagonalNormal {
  // cell: path
  /// ∇h(μ + σε) with respect to μ and log σ², for each row of the noise ε, of shape [n, d].
  ///
  /// `h` maps each row of z, of shape [n, d], to one value. It must be continuous, and
  /// differentiable except at isolated points.
  func pathwiseGradients(
    noise ε: Tensor<Scalar>, of h: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> DiagonalNormal {
    valueWithGradient(at: repeated(to: ε.shape)) { q in h(q.sample(noise: ε)).sum() }.gradient
  }
  // end

  // cell: score
  /// w ∇log Q(z) for each row of z = μ + σε, with z a constant to the tape. With the weights
  /// w = h(z) − b, of shape [n], the estimate is unbiased if the baseline b of a row does not
  /// depend on the row’s own ε. Only values of h are used, so h need not be continuous.
  func scoreFunctionGradients(
    noise ε: Tensor<Scalar>, weights w: Tensor<Scalar>
  ) -> DiagonalNormal {
    let z = sample(noise: ε).detached
    return valueWithGradient(at: repeated(to: ε.shape)) { q in
      (w * q.logProbability(of: z)).sum()
    }.gradient
  }
  // end

  /// A copy of the distribution for each row, so that each row has a gradient of its own.
  private func repeated(to shape: [Int]) -> DiagonalNormal {
    DiagonalNormal(
      mean: mean.broadcast(to: shape), logVariance: logVariance.broadcast(to: shape))
  }
}
