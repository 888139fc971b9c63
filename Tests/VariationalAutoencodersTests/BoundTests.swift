import Autodiff
import Datasets
import Kernels
import NeuralNetworks
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

/// A model without hidden layers: x = zW + b + sη, and a Q that does not know the posterior. Its
/// log P(X) and posterior are known.
struct LinearGaussian {
  let weight = [[0.8, -0.5, 0.3], [0.2, 0.7, -0.9]]
  let bias = [0.1, -0.2, 0.3]
  let logVariance = -0.4
  let qDeviations = [0.6, 0.7]

  func model<Scalar>(_: Scalar.Type) -> VariationalAutoencoder<Scalar> {
    var generator = SeededGenerator(seed: 1)
    var model = VariationalAutoencoder<Scalar>(
      Configuration(inputSize: 3, hiddenSizes: [], latentSize: 2, output: .gaussian),
      using: &generator)
    model.encoder.mean.weight = tensor([0.3, 0.1, -0.2, 0.3, 0.1, -0.4], shape: [3, 2])
    model.encoder.mean.bias = tensor([0.05, -0.1], shape: [2])
    model.encoder.logVariance.weight = Tensor(zeros: [3, 2])
    model.encoder.logVariance.bias = tensor(qDeviations.map { 2 * .log($0) }, shape: [2])
    model.decoder.output.weight = tensor(weight.flatMap { $0 }, shape: [2, 3])
    model.decoder.output.bias = tensor(bias, shape: [3])
    model.decoder.logVariance = tensor([logVariance], shape: [1])
    return model
  }

  private func tensor<Scalar>(_ numbers: [Double], shape: [Int]) -> Tensor<Scalar> {
    Tensor(numbers, shape: shape).converted(to: Scalar.self)
  }

  /// (I + WWᵀ/s²)⁻¹, the covariance of P(z|X).
  private var covariance: [[Double]] {
    let precision = Double.exp(-logVariance)
    func product(_ i: Int, _ j: Int) -> Double {
      zip(weight[i], weight[j]).reduce(i == j ? 1 : 0) { $0 + precision * $1.0 * $1.1 }
    }
    let (a, b, d) = (product(0, 0), product(0, 1), product(1, 1))
    let determinant = a * d - b * b
    return [[d / determinant, -b / determinant], [-b / determinant, a / determinant]]
  }

  /// The mean of P(z|X).
  private func mean(_ x: [Double]) -> [Double] {
    let projection = weight.map { row in
      Double.exp(-logVariance)
        * zip(row, zip(x, bias)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
    }
    return covariance.map { $0[0] * projection[0] + $0[1] * projection[1] }
  }

  private var determinant: Double {
    covariance[0][0] * covariance[1][1] - covariance[0][1] * covariance[1][0]
  }

  /// log P(X) by Bayes' rule, log P(X|z) + log P(z) − log P(z|X), at the posterior's mean.
  func logEvidence(_ x: [Double]) -> Double {
    let z = mean(x)
    var result = 0.5 * .log(determinant) - 0.5 * (z[0] * z[0] + z[1] * z[1])
    for pixel in x.indices {
      let output = z[0] * weight[0][pixel] + z[1] * weight[1][pixel] + bias[pixel]
      result -= 0.5 * (logTwoPi + logVariance)
      result -= 0.5 * (x[pixel] - output) * (x[pixel] - output) * .exp(-logVariance)
    }
    return result
  }

  /// D[Q ‖ P(z|X)] for a Q with the given mean.
  func divergence(_ x: [Double], qMean: [Double]) -> Double {
    let (s, variances) = (covariance, qDeviations.map { $0 * $0 })
    let shift = zip(qMean, mean(x)).map { $0 - $1 }
    // The inverse of the covariance is [[s₁₁, −s₀₁], [−s₁₀, s₀₀]] / determinant.
    let trace = (s[1][1] * variances[0] + s[0][0] * variances[1]) / determinant
    let distance =
      (s[1][1] * shift[0] * shift[0] - 2 * s[0][1] * shift[0] * shift[1]
        + s[0][0] * shift[1] * shift[1]) / determinant
    return 0.5 * (trace + distance - 2 + .log(determinant / (variances[0] * variances[1])))
  }
}

private let points = [[0.5, -0.3, 1.1], [0.1, -0.2, 0.3], [-1.5, 0.8, 2], [2.5, -2, -1]]

/// Pixels and a model of them with random weights.
private func bernoulliModel() -> (model: VariationalAutoencoder<Float>, pixels: Tensor<Float>) {
  var generator = SeededGenerator(seed: 5)
  let model = VariationalAutoencoder<Float>(
    Configuration(inputSize: 10, hiddenSizes: [8], latentSize: 3), using: &generator)
  return (model, .uniform([40, 10], using: &generator))
}

@Suite struct QuadratureTests {
  @Test("log P(X), the divergence and the bound of a linear model, where all are known")
  func linearModel() throws {
    let linear = LinearGaussian()
    let model = linear.model(Double.self)
    let x = Tensor(points.flatMap { $0 }, shape: [points.count, 3])
    let means = model.encoder(x).mean
    let grid = try model.gridPosterior(of: x)
    // log P(X|z) is a quadratic, for which two nodes are enough.
    let bounds = model.quadratureBound(of: x, nodes: 2)
    for (row, point) in points.enumerated() {
      let evidence = linear.logEvidence(point)
      let divergence = linear.divergence(point, qMean: [means[row, 0], means[row, 1]])
      #expect(divergence > 0.01)
      #expect(abs(grid[row].logEvidence - evidence) < 1e-8)
      #expect(abs(grid[row].divergence - divergence) < 1e-8)
      // A few hundred roundings of numbers up to 30.
      #expect(abs(bounds[row] - (evidence - divergence)) < 1e-12)
    }
  }

  @Test("log P(X) = bound + divergence for any decoder", arguments: OutputDistribution.allCases)
  func theIdentity(output: OutputDistribution) throws {
    var generator = SeededGenerator(seed: 3)
    var model = VariationalAutoencoder<Double>(
      Configuration(
        inputSize: 5, hiddenSizes: [6], latentSize: 2, output: output, activation: .tanh),
      using: &generator)
    if output == .gaussian { model.decoder.logVariance = Tensor([0]) }
    let x = Tensor<Double>.bernoulli(.init(repeating: 0.5, shape: [6, 5]), using: &generator)
    let grid = try model.gridPosterior(of: x)
    let bounds = model.quadratureBound(of: x, nodes: 96)
    // tanh has poles near the line, so the rule of n nodes is off by about exp(−c√n). With 32 nodes it
    // is by 3·10⁻⁵ and with 48 by 9·10⁻⁷, hence with 96 by less than 10⁻⁹.
    for (posterior, bound) in zip(grid, bounds) {
      #expect(abs(posterior.logEvidence - (bound + posterior.divergence)) < 1e-8)
      #expect(posterior.divergence > 1e-3)
    }
  }

  @Test(
    "A Q too narrow for any grid, or no number at all, is refused with a sentence",
    arguments: [-40, -2000, 2000, Double.nan], [false, true])
  func gridsThatWouldNeverEnd(logVariance: Double, comesFirst: Bool) {
    var model = LinearGaussian().model(Double.self)
    model.encoder.logVariance.bias = Tensor(comesFirst ? [logVariance, 0] : [0, logVariance])
    let x = Tensor(points[0], shape: [1, 3])
    let error = #expect(throws: GridError.self) { try model.gridPosterior(of: x) }
    #expect(error?.description.contains("at most 2048 × 2048 points") == true)
  }

  /// σ = 0.02 takes a grid of 1335 × 1335 points: few enough for examples of 3 numbers, but too many
  /// for those of 3136, whose grid may have a quarter of four million points.
  @Test("The larger the examples, the fewer points a grid over the decoder's outputs may have")
  func gridsOfLargeExamples() throws {
    var generator = SeededGenerator(seed: 4)
    var model = VariationalAutoencoder<Double>(
      Configuration(inputSize: 3136, hiddenSizes: [], latentSize: 2), using: &generator)
    model.encoder.mean.weight = Tensor(zeros: [3136, 2])
    model.encoder.logVariance.weight = Tensor(zeros: [3136, 2])
    model.encoder.logVariance.bias = Tensor(repeating: 2 * .log(0.02), shape: [2])
    let x = Tensor<Double>(zeros: [1, 3136])
    let error = #expect(throws: GridError.self) { try model.gridPosterior(of: x) }
    #expect(error?.description.contains("at most 1024 × 1024 points") == true)
    // A sum over codes alone runs no decoder.
    _ = try model.latentGrid(for: model.encoder(x), valuesPerPoint: 1)
  }
}

@Suite struct NearestNeighborTests {
  @Test("They are those that a search by the definition finds", arguments: [1, 499, 501])
  func againstTheDefinition(count: Int) {
    var generator = SeededGenerator(seed: 16)
    let points = Tensor<Float>.bernoulli(
      Tensor(repeating: 0.5, shape: [count, 12]), using: &generator)
    let others = Tensor<Float>.bernoulli(
      Tensor(repeating: 0.5, shape: [7, 12]), using: &generator)
    let found = nearestNeighbors(of: points, among: others)
    #expect(found.count == count)
    for row in stride(from: 0, to: count, by: 83) {
      // Zeros and ones: nothing is rounded.
      let distances = (others - points.rows([row])).squared.sum(axis: 1).scalars
      let least = distances.min()!
      #expect(found[row].index == distances.firstIndex(of: least))
      #expect(found[row].squaredDistance == Double(least))
    }
  }

  @Test func aPointIsNotItsOwnNeighbor() {
    let points = Tensor<Float>([0, 0, 3, 4, 0, 1, 0, 1], shape: [4, 2])
    let found = nearestNeighbors(of: points)
    #expect(found.map(\.index) == [2, 2, 3, 2])
    #expect(found.map(\.squaredDistance) == [1, 18, 0, 0])
  }
}

@Suite struct EvaluationTests {
  @Test("The parts are those of the bound on the same pixels and noise")
  func parts() {
    let (model, pixels) = bernoulliModel()
    var generators = (SeededGenerator(seed: 8), SeededGenerator(seed: 8))
    let evaluation = model.evaluate(on: Examples(pixels), using: &generators.0)
    let x = model.observed(pixels, using: &generators.1)
    let noise = Tensor<Float>.normal([40, 3], using: &generators.1)
    let bound = model.evidenceLowerBound(of: x, noise: noise)
    // Means of 40 numbers up to 20, of which one side is rounded to Float before.
    let tolerance = Double(Float(16).ulp) * 8
    #expect(
      abs(evaluation.reconstruction - Double(bound.reconstruction.mean().scalar)) < tolerance)
    #expect(abs(evaluation.divergence - Double(bound.divergence.mean().scalar)) < tolerance)
    let values = bound.value.scalars.map(Double.init)
    let estimate = MonteCarloEstimate(values)
    #expect(evaluation.evidenceLowerBound.count == 40)
    #expect(abs(evaluation.evidenceLowerBound.mean - estimate.mean) < tolerance)
    #expect(
      abs(evaluation.evidenceLowerBound.standardError - estimate.standardError) < tolerance)
    #expect(generators.0 == generators.1)
  }

  @Test(
    "Examples are worked on in pieces, and none is left out", arguments: [1, 499, 500, 501, 1203])
  func pieces(count: Int) {
    var model = LinearGaussian().model(Float.self)
    // A Q without width: z is its mean, whatever the noise.
    model.encoder.logVariance.bias = Tensor([-60, -60])
    var generator = SeededGenerator(seed: 9)
    let x = Tensor<Float>.normal([count, 3], using: &generator)
    let evaluation = model.evaluate(on: Examples(x), using: &generator)
    let bound = model.evidenceLowerBound(of: x, noise: Tensor(zeros: [count, 2]))
    let scale = Double(Float(64).ulp) * 8
    #expect(
      abs(evaluation.reconstruction - Double(bound.reconstruction.mean().scalar)) < scale)
    #expect(abs(evaluation.divergence - Double(bound.divergence.mean().scalar)) < scale)
    #expect(evaluation.evidenceLowerBound.count == count)
  }

  @Test("Without draws, z is the mean of Q")
  func withoutDraws() {
    let model = LinearGaussian().model(Float.self)
    var generator = SeededGenerator(seed: 9)
    let x = Tensor<Float>.normal([30, 3], using: &generator)
    let found = model.evaluate(on: Examples(x), drawsLatents: false, using: &generator)
    let expected = model.decoder.logProbability(of: x, given: model.encoder(x).mean)
    #expect(abs(found.reconstruction - Double(expected.mean().scalar)) < Double(Float(64).ulp))
  }

  @Test func thereMustBeAnExample() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = SeededGenerator(seed: 9)
      _ = LinearGaussian().model(Float.self)
        .evaluate(on: Examples(Tensor(zeros: [0, 3])), using: &generator)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("evaluate: there are no examples"))
  }

  @Test("A latent variable is active if its mean varies by more than 0.01")
  func activeUnits() {
    var generator = SeededGenerator(seed: 10)
    let x = Tensor<Float>.normal([400, 3], using: &generator)
    func activeUnits(_ scales: [Float]) -> Int {
      var model = LinearGaussian().model(Float.self)
      // Each mean is one of the pixels, which have variance 1, times its scale.
      model.encoder.mean.weight = Tensor([scales[0], 0, 0, scales[1], 0, 0], shape: [3, 2])
      model.encoder.mean.bias = Tensor([100, -3])
      var noise = SeededGenerator(seed: 11)
      return model.evaluate(on: Examples(x), using: &noise).activeUnits
    }
    #expect(activeUnits([1, 1]) == 2)
    #expect(activeUnits([0, 1]) == 1 && activeUnits([1, 0]) == 1)
    // Variances of 0.0064 and 0.0144; 400 examples show them to within 35 %.
    #expect(activeUnits([0.08, 0.12]) == 1)
    #expect(activeUnits([0, 0]) == 0)
  }
}

@Suite struct ModelTests {
  @Test func theDecoderMirrorsTheEncoder() {
    var generator = SeededGenerator(seed: 12)
    let model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 9, hiddenSizes: [7, 5], latentSize: 2), using: &generator)
    #expect(model.encoder.hidden.layers.map(\.outputSize) == [7, 5])
    #expect(model.decoder.hidden.layers.map(\.outputSize) == [5, 7])
    #expect(model.decoder.output.outputSize == 9 && model.decoder.logVariance == nil)
    #expect(model.encoder.mean.outputSize == 2 && model.encoder.logVariance.outputSize == 2)
    // The size that papers use: 784-400-20-400-784.
    let usual = VariationalAutoencoder<Float>(Configuration(), using: &generator)
    #expect(usual.parameterCount == 314_000 + 2 * 8_020 + 8_400 + 314_384)
  }

  @Test(
    "A configuration knows how many parameters its models have",
    arguments: OutputDistribution.allCases)
  func parameterCounts(output: OutputDistribution) {
    var generator = SeededGenerator(seed: 12)
    for hiddenSizes in [[], [7], [7, 5, 3]] {
      let configuration = Configuration(
        inputSize: 9, hiddenSizes: hiddenSizes, latentSize: 2, output: output)
      let model = VariationalAutoencoder<Float>(configuration, using: &generator)
      #expect(configuration.parameterCount == model.parameterCount)
    }
  }

  @Test("A unit Gaussian's σ is 1 and stays 1; its other gradients are those of any Gaussian")
  func unitGaussian() throws {
    var generators = (SeededGenerator(seed: 17), SeededGenerator(seed: 17))
    var configuration = Configuration(
      inputSize: 6, hiddenSizes: [5], latentSize: 3, output: .unitGaussian)
    let unit = VariationalAutoencoder<Double>(configuration, using: &generators.0)
    configuration.output = .gaussian
    var learned = VariationalAutoencoder<Double>(configuration, using: &generators.1)
    learned.decoder.logVariance = Tensor([0])
    #expect(unit.decoder.logVariance?.scalars == [0])
    #expect(unit.parameters == learned.parameters.dropLast())
    let x = Tensor<Double>.normal([7, 6], using: &generators.0)
    let noise = Tensor<Double>.normal([7, 3], using: &generators.0)
    func gradient(_ model: VariationalAutoencoder<Double>) -> [Tensor<Double>] {
      valueWithGradient(at: model) { $0.evidenceLowerBound(of: x, noise: noise).loss() }
        .gradient.parameters
    }
    #expect(gradient(unit) == gradient(learned).dropLast())
    let examples = Examples(x.converted(to: Float.self))
    configuration.output = .unitGaussian
    var training = Training(configuration)
    try training.runEpoch(on: examples, test: examples)
    #expect(training.model.decoder.logVariance?.scalars == [0])
    #expect(training.model.converted().decoder.logVariance?.scalars == [0])
  }

  @Test("The gradient of the whole loss", arguments: OutputDistribution.allCases)
  func gradient(output: OutputDistribution) {
    var generator = SeededGenerator(seed: 13)
    let model = VariationalAutoencoder<Double>(
      Configuration(
        inputSize: 6, hiddenSizes: [5, 4], latentSize: 3, output: output, activation: .tanh),
      using: &generator)
    let x = Tensor<Double>.bernoulli(.init(repeating: 0.4, shape: [7, 6]), using: &generator)
    let noise = Tensor<Double>.normal([7, 3], using: &generator)
    for beta in [1, 0, 4.0] {
      let check = checkGradient(at: model, using: &generator) {
        $0.evidenceLowerBound(of: x, noise: noise).loss(beta: beta)
      }
      // h⁴/30 times fifth derivatives of a few thousand, against slopes of about 1.
      #expect(check.relativeError < 1e-8)
    }
  }

  @Test func bernoulliPixelsAreBinarisedAndOthersAreNot() {
    let (model, pixels) = bernoulliModel()
    var generator = SeededGenerator(seed: 14)
    let x = model.observed(pixels, using: &generator)
    #expect(Set(x.scalars) == [0, 1])
    let gaussian = LinearGaussian().model(Float.self)
    #expect(gaussian.observed(pixels, using: &generator) == pixels)
  }

  @Test func theMeanOfADecoderIsThatOfItsSamples() {
    let (model, _) = bernoulliModel()
    var generator = SeededGenerator(seed: 15)
    let z = Tensor<Float>.normal([1, 3], using: &generator)
    #expect(model.decoder.mean(of: z) == sigmoid(model.decoder(z)))
    let many = z.broadcast(to: [20_000, 3])
    let frequencies = model.decoder.sample(given: many, using: &generator).mean(axis: 0)
    for (frequency, p) in zip(frequencies.scalars, model.decoder.mean(of: z).scalars) {
      let deviation = Double((p * (1 - p) / 20_000).squareRoot())
      #expect(abs(Double(frequency - p)) < millionthDeviation * deviation)
    }
    let gaussian = LinearGaussian().model(Float.self)
    let point = Tensor<Float>([0.5, -1], shape: [1, 2])
    #expect(gaussian.decoder.mean(of: point) == gaussian.decoder(point))
    let samples = gaussian.decoder.sample(
      given: point.broadcast(to: [20_000, 2]), using: &generator)
    let variance = (samples - gaussian.decoder(point)).squared.mean(axis: 0)
    for found in variance.scalars {
      // The mean of n squares of normals has the relative deviation √(2/n).
      let ratio = Double(found) / Double.exp(-0.4)
      #expect(abs(ratio - 1) < millionthDeviation * (2.0 / 20_000).squareRoot())
    }
  }

  @Test func aModelConvertsToDouble() {
    let (model, _) = bernoulliModel()
    let double = model.converted()
    #expect(double.configuration == model.configuration)
    #expect(double.parameters.map { $0.converted(to: Float.self) } == model.parameters)
    let gaussian = LinearGaussian().model(Float.self)
    #expect(gaussian.converted().decoder.logVariance?.scalars == [Double(Float(-0.4))])
  }
}
