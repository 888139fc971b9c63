import Autodiff
import Exercises

extension Checks {
  static func backpropagation(
    _ answer: @escaping (Int, [Node]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<GraphTask, [Double]>(of: { try answer($0.output, $0.graph) }) {
      Backpropagation()($0)
    }
    comparison.ask("(x + y) · x in the order of the contract, with the output 0", .contract)
    comparison.ask(
      "the output 3 of [input(1.5), product(0, 0), sum(1, 1), product(2, 0)]", .ordered)
    comparison.ask("E of one neuron, with eleven nodes, two of which have no effect on E", .neuron)
    comparison.ask("a chain of seven nodes, each used twice, with the output 4", .chain(output: 4))
    comparison.ask("the same nodes with the output 6", .chain(output: 6))
    comparison.recognize(Backpropagation.mistakes, in: Backpropagation()) { $1($0) }
    comparison.recognize("those are the values of the nodes; the exercise asks for derivatives") {
      $0.values
    }
    comparison.recognize(
      "only the inputs have a gradient, but the exercise asks for every node's"
    ) { task in
      zip(Backpropagation()(task), task.graph).map { gradient, node in
        node.operands.isEmpty ? gradient : 0
      }
    }
    return Exercise(
      "backpropagation", "Reverse mode from nothing, on a graph in any order", minutes: 90,
      hints: [
        "First compute every value: a recursive function computes the operands of a node before "
          + "the node itself. If it also appends each node to a list when it is done, and is "
          + "never called twice for one node, the list is in the order of computation.",
        "Then set all gradients to 0, and the output's to 1. Go through the list from its end: "
          + "all that comes back to a node has arrived when its turn comes.",
        "A sum passes its gradient g on to both operands. A product passes g times the value of "
          + "the other operand. tanh passes g (1 − t²), with its own value t. Add with +=.",
      ], comparison)
  }
}

/// What is given in the exercise on graphs.
private struct GraphTask {
  let output: Int
  let graph: [Node]

  /// The value of every node.
  var values: [Double] {
    var values = [Double](repeating: 0, count: graph.count)
    for place in order(from: graph.indices.map { $0 }) {
      values[place] = graph[place].value(values)
    }
    return values
  }

  /// The nodes that lead to some nodes, each after its operands.
  func order(from places: [Int]) -> [Int] {
    var (order, seen) = ([Int](), Set<Int>())
    func visit(_ place: Int) {
      guard seen.insert(place).inserted else { return }
      graph[place].operands.forEach(visit)
      order.append(place)
    }
    places.forEach(visit)
    return order
  }

  // In all of these, of two nodes with a common operand one leads to the other. So there is only one
  // order in which nodes can be visited, and a student's mistake has only one result.

  static let contract = GraphTask(
    output: 0, graph: [.product(2, 1), .input(3), .sum(1, 3), .input(2)])

  static let ordered = GraphTask(
    output: 3, graph: [.input(1.5), .product(0, 0), .sum(1, 1), .product(2, 0)])

  static let neuron = GraphTask(
    output: 0,
    graph: [
      .product(3, 3), .input(0.7), .tanh(5), .sum(2, 6), .product(1, 7), .sum(4, 8), .input(-0.6),
      .input(-0.4), .input(0.3), .tanh(10), .input(2),
    ])

  static func chain(output: Int) -> GraphTask {
    GraphTask(
      output: output,
      graph: [
        .tanh(3), .sum(5, 0), .tanh(6), .input(0.6), .sum(1, 2), .product(0, 3), .product(1, 5),
      ]
    )
  }
}

extension Node {
  /// The places of the nodes that it is computed from.
  fileprivate var operands: [Int] {
    switch self {
    case .input: []
    case .sum(let a, let b), .product(let a, let b): [a, b]
    case .tanh(let a): [a]
    }
  }

  fileprivate func value(_ values: [Double]) -> Double {
    switch self {
    case .input(let value): value
    case .sum(let a, let b): values[a] + values[b]
    case .product(let a, let b): values[a] * values[b]
    case .tanh(let a): .tanh(values[a])
    }
  }
}

/// Reverse mode on a graph, with the places where people go wrong.
private struct Backpropagation {
  var values: (GraphTask) -> [Double] = { $0.values }
  /// The places in the order in which they pass their gradients on.
  var order: (GraphTask) -> [Int] = { $0.order(from: [$0.output]).reversed() }
  var start: (GraphTask) -> [Double] = { task in
    task.graph.indices.map { $0 == task.output ? 1 : 0 }
  }
  var add: (_ old: Double, _ new: Double) -> Double = { $0 + $1 }
  var passed: (_ gradient: Double, _ derivative: Double) -> Double = { $0 * $1 }
  var sum: (_ a: Double, _ b: Double) -> [Double] = { _, _ in [1, 1] }
  var product: (_ a: Double, _ b: Double) -> [Double] = { a, b in [b, a] }
  var tanh = TanhDerivative()

  func callAsFunction(_ task: GraphTask) -> [Double] {
    let values = values(task)
    var gradients = start(task)
    for place in order(task) {
      let node = task.graph[place]
      for (operand, derivative) in zip(node.operands, derivatives(of: node, values)) {
        gradients[operand] = add(gradients[operand], passed(gradients[place], derivative))
      }
    }
    return gradients
  }

  private func derivatives(of node: Node, _ values: [Double]) -> [Double] {
    switch node {
    case .input: []
    case .sum(let a, let b): sum(values[a], values[b])
    case .product(let a, let b): product(values[a], values[b])
    case .tanh(let a): [tanh(values[a])]
    }
  }

  static var mistakes: [Mistake<Backpropagation>] {
    sums + orders + starts + derivatives + TanhDerivative.mistakes.within(\.tanh)
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
        $0.order = { $0.order(from: $0.graph.indices.map { $0 }).reversed() }
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
      ("nobody", "only the 1 of the output is there; nothing was passed on", { _ in [] }),
    ]
    return orders.map { name, message, order in Mistake(name, message) { $0.order = order } }
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
  /// The nodes as a walk from the output reaches them.
  fileprivate func visits(deep: Bool, once: Bool, fromRight: Bool = false) -> [Int] {
    var (waiting, visits, seen) = ([output], [Int](), Set<Int>())
    while !waiting.isEmpty {
      let place = deep ? waiting.removeLast() : waiting.removeFirst()
      guard seen.insert(place).inserted || !once else { continue }
      visits.append(place)
      let operands = graph[place].operands
      // The last of a stack comes first.
      waiting += deep && !fromRight ? operands.reversed() : operands
    }
    return visits
  }
}
