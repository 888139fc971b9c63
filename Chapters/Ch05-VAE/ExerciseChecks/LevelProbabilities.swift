import Autodiff
import Calculations
import Exercises
import Kernels

extension Checks {
  static func levelProbabilities(
    _ answer: @escaping (_ mean: Double, _ logVariance: Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<LevelTask, [Double]>(
      of: { try answer($0.mean, $0.logVariance) }, elements: (0..<16).map { "level \($0)" }
    ) { LevelProbabilities()($0) }
    comparison.ask(
      "f = 0.5 and log σ² = -2 log 16", LevelTask(mean: 0.5, logVariance: -2 * .log(16)))
    for (mean, logVariance) in [(1.1, -2.0), (-0.3, -3.5), (0.3, -1), (0.85, -5), (0.4, 0.6)] {
      comparison.ask(
        "f = \(exact(mean)) and log σ² = \(exact(logVariance))",
        LevelTask(mean: mean, logVariance: logVariance))
    }
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.recognize(LevelProbabilities.mistakes, in: LevelProbabilities()) { $1($0) }
    comparison.calculation { task in
      let inner = task.cumulative(ofEdges: (1...15).map { Double($0) }, named: "edge")
      return .list([inner, 1]) - .list([0, inner])
    }
    comparison.calculation { task in
      let upper = task.cumulative(ofEdges: (0...14).map { Double($0) }, plus: 1, named: "upper")
      let lower = task.cumulative(ofEdges: (1...15).map { Double($0) }, named: "lower")
      return .list([upper, 1]) - .list([0, lower])
    }
    return Exercise(
      "level-probabilities", "The sixteen grey levels of a pixel under a Gaussian decoder",
      minutes: 15,
      hints: [
        "Φ(t) is the probability of a standard normal number below t. First turn the edge of a "
          + "level into such a t: how many σ is it above f?",
        "Level k has Φ(upper) − Φ(lower). Which of the two is 0 or 1 for the first and the last "
          + "level?",
      ], comparison)
  }
}

/// The input of the exercise on grey levels.
struct LevelTask {
  var mean: Double
  var logVariance: Double

  /// Φ at the edges of levels.
  func cumulative(
    ofEdges levels: [Double], plus shift: Calculation? = nil, named name: String
  ) -> Calculation {
    let sigma = exp(0.5 * .argument("logVariance", logVariance)).named("σ")
    let level = Calculation.argument("k", Tensor(levels))
    let edge = ((shift.map { level + $0 } ?? level) / 16).named(name)
    let t = (edge - .argument("mean", mean)) / sigma
    return (0.5 * (1 + erf(t.named("t") / sqrt(2)))).named("Φ(\(name))")
  }
}

/// Φ, the probability of a standard normal number below t.
func standardNormal(below t: Double) -> Double {
  0.5 + 0.5 * .erf(t / 2.0.squareRoot())
}

/// The probabilities of the levels, with the places where people go wrong.
struct LevelProbabilities {
  var standardDeviation = StandardDeviation()
  /// The lower and the upper edge of a level.
  var edges: (_ level: Double) -> (lower: Double, upper: Double) = { ($0 / 16, ($0 + 1) / 16) }
  /// What Φ is taken of.
  var scaled: (_ edge: Double, _ mean: Double, _ sigma: Double) -> Double = { ($0 - $1) / $2 }
  var cumulative: (Double) -> Double = standardNormal
  /// Φ at −∞ and at ∞; nil for a level that ends at its edge.
  var lowest: Double? = 0
  var highest: Double? = 1
  /// The levels that have the tails.
  var tailLevels = (lowest: 0, highest: 15)
  /// The probability of a level, from Φ at its edges.
  var difference: (_ upper: Double, _ lower: Double) -> Double = { $0 - $1 }
  /// What stands for that, from the scaled edges, in all levels or in those that are not tails.
  var probability: ((_ t: (lower: Double, upper: Double), _ sigma: Double) -> Double)?
  var areTailsRight = true
  /// What the tails, Φ(−f/σ) and 1 − Φ((1 − f)/σ), change.
  var change: (_ all: inout [Double], _ below: Double, _ above: Double) -> Void = { _, _, _ in }
  /// What is made of all of them.
  var finish: ([Double]) -> [Double] = { $0 }

  func callAsFunction(_ task: LevelTask) -> [Double] {
    let sigma = standardDeviation(task.logVariance)
    var all =
      (0..<16).map { level in
        let edges = edges(Double(level))
        let t = (
          lower: scaled(edges.lower, task.mean, sigma), upper: scaled(edges.upper, task.mean, sigma)
        )
        if let probability, !areTailsRight || (1...14).contains(level) {
          return probability(t, sigma)
        }
        let (lower, upper) = (cumulative(t.lower), cumulative(t.upper))
        return difference(
          level == tailLevels.highest ? highest ?? upper : upper,
          level == tailLevels.lowest ? lowest ?? lower : lower)
      }
    let above = 1 - cumulative(scaled(1, task.mean, sigma))
    change(&all, cumulative(scaled(0, task.mean, sigma)), above)
    return finish(all)
  }
}
