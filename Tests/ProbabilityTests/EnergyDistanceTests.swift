import Autodiff
import Foundation
import StatisticalChecks
import Testing

@testable import Probability

/// E|X − Y| of independent X from N(m, v) and Y from N(0, w): the mean of a folded normal variable.
private func meanDistance(mean: Double, variance: Double) -> Double {
  let deviation = variance.squareRoot()
  return deviation * (2 / Double.pi).squareRoot() * exp(-mean * mean / (2 * variance))
    + mean * erf(mean / (2 * variance).squareRoot())
}

@Suite struct EnergyDistanceTests {
  @Test("The energy distance of a few points is the one worked out by hand")
  func aFewPoints() {
    let x = Tensor<Double>([0, 0, 3, 4], shape: [2, 2])
    let y = Tensor<Double>([0, 0, 0, 4, 0, 1], shape: [3, 2])
    // Between: 0, 4, 1, 5, 3 and √18. Within x: 5; within y: 4, 1 and 3.
    let expected = 2 * (13 + 18.0.squareRoot()) / 6 - 5 - 8.0 / 3
    // A dozen roundings of numbers up to 20.
    #expect(abs(energyDistance(x, y).scalar - expected) < 12 * 20.0.ulp)
    #expect(energyDistance(x, y).shape == [])
    #expect(abs(energyDistance(y, x).scalar - expected) < 12 * 20.0.ulp)
  }

  /// X − Y has the mean m and the variance v + 1, X − X′ and Y − Y′ have the mean 0 and the
  /// variances 2v and 2. Small samples show a bias best: that of pairing points with themselves
  /// would be twice what is allowed here, or more.
  @Test(arguments: [(0.0, 1.0), (1, 1), (0, 4), (2, 0.25)])
  func unbiasedForNormalLaws(mean: Double, variance: Double) {
    var generator = SeededGenerator(seed: 41)
    let estimates = (0..<5000).map { _ in
      let x = Tensor<Double>.normal([4, 1], using: &generator) * Tensor(variance.squareRoot())
      let y = Tensor<Double>.normal([6, 1], using: &generator)
      return energyDistance(x + Tensor(mean), y).scalar
    }
    let withinX = meanDistance(mean: 0, variance: 2 * variance)
    let withinY = meanDistance(mean: 0, variance: 2)
    let expected = 2 * meanDistance(mean: mean, variance: variance + 1) - withinX - withinY
    let estimate = MonteCarloEstimate(estimates)
    let allowed = millionthDeviation * estimate.standardError
    #expect(abs(estimate.mean - expected) < allowed)
    #expect(withinX / 4 + withinY / 6 > 2 * allowed)
  }

  /// The differences of `checkGradient` are good to 10⁻⁹ where no two points are closer than some
  /// hundred steps of 10⁻⁵.
  @Test(arguments: [1, 2, 5]) func gradientAgreesWithDifferences(size: Int) {
    var generator = SeededGenerator(seed: 42)
    let samples = [
      Tensor<Double>.normal([7, size], using: &generator),
      Tensor<Double>.normal([9, size], using: &generator),
    ]
    let check = checkGradient(at: samples, step: 1e-5, using: &generator) {
      energyDistance($0[0], $0[1])
    }
    #expect(check.relativeError < 1e-8)
  }

  @Test("The gradient of the energy distance is 0 where all points coincide")
  func pointsInOnePlaceDoNotPull() {
    let x = Tensor<Double>([1, 2, 1, 2, 1, 2], shape: [3, 2])
    let result = valueWithGradient(at: [x, x]) { energyDistance($0[0], $0[1]) }
    #expect(result.value == 0)
    #expect(result.gradient.allSatisfy { $0 == Tensor(zeros: [3, 2]) })
  }

  /// The distances are computed in doubles: only the results are rounded, each a few times.
  @Test("The energy distance of Floats is that of Doubles, rounded")
  func floatsAreRoundedDoubles() {
    var generator = SeededGenerator(seed: 43)
    let x = Tensor<Float>.normal([20, 3], using: &generator)
    let y = Tensor<Float>.normal([30, 3], using: &generator)
    let float = valueWithGradient(at: x) { energyDistance($0, y) }
    let double = valueWithGradient(at: x.converted(to: Double.self)) {
      energyDistance($0, y.converted(to: Double.self))
    }
    #expect(abs(Double(float.value) - double.value) < 8 * Double(Float(4).ulp))
    for (a, b) in zip(float.gradient.scalars, double.gradient.scalars) {
      #expect(abs(Double(a) - b) < 8 * Double(Float(0.25).ulp))
    }
  }

  @Test("Samples of different dimensions stop the program with a message")
  func samplesThatDoNotFitStopTheProgram() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = energyDistance(Tensor<Float>(zeros: [3, 2]), Tensor<Float>(zeros: [3, 1]))
    }
    #expect(
      String(decoding: result.standardErrorContent, as: UTF8.self)
        .contains("energyDistance: samples of shapes [3, 2] and [3, 1]"))
  }
}
