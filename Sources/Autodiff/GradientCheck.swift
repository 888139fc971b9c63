/// How well a gradient agrees with differences of the function itself.
public struct GradientCheck: Sendable {
  /// The largest relative error over all directions.
  public let relativeError: Double
  /// The number of random directions that were tried.
  public let directions: Int
}

/// Compares the gradient of `loss` at `model` with differences of `loss` in random directions.
///
/// In each direction v of length 1 the slope g·v is held against the fourth-order central
/// difference (8·[f(h) − f(−h)] − [f(2h) − f(−2h)]) / 12h. With h = `step` its own error is about
/// h⁴ + 10⁻¹⁶·|f| / h: below 10⁻⁹ for a smooth loss of ordinary size. The relative error is
/// |difference − slope| over the largest of |difference|, |slope| and |g|/√n, with n the number of
/// parameters: what a slope in a random direction is like, so that one that happens to be flat does
/// not count more than others.
public func checkGradient<Model: Parameterized<Double>>(
  at model: Model, directions: Int = 8, step: Double = 1e-3,
  using generator: inout some RandomNumberGenerator, of loss: (Model) -> Tensor<Double>
) -> GradientCheck {
  let gradient = valueWithGradient(at: model, of: loss).gradient.parameters
  let squares = gradient.reduce(0) { $0 + $1.squared.sum().scalar }
  let count = gradient.reduce(0) { $0 + $1.count }
  let typicalSlope = (squares / Double(max(count, 1))).squareRoot()
  var worst = 0.0
  for _ in 0..<directions {
    var direction = gradient.map { part in
      (0..<part.count).map { _ in Double(generator.next() >> 11) * 0x1p-52 - 1 }
    }
    let length = direction.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    for i in direction.indices { direction[i] = direction[i].map { $0 / length } }

    func value(at distance: Double) -> Double {
      let moved = model.replacingParameters { index, parameter in
        parameter + distance * Tensor(direction[index], shape: parameter.shape)
      }
      return loss(moved).scalar
    }
    let difference =
      (8 * (value(at: step) - value(at: -step)) - (value(at: 2 * step) - value(at: -2 * step)))
      / (12 * step)
    let slope = zip(gradient, direction).reduce(0) { sum, pair in
      sum + zip(pair.0.scalars, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let scale = max(abs(difference), abs(slope), typicalSlope)
    let error = scale == 0 ? 0 : abs(difference - slope) / scale
    worst = error.isNaN ? .infinity : max(worst, error)
  }
  return GradientCheck(relativeError: worst, directions: directions)
}
