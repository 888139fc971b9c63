import Exercises
import Notebook

/// The mistakes in the tails and in all levels together.
extension LevelProbabilities {
  static var mistakes: [Mistake<LevelProbabilities>] {
    tails + tailLevels + wholes + floors + ofEdges + ofDistribution + densities + ofResult
      // Limits of log σ² are rare where no network computes it.
      + StandardDeviation.mistakes.without("reciprocal").filter {
        $0.name.allSatisfy { !$0.isNumber }
      }
      .within(\.standardDeviation)
  }

  private static var tails: [Mistake<LevelProbabilities>] {
    let below = "all values below 0 belong to level 0, whose lower edge is −∞"
    let above = "all values above 1 belong to level 15, whose upper edge is ∞"
    return [
      Mistake("no tails", "the tails are missing: \(below), and \(above)", isCommon: true) {
        $0.lowest = nil
        $0.highest = nil
      },
      Mistake("no lower tail", "a tail is missing: \(below)") { $0.lowest = nil },
      Mistake("no upper tail", "a tail is missing: \(above)") { $0.highest = nil },
      Mistake(
        "normalised",
        "the tails are missing, and all was divided by the sum: \(below), and \(above)"
      ) {
        $0.lowest = nil
        $0.highest = nil
        $0.finish = { all in all.map { $0 / all.reduce(0, +) } }
      },
      Mistake("tails exchanged", "the tails are exchanged: \(below), and \(above)") {
        $0.lowest = 1
        $0.highest = 0
      },
    ]
  }

  /// Tails at other levels.
  private static var tailLevels: [Mistake<LevelProbabilities>] {
    let places = "Φ is 0 at the lower edge of level 0 and 1 at the upper edge of level 15"
    return [(1, 15), (0, 14), (1, 14), (15, 0), (1, 16), (-1, 14)].map { lowest, highest in
      Mistake("tails at \(lowest) and \(highest)", "a tail is at a wrong level: \(places)") {
        $0.tailLevels = (lowest, highest)
      }
    }
  }

  /// What the tails make of all levels together: all of Φ, from the levels without tails.
  private static var wholes: [Mistake<LevelProbabilities>] {
    func mistake(
      _ name: String, _ message: String,
      _ change: @escaping (_ all: inout [Double], _ below: Double, _ above: Double) -> Void
    ) -> Mistake<LevelProbabilities> {
      Mistake(name, message) { $0.change = change }
    }
    return [
      mistake("lower tail twice", "the values below 0 count twice in level 0") { all, below, _ in
        all[0] += below
      },
      mistake("upper tail twice", "the values above 1 count twice in level 15") { all, _, above in
        all[15] += above
      },
      mistake("tails twice", "the values below 0 and above 1 count twice") { all, below, above in
        all[0] += below
        all[15] += above
      },
      mistake("tails in level 15", "the values below 0 belong to level 0; level 15 has them here") {
        all, below, _ in
        all[0] -= below
        all[15] += below
      },
      mistake("tails in level 0", "the values above 1 belong to level 15; level 0 has them here") {
        all, _, above in
        all[0] += above
        all[15] -= above
      },
      mistake("tails exchanged between levels", "levels 0 and 15 have each other’s tails") {
        all, below, above in
        all[0] += above - below
        all[15] += below - above
      },
      mistake("above alone", "level 15 has the values above 1 alone; it begins at 15/16") {
        all, _, above in all[15] = above
      },
      mistake("below alone", "level 0 has the values below 0 alone; it ends at 1/16") {
        all, below, _ in all[0] = below
      },
      mistake("tails alone", "levels 0 and 15 have the tails alone; each has its 1/16 as well") {
        all, below, above in
        all[0] = below
        all[15] = above
      },
      mistake(
        "one level too few subtracted",
        "level 15 is 1 minus the sum of only the first 14 levels; subtract all 15"
      ) { all, _, _ in all[15] += all[14] },
      mistake(
        "less the last probability",
        "the probability of the level before is subtracted; subtract Φ at the lower edge"
      ) { all, _, _ in
        var sum = 0.0
        var last = 0.0
        for level in all.indices {
          sum += all[level]
          last = sum - last
          all[level] = last
        }
      },
    ]
  }

  /// Limits and numbers that are to keep a probability away from 0.
  private static var floors: [Mistake<LevelProbabilities>] {
    [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].flatMap {
      (small: Double) -> [Mistake<LevelProbabilities>] in
      let number = formatted(small, digits: 1)
      return [
        Mistake(
          "at least \(small)", "no level has less than \(number); take the difference as it is"
        ) { $0.finish = { all in all.map { max($0, small) } } },
        Mistake(
          "plus \(small)", "\(number) is added to each probability; take the difference alone"
        ) { $0.finish = { all in all.map { $0 + small } } },
      ]
    }
  }
}
