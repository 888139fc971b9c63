import Autodiff
import Exercises
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      ring(Exercises.ring), radiusDensity(Exercises.radiusDensity),
      meanRadius(Exercises.meanRadius), jacobian(Exercises.jacobian),
      imageDensity(Exercises.imageDensity), exponential(Exercises.exponential),
      energyDistance(Exercises.energyDistance), slope(Exercises.slope), knothe(Exercises.knothe),
    ]
  }
}
