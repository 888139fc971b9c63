// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch01-Ring exercises
// To check them again whenever you save this file:
//   swift run Ch01-Ring exercises watch

import Exercises
import Foundation

enum Exercises {
  /// The ring of section 1.1: g(z) = w z + z/‖z‖ for each point z, where ‖z‖ is the length of z.
  ///
  /// Example: `ring([[3, 4]], width: 0.1)` is `[[0.9, 1.2]]`. The length of (3, 4) is 5.
  ///
  /// - Parameters:
  ///   - z: n points in the plane, [n][2]; some may be very near (0, 0), but none is there.
  ///   - width: w, positive.
  /// - Returns: The n images, [n][2].
  static func ring(_ z: [[Double]], width: Double) throws -> [[Double]] {
    return try todo()
  }

  /// The density of the radius r = 1 + w‖z‖ of section 1.2, for z from N(0, I) in the plane:
  /// p(r) = (r − 1)/w² · exp(−(r − 1)²/(2w²)) for r ≥ 1, and 0 for r < 1.
  ///
  /// Example: `radiusDensity(at: [0.9, 1.1], width: 0.1)` is `[0, 6.0653]`: the second number is
  /// 10 · e^(−1/2).
  ///
  /// - Parameters:
  ///   - radii: Any n radii.
  ///   - width: w, positive.
  /// - Returns: The density at each of them, [n].
  static func radiusDensity(at radii: [Double], width: Double) throws -> [Double] {
    return try todo()
  }

  /// The exact mean of the radius r = 1 + w‖z‖ for z from N(0, I) in the plane. First find the mean
  /// of ρ = ‖z‖ on paper: it is the integral of ρ · ρ exp(−ρ²/2) over all ρ ≥ 0.
  ///
  /// Example: `meanRadius(width: 0.1)` is 1.1253.
  ///
  /// - Parameter width: w, positive.
  static func meanRadius(width: Double) throws -> Double {
    return try todo()
  }

  /// The Jacobian of g(z) = w z + z/‖z‖ at a point, as in section 1.3, without automatic
  /// differentiation: row i, column j holds ∂gᵢ/∂zⱼ.
  ///
  /// Example: `jacobian(at: [0, -2], width: 0.5)` is `[[1, 0], [0, 0.5]]`. Along z, only the term
  /// w z changes; at right angles to z, the term z/‖z‖ changes as well.
  ///
  /// - Parameters:
  ///   - z: A point in the plane, [2]; it may be near (0, 0), but is not there.
  ///   - width: w, positive.
  /// - Returns: Two rows of two numbers, [2][2].
  static func jacobian(at z: [Double], width: Double) throws -> [[Double]] {
    return try todo()
  }

  /// The change of variables of section 1.3, for any g: the density p(x) = p(z)/|det J| of
  /// x = g(z), where z is drawn from N(0, I) in the plane and J is the Jacobian of g at z.
  ///
  /// Example: `imageDensity(at: [0, 0], jacobian: [[2, 0], [0, 3]])` is 0.026526: p(0, 0) is
  /// 1/(2π), and g makes areas 6 times as large.
  ///
  /// - Parameters:
  ///   - z: The point in the plane that g sends to x, [2].
  ///   - jacobian: ∂gᵢ/∂zⱼ at z, [2][2]. Its determinant may be small or negative, but not 0.
  /// - Returns: p(x), positive, per unit of area.
  static func imageDensity(at z: [Double], jacobian: [[Double]]) throws -> Double {
    return try todo()
  }

  /// Exponentially distributed numbers from normal ones, as in section 1.4: x = F⁻¹(Φ(z)), where
  /// F(x) = 1 − e^(−λx) is the distribution function that x should have. As z grows, so does x.
  ///
  /// Example: `exponential([0], rate: 2, phi: …)` is `[0.34657]`: half of all x lie below
  /// (log 2)/λ.
  ///
  /// - Parameters:
  ///   - z: n standard normal numbers from −8 to 8, where 1 − Φ(z) is still different from 0 and
  ///     from 1.
  ///   - rate: λ, positive: the mean of x is 1/λ.
  ///   - phi: Φ, the distribution function of z, which you are given: `phi(0)` is 0.5.
  /// - Returns: n positive numbers.
  static func exponential(
    _ z: [Double], rate: Double, phi: (Double) -> Double
  ) throws -> [Double] {
    return try todo()
  }

  /// The energy distance between two samples, 2 E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖ (section 1.5),
  /// where each E is the mean over all pairs: n · m pairs of X and Y, n · n of X and X′, m · m of Y
  /// and Y′. Unlike in section 1.5, a point also forms a pair with itself, so the result is never
  /// negative.
  ///
  /// Example: `energyDistance([[0], [2]], [[1], [1]])` is 1. The three means are 1, 1 and 0.
  ///
  /// - Parameters:
  ///   - x: n points in d dimensions, [n][d].
  ///   - y: m points, [m][d].
  static func energyDistance(_ x: [[Double]], _ y: [[Double]]) throws -> Double {
    return try todo()
  }

  /// The slope of a function at a point (section 1.5): the factor by which it stretches lengths in
  /// the direction in which it stretches them most. It is the largest singular value of the Jacobian
  /// J there, which is the root of the larger eigenvalue of the 2 × 2 matrix JJᵀ.
  ///
  /// Example: `slope(of: [[0, -2], [0.5, 0]])` is 2. JJᵀ is [[4, 0], [0, 0.25]], with the
  /// eigenvalues 4 and 0.25.
  ///
  /// - Parameter jacobian: J, two rows of two numbers, [2][2]. Its determinant may be 0, and
  ///   its singular values may be equal.
  /// - Returns: The slope, at least 0.
  static func slope(of jacobian: [[Double]]) throws -> Double {
    return try todo()
  }

  /// Points from any distribution on the unit square, made from normal numbers by Knothe's
  /// construction (section 1.4): x₁ = F₁⁻¹(Φ(z₁)), then x₂ = F₂⁻¹(Φ(z₂) | x₁). You are given only a
  /// function that evaluates the density, so you have to compute F₁ and F₂ by numerical
  /// integration.
  ///
  /// Example: for a density that is 1 everywhere, x is (Φ(z₁), Φ(z₂)). For the density x₁ + x₂,
  /// `z = [[0, 0]]` gives `[[0.618, 0.607]]`.
  ///
  /// - Parameters:
  ///   - z: n pairs of standard normal numbers, [n][2].
  ///   - density: p(x₁, x₂) up to an unknown constant factor: smooth, and positive inside the
  ///     square from (0, 0) to (1, 1). Evaluate it 100,000 times if you like, but not 10 million
  ///     times.
  ///   - phi: Φ, the distribution function of z₁ and z₂.
  /// - Returns: n points of the unit square, [n][2], each number within 0.001 of the true one.
  static func knothe(
    _ z: [[Double]], density: (Double, Double) -> Double, phi: (Double) -> Double
  ) throws -> [[Double]] {
    return try todo()
  }
}
