import Autodiff
import Exercises
import Probability

extension Checks {
  static func knothe(
    _ answer:
      @escaping ([[Double]], (Double, Double) -> Double, (Double) -> Double) throws -> [[Double]]
  ) -> Exercise {
    var comparison = Comparison<KnotheTask, [[Double]]>(of: {
      try answer($0.z, $0.distribution.density, Normal.standard.cumulativeProbability)
    }) { input in
      input.mapped { u, v in
        let first = input.distribution.first(u)
        return [first, input.distribution.second(v, first)]
      }
    }
    let drawn = roundedNormals(4, 2, seed: 19)
    let tolerance = Tolerance(absolute: 1e-3)
    comparison.ask(
      "z = (0, 0) and the density x₁ + x₂",
      KnotheTask(z: [[0, 0]], distribution: .bilinear(0, 1, 1, 0)), tolerance: tolerance)
    comparison.ask(
      "the points z = \(text(drawn)) and the density 1",
      KnotheTask(z: drawn, distribution: .bilinear(1, 0, 0, 0)), tolerance: tolerance)
    comparison.ask(
      "the same points and the density 3 + 6x₂ − 5x₁x₂",
      KnotheTask(z: drawn, distribution: .bilinear(3, 0, 6, -5)), tolerance: tolerance)
    comparison.ask(
      "the same points and the density 1/(1 + x₁x₂)²", KnotheTask(z: drawn, distribution: .gauss),
      tolerance: tolerance)
    comparison.recognizeMistakes()
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

/// The input of the exercise on Knothe's construction.
private struct KnotheTask {
  let z: [[Double]]
  let distribution: SquareDistribution

  func mapped(_ image: (_ u: Double, _ v: Double) -> [Double]) -> [[Double]] {
    z.map {
      image(
        Normal.standard.cumulativeProbability(upTo: $0[0]),
        Normal.standard.cumulativeProbability(upTo: $0[1]))
    }
  }
}

extension Comparison<KnotheTask, [[Double]]> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is Φ(z), which is uniform whatever the density is") { input in
      input.mapped { [$0, $1] }
    }
    recognize(
      "x₂ has its marginal distribution, whatever x₁ is; it should have its distribution given x₁"
    ) { input in
      input.mapped { [input.distribution.first($0), input.distribution.marginalSecond($1)] }
    }
    recognize("x₂ has its distribution given Φ(z₁); it should have the one given x₁") {
      input in
      input.mapped { [input.distribution.first($0), input.distribution.second($1, $0)] }
    }
    recognize("x₂ was computed first, and then x₁ given x₂; the exercise asks for the other order")
    {
      input in
      input.mapped { u, v in
        let second = input.distribution.marginalSecond(v)
        return [input.distribution.firstGivenSecond(u, second), second]
      }
    }
    recognize(
      "x₁ has its distribution along the edge x₂ = 0; its density is the integral over all x₂"
    ) { input in
      input.mapped { u, v in
        let first = input.distribution.firstGivenSecond(u, 0)
        return [first, input.distribution.second(v, first)]
      }
    }
  }
}

/// A distribution on the unit square, with everything that right and wrong constructions need of
/// it.
private struct SquareDistribution {
  let density: (Double, Double) -> Double
  /// The quantile function of x₁.
  let first: (_ u: Double) -> Double
  /// The quantile function of x₂ given x₁.
  let second: (_ u: Double, _ first: Double) -> Double
  /// The quantile function of x₂, whatever x₁ is.
  let marginalSecond: (_ u: Double) -> Double
  /// The quantile function of x₁ given x₂.
  let firstGivenSecond: (_ u: Double, _ second: Double) -> Double

  /// The density a + b x₁ + c x₂ + d x₁x₂, up to a factor.
  static func bilinear(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> SquareDistribution {
    SquareDistribution(
      density: { a + b * $0 + c * $1 + d * $0 * $1 },
      first: { linearQuantile($0, a + c / 2, b + d / 2) },
      second: { linearQuantile($0, a + b * $1, c + d * $1) },
      marginalSecond: { linearQuantile($0, a + b / 2, c + d / 2) },
      firstGivenSecond: { linearQuantile($0, a + c * $1, b + d * $1) })
  }

  /// The density 1/(1 + x₁x₂)², up to a factor: the distribution behind continued fractions.
  static var gauss: SquareDistribution {
    // The integral of 1/(1 + st)² over t from 0 to x is x/(1 + sx), and over s, too, it is
    // log(1 + x) at s from 0 to 1.
    let marginal = { (u: Double) -> Double in .exp(u * .log(2)) - 1 }
    let conditional = { (u: Double, given: Double) -> Double in u / (1 + given - u * given) }
    return SquareDistribution(
      density: { 1 / ((1 + $0 * $1) * (1 + $0 * $1)) }, first: marginal, second: conditional,
      marginalSecond: marginal, firstGivenSecond: conditional)
  }
}

/// The x in [0, 1] below which lies the fraction u of the integral of a + bx.
private func linearQuantile(_ u: Double, _ a: Double, _ b: Double) -> Double {
  // ax + bx²/2 = u (a + b/2), without the difference that cancels.
  let target: Double = u * (a + b / 2)
  return 2 * target / (a + (a * a + 2 * b * target).squareRoot())
}
