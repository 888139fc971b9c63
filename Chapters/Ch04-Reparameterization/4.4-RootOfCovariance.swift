import Autodiff
import Claims
import Notebook
import Probability

/// 4.4 The root of Σ, not Σ itself: right and wrong ways to write a sample, in one and in two dimensions,
/// and what a wrong one does to the bound.
struct RootOfCovariance: SectionContent {
  let line: OneDimension
  let plane: TwoDimensions
  let broken: BrokenBound

  init(sigma: Double, count: Int, using generator: SeededGenerator) throws {
    var generator = generator
    line = OneDimension(sigma: sigma, count: count, using: &generator)
    plane = try TwoDimensions(count: count, using: &generator)
    broken = BrokenBound()
  }

  /// Ways to write a sample from N(1, σ²).
  struct OneDimension {
    let sigma: Double
    let names = ["μ + σ ε", "μ + σ² ε", "μ + (log σ²) ε", "(ε + μ) σ"]
    let means: [MonteCarloEstimate]
    let variances: [MonteCarloEstimate]

    init(sigma: Double, count: Int, using generator: inout SeededGenerator) {
      self.sigma = sigma
      // cell: line
      let (μ, σ) = (1.0, sigma)
      let ε = Tensor<Double>.normal([count], using: &generator)
      let recipes = [μ + σ * ε, μ + σ * σ * ε, μ + Double.log(σ * σ) * ε, (ε + μ) * σ]
      // end
      means = recipes.map { MonteCarloEstimate($0.scalars) }
      variances = zip(recipes, [1, 1, 1, sigma]).map { z, mean in
        MonteCarloEstimate((z - mean).squared.scalars)
      }
    }
  }

  /// A root of Σ, and Σ itself where its root belongs.
  struct TwoDimensions {
    static var mean: Tensor<Double> { Tensor([1, -1]) }
    static var covariance: Tensor<Double> { Tensor([2, 1.2, 1.2, 1], shape: [2, 2]) }
    /// μ + Lε with LLᵀ = Σ, and μ + Σε; each of shape [count, 2].
    let samples: [Tensor<Double>]
    /// What their covariances should be: Σ and Σ².
    let exact: [Tensor<Double>]
    /// The share of the samples inside the ellipse.
    let shares: [MonteCarloEstimate]
    /// The ellipse of two standard deviations, of shape [101, 2].
    let ellipse: Tensor<Double>

    init(count: Int, using generator: inout SeededGenerator) throws {
      let (mean, covariance) = (Self.mean, Self.covariance)
      let right = try MultivariateNormal(mean: mean, covariance: covariance)
      let (μ, Σ) = (mean, covariance)
      // cell: plane
      let L = try cholesky(Σ)  // lower triangular, with LLᵀ = Σ
      let ε = Tensor<Double>.normal([count, 2], using: &generator)  // a row for each sample
      let rightSamples = μ + matmul(ε, L.transposed())  // covariance LLᵀ = Σ
      let wrongSamples = μ + matmul(ε, Σ)  // covariance ΣΣᵀ = Σ²
      // end
      samples = [rightSamples, wrongSamples]
      exact = [covariance, matmul(covariance, covariance)]
      // Within two standard deviations the log density is at most 2 below its maximum.
      let edge = right.logProbability(of: mean.reshaped([1, 2])).scalar - 2
      shares = samples.map {
        MonteCarloEstimate(right.logProbability(of: $0).scalars.map { $0 >= edge ? 1 : 0 })
      }
      let angles = (0...100).map { Double($0) / 50 * .pi }
      ellipse = right.sample(
        noise: Tensor(angles.flatMap { [2 * Double.cos($0), 2 * .sin($0)] }, shape: [101, 2]))
    }

    /// An entry of the covariance of the samples.
    func entry(_ way: Int, _ i: Int, _ j: Int) -> MonteCarloEstimate {
      let centred = samples[way] - Self.mean
      return MonteCarloEstimate(zip(centred.column(i), centred.column(j)).map { $0 * $1 })
    }
  }

  /// A “bound” whose two terms use different Qs: the autoencoder of 4.1 with the prior N(0, 1), at its
  /// exact posterior.
  struct BrokenBound {
    let logEvidence: Double
    let posterior: Normal
    let weight = 1.2
    /// The sum of the bound’s two terms with z = μ + σε, and with z = μ + σ²ε.
    let bound: Double
    let wrongSum: Double

    init() {
      let (x, w) = (Autoencoder.x, weight)
      // cell: bound
      let evidence = Normal(mean: 0, variance: 0.5 + w * w).logProbability(of: x)  // log P(X)
      let q = Normal(mean: 2 * w * x / (1 + 2 * w * w), variance: 1 / (1 + 2 * w * w))  // P(z|X)
      // 𝔼[log P(X|z = μ + tε)] − D[Q ‖ P(z)], with the integral over ε by quadrature.
      func bound(_ t: Double) -> Double {
        Normal.standard.expectation { ε in
          Normal(mean: w * (q.mean + t * ε), variance: 0.5).logProbability(of: x)
        } - q.klDivergence(to: .standard)
      }
      let right = bound(q.standardDeviation)
      let wrong = bound(q.variance)
      // end
      (logEvidence, posterior, self.bound, wrongSum) = (evidence, q, right, wrong)
    }

    /// w²(σ² − σ⁴), by which the wrong sum exceeds log P(X).
    var excess: Double {
      let variance = posterior.variance
      return weight * weight * (variance - variance * variance)
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      Four formulas that are meant to give a sample from N(μ, σ²), with μ = 1 and σ = \
      \(formatted(line.sigma, digits: 2)). Only one of them does. Which?
      """)
    page.code("line")
    showLine(on: page)

    page.lead("In two dimensions: a root of Σ, and Σ itself where its root belongs.")
    page.code("plane")
    showPlane(on: page)

    page.lead(
      """
      What harm does the mistake do? With z = μ + σ²ε but the divergence of N(μ, σ²), the sum of the \
      two terms is no longer a bound.
      """)
    page.code("bound")
    page.check(
      "With z = μ + σε the bound at the exact posterior is log P(X).",
      .equal(
        Quantity("bound", broken.bound), Quantity("log P(X)", broken.logEvidence),
        tolerance: 1e-10))
    page.check(
      """
      With z = μ + σ²ε the sum exceeds log P(X) by w²(σ² − σ⁴) = \
      \(formatted(broken.excess, decimals: 3)).
      """,
      .equal(
        Quantity("sum − log P(X)", broken.wrongSum - broken.logEvidence),
        Quantity("w² (σ² − σ⁴)", broken.excess), tolerance: 1e-10))
  }

  private func showLine(on page: Page) {
    let variance = line.sigma * line.sigma
    page.table(
      [.left("z"), .right("mean"), .right("± s.e."), .right("variance"), .right("± s.e.")],
      rows: line.names.indices.map {
        [line.names[$0]] + cells(line.means[$0]) + cells(line.variances[$0])
      }, caption: "The mean should be 1, and the variance \(formatted(variance, decimals: 4)).")
    page.check("μ + σε has the mean μ.", .measured("mean", line.means[0], expected: 1, "μ"))
    page.check(
      "μ + σε has the variance σ².",
      .measured("variance", line.variances[0], expected: variance, "σ²"))
    page.check(
      "μ + σ²ε has the variance σ⁴.",
      .measured("variance", line.variances[1], expected: variance * variance, "σ⁴"))
    page.check(
      "(ε + μ)σ has the mean μσ.", .measured("mean", line.means[3], expected: line.sigma, "μσ"))
    if line.sigma == 1 {
      page.note("σ = 1", "Some of the mistakes cannot be seen here, because 1 is its own square.")
    }
  }

  private func showPlane(on page: Page) {
    let names = ["L", "Σ"]
    page.table(
      [
        .left("z"), .left("entry"), .right("of the samples"), .right("± s.e."), .right("AAᵀ"),
        .right("Σ"),
      ],
      rows: (0..<2).flatMap { way in
        [(0, 0), (1, 1), (0, 1)].map { i, j in
          ["μ + \(names[way])ε", "\(i + 1), \(j + 1)"] + cells(plane.entry(way, i, j))
            + cells(plane.exact[way][i, j], TwoDimensions.covariance[i, j])
        }
      },
      caption: "The entries of the covariance of z = μ + Aε, measured and exact, beside those of Σ."
    )
    for (way, entry) in ["Σ₁₂", "(Σ²)₁₂"].enumerated() {
      page.check(
        "With z = μ + \(names[way])ε the covariance of z₁ and z₂ is \(entry).",
        .measured(
          "of the samples", plane.entry(way, 0, 1), expected: plane.exact[way][0, 1], entry))
    }
    page.check(
      "Of the samples μ + Lε, a share of 1 − e⁻² lies inside the ellipse of two standard deviations.",
      .measured("share", plane.shares[0], expected: 1 - .exp(-2), "1 − e⁻²"))
    let plots = zip(names, plane.samples).map { name, z in
      Plot(
        "z = μ + \(name)ε", x: Axis("z₁", range: -7...9), y: Axis("z₂", range: -7...5),
        hasEqualAspect: true,
        layers: [
          .points(
            .init("z", x: Array(z.column(0).prefix(400)), y: Array(z.column(1).prefix(400)))),
          .line(.init("2σ of Σ", x: plane.ellipse.column(0), y: plane.ellipse.column(1))),
        ])
    }
    page.figure(
      "Samples that should have the covariance Σ",
      description: """
        400 samples each. Of all samples, 86 % should lie inside the ellipse of two standard \
        deviations of Σ. On the left they do. On the right the cloud is too long and too thin, and \
        only \(formatted(100 * plane.shares[1].mean, decimals: 0)) % do.
        """, plots[0], plots[1])
  }
}

extension Tensor<Double> {
  /// A column of a matrix.
  fileprivate func column(_ index: Int) -> [Double] {
    slice(axis: 1, index..<(index + 1)).scalars
  }
}
