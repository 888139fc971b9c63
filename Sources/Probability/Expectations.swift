import Autodiff
import Kernels

// Expectations under normal distributions, exact or to rounding, that can be differentiated.

extension QuadratureRule {
  /// The trapezoidal rule of `count` points for expectations under N(0, 1), cut off at 12σ, beyond
  /// which 10⁻³² of it lies.
  ///
  /// Its points are 24/(count − 1) apart everywhere, closer than a Gauss–Hermite rule's far from 0: it
  /// suits what varies quickly under a wide distribution. It is exact to rounding once a few points
  /// stand on whatever the integrand does (Trefethen and Weideman, SIAM Review 56, 2014).
  public static func standardNormal(_ count: Int) -> QuadratureRule {
    trapezoidal(count, over: -12...12).weighted(by: .standard)
  }

  /// A rule for integrals as one for expectations under a normal distribution, which must be all but
  /// zero outside the rule's range.
  public func weighted(by normal: Normal) -> QuadratureRule {
    QuadratureRule(
      nodes: nodes,
      logWeights: zip(nodes, logWeights).map { $1 + normal.logProbability(of: $0) })
  }
}

extension DiagonalNormal<Double> {
  /// E[f(z)] under each of a batch of distributions of one number, whose means have shape [n, 1, 1];
  /// of shape [n, 1].
  ///
  /// `function` maps points z of shape [n, m, 1] to values of shape [n, m], or [m] if they are the
  /// same for all; `rule` is one for expectations under N(0, 1). The points are μ + σ · node, so that
  /// derivatives with respect to μ and σ pass through them.
  public func expectation(
    by rule: QuadratureRule, of function: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    let nodes = Tensor(rule.nodes, shape: [rule.nodes.count, 1])
    let values = function(sample(noise: nodes)) * Tensor(rule.weights)
    return values.sum(axis: -1, keepingAxis: true)
  }
}

extension LinearGaussianModel {
  /// E[log P(X|z)] for z from a normal distribution with mean m and covariance LLᵀ, in nats, of
  /// shape []: −½ (‖X − Wm − b‖² + ‖WL‖²)/σ² − ½ d log 2πσ², for an X of shape [d].
  public func expectedLogProbability(
    of x: Tensor<Double>, under q: MultivariateNormal<Double>
  ) -> Tensor<Double> {
    let atMean = logProbability(
      of: x.reshaped([1, observedSize]), given: q.mean.reshaped([1, latentSize]))
    let spread = matmul(weight, q.choleskyFactor).squared.sum() * exp(-logVariance)
    return atMean.reshaped([]) - 0.5 * spread
  }
}
