import Autodiff
import Claims
import Notebook
import Probability
import Testing

@testable import Ch02_NaiveMonteCarlo

/// Section 2.1 up to maximum likelihood.
@Suite struct Ch02ModelTests {
  static let density = section.density
  static let likelihood = section.likelihood
  static var section: Model { Model(using: SeededGenerator(seed: 70)) }

  private func check(_ evidence: Check.Evidence) -> Bool { Check("", evidence).holds }

  // MARK: - P(X)

  @Test("P(X) integrates to 1, and so does the posterior")
  func densitiesIntegrateToOne() {
    let density = Self.density
    #expect(abs(density.integral - 1) < 1e-12)
    #expect(abs(density.posterior.mass - 1) < 1e-12)
  }

  @Test("Samples of z that are not from the prior fail the check of P(X)")
  func samplesThatAreNotFromThePriorWouldBeFound() {
    let section = Self.section
    let wrong = Density(section.spiral, 1.5 * section.z, section.x)
    func holds(_ density: Density) -> Bool {
      check(
        .measured(
          Quantity("", density.meanWeight.mean), expected: Quantity("", 1),
          standardError: density.meanWeight.standardError))
    }
    let (rightHolds, wrongHolds) = (holds(Self.density), holds(wrong))
    #expect(rightHolds && !wrongHolds)
  }

  @Test("X that are moved a little are not distributed as P(X)")
  func movedObservationsWouldBeFound() {
    let section = Self.section
    let wrong = Density(section.spiral, section.z, section.x - Tensor([0.3, 0]))
    func holds(_ density: Density) -> Bool {
      let share = density.integralOverSquare
      return check(
        .measured(
          Quantity("", density.shareInSquare), expected: Quantity("", share),
          standardError: (share * (1 - share) / Double(density.sampleCount)).squareRoot()))
    }
    let (rightHolds, wrongHolds) = (holds(Self.density), holds(wrong))
    #expect(rightHolds && !wrongHolds)
  }

  @Test("The posterior has one peak for each turn, and its mean lies where it is almost 0")
  func thePosteriorHasTwoPeaks() {
    let posterior = Self.density.posterior
    let largest = posterior.density.max()!
    let peaks = (1..<posterior.z.count - 1).filter { index in
      posterior.density[index] > 0.01 * largest
        && posterior.density[index] > posterior.density[index - 1]
        && posterior.density[index] > posterior.density[index + 1]
    }
    #expect(peaks.count == 2)
    #expect(posterior.densityAtMean < 1e-6 * largest)
    #expect(abs(posterior.weightedMean - posterior.mean) < 4 * posterior.standardError)
  }

  // MARK: - Maximum likelihood

  @Test("The θ that minimises D gives P the mean square of P_gt")
  func theNearestDistributionHasTheSameMeanSquare() {
    let likelihood = Self.likelihood
    let family = likelihood.family
    #expect(abs(family.variance(likelihood.best) - (1 + family.s * family.s)) < 1e-12)
    let least = family.divergence(Tensor(likelihood.best)).scalar
    #expect(least > 0 && likelihood.divergences.allSatisfy { $0 >= least })
  }

  @Test("The more examples, the nearer maximum likelihood comes to the least divergence")
  func maximumLikelihoodTendsToTheLeastDivergence() {
    let likelihood = Self.likelihood
    let family = likelihood.family
    for fit in likelihood.fits {
      // Were the seed drawn anew, one of the five would fail once in 3,200 runs.
      #expect(
        abs(family.variance(fit.θ) - family.variance(likelihood.best))
          < 4 * family.varianceError(n: fit.n))
    }
  }

  @Test("Without the entropy, D is not minus the expected log-likelihood")
  func theEntropySeparatesTheTwo() {
    let likelihood = Self.likelihood
    func differences(_ entropy: Double) -> [Double] {
      zip(likelihood.divergences, likelihood.expectations).map { $0 + entropy + $1 }
    }
    #expect(check(.small("", differences(likelihood.entropy))))
    #expect(!check(.small("", differences(0))))
    // Two groups that hardly overlap: a bit more than one group has.
    let groups = Double.log(2) + Normal(mean: 0, variance: 0.09).entropy
    #expect(likelihood.entropy < groups && likelihood.entropy > groups - 0.02)
  }

  @Test("Narrower normal distributions around the training examples help these and nothing else")
  func narrowKernelsHelpOnlyTheTrainingExamples() {
    let kernels = Self.likelihood.kernels
    let training = kernels.map(\.training)
    #expect(training == training.sorted())
    let narrow = kernels.drop { $0.σ > 0.1 }.map(\.fresh.mean)
    #expect(narrow == narrow.sorted(by: >))
    // No example has less than the share of its own distribution, which grows without limit.
    for kernel in kernels {
      let own = Normal(mean: 0, logVariance: 2 * .log(kernel.σ)).logProbability(of: 0)
      #expect(kernel.training >= own - .log(50))
    }
  }
}
