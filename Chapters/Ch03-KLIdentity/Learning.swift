import Autodiff
import Kernels
import Notebook
import Probability

/// A decoder with parameters θ, and Q(z|X) for each of some examples.
private struct Autoencoder: Parameterized {
  var model: ScalarLatentModel
  var q: DiagonalNormal<Double>

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("model", &model)
    visitor.visit("q", &q)
  }

  /// The right side, a mean over the examples.
  func bound(
    _ x: Tensor<Double>, by rule: QuadratureRule = KLIdentity.rightRule
  ) -> Tensor<Double> {
    KLIdentity.bound(q, model, x, by: rule).mean()
  }

  /// log P(X), a mean over the examples.
  func evidence(_ x: Tensor<Double>) -> Double { model.logEvidence(of: x).mean().scalar }

  /// D[Q(z|X)‖P(z|X)], a mean over the examples.
  func gap(_ x: Tensor<Double>) -> Double { KLIdentity.gap(q, model, x).mean().scalar }
}

extension KLIdentity {
  /// Ascents of θ and of Q, apart and together, one after another.
  private struct Study {
    let x: Tensor<Double>
    let together: [Autoencoder]
    let stages: [(name: String, end: Autoencoder)]

    /// 60 examples from `truth`, and a start that is not far from it.
    init(_ truth: ScalarLatentModel, using generator: inout SeededGenerator) {
      let x = truth.sample(60, using: &generator)
      let rule = QuadratureRule.standardNormal(61)
      let grid = QuadratureRule.trapezoidal(301, over: -6...6)
      let zeros = Tensor<Double>(zeros: [60, 1, 1])
      let start = Autoencoder(
        model: ScalarLatentModel(
          truth.curve, amplitude: [0.5, 0], rate: 0.75 * truth.rate.scalar, offset: [0.3],
          logVariance: .log(0.5)),
        q: DiagonalNormal(mean: zeros, logVariance: zeros))
      func inQ(_ start: Autoencoder) -> Autoencoder {
        let path = ascent(from: start.q) { q in
          Autoencoder(model: start.model, q: q).bound(x, by: rule)
        }
        return Autoencoder(model: start.model, q: path.last!)
      }
      func inTheta(
        _ start: Autoencoder, _ objective: (Autoencoder) -> Tensor<Double>
      ) -> Autoencoder {
        let path = ascent(from: start.model) { objective(Autoencoder(model: $0, q: start.q)) }
        return Autoencoder(model: path.last!, q: start.q)
      }
      func inBoth(_ start: Autoencoder) -> [Autoencoder] {
        ascent(from: start) { $0.bound(x, by: rule) }
      }
      together = inBoth(start)
      let likelier = inTheta(together.last!) { $0.model.logEvidence(of: x, by: grid).mean() }
      let inferred = inQ(likelier)
      stages = [
        ("the start: Q is the prior", start), ("the bound in Q alone", inQ(start)),
        ("the bound in θ alone", inTheta(start) { $0.bound(x, by: rule) }),
        ("the bound in θ and Q", together.last!), ("… then log P(X) in θ", likelier),
        ("… then the bound in Q", inferred), ("… then in θ and Q", inBoth(inferred).last!),
      ]
      self.x = x
    }

    func show(on page: Page) {
      let terms = stages.map { [$0.end.evidence(x), $0.end.bound(x).scalar, $0.end.gap(x)] }
      page.table(
        [.left("ascended"), .right("log P(X)"), .right("the bound"), .right("D[Q‖P(z|X)]")],
        rows: zip(stages, terms).map { [$0.name] + $1.map { formatted($0, decimals: 6) } },
        caption: "Nats an example: means over the 60.")
      checkResiduals(
        "The identity holds wherever θ and Q stand.", terms.map { $0[0] - $0[1] - $0[2] }, on: page)
    }
  }

  /// θ and Q ascended apart and together.
  static func learnAndInfer(
    _ model: ScalarLatentModel, using generator: SeededGenerator, on page: Page
  ) {
    page.section("3.7", "Learning and inference together")
    page.prose(
      """
      To find θ is learning, to find Q is inference, and both ascend one bound. 60 examples X of two \
      numbers come from f(z) = a · g(bz) + c, σ = ¼; θ is a, b, c and σ, and each X has its own \
      Q(z|X) = N(μ, σ²). First with g(u) = u, where Q can be the posterior:
      """)
    var generator = generator
    func truth(_ curve: ScalarLatentModel.Curve, rate: Double) -> ScalarLatentModel {
      ScalarLatentModel(
        curve, amplitude: [1, -0.5], rate: rate, logVariance: .log(0.0625))
    }
    let exact = Study(truth(.linear, rate: 1), using: &generator)
    exact.show(on: page)
    // With one z and two X, Wz + b + noise can have any covariance: the best is that of the examples.
    let x = exact.x.reshaped([60, 2])
    let deviations = x - x.mean(axis: 0)
    let covariance = matmul(deviations.transposed(), deviations) / 60
    if let normal = try? MultivariateNormal(mean: x.mean(axis: 0), covariance: covariance) {
      page.check(
        "Where Q can match, the bound leads to the largest log P(X) that the model allows.",
        .equal(
          Quantity("from the bound", exact.together.last!.evidence(exact.x)),
          Quantity("closed form", normal.logProbability(of: x).mean().scalar), tolerance: 1e-6))
    }
    page.prose(
      """
      Now \(formula(model)) with the same a, where a normal Q may not match. The bound is then about two \
      things at once, and gives up some of log P(X) for a posterior that Q can follow: compare the \
      rows before and after log P(X) itself was ascended.
      """)
    let inexact = Study(truth(model.curve, rate: model.rate.scalar), using: &generator)
    inexact.show(on: page)
    let steps = Array(stride(from: 0, through: 300, by: 20))
    func path(
      _ name: String, _ study: Study, _ value: (Autoencoder) -> Double
    ) -> Plot.Layer {
      line(name, steps.map(Double.init), steps.map { value(study.together[$0]) })
    }
    page.figure(
      "θ and Q on their way up",
      description: "The bound pushes log P(X) up from below. D closes only where Q can match.",
      Plot(
        formula(model), x: Axis("steps"), y: Axis("nats an example"),
        layers: [
          path("log P(X)", inexact) { $0.evidence(inexact.x) },
          path("the bound", inexact) { $0.bound(inexact.x).scalar },
        ]),
      Plot(
        "D[Q‖P(z|X)]", x: Axis("steps"), y: Axis("D", scale: .logarithmic),
        layers: [
          path("f(z) = z", exact) { $0.gap(exact.x) },
          path(formula(model), inexact) { $0.gap(inexact.x) },
        ]))
    let (both, likelier) = (inexact.together.last!, inexact.stages[4].end)
    guard model.curve != .linear else {
      page.note("A decoder whose posterior is normal", "Nothing is given up here: both rows agree.")
      return
    }
    page.check(
      "log P(X) was not yet as large as it can be …",
      .atMost(
        Quantity("after the bound", both.evidence(inexact.x)),
        Quantity("after log P(X)", likelier.evidence(inexact.x))))
    page.check(
      "… and while it rises, the bound falls.",
      .atMost(
        Quantity("the bound after log P(X)", likelier.bound(inexact.x).scalar),
        Quantity("before", both.bound(inexact.x).scalar)))
  }
}
