import Autodiff
import Probability

/// The central moments of a weight w with mean 1, and what they say about the mean w̄ of n independent
/// weights.
struct WeightMoments: Equatable, Sendable {
  /// E[(w − 1)²].
  var variance: Double
  /// E[(w − 1)³].
  var third: Double
  /// E[(w − 1)⁴].
  var fourth: Double

  /// The central moments from E[w²], E[w³] and E[w⁴].
  init(second: Double, third: Double, fourth: Double) {
    variance = second - 1
    self.third = third - 3 * second + 2
    self.fourth = fourth - 4 * third + 6 * second - 3
  }

  /// The moments of the naive weight w = P(X|z)/P(X) for one X, of shape [1, d].
  init(_ model: LinearGaussianModel, _ x: Tensor<Double>) {
    func moment(_ order: Int) -> Double { .exp(model.logWeightMoment(order, of: x).scalar) }
    self.init(second: moment(2), third: moment(3), fourth: moment(4))
  }

  /// The standard error of w̄: √(E[(w − 1)²]/n).
  func standardError(ofMeanOf n: Int) -> Double { (variance / Double(n)).squareRoot() }

  /// The variance of the squared error (w̄ − 1)².
  func squaredErrorVariance(ofMeanOf n: Int) -> Double {
    let (n, square) = (Double(n), variance * variance)
    return 2 * square / (n * n) + (fourth - 3 * square) / (n * n * n)
  }

  /// E[log w̄] up to 1/n, which is −E[(w − 1)²]/2n, or up to 1/n²: the means of the terms of
  /// log w̄ = δ − δ²/2 + δ³/3 − δ⁴/4 + … with δ = w̄ − 1. It is good only if E[(w − 1)²]/n is small.
  func logBias(ofMeanOf n: Int, order: Int = 2) -> Double {
    let n = Double(n)
    let first = -variance / (2 * n)
    return order < 2 ? first : first + (third / 3 - 0.75 * variance * variance) / (n * n)
  }
}
