import Exercises

extension Backpropagation {
  /// Wrong ways to add what is passed on: those of every operation, then those of one.
  static var updates: [Mistake<Backpropagation>] {
    ofEveryOperation.map { wrong in
      Mistake(wrong.name, wrong.message, isCommon: wrong.isCommon) {
        for rule in Operation.all.map(\.rule) {
          $0[keyPath: rule].updates = [wrong.update, wrong.update]
        }
      }
    } + Operation.all.flatMap(updates) + brackets
  }

  private struct WrongUpdate {
    let name: String
    let message: String
    var isCommon = false
    let update: Update
  }

  private static var ofEveryOperation: [WrongUpdate] {
    [
      WrongUpdate(
        name: "=", message: "only the last path to a node counts; add the paths up with +=",
        isCommon: true
      ) { $1 * $2 },
      WrongUpdate(
        name: "first",
        message: "only the first path to a node counts; add up what all of them bring"
      ) { $0 == 0 ? $1 * $2 : $0 },
      WrongUpdate(name: "-=", message: "what comes back to a node was subtracted; add it") {
        $0 - $1 * $2
      },
      WrongUpdate(
        name: "no gradient",
        message: "the gradient that came back to the result is missing; multiply by it",
        isCommon: true
      ) { old, _, derivative in old + derivative },
      WrongUpdate(
        name: "sum of both",
        message: "gradient and derivative were added; the chain rule multiplies them"
      ) { $0 + $1 + $2 },
      WrongUpdate(
        name: "no derivative",
        message: "the derivatives of the operations are missing: that counts the paths"
      ) { old, gradient, _ in old + gradient },
      WrongUpdate(
        name: "old twice",
        message: "what a node had before counts twice: += adds it already, so leave it out on the "
          + "right"
      ) { 2 * $0 + $1 * $2 },
      WrongUpdate(
        name: "squared gradient", message: "the gradient that came back was multiplied in twice"
      ) { $0 + $1 * $1 * $2 },
      WrongUpdate(
        name: "largest",
        message: "only the largest number that a path brings counts; add the paths up"
      ) { max($0, $1 * $2) },
      WrongUpdate(
        name: "only derivative",
        message: "= in place of +=, and the gradient that came back to the result is missing"
      ) { _, _, derivative in derivative },
      WrongUpdate(name: "half", message: "each operation passed only half of what it should on") {
        $0 + $1 * $2 / 2
      },
      WrongUpdate(name: "double", message: "each operation passed twice as much on as it should") {
        $0 + 2 * $1 * $2
      },
      WrongUpdate(
        name: "quotient", message: "the gradient was divided by the derivative; multiply them"
      ) { $0 + $1 / $2 },
    ]
  }

  /// The same for one operation, as the lines for each are written one by one.
  private static func updates(of operation: Operation) -> [Mistake<Backpropagation>] {
    let (its, gradients) =
      operation.operandCount == 1
      ? ("its operand", "the gradient of its operand")
      : ("its operands", "the gradients of its operands")
    let all = [
      WrongUpdate(
        name: "=", message: "overwrites \(gradients); add to what is there with +=",
        isCommon: true
      ) { $1 * $2 },
      WrongUpdate(
        name: "first",
        message: "passes nothing on to an operand that has a gradient already; add to what is there"
      ) { $0 == 0 ? $1 * $2 : $0 },
      WrongUpdate(
        name: "no gradient",
        message:
          "passes its derivative on without the gradient that came back to it; multiply by it"
      ) { old, _, derivative in old + derivative },
      WrongUpdate(
        name: "sum of both",
        message: "adds gradient and derivative; the chain rule multiplies them"
      ) { $0 + $1 + $2 },
      WrongUpdate(
        name: "own gradient",
        message: "multiplies by \(gradients); multiply by the one that came back to it"
      ) { old, _, derivative in old + old * derivative },
      WrongUpdate(
        name: "squared gradient", message: "multiplies by the gradient that came back to it twice"
      ) { $0 + $1 * $1 * $2 },
      WrongUpdate(
        name: "old twice",
        message: "counts twice what \(its) had before: += adds it already, so leave it out on the "
          + "right"
      ) { 2 * $0 + $1 * $2 },
      WrongUpdate(
        name: "only derivative",
        message: "overwrites \(gradients), and does not multiply by the one that came back to it"
      ) { _, _, derivative in derivative },
      WrongUpdate(
        name: "*=", message: "multiplies \(gradients) by what it should add"
      ) { $0 * $1 * $2 },
    ]
    // Nothing comes back to most operands of sums before, so nothing would be passed on.
    let isSum = operation.rule == \Backpropagation.sum
    let seen = all.filter { !isSum || !["own gradient", "*="].contains($0.name) }
    let mistakes = seen.map { wrong in
      operation.mistake(wrong.name, wrong.message, isCommon: wrong.isCommon) {
        $0.updates = [wrong.update, wrong.update]
      }
    }
    return operation.operandCount == 1 ? mistakes : mistakes + singleUpdates(of: operation)
  }

  /// The same for one operand.
  private static func singleUpdates(of operation: Operation) -> [Mistake<Backpropagation>] {
    [(0, "first"), (1, "second")].flatMap { index, word in
      [
        operation.mistake(
          "=, \(index)",
          "overwrites the gradient of its \(word) operand; add to what is there with +="
        ) { $0.updates[index] = { $1 * $2 } },
        operation.mistake(
          "no gradient, \(index)",
          "passes to its \(word) operand the derivative alone; multiply by the gradient that came "
            + "back to it"
        ) { $0.updates[index] = { old, _, derivative in old + derivative } },
      ]
    }
  }

  /// The factor 1 − t² without its brackets, from the derivative 1 − t², and the like.
  private static var brackets: [Mistake<Backpropagation>] {
    func mistake(_ name: String, _ message: String, _ update: @escaping Update)
      -> Mistake<Backpropagation>
    { Mistake(name, message) { $0.tanh.updates = [update] } }
    func missing(_ formula: String, _ update: @escaping Update) -> Mistake<Backpropagation> {
      mistake(
        formula, "brackets are missing: tanh passed \(formula) on; multiply all of 1 − t² by g",
        update)
    }
    return [
      missing("g · 1 − t²") { $0 + $1 - (1 - $2) },
      missing("1 − t² · g") { $0 + 1 - (1 - $2) * $1 },
      mistake("g (1 − g²)", "tanh passed g (1 − g²) on; the value t is squared, not the gradient g")
      {
        old, gradient, _ in old + gradient * (1 - gradient * gradient)
      },
      mistake("1 − g²", "tanh passed 1 − g² on; that should be g (1 − t²)") {
        old, gradient, _ in old + 1 - gradient * gradient
      },
      mistake("1 − (gt)²", "tanh passed 1 − (g t)² on; multiply 1 − t² by g") {
        $0 + 1 - $1 * $1 * (1 - $2)
      },
      mistake("g − (gt)²", "tanh passed g − (g t)² on; that should be g (1 − t²)") {
        $0 + $1 - $1 * $1 * (1 - $2)
      },
      mistake(
        "= g · 1 − t²",
        "tanh overwrites the gradient of its operand, and brackets are missing: "
          + "it passed g · 1 − t² on"
      ) { _, gradient, derivative in gradient - (1 - derivative) },
    ]
  }
}

extension Backpropagation {
  /// An operation of which students write the lines for itself.
  struct Operation {
    /// As the subject of a sentence.
    let name: String
    let rule: WritableKeyPath<Backpropagation, Rule>
    let operandCount: Int

    static var all: [Operation] {
      [
        Operation(name: "a sum", rule: \.sum, operandCount: 2),
        Operation(name: "a product", rule: \.product, operandCount: 2),
        Operation(name: "tanh", rule: \.tanh, operandCount: 1),
      ]
    }

    /// A mistake in this operation alone, of which the message says what it does.
    func mistake(
      _ name: String, _ predicate: String, isCommon: Bool = false,
      _ change: @escaping (inout Rule) -> Void
    ) -> Mistake<Backpropagation> {
      Mistake("\(self.name): \(name)", "\(self.name) \(predicate)", isCommon: isCommon) {
        change(&$0[keyPath: rule])
      }
    }
  }
}
