import Exercises
import Notebook
import Probability

/// The mistakes in the distances.
extension NearestDistances {
  static var mistakes: [Mistake<NearestDistances>] {
    ofDistances + ofScales + ofChoices + [
      combined("farthest", "those are the distances from the farthest example; take the nearest") {
        $0.max()!
      },
      combined("mean", "those are the mean distances from all examples; take the smallest") {
        mean($0)
      },
      combined("sum", "those are the sums over all examples; take the smallest") {
        $0.reduce(0, +)
      },
      combined(
        "first",
        "those are the distances from the first example; look at all, and set the count back to 0 "
          + "for each"
      ) { $0[0] },
      combined("last", "those are the distances from the last example; look at all") { $0.last! },
      combined("index", "those are the numbers of the nearest examples; return the distances") {
        Double($0.firstIndex(of: $0.min()!)!)
      },
      combined("from 0", "the smallest starts at 0, so nothing is smaller; start at the first or ∞")
      {
        min(0, $0.min()!)
      },
      combined("second", "those are the second smallest distances; none is to be left out") {
        $0.sorted()[1]
      },
      Mistake("no first", "the first example is left out; does a loop begin too late?") {
        $0.examples = { Array($0.dropFirst()) }
      },
      Mistake("no last", "the last example is left out; does a loop end too early?") {
        $0.examples = { Array($0.dropLast()) }
      },
      Mistake("smallest so far", "the smallest goes on from sample to sample; start anew for each")
      {
        $0.finish = { all in all.indices.map { all[...$0].min()! } }
      },
      Mistake("smallest of all", "that is the smallest distance of all samples; give each its own")
      {
        $0.finish = { all in all.map { _ in all.min()! } }
      },
      Mistake(
        "for each example",
        "those are the distances of each example from the nearest sample; it is the other way round"
      ) { $0.isReversed = true },
      Mistake("running sum", "the count is not set back to 0 for each sample") {
        $0.finish = { all in all.indices.map { all[...$0].reduce(0, +) } }
      },
    ]
  }

  private static func combined(
    _ name: String, _ message: String, _ combined: @escaping ([Double]) -> Double
  ) -> Mistake<NearestDistances> {
    Mistake(name, message) { $0.combined = combined }
  }

  /// What the distances are divided by.
  private static var ofScales: [Mistake<NearestDistances>] {
    func white(_ image: [Double]) -> Double { max(image.reduce(0, +), 1) }
    func both(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { max($0, $1) } }
    let number = "return the number of pixels that differ"
    return [
      Mistake(
        "white in the sample", "the distance is divided by the sample’s white pixels; \(number)"
      ) { $0.scaled = { distance, sample, _ in distance / white(sample) } },
      Mistake(
        "white in the example", "the distance is divided by the example’s white pixels; \(number)"
      ) { $0.scaled = { distance, _, example in distance / white(example) } },
      Mistake(
        "Jaccard",
        "that is Jaccard’s distance: it is divided by the pixels that are white; \(number)"
      ) { $0.scaled = { distance, sample, example in distance / white(both(sample, example)) } },
      Mistake("half", "the distance is halved; \(number)") {
        $0.scaled = { distance, _, _ in distance / 2 }
      },
      Mistake("square", "the distance is squared; \(number)") {
        $0.scaled = { distance, _, _ in distance * distance }
      },
    ]
  }

  /// Which example is taken, and what is returned of it.
  private static var ofChoices: [Mistake<NearestDistances>] {
    func at(
      _ name: String, _ message: String, _ combined: @escaping ([Double], Int) -> Double
    ) -> Mistake<NearestDistances> {
      Mistake(name, message) { $0.combinedAt = combined }
    }
    return [
      combined(
        "not itself",
        "an example with the distance 0 is left out; a sample that is an example has the distance 0"
      ) { $0.filter { $0 > 0 }.min() ?? .infinity },
      combined(
        "last of the nearest", "those are the numbers of the nearest examples; return the distances"
      ) { Double($0.lastIndex(of: $0.min()!)!) },
      combined(
        "index and 1",
        "those are the numbers of the nearest examples, from 1; return the distances"
      ) { Double($0.firstIndex(of: $0.min()!)! + 1) },
      combined(
        "index of the farthest",
        "those are the numbers of the farthest examples; return the "
          + "distances from the nearest"
      ) { Double($0.firstIndex(of: $0.max()!)!) },
      combined("median", "those are the median distances; take the smallest") {
        $0.sorted()[$0.count / 2]
      },
      at("paired", "sample i is compared with example i alone; compare it with all examples") {
        $0[min($1, $0.count - 1)]
      },
      at("not paired", "example i is left out for sample i; compare it with all examples") {
        distances, index in
        distances.indices.filter { $0 != index }.map { distances[$0] }.min() ?? .infinity
      },
      at("up to its own", "only the examples up to number i are looked at for sample i") {
        $0.prefix($1 + 1).min()!
      },
      at("from its own", "the examples before number i are left out for sample i") {
        $0.dropFirst(min($1, $0.count - 1)).min()!
      },
    ]
      + [1.0, 2, 3].map { (start: Double) in
        combined(
          "from \(start)",
          "the smallest starts at \(formatted(start, decimals: 0)), so larger distances are lost; "
            + "start at the first or ∞"
        ) { min(start, $0.min()!) }
      } + [
        Mistake(
          "from half", "the smallest starts at half of the pixels, so larger distances are lost"
        ) { $0.distance = { min($0, Double($1) / 2) } }
      ]
  }

  private static var ofDistances: [Mistake<NearestDistances>] {
    [
      Mistake("same pixels", "those count the pixels that are the same; count those that differ") {
        $0.pixel = { 1 - abs($0 - $1) }
      },
      Mistake("most same pixels", "those count the same pixels; count those that differ") {
        $0.pixel = { 1 - abs($0 - $1) }
        $0.combined = { $0.max()! }
      },
      Mistake("differences", "the differences were added with their signs, and cancel") {
        $0.pixel = { $0 - $1 }
      },
      Mistake("absolute sum", "the differences cancel before their absolute value is taken") {
        $0.pixel = { $0 - $1 }
        $0.distance = { sum, _ in abs(sum) }
      },
      Mistake("root", "that is the root of the number of pixels that differ; return the number") {
        $0.distance = { sum, _ in sum.squareRoot() }
      },
      Mistake("share", "that is the share of the pixels that differ; return their number") {
        $0.distance = { $0 / Double($1) }
      },
      Mistake(
        "new white", "pixels that are white in the example alone do not count; they differ, too"
      ) {
        $0.pixel = { max($0 - $1, 0) }
      },
      Mistake(
        "new black", "pixels that are white in the sample alone do not count; they differ, too"
      ) {
        $0.pixel = { max($1 - $0, 0) }
      },
      Mistake(
        "either", "those count the pixels that are white in one or both; count those that differ"
      ) {
        $0.pixel = { max($0, $1) }
      },
      Mistake("not both white", "pixels that are black in both count, and do not differ") {
        $0.pixel = { 1 - $0 * $1 }
      },
      Mistake("product", "the pixels were multiplied, which counts those that are white in both") {
        $0.pixel = { $0 * $1 }
      },
    ]
  }
}
