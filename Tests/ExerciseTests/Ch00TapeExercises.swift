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
      .mistake(
        "all inputs",
        Checks.forwardMode { edges, count, input in
          var derivatives = [Double](repeating: 1, count: count)
          for edge in edges { derivatives[edge.to] = 0 }
          derivatives[input] = 1
          for edge in edges { derivatives[edge.to] += edge.derivative * derivatives[edge.from] }
          return derivatives
        }, says: "every place that no edge leads to began with 1"),
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
      .mistake("doubled", exercise { $0[$1.to] += 2 * $1.derivative * $0[$1.from] }, says: "twice"),
      .mistake(
        "stops at 0",
        Checks.forwardMode { edges, count, input in
          var d = Array(repeating: 0.0, count: count)
          d[input] = 1
          for edge in edges {
            if d[edge.from] == 0 { break }
            right(&d, edge)
          }
          return d
        }, says: "ended the loop"),
      .mistake(
        "table",
        Checks.forwardMode { edges, count, input in
          var table = Array(repeating: Array(repeating: 0.0, count: count), count: count)
          for edge in edges { table[edge.to][edge.from] = edge.derivative }
          var d = Array(repeating: 0.0, count: count)
          d[input] = 1
          for to in 0..<count { for from in 0..<to { d[to] += table[to][from] * d[from] } }
          return d
        }, says: "only the last of them counts"),
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
      .mistake("doubled", exercise { $0[$1.from] += 2 * $1.derivative * $0[$1.to] }, says: "twice"),
      .mistake(
        "whole numbers", exercise { $0[$1.from] += Double(Int($1.derivative)) * $0[$1.to] },
        says: "cut to whole numbers"),
      .mistake(
        "only the second number",
        exercise { $0[$1.from] += $1.derivative * ($0[$1.to] + $0[$1.from]) },
        says: "the numbers at both ends"),
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
}
