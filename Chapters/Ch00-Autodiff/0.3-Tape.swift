import Autodiff
import Claims
import Notebook

/// 0.3 A tape for single numbers: what 0.2 did by hand, done by a program.
struct Tape: SectionContent {
  let byHand: ChainRule
  /// What was recorded of f = (xy + x) eʸ.
  let steps: [ScalarTape.Step]
  let gradients: [Double]
  /// All gradients, before the first step back and after each.
  let history: [[Double]]
  /// The gradients with a loop that keeps only what came last.
  let overwritten: [Double]
  /// The derivative of x · x at 3.
  let square: Double

  init() {
    byHand = ChainRule()
    // cell: run
    let tape = ScalarTape()
    let x = tape.input("x", 2)
    let y = tape.input("y", 0.5)
    let f = (x * y + x) * exp(y)
    let gradients = tape.gradients(of: f)
    // end
    self.gradients = gradients
    steps = tape.steps
    var history: [[Double]] = []
    _ = tape.gradients(of: f) { history.append($0) }
    self.history = history
    overwritten = tape.overwrittenGradients(of: f)
    let other = ScalarTape()
    let z = other.input("z", 3)
    square = other.gradients(of: z * z)[0]
  }

  func show(on page: Page) {
    page.lead("A tape keeps what was computed, in order, and the way back from each result.")
    page.code("tape")
    page.code("value")
    page.code("operations")

    page.lead(
      """
      f = (xy + x) eʸ again. On the way forward the tape fills from top to bottom; nothing is \
      differentiated yet.
      """)
    page.code("run")
    page.table(
      [.right("place"), .left("operation"), .left("from places"), .right("value")],
      rows: steps.enumerated().map { index, step in
        [
          "\(index)", step.name,
          step.operands.map { "\($0.index)" }.joined(separator: ", "),
          formatted(step.number, decimals: 4),
        ]
      })

    page.lead(
      "The way back: from the last place to the first, each result passes its gradient on to its operands."
    )
    page.code("gradients")
    showGradients(on: page)

    page.lead("One slip, = in place of +=, and only one of several paths counts.")
    page.code("overwritten")
    showOverwritten(on: page)
  }

  private func showGradients(on page: Page) {
    page.table(
      [.left("after the step")] + (0..<steps.count).map { .right("∂ at \($0)") },
      rows: history.enumerated().map { index, gradients in
        let place = steps.count - index
        return [index == 0 ? "start" : "\(place), \(steps[place].name)"]
          + gradients.map { $0 == 0 ? "0" : formatted($0, decimals: 4) }
      },
      caption: "The derivative of f with respect to the value at each place, as far as it is known."
    )
    page.interactive(
      "tape", "Step along the tape",
      description: """
        Go forward, then backward, one step at a time. Then change x or y, and see every value and every gradient follow.
        """,
      data: TouchableTape(
        "f = (xy + x) eʸ", steps, gradients: gradients,
        names: ["x", "y", "xy", "xy + x", "eʸ", "f"]))
    for (index, name) in ["x", "y"].enumerated() {
      page.check(
        "The tape’s derivative with respect to \(name) is the one found by hand.",
        .sameBits(
          Quantity("tape", gradients[index]), Quantity("by hand", byHand.gradients.all[index])))
    }
    page.check(
      "A value may be used twice in one operation: the derivative of x · x at 3 is 6.",
      .equal(Quantity("tape", square), Quantity("2x", 6), tolerance: 0))
  }

  private func showOverwritten(on page: Page) {
    page.table(
      [.left("derivative"), .right("with +="), .right("with ="), .left("the path that is left")],
      rows: ["x", "y"].enumerated().map { index, name in
        [
          name, formatted(gradients[index], decimals: 4),
          formatted(overwritten[index], decimals: 4),
        ]
          + [lastPath(from: name).values.joined(separator: " → ")]
      })
    page.check(
      "With = the gradient is the product along a single path.",
      .small(
        "largest difference",
        ["x", "y"].enumerated().map { overwritten[$0] - lastPath(from: $1).product }))
  }

  /// The path whose part comes last: through the first step that uses the value.
  private func lastPath(from name: String) -> ChainRule.Path {
    byHand.paths(from: name).first { $0.values[1] == "u" }!
  }
}

// cell: tape
/// What was computed, in order: each number with its operands, and the way back to each.
final class ScalarTape {
  struct Step {
    let name: String
    let number: Double
    let operands: [(index: Int, pullback: (Double) -> Double)]
  }

  private(set) var steps: [Step] = []

  func append(_ step: Step) -> Value {
    steps.append(step)
    return Value(number: step.number, tape: self, index: steps.count - 1)
  }

  /// An input: a number that was computed from nothing.
  func input(_ name: String, _ number: Double) -> Value {
    append(Step(name: name, number: number, operands: []))
  }
}
// end

// cell: value
/// A number, and its place on a tape; a constant has none.
struct Value {
  let number: Double
  var tape: ScalarTape?
  var index = 0

  /// This number as the result of an operation, with a pullback for each operand.
  func recorded(_ name: String, from operands: (Value, (Double) -> Double)...) -> Value {
    let onTape = operands.filter { $0.0.tape != nil }
    guard let tape = onTape.first?.0.tape else { return self }
    return tape.append(
      ScalarTape.Step(
        name: name, number: number, operands: onTape.map { ($0.0.index, $0.1) }))
  }
}
// end

// cell: operations
extension Value {
  static func + (x: Value, y: Value) -> Value {
    Value(number: x.number + y.number).recorded("+", from: (x, { g in g }), (y, { g in g }))
  }

  static func * (x: Value, y: Value) -> Value {
    let (a, b) = (x.number, y.number)
    return Value(number: a * b).recorded("×", from: (x, { g in g * b }), (y, { g in g * a }))
  }
}

func exp(_ x: Value) -> Value {
  let y = Double.exp(x.number)
  return Value(number: y).recorded("exp", from: (x, { g in g * y }))
}

func tanh(_ x: Value) -> Value {
  let y = Double.tanh(x.number)
  return Value(number: y).recorded("tanh", from: (x, { g in g * (1 - y * y) }))
}
// end

extension ScalarTape {
  // cell: gradients
  /// The derivative of f with respect to every number on the tape; `watch` sees each step.
  func gradients(of f: Value, watch: ([Double]) -> Void = { _ in }) -> [Double] {
    var gradients = [Double](repeating: 0, count: steps.count)
    gradients[f.index] = 1  // ∂f/∂f
    watch(gradients)
    for index in steps.indices.reversed() where !steps[index].operands.isEmpty {
      for (operand, pullback) in steps[index].operands {
        gradients[operand] += pullback(gradients[index])  // one more path to f
      }
      watch(gradients)
    }
    return gradients
  }
  // end

  // cell: overwritten
  func overwrittenGradients(of f: Value) -> [Double] {
    var gradients = [Double](repeating: 0, count: steps.count)
    gradients[f.index] = 1
    for index in steps.indices.reversed() {
      for (operand, pullback) in steps[index].operands {
        gradients[operand] = pullback(gradients[index])  // wrong: it forgets the other paths
      }
    }
    return gradients
  }
  // end
}
