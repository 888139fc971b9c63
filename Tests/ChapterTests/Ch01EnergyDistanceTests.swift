import Autodiff
import Foundation
import Probability
import StatisticalChecks
import Testing

@testable import Ch01_Ring

/// E|X − Y| of independent X from N(m, v) and Y from N(0, w): the mean of a folded normal variable.
private func meanDistance(mean: Double, variance: Double) -> Double {
  let deviation = variance.squareRoot()
  return deviation * (2 / Double.pi).squareRoot() * exp(-mean * mean / (2 * variance))
    + mean * erf(mean / (2 * variance).squareRoot())
}

@Suite struct EnergyDistanceTests {
  @Test("The energy distance of a few points is that by hand")
  func aFewPoints() {
    let x = Tensor<Double>([0, 0, 3, 4], shape: [2, 2])
    let y = Tensor<Double>([0, 0, 0, 4, 0, 1], shape: [3, 2])
    // Between: 0, 4, 1, 5, 3 and √18. Within x: 5; within y: 4, 1 and 3.
    let expected = 2 * (13 + 18.0.squareRoot()) / 6 - 5 - 8.0 / 3
    // A dozen roundings of numbers up to 20.
    #expect(abs(energyDistance(x, y).scalar - expected) < 12 * 20.0.ulp)
    #expect(abs(energyDistance(y, x).scalar - expected) < 12 * 20.0.ulp)
  }

  /// X − Y has the mean m and the variance v + 1, X − X′ and Y − Y′ have the mean 0 and the
  /// variances 2v and 2. Small samples show a bias best: that of pairing points with themselves
  /// would be twice what is allowed here, or more. A correct estimate fails once in a million seeds.
  @Test(
    "The estimate is unbiased: its mean is the energy distance of two normal distributions",
    arguments: [(0.0, 1.0), (1, 1), (0, 4), (2, 0.25)])
  func isUnbiased(mean: Double, variance: Double) {
    var generator = SeededGenerator(seed: 41)
    let estimate = MonteCarloEstimate(
      (0..<5000).map { _ in
        let x = Tensor<Double>.normal([4, 1], using: &generator) * Tensor(variance.squareRoot())
        let y = Tensor<Double>.normal([6, 1], using: &generator)
        return energyDistance(x + Tensor(mean), y).scalar
      })
    let withinX = meanDistance(mean: 0, variance: 2 * variance)
    let withinY = meanDistance(mean: 0, variance: 2)
    let expected = 2 * meanDistance(mean: mean, variance: variance + 1) - withinX - withinY
    let allowed = millionthDeviation * estimate.standardError
    #expect(abs(estimate.mean - expected) < allowed)
    #expect(withinX / 4 + withinY / 6 > 2 * allowed)
  }
}
