import Autodiff
import Probability

/// A mixture of K normal distributions of one number. With enough components it comes as close as desired
/// to any smooth density.
///
/// Densities can be differentiated with respect to the parameters.
struct NormalMixture: Parameterized {
  /// The logarithms of the components' weights up to a constant, of shape [K].
  var logits: Tensor<Double>
  /// The components' means, of shape [K].
  var mean: Tensor<Double>
  /// The logarithms of the components' variances, of shape [K].
  var logVariance: Tensor<Double>

  /// The mixture with weights proportional to exp(logits).
  init(logits: Tensor<Double>, mean: Tensor<Double>, logVariance: Tensor<Double>) {
    guard logits.rank == 1, mean.shape == logits.shape, logVariance.shape == logits.shape else {
      fatalError(
        "NormalMixture: shapes \(logits.shape), \(mean.shape) and \(logVariance.shape)")
    }
    self.logits = logits
    self.mean = mean
    self.logVariance = logVariance
  }

  /// A mixture of one component.
  init(_ normal: Normal) {
    self.init(
      logits: Tensor(zeros: [1]), mean: Tensor([normal.mean]),
      logVariance: Tensor([normal.logVariance]))
  }

  /// The number of components.
  var count: Int { logits.count }

  /// The logarithms of the components' weights, of shape [K].
  var logWeights: Tensor<Double> { logits - logits.logSumExp(axis: 0) }

  /// This mixture with the weight 1 − `weight`, and one more component with the weight `weight`.
  func adding(_ component: Normal, weight: Double) -> NormalMixture {
    NormalMixture(
      logits: .concatenated([logWeights + .log1p(-weight), Tensor([.log(weight)])]),
      mean: .concatenated([mean, Tensor([component.mean])]),
      logVariance: .concatenated([logVariance, Tensor([component.logVariance])]))
  }

  /// The log density in nats, […, 1] → […].
  func logProbability(of x: Tensor<Double>) -> Tensor<Double> {
    let distance = (x - mean).squared * exp(-logVariance)
    let components = logWeights - 0.5 * (distance + logVariance + logTwoPi)
    return components.logSumExp(axis: -1)
  }

  /// Shows `logits`, `mean` and `logVariance`.
  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("logits", &logits)
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
  }
}
