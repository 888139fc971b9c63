import Autodiff
import StatisticalChecks
import Testing

@testable import Probability

/// The moments of the estimates are integrals of polynomials, which the rule has exactly.
@Suite struct SquaredNormTests {
  let rule = QuadratureRule.gaussHermite(8)

  /// The variance of (h − b) ε₁/σ in one dimension and in two, by quadrature over ε.
  private func variance(_ example: SquaredNorm, baseline b: Double) -> Double {
    let sigma = example.standardDeviation
    let others = example.dimension == 1 ? QuadratureRule(nodes: [0], logWeights: [0]) : rule
    func moment(_ power: Int) -> Double {
      rule.integral { e in
        others.integral { f in
          let rest = example.dimension == 1 ? 0 : (1 + sigma * f) * (1 + sigma * f)
          let estimate = ((1 + sigma * e) * (1 + sigma * e) + rest - b) * e / sigma
          return power == 1 ? estimate : estimate * estimate
        }
      }
    }
    #expect(isClose(moment(1), example.derivative, 1e-11))
    return moment(2) - moment(1) * moment(1)
  }

  /// The second moment at σ = 0.1 is about 400: 10⁻¹¹ allows for its rounding.
  @Test(arguments: [1, 2], [0.1, 0.5, 1, 3]) func scoreFunctionVariance(
    dimension: Int, sigma: Double
  ) {
    let example = SquaredNorm(dimension: dimension, standardDeviation: sigma)
    for b in [0, 1, example.bestBaseline] {
      let exact = variance(example, baseline: b)
      #expect(isClose(example.scoreFunctionVariance(baseline: b), exact, 1e-11))
    }
  }

  @Test("Any baseline but the best one raises the variance")
  func noBaselineIsBetterThanTheBest() {
    let example = SquaredNorm(dimension: 7, standardDeviation: 0.5)
    let least = example.scoreFunctionVariance(baseline: example.bestBaseline)
    for b in [example.bestBaseline - 0.1, example.bestBaseline + 0.1] {
      // It grows by the square of the distance over σ².
      #expect(isClose(example.scoreFunctionVariance(baseline: b) - least, 0.04, 1e-9))
    }
  }

  /// Sums of 20 numbers of ordinary size, and one division.
  @Test("Each draw's estimates of the gradient are what the formulas say")
  func drawsAreWhatTheFormulasSay() {
    let example = SquaredNorm(dimension: 20, standardDeviation: 0.5)
    var (generator, same) = (SeededGenerator(seed: 33), SeededGenerator(seed: 33))
    let draws = example.draws(10, using: &generator)
    let noise = Tensor<Double>.normal([10, 20], using: &same)
    for row in 0..<10 {
      let z = (0..<20).map { 1 + 0.5 * noise[row, $0] }
      #expect(isClose(draws.values[row], z.reduce(0) { $0 + $1 * $1 }, 1e-13))
      #expect(isClose(draws.pathwise[row], 2 * z[0], 1e-14))
      #expect(abs(draws.score[row] - noise[row, 0] / 0.5) < 1e-13)
    }
  }

  /// Fails once in a million seeds for each of the two. The sample's own error is used: the
  /// squares have nearly normal means at this count.
  @Test func measuredVariancesAgree() {
    let example = SquaredNorm(dimension: 50, standardDeviation: 0.5)
    var generator = SeededGenerator(seed: 34)
    let draws = example.draws(20_000, using: &generator)
    for (estimates, exact) in [
      (draws.pathwise, example.pathwiseVariance),
      (draws.values * draws.score, example.scoreFunctionVariance(baseline: 0)),
    ] {
      let squares = MonteCarloEstimate((estimates - 2).squared.scalars)
      #expect(abs(squares.mean - exact) < millionthDeviation * squares.standardError)
    }
  }

  @Test("Draws that are made piece by piece are those of one stretch of random numbers")
  func pieces() {
    // So large that a piece is two draws.
    let example = SquaredNorm(dimension: 1 << 16, standardDeviation: 0.5)
    var generators = (SeededGenerator(seed: 35), SeededGenerator(seed: 35))
    let draws = example.draws(5, using: &generators.0)
    let noise = Tensor<Double>.normal([5, 1 << 16], using: &generators.1)
    #expect(generators.0 == generators.1)
    // The pathwise estimate is 2 z₁.
    let first = noise.slice(axis: 1, 0..<1).scalars.map { 2 * (1 + 0.5 * $0) }
    #expect(draws.pathwise.shape == [5] && draws.values.shape == [5] && draws.score.shape == [5])
    for (pathwise, expected) in zip(draws.pathwise.scalars, first) {
      #expect(isClose(pathwise, expected, 1e-14))
    }
  }
}
