import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

extension Ch00Exercises {
  /// Mistakes that only show as slips in a calculation.
  static var slips: [Attempt] { differenceSlips + neuronSlips + layerSlips + logCoshSlips }

  private static var differenceSlips: [Attempt] {
    [
      .mistake(
        "x h", Checks.centralDifference { f, x, h in (f(x * h) - f(x - h)) / (2 * h) },
        says: "`x * h` stands where `x + h` belongs"),
      .mistake(
        "product", Checks.centralDifference { f, x, h in f(x + h) * f(x - h) / (2 * h) },
        says: "`f(x + h) * f(x - h)` stands where"),
    ]
  }

  private static var neuronSlips: [Attempt] {
    func exercise(_ derivative: @escaping (_ t: Double, _ y: Double) -> Double) -> Exercise {
      Checks.neuronGradient { w, x, b, y in
        let d = derivative(tanh(w * x + b), y)
        return [d * x, d * w, d]
      }
    }
    return [
      .mistake(
        "2t − y", exercise { t, y in 2 * t - y * (1 - t * t) }, says: "brackets are missing"),
      .mistake(
        "t y", exercise { t, y in 2 * (t - y) * (1 - t * y) },
        says: "in `t * t`, `y` stands where `t` belongs"),
      .mistake(
        "y for b",
        Checks.neuronGradient { w, x, b, y in
          let t = tanh(w * x + b)
          let d = 2 * (t - y) * (1 - t * t)
          return [d * x, d * w, d * y]
        }, says: "`∂E/∂b` is multiplied by `y`"),
      .mistake(
        "slope for x alone",
        Checks.neuronGradient { w, x, b, y in
          let t = tanh(w * x + b)
          let outer = 2 * (t - y)
          return [outer * x, outer * w * (1 - t * t), outer]
        }, says: "the factor `1 - t * t` is missing in `2 * (t - y) * x * (1 - t * t)`, and"),
    ]
  }

  private static var layerSlips: [Attempt] {
    /// The gradients from two terms, of which each is summed over the examples.
    func exercise(
      _ weight: @escaping (_ x: Double, _ g: Double) -> Double,
      _ bias: @escaping (_ g: Double) -> Double
    ) -> Exercise {
      Checks.layerGradient { x, g in
        x[0].indices.map { k in
          g[0].indices.map { j in zip(x, g).reduce(0) { $0 + weight($1.0[k], $1.1[j]) } }
        } + [g[0].indices.map { j in g.reduce(0) { $0 + bias($1[j]) } }]
      }
    }
    return [
      .mistake(
        "g²", exercise({ $0 * $1 * $1 }, { $0 }), says: "in `xᵀ · g`, `g` is squared"),
      .mistake(
        "difference", exercise({ $0 - $1 }, { $0 }), says: "`x - g` stands where `x * g` belongs"),
    ]
  }

  private static var logCoshSlips: [Attempt] {
    func exercise(
      _ value: @escaping (Tensor<Double>) -> Tensor<Double>,
      _ pullback: @escaping (_ x: Tensor<Double>, _ g: Tensor<Double>) -> Tensor<Double>
    ) -> Exercise {
      Checks.logCosh { x in value(x).recorded("log cosh", from: (x, { g in pullback(x, g) })) }
    }
    return [
      .mistake(
        "2x", exercise({ softplus(2 * $0) - 2 * $0 - log(2) }, { $1 * tanh($0) }),
        says: "`x` counts twice"),
      .mistake(
        "log 2 in the pullback",
        exercise({ softplus(2 * $0) - $0 - log(2) }, { $1 * (tanh($0) - log(2)) }),
        says: "`log(2)` is subtracted from `tanh(x)`"),
      .mistake(
        "1 / 2", exercise({ softplus(2 * $0) - $0 + log(0) }, { $1 * tanh($0) }),
        says: "one Int divided by another"),
    ]
  }
}
