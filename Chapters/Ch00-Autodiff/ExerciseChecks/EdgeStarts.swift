import Exercises

extension EdgeWalk {
  /// Wrong beginnings, and wrong ends.
  static func starts(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let one = backwards ? "the last number" : "the input"
    let given = Mistake<EdgeWalk>(
      "every input, and the given one",
      "besides the given place, every place that no edge leads to began with 1"
    ) { walk in
      walk.start = { task, place in
        (0..<task.count).map { other in
          other == place || !task.edges.contains { $0.to == other } ? 1 : 0
        }
      }
    }
    return [
      Mistake(
        "no seed", "everything is 0: the derivative of \(one) with respect to itself is 1"
      ) { $0.start = { task, _ in Array(repeating: 0, count: task.count) } },
      Mistake("all ones", "every place began with 1; only that of \(one) should, the others with 0")
      { $0.start = { task, _ in Array(repeating: 1, count: task.count) } },
      Mistake("seed lost", "\(one) has the derivative 1 with respect to itself, but you return 0") {
        $0.end = { derivatives, _, place in
          derivatives.enumerated().map { $0 == place ? 0 : $1 }
        }
      },
      Mistake("inputs only", "only the inputs have a derivative; return those of all places") {
        $0.end = { derivatives, task, _ in
          derivatives.enumerated().map { place, derivative in
            task.edges.contains { $0.to == place } ? 0 : derivative
          }
        }
      },
      Mistake("place as seed", "the beginning is the place itself; the derivative there is 1") {
        $0.start = { task, place in (0..<task.count).map { $0 == place ? Double(place) : 0 } }
      },
      Mistake(
        "ones up to there", "all places up to \(one) began with 1; only that of \(one) should"
      ) {
        $0.start = { task, place in (0..<task.count).map { $0 <= place ? 1 : 0 } }
      },
      Mistake(
        "ones from there", "all places from \(one) on began with 1; only that of \(one) should"
      ) {
        $0.start = { task, place in (0..<task.count).map { $0 >= place ? 1 : 0 } }
      },
      Mistake(
        "nothing followed",
        "only the 1 of the beginning is there: nothing was passed on. Each edge should read the "
          + "number at its \(backwards ? "result" : "operand") and add to the one at its "
          + (backwards ? "operand" : "result")
      ) { $0.edges = { _, _ in [] } },
      Mistake("wrong way", "operand and result of each edge are exchanged", isCommon: true) {
        $0.isRightWayRound = false
      },
      Mistake(
        "first place", "the 1 of the beginning always stands at place 0; it belongs to \(one)"
      ) { $0.place = { _, _ in 0 } },
      backwards
        ? Mistake(
          "place before", "the 1 of the beginning stands one place too early; the last is count − 1"
        ) { $0.place = { task, _ in task.count - 2 } }
        : Mistake("last place", "the 1 of the beginning stands at the last place, not the input's")
        {
          $0.place = { task, _ in task.count - 1 }
        },
      Mistake(
        backwards ? "every output" : "every input",
        backwards
          ? "every number that leads nowhere began with 1; only the last number should"
          : "every input began with 1; only the given one should"
      ) { walk in
        walk.start = { task, _ in
          (0..<task.count).map { other in
            let isEnd = !task.edges.contains { (backwards ? $0.from : $0.to) == other }
            return isEnd ? 1 : 0
          }
        }
      },
    ] + (backwards ? [] : [given])
  }

  /// The right numbers, changed in the end.
  private static func ends(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    func mistake(
      _ name: String, _ message: String, _ end: @escaping ([Double]) -> [Double]
    ) -> Mistake<EdgeWalk> {
      Mistake(name, message) { walk in walk.end = { all, _, _ in end(all) } }
    }
    return [
      mistake("early", "each number stands one place too early; places count from 0") {
        Array($0.dropFirst()) + [0]
      },
      mistake("late", "each number stands one place too late; places count from 0") {
        [0] + $0.dropLast()
      },
      mistake("by the largest", "the numbers were divided by the largest of them") { all in
        all.map { number in number / (all.map { abs($0) }.max() ?? 1) }
      },
      mistake("by the sum", "the numbers were divided by their sum") { all in
        all.map { $0 / all.reduce(0, +) }
      },
    ]
  }

  /// Other numbers, or another place, to begin with.
  static func seeds(_ backwards: Bool) -> [Mistake<EdgeWalk>] {
    let shifts = backwards ? [] : [(-1, "early"), (1, "late")]
    return shifts.map { shift, word in
      Mistake(
        "place \(shift)", "the 1 of the beginning stands one place too \(word); places count from 0"
      ) { walk in
        walk.start = { task, place in
          (0..<task.count).map { $0 == place + shift ? 1 : 0 }
        }
      }
    } + ends(backwards) + [
      Mistake("count as seed", "the beginning is the number of places; the derivative there is 1") {
        $0.start = { task, place in (0..<task.count).map { $0 == place ? Double(task.count) : 0 } }
      },
      Mistake("−1 as seed", "the beginning is −1; the derivative of a number by itself is 1") {
        $0.start = { task, place in (0..<task.count).map { $0 == place ? -1 : 0 } }
      },
    ]
  }
}
