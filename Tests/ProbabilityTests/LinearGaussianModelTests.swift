import Autodiff
import Foundation
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct LinearGaussianModelTests {
  static var model: LinearGaussianModel {
    LinearGaussianModel(
      weight: Tensor([0.8, 0.2, -0.5, 0.7, 0.3, -0.9], shape: [3, 2]),
      bias: Tensor([0.1, -0.2, 0.3]), logVariance: Tensor(-0.4))
  }
  static var x: Tensor<Double> { Tensor([0.5, -0.3, 1.1, -1.5, 0.8, 2], shape: [2, 3]) }

  /// Bayes' rule holds at every z, in whichever way its four parts are computed.
  @Test func bayesRule() {
    let (model, x) = (LinearGaussianModelTests.model, LinearGaussianModelTests.x)
    let z = Tensor<Double>([0, 0, 1, -2, 0.3, 0.4], shape: [3, 2])
    for row in 0..<2 {
      let x = x.rows([row])
      let posterior = model.posterior(given: x.reshaped([3]))
      let joint =
        model.logProbability(of: x, given: z) + DiagonalNormal.standard.logProbability(of: z)
      let evidence = model.evidence.logProbability(of: x).scalar
      // Some fifty roundings of numbers up to 20.
      for value in (joint - posterior.logProbability(of: z)).scalars {
        #expect(abs(value - evidence) < 1e-13)
      }
    }
  }

  @Test("In one dimension the evidence and the posterior are those worked out by hand")
  func knownInOneDimension() {
    // X = 3z + 1 + 4ε has variance 25, and at X = 6 the posterior mean 3 · 5/25.
    let model = LinearGaussianModel(
      weight: Tensor([3], shape: [1, 1]), bias: Tensor([1]), logVariance: Tensor(log(16)))
    #expect(isClose(model.evidence.covariance.scalar, 25, 1e-15))
    let posterior = model.posterior(given: Tensor([6]))
    #expect(isClose(posterior.mean.scalar, 0.6, 1e-15))
    #expect(isClose(posterior.covariance.scalar, 0.64, 1e-15))
  }

  /// Against an integral over z. The integrands are normal densities times constants, on which the
  /// trapezoidal rule at spacing 0.15 is exact to rounding.
  @Test("The moments of the naive weight are their integrals over z", arguments: 1...4)
  func momentsOfTheNaiveWeight(order: Int) {
    let (model, x) = (LinearGaussianModelTests.model, LinearGaussianModelTests.x)
    let axis = QuadratureRule.trapezoidal(161, over: -12...12)
    let grid = PlaneGrid(axis, axis)
    let prior = DiagonalNormal<Double>.standard.logProbability(of: grid.points)
    let closed = model.logWeightMoment(order, of: x)
    for row in 0..<2 {
      let x = x.rows([row])
      let logWeight =
        model.logProbability(of: x, given: grid.points) - model.evidence.logProbability(of: x)
      let integral = grid.logIntegral(ofExp: (Tensor(Double(order)) * logWeight + prior).scalars)
      #expect(abs(integral - closed[row]) < 1e-12)
    }
    if order == 1 { #expect(closed.scalars.allSatisfy { abs($0) < 1e-14 }) }
  }

  /// Over X drawn from the model the mean of E[w²] is |I + WWᵀ/σ²|, e to twice the information that X
  /// has about z. Here as an integral over X.
  @Test func meanSecondMomentIsADeterminant() {
    let model = LinearGaussianModel(
      weight: Tensor([0.9, -0.4], shape: [2, 1]), bias: Tensor([0.2, -0.1]),
      logVariance: Tensor(-1))
    let axis = QuadratureRule.trapezoidal(401, over: -30...30)
    let grid = PlaneGrid(axis, axis)
    let mean = grid.logIntegral(
      ofExp: (model.logWeightMoment(2, of: grid.points)
        + model.evidence.logProbability(of: grid.points)).scalars)
    // WWᵀ has one eigenvalue, ‖W‖².
    #expect(abs(mean - log(1 + 0.97 * exp(1))) < 1e-12)
  }

  /// The mean of n weights has the variance (E[w²] − 1)/n, and its square a variance that the fourth
  /// moment gives.
  @Test("Naive estimates scatter as the moments of their weights predict")
  func naiveEstimatesScatterAsTheirMomentsSay() {
    let (model, x) = (LinearGaussianModelTests.model, LinearGaussianModelTests.x.rows([0]))
    let truth = model.evidence.logProbability(of: x).scalar
    let (n, repetitions) = (300, 2000)
    var generator = SeededGenerator(seed: 51)
    let estimates = model.naiveLogEvidences(
      of: x, sampleCount: n, repetitions: repetitions, using: &generator)
    #expect(estimates.count == repetitions && Set(estimates).count == repetitions)
    let moments = model.weightMoments(of: x)
    let errors = estimates.map { exp($0 - truth) - 1 }
    let variance = moments.variance / Double(n)
    #expect(moments.standardError(ofMeanOf: n) == variance.squareRoot())
    #expect(deviation(of: errors, from: 0, variance: variance) < millionthDeviation)
    #expect(
      deviation(
        of: errors.map { $0 * $0 }, from: variance,
        variance: moments.squaredErrorVariance(ofMeanOf: n)) < millionthDeviation)
    #expect(
      deviation(
        of: estimates.map { $0 - truth }, from: moments.logBias(ofMeanOf: n), variance: variance)
        < millionthDeviation)
  }

  /// A coin: w is 0.4 or 1.6 with equal probability, and everything can be counted.
  @Test func momentsOfACoin() {
    let (low, high) = (0.4, 1.6)
    func moment(_ power: Int) -> Double {
      [low, high].reduce(0) { sum, w in
        sum + (0..<power).reduce(0.5) { value, _ in value * w }
      }
    }
    let moments = WeightMoments(second: moment(2), third: moment(3), fourth: moment(4))
    #expect(isClose(moments.variance, 0.36, 1e-14))
    #expect(abs(moments.third) < 1e-14)
    #expect(isClose(moments.fourth, 0.1296, 1e-14))
    // The number of heads among 2 is 0, 1, 2 with probabilities ¼, ½, ¼: w̄ is 0.4, 1, 1.6.
    let squares = [0.36, 0, 0.36]
    let expected = 0.25 * squares[0] + 0.25 * squares[2]
    let variance = 0.5 * (0.36 - expected) * (0.36 - expected) + 0.5 * expected * expected
    #expect(isClose(moments.squaredErrorVariance(ofMeanOf: 2), variance, 1e-14))
    // Of n throws, n large: the binomial sum of log w̄, whose next term is of order 1/n³.
    let n = 400
    var (logBinomial, bias) = (-Double(n) * log(2), 0.0)
    for heads in 0...n {
      let weight = low + (high - low) * Double(heads) / Double(n)
      bias += exp(logBinomial) * log(weight)
      logBinomial += log(Double(n - heads) / Double(heads + 1))
    }
    let remainder = abs(moments.logBias(ofMeanOf: n) - bias)
    #expect(remainder < pow(Double(n), -3))
    #expect(abs(moments.logBias(ofMeanOf: n, order: 1) - bias) > 10 * remainder)
  }

  @Test(
    "An estimate made in pieces is the same as one made at once", arguments: [1, 999, 1000, 2001])
  func oneEstimateIsTheSameInPieces(count: Int) {
    let (model, x) = (LinearGaussianModelTests.model, LinearGaussianModelTests.x.rows([1]))
    var generators = (SeededGenerator(seed: 52), SeededGenerator(seed: 52))
    let pieces = model.naiveLogEvidence(of: x, sampleCount: count, using: &generators.0)
    let whole = model.naiveLogEvidences(
      of: x, sampleCount: count, repetitions: 1, using: &generators.1)
    #expect(pieces.count == count && generators.0 == generators.1)
    // Sums of up to 2000 numbers in another order.
    #expect(abs(pieces.logMean - whole[0]) < 2000 * .ulpOfOne)
  }

  @Test("The likelihood of a linear Gaussian model can be differentiated")
  func itsLikelihoodCanBeDifferentiated() {
    let model = LinearGaussianModelTests.model
    var generator = SeededGenerator(seed: 50)
    let z = Tensor<Double>.normal([2, 2], using: &generator)
    let check = checkGradient(at: model, using: &generator) {
      $0.logProbability(of: LinearGaussianModelTests.x, given: z).sum()
    }
    // The difference of `checkGradient` is good to 10⁻⁹.
    #expect(check.relativeError < 1e-8)
  }
}
