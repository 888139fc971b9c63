import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch04_Reparameterization

@Suite struct Ch04ReparameterizationTests {
  private static let seed = SeededGenerator(seed: 2013)
  private let model = Autoencoder(sigma: 0.5)

  /// Whether an estimate agrees with a value, as a check would have it.
  private func agrees(_ estimate: MonteCarloEstimate, with value: Double) -> Bool {
    Check(
      "",
      .measured(
        Quantity("", estimate.mean), expected: Quantity("", value),
        standardError: estimate.standardError)
    ).holds
  }

  /// Whether the last step of a tape depends on an earlier one.
  private func isConnected(_ tape: [RecordedStep<Double>], from index: Int) -> Bool {
    var reached: Set<Int> = [index]
    for (step, recorded) in tape.enumerated()
    where recorded.operands.contains(where: reached.contains) {
      reached.insert(step)
    }
    return reached.contains(tape.count - 1)
  }

  @Test func onlyWIsConnectedToTheErrorWhenZIsDrawnInside() {
    let section = SampledInside(model, count: 100, using: Self.seed.stream(1))
    #expect(section.tape.map(\.name) == ["μ", "σ", "w", "×", "−", "×"])
    #expect((0..<3).map { isConnected(section.tape, from: $0) } == [false, false, true])
    for index in 0..<2 { #expect(section.tape[index].gradient.scalar == 0) }
  }

  @Test func everyParameterIsConnectedToTheErrorWhenTheNoiseIsDrawnOutside() {
    let section = SampledOutside(model, count: 100, using: Self.seed.stream(2))
    #expect(section.tape.map(\.name) == ["μ", "σ", "w", "×", "+", "×", "−", "×"])
    #expect(section.tape.map(\.operands) == [[], [], [], [1], [0, 3], [2, 4], [5], [6, 6]])
    #expect((0..<3).allSatisfy { isConnected(section.tape, from: $0) })
  }

  @Test func theGradientsOfZDrawnInsideAreZeroAndThatOfWIsRight() {
    let section = SampledInside(model, count: 10_000, using: Self.seed.stream(1))
    for index in 0..<2 {
      #expect(section.estimates[index].mean == 0)
      #expect(!agrees(section.estimates[index], with: section.exact[index]))
    }
    #expect(agrees(section.estimates[2], with: section.exact[2]))
    // What w's gradient would be if z stood at μ.
    #expect(!agrees(section.estimates[2], with: -2 * 0.5 * (1.5 - 1.2 * 0.5)))
  }

  @Test func theGradientsOfZReparameterizedAreToldFromWrongOnes() {
    let section = SampledOutside(model, count: 100_000, using: Self.seed.stream(2))
    for index in 0..<3 {
      #expect(agrees(section.estimates[index], with: section.exact[index]))
      #expect(abs(section.integrated[index] - section.exact[index]) < 1e-12)
    }
    for index in 0..<2 { #expect(!agrees(section.estimates[index], with: 0)) }
    // h′ in place of h′ε.
    #expect(!agrees(section.estimates[1], with: section.exact[0]))
    #expect(section.relativeError < 1e-9)
  }

  private var score: ScoreFunction {
    ScoreFunction(sigma: 0.5, count: 100_000, largest: 256, using: Self.seed.stream(3))
  }

  @Test func theVariancesAreToldFromOtherRatesOfGrowth() {
    let score = score
    let last = score.byDimension.last!
    for index in 1...2 {
      #expect(Check("", last.ratio(index)).holds)
      guard case .measured(let measured, let expected, let error) = last.ratio(index) else {
        Issue.record("not measured")
        return
      }
      for factor in [0.5, 0.8] {
        let wrong = Quantity("", factor * expected.value)
        #expect(!Check("", .measured(measured, expected: wrong, standardError: error)).holds)
      }
    }
    let exact = SquaredNorm(dimension: 1, standardDeviation: 0.5)
    let other = SquaredNorm(dimension: 1, standardDeviation: 0.25)
    let quadrature = score.varianceByQuadrature
    #expect(abs(quadrature - exact.scoreFunctionVariance(baseline: 0)) < 1e-10)
    #expect(abs(quadrature - other.scoreFunctionVariance(baseline: 0)) > 1)
  }

  @Test func theMeanOfAllAsABaselineTakesPartOfTheGradientAndThatOfTheOthersNone() {
    let score = score
    for baseline in score.baselines {
      #expect(agrees(baseline.ofOthers, with: 2))
      #expect(agrees(baseline.ofAll, with: 2 * (1 - 1 / Double(baseline.n))))
    }
    #expect(!agrees(score.baselines[0].ofAll, with: 2))
    #expect(!agrees(score.baselines[0].ofOthers, with: 1))
  }

  @Test func theVariancesOnAWaveAreToldFromEachOther() {
    let wave = score.wave
    for row in wave.rows {
      #expect(agrees(row.measured[0], with: row.exact.pathwise))
      #expect(agrees(row.measured[1], with: row.exact.score))
      // The two change places between k = 1 and k = 2.
      #expect((row.exact.pathwise < row.exact.score) == (row.frequency < 1.5))
    }
    let last = wave.rows.last!
    #expect(!agrees(last.measured[0], with: last.exact.score))
    #expect(!agrees(last.measured[1], with: last.exact.pathwise))
    // ½k² and 1/(2σ²), less what a wave of frequency 10 leaves, e⁻²⁰⁰.
    #expect(abs(last.exact.pathwise - 50) < 1e-12 && abs(last.exact.score - 0.5) < 1e-12)
    #expect(wave.differences.allSatisfy { abs($0) < 1e-12 })
  }

  private func root() throws -> RootOfCovariance {
    try RootOfCovariance(sigma: 0.5, count: 100_000, using: Self.seed.stream(4))
  }

  @Test func theRootIsToldFromTheOtherMistakesInOneDimension() throws {
    let root = try root()
    let (means, variances) = (root.line.means, root.line.variances)
    #expect(agrees(means[0], with: 1) && !agrees(means[0], with: 0.5))
    #expect(agrees(means[3], with: 0.5) && !agrees(means[3], with: 1))
    #expect(agrees(variances[0], with: 0.25) && agrees(variances[1], with: 0.0625))
    #expect(!agrees(variances[0], with: 0.0625) && !agrees(variances[0], with: 1.92))
    #expect(!agrees(variances[1], with: 0.25))
  }

  @Test func theRootIsToldFromTheCovarianceInTwoDimensions() throws {
    let plane = try root().plane
    #expect(agrees(plane.entry(0, 0, 1), with: 1.2) && !agrees(plane.entry(0, 0, 1), with: 3.6))
    #expect(agrees(plane.entry(1, 0, 1), with: 3.6) && !agrees(plane.entry(1, 0, 1), with: 1.2))
    // Two standard deviations of one number hold 95 of 100, of two numbers only 86.
    #expect(agrees(plane.shares[0], with: 0.8647) && !agrees(plane.shares[0], with: 0.95))
    #expect(plane.shares[1].mean < 0.8)
  }

  @Test func theSumWithTheWrongSampleIsNoBound() {
    let broken = RootOfCovariance.BrokenBound()
    #expect(abs(broken.bound - broken.logEvidence) < 1e-12)
    #expect(abs(broken.wrongSum - broken.logEvidence - broken.excess) < 1e-12)
    #expect(broken.wrongSum > broken.logEvidence + 0.2)
  }

  @Test func theFinitePopulationCorrectionIsSeenWhereItIsDueAndOnlyThere() {
    let section = MinibatchGradients(of: 20, sigma: 0.5, using: Self.seed.stream(5))
    for result in section.results {
      #expect(agrees(result.variance, with: result.exactVariance))
      #expect(agrees(result.mean, with: section.total))
    }
    let (few, never, maybe) = (section.results[0], section.results[2], section.results[3])
    #expect(!agrees(never.variance, with: maybe.exactVariance))
    #expect(!agrees(maybe.variance, with: never.exactVariance))
    // Nor are ten values of ε worth as little as one, or as much as ten examples.
    #expect(!agrees(section.results[1].variance, with: few.exactVariance))
    #expect(!agrees(section.results[1].variance, with: never.exactVariance))
  }

  @Test func aBatchOfAllExamplesLeavesOnlyTheNoiseToChance() {
    var generator = SeededGenerator(seed: 3)
    let minibatches = Minibatches(sigma: 0.5, using: &generator)
    let all = Minibatches.Scheme(size: Minibatches.count, draws: 1)
    let noise = Double(Minibatches.count) * minibatches.noiseVariance
    #expect(abs(minibatches.variance(all) - noise) <= 1e-12 * noise)
    let gradient = minibatches.gradients(all, repeats: 1, using: &generator)[0]
    let sum = Double(Minibatches.count) * minibatches.slopes.mean
    // Further off once in a million seeds.
    #expect(abs(gradient - sum) < 4.892 * noise.squareRoot())
  }

  private func beyond() throws -> BeyondDiagonalNormals {
    try BeyondDiagonalNormals(count: 100_000, using: Self.seed.stream(6))
  }

  @Test func thePathwiseDerivativesOfOtherDistributionsAreToldFromEachOther() throws {
    let beyond = try beyond()
    let (products, exact) = (beyond.products, beyond.exactProducts)
    for index in 0..<3 { #expect(agrees(products[index], with: exact[index])) }
    #expect(!agrees(products[0], with: exact[1]) && !agrees(products[1], with: exact[0]))
    #expect(!agrees(products[2], with: exact[0]))
    #expect(agrees(beyond.rate, with: -0.25) && !agrees(beyond.rate, with: -0.5))
  }

  @Test func repeatedEstimatesAreAsFarOffAsNormalNumbersAre() throws {
    let repetitions = try beyond().repetitions
    #expect(repetitions.distances.count == 10_000)
    for distance in [1.0, 2, 3] {
      let probability = Repetitions.probability(beyond: distance)
      #expect(agrees(repetitions.share(beyond: distance), with: probability))
      #expect(!agrees(repetitions.share(beyond: distance), with: 2 * probability))
    }
    // The points that tables give for 5 % and for 1 in 1,000.
    #expect(abs(Repetitions.probability(beyond: 1.959_964) - 0.05) < 1e-7)
    #expect(abs(Repetitions.probability(beyond: 3.290_527) - 0.001) < 1e-8)
    let mean = MonteCarloEstimate(repetitions.means)
    #expect(agrees(mean, with: 0) && !agrees(mean, with: 0.018))
  }

  @Test func theChapterMakesAsManyComparisonsAsItSays() {
    let count = Pages.reparameterization.checks.count {
      if case .measured = $0.evidence { true } else { false }
    }
    #expect(count == Reparameterization.comparisonCount)
  }

  @Test func theSoftenedStepHasAnotherDerivativeThanTheStep() throws {
    let step = try beyond().step
    #expect(abs(step.exact - 0.3 * 0.7 * (1 - 2 * 0.45)) < 1e-15)
    #expect(step.moved == 0 && step.through.mean == 0)
    #expect(agrees(step.score, with: step.exact) && !agrees(step.score, with: 0))
    for (softened, integral) in zip(step.softened, step.integrals) {
      #expect(agrees(softened, with: integral) && !agrees(softened, with: step.exact))
    }
    // The sharper, the noisier.
    let variances = step.softened.map(\.variance)
    #expect(variances[0] < variances[1] && variances[1] < variances[2])
  }

  @Test(arguments: [
    ["--sigma", "0"], ["--sigma", "3.1"], ["--draws", "9999"], ["--dimension", "8"],
    ["--batch", "0"], ["--batch", "51"], ["--batches", "2"],
  ]) func aKnobOutOfItsRangeIsRefused(arguments: [String]) {
    let outcome = Reparameterization.chapter.execute(arguments: arguments)
    #expect(outcome.exitStatus == 64 && outcome.blocks.isEmpty)
  }

  @Test(arguments: ["0.1", "1", "3"]) func allChecksHoldAtTheEndsOfTheKnobs(sigma: String) {
    let record = Record(
      Reparameterization.chapter,
      arguments: [
        "--sigma", sigma, "--draws", "10000", "--dimension", "16", "--batch", "50", "--seed", "7",
        // What 4.7 trains does not depend on any knob.
        "--section", "4.1,4.2,4.3,4.4,4.5,4.6",
      ])
    #expect(record.exitStatus == 0)
    // At σ = 1 the page says that some mistakes cannot be seen.
    let hasNote = record.section("4.4").contains { if case .note = $0 { true } else { false } }
    #expect(hasNote == (sigma == "1"))
  }

  @Test func theNumberOfThreadsChangesNothing() {
    let one = Record(Reparameterization.chapter, arguments: ["--threads", "1"])
    #expect(one.blocks == Pages.reparameterization.blocks)
  }
}
