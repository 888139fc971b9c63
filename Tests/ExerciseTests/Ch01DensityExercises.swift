import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

extension Ch01Exercises {
  // MARK: - Section 1.3

  static var jacobian: [Attempt] {
    /// a I + b zzᵀ, with a and b from the length and w.
    func exercise(
      _ a: @escaping (_ length: Double, _ w: Double) -> Double,
      _ b: @escaping (_ length: Double) -> Double, offDiagonal: Double = 1
    ) -> Exercise {
      Checks.jacobian { z, w in
        let (a, b) = (a(length(z), w), b(length(z)))
        return [
          [a + b * z[0] * z[0], offDiagonal * b * z[0] * z[1]],
          [offDiagonal * b * z[1] * z[0], a + b * z[1] * z[1]],
        ]
      }
    }
    let a = { (length: Double, w: Double) in w + 1 / length }
    let b = { (length: Double) in -1 / (length * length * length) }
    return [
      .solution(exercise(a, b)),
      .stub(Checks.jacobian { _, _ in try todo() }),
      .mistake("constant length", exercise(a) { _ in 0 }, says: "treated as a constant"),
      .mistake("square", exercise(a) { -1 / ($0 * $0) }, says: "gives ‖z‖³"),
      .mistake("sign", exercise(a) { -b($0) }, says: "subtracts it"),
      .mistake("no w", exercise({ length, _ in 1 / length }, b), says: "derivative is w I"),
      .mistake("diagonal", exercise(a, b, offDiagonal: 0), says: "only the diagonal"),
      .mistake(
        "numerator",
        Checks.jacobian { z, w in
          let r = length(z)
          return (0..<2).map { i in
            (0..<2).map { j in (i == j ? w + r : 0) - z[i] * z[j] / r }
          }
        }, says: "denominator ‖z‖² is missing"),
      .mistake(
        "w everywhere",
        Checks.jacobian { z, w in
          (0..<2).map { i in
            (0..<2).map { j in w + (i == j ? 1 / length(z) : 0) + b(length(z)) * z[i] * z[j] }
          }
        }, says: "w stands in every entry"),
      .mistake(
        "w for all",
        Checks.jacobian { z, w in
          let r = length(z)
          return (0..<2).map { i in
            (0..<2).map { j in w * ((i == j ? 1 + 1 / r : 0) - z[i] * z[j] / (r * r * r)) }
          }
        }, says: "everything was multiplied by w"),
      .mistake(
        "differences",
        Checks.jacobian { z, w in
          func g(_ x: Double, _ y: Double) -> [Double] {
            [x, y].map { w * $0 + $0 / sqrt(x * x + y * y) }
          }
          let h = 1e-4
          let (a, b, c) = (g(z[0], z[1]), g(z[0] + h, z[1]), g(z[0], z[1] + h))
          return [
            [(b[0] - a[0]) / h, (c[0] - a[0]) / h], [(b[1] - a[1]) / h, (c[1] - a[1]) / h],
          ]
        }, says: "forward differences"),
      .mistake("no 1/‖z‖", exercise({ _, w in w }, b), says: "I/‖z‖ of the quotient rule"),
      .mistake("off-diagonal", exercise(a, b, offDiagonal: -1), says: "off the diagonal have"),
      .mistake("‖z‖", exercise(a) { -1 / $0 }, says: "divided by ‖z‖;"),
      .mistake("twice", exercise(a) { 2 * b($0) }, says: "counts twice"),
      .mistake(
        "no root",
        Checks.jacobian { z, w in
          let r = z[0] * z[0] + z[1] * z[1]
          return (0..<2).map { i in
            (0..<2).map { j in (i == j ? w + 1 / r : 0) - z[i] * z[j] / (r * r * r) }
          }
        }, says: "without its root"),
      .mistake(
        "constant, no w", exercise({ length, _ in 1 / length }) { _ in 0 }, says: "two mistakes"),
      .mistake("determinant", Checks.jacobian { z, w in [[w * a(length(z), w)]] }, says: "1 × 1"),
    ]
  }

  static var imageDensity: [Attempt] {
    /// p(z) over a formula in the numbers a, b, c, d of the Jacobian.
    func exercise(
      constant: Double = 2 * .pi, _ area: @escaping (Double, Double, Double, Double) -> Double
    ) -> Exercise {
      Checks.imageDensity { z, jacobian in
        let density = exp(-(z[0] * z[0] + z[1] * z[1]) / 2) / constant
        return density / area(jacobian[0][0], jacobian[0][1], jacobian[1][0], jacobian[1][1])
      }
    }
    return [
      .solution(exercise { a, b, c, d in abs(a * d - b * c) }),
      .stub(Checks.imageDensity { _, _ in try todo() }),
      .mistake("p(z)", exercise { _, _, _, _ in 1 }, says: "the density before g"),
      .mistake("times", exercise { a, b, c, d in 1 / abs(a * d - b * c) }, says: "multiplied by"),
      .mistake("negative", exercise { a, b, c, d in a * d - b * c }, says: "never negative"),
      .mistake("plus", exercise { a, b, c, d in abs(a * d + b * c) }, says: "not a d + b c"),
      .mistake("diagonal", exercise { a, _, _, d in abs(a * d) }, says: "product of the diagonal"),
      .mistake(
        "cut off", exercise { a, b, c, d in max(a * d - b * c, 1e-10) }, says: "is not cut to"),
      .mistake(
        "log without sign",
        Checks.imageDensity { z, j in
          let a = j[0][0] * j[1][1] - j[0][1] * j[1][0]
          return exp(-(z[0] * z[0] + z[1] * z[1]) / 2 - log(2 * .pi) - log(a))
        }, says: "negative determinant is NaN"),
      .mistake("sums", exercise { a, b, c, d in abs(a + d - b - c) }, says: "not a + d − b − c"),
      .mistake(
        "root", exercise { a, b, c, d in sqrt(abs(a * d - b * c)) }, says: "root of |det J|"),
      .mistake("trace", exercise { a, _, _, d in abs(a + d) }, says: "the trace"),
      .mistake("rows", exercise { a, b, c, d in abs(a * b - c * d) }, says: "not a b − c d"),
      .mistake(
        "no 2π", exercise(constant: 1) { a, b, c, d in abs(a * d - b * c) },
        says: "1/(2π) of the density is missing"),
      .mistake(
        "precedence",
        Checks.imageDensity { z, j in
          let p = 1 / 2 * Double.pi * exp(-(z[0] * z[0] + z[1] * z[1]) / 2)
          return p / abs(j[0][0] * j[1][1] - j[0][1] * j[1][0])
        }, says: "multiplies by π"),
      .mistake(
        "no ½",
        Checks.imageDensity { z, j in
          exp(-(z[0] * z[0] + z[1] * z[1])) / (2 * .pi)
            / abs(j[0][0] * j[1][1] - j[0][1] * j[1][0])
        }, says: "½ in the exponent"),
      .mistake(
        "first coordinate",
        Checks.imageDensity { z, j in
          exp(-z[0] * z[0] / 2) / (2 * .pi) / abs(j[0][0] * j[1][1] - j[0][1] * j[1][0])
        }, says: "only z₁"),
      .mistake(
        "log",
        Checks.imageDensity { z, j in
          -(z[0] * z[0] + z[1] * z[1]) / 2 - log(2 * .pi)
            - log(abs(j[0][0] * j[1][1] - j[0][1] * j[1][0]))
        }, says: "log p(x)"),
      .mistake(
        "times, no sign", exercise { a, b, c, d in 1 / (a * d - b * c) }, says: "two mistakes"),
      .mistake(
        "one dimension", exercise(constant: sqrt(2 * .pi)) { a, b, c, d in abs(a * d - b * c) },
        says: "in the plane it is 1/(2π)"),
    ]
  }
}
