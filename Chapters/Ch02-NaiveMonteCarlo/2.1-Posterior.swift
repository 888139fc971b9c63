import Autodiff
import Claims
import Notebook
import Probability

/// P(z|X) of one X under the spiral: which z may have produced it.
struct Posterior {
  /// The z at which the posterior is known, and its density there.
  let z, density: [Double]
  let logEvidence: Double
  /// E[z|X].
  let mean: Double
  /// The integral of P(X|z) P(z) by another rule, over P(X): the integral of the posterior.
  let mass: Double
  /// The mean of samples from the prior, each weighted by its P(X|z), with its standard error.
  let weightedMean, standardError: Double

  init(_ model: Spiral, _ x: Tensor<Double>, _ cells: Density.Cells, _ samples: Tensor<Double>) {
    let logEvidence = Density.logEvidence(model, x, cells)
    let (z, logPrior, Δ) = (cells.z, cells.logPrior, cells.Δ)
    // cell: posterior
    // P(z|X) = P(X|z) P(z)/P(X), by Bayes' rule
    let posterior = exp(model.logProbability(of: x, given: z) + logPrior - logEvidence)
    let mean = (posterior.reshaped([800, 1]) * z).sum().scalar * Δ  // E[z|X] = ∑ₙ P(zₙ|X) zₙ Δ
    // end
    (self.z, density, self.logEvidence, self.mean) = (
      z.scalars, posterior.scalars, logEvidence, mean
    )

    func joint(_ z: Double) -> Double {
      let logLikelihood = model.logProbability(of: x, given: Tensor([z], shape: [1, 1])).scalar
      return .exp(logLikelihood + Normal.standard.logProbability(of: z) - logEvidence)
    }
    mass = integrate(joint, from: -8, to: 8).value

    let w = exp(model.logProbability(of: x, given: samples)).reshaped(samples.shape)
    let total = w.sum().scalar
    weightedMean = (w * samples).sum().scalar / total
    standardError = (w * (samples - mean)).squared.sum().scalar.squareRoot() / total
  }

  /// The probability of z > 0.
  var shareAboveZero: Double {
    zip(z, density).reduce(0) { sum, cell in cell.0 > 0 ? sum + cell.1 : sum }
      / density.reduce(0, +)
  }

  /// The density at the z nearest to the mean.
  var densityAtMean: Double {
    density[z.indices.min { abs(z[$0] - mean) < abs(z[$1] - mean) }!]
  }

  func showCode(on page: Page) { page.code("posterior") }

  func showChecks(on page: Page) {
    page.check(
      "The posterior of the marked X integrates to 1, by a quadrature with other points as well.",
      .equal(Quantity("integral", mass), Quantity("one", 1), tolerance: 1e-10))
    page.check(
      "Its mean is that of samples from the prior, each weighted by its P(X|z).",
      .measured(
        Quantity("weighted mean", weightedMean), expected: Quantity("E[z|X]", mean),
        standardError: standardError))
    page.prose(
      """
      Given the marked X, the probability of z > 0 is \(formatted(shareAboveZero, decimals: 2)). The \
      posterior's mean is \(formatted(mean, decimals: 2)), where its density is \
      \(formatted(densityAtMean, digits: 2)). Its largest density is \
      \(formatted(density.max()!, decimals: 2)).
      """)
  }

  var plot: Plot {
    let shown = z.indices.filter { abs(z[$0]) <= 4 && $0.isMultiple(of: 2) }
    let prior = shown.map { Normal.standard.density(at: z[$0]) }
    return Plot(
      "the marked X", x: Axis("z"), y: Axis("density"),
      layers: [
        .line(.init("P(z)", meaning: .prior, x: shown.map { z[$0] }, y: prior)),
        .line(
          .init("P(z|X)", meaning: .posterior, x: shown.map { z[$0] }, y: shown.map { density[$0] })
        ),
      ])
  }
}
