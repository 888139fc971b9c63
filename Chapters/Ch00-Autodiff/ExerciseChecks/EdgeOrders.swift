import Exercises

extension EdgeWalk {
  /// Wrong choices of the edges to follow, and of their order.
  static func orders(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let mode =
      backwards ? "reverse mode goes from last to first" : "forward mode goes from first to last"
    return [
      Mistake(
        "order",
        "only the edges at \(backwards ? "the last number" : "the input") itself have an effect; are the "
          + "edges taken in the wrong order (\(mode)), or is the start read in place of what has been "
          + "computed since?", isCommon: true
      ) { $0.edges = { $1.reversed() } },
      Mistake("twice", "every edge was followed twice") { $0.edges = { $1 + $1 } },
      Mistake("not the first", "the first edge that has to be followed is left out") {
        $0.edges = { Array($1.dropFirst()) }
      },
      Mistake("not the last", "the last edge that has to be followed is left out") {
        $0.edges = { Array($1.dropLast()) }
      },
      Mistake("one edge", "only one edge was followed; does the loop return too early?") {
        $0.edges = { Array($1.prefix(1)) }
      },
      Mistake(
        "count edges",
        "only `count` edges were followed; that is how many places there are, and there may be more "
          + "edges"
      ) { $0.edges = { Array($1.prefix($0.count)) } },
      Mistake(
        "count − 1 edges",
        "only `count` − 1 edges were followed; there are as many as the array has, not as places"
      ) { $0.edges = { Array($1.prefix($0.count - 1)) } },
      Mistake(
        "first count edges",
        "only the first `count` edges were followed; that is how many places there are, and there "
          + "may be more edges"
      ) {
        $0.edges = { task, inOrder in
          let first = Array(task.edges.prefix(task.count))
          return backwards ? first.reversed() : first
        }
      },
    ]
  }

  /// Edges or places at which a loop ends too early, or which it skips.
  static func leftOut(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let far = backwards ? "place 0" : "the last place"
    let source = backwards ? "result" : "operand"
    return [
      Mistake(
        "break at 0",
        "an edge with a 0 at its \(source) ended the loop; it brings nothing, but later edges do"
      ) { walk in
        walk.edges = { task, inOrder in
          let first = backwards ? task.count - 1 : task.input
          var derivatives = (0..<task.count).map { $0 == first ? 1.0 : 0 }
          return Array(
            inOrder.prefix { edge in
              let (from, to) = backwards ? (edge.to, edge.from) : (edge.from, edge.to)
              derivatives[to] += edge.derivative * derivatives[from]
              return derivatives[from] != 0
            })
        }
      },
      Mistake("end left out", "\(far) gets nothing; does the loop over the places end too early?") {
        $0.end = { derivatives, task, place in
          derivatives.enumerated().map { other, derivative in
            other == (backwards ? 0 : task.count - 1) && other != place ? 0 : derivative
          }
        }
      },
      Mistake("neighbours", "only edges between neighbouring places were followed; follow all") {
        $0.edges = { _, inOrder in inOrder.filter { $0.to == $0.from + 1 } }
      },
      Mistake(
        "next left out",
        "the place \(backwards ? "before the last" : "after the input") was left out; does the loop over "
          + "the places begin one too \(backwards ? "early" : "late")?"
      ) {
        $0.edges = { task, inOrder in
          inOrder.filter {
            backwards ? $0.from != task.count - 2 : $0.to != task.input + 1
          }
        }
      },
      Mistake(
        "shares",
        "what passes through an edge was divided by the number of edges \(backwards ? "into" : "out of") "
          + "its \(source); each of them gets all of it"
      ) { walk in
        walk.edges = { task, inOrder in
          inOrder.map { edge in
            let count = task.edges.count { backwards ? $0.to == edge.to : $0.from == edge.from }
            return Edge(
              from: edge.from, to: edge.to, derivative: edge.derivative / Double(count))
          }
        }
      },
      Mistake(
        "average", "what the edges bring to a place was averaged; add it up, as all of it counts"
      ) { walk in
        walk.edges = { task, inOrder in
          inOrder.map { edge in
            let count = task.edges.count {
              backwards ? $0.from == edge.from : $0.to == edge.to
            }
            return Edge(
              from: edge.from, to: edge.to, derivative: edge.derivative / Double(count))
          }
        }
      },
    ]
  }

  /// Recursions from place to place, which come to a place before all its edges were followed.
  static func recursions(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let (into, inOrder) =
      backwards ? ("out of", "from the last to the first") : ("into", "from the first to the last")
    func mistake(isTurned: Bool, goesOnAtOnce: Bool, onlyOnce: Bool) -> Mistake<EdgeWalk> {
      Mistake(
        onlyOnce ? "recursion, once" : "recursion",
        onlyOnce
          ? "a place passed its number on before all edges \(into) it had added to it; take the "
            + "edges in order, \(inOrder)"
          : "a place that several paths reach passed its number on once for each, and with it again "
            + "what it had passed on before; follow every edge once, \(inOrder)"
      ) {
        $0.edges = { task, inOrder in
          recursion(
            isTurned ? inOrder.reversed() : inOrder, from: backwards ? task.count - 1 : task.input,
            isBackwards: backwards, goesOnAtOnce: goesOnAtOnce, onlyOnce: onlyOnce)
        }
      }
    }
    return [
      mistake(isTurned: false, goesOnAtOnce: true, onlyOnce: false),
      mistake(isTurned: true, goesOnAtOnce: true, onlyOnce: false),
      mistake(isTurned: false, goesOnAtOnce: false, onlyOnce: false),
      mistake(isTurned: true, goesOnAtOnce: false, onlyOnce: false),
      mistake(isTurned: false, goesOnAtOnce: true, onlyOnce: true),
      mistake(isTurned: true, goesOnAtOnce: true, onlyOnce: true),
      mistake(isTurned: true, goesOnAtOnce: false, onlyOnce: true),
    ]
  }

  /// The edges in the order in which a recursion follows them.
  ///
  /// - Parameters:
  ///   - edges: The edges, in the order in which a place looks for its own.
  ///   - start: Where the recursion begins.
  ///   - isBackwards: Whether it goes from results to operands.
  ///   - goesOnAtOnce: Whether it goes on after each edge; otherwise after all those of the place.
  ///   - onlyOnce: Whether it goes on from a place only the first time.
  private static func recursion(
    _ edges: [Edge], from start: Int, isBackwards: Bool, goesOnAtOnce: Bool, onlyOnce: Bool
  ) -> [Edge] {
    var followed: [Edge] = []
    var visited: Set<Int> = []
    func visit(_ place: Int) {
      if !visited.insert(place).inserted && onlyOnce { return }
      let own = edges.filter { (isBackwards ? $0.to : $0.from) == place }
      if !goesOnAtOnce { followed += own }
      for edge in own {
        if goesOnAtOnce { followed.append(edge) }
        visit(isBackwards ? edge.from : edge.to)
      }
    }
    visit(start)
    return followed
  }
}
