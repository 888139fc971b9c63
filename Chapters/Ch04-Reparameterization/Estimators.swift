import Autodiff
import Notebook
import Probability

/// The variances of three estimates of a derivative, for some d or n.
struct Spread {
  static let names = ["pathwise", "score, best b", "score, b = 0"]
  let size: Int
  let exact: [Double]
  /// The squared deviations from the true derivative: their means estimate the variances.
  let squares: [Tensor<Double>]

  /// The estimates from n draws at a time, over many such batches.
  init(_ example: SquaredNorm, _ draws: SquaredNorm.Draws, batch n: Int = 1, size: Int) {
    self.size = size
    let b = example.bestBaseline
    exact = [
      example.pathwiseVariance, example.scoreFunctionVariance(baseline: b),
      example.scoreFunctionVariance(baseline: 0),
    ].map { $0 / Double(n) }
    squares = [
      draws.pathwise, (draws.values - b) * draws.score, draws.values * draws.score,
    ].map { estimates in
      let means = estimates.reshaped([estimates.count / n, n]).mean(axis: 1)
      return (means - example.derivative).squared
    }
  }

  var measured: [Double] { squares.map { $0.mean().scalar } }

  /// The variance of the score function's estimate over that of the path's. From the same draws, a
  /// ratio r = a/b is off as a − rb is, over b.
  func ratio(_ index: Int) -> Check.Evidence {
    let ratio = exact[index] / exact[0]
    let error = MonteCarloEstimate((squares[index] - ratio * squares[0]).scalars)
    return .measured(
      Quantity("measured", measured[index] / measured[0]),
      expected: Quantity("closed form", ratio), standardError: error.standardError / measured[0])
  }

  static func plot(_ spreads: [Spread], _ title: String, against label: String) -> Plot {
    let sizes = spreads.map { Double($0.size) }
    return Plot(
      title, x: Axis(label, scale: .logarithmic), y: Axis("variance", scale: .logarithmic),
      layers: names.enumerated().flatMap { index, name -> [Plot.Layer] in
        [
          .line(.init(name, x: sizes, y: spreads.map { $0.exact[index] })),
          .points(.init(x: sizes, y: spreads.map { $0.measured[index] })),
        ]
      })
  }
}

extension Reparameterization {
  static func compareEstimators(
    sigma: Double, _ count: Int, largest: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.3", "The score function, and what it costs")
    page.prose(
      """
      Another unbiased gradient needs no way through z: the score ∇log Q(z), weighted with the value \
      h(z) less a baseline b that the draw has no part in.
      """)
    page.equation(
      #"\nabla \mathbb{E}_{z \sim Q}[h(z)] = \mathbb{E}_{z \sim Q}[(h(z) - b) \nabla \log Q(z)]"#)
    page.prose(
      """
      Take h(z) = ‖z‖² in d dimensions, z from N(μ, σ²I) with μ = (1, …, 1) and σ = \(sigma): the \
      derivative with respect to μ₁ is 2. Look at how the variance of the estimate from a single draw \
      grows with d: not at all; in proportion; as the square.
      """)
    var generator = generator
    let dimensions = [1, 4, 16, 64, 256].filter { $0 < largest } + [largest]
    let spreads = dimensions.map { d in
      let example = SquaredNorm(dimension: d, standardDeviation: sigma)
      // A million numbers are enough, and do not fill the memory.
      let draws = example.draws(min(count, (1 << 20) / d), using: &generator)
      return Spread(example, draws, size: d)
    }
    page.table(
      [.right("d")] + Spread.names.flatMap { [.right($0), .right("exact")] },
      rows: spreads.map { spread in
        ["\(spread.size)"]
          + zip(spread.measured, spread.exact).flatMap {
            [$0, $1].map { formatted($0, digits: 4) }
          }
      }, caption: "The variance of the estimate from one draw, measured and in closed form.")
    for (index, baseline) in [(1, "the best"), (2, "no")] {
      page.check(
        """
        In \(largest) dimensions the score function with \(baseline) baseline has so many times the \
        variance of the path.
        """, spreads.last!.ratio(index))
    }
    let square = Normal.standard.expectation { e in
      let estimate = (1 + sigma * e) * (1 + sigma * e) * e / sigma
      return estimate * estimate
    }
    let one = SquaredNorm(dimension: 1, standardDeviation: sigma)
    page.check(
      "For d = 1 and b = 0 the closed form is what quadrature gives.",
      .equal(
        Quantity("by quadrature", square - one.derivative * one.derivative),
        Quantity("closed form", one.scoreFunctionVariance(baseline: 0)), tolerance: 1e-10))

    let example = SquaredNorm(dimension: 16, standardDeviation: sigma)
    let draws = example.draws(min(count, 1 << 16) / 512 * 512, using: &generator)
    let sizes = [2, 8, 32, 128, 512]
    page.check(
      "Unbiased it is without a baseline, too: in 16 dimensions.",
      .measured(
        "mean of (h − 0) · score", MonteCarloEstimate((draws.values * draws.score).scalars), "true",
        example.derivative))
    page.figure(
      "What a gradient estimate costs",
      description: """
        Its variance on logarithmic axes, measured (points) and in closed form (lines). Left, from \
        one draw against d: the score function's rises with slope 1 or 2, the pathwise one's not at \
        all. Right, from n draws in 16 dimensions: all fall with slope −1, but from where?
        """,
      Spread.plot(spreads, "one draw", against: "d"),
      Spread.plot(
        sizes.map { Spread(example, draws, batch: $0, size: $0) }, "d = 16", against: "n"))
    estimateBaselines(example, draws, sizes: sizes, on: page)
  }

  /// A baseline that is itself estimated from the n draws of a batch, in two ways.
  static func estimateBaselines(
    _ example: SquaredNorm, _ draws: SquaredNorm.Draws, sizes: [Int], on page: Page
  ) {
    page.prose(
      """
      In practice b has to be estimated, and the mean of h over the batch comes to mind. But each \
      draw has a part in that, and 1/n of the gradient goes. The mean over the other n − 1 draws is a \
      proper baseline. In 16 dimensions:
      """)
    let means = sizes.map { n in
      let batches = [draws.values.count / n, n]
      let (h, score) = (draws.values.reshaped(batches), draws.score.reshaped(batches))
      let ofAll = h.mean(axis: 1, keepingAxis: true)
      let ofOthers = ofAll + (ofAll - h) / Double(n - 1)
      return [ofAll, ofOthers].map { MonteCarloEstimate(((h - $0) * score).mean(axis: 1).scalars) }
    }
    let expected = sizes.map { example.derivative * (1 - 1 / Double($0)) }
    page.table(
      [
        .right("n"), .right("b: mean of all"), .right("± se"), .right("2 (1 − 1/n)"),
        .right("b: mean of others"), .right("± se"),
      ],
      rows: sizes.indices.map {
        ["\(sizes[$0])"] + cells(means[$0][0]) + cells(expected[$0]) + cells(means[$0][1])
      })
    page.check(
      "With two draws and their own mean as the baseline, half of the gradient is missing.",
      .measured("mean estimate", means[0][0], "2 (1 − 1/2)", expected[0]))
    page.check(
      "With the other draw as the baseline nothing is.",
      .measured("mean estimate", means[0][1], "true", example.derivative))
  }
}
