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
  /// (x − μ)², from x − μ.
  public var square: (Double) -> Double = { $0 * $0 }
  /// What log 2π, log σ² and the squared deviation are multiplied by.
  public var constantFactor = -0.5
  /// What log σ² is multiplied by.
  public var logVarianceFactor = -0.5
  /// What the squared deviation over σ² is multiplied by.
  public var squareFactor = -0.5
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
    return factor
      * total(
        x.indices.map { j in
          let deviation = x[j] - mean[j]
          return share * (constantFactor * constant + logVarianceFactor * logVariance(scales[j]))
            + squareFactor * square(deviation) / variance(scales[j])
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
      + (scale == .logVariance ? mistakesOfTheLogVariance : mistakesOfSigma) + floorMistakes
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
      Mistake("product of logs", "the log densities were multiplied; logarithms are added") {
        $0.total = { $0.reduce(1, *) }
      },
    ]
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

  private static var mistakesOfSigma: [Mistake<NormalLogDensity>] {
    [
      Mistake("σ for σ²", "σ stands where its square, the variance, belongs", isCommon: true) {
        $0.logVariance = { .log($0) }
        $0.variance = { $0 }
      },
      Mistake(
        "σ in the log", "in the log, σ stands in place of σ²; −½ log σ² is −log σ", isCommon: true
      ) { $0.logVariance = { .log($0) } },
      Mistake("σ in the square", "the squared deviation was divided by 2σ, not by 2σ²") {
        $0.variance = { $0 }
      },
      Mistake("σ⁴", "the squared deviation was divided by the square of σ²") {
        $0.variance = { $0 * $0 * $0 * $0 }
      },
      Mistake("σ, no log", "σ was subtracted without its log; −½ log σ² is −log σ") {
        $0.logVariance = { 2 * $0 }
      },
      Mistake("½σ, no log", "½σ was subtracted; the term is −½ log σ²") {
        $0.logVariance = { $0 }
      },
      Mistake("σ², no log", "½σ² was subtracted without its log; the term is −½ log σ²") {
        $0.logVariance = { $0 * $0 }
      },
      Mistake("whole σ², no log", "σ² was subtracted without its log; the term is −½ log σ²") {
        $0.logVariance = { 2 * $0 * $0 }
      },
      Mistake("square of the log", "the log of σ was squared; log σ² is 2 log σ") {
        $0.logVariance = { .log($0) * .log($0) }
      },
      Mistake("no log at all", "2πσ² was used without its log; the term is −½ log(2πσ²)") {
        $0.constant = 0
        $0.logVariance = { 2 * .pi * $0 * $0 }
      },
      Mistake("log of 2π only", "log 2π was multiplied by σ²; σ² belongs inside the log") {
        $0.constant = 0
        $0.logVariance = { .log(2 * .pi) * $0 * $0 }
      },
      Mistake("2π added", "2π was added to σ² inside the log; it multiplies σ²") {
        $0.constant = 0
        $0.logVariance = { .log(2 * .pi + $0 * $0) }
      },
      Mistake("σ as a log variance", "σ was used as a log variance; it is a standard deviation") {
        $0.logVariance = { $0 }
        $0.variance = { .exp($0) }
      },
      Mistake("σ as a log", "exp(σ) was used as the standard deviation; σ is that already") {
        $0.logVariance = { 2 * $0 }
        $0.variance = { .exp(2 * $0) }
      },
      Mistake("all squared", "all of 2πσ was squared inside the log; only σ is") {
        $0.constant = 2 * .log(2 * .pi)
      },
    ] + varianceFloors { floor in { $0 * $0 + floor } }
  }

  private static var mistakesOfTheLogVariance: [Mistake<NormalLogDensity>] {
    [
      Mistake(
        "as log σ", "exp(log variance) was used as the standard deviation; it is the variance",
        isCommon: true
      ) {
        $0.logVariance = { 2 * $0 }
        $0.variance = { .exp(2 * $0) }
      },
      Mistake("σ⁴", "the squared deviation was divided by the square of σ²; σ² is exp(log σ²)") {
        $0.variance = { .exp(2 * $0) }
      },
      Mistake(
        "σ in the square", "the squared deviation was divided by σ = exp(½ log σ²), not by σ²",
        isCommon: true
      ) { $0.variance = { .exp($0 / 2) } },
      Mistake("σ for σ²", "σ stands where its square, the variance, belongs") {
        $0.logVariance = { $0 / 2 }
        $0.variance = { .exp($0 / 2) }
      },
      Mistake("half of log σ", "log σ² has the factor ¼; it should have ½") {
        $0.logVariance = { $0 / 2 }
      },
      Mistake(
        "as variance", "the log variance was used as the variance; the variance is its exponential",
        isCommon: true
      ) { $0.variance = { $0 } },
      Mistake(
        "as variance, twice",
        "the log variance was used as the variance; the variance is its exponential"
      ) {
        $0.variance = { $0 }
        $0.logVariance = { .log($0) }
      },
      Mistake(
        "as σ", "the log variance was used as the standard deviation; σ is exp(½ log σ²)"
      ) {
        $0.variance = { $0 * $0 }
        $0.logVariance = { .log($0 * $0) }
      },
      Mistake("as σ in the square", "the log variance was squared; σ² is its exponential") {
        $0.variance = { $0 * $0 }
      },
      Mistake("σ² for log σ²", "σ² stands where log σ² belongs") { $0.logVariance = { .exp($0) } },
      Mistake("σ for log σ²", "σ stands where log σ² belongs") {
        $0.logVariance = { .exp($0 / 2) }
      },
      Mistake("twice σ for log σ²", "σ was subtracted; the term is −½ log σ²") {
        $0.logVariance = { 2 * .exp($0 / 2) }
      },
      Mistake("log of the log", "the log of the log variance was taken; it is a log already") {
        $0.logVariance = { .log($0) }
      },
      Mistake("absolute log", "the sign of the log variance was lost; it may be negative") {
        $0.logVariance = { abs($0) }
        $0.variance = { .exp(abs($0)) }
      },
      Mistake("softplus", "softplus was taken of the log variance; the variance is exp(log σ²)") {
        $0.logVariance = { .log(.softplus($0)) }
        $0.variance = { .softplus($0) }
      },
      Mistake(
        "softplus in the square",
        "softplus was taken of the log variance; the variance is exp(log σ²)"
      ) { $0.variance = { .softplus($0) } },
    ] + varianceFloors { floor in { .exp($0) + floor } }
  }

  /// With something added to the variance.
  private static func varianceFloors(
    _ variance: @escaping (_ floor: Double) -> (Double) -> Double
  ) -> [Mistake<NormalLogDensity>] {
    LogSumExp.floors.filter { $0 >= 1e-12 }.flatMap { floor in
      let message = "a small number was added to σ²; that changes the density where σ is small"
      return [
        Mistake<NormalLogDensity>("σ² + \(floor)", message) {
          $0.variance = variance(floor)
          $0.logVariance = { .log(variance(floor)($0)) }
        },
        Mistake<NormalLogDensity>("σ² + \(floor) in the square", message) {
          $0.variance = variance(floor)
        },
        Mistake<NormalLogDensity>("2σ² + \(floor)", message) {
          $0.variance = variance(floor / 2)
        },
        Mistake<NormalLogDensity>("log(σ² + \(floor))", message) {
          $0.logVariance = { .log(variance(floor)($0)) }
        },
      ]
    }
  }

  /// With a floor under the density, or under its logarithm.
  private static var floorMistakes: [Mistake<NormalLogDensity>] {
    let message = "the density, or its logarithm, was kept away from 0; that hides how small it is"
    return LogSumExp.floors.flatMap { floor in
      [
        Mistake<NormalLogDensity>("each plus \(floor)", message) {
          $0.total = { $0.reduce(0) { $0 + .log(.exp($1) + floor) } }
        },
        Mistake<NormalLogDensity>("each at least \(floor)", message) {
          $0.total = { $0.reduce(0) { $0 + .log(max(.exp($1), floor)) } }
        },
        Mistake<NormalLogDensity>("product plus \(floor)", message) {
          $0.total = { .log($0.reduce(1) { $0 * .exp($1) } + floor) }
        },
        Mistake<NormalLogDensity>("product at least \(floor)", message) {
          $0.total = { .log(max($0.reduce(1) { $0 * .exp($1) }, floor)) }
        },
      ]
    }
      + [50, 100, 500, 700, 1000].map { limit in
        Mistake("at least \(-limit)", message) {
          $0.total = { $0.reduce(0) { $0 + max($1, -limit) } }
        }
      }
  }
}
