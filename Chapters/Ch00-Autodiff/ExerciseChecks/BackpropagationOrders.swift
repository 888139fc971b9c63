import Exercises

extension Backpropagation {
  /// Wrong orders in which the nodes pass their gradients on.
  static var orders: [Mistake<Backpropagation>] {
    placeOrders + walks + counts + recursions
  }

  private static let tooEarly =
    "some nodes passed their gradient on before all of it had arrived: "
  private static let again =
    "some nodes passed their gradient on several times, and what had arrived before was counted "
    + "again: "

  private static func mistake(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ order: @escaping (GraphTask) -> [Int]
  ) -> Mistake<Backpropagation> {
    Mistake(name, message, isCommon: isCommon) { $0.steps = { $0.steps(through: order($0)) } }
  }

  /// Places without a look at what the nodes depend on, or a right order in a wrong way.
  private static var placeOrders: [Mistake<Backpropagation>] {
    [
      mistake(
        "places",
        tooEarly + "they were taken from the last place to the first, but they may come "
          + "in any order", isCommon: true
      ) { $0.graph.indices.reversed() },
      mistake(
        "places onwards", tooEarly + "they were taken from the first place to the last",
        isCommon: true
      ) { Array($0.graph.indices) },
      mistake(
        "operands first",
        "only the output passed its gradient on; go on from its operands, through the order of "
          + "computation from its end", isCommon: true
      ) { $0.order },
      mistake(
        "direct operands",
        "only the output and its operands passed their gradients on; go on until nothing is left"
      ) { task in
        [task.output] + Set(task.graph[task.output].operands).sorted()
      },
      mistake(
        "nobody",
        "only the 1 of the output is there; nothing was passed on: each node should read its own "
          + "gradient, and add to those of its operands"
      ) { _ in [] },
      mistake(
        "break at 0",
        "a node with the gradient 0 ended the loop; those after it still have something to pass on"
      ) { $0.orderOfAll.last == $0.output ? $0.order.reversed() : [] },
      mistake("all twice", "the whole graph passed its gradients on twice") {
        $0.order.reversed() + $0.order.reversed()
      },
      mistake(
        "sweeps", again + "the pass over all nodes was repeated; go through them once"
      ) { task in task.graph.indices.flatMap { _ in task.orderOfAll.reversed() } },
    ]
  }

  /// Walks from the output along the operands.
  private static var walks: [Mistake<Backpropagation>] {
    let soon =
      tooEarly + "each should come after all nodes that use it, and not as soon as one of them "
      + "reaches it"
    let once = again + "visit each node only once, after all nodes that use it"
    let queue = again + "a node enters the queue once for each node that uses it"
    return [
      mistake("depth first", soon, isCommon: true) { $0.visits(.deep, once: .whenTaken) },
      mistake("depth first from the right", soon) {
        $0.visits(.deepFromRight, once: .whenTaken)
      },
      mistake("depth first, seen", soon) { $0.visits(.deep, once: .whenSeen) },
      mistake("depth first from the right, seen", soon) {
        $0.visits(.deepFromRight, once: .whenSeen)
      },
      mistake("breadth first", soon) { $0.visits(.wide, once: .whenTaken) },
      mistake("depth first twice", once, isCommon: true) { $0.visits(.deep) },
      mistake("depth first twice from the right", once) { $0.visits(.deepFromRight) },
      mistake("breadth first twice", queue) { $0.visits(.wide) },
      mistake("depth first twice, common operands once", once) {
        $0.visits(.deep, distinct: true)
      },
      mistake("depth first twice from the right, common operands once", once) {
        $0.visits(.deepFromRight, distinct: true)
      },
      mistake("breadth first twice, common operands once", queue) {
        $0.visits(.wide, distinct: true)
      },
      mistake("list of paths", once) { $0.paths().reversed() },
      mistake("list of paths, common operands once", once) { $0.paths(distinct: true).reversed() },
    ]
  }

  /// Nodes that wait until as many have passed something on to them as use them.
  private static var counts: [Mistake<Backpropagation>] {
    [
      mistake(
        "waits for all",
        "some nodes passed nothing on, as they waited for a node that has no effect on f; count only "
          + "the uses by nodes that lead to the output"
      ) { task in task.counted(users: Array(task.graph.indices)) },
      mistake(
        "waits for twins",
        "a node that another uses twice waited for two, and passed nothing on; count each use in the "
          + "same way as you take it off"
      ) { $0.counted(users: $0.order, takesTwinsOffOnce: true) },
    ]
  }

  /// Recursions that go on to an operand as soon as it has got something.
  private static var recursions: [Mistake<Backpropagation>] {
    [
      Mistake(
        "recursion",
        "a node passed its gradient on each time that something came back to it, and what had arrived "
          + "before was counted again: visit each node only once, after all nodes that use it",
        isCommon: true
      ) { $0.steps = { $0.recursion(once: false) } },
      Mistake(
        "recursion, once",
        "a node passed its gradient on as soon as something came back to it, before all had arrived: "
          + "visit each node after all nodes that use it"
      ) { $0.steps = { $0.recursion(once: true) } },
    ]
  }
}

extension GraphTask {
  /// How a walk chooses the next of the nodes that it has reached.
  fileprivate enum Walk { case deep, deepFromRight, wide }

  /// When a node counts as visited, after which it is not visited again.
  fileprivate enum Once { case whenTaken, whenSeen }

  /// The steps of nodes that pass their gradients on to all their operands.
  func steps(through places: [Int]) -> [Backpropagation.Step] {
    places.flatMap { place in
      graph[place].operands.indices.map { Backpropagation.Step(place: place, operand: $0) }
    }
  }

  /// The nodes as a walk from the output reaches them.
  ///
  /// - Parameter distinct: Whether it goes to a node only once from a node that uses it twice.
  fileprivate func visits(_ walk: Walk, once: Once? = nil, distinct: Bool = false) -> [Int] {
    var (waiting, visits, seen) = ([output], [Int](), Set<Int>())
    while !waiting.isEmpty {
      let place = walk == .wide ? waiting.removeFirst() : waiting.removeLast()
      if once == .whenTaken, !seen.insert(place).inserted { continue }
      visits.append(place)
      let all = graph[place].operands
      let operands = (distinct && Set(all).count == 1 ? [all[0]] : all)
        .filter { once != .whenSeen || seen.insert($0).inserted }
      // The last of a stack comes first.
      waiting += walk == .deep ? operands.reversed() : operands
    }
    return visits
  }

  /// The nodes on each path to the output, each after its operands.
  fileprivate func paths(distinct: Bool = false) -> [Int] {
    func paths(_ place: Int) -> [Int] {
      let all = graph[place].operands
      return (distinct && Set(all).count == 1 ? [all[0]] : all).flatMap(paths) + [place]
    }
    return paths(output)
  }

  /// The nodes in the order in which the last of their uses is taken off their count.
  fileprivate func counted(
    users: [Int], takesTwinsOffOnce: Bool = false
  ) -> [Int] {
    var uses = [Int](repeating: 0, count: graph.count)
    for user in users {
      let all = graph[user].operands
      for operand in all { uses[operand] += 1 }
    }
    var (ready, visits) = ([output], [Int]())
    while let place = ready.popLast() {
      visits.append(place)
      let all = graph[place].operands
      for operand in takesTwinsOffOnce ? Array(Set(all)) : all {
        uses[operand] -= 1
        if uses[operand] == 0 { ready.append(operand) }
      }
    }
    return visits
  }

  /// The steps of a recursion that goes on to an operand at once.
  fileprivate func recursion(once: Bool) -> [Backpropagation.Step] {
    var (steps, seen) = ([Backpropagation.Step](), Set<Int>())
    func visit(_ place: Int) {
      guard seen.insert(place).inserted || !once else { return }
      for (index, operand) in graph[place].operands.enumerated() {
        steps.append(Backpropagation.Step(place: place, operand: index))
        visit(operand)
      }
    }
    visit(output)
    return steps
  }
}
