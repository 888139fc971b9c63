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
    comparison.calculation(\.calculation)
    comparison.calculation(\.calculationWrittenOut)
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
struct CosineTask {
  var k: Double
  var mean: Double
  var sigma: Double
}

/// The variances for h(z) = cos kz.
struct CosineFormula {
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

  /// σ from the argument.
  var standardDeviation: (Double) -> Double = { $0 }
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
    var values = Values(k: task.k, mean: task.mean, sigma: standardDeviation(task.sigma))
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
}
