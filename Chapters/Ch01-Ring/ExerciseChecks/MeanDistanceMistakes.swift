import Autodiff
import Exercises

extension MeanDistance {
  /// What can go wrong in a mean distance: in each operation from the innermost on.
  static func mistakes(of sets: Sets) -> [Mistake<MeanDistance>] {
    differences + totals + roots + resets + pairs(of: sets) + sums + divisors(of: sets)
  }

  /// What the points are called between which distances are taken, and their numbers.
  struct Sets {
    let first, second, n, m: String

    static let any = Sets(first: "the first sample", second: "the second sample", n: "n", m: "m")
    static let between = Sets(first: "X", second: "Y", n: "n", m: "m")
    static let within = Sets(first: "the sample", second: "the sample", n: "n", m: "n")
    static let withinX = Sets(first: "X", second: "X′", n: "n", m: "n")
    static let withinY = Sets(first: "Y", second: "Y′", n: "m", m: "m")
  }

  private static var differences: [Mistake<MeanDistance>] {
    let differences: [(String, (Double, Double) -> Double)] = [
      ("the points were added; a distance is the length of x − y", { $0 + $1 }),
      ("the coordinates were multiplied; the distance has their differences", { $0 * $1 }),
      ("the sizes of the coordinates were subtracted, |x| − |y|", { abs($0) - abs($1) }),
      (
        "in ‖x‖² + ‖y‖² − 2 x · y, the 2 is missing",
        { ($0 * $0 + $1 * $1 - $0 * $1).squareRoot() }
      ),
      (
        "in ‖x‖² + ‖y‖² − 2 x · y, the last term is missing",
        { ($0 * $0 + $1 * $1).squareRoot() }
      ),
      ("that is the length of the first point; subtract the second from it", { p, _ in p }),
      ("that is the length of the second point; subtract it from the first", { _, q in q }),
    ]
    return differences.map { message, difference in
      Mistake(message, message) { $0.difference = difference }
    }
  }

  private static var totals: [Mistake<MeanDistance>] {
    let totals: [(String, ([Double]) -> Double)] = [
      ("only the first coordinate enters the distance", { $0[0] }),
      ("only the last coordinate enters the distance", { $0.last ?? 0 }),
      (
        "only the first two coordinates enter the distance; d may be larger",
        { $0.prefix(2).reduce(0, +) }
      ),
      (
        "the first coordinate is left out of the distance (does a loop begin at 1?)",
        { $0.dropFirst().reduce(0, +) }
      ),
      (
        "the last coordinate is left out of the distance (does a loop end too early?)",
        { $0.dropLast().reduce(0, +) }
      ),
      (
        "the square of the first coordinate’s difference is added twice: begin the sum with 0, or "
          + "the loop at 1", { $0.reduce($0[0], +) }
      ),
      (
        "the square of the last coordinate’s difference is added twice",
        { $0.reduce($0.last ?? 0, +) }
      ),
      (
        "the squares of the coordinates were averaged; the distance has their sum",
        { $0.reduce(0, +) / Double($0.count) }
      ),
      (
        "the distance was divided by the number of coordinates; their squares are summed",
        { $0.reduce(0, +) / Double($0.count * $0.count) }
      ),
      (
        "the distance is the root of the sum of squares, not the largest difference",
        { $0.max() ?? 0 }
      ),
      (
        "that is the smallest difference of the coordinates; the distance has the sum of squares",
        { $0.min() ?? 0 }
      ),
      ("the squares were multiplied; add them up", { $0.reduce(1, *) }),
      (
        "the sum of squares begins at 1; begin it at 0",
        { $0.reduce(1, +) }
      ),
    ]
    return totals.map { message, total in Mistake(message, message) { $0.total = total } }
  }

  /// What concerns the squares and the root.
  private static var roots: [Mistake<MeanDistance>] {
    let guarded =
      "something small was added under the root; the distance of a point to itself is 0, and a "
      + "root of 0 is no problem here"
    return [
      Mistake(
        "squares",
        "the distances were squared; then only the distance between the means of the two samples "
          + "is left", isCommon: true
      ) { $0.root = { $0 } },
      Mistake("half square", "the distance is ‖x − y‖, not half of its square") {
        $0.root = { $0 / 2 }
      },
      Mistake(
        "sums of sizes", "the distance is the root of the sum of squares, not the sum of sizes"
      ) {
        $0.square = { abs($0) }
        $0.root = { $0 }
      },
      Mistake("root of the sizes", "absolute differences stand under the root; square them") {
        $0.square = { abs($0) }
      },
      Mistake("signs", "the differences were added with their signs; the distance is a length") {
        $0.square = { $0 }
        $0.root = { $0 }
      },
      Mistake("size of the sum", "the differences were added before they were squared") {
        $0.square = { $0 }
        $0.root = { abs($0) }
      },
      Mistake(
        "root of a sum with signs",
        "the differences were not squared, and the root of a negative sum is NaN"
      ) { $0.square = { $0 } },
      Mistake("doubled", "the differences were doubled in place of squared (2 * d for d * d)") {
        $0.square = { 2 * $0 }
      },
      Mistake("fourth powers", "the differences were squared twice") {
        $0.square = { $0 * $0 * $0 * $0 }
      },
      Mistake("root twice", "the root of the distance was taken once more") {
        $0.root = { $0.squareRoot().squareRoot() }
      },
      Mistake("cubed", "the distance was cubed, or multiplied by its square") {
        $0.root = { $0 * $0.squareRoot() }
      },
      Mistake("inverse", "that is 1 over the distance; at 0 it is infinite") {
        $0.root = { 1 / $0.squareRoot() }
      },
      Mistake(
        "log of the square", "that is the log of the square, and that of 0 is −∞; take the root"
      ) {
        $0.root = { .log($0) }
      },
      Mistake("rounded", "the distances were rounded to whole numbers") {
        $0.root = { $0.squareRoot().rounded() }
      },
      Mistake(
        "cut", "the distances were cut to whole numbers; is there an Int where Double belongs?"
      ) { $0.root = { $0.squareRoot().rounded(.towardZero) } },
      Mistake("at most 1", "the distances are limited to 1") {
        $0.root = { min($0.squareRoot(), 1) }
      },
      Mistake("after the mean", "the root was taken of the mean square, not of each square") {
        $0.root = { $0 }
        $0.finish = { $0.squareRoot() }
      },
    ]
      + [1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map { small in
        Mistake("\(small) under the root", guarded) { $0.root = { ($0 + small).squareRoot() } }
      }
      + [1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map { small in
        Mistake("\(small)", "\(small) was added to each distance, also where it is 0") {
          $0.root = { $0.squareRoot() + small }
        }
      }
  }

  private static var resets: [Mistake<MeanDistance>] {
    [
      Mistake(
        "never reset",
        "the sum of squares goes on from pair to pair; set it back to 0 for each pair"
      ) { $0.reset = .never },
      Mistake(
        "reset at each point",
        "the sum of squares goes on through the pairs of a point; set it back to 0 for each pair"
      ) { $0.reset = .point },
    ]
  }
}
