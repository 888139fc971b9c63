import Autodiff
import Foundation
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct QuadratureTests {
  /// Every moment up to degree 2n − 1. All terms of an even one are positive, so its relative error
  /// is that of a term: 2 ulps of the node for each power, and those of the log weight, which is at
  /// most 2n.
  @Test(arguments: [1, 2, 3, 10, 33, 64]) func gaussHermiteIsExactForPolynomials(count: Int) {
    let rule = QuadratureRule.gaussHermite(count)
    var moment = 1.0
    for degree in 0..<2 * count {
      let powers = { (x: Double) in (0..<degree).reduce(1.0) { product, _ in product * x } }
      let integral = rule.integral(of: powers)
      if degree % 2 == 1 {
        // Nodes and weights are mirrored to the bit; the sum's roundings are not.
        let size = rule.integral { abs(powers($0)) }
        #expect(abs(integral) <= Double(count) * .ulpOfOne * size)
      } else {
        if degree > 0 { moment *= Double(degree - 1) }
        #expect(isClose(integral, moment, Double(2 * degree + 4 * count) * .ulpOfOne))
      }
    }
  }

  @Test(arguments: [1, 2, 3, 10, 33, 64]) func gaussLegendreIsExactForPolynomials(count: Int) {
    let rule = QuadratureRule.gaussLegendre(count, over: 0...2)
    for degree in 0..<2 * count {
      let integral = rule.integral { x in
        (0..<degree).reduce(1.0) { product, _ in product * x / 2 }
      }
      #expect(isClose(integral, 2 / Double(degree + 1), Double(2 * degree + 4 * count) * .ulpOfOne))
    }
  }

  @Test("Small Gauss–Hermite and Gauss–Legendre rules are the published ones")
  func smallRulesAreThoseOfTheBooks() {
    let hermite = QuadratureRule.gaussHermite(3)
    for (node, expected) in zip(hermite.nodes, [-3.0.squareRoot(), 0.0, 3.0.squareRoot()]) {
      #expect(isClose(node, expected, 4e-16))
    }
    for (weight, expected) in zip(hermite.weights, [1.0 / 6, 2.0 / 3, 1.0 / 6]) {
      #expect(isClose(weight, expected, 1e-15))
    }
    let legendre = QuadratureRule.gaussLegendre(2, over: -3...3)
    #expect(isClose(legendre.nodes[1], 3.0.squareRoot(), 4e-16))
    #expect(isClose(legendre.weights[0], 3, 1e-15))
  }

  @Test(arguments: [199, 200, 1000]) func largeRulesAreOrderedAndSymmetric(count: Int) {
    for rule in [QuadratureRule.gaussHermite(count), .gaussLegendre(count)] {
      #expect(rule.nodes.count == count)
      #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
      #expect(rule.nodes == rule.nodes.reversed().map { -$0 })
      #expect(rule.logWeights == rule.logWeights.reversed())
      #expect(rule.logWeights.allSatisfy { $0.isFinite })
    }
    // E[cos tz] = exp(−t²/2), which 199 points give to the rounding of terms that sum to 1.
    let rule = QuadratureRule.gaussHermite(count)
    for t in [0.0, 1, 5, 10] {
      #expect(abs(rule.integral { cos(t * $0) } - exp(-t * t / 2)) < Double(count) * 2e-15)
    }
  }

  /// The largest node of 1000 is near 63, where the density is 10⁻⁸⁶².
  @Test("Weights too small for a Double keep their logarithms")
  func farWeightsRemainInLogSpace() {
    let rule = QuadratureRule.gaussHermite(1000)
    #expect(rule.weights[0] == 0)
    #expect(rule.logWeights[0] < -1900 && rule.logWeights[0] > -2100)
  }

  @Test func expectationUnderANormal() {
    let normal = Normal(mean: 3, variance: 4)
    #expect(isClose(normal.expectation(by: .gaussHermite(2)) { $0 * $0 }, 13, 1e-14))
    // E[exp x] = exp(μ + σ²/2)
    #expect(isClose(normal.expectation { exp($0) }, exp(5), 1e-13))
  }

  /// ∬ exp(−x²/2 − 2y²) = π, and E exp(x·y/2) = (1 − ¼)^−½ under N(0, I).
  @Test func planeGridsIntegrateInLogSpace() {
    let trapezoidal = PlaneGrid(
      .trapezoidal(81, over: -10...10), .trapezoidal(101, over: -6...6))
    #expect(trapezoidal.points.shape == [81 * 101, 2])
    let logValues = pairs(trapezoidal).map { -$0 * $0 / 2 - 2 * $1 * $1 - 5000 }
    #expect(abs(trapezoidal.logIntegral(ofExp: logValues) + 5000 - log(.pi)) < 2e-12)
    let hermite = PlaneGrid(.gaussHermite(80), .gaussHermite(60))
    let expectation = hermite.logIntegral(ofExp: pairs(hermite).map { $0 * $1 / 2 })
    #expect(abs(expectation + 0.5 * log(0.75)) < 1e-12)
  }

  @Test("The trapezoidal rule gives its ends half a weight")
  func trapezoidalWeighsItsEndsHalf() {
    let rule = QuadratureRule.trapezoidal(3, over: 1...5)
    #expect(rule.nodes == [1, 3, 5])
    for (weight, expected) in zip(rule.weights, [1.0, 2, 1]) {
      #expect(isClose(weight, expected, 4e-16))
    }
  }

  private func pairs(_ grid: PlaneGrid) -> [(Double, Double)] {
    let points = grid.points.scalars
    return (0..<points.count / 2).map { (points[2 * $0], points[2 * $0 + 1]) }
  }
}

@Suite struct IntegrationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var start: Double
    var end: Double
    var value: Double
    var function: @Sendable (Double) -> Double
  }

  static let cases = [
    Case(testDescription: "sine", start: 0, end: .pi, value: 2) { sin($0) },
    Case(testDescription: "backwards", start: .pi, end: 0, value: -2) { sin($0) },
    Case(testDescription: "empty", start: 1, end: 1, value: 0) { $0 },
    Case(testDescription: "kink", start: 0, end: 1, value: 5 / 18) { abs($0 - 1 / 3) },
    Case(testDescription: "pole of the slope", start: 0, end: 1, value: 2 / 3) { $0.squareRoot() },
    Case(testDescription: "logarithm", start: 0, end: 1, value: -1) { log($0) },
    Case(testDescription: "normal", start: -.infinity, end: .infinity, value: 1) {
      Normal.standard.density(at: $0)
    },
    Case(testDescription: "far and narrow", start: -.infinity, end: .infinity, value: 1) {
      Normal(mean: 3, variance: 0.01).density(at: $0)
    },
    Case(testDescription: "Cauchy", start: -.infinity, end: .infinity, value: .pi) {
      1 / (1 + $0 * $0)
    },
    Case(testDescription: "Gamma(4)", start: 0, end: .infinity, value: 6) {
      $0 * $0 * $0 * exp(-$0)
    },
    Case(testDescription: "lower half", start: -.infinity, end: 1, value: exp(1)) { exp($0) },
    Case(testDescription: "tiny", start: 0, end: 1, value: 1e-300 / 3) { 1e-300 * $0 * $0 },
  ]

  @Test(arguments: cases) func knownIntegralsHold(of integrand: Case) {
    let integral = integrate(integrand.function, from: integrand.start, to: integrand.end)
    #expect(isClose(integral.value, integrand.value, 1e-12))
    #expect(integral.errorEstimate <= 1e-12 * abs(integrand.value) * 1.01)
    #expect(abs(integral.value - integrand.value) <= integral.errorEstimate)
  }

  @Test("The integral of an odd function around 0 is 0")
  func oddFunctionsVanish() {
    let integral = integrate({ $0 * exp(-$0 * $0 / 2) }, from: -.infinity, to: .infinity)
    #expect(abs(integral.value) <= 2e-12)
  }

  /// The 15-point rule is exact to degree 22, and its 7 Gauss points to degree 13, up to the
  /// roundings of as many products and of the sum.
  @Test func gaussAndKronrodRulesAreExactForPolynomials() {
    for degree in 0...22 {
      let powers = kronrod.map { rule in
        (0..<degree).reduce(1.0) { product, _ in product * rule.node }
      }
      let exact = degree % 2 == 0 ? 2 / Double(degree + 1) : 0
      let tolerance = Double(degree + 15) * .ulpOfOne
      let integral = zip(kronrod, powers).reduce(0) { $0 + $1.0.weight * $1.1 }
      #expect(abs(integral - exact) < tolerance)
      let gauss = zip(kronrod, powers).reduce(0) { $0 + $1.0.gaussWeight * $1.1 }
      #expect((abs(gauss - exact) < tolerance) == (degree <= 13 || degree % 2 == 1))
    }
  }

  @Test("An integral that does not converge has a large error estimate, and one of NaN is NaN")
  func anImpossibleIntegralSaysSo() {
    #expect(integrate({ 1 / $0 }, from: 0, to: 1).errorEstimate > 1e-3)
    #expect(integrate({ _ in .nan }, from: 0, to: 1).value.isNaN)
  }
}
