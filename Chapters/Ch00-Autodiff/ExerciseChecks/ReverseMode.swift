import Notebook

extension Checks {
  static func reverseMode(_ answer: @escaping ([Edge], Int) throws -> [Double]) -> Exercise {
    var comparison = Comparison<EdgeTask, [Double]>(of: { try answer($0.edges, $0.count) }) {
      $0.gradients
    }
    comparison.ask("the edges 0 → 1 (2), 0 → 2 (3), 1 → 2 (5)", .triangle)
    comparison.ask("the seven edges of (xy + x) exp(y)", .expression)
    comparison.ask("x · x + x · x, with each edge twice", .twins)
    comparison.recognize("only the path that came last counts; the paths add up, with +=") { task in
      task.walk(task.edges.reversed(), from: task.count - 1) {
        $0[$1.from] = $1.derivative * $0[$1.to]
      }
    }
    comparison.recognize("the derivative along the edge is missing: that is the number of paths") {
      task in
      task.walk(task.edges.reversed(), from: task.count - 1) { $0[$1.from] += $0[$1.to] }
    }
    comparison.recognize("what came back to the result is missing; multiply by it") { task in
      task.walk(task.edges.reversed(), from: task.count - 1) { $0[$1.from] += $1.derivative }
    }
    comparison.recognize("the derivatives along a path are added; they multiply") { task in
      task.walk(task.edges.reversed(), from: task.count - 1) {
        $0[$1.from] += $1.derivative + $0[$1.to]
      }
    }
    comparison.recognize("all is 0: the derivative of the last number with respect to itself is 1")
    {
      $0.gradients.map { _ in 0 }
    }
    comparison.recognize("the edges came in the wrong order: in this mode, from last to first") {
      task in
      task.walk(task.edges, from: task.count - 1) { $0[$1.from] += $1.derivative * $0[$1.to] }
    }
    comparison.recognize("that is forward mode: the derivatives with respect to the number at 0") {
      $0.tangents
    }
    return Exercise(
      "reverse-mode", "From the last number back, over the edges of a tape", minutes: 15,
      hints: [
        "Begin with zeros, and a 1 at the last place.",
        "From the last edge to the first: an edge adds to its operand its derivative times what its "
          + "result has.",
      ], comparison)
  }
}
