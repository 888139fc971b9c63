import Autodiff
import Probability
import StatisticalChecks
import Testing
import VariationalAutoencoders

@testable import Ch04_Reparameterization

@Suite struct Ch04EncoderGradientTests {
  private let model: VariationalAutoencoder<Float>
  /// 50 images of six pixels, twice.
  private let x: Tensor<Float>

  init() {
    var generator = SeededGenerator(seed: 41)
    model = VariationalAutoencoder(
      Configuration(inputSize: 6, hiddenSizes: [4], latentSize: 2), using: &generator)
    let half = Tensor<Float>.bernoulli(
      Tensor(repeating: 0.5, shape: [50, 6]), using: &generator)
    x = .concatenated([half, half])
  }

  private func gradient(
    _ gradient: EncoderGradient, noise: Tensor<Float>
  ) -> VariationalAutoencoder<Float> {
    valueWithGradient(at: model) { gradient.loss(of: $0, x, noise: noise) }.gradient
  }

  private func numbers(_ encoder: Encoder<Float>) -> [Double] {
    encoder.parameters.flatMap { $0.scalars.map(Double.init) }
  }

  /// The mean gradient of each of the encoder's parameters over many ε.
  private func means(_ gradient: EncoderGradient, seed: UInt64) -> [MonteCarloEstimate] {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<400).map { _ in
      numbers(self.gradient(gradient, noise: .normal([100, 2], using: &generator)).encoder)
    }
    return rows[0].indices.map { index in MonteCarloEstimate(rows.map { $0[index] }) }
  }

  /// Fewer than 60 comparisons for each, which a correct program fails once in a million.
  @Test(arguments: [EncoderGradient.score, .pairedScore])
  func theScoreFunctionGivesTheEncoderTheGradientOfThePathOnAverage(_ score: EncoderGradient) {
    var largest = 0.0
    for (estimate, path) in zip(means(score, seed: 42), means(.pathwise, seed: 43)) {
      let (a, b) = (estimate.standardError, path.standardError)
      let error = (a * a + b * b).squareRoot()
      #expect(abs(estimate.mean - path.mean) <= millionthDeviation * error)
      largest = max(largest, abs(path.mean) / max(error, 1e-12))
    }
    // It is told from no gradient at all.
    #expect(largest > 10)
  }

  @Test func withZDrawnInsideTheEncoderHasTheGradientOfTheDivergenceAlone() {
    var generator = SeededGenerator(seed: 44)
    let noise = Tensor<Float>.normal([100, 2], using: &generator)
    let divergence = valueWithGradient(at: model) {
      $0.encoder(x).klDivergenceToStandardNormal().mean()
    }
    let (broken, alone) = (
      numbers(gradient(.drawnInside, noise: noise).encoder), numbers(divergence.gradient.encoder)
    )
    #expect(zip(broken, alone).allSatisfy { abs($0 - $1) < 1e-6 })
    let path = numbers(gradient(.pathwise, noise: noise).encoder)
    #expect(zip(path, alone).contains { abs($0 - $1) > 0.01 })
  }

  @Test func theDecoderHasTheSameGradientInEveryCase() {
    var generator = SeededGenerator(seed: 45)
    let noise = Tensor<Float>.normal([100, 2], using: &generator)
    let path = gradient(.pathwise, noise: noise).decoder.parameters
    for other in EncoderGradient.allCases {
      let parameters = gradient(other, noise: noise).decoder.parameters
      for (left, right) in zip(path, parameters) {
        #expect(zip(left.scalars, right.scalars).allSatisfy { abs($0 - $1) < 1e-6 })
      }
    }
  }

  @Test func noBaselineContainsTheValueThatItIsSubtractedFrom() {
    let h = Tensor<Float>([1, 2, 4, 9])
    #expect(EncoderGradient.meanOfOthers(h).scalars == [5, 14.0 / 3, 4, 7.0 / 3])
    #expect(EncoderGradient.valueOfTwin(h).scalars == [4, 9, 1, 2])
  }
}
