import Autodiff
import Probability
import StatisticalChecks
import Testing

@testable import Ch03_KLIdentity

/// Expectations under normal distributions, mixtures, and the model of one latent number.
///
/// A sum over m nodes is off by at most m · 2⁻⁵² of the sum of sizes: 10⁻¹³ for 401 nodes and 5 · 10⁻¹³
/// for 2001, of numbers of size 1. Where logarithms of size 10 or 20 are summed, or the other side is
/// adaptive (to 10⁻¹² of ∫|f|), the tolerance is ten or twenty times as much. Differences in the
/// gradient check are good to 10⁻⁹.
@Suite struct Ch03ScalarLatentModelTests {
  static let rule = QuadratureRule.standardNormal(401)

  /// Moments 1, 3, 15, 105 of even degree, to the roundings of 401 positive terms.
  @Test("The trapezoidal rule for a standard normal gives its moments")
  func standardNormalRuleHasTheMoments() {
    for (degree, moment) in [(0, 1.0), (2, 1), (4, 3), (6, 15), (8, 105)] {
      let integral = Self.rule.integral { x in (0..<degree).reduce(1.0) { y, _ in y * x } }
      #expect(isClose(integral, moment, 401 * .ulpOfOne))
    }
  }

  @Test func expectationsOfABatch() {
    let q = DiagonalNormal(
      mean: Tensor<Double>([0.5, -1], shape: [2, 1, 1]),
      logVariance: Tensor([0, .log(4)], shape: [2, 1, 1]))
    let second = q.expectation(by: Self.rule) { z in z.squared.sum(axis: -1) }
    #expect(second.shape == [2, 1])
    #expect(isClose(second[0, 0], 1.25, 1e-13))
    #expect(isClose(second[1, 0], 5, 1e-13))
  }

  @Test func expectationsCanBeDifferentiated() {
    var generator = SeededGenerator(seed: 70)
    let q = DiagonalNormal(
      mean: Tensor<Double>([0.5, -1], shape: [2, 1, 1]),
      logVariance: Tensor([0.3, -0.4], shape: [2, 1, 1]))
    let check = checkGradient(at: q, using: &generator) { q in
      q.expectation(by: Self.rule) { z in sin(z).sum(axis: -1) }.squared.sum()
    }
    #expect(check.relativeError < 1e-8)
  }

  /// The closed form against the quadrature of log P(X|z), for one latent number.
  @Test func expectedLogProbabilityOfALinearModel() throws {
    let model = LinearGaussianModel(
      weight: Tensor([0.7, -1.2, 0.4], shape: [3, 1]), bias: Tensor([0.1, 0.2, -0.3]),
      logVariance: Tensor(-0.5))
    let x = Tensor([1, -0.5, 0.25])
    let q = MultivariateNormal(
      mean: Tensor([0.6]), choleskyFactor: Tensor([0.8], shape: [1, 1]))
    let batch = DiagonalNormal(
      mean: Tensor([0.6], shape: [1, 1, 1]),
      logVariance: Tensor([2 * Double.log(0.8)], shape: [1, 1, 1]))
    let quadrature = batch.expectation(by: Self.rule) { z in
      model.logProbability(of: x.reshaped([1, 3]), given: z.reshaped([z.count, 1]))
    }
    #expect(
      isClose(
        model.expectedLogProbability(of: x, under: q).scalar, quadrature.scalar, 1e-12))
  }

  // MARK: NormalMixture

  static var mixture: NormalMixture {
    NormalMixture(
      logits: Tensor([0.2, -1, 0.5]), mean: Tensor([-2, 0.3, 1]),
      logVariance: Tensor([-1, -3, 0.4]))
  }

  @Test("A mixture of one component is that normal distribution")
  func aMixtureOfOneIsNormal() {
    let normal = Normal(mean: 0.4, variance: 0.6)
    let x = Tensor([-3.0, 0, 2.5], shape: [3, 1])
    let logs = NormalMixture(normal).logProbability(of: x).scalars
    for (x, log) in zip(x.scalars, logs) {
      #expect(isClose(log, normal.logProbability(of: x), 1e-14))
    }
  }

  @Test func theDensityIntegratesToOne() {
    let integral = integrate(
      { x in .exp(Self.mixture.logProbability(of: Tensor([x])).scalar) }, from: -20, to: 20)
    #expect(abs(integral.value - 1) < 1e-11)
  }

  /// At 60σ every density underflows; its logarithm is that of the widest component.
  @Test func farTailsDoNotUnderflow() {
    let log = Self.mixture.logProbability(of: Tensor([80])).scalar
    let widest = Normal(mean: 1, logVariance: 0.4).logProbability(of: 80)
    #expect(isClose(log, widest + Self.mixture.logWeights[2], 1e-14))
  }

  @Test func aMixturesMeanAndVariance() {
    let mixture = Self.mixture
    let weights = mixture.logWeights.scalars.map(Double.exp)
    #expect(isClose(weights.reduce(0, +), 1, 1e-15))
    let mean = zip(weights, mixture.mean.scalars).reduce(0) { $0 + $1.0 * $1.1 }
    let measured = mixture.expectation(by: Self.rule) { $0.sum(axis: -1) }.scalar
    #expect(abs(mean - measured) < 1e-13)
  }

  @Test func divergencesOfMixtures() {
    let mixture = Self.mixture
    func divergence(to target: NormalMixture) -> Double {
      mixture.expectation(by: Self.rule) { z in
        mixture.logProbability(of: z) - target.logProbability(of: z)
      }.scalar
    }
    #expect(divergence(to: mixture) == 0)
    let normal = Normal(mean: -0.5, variance: 3)
    let direct = integrate(
      { x in
        let log = mixture.logProbability(of: Tensor([x])).scalar
        return .exp(log) * (log - normal.logProbability(of: x))
      }, from: -20, to: 20)
    #expect(abs(divergence(to: NormalMixture(normal)) - direct.value) < 1e-11)
  }

  @Test("Adding a component to a mixture keeps the others, and scales their weights")
  func addingKeepsTheRest() {
    let larger = Self.mixture.adding(Normal(mean: 4, variance: 0.5), weight: 0.25)
    let weights = larger.logWeights.scalars.map(Double.exp)
    #expect(larger.count == 4)
    #expect(isClose(weights[3], 0.25, 1e-14))
    #expect(isClose(weights[0], 0.75 * .exp(Self.mixture.logWeights[0]), 1e-14))
    #expect(larger.mean.scalars == [-2, 0.3, 1, 4])
  }

  @Test func aMixturesBoundCanBeDifferentiated() {
    var generator = SeededGenerator(seed: 71)
    let check = checkGradient(at: Self.mixture, using: &generator) { q in
      q.expectation(by: Self.rule) { z in
        q.logProbability(of: z) - DiagonalNormal.standard.logProbability(of: z)
      }
    }
    #expect(check.relativeError < 1e-8)
  }

  // MARK: ScalarLatentModel

  static func model(_ curve: ScalarLatentModel.Curve) -> ScalarLatentModel {
    ScalarLatentModel(
      curve, amplitude: [0.8, -0.5], rate: 1.5, offset: [0.2, 0.1], logVariance: .log(0.09))
  }

  /// X of shape [2, 1, 2].
  static var observed: Tensor<Double> { Tensor([0.5, 0.3, -0.2, 1.1], shape: [2, 1, 2]) }

  /// With the linear curve all is known: W = ab.
  @Test("A linear curve makes the linear Gaussian model")
  func theLinearModelIsTheLinearGaussianModel() {
    let known = LinearGaussianModel(
      weight: Tensor([1.2, -0.75], shape: [2, 1]), bias: Tensor([0.2, 0.1]),
      logVariance: Tensor(.log(0.09)))
    let model = Self.model(.linear)
    let rows = Self.observed.reshaped([2, 2])
    let evidence = model.logEvidence(of: Self.observed)
    #expect(evidence.shape == [2, 1])
    for (a, b) in zip(evidence.scalars, known.evidence.logProbability(of: rows).scalars) {
      #expect(isClose(a, b, 1e-12))
    }
    let z = Tensor([-0.5, 0.7], shape: [2, 1])
    let posterior = model.logPosterior(of: z, given: Self.observed)
    #expect(posterior.shape == [2, 2])
    let first = known.posterior(given: Tensor([0.5, 0.3])).logProbability(of: z)
    for column in 0..<2 { #expect(isClose(posterior[0, column], first[column], 1e-11)) }
  }

  @Test(arguments: ScalarLatentModel.Curve.allCases)
  func theEvidenceIsTheIntegralOverZ(curve: ScalarLatentModel.Curve) {
    let model = Self.model(curve)
    let x = Tensor([0.5, 0.3])
    let integral = integrate(
      { z in .exp(model.logJoint(of: x, Tensor([z], shape: [1, 1])).scalar) }, from: -10, to: 10)
    #expect(abs(model.logEvidence(of: x).scalar - .log(integral.value)) < 1e-10)
  }

  @Test(arguments: ScalarLatentModel.Curve.allCases)
  func theEvidenceCanBeDifferentiated(curve: ScalarLatentModel.Curve) {
    var generator = SeededGenerator(seed: 72)
    let check = checkGradient(at: Self.model(curve), using: &generator) { model in
      model.logEvidence(of: Self.observed).sum()
    }
    #expect(check.relativeError < 1e-8)
  }

  @Test func momentsOfTheLinearPosterior() {
    let known = LinearGaussianModel(
      weight: Tensor([1.2, -0.75], shape: [2, 1]), bias: Tensor([0.2, 0.1]),
      logVariance: Tensor(.log(0.09)))
    let moments = Self.model(.linear).posteriorMoments(given: Self.observed)
    #expect(moments.mean.shape == [2, 1, 1] && moments.logVariance.shape == [2, 1, 1])
    for (row, x) in [[0.5, 0.3], [-0.2, 1.1]].enumerated() {
      let posterior = known.posterior(given: Tensor(x))
      #expect(isClose(moments.mean.scalars[row], posterior.mean.scalars[0], 1e-11))
      #expect(
        isClose(
          moments.standardDeviation.scalars[row], posterior.choleskyFactor.scalars[0], 1e-11))
    }
  }

  /// E[f(z)] = E[f(z) P(X|z)] / P(X), the means on the right being over the prior.
  @Test(arguments: ScalarLatentModel.Curve.allCases)
  func expectationsUnderThePosterior(curve: ScalarLatentModel.Curve) {
    let model = Self.model(curve)
    let x = Tensor([0.5, 0.3])
    let mean = model.posteriorExpectation(given: x) { z in
      model.decode(z).slice(axis: 1, 0..<1).sum(axis: -1)
    }
    let integral = integrate(
      { z in
        let z = Tensor([z], shape: [1, 1])
        return model.decode(z).scalars[0] * .exp(model.logJoint(of: x, z).scalar)
      }, from: -10, to: 10)
    #expect(abs(mean.scalar - integral.value / .exp(model.logEvidence(of: x).scalar)) < 1e-10)
  }

  /// E[X] = c and Var[X] = (ab)² + σ² of the linear model.
  @Test func samplesFollowTheModel() {
    var generator = SeededGenerator(seed: 73)
    let x = Self.model(.linear).sample(20_000, using: &generator)
    #expect(x.shape == [20_000, 1, 2])
    let first = x.slice(axis: 2, 0..<1).scalars
    #expect(deviation(of: first, from: 0.2, variance: 1.53) < millionthDeviation)
    // The squared distance of a normal variable has variance 2σ⁴.
    let squares = first.map { ($0 - 0.2) * ($0 - 0.2) }
    #expect(deviation(of: squares, from: 1.53, variance: 2 * 1.53 * 1.53) < millionthDeviation)
  }
}
