import Autodiff
import Exercises
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      reconstruction(Exercises.reconstruction), loss(Exercises.vaeLoss),
      adamStep(Exercises.adamStep), latentActivity(Exercises.activeUnits),
      importanceWeightedBound(Exercises.importanceWeightedBound),
      differentiableLoss(Exercises.differentiableLoss),
    ]
  }
}

/// The mean over the images of log P(X|z).
func meanLogProbability(of x: [[Double]], logits: [[Double]]) -> Double {
  Bernoulli(logits: matrix(logits)).logProbability(of: matrix(x)).mean().scalar
}
