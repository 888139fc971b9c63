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
    comparison.ask("a chain of nine nodes, with the output 8", .longChain)
    comparison.ask(
      "the output 1 of [product(3, 3), product(2, 4), sum(4, 4), input(0.7), sum(0, 3)]", .twins)
    comparison.recognize(Backpropagation.mistakes, in: Backpropagation()) { $1($0) }
    // Students who visit all nodes, or go along each path, may get something else.
    comparison.recognize(Backpropagation.updates, in: .throughAllNodes) { $1($0) }
    comparison.recognize(Backpropagation.updates, in: .alongPaths) { $1($0) }
    for other in Backpropagation.otherFunctions {
      comparison.recognize(other.message, other.function)
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

/// Reverse mode on a graph, with the places where people go wrong.
struct Backpropagation {
  /// A node passes something on to one of its operands.
  struct Step {
    let place: Int
    /// 0 for the first operand, 1 for the second.
    let operand: Int
  }

  /// What a node was computed from, and what it is.
  struct Use {
    let operands: [Int]
    let values: [Double]
    let result: Double
    /// What has come back to the operands so far.
    let gradients: [Double]

    var isOfOneNode: Bool { Set(operands).count < operands.count }
  }

  /// What one of the operations does to the gradients of its operands.
  struct Rule {
    /// The derivatives with respect to the operands, from the right ones.
    var derivatives: (_ right: [Double], _ use: Use) -> [Double] = { right, _ in right }
    /// How what is passed on is added, for each operand.
    var updates: [Update] = Array(repeating: { $0 + $1 * $2 }, count: 2)
    /// The same where both operands are one node, if students treat that on its own.
    var updatesOfOneNode: [Update]?
  }

  /// The new gradient of an operand, from the old one, the gradient of the result and the derivative
  /// of the result with respect to this operand.
  typealias Update = (_ old: Double, _ gradient: Double, _ derivative: Double) -> Double

  var values: (GraphTask) -> [Double] = \.values
  var start: (GraphTask) -> [Double] = { task in
    task.graph.indices.map { $0 == task.output ? 1 : 0 }
  }
  /// What is passed on, in order; nil if each gradient is passed on along its path, without those
  /// of other paths.
  var steps: (GraphTask) -> [Step]? = { $0.steps(through: $0.order.reversed()) }
  var sum = Rule()
  var product = Rule()
  var tanh = Rule()
  var tanhDerivative = TanhDerivative()
  var end: (_ gradients: [Double], GraphTask) -> [Double] = { gradients, _ in gradients }

  static var throughAllNodes: Backpropagation {
    Backpropagation(steps: { $0.steps(through: $0.orderOfAll.reversed()) })
  }
  static var alongPaths: Backpropagation { Backpropagation(steps: { _ in nil }) }

  func callAsFunction(_ task: GraphTask) -> [Double] {
    let values = values(task)
    var gradients = start(task)
    if let steps = steps(task) {
      for step in steps {
        pass(gradients[step.place], on: step, task, values, &gradients)
      }
    } else {
      passAlongPaths(from: task.output, gradients[task.output], task, values, &gradients)
    }
    return end(gradients, task)
  }

  /// What a node passes on is added, and passed on further, before it goes on to the next operand.
  private func passAlongPaths(
    from place: Int, _ gradient: Double, _ task: GraphTask, _ values: [Double],
    _ gradients: inout [Double]
  ) {
    for (index, operand) in task.graph[place].operands.enumerated() {
      let step = Step(place: place, operand: index)
      pass(gradient, on: step, task, values, &gradients)
      var alone = gradients.map { _ in 0.0 }
      pass(gradient, on: step, task, values, &alone)
      passAlongPaths(from: operand, alone[operand], task, values, &gradients)
    }
  }

  private func pass(
    _ gradient: Double, on step: Step, _ task: GraphTask, _ values: [Double],
    _ gradients: inout [Double]
  ) {
    let node = task.graph[step.place]
    let operands = node.operands
    let use = Use(
      operands: operands, values: operands.map { values[$0] }, result: values[step.place],
      gradients: operands.map { gradients[$0] })
    let (rule, right) = ruleAndDerivatives(node, use)
    let updates = (use.isOfOneNode ? rule.updatesOfOneNode : nil) ?? rule.updates
    let operand = operands[step.operand]
    gradients[operand] = updates[step.operand](
      gradients[operand], gradient, rule.derivatives(right, use)[step.operand])
  }

  private func ruleAndDerivatives(_ node: Node, _ use: Use) -> (rule: Rule, right: [Double]) {
    switch node {
    case .input: (Rule(), [])
    case .sum: (sum, [1, 1])
    case .product: (product, [use.values[1], use.values[0]])
    case .tanh: (tanh, [tanhDerivative.formula(use.values[0], use.result)])
    }
  }
}
