import Autodiff
import Kernels
import NeuralNetworks
import Probability
import Testing
import VariationalAutoencoder

// The seeds are fixed; were they drawn anew, a statistical check would fail once in a million runs.
private let millionthDeviation = 4.892

@Suite struct EvidenceEstimateTests {
  /// On a linear model, whose log P(X) is known; the point is one that the prior does not miss.
  @Test func bothEstimatesFindTheEvidenceOfALinearModel() {
    let linear = LinearGaussian()
    let model = linear.model(Float.self)
    let point = [0.5, -0.3, 1.1]
    let x = Tensor(point.map(Float.init), shape: [1, 3])
    var generator = SeededGenerator(seed: 30)
    let naive = model.decoder.naiveLogEvidence(of: x, sampleCount: 20_500, using: &generator)
    let sampled = model.importanceSampledLogEvidence(of: x, sampleCount: 20_500, using: &generator)
    for estimate in [naive, sampled] {
      #expect(estimate.count == 20_500)
      #expect(estimate.effectiveSampleSize > 5_000)
      #expect(
        abs(estimate.logMean - linear.logEvidence(point))
          < millionthDeviation * estimate.standardError)
    }
    #expect(sampled.standardError < naive.standardError)
  }

  /// With Q equal to the posterior, P(X, z)/Q(z|X) is P(X) whatever z is.
  @Test func thePosteriorIsThePerfectProposal() {
    var generator = SeededGenerator(seed: 31)
    var model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 1, hiddenSizes: [], latentSize: 1, output: .gaussian),
      using: &generator)
    // X = 3z + 1 + 4ε: the posterior has mean 3(X − 1)/25 and variance 16/25.
    model.decoder.output.weight = Tensor([3], shape: [1, 1])
    model.decoder.output.bias = Tensor([1])
    model.decoder.logVariance = Tensor([.log(16)])
    model.encoder.mean.weight = Tensor([3 / 25], shape: [1, 1])
    model.encoder.mean.bias = Tensor([-3 / 25])
    model.encoder.logVariance.weight = Tensor([0], shape: [1, 1])
    model.encoder.logVariance.bias = Tensor([.log(16 / 25)])
    let x = Tensor<Float>([6], shape: [1, 1])
    let estimate = model.importanceSampledLogEvidence(of: x, sampleCount: 10, using: &generator)
    let exact = Normal(mean: 1, variance: 25).logProbability(of: 6)
    // A dozen roundings of numbers up to 16, in Float.
    #expect(abs(estimate.logMean - exact) < 12 * Double(Float(16).ulp))
    #expect(estimate.standardError < 12 * Double(Float(16).ulp))
    #expect(abs(estimate.effectiveSampleSize - 10) < 1e-6)
  }

  /// The chunks are those of one long row of noise, and no sample is left out.
  @Test(arguments: [0, 1, 999, 1000, 1001, 2500]) func chunks(count: Int) {
    let model = LinearGaussian().model(Float.self)
    let x = Tensor<Float>([0.5, -0.3, 1.1], shape: [1, 3])
    var generators = (SeededGenerator(seed: 32), SeededGenerator(seed: 32))
    let found = model.decoder.naiveLogEvidence(of: x, sampleCount: count, using: &generators.0)
    let z = Tensor<Float>.normal([count, 2], using: &generators.1)
    let whole = LogMeanEstimate(
      logWeights: count == 0
        ? [] : model.decoder.logProbability(of: x, given: z).scalars.map(Double.init))
    #expect(found.count == count)
    #expect(count == 0 ? found.logMean.isNaN : abs(found.logMean - whole.logMean) < 1e-13)
    if count > 1 {
      #expect(abs(found.standardError / whole.standardError - 1) < 1e-12)
    }
    #expect(generators.0 == generators.1)
  }

  @Test func theBitsDoNotDependOnTheThreads() {
    var generator = SeededGenerator(seed: 33)
    let model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 50, hiddenSizes: [40], latentSize: 5), using: &generator)
    let x = Tensor<Float>.bernoulli(.init(repeating: 0.5, shape: [1, 50]), using: &generator)
    let results = [1, 2, 3].map { threads in
      Threads.$count.withValue(threads) {
        var generator = SeededGenerator(seed: 34)
        return [
          model.decoder.naiveLogEvidence(of: x, sampleCount: 2500, using: &generator),
          model.importanceSampledLogEvidence(of: x, sampleCount: 2500, using: &generator),
        ]
      }
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }
}
