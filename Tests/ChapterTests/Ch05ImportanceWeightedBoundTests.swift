import Autodiff
import Kernels
import NeuralNetworks
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05ImportanceWeightedBound {
  @Test("With one sample it is log P(X, z) − log Q(z|X) at that z")
  func oneSample() {
    var generator = SeededGenerator(seed: 5)
    let model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 10, hiddenSizes: [8], latentSize: 3), using: &generator)
    let x = model.observed(.uniform([40, 10], using: &generator), using: &generator)
    var generators = (SeededGenerator(seed: 6), SeededGenerator(seed: 6))
    let found = model.importanceWeightedBound(of: x, sampleCount: 1, using: &generators.0)

    let double = model.converted()
    let wideX = x.converted(to: Double.self)
    let posterior = double.encoder(wideX)
    let noise = Tensor<Float>.normal([40, 3], using: &generators.1).converted(to: Double.self)
    let z = posterior.sample(noise: noise)
    let expected =
      double.decoder.logProbability(of: wideX, given: z)
      + DiagonalNormal.standard.logProbability(of: z) - posterior.logProbability(of: z)
    for (found, wanted) in zip(found, expected.scalars) {
      // A few hundred roundings of numbers up to 20, in Float.
      #expect(abs(found - wanted) < 200 * Double(Float(16).ulp))
    }
  }

  /// On a model of one number and one latent variable, x = wz + sη, with Q wider than the posterior.
  @Test("It begins at the evidence lower bound and grows with K towards log P(X)")
  func growth() {
    var generator = SeededGenerator(seed: 7)
    var model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 1, hiddenSizes: [], latentSize: 1, output: .gaussian),
      using: &generator)
    let (w, point): (Double, Double) = (2, 1.5)
    model.decoder.output.weight = Tensor([Float(w)], shape: [1, 1])
    model.decoder.output.bias = Tensor([0])
    model.decoder.logVariance = Tensor([0])
    model.encoder.mean.weight = Tensor([0.3], shape: [1, 1])
    model.encoder.logVariance.weight = Tensor([0], shape: [1, 1])
    model.encoder.logVariance.bias = Tensor([2 * .log(0.8)])
    let evidence = Normal(mean: 0, variance: w * w + 1).logProbability(of: point)
    let posterior = Normal(mean: w * point / (w * w + 1), variance: 1 / (w * w + 1))
    let gap = Normal(mean: 0.3 * point, variance: 0.64).klDivergence(to: posterior)

    let count = 20_000
    let x = Tensor<Float>(repeating: Float(point), shape: [count, 1])
    let estimates = [1, 4, 16].map {
      MonteCarloEstimate(model.importanceWeightedBound(of: x, sampleCount: $0, using: &generator))
    }
    #expect(
      abs(estimates[0].mean - (evidence - gap)) < millionthDeviation * estimates[0].standardError)
    for (fewer, more) in zip(estimates, estimates.dropFirst()) {
      let error = (fewer.variance / Double(count) + more.variance / Double(count)).squareRoot()
      #expect(more.mean - fewer.mean > millionthDeviation * error)
    }
    let last = estimates[2]
    #expect(last.mean < evidence + millionthDeviation * last.standardError)
    // The log of a mean of K weights is too low by about half their relative variance over K.
    #expect(evidence - last.mean < 0.15 * gap)
  }
}
