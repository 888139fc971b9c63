import Autodiff
import Probability

extension Decoder<Float> {
  /// log P(X) of one example, of shape [1, inputSize], as the mean of P(X|z) over z drawn from the
  /// prior (Doersch, "Tutorial on variational autoencoders", 2016, section 2).
  ///
  /// Trust it only where its effective sample size is large: when no z was drawn from where P(X|z) is
  /// large, both the estimate and its standard error are far too small. Complexity: one run of the
  /// decoder a sample, in memory that does not grow with their number.
  public func naiveLogEvidence(
    of x: Tensor<Float>, sampleCount: Int, using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    let latentSize = (hidden.layers.first ?? output).inputSize
    return LogMeanEstimate(sampleCount: sampleCount) { count in
      let z = Tensor<Float>.normal([count, latentSize], using: &generator)
      return logProbability(of: x, given: z).scalars.map(Double.init)
    }
  }
}

extension VariationalAutoencoder<Float> {
  /// log P(X) of one example, of shape [1, inputSize], as the mean of P(X, z)/Q(z|X) over z drawn
  /// from Q(z|X): importance sampling (Burda et al., "Importance weighted autoencoders", 2016,
  /// equation 8; ``importanceWeightedBound(of:sampleCount:using:)`` is the same for many examples).
  ///
  /// Complexity: one run of the decoder a sample, in memory that does not grow with their number.
  public func importanceSampledLogEvidence(
    of x: Tensor<Float>, sampleCount: Int, using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    let posterior = encoder(x)
    let prior = DiagonalNormal<Float>.standard
    return LogMeanEstimate(sampleCount: sampleCount) { count in
      let z = posterior.sample(
        noise: .normal([count, configuration.latentSize], using: &generator))
      let joint = decoder.logProbability(of: x, given: z) + prior.logProbability(of: z)
      return (joint - posterior.logProbability(of: z)).scalars.map(Double.init)
    }
  }
}
