import Autodiff
import Kernels
import Notebook
import Probability

extension KLIdentity {
  /// The right side for a mixture Q: E[log P(X|z) + log P(z) − log Q(z)].
  private static func bound(
    _ q: NormalMixture, _ model: ScalarLatentModel, _ x: Tensor<Double>,
    by rule: QuadratureRule = .standardNormal(121)
  ) -> Tensor<Double> {
    q.expectation(by: rule) { z in model.logJoint(of: x, z) - q.logProbability(of: z) }
  }

  private static func gap(
    _ q: NormalMixture, _ model: ScalarLatentModel, _ x: Tensor<Double>
  ) -> Double {
    // With a log P(X) of its own: that of another grid than the one it is to add up to.
    let evidence = model.logEvidence(of: x, by: leftGrid)
    return q.klDivergence(by: leftRule) { z in model.logJoint(of: x, z) - evidence }.scalar
  }

  /// The bound ascended in a single normal Q.
  static func ascendInQ(_ model: ScalarLatentModel, _ x: Tensor<Double>, on page: Page) {
    page.section("3.6", "Ascent in Q")
    page.prose(
      """
      log P(X) does not depend on Q: what ascends the bound in Q descends D[Q‖P(z|X)], a number that \
      the gradient never sees. First Q = N(μ, σ²), from one start for two decoders. For f(z) = z the \
      posterior is normal, and D falls to 0; for others, to a floor.
      """)
    let rule = QuadratureRule.standardNormal(121)
    let linear = ScalarLatentModel(.linear, logVariance: model.logVariance.scalar)
    func path(_ model: ScalarLatentModel, from mean: Double) -> [NormalMixture] {
      ascent(from: NormalMixture(Normal(mean: mean, variance: 0.25)), steps: 400) { q in
        bound(q, model, x, by: rule)
      }
    }
    let steps = Array(stride(from: 0, through: 400, by: 10))
    let gaps = [linear, model].map { model in
      let path = path(model, from: -1)
      return steps.map { gap(path[$0], model, x) }
    }
    page.figure(
      "D[Q‖P(z|X)] while the bound ascends",
      description: "A logarithmic axis; what is below 10⁻⁸ is drawn there.",
      Plot(
        x: Axis("steps"), y: Axis("D[Q‖P(z|X)]", scale: .logarithmic),
        layers: zip(["f(z) = z", formula(model)], gaps).map { name, gaps in
          line(name, steps.map(Double.init), gaps.map { max($0, 1e-8) })
        }))
    page.check(
      "With f(z) = z, D falls to 0.",
      .equal(Quantity("D[Q‖P(z|X)]", gaps[0].last!), Quantity("zero", 0), tolerance: 1e-8))
    page.prose("With \(formula(model)), does it matter where Q = N(μ, ½²) starts?")
    page.table(
      [.right("start μ"), .right("end μ"), .right("end σ"), .right("D[Q‖P(z|X)]")],
      rows: [-2.0, 0, 1.5].map { mean in
        let q = path(model, from: mean).last!
        return [mean, q.mean.scalar, .exp(0.5 * q.logVariance.scalar), gap(q, model, x)].map {
          formatted($0, decimals: 4)
        }
      })
  }

  /// The bound ascended in mixtures of more and more components.
  static func raiseCapacity(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, from best: Normal, components: Int,
    on page: Page
  ) {
    page.prose(
      """
      Now Q is a mixture of K normals. Each K starts from the mixture before and a new component where \
      Q falls most short of P(z|X). "With a Q of high capacity the error becomes small": here is how \
      small.
      """)
    let rule = QuadratureRule.standardNormal(121)
    let posterior = model.logPosterior(of: shown, given: x)
    let progress = page.progress("fitting mixtures", total: components)
    var mixtures: [NormalMixture] = []
    for _ in 0..<components {
      var start = NormalMixture(best)
      if let last = mixtures.last {
        let missing = (exp(posterior) - exp(last.logProbability(of: shown))).scalars
        let place = missing.indices.max { missing[$0] < missing[$1] }!
        start = last.adding(
          Normal(mean: shown.scalars[place], logVariance: best.logVariance), weight: 0.1)
      }
      mixtures.append(ascent(from: start) { q in bound(q, model, x, by: rule) }.last!)
      progress.advance()
    }
    progress.finish()
    let gaps = mixtures.map { gap($0, model, x) }
    let bounds = mixtures.map { bound($0, model, x, by: rightRule).scalar }
    let evidence = model.logEvidence(of: x).scalar
    page.table(
      [.right("K"), .right("the bound"), .right("D[Q‖P(z|X)]"), .right("their sum")],
      rows: mixtures.indices.map { k in
        ["\(k + 1)"]
          + [bounds[k], gaps[k], bounds[k] + gaps[k]].map { formatted($0, decimals: 7) }
      })
    page.figure(
      "The posterior, and mixtures of K normals",
      description: "Each new component goes where the posterior is not yet covered.",
      densities(
        nil,
        [("P(z|X)", posterior)]
          + Set([1, min(2, components), components]).sorted().map { k in
            ("K = \(k)", mixtures[k - 1].logProbability(of: shown))
          }))
    checkResiduals(
      "Whatever Q is, the bound and D[Q‖P(z|X)] add up to log P(X).",
      zip(bounds, gaps).map { $0 + $1 - evidence }, on: page)
    page.check(
      "To a thousandth of a nat, no component makes D larger.",
      .atMost(
        Quantity("largest rise", zip(gaps.dropFirst(), gaps).map { $0 - $1 }.max() ?? 0),
        Quantity("allowed", 1e-3)))
  }
}
