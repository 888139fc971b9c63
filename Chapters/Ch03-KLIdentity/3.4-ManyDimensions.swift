import Autodiff
import Claims
import Notebook
import Probability

/// 3.4 In many dimensions: the identity for linear-Gaussian models, where every term has a closed form.
struct ManyDimensions: SectionContent {
  /// A size of z, and the four terms.
  struct Row {
    let d: Int
    let terms: Terms
  }

  let rows: [Row]
  /// The mean over samples from the Q of the last row, whose expectation is the bound.
  let sampled: MonteCarloEstimate
  /// The same for samples from the posterior, each for itself.
  let fromPosterior: [Double]

  init(upTo largest: Int, using generator: SeededGenerator) {
    var generator = generator
    let sizes = [1, 2, 5, 10, 20].filter { $0 < largest } + [largest]
    let examples = sizes.map { LinearExample($0, using: &generator) }
    rows = zip(sizes, examples).map { Row(d: $0, terms: $1.terms) }
    let noise = Tensor<Double>.normal([20_000, largest], using: &generator)
    let last = examples.last!
    sampled = MonteCarloEstimate(last.samples(last.q, noise))
    fromPosterior = last.samples(last.posterior, noise)
  }

  func show(on page: Page) {
    let last = rows.last!
    page.lead(
      """
      z has d components and X = Wz + b + noise has 2d. W, b, X and Q, which has a full covariance, are \
      chosen at random. See how the terms grow with d, while the two sides still agree.
      """)
    page.code("reconstruction")
    page.code("terms")
    page.table(
      [.right("d")] + Terms.columns, rows: rows.map { [formatted($0.d)] + $0.terms.cells })
    page.check(
      "The identity holds in every dimension.",
      .small("largest difference", rows.map(\.terms.difference)))

    page.lead(
      """
      Without closed forms, the right side is a mean over samples of z. Compare 20,000 samples from Q, \
      for d = \(last.d), with 20,000 from the posterior.
      """)
    page.code("samples")
    page.check(
      "For d = \(last.d), the mean over 20,000 samples from Q is log P(X) − D[Q‖P(z|X)].",
      .measured(
        "mean over samples", sampled, expected: last.terms.logEvidence - last.terms.gap,
        "log P(X) − D[Q‖P(z|X)]"))
    page.check(
      "With Q = P(z|X), every single sample gives log P(X).",
      .small("largest difference", fromPosterior.map { $0 - last.terms.logEvidence }))
  }
}

/// A linear-Gaussian model with an example and some Q, all random, and the four terms.
private struct LinearExample {
  let model: LinearGaussianModel
  let x: Tensor<Double>
  let q, posterior: MultivariateNormal<Double>
  let prior: MultivariateNormal<Double>
  let terms: Terms

  /// z has d components, X twice as many.
  init(_ d: Int, using generator: inout SeededGenerator) {
    model = LinearGaussianModel(
      weight: .normal([2 * d, d], using: &generator) * (1 / Double(d)).squareRoot(),
      bias: .normal([2 * d], using: &generator), logVariance: Tensor(.log(0.25)))
    let x = model.evidence.sample(noise: .normal([1, 2 * d], using: &generator))
    q = .random(d, using: &generator)
    // cell: terms
    prior = MultivariateNormal(mean: Tensor(zeros: [d]), choleskyFactor: .identity(d))
    posterior = model.posterior(given: x.reshaped([2 * d]))
    terms = Terms(
      logEvidence: model.evidence.logProbability(of: x).scalar,  // log P(X)
      gap: q.klDivergence(to: posterior).scalar,  // D[Q‖P(z|X)]
      reconstruction: model.expectedLogProbability(of: x.reshaped([2 * d]), under: q).scalar,
      divergence: q.klDivergence(to: prior).scalar)  // D[Q‖P(z)]
    // end
    self.x = x
  }

  // cell: samples
  /// log P(X|z) + log P(z) − log Q(z) for samples z from Q: their mean estimates the bound.
  func samples(_ q: MultivariateNormal<Double>, _ noise: Tensor<Double>) -> [Double] {
    let z = q.sample(noise: noise)
    let logJoint = model.logProbability(of: x, given: z) + prior.logProbability(of: z)
    return (logJoint - q.logProbability(of: z)).scalars
  }
  // end
}

extension LinearGaussianModel {
  // cell: reconstruction
  /// E[log P(X|z)] for z from Q = N(m, LLᵀ): log P(X|m) − ½ ‖WL‖²/σ².
  func expectedLogProbability(
    of x: Tensor<Double>, under q: MultivariateNormal<Double>
  ) -> Tensor<Double> {
    let atMean = logProbability(
      of: x.reshaped([1, observedSize]), given: q.mean.reshaped([1, latentSize]))
    let spread = matmul(weight, q.choleskyFactor).squared.sum() * exp(-logVariance)
    return atMean.reshaped([]) - 0.5 * spread
  }
  // end
}
