import Probability

extension QuadratureRule {
  /// The trapezoidal rule of `count` points for expectations under N(0, 1), from −12 to 12; the
  /// probability outside is about 10⁻³².
  ///
  /// Its points are 24/(count − 1) apart everywhere. Far from 0 that is closer than the points of a
  /// Gauss–Hermite rule, so it suits functions that vary quickly under a wide distribution. It is exact to
  /// rounding once there are a few points for every bend of the integrand (Trefethen and Weideman, SIAM Review 56, 2014).
  static func standardNormal(_ count: Int) -> QuadratureRule {
    var rule = trapezoidal(count, over: -12...12)
    rule.logWeights = zip(rule.nodes, rule.logWeights).map {
      $1 + Normal.standard.logProbability(of: $0)
    }
    return rule
  }

  /// The rule for the left side of an equation.
  static let left = standardNormal(434)
  /// The rule for the right side. The two share no points but the ends.
  static let right = standardNormal(401)
  /// A coarser rule, for the objective of a gradient ascent.
  static let coarse = standardNormal(121)
  /// A still coarser rule, for the objective of an ascent with 60 examples.
  static let objective = standardNormal(61)
  /// The grid of z for log P(X) as the objective of an ascent with 60 examples.
  static let objectiveGrid = trapezoidal(301, over: -6...6)
  /// The grid of z for the log P(X) on the left of an equation.
  static let leftGrid = trapezoidal(3000, over: -11...11)
}
