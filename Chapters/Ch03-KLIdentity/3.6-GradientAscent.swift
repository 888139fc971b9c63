import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability

/// 3.6 Gradient ascent in Q: whatever increases the bound decreases D[Q‖P(z|X)], down to a floor that
/// Q's family sets.
struct GradientAscent: SectionContent {
  /// Where the ascents from one mean end: one for each size of Adam's first step.
  struct Ends {
    let start: Double
    let ends: [End]
  }

  /// Where one ascent ends.
  struct End {
    let mean, deviation, gap: Double
  }

  static let firstSteps = [0.1, 0.05]

  /// f(z) of the decoder that was asked for.
  let formula: String
  /// The steps at which D[Q‖P(z|X)] is known, for f(z) = z and for the decoder.
  let steps = Array(stride(from: 0, through: 400, by: 10))
  let linearGaps, gaps: [Double]
  let starts: [Ends]
  let mixtures: Mixtures
  let correlated: CorrelatedPosterior
  let oneForAll: OneForAll

  init(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, from best: Normal, components: Int,
    using generator: SeededGenerator, _ progress: ProgressDisplay
  ) {
    func path(
      _ model: ScalarLatentModel, from mean: Double, firstStep: Double = 0.1
    ) -> [NormalMixture] {
      // cell: fit
      let start = NormalMixture(Normal(mean: mean, variance: 0.25))
      let path = gradientAscent(from: start, steps: 400, firstStep: firstStep) { q in
        model.bound(q, x)
      }
      // end
      return path
    }
    let steps = steps
    func gaps(_ model: ScalarLatentModel) -> [Double] {
      let path = path(model, from: -1)
      return steps.map { model.gap(path[$0], x) }
    }
    let linear = ScalarLatentModel(.linear, logVariance: model.logVariance.scalar)
    formula = model.curve.formula
    linearGaps = gaps(linear)
    self.gaps = gaps(model)
    starts = [-2, 0, 1.5].map { mean in
      Ends(
        start: mean,
        ends: Self.firstSteps.map { step in
          let q = path(model, from: mean, firstStep: step).last!
          return End(
            mean: q.mean.scalar, deviation: .exp(0.5 * q.logVariance.scalar),
            gap: model.gap(q, x))
        })
    }
    mixtures = Mixtures(
      model, x, from: best, upTo: components, using: generator.stream(1), progress)
    correlated = CorrelatedPosterior()
    oneForAll = OneForAll(model, using: generator.stream(2))
  }

  func show(on page: Page) {
    page.lead(
      """
      Gradient ascent on the bound, which does not contain the posterior, for two decoders. Look at \
      how far D[Q‖P(z|X)] falls.
      """)
    showAscent(on: page)
    page.lead(
      "With \(formula), does it matter where Q = N(μ, ½²) starts, and how long the first step is?")
    page.table(
      [.right("start μ")]
        + Self.firstSteps.flatMap { step -> [Table.Column] in
          [
            .right("step \(formatted(step, decimals: 2)): μ"), .right("σ"), .right("D[Q‖P(z|X)]"),
          ]
        },
      rows: starts.map {
        cells($0.start, decimals: 1)
          + $0.ends.flatMap { cells($0.mean, $0.deviation, $0.gap) }
      })
    mixtures.show(on: page)
    correlated.show(on: page)
    oneForAll.show(on: page)
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
        For f(z) = z it falls to 0; for \(formula) it levels off at a floor. The vertical axis is \
        logarithmic, and anything below 10⁻⁸ is drawn at 10⁻⁸.
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
}

// cell: ascent
/// Gradient ascent by Adam, each step 1.5 % shorter than the last. Returns every model on the way.
func gradientAscent<Model: Parameterized>(
  from start: Model, steps: Int = 300, firstStep: Double = 0.1,
  of objective: (Model) -> Tensor<Double>
) -> [Model] where Model.Scalar == Double {
  var path = [start]
  var adam = Adam(for: start, learningRate: firstStep, secondDecay: 0.95)
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

/// The length of the last step of such an ascent, in each parameter: about as far as the end can be from
/// the optimum, around which Adam's steps go back and forth.
func lastStep(steps: Int, firstStep: Double = 0.1) -> Double {
  (1..<steps).reduce(firstStep) { step, _ in 0.985 * step }
}

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
