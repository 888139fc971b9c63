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
  // A direction is as large as the model: it is made anew for each use, and the gradient comes
  // last, when no moved copy of the model is left.
  let differences = (0..<directions).map { _ in
    let direction = Direction(among: model, key: generator.next())
    func value(at distance: Double) -> Double {
      let moved = model.replacingParameters { index, parameter in
        parameter + distance * direction.part(index, parameter.shape)
      }
      return loss(moved).scalar
    }
    let difference =
      (8 * (value(at: step) - value(at: -step)) - (value(at: 2 * step) - value(at: -2 * step)))
      / (12 * step)
    return (direction, difference)
  }
  let gradient = valueWithGradient(at: model, of: loss).gradient.parameters
  let squares = gradient.reduce(0) { $0 + $1.squared.sum().scalar }
  let typicalSlope = (squares / Double(max(model.parameterCount, 1))).squareRoot()
  let errors = differences.map { direction, difference in
    let slope = gradient.enumerated().reduce(0) { sum, part in
      sum + (part.element * direction.part(part.offset, part.element.shape)).sum().scalar
    }
    let scale = max(abs(difference), abs(slope), typicalSlope)
    let error = scale == 0 ? 0 : abs(difference - slope) / scale
    return error.isNaN ? .infinity : error
  }
  return GradientCheck(relativeError: errors.max() ?? 0, directions: directions)
}

/// A random direction of length 1 in the space of a model's parameters.
private struct Direction {
  let key: UInt64
  var length = 1.0

  init(among model: some Parameterized<Double>, key: UInt64) {
    self.key = key
    let squares = model.parameters.enumerated().reduce(0) {
      $0 + part($1.offset, $1.element.shape).squared.sum().scalar
    }
    length = squares.squareRoot()
  }

  /// What belongs to one of the parameters.
  func part(_ index: Int, _ shape: [Int]) -> Tensor<Double> {
    let uniform = Tensor<Double>(shape: shape) {
      Threefry(key: key &+ UInt64(index)).fillUniform($0, from: 0)
    }
    return (uniform - 0.5) / length
  }
}
