import Autodiff
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct SamplingTests {
  static let count = 100_000

  enum Precision: CaseIterable { case float, double }

  private func uniforms(_ precision: Precision) -> [Double] {
    var generator = SeededGenerator(seed: 1)
    return switch precision {
    case .float:
      Tensor<Float>.uniform([SamplingTests.count], using: &generator).scalars.map(Double.init)
    case .double: generator.uniform(count: SamplingTests.count)
    }
  }

  private func normals(_ precision: Precision) -> [Double] {
    var generator = SeededGenerator(seed: 2)
    return switch precision {
    case .float:
      Tensor<Float>.normal([SamplingTests.count], using: &generator).scalars.map(Double.init)
    case .double: generator.normal(count: SamplingTests.count)
    }
  }

  @Test("Uniform samples have a uniform distribution", arguments: Precision.allCases)
  func uniformsFollowTheirLaw(precision: Precision) {
    let sample = uniforms(precision)
    #expect(KolmogorovSmirnovTest(sample) { $0 }.pValue > 1e-6)
    #expect(deviation(of: sample, from: 0.5, variance: 1 / 12) < millionthDeviation)
    #expect(sample.allSatisfy { 0 <= $0 && $0 < 1 })
  }

  @Test("Normal samples have a normal distribution", arguments: Precision.allCases)
  func normalsFollowTheirLaw(precision: Precision) {
    let sample = normals(precision)
    let law = KolmogorovSmirnovTest(
      sample, cumulativeProbability: Normal.standard.cumulativeProbability)
    #expect(law.pValue > 1e-6)
    // The moments are 0, 1, 0, 3, 0, 15, 0, 105, so that xᵏ has variance 1, 2, 15 and 96.
    for (power, mean, variance) in [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let powers = sample.map { x in (0..<power).reduce(1.0) { product, _ in product * x } }
      #expect(
        deviation(of: powers, from: Double(mean), variance: Double(variance)) < millionthDeviation)
    }
  }

  /// Box and Muller's pairs share their radius: neither they nor their squares may be correlated.
  @Test(arguments: Precision.allCases, 1...3)
  func neighboursAreIndependent(precision: Precision, lag: Int) {
    let sample = normals(precision)
    let pairs = Array(zip(sample, sample.dropFirst(lag)))
    #expect(deviation(of: pairs.map { $0 * $1 }, from: 0, variance: 1) < millionthDeviation)
    let squares = pairs.map { ($0 * $0 - 1) * ($1 * $1 - 1) }
    #expect(deviation(of: squares, from: 0, variance: 4) < millionthDeviation)
  }

  @Test func streamsSeedsAndLaterDrawsAreIndependent() {
    let root = SeededGenerator(seed: 10)
    var generators = [root, root.stream(0), root.stream(1), SeededGenerator(seed: 11)]
    var samples = generators.indices.map { generators[$0].normal(count: SamplingTests.count) }
    samples.append(generators[0].normal(count: SamplingTests.count))
    for i in samples.indices {
      for j in 0..<i {
        let products = zip(samples[i], samples[j]).map { $0 * $1 }
        #expect(deviation(of: products, from: 0, variance: 1) < millionthDeviation)
      }
    }
  }

  @Test func samplingMovesTheGeneratorAsDocumented() {
    var generator = SeededGenerator(seed: 0)
    func position(after draw: (inout SeededGenerator) -> Void) -> UInt64 {
      let start = generator.position
      draw(&generator)
      return generator.position - start
    }
    #expect(position { _ = Tensor<Float>.uniform([7], using: &$0) } == 4)
    #expect(position { _ = Tensor<Float>.normal([2, 4], using: &$0) } == 4)
    #expect(position { _ = Tensor<Double>.uniform([7], using: &$0) } == 8)
    #expect(position { _ = Tensor<Double>.normal([8], using: &$0) } == 8)
    #expect(position { _ = Tensor<Float>.bernoulli(.init(zeros: [3]), using: &$0) } == 2)
    #expect(position { _ = Tensor<Float>.bernoulli(pixels: [1, 2], shape: [2], using: &$0) } == 1)
    // Numbers drawn together or one after another are the same where no pair is cut.
    var (whole, parts) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1))
    #expect(whole.normal(count: 10) == parts.normal(count: 4) + parts.normal(count: 6))
  }

  /// Of 256 brightnesses, each drawn 1000 times, two are certain.
  @Test func pixelsBecomeOnesWithTheirProbability() {
    var generator = SeededGenerator(seed: 12)
    let pixels = (0..<256_000).map { UInt8(truncatingIfNeeded: $0) }
    let sample = Tensor.bernoulli(pixels: pixels, shape: [1000, 256], using: &generator)
    #expect(sample.shape == [1000, 256])
    let ones = sample.sum(axis: 0).scalars.map(Double.init)
    #expect(ones[0] == 0 && ones[255] == 1000)
    let statistic = (1..<255).reduce(0.0) { sum, pixel in
      let probability = Double(pixel) / 255
      let difference = ones[pixel] - 1000 * probability
      return sum + difference * difference / (1000 * probability * (1 - probability))
    }
    #expect(statistic < chiSquareLimit(degreesOfFreedom: 254))
  }

  @Test("Sampled indices are as frequent as their weights say")
  func indicesFollowTheirWeights() {
    var generator = SeededGenerator(seed: 13)
    let indices = generator.indices(
      logWeights: [-.infinity, 1000, 1000 + .log(3), -.infinity], count: 40_000)
    let counts = (0..<4).map { index in indices.count { $0 == index } }
    #expect(counts[0] == 0 && counts[3] == 0)
    #expect(abs(Double(counts[1]) - 10_000) < millionthDeviation * (40_000 * 0.1875).squareRoot())
    #expect(generator.indices(logWeights: [-1e9], count: 3) == [0, 0, 0])
  }
}
