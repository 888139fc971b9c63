import Autodiff
import Exercises
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      logMeanExp(Exercises.logMeanExp), gaussianLogDensity(Exercises.gaussianLogDensity),
      bernoulliLogProbability(Exercises.bernoulliLogProbability),
      naiveEstimate(Exercises.naiveEstimate), standardError(Exercises.standardError),
      importanceLogWeights(Exercises.importanceLogWeights),
      effectiveSampleSize(Exercises.effectiveSampleSize),
      importanceSampling(Exercises.importanceSampling),
    ]
  }
}
