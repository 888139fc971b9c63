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
private struct LevelTask {
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
private func standardNormal(below t: Double) -> Double {
  0.5 + 0.5 * .erf(t / 2.0.squareRoot())
}

/// The probabilities of the levels, with the places where people go wrong.
private struct LevelProbabilities {
  var standardDeviation = StandardDeviation()
  /// The lower and the upper edge of a level.
  var edges: (_ level: Double) -> (lower: Double, upper: Double) = { ($0 / 16, ($0 + 1) / 16) }
  /// What Φ is taken of.
  var scaled: (_ edge: Double, _ mean: Double, _ sigma: Double) -> Double = { ($0 - $1) / $2 }
  var cumulative: (Double) -> Double = standardNormal
  /// Φ at −∞ and at ∞; nil for a level that ends at its edge.
  var lowest: Double? = 0
  var highest: Double? = 1
  /// The probability of a level, from Φ at its edges.
  var difference: (_ upper: Double, _ lower: Double) -> Double = { $0 - $1 }
  /// What stands for that, from the scaled edges, in all levels or in those that are not tails.
  var probability: ((_ t: (lower: Double, upper: Double), _ sigma: Double) -> Double)?
  var areTailsRight = true
  /// What is made of all of them.
  var finish: ([Double]) -> [Double] = { $0 }

  func callAsFunction(_ task: LevelTask) -> [Double] {
    let sigma = standardDeviation(task.logVariance)
    return finish(
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
          level == 15 ? highest ?? upper : upper, level == 0 ? lowest ?? lower : lower)
      })
  }

  static var mistakes: [Mistake<LevelProbabilities>] {
    tails + ofEdges + ofDistribution + densities + ofResult
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

  private static func edges(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ edges: @escaping (_ level: Double) -> (lower: Double, upper: Double)
  ) -> Mistake<LevelProbabilities> {
    Mistake(name, message, isCommon: isCommon) { $0.edges = edges }
  }

  private static var ofEdges: [Mistake<LevelProbabilities>] {
    let right = "level k goes from k/16 to (k + 1)/16"
    return [
      edges("around k/16", "the levels lie around k/16; \(right)", isCommon: true) {
        (($0 - 0.5) / 16, ($0 + 0.5) / 16)
      },
      edges("around k/15", "the levels lie around k/15, so that the last ends beyond 1; \(right)") {
        (($0 - 0.5) / 15, ($0 + 0.5) / 15)
      },
      edges("k/15", "the edges are k/15 and (k + 1)/15; \(right)") { ($0 / 15, ($0 + 1) / 15) },
      edges("one further", "the edges lie one level too high; \(right)") {
        (($0 + 1) / 16, ($0 + 2) / 16)
      },
      edges("one before", "the edges lie one level too low; \(right)") {
        (($0 - 1) / 16, $0 / 16)
      },
      edges("not scaled", "the edges are k and k + 1, as if white were 16; \(right)") {
        ($0, $0 + 1)
      },
      edges("256", "the edges are k/256 and (k + 1)/256, but there are 16 levels; \(right)") {
        ($0 / 256, ($0 + 1) / 256)
      },
      edges("half as wide", "the levels are half as wide as they should be; \(right)") {
        (($0 + 0.25) / 16, ($0 + 0.75) / 16)
      },
      edges("Int", "an Int divided by an Int is cut to a whole number; \(right)") {
        (($0 / 16).rounded(.down), (($0 + 1) / 16).rounded(.down))
      },
    ]
  }

  private static func cumulative(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ cumulative: @escaping (Double) -> Double
  ) -> Mistake<LevelProbabilities> {
    Mistake(name, message, isCommon: isCommon) { $0.cumulative = cumulative }
  }

  private static var ofDistribution: [Mistake<LevelProbabilities>] {
    [
      cumulative("no √2", "erf takes t/√2, not t: Φ(t) = ½ (1 + erf(t/√2))", isCommon: true) {
        0.5 + 0.5 * .erf($0)
      },
      cumulative("times √2", "erf takes t/√2, not t√2: Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + 0.5 * .erf($0 * 2.0.squareRoot())
      },
      cumulative("t/2", "erf takes t/√2, not t/2: Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + 0.5 * .erf($0 / 2)
      },
      Mistake("erf", "that is a difference of erf, which is twice that of Φ(t) = ½ (1 + erf(t/√2))")
      {
        $0.cumulative = { .erf($0 / 2.0.squareRoot()) }
        $0.lowest = -1
      },
      cumulative("erf between 0 and 1", "erf was taken for Φ; Φ(t) = ½ (1 + erf(t/√2))") {
        .erf($0 / 2.0.squareRoot())
      },
      cumulative("no ½", "the ½ is missing: Φ(t) = ½ (1 + erf(t/√2))") {
        1 + .erf($0 / 2.0.squareRoot())
      },
      cumulative("no 1", "½ erf(t/√2) lies between −½ and ½; Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 * .erf($0 / 2.0.squareRoot())
      },
      cumulative("½ of 1 alone", "the ½ belongs to both: Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + .erf($0 / 2.0.squareRoot())
      },
      cumulative("½ of erf alone", "the ½ belongs to both: Φ(t) = ½ (1 + erf(t/√2))") {
        1 + 0.5 * .erf($0 / 2.0.squareRoot())
      },
      cumulative("logistic", "that is the logistic function’s distribution; Φ is that of a normal")
      {
        .sigmoid($0)
      },
      cumulative("logistic of 1.702", "that is an approximation; Φ(t) = ½ (1 + erf(t/√2))") {
        .sigmoid(1.702 * $0)
      },
      cumulative("upper tail", "1 − Φ was taken for Φ: Φ(t) is the probability of less than t") {
        standardNormal(below: -$0)
      },
      Mistake("mean not subtracted", "the mean f is missing: Φ takes (edge − f)/σ") {
        $0.scaled = { edge, _, sigma in edge / sigma }
      },
      Mistake("mean added", "f was added to the edge; Φ takes (edge − f)/σ") {
        $0.scaled = { ($0 + $1) / $2 }
      },
      // exp(−½ log σ²) in place of σ comes to the same.
      Mistake(
        "times σ",
        "the distance from f was multiplied by σ, or σ has a wrong sign in its exponential; divide "
          + "by σ = exp(½ log σ²)"
      ) {
        $0.scaled = { ($0 - $1) * $2 }
      },
      Mistake("no brackets", "brackets are missing: Φ takes (edge − f)/σ, not edge − f/σ") {
        $0.scaled = { $0 - $1 / $2 }
      },
    ]
  }

  /// Densities in place of differences of Φ, in all levels or in those that are not tails.
  private static var densities: [Mistake<LevelProbabilities>] {
    func density(_ t: Double) -> Double { .exp(-t * t / 2) / (2 * .pi).squareRoot() }
    func mistakes(
      _ what: String, _ advice: String,
      _ value: @escaping (_ t: (lower: Double, upper: Double), _ sigma: Double) -> Double
    ) -> [Mistake<LevelProbabilities>] {
      [
        Mistake(what, "that is \(what)\(advice)") {
          $0.probability = value
          $0.areTailsRight = false
        },
        Mistake("\(what), between the tails", "between the tails, that is \(what)\(advice)") {
          $0.probability = value
        },
      ]
    }
    let places: [(name: String, place: (_ t: (lower: Double, upper: Double)) -> Double)] = [
      ("the middle", { ($0.lower + $0.upper) / 2 }), ("the lower edge", \.lower),
      ("the upper edge", \.upper),
    ]
    let integral = "; integrate it with Φ"
    return places.flatMap { name, place in
      let name = "the density at \(name) of the level"
      return mistakes("\(name) times its width", integral) { density(place($0)) / $1 / 16 }
        + mistakes(name, ", not a probability") { density(place($0)) / $1 }
        + mistakes("\(name) without its 1/σ, times the width", integral) { t, _ in
          density(place(t)) / 16
        }
        + mistakes("\(name) without its 1/σ", ", not a probability") { t, _ in density(place(t)) }
    }
  }

  private static var ofResult: [Mistake<LevelProbabilities>] {
    [
      Mistake("upper edge alone", "that is Φ at the upper edge; subtract Φ at the lower edge") {
        $0.difference = { upper, _ in upper }
      },
      Mistake("lower edge alone", "that is Φ at the lower edge; subtract it from Φ at the upper") {
        $0.difference = { _, lower in lower }
      },
      Mistake("exchanged", "the lower edge comes second: Φ(upper) − Φ(lower)", isCommon: true) {
        $0.difference = { $1 - $0 }
      },
      Mistake("sum", "Φ at the two edges was added; subtract") { $0.difference = { $0 + $1 } },
      Mistake("reversed", "the levels are in reverse order, or 1 − f stands in place of f") {
        $0.finish = { $0.reversed() }
      },
      Mistake("log", "those are the logarithms of the probabilities") {
        $0.finish = { $0.map(Double.log) }
      },
      Mistake("one in a thousand", "the exercise asks for the levels without one in a thousand") {
        $0.finish = { $0.map { 0.999 * $0 + 0.001 / 16 } }
      },
      Mistake("divided by the width", "that was divided by the width of a level, as a density is") {
        $0.finish = { $0.map { 16 * $0 } }
      },
    ]
  }
}
