import Foundation
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct MonteCarloTests {
  @Test func estimateOfAFewNumbers() {
    let estimate = MonteCarloEstimate([1, 2, 3, 4])
    #expect(estimate.mean == 2.5)
    #expect(estimate.variance == 5.0 / 3)
    #expect(estimate.standardError == (5.0 / 12).squareRoot())
    #expect(estimate.count == 4)
  }

  @Test("A standard error needs at least two samples")
  func withoutTwoSamplesThereIsNoError() {
    #expect(MonteCarloEstimate().standardError.isNaN)
    #expect(MonteCarloEstimate([3]).mean == 3)
    #expect(MonteCarloEstimate([3]).standardError.isNaN)
  }

  /// At 10⁹ the squares, at 10¹⁸, would have no digit left for the variance.
  @Test func varianceSurvivesALargeMean() {
    #expect(
      isClose(MonteCarloEstimate([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]).variance, 5 / 3, 1e-12))
  }

  /// The sums of 1000 numbers differ by their roundings, at most 1000 · 2⁻⁵³ of the sum of sizes.
  @Test(
    "Merging estimates from two parts gives the estimate from all samples at once",
    arguments: [0, 1, 400, 1000])
  func mergedIsAllAtOnce(cut: Int) {
    var generator = SeededGenerator(seed: 20)
    let samples = generator.normal(count: 1000).map { $0 + 5 }
    var merged = MonteCarloEstimate(Array(samples[..<cut]))
    merged.merge(MonteCarloEstimate(Array(samples[cut...])))
    let whole = MonteCarloEstimate(samples)
    #expect(merged.count == 1000)
    #expect(isClose(merged.mean, whole.mean, 1.2e-13))
    #expect(isClose(merged.variance, whole.variance, 1.2e-13))
  }

  /// Of 1000 estimates from 100 uniforms, about 95 % (the t law: 95.0 % at 1.984) are within 1.984
  /// standard errors of the truth.
  @Test("About 95 % of the intervals that reach 1.98 standard errors hold the true mean")
  func standardErrorCovers() {
    var generator = SeededGenerator(seed: 21)
    let covered = (0..<1000).count { _ in
      let estimate = MonteCarloEstimate(generator.uniform(count: 100))
      return abs(estimate.mean - 0.5) < 1.984 * estimate.standardError
    }
    #expect(abs(Double(covered) - 950) < millionthDeviation * (1000 * 0.95 * 0.05).squareRoot())
  }

  @Test("log Σ exp and log mean exp cope with no values, infinities, NaN and huge numbers")
  func logSumsAtTheEdges() {
    let infinity = Double.infinity
    #expect(logSumExp([]) == -infinity)
    #expect(logMeanExp([]).isNaN)
    #expect(logMeanExp([-infinity, -infinity]) == -infinity)
    #expect(logMeanExp([infinity, 0, -infinity]) == infinity)
    #expect(logMeanExp([0, .nan]).isNaN && logMeanExp([.nan, 0]).isNaN)
    #expect(logMeanExp([infinity, .nan]).isNaN)
    #expect(logMeanExp([1000, 1000]) == 1000)
    #expect(logMeanExp([-1000, -1000]) == -1000)
    #expect(isClose(logMeanExp([0, -infinity]), -log(2), 2e-16))
    #expect(isClose(logSumExp([-800, -800 + log(3)]), -800 + log(4), 4e-16))
  }

  /// For w = exp(σz), log E[w] = σ²/2, and a weight has the variance e^{σ²} − 1 relative to its mean.
  @Test("The standard error of a logarithm of a mean is that of the delta method")
  func logMeanHasTheErrorOfTheDeltaMethod() {
    var generator = SeededGenerator(seed: 22)
    let logWeights = generator.normal(count: 100_000).map { 0.5 * $0 - 5000 }
    let estimate = LogMeanEstimate(logWeights: logWeights)
    let standardError = ((exp(0.25) - 1) / 100_000).squareRoot()
    #expect(estimate.count == 100_000)
    #expect(abs(estimate.logMean - (0.125 - 5000)) < millionthDeviation * standardError)
    // With the moments e^{k²σ²/2} of w, the variance of its variance has relative standard error
    // 0.9 %, so that of the root is 0.45 %.
    #expect(abs(estimate.standardError / standardError - 1) < millionthDeviation * 0.0045)
    #expect(LogMeanEstimate(logWeights: [-.infinity]).logMean == -.infinity)
    #expect(LogMeanEstimate(logWeights: [1]).standardError.isNaN)
  }

  /// The sums of 1000 numbers differ by their roundings, at most 1000 · 2⁻⁵³ of the sum of sizes.
  @Test(
    "Merging logarithms of means gives that of all weights at once", arguments: [0, 1, 400, 1000])
  func mergedLogMeansAreAllAtOnce(cut: Int) {
    var generator = SeededGenerator(seed: 25)
    let logWeights = generator.normal(count: 1000).map { 2 * $0 - 900 }
    var merged = LogMeanEstimate(logWeights: Array(logWeights[..<cut]))
    merged.merge(LogMeanEstimate(logWeights: Array(logWeights[cut...])))
    let whole = LogMeanEstimate(logWeights: logWeights)
    #expect(merged.count == 1000)
    // Logarithms of size 900 are good to 2⁻⁴⁴.
    #expect(abs(merged.logMean - whole.logMean) < 0x1p-42)
    #expect(isClose(merged.standardError, whole.standardError, 0x1p-41))
    let size = effectiveSampleSize(logWeights: logWeights)
    #expect(isClose(whole.effectiveSampleSize, size, 0x1p-41))
    #expect(isClose(merged.effectiveSampleSize, size, 0x1p-41))
  }

  @Test("Estimates from weights of zero can be merged with others")
  func weightsOfZeroMerge() {
    let nothing = LogMeanEstimate(logWeights: [-.infinity, -.infinity])
    var both = nothing
    both.merge(nothing)
    #expect(both.logMean == -.infinity && both.standardError.isNaN && both.count == 4)
    #expect(both.effectiveSampleSize == 0)
    both.merge(LogMeanEstimate(logWeights: [3, 3]))
    let whole = LogMeanEstimate(logWeights: [3, 3] + [Double](repeating: -.infinity, count: 4))
    #expect(isClose(both.logMean, 3 - log(3), 1e-15) && both.count == 6)
    #expect(isClose(both.standardError, whole.standardError, 1e-14))
    #expect(isClose(both.effectiveSampleSize, 2, 1e-14))
    both.merge(LogMeanEstimate(logWeights: []))
    #expect(both.count == 6)
    #expect(LogMeanEstimate(logWeights: [.nan, 0]).effectiveSampleSize.isNaN)
  }

  @Test func effectiveSampleSizeIsBetweenOneAndTheCount() {
    #expect(isClose(effectiveSampleSize(logWeights: [-700, -700, -700, -700]), 4, 1e-12))
    #expect(effectiveSampleSize(logWeights: [-.infinity, 3, -.infinity]) == 1)
    #expect(effectiveSampleSize(logWeights: [-.infinity, -.infinity]) == 0)
    #expect(effectiveSampleSize(logWeights: []) == 0)
    // (1 + 3)² / (1 + 9)
    #expect(isClose(effectiveSampleSize(logWeights: [0, log(3)]), 1.6, 1e-15))
    var generator = SeededGenerator(seed: 23)
    for scale in [0.1, 1, 10, 100] {
      let logWeights = generator.normal(count: 50).map { scale * $0 }
      let size = effectiveSampleSize(logWeights: logWeights)
      #expect(size >= 1 - 1e-12 && size <= 50)
      #expect(isClose(size, effectiveSampleSize(logWeights: logWeights.map { $0 + 300 }), 1e-12))
    }
  }

  @Test func kolmogorovSmirnovStatisticOfAFewNumbers() {
    // Steps at 0.2 and 0.4: the share is 1 from 0.4 on, where the law has 0.4.
    #expect(KolmogorovSmirnovTest([0.4, 0.2]) { $0 }.statistic == 0.6)
  }

  /// Critical values for n = 10 from Miller's table (JASA 51, 1956), and of the limit law.
  @Test("The probabilities of the Kolmogorov–Smirnov test are those of published tables")
  func kolmogorovSmirnovMeetsTables() {
    for (significance, tabulated) in [(0.05, 0.40925), (0.01, 0.48893)] {
      let pValue = KolmogorovSmirnovTest.pValue(ofStatistic: tabulated, count: 10)
      #expect(abs(pValue - significance) < 1e-3)
    }
    for (significance, limit) in [(0.5, 0.82757), (0.05, 1.35810), (0.01, 1.62762)] {
      let value = KolmogorovSmirnovTest.criticalValue(
        count: 1_000_000_000_000, significance: significance)
      #expect(abs(value * 1e6 - limit) < 1e-5)
      let pValue = KolmogorovSmirnovTest.pValue(ofStatistic: value, count: 1_000_000_000_000)
      #expect(isClose(pValue, significance, 1e-12))
    }
    #expect(KolmogorovSmirnovTest.pValue(ofStatistic: 0, count: 10) == 1)
  }

  @Test func kolmogorovSmirnovHasUniformPValuesAndFindsAShift() {
    var generator = SeededGenerator(seed: 24)
    let pValues = (0..<1000).map { _ in
      KolmogorovSmirnovTest(generator.uniform(count: 100)) { $0 }.pValue
    }
    #expect(KolmogorovSmirnovTest(pValues) { $0 }.pValue > 1e-6)
    let shifted = KolmogorovSmirnovTest(generator.normal(count: 10_000).map { $0 + 0.1 }) {
      Normal.standard.cumulativeProbability(upTo: $0)
    }
    #expect(shifted.pValue < 1e-6)
  }
}
