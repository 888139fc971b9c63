import Autodiff
import Probability

extension DiagonalNormal<Double> {
  /// N(μ, σ²) for each of n pairs, in the shape [n, 1, 1].
  init(means: [Double], deviations: [Double]) {
    let shape = [means.count, 1, 1]
    self.init(
      mean: Tensor(means, shape: shape), logVariance: 2 * log(Tensor(deviations, shape: shape)))
  }
}

extension MultivariateNormal<Double> {
  /// A normal distribution of d numbers with a random mean and a random full covariance.
  static func random(_ d: Int, using generator: inout SeededGenerator) -> Self {
    let identity = Tensor<Double>.identity(d)
    return MultivariateNormal(
      mean: .normal([d], using: &generator),
      choleskyFactor: 0.2 * .normal([d, d], using: &generator) * (1 - identity) + 0.5 * identity)
  }
}
