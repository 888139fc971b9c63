import Autodiff
import Kernels

/// Points and weights whose weighted sums approximate integrals over a line.
public struct QuadratureRule: Equatable, Sendable {
  /// The points, ascending.
  public var nodes: [Double]
  /// The logarithms of the weights. In large rules, outer nodes have weights smaller than the
  /// smallest `Double`.
  public var logWeights: [Double]

  /// The weights.
  public var weights: [Double] { logWeights.map(Double.exp) }

  /// Σ weight · f(node).
  public func integral(of function: (Double) -> Double) -> Double {
    zip(nodes, logWeights).reduce(0) { $0 + .exp($1.1) * function($1.0) }
  }

  /// The rule of `count` points for expectations under the standard normal distribution, exact for
  /// polynomials up to degree 2·count − 1. The weights sum to 1.
  public static func gaussHermite(_ count: Int) -> QuadratureRule {
    gaussian(count) { Double($0).squareRoot() }
  }

  /// The rule of `count` points for integrals over a finite range, exact for polynomials up to
  /// degree 2·count − 1. The weights sum to the range's length.
  public static func gaussLegendre(
    _ count: Int, over range: ClosedRange<Double> = -1...1
  ) -> QuadratureRule {
    let halfLength = (range.upperBound - range.lowerBound) / 2
    let center = range.lowerBound + halfLength
    var rule = gaussian(count) { Double($0) / Double(4 * $0 * $0 - 1).squareRoot() }
    rule.nodes = rule.nodes.map { center + halfLength * $0 }
    rule.logWeights = rule.logWeights.map { $0 + .log(2 * halfLength) }
    return rule
  }

  /// The trapezoidal rule: `count` points, at least two, at equal distances from end to end. It
  /// converges exponentially where the integrand vanishes smoothly at both ends (Trefethen and
  /// Weideman, SIAM Review 56, 2014).
  public static func trapezoidal(
    _ count: Int, over range: ClosedRange<Double>
  ) -> QuadratureRule {
    if count < 2 { fatalError("trapezoidal: \(count) points; at least two are needed") }
    let step = (range.upperBound - range.lowerBound) / Double(count - 1)
    let isEnd = { $0 == 0 || $0 == count - 1 }
    return QuadratureRule(
      nodes: (0..<count).map { range.lowerBound + step * Double($0) },
      logWeights: (0..<count).map { .log(isEnd($0) ? step / 2 : step) })
  }

  /// The Gaussian rule of a symmetric weight function of mass 1, whose orthonormal polynomials obey
  /// bₖ pₖ = x pₖ₋₁ − bₖ₋₁ pₖ₋₂, with bₖ = `coefficient(k)`.
  ///
  /// The nodes are the eigenvalues of the tridiagonal matrix of the coefficients (Golub and Welsch,
  /// Math. Comp. 23, 1969), isolated by bisection and polished by Newton's method; each weight is
  /// 1/Σ pₖ(node)² over k < count.
  private static func gaussian(_ count: Int, _ coefficient: (Int) -> Double) -> QuadratureRule {
    if count < 1 { fatalError("a quadrature rule of \(count) points") }
    let coefficients = (1...count).map(coefficient)
    let negative = (0..<count / 2).map { index in
      // Gershgorin: no eigenvalue is farther from 0 than twice the largest coefficient.
      var range = (-2 * coefficients.max()!, 0.0)
      for _ in 0..<40 {
        let middle = (range.0 + range.1) / 2
        if nodeCount(below: middle, coefficients) > index {
          range.1 = middle
        } else {
          range.0 = middle
        }
      }
      var node = (range.0 + range.1) / 2
      for _ in 0..<3 { node -= polynomials(at: node, coefficients).newtonStep }
      return node
    }
    let nodes = negative + (count % 2 == 1 ? [0] : []) + negative.reversed().map { -$0 }
    return QuadratureRule(
      nodes: nodes, logWeights: nodes.map { polynomials(at: $0, coefficients).logWeight })
  }

  /// The number of nodes below x: the negative terms of a Sturm sequence (Golub and Van Loan,
  /// section 8.4.1).
  private static func nodeCount(below x: Double, _ coefficients: [Double]) -> Int {
    var (count, ratio) = (0, -x)
    for b in coefficients.dropLast() {
      if ratio < 0 { count += 1 }
      if ratio == 0 { ratio = .leastNormalMagnitude }
      ratio = -x - b * b / ratio
    }
    return ratio < 0 ? count + 1 : count
  }

  /// The values of the recurrence at x, scaled down on the way so that it cannot overflow.
  private static func polynomials(
    at x: Double, _ coefficients: [Double]
  ) -> (newtonStep: Double, logWeight: Double) {
    var (value, slope, lastValue, lastSlope) = (1.0, 0.0, 0.0, 0.0)
    var (squares, logScale, lastCoefficient) = (0.0, 0.0, 0.0)
    for b in coefficients {
      squares += value * value
      (value, lastValue, slope, lastSlope) = (
        (x * value - lastCoefficient * lastValue) / b, value,
        (value + x * slope - lastCoefficient * lastSlope) / b, slope
      )
      lastCoefficient = b
      if abs(value) + abs(slope) > 0x1p400 {
        (value, lastValue) = (value * 0x1p-400, lastValue * 0x1p-400)
        (slope, lastSlope) = (slope * 0x1p-400, lastSlope * 0x1p-400)
        squares *= 0x1p-800
        logScale += 800 * .log(2)
      }
    }
    return (value / slope, -.log(squares) - logScale)
  }
}

extension Normal {
  /// E[f(x)] by a Gauss–Hermite rule, exact for polynomials up to degree 2·count − 1. Making the
  /// rule takes longer than using it: for many expectations, make it once.
  public func expectation(
    by rule: QuadratureRule = .gaussHermite(64), of function: (Double) -> Double
  ) -> Double {
    let deviation = standardDeviation
    return rule.integral { function(mean + deviation * $0) }
  }
}

/// The product of two quadrature rules: points in the plane for integrals of exp(f) in log space.
public struct PlaneGrid {
  /// The points, of shape [n, 2]; the second coordinate runs fastest.
  public let points: Tensor<Double>
  /// The logarithms of the points' weights.
  public let logWeights: [Double]

  /// All pairs of the rules' nodes.
  public init(_ first: QuadratureRule, _ second: QuadratureRule) {
    points = Tensor(
      first.nodes.flatMap { x in second.nodes.flatMap { y in [x, y] } },
      shape: [first.nodes.count * second.nodes.count, 2])
    logWeights = first.logWeights.flatMap { x in second.logWeights.map { y in x + y } }
  }

  /// log ∬ exp f from the values of f at the points: with Gauss–Hermite rules,
  /// log E[exp f(z)] under N(0, I).
  public func logIntegral(ofExp logValues: [Double]) -> Double {
    if logValues.count != logWeights.count {
      fatalError("logIntegral: \(logValues.count) values at \(logWeights.count) points")
    }
    return logSumExp(zip(logValues, logWeights).map { $0 + $1 })
  }
}
