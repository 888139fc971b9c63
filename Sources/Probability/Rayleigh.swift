import Kernels

/// Rayleigh's distribution: of the length of a normal point of the plane, N(0, scale² I).
public struct Rayleigh: Equatable, Sendable {
  /// The standard deviation of each coordinate of the point.
  public var scale: Double

  /// The distribution of the length of a point whose coordinates have this standard deviation.
  public init(scale: Double) { self.scale = scale }

  /// scale · √(π/2).
  public var mean: Double { scale * (Double.pi / 2).squareRoot() }

  /// scale² · (2 − π/2).
  public var variance: Double { scale * scale * (2 - .pi / 2) }

  /// E(x − mean)⁴ / variance².
  public var kurtosis: Double {
    (32 - 3 * .pi * .pi) / ((4 - .pi) * (4 - .pi))
  }

  /// The density at x.
  public func density(at x: Double) -> Double {
    let length = max(x, 0) / scale
    return length * .exp(-length * length / 2) / scale
  }

  /// The probability of a length up to x.
  public func cumulativeProbability(upTo x: Double) -> Double {
    let length = max(x, 0) / scale
    return 1 - .exp(-length * length / 2)
  }

  /// The x below which a length lies with a probability between 0 and 1.
  public func quantile(_ probability: Double) -> Double {
    scale * (-2 * .log1p(-probability)).squareRoot()
  }
}
