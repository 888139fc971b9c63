/// The central moments of a weight w whose mean is 1, and what follows from them for the mean w̄ of n
/// independent weights.
public struct WeightMoments: Equatable, Sendable {
  /// E[(w − 1)²].
  public var variance: Double
  /// E[(w − 1)³].
  public var third: Double
  /// E[(w − 1)⁴].
  public var fourth: Double

  /// The central moments from E[w²], E[w³] and E[w⁴].
  public init(second: Double, third: Double, fourth: Double) {
    variance = second - 1
    self.third = third - 3 * second + 2
    self.fourth = fourth - 4 * third + 6 * second - 3
  }

  /// The standard error of w̄: √(E[(w − 1)²]/n).
  public func standardError(ofMeanOf n: Int) -> Double { (variance / Double(n)).squareRoot() }

  /// The variance of the squared error (w̄ − 1)².
  public func squaredErrorVariance(ofMeanOf n: Int) -> Double {
    let (n, square) = (Double(n), variance * variance)
    return 2 * square / (n * n) + (fourth - 3 * square) / (n * n * n)
  }

  /// E[log w̄] up to 1/n, which is −E[(w − 1)²]/2n, or up to 1/n²: the means of the terms of
  /// log w̄ = δ − δ²/2 + δ³/3 − δ⁴/4 + … with δ = w̄ − 1. Good for small E[(w − 1)²]/n only.
  public func logBias(ofMeanOf n: Int, order: Int = 2) -> Double {
    let n = Double(n)
    let first = -variance / (2 * n)
    return order < 2 ? first : first + (third / 3 - 0.75 * variance * variance) / (n * n)
  }
}
