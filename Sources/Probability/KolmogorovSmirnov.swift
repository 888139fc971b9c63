import Kernels

/// The Kolmogorov–Smirnov test: how far samples are from a continuous distribution.
public struct KolmogorovSmirnovTest: Equatable, Sendable {
  /// The largest distance, over all x, between the share of samples up to x and P(X ≤ x).
  public var statistic: Double
  /// The probability of a statistic at least this large if the samples do come from the distribution:
  /// below 10⁻³ they most likely do not.
  public var pValue: Double

  /// Tests samples, which may come in any order, against a distribution given by P(X ≤ x).
  ///
  /// The p-value is from Kolmogorov's limiting distribution with Stephens's correction for finite counts (J. Royal
  /// Statistical Society B 32, 1970), good to about 10⁻³ from five samples on. Complexity: n log n.
  public init(_ samples: [Double], cumulativeProbability: (Double) -> Double) {
    if samples.isEmpty { fatalError("KolmogorovSmirnovTest: no samples") }
    let count = Double(samples.count)
    var largest = 0.0
    for (index, sample) in samples.sorted().enumerated() {
      let probability = cumulativeProbability(sample)
      largest = max(
        largest, probability - Double(index) / count, Double(index + 1) / count - probability)
    }
    statistic = largest
    pValue = KolmogorovSmirnovTest.pValue(ofStatistic: largest, count: samples.count)
  }

  /// The p-value of a statistic of a number of samples.
  public static func pValue(ofStatistic statistic: Double, count: Int) -> Double {
    tail(statistic * scale(count: count))
  }

  /// The statistic of a number of samples whose p-value is `significance`.
  public static func criticalValue(count: Int, significance: Double) -> Double {
    var range = (0.0, 10.0)
    for _ in 0..<60 {
      let middle = (range.0 + range.1) / 2
      if tail(middle) > significance { range.0 = middle } else { range.1 = middle }
    }
    return range.0 / scale(count: count)
  }

  private static func scale(count: Int) -> Double {
    let root = Double(count).squareRoot()
    return root + 0.12 + 0.11 / root
  }

  /// P(K > x) of the limiting distribution, by the one of its two series that converges quickly.
  private static func tail(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x < 1 {
      // 1 − √(2π)/x · Σ exp(−(2k − 1)² π²/(8x²))
      let sum = [1.0, 3, 5].reduce(0) { $0 + .exp(-($1 * $1 * .pi * .pi) / (8 * x * x)) }
      return 1 - (2 * Double.pi).squareRoot() / x * sum
    }
    // 2 Σ (−1)ᵏ⁻¹ exp(−2k²x²)
    return [1.0, -2, 3, -4, 5].reduce(0) { $0 + ($1 < 0 ? -2 : 2) * .exp(-2 * $1 * $1 * x * x) }
  }
}
