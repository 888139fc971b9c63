import Autodiff
import Foundation
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct MultivariateNormalTests {
  static var p: MultivariateNormal<Double> {
    MultivariateNormal(
      mean: Tensor([0.5, -1]), choleskyFactor: Tensor([0.8, 9, -0.6, 1.1], shape: [2, 2]))
  }
  static var q: MultivariateNormal<Double> {
    MultivariateNormal(
      mean: Tensor([-0.2, 0.4]), choleskyFactor: Tensor([1.5, 0, 0.7, 0.9], shape: [2, 2]))
  }

  @Test("The Cholesky factor of a matrix of integers is the known one")
  func choleskyOfIntegers() throws {
    let matrix = Tensor<Double>([4, 12, -16, 12, 37, -43, -16, -43, 98], shape: [3, 3])
    #expect(try cholesky(matrix) == Tensor([2, 0, 0, 6, 1, 0, -8, 5, 3], shape: [3, 3]))
  }

  /// The backward error of Cholesky's method is at most (d + 1) · 2⁻⁵³ of the diagonal (Higham,
  /// "Accuracy and Stability", theorem 10.3); the product here rounds as much again.
  @Test("A Cholesky factor times its transpose is the matrix", arguments: [1, 2, 20])
  func choleskyFactorMultipliesBack(size: Int) throws {
    var generator = SeededGenerator(seed: 40)
    let root = Tensor<Double>.normal([size, size], using: &generator)
    let covariance = matmul(root, root.transposed()) + .identity(size)
    let normal = try MultivariateNormal(mean: Tensor(zeros: [size]), covariance: covariance)
    let largest = covariance.scalars.max()!
    for (a, b) in zip(normal.covariance.scalars, covariance.scalars) {
      #expect(abs(a - b) <= 2 * Double(size + 1) * .ulpOfOne * largest)
    }
  }

  @Test("A matrix that cannot be a covariance is refused")
  func whatIsNoCovarianceIsRefused() {
    #expect(throws: NotPositiveDefinite(order: 2)) {
      try cholesky(Tensor<Double>([1, 2, 2, 1], shape: [2, 2]))
    }
    #expect(throws: NotPositiveDefinite(order: 1)) {
      try cholesky(Tensor<Float>([.nan], shape: [1, 1]))
    }
    #expect(
      NotPositiveDefinite(order: 2).description
        == "the matrix is not positive definite: its leading 2 × 2 block is not")
  }

  @Test("Without correlations a multivariate normal is a diagonal one")
  func withoutCorrelationItIsDiagonal() {
    let diagonal = DiagonalNormal<Double>(
      mean: Tensor([1, 2, -1]), logVariance: Tensor([0.5, -1, 0.2]))
    let other = DiagonalNormal<Double>(
      mean: Tensor([0, 1, 0.5]), logVariance: Tensor([0, 0.3, -0.4]))
    let full = MultivariateNormal(diagonal)
    let x = Tensor<Double>([0, 1, 2, 3, -2, 0.5], shape: [2, 3])
    // Sums of about ten terms of size 10, in another order.
    for (a, b) in zip(full.logProbability(of: x).scalars, diagonal.logProbability(of: x).scalars) {
      #expect(abs(a - b) < 2e-14)
    }
    #expect(abs(full.entropy.scalar - diagonal.entropy.scalar) < 2e-14)
    #expect(
      abs(
        full.klDivergence(to: MultivariateNormal(other)).scalar
          - diagonal.klDivergence(to: other).scalar) < 2e-14)
  }

  @Test func densityIntegratesToOne() {
    let grid = PlaneGrid(.trapezoidal(161, over: -10...11), .trapezoidal(161, over: -13...11))
    let logProbabilities = MultivariateNormalTests.p.logProbability(of: grid.points).scalars
    #expect(abs(grid.logIntegral(ofExp: logProbabilities)) < 1e-12)
  }

  /// The integrands are quadratic in the noise: three nodes an axis are exact.
  @Test("Entropy and divergence are the integrals that define them")
  func entropyAndDivergenceAreTheirIntegrals() {
    let (p, q) = (MultivariateNormalTests.p, MultivariateNormalTests.q)
    let grid = PlaneGrid(.gaussHermite(3), .gaussHermite(3))
    let weights = Tensor(grid.logWeights.map { exp($0) })
    let z = p.sample(noise: grid.points)
    let entropy = -(weights * p.logProbability(of: z)).sum()
    #expect(abs(entropy.scalar - p.entropy.scalar) < 1e-14)
    let divergence = (weights * (p.logProbability(of: z) - q.logProbability(of: z))).sum()
    #expect(abs(divergence.scalar - p.klDivergence(to: q).scalar) < 1e-14)
    #expect(abs(p.klDivergence(to: p).scalar) < 1e-15)
  }

  @Test func divergenceIsTheMeanLogRatioOfSamples() {
    let (p, q) = (MultivariateNormalTests.p, MultivariateNormalTests.q)
    var generator = SeededGenerator(seed: 41)
    let z = p.sample(noise: .normal([50_000, 2], using: &generator))
    let ratios = p.logProbability(of: z) - q.logProbability(of: z)
    let estimate = MonteCarloEstimate(ratios.scalars)
    #expect(
      abs(estimate.mean - p.klDivergence(to: q).scalar)
        < millionthDeviation * estimate.standardError)
  }

  /// The estimate of a covariance from n samples has variance (Σᵢᵢ Σⱼⱼ + Σᵢⱼ²)/n.
  @Test("Samples have the mean and the covariance of their distribution")
  func samplesHaveTheirCovariance() {
    let p = MultivariateNormalTests.p
    var generator = SeededGenerator(seed: 42)
    let deviations = p.sample(noise: .normal([50_000, 2], using: &generator)) - p.mean
    let covariance = p.covariance
    for (i, j) in [(0, 0), (1, 0), (1, 1)] {
      let products =
        deviations.slice(axis: 1, i..<i + 1) * deviations.slice(axis: 1, j..<j + 1)
      let variance =
        covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]
      #expect(
        deviation(of: products.scalars, from: covariance[i, j], variance: variance)
          < millionthDeviation)
    }
  }

  /// The difference of `checkGradient` is good to 10⁻⁹.
  @Test func gradientsAgreeWithDifferences() {
    let (p, q) = (MultivariateNormalTests.p, MultivariateNormalTests.q)
    var generator = SeededGenerator(seed: 43)
    let x = Tensor<Double>.normal([4, 2], using: &generator)
    let losses: [(MultivariateNormal<Double>, Tensor<Double>) -> Tensor<Double>] = [
      { ($0.logProbability(of: $1) * Tensor([1, -0.5, 0.25, 2])).sum() },
      { p, _ in p.entropy }, { p, _ in p.klDivergence(to: q) }, { p, _ in q.klDivergence(to: p) },
      { p, x in q.logProbability(of: p.sample(noise: x)).mean() },
    ]
    for loss in losses {
      let check = checkGradient(at: [p.mean, p.choleskyFactor, x], using: &generator) {
        loss(MultivariateNormal(mean: $0[0], choleskyFactor: $0[1]), $0[2])
      }
      #expect(check.relativeError < 1e-8)
    }
  }

  @Test func singlePrecisionAgrees() throws {
    let p = MultivariateNormalTests.p
    let float = try MultivariateNormal<Float>(
      mean: p.mean.converted(to: Float.self), covariance: p.covariance.converted(to: Float.self))
    let x = Tensor<Float>([0.25, 1], shape: [1, 2])
    let exact = p.logProbability(of: x.converted(to: Double.self)).scalar
    // A dozen roundings of numbers up to 4.
    #expect(abs(Double(float.logProbability(of: x).scalar) - exact) < 12 * 4 * 0x1p-24)
  }
}
