import Autodiff
import Kernels
import Notebook
import Probability

extension KLIdentity {
  /// A linear-Gaussian model with an example and some Q, all drawn at random, and the four terms.
  private struct LinearExample {
    let model: LinearGaussianModel
    let x: Tensor<Double>
    let q, prior, posterior: MultivariateNormal<Double>
    let terms: Terms

    /// z has d components, X twice as many.
    init(_ d: Int, using generator: inout SeededGenerator) {
      model = LinearGaussianModel(
        weight: .normal([2 * d, d], using: &generator) * (1 / Double(d)).squareRoot(),
        bias: .normal([2 * d], using: &generator), logVariance: Tensor(.log(0.25)))
      x = model.evidence.sample(noise: .normal([1, 2 * d], using: &generator))
      q = randomNormal(d, using: &generator)
      prior = MultivariateNormal(mean: Tensor(zeros: [d]), choleskyFactor: .identity(d))
      posterior = model.posterior(given: x.reshaped([2 * d]))
      terms = Terms(
        evidence: model.evidence.logProbability(of: x).scalar,
        gap: q.klDivergence(to: posterior).scalar,
        reconstruction: model.expectedLogProbability(of: x.reshaped([2 * d]), under: q).scalar,
        divergence: q.klDivergence(to: prior).scalar)
    }

    /// log P(X|z) + log P(z) − log Q(z) for draws of z from some Q: their mean is the bound.
    func weights(_ q: MultivariateNormal<Double>, _ noise: Tensor<Double>) -> [Double] {
      let z = q.sample(noise: noise)
      return
        (model.logProbability(of: x, given: z) + prior.logProbability(of: z)
        - q.logProbability(of: z)).scalars
    }
  }

  /// A normal distribution of d numbers with a random mean and a random full covariance.
  private static func randomNormal(
    _ d: Int, using generator: inout SeededGenerator
  ) -> MultivariateNormal<Double> {
    let identity = Tensor<Double>.identity(d)
    return MultivariateNormal(
      mean: .normal([d], using: &generator),
      choleskyFactor: 0.2 * .normal([d, d], using: &generator) * (1 - identity) + 0.5 * identity)
  }

  /// The identity for linear-Gaussian models, where no term needs an integral.
  static func computeInManyDimensions(
    upTo largest: Int, using generator: SeededGenerator, on page: Page
  ) {
    page.section("3.4", "In many dimensions")
    page.prose(
      """
      z has d components and X = Wz + b + noise has 2d, so that P(X) and P(z|X) are normal and every \
      term has a closed form. W, b, X and a Q with full covariance are drawn at random.
      """)
    var generator = generator
    let sizes = [1, 2, 5, 10, 20].filter { $0 < largest } + [largest]
    let examples = sizes.map { LinearExample($0, using: &generator) }
    show(
      "d", zip(sizes, examples).map { ("\($0)", $1.terms) },
      "The identity holds in every dimension.", on: page)
    page.prose(
      """
      Without closed forms the right side is a mean over draws of z from Q, of \
      log P(X|z) + log P(z) − log Q(z). For d = \(largest), 20,000 draws from this Q, and then from the \
      posterior itself:
      """)
    let example = examples.last!
    let noise = Tensor<Double>.normal([20_000, largest], using: &generator)
    let mean = MonteCarloEstimate(example.weights(example.q, noise))
    page.check(
      "The mean over draws from Q is log P(X) − D[Q‖P(z|X)].",
      .measured(
        Quantity("mean over draws", mean.mean),
        expected: Quantity("log P(X) − D[Q‖P(z|X)]", example.terms.evidence - example.terms.gap),
        standardError: mean.standardError))
    checkResiduals(
      "With Q = P(z|X) every single draw gives log P(X).",
      example.weights(example.posterior, noise).map { $0 - example.terms.evidence }, on: page)
  }

  /// Closed forms of the divergence against its definition; its sign; its two directions.
  static func compareDivergences(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, seeking: Normal,
    using generator: SeededGenerator, on page: Page
  ) {
    page.section("3.5", "Divergences of normal distributions")
    page.prose(
      """
      D[Q‖P] is the mean of log Q(z) − log P(z) over draws of z from Q. Between normals there are \
      closed forms; here they stand against 50,000 draws in four dimensions. A single draw may well \
      give less than 0: only the mean may not.
      """)
    var generator = generator
    func diagonal(_ shape: [Int]) -> DiagonalNormal<Double> {
      DiagonalNormal(
        mean: .normal(shape, using: &generator), logVariance: .normal(shape, using: &generator))
    }
    let (q, p, standard) = (diagonal([4]), diagonal([4]), DiagonalNormal<Double>.standard)
    let (fullQ, fullP) = (
      randomNormal(4, using: &generator), randomNormal(4, using: &generator)
    )
    let noise = Tensor<Double>.normal([50_000, 4], using: &generator)
    let (z, fullZ) = (q.sample(noise: noise), fullQ.sample(noise: noise))
    let cases = [
      (
        "diagonal, N(0, I)", q.klDivergenceToStandardNormal(),
        q.logProbability(of: z) - standard.logProbability(of: z)
      ),
      (
        "diagonal, diagonal", q.klDivergence(to: p),
        q.logProbability(of: z) - p.logProbability(of: z)
      ),
      (
        "full, full", fullQ.klDivergence(to: fullP),
        fullQ.logProbability(of: fullZ) - fullP.logProbability(of: fullZ)
      ),
    ]
    page.table(
      [.left("Q, P"), .right("closed form"), .right("draws below 0")],
      rows: cases.map { name, closedForm, ratios in
        let below = Double(ratios.scalars.count { $0 < 0 }) / Double(ratios.count)
        return [
          name, formatted(closedForm.scalar, decimals: 5),
          formatted(100 * below, decimals: 1) + " %",
        ]
      })
    for (name, closedForm, ratios) in cases {
      let estimate = MonteCarloEstimate(ratios.scalars)
      page.check(
        "The closed form for \(name) is the mean over draws.",
        .measured(
          Quantity("mean over draws", estimate.mean),
          expected: Quantity("closed form", closedForm.scalar),
          standardError: estimate.standardError))
    }
    // Near each other is where a divergence is small, and rounding or a slip could make it negative.
    let (ones, steps) = (diagonal([1000, 4]), diagonal([1000, 4]))
    let length = Tensor((0..<1000).map { $0 < 500 ? 1 : 1e-3 }, shape: [1000, 1])
    let others = DiagonalNormal(
      mean: ones.mean + length * steps.mean,
      logVariance: ones.logVariance + length * steps.logVariance)
    page.check(
      "Of 1,000 random pairs, half of them nearly equal, none has a negative divergence.",
      .atMost(
        Quantity("zero", 0), Quantity("least D[Q‖P]", ones.klDivergence(to: others).scalars.min()!))
    )
    compareDirections(model, x, seeking: seeking, on: page)
  }

  /// Which normal Q is nearest to P(z|X) depends on the order of the two in D.
  private static func compareDirections(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, seeking: Normal, on page: Page
  ) {
    let candidates = [
      ("seeks: best of 3.3", normals([seeking.mean], deviation: [seeking.standardDeviation])),
      ("covers: P's moments", model.posteriorMoments(given: x)),
    ].map { (name: $0, q: $1) }
    let reversed = candidates.map { candidate in
      model.posteriorExpectation(given: x) { z in
        model.logPosterior(of: z, given: x) - candidate.q.logProbability(of: z)
      }.scalar
    }
    page.prose(
      """
      D is no distance: D[Q‖P] and D[P‖Q] differ, and so do the normals nearest to P = P(z|X). D[Q‖P] \
      asks what P is where Q is, so the nearest Q seeks one peak. D[P‖Q] asks what Q is where P is, so \
      the nearest Q, with P's mean and variance, covers them all. The bound is about the first.
      """)
    page.table(
      [.left("Q"), .right("μ"), .right("σ"), .right("D[Q‖P]"), .right("D[P‖Q]")],
      rows: zip(candidates, reversed).map { candidate, reversed in
        [candidate.name]
          + [
            candidate.q.mean.scalar, candidate.q.standardDeviation.scalar,
            gap(candidate.q, model, x).scalar, reversed,
          ].map { formatted($0, decimals: 4) }
      })
    page.figure(
      "One posterior and two normals",
      description: "One seeks a peak; the other covers all of them, and what lies between.",
      densities(
        nil,
        [
          ("P(z|X)", model.logPosterior(of: shown, given: x)),
          ("seeks", candidates[0].q.logProbability(of: shown)),
          ("covers", candidates[1].q.logProbability(of: shown)),
        ]))
    page.check(
      "A normal Q is further than the covering one, in D[P‖Q], by D[covers‖Q] ≥ 0.",
      .equal(
        Quantity("D[P‖seeks] − D[P‖covers]", reversed[0] - reversed[1]),
        Quantity("D[covers‖seeks]", candidates[1].q.klDivergence(to: candidates[0].q).scalar),
        tolerance: 1e-10))
  }
}
