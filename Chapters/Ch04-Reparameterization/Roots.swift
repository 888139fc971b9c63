import Autodiff
import Kernels
import Notebook
import Probability

extension Reparameterization {
  static var mean: Tensor<Double> { Tensor([1, -1]) }
  static var covariance: Tensor<Double> { Tensor([2, 1.2, 1.2, 1], shape: [2, 2]) }

  static func takeTheRoot(
    sigma: Double, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) throws {
    page.section("4.4", "It is Σ^½ and not Σ")
    var generator = generator
    compareRecipes(sigma: sigma, count, &generator, on: page)
    try compareCovariances(count, &generator, on: page)
    breakTheBound(on: page)
  }

  /// One dimension: ways to write the draw that have been seen in programs.
  static func compareRecipes(
    sigma: Double, _ count: Int, _ generator: inout SeededGenerator, on page: Page
  ) {
    let variance = sigma * sigma
    page.prose(
      """
      Ways to write a draw from N(μ, σ²), with μ = 1 and σ = \(sigma). All have been seen in \
      programs; one is right. Which has mean 1 and variance \(formatted(variance, digits: 4))?
      """)
    let noise = Tensor<Double>.normal([count], using: &generator)
    let factor = { (factor: Double) in 1 + factor * noise }
    let recipes = [
      ("μ + σ ε", factor(sigma)), ("μ + σ² ε", factor(variance)),
      ("μ + (log σ²) ε", factor(.log(variance))), ("(ε + μ) σ", (noise + 1) * sigma),
    ]
    let means = recipes.map { MonteCarloEstimate($0.1.scalars) }
    let variances = zip(recipes, [1, 1, 1, sigma]).map { recipe, mean in
      MonteCarloEstimate((recipe.1 - mean).squared.scalars)
    }
    page.table(
      [.left("z"), .right("mean"), .right("± se"), .right("variance"), .right("± se")],
      rows: recipes.indices.map { [recipes[$0].0] + cells(means[$0]) + cells(variances[$0]) })
    page.check("μ + σε has the mean μ.", .measured("mean", means[0], "μ", 1))
    page.check("μ + σε has the variance σ².", .measured("variance", variances[0], "σ²", variance))
    page.check(
      "μ + σ²ε has the variance σ⁴.",
      .measured("variance", variances[1], "σ⁴", variance * variance))
    page.check("(ε + μ)σ has the mean μσ.", .measured("mean", means[3], "μσ", sigma))
    if sigma == 1 { page.note("σ = 1", "Here some mistakes hide: 1 is its own square.") }
  }

  /// Two dimensions: a root of Σ, and Σ itself in its place.
  static func compareCovariances(
    _ count: Int, _ generator: inout SeededGenerator, on page: Page
  ) throws {
    page.prose(
      """
      In two dimensions z = μ + Aε has the covariance AAᵀ, so that A must be a root of Σ, such as the \
      Cholesky factor L with LLᵀ = Σ. With A = Σ the covariance is Σ².
      """)
    let right = try MultivariateNormal(mean: mean, covariance: covariance)
    let noise = Tensor<Double>.normal([count, 2], using: &generator)
    let names = ["L", "Σ"]
    let draws = [right.sample(noise: noise), mean + matmul(noise, covariance)]
    let exact = [covariance, matmul(covariance, covariance)]
    var rows: [[String]] = []
    var offDiagonal: [MonteCarloEstimate] = []
    for way in 0..<2 {
      for (i, j) in [(0, 0), (1, 1), (0, 1)] {
        let centred = draws[way] - mean
        let entry = MonteCarloEstimate(
          zip(column(centred, i), column(centred, j)).map { $0 * $1 })
        rows.append(
          ["μ + \(names[way])ε", "\(i + 1), \(j + 1)"] + cells(entry)
            + cells(exact[way][i, j], covariance[i, j]))
        if i != j { offDiagonal.append(entry) }
      }
    }
    page.table(
      [
        .left("z"), .left("entry"), .right("of the draws"), .right("± se"), .right("AAᵀ"),
        .right("Σ"),
      ], rows: rows)
    for (way, square) in ["Σ", "Σ²"].enumerated() {
      page.check(
        "Of μ + \(names[way])ε, z₁ and z₂ have the covariance that \(square) says.",
        .measured("of the draws", offDiagonal[way], square, exact[way][0, 1]))
    }
    // Within two standard deviations the log density is at most 2 below its maximum.
    let edge = right.logProbability(of: mean.reshaped([1, 2])).scalar - 2
    let shares = draws.map {
      MonteCarloEstimate(right.logProbability(of: $0).scalars.map { $0 >= edge ? 1 : 0 })
    }
    page.check(
      "Of μ + Lε, 1 − e⁻² lie within two standard deviations of Σ.",
      .measured("share of the draws", shares[0], "1 − e⁻²", 1 - .exp(-2)))
    let angles = (0...100).map { Double($0) / 50 * .pi }
    let ellipse = right.sample(
      noise: Tensor(angles.flatMap { [2 * Double.cos($0), 2 * .sin($0)] }, shape: [101, 2]))
    let plots = zip(names, draws).map { name, z in
      Plot(
        "z = μ + \(name)ε", x: Axis("z₁", range: -7...9), y: Axis("z₂", range: -7...5),
        hasEqualAspect: true,
        layers: [
          .points(.init("z", x: column(z, 0, first: 400), y: column(z, 1, first: 400))),
          .line(.init("2σ of Σ", x: column(ellipse, 0), y: column(ellipse, 1))),
        ])
    }
    page.figure(
      "Draws that should have the covariance Σ",
      description: """
        400 draws each. Within the ellipse, two standard deviations of Σ, should be 86 of 100: left \
        they are; right, where the cloud is too long, and too thin, there are \
        \(formatted(100 * shares[1].mean, decimals: 0)).
        """, plots[0], plots[1])
  }

  static func column(_ x: Tensor<Double>, _ index: Int, first count: Int? = nil) -> [Double] {
    Array(x.slice(axis: 1, index..<(index + 1)).scalars.prefix(count ?? x.shape[0]))
  }

  /// A bound whose two terms use different Qs bounds nothing.
  static func breakTheBound(on page: Page) {
    page.prose(
      """
      What harm is in it? Take the autoencoder of 4.1 with the prior N(0, 1), and the exact posterior \
      for Q: there the bound of chapter 3 equals log P(X). Draw z = μ + σ²ε, and keep the divergence \
      of N(μ, σ²): the narrow z flatters the reconstruction, and the sum is a bound no more.
      """)
    let (x, w) = (Autoencoder.x, 1.2)
    let evidence = Normal(mean: 0, variance: 0.5 + w * w).logProbability(of: x)
    let posterior = Normal(mean: 2 * w * x / (1 + 2 * w * w), variance: 1 / (1 + 2 * w * w))
    let bound = { (factor: Double) in
      Normal.standard.expectation { e in
        Normal(mean: w * (posterior.mean + factor * e), variance: 0.5).logProbability(of: x)
      } - posterior.klDivergence(to: .standard)
    }
    let variance = posterior.variance
    page.check(
      "With z = μ + σε the bound at the exact posterior is log P(X).",
      .equal(
        Quantity("bound", bound(posterior.standardDeviation)), Quantity("log P(X)", evidence),
        tolerance: 1e-10))
    page.check(
      "With z = μ + σ²ε the sum is above log P(X), by w²(σ² − σ⁴).",
      .equal(
        Quantity("sum − log P(X)", bound(variance) - evidence),
        Quantity("w² (σ² − σ⁴)", w * w * (variance - variance * variance)), tolerance: 1e-10))
  }
}
