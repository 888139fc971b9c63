import Autodiff
import Exercises
import Probability

extension Checks {
  static func knothe(
    _ answer:
      @escaping ([[Double]], (Double, Double) -> Double, (Double) -> Double) throws -> [[Double]]
  ) -> Exercise {
    var comparison = Comparison<KnotheTask, [[Double]]>(of: { task in
      task.grid.forget()
      return try answer(
        task.z, { task.grid.value($0, $1) }, Normal.standard.cumulativeProbability)
    }) { task in
      task.z.map { point in
        let (u, v) = (uniform(point[0]), uniform(point[1]))
        let first = task.distribution.first(u)
        return [first, task.distribution.second(v, first)]
      }
    }
    let drawn = roundedNormals(4, 2, seed: 19)
    func ask(_ description: String, _ z: [[Double]], _ distribution: SquareDistribution) {
      comparison.ask(
        description, KnotheTask(z: z, distribution: distribution),
        tolerance: Tolerance(absolute: 1e-3))
    }
    ask("z = (0, 0) and the density x₁ + x₂", [[0, 0]], .bilinear(0, 1, 1, 0))
    ask("the points z = \(text(drawn)) and the density 1", drawn, .bilinear(1, 0, 0, 0))
    ask(
      "the same points and the density 3 + 6x₂ − 5x₁x₂", drawn, .bilinear(3, 0, 6, -5))
    ask("the same points and the density 1/(1 + x₁x₂)²", drawn, .gauss)
    comparison.recognize(GridConstruction.mistakes, in: GridConstruction()) { $1($0) }
    return Exercise(
      "knothe", "Any distribution on the square from normal numbers", minutes: 90,
      hints: [
        "Write a function for one coordinate: given the density at the midpoints of m cells of [0, "
          + "1] and given u, it finds the x with F(x) = u. Add up cells until the sum passes u "
          + "times the total, and take only the fraction of the last cell that is needed.",
        "For x₁, the value of a cell is the sum of the density over the cells of x₂. Compute these "
          + "values once for all points: 100 × 100 values will do.",
        "For x₂, the values are density(x₁, midpoint) with the x₁ just found. Dividing by the "
          + "total takes care of the unknown factor.",
      ], comparison)
  }
}

/// Φ.
func uniform(_ z: Double) -> Double { Normal.standard.cumulativeProbability(upTo: z) }

/// The input of the exercise on Knothe's construction.
struct KnotheTask {
  var z: [[Double]]
  let distribution: SquareDistribution
  let grid: StudentGrid

  init(z: [[Double]], distribution: SquareDistribution) {
    self.z = z
    self.distribution = distribution
    grid = StudentGrid(distribution.density)
  }
}

/// A distribution on the unit square.
struct SquareDistribution {
  let density: (Double, Double) -> Double
  /// The quantile function of x₁.
  let first: (_ u: Double) -> Double
  /// The quantile function of x₂ given x₁.
  let second: (_ u: Double, _ first: Double) -> Double

  /// The density a + b x₁ + c x₂ + d x₁x₂, up to a factor.
  static func bilinear(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> SquareDistribution {
    SquareDistribution(
      density: { a + b * $0 + c * $1 + d * $0 * $1 },
      first: { linearQuantile($0, a + c / 2, b + d / 2) },
      second: { linearQuantile($0, a + b * $1, c + d * $1) })
  }

  /// The density 1/(1 + x₁x₂)², up to a factor: the distribution behind continued fractions.
  static var gauss: SquareDistribution {
    // The integral of 1/(1 + st)² over t from 0 to x is x/(1 + sx), and over s, too, it is
    // log(1 + x) at s from 0 to 1.
    SquareDistribution(
      density: { 1 / ((1 + $0 * $1) * (1 + $0 * $1)) },
      first: { .exp($0 * .log(2)) - 1 }, second: { $0 / (1 + $1 - $0 * $1) })
  }
}

/// The x in [0, 1] below which lies the fraction u of the integral of a + bx.
private func linearQuantile(_ u: Double, _ a: Double, _ b: Double) -> Double {
  // ax + bx²/2 = u (a + b/2), without the difference that cancels.
  let target: Double = u * (a + b / 2)
  return 2 * target / (a + (a * a + 2 * b * target).squareRoot())
}
