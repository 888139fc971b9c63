import Autodiff
import Datasets
import Kernels
import Notebook
import Probability

extension Reparameterization {
  /// The covariance of sections 4.4 and 4.6, and the mean.
  static var covariance: Tensor<Double> { Tensor([2, 1.2, 1.2, 1], shape: [2, 2]) }
  static var mean: Tensor<Double> { Tensor([1, -1]) }

  // MARK: - 4.4

  /// A way to make z from ε that somebody has written, and what it gives.
  struct Recipe {
    let name: String
    let z: Tensor<Double>
    let mean: Double
    let variance: Double

    var estimatedMean: MonteCarloEstimate { MonteCarloEstimate(z.scalars) }
    /// The mean is known, so that the squared deviations are independent and unbiased.
    var estimatedVariance: MonteCarloEstimate {
      MonteCarloEstimate((z - Tensor(mean)).squared.scalars)
    }
  }

  static func recipes(sigma: Double, noise: Tensor<Double>) -> [Recipe] {
    let (mu, variance) = (1.0, sigma * sigma)
    let logVariance = Double.log(variance)
    func recipe(_ name: String, factor: Double) -> Recipe {
      Recipe(
        name: name, z: Tensor(mu) + Tensor(factor) * noise, mean: mu, variance: factor * factor)
    }
    return [
      recipe("μ + σ ε", factor: sigma),
      recipe("μ + σ² ε", factor: variance),
      recipe("μ + exp(log σ²) ε", factor: .exp(logVariance)),
      recipe("μ + (log σ²) ε", factor: logVariance),
      Recipe(
        name: "(ε + μ) σ", z: (noise + Tensor(mu)) * Tensor(sigma), mean: mu * sigma,
        variance: variance),
    ]
  }

  static func takeTheRoot(
    sigma: Double, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.4", "It is Σ^½ and not Σ")
    page.prose(
      """
      Five ways to write the draw from N(μ, σ²), with μ = 1 and σ = \(sigma): all have been seen in \
      programs, one is right. Look for the row with mean 1 and variance \
      \(formatted(sigma * sigma, digits: 4)).
      """)
    var generator = generator
    let all = recipes(sigma: sigma, noise: .normal([count], using: &generator))
    page.table(
      [
        .left("z"), .right("mean"), .right("± se"), .right("variance"), .right("± se"),
      ],
      rows: all.map { recipe in
        [recipe.name]
          + [recipe.estimatedMean, recipe.estimatedVariance].flatMap {
            [formatted($0.mean, decimals: 4), formatted($0.standardError, decimals: 4)]
          }
      })
    page.check(
      "μ + σε has the mean μ.", .measured("mean", all[0].estimatedMean, "μ", all[0].mean))
    page.check(
      "μ + σε has the variance σ².",
      .measured("variance", all[0].estimatedVariance, "σ²", sigma * sigma))
    page.check(
      "μ + σ²ε has the variance σ⁴.",
      .measured("variance", all[1].estimatedVariance, "σ⁴", sigma * sigma * sigma * sigma))
    page.check(
      "(ε + μ)σ has the mean μσ.", .measured("mean", all[4].estimatedMean, "μσ", sigma))
    if sigma == 1 { page.note("σ = 1", "Here the mistakes hide: 1 is its own square.") }
    compareCovariances(count, &generator, on: page)
    breakTheBound(on: page)
  }

  /// Two dimensions: A with AAᵀ = Σ, and Σ itself in its place.
  static func compareCovariances(
    _ count: Int, _ generator: inout SeededGenerator, on page: Page
  ) {
    page.prose(
      """
      The same in two dimensions: z = μ + Aε has the covariance AAᵀ. So A must be a root of Σ, \
      such as the Cholesky factor L with LLᵀ = Σ. With A = Σ the covariance is Σ².
      """)
    let right = MultivariateNormal(mean: mean, choleskyFactor: try! cholesky(covariance))
    let noise = Tensor<Double>.normal([count, 2], using: &generator)
    let draws = [right.sample(noise: noise), mean + matmul(noise, covariance)]
    let wanted = [covariance, matmul(covariance, covariance)]
    var rows: [[String]] = []
    for (name, z, expected) in [("L", draws[0], wanted[0]), ("Σ", draws[1], wanted[1])] {
      for (i, j) in [(0, 0), (0, 1), (1, 1)] {
        let estimate = crossMoment(z - mean, i, j)
        rows.append(
          ["μ + \(name)ε", "\(i + 1), \(j + 1)"]
            + [estimate.mean, estimate.standardError, covariance[i, j], expected[i, j]].map {
              formatted($0, decimals: 3)
            })
        page.check(
          "With A = \(name) the covariance of z\(i == 0 ? "₁" : "₂") and z\(j == 0 ? "₁" : "₂") is that of \(name == "L" ? "Σ" : "Σ²").",
          .measured("sample", estimate, name == "L" ? "Σ" : "Σ²", expected[i, j]))
      }
    }
    page.table(
      [
        .left("z"), .left("entry"), .right("sample"), .right("± se"), .right("Σ"), .right("AAᵀ"),
      ], rows: rows)
    let angles = (0...100).map { Double($0) / 100 * 2 * .pi }
    let circle = Tensor(angles.flatMap { [2 * Double.cos($0), 2 * .sin($0)] }, shape: [101, 2])
    let ellipse = right.sample(noise: circle)
    let plot = { (title: String, z: Tensor<Double>) in
      Plot(
        title, x: Axis("z₁", range: -7...9), y: Axis("z₂", range: -7...5), hasEqualAspect: true,
        layers: [
          .points(.init(x: column(z, 0, first: 400), y: column(z, 1, first: 400))),
          .line(.init("2 standard deviations of Σ", x: column(ellipse, 0), y: column(ellipse, 1))),
        ])
    }
    page.figure(
      "Draws that should have the covariance Σ",
      description: """
        400 draws each. Left, z = μ + Lε: 86 of 100 lie within the ellipse. Right, z = μ + Σε: too \
        long, too thin, and turned.
        """, plot("A = L", draws[0]), plot("A = Σ", draws[1]))
  }

  /// A bound whose two terms use different Qs bounds nothing.
  static func breakTheBound(on page: Page) {
    page.prose(
      """
      What harm does it do? Take the autoencoder of 4.1 with the prior N(0, 1) and Q the exact \
      posterior. There the bound of chapter 3 is log P(X) itself. If z is drawn as μ + σ²ε while the \
      divergence is that of N(μ, σ²), too narrow a z flatters the reconstruction: the sum is above \
      log P(X), and no bound at all.
      """)
    let (x, w) = (Autoencoder.x, 1.2)
    let evidence = Normal(mean: 0, variance: 0.5 + w * w).logProbability(of: x)
    let posterior = Normal(mean: 2 * w * x / (1 + 2 * w * w), variance: 1 / (1 + 2 * w * w))
    let divergence = posterior.klDivergence(to: .standard)
    let bound = { (factor: Double) in
      Normal.standard.expectation { e in
        Normal(mean: w * (posterior.mean + factor * e), variance: 0.5).logProbability(of: x)
      } - divergence
    }
    let excess = w * w * (posterior.variance - posterior.variance * posterior.variance)
    page.check(
      "With z = μ + σε the bound at the exact posterior is log P(X).",
      .equal(
        Quantity("bound", bound(posterior.standardDeviation)), Quantity("log P(X)", evidence),
        tolerance: 1e-10))
    page.check(
      "With z = μ + σ²ε it is too high by w²(σ² − σ⁴).",
      .equal(
        Quantity("\"bound\" − log P(X)", bound(posterior.variance) - evidence),
        Quantity("w² (σ² − σ⁴)", excess), tolerance: 1e-10))
  }

  // MARK: - 4.6

  static func goFurther(_ count: Int, _ generator: SeededGenerator, on page: Page) {
    page.section("4.6", "Full covariances, and what has no such trick")
    var generator = generator
    learnCovariance(count, &generator, on: page)
    invertDistribution(count, &generator, on: page)
    drawDiscrete(count, &generator, on: page)
  }

  static func learnCovariance(_ count: Int, _ generator: inout SeededGenerator, on page: Page) {
    page.prose(
      """
      z = μ + Lε, with L a lower triangle, is a smooth function of μ and L: it works for any \
      covariance. The mean of h(z) = z₁z₂ is μ₁μ₂ + Σ₁₂, and Σ₁₂ = L₁₁L₂₁. Its derivatives with \
      respect to L are known, then:
      """)
    let factor = try! cholesky(covariance)
    let noise = Tensor<Double>.normal([100, count / 100, 2], using: &generator)
    // 100 gradients, each the mean over one block of the noise.
    let gradients = (0..<100).map { block in
      valueWithGradient(at: factor) { factor in
        let rows = noise.slice(axis: 0, block..<(block + 1)).reshaped([count / 100, 2])
        let z = MultivariateNormal(mean: mean, choleskyFactor: factor).sample(noise: rows)
        return (z.slice(axis: 1, 0..<1) * z.slice(axis: 1, 1..<2)).mean()
      }.gradient
    }
    let exact = [(0, 0, factor[1, 0]), (1, 0, factor[0, 0]), (1, 1, 0.0)]
    for (i, j, derivative) in exact {
      page.check(
        "The pathwise derivative of E[z₁z₂] with respect to L\(i == 0 ? "₁" : "₂")\(j == 0 ? "₁" : "₂").",
        .measured("mean", MonteCarloEstimate(gradients.map { $0[i, j] }), "exact", derivative))
    }
  }

  static func invertDistribution(
    _ count: Int, _ generator: inout SeededGenerator, on page: Page
  ) {
    page.prose(
      """
      Nor need z be normal. If the distribution function can be inverted, z = F⁻¹(u) with u uniform \
      will do: an exponential z with rate λ = 2 is −log(1 − u)/λ, E[z] = 1/λ, and the derivative \
      with respect to λ is −1/λ².
      """)
    let u = Tensor<Double>.uniform([count], using: &generator)
    let rates = Tensor<Double>(repeating: 2, shape: [count])
    let gradient = valueWithGradient(at: rates) { (-log(1 - u) / $0).sum() }.gradient
    page.check(
      "The pathwise derivative of an exponential mean.",
      .measured("mean", MonteCarloEstimate(gradient.scalars), "−1/λ²", -0.25))
  }

  static func drawDiscrete(_ count: Int, _ generator: inout SeededGenerator, on page: Page) {
    let (probability, target) = (0.3, 0.45)
    let logit = Double.log(probability / (1 - probability))
    page.prose(
      """
      But a z that is 0 or 1 is a step: z = 1 if u < p, with p = \(probability). Between steps it \
      does not move with p, and at a step it has no derivative: the path gives 0. The score \
      function does not mind. A way between is to soften the step to sigmoid((log(p/(1 − p)) + \
      noise)/τ), the Gumbel-softmax trick for two classes: a gradient, but of another expectation. \
      Take h(z) = (z − \(target))², and look at what τ trades.
      """)
    let h = { (z: Tensor<Double>) in (z - Tensor(target)).squared }
    let logits = Tensor<Double>(repeating: logit, shape: [count, 1])
    let u = Tensor<Double>.uniform([count, 1], using: &generator)
    let z = Bernoulli(logits: logits).sample(using: &generator)
    let noise = log(u) - log(1 - u)
    let estimate = { (loss: (Tensor<Double>) -> Tensor<Double>) in
      MonteCarloEstimate(valueWithGradient(at: logits) { loss($0).sum() }.gradient.scalars)
    }
    let through = estimate { h(Bernoulli(logits: $0).sample(using: &generator)) }
    let score = estimate { h(z).reshaped([count]) * Bernoulli(logits: $0).logProbability(of: z) }
    let temperatures = [1, 0.5, 0.1]
    let relaxed = temperatures.map { t in
      estimate { h(sigmoid(($0 + noise) / Tensor(t))) }
    }
    let exact = probability * (1 - probability) * (1 - 2 * target)
    page.table(
      [.left("gradient"), .right("mean"), .right("standard error"), .right("sd of a draw")],
      rows: zip(
        ["through the draw", "score function"] + temperatures.map { "softened, τ = \($0)" },
        [through, score] + relaxed
      ).map { name, estimate in
        [
          name, formatted(estimate.mean, decimals: 5),
          formatted(estimate.standardError, decimals: 5),
          formatted(estimate.variance.squareRoot(), decimals: 4),
        ]
      },
      caption:
        "The derivative of E[h(z)] with respect to log(p/(1 − p)) is \(formatted(exact, decimals: 5))."
    )
    page.check(
      "Nothing comes through a discrete draw.",
      .sameBits(Quantity("mean", through.mean), Quantity("nothing", 0)))
    page.check("The score function is unbiased.", .measured("mean", score, "exact", exact))
    for (temperature, estimate) in zip(temperatures, relaxed) {
      // h′(s) s(1 − s)/τ with s = sigmoid(…), integrated over u.
      let integral = integrate(
        { u in
          let s = Double.sigmoid((logit + .log(u) - .log1p(-u)) / temperature)
          return 2 * (s - target) * s * (1 - s) / temperature
        }, from: 0, to: 1)
      page.check(
        "Softened with τ = \(temperature) it is the gradient of another expectation.",
        .measured("mean", estimate, "by quadrature", integral.value))
    }
    let inputs = (0...120).map { Double($0) / 15 - 4 }
    page.figure(
      "A draw as a function of its parameter",
      description: """
        z against the logit of p for one fixed u = ½: the draw is a step, with slope 0 wherever it \
        has one; softened, it has a slope, and a value between 0 and 1.
        """,
      Plot(
        x: Axis("log(p/(1 − p))"), y: Axis("z"),
        layers: [.line(.init("drawn", x: inputs, y: inputs.map { $0 > 0 ? 1 : 0 }))]
          + [1, 0.2].map { t in
            .line(.init("τ = \(t)", x: inputs, y: inputs.map { Double.sigmoid($0 / t) }))
          }))
  }

  // MARK: - 4.5

  /// N examples, each with the error (X − wz)² + D[Q‖P(z)], and an encoder μ(X) = aX.
  struct Minibatches {
    static let count = 1000
    static let (a, w) = (0.1, 1.2)
    let sigma: Double
    let data: Tensor<Double>

    init(sigma: Double, using generator: inout SeededGenerator) {
      self.sigma = sigma
      data = 4 * Tensor.uniform([Self.count, 1], using: &generator) - 2
    }

    /// The examples' expected derivatives with respect to a.
    var slopes: MonteCarloEstimate {
      let (a, w) = (Self.a, Self.w)
      return MonteCarloEstimate(data.scalars.map { x in (a * (1 + 2 * w * w) - 2 * w) * x * x })
    }

    /// What ε adds to the variance of an example's derivative, 2w²σXε, on average over examples.
    var noiseVariance: Double {
      let factor = 2 * Self.w * Self.w * sigma
      return factor * factor * data.squared.mean().scalar
    }

    /// The variance of N/M times the sum over M examples, each with the mean over L draws of ε.
    func variance(size: Int, draws: Int, isReplaced: Bool) -> Double {
      let (n, m, l) = (Double(Self.count), Double(size), Double(draws))
      let correction = isReplaced ? (n - 1) / n : 1 - m / n
      return n * n / m * (correction * slopes.variance + noiseVariance / l)
    }

    /// The estimates of many batches.
    func gradients(
      size: Int, draws: Int, isReplaced: Bool, repeats: Int,
      using generator: inout SeededGenerator
    ) -> [Double] {
      let indices = (0..<repeats).flatMap { _ in
        let batch =
          isReplaced
          ? (0..<size).map { _ in generator.integer(below: Self.count) }
          : shuffledBatches(of: Self.count, size: size, using: &generator)[0]
        return Array([[Int]](repeating: batch, count: draws).joined())
      }
      let x = data.rows(indices).reshaped([repeats, size * draws])
      let noise = Tensor<Double>.normal(x.shape, using: &generator)
      let copies = Tensor(repeating: Self.a, shape: [repeats, 1])
      let sums = valueWithGradient(at: copies) { a in
        let mean = a * x
        let error = (x - Tensor(Self.w) * (mean + Tensor(sigma) * noise)).squared
        // Of the divergence, ½μ² is what depends on a.
        return (error + 0.5 * mean.squared).sum()
      }.gradient
      return (sums * Tensor(Double(Self.count) / Double(size * draws))).scalars
    }
  }

  static func takeMinibatches(
    of size: Int, sigma: Double, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.5", "Minibatches")
    page.prose(
      """
      The loss is a sum over N = \(Minibatches.count) examples. A minibatch takes M of them, one ε \
      each, and multiplies by N/M. Here the parameter is a in μ(X) = aX. Look at what the variance \
      becomes with ten times as many draws for each example, and with ten times as many examples.
      """)
    var generator = generator
    let data = Minibatches(sigma: sigma, using: &generator)
    let schemes = [
      (size, 1, false), (size, 1, true), (size, 10, false), (10 * size, 1, false),
    ]
    let total = Double(Minibatches.count) * data.slopes.mean
    var rows: [[String]] = []
    var checks: [(String, Check.Evidence)] = []
    for (m, l, isReplaced) in schemes {
      let gradients = data.gradients(
        size: m, draws: l, isReplaced: isReplaced, repeats: 2000, using: &generator)
      let squares = MonteCarloEstimate(gradients.map { ($0 - total) * ($0 - total) })
      let exact = data.variance(size: m, draws: l, isReplaced: isReplaced)
      rows.append(
        ["\(m)", "\(l)", isReplaced ? "yes" : "no", "\(m * l)"]
          + [squares.mean, squares.standardError, exact].map { formatted($0, digits: 4) })
      if rows.count == 1 {
        checks.append(
          (
            "The scaled minibatch is unbiased.",
            .measured("mean", MonteCarloEstimate(gradients), "over all examples", total)
          ))
      }
      checks.append(
        (
          "M = \(m), L = \(l)\(isReplaced ? ", with replacement" : ""): the variance is the closed form's.",
          .measured("variance", squares, "closed form", exact)
        ))
    }
    page.table(
      [
        .right("M"), .right("L"), .left("again?"), .right("draws of ε"), .right("variance"),
        .right("± se"), .right("closed form"),
      ], rows: rows,
      caption: "L draws of ε for each of M examples; \"again\" if one may be taken twice.")
    for (claim, evidence) in checks { page.check(claim, evidence) }
  }

  // MARK: - Columns

  static func column(_ z: Tensor<Double>, _ index: Int, first count: Int? = nil) -> [Double] {
    Array(z.slice(axis: 1, index..<(index + 1)).scalars.prefix(count ?? z.shape[0]))
  }

  /// E[(zᵢ zⱼ)] of centred draws.
  static func crossMoment(_ z: Tensor<Double>, _ i: Int, _ j: Int) -> MonteCarloEstimate {
    MonteCarloEstimate(
      (z.slice(axis: 1, i..<(i + 1)) * z.slice(axis: 1, j..<(j + 1))).scalars)
  }
}
