import Autodiff
import Exercises

/// A tape as edges, for the exercises on the two modes.
struct EdgeTask {
  var edges: [Edge]
  let count: Int
  var input = 0

  /// The derivatives along the edges, in order.
  var derivatives: [Double] {
    get { edges.map(\.derivative) }
    set {
      edges = zip(edges, newValue).map { Edge(from: $0.from, to: $0.to, derivative: $1) }
    }
  }

  static let triangle = EdgeTask(
    edges: [
      Edge(from: 0, to: 1, derivative: 2), Edge(from: 0, to: 2, derivative: 3),
      Edge(from: 1, to: 2, derivative: 5),
    ], count: 3)

  /// f = (xy + x) eʸ, of section 0.2, with other numbers.
  static let expression = EdgeTask(
    edges: [
      Edge(from: 0, to: 2, derivative: 1.5), Edge(from: 1, to: 2, derivative: -2),
      Edge(from: 2, to: 3, derivative: 1), Edge(from: 0, to: 3, derivative: 1),
      Edge(from: 1, to: 4, derivative: 0.5), Edge(from: 3, to: 5, derivative: 0.5),
      Edge(from: 4, to: 5, derivative: -4),
    ], count: 6)

  /// x · x, doubled: both edges of each step come from one place.
  static let twins = EdgeTask(
    edges: [
      Edge(from: 0, to: 1, derivative: 3), Edge(from: 0, to: 1, derivative: 3),
      Edge(from: 1, to: 2, derivative: 1), Edge(from: 1, to: 2, derivative: 1),
    ], count: 3)

  /// Two edges of a step that come from one place, with derivatives of their own, as in x − x/4.
  static let unequalTwins = EdgeTask(
    edges: [
      Edge(from: 0, to: 1, derivative: 2), Edge(from: 0, to: 1, derivative: -1.5),
      Edge(from: 1, to: 2, derivative: 3),
    ], count: 3)

  /// Place 2 leads nowhere.
  static let fork = EdgeTask(
    edges: [
      Edge(from: 0, to: 1, derivative: 2), Edge(from: 0, to: 2, derivative: -1.5),
      Edge(from: 1, to: 3, derivative: 0.5), Edge(from: 0, to: 3, derivative: 3),
    ], count: 4)

  /// The last edge out of place 0 that is computed leads to place 2, which leads nowhere.
  static let deadEnd = EdgeTask(edges: Array(fork.edges.dropLast()), count: 4)

  /// Four inputs, of which the last is used first.
  static let wide = EdgeTask(
    edges: [
      Edge(from: 3, to: 4, derivative: 2), Edge(from: 1, to: 4, derivative: -1),
      Edge(from: 2, to: 5, derivative: 0.5), Edge(from: 4, to: 5, derivative: 3),
    ], count: 6)

  /// Five places, each of them with an edge to every later one.
  static let complete: EdgeTask = {
    let ends = (1..<5).flatMap { to in (0..<to).map { from in (from, to) } }
    return EdgeTask(
      edges: zip(ends, roundedNormals(ends.count, seed: 62)).map {
        Edge(from: $0.0, to: $0.1, derivative: $1)
      }, count: 5)
  }()
}

/// A walk along the edges of a tape, with the places where people go wrong. Each edge is followed
/// from its source to its target: onwards the source is the operand, backwards the result.
struct EdgeWalk {
  let isBackwards: Bool
  var edges: (_ task: EdgeTask, _ inOrder: [Edge]) -> [Edge] = { $1 }
  var start: (_ task: EdgeTask, _ place: Int) -> [Double] = { task, place in
    (0..<task.count).map { $0 == place ? 1 : 0 }
  }
  var place: (_ task: EdgeTask, _ right: Int) -> Int = { $1 }
  /// The new number at the target, from the old one, the one at the source and the edge's
  /// derivative.
  var follow: (_ old: Double, _ source: Double, _ derivative: Double) -> Double = { $0 + $2 * $1 }
  var end: (_ derivatives: [Double], _ task: EdgeTask, _ place: Int) -> [Double] = { all, _, _ in
    all
  }
  /// Whether the edges lead from their sources to their targets.
  var isRightWayRound = true

  func callAsFunction(_ task: EdgeTask) -> [Double] {
    let first = place(task, isBackwards ? task.count - 1 : task.input)
    var derivatives = start(task, first)
    for edge in edges(task, isBackwards ? task.edges.reversed() : task.edges) {
      let (source, target) =
        isBackwards == isRightWayRound ? (edge.to, edge.from) : (edge.from, edge.to)
      derivatives[target] = follow(derivatives[target], derivatives[source], edge.derivative)
    }
    return end(derivatives, task, first)
  }
}

extension EdgeWalk {
  static func mistakes(backwards: Bool) -> [Mistake<EdgeWalk>] {
    sums(backwards) + factors(backwards) + starts(backwards) + seeds(backwards)
      + orders(backwards) + leftOut(backwards) + recursions(backwards)
  }

  /// Two edges between the same places that are taken for one.
  private static func pairs(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    func likeOther(_ name: String, _ word: String, _ other: @escaping ([Edge]) -> Edge?)
      -> Mistake<EdgeWalk>
    {
      Mistake(
        name,
        "where two edges join the same places, both got the derivative of the \(word); each has one "
          + "of its own"
      ) {
        $0.edges = { task, inOrder in
          inOrder.map { edge in
            other(task.edges.filter { $0.from == edge.from && $0.to == edge.to }) ?? edge
          }
        }
      }
    }
    /// Of the edges between the same places, in the order of the walk, only one is followed.
    func only(_ word: String, isFirstInWalk: Bool) -> Mistake<EdgeWalk> {
      Mistake(
        "only the \(word) of two",
        "where two edges join the same places, only the \(word) of them counts, as in a table with one "
          + "number for each pair of places; add up what both bring"
      ) {
        $0.edges = { _, inOrder in
          var (kept, known) = ([Edge](), Set<[Int]>())
          for edge in isFirstInWalk ? inOrder : inOrder.reversed()
          where known.insert([edge.from, edge.to]).inserted { kept.append(edge) }
          return isFirstInWalk ? kept : kept.reversed()
        }
      }
    }
    return [
      likeOther("first of two", "first", \.first), likeOther("last of two", "last", \.last),
      only("first", isFirstInWalk: !backwards), only("last", isFirstInWalk: backwards),
    ]
  }

  private static func sums(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let at = backwards ? "out of" : "into"
    return [
      Mistake(
        "=",
        backwards
          ? "only one edge out of a place counts, the first on the tape; add them all up with +="
          : "only the last edge into a place counts; add them up with +=", isCommon: true
      ) {
        $0.follow = { _, source, derivative in derivative * source }
      },
      Mistake(
        "visited",
        "only the first edge \(at) a place counts, as if the place were done then; add up what all "
          + "its edges bring"
      ) { $0.follow = { $0 == 0 ? $2 * $1 : $0 } },
      Mistake(
        "first edge",
        "only the first edge \(at) a place counts, even if it brings 0; add up what all its edges "
          + "bring"
      ) {
        $0.edges = { _, inOrder in
          var reached: Set<Int> = []
          return inOrder.filter { reached.insert(backwards ? $0.from : $0.to).inserted }
        }
      },
    ] + pairs(backwards) + [
      Mistake(
        "old twice",
        "with every edge, what the place had before counts twice: += adds it already, so leave it "
          + "out on the right"
      ) { $0.follow = { 2 * $0 + $2 * $1 } },
      Mistake("-=", "each edge subtracts; add what it brings", isCommon: true) {
        $0.follow = { $0 - $2 * $1 }
      },
      Mistake("*=", "the numbers of several edges multiply; add them up with +=") {
        $0.follow = { $0 * $2 * $1 }
      },
      Mistake("largest", "only the largest number that an edge brings counts; add them up") {
        $0.follow = { max($0, $2 * $1) }
      },
      Mistake(
        "own place",
        "each edge multiplies by the number at its own target; multiply by the one at its "
          + (backwards ? "result" : "operand")
      ) { $0.follow = { old, _, derivative in old + derivative * old } },
    ]
  }

  private static func factors(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let source = backwards ? "result" : "operand"
    return [
      Mistake(
        "no derivative", "the derivative along the edge is missing: that is the number of paths",
        isCommon: true
      ) { $0.follow = { old, source, _ in old + source } },
      Mistake(
        "no source",
        backwards
          ? "the derivative that came back to the result is missing; multiply by it"
          : "the derivative of the operand so far is missing; multiply by it", isCommon: true
      ) { $0.follow = { old, _, derivative in old + derivative } },
      Mistake(
        "no source where reached",
        "each edge that is reached adds its own derivative alone; multiply it by the number at its "
          + source
      ) { $0.follow = { old, source, derivative in source == 0 ? old : old + derivative } },
      Mistake("sum", "the derivatives along a path were added, but they multiply") {
        $0.follow = { $0 + $2 + $1 }
      },
      Mistake(
        "divided",
        "the number at the \(source) was divided by the derivative along the edge; multiply them"
      ) {
        $0.follow = { $0 + $1 / $2 }
      },
      Mistake("1 + source", "1 was added to the number at the \(source); multiply by it as it is") {
        $0.follow = { $0 + $2 * (1 + $1) }
      },
      Mistake(
        "by source",
        "the derivative along the edge was divided by the number at the \(source); multiply them"
      ) { $0.follow = { $1 == 0 ? $0 : $0 + $2 / $1 } },
      Mistake(
        "by source, unguarded",
        "the derivative along the edge was divided by the number at the \(source), which may be 0; "
          + "multiply them"
      ) { $0.follow = { $0 + $2 / $1 } },
      Mistake("square", "the derivative along each edge was multiplied in twice") {
        $0.follow = { $0 + $2 * $2 * $1 }
      },
      Mistake("size", "the sign of the derivative along an edge was dropped") {
        $0.follow = { $0 + abs($2) * $1 }
      },
      Mistake("square of source", "the number at the \(source) was squared") {
        $0.follow = { $0 + $2 * $1 * $1 }
      },
      Mistake(
        "whole", "the derivatives along the edges were cut to whole numbers; keep them Double"
      ) {
        $0.follow = { $0 + $2.rounded(.towardZero) * $1 }
      },
      Mistake("double", "each edge passes on twice what it should") {
        $0.follow = { $0 + 2 * $2 * $1 }
      },
      Mistake(
        "old too",
        "each edge multiplies its derivative by the sum of the numbers at both ends; only the one at "
          + "the \(source) counts"
      ) { $0.follow = { $0 + $2 * ($1 + $0) } },
      Mistake("half", "each edge passes on only half of what it should") {
        $0.follow = { $0 + $2 * $1 / 2 }
      },
      Mistake("last source", "= in place of +=, and the derivative along the edge is missing") {
        $0.follow = { _, source, _ in source }
      },
      Mistake("last derivative", "= in place of +=, and the number at the \(source) is missing") {
        $0.follow = { _, _, derivative in derivative }
      },
    ]
  }
}
