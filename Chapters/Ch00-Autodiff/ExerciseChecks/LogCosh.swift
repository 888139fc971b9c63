import Autodiff
import Calculations
import Exercises
import Notebook
import Probability

extension Checks {
  static func logCosh(
    _ answer: @escaping (Tensor<Double>) throws -> Tensor<Double>
  ) -> Exercise {
    var comparison = Comparison<CoreTask, Answer>(of: { try $0.answer(answer) }) {
      $0.answer(LogCosh())
    }
    func ask(_ description: String, _ x: [Double], _ incoming: [Double]) {
      comparison.ask(description, CoreTask(x: x, incoming: incoming))
    }
    ask("x = (0, 1) with g = (0, 3)", [0, 1], [0, 3])
    let (x, incoming) = (roundedNormals(3, seed: 59), roundedNormals(3, seed: 60))
    ask("x = \(text(x)) with g = \(text(incoming))", x, incoming)
    ask("x = (-2.5, 3.5, -0.2) with g = (1, -0.5, 2)", [-2.5, 3.5, -0.2], [1, -0.5, 2])
    ask("x = (900, -900) with g = (1, -2)", [900, -900], [1, -2])
    comparison.recognize(LogCosh.mistakes, in: LogCosh()) { $0.answer($1) }
    comparison.recognize("the pullback divides by the number of elements; each has its own path") {
      task in
      var operation = LogCosh()
      operation.pullback = { x, _, g in g * .tanh(x) / Double(task.x.count) }
      return task.answer(operation)
    }
    comparison.recognize("the pullback sums g over the elements; each has its own path") { task in
      var operation = LogCosh()
      operation.pullback = { x, _, _ in task.incoming.reduce(0, +) * .tanh(x) }
      return task.answer(operation)
    }
    comparison.recognizeSlips()
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
  fileprivate mutating func recognizeSlips() {
    let log2 = { log(Calculation(2)) }
    calculation { task in
      task.calculation(value: { softplus(2 * $0) - $0 - log2() }, slope: tanh)
    }
    calculation { task in
      task.calculation {
        let size = abs($0)
        return size + log(1 + exp(-2 * size)) - log2()
      } slope: { x in
        let square = exp(2 * x)
        return (square - 1) / (square + 1)
      }
    }
    calculation { task in
      task.calculation {
        log((exp($0) + exp(-$0)) / 2)
      } slope: { x in
        let (grown, shrunk) = (exp(x), exp(-x))
        return (grown - shrunk) / (grown + shrunk)
      }
    }
  }
}

/// A point at which an operation is asked for its value and for its gradient.
private struct CoreTask {
  let x: [Double]
  /// The gradient of the final number with respect to the operation's result.
  let incoming: [Double]

  /// How the value and the gradient are calculated, with a formula for each.
  func calculation(
    value: (_ x: Calculation) -> Calculation, slope: (_ x: Calculation) -> Calculation
  ) -> Calculation {
    let x = Calculation.argument("x", self.x)
    return .list([value(x), Calculation.argument("g", incoming) * slope(x)])
  }

  /// The value, and the gradient with respect to x.
  func answer(_ operation: LogCosh) -> Answer {
    let y = x.map(operation.value)
    let gradient = x.indices.map { operation.pullback(x[$0], y[$0], incoming[$0]) }
    return Answer(parts: [("the value", y), ("the gradient", gradient)])
  }

  func answer(_ operation: (Tensor<Double>) throws -> Tensor<Double>) throws -> Answer {
    let value = try operation(Tensor(x))
    guard value.shape == [x.count] else {
      return Answer(shape: value.shape, values: value.scalars)
    }
    let gradient = try valueWithGradient(at: Tensor(x)) {
      (try operation($0) * Tensor(incoming)).sum()
    }.gradient
    return Answer(parts: [("the value", value.scalars), ("the gradient", gradient.scalars)])
  }

  /// How many operations the gradient goes through on its way from the result back to x.
  static func recordedCount(
    _ operation: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    // The last step belongs to the check: it comes from what was returned.
    let steps = try recordedSteps(at: Tensor<Double>(0.5)) { 2 * (try operation($0)) }
    var reached: Set<Int> = []
    var next = steps.count > 1 ? steps[steps.count - 1].operands : []
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
