import Exercises
import Foundation
import Testing

@testable import Ch01_Ring

@Suite struct Ch01Exercises {
  static var attempts: [Attempt] {
    ring + radiusDensity + meanRadius + jacobian + imageDensity + exponential + energyDistance
      + knothe
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  private static func length(_ point: [Double]) -> Double {
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
      .mistake("mode", Checks.meanRadius { 1 + $0 }, says: "density is largest"),
      .mistake("one number", Checks.meanRadius { 1 + $0 * sqrt(2 / .pi) }, says: "mean of |z₁|"),
      .mistake("constant", Checks.meanRadius { _ in 1.125331 }, says: "for every input"),
      .mistake("infinite", Checks.meanRadius { 1 / ($0 - $0) }, says: "dividing by 0"),
    ]
  }

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
        "one dimension", exercise(constant: sqrt(2 * .pi)) { a, b, c, d in abs(a * d - b * c) },
        says: "in the plane it is 1/(2π)"),
    ]
  }

  // MARK: - Sections 1.4 and 1.5

  static var exponential: [Attempt] {
    /// x from a formula in Φ(z) and λ.
    func exercise(_ function: @escaping (_ u: Double, _ rate: Double) -> Double) -> Exercise {
      Checks.exponential { z, rate, phi in z.map { function(phi($0), rate) } }
    }
    return [
      .solution(exercise { u, rate in -log(1 - u) / rate }),
      .stub(Checks.exponential { _, _, _ in try todo() }),
      .mistake("falling", exercise { u, rate in -log(u) / rate }, says: "falls as z grows"),
      .mistake("F", exercise { u, rate in 1 - exp(-rate * u) }, says: "that is F(Φ(z))"),
      .mistake("uniform", exercise { u, _ in u }, says: "still uniform"),
      .mistake("times λ", exercise { u, rate in -log(1 - u) * rate }, says: "multiplied by λ"),
      .mistake("sign", exercise { u, rate in log(1 - u) / rate }, says: "the sign is missing"),
      .mistake(
        "z for u", Checks.exponential { z, rate, _ in z.map { -log(1 - $0) / rate } },
        says: "to z itself"),
      .mistake("infinite", exercise { _, _ in .infinity }, says: "got ∞"),
    ]
  }

  static var energyDistance: [Attempt] {
    func sum(
      _ a: [[Double]], _ b: [[Double]], of function: (Double) -> Double = { $0 }
    ) -> Double {
      var sum = 0.0
      for p in a {
        for q in b { sum += function(length(zip(p, q).map { $0 - $1 })) }
      }
      return sum
    }
    /// a E‖X − Y‖ + b (E‖X − X′‖ + E‖Y − Y′‖).
    func exercise(
      _ a: Double, _ b: Double, of function: @escaping (Double) -> Double = { $0 },
      then last: @escaping (Double) -> Double = { $0 }
    ) -> Exercise {
      Checks.energyDistance { x, y in
        let (n, m) = (Double(x.count), Double(y.count))
        let within = sum(x, x, of: function) / (n * n) + sum(y, y, of: function) / (m * m)
        return last(a * sum(x, y, of: function) / (n * m) + b * within)
      }
    }
    return [
      .solution(exercise(2, -1)),
      .stub(Checks.energyDistance { _, _ in try todo() }),
      .mistake("once", exercise(1, -1), says: "counts twice"),
      .mistake("added", exercise(2, 1), says: "subtracted, not added"),
      .mistake("half", exercise(2, -0.5), says: "half of the pairs"),
      .mistake(
        "no pair with itself",
        Checks.energyDistance { x, y in
          let (n, m) = (Double(x.count), Double(y.count))
          let within = sum(x, x) / (n * (n - 1)) + sum(y, y) / (m * (m - 1))
          return 2 * sum(x, y) / (n * m) - within
        }, says: "were left out"),
      .mistake("squares", exercise(2, -1, of: { $0 * $0 }), says: "were squared"),
      .mistake(
        "sums", Checks.energyDistance { x, y in 2 * sum(x, y) - sum(x, x) - sum(y, y) },
        says: "sums over the pairs"),
      .mistake("root", exercise(2, -1, then: { sqrt(max($0, 0)) }), says: "square root"),
      .mistake("NaN", exercise(2, -1, then: { _ in .nan }), says: "got NaN"),
    ]
  }

  // MARK: - Knothe's construction

  static var knothe: [Attempt] {
    typealias Density = (Double, Double) -> Double
    let count = 100
    let midpoints = (0..<count).map { (Double($0) + 0.5) / Double(count) }

    /// The x up to which the densities in the cells have the share u.
    func quantile(_ u: Double, _ cells: [Double]) -> Double {
      var rest = u * cells.reduce(0, +)
      for (index, cell) in cells.enumerated() {
        if rest <= cell { return (Double(index) + rest / cell) / Double(cells.count) }
        rest -= cell
      }
      return 1
    }
    func firstMarginal(_ density: Density) -> [Double] {
      midpoints.map { first in midpoints.reduce(0) { $0 + density(first, $1) } }
    }
    func secondMarginal(_ density: Density) -> [Double] {
      midpoints.map { second in midpoints.reduce(0) { $0 + density($1, second) } }
    }
    func exercise(
      _ image: @escaping (_ u: Double, _ v: Double, _ density: Density) -> [Double]
    ) -> Exercise {
      Checks.knothe { z, density, phi in z.map { image(phi($0[0]), phi($0[1]), density) } }
    }
    return [
      .solution(
        exercise { u, v, density in
          let first = quantile(u, firstMarginal(density))
          return [first, quantile(v, midpoints.map { density(first, $0) })]
        }),
      .stub(Checks.knothe { _, _, _ in try todo() }),
      .mistake("uniform", exercise { u, v, _ in [u, v] }, says: "that is Φ(z)"),
      .mistake(
        "independent",
        exercise { u, v, density in
          [quantile(u, firstMarginal(density)), quantile(v, secondMarginal(density))]
        }, says: "whatever x₁ is"),
      .mistake(
        "given u",
        exercise { u, v, density in
          [quantile(u, firstMarginal(density)), quantile(v, midpoints.map { density(u, $0) })]
        }, says: "given Φ(z₁)"),
      .mistake(
        "other order",
        exercise { u, v, density in
          let second = quantile(v, secondMarginal(density))
          return [quantile(u, midpoints.map { density($0, second) }), second]
        }, says: "x₂ was computed first"),
      .mistake(
        "along the edge",
        exercise { u, v, density in
          let first = quantile(u, midpoints.map { density($0, 0) })
          return [first, quantile(v, midpoints.map { density(first, $0) })]
        }, says: "along the edge"),
      .mistake("first alone", exercise { u, _, _ in [u] }, says: "expected 1 × 2 numbers"),
    ]
  }
}
