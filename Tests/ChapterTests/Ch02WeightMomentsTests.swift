import Autodiff
import Probability
import StatisticalChecks
import Testing

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02WeightMomentsTests {
  static var model: LinearGaussianModel {
    LinearGaussianModel(
      weight: Tensor([0.8, 0.2, -0.5, 0.7, 0.3, -0.9], shape: [3, 2]),
      bias: Tensor([0.1, -0.2, 0.3]), logVariance: Tensor(-0.4))
  }
  static var x: Tensor<Double> { Tensor([0.5, -0.3, 1.1, -1.5, 0.8, 2], shape: [2, 3]) }

  /// The integrands are normal densities times constants, on which the trapezoidal rule at spacing
  /// 0.15 is exact to rounding.
  @Test("The moments of the naive weight are their integrals over z", arguments: 1...4)
  func theMomentsAreThoseOfAnIntegralOverZ(order: Int) {
    let axis = QuadratureRule.trapezoidal(161, over: -12...12)
    let grid = PlaneGrid(axis, axis)
    let prior = DiagonalNormal<Double>.standard.logProbability(of: grid.points)
    let closed = Self.model.logWeightMoment(order, of: Self.x)
    for row in 0..<2 {
      let x = Self.x.rows([row])
      let logWeight =
        Self.model.logProbability(of: x, given: grid.points)
        - Self.model.evidence.logProbability(of: x)
      let integral = grid.logIntegral(ofExp: (Tensor(Double(order)) * logWeight + prior).scalars)
      #expect(abs(integral - closed[row]) < 1e-12)
    }
    if order == 1 { #expect(closed.scalars.allSatisfy { abs($0) < 1e-14 }) }
  }

  /// The determinant is |I + WWᵀ/σ²|, e to twice the information that X has about z.
  @Test("Over X from the model, the mean second moment is a determinant")
  func overXFromTheModelTheMeanSecondMomentIsADeterminant() {
    let model = LinearGaussianModel(
      weight: Tensor([0.9, -0.4], shape: [2, 1]), bias: Tensor([0.2, -0.1]),
      logVariance: Tensor(-1))
    let axis = QuadratureRule.trapezoidal(401, over: -30...30)
    let grid = PlaneGrid(axis, axis)
    let mean = grid.logIntegral(
      ofExp: (model.logWeightMoment(2, of: grid.points)
        + model.evidence.logProbability(of: grid.points)).scalars)
    // WWᵀ has one eigenvalue, ‖W‖².
    #expect(abs(mean - .log(1 + 0.97 * .exp(1))) < 1e-12)
  }

  /// The mean of n weights has the variance (E[w²] − 1)/n, and its square a variance that the fourth
  /// moment gives.
  @Test("Naive estimates scatter as the moments of their weights predict")
  func naiveEstimatesScatterAsTheMomentsSay() {
    let (model, x) = (Self.model, Self.x.rows([0]))
    let truth = model.evidence.logProbability(of: x).scalar
    let (n, repetitions) = (300, 2000)
    var generator = SeededGenerator(seed: 51)
    let estimates = Estimator.naive(model, x, n, repetitions: repetitions, using: &generator)
    #expect(estimates.count == repetitions && Set(estimates).count == repetitions)
    let moments = WeightMoments(model, x)
    let errors = estimates.map { Double.exp($0 - truth) - 1 }
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

  /// With a coin for a weight, 0.4 or 1.6 with equal probability, everything can be counted.
  @Test("The moments of a coin are those found by counting")
  func theMomentsOfACoinAreWhatCountingGives() {
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
    let expected = 0.5 * 0.36
    let variance = 0.5 * (0.36 - expected) * (0.36 - expected) + 0.5 * expected * expected
    #expect(isClose(moments.squaredErrorVariance(ofMeanOf: 2), variance, 1e-14))
    // Of n throws, n large: the binomial sum of log w̄, whose next term is of order 1/n³.
    let n = 400
    var (logBinomial, bias) = (-Double(n) * .log(2), 0.0)
    for heads in 0...n {
      let weight = low + (high - low) * Double(heads) / Double(n)
      bias += .exp(logBinomial) * .log(weight)
      logBinomial += .log(Double(n - heads) / Double(heads + 1))
    }
    let remainder = abs(moments.logBias(ofMeanOf: n) - bias)
    #expect(remainder < 1 / Double(n * n * n))
    #expect(abs(moments.logBias(ofMeanOf: n, order: 1) - bias) > 10 * remainder)
  }

  @Test(
    "An estimate made in pieces is the same as one made at once", arguments: [1, 999, 1000, 2001])
  func oneEstimateIsTheSameInPieces(count: Int) {
    let (model, x) = (Self.model, Self.x.rows([1]))
    var generators = (SeededGenerator(seed: 52), SeededGenerator(seed: 52))
    let pieces = model.naiveLogEvidence(of: x, sampleCount: count, using: &generators.0)
    let whole = Estimator.naive(model, x, count, repetitions: 1, using: &generators.1)
    #expect(pieces.count == count && generators.0 == generators.1)
    // Sums of up to 2000 numbers in another order.
    #expect(abs(pieces.logMean - whole[0]) < 2000 * .ulpOfOne)
  }
}
