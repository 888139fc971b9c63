import Autodiff
import Claims
import Notebook
import Probability

/// The part of 3.6 that asks what it costs if Q may not depend on X: one Q for 60 examples, against one for
/// each.
struct OneForAll {
  /// 60 examples from one model; all divergences are from P(z|X), in nats, and means over the examples.
  struct Study {
    let formula: String
    let examples: [Double]
    /// One Q for all X: the prior, a normal found by gradient ascent, and the best of any shape.
    let priorGap, normalGap, bestGap: Double
    /// With f(z) = z: how far above its least value `normalGap` can be, by the slope where the ascent ended.
    let normalError: Double
    /// D of the best, from its definition.
    let bestGapByDefinition: Double
    /// A normal Q(z|X) for each X, found by gradient ascent.
    let eachGap: Double
    /// The mean over X of D[P(z|X)‖Q] for the best Q of all.
    let distanceFromBest: Double
    /// P(z|X) of the first three X, and the best Q of all.
    let densities: [DensityCurve]
  }

  /// f(z) = z and the decoder that was asked for, or sin 2z if that is f(z) = z as well.
  let studies: [Study]

  init(_ model: ScalarLatentModel, using generator: SeededGenerator) {
    var generator = generator
    let curve = model.curve == .linear ? .sine : model.curve
    studies = [ScalarLatentModel.Curve.linear, curve].map { curve in
      let model = ScalarLatentModel(
        curve, rate: curve.rate, logVariance: model.logVariance.scalar)
      return Self.study(model, model.sample(60, using: &generator))
    }
  }

  private static func study(_ model: ScalarLatentModel, _ x: Tensor<Double>) -> Study {
    let grid = ScalarLatentModel.grid
    let (nodes, logWeights) = (column(grid), Tensor(grid.logWeights))
    // cell: best
    func meanLogPosterior(_ z: Tensor<Double>) -> Tensor<Double> {
      model.logPosterior(of: z, given: x).mean(axis: 0)  // the mean of log P(z|X) over the X
    }
    let logMass = (meanLogPosterior(nodes) + logWeights).logSumExp(axis: 0)  // log ∫ exp(…) dz
    func logQ(_ z: Tensor<Double>) -> Tensor<Double> { meanLogPosterior(z) - logMass }
    let bestGap = -logMass.scalar  // what D[Q‖P(z|X)] is on average for this Q
    // end

    let otherNodes = column(.leftGrid)
    let otherMass = exp(logQ(otherNodes) + Tensor(QuadratureRule.leftGrid.logWeights))
    let logRatios = logQ(otherNodes) - model.logPosterior(of: otherNodes, given: x)

    let prior = standard([1, 1, 1])
    // cell: normals
    func bound(_ q: DiagonalNormal<Double>) -> Tensor<Double> {
      model.bound(q, x, by: .objective).mean()  // over the X
    }
    // One μ and one σ for all X; then a μ and a σ for each X.
    let one = gradientAscent(from: prior, firstStep: 0.2, of: bound).last!
    let each = gradientAscent(from: standard(x.shape), firstStep: 0.2, of: bound).last!
    // end
    let slope = valueWithGradient(at: one, of: bound).gradient
    return Study(
      formula: model.curve.formula, examples: x.scalars,
      priorGap: model.gap(prior, x).mean().scalar, normalGap: model.gap(one, x).mean().scalar,
      bestGap: bestGap,
      normalError: error(slope),
      bestGapByDefinition: (otherMass * logRatios).sum(axis: -1).mean().scalar,
      eachGap: model.gap(each, x).mean().scalar,
      distanceFromBest: model.posteriorExpectation(given: x) { z in
        model.logPosterior(of: z, given: x) - logQ(z)
      }.mean().scalar,
      densities: (0..<3).map { row in
        DensityCurve(row == 0 ? "P(z|X)" : nil, .posterior) {
          model.logPosterior(of: $0, given: x.slice(axis: 0, row..<row + 1))
        }
      } + [DensityCurve("one Q for all X", .q, logDensity: logQ)])
  }

  /// With f(z) = z the best Q is some N(m, s²). Another normal Q = N(μ, v) has a D that is larger by
  /// (μ − m)²/2s² + ½(r − 1 − log r), where r = v/s². The slopes of this in μ and log v are g = (μ − m)/s²
  /// and h = ½(r − 1), so it is at most ½g² + 2h²: s² is below the prior's variance of 1, and
  /// x − log(1 + x) ≤ x² for x = 2h ≥ −½.
  private static func error(_ slope: DiagonalNormal<Double>) -> Double {
    let (g, h) = (slope.mean.scalar, slope.logVariance.scalar)
    return 0.5 * g * g + 2 * h * h
  }

  /// N(0, 1) for each of as many z as the shape has numbers.
  private static func standard(_ shape: [Int]) -> DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor(zeros: shape), logVariance: Tensor(zeros: shape))
  }

  private static func column(_ rule: QuadratureRule) -> Tensor<Double> {
    Tensor(rule.nodes, shape: [rule.nodes.count, 1])
  }
}

extension OneForAll {
  func show(on page: Page) {
    page.lead(
      """
      Must Q depend on X? 60 examples share one Q, or each has its own. Look at what sharing costs, and \
      at the shape of the best shared Q.
      """)
    page.code("best")
    page.code("normals")
    func row(_ name: String, _ gap: (Study) -> Double) -> [String] {
      [name] + studies.map { formatted(gap($0), decimals: 4) }
    }
    page.table(
      [.left("mean of D[Q‖P(z|X)]")] + studies.map { .right($0.formula) },
      rows: [
        row("one Q for all X: the prior") { $0.priorGap },
        row("one Q for all X: a normal, by ascent") { $0.normalGap },
        row("one Q for all X: the best of any shape") { $0.bestGap },
        row("Q(z|X): a normal for each X, by ascent") { $0.eachGap },
        row("Q(z|X): the posterior for each X") { _ in 0 },
      ],
      caption: "In nats, means over 60 examples X from each model.")
    page.figure(
      "Posteriors of three X, and the best Q for all 60",
      description: """
        With f(z) = z the best shared Q is as narrow as each posterior, and lies in the middle of all \
        60. The posteriors shown are those of the first three X.
        """,
      Plot(studies[0].formula, densities: studies[0].densities),
      Plot(studies[1].formula, densities: studies[1].densities))
    page.check(
      "For the best shared Q, the mean of D[Q‖P(z|X)] is −log ∫ exp(mean of log P(z|X)) dz.",
      .small("largest difference", studies.map { $0.bestGap - $0.bestGapByDefinition }))
    let linear = studies[0]
    page.check(
      "With f(z) = z, this is the mean of D[P(z|X)‖Q]: how far the posteriors are from the shared Q.",
      .equal(
        Quantity("−log ∫", linear.bestGap),
        Quantity("mean of D[P(z|X)‖Q]", linear.distanceFromBest), tolerance: 1e-10))
    // The quadrature rounds by as much as above. Half of the last decimal in the table is the most that is
    // allowed, lest an ascent that ends too early allow itself anything.
    page.check(
      "With f(z) = z the best shared Q is normal, and gradient ascent finds it.",
      .equal(
        Quantity("D by ascent", linear.normalGap), Quantity("D of the best", linear.bestGap),
        tolerance: min(1e-10 + linear.normalError, 5e-5)))
    let study = studies[1]
    page.check(
      "With \(study.formula) no shared normal Q does better than the best of any shape.",
      .atMost(
        Quantity("D of the best", study.bestGap), Quantity("D of the best normal", study.normalGap))
    )
  }
}
