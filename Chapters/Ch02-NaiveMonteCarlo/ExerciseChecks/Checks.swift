import Exercises

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      logMeanExp(Exercises.logMeanExp), gaussianLogDensity(Exercises.gaussianLogDensity),
      bernoulliLogProbability(Exercises.bernoulliLogProbability),
      kernelLogLikelihood(Exercises.kernelLogLikelihood),
      naiveEstimate(Exercises.naiveEstimate), sampledEstimate(Exercises.sampledEstimate),
      standardError(Exercises.standardError),
      importanceLogWeights(Exercises.importanceLogWeights),
      effectiveSampleSize(Exercises.effectiveSampleSize),
      importanceSampling(Exercises.importanceSampling),
    ]
  }
}
