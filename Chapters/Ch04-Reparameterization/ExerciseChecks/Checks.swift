import Notebook

/// The derivatives of one number with respect to the parameters of N(μ, diag(σ²)).
struct NormalGradient: AnswerConvertible {
  /// With respect to μ, [d].
  var mean: [Double]
  /// With respect to log σ², [d].
  var logVariance: [Double]

  /// The one above the other.
  var answer: Answer { [mean, logVariance].answer }
}

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      sample(Exercises.sample), pathwiseGradient(Exercises.pathwiseGradient),
      scoreFunctionGradient(Exercises.scoreFunctionGradient),
      fullCovarianceSample(Exercises.fullCovarianceSample),
      minibatchEstimate(Exercises.minibatchEstimate),
    ]
  }
}
