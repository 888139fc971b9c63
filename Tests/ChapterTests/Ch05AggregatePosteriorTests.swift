import Autodiff
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05AggregatePosterior {
  /// Only its grid is asked for.
  private let model: VariationalAutoencoder<Double> = {
    var generator = SeededGenerator(seed: 1)
    return VariationalAutoencoder(
      Configuration(inputSize: 3, hiddenSizes: [], latentSize: 2), using: &generator)
  }()

  /// Distributions with the given means and the standard deviations 0.6 and 0.7.
  private func posterior(_ means: [Double]) -> DiagonalNormal<Double> {
    let mean = Tensor(means, shape: [means.count / 2, 2])
    return DiagonalNormal(
      mean: mean,
      logVariance: Tensor([2 * .log(0.6), 2 * .log(0.7)]).broadcast(to: mean.shape))
  }

  @Test("Of one example it is Q itself, and tells nothing of which one it is")
  func oneExample() throws {
    let Q = posterior([1.05, 0])
    let aggregate = try AggregatePosterior(of: Q, model)
    #expect(abs(aggregate.mutualInformation) < 1e-10)
    // The spacing of 0.6 leaves exp(−2π²/0.6²), next to nothing.
    let closedForm = Q.klDivergenceToStandardNormal().scalar
    #expect(abs(aggregate.divergence - closedForm) < 1e-10)
    #expect(aggregate.mean == Q.mean.scalars)
    for (found, logVariance) in zip(aggregate.variance, Q.logVariance.scalars) {
      #expect(abs(found - .exp(logVariance)) < 1e-15)
    }
  }

  @Test("Codes far apart name their example: log N nats; and the mixture's variance is known")
  func farApart() throws {
    let aggregate = try AggregatePosterior(of: posterior([-10, 0, 0, 0, 10, 0]), model)
    // Neighbours are 10/0.6 standard deviations apart: they overlap by e⁻³⁴.
    #expect(abs(aggregate.mutualInformation - .log(3)) < 1e-10)
    #expect(abs(aggregate.mean[0]) < 1e-15)
    #expect(abs(aggregate.variance[0] - (200.0 / 3 + 0.36)) < 1e-12)
    #expect(abs(aggregate.variance[1] - 0.49) < 1e-15)
  }

  @Test("The two parts are the mean divergence, and the first is at most log N")
  func theSplit() throws {
    let Q = posterior([0.3, -0.4, 1.2, 0.1, -0.9, 0.8, 1, 2])
    let aggregate = try AggregatePosterior(of: Q, model)
    let mean = Q.klDivergenceToStandardNormal().mean().scalar
    #expect(abs(aggregate.mutualInformation + aggregate.divergence - mean) < 1e-10)
    #expect(aggregate.mutualInformation > 0.1 && aggregate.mutualInformation < .log(4))
    #expect(aggregate.divergence > 0.1)
  }

  @Test("A grid that would take too many points is an error")
  func aGridThatWouldNeverEndIsAnError() {
    let narrow = DiagonalNormal<Double>(
      mean: Tensor([0, 0], shape: [1, 2]), logVariance: Tensor([0, -30], shape: [1, 2]))
    #expect(throws: GridError.self) { try AggregatePosterior(of: narrow, model) }
  }
}
