import Exercises

extension Checks {
  static func reverseMode(_ answer: @escaping ([Edge], Int) throws -> [Double]) -> Exercise {
    let right = EdgeWalk(isBackwards: true)
    var comparison = Comparison<EdgeTask, [Double]>(of: { try answer($0.edges, $0.count) }) {
      right($0)
    }
    comparison.ask("the edges 0 → 1 (2), 0 → 2 (3), 1 → 2 (5)", .triangle)
    comparison.ask("the seven edges of (xy + x) exp(y)", .expression)
    comparison.ask("x · x + x · x, with each edge twice", .twins)
    comparison.ask("0 → 1 (2), 0 → 1 (-1.5), 1 → 2 (3)", .unequalTwins)
    comparison.ask("0 → 1 (2), 0 → 2 (-1.5), 1 → 3 (0.5), 0 → 3 (3)", .fork)
    comparison.ask("0 → 1 (2), 0 → 2 (-1.5), 1 → 3 (0.5)", .deadEnd)
    comparison.ask("five places, with an edge from each to every later one", .complete)
    comparison.argument("edges", \.derivatives)
    comparison.recognize(
      EdgeWalk.mistakes(backwards: true).without(
        "*=", "own place", "wrong way", "ones up to there",
        "ones from there"), in: right
    ) { $1($0) }
    comparison.recognize(
      "the gradient of a result was set to 0 after its first edge, but it has one for each operand"
    ) { task in
      var gradients = right.start(task, task.count - 1)
      for edge in task.edges.reversed() {
        gradients[edge.from] += edge.derivative * gradients[edge.to]
        gradients[edge.to] = 0
      }
      return gradients
    }
    comparison.recognize("the paths were averaged over the edges out of a place; add them up") {
      task in
      right(task).indices.map { place in
        let count = task.edges.count { $0.from == place }
        return right(task)[place] / Double(max(count, 1))
      }
    }
    comparison.recognize(
      "an edge into the last number replaces what its operand has so far; add to it, as every edge "
        + "does"
    ) { task in
      var gradients = right.start(task, task.count - 1)
      for edge in task.edges.reversed() {
        let part = edge.derivative * gradients[edge.to]
        gradients[edge.from] = edge.to == task.count - 1 ? part : gradients[edge.from] + part
      }
      return gradients
    }
    comparison.recognize("that is forward mode: the derivatives with respect to the number at 0") {
      EdgeWalk(isBackwards: false)($0)
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
