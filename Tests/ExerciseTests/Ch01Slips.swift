import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

extension Ch01Exercises {
  /// Mistakes that only show as slips in a calculation.
  static var slips: [Attempt] {
    ringSlips + radiusSlips + jacobianSlips + imageDensitySlips + exponentialSlips
      + energyDistanceSlips + slopeSlips + loopSlips
  }

  private static var ringSlips: [Attempt] {
    [
      .mistake(
        "minus in z₂",
        Checks.ring { z, w in
          z.map { [w * $0[0] + $0[0] / length($0), w * $0[1] - $0[1] / length($0)] }
        }, says: "z₂/‖z‖ was subtracted"),
      .mistake(
        "wrong variable",
        Checks.ring { z, w in
          z.map { point in
            let size = length(point)
            var y = point[1]
            y = point[0] / size
            y /= size
            return [w * point[0] + point[0], w * point[1] + y]
          }
        }, says: "assigned to the wrong variable"),
      .mistake(
        "1 − w",
        Checks.ring { z, w in z.map { p in p.map { (1 - w) * $0 + $0 / length(p) } } },
        says: "`1 - width` stands where `width` belongs"),
    ]
  }

  private static var radiusSlips: [Attempt] {
    func exercise(_ density: @escaping (_ r: Double, _ w: Double) -> Double) -> Exercise {
      Checks.radiusDensity { radii, w in radii.map { $0 < 1 ? 0 : density($0, w) } }
    }
    return [
      .mistake(
        "r − w",
        exercise { r, w in (r - w) / (w * w) * exp(-(r - w) * (r - w) / (2 * w * w)) },
        says: "r − w stands where r − 1 should be"),
      .mistake(
        "r + 1", exercise { r, w in (r + 1) / (w * w) * exp(-(r - 1) * (r - 1) / (2 * w * w)) },
        says: "`r + 1` stands where `r - 1` belongs"),
      .mistake(
        "brackets", exercise { r, w in r - 1 / (w * w) * exp(-(r - 1) * (r - 1) / (2 * w * w)) },
        says: "brackets are missing"),
      .mistake(
        "mean of (1 + w)ρ", Checks.meanRadius { (1 + $0) * (Double.pi / 2).squareRoot() },
        says: "`(1 + width) * sqrt(pi / 2)` stands where"),
      .mistake(
        "sum", Checks.meanRadius { 1 + $0 + (Double.pi / 2).squareRoot() },
        says: "`width + sqrt(pi / 2)` stands where"),
    ]
  }

  private static var jacobianSlips: [Attempt] {
    /// The entries from those on the diagonal.
    func exercise(_ diagonal: @escaping (_ own: Double, _ length: Double) -> [Double]) -> Exercise {
      Checks.jacobian { z, w in
        let length = length(z)
        let across = -z[0] * z[1] / (length * length * length)
        let own = z.map { w + diagonal($0, length).reduce(0, +) }
        return [[own[0], across], [across, own[1]]]
      }
    }
    return [
      .mistake(
        "scalar product",
        Checks.jacobian { z, width in
          let length = length(z)
          let square = z[0] * z[0] + z[1] * z[1]
          let entry = width + 1 / length - square / (length * length * length)
          return [[entry, 0], [0, entry]]
        }, says: "z · z, one number, stands where zzᵀ belongs"),
      .mistake(
        "forward differences",
        Checks.jacobian { z, w in
          func image(_ z: [Double]) -> [Double] { z.map { w * $0 + $0 / length(z) } }
          let columns = [[1e-8, 0], [0, 1e-8]].map { step in
            zip(image([z[0] + step[0], z[1] + step[1]]), image(z)).map { ($0 - $1) / 1e-8 }
          }
          return [0, 1].map { row in columns.map { $0[row] } }
        }, says: "forward differences"),
      .mistake(
        "z for z²", exercise { [1 / $1, -$0 / ($1 * $1 * $1)] },
        says: "the factor `z[0]` is missing in `z[0] * z[0]`"),
      .mistake(
        "‖z‖ on the diagonal", exercise { [($1 * $1 - $0 * $0) / $1] },
        says: "the factor `the length * the length` is missing"),
    ]
  }

  private static var imageDensitySlips: [Attempt] {
    func exercise(
      _ squares: @escaping ([Double]) -> Double = { $0[0] * $0[0] + $0[1] * $0[1] },
      determinant: @escaping (_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double = {
        $0 * $3 - $1 * $2
      }
    ) -> Exercise {
      Checks.imageDensity { z, j in
        exp(-squares(z) / 2) / (2 * .pi) / abs(determinant(j[0][0], j[0][1], j[1][0], j[1][1]))
      }
    }
    return [
      .mistake(
        "−√(2π)",
        Checks.imageDensity { z, jacobian in
          let area = abs(jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0])
          let logs = z.map { -$0 * $0 / 2 - sqrt(2 * Double.pi) }
          return exp(logs[0] + logs[1]) / area
        }, says: "√(2π) stands where ½ log 2π belongs"),
      .mistake(
        "z₂ + z₂", exercise({ $0[0] * $0[0] + $0[1] + $0[1] }),
        says: "`z[1] + z[1]` stands where `z[1] * z[1]` belongs"),
      .mistake(
        "b²", exercise(determinant: { a, b, _, d in a * d - b * b }),
        says: "`jacobian[0][1]` stands where `jacobian[1][0]` belongs"),
    ]
  }

  private static var exponentialSlips: [Attempt] {
    [
      .mistake(
        "λ Φ", Checks.exponential { z, rate, phi in z.map { -log(1 - rate * phi($0)) / rate } },
        says: "`phi(z)` is multiplied by `rate`"),
      .mistake(
        "2 − u", Checks.exponential { z, rate, phi in z.map { -log(2 - phi($0)) / rate } },
        says: "`2` stands where `1` belongs"),
    ]
  }

  private static var energyDistanceSlips: [Attempt] {
    func exercise(
      _ distance: @escaping ([Double]) -> Double,
      _ whole: @escaping (_ xy: Double, _ xx: Double, _ yy: Double) -> Double
    ) -> Exercise {
      Checks.energyDistance { x, y in
        func mean(_ a: [[Double]], _ b: [[Double]]) -> Double {
          let sum = a.reduce(0) { sum, p in
            sum + b.reduce(0) { $0 + distance(zip(p, $1).map { $0 - $1 }) }
          }
          return sum / Double(a.count * b.count)
        }
        return whole(mean(x, y), mean(x, x), mean(y, y))
      }
    }
    return [
      .mistake(
        "square of a mean", exercise(length) { 2 * $0 * $0 - $1 - $2 },
        says: "squared"),
      .mistake(
        "quotient of means", exercise(length) { 2 * $0 / $1 - $2 },
        says: "stands where"),
    ]
  }

  private static var slopeSlips: [Attempt] {
    func exercise(_ eigenvalue: @escaping (_ p: Double, _ q: Double, _ r: Double) -> Double)
      -> Exercise
    {
      Checks.slope { j in
        let p = j[0][0] * j[0][0] + j[0][1] * j[0][1]
        let q = j[1][0] * j[1][0] + j[1][1] * j[1][1]
        return eigenvalue(p, q, j[0][0] * j[1][0] + j[0][1] * j[1][1]).squareRoot()
      }
    }
    return [
      .mistake(
        "power iteration from (1, 1)",
        Checks.slope { j in
          var x = [1.0, 1]
          for _ in 0..<50 {
            let y = j.map { $0[0] * x[0] + $0[1] * x[1] }
            x = [0, 1].map { j[0][$0] * y[0] + j[1][$0] * y[1] }
            let size = length(x)
            x = x.map { $0 / size }
          }
          return length(j.map { $0[0] * x[0] + $0[1] * x[1] })
        }, says: "is an eigenvector already"),
      .mistake(
        "trace of J squared",
        Checks.slope { j in
          let determinant = j[0][0] * j[1][1] - j[0][1] * j[1][0]
          let trace = (j[0][0] + j[1][1]) * (j[0][0] + j[1][1])
          let inside = max(0, trace * trace - 4 * determinant * determinant)
          return ((trace + inside.squareRoot()) / 2).squareRoot()
        }, says: "the square of the trace of J"),
      .mistake(
        "no 4",
        exercise { p, q, r in (p + q + ((p + q) * (p + q) - (p * q - r * r)).squareRoot()) / 2 },
        says: "the factor `4` is missing"),
      .mistake(
        "at least 0.1",
        exercise { p, q, r in
          (p + q) / 2 + max(0.1, (p + q) * (p + q) / 4 - p * q + r * r).squareRoot()
        },
        says: "by a limit or because that is added"),
      .mistake(
        "at least 1e-12",
        exercise { p, q, r in
          (p + q + max((p + q) * (p + q) - 4 * (p * q - r * r), 1e-12).squareRoot()) / 2
        },
        says: "by a limit or because that is added"),
      .mistake(
        "p", exercise { p, q, r in p + ((p - q) * (p - q) / 4 + r * r).squareRoot() },
        says: "`p` stands where `(p + q) / 2` belongs"),
    ]
  }
}
