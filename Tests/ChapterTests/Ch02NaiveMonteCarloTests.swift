import Autodiff
import Kernels
import Notebook
import Probability
import Testing

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02NaiveMonteCarloTests {
  static var page: Record { Pages.naiveMonteCarlo }

  /// The tables of a section, in order.
  static func tables(_ section: String) -> [Table] {
    page.section(section).compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  /// The evidence of the one measured check in a section whose claim has the words.
  static func measured(_ section: String, _ words: String) throws -> (
    value: Double, expected: Double, standardError: Double
  ) {
    let check = try #require(page.checks(section).first { $0.claim.contains(words) })
    guard case .measured(let measured, let expected, let standardError) = check.evidence else {
      throw Mismatch()
    }
    return (measured.value, expected.value, standardError)
  }
  struct Mismatch: Error {}

  @Test func everySectionShowsWhatTheNoteSpeaksOf() {
    for section in Self.page.sections {
      let blocks = Self.page.section(section)
      #expect(blocks.contains { if case .figure = $0 { true } else { false } }, "\(section)")
      #expect(blocks.contains { if case .table = $0 { true } else { false } }, "\(section)")
      #expect(!Self.page.checks(section).isEmpty, "\(section)")
    }
    #expect(Self.page.section("2.5").contains { if case .imageGrid = $0 { true } else { false } })
  }

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

  /// As σ falls, the gradient of log P grows, that of P fades, and fewer z are at work.
  @Test func theGradientExplodesAndVanishes() throws {
    let rows = try #require(Self.tables("2.1").first).rows.dropLast().map { $0.map { Double($0)! } }
    for (row, next) in zip(rows, rows.dropFirst()) {
      #expect(next[3] > row[3] && next[5] < row[5])
    }
    #expect(rows.last![2] == 0 && rows.last![4] == 0)
  }

  @Test("A gradient that leaves out the posterior's weights fails its check")
  func aGradientWithoutThePosteriorWouldBeFound() {
    let f = Tensor<Double>([1, 0, 0, 1], shape: [2, 2])
    let x = Tensor<Double>([0.8, 0.3], shape: [1, 2])
    func logWeights(_ f: Tensor<Double>) -> Tensor<Double> {
      DiagonalNormal(mean: f, logVariance: Tensor(0)).logProbability(of: x)
    }
    let gradient = valueWithGradient(at: f) { logWeights($0).logSumExp(axis: 0) }.gradient
    let posterior = exp(logWeights(f) - logWeights(f).logSumExp(axis: 0)).reshaped([2, 1])
    func check(_ formula: Tensor<Double>) -> Check {
      let residual = (gradient - formula).scalars.map(abs).max()!
      return Check("", .equal(Quantity("", residual), Quantity("", 0), tolerance: 1e-10))
    }
    #expect(check(posterior * (x - f)).holds)
    #expect(!check(0.5 * (x - f)).holds)
  }

  @Test("The check fails for a logarithm that is not biased")
  func anUnbiasedLogarithmWouldBeFound() throws {
    let found = try Self.measured("2.2", "logarithm is too low")
    let unbiased = Check(
      "",
      .measured(
        Quantity("", found.value), expected: Quantity("", 0), standardError: found.standardError))
    #expect(!unbiased.holds)
    #expect(found.value < 0)
  }

  /// A covariance WWᵀ + σ²I for WWᵀ + ½σ²I in E[w²] would make the weights look even.
  @Test("The check fails for a variance of the wrong size")
  func aWrongVarianceWouldBeFound() throws {
    let example = Example(sigma: 0.3)
    let constant = -1.5 * (Double.log(2) + logTwoPi + 2 * .log(0.3))
    let wrong = Double.exp(constant - example.logEvidence) - 1
    var generator = SeededGenerator(seed: 60)
    let run = example.model.naiveLogEvidences(
      of: example.x, sampleCount: 100, repetitions: 1000, using: &generator)
    let squares = run.map { estimate in
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

  @Test("In section 2.3 the second moment grows by the same factor with each dimension")
  func theLineInDimensionsIsStraight() throws {
    let rows = try #require(Self.tables("2.3").first).rows
    let moments = Dictionary(uniqueKeysWithValues: rows.map { (Int($0[0])!, Double($0[1])!) })
    // Four digits of each are printed.
    for d in 2...6 {
      #expect(abs(moments[d]! / (moments[d - 1]! * moments[1]!) - 1) < 1e-3)
    }
    #expect(rows.prefix(3).allSatisfy { abs(Double($0[3])! - 10) < 2 })
  }

  @Test("In section 2.4 a few of the samples hold half of the sum")
  func theHeaviestSamplesComeFirst() throws {
    let rows = try #require(Self.tables("2.4").first).rows
    let counts = rows.map { Int($0[1])! }
    #expect(counts == counts.sorted())
    // Half of the sum from a share of the samples as small as this is what the section is about.
    #expect(counts[0] * 20 < 10_000)
  }

  @Test("The cut digit has lost two rows, and the shifted one has moved by a pixel")
  func theChangedDigitsAreWhatTheyAreCalled() throws {
    let digits = try Digits(2)
    let (x, cut, shifted) = (digits.x, digits.cut, digits.shifted)
    for row in 0..<28 {
      for column in 0..<28 {
        let isCut = row == 13 || row == 14
        #expect(cut[0, 28 * row + column] == (isCut ? 0 : x[0, 28 * row + column]))
        let source = row > 0 && column > 0 ? x[0, 28 * (row - 1) + column - 1] : 0
        #expect(shifted[0, 28 * row + column] == source)
      }
    }
    // Nothing of this digit is lost at the border, so that all its ink is still there.
    #expect(abs(digits.halfShifted.sum().scalar / x.sum().scalar - 1) < 1e-5)
  }

  /// With ten latent variables a million draws from the prior are no match for a hundred from Q: the
  /// naive estimate is off by more than it admits.
  @Test func theNaiveEstimateOfADigitIsNotToBeTrusted() throws {
    let rows = try #require(Self.tables("2.6").first).rows
    func row(_ latents: String, _ source: String, _ count: String) throws -> [Double] {
      let row = rows.first { $0.prefix(3) == [latents, source, count] }
      return try #require(row).dropFirst(3).map { Double($0) ?? .nan }
    }
    let naive = try row("10", "prior", "1000000")
    let few = try row("10", "fitted Q", "100")
    let many = try row("10", "fitted Q", "10000")
    #expect(naive[0] < many[0] - 4 * naive[1])
    #expect(naive[2] < few[2] && few[2] < many[2])
    let exact = try row("2", "quadrature", "")
    #expect(abs(try row("2", "prior", "100000")[0] - exact[0]) < 0.1)
  }
}
