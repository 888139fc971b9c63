import Probability

extension QuadratureRule {
  /// The trapezoidal rule of `count` points for expectations under N(0, 1), cut off at 12σ, beyond
  /// which 10⁻³² of it lies.
  ///
  /// Its points are 24/(count − 1) apart everywhere, closer than a Gauss–Hermite rule's far from 0: it
  /// suits what varies quickly under a wide distribution. It is exact to rounding once a few points
  /// stand on whatever the integrand does (Trefethen and Weideman, SIAM Review 56, 2014).
  static func standardNormal(_ count: Int) -> QuadratureRule {
    var rule = trapezoidal(count, over: -12...12)
    rule.logWeights = zip(rule.nodes, rule.logWeights).map {
      $1 + Normal.standard.logProbability(of: $0)
    }
    return rule
  }

  /// The rule for what stands on the left of an equation, and …
  static let left = standardNormal(434)
  /// … that for what stands on the right: they share no points but the ends.
  static let right = standardNormal(401)
  /// A coarser rule for the objective of a gradient ascent.
  static let coarse = standardNormal(121)
  /// A coarser one still, for 60 examples at every step of an ascent, and …
  static let objective = standardNormal(61)
  /// … the grid of z for their log P(X).
  static let objectiveGrid = trapezoidal(301, over: -6...6)
  /// The grid of z for the log P(X) on the left of an equation.
  static let leftGrid = trapezoidal(3000, over: -11...11)
}
