import Autodiff
import Probability

/// An expectation whose gradient is known, and the variance of each estimate of it: h(z) = ‖z‖² under
/// N(μ, σ²I) in d dimensions, where μ = (1, …, 1) and the derivative with respect to μ₁ is 2.
///
/// Derived in section 4.3 of the note.
struct SquaredNorm {
  /// The size d of z.
  let dimension: Int
  /// The standard deviation σ.
  let standardDeviation: Double

  /// The example in d dimensions, with standard deviation σ.
  init(dimension: Int, standardDeviation: Double) {
    self.dimension = dimension
    self.standardDeviation = standardDeviation
  }

  /// The derivative of E[h] with respect to μ₁.
  var derivative: Double { 2 }

  /// The constant b for which the variance of the score function’s estimate is smallest:
  /// E[h ε₁²] = E[h] + 2σ².
  var bestBaseline: Double {
    let variance = standardDeviation * standardDeviation
    return Double(dimension) * (1 + variance) + 2 * variance
  }

  /// The variance of the pathwise estimate 2z₁.
  var pathwiseVariance: Double { 4 * standardDeviation * standardDeviation }

  /// The variance of the score function’s estimate (h − b) ε₁/σ.
  func scoreFunctionVariance(baseline b: Double) -> Double {
    let (d, variance) = (Double(dimension), standardDeviation * standardDeviation)
    let excess = b - bestBaseline
    return 4 * (1 + variance) + d * (4 + 2 * variance) + excess * excess / variance
  }
}

extension SquaredNorm {
  /// h and the estimates from a number of samples z = μ + σε; all of shape [count].
  struct Samples {
    /// h(z).
    let values: Tensor<Double>
    /// The pathwise estimates, ∂h(μ + σε)/∂μ₁.
    let pathwise: Tensor<Double>
    /// The score, ∂log Q(z)/∂μ₁: multiplied by h(z) − b it is the other estimate.
    let score: Tensor<Double>
  }

  /// Samples, with their estimates by differentiation.
  func samples(_ count: Int, using generator: inout SeededGenerator) -> Samples {
    // In pieces, because the tape holds about thirty numbers for each one drawn. Bulk sampling works
    // in pairs, so pieces of an even length give the same numbers as one long piece.
    let length = max(2, (1 << 17) / dimension / 2 * 2)
    let pieces = stride(from: 0, to: max(count, 1), by: length).map {
      piece(min(length, count - $0), using: &generator)
    }
    return Samples(
      values: .concatenated(pieces.map(\.values)), pathwise: .concatenated(pieces.map(\.pathwise)),
      score: .concatenated(pieces.map(\.score)))
  }

  private func piece(_ count: Int, using generator: inout SeededGenerator) -> Samples {
    let q = DiagonalNormal<Double>(
      mean: Tensor(repeating: 1, shape: [dimension]),
      logVariance: Tensor(
        repeating: .log(standardDeviation * standardDeviation), shape: [dimension]))
    let h = { (z: Tensor<Double>) in z.squared.sum(axis: 1) }
    let first = { (x: Tensor<Double>) in x.slice(axis: 1, 0..<1).reshaped([count]) }
    let noise = Tensor<Double>.normal([count, dimension], using: &generator)
    let ones = Tensor<Double>(repeating: 1, shape: [count])
    return Samples(
      values: h(q.sample(noise: noise)),
      pathwise: first(q.pathwiseGradients(noise: noise, of: h).mean),
      score: first(q.scoreFunctionGradients(noise: noise, weights: ones).mean))
  }
}
