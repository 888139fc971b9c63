import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

@Suite struct Ch00Exercises {
  static var attempts: [Attempt] {
    centralDifference + neuronGradient + forwardMode + reverseMode + layerGradient
      + gradientDescent + backpropagation + logCosh + slips + branches
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  // MARK: - Section 0.1

  static var centralDifference: [Attempt] {
    typealias Function = (Double) -> Double
    func exercise(_ formula: @escaping (Function, Double, Double) -> Double) -> Exercise {
      Checks.centralDifference(formula)
    }
    return [
      .solution(exercise { f, x, h in (f(x + h) - f(x - h)) / (2 * h) }),
      .stub(Checks.centralDifference { _, _, _ in try todo() }),
      .mistake(
        "forward", exercise { f, x, h in (f(x + h) - f(x)) / h }, says: "forward difference"),
      .mistake("backward", exercise { f, x, h in (f(x) - f(x - h)) / h }, says: "backward"),
      .mistake("h", exercise { f, x, h in (f(x + h) - f(x - h)) / h }, says: "2h apart"),
      .mistake("undivided", exercise { f, x, h in f(x + h) - f(x - h) }, says: "difference alone"),
      .mistake("2", exercise { f, x, h in (f(x + h) - f(x - h)) / 2 }, says: "h is missing"),
      .mistake(
        "precedence", exercise { f, x, h in (f(x + h) - f(x - h)) / 2 * h }, says: "multiplies by h"
      ),
      .mistake(
        "sign", exercise { f, x, h in (f(x - h) - f(x + h)) / (2 * h) }, says: "wrong way round"),
      .mistake(
        "half", exercise { f, x, h in (f(x + h / 2) - f(x - h / 2)) / h }, says: "half the distance"
      ),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "NaN"),
      .mistake(
        "brackets", exercise { f, x, h in f(x + h) - f(x - h) / (2 * h) }, says: "brackets"),
      .mistake(
        "two places forward", exercise { f, x, h in (f(x + h) - f(x)) / (2 * h) },
        says: "the second value is f(x)"),
      .mistake("sum", exercise { f, x, h in (f(x + h) + f(x - h)) / (2 * h) }, says: "are added"),
      .mistake(
        "size", exercise { f, x, h in abs(f(x + h) - f(x - h)) / (2 * h) }, says: "sign is gone"),
      .mistake("own step", exercise { f, x, _ in (f(x + 1e-4) - f(x - 1e-4)) / 2e-4 }, says: "`h`"),
      .mistake(
        "two h", exercise { f, x, h in (f(x + 2 * h) - f(x - 2 * h)) / (2 * h) }, says: "x ± 2h"),
      .mistake("h²", exercise { f, x, h in (f(x + h) - f(x - h)) / (h * h) }, says: "by h²"),
      .mistake(
        "second derivative", exercise { f, x, h in (f(x + h) - 2 * f(x) + f(x - h)) / (h * h) },
        says: "f″"),
      .mistake(
        "outside", exercise { f, x, h in ((f(x) + h) - (f(x) - h)) / (2 * h) }, says: "inside"),
      .mistake(
        "sign and h", exercise { f, x, h in (f(x - h) - f(x + h)) / h }, says: "two mistakes"),
      .mistake(
        "four values",
        exercise { f, x, h in
          (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)
        }, says: "four values"),
    ]
  }

  // MARK: - Section 0.2

  static var neuronGradient: [Attempt] {
    struct Neuron {
      let w, x, b, y: Double

      var u: Double { w * x + b }
      var t: Double { tanh(u) }
    }
    /// The three derivatives, from the one with respect to u.
    func exercise(_ derivative: @escaping (Neuron) -> Double) -> Exercise {
      Checks.neuronGradient { w, x, b, y in
        let d = derivative(Neuron(w: w, x: x, b: b, y: y))
        return [d * x, d * w, d]
      }
    }
    func right(_ n: Neuron) -> Double { 2 * (n.t - n.y) * (1 - n.t * n.t) }
    return [
      .solution(exercise(right)),
      .stub(Checks.neuronGradient { _, _, _, _ in try todo() }),
      .mistake("no 2", exercise { right($0) / 2 }, says: "a factor of 2"),
      .mistake("no tanh", exercise { 2 * ($0.t - $0.y) }, says: "derivative of tanh is missing"),
      .mistake("1 − t", exercise { 2 * ($0.t - $0.y) * (1 - $0.t) }, says: "1 − t is not"),
      .mistake("1 − u²", exercise { 2 * ($0.t - $0.y) * (1 - $0.u * $0.u) }, says: "not 1 − u²"),
      .mistake(
        "arctan", exercise { 2 * ($0.t - $0.y) / (1 + $0.u * $0.u) },
        says: "the derivative of arctan u"),
      .mistake("no square", exercise { 1 - $0.t * $0.t }, says: "outer derivative"),
      .mistake("sign", exercise { -right($0) }, says: "sign of all three"),
      .mistake(
        "exchanged",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d * w, d * x, d]
        }, says: "exchanged"),
      .mistake(
        "inner",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d, d, d]
        }, says: "last factor is missing"),
      .mistake("empty", Checks.neuronGradient { _, _, _, _ in [] }, says: "no numbers"),
      .mistake("1 + t²", exercise { 2 * ($0.t - $0.y) * (1 + $0.t * $0.t) }, says: "not 1 + t²"),
      .mistake(
        "sigmoid's", exercise { 2 * ($0.t - $0.y) * $0.t * (1 - $0.t) }, says: "of the sigmoid"),
      .mistake(
        "tanh twice", exercise { 2 * ($0.t - $0.y) * (1 - tanh($0.t) * tanh($0.t)) },
        says: "applied twice"),
      .mistake(
        "square kept", exercise { ($0.t - $0.y) * ($0.t - $0.y) * (1 - $0.t * $0.t) },
        says: "in place of its derivative"),
      .mistake(
        "brackets", exercise { (2 * $0.t - $0.y) * (1 - $0.t * $0.t) }, says: "brackets are missing"
      ),
      .mistake("no target", exercise { 2 * $0.t * (1 - $0.t * $0.t) }, says: "y is missing"),
      .mistake(
        "no bias",
        exercise {
          let t = tanh($0.w * $0.x)
          return 2 * (t - $0.y) * (1 - t * t)
        }, says: "b is missing"),
      .mistake(
        "u for t", exercise { 2 * ($0.u - $0.y) * (1 - $0.t * $0.t) }, says: "with t = tanh u"),
      .mistake(
        "b for 1",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d * x, d * w, d * b]
        }, says: "∂u/∂b is 1"),
      .mistake(
        "no w",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d * x, d, d]
        }, says: "= w is missing"),
      .mistake(
        "first one squared",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          return [d * x * x, d * w, d]
        }, says: "∂E/∂w"),
      .mistake(
        "∂E/∂w for w",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          let dw = d * x
          return [dw, d * dw, d]
        }, says: "by ∂E/∂w in place of w"),
      .mistake(
        "∂E/∂x for x",
        Checks.neuronGradient { w, x, b, y in
          let d = right(Neuron(w: w, x: x, b: b, y: y))
          let dx = d * w
          return [d * dx, dx, d]
        }, says: "by ∂E/∂x in place of x"),
      .mistake(
        "inside tanh′",
        exercise {
          let dE = 2 * ($0.t - $0.y)
          return 1 - tanh(dE) * tanh(dE)
        }, says: "2(t − y) was put into the derivative of tanh"),
      .mistake(
        "inside the square", exercise { 2 * ((1 - $0.t * $0.t) - $0.y) },
        says: "was put into 2(t − y)"),
      .mistake(
        "sign and no 2", exercise { -right($0) / 2 }, says: "the factor of 2 is missing"),
      .mistake(
        "1 + t² and no 2", exercise { ($0.t - $0.y) * (1 + $0.t * $0.t) }, says: "two mistakes"),
    ]
  }
}
