import Autodiff
import Exercises

extension NeuronRule {
  /// Other functions in place of tanh, or of its derivative, and other errors.
  static var activations: [Mistake<NeuronRule>] { otherSlopes + otherFunctions + cuts + errors }

  private static var otherSlopes: [Mistake<NeuronRule>] {
    let slopes: [(String, (_ u: Double, _ t: Double) -> Double)] = [
      (
        "σ(1 − σ), with σ(u), is the derivative of the sigmoid",
        { u, _ in
          .sigmoid(u) * (1 - .sigmoid(u))
        }
      ),
      ("0 or 1 by the sign of u is the derivative of relu", { u, _ in u > 0 ? 1 : 0 }),
      (
        "0.01 or 1 by the sign of u is the derivative of a leaky relu", { u, _ in u > 0 ? 1 : 0.01 }
      ),
      ("1 or e^u by the sign of u is the derivative of elu", { u, _ in u > 0 ? 1 : .exp(u) }),
      ("1 or 0 by |u| < 1 is the derivative of the hard tanh", { u, _ in abs(u) < 1 ? 1 : 0 }),
      ("σ(u) is the derivative of softplus", { u, _ in .sigmoid(u) }),
      ("tanh u/cosh u belongs to 1/cosh u", { u, t in 2 * t / (.exp(u) + .exp(-u)) }),
      ("−tanh u/cosh u is the derivative of 1/cosh u", { u, t in -2 * t / (.exp(u) + .exp(-u)) }),
      ("1/(1 + t²) is the derivative of arctan, taken at t", { _, t in 1 / (1 + t * t) }),
      ("1/(1 − u²) is the derivative of the inverse of tanh", { u, _ in 1 / (1 - u * u) }),
      ("1/√(1 − t²) belongs to arcsin", { _, t in 1 / (1 - t * t).squareRoot() }),
      ("1/cos² u = 1 + tan² u is the derivative of tan", { u, _ in 1 / (.cos(u) * .cos(u)) }),
      ("1 + u² belongs to another function", { u, _ in 1 + u * u }),
      ("cos u is the derivative of sin", { u, _ in .cos(u) }),
      ("exp(−u²) belongs to the error function", { u, _ in .exp(-u * u) }),
    ]
    return slopes.map { name, slope in
      Mistake(name, "\(name); that of tanh u is 1 − tanh² u") { $0.tanh.formula = slope }
    }
  }

  private static var otherFunctions: [Mistake<NeuronRule>] {
    let functions: [(String, (Double) -> Double, slope: (_ u: Double, _ t: Double) -> Double)] = [
      ("tan", { .sin($0) / .cos($0) }, { _, t in 1 + t * t }),
      ("sinh", { (.exp($0) - .exp(-$0)) / 2 }, { u, _ in (.exp(u) + .exp(-u)) / 2 }),
      ("the hard tanh", { min(max($0, -1), 1) }, { u, _ in abs(u) < 1 ? 1 : 0 }),
      ("relu", { max($0, 0) }, { u, _ in u > 0 ? 1 : 0 }),
      ("sin", { .sin($0) }, { u, _ in .cos(u) }),
      ("softplus", { .softplus($0) }, { u, _ in .sigmoid(u) }),
      ("the sigmoid of 2u", { .sigmoid(2 * $0) }, { _, t in 2 * t * (1 - t) }),
    ]
    return functions.flatMap { name, function, slope in
      [
        Mistake("\(name) for tanh", "t is tanh u; you take \(name) in its place") {
          $0.activation = function
        },
        Mistake("\(name) throughout", "you take \(name), with its derivative; here t is tanh u") {
          $0.activation = function
          $0.tanh.formula = slope
        },
      ]
    }
  }

  private static var cuts: [Mistake<NeuronRule>] {
    [0.5, 1, 2].map { (limit: Double) in
      Mistake("cut to \(limit)", "u was cut to between −\(limit) and \(limit); use it as it is") {
        $0.input = { min(max($0.w * $0.x + $0.b, -limit), limit) }
      }
    }
  }

  private static var errors: [Mistake<NeuronRule>] {
    [
      Mistake("absolute", "that belongs to the absolute error |t − y|; the error is squared") {
        $0.outer = { t, y in t > y ? 1 : -1 }
      },
      Mistake("3", "3(t − y)² is the derivative of a cube; that of (t − y)² is 2(t − y)") {
        $0.outer = { t, y in 3 * (t - y) * (t - y) }
      },
      Mistake("E times", "E was multiplied in; its derivative is 2(t − y) alone") {
        $0.outer = { t, y in 2 * (t - y) * (t - y) * (t - y) }
      },
      Mistake("inside tanh", "y was subtracted inside tanh; subtract it from t = tanh u") {
        $0.input = { $0.w * $0.x + $0.b - $0.y }
        $0.outer = { t, _ in 2 * t }
      },
      Mistake("1 − y", "the factor is 2(t − y), not 2(1 − y)") {
        $0.outer = { _, y in 2 * (1 - y) }
      },
    ]
  }
}
