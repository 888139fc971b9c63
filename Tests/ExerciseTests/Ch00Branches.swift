import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

extension Ch00Exercises {
  /// Mistakes that only some inputs show, and other functions in place of the right ones.
  static var branches: [Attempt] { differenceBranches + neuronBranches + logCoshBranches }

  private static var differenceBranches: [Attempt] {
    func central(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
      (f(x + h) - f(x - h)) / (2 * h)
    }
    return [
      .mistake(
        "forward for h ≥ 1",
        Checks.centralDifference { f, x, h in
          h >= 1 ? (f(x + h) - f(x)) / h : central(f, x, h)
        }, says: "for h ≥ 1 that is the forward difference"),
      .mistake(
        "backward for negative x",
        Checks.centralDifference { f, x, h in
          x < 0 ? (f(x) - f(x - h)) / h : central(f, x, h)
        }, says: "for negative x that is the backward difference"),
      .mistake(
        "short step", Checks.centralDifference { f, x, h in central(f, x, min(h, 0.1)) },
        says: "cut to at most 0.1"),
      .mistake(
        "long step", Checks.centralDifference { f, x, h in central(f, x, max(h, 0.5)) },
        says: "raised to at least 0.5"),
      .mistake(
        "Richardson",
        Checks.centralDifference { f, x, h in
          (4 * central(f, x, h / 2) - central(f, x, h)) / 3
        }, says: "extrapolated"),
      .mistake(
        "larger side",
        Checks.centralDifference { f, x, h in
          max((f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h)
        }, says: "the larger of"),
    ]
  }

  private static var neuronBranches: [Attempt] {
    func exercise(_ derivative: @escaping (_ u: Double, _ t: Double) -> Double) -> Exercise {
      Checks.neuronGradient { w, x, b, y in
        let u = w * x + b
        let d = 2 * (tanh(u) - y) * derivative(u, tanh(u))
        return [d * x, d * w, d]
      }
    }
    return [
      .mistake(
        "derivative of tanh at x",
        Checks.neuronGradient { w, x, b, y in
          let slope = 1 - tanh(x) * tanh(x)
          let delta = 2 * (tanh(w * x + b) - y) * slope
          return [delta * x, delta * w, delta]
        }, says: "the derivative of tanh is taken at x"),
      .mistake("arctan", exercise { u, _ in 1 / (1 + u * u) }, says: "derivative of arctan"),
      .mistake("relu", exercise { u, _ in u > 0 ? 1 : 0 }, says: "derivative of relu"),
      .mistake("softplus", exercise { u, _ in 1 / (1 + exp(-u)) }, says: "derivative of softplus"),
      .mistake(
        "sigmoid", exercise { u, _ in exp(-u) / ((1 + exp(-u)) * (1 + exp(-u))) },
        says: "derivative of the sigmoid"),
      .mistake("tan", exercise { u, _ in 1 / (cos(u) * cos(u)) }, says: "derivative of tan;"),
      .mistake(
        "cut",
        Checks.neuronGradient { w, x, b, y in
          let t = tanh(min(max(w * x + b, -1), 1))
          let d = 2 * (t - y) * (1 - t * t)
          return [d * x, d * w, d]
        }, says: "u was cut"),
    ]
  }

  private static var logCoshBranches: [Attempt] {
    func exercise(_ slope: @escaping (_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double>)
      -> Exercise
    {
      Checks.logCosh { x in
        let y = softplus(2 * x) - x - log(2.0)
        return y.recorded("log cosh", from: (x, { g in g * slope(x, y) }))
      }
    }
    return [
      .mistake(
        "by y", exercise { x, y in (exp(x) - exp(-x)) / 2 / y }, says: "at x = 0 that is 0/0"),
      .mistake(
        "∞/∞", exercise { x, _ in (exp(2 * x) - 1) / (exp(2 * x) + 1) },
        says: "∞/∞ for large x"),
      .mistake(
        "∞/∞ below", exercise { x, _ in (1 - exp(-2 * x)) / (1 + exp(-2 * x)) },
        says: "∞/∞ for negative x"),
    ]
  }
}
