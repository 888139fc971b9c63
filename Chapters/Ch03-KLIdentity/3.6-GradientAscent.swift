import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability

/// 3.6 Gradient ascent in Q: what increases the bound decreases D[Q‖P(z|X)], down to a floor that Q's
/// family sets.
struct GradientAscent: SectionContent {
  /// Where the ascent from one mean ends.
  struct End {
    let start, mean, deviation, gap: Double
  }

  /// The best mixture of K components.
  struct Mixture {
    let components: Int
    let bound, gap: Double
    let density: [Double]
  }

  /// f(z) of the decoder that was asked for.
  let formula: String
  /// The steps at which D[Q‖P(z|X)] is known, for f(z) = z and for the decoder.
  let steps = Array(stride(from: 0, through: 400, by: 10))
  let linearGaps, gaps: [Double]
  let ends: [End]
  /// log P(X).
  let logEvidence: Double
  let posterior: DensityCurve
  let mixtures: [Mixture]

  init(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, from best: Normal, components: Int,
    _ progress: ProgressDisplay
  ) {
    func path(_ model: ScalarLatentModel, from mean: Double) -> [NormalMixture] {
      // cell: fit
      let start = NormalMixture(Normal(mean: mean, variance: 0.25))
      let path = gradientAscent(from: start, steps: 400) { q in model.bound(q, x) }
      // end
      return path
    }
    let steps = steps
    func gaps(_ model: ScalarLatentModel) -> [Double] {
      let path = path(model, from: -1)
      return steps.map { model.gap(path[$0], x) }
    }
    formula = model.curve.formula
    linearGaps = gaps(ScalarLatentModel(.linear, logVariance: model.logVariance.scalar))
    self.gaps = gaps(model)
    ends = [-2, 0, 1.5].map { mean in
      let q = path(model, from: mean).last!
      return End(
        start: mean, mean: q.mean.scalar, deviation: .exp(0.5 * q.logVariance.scalar),
        gap: model.gap(q, x))
    }
    logEvidence = model.logEvidence(of: x).scalar
    posterior = DensityCurve("P(z|X)", .posterior) { model.logPosterior(of: $0, given: x) }
    mixtures = Self.mixtures(model, x, from: best, components, progress)
  }

  private static func mixtures(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, from best: Normal, _ components: Int,
    _ progress: ProgressDisplay
  ) -> [Mixture] {
    let z = DensityCurve.points
    let logPosterior = model.logPosterior(of: z, given: x)
    let line = progress.begin("fitting mixtures", total: components)
    var start = NormalMixture(best)
    let mixtures = (0..<components).map { _ in
      // cell: capacity
      let q = gradientAscent(from: start) { q in model.bound(q, x) }.last!
      // The next Q starts with a further component, where P(z|X) − Q(z) is largest.
      let missing = (exp(logPosterior) - exp(q.logProbability(of: z))).scalars
      let place = missing.indices.max { missing[$0] < missing[$1] }!
      start = q.adding(
        Normal(mean: z.scalars[place], logVariance: best.logVariance), weight: 0.1)
      // end
      line.advance()
      return q
    }
    line.finish()
    return mixtures.map { q in
      Mixture(
        components: q.count, bound: model.bound(q, x, by: .right).scalar, gap: model.gap(q, x),
        density: exp(q.logProbability(of: z)).scalars)
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      Gradient ascent on the bound, which does not contain the posterior, for two decoders. Look at \
      how far D[Q‖P(z|X)] falls.
      """)
    showAscent(on: page)
    page.lead("With \(formula), does it matter where Q = N(μ, ½²) starts?")
    page.table(
      [.right("start μ"), .right("end μ"), .right("end σ"), .right("D[Q‖P(z|X)]")],
      rows: ends.map { cells($0.start, $0.mean, $0.deviation, $0.gap) })
    page.lead(
      "Now Q is a mixture of K normal distributions. Look at how D[Q‖P(z|X)] falls as K grows.")
    showMixtures(on: page)
  }

  private func showAscent(on page: Page) {
    page.code("ascent")
    page.code("bound")
    page.code("fit")
    func line(_ name: String, _ meaning: Plot.Meaning, _ gaps: [Double]) -> Plot.Layer {
      .line(
        .init(name, meaning: meaning, x: steps.map(Double.init), y: gaps.map { max($0, 1e-8) }))
    }
    page.figure(
      "D[Q‖P(z|X)] while the bound increases",
      description: """
        For \(formula) it stays above a floor, for f(z) = z it falls to 0. The axis is logarithmic; what \
        is below 10⁻⁸ is drawn there.
        """,
      Plot(
        x: Axis("steps"), y: Axis("D[Q‖P(z|X)]", scale: .logarithmic),
        layers: [
          line("f(z) = z", .series(0), linearGaps), line(formula, .series(5), gaps),
        ]))
    page.check(
      "With f(z) = z, D[Q‖P(z|X)] falls to 0.",
      .small("D[Q‖P(z|X)] after 400 steps", [linearGaps.last!], tolerance: 1e-8))
  }

  private func showMixtures(on page: Page) {
    page.code("mixture")
    page.code("capacity")
    page.table(
      [.right("K"), .right("the bound"), .right("D[Q‖P(z|X)]"), .right("their sum")],
      rows: mixtures.map {
        [formatted($0.components)] + cells($0.bound, $0.gap, $0.bound + $0.gap, decimals: 7)
      })
    let z = DensityCurve.points.scalars
    let shown = Set([1, min(2, mixtures.count), mixtures.count]).sorted()
    let meanings: [Plot.Meaning] = [.series(5), .series(0)].prefix(shown.count - 1) + [.q]
    page.figure(
      "The posterior, and mixtures of K normal distributions",
      description: "Each further component goes where the posterior is not yet covered.",
      Plot(
        x: Axis("z"), y: Axis("density"),
        layers: [
          .line(.init(posterior.label, meaning: posterior.meaning, x: z, y: posterior.values))
        ]
          + zip(shown, meanings).map { k, meaning in
            .line(.init("K = \(k)", meaning: meaning, x: z, y: mixtures[k - 1].density))
          }))
    page.check(
      "Whatever Q is, the bound and D[Q‖P(z|X)] add up to log P(X).",
      .small("largest difference", mixtures.map { $0.bound + $0.gap - logEvidence }))
    page.check(
      "No further component makes D[Q‖P(z|X)] larger by more than a thousandth of a nat.",
      .atMost(
        Quantity(
          "the largest rise",
          zip(mixtures.dropFirst(), mixtures).map { $0.gap - $1.gap }.max() ?? 0),
        Quantity("a thousandth of a nat", 1e-3)))
  }
}

// cell: ascent
/// Gradient ascent by Adam, with steps that shrink by 1.5 % each: every model on the way.
func gradientAscent<Model: Parameterized>(
  from start: Model, steps: Int = 300, of objective: (Model) -> Tensor<Double>
) -> [Model] where Model.Scalar == Double {
  var path = [start]
  var adam = Adam(for: start, learningRate: 0.1, secondDecay: 0.95)
  for _ in 0..<steps {
    var model = path.last!
    let slope = valueWithGradient(at: model) { -objective($0) }.gradient
    adam.update(&model, along: slope)  // a step down −ℒ is a step up ℒ
    adam.learningRate *= 0.985
    path.append(model)
  }
  return path
}
// end

extension ScalarLatentModel {
  // cell: bound
  /// ℒ = E[log P(X|z) + log P(z) − log Q(z)]: the posterior does not occur in it.
  func bound(
    _ q: NormalMixture, _ x: Tensor<Double>, by rule: QuadratureRule = .coarse
  ) -> Tensor<Double> {
    q.expectation(by: rule) { z in logJoint(of: x, z) - q.logProbability(of: z) }
  }
  // end

  /// D[Q‖P(z|X)], with a log P(X) on a grid of its own.
  func gap(_ q: NormalMixture, _ x: Tensor<Double>) -> Double {
    let logPX = logEvidence(of: x, by: .leftGrid)
    return q.expectation(by: .left) { z in
      q.logProbability(of: z) - (logJoint(of: x, z) - logPX)
    }.scalar
  }
}

extension NormalMixture {
  // cell: mixture
  /// E[f(z)] for z from the mixture: the weighted mean of the components' expectations.
  func expectation(
    by rule: QuadratureRule, of f: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    let components = DiagonalNormal(
      mean: mean.reshaped([count, 1, 1]), logVariance: logVariance.reshaped([count, 1, 1]))
    let expectations = components.expectation(by: rule, of: f).reshaped([count])
    return (exp(logWeights) * expectations).sum()
  }
  // end
}
