import Autodiff
import Exercises

extension Backpropagation {
  static var mistakes: [Mistake<Backpropagation>] {
    updates + orders + starts + values + ends + derivatives
      + TanhDerivative.mistakes.without("t² − 1").within(\.tanhDerivative)
  }

  private static var starts: [Mistake<Backpropagation>] {
    func mistake(
      _ name: String, _ message: String,
      _ start: @escaping (_ place: Int, _ task: GraphTask) -> Double
    ) -> Mistake<Backpropagation> {
      Mistake(name, message) {
        $0.start = { task in task.graph.indices.map { start($0, task) } }
      }
    }
    func other(
      _ name: String, _ message: String, _ output: @escaping (GraphTask) -> Int
    ) -> Mistake<Backpropagation> {
      Mistake(name, message) {
        $0.start = { task in task.graph.indices.map { $0 == output(task) ? 1 : 0 } }
        $0.steps = { task in
          task.steps(through: GraphTask.order(of: task.graph, from: [output(task)]).reversed())
        }
      }
    }
    let roots = "every node that no other uses began with 1"
    return [
      mistake(
        "no seed",
        "everything is 0: the derivative of the output with respect to itself is 1, and no gradient "
          + "should become 0 again"
      ) { _, _ in 0 },
      mistake(
        "all ones", "every gradient began with 1; only the output's should, the others with 0"
      ) { _, _ in 1 },
      mistake("value", "the output's gradient began with its value; ∂f/∂f is 1") {
        $0 == $1.output ? $1.values[$0] : 0
      },
      mistake(
        "values",
        "every gradient began with the node's value; begin with 0, and the output "
          + "with 1"
      ) { $0 == $1.output ? 1 : $1.values[$0] },
      mistake("place", "the output's gradient began with its place; ∂f/∂f is 1") {
        $0 == $1.output ? Double($0) : 0
      },
      mistake("inputs", "the inputs began with 1 as well; only the output should") { place, task in
        place == task.output || task.graph[place].operands.isEmpty ? 1 : 0
      },
      Mistake("roots", roots + "; only the output should") {
        $0.start = { task in
          task.graph.indices.map { task.isRoot($0) || $0 == task.output ? 1 : 0 }
        }
        $0.steps = Backpropagation.throughAllNodes.steps
      },
      Mistake("roots only", roots + ", whichever the output is") {
        $0.start = { task in task.graph.indices.map { task.isRoot($0) ? 1 : 0 } }
        $0.steps = Backpropagation.throughAllNodes.steps
      },
      other("last place", "that is the gradient of the last place, not of the output") {
        $0.graph.count - 1
      },
      other("place 0", "that is the gradient of place 0, not of the output") { _ in 0 },
      other(
        "last node",
        "that is the gradient of the last node in the order of computation, not of the output"
      ) { $0.orderOfAll[$0.orderOfAll.count - 1] },
    ]
  }

  static var values: [Mistake<Backpropagation>] {
    func mistake(
      _ name: String, _ message: String, _ values: @escaping (GraphTask) -> [Double]
    ) -> Mistake<Backpropagation> {
      Mistake(name, message) { $0.values = values }
    }
    func wrong(
      _ name: String, _ message: String, _ value: @escaping (Node, [Double]) -> Double?
    ) -> Mistake<Backpropagation> {
      mistake(name, message) { task in
        GraphTask.values(of: task.graph, in: task.orderOfAll) { value($0, $1) ?? $0.value($1) }
      }
    }
    let later = "an operand may stand later, and then it is still 0"
    return [
      mistake(
        "values in place order",
        "the values were computed from the first place to the last; \(later)"
      ) { GraphTask.values(of: $0.graph, in: Array($0.graph.indices)) },
      mistake(
        "values from the last place",
        "the values were computed from the last place to the first; an operand may stand before, and "
          + "then it is still 0"
      ) { GraphTask.values(of: $0.graph, in: $0.graph.indices.reversed()) },
      mistake(
        "one pass",
        "only one pass was made over the places, and nodes whose operands stand later have no value; "
          + "go on until all have one"
      ) { task in
        var done: [Int] = []
        for (place, node) in task.graph.enumerated()
        where node.operands.allSatisfy(done.contains) { done.append(place) }
        return GraphTask.values(of: task.graph, in: done)
      },
      mistake(
        "inputs' values",
        "only the inputs have a value when it is used; compute those of the other nodes before, each "
          + "after its operands"
      ) {
        task in
        GraphTask.values(
          of: task.graph, in: task.graph.indices.filter { task.graph[$0].operands.isEmpty })
      },
      wrong("tanh missing", "the value of a tanh is that of its operand; tanh is missing") {
        if case .tanh(let a) = $0 { $1[a] } else { nil }
      },
      wrong("tanh twice", "tanh was applied twice to compute a value") {
        if case .tanh(let a) = $0 { .tanh(.tanh($1[a])) } else { nil }
      },
      wrong("sum of values", "the value of a product is the sum of its operands") {
        if case .product(let a, let b) = $0 { $1[a] + $1[b] } else { nil }
      },
      wrong("product of values", "the value of a sum is the product of its operands") {
        if case .sum(let a, let b) = $0 { $1[a] * $1[b] } else { nil }
      },
      wrong("difference of values", "the value of a sum is the difference of its operands") {
        if case .sum(let a, let b) = $0 { $1[a] - $1[b] } else { nil }
      },
      wrong("square", "the value of a product is the square of its first operand") {
        if case .product(let a, _) = $0 { $1[a] * $1[a] } else { nil }
      },
      wrong("double", "the value of a sum is twice its first operand") {
        if case .sum(let a, _) = $0 { 2 * $1[a] } else { nil }
      },
    ]
  }

  private static var ends: [Mistake<Backpropagation>] {
    [
      Mistake(
        "inputs only", "only the inputs have a gradient, but the exercise asks for every node's"
      ) { $0.end = { zip($0, $1.graph).map { $1.operands.isEmpty ? $0 : 0 } } },
      Mistake(
        "no inputs",
        "the gradients of the inputs are 0; they get theirs from the nodes that "
          + "use them"
      ) { $0.end = { zip($0, $1.graph).map { $1.operands.isEmpty ? 0 : $0 } } },
      Mistake("list of inputs", "those are the gradients of the inputs; return every node's") {
        $0.end = { gradients, task in
          task.graph.indices.filter { task.graph[$0].operands.isEmpty }.map { gradients[$0] }
        }
      },
      Mistake("seed lost", "∂f/∂f is 1, but the output's gradient is 0 in the end") {
        $0.end = { gradients, task in
          gradients.enumerated().map { $0 == task.output ? 0 : $1 }
        }
      },
      Mistake(
        "order of computation",
        "the gradients stand in the order of computation; return them "
          + "in the order of `graph`"
      ) { $0.end = { gradients, task in task.orderOfAll.map { gradients[$0] } } },
      Mistake(
        "order of computation, alone",
        "the gradients stand in the order of computation, and those of nodes with no effect on f are "
          + "missing; return them in the order of `graph`"
      ) { $0.end = { gradients, task in task.order.map { gradients[$0] } } },
      Mistake(
        "reversed order",
        "the gradients stand in the order in which the nodes were visited; return them in the order "
          + "of `graph`"
      ) { $0.end = { gradients, task in task.order.reversed().map { gradients[$0] } } },
      Mistake("others 1", "a node with no effect on f has the gradient 0, not 1") {
        $0.end = { gradients, task in
          gradients.enumerated().map { task.order.contains($0) ? $1 : 1 }
        }
      },
      Mistake("others' values", "a node with no effect on f has the gradient 0, not its value") {
        $0.end = { gradients, task in
          gradients.enumerated().map { task.order.contains($0) ? $1 : task.values[$0] }
        }
      },
      Mistake("times value", "each gradient was multiplied by the node's value") {
        $0.end = { zip($0, $1.values).map { $0 * $1 } }
      },
      Mistake("size", "the signs of the gradients are gone") {
        $0.end = { gradients, _ in gradients.map { abs($0) } }
      },
    ]
  }
}
