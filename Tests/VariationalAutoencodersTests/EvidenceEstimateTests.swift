import Autodiff
import Kernels
import NeuralNetworks
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

@Suite struct EvidenceEstimateTests {
  /// On a linear model, whose log P(X) is known; the point is one that the prior does not miss.
  @Test("The naive estimate finds the known log P(X) of a linear model")
  func theNaiveEstimateFindsTheEvidenceOfALinearModel() {
    let linear = LinearGaussian()
    let model = linear.model(Float.self)
    let point = [0.5, -0.3, 1.1]
    let x = Tensor(point.map(Float.init), shape: [1, 3])
    var generator = SeededGenerator(seed: 30)
    let estimate = model.decoder.naiveLogEvidence(of: x, sampleCount: 20_500, using: &generator)
    #expect(estimate.count == 20_500)
    #expect(estimate.effectiveSampleSize > 5_000)
    #expect(
      abs(estimate.logMean - linear.logEvidence(point))
        < millionthDeviation * estimate.standardError)
  }

  /// The chunks are those of one long row of noise, and no sample is left out.
  @Test(
    "An estimate made in chunks uses every sample of one long row of noise",
    arguments: [0, 1, 999, 1000, 1001, 2500])
  func chunks(count: Int) {
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
        return model.decoder.naiveLogEvidence(of: x, sampleCount: 2500, using: &generator)
      }
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }
}
