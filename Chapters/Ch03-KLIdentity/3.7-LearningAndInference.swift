import Autodiff
import Claims
import Notebook
import Probability

/// 3.7 Learning and inference together: one bound is maximised in θ, in Q, and in both; and when Q ends at
/// the prior.
struct LearningAndInference: SectionContent {
  /// For f(z) = z, whose posterior is normal, and for the decoder that was asked for.
  let exact, inexact: Study
  let collapse: Collapse
  let isLinear: Bool

  init(_ curve: ScalarLatentModel.Curve, using generator: SeededGenerator) {
    var generator = generator
    exact = Study(.linear, using: &generator)
    inexact = Study(curve, using: &generator)
    collapse = Collapse(exact.examples)
    isLinear = curve == .linear
  }

  func show(on page: Page) {
    page.lead(
      """
      60 examples X, a decoder with parameters θ and a Q(z|X) for each X. Gradient ascent maximises the \
      bound in some of them or in all. First f(z) = z, where Q can equal the posterior: compare \
      log P(X) with the bound.
      """)
    page.code("objective")
    page.code("stages")
    exact.show(on: page)
    if let largest = exact.largestPossible {
      page.check(
        "Where Q can equal the posterior, maximising the bound reaches the largest possible log P(X).",
        .equal(
          Quantity("from the bound", exact.together.last!.logEvidence),
          Quantity("closed form", largest), tolerance: 1e-6))
    }

    page.lead(
      """
      Now \(inexact.formula). Compare the rows before and after log P(X) itself was maximised: maximising \
      the bound gives up some of log P(X) for posteriors that Q can match.
      """)
    inexact.show(on: page)
    showPaths(on: page)
    showCompromise(on: page)
    collapse.show(on: page)
  }

  private func showPaths(on page: Page) {
    func line(
      _ name: String, _ meaning: Plot.Meaning, _ study: Study, _ value: (Stage) -> Double
    ) -> Plot.Layer {
      .line(
        .init(
          name, meaning: meaning, x: study.together.map { Double($0.step) },
          y: study.together.map(value)))
    }
    page.figure(
      "Gradient ascent in θ and Q together",
      description: """
        log P(X) and the bound rise together. D[Q‖P(z|X)] falls to 0 only where Q can equal the \
        posterior.
        """,
      Plot(
        inexact.formula, x: Axis("steps"), y: Axis("nats per example"),
        layers: [
          line("log P(X)", .evidence, inexact) { $0.logEvidence },
          line("the bound", .bound, inexact) { $0.bound },
        ]),
      Plot(
        "D[Q‖P(z|X)]", x: Axis("steps"), y: Axis("D", scale: .logarithmic),
        layers: [
          line("f(z) = z", .series(0), exact) { $0.gap },
          line(inexact.formula, .series(5), inexact) { $0.gap },
        ]))
  }

  private func showCompromise(on page: Page) {
    guard !isLinear else {
      page.note("A decoder whose posterior is normal", "Nothing is given up here: the rows agree.")
      return
    }
    let (both, likelier) = (inexact.both, inexact.likelier)
    page.check(
      "Maximising log P(X) itself in θ, after the bound, increases log P(X) further.",
      .atMost(
        Quantity("log P(X) before", both.logEvidence),
        Quantity("log P(X) after", likelier.logEvidence)))
    page.check(
      "Meanwhile the bound falls.",
      .atMost(
        Quantity("the bound after", likelier.bound),
        Quantity("the bound before", both.bound)))
  }
}

/// The terms of the identity at one stage: means over the examples, in nats.
struct Stage {
  let name: String
  /// How many steps of gradient ascent led here.
  let step: Int
  let logEvidence, bound, gap: Double

  init(
    _ name: String, step: Int = 0, _ autoencoder: Autoencoder, _ x: Tensor<Double>
  ) {
    self.name = name
    self.step = step
    let (model, q) = (autoencoder.model, autoencoder.q)
    logEvidence = model.logEvidence(of: x).mean().scalar
    bound = model.bound(q, x).mean().scalar
    gap = model.gap(q, x).mean().scalar
  }
}

/// A decoder with parameters θ, and Q(z|X) for each of some examples.
struct Autoencoder: Parameterized {
  var model: ScalarLatentModel
  var q: DiagonalNormal<Double>

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("model", &model)
    visitor.visit("q", &q)
  }

  // cell: objective
  /// The bound as a function of θ and Q, a mean over the examples.
  func bound(_ x: Tensor<Double>) -> Tensor<Double> {
    model.bound(q, x, by: .objective).mean()
  }

  /// log P(X) as a function of θ, on a grid of z.
  func logEvidence(_ x: Tensor<Double>) -> Tensor<Double> {
    model.logEvidence(of: x, by: .objectiveGrid).mean()
  }

  /// Q alone moves: inference.
  func movingQ(_ x: Tensor<Double>) -> Autoencoder {
    let path = gradientAscent(from: q) { q in Autoencoder(model: model, q: q).bound(x) }
    return Autoencoder(model: model, q: path.last!)
  }

  /// θ alone moves: learning.
  func movingθ(_ objective: (Autoencoder) -> Tensor<Double>) -> Autoencoder {
    let path = gradientAscent(from: model) { objective(Autoencoder(model: $0, q: q)) }
    return Autoencoder(model: path.last!, q: q)
  }
  // end
}

/// θ and Q moved apart and together, one after another.
struct Study {
  let formula: String
  let stages: [Stage]
  /// The path of θ and Q together, every 20 steps.
  let together: [Stage]
  /// The largest log P(X) that a linear model can reach, if it has a closed form.
  let largestPossible: Double?
  /// The largest log P(X) of a decoder that ignores z.
  let largestWithoutZ: Double
  /// The two numbers of each X, one X after another.
  let examples: [Double]

  /// 60 examples from a model with the given curve, and an ascent that starts not far from that model.
  init(_ curve: ScalarLatentModel.Curve, using generator: inout SeededGenerator) {
    formula = curve.formula
    let truth = ScalarLatentModel(
      curve, amplitude: [1, -0.5], rate: curve.rate, logVariance: .log(0.0625))
    let x = truth.sample(60, using: &generator)
    examples = x.scalars
    let zeros = Tensor<Double>(zeros: [60, 1, 1])
    let start = Autoencoder(
      model: ScalarLatentModel(
        curve, amplitude: [0.5, 0], rate: 0.75 * curve.rate, offset: [0.3],
        logVariance: .log(0.5)),
      q: DiagonalNormal(mean: zeros, logVariance: zeros))
    let zero = Tensor<Double>(zeros: [1, 1, 1])
    let sharing = Autoencoder(
      model: start.model, q: DiagonalNormal(mean: zero, logVariance: zero))

    // cell: stages
    let inference = start.movingQ(x)
    let learning = start.movingθ { $0.bound(x) }
    let shared = gradientAscent(from: sharing) { $0.bound(x) }.last!  // θ and one Q for all X
    let path = gradientAscent(from: start) { $0.bound(x) }  // θ and Q together
    let likelier = path.last!.movingθ { $0.logEvidence(x) }  // then log P(X) itself
    let inferred = likelier.movingQ(x)
    let again = gradientAscent(from: inferred) { $0.bound(x) }.last!
    // end
    stages = [
      Stage("nothing yet: Q is the prior", start, x), Stage("the bound in Q alone", inference, x),
      Stage("the bound in θ alone", learning, x),
      Stage("the bound in θ and one Q for all X", shared, x),
      Stage("the bound in θ and Q", path.last!, x),
      Stage("… then log P(X) in θ", likelier, x), Stage("… then the bound in Q", inferred, x),
      Stage("… then in θ and Q", again, x),
    ]
    together = stride(from: 0, through: 300, by: 20).map { step in
      Stage("θ and Q together", step: step, path[step], x)
    }
    largestWithoutZ = Self.largestWithoutZ(x)
    largestPossible = curve == .linear ? Self.largestPossible(x.reshaped([60, 2])) : nil
  }

  /// With one z and an X of two numbers, Wz + b + noise can have any covariance, so the best has that of the
  /// examples.
  private static func largestPossible(_ x: Tensor<Double>) -> Double? {
    let deviations = x - x.mean(axis: 0)
    let covariance = matmul(deviations.transposed(), deviations) / 60
    let normal = try? MultivariateNormal(mean: x.mean(axis: 0), covariance: covariance)
    return normal?.logProbability(of: x).mean().scalar
  }

  /// N(m, σ²I) with the mean of the examples, and with σ² the mean of their variances.
  private static func largestWithoutZ(_ x: Tensor<Double>) -> Double {
    let deviations = x - x.mean(axis: 0)
    return DiagonalNormal(
      mean: x.mean(axis: 0), logVariance: log(deviations.squared.mean()).reshaped([1])
    ).logProbability(of: x).mean().scalar
  }

  /// Where the bound is largest in θ with one Q for all X, in θ and Q, and after log P(X) was maximised
  /// in θ from there.
  var shared: Stage { stages[3] }
  var both: Stage { stages[4] }
  var likelier: Stage { stages[5] }

  func show(on page: Page) {
    page.table(
      [.left("maximised"), .right("log P(X)"), .right("the bound"), .right("D[Q‖P(z|X)]")],
      rows: stages.map { [$0.name] + cells($0.logEvidence, $0.bound, $0.gap, decimals: 6) },
      caption: "\(formula). Means over the 60 examples, in nats.")
    page.check(
      "The identity holds at every stage.",
      .small("largest difference", stages.map { $0.logEvidence - $0.bound - $0.gap }))
    page.check(
      "With one Q for all X, the maximum is that of a decoder that ignores z.",
      .equal(
        Quantity("from the bound", shared.logEvidence), Quantity("closed form", largestWithoutZ),
        tolerance: 1e-6))
  }
}
