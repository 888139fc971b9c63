import Autodiff

/// What is given in the exercise on graphs.
struct GraphTask {
  let output: Int
  let graph: [Node]
  /// The value of every node.
  let values: [Double]
  /// The nodes that lead to the output, each after its operands.
  let order: [Int]
  /// All nodes, each after its operands.
  let orderOfAll: [Int]

  init(output: Int, graph: [Node]) {
    self.output = output
    self.graph = graph
    order = Self.order(of: graph, from: [output])
    orderOfAll = Self.order(of: graph, from: Array(graph.indices))
    values = Self.values(of: graph, in: orderOfAll)
  }

  /// The values that the nodes get if they are computed in an order, with 0 for those that are not.
  static func values(
    of graph: [Node], in order: [Int],
    _ value: (_ node: Node, _ values: [Double]) -> Double = { $0.value($1) }
  ) -> [Double] {
    var values = [Double](repeating: 0, count: graph.count)
    for place in order { values[place] = value(graph[place], values) }
    return values
  }

  /// The nodes that lead to some nodes, each after its operands.
  static func order(of graph: [Node], from places: [Int]) -> [Int] {
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

  /// The two nodes with both operands the same have an operand that is also used later.
  static let twins = GraphTask(
    output: 1,
    graph: [.product(3, 3), .product(2, 4), .sum(4, 4), .input(0.7), .sum(0, 3)])

  static func chain(output: Int) -> GraphTask {
    GraphTask(
      output: output,
      graph: [
        .tanh(3), .sum(5, 0), .tanh(6), .input(0.6), .sum(1, 2), .product(0, 3), .product(1, 5),
      ]
    )
  }

  /// In the order of computation 5, 2, 7, 0, 6, 3, 1, 8, 4: each node is used by the next, and most
  /// also by one after that, as its first or second operand. Place 4 has no effect on the output 8.
  static let longChain = GraphTask(
    output: 8,
    graph: [
      .sum(7, 2), .product(3, 0), .tanh(5), .tanh(6), .product(8, 1), .input(-1.6), .product(2, 0),
      .product(5, 2), .sum(6, 1),
    ])
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
