import Autodiff
import Claims
import Notebook
import Probability

/// 4.6 Full covariances, and what has no such trick: pathwise derivatives for a full covariance and for
/// an exponential distribution, and a discrete z, for which there is none.
struct BeyondDiagonalNormals: SectionContent {
  /// The derivatives of E[z₁z₂] with respect to L₁₁, L₂₁ and L₂₂.
  let products: [MonteCarloEstimate]
  let exactProducts: [Double]
  /// The derivative of an exponential's mean with respect to its rate, at λ = 2.
  let rate: MonteCarloEstimate
  let step: DiscreteStep

  init(count: Int, using generator: SeededGenerator) throws {
    var generator = generator
    let factor = try cholesky(RootOfCovariance.TwoDimensions.covariance)
    // cell: covariance
    // z = μ + Lε with μ = (1, −1): z₁ = 1 + L₁₁ε₁ and z₂ = L₂₁ε₁ + L₂₂ε₂ − 1.
    let ε1 = Tensor<Double>.normal([count], using: &generator)
    let ε2 = Tensor<Double>.normal([count], using: &generator)
    let entries = [factor[0, 0], factor[1, 0], factor[1, 1]].map { Tensor($0) }
    products = derivativeEstimates(at: entries, count: count) { L in
      (1 + L[0] * ε1) * (L[1] * ε1 + L[2] * ε2 - 1)
    }
    // end
    exactProducts = [factor[1, 0], factor[0, 0], 0]
    // cell: exponential
    // z = F⁻¹(u) = −log(1 − u)/λ is exponential with rate λ.
    let u = Tensor<Double>.uniform([count], using: &generator)
    rate = derivativeEstimates(at: Tensor<Double>(2), count: count) { λ in -log(1 - u) / λ }[0]
    // end
    step = DiscreteStep(count: count, using: &generator)
  }

  func show(on page: Page) {
    page.lead(
      """
      The trick works for a full covariance, and for other distributions whose distribution function \
      has an inverse.
      """)
    page.code("covariance")
    page.code("exponential")
    for (index, entry) in ["L₁₁", "L₂₁", "L₂₂"].enumerated() {
      page.check(
        "The pathwise derivative of E[z₁z₂] with respect to \(entry) is correct.",
        .measured("pathwise", products[index], expected: exactProducts[index], "true"))
    }
    page.check(
      "The pathwise derivative of an exponential's mean with respect to its rate is −1/λ².",
      .measured("pathwise", rate, expected: -0.25, "−1/λ²"))

    page.lead(
      """
      A z that is 0 or 1 is a step, and no gradient comes through. Take h(z) = (z − \
      \(formatted(step.target, decimals: 2)))², and look at what softening the step with a \
      temperature τ trades.
      """)
    page.code("soft")
    page.code("score")
    step.show(on: page)
  }
}

/// z = 1 with probability p and 0 otherwise, and h(z) = (z − 0.45)²: estimates of the derivative of E[h]
/// with respect to l = log(p/(1 − p)).
struct DiscreteStep {
  let count: Int
  let probability = 0.3
  let target = 0.45
  let through: MonteCarloEstimate
  let score: MonteCarloEstimate
  /// By temperature τ, with the exact derivative of the softened expectation.
  let temperatures = [1, 0.5, 0.1]
  let softened: [MonteCarloEstimate]
  let integrals: [Double]
  /// How many z change between l − 10⁻⁹ and l + 10⁻⁹.
  let moved: Int

  init(count: Int, using generator: inout SeededGenerator) {
    self.count = count
    let (probability, target) = (probability, target)
    let logit = Double.log(probability / (1 - probability))
    let h = { (z: Tensor<Double>) in (z - target).squared }
    let estimate = { derivativeEstimates(at: Tensor(logit), count: count, of: $0)[0] }
    let z = Tensor<Double>.bernoulli(
      Tensor(repeating: probability, shape: [count]), using: &generator)
    let u = Tensor<Double>.uniform([count], using: &generator)
    let noise = log(u) - log(1 - u)
    through = estimate { h(.bernoulli(sigmoid($0), using: &generator)) }
    // cell: score
    // h(z) log Q(z), whose derivative with respect to l is h(z) times the score.
    score = estimate { l in
      let q = Bernoulli(logits: l.reshaped([count, 1]))
      return h(z) * q.logProbability(of: z.reshaped([count, 1]))
    }
    // end
    // cell: soft
    // The step z = 1 if l + log(u/(1 − u)) > 0, softened with a temperature τ.
    softened = temperatures.map { τ in
      estimate { l in h(sigmoid((l + noise) / τ)) }
    }
    // end
    // h′(s) s (1 − s)/τ with s = sigmoid((l + log(u/(1 − u)))/τ), integrated over u.
    integrals = temperatures.map { τ in
      integrate(
        { u in
          let s = Double.sigmoid((logit + .log(u) - .log1p(-u)) / τ)
          return 2 * (s - target) * s * (1 - s) / τ
        }, from: 0, to: 1
      ).value
    }
    // z = 1 if l + noise > 0.
    moved = noise.scalars.count { ($0 > -logit - 1e-9) != ($0 > -logit + 1e-9) }
  }

  /// p (1 − p) (h(1) − h(0)).
  var exact: Double { probability * (1 - probability) * (1 - 2 * target) }

  func show(on page: Page) {
    page.table(
      [
        .left("dE[h(z)]/dl"), .right("mean"), .right("± s.e."), .right("expected"),
        .right("s.d. of one sample"),
      ],
      rows: zip(
        ["through the step", "score function"]
          + temperatures.map { "softened, τ = \(formatted($0, decimals: 1))" },
        zip([through, score] + softened, [0, exact] + integrals)
      ).map { [$0] + cells($1.0) + cells($1.1, $1.0.variance.squareRoot()) },
      caption: """
        The true derivative is p (1 − p) (h(1) − h(0)) = \(formatted(exact, decimals: 4)), with \
        p = \(formatted(probability, decimals: 1)); s.d.: standard deviation.
        """)
    page.check(
      "Nothing comes through a discrete z: as l moves a little, none of the samples changes.",
      .equal(
        Quantity("samples of \(formatted(count)) that change", Double(moved)),
        Quantity("none", 0), tolerance: 0))
    page.check(
      "The score function is unbiased.", .measured("mean", score, expected: exact, "true"))
    page.check(
      "Softened with τ = 1 it is the gradient of another expectation.",
      .measured("mean", softened[0], expected: integrals[0], "by quadrature"))
    let logits = (0...120).map { Double($0) / 15 - 4 }
    page.figure(
      "A sample as a function of its parameter",
      description: """
        z against l = log(p/(1 − p)) for u = ½, held fixed. Discrete, it is a step, flat on either \
        side. Softened, it has a slope everywhere, and is neither 0 nor 1.
        """,
      Plot(
        x: Axis("l"), y: Axis("z"),
        layers: [.line(.init("discrete", x: logits, y: logits.map { $0 > 0 ? 1 : 0 }))]
          + [1, 0.2].map { τ in
            .line(
              .init(
                "τ = \(formatted(τ, decimals: 1))", x: logits,
                y: logits.map { Double.sigmoid($0 / τ) }))
          }))
  }
}
