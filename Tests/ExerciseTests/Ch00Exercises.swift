import Autodiff
import Foundation
import Notebook
import Testing

@testable import Ch00_Autodiff

@Suite struct Ch00Exercises {
  static var attempts: [Attempt] { logCosh }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() { expectCompleteness(of: Checks.all, Self.attempts) }

  // MARK: - The core

  static var logCosh: [Attempt] {
    func value(_ x: Tensor<Double>) -> Tensor<Double> { softplus(2 * x) - x - log(2) }
    func cosh(_ x: Tensor<Double>) -> Tensor<Double> { 0.5 * (exp(x) + exp(-x)) }
    func sinh(_ x: Tensor<Double>) -> Tensor<Double> { 0.5 * (exp(x) - exp(-x)) }
    /// One step on the tape, of a value and a pullback at x.
    func exercise(
      _ value: @escaping (Tensor<Double>) -> Tensor<Double> = value,
      _ pullback: @escaping (_ x: Tensor<Double>, _ g: Tensor<Double>) -> Tensor<Double>
    ) -> Exercise {
      Checks.logCosh { x in value(x).recorded("log cosh", from: (x, { g in pullback(x, g) })) }
    }
    return [
      .solution(exercise { x, g in g * tanh(x) }),
      .stub(Checks.logCosh { _ in try todo() }),
      .mistake(
        "off the tape", Checks.logCosh { value($0.detached) }, says: "no gradient came back"),
      .mistake("no g", exercise { x, _ in tanh(x) }, says: "the pullback leaves out g"),
      .mistake("g alone", exercise { _, g in g }, says: "returns g as it is"),
      .mistake("1/cosh", exercise { x, g in g / cosh(x) }, says: "1/cosh x"),
      .mistake("sinh", exercise { x, g in g * sinh(x) }, says: "before the log was taken"),
      .mistake(
        "second derivative", exercise { x, g in g * (1 - tanh(x).squared) }, says: "1 − tanh² x"),
      .mistake("times value", exercise { x, g in g * value(x) }, says: "right for exp alone"),
      .mistake(
        "log 2", exercise({ value($0) + log(2) }) { x, g in g * tanh(x) },
        says: "log 2 is missing"),
      .mistake("cosh", exercise(cosh) { x, g in g * sinh(x) }, says: "its logarithm is missing"),
      .mistake(
        "overflow", exercise({ log(cosh($0)) }) { x, g in g * tanh(x) },
        says: "can be taken out of the log"),
      .mistake("composed", Checks.logCosh { log(cosh($0)) }, says: "not several"),
      .mistake("composed well", Checks.logCosh { value($0) }, says: "should go through one"),
      .mistake("empty", Checks.logCosh { _ in Tensor([]) }, says: "no numbers"),
      .mistake("one number", Checks.logCosh { _ in Tensor(0) }, says: "got one number"),
      .mistake(
        "slopes elsewhere",
        Checks.logCosh { x in
          // Right for vectors and single numbers only.
          value(x).recorded("log cosh", from: (x, { g in x.rank == 2 ? g : g * tanh(x) }))
        }, says: "checkGradient"),
    ]
  }
}
