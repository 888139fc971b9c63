import Exercises

extension Backpropagation {
  static var mistakes: [Mistake<Backpropagation>] {
    sums + orders + starts + derivatives + brackets + TanhDerivative.mistakes.within(\.tanh)
  }

  private static var sums: [Mistake<Backpropagation>] {
    [
      Mistake(
        "=", "only the last path to a node counts; add the paths up with +=", isCommon: true
      ) { $0.add = { $1 } },
      Mistake(
        "= over all",
        "only the last path to a node counts, even if it brings 0; add the paths up with +="
      ) {
        $0.add = { $1 }
        $0.order = \.everyNode
      },
      Mistake("first", "only the first path to a node counts; add up what all of them bring") {
        $0.add = { $0 == 0 ? $1 : $0 }
      },
      Mistake("-=", "what comes back to a node was subtracted; add it") { $0.add = { $0 - $1 } },
      Mistake(
        "no gradient", "the gradient that came back to the result is missing; multiply by it",
        isCommon: true
      ) { $0.passed = { $1 } },
      Mistake("sum of both", "gradient and derivative were added; the chain rule multiplies them") {
        $0.passed = { $0 + $1 }
      },
      Mistake(
        "no derivative", "the derivatives of the operations are missing: that counts the paths"
      ) { $0.passed = { gradient, _ in gradient } },
    ]
  }

  private static var orders: [Mistake<Backpropagation>] {
    let tooEarly = "some nodes passed their gradient on before all of it had arrived: "
    let twice =
      "some nodes passed their gradient on several times, and what had arrived before was "
      + "counted again: "
    let orders: [(String, String, (GraphTask) -> [Int])] = [
      (
        "places",
        tooEarly + "they were taken from the last place to the first, but they may come "
          + "in any order", { $0.graph.indices.reversed() }
      ),
      (
        "places onwards", tooEarly + "they were taken from the first place to the last",
        { $0.graph.indices.map { $0 } }
      ),
      (
        "operands first",
        "only the output passed its gradient on; go on from its operands, through the order of "
          + "computation from its end",
        { $0.order(from: [$0.output]) }
      ),
      (
        "depth first",
        tooEarly + "each should come after all nodes that use it, and not as soon as "
          + "one of them reaches it", { $0.visits(deep: true, once: true) }
      ),
      (
        "depth first from the right",
        tooEarly + "each should come after all nodes that use it, and "
          + "not as soon as one of them reaches it",
        { $0.visits(deep: true, once: true, fromRight: true) }
      ),
      (
        "depth first twice", twice + "visit each node only once, after all nodes that use it",
        { $0.visits(deep: true, once: false) }
      ),
      (
        "depth first twice from the right",
        twice + "visit each node only once, after all that use it",
        { $0.visits(deep: true, once: false, fromRight: true) }
      ),
      (
        "breadth first twice", twice + "a node enters the queue once for each node that uses it",
        { $0.visits(deep: false, once: false) }
      ),
      (
        "depth first twice, common operands once",
        twice + "visit each node only once, after all nodes that use it",
        { $0.visits(deep: true, once: false, distinct: true) }
      ),
      (
        "depth first twice from the right, common operands once",
        twice + "visit each node only once, after all that use it",
        { $0.visits(deep: true, once: false, fromRight: true, distinct: true) }
      ),
      (
        "breadth first twice, common operands once",
        twice + "a node enters the queue once for each node that uses it",
        { $0.visits(deep: false, once: false, distinct: true) }
      ),
      ("nobody", "only the 1 of the output is there; nothing was passed on", { _ in [] }),
    ]
    return orders.map { name, message, order in Mistake(name, message) { $0.order = order } }
  }

  /// The factor 1 − t² without its brackets, for those who visit the nodes before the output, and
  /// for those who visit all.
  private static var brackets: [Mistake<Backpropagation>] {
    let formulas: [(String, (_ gradient: Double, _ t: Double) -> Double)] = [
      ("g · 1 − t²", { $0 - $1 * $1 }),
      ("1 − t² · g", { 1 - $1 * $1 * $0 }),
    ]
    return formulas.flatMap { formula, passed -> [Mistake<Backpropagation>] in
      let message = "brackets are missing: tanh passed \(formula) on; multiply all of 1 − t² by g"
      return [
        Mistake(formula, message) { $0.passedByTanh = passed },
        Mistake(formula + " over all", message) {
          $0.passedByTanh = passed
          $0.order = \.everyNode
        },
      ]
    }
  }

  private static var starts: [Mistake<Backpropagation>] {
    [
      Mistake(
        "no seed", "everything is 0: the derivative of the output with respect to itself is 1"
      ) { $0.start = { $0.graph.map { _ in 0 } } },
      Mistake(
        "all ones", "every gradient began with 1; only the output's should, the others with 0"
      ) { $0.start = { $0.graph.map { _ in 1 } } },
      Mistake("value", "the output's gradient began with its value; ∂f/∂f is 1") {
        $0.start = { task in task.graph.indices.map { $0 == task.output ? task.values[$0] : 0 } }
      },
      Mistake("last place", "that is the gradient of the last place, not of the output") {
        $0.start = { task in task.graph.indices.map { $0 == task.graph.count - 1 ? 1 : 0 } }
        $0.order = { $0.order(from: [$0.graph.count - 1]).reversed() }
      },
      Mistake("place 0", "that is the gradient of place 0, not of the output") {
        $0.start = { task in task.graph.indices.map { $0 == 0 ? 1 : 0 } }
        $0.order = { $0.order(from: [0]).reversed() }
      },
      Mistake(
        "values in place order",
        "the values were computed from the first place to the last; an operand may stand later, and "
          + "then it is still 0"
      ) { rule in
        rule.values = { task in
          var values = [Double](repeating: 0, count: task.graph.count)
          for place in task.graph.indices { values[place] = task.graph[place].value(values) }
          return values
        }
      },
    ]
  }

  private static var derivatives: [Mistake<Backpropagation>] {
    [
      Mistake(
        "own value",
        "each operand of a product got its own value as derivative; ∂(ab)/∂a is the other one, b",
        isCommon: true
      ) { $0.product = { a, b in [a, b] } },
      Mistake("result", "the operands of a product got its result as derivative; ∂(ab)/∂a is b") {
        $0.product = { a, b in [a * b, a * b] }
      },
      Mistake(
        "sum twice", "a sum passed its gradient on twice to each operand; is a line doubled?"
      ) { $0.sum = { _, _ in [2, 2] } },
      Mistake("product twice", "a product passed twice as much on; is a line doubled?") {
        $0.product = { a, b in [2 * b, 2 * a] }
      },
      Mistake("product 1", "a product passed its gradient on as a sum does; ∂(ab)/∂a is b") {
        $0.product = { _, _ in [1, 1] }
      },
      Mistake("first of a product", "a product passed nothing on to its second operand") {
        $0.product = { _, b in [b, 0] }
      },
      Mistake("a and b of a product", "a product passed b times its gradient on to both operands") {
        $0.product = { _, b in [b, b] }
      },
      Mistake("a of a product", "a product passed a times its gradient on to both operands") {
        $0.product = { a, _ in [a, a] }
      },
      Mistake("1/b", "a product was divided by the operand; ∂(ab)/∂a is b") {
        $0.product = { a, b in [1 / b, 1 / a] }
      },
      Mistake("half", "a sum passed half of its gradient on to each operand; both get all of it") {
        $0.sum = { _, _ in [0.5, 0.5] }
      },
      Mistake("first of a sum", "a sum passed nothing on to its second operand") {
        $0.sum = { _, _ in [1, 0] }
      },
      Mistake("sum's values", "a sum multiplied by the values of its operands; ∂(a + b)/∂a is 1") {
        $0.sum = { a, b in [a, b] }
      },
      Mistake("sum as product", "a sum was differentiated as a product; ∂(a + b)/∂a is 1") {
        $0.sum = { a, b in [b, a] }
      },
      Mistake("minus", "a sum passed its gradient on with the other sign to its second operand") {
        $0.sum = { _, _ in [1, -1] }
      },
    ]
  }
}

extension GraphTask {
  /// All nodes, each before its operands.
  fileprivate var everyNode: [Int] { order(from: graph.indices.map { $0 }).reversed() }

  /// The nodes as a walk from the output reaches them.
  ///
  /// - Parameter distinct: Whether it goes to a node only once from a node that uses it twice.
  fileprivate func visits(
    deep: Bool, once: Bool, fromRight: Bool = false, distinct: Bool = false
  ) -> [Int] {
    var (waiting, visits, seen) = ([output], [Int](), Set<Int>())
    while !waiting.isEmpty {
      let place = deep ? waiting.removeLast() : waiting.removeFirst()
      guard seen.insert(place).inserted || !once else { continue }
      visits.append(place)
      let all = graph[place].operands
      let operands = distinct && Set(all).count == 1 ? [all[0]] : all
      // The last of a stack comes first.
      waiting += deep && !fromRight ? operands.reversed() : operands
    }
    return visits
  }
}
