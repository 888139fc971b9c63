import Autodiff
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct RayleighTests {
  private let law = Rayleigh(scale: 0.3)

  /// The integrals of the density by quadrature, whose error is below 10⁻¹².
  @Test("The moments of a Rayleigh distribution are integrals over its density")
  func momentsAreThoseOfTheDensity() {
    func moment(_ function: (Double) -> Double) -> Double {
      integrate({ function($0) * law.density(at: $0) }, from: 0, to: 12 * law.scale).value
    }
    let (mean, variance) = (law.mean, law.variance)
    #expect(isClose(moment { _ in 1 }, 1, 1e-12))
    #expect(isClose(moment { $0 }, mean, 1e-12))
    #expect(isClose(moment { ($0 - mean) * ($0 - mean) }, variance, 1e-12))
    let fourth = moment { ($0 - mean) * ($0 - mean) * ($0 - mean) * ($0 - mean) }
    #expect(isClose(fourth, law.kurtosis * variance * variance, 1e-11))
  }

  @Test(
    "The probabilities of a Rayleigh distribution are integrals of its density",
    arguments: [0.1, 0.3, 1])
  func probabilitiesAreThoseOfTheDensity(x: Double) {
    let integral = integrate(law.density, from: 0, to: x).value
    #expect(isClose(law.cumulativeProbability(upTo: x), integral, 1e-12))
    #expect(isClose(law.quantile(law.cumulativeProbability(upTo: x)), x, 1e-12))
  }

  @Test("A Rayleigh distribution gives negative lengths no probability")
  func noLengthIsNegative() {
    #expect(law.density(at: -1) == 0 && law.cumulativeProbability(upTo: -1) == 0)
    #expect(law.quantile(0) == 0 && law.quantile(1) == .infinity)
  }

  @Test("The lengths of normal points in the plane have a Rayleigh distribution")
  func lengthsOfNormalPointsFollowIt() {
    var generator = SeededGenerator(seed: 71)
    let polar = PolarCoordinates(.normal([10_000, 2], using: &generator) * 0.3)
    let test = KolmogorovSmirnovTest(polar.radii) { law.cumulativeProbability(upTo: $0) }
    #expect(test.pValue > 1e-6)
  }
}
