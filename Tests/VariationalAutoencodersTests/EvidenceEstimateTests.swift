import Autodiff
import Kernels
import NeuralNetworks
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

@Suite struct EvidenceEstimateTests {
  /// On a linear model, whose log P(X) is known; the point is one that the prior does not miss.
  @Test("Naive and importance sampling both find the known log P(X) of a linear model")
  func bothEstimatesFindTheEvidenceOfALinearModel() {
    let linear = LinearGaussian()
    let model = linear.model(Float.self)
    let point = [0.5, -0.3, 1.1]
    let x = Tensor(point.map(Float.init), shape: [1, 3])
    var generator = SeededGenerator(seed: 30)
    let naive = model.decoder.naiveLogEvidence(of: x, sampleCount: 20_500, using: &generator)
    let sampled = model.decoder.importanceSampledLogEvidence(
      of: x, proposal: model.encoder(x), sampleCount: 20_500, using: &generator)
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
  @Test("With the posterior as the proposal, every weight is P(X)")
  func thePosteriorIsThePerfectProposal() {
    var generator = SeededGenerator(seed: 31)
    var model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 1, hiddenSizes: [], latentSize: 1, output: .gaussian),
      using: &generator)
    // X = 3z + 1 + 4ε: the posterior has mean 3(X − 1)/25 and variance 16/25.
    model.decoder.output.weight = Tensor([3], shape: [1, 1])
    model.decoder.output.bias = Tensor([1])
    model.decoder.logVariance = Tensor([.log(16)])
    let x = Tensor<Float>([6], shape: [1, 1])
    let posterior = DiagonalNormal<Float>(
      mean: Tensor([3 * 5 / 25], shape: [1, 1]),
      logVariance: Tensor([.log(16 / 25)], shape: [1, 1]))
    let estimate = model.decoder.importanceSampledLogEvidence(
      of: x, proposal: posterior, sampleCount: 10, using: &generator)
    let exact = Normal(mean: 1, variance: 25).logProbability(of: 6)
    // A dozen roundings of numbers up to 16, in Float.
    #expect(abs(estimate.logMean - exact) < 12 * Double(Float(16).ulp))
    #expect(estimate.standardError < 12 * Double(Float(16).ulp))
    #expect(abs(estimate.effectiveSampleSize - 10) < 1e-6)
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
        return [
          model.decoder.naiveLogEvidence(of: x, sampleCount: 2500, using: &generator),
          model.decoder.importanceSampledLogEvidence(
            of: x, proposal: model.encoder(x), sampleCount: 2500, using: &generator),
        ]
      }
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  /// The bound is largest for the normal Q with the posterior's mean and the inverse of its precision's
  /// diagonal (Bishop, "Pattern Recognition and Machine Learning", 2006, section 10.1.2).
  @Test("The fitted posterior is the best diagonal normal")
  func theFittedPosteriorIsTheBestOfItsKind() {
    let linear = LinearGaussian()
    let model = linear.model(Float.self)
    let point = [0.5, -0.3, 1.1]
    let x = Tensor(point.map(Float.init), shape: [1, 3])
    var generator = SeededGenerator(seed: 35)
    let start = DiagonalNormal<Float>(
      mean: Tensor([2, -2], shape: [1, 2]), logVariance: Tensor([1, 1], shape: [1, 2]))
    let q = model.decoder.fittedPosterior(of: x, from: start, steps: 400, using: &generator)
    let truth = LinearGaussianModel(
      weight: Tensor(linear.weight.flatMap { $0 }, shape: [2, 3]).transposed(),
      bias: Tensor(linear.bias), logVariance: Tensor(linear.logVariance)
    ).posterior(given: Tensor(point))
    let inverse = triangularInverse(truth.choleskyFactor)
    let precision = matmul(inverse.transposed(), inverse)
    for i in 0..<2 {
      let deviation = precision[i, i].squareRoot()
      // Adam's steps of 0.03 keep it within a few such steps of the best.
      #expect(abs(Double(q.mean[0, i]) - truth.mean[i]) < 0.1)
      #expect(abs(0.5 * Double(q.logVariance[0, i]) + .log(deviation)) < 0.1)
    }
  }
}
