import Autodiff

/// A model that explains X by unobserved numbers z: P(X) = ∫ P(X|z) P(z) dz with P(z) = N(0, I).
///
/// Every model that can compute P(X|z) can estimate log P(X) from samples of z.
public protocol LatentVariableModel<Scalar> {
  /// The type of the numbers.
  associatedtype Scalar: TensorScalar
  /// The number of latent variables, the length of z.
  var latentSize: Int { get }
  /// log P(X|z) in nats, row by row: x of shape [n, d] or [1, d], and z of shape [n, latentSize] →
  /// [n].
  func logProbability(of x: Tensor<Scalar>, given z: Tensor<Scalar>) -> Tensor<Scalar>
}

extension LatentVariableModel {
  /// log P(X) of one example, of shape [1, d], as the mean of P(X|z) over z drawn from the prior
  /// (Doersch, "Tutorial on variational autoencoders", 2016, section 2).
  ///
  /// Trust it only where its effective sample size is large: when no z was drawn from where P(X|z)
  /// is large, both the estimate and its standard error are far too small. Complexity: one
  /// evaluation of P(X|z) for each sample, in memory that does not grow with their number.
  public func naiveLogEvidence(
    of x: Tensor<Scalar>, sampleCount: Int, using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    LogMeanEstimate(sampleCount: sampleCount) { count in
      let z = Tensor<Scalar>.normal([count, latentSize], using: &generator)
      return logProbability(of: x, given: z).scalars.map(Double.init)
    }
  }
}
