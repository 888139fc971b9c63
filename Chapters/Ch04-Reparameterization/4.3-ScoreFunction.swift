import Autodiff
import Claims
import Notebook
import Probability

/// 4.3 The score function, and what it costs: estimates of a gradient along the path and by the score,
/// with and without a baseline, and how they vary.
struct ScoreFunction: SectionContent {
  /// A baseline that is itself estimated, from the n samples of a batch.
  struct EstimatedBaseline {
    let n: Int
    /// The mean estimate of the derivative, with the mean over all n as the baseline of each, and with
    /// the mean over the other n − 1.
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

  init(sigma: Double, count: Int, largest: Int, using generator: SeededGenerator) {
    self.sigma = sigma
    var generator = generator
    let dimensions = [1, 4, 16, 64, 256].filter { $0 < largest } + [largest]
    byDimension = dimensions.map { d in
      let example = SquaredNorm(dimension: d, standardDeviation: sigma)
      // A million numbers are enough, and do not fill the memory.
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
  }

  private static func estimatedBaseline(
    _ n: Int, _ samples: SquaredNorm.Samples
  ) -> EstimatedBaseline {
    // cell: baseline
    // Batches of n samples, each with h(z) and the score; the baseline is a mean over the batch.
    let batches = [samples.values.count / n, n]
    let (h, score) = (samples.values.reshaped(batches), samples.score.reshaped(batches))
    let ofAll = h.mean(axis: 1, keepingAxis: true)
    let ofOthers = ofAll + (ofAll - h) / Double(n - 1)  // leaves out the sample's own h
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
      Another unbiased gradient needs no path through z: the score ∇log Q(z), weighted by h(z) less a \
      baseline b. Look at how the variance of both grows with the dimension d, for h(z) = ‖z‖².
      """)
    page.equation(
      #"\nabla \mathbb{E}_{z \sim Q}[h(z)] = \mathbb{E}_{z \sim Q}[(h(z) - b) \nabla \log Q(z)]"#)
    page.code("path")
    page.code("score")
    page.code("three")
    showVariances(on: page)

    page.lead(
      """
      In practice the baseline has to be estimated, too. Taken from the batch itself, it makes the \
      gradient too small.
      """)
    page.code("baseline")
    showBaselines(on: page)
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
        In \(formatted(last.size)) dimensions the variance of the score function's estimate \
        \(baseline), over that of the pathwise estimate, is what the closed forms say.
        """, last.ratio(index))
    }
    page.check(
      "For d = 1 and b = 0 the closed form is what quadrature gives.",
      .equal(
        Quantity("by quadrature", varianceByQuadrature),
        Quantity(
          "closed form",
          SquaredNorm(dimension: 1, standardDeviation: sigma).scoreFunctionVariance(baseline: 0)),
        tolerance: 1e-10))
    page.check(
      "The score function's estimate is unbiased without a baseline as well (in 16 dimensions).",
      .measured("mean of h · score", unbiased, expected: example.derivative, "true"))
    page.figure(
      "What a gradient estimate costs",
      description: """
        Its variance on logarithmic axes, measured (points) and in closed form (lines). Left, from \
        one sample against d: that of the score function rises with slope 1 or 2, that of the path \
        not at all. Right, from n samples in 16 dimensions: all fall with slope −1, and never meet.
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
      "With two samples and their own mean as the baseline, half of the gradient is missing.",
      .measured("mean estimate", pair.ofAll, expected: expected(pair.n), "2 (1 − 1/2)"))
    page.check(
      "With the other sample as the baseline nothing is missing.",
      .measured("mean estimate", pair.ofOthers, expected: example.derivative, "true"))
  }

  /// What the mean over all n samples as a baseline leaves of the derivative.
  private func expected(_ n: Int) -> Double { example.derivative * (1 - 1 / Double(n)) }
}

/// The variances of three estimates of a derivative, for some d or n.
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
    // Three estimates of the derivative from each sample: along the path, and by the score.
    let b = example.bestBaseline
    let estimates = [samples.pathwise, (h - b) * score, h * score]
    // end
    squares = estimates.map { estimates in
      let means = estimates.reshaped([estimates.count / n, n]).mean(axis: 1)
      return (means - example.derivative).squared
    }
  }

  var measured: [Double] { squares.map { $0.mean().scalar } }

  /// The variance of a score function's estimate over that of the pathwise one. From the same samples,
  /// a ratio r = a/b is off as a − rb is, over b.
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

extension SquaredNorm {
  /// What a number of samples z = μ + σε give; all of shape [count].
  struct Samples {
    /// h(z).
    let values: Tensor<Double>
    /// The pathwise estimates, ∂h(μ + σε)/∂μ₁.
    let pathwise: Tensor<Double>
    /// The score, ∂log Q(z)/∂μ₁: times h(z) − b it is the other estimate.
    let score: Tensor<Double>
  }

  /// Samples, with their estimates by differentiation.
  func samples(_ count: Int, using generator: inout SeededGenerator) -> Samples {
    // By pieces, since the tape holds some thirty numbers for each that is drawn. Bulk sampling
    // rounds to even counts, and pieces of an even number of samples leave the numbers as they are.
    let length = max(2, (1 << 17) / dimension / 2 * 2)
    let pieces = stride(from: 0, to: max(count, 1), by: length).map {
      piece(min(length, count - $0), using: &generator)
    }
    return Samples(
      values: .concatenated(pieces.map(\.values)), pathwise: .concatenated(pieces.map(\.pathwise)),
      score: .concatenated(pieces.map(\.score)))
  }

  private func piece(_ count: Int, using generator: inout SeededGenerator) -> Samples {
    let q = DiagonalNormal<Double>(
      mean: Tensor(repeating: 1, shape: [dimension]),
      logVariance: Tensor(
        repeating: .log(standardDeviation * standardDeviation), shape: [dimension]))
    let h = { (z: Tensor<Double>) in z.squared.sum(axis: 1) }
    let first = { (x: Tensor<Double>) in x.slice(axis: 1, 0..<1).reshaped([count]) }
    let noise = Tensor<Double>.normal([count, dimension], using: &generator)
    let ones = Tensor<Double>(repeating: 1, shape: [count])
    return Samples(
      values: h(q.sample(noise: noise)),
      pathwise: first(q.pathwiseGradients(noise: noise, of: h).mean),
      score: first(q.scoreFunctionGradients(noise: noise, weights: ones).mean))
  }
}

extension DiagonalNormal {
  // cell: path
  /// ∇h(μ + σε) with respect to μ and log σ², a row for each row of noise ε, of shape [n, d].
  ///
  /// `h` maps z of shape [n, d] to values of shape [n], row by row; it must be continuous, and
  /// differentiable but for single points (Kingma and Welling 2014, section 2.4).
  func pathwiseGradients(
    noise ε: Tensor<Scalar>, of h: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> DiagonalNormal {
    valueWithGradient(at: repeated(to: ε.shape)) { q in h(q.sample(noise: ε)).sum() }.gradient
  }
  // end

  // cell: score
  /// w ∇log Q(z), a row for each row of z = μ + σε, which counts as given. Unbiased where the
  /// weights w, of shape [n], are h(z) − b and the baseline b does not depend on the row's own ε
  /// (Williams 1992). Only values of h are needed, so it need not be continuous.
  func scoreFunctionGradients(
    noise ε: Tensor<Scalar>, weights w: Tensor<Scalar>
  ) -> DiagonalNormal {
    let z = sample(noise: ε).detached
    return valueWithGradient(at: repeated(to: ε.shape)) { q in
      (w * q.logProbability(of: z)).sum()
    }.gradient
  }
  // end

  /// The same distribution for each row, so that each row has a gradient of its own.
  private func repeated(to shape: [Int]) -> DiagonalNormal {
    DiagonalNormal(
      mean: mean.broadcast(to: shape), logVariance: logVariance.broadcast(to: shape))
  }
}
