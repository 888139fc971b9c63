import Autodiff
import Notebook
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

/// The log density of a normal distribution with independent components.
func logDensity(_ z: [Double], mean: [Double], logVariance: [Double]) -> Double {
  DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
    .logProbability(of: Tensor(z)).scalar
}

/// The log density of N(0, I).
func standardLogDensity(_ z: [Double]) -> Double {
  DiagonalNormal.standard.logProbability(of: Tensor(z)).scalar
}
