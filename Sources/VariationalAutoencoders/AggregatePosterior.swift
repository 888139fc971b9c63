import Autodiff
import Kernels
import Probability

/// The codes of a whole data set: Q(z) = 1/N Σ Q(z|Xᵢ), a mixture with one component an example.
///
/// The divergence that training pays splits in two (Hoffman and Johnson, "ELBO surgery", NIPS
/// workshop on advances in approximate Bayesian inference, 2016):
/// 1/N Σ D[Q(z|Xᵢ) ‖ P(z)] = I + D[Q(z) ‖ P(z)].
public struct AggregatePosterior: Equatable, Sendable {
  /// The mean of each latent variable.
  public let mean: [Double]
  /// The variance of each latent variable: that of the means μ(X), plus the mean of the σ²(X).
  public let variance: [Double]
  /// I = 1/N Σ D[Q(z|Xᵢ) ‖ Q(z)] in nats: what a code tells about which example it is of; at most
  /// log N.
  public let mutualInformation: Double
  /// D[Q(z) ‖ P(z)] in nats: how far codes, all together, are from what the prior draws.
  public let divergence: Double
}

extension VariationalAutoencoder<Double> {
  /// The aggregate posterior of the rows of `x`, for a model with two latent variables, by sums over
  /// the grid of `gridPosterior(of:)`.
  ///
  /// - Throws: `GridError` where the grid would be too fine.
  public func aggregatePosterior(of x: Tensor<Double>) throws(GridError) -> AggregatePosterior {
    let posterior = encoder(x)
    let grid = try latentGrid(for: posterior, valuesPerPoint: x.shape[0])
    let examples = Double(x.shape[0])
    // log Q(z|Xᵢ) for all z and i as products of matrices: Σ (z − μ)²/σ², multiplied out.
    let precision = exp(-posterior.logVariance)
    let squares = precision.transposed()
    let products = (posterior.mean * precision).transposed()
    let constants = (posterior.mean.squared * precision + posterior.logVariance + logTwoPi)
      .sum(axis: 1)
    var (information, divergence) = (0.0, 0.0)
    for (z, logWeights) in grid.pieces {
      let weights = exp(logWeights)
      let components =
        -0.5 * (matmul(z.squared, squares) - 2 * matmul(z, products) + constants)
      let mixture = components.logSumExp(axis: 1) - .log(examples)
      let logRatios = components - mixture.reshaped([weights.count, 1])
      information += ((exp(components) * logRatios).sum(axis: 1) * weights).sum().scalar
      let logRatio = mixture - DiagonalNormal.standard.logProbability(of: z)
      divergence += (exp(mixture) * logRatio * weights).sum().scalar
    }
    let (means, mean) = (posterior.mean, posterior.mean.mean(axis: 0))
    let variance = ((means - mean).squared + exp(posterior.logVariance)).mean(axis: 0)
    return AggregatePosterior(
      mean: mean.scalars, variance: variance.scalars,
      mutualInformation: information / examples, divergence: divergence)
  }
}
