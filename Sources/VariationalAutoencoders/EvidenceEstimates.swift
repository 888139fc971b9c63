import Autodiff
import NeuralNetworks
import Probability

extension Decoder<Float> {
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
