import Exercises
import Kernels

/// The mistakes in the edges of a level and in Φ.
extension LevelProbabilities {
  private static func edges(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ edges: @escaping (_ level: Double) -> (lower: Double, upper: Double)
  ) -> Mistake<LevelProbabilities> {
    Mistake(name, message, isCommon: isCommon) { $0.edges = edges }
  }

  static var ofEdges: [Mistake<LevelProbabilities>] {
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
      edges("upper edge by 15", "the level is 1/15 wide; \(right)") { ($0 / 16, $0 / 16 + 1 / 15) },
      edges("upper edge (k + 1)/15", "the upper edge is (k + 1)/15; \(right)") {
        ($0 / 16, ($0 + 1) / 15)
      },
      edges("twice as wide", "the levels are twice as wide as they should be; \(right)") {
        ($0 / 16, ($0 + 2) / 16)
      },
      edges(
        "a whole width on both sides",
        "the edges lie a whole width on either side of the middle, and not half of it; \(right)"
      ) { (($0 - 0.5) / 16, ($0 + 1.5) / 16) },
      edges("halves", "the upper edge is the middle of the level; \(right)") {
        ($0 / 16, ($0 + 0.5) / 16)
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

  static var ofDistribution: [Mistake<LevelProbabilities>] {
    [
      cumulative("no √2", "erf takes t/√2, not t: Φ(t) = ½ (1 + erf(t/√2))", isCommon: true) {
        0.5 + 0.5 * .erf($0)
      },
      cumulative("times √2", "erf takes t/√2, not t√2: Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + 0.5 * .erf($0 * 2.0.squareRoot())
      },
      cumulative("√(2π)", "erf takes t/√2, not t/√(2π): Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + 0.5 * .erf($0 / (2 * .pi).squareRoot())
      },
      cumulative("tanh", "that is an approximation by tanh; Φ(t) = ½ (1 + erf(t/√2))") {
        0.5 + 0.5 * .tanh((2 / .pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))
      },
      Mistake("f times 16", "f was multiplied by 16, but the edges are between 0 and 1") {
        $0.scaled = { ($0 - 16 * $1) / $2 }
      },
      Mistake("σ by 16", "σ was divided by 16, but the edges are between 0 and 1") {
        $0.scaled = { 16 * ($0 - $1) / $2 }
      },
      Mistake("σ times 16", "σ was multiplied by 16, but the edges are between 0 and 1") {
        $0.scaled = { ($0 - $1) / $2 / 16 }
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
  static var densities: [Mistake<LevelProbabilities>] {
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
    let normalized = places.map { name, place in
      Mistake<LevelProbabilities>(
        "\(name), normalised",
        "those are the densities at \(name) of each level, divided by their sum\(integral)"
      ) {
        $0.probability = { t, _ in density(place(t)) }
        $0.areTailsRight = false
        $0.finish = { all in all.map { $0 / all.reduce(0, +) } }
      }
    }
    let rules =
      mistakes("the mean of the densities at the edges times the width", integral) {
        (density($0.lower) + density($0.upper)) / 2 / $1 / 16
      }
      + mistakes("Simpson’s rule for the density", integral) {
        (density($0.lower) + 4 * density(($0.lower + $0.upper) / 2) + density($0.upper)) / 6 / $1
          / 16
      }
    return normalized + rules
      + places.flatMap { name, place in
        let name = "the density at \(name) of the level"
        return mistakes("\(name) times its width", integral) { density(place($0)) / $1 / 16 }
          + mistakes(name, ", not a probability") { density(place($0)) / $1 }
          + mistakes("\(name) without its 1/σ, times the width", integral) { t, _ in
            density(place(t)) / 16
          }
          + mistakes("\(name) without its 1/σ", ", not a probability") { t, _ in density(place(t)) }
      }
  }

  static var ofResult: [Mistake<LevelProbabilities>] {
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
