import Exercises

extension Checks {
  static func reverseMode(_ answer: @escaping ([Edge], Int) throws -> [Double]) -> Exercise {
    var comparison = Comparison<EdgeTask, [Double]>(of: { try answer($0.edges, $0.count) }) {
      $0.gradients
    }
    comparison.ask("the edges 0 → 1 (2), 0 → 2 (3), 1 → 2 (5)", .triangle)
    comparison.ask("the seven edges of (xy + x) exp(y)", .expression)
    comparison.ask("x · x + x · x, with each edge twice", .twins)
    comparison.recognize("only the last path to a place counts; add the paths up with +=") { task in
      task.walk(task.edges.reversed(), from: task.count - 1) {
        $0[$1.from] = $1.derivative * $0[$1.to]
      }
    }
    comparison.recognize("the derivative along the edge is missing: that is the number of paths") {
      task in
      task.walk(task.edges.reversed(), from: task.count - 1) { $0[$1.from] += $0[$1.to] }
    }
    comparison.recognize("the derivative that came back to the result is missing; multiply by it") {
      task in
      task.walk(task.edges.reversed(), from: task.count - 1) { $0[$1.from] += $1.derivative }
    }
    comparison.recognize("the derivatives along a path were added, but they multiply") { task in
      task.walk(task.edges.reversed(), from: task.count - 1) {
        $0[$1.from] += $1.derivative + $0[$1.to]
      }
    }
    comparison.recognize(
      "everything is 0: the derivative of the last number with respect to itself is 1"
    ) {
      $0.gradients.map { _ in 0 }
    }
    comparison.recognize(
      "the edges were taken in the wrong order; reverse mode goes from last to first"
    ) {
      task in
      task.walk(task.edges, from: task.count - 1) { $0[$1.from] += $1.derivative * $0[$1.to] }
    }
    comparison.recognize("that is forward mode: the derivatives with respect to the number at 0") {
      $0.tangents
    }
    return Exercise(
      "reverse-mode", "Reverse mode: from the last number back, along the edges of a tape",
      minutes: 15,
      hints: [
        "Begin with zeros, and a 1 at the last place.",
        "Go from the last edge to the first. Each adds to the number at its operand: its own "
          + "derivative times the number at its result.",
      ], comparison)
  }
}
