import Foundation
import Exercises
import Testing

@testable import Ch05_VAE

@Suite struct Ch05Exercises {
  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  private static var attempts: [Attempt] {
    reconstruction + vaeLoss + adamStep + activeUnits + importanceWeightedBound
      + nearestDistances + levelProbabilities + fitMixture + differentiableLoss + slips
  }
}

// What solutions and wrong answers are made of.
extension Ch05Exercises {
  static func sum(_ numbers: [Double]) -> Double { numbers.reduce(0, +) }

  static func mean(_ numbers: [Double]) -> Double { sum(numbers) / Double(numbers.count) }

  static func transposed(_ rows: [[Double]]) -> [[Double]] {
    rows[0].indices.map { column in rows.map { $0[column] } }
  }

  static func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

  /// log P of a pixel.
  static func logProbability(_ x: Double, _ logit: Double) -> Double {
    x * logit - max(logit, 0) - log1p(exp(-abs(logit)))
  }

  /// What a latent variable adds to D[Q ‖ N(0, I)].
  static func divergence(_ mean: Double, _ logVariance: Double) -> Double {
    0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
  }

  static func logSum(_ logs: [Double]) -> Double {
    let largest = logs.max()!
    return largest + log(sum(logs.map { exp($0 - largest) }))
  }

  static func logMean(_ logs: [Double]) -> Double { logSum(logs) - log(Double(logs.count)) }
}
