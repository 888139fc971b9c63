import Exercises

/// The derivatives of one number with respect to the parameters of N(μ, diag(σ²)).
struct NormalGradient: AnswerConvertible {
  /// With respect to μ, [d].
  var mean: [Double]
  /// With respect to log σ², [d].
  var logVariance: [Double]

  /// The derivatives with respect to μ, then those with respect to log σ².
  var answer: Answer { [mean, logVariance].answer }
}

/// What the exercises of this chapter ask, and the mistakes that they recognise.
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
