import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

extension Ch00Exercises {
  // MARK: - Section 0.3, on a graph

  static var backpropagation: [Attempt] {
    /// The solution of a student who keeps arrays, with what can be changed in it.
    func exercise(
      seed: Double = 1, add: @escaping (inout Double, Double) -> Void = { $0 += $1 },
      order: @escaping ([Node], Int) -> [Int] = { sorted($0, $1).reversed() },
      product: @escaping (_ g: Double, _ a: Double, _ b: Double) -> (Double, Double) = {
        ($0 * $2, $0 * $1)
      },
      sum: @escaping (_ g: Double) -> (Double, Double) = { ($0, $0) },
      sumOfOne: ((inout Double, _ g: Double) -> Void)? = nil,
      tanh slope: @escaping (_ g: Double, _ t: Double) -> Double = { $0 * (1 - $1 * $1) }
    ) -> Exercise {
      Checks.backpropagation { output, graph in
        let values = values(graph)
        var gradients = Array(repeating: 0.0, count: graph.count)
        gradients[output] = seed
        for place in order(graph, output) {
          let g = gradients[place]
          switch graph[place] {
          case .input: continue
          case .sum(let a, let b) where a == b && sumOfOne != nil:
            sumOfOne?(&gradients[a], g)
          case .sum(let a, let b):
            add(&gradients[a], sum(g).0)
            add(&gradients[b], sum(g).1)
          case .product(let a, let b):
            let parts = product(g, values[a], values[b])
            add(&gradients[a], parts.0)
            add(&gradients[b], parts.1)
          case .tanh(let a): add(&gradients[a], slope(g, values[place]))
          }
        }
        return gradients
      }
    }
    return [
      .solution(exercise()),
      .solution(Checks.backpropagation(withClasses)),
      .stub(Checks.backpropagation { _, _ in try todo() }),
      .mistake("=", exercise(add: { $0 = $1 }), says: "only the last path"),
      .mistake(
        "first path", exercise(add: { if $0 == 0 { $0 = $1 } }), says: "only the first path"),
      .mistake("no seed", exercise(seed: 0), says: "everything is 0"),
      .mistake(
        "sum twice", exercise(sum: { (2 * $0, 2 * $0) }), says: "a sum passed its gradient on twice"
      ),
      .mistake(
        "place by place", exercise(order: { graph, _ in graph.indices.reversed() }),
        says: "from the last place to the first"),
      .mistake("not reversed", exercise(order: sorted), says: "from its end"),
      .mistake(
        "depth first", exercise(order: { walk($0, from: $1) }), says: "as soon as one of them"),
      .mistake("breadth first", exercise(order: queue), says: "as soon as one of them"),
      .mistake(
        "recursion",
        Checks.backpropagation { output, graph in
          let values = values(graph)
          var gradients = Array(repeating: 0.0, count: graph.count)
          gradients[output] = 1
          func back(_ place: Int) {
            let g = gradients[place]
            switch graph[place] {
            case .input: break
            case .sum(let a, let b):
              gradients[a] += g
              back(a)
              gradients[b] += g
              back(b)
            case .product(let a, let b):
              gradients[a] += g * values[b]
              back(a)
              gradients[b] += g * values[a]
              back(b)
            case .tanh(let a):
              gradients[a] += g * (1 - values[place] * values[place])
              back(a)
            }
          }
          back(output)
          return gradients
        }, says: "each time that something came back"),
      .mistake("each path again", exercise(order: paths), says: "passed their gradient on several"),
      .mistake("each child again", descent(from: \.self), says: "counted again"),
      .mistake(
        "each child again from the right", descent(from: { $0.reversed() }), says: "counted again"),
      .mistake(
        "g − t²", exercise(tanh: { $0 * 1 - $1 * $1 }), says: "tanh passed g · 1 − t² on"),
      .mistake(
        "1 − t² g", exercise(tanh: { 1 - $1 * $1 * $0 }), says: "tanh passed 1 − t² · g on"),
      .mistake(
        "g − t² for every node",
        exercise(
          order: { graph, _ in
            let orders = graph.indices.map { sorted(graph, $0) }
            return orders.reduce(into: []) { all, order in
              all += order.filter { !all.contains($0) }
            }.reversed()
          }, tanh: { $0 * 1 - $1 * $1 }), says: "tanh passed g · 1 − t² on"),
      .mistake(
        "own value", exercise(product: { g, a, b in (g * a, g * b) }), says: "its own value"),
      .mistake(
        "the result", exercise(product: { g, a, b in (g * a * b, g * a * b) }), says: "its result"),
      .mistake(
        "product as sum", exercise(product: { g, _, _ in (g, g) }), says: "as a sum does"),
      .mistake("half", exercise(sum: { ($0 / 2, $0 / 2) }), says: "half of its gradient"),
      .mistake(
        "both to the first", exercise(sum: { (2 * $0, 0) }), says: "what belongs to the second"),
      .mistake("sign", exercise(tanh: { -$0 * (1 - $1 * $1) }), says: "tanh passed its gradient"),
      .mistake(
        "tanh without g", exercise(tanh: { 1 - $1 * $1 }), says: "tanh passes its derivative on"),
      .mistake(
        "g²", exercise(product: { g, a, b in (g * g * b, g * g * a) }),
        says: "a product multiplies by the gradient that came back to it twice"),
      .mistake("list of paths", exercise(order: { listOfPaths($0, $1) }), says: "only once"),
      .mistake(
        "twins overwrite",
        exercise(product: { g, a, b in (g * b, g * a) }, sumOfOne: { $0 = 2 * $1 }),
        says: "a sum of a node and itself overwrites"),
      .mistake("product overwrites", overwriting(\.isProduct), says: "a product overwrites"),
      .mistake("sum overwrites", overwriting(\.isSum), says: "a sum overwrites"),
      .mistake("first of a sum", exercise(sum: { ($0, 0) }), says: "nothing on to its second"),
      .mistake("1 − t", exercise(tanh: { $0 * (1 - $1) }), says: "1 − t is not"),
      .mistake("no tanh", exercise(tanh: { g, _ in g }), says: "derivative of tanh is missing"),
      .mistake(
        "no incoming",
        exercise(product: { _, a, b in (b, a) }, sum: { _ in (1, 1) }, tanh: { 1 - $1 * $1 }),
        says: "multiply by it"),
      .mistake(
        "= and own value", exercise(add: { $0 = $1 }, product: { g, a, b in (g * a, g * b) }),
        says: "two mistakes"),
      .mistake("values", Checks.backpropagation { _, graph in values(graph) }, says: "the values"),
      .mistake("empty", Checks.backpropagation { _, _ in [] }, says: "no numbers"),
    ]
  }

  /// The solution of a student whose nodes keep a set of children, to each of which they go on after
  /// all gradients have been passed.
  private static func descent(from children: @escaping ([Int]) -> [Int]) -> Exercise {
    Checks.backpropagation { output, graph in
      let values = values(graph)
      var gradients = Array(repeating: 0.0, count: graph.count)
      gradients[output] = 1
      func backward(_ place: Int) {
        let g = gradients[place]
        switch graph[place] {
        case .input: break
        case .sum(let a, let b):
          gradients[a] += g
          gradients[b] += g
        case .product(let a, let b):
          gradients[a] += g * values[b]
          gradients[b] += g * values[a]
        case .tanh(let a): gradients[a] += g * (1 - values[place] * values[place])
        }
        var done: Set<Int> = []
        for child in children(operands(graph[place])) where done.insert(child).inserted {
          backward(child)
        }
      }
      backward(output)
      return gradients
    }
  }

  private static func operands(_ node: Node) -> [Int] {
    switch node {
    case .input: []
    case .sum(let a, let b), .product(let a, let b): [a, b]
    case .tanh(let a): [a]
    }
  }

  private static func values(_ graph: [Node]) -> [Double] {
    func value(_ place: Int) -> Double {
      switch graph[place] {
      case .input(let value): value
      case .sum(let a, let b): value(a) + value(b)
      case .product(let a, let b): value(a) * value(b)
      case .tanh(let a): tanh(value(a))
      }
    }
    return graph.indices.map(value)
  }

  private static func sorted(_ graph: [Node], _ output: Int) -> [Int] {
    var order: [Int] = []
    func visit(_ place: Int) {
      if order.contains(place) { return }
      for operand in operands(graph[place]) { visit(operand) }
      order.append(place)
    }
    visit(output)
    return order
  }

  /// Every node when it is first reached.
  private static func walk(_ graph: [Node], from output: Int) -> [Int] {
    var order: [Int] = []
    func visit(_ place: Int) {
      if order.contains(place) { return }
      order.append(place)
      for operand in operands(graph[place]) { visit(operand) }
    }
    visit(output)
    return order
  }

  private static func queue(_ graph: [Node], _ output: Int) -> [Int] {
    var (order, next) = ([output], 0)
    while next < order.count {
      for operand in operands(graph[order[next]]) where !order.contains(operand) {
        order.append(operand)
      }
      next += 1
    }
    return order
  }

  /// Every node once for each path, after those that use it on the path.
  private static func listOfPaths(_ graph: [Node], _ output: Int) -> [Int] {
    func list(_ place: Int) -> [Int] { operands(graph[place]).flatMap(list) + [place] }
    return list(output).reversed()
  }

  /// The solution of a student who writes = in place of += in one of the operations.
  private static func overwriting(_ operation: KeyPath<Node, Bool>) -> Exercise {
    Checks.backpropagation { output, graph in
      let values = values(graph)
      var gradients = Array(repeating: 0.0, count: graph.count)
      gradients[output] = 1
      for place in sorted(graph, output).reversed() {
        let derivatives =
          switch graph[place] {
          case .input: [Double]()
          case .sum: [1.0, 1]
          case .product(let a, let b): [values[b], values[a]]
          case .tanh: [1 - values[place] * values[place]]
          }
        for (operand, derivative) in zip(operands(graph[place]), derivatives) {
          let part = gradients[place] * derivative
          gradients[operand] = graph[place][keyPath: operation] ? part : gradients[operand] + part
        }
      }
      return gradients
    }
  }

  /// Every node as often as it is reached.
  private static func paths(_ graph: [Node], _ output: Int) -> [Int] {
    [output] + operands(graph[output]).flatMap { paths(graph, $0) }
  }

  /// The solution of a student who writes a class, as section 0.3 suggests.
  private static func withClasses(_ output: Int, _ graph: [Node]) -> [Double] {
    final class Value {
      var value = 0.0
      var gradient = 0.0
      var operands: [Value] = []
      var pullback: (Double) -> [Double] = { _ in [] }
      var isDone = false
    }
    let values = graph.map { _ in Value() }
    var order: [Value] = []
    func compute(_ value: Value) {
      guard !value.isDone, let place = values.firstIndex(where: { $0 === value }) else { return }
      value.isDone = true
      value.operands = operands(graph[place]).map { values[$0] }
      for operand in value.operands { compute(operand) }
      let numbers = value.operands.map(\.value)
      switch graph[place] {
      case .input(let number): value.value = number
      case .sum:
        value.value = numbers[0] + numbers[1]
        value.pullback = { [$0, $0] }
      case .product:
        value.value = numbers[0] * numbers[1]
        value.pullback = { [$0 * numbers[1], $0 * numbers[0]] }
      case .tanh:
        let t = tanh(numbers[0])
        value.value = t
        value.pullback = { [$0 * (1 - t * t)] }
      }
      order.append(value)
    }
    compute(values[output])
    values[output].gradient = 1
    for value in order.reversed() {
      for (operand, part) in zip(value.operands, value.pullback(value.gradient)) {
        operand.gradient += part
      }
    }
    return values.map(\.gradient)
  }
}

extension Node {
  fileprivate var isSum: Bool { if case .sum = self { true } else { false } }
  fileprivate var isProduct: Bool { if case .product = self { true } else { false } }
}
