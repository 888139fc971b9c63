import Autodiff
import Kernels

/// A mixture of K normal distributions of one number. With enough of them it comes as close as one
/// likes to any smooth density.
///
/// Densities and expectations can be differentiated with respect to the parameters.
public struct NormalMixture: Parameterized {
  /// The logarithms of the components' weights up to a constant, of shape [K].
  public var logits: Tensor<Double>
  /// The components' means, of shape [K].
  public var mean: Tensor<Double>
  /// The logarithms of the components' variances, of shape [K].
  public var logVariance: Tensor<Double>

  /// The mixture with weights proportional to exp(logits).
  public init(logits: Tensor<Double>, mean: Tensor<Double>, logVariance: Tensor<Double>) {
    guard logits.rank == 1, mean.shape == logits.shape, logVariance.shape == logits.shape else {
      fatalError(
        "NormalMixture: shapes \(logits.shape), \(mean.shape) and \(logVariance.shape)")
    }
    self.logits = logits
    self.mean = mean
    self.logVariance = logVariance
  }

  /// A mixture of one.
  public init(_ normal: Normal) {
    self.init(
      logits: Tensor(zeros: [1]), mean: Tensor([normal.mean]),
      logVariance: Tensor([normal.logVariance]))
  }

  /// The number of components.
  public var count: Int { logits.count }

  /// The logarithms of the components' weights, of shape [K].
  public var logWeights: Tensor<Double> { logits - logits.logSumExp(axis: 0) }

  /// This mixture at 1 − `weight`, and another component at `weight`.
  public func adding(_ component: Normal, weight: Double) -> NormalMixture {
    NormalMixture(
      logits: .concatenated([logWeights + .log1p(-weight), Tensor([.log(weight)])]),
      mean: .concatenated([mean, Tensor([component.mean])]),
      logVariance: .concatenated([logVariance, Tensor([component.logVariance])]))
  }

  /// The log density in nats, […, 1] → […].
  public func logProbability(of x: Tensor<Double>) -> Tensor<Double> {
    let distance = (x - mean).squared * exp(-logVariance)
    let components = logWeights - 0.5 * (distance + logVariance + logTwoPi)
    return components.logSumExp(axis: -1)
  }

  /// E[f(z)], of shape []: the weighted mean of the components' expectations.
  ///
  /// `function` maps points z of shape [K, m, 1] to values of shape [K, m], or [m]; `rule` is one
  /// for expectations under N(0, 1), placed on every component.
  public func expectation(
    by rule: QuadratureRule, of function: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    let components = DiagonalNormal(
      mean: mean.reshaped([count, 1, 1]), logVariance: logVariance.reshaped([count, 1, 1]))
    let values = components.expectation(by: rule, of: function)
    return (exp(logWeights) * values.reshaped([count])).sum()
  }

  /// D[self ‖ P] in nats, of shape [], from the log density of P at points of shape [K, m, 1].
  public func klDivergence(
    by rule: QuadratureRule, toLogDensity logDensity: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    expectation(by: rule) { z in logProbability(of: z) - logDensity(z) }
  }

  /// Shows `logits`, `mean` and `logVariance`.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("logits", &logits)
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
  }
}
