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
    #expect(isClose(model.marginal(noiseVariance: 2).covariance.scalar, 11, 1e-15))
    let posterior = model.posterior(given: Tensor([6]))
    #expect(isClose(posterior.mean.scalar, 0.6, 1e-15))
    #expect(isClose(posterior.covariance.scalar, 0.64, 1e-15))
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
