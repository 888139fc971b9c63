/// How well a gradient agrees with finite differences of the function.
public struct GradientCheck: Sendable {
  /// The largest relative error over all directions.
  public let relativeError: Double
  /// The number of random directions that were tried.
  public let directions: Int
}

/// Compares the gradient of `loss` at `model` with finite differences in random directions.
///
/// A direction v has independent, uniform components with the variance 1/n, where n is the number
/// of parameters: its length is about 1. The slope g·v is compared with the fourth-order central
/// difference (8·[f(h) − f(−h)] − [f(2h) − f(−2h)]) / 12h. With h = `step` its own error is about
/// h⁴ + 10⁻¹⁶·|f| / h: below 10⁻⁹ for a smooth loss of ordinary size. The relative error is
/// |difference − slope| over the largest of |difference|, |slope| and |g|/√n, the standard
/// deviation of a slope, so that a flat direction counts no more than others.
public func checkGradient<Model: Parameterized<Double>>(
  at model: Model, directions: Int = 8, step: Double = 1e-3,
  using generator: inout some RandomNumberGenerator, of loss: (Model) -> Tensor<Double>
) -> GradientCheck {
  let n = Double(max(model.parameterCount, 1))
  // A direction is as large as the model. To save memory, its parts are generated anew for each
  // use, and the gradient is computed last, when no shifted copy of the model is left.
  func part(_ index: Int, of direction: UInt64, _ shape: [Int]) -> Tensor<Double> {
    let uniform = Tensor<Double>(shape: shape) {
      Threefry(key: direction &+ UInt64(index)).fillUniform($0, from: 0)
    }
    return (12 / n).squareRoot() * (uniform - 0.5)
  }
  let keys = (0..<directions).map { _ in generator.next() }
  let differences = keys.map { key in
    func value(at distance: Double) -> Double {
      let moved = model.replacingParameters { index, parameter in
        parameter + distance * part(index, of: key, parameter.shape)
      }
      return loss(moved).scalar
    }
    return (8 * (value(at: step) - value(at: -step)) - (value(at: 2 * step) - value(at: -2 * step)))
      / (12 * step)
  }
  let gradient = valueWithGradient(at: model, of: loss).gradient.parameters
  let squares = gradient.reduce(0) { $0 + $1.squared.sum().scalar }
  let errors = zip(keys, differences).map { key, difference in
    let slope = gradient.indices.reduce(0) { sum, index in
      sum + (gradient[index] * part(index, of: key, gradient[index].shape)).sum().scalar
    }
    let scale = max(abs(difference), abs(slope), (squares / n).squareRoot())
    let error = scale == 0 ? 0 : abs(difference - slope) / scale
    return error.isNaN ? .infinity : error
  }
  return GradientCheck(relativeError: errors.max() ?? 0, directions: directions)
}
