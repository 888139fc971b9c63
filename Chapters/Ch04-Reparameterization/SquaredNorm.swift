import Autodiff
import Probability

/// An expectation whose gradient, and the variance of every estimate of it, are known: h(z) = ‖z‖²
/// under N(μ, σ²I) in d dimensions, where μ = (1, …, 1) and the derivative with respect to μ₁ is 2.
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

  /// The constant b for which the score function's estimate varies least, E[h ε₁²] = E[h] + 2σ².
  var bestBaseline: Double {
    let variance = standardDeviation * standardDeviation
    return Double(dimension) * (1 + variance) + 2 * variance
  }

  /// The variance of the pathwise estimate 2z₁.
  var pathwiseVariance: Double { 4 * standardDeviation * standardDeviation }

  /// The variance of the score function's estimate (h − b) ε₁/σ.
  func scoreFunctionVariance(baseline b: Double) -> Double {
    let (d, variance) = (Double(dimension), standardDeviation * standardDeviation)
    let excess = b - bestBaseline
    return 4 * (1 + variance) + d * (4 + 2 * variance) + excess * excess / variance
  }
}
