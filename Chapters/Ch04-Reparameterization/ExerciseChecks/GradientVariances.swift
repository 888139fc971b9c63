import Autodiff
import Exercises

/// The derivative of E[h(z)] with respect to μ, and the variances of two estimates of it.
struct GradientVariances: AnswerConvertible {
  /// The derivative.
  var derivative: Double
  /// The variance of the pathwise estimate from one sample.
  var pathwise: Double
  /// The variance of the score function’s estimate from one sample.
  var score: Double

  /// The three numbers.
  var answer: Answer {
    Answer(parts: [("derivative", derivative), ("pathwise", pathwise), ("score", score)])
  }
}

extension Checks {
  static func gradientVariances(
    _ answer: @escaping (Double, Double, Double) throws -> GradientVariances
  ) -> Exercise {
    var comparison = Comparison<CosineTask, GradientVariances>(of: {
      try answer($0.k, $0.mean, $0.sigma)
    }) { CosineFormula()($0) }
    comparison.ask("k = 1, μ = π/2 and σ = 1", CosineTask(k: 1, mean: .pi / 2, sigma: 1))
    for (k, mean, sigma) in [
      (0.5, 0.4, 0.7), (2, 0.9, 0.4), (1.3, -0.6, 1.2), (3, 0.2, 0.25), (0.8, 1.5, 1),
    ] {
      comparison.ask(
        "k = \(exact(k)), μ = \(exact(mean)) and σ = \(exact(sigma))",
        CosineTask(k: k, mean: mean, sigma: sigma))
    }
    comparison.argument("k", \.k)
    comparison.argument("mean", \.mean)
    comparison.argument("standardDeviation", \.sigma)
    comparison.recognize(CosineFormula.mistakes, in: CosineFormula()) { task, formula in
      formula(task)
    }
    comparison.terms(CosineFormula.terms.map(\.name)) { task in
      CosineFormula.terms.map { $0.value(CosineFormula().values(task)) }
    }
    comparison.recognize("those are standard deviations; the variances are their squares") { task in
      var variances = CosineFormula()(task)
      variances.pathwise = variances.pathwise.squareRoot()
      variances.score = variances.score.squareRoot()
      return variances
    }
    comparison.recognize("the two variances have changed places") { task in
      let right = CosineFormula()(task)
      return GradientVariances(
        derivative: right.derivative, pathwise: right.score, score: right.pathwise)
    }
    return Exercise(
      "gradient-variances", "What the two estimates cost for h(z) = cos kz", minutes: 30,
      hints: [
        "The derivative of cos is −sin. So the pathwise estimate is −k sin kz, and the score "
          + "function’s is cos kz · ε/σ.",
        "A variance is the mean of the square minus the square of the mean. Both means are the "
          + "derivative.",
        "sin² x = ½(1 − cos 2x) and cos² x = ½(1 + cos 2x). What is left is E[cos 2kz] and "
          + "E[ε² cos 2kz], with α = 2kμ and β = 2kσ.",
      ], comparison)
  }
}

/// The input of the exercise on the variances.
private struct CosineTask {
  var k: Double
  var mean: Double
  var sigma: Double
}

/// The variances for h(z) = cos kz.
private struct CosineFormula {
  /// What the parts are computed from.
  struct Values {
    let k: Double
    let mean: Double
    let sigma: Double
    /// E[cos 2kz].
    var c = 0.0
    /// The derivative.
    var g = 0.0
  }
  typealias Part = (Values) -> Double

  /// β² in E[cos(α + βε)] for the derivative, whose β is kσ.
  var exponent: Part = { $0.k * $0.k * $0.sigma * $0.sigma }
  var derivative: (_ values: Values, _ damping: Double) -> Double = {
    -$0.k * $1 * .sin($0.k * $0.mean)
  }
  /// E[cos 2kz].
  var doubled: Part = {
    .exp(-2 * $0.k * $0.k * $0.sigma * $0.sigma) * .cos(2 * $0.k * $0.mean)
  }
  /// The means of the squares of the estimates.
  var pathwise: Part = { $0.k * $0.k / 2 * (1 - $0.c) }
  var score: Part = {
    (1 + (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
  }
  /// What is subtracted from them.
  var square: Part = { $0.g * $0.g }

  func callAsFunction(_ task: CosineTask) -> GradientVariances {
    let values = values(task)
    return GradientVariances(
      derivative: values.g, pathwise: pathwise(values) - square(values),
      score: score(values) - square(values))
  }

  func values(_ task: CosineTask) -> Values {
    var values = Values(k: task.k, mean: task.mean, sigma: task.sigma)
    values.c = doubled(values)
    values.g = derivative(values, .exp(-exponent(values) / 2))
    return values
  }

  /// Whose sum the right answer is. The derivative is not divided.
  static var terms: [(name: String, value: (Values) -> GradientVariances)] {
    [
      ("the derivative", { GradientVariances(derivative: $0.g, pathwise: 0, score: 0) }),
      ("½k²", { GradientVariances(derivative: 0, pathwise: $0.k * $0.k / 2, score: 0) }),
      (
        "−½k² E[cos 2kz]",
        { GradientVariances(derivative: 0, pathwise: -$0.k * $0.k / 2 * $0.c, score: 0) }
      ),
      (
        "1/(2σ²)",
        { GradientVariances(derivative: 0, pathwise: 0, score: 1 / (2 * $0.sigma * $0.sigma)) }
      ),
      (
        "E[cos 2kz]/(2σ²)",
        { GradientVariances(derivative: 0, pathwise: 0, score: $0.c / (2 * $0.sigma * $0.sigma)) }
      ),
      (
        "−2k² E[cos 2kz]",
        { GradientVariances(derivative: 0, pathwise: 0, score: -2 * $0.k * $0.k * $0.c) }
      ),
      (
        "minus the square of the derivative",
        { GradientVariances(derivative: 0, pathwise: -$0.g * $0.g, score: -$0.g * $0.g) }
      ),
    ]
  }

  static var mistakes: [Mistake<CosineFormula>] {
    derivatives + doubles + pathwises + scores + squares
  }

  private static var derivatives: [Mistake<CosineFormula>] {
    [
      withDerivative("sign", "the sign of the derivative is flipped: that of cos is −sin") {
        $0.k * $1 * .sin($0.k * $0.mean)
      },
      withDerivative("no k", "the inner derivative k is missing in the derivative") {
        -$1 * .sin($0.k * $0.mean)
      },
      withDerivative("sine’s", "that is the derivative for sin kz; h is cos kz") {
        $0.k * $1 * .cos($0.k * $0.mean)
      },
      withDerivative(
        "expectation", "that is E[cos kz] itself; its derivative with respect to μ is asked for"
      ) { $1 * .cos($0.k * $0.mean) },
      withDerivative("slope at μ", "that is the slope of cos kz at μ, without the average over z") {
        values, _ in -values.k * .sin(values.k * values.mean)
      },
      withDerivative("k inside", "the k inside the sine is missing") { -$0.k * $1 * .sin($0.mean) },
      withExponent("no half", "the exponent is −½k²σ²; the ½ is missing") {
        2 * $0.k * $0.k * $0.sigma * $0.sigma
      },
      withExponent("no k", "the exponent is −½k²σ²; the k² is missing") { $0.sigma * $0.sigma },
      withExponent("k", "the exponent is −½k²σ², with the square of k") {
        $0.k * $0.sigma * $0.sigma
      },
      withExponent("σ", "the exponent is −½k²σ², with the square of σ") {
        $0.k * $0.k * $0.sigma
      },
      withExponent("kσ", "the exponent is −½k²σ², with both squares") { $0.k * $0.sigma },
      withExponent("plus", "the exponent is −½k²σ², with a minus sign") {
        -$0.k * $0.k * $0.sigma * $0.sigma
      },
    ]
  }

  private static var doubles: [Mistake<CosineFormula>] {
    [
      withDouble("β = kσ", "in E[cos 2kz], β is 2kσ, not kσ") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma / 2) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("2 not squared", "in E[cos 2kz], ½β² is ½(2kσ)² = 2k²σ²: square the 2 as well") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("no half", "in E[cos 2kz], the exponent is −½β²; the ½ is missing") {
        .exp(-4 * $0.k * $0.k * $0.sigma * $0.sigma) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("α = kμ", "in E[cos 2kz], α is 2kμ, not kμ") {
        .exp(-2 * $0.k * $0.k * $0.sigma * $0.sigma) * .cos($0.k * $0.mean)
      },
      withDouble("kz", "that uses E[cos kz] in place of E[cos 2kz]") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma / 2) * .cos($0.k * $0.mean)
      },
      withDouble("at μ", "that uses cos 2kμ in place of E[cos 2kz]: its exponential is missing") {
        .cos(2 * $0.k * $0.mean)
      },
      withDouble("sine", "E[cos 2kz] contains cos 2kμ, not the sine") {
        .exp(-2 * $0.k * $0.k * $0.sigma * $0.sigma) * .sin(2 * $0.k * $0.mean)
      },
    ]
  }

  private static var pathwises: [Mistake<CosineFormula>] {
    let place = "in the pathwise variance, "
    return [
      withPathwise("sine’s", "that is the pathwise variance for sin kz: sin² x is ½(1 − cos 2x)") {
        $0.k * $0.k / 2 * (1 + $0.c)
      },
      withPathwise("k", place + "the k of the slope is to be squared") { $0.k / 2 * (1 - $0.c) },
      withPathwise("no k²", place + "the factor k² is missing") { (1 - $0.c) / 2 },
      withPathwise("no half", place + "the ½ of sin² x = ½(1 − cos 2x) is missing") {
        $0.k * $0.k * (1 - $0.c)
      },
      withPathwise("by σ²", place + "there is no σ²: the slope is −k sin kz") {
        $0.k * $0.k / 2 * (1 - $0.c) / ($0.sigma * $0.sigma)
      },
      withPathwise("not subtracted", place + "the square of the derivative is not subtracted") {
        $0.k * $0.k / 2 * (1 - $0.c) + $0.g * $0.g
      },
      withPathwise("g", place + "the derivative is subtracted; subtract its square") {
        $0.k * $0.k / 2 * (1 - $0.c) + $0.g * $0.g - $0.g
      },
      withPathwise("plus", place + "the square of the derivative is added; subtract it") {
        $0.k * $0.k / 2 * (1 - $0.c) + 2 * $0.g * $0.g
      },
    ]
  }

  private static var scores: [Mistake<CosineFormula>] {
    let place = "in the score function’s variance, "
    func withC(_ factor: @escaping Part) -> Part {
      { (1 + factor($0) * $0.c) / (2 * $0.sigma * $0.sigma) }
    }
    let right = CosineFormula().score
    return [
      withScore("sine’s", "that is the score’s variance for sin kz: cos² x is ½(1 + cos 2x)") {
        (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
      },
      withScore(
        "no ε²", place + "the ε² is left out of E[ε² cos 2kz] = (1 − β²) E[cos 2kz]",
        withC { _ in 1 }
      ),
      withScore(
        "β = kσ", place + "β² is (2kσ)²: the factor is 1 − 4k²σ²",
        withC { 1 - $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "2 not squared", place + "β² is (2kσ)² = 4k²σ²: square the 2 as well",
        withC { 1 - 2 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "plus β²", place + "E[ε² cos(α + βε)] has the factor 1 − β², with a minus sign",
        withC { 1 + 4 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "only −β²", place + "the factor is 1 − β²; the 1 is missing",
        withC { -4 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore("no σ²", place + "the factor 1/σ² of the square of ε/σ is missing") {
        right($0) * $0.sigma * $0.sigma
      },
      withScore("1/σ", place + "the σ of ε/σ is to be squared") { right($0) * $0.sigma },
      withScore(
        "brackets", place + "/ 2 * s * s multiplies by σ²; to divide by 2σ² put it in brackets"
      ) {
        (1 + (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / 2 * $0.sigma * $0.sigma
      },
      withScore("no half", place + "the ½ of cos² x = ½(1 + cos 2x) is missing") { 2 * right($0) },
      withScore("not subtracted", place + "the square of the derivative is not subtracted") {
        right($0) + $0.g * $0.g
      },
      withScore("g", place + "the derivative is subtracted; subtract its square") {
        right($0) + $0.g * $0.g - $0.g
      },
      withScore("plus", place + "the square of the derivative is added; subtract it") {
        right($0) + 2 * $0.g * $0.g
      },
    ]
  }

  private static var squares: [Mistake<CosineFormula>] {
    [
      Mistake(
        "no g²",
        "those are the means of the squares; a variance is that minus the square of the mean",
        isCommon: true
      ) { $0.square = { _ in 0 } },
      Mistake("g", "the derivative itself is subtracted; subtract its square") {
        $0.square = { $0.g }
      },
      Mistake("plus g²", "the square of the derivative is added; subtract it") {
        $0.square = { -$0.g * $0.g }
      },
      Mistake("sine", "those are the numbers for sin kz; h is cos kz") {
        $0.derivative = { $0.k * $1 * .cos($0.k * $0.mean) }
        $0.pathwise = { $0.k * $0.k / 2 * (1 + $0.c) }
        $0.score = {
          (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
        }
      },
      Mistake("sine’s variances", "those are the variances for sin kz; h is cos kz") {
        $0.pathwise = { $0.k * $0.k / 2 * (1 + $0.c) }
        $0.score = {
          (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
        }
      },
    ]
  }

  private static func withDerivative(
    _ name: String, _ message: String, _ derivative: @escaping (Values, Double) -> Double
  ) -> Mistake<CosineFormula> {
    Mistake(name, message) { $0.derivative = derivative }
  }

  private static func withExponent(
    _ name: String, _ message: String, _ exponent: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message) { $0.exponent = exponent }
  }

  private static func withDouble(
    _ name: String, _ message: String, _ doubled: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message, isCommon: name == "2 not squared") { $0.doubled = doubled }
  }

  private static func withPathwise(
    _ name: String, _ message: String, _ pathwise: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message) { $0.pathwise = pathwise }
  }

  private static func withScore(
    _ name: String, _ message: String, _ score: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message) { $0.score = score }
  }
}
