import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

extension Ch01Exercises {
  /// Mistakes that only some inputs show, and other functions in place of the right ones.
  static var branches: [Attempt] { densityBranches + meanBranches + exponentialBranches }

  private static var densityBranches: [Attempt] {
    func exercise(
      constant: Double = 2 * .pi, _ whole: @escaping (_ p: Double, _ area: Double) -> Double
    ) -> Exercise {
      Checks.imageDensity { z, j in
        let p = exp(-(z[0] * z[0] + z[1] * z[1]) / 2) / constant
        return whole(p, j[0][0] * j[1][1] - j[0][1] * j[1][0])
      }
    }
    return [
      .mistake(
        "three numbers", exercise(constant: pow(2 * .pi, 1.5)) { $0 / abs($1) },
        says: "three normal numbers"),
      .mistake(
        "small", exercise { abs($1) < 1e-4 ? 0 : $0 / abs($1) },
        says: "a small determinant gives 0"),
      .mistake(
        "negative", exercise { $1 < 0 ? 0 : $0 / $1 }, says: "a negative determinant gives 0"),
      .mistake("at most 1", exercise { min($0 / abs($1), 1) }, says: "cut to at most 1"),
      .mistake("3.14", exercise(constant: 6.28) { $0 / abs($1) }, says: "3.14 is not π"),
    ]
  }

  private static var meanBranches: [Attempt] {
    func integral(to end: Double, spacing: Double = 1e-4) -> Double {
      (0..<Int(end * 10_000)).reduce(0) { sum, index in
        let ρ = (Double(index) + 0.5) * 1e-4
        return sum + ρ * ρ * exp(-ρ * ρ / 2) * spacing
      }
    }
    return [
      .mistake("to 3", Checks.meanRadius { 1 + $0 * integral(to: 3) }, says: "ends at ρ = 3"),
      .mistake(
        "no spacing", Checks.meanRadius { 1 + $0 * integral(to: 10, spacing: 1) },
        says: "not multiplied by its spacing"),
      .mistake(
        "half of the root", Checks.meanRadius { 1 + $0 * (.pi / 2.0).squareRoot() / 2 },
        says: "a ½ is too much"),
      .mistake("disk", Checks.meanRadius { 1 + $0 * 2 / 3 }, says: "in a disk"),
    ]
  }

  private static var exponentialBranches: [Attempt] {
    func exercise(_ quantile: @escaping (_ u: Double, _ rate: Double) -> Double) -> Exercise {
      Checks.exponential { z, rate, phi in z.map { quantile(phi($0), rate) } }
    }
    return [
      .mistake("Gumbel", exercise { -log(-log($0)) / $1 }, says: "Gumbel"),
      .mistake("Pareto", exercise { pow(1 - $0, -1 / $1) }, says: "Pareto"),
      .mistake("exponent", exercise { pow(-log(1 - $0), 1 / $1) }, says: "made an exponent"),
      .mistake("at most 10", exercise { min(-log(1 - $0) / $1, 10) }, says: "nothing above 10"),
      .mistake("below ½", exercise { $0 < 0.5 ? 0 : -log(1 - $0) / $1 }, says: "negative z give 0"),
    ]
  }
}
