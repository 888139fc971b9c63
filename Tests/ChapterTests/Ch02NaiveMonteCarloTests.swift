import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02NaiveMonteCarloTests {
  static var example: Example { Example(sigma: 0.3) }
  static var outputs: OutputDistribution { OutputDistribution() }
  static let estimates: (runs: [Estimator.Run], biases: [Estimator.Bias]) = {
    let section = Estimator(
      example, sampleCount: 250_000, using: SeededGenerator(seed: 60))
    return (section.runs, section.biases)
  }()
  static let dimension = Dimension(sigma: 0.3, using: SeededGenerator(seed: 61))
  static var weights: Weights { Weights(example, using: SeededGenerator(seed: 62)) }

  @Test(arguments: [
    ["--sigma", "0.01"], ["--sigma", "3"], ["--samples", "99999"], ["--samples", "1e6"],
    ["--digit", "10"], ["--latent", "1"], ["--latent", "51"],
  ]) func knobsOutOfRangeAreRefused(arguments: [String]) {
    var complaint = ""
    let outcome = NaiveMonteCarlo.chapter.execute(
      arguments: arguments, errors: ErrorStream(.plain) { complaint += $0 })
    #expect(outcome.exitStatus == 64 && outcome.blocks.isEmpty)
    #expect(complaint.contains(arguments[0]) && complaint.contains(arguments[1]))
  }

  // MARK: - 2.1

  @Test("As σ falls, the gradient of log P(X) explodes and that of P(X) vanishes")
  func asSigmaFallsTheGradientOfTheLogarithmExplodesAndThatOfTheProbabilityVanishes() {
    let section = Self.outputs
    let rows = section.rows
    for (row, next) in zip(rows, rows.dropFirst()) {
      #expect(next.largestGradient > row.largestGradient)
      #expect(next.effectiveSampleSize < row.effectiveSampleSize)
    }
    let last = rows.last!
    #expect(last.effectiveSampleSize < 1.01)
    #expect(Double.exp(last.logEvidence) * last.largestGradient == 0)
    #expect(section.hits == 0)
  }

  @Test("A gradient that leaves out the posterior's weights fails its check")
  func aGradientWithoutThePosteriorWouldBeFound() {
    let section = Self.outputs
    let (f, x) = (section.ring, section.x)
    let count = f.shape[0]
    let gradient = valueWithGradient(at: f) { OutputDistribution.logEvidence($0, sigma: 1, x) }
      .gradient
    let logWeights = OutputDistribution.logLikelihood(f, sigma: 1, x)
    let posterior = exp(logWeights - logWeights.logSumExp(axis: 0)).reshaped([count, 1])
    func check(_ formula: Tensor<Double>) -> Check {
      let largest = (gradient - formula).scalars.map(abs).max()!
      return Check("", .small(Quantity("", largest), tolerance: 1e-10))
    }
    #expect(check(posterior * (x - f)).holds)
    #expect(!check((x - f) / Double(count)).holds)
  }

  @Test("Gradient ascent on log P(X) moves only the f(z) near X")
  func onlyTheOutputsNearXMove() {
    let section = Self.outputs
    let (before, after) = (section.ring, section.ascended)
    let moved = sqrt((after - before).squared.sum(axis: 1)).scalars
    let distances = sqrt((before - section.x).squared.sum(axis: 1)).scalars
    let order = moved.indices.sorted { distances[$0] < distances[$1] }
    #expect(section.nearestDistance(after) < 0.1 * section.nearestDistance(before))
    #expect(moved[order.first!] > 0.4)
    // Those on the far half of the ring.
    #expect(order.suffix(32).allSatisfy { moved[$0] < 1e-3 })
  }

  // MARK: - 2.2

  @Test("The naive estimate of section 2.2 has the bits of the library's")
  func theNaiveEstimateOfTheCellIsThatOfTheLibrary() {
    var generator = SeededGenerator(seed: 60)
    let library = Self.example.model.naiveLogEvidence(
      of: Self.example.x, sampleCount: 10, using: &generator)
    #expect(Self.estimates.runs.first?.estimate == library)
  }

  @Test("Each naive estimate continues the one before, and its error is as large as it should be")
  func eachRunContinuesTheOneBefore() {
    let runs = Self.estimates.runs
    #expect(runs.map(\.n) == [10, 100, 1000, 10_000, 100_000, 250_000])
    for run in runs {
      #expect(run.estimate.count == run.n)
      let error = Self.example.moments.standardError(ofMeanOf: run.n)
      // Were the seed drawn anew, one of the six would fail once in 2,700 runs.
      #expect(abs(run.relativeError) < 4 * error)
      if run.n >= 100_000 { #expect(abs(run.estimate.standardError / error - 1) < 0.05) }
    }
  }

  @Test("The check fails for a logarithm that is not biased")
  func anUnbiasedLogarithmWouldBeFound() throws {
    let last = try #require(Self.estimates.biases.last)
    func check(_ expected: Double) -> Check {
      Check(
        "",
        .measured(
          Quantity("", last.measured.mean), expected: Quantity("", expected),
          standardError: last.measured.standardError))
    }
    #expect(check(last.predictions[1]).holds)
    #expect(!check(0).holds)
    #expect(last.measured.mean < 0)
  }

  /// A covariance WWᵀ + σ²I for WWᵀ + ½σ²I in E[w²] would make the weights look even.
  @Test("The check fails for a variance of the wrong size")
  func aWrongVarianceWouldBeFound() {
    let example = Self.example
    let constant = -1.5 * (Double.log(2) + logTwoPi + 2 * .log(0.3))
    let wrong = Double.exp(constant - example.logEvidence) - 1
    var generator = SeededGenerator(seed: 60)
    let estimates = Estimator.naive(
      example.model, example.x, 100, repetitions: 1000, using: &generator)
    let squares = estimates.map { estimate in
      let error = Double.exp(estimate - example.logEvidence) - 1
      return error * error
    }
    func check(_ variance: Double) -> Check {
      Check(
        "",
        .measured(
          Quantity("", MonteCarloEstimate(squares).mean), expected: Quantity("", variance / 100),
          standardError: (example.moments.squaredErrorVariance(ofMeanOf: 100) / 1000)
            .squareRoot()))
    }
    #expect(check(example.moments.variance).holds)
    #expect(!check(wrong).holds)
  }

  // MARK: - 2.3

  @Test(
    "The second moment grows by the same factor with each dimension", arguments: [0.05, 0.3, 2])
  func everyDimensionHasTheSameFactor(sigma: Double) {
    let factor = Dimension.factor(sigma: sigma)
    for d in [1, 2, 7, 20] {
      let problem = Dimension.Problem(d, sigma: sigma)
      let logMoment = problem.model.logWeightMoment(2, of: problem.x).scalar
      #expect(abs(logMoment - Double(d) * .log(factor)) < 1e-11)
      // Without the exponential, the factor would not do.
      let wrong = factor * .exp(-1 / (2 + sigma * sigma))
      #expect(abs(logMoment - Double(d) * .log(wrong)) > 0.1)
    }
  }

  @Test("With the number of samples chosen for it, the error is 10 %")
  func withTheNumberOfSamplesChosenTheErrorIsTenPercent() {
    let measured = Self.dimension.measured
    #expect(measured.map(\.d) == [1, 2, 3, 4])
    for row in measured {
      #expect(abs(row.squaredError!.squareRoot() - 0.1) < 0.02)
    }
  }

  /// In one dimension the posterior is normal with the mean 1/√(1 + σ²) and the variance
  /// σ²/(1 + σ²), whose divergence from N(0, 1) is ½ log(1 + 1/σ²).
  @Test("The divergence in 20 dimensions is 20 times that of one")
  func theDivergenceIsThatOfTwentyIndependentPosteriors() {
    let divergence = Self.dimension.divergence
    #expect(abs(divergence - 10 * .log(1 + 1 / 0.09)) < 1e-12)
    #expect(divergence < Self.dimension.rows.last!.logSecondMoment)
  }

  // MARK: - 2.4

  @Test("A few of the samples, the heaviest, hold half of the sum")
  func theHeaviestSamplesComeFirst() {
    let (section, example) = (Self.weights, Self.example)
    let logWeights = example.model.logProbability(of: example.x, given: section.z).scalars
    let sorted = section.heaviestFirst.map { logWeights[$0] }
    #expect(sorted == logWeights.sorted(by: >))
    let counts = section.carriers.map(\.count)
    #expect(counts == counts.sorted())
    // Half of the sum from a share of the samples as small as this is what the section is about.
    #expect(counts[0] * 20 < logWeights.count)
    #expect(section.effectiveSampleSize == effectiveSampleSize(logWeights: logWeights))
  }

  @Test("The check fails for an ellipse that holds less of the posterior")
  func anEllipseThatHoldsLessOfThePosteriorWouldBeFound() {
    let section = Self.weights
    func check(_ mass: Double) -> Check {
      Check(
        "",
        .measured(
          Quantity("", section.shareInside), expected: Quantity("", mass),
          standardError: section.shareStandardError))
    }
    #expect(check(0.99).holds)
    #expect(!check(0.98).holds)
  }

  // MARK: - 2.5

  @Test("The broken digit has lost two rows, and the shifted one has moved by a pixel")
  func theChangedDigitsAreWhatTheyAreCalled() throws {
    let x = try Digits(2).x
    let changed = Metric.changed(x)
    let (broken, halfShifted, shifted) = (changed[0], changed[1], changed[4])
    for row in 0..<28 {
      for column in 0..<28 {
        let isMissing = row == 13 || row == 14
        #expect(broken[0, 28 * row + column] == (isMissing ? 0 : x[0, 28 * row + column]))
        let source = row > 0 && column > 0 ? x[0, 28 * (row - 1) + column - 1] : 0
        #expect(shifted[0, 28 * row + column] == source)
      }
    }
    // Nothing of this digit is lost at the border, so that all its ink is still there.
    #expect(abs(halfShifted.sum().scalar / x.sum().scalar - 1) < 1e-5)
  }

  @Test("The sharp half shift does not blur, and twice is a shift by a whole pixel")
  func theSharpHalfShiftIsHalfOfAShift() throws {
    let x = try Digits(2).x
    let changed = Metric.changed(x)
    let (blurred, sharp, shifted) = (changed[2], changed[3], changed[4])
    func energy(_ image: Tensor<Float>) -> Float { image.squared.sum().scalar }
    // Only what the interpolation puts beyond the border is lost.
    #expect(abs(energy(sharp) / energy(x) - 1) < 0.01)
    #expect(energy(blurred) < 0.95 * energy(x))
    let twice = Metric.changed(sharp)[3]
    #expect(energy(twice - shifted) < 0.01 * energy(x - shifted))
  }

  @Test("Half a pixel costs more than two missing rows, blurred or not, for every digit")
  func halfAPixelCostsMoreThanTwoRows() throws {
    for digit in 0...9 {
      let x = try Digits(digit).x
      let distances = Metric.changed(x).map { Double(($0 - x).squared.sum().scalar) }
      let (broken, halfShifted, blurred, sharp) = (
        distances[0], distances[1], distances[2], distances[3]
      )
      #expect(broken < halfShifted && broken < sharp)
      #expect(blurred < 0.5 * halfShifted)
    }
  }

  @Test("Squared distances are those of every pair")
  func squaredDistancesAreThoseOfEveryPair() {
    let x = Tensor<Float>([0, 1, 2, 3], shape: [2, 2])
    let f = Tensor<Float>([1, 1, 0, 0, 2, 5], shape: [3, 2])
    #expect(Metric.squaredDistances(x, f).scalars == [1, 1, 20, 5, 13, 4])
  }

  @Test("The broken digit is nearer to X than shifted copies and than every other digit")
  func theBrokenDigitIsNearerThanShiftedAndOtherDigits() throws {
    let metric = Metric(try Digits(2))
    let distances = metric.pictures.map(\.squaredDistance)
    #expect(distances[0] == 0)
    // All but the copy that is only blurred.
    #expect([2, 4, 5, 6].allSatisfy { distances[$0] > 3 * distances[1] })
    #expect(distances[3] < distances[1])
    #expect(abs(metric.pictures[1].nats - 10) < 1e-12)
    let nearest = metric.nearest.map(\.squaredDistance)
    #expect(nearest == nearest.sorted(by: >))
    // Tens of millions, by either line, on a surface of about a dozen dimensions.
    for line in metric.extrapolations {
      #expect((Double.log(1e7)..<Double.log(1e8)).contains(line.logCount))
      #expect((11..<14).contains(-2 / line.slope))
    }
  }
}
