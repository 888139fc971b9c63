import Autodiff
import Exercises
import Foundation
import Testing

@testable import Ch00_Autodiff

extension Ch00Exercises {
  // MARK: - Sections 0.3 and 0.4

  /// Follows edges with a rule for what one does to the derivatives.
  fileprivate static func walk(
    _ edges: some Sequence<Edge>, _ count: Int, from start: Int,
    _ follow: (inout [Double], Edge) -> Void
  ) -> [Double] {
    var derivatives = [Double](repeating: 0, count: count)
    derivatives[start] = 1
    for edge in edges { follow(&derivatives, edge) }
    return derivatives
  }

  static var forwardMode: [Attempt] {
    func exercise(_ follow: @escaping (inout [Double], Edge) -> Void) -> Exercise {
      Checks.forwardMode { edges, count, input in walk(edges, count, from: input, follow) }
    }
    func right(_ d: inout [Double], _ edge: Edge) { d[edge.to] += edge.derivative * d[edge.from] }
    return [
      .solution(exercise(right)),
      .stub(Checks.forwardMode { _, _, _ in try todo() }),
      .mistake("=", exercise { $0[$1.to] = $1.derivative * $0[$1.from] }, says: "with +="),
      .mistake("paths", exercise { $0[$1.to] += $0[$1.from] }, says: "number of paths"),
      .mistake("no operand", exercise { $0[$1.to] += $1.derivative }, says: "operand so far"),
      .mistake("sum", exercise { $0[$1.to] += $1.derivative + $0[$1.from] }, says: "they multiply"),
      .mistake(
        "no seed", Checks.forwardMode { _, count, _ in Array(repeating: 0, count: count) },
        says: "everything is 0"),
      .mistake(
        "order",
        Checks.forwardMode { edges, count, input in
          walk(edges.reversed(), count, from: input, right)
        }, says: "in the wrong order"),
      .mistake(
        "reverse mode",
        Checks.forwardMode { edges, count, _ in
          walk(edges.reversed(), count, from: count - 1) {
            $0[$1.from] += $1.derivative * $0[$1.to]
          }
        }, says: "that is reverse mode"),
      .mistake(
        "visited", exercise { if $0[$1.to] == 0 { $0[$1.to] = $1.derivative * $0[$1.from] } },
        says: "only the first edge"),
      .mistake("-=", exercise { $0[$1.to] -= $1.derivative * $0[$1.from] }, says: "subtracts"),
      .mistake(
        "edges of the input",
        Checks.forwardMode { edges, count, input in
          walk(edges, count, from: input) {
            if $1.from == input {
              $0[$1.to] = $1.derivative
            } else {
              $0[$1.to] += $1.derivative * $0[$1.from]
            }
          }
        }, says: "an edge out of the input replaces"),
      .mistake(
        "input as an edge",
        Checks.forwardMode { edges, count, input in
          walk(edges.dropFirst(input), count, from: input, right)
        }, says: "`input` is a place"),
      .mistake(
        "first operand",
        Checks.forwardMode { edges, count, input in
          walk(edges, count, from: input) { d, edge in
            let operand = edges.first { $0.to == edge.to }!.from
            d[edge.to] += edge.derivative * d[operand]
          }
        }, says: "at the operand of the first of them"),
      .mistake(
        "twice",
        Checks.forwardMode { edges, count, input in
          walk(edges + edges, count, from: input, right)
        }, says: "followed twice"),
      .mistake(
        "exchanged", exercise { $0[$1.from] += $1.derivative * $0[$1.to] }, says: "are exchanged"),
      .mistake(
        "place 0", Checks.forwardMode { edges, count, _ in walk(edges, count, from: 0, right) },
        says: "always stands at place 0"),
      .mistake(
        "as many as places",
        Checks.forwardMode { edges, count, input in
          walk(edges.prefix(count), count, from: input, right)
        }, says: "only `count` edges"),
      .mistake(
        "no last edge",
        Checks.forwardMode { edges, count, input in
          walk(edges.dropLast(), count, from: input, right)
        }, says: "the last edge that has to be followed"),
      .mistake(
        "direct edges",
        Checks.forwardMode { edges, count, input in
          walk(edges.filter { $0.from == input }, count, from: input, right)
        }, says: "at the input itself"),
      .mistake(
        "ones",
        Checks.forwardMode { edges, count, _ in
          var d = Array(repeating: 1.0, count: count)
          for edge in edges { right(&d, edge) }
          return d
        }, says: "every place began with 1"),
      .mistake(
        "the last alone",
        Checks.forwardMode { edges, count, input in
          [walk(edges, count, from: input, right)[count - 1]]
        }, says: "got 1 number"),
      .mistake(
        "no operand where reached", exercise { if $0[$1.from] != 0 { $0[$1.to] += $1.derivative } },
        says: "adds its own derivative alone"),
      .mistake(
        "each place once",
        Checks.forwardMode { edges, count, input in
          var visited = Set([input])
          return walk(edges, count, from: input) {
            if visited.contains($1.to) { return }
            visited.insert($1.to)
            $0[$1.to] += $0[$1.from] * $1.derivative
          }
        }, says: "even if it brings 0"),
      .mistake(
        "sum += sum + term",
        exercise { $0[$1.to] += $0[$1.to] + $1.derivative * $0[$1.from] },
        says: "counts twice: += adds it already"),
      .mistake(
        "recursion",
        Checks.forwardMode { edges, count, input in
          var d = Array(repeating: 0.0, count: count)
          d[input] = 1
          func onwards(_ place: Int) {
            for edge in edges where edge.from == place {
              d[edge.to] += edge.derivative * d[place]
              onwards(edge.to)
            }
          }
          onwards(input)
          return d
        }, says: "that several paths reach"),
      .mistake(
        "= and no operand", exercise { $0[$1.to] = $1.derivative }, says: "= in place of +="),
      .mistake(
        "all inputs",
        Checks.forwardMode { edges, count, _ in
          var d = (0..<count).map { place in edges.contains { $0.to == place } ? 0.0 : 1.0 }
          for edge in edges { right(&d, edge) }
          return d
        }, says: "every input began with 1"),
    ]
  }

  static var reverseMode: [Attempt] {
    func exercise(_ follow: @escaping (inout [Double], Edge) -> Void) -> Exercise {
      Checks.reverseMode { edges, count in walk(edges.reversed(), count, from: count - 1, follow) }
    }
    func right(_ d: inout [Double], _ edge: Edge) { d[edge.from] += edge.derivative * d[edge.to] }
    return [
      .solution(exercise(right)),
      .stub(Checks.reverseMode { _, _ in try todo() }),
      .mistake("=", exercise { $0[$1.from] = $1.derivative * $0[$1.to] }, says: "with +="),
      .mistake("paths", exercise { $0[$1.from] += $0[$1.to] }, says: "number of paths"),
      .mistake("no g", exercise { $0[$1.from] += $1.derivative }, says: "came back to the result"),
      .mistake("sum", exercise { $0[$1.from] += $1.derivative + $0[$1.to] }, says: "they multiply"),
      .mistake(
        "no seed", Checks.reverseMode { _, count in Array(repeating: 0, count: count) },
        says: "everything is 0"),
      .mistake(
        "order", Checks.reverseMode { edges, count in walk(edges, count, from: count - 1, right) },
        says: "in the wrong order"),
      .mistake(
        "first of two edges",
        Checks.reverseMode { edges, count in
          walk(edges.reversed(), count, from: count - 1) { d, edge in
            let first = edges.first { $0.from == edge.from && $0.to == edge.to }!
            d[edge.from] += first.derivative * d[edge.to]
          }
        }, says: "both got the derivative of the first"),
      .mistake(
        "forward mode",
        Checks.reverseMode { edges, count in
          walk(edges, count, from: 0) { $0[$1.to] += $1.derivative * $0[$1.from] }
        }, says: "that is forward mode"),
      .mistake(
        "visited",
        Checks.reverseMode { edges, count in
          var (d, seen) = (Array(repeating: 0.0, count: count), Set([count - 1]))
          d[count - 1] = 1
          for edge in edges.reversed() where seen.insert(edge.from).inserted {
            d[edge.from] = edge.derivative * d[edge.to]
          }
          return d
        }, says: "only the first edge out of a place"),
      .mistake("-=", exercise { $0[$1.from] -= $1.derivative * $0[$1.to] }, says: "subtracts"),
      .mistake(
        "exchanged", exercise { $0[$1.to] += $1.derivative * $0[$1.from] },
        says: "only the 1 of the beginning"),
      .mistake(
        "seed too early",
        Checks.reverseMode { edges, count in
          walk(edges.reversed(), count, from: count - 2, right)
        }, says: "one place too early"),
      .mistake(
        "no first edge",
        Checks.reverseMode { edges, count in
          walk(edges.dropFirst().reversed(), count, from: count - 1, right)
        }, says: "the last edge that has to be followed"),
      .mistake(
        "no g where reached", exercise { if $0[$1.to] != 0 { $0[$1.from] += $1.derivative } },
        says: "adds its own derivative alone"),
      .mistake(
        "sum += sum + term",
        exercise { $0[$1.from] += $0[$1.from] + $1.derivative * $0[$1.to] },
        says: "counts twice: += adds it already"),
      .mistake("recursion", recursion(onlyOnce: false), says: "that several paths reach"),
      .mistake("recursion, once", recursion(onlyOnce: true), says: "before all edges out of it"),
      .mistake(
        "last number's edges",
        Checks.reverseMode { edges, count in
          walk(edges.filter { $0.to == count - 1 }, count, from: count - 1, right)
        }, says: "at the last number itself"),
    ]
  }

  /// Reverse mode as a recursion over the operands, which goes on from a place with what it has.
  private static func recursion(onlyOnce: Bool) -> Exercise {
    Checks.reverseMode { edges, count in
      var gradients = Array(repeating: 0.0, count: count)
      var done: [Int] = []
      gradients[count - 1] = 1
      func backward(_ place: Int) {
        if onlyOnce && done.contains(place) { return }
        done.append(place)
        for edge in edges where edge.to == place {
          gradients[edge.from] += gradients[place] * edge.derivative
          backward(edge.from)
        }
      }
      backward(count - 1)
      return gradients
    }
  }

  static var backpropagation: [Attempt] {
    /// The solution of a student who keeps arrays, with what can be changed in it.
    func exercise(
      seed: Double = 1, add: @escaping (inout Double, Double) -> Void = { $0 += $1 },
      order: @escaping ([Node], Int) -> [Int] = { sorted($0, $1).reversed() },
      product: @escaping (_ g: Double, _ a: Double, _ b: Double) -> (Double, Double) = {
        ($0 * $2, $0 * $1)
      },
      sum: @escaping (_ g: Double) -> (Double, Double) = { ($0, $0) },
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
