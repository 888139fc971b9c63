import Autodiff
import NeuralNetworks
import Notebook
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02ImportanceSamplingTests {
  /// X = Wz + b + σε as a decoder without hidden layers, and as a model whose log P(X) is known.
  static var known: LinearGaussianModel {
    LinearGaussianModel(
      weight: Tensor([0.8, 0.2, -0.5, 0.7, 0.3, -0.9], shape: [3, 2]),
      bias: Tensor([0.1, -0.2, 0.3]), logVariance: Tensor(-0.4))
  }

  static func decoder(_ model: LinearGaussianModel) -> Decoder<Float> {
    var generator = SeededGenerator(seed: 1)
    var decoder = Decoder<Float>(
      Configuration(
        inputSize: model.observedSize, hiddenSizes: [], latentSize: model.latentSize,
        output: .gaussian), using: &generator)
    decoder.output.weight = model.weight.transposed().converted(to: Float.self)
    decoder.output.bias = model.bias.converted(to: Float.self)
    decoder.logVariance = model.logVariance.reshaped([1]).converted(to: Float.self)
    return decoder
  }

  static func q(_ mean: [Float], _ logVariance: [Float]) -> DiagonalNormal<Float> {
    DiagonalNormal(
      mean: Tensor(mean, shape: [1, mean.count]),
      logVariance: Tensor(logVariance, shape: [1, mean.count]))
  }

  @Test("Importance sampling finds log P(X), with a smaller error than samples from the prior")
  func importanceSamplingFindsTheEvidenceWithASmallerErrorThanThePrior() {
    let x = Tensor<Double>([0.5, -0.3, 1.1], shape: [1, 3])
    let decoder = Self.decoder(Self.known)
    let posterior = Self.known.posterior(given: x.reshaped([3]))
    let q = Self.q(posterior.mean.scalars.map(Float.init), [-0.8, -0.8])
    var generator = SeededGenerator(seed: 30)
    let naive = decoder.naiveLogEvidence(
      of: x.converted(to: Float.self), sampleCount: 20_500, using: &generator)
    let sampled = ImportanceSampling.importanceSampled(
      decoder, x.converted(to: Float.self), q, 20_500, using: &generator)
    #expect(sampled.count == 20_500)
    #expect(sampled.effectiveSampleSize > 10_000)
    let truth = Self.known.evidence.logProbability(of: x).scalar
    #expect(abs(sampled.logMean - truth) < millionthDeviation * sampled.standardError)
    #expect(sampled.standardError < naive.standardError)
  }

  /// P(X|z) P(z)/Q(z|X) is then P(X) whatever z is. With a sign wrong, or without one of the three
  /// factors, the weights would differ.
  @Test("With the posterior as Q, every weight is P(X)")
  func withTheTruePosteriorEveryWeightIsTheEvidence() {
    // X = 3z + 1 + 4ε: the posterior has mean 3(X − 1)/25 and variance 16/25.
    let decoder = Self.decoder(
      LinearGaussianModel(
        weight: Tensor([3], shape: [1, 1]), bias: Tensor([1]), logVariance: Tensor(.log(16))))
    var generator = SeededGenerator(seed: 31)
    let estimate = ImportanceSampling.importanceSampled(
      decoder, Tensor<Float>([6], shape: [1, 1]), Self.q([3 * 5 / 25], [.log(16 / 25)]), 10,
      using: &generator)
    let exact = Normal(mean: 1, variance: 25).logProbability(of: 6)
    // A dozen roundings of numbers up to 16, in Float.
    #expect(abs(estimate.logMean - exact) < 12 * Double(Float(16).ulp))
    #expect(estimate.standardError < 12 * Double(Float(16).ulp))
    #expect(abs(estimate.effectiveSampleSize - 10) < 1e-6)
  }

  @Test("The bits of an importance-sampled estimate do not depend on the threads")
  func theBitsDoNotDependOnTheThreads() {
    var generator = SeededGenerator(seed: 33)
    let model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 50, hiddenSizes: [40], latentSize: 5), using: &generator)
    let x = Tensor<Float>.bernoulli(.init(repeating: 0.5, shape: [1, 50]), using: &generator)
    let results = [1, 2, 3].map { threads in
      Threads.$count.withValue(threads) {
        var generator = SeededGenerator(seed: 34)
        return ImportanceSampling.importanceSampled(
          model.decoder, x, model.encoder(x), 2500, using: &generator)
      }
    }
    #expect(results[0].count == 2500)
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  /// The bound is largest for the normal Q with the posterior's mean and the inverse of its precision's
  /// diagonal (Bishop, "Pattern Recognition and Machine Learning", 2006, section 10.1.2).
  @Test("The fitted Q is the best diagonal normal")
  func theFittedQIsTheBestOfItsKind() {
    let point = [0.5, -0.3, 1.1]
    var generator = SeededGenerator(seed: 35)
    let q = ImportanceSampling.fitted(
      Self.decoder(Self.known), Tensor(point.map(Float.init), shape: [1, 3]),
      from: Self.q([2, -2], [1, 1]), steps: 400, using: &generator)
    let truth = Self.known.posterior(given: Tensor(point))
    let inverse = triangularInverse(truth.choleskyFactor)
    let precision = matmul(inverse.transposed(), inverse)
    for i in 0..<2 {
      let deviation = precision[i, i].squareRoot()
      // Adam's steps of 0.03 keep it within a few such steps of the best.
      #expect(abs(Double(q.mean[0, i]) - truth.mean[i]) < 0.1)
      #expect(abs(0.5 * Double(q.logVariance[0, i]) + .log(deviation)) < 0.1)
    }
  }

  /// With ten latent variables 100,000 samples from the prior are no match for a hundred from Q: the
  /// naive estimate is off by more than it admits.
  @Test("The naive estimate of P(X) of a digit is further off than its standard error admits")
  func theNaiveEstimateOfADigitIsNotToBeTrusted() throws {
    let section = try ImportanceSampling(
      Digits(2), latentSize: 10, sampleCount: 100_000, seed: 2013,
      using: SeededGenerator(seed: 2013).stream(6), ProgressDisplay(on: .silent))
    let (small, large) = (section.small, section.large)
    let naive = try #require(large.prior.last)
    #expect(naive.count == 100_000)
    #expect(naive.logMean < large.many.logMean - 4 * naive.standardError)
    #expect(naive.effectiveSampleSize < large.few.effectiveSampleSize)
    #expect(large.few.effectiveSampleSize < large.many.effectiveSampleSize)
    #expect(large.encoder.effectiveSampleSize < large.few.effectiveSampleSize)
    // With two, both agree with the integral.
    #expect(abs(small.prior.logMean - small.logEvidence) < 4 * small.prior.standardError)
    #expect(abs(small.fitted.logMean - small.logEvidence) < 4 * small.fitted.standardError)
  }
}
