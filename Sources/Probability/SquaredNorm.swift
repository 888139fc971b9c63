import Autodiff
import Kernels

/// An expectation whose gradient, and the variance of every estimate of it, are known: h(z) = ‖z‖²
/// under N(μ, σ²I) in d dimensions, where μ = (1, …, 1) and the derivative with respect to μ₁ is 2.
///
/// Derived in section 4.3 of the notes.
public struct SquaredNorm {
  /// The size d of z.
  public let dimension: Int
  /// The standard deviation σ.
  public let standardDeviation: Double

  /// The example in d dimensions, with standard deviation σ.
  public init(dimension: Int, standardDeviation: Double) {
    self.dimension = dimension
    self.standardDeviation = standardDeviation
  }

  /// The derivative of E[h] with respect to μ₁.
  public var derivative: Double { 2 }

  /// The constant b for which the score function's estimate varies least, E[h ε₁²] = E[h] + 2σ².
  public var bestBaseline: Double {
    let variance = standardDeviation * standardDeviation
    return Double(dimension) * (1 + variance) + 2 * variance
  }

  /// The variance of the pathwise estimate 2z₁.
  public var pathwiseVariance: Double { 4 * standardDeviation * standardDeviation }

  /// The variance of the score function's estimate (h − b) ε₁/σ.
  public func scoreFunctionVariance(baseline b: Double) -> Double {
    let (d, variance) = (Double(dimension), standardDeviation * standardDeviation)
    let excess = b - bestBaseline
    return 4 * (1 + variance) + d * (4 + 2 * variance) + excess * excess / variance
  }

  /// What a number of draws z = μ + σε give; all of shape [count].
  public struct Draws {
    /// h(z).
    public let values: Tensor<Double>
    /// The pathwise estimates, ∂h(μ + σε)/∂μ₁.
    public let pathwise: Tensor<Double>
    /// The score function, ∂log Q(z)/∂μ₁: times h(z) − b it is the other estimate.
    public let score: Tensor<Double>
  }

  /// Draws, with their estimates by differentiation.
  public func draws(_ count: Int, using generator: inout SeededGenerator) -> Draws {
    // By pieces, since the tape holds some thirty numbers for each that is drawn. Bulk sampling
    // rounds to even counts, and pieces of an even number of draws leave the numbers as they are.
    let length = max(2, (1 << 17) / dimension / 2 * 2)
    let pieces = stride(from: 0, to: max(count, 1), by: length).map {
      piece(min(length, count - $0), using: &generator)
    }
    return Draws(
      values: .concatenated(pieces.map(\.values)), pathwise: .concatenated(pieces.map(\.pathwise)),
      score: .concatenated(pieces.map(\.score)))
  }

  private func piece(_ count: Int, using generator: inout SeededGenerator) -> Draws {
    let q = DiagonalNormal<Double>(
      mean: Tensor(repeating: 1, shape: [dimension]),
      logVariance: Tensor(
        repeating: .log(standardDeviation * standardDeviation), shape: [dimension]))
    let h = { (z: Tensor<Double>) in z.squared.sum(axis: 1) }
    let first = { (x: Tensor<Double>) in x.slice(axis: 1, 0..<1).reshaped([count]) }
    let noise = Tensor<Double>.normal([count, dimension], using: &generator)
    let ones = Tensor<Double>(repeating: 1, shape: [count])
    return Draws(
      values: h(q.sample(noise: noise)),
      pathwise: first(q.pathwiseGradients(noise: noise, of: h).mean),
      score: first(q.scoreFunctionGradients(noise: noise, weights: ones).mean))
  }
}
