import Autodiff
import Exercises
import Probability

extension RadiusMean {
  /// The integral computed on a grid, to an end that is too near or without the step, and rounded.
  static var grids: [Mistake<RadiusMean>] {
    let right = (Double.pi / 2).squareRoot()
    func integral(to end: Double) -> Double {
      right * (2 * Normal.standard.cumulativeProbability(upTo: end) - 1)
        - end * .exp(-end * end / 2)
    }
    let others: [(String, Double)] = [
      ("4/π was taken for the mean of ‖z‖, which is √(π/2)", 4 / Double.pi),
      ("⅔ is the mean length in a disk; here z is normal, and it is √(π/2)", 2.0 / 3),
      ("22/7 is not π; write Double.pi", (11.0 / 7).squareRoot()),
      ("log 2 was taken for the mean of ‖z‖, which is √(π/2)", .log(2)),
      ("√2 Γ(5/2) was taken for the mean of ‖z‖, which is √2 Γ(3/2)", 1.5 * right),
      ("the integral begins at 1; ρ = ‖z‖ begins at 0", right - integral(to: 1)),
    ]
    let cut = [2, 3].map { (largest: Double) in
      Mistake<RadiusMean>("at most \(largest)", "the radius was cut to at most \(Int(largest))") {
        $0.radius = { min(1 + $1 * $0, largest) }
      }
    }
    return cut
      + [1, 2, 3, 4, 5, 6].map { (end: Double) in
        Mistake("to \(end)", "the integral ends at ρ = \(Int(end)), too early; it goes to ∞") {
          $0.length = integral(to: end)
        }
      }
      + [10, 20, 50, 100, 200, 1000, 10_000].map { (count: Double) in
        Mistake("no step \(count)", "the sum over the grid was not multiplied by its spacing") {
          $0.length = right * count
        }
      }
      + [1.2533, 1.25331, 1.253314, 1.2533141].map { (rounded: Double) in
        Mistake("\(rounded)", "the mean of ‖z‖ was rounded to \(rounded); write √(π/2)") {
          $0.length = rounded
        }
      }
      + others.map { message, length in Mistake(message, message) { $0.length = length } }
  }
}
