import Autodiff
import Exercises
import Notebook
import Probability

extension Checks {
  static func logCosh(
    _ answer: @escaping (Tensor<Double>) throws -> Tensor<Double>
  ) -> Exercise {
    var comparison = Comparison<CoreTask, Answer>(of: { try $0.answer(answer) }) { task in
      task.answer(value: CoreTask.logCosh) { x, g in g * .tanh(x) }
    }
    comparison.ask(
      "the values, and below them the gradient, at x = (0, 1) with g = (0, 3)",
      CoreTask(x: [0, 1], incoming: [0, 3]))
    let (x, incoming) = (roundedNormals(3, seed: 59), roundedNormals(3, seed: 60))
    comparison.ask(
      "the same at x = \(text(x)) with g = \(text(incoming))", CoreTask(x: x, incoming: incoming))
    comparison.ask(
      "the same at x = (900, -900) with g = (1, -2)", CoreTask(x: [900, -900], incoming: [1, -2]))
    comparison.recognizeMistakes()
    return Exercise(
      "log-cosh", "A new operation for the core, with its pullback", minutes: 60,
      hints: [
        "Differentiate log cosh x on paper: the derivative is a function that the core has. For "
          + "the value, write cosh x = e^|x| (1 + e^(−2|x|))/2.",
        "log cosh x = softplus(2x) − x − log 2, and softplus is stable.",
        "Look at softplus in Sources/Autodiff/Arithmetic.swift: its pullback is g times the "
          + "derivative at x. Yours has the same form.",
      ], comparison
    ).judged("log cosh of one number", answer: { try CoreTask.recordedCount(answer) }) { count in
      count.values == [1]
        ? nil
        : "the gradient goes back through \(formatted(count.values[0], decimals: 0)) operations; "
          + "it should go through one, recorded with a pullback of your own"
    }.judged(
      "a 2 × 2 matrix x and Σ(log cosh(3 log cosh x))",
      answer: { try CoreTask.relativeError(answer) }
    ) { error in
      // Differences of so smooth a function are good to 10⁻⁹; a wrong derivative is wrong at once.
      error.values[0] < 1e-6
        ? nil
        : "checkGradient compared the gradient with differences of the function, and found a "
          + "relative error of \(formatted(error.values[0], digits: 3))"
    }
  }
}

extension Comparison<CoreTask, Answer> {
  fileprivate mutating func recognizeMistakes() {
    recognize("no gradient came back: do you return the result of `recorded`?") {
      $0.answer(value: CoreTask.logCosh) { _, _ in 0 }
    }
    recognize(
      "the pullback leaves out g, the gradient so far; the chain rule multiplies by it"
    ) { $0.answer(value: CoreTask.logCosh) { x, _ in .tanh(x) } }
    recognize("the pullback returns g as it is; the operation's derivative is missing") {
      $0.answer(value: CoreTask.logCosh) { _, g in g }
    }
    recognize(
      "the pullback uses 1/cosh x, which comes from the log alone; multiply it by the derivative "
        + "of cosh x"
    ) { $0.answer(value: CoreTask.logCosh) { x, g in g / cosh(x) } }
    recognize("the pullback uses the derivative of cosh x, before the log was taken") {
      $0.answer(value: CoreTask.logCosh) { x, g in g * sinh(x) }
    }
    recognize(
      "the pullback uses 1 − tanh² x, the derivative of tanh x: that is the second derivative"
    ) { $0.answer(value: CoreTask.logCosh) { x, g in g * (1 - .tanh(x) * .tanh(x)) } }
    recognize("the pullback multiplies g by the value, which is right for exp alone") {
      $0.answer(value: CoreTask.logCosh) { x, g in g * CoreTask.logCosh(x) }
    }
    recognize("log 2 is missing: cosh x is half of eˣ + e⁻ˣ") {
      $0.answer(value: { CoreTask.logCosh($0) + .log(2) }) { x, g in g * .tanh(x) }
    }
    recognize("that is cosh x; its logarithm is missing") {
      $0.answer(value: cosh) { x, g in g * sinh(x) }
    }
    recognize("cosh x became infinite; its factor e^|x| can be taken out of the log") {
      $0.answer(value: { .log(cosh($0)) }) { x, g in g * .tanh(x) }
    }
    recognize(
      "cosh x became infinite, and its gradient is ∞/∞; that is why this is one operation, not "
        + "several"
    ) {
      $0.answer(value: { .log(cosh($0)) }) { x, g in abs(x) > 700 ? .nan : g * .tanh(x) }
    }
  }
}

/// A point at which an operation is asked for its value and for its gradient.
private struct CoreTask {
  let x: [Double]
  /// The gradient of the final number with respect to the operation's result.
  let incoming: [Double]

  static func logCosh(_ x: Double) -> Double { .softplus(2 * x) - x - .log(2) }

  /// The value in one row, the gradient in the next.
  func answer(
    value: (Double) -> Double, pullback: (_ x: Double, _ g: Double) -> Double
  ) -> Answer {
    [x.map(value), zip(x, incoming).map(pullback)].answer
  }

  func answer(_ operation: (Tensor<Double>) throws -> Tensor<Double>) throws -> Answer {
    let value = try operation(Tensor(x))
    guard value.shape == [x.count] else {
      return Answer(shape: value.shape, values: value.scalars)
    }
    let gradient = try valueWithGradient(at: Tensor(x)) {
      (try operation($0) * Tensor(incoming)).sum()
    }.gradient
    return [value.scalars, gradient.scalars].answer
  }

  /// How many operations the gradient goes through on its way from the result back to x.
  static func recordedCount(
    _ operation: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    let steps = try recordedSteps(at: Tensor<Double>(0.5)) { try operation($0) }
    var reached: Set<Int> = []
    var next = steps.count > 1 ? [steps.count - 1] : []
    while let step = next.popLast() {
      if step > 0, reached.insert(step).inserted { next += steps[step].operands }
    }
    return Double(reached.count)
  }

  /// How far the gradient is from differences, with the operation behind and before others.
  static func relativeError(
    _ operation: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    var generator = SeededGenerator(seed: 61)
    let x = Tensor<Double>.normal([2, 2], using: &generator)
    // What it throws, it throws here.
    _ = try operation(x)
    return checkGradient(at: x, using: &generator) { x in
      guard let inner = try? operation(x), let outer = try? operation(3 * inner) else {
        return Tensor(.nan)
      }
      return outer.sum()
    }.relativeError
  }
}

private func cosh(_ x: Double) -> Double { 0.5 * (.exp(x) + .exp(-x)) }

private func sinh(_ x: Double) -> Double { 0.5 * (.exp(x) - .exp(-x)) }
