import Autodiff
import Probability

/// A linear model with three numbers in X and two latent variables, and an X whose P(X) is known.
struct Example {
  /// The standard deviation of the noise.
  let sigma: Double
  let model: LinearGaussianModel
  let x = Tensor<Double>([1.8, -0.1, -0.5], shape: [1, 3])
  /// log P(X).
  let logEvidence: Double
  /// The moments of the weight w = P(X|z)/P(X).
  let moments: WeightMoments

  init(sigma: Double) {
    self.sigma = sigma
    model = LinearGaussianModel(
      weight: Tensor([0.9, -0.5, 0.4, 0.8, -0.3, 0.6], shape: [3, 2]),
      bias: Tensor([0.5, -0.2, 0.1]), logVariance: Tensor(2 * .log(sigma)))
    logEvidence = model.evidence.logProbability(of: x).scalar
    moments = WeightMoments(model, x)
  }
}
