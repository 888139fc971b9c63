import Autodiff
import Claims
import Notebook
import Probability

/// 2.3 Dimension: what each additional dimension costs, and why it is not the dimension as such.
struct Dimension: SectionContent {
  /// A model with independent dimensions, and an X for it.
  struct Problem {
    let model: LinearGaussianModel
    let x: Tensor<Double>

    init(_ d: Int, sigma σ: Double) {
      // cell: problem
      // X = z + σε, and an X whose d numbers are all one standard deviation away from their mean 0
      model = LinearGaussianModel(
        weight: .identity(d), bias: Tensor(zeros: [d]), logVariance: Tensor(2 * .log(σ)))
      x = Tensor(repeating: (1 + σ * σ).squareRoot(), shape: [1, d])
      // end
    }
  }

  /// What one number of dimensions costs.
  struct Row {
    let d: Int
    let logSecondMoment: Double
    /// The number of samples for a relative error of 10 %.
    let sampleCount: Double
    /// The mean squared relative error of runs with that many samples; nil where they take too long.
    let squaredError: Double?
  }

  /// The number of naive estimates for each number of dimensions.
  static let repetitions = 200

  let rows: [Row]
  /// E[w²] in one dimension, as the note derives it.
  let factor: Double
  /// The exact standard error of the last squared error measured.
  let squaredErrorDeviation: Double
  /// D[P(z|X) ‖ P(z)] in 20 dimensions.
  let divergence: Double
  let touchable: TouchableEstimate

  init(sigma σ: Double, using generator: SeededGenerator) {
    factor = Self.factor(sigma: σ)
    touchable = TouchableEstimate(sigma: σ, firstSamples(2, generator), dimensions: 1...10)
    var generator = generator
    rows = (1...20).map { Self.row(Problem($0, sigma: σ), $0, using: &generator) }
    let last = rows.last { $0.squaredError != nil }!
    let problem = Problem(last.d, sigma: σ)
    let variance = WeightMoments(problem.model, problem.x)
      .squaredErrorVariance(ofMeanOf: Int(last.sampleCount.rounded(.up)))
    squaredErrorDeviation = (variance / Double(Self.repetitions)).squareRoot()

    let (model, x) = (Problem(20, sigma: σ).model, Problem(20, sigma: σ).x)
    // cell: divergence
    let prior = MultivariateNormal<Double>(
      mean: Tensor(zeros: [20]), choleskyFactor: .identity(20))
    let posterior = model.posterior(given: x.reshaped([20]))  // in 20 dimensions
    divergence = posterior.klDivergence(to: prior).scalar  // D[P(z|X) ‖ P(z)]
    // end
  }

  static func factor(sigma σ: Double) -> Double {
    // cell: factor
    // E[w²] in one dimension: (1 + σ²)/(σ √(2 + σ²)) · e^(1/(2 + σ²))
    let σ² = σ * σ
    let factor = (1 + σ²) / (σ * (2 + σ²).squareRoot()) * Double.exp(1 / (2 + σ²))
    // end
    return factor
  }

  private static func row(
    _ problem: Problem, _ d: Int, using generator: inout SeededGenerator
  ) -> Row {
    let (model, x) = (problem.model, problem.x)
    // cell: needed
    let logSecondMoment = model.logWeightMoment(2, of: x).scalar  // log E[w²]
    let n = 100 * (Double.exp(logSecondMoment) - 1)  // √((E[w²] − 1)/n) is 10 %
    // end
    // No more than about a second.
    let isAffordable = n * Double(d * repetitions) < 2.5e7
    return Row(
      d: d, logSecondMoment: logSecondMoment, sampleCount: n,
      squaredError: isAffordable
        ? squaredError(model, x, Int(n.rounded(.up)), using: &generator) : nil)
  }

  private static func squaredError(
    _ model: LinearGaussianModel, _ x: Tensor<Double>, _ n: Int,
    using generator: inout SeededGenerator
  ) -> Double {
    // cell: runs
    let logEvidence = model.evidence.logProbability(of: x).scalar  // log P(X)
    let estimates = Estimator.naive(
      model, x, n, repetitions: repetitions, using: &generator)  // log P̂ of 200 runs
    let squaredErrors = estimates.map { estimate in
      let relativeError = Double.exp(estimate - logEvidence) - 1  // P̂/P(X) − 1
      return relativeError * relativeError
    }
    // end
    return MonteCarloEstimate(squaredErrors).mean
  }

  /// The rows whose error was measured.
  var measured: [Row] { rows.filter { $0.squaredError != nil } }

  func show(on page: Page) {
    page.lead(
      """
      Now X = z + σε, with d numbers in X and d in z. Each dimension multiplies E[w²] by the same \
      factor.
      """)
    page.code("problem")
    page.code("factor")
    page.check(
      "E[w²] in 20 dimensions is the 20th power of the factor for one dimension.",
      .equal(
        Quantity("log E[w²], d = 20", rows.last!.logSecondMoment),
        Quantity("20 times the log of the factor", 20 * .log(factor)), tolerance: 1e-10))

    page.lead(
      """
      Look at how many samples an error of 10 % takes, and at the error that runs with exactly that \
      many samples really have.
      """)
    page.code("needed")
    page.code("runs")
    showCost(on: page)

    page.lead("The cost is not due to the dimension as such, but to how much X tells us about z.")
    page.code("divergence")
    page.check(
      "In 20 dimensions D[P(z|X) ‖ P(z)] is at most log E[w²].",
      .atMost(
        Quantity("D[P(z|X) ‖ P(z)]", divergence),
        Quantity("log E[w²]", rows.last!.logSecondMoment)))
  }

  private func showCost(on page: Page) {
    page.table(
      [.right("d"), .right("E[w²]"), .right("n for 10 %"), .right("error at that n, %")],
      rows: rows.filter { $0.d <= 6 || $0.d % 5 == 0 }.map { row in
        [
          "\(row.d)", formatted(exponentialOf: row.logSecondMoment, digits: 4),
          formatted(row.sampleCount, digits: 3),
          row.squaredError.map { formatted(100 * $0.squareRoot(), decimals: 2) } ?? "",
        ]
      },
      caption: """
        The error is the root mean square over \(formatted(Self.repetitions)) runs, where we can \
        afford them.
        """)
    page.figure(
      "Samples for an error of 10 %",
      description: """
        A straight line on a logarithmic axis: each dimension multiplies the cost by the same factor.
        """,
      Plot(
        x: Axis("dimensions"), y: Axis("samples", scale: .logarithmic),
        layers: [
          .line(
            .init(
              "closed form", meaning: .prior, x: rows.map { Double($0.d) },
              y: rows.map(\.sampleCount))),
          .points(
            .init(
              "measured", meaning: .prior, x: measured.map { Double($0.d) },
              y: measured.map { 100 * $0.sampleCount * $0.squaredError! })),
        ]))
    let last = measured.last!
    page.check(
      """
      With \(formatted(Int(last.sampleCount.rounded(.up)))) samples in \
      \(last.d == 1 ? "1 dimension" : "\(last.d) dimensions") the mean squared error is (10 %)², for \
      which this number was chosen.
      """,
      .measured(
        Quantity("mean squared error", last.squaredError!),
        expected: Quantity("10 % squared", 0.01), standardError: squaredErrorDeviation))
    page.interactive(
      "naive", "Add dimensions",
      description: """
        Draw a thousand samples in one dimension, then in two, and so on. The funnel of one standard error widens \
        until it covers the plot, and in ten dimensions the mean stays near 0 until it jumps. Only z₁ and z₂ are drawn.
        """, data: touchable)
  }
}
