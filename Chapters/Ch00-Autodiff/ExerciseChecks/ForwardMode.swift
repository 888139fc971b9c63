import Exercises

/// A tape as edges, for the exercises on the two modes.
struct EdgeTask {
  let edges: [Edge]
  let count: Int
  var input = 0

  /// Goes through the edges and changes a derivative for each place, beginning with one place's 1.
  func walk(
    _ edges: some Sequence<Edge>, from start: Int, _ follow: (inout [Double], Edge) -> Void
  ) -> [Double] {
    var derivatives = [Double](repeating: 0, count: count)
    derivatives[start] = 1
    for edge in edges { follow(&derivatives, edge) }
    return derivatives
  }

  /// ∂v/∂(the number at `input`) for every v.
  var tangents: [Double] {
    walk(edges, from: input) { $0[$1.to] += $1.derivative * $0[$1.from] }
  }

  /// ∂(the last number)/∂v for every v.
  var gradients: [Double] {
    walk(edges.reversed(), from: count - 1) { $0[$1.from] += $1.derivative * $0[$1.to] }
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
}

extension Checks {
  static func forwardMode(
    _ answer: @escaping ([Edge], Int, Int) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<EdgeTask, [Double]>(of: {
      try answer($0.edges, $0.count, $0.input)
    }) { $0.tangents }
    comparison.ask("the edges 0 → 1 (2), 0 → 2 (3), 1 → 2 (5) and the input 0", .triangle)
    comparison.ask("the seven edges of (xy + x) exp(y) and the input 0", .expression)
    var second = EdgeTask.expression
    second.input = 1
    comparison.ask("the same edges and the input 1", second)
    comparison.ask("x · x + x · x, with each edge twice, and the input 0", .twins)
    comparison.recognize("only the last edge into a place counts; add the edges up with +=") {
      task in
      task.walk(task.edges, from: task.input) { $0[$1.to] = $1.derivative * $0[$1.from] }
    }
    comparison.recognize("the derivative along the edge is missing: that is the number of paths") {
      task in task.walk(task.edges, from: task.input) { $0[$1.to] += $0[$1.from] }
    }
    comparison.recognize("the derivative of the operand so far is missing; multiply by it") {
      task in
      task.walk(task.edges, from: task.input) { $0[$1.to] += $1.derivative }
    }
    comparison.recognize("the derivatives along a path were added, but they multiply") { task in
      task.walk(task.edges, from: task.input) { $0[$1.to] += $1.derivative + $0[$1.from] }
    }
    comparison.recognize("everything is 0: the derivative of the input with respect to itself is 1")
    {
      $0.gradients.map { _ in 0 }
    }
    comparison.recognize(
      "the edges were taken in the wrong order; forward mode goes from first to last"
    ) {
      task in
      task.walk(task.edges.reversed(), from: task.input) {
        $0[$1.to] += $1.derivative * $0[$1.from]
      }
    }
    comparison.recognize("that is reverse mode: the derivatives of the last number") {
      $0.gradients
    }
    comparison.recognize("every input began with 1; only the given one should") { task in
      var derivatives = (0..<task.count).map { place in
        task.edges.contains { $0.to == place } ? 0.0 : 1
      }
      for edge in task.edges {
        derivatives[edge.to] += edge.derivative * derivatives[edge.from]
      }
      return derivatives
    }
    return Exercise(
      "forward-mode", "Forward mode: from one input onwards, along the edges of a tape",
      minutes: 15,
      hints: [
        "Begin with zeros, and a 1 at the place of the input.",
        "Each edge adds to the number at its result: its own derivative times the number at its "
          + "operand.",
      ], comparison)
  }
}
