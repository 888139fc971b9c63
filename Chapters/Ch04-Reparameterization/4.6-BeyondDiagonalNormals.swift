import Autodiff
import Claims
import Notebook
import Probability

/// 4.6 Full covariances, and where the trick fails: pathwise derivatives for a full covariance and for
/// an exponential distribution, how far a mean may be from its expectation, and a discrete z, for which
/// there is no pathwise derivative.
struct BeyondDiagonalNormals: SectionContent {
  /// The derivatives of E[z₁z₂] with respect to L₁₁, L₂₁ and L₂₂.
  let products: [MonteCarloEstimate]
  let exactProducts: [Double]
  /// The derivative of the mean of an exponential with respect to its rate, at λ = 2.
  let rate: MonteCarloEstimate
  let repetitions: Repetitions
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
    repetitions = Repetitions(L11: factor[0, 0], using: &generator)
  }

  func show(on page: Page) {
    page.lead(
      """
      The trick also works for a full covariance, and for distributions whose cumulative distribution \
      function can be inverted.
      """)
    page.code("covariance")
    page.code("exponential")
    for (index, entry) in ["L₁₁", "L₂₁", "L₂₂"].enumerated() {
      page.check(
        "The pathwise derivative of E[z₁z₂] with respect to \(entry) is correct.",
        .measured("pathwise", products[index], expected: exactProducts[index], "true"))
    }
    page.check(
      "The pathwise derivative of the mean of an exponential with respect to λ is −1/λ².",
      .measured("pathwise", rate, expected: -0.25, "−1/λ²"))

    page.lead(
      """
      How far from its expectation may a mean be? The estimate for L₂₂ is repeated \
      \(formatted(repetitions.distances.count)) times, to see how often chance alone moves it that far.
      """)
    page.code("repeat")
    repetitions.show(on: page, besides: products[2])

    page.lead(
      """
      A z that is 0 or 1 is a step function of its parameter, and no gradient gets through. The step \
      can be softened with a temperature τ. For h(z) = (z − \(formatted(step.target, decimals: 2)))², \
      look at what that gains and what it costs.
      """)
    page.code("soft")
    page.code("score")
    step.show(on: page)
  }
}

/// The derivative of E[z₁z₂] with respect to L₂₂, which is 0, estimated many times: how far from 0 the
/// estimates are.
struct Repetitions {
  /// The number of samples in each estimate.
  let count = 1000
  /// The estimates.
  let means: [Double]
  /// How far each is from 0, in its own standard errors.
  let distances: [Double]

  init(L11: Double, using generator: inout SeededGenerator) {
    let n = count
    var (means, distances): ([Double], [Double]) = ([], [])
    for _ in 0..<100 {
      // cell: repeat
      // ∂(z₁z₂)/∂L₂₂ = z₁ε₂. A row for each of 100 estimates, from n samples each.
      let z1 = 1 + L11 * Tensor<Double>.normal([100, n], using: &generator)
      let derivatives = z1 * Tensor<Double>.normal([100, n], using: &generator)
      let mean = derivatives.mean(axis: 1)
      let deviations = derivatives - mean.reshaped([100, 1])
      let standardError = sqrt(deviations.squared.sum(axis: 1) / Double(n * (n - 1)))
      let distance = mean / standardError
      // end
      means += mean.scalars
      distances += distance.scalars.map(abs)
    }
    (self.means, self.distances) = (means, distances)
  }

  /// How often a normal variable is further than this from its mean, in standard deviations.
  static func probability(beyond distance: Double) -> Double {
    2 * Normal.standard.cumulativeProbability(upTo: -distance)
  }

  /// The share of the estimates that are further away.
  func share(beyond distance: Double) -> MonteCarloEstimate {
    MonteCarloEstimate(distances.map { $0 > distance ? 1 : 0 })
  }

  func show(on page: Page, besides estimate: MonteCarloEstimate) {
    let observed = abs(estimate.mean) / estimate.standardError
    page.table(
      [.right("further than"), .right("expected"), .right("seen")],
      rows: ([1, 2, 3, 4] + [observed]).sorted().map { distance in
        let expected = Double(distances.count) * Self.probability(beyond: distance)
        return [
          "\(formatted(distance, decimals: 2)) s.e.", formatted(expected, decimals: 1),
          formatted(distances.count { $0 > distance }),
        ]
      },
      caption: """
        How many of \(formatted(distances.count)) estimates, from \(formatted(count)) samples each, are \
        further from 0 than this many standard errors.
        """)
    let probability = Self.probability(beyond: observed)
    let expected = probability * Double(Reparameterization.comparisonCount)
    page.prose(
      """
      The estimate for L₂₂ above is \(formatted(observed, decimals: 2)) standard errors from 0. A correct \
      mean is at least as far off once in \(formatted(1 / probability, decimals: 0)) comparisons. This \
      chapter makes \(Reparameterization.comparisonCount), so \
      \(expected < 1
        ? "about one run in \(formatted(1 / expected, decimals: 0)) contains one"
        : "about \(formatted(expected, decimals: 0)) of them should be") that far off.
      """)
    page.check(
      "Correct means are more than two standard errors off as often as the normal distribution predicts.",
      .measured(
        "share", share(beyond: 2), expected: Self.probability(beyond: 2), "predicted"))
    page.check(
      "Averaged over all \(formatted(distances.count * count)) samples, the derivative is 0.",
      .measured("mean", MonteCarloEstimate(means), expected: 0, "true"))
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
    // The derivative of h(z) log Q(z) with respect to l is h(z) times the score.
    score = estimate { l in
      let q = Bernoulli(logits: l.reshaped([count, 1]))
      return h(z) * q.logProbability(of: z.reshaped([count, 1]))
    }
    // end
    // cell: soft
    // z = 1 if l + log(u/(1 − u)) > 0: that step, softened with a temperature τ.
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
        p = \(formatted(probability, decimals: 1)). s.d.: standard deviation.
        """)
    page.check(
      "No gradient gets through a discrete z: when l moves a little, no sample changes.",
      .equal(
        Quantity("samples of \(formatted(count)) that change", Double(moved)),
        Quantity("none", 0), tolerance: 0))
    page.check(
      "The score function’s estimate is unbiased.",
      .measured("mean", score, expected: exact, "true"))
    page.check(
      "Softened with τ = 1, the mean of the estimate is the derivative of the softened expectation.",
      .measured("mean", softened[0], expected: integrals[0], "by quadrature"))
    let logits = (0...120).map { Double($0) / 15 - 4 }
    page.figure(
      "A sample as a function of its parameter",
      description: """
        z against l = log(p/(1 − p)), with u held fixed at ½. A discrete z is a step, flat on both \
        sides. A softened z has a slope everywhere, but is never quite 0 or 1.
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
