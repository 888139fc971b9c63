import Exercises

extension Checks {
  static func forwardMode(
    _ answer: @escaping ([Edge], Int, Int) throws -> [Double]
  ) -> Exercise {
    let right = EdgeWalk(isBackwards: false)
    var comparison = Comparison<EdgeTask, [Double]>(of: {
      try answer($0.edges, $0.count, $0.input)
    }) { right($0) }
    func ask(_ description: String, _ task: EdgeTask, input: Int) {
      var task = task
      task.input = input
      comparison.ask("\(description) and the input \(input)", task)
    }
    ask("the edges 0 → 1 (2), 0 → 2 (3), 1 → 2 (5)", .triangle, input: 0)
    ask("the seven edges of (xy + x) exp(y)", .expression, input: 0)
    ask("the seven edges of (xy + x) exp(y)", .expression, input: 1)
    ask("x · x + x · x, with each edge twice,", .twins, input: 0)
    ask("0 → 1 (2), 0 → 1 (-1.5), 1 → 2 (3)", .unequalTwins, input: 0)
    ask("0 → 1 (2), 0 → 2 (-1.5), 1 → 3 (0.5), 0 → 3 (3)", .fork, input: 1)
    ask("3 → 4 (2), 1 → 4 (-1), 2 → 5 (0.5), 4 → 5 (3)", .wide, input: 3)
    ask("five places, with an edge from each to every later one,", .complete, input: 0)
    ask("five places, with an edge from each to every later one,", .complete, input: 2)
    comparison.argument("edges", \.derivatives)
    comparison.recognize(
      EdgeWalk.mistakes(backwards: false).without("first count edges", "inputs only"), in: right
    ) { $1($0) }
    comparison.recognize(
      "all edges into a place multiply by the number at the operand of the first of them; each has "
        + "an operand of its own"
    ) { task in
      var walk = right
      walk.edges = { _, edges in
        edges.map { edge in
          let first = edges.first { $0.to == edge.to }?.from ?? edge.from
          return Edge(from: first, to: edge.to, derivative: edge.derivative)
        }
      }
      return walk(task)
    }
    comparison.recognize(
      "the edges before edge number `input` were left out; `input` is a place, not an edge"
    ) { task in
      var walk = right
      walk.edges = { Array($1.dropFirst($0.input)) }
      return walk(task)
    }
    comparison.recognize(
      "an edge out of the input replaces what its result has so far; add to it, as every edge does"
    ) { task in
      var derivatives = right.start(task, task.input)
      for edge in task.edges {
        let part = edge.derivative * derivatives[edge.from]
        derivatives[edge.to] = edge.from == task.input ? part : derivatives[edge.to] + part
      }
      return derivatives
    }
    comparison.recognize("that is reverse mode: the derivatives of the last number") {
      EdgeWalk(isBackwards: true)($0)
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
