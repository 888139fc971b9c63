import Autodiff
import Foundation
import Probability
import Testing

@Suite struct MeanDistanceTests {
  // A dozen roundings of numbers up to 20.
  private let tolerance = 12 * 20.0.ulp

  @Test("The mean distance counts every pair of different points once")
  func aFewPoints() {
    let x = Tensor<Double>([0, 0, 3, 4], shape: [2, 2])
    let y = Tensor<Double>([0, 0, 0, 4, 0, 1], shape: [3, 2])
    // Between: 0, 4, 1, 5, 3 and √18. Within x: 5; within y: 4, 1 and 3.
    let expected = (13 + 18.0.squareRoot()) / 6
    #expect(abs(meanDistance(x, y).scalar - expected) < tolerance)
    #expect(abs(meanDistance(y, x).scalar - expected) < tolerance)
    #expect(meanDistance(within: x).scalar == 5)
    #expect(abs(meanDistance(within: y).scalar - 8.0 / 3) < tolerance)
    #expect(meanDistance(x, y).shape == [] && meanDistance(within: x).shape == [])
  }

  /// The differences of `checkGradient` are good to 10⁻⁹ where no two points are closer than some
  /// hundred steps of 10⁻⁵.
  @Test("The gradients agree with finite differences", arguments: [1, 2, 5])
  func gradients(size: Int) {
    var generator = SeededGenerator(seed: 42)
    let samples = [
      Tensor<Double>.normal([7, size], using: &generator),
      Tensor<Double>.normal([9, size], using: &generator),
    ]
    let between = checkGradient(at: samples, step: 1e-5, using: &generator) {
      meanDistance($0[0], $0[1])
    }
    #expect(between.relativeError < 1e-8)
    let within = checkGradient(at: samples[0], step: 1e-5, using: &generator) {
      meanDistance(within: $0)
    }
    #expect(within.relativeError < 1e-8)
  }

  @Test("Points in the same place do not pull at each other")
  func equalPoints() {
    let x = Tensor<Double>([1, 2, 1, 2, 1, 2], shape: [3, 2])
    let between = valueWithGradient(at: [x, x]) { meanDistance($0[0], $0[1]) }
    #expect(between.value == 0)
    #expect(between.gradient.allSatisfy { $0 == Tensor(zeros: [3, 2]) })
    let within = valueWithGradient(at: x) { meanDistance(within: $0) }
    #expect(within.value == 0 && within.gradient == Tensor(zeros: [3, 2]))
  }

  /// The distances are computed in doubles: only the results are rounded, each a few times.
  @Test("In single precision the results are those in double precision, rounded")
  func singlePrecision() {
    var generator = SeededGenerator(seed: 43)
    let x = Tensor<Float>.normal([20, 3], using: &generator)
    let y = Tensor<Float>.normal([30, 3], using: &generator)
    let float = valueWithGradient(at: x) { meanDistance($0, y) - meanDistance(within: $0) }
    let double = valueWithGradient(at: x.converted(to: Double.self)) {
      meanDistance($0, y.converted(to: Double.self)) - meanDistance(within: $0)
    }
    #expect(abs(Double(float.value) - double.value) < 4 * Double(Float(4).ulp))
    for (a, b) in zip(float.gradient.scalars, double.gradient.scalars) {
      #expect(abs(Double(a) - b) < 4 * Double(Float(0.25).ulp))
    }
  }

  @Test("Samples of points of different sizes, or of one point, stop the program")
  func misuse() async throws {
    let sizes = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = meanDistance(Tensor<Float>(zeros: [3, 2]), Tensor<Float>(zeros: [3, 1]))
    }
    #expect(
      String(decoding: sizes.standardErrorContent, as: UTF8.self)
        .contains("meanDistance: samples of shapes [3, 2] and [3, 1]"))
    let single = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = meanDistance(within: Tensor<Float>(zeros: [1, 2])) }
    #expect(
      String(decoding: single.standardErrorContent, as: UTF8.self)
        .contains("meanDistance: a sample of shape [1, 2]"))
  }
}
