import Autodiff
import Claims
import Notebook
import Probability
import Testing

@testable import Ch01_Ring

@Suite struct RadiusTests {
  private let distribution = RadiusDistribution(w: 0.3)

  /// The integrals are by quadrature, with errors below 10⁻¹².
  @Test("The moments of the radius are integrals of its density")
  func moments() {
    func moment(_ function: (Double) -> Double) -> Double {
      integrate({ function($0) * distribution.density(at: $0) }, from: 1, to: 1 + 12 * 0.3).value
    }
    let (mean, variance) = (distribution.mean, distribution.variance)
    #expect(abs(moment { _ in 1 } - 1) < 1e-12)
    #expect(abs(moment { $0 } - mean) < 1e-12)
    #expect(abs(moment { ($0 - mean) * ($0 - mean) } - variance) < 1e-12)
    let fourth = moment { ($0 - mean) * ($0 - mean) * ($0 - mean) * ($0 - mean) }
    #expect(abs(fourth / (variance * variance) - distribution.kurtosis) < 1e-10)
  }

  @Test(
    "The probability of a radius up to r is the integral of the density", arguments: [1.1, 1.3, 2])
  func probabilities(r: Double) {
    let integral = integrate(distribution.density, from: 1, to: r).value
    #expect(abs(distribution.cumulativeProbability(upTo: r) - integral) < 1e-12)
  }

  @Test("No radius is below 1")
  func hole() {
    #expect(distribution.density(at: 0.9) == 0)
    #expect(distribution.cumulativeProbability(upTo: 0.9) == 0)
  }

  private static var ring: Tensor<Double> {
    var generator = SeededGenerator(seed: 3)
    return RingFunction.g(.normal([10_000, 2], using: &generator), width: 0.1)
  }

  @Test("The ring's own distributions fit, and a normal one does not")
  func tests() {
    let radius = Radius(Self.ring, width: 0.1)
    #expect(radius.radiusTest.pValue > 1e-3 && radius.angleTest.pValue > 1e-3)
    #expect(radius.normalTest.pValue < 1e-10)
  }

  @Test("The checks find a width that is wrong by a twentieth")
  func wrongWidth() {
    let radius = Radius(Self.ring, width: 0.095)
    #expect(!Check("", .distributed(radius.radiusTest, count: 10_000)).holds)
    #expect(abs(radius.mean.mean - radius.distribution.mean) > 4 * radius.meanError)
    let deviation = radius.distribution.variance.squareRoot()
    #expect(abs(radius.mean.variance.squareRoot() - deviation) > 4 * radius.deviationError)
  }

  @Test("The checks find a ring whose hole is larger by a hundredth")
  func wrongHole() {
    let radius = Radius(Self.ring * 1.01, width: 0.1)
    #expect(!Check("", .distributed(radius.radiusTest, count: 10_000)).holds)
    #expect(Check("", .distributed(radius.angleTest, count: 10_000)).holds)
  }
}
