import Autodiff
import Exercises

/// A function that computes something else than what is asked.
struct OtherFunction {
  let message: String
  let function: (GraphTask) -> [Double]
}

extension Backpropagation {
  static var otherFunctions: [OtherFunction] {
    [
      OtherFunction(
        message: "those are the values of the nodes; the exercise asks for derivatives",
        function: \.values),
      OtherFunction(
        message: "that is forward mode: the derivative of each node with respect to the output",
        function: \.forward),
    ]
      + [("first", true), ("last", false)].map { word, isFirst in
        OtherFunction(
          message:
            "only the \(word) node of `graph` that uses a node counts; add up what all of them "
            + "bring", function: { $0.pulled(fromFirst: isFirst) })
      }
      + [
        OtherFunction(
          message: "only the first path to a node counts; add up what all of them bring",
          function: { $0.firstPaths() })
      ]
  }
}

extension GraphTask {
  func isRoot(_ place: Int) -> Bool { !graph.contains { $0.operands.contains(place) } }

  fileprivate func derivatives(of node: Node) -> [Double] {
    switch node {
    case .input: []
    case .sum: [1, 1]
    case .product(let a, let b): [values[b], values[a]]
    case .tanh: [1 - node.value(values) * node.value(values)]
    }
  }

  fileprivate var forward: [Double] {
    var tangents = graph.indices.map { $0 == output ? 1.0 : 0 }
    for place in orderOfAll where place != output {
      let node = graph[place]
      tangents[place] = zip(node.operands, derivatives(of: node))
        .reduce(0) { $0 + tangents[$1.0] * $1.1 }
    }
    return tangents
  }

  /// The gradients, if each node takes its own from one of those that use it.
  fileprivate func pulled(fromFirst: Bool) -> [Double] {
    var gradients = graph.indices.map { $0 == output ? 1.0 : 0 }
    for place in order.reversed() where place != output {
      let users = graph.indices.filter { graph[$0].operands.contains(place) }
      guard let user = fromFirst ? users.first : users.last else { continue }
      let node = graph[user]
      gradients[place] = zip(node.operands, derivatives(of: node))
        .reduce(0) { $0 + ($1.0 == place ? gradients[user] * $1.1 : 0) }
    }
    return gradients
  }

  /// The gradients, if only the first path to a node counts.
  fileprivate func firstPaths() -> [Double] {
    var (gradients, seen) = (graph.map { _ in 0.0 }, Set<Int>())
    func visit(_ place: Int, _ gradient: Double) {
      guard seen.insert(place).inserted else { return }
      gradients[place] = gradient
      for (operand, derivative) in zip(graph[place].operands, derivatives(of: graph[place])) {
        visit(operand, gradient * derivative)
      }
    }
    visit(output, 1)
    return gradients
  }
}
