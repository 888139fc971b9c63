import Autodiff

/// A model that explains X by numbers z that nobody sees: P(X) = ∫ P(X|z) P(z) dz with P(z) = N(0, I).
///
/// Whatever can compute P(X|z) has estimates of log P(X) from samples of z.
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
  /// Trust it only where its effective sample size is large: when no z was drawn from where P(X|z) is
  /// large, both the estimate and its standard error are far too small. Complexity: one evaluation of
  /// P(X|z) a sample, in memory that does not grow with their number.
  public func naiveLogEvidence(
    of x: Tensor<Scalar>, sampleCount: Int, using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    LogMeanEstimate(sampleCount: sampleCount) { count in
      let z = Tensor<Scalar>.normal([count, latentSize], using: &generator)
      return logProbability(of: x, given: z).scalars.map(Double.init)
    }
  }

  /// The importance-weighted bound log 1/K Σ P(X, zₖ) / Q(zₖ|X) with zₖ drawn from Q, in nats, for
  /// each row of `x` and of the `posterior` Q(z|X) (Burda et al., equation 8). With K = 1 it is the
  /// evidence lower bound; its expectation grows with K towards log P(X).
  public func importanceWeightedBound(
    of x: Tensor<Scalar>, posterior: DiagonalNormal<Scalar>, sampleCount: Int,
    using generator: inout SeededGenerator
  ) -> [Double] {
    var logWeights = [[Double]](repeating: [], count: x.shape[0])
    for _ in 0..<sampleCount {
      let weights = logImportanceWeights(of: x, posterior, x.shape[0], using: &generator)
      for (row, weight) in weights.enumerated() { logWeights[row].append(weight) }
    }
    return logWeights.map { logMeanExp($0) }
  }

  /// log P(X, z) − log Q(z) for `count` z drawn from Q, one for each row of x and Q, or all for one.
  private func logImportanceWeights(
    of x: Tensor<Scalar>, _ q: DiagonalNormal<Scalar>, _ count: Int,
    using generator: inout SeededGenerator
  ) -> [Double] {
    let z = q.sample(noise: .normal([count, latentSize], using: &generator))
    let logJoint =
      logProbability(of: x, given: z) + DiagonalNormal.standard.logProbability(of: z)
    return (logJoint - q.logProbability(of: z)).scalars.map(Double.init)
  }
}
