import Exercises

/// The derivatives of one number with respect to the parameters of N(μ, diag(σ²)).
struct NormalGradient: AnswerConvertible {
  /// With respect to μ, [d].
  var mean: [Double]
  /// With respect to log σ², [d].
  var logVariance: [Double]

  /// The derivatives with respect to μ, then those with respect to log σ².
  var answer: Answer { Answer(parts: [("mean", mean), ("logVariance", logVariance)]) }
}

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      sample(Exercises.sample), standardNormals(Exercises.standardNormals),
      drawSamples(Exercises.drawSamples), pathwiseGradient(Exercises.pathwiseGradient),
      scoreFunctionGradient(Exercises.scoreFunctionGradient),
      gradientVariances(Exercises.gradientVariances),
      fullCovarianceSample(Exercises.fullCovarianceSample),
      minibatchEstimate(Exercises.minibatchEstimate), threeGradients(Exercises.threeGradients),
    ]
  }
}
