import Autodiff
import NeuralNetworks
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

  /// log P(X) of one example, of shape [1, inputSize], as the mean of P(X, z)/Q(z) over z drawn from a
  /// proposal Q, of shape [1, latentSize]: importance sampling (Burda et al., "Importance weighted
  /// autoencoders", 2016, equation 8).
  ///
  /// It is as good as Q covers the posterior P(z|X): where Q is much narrower, a few z decide.
  /// Complexity: one run of the decoder a sample, in memory that does not grow with their number.
  public func importanceSampledLogEvidence(
    of x: Tensor<Float>, proposal: DiagonalNormal<Float>, sampleCount: Int,
    using generator: inout SeededGenerator
  ) -> LogMeanEstimate {
    let (prior, latentSize) = (DiagonalNormal<Float>.standard, proposal.mean.shape[1])
    return LogMeanEstimate(sampleCount: sampleCount) { count in
      let z = proposal.sample(noise: .normal([count, latentSize], using: &generator))
      let joint = logProbability(of: x, given: z) + prior.logProbability(of: z)
      return (joint - proposal.logProbability(of: z)).scalars.map(Double.init)
    }
  }

  /// The Q(z) of one example, of shape [1, inputSize], that a number of Adam's steps on the evidence
  /// lower bound reach from `proposal`, of shape [1, latentSize], with 16 draws of z a step.
  ///
  /// An encoder answers for all examples at once, and for none of them as well as it could (Cremer, Li
  /// and Duvenaud, "Inference suboptimality in variational autoencoders", ICML 2018).
  public func fittedPosterior(
    of x: Tensor<Float>, from proposal: DiagonalNormal<Float>, steps: Int = 100,
    using generator: inout SeededGenerator
  ) -> DiagonalNormal<Float> {
    var q = proposal
    var optimizer = Adam(for: q, learningRate: 0.03)
    for _ in 0..<steps {
      let noise = Tensor<Float>.normal([16, q.mean.shape[1]], using: &generator)
      let gradient = valueWithGradient(at: q) { q in
        q.klDivergenceToStandardNormal().sum()
          - logProbability(of: x, given: q.sample(noise: noise)).mean()
      }.gradient
      optimizer.update(&q, along: gradient)
    }
    return q
  }
}
