import Autodiff
import Kernels
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct GradientEstimatorsTests {
  let q = DiagonalNormal(mean: Tensor([1.0, -2]), logVariance: Tensor([.log(0.25), .log(4)]))
  let deviations = [0.5, 2.0]

  private func noise(_ count: Int, seed: UInt64 = 31) -> Tensor<Double> {
    var generator = SeededGenerator(seed: seed)
    return .normal([count, 2], using: &generator)
  }

  /// z₁² + z₁z₂: its gradient is [2z₁ + z₂, z₁].
  private func h(_ z: Tensor<Double>) -> Tensor<Double> {
    let (first, second) = (z.slice(axis: 1, 0..<1), z.slice(axis: 1, 1..<2))
    return (first * (first + second)).reshaped([z.shape[0]])
  }

  @Test("A distribution's mean and log variance are parameters, with gradients")
  func aDistributionIsAModel() {
    #expect(q.parameterNames == ["mean", "logVariance"])
    let gradient = valueWithGradient(at: q) { $0.klDivergenceToStandardNormal() }.gradient
    #expect(gradient.mean == q.mean)
  }

  /// ∂h/∂μ = h′(z) and ∂h/∂log σ² = h′(z) σε/2, to rounding: sums of a few numbers below 100.
  @Test func pathwiseIsTheChainRule() {
    let noise = noise(50)
    let z = q.sample(noise: noise)
    let gradient = q.pathwiseGradients(noise: noise, of: h)
    #expect(gradient.mean.shape == [50, 2] && gradient.logVariance.shape == [50, 2])
    for row in 0..<50 {
      let slopes = [2 * z[row, 0] + z[row, 1], z[row, 0]]
      for k in 0..<2 {
        let half = 0.5 * deviations[k] * noise[row, k]
        #expect(abs(gradient.mean[row, k] - slopes[k]) < 1e-13)
        #expect(abs(gradient.logVariance[row, k] - slopes[k] * half) < 1e-12)
      }
    }
  }

  /// The scores are ε/σ for μ and (ε² − 1)/2 for log σ².
  @Test(arguments: [0, 3.5]) func scoreFunctionIsWeightTimesScore(baseline: Double) {
    let noise = noise(50)
    let values = h(q.sample(noise: noise))
    let gradient = q.scoreFunctionGradients(noise: noise, weights: values - Tensor(baseline))
    for row in 0..<50 {
      for k in 0..<2 {
        let (weight, e) = (values[row] - baseline, noise[row, k])
        #expect(abs(gradient.mean[row, k] - weight * e / deviations[k]) < 1e-11)
        #expect(abs(gradient.logVariance[row, k] - weight * (e * e - 1) / 2) < 1e-11)
      }
    }
  }

  /// The gradient of E[z₁² + z₁z₂] = μ₁² + σ₁² + μ₁μ₂, which has no σ₂, by both: eight
  /// comparisons, each of which would fail once in a million seeds.
  @Test("The pathwise and the score-function estimate both average to the exact gradient")
  func bothAreUnbiased() {
    let noise = noise(100_000, seed: 32)
    let values = h(q.sample(noise: noise))
    let exact = [2 * 1.0 - 2, 1.0, 0.25, 0]
    for gradient in [
      q.pathwiseGradients(noise: noise, of: h),
      q.scoreFunctionGradients(noise: noise, weights: values - 1),
    ] {
      let columns = Tensor.concatenated([gradient.mean, gradient.logVariance], axis: 1)
      for k in 0..<4 {
        let estimate = MonteCarloEstimate(columns.slice(axis: 1, k..<(k + 1)).scalars)
        #expect(abs(estimate.mean - exact[k]) < millionthDeviation * estimate.standardError)
      }
    }
  }

  /// d/da of (a + bεᵢ)² and d/db, for the noise 1, 2, 3 at a = 2, b = 1: 6, 8, 10 and 6, 16, 30.
  @Test("Derivatives are estimated for each draw separately")
  func eachDrawHasTheParametersToItself() {
    let noise = Tensor([1.0, 2, 3])
    let estimates = derivativeEstimates(at: [Tensor<Double>(2), Tensor(1)], count: 3) {
      ($0[0] + $0[1] * noise).squared
    }
    #expect(estimates == [MonteCarloEstimate([6, 8, 10]), MonteCarloEstimate([6, 16, 30])])
  }
}
