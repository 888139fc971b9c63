import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

@Suite struct Ch01Exercises {
  static var attempts: [Attempt] {
    ring + radiusDensity + meanRadius + jacobian + imageDensity + exponential + energyDistance
      + slope + knothe + slips + branches
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  static func length(_ point: [Double]) -> Double {
    sqrt(point.map { $0 * $0 }.reduce(0, +))
  }

  // MARK: - Sections 1.1 and 1.2

  static var ring: [Attempt] {
    /// The images from a formula for each number, given the length of its point.
    func exercise(_ image: @escaping (_ z: Double, _ length: Double, _ w: Double) -> Double)
      -> Exercise
    {
      Checks.ring { z, w in z.map { point in point.map { image($0, length(point), w) } } }
    }
    return [
      .solution(exercise { z, length, w in w * z + z / length }),
      .stub(Checks.ring { _, _ in try todo() }),
      .mistake("signs", exercise { z, _, w in w * z + z / abs(z) }, says: "by its own size"),
      .mistake(
        "no root", exercise { z, length, w in w * z + z / (length * length) },
        says: "squared length"),
      .mistake(
        "w twice", exercise { z, length, w in w * (z + z / length) }, says: "only the first one"),
      .mistake(
        "circle", exercise { z, length, w in (w + 1) * z / length }, says: "all radii are 1 + w"),
      .mistake(
        "one length",
        Checks.ring { z, w in
          let common = length(z.flatMap { $0 })
          return z.map { point in point.map { w * $0 + $0 / common } }
        }, says: "each point has its own"),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "got NaN"),
      .mistake("no w", exercise { z, length, _ in z + z / length }, says: "w is missing"),
      .mistake(
        "w for the other", exercise { z, length, w in z + w * z / length }, says: "w multiplies"),
      .mistake("minus", exercise { z, length, w in w * z - z / length }, says: "was subtracted"),
      .mistake("w z alone", exercise { z, _, w in w * z }, says: "term z/‖z‖ is missing"),
      .mistake("z/‖z‖ alone", exercise { z, length, _ in z / length }, says: "term w z is missing"),
      .mistake("times", exercise { z, length, w in w * z + z * length }, says: "by its length"),
      .mistake("1/‖z‖", exercise { z, length, w in w * z + 1 / length }, says: "not 1/‖z‖"),
      .mistake(
        "sum of sizes",
        Checks.ring { z, w in
          z.map { p in p.map { w * $0 + $0 / (abs(p[0]) + abs(p[1])) } }
        }, says: "not |z₁| + |z₂|"),
      .mistake(
        "z₁ twice",
        Checks.ring { z, w in
          z.map { p in p.map { w * $0 + $0 / sqrt(p[0] * p[0] + p[0] * p[0]) } }
        }, says: "contains z₁ twice"),
      .mistake(
        "first point", Checks.ring { z, w in [z[0].map { w * $0 + $0 / length(z[0]) }] },
        says: "return too early"),
      .mistake(
        "exchanged",
        Checks.ring { z, w in z.map { p in p.reversed().map { w * $0 + $0 / length(p) } } },
        says: "are exchanged"),
      .mistake(
        "square, w twice", exercise { z, length, w in w * (z + z / (length * length)) },
        says: "two mistakes"),
      .mistake(
        "epsilon",
        Checks.ring { z, w in
          z.map { p in p.map { w * $0 + $0 / sqrt(p[0] * p[0] + p[1] * p[1] + 1e-8) } }
        }, says: "under the root"),
      .mistake(
        "x for y in the unit vector",
        Checks.ring { z, w in
          z.map { p in [w * p[0] + p[0] / length(p), w * p[1] + p[0] / length(p)] }
        }, says: "z₁/‖z‖ stands where z₂/‖z‖ should be"),
      .mistake(
        "y for x in w x",
        Checks.ring { z, w in
          z.map { p in [w * p[1] + p[0] / length(p), w * p[1] + p[1] / length(p)] }
        }, says: "w z₂ stands where w z₁ should be"),
      .mistake(
        "not divided", exercise { z, _, w in w * z + z }, says: "divide it by its length"),
      .mistake(
        "second as the first",
        Checks.ring { z, w in
          z.map { p in
            let x = w * p[0] + p[0] / length(p)
            return [x, x]
          }
        }, says: "those of z₁"),
      .mistake(
        "half of w z", exercise { z, length, w in 0.5 * w * z + z / length },
        says: "w z counts only half"),
      .mistake(
        "in place",
        Checks.ring { z, w in
          z.map { p in
            var (x, y) = (p[0], p[1])
            x /= sqrt(x * x + y * y)
            y /= sqrt(x * x + y * y)
            return [w * p[0] + x, w * p[1] + y]
          }
        }, says: "z₁ was overwritten by z₁/‖z‖ before"),
      .mistake(
        "in place, from the second",
        Checks.ring { z, w in
          z.map { p in
            let y = p[1] / length(p)
            return [w * p[0] + p[0] / length([p[0], y]), w * p[1] + y]
          }
        }, says: "z₂ was overwritten by z₂/‖z‖ before"),
      .mistake(
        "nearly 0", exercise { z, length, w in length > 1e-5 ? w * z + z / length : w * z },
        says: "was left out for a z very near"),
      .mistake(
        "nearly 0 or 1",
        exercise { z, length, w in
          w * z + (length < 0.01 || abs(length - 1) < 1e-4 ? z : z / length)
        }, says: "about 0 or 1"),
      .mistake(
        "nearly 1", exercise { z, length, w in w * z + (abs(length - 1) < 1e-4 ? z : z / length) },
        says: "is about 1"),
      .mistake(
        "nearly 0, as it is",
        exercise { z, length, w in length < 0.01 ? w * z + z : w * z + z / length },
        says: "was left as it is"),
      .mistake("as it came", Checks.ring { z, _ in z }, says: "as it came"),
      .mistake("nothing", Checks.ring { _, _ in [] }, says: "no numbers"),
      .mistake("flat", Checks.ring { z, _ in [z.flatMap { $0 }, []] }, says: "unequal length"),
    ]
  }

  static var radiusDensity: [Attempt] {
    /// The density from a formula in ρ = (r − 1)/w and w, which is 0 below radius 1.
    func exercise(_ density: @escaping (_ rho: Double, _ w: Double) -> Double) -> Exercise {
      Checks.radiusDensity { radii, w in radii.map { $0 < 1 ? 0 : density(($0 - 1) / w, w) } }
    }
    let right = { (rho: Double, w: Double) in rho * exp(-rho * rho / 2) / w }
    return [
      .solution(exercise(right)),
      .stub(Checks.radiusDensity { _, _ in try todo() }),
      .mistake(
        "negative", Checks.radiusDensity { radii, w in radii.map { right(($0 - 1) / w, w) } },
        says: "no radius is below 1"),
      .mistake(
        "length", exercise { rho, w in w * right(rho, w) }, says: "an interval dr/w of lengths"),
      .mistake(
        "normal", exercise { rho, w in exp(-rho * rho / 2) / (w * sqrt(2 * .pi)) },
        says: "that is a normal density"),
      .mistake("no ½", exercise { rho, w in rho * exp(-rho * rho) / w }, says: "the ½"),
      .mistake(
        "plane", exercise { rho, w in right(rho, w) / (2 * .pi * (1 + w * rho)) },
        says: "in the plane"),
      .mistake(
        "precedence",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : ($0 - 1) / w * w * exp(-($0 - 1) * ($0 - 1) / (2 * w * w)) }
        }, says: "divides by w and multiplies"),
      .mistake(
        "precedence in the exponent",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : ($0 - 1) / (w * w) * exp(-($0 - 1) * ($0 - 1) / 2 * w * w) }
        }, says: "multiplies the exponent"),
      .mistake(
        "r for r − 1",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : $0 / (w * w) * exp(-pow($0 - 1, 2) / (2 * w * w)) }
        }, says: "not r/w²"),
      .mistake(
        "w not squared",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : ($0 - 1) / (w * w) * exp(-pow($0 - 1, 2) / (2 * w)) }
        }, says: "not squared in the exponent"),
      .mistake(
        "half outside", exercise { rho, w in rho * exp(-rho * rho) / 2 / w }, says: "outside of exp"
      ),
      .mistake(
        "r throughout",
        Checks.radiusDensity { radii, w in
          radii.map { $0 < 1 ? 0 : $0 / (w * w) * exp(-$0 * $0 / (2 * w * w)) }
        }, says: "where r − 1 should be"),
      .mistake("sign", exercise { rho, w in rho * exp(rho * rho / 2) / w }, says: "minus sign"),
      .mistake("no exp", exercise { rho, w in rho / w }, says: "exponential is missing"),
      .mistake("log", exercise { rho, w in log(right(rho, w)) }, says: "the logarithm"),
      .mistake("F", exercise { rho, _ in 1 - exp(-rho * rho / 2) }, says: "P(R ≤ r)"),
      .mistake(
        "from 0",
        Checks.radiusDensity { radii, w in radii.map { $0 < 0 ? 0 : right(($0 - 1) / w, w) } },
        says: "not only for negative r"),
      .mistake(
        "length, no ½", exercise { rho, _ in rho * exp(-rho * rho) }, says: "two mistakes"),
      .mistake(
        "one radius", Checks.radiusDensity { radii, w in [right((radii[0] - 1) / w, w)] },
        says: "got 1 number"),
    ]
  }

  static var meanRadius: [Attempt] {
    [
      .solution(Checks.meanRadius { 1 + $0 * sqrt(.pi / 2) }),
      .stub(Checks.meanRadius { _ in try todo() }),
      .mistake("no 1", Checks.meanRadius { $0 * sqrt(.pi / 2) }, says: "w‖z‖ alone"),
      .mistake(
        "root of mean", Checks.meanRadius { 1 + $0 * sqrt(2) }, says: "the root of the mean"),
      .mistake("mode", Checks.meanRadius { 1 + $0 }, says: "whose density is largest"),
      .mistake("half outside", Checks.meanRadius { 1 + $0 * sqrt(.pi) / 2 }, says: "√π/2 stands"),
      .mistake("w for all", Checks.meanRadius { $0 * (1 + sqrt(.pi / 2)) }, says: "only ‖z‖"),
      .mistake("no root", Checks.meanRadius { 1 + $0 * .pi / 2 }, says: "the root is missing"),
      .mistake("2π", Checks.meanRadius { 1 + $0 * sqrt(2 * .pi) }, says: "over the whole line"),
      .mistake("mean square", Checks.meanRadius { 1 + 2 * $0 }, says: "mean of ‖z‖²"),
      .mistake("no w", Checks.meanRadius { _ in 1 + sqrt(.pi / 2) }, says: "w is missing"),
      .mistake("w²", Checks.meanRadius { 1 + $0 * $0 * sqrt(.pi / 2) }, says: "w is squared"),
      .mistake("median", Checks.meanRadius { 1 + $0 * sqrt(2 * log(2)) }, says: "median"),
      .mistake(
        "root mean square",
        Checks.meanRadius {
          sqrt(1 + 2 * $0 * sqrt(.pi / 2) + 2 * $0 * $0)
        }, says: "the mean of r²"),
      .mistake("no 1, √2", Checks.meanRadius { $0 * sqrt(2) }, says: "two mistakes"),
      .mistake("3.14", Checks.meanRadius { 1 + $0 * sqrt(3.14 / 2) }, says: "Double.pi"),
      .mistake("one number", Checks.meanRadius { 1 + $0 * sqrt(2 / .pi) }, says: "mean of |z₁|"),
      .mistake("inverse", Checks.meanRadius { 1 + $0 / sqrt(.pi / 2) }, says: "upside down"),
      .mistake("constant", Checks.meanRadius { _ in 1.125331 }, says: "for every input"),
      .mistake("infinite", Checks.meanRadius { 1 / ($0 - $0) }, says: "dividing by 0"),
    ]
  }
}
