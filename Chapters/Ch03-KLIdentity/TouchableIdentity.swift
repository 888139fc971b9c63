import Autodiff
import Probability

/// What the figure of 3.3 needs in a browser: the model, X, and numbers to check its own arithmetic against.
struct TouchableIdentity: Encodable {
  /// A Q, its bound, and D[Q‖P(z|X)].
  struct Check: Encodable {
    let mean: Double
    let deviation: Double
    let bound: Double
    let gap: Double
  }

  let curve: String
  /// b in f(z) = g(bz).
  let rate: Double
  let x: Double
  /// σ, the standard deviation of X around f(z).
  let noise: Double
  let logEvidence: Double
  /// Where Q stands first: μ and log₂ σ.
  let start: [Double]
  /// The largest density of the posterior.
  let highest: Double
  let checks: [Check]

  init(_ model: ScalarLatentModel, _ x: Tensor<Double>) {
    curve = model.curve.rawValue
    rate = model.rate.scalar
    self.x = x.scalars[0]
    noise = .exp(0.5 * model.logVariance.scalar)
    logEvidence = model.logEvidence(of: x).scalar
    start = [-1, -1]
    let grid = ScalarLatentModel.grid.nodes
    highest = .exp(
      model.logPosterior(of: Tensor(grid, shape: [grid.count, 1]), given: x).scalars.max()!)
    let (means, deviations) = ([0, 1, -1.5], [1, 0.25, 0.5])
    let q = DiagonalNormal(means: means, deviations: deviations)
    let (bounds, gaps) = (model.bound(q, x).scalars, model.gap(q, x).scalars)
    checks = means.indices.map {
      Check(mean: means[$0], deviation: deviations[$0], bound: bounds[$0], gap: gaps[$0])
    }
  }
}
