import Autodiff
import Claims
import Notebook
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      ring(Exercises.ring), radiusDensity(Exercises.radiusDensity),
      meanRadius(Exercises.meanRadius), jacobian(Exercises.jacobian),
      imageDensity(Exercises.imageDensity), exponential(Exercises.exponential),
      energyDistance(Exercises.energyDistance), knothe(Exercises.knothe),
    ]
  }
}

/// Points in the plane from N(0, I), rounded to two decimals.
func points(_ count: Int, seed: UInt64) -> [[Double]] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in roundedNormals(2, using: &generator) }
}

/// How far a point is from the origin.
func length(_ point: [Double]) -> Double {
  point.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

/// The rows of a matrix, as arrays.
func rows(_ matrix: Tensor<Double>) -> [[Double]] {
  (0..<matrix.shape[0]).map { matrix.rows([$0]).scalars }
}
