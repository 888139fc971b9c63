import Autodiff

// What goes wrong with the scale of a normal distribution, and with small densities.

extension NormalLogDensity {
  /// Where σ is given.
  static var mistakesOfSigma: [Mistake<NormalLogDensity>] {
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
      Mistake("σ⁴ everywhere", "the variance was squared again; it is σ²") {
        $0.logVariance = { 4 * .log($0) }
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
    ] + distanceMistakes + varianceFloors { floor in { $0 * $0 + floor } }
  }

  /// With the distance of x from μ, where its square belongs.
  private static var distanceMistakes: [Mistake<NormalLogDensity>] {
    /// Deviations whose squares sum to the distance.
    func rooted(_ deviations: [Double]) -> [Double] {
      let distance = deviations.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return distance == 0 ? deviations : deviations.map { $0 / distance.squareRoot() }
    }
    let message =
      "the distance of x from μ was not squared; do not take the root of the sum of squares"
    return [
      Mistake("distance", message) { $0.deviations = rooted },
      Mistake("distance over 2σ", message) {
        $0.deviations = rooted
        $0.variance = { $0 }
      },
    ]
  }

  /// Where log σ² is given.
  static var mistakesOfTheLogVariance: [Mistake<NormalLogDensity>] {
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

  /// With log σ in the divisor of the other two terms.
  static var bracketMistakes: [Mistake<NormalLogDensity>] {
    [-1.0, 1.0].map { sign in
      Mistake(
        "log σ in the divisor, \(sign)",
        "log σ stands in the divisor, with the 2: brackets are misplaced; −log σ is a term of its "
          + "own"
      ) {
        let constant = $0.constant
        $0.term = { square, logVariance in
          -(square + constant) / (2 + sign * logVariance / 2)
        }
      }
    }
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
      ]
        + (floor < 1e-8
          ? []
          : [
            Mistake<NormalLogDensity>("log(σ² + \(floor))", message) {
              $0.logVariance = { .log(variance(floor)($0)) }
            }
          ])
    }
  }

  /// With a floor under the density, or under its logarithm.
  static var floorMistakes: [Mistake<NormalLogDensity>] {
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
      + [50, 100, 500, 700, 1000, 10_000].flatMap { limit in
        [
          Mistake("at least \(-limit)", message) {
            $0.total = { $0.reduce(0) { $0 + max($1, -limit) } }
          },
          Mistake("sum at least \(-limit)", message) {
            $0.total = { max($0.reduce(0, +), -limit) }
          },
        ]
      }
      + [1, 0.1, 0.01, 0.001].map { floor in
        Mistake("σ² at least \(floor)", "σ was kept away from 0; it may be small") {
          let (variance, logVariance) = ($0.variance, $0.logVariance)
          $0.variance = { max(variance($0), floor) }
          $0.logVariance = { max(logVariance($0), .log(floor)) }
        }
      }
  }
}
