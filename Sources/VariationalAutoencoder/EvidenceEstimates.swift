import Autodiff
import Probability

/// How many z are decoded at once, so that memory does not grow with their number.
private let chunkSize = 1000

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
    return logMean(sampleCount: sampleCount) { count in
      logProbability(of: x, given: .normal([count, latentSize], using: &generator))
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
    return logMean(sampleCount: sampleCount) { count in
      let z = posterior.sample(
        noise: .normal([count, configuration.latentSize], using: &generator))
      return decoder.logProbability(of: x, given: z) + prior.logProbability(of: z)
        - posterior.logProbability(of: z)
    }
  }
}

/// The estimate from the weights of as many samples, whose logarithms are asked for by chunks.
private func logMean(
  sampleCount: Int, logWeights: (_ count: Int) -> Tensor<Float>
) -> LogMeanEstimate {
  var estimate = LogMeanEstimate(logWeights: [])
  for first in stride(from: 0, to: sampleCount, by: chunkSize) {
    let chunk = logWeights(min(chunkSize, sampleCount - first))
    estimate.merge(LogMeanEstimate(logWeights: chunk.scalars.map(Double.init)))
  }
  return estimate
}
