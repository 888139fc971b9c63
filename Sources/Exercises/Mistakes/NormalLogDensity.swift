import Autodiff

/// The log density of a normal distribution with independent components: the sum of
/// −½ log 2π − ½ log σ² − ½ (x − μ)²/σ² over them, and where people go wrong in it.
public struct NormalLogDensity {
  /// What each component's scale is given by.
  public enum Scale {
    /// By the standard deviation σ.
    case standardDeviation
    /// By the log variance, log σ².
    case logVariance
  }

  /// What the scale is given by.
  public let scale: Scale
  /// log 2π, of each component.
  public var constant = Double.log(2 * .pi)
  /// log σ², from the scale.
  public var logVariance: (Double) -> Double
  /// σ², from the scale.
  public var variance: (Double) -> Double
  /// What takes the place of the deviations x − μ.
  public var deviations: ([Double]) -> [Double] = { $0 }
  /// (x − μ)², from x − μ.
  public var square: (Double) -> Double = { $0 * $0 }
  /// What log 2π, log σ² and the squared deviation are multiplied by.
  public var constantFactor = -0.5
  /// What log σ² is multiplied by.
  public var logVarianceFactor = -0.5
  /// What the squared deviation over σ² is multiplied by.
  public var squareFactor = -0.5
  /// A term of a component that takes the place of all this.
  public var term: ((_ squareOverVariance: Double, _ logVariance: Double) -> Double)?
  /// What is done with the terms of the components.
  public var total: ([Double]) -> Double = { $0.reduce(0, +) }
  /// How often the first of n components' normalisation counts.
  public var normalisationCount: (_ n: Double) -> Double = { $0 }
  /// What the result is multiplied by.
  public var factor = 1.0

  /// The right formula.
  public init(_ scale: Scale) {
    self.scale = scale
    logVariance = scale == .logVariance ? { $0 } : { 2 * .log($0) }
    variance = scale == .logVariance ? { .exp($0) } : { $0 * $0 }
  }

  /// The log density, with a scale for each component.
  public func callAsFunction(_ x: [Double], mean: [Double], scales: [Double]) -> Double {
    let share = normalisationCount(Double(x.count)) / Double(x.count)
    let deviations = deviations(zip(x, mean).map { $0 - $1 })
    return factor
      * total(
        x.indices.map { j in
          if let term {
            return term(square(deviations[j]) / variance(scales[j]), logVariance(scales[j]))
          }
          return share * (constantFactor * constant + logVarianceFactor * logVariance(scales[j]))
            + squareFactor * square(deviations[j]) / variance(scales[j])
        })
  }

  /// What can go wrong in it.
  ///
  /// - Parameters:
  ///   - scale: What the scale of a component is given by.
  ///   - components: What the components are called: "pixels".
  public static func mistakes(
    _ scale: Scale, of components: String
  ) -> [Mistake<NormalLogDensity>] {
    mistakesOfTheWhole(components) + mistakesOfTheNormalisation(components) + mistakesOfTheSquare
      + (scale == .logVariance ? mistakesOfTheLogVariance : mistakesOfSigma + bracketMistakes)
      + floorMistakes
  }

  private static func mistakesOfTheWhole(_ components: String) -> [Mistake<NormalLogDensity>] {
    [
      Mistake(
        "mean", "that is the mean over the \(components); a log density is their sum",
        isCommon: true
      ) { $0.total = { $0.reduce(0, +) / Double($0.count) } },
      Mistake(
        "loss",
        "that is minus the log density, as in a loss; the exercise asks for the log density",
        isCommon: true
      ) { $0.factor = -1 },
      Mistake("no log", "that is the density; the exercise asks for its logarithm") {
        $0.total = { .exp($0.reduce(0, +)) }
      },
      Mistake("log2", "that is in bits; take the natural logarithm to get nats") {
        $0.factor = 1 / .log(2)
      },
      Mistake(
        "log of each density",
        "the density became 0 before its log was taken; the logarithm of e^a is a"
      ) { $0.total = { $0.reduce(0) { $0 + .log(.exp($1)) } } },
      Mistake(
        "log of the product",
        "the product of the densities became 0 before its log was taken; add up log densities"
      ) { $0.total = { .log($0.reduce(1) { $0 * .exp($1) }) } },
      Mistake("sum of densities", "the densities were added up, not their logarithms") {
        $0.total = { .log($0.reduce(0) { $0 + .exp($1) }) }
      },
      Mistake(
        "sum of densities, no log", "the densities were added up, and no logarithm was taken"
      ) { $0.total = { $0.reduce(0) { $0 + .exp($1) } } },
      Mistake("product of logs", "the log densities were multiplied; logarithms are added") {
        $0.total = { $0.reduce(1, *) }
      },
    ]
      + PartialSum.all(of: components).map { part in
        Mistake(part.name, part.message) { $0.total = { part.sum($0) } }
      }
  }

  private static func mistakesOfTheNormalisation(
    _ components: String
  ) -> [Mistake<NormalLogDensity>] {
    let each = "one for each of the \(components)"
    return [
      Mistake("no 2π", "−½ log 2π is missing, \(each)", isCommon: true) { $0.constant = 0 },
      Mistake("no σ", "−½ log σ² is missing, \(each)", isCommon: true) {
        $0.logVarianceFactor = 0
      },
      Mistake(
        "no normalisation",
        "−½ log(2πσ²) is missing, \(each); it makes the density integrate to 1, and it depends on σ"
      ) {
        $0.constant = 0
        $0.logVarianceFactor = 0
      },
      Mistake("once", "−½ log(2πσ²) was counted only once; there is \(each)", isCommon: true) {
        $0.normalisationCount = { _ in 1 }
      },
      Mistake(
        "whole n/2",
        "half the number of \(components) was computed with whole numbers; write `Double(n) / 2`"
      ) { $0.normalisationCount = { 2 * ($0 / 2).rounded(.down) } },
      Mistake("2π once", "−½ log 2π was counted only once; there is \(each)") {
        $0.constantFactor = 0
        let right = $0.total
        $0.total = { right($0) - 0.5 * .log(2 * .pi) }
      },
      Mistake("no half of the log", "log(2πσ²) lacks its factor ½", isCommon: true) {
        $0.constantFactor = -1
        $0.logVarianceFactor = -1
      },
      Mistake("no half of log 2π", "log 2π lacks its factor ½; is the 2π under the root?") {
        $0.constantFactor = -1
      },
      Mistake("no half of log σ²", "log σ² lacks its factor ½") { $0.logVarianceFactor = -1 },
      Mistake("plus the log", "½ log(2πσ²) was added; it has to be subtracted") {
        $0.constantFactor = 0.5
        $0.logVarianceFactor = 0.5
      },
      Mistake("plus 2π", "½ log 2π was added; it has to be subtracted") { $0.constantFactor = 0.5 },
      Mistake("plus σ", "½ log σ² was added; it has to be subtracted", isCommon: true) {
        $0.logVarianceFactor = 0.5
      },
      Mistake("π", "2π became π; the normalisation of a density is −½ log(2πσ²)") {
        $0.constant = .log(.pi)
      },
      Mistake("2 log π", "log 2π was taken as 2 log π; it is log 2 + log π") {
        $0.constant = 2 * .log(.pi)
      },
      Mistake("2π, no log", "2π was subtracted without its log; the term is −½ log(2πσ²)") {
        $0.constant = 2 * .pi
      },
      Mistake("log2 of the first", "log2 was taken of 2πσ²; the natural logarithm is `log`") {
        $0.constantFactor /= .log(2)
        $0.logVarianceFactor /= .log(2)
      },
      Mistake("log10 of the first", "log10 was taken of 2πσ²; the natural logarithm is `log`") {
        $0.constantFactor /= .log(10)
        $0.logVarianceFactor /= .log(10)
      },
    ]
  }

  private static var mistakesOfTheSquare: [Mistake<NormalLogDensity>] {
    [
      Mistake(
        "no half of the square", "the squared deviation was divided by σ², not by 2σ²",
        isCommon: true
      ) { $0.squareFactor = -1 },
      Mistake(
        "quarter", "the squared deviation was halved twice: it is divided by 2σ² in all",
        isCommon: true
      ) { $0.squareFactor = -0.25 },
      Mistake("no square term", "(x − μ)²/(2σ²) is missing") { $0.squareFactor = 0 },
      Mistake("plus the square", "the squared deviation was added; it has to be subtracted") {
        $0.squareFactor = 0.5
      },
      Mistake("not squared", "the deviation was not squared") { $0.square = { $0 } },
      Mistake("absolute", "the absolute deviation was used; square it") { $0.square = { abs($0) } },
      Mistake("times σ²", "(x − μ)² was multiplied by σ², not divided: write `/ (2 * s * s)`") {
        let variance = $0.variance
        $0.variance = { 1 / variance($0) }
      },
      Mistake("σ left out", "the squared deviation was not divided by σ²") {
        $0.variance = { _ in 1 }
      },
    ]
  }
}
