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
    comparison.recognize(
      "a node passed its gradient on each time that something came back to it, and what had arrived "
        + "before was counted again: visit each node only once, after all nodes that use it"
    ) { Backpropagation().recursive($0, once: false) }
    comparison.recognize(
      "a node passed its gradient on as soon as something came back to it, before all had arrived: "
        + "visit each node after all nodes that use it"
    ) { Backpropagation().recursive($0, once: true) }
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
struct GraphTask {
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
  var operands: [Int] {
    switch self {
    case .input: []
    case .sum(let a, let b), .product(let a, let b): [a, b]
    case .tanh(let a): [a]
    }
  }

  func value(_ values: [Double]) -> Double {
    switch self {
    case .input(let value): value
    case .sum(let a, let b): values[a] + values[b]
    case .product(let a, let b): values[a] * values[b]
    case .tanh(let a): .tanh(values[a])
    }
  }
}

/// Reverse mode on a graph, with the places where people go wrong.
struct Backpropagation {
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
  /// For what tanh passes on, if that is no product of the gradient and a derivative.
  var passedByTanh: ((_ gradient: Double, _ t: Double) -> Double)?

  func callAsFunction(_ task: GraphTask) -> [Double] {
    let values = values(task)
    var gradients = start(task)
    for place in order(task) {
      let node = task.graph[place]
      for (operand, part) in zip(node.operands, parts(of: place, task, values, gradients[place])) {
        gradients[operand] = add(gradients[operand], part)
      }
    }
    return gradients
  }

  /// The gradients, if each node goes on to an operand as soon as it has passed its gradient on.
  func recursive(_ task: GraphTask, once: Bool) -> [Double] {
    let values = values(task)
    var (gradients, seen) = (start(task), Set<Int>())
    func visit(_ place: Int) {
      guard seen.insert(place).inserted || !once else { return }
      let node = task.graph[place]
      for (operand, derivative) in zip(node.operands, derivatives(of: node, values)) {
        gradients[operand] += gradients[place] * derivative
        visit(operand)
      }
    }
    visit(task.output)
    return gradients
  }

  /// What a node passes on to its operands.
  private func parts(
    of place: Int, _ task: GraphTask, _ values: [Double], _ gradient: Double
  ) -> [Double] {
    if case .tanh = task.graph[place], let passedByTanh {
      return [passedByTanh(gradient, values[place])]
    }
    return derivatives(of: task.graph[place], values).map { passed(gradient, $0) }
  }

  private func derivatives(of node: Node, _ values: [Double]) -> [Double] {
    switch node {
    case .input: []
    case .sum(let a, let b): sum(values[a], values[b])
    case .product(let a, let b): product(values[a], values[b])
    case .tanh(let a): [tanh(values[a])]
    }
  }
}
