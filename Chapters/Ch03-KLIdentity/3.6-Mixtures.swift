import Autodiff
import Claims
import Notebook
import Probability

/// The part of 3.6 about capacity: how small D[Q‖P(z|X)] becomes for a mixture of K normal
/// distributions.
struct Mixtures {
  /// The best mixture of K components that was found.
  struct Fit {
    let components: Int
    let bound, gap: Double
    /// D[Q‖P(z|X)] of the worst mixture of K components that was found.
    let largestGap: Double
    let density: [Double]
  }

  /// How many ascents there are for each K.
  static let startCount = 6

  /// log P(X).
  let logEvidence: Double
  let posterior: DensityCurve
  let fits: [Fit]

  init(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, from normal: Normal, upTo largest: Int,
    using generator: SeededGenerator, _ progress: ProgressDisplay
  ) {
    logEvidence = model.logEvidence(of: x).scalar
    posterior = DensityCurve("P(z|X)", .posterior) { model.logPosterior(of: $0, given: x) }
    let z = DensityCurve.points
    let logPosterior = model.logPosterior(of: z, given: x)
    let line = progress.begin("fitting mixtures", total: largest)
    var (generator, fits) = (generator, [Fit]())
    var greedy = NormalMixture(normal)
    for k in 1...largest {
      // cell: capacity
      let restarts = (1..<Self.startCount).map { _ in  // K components at z from the prior
        NormalMixture(
          logits: Tensor(zeros: [k]), mean: .normal([k], using: &generator),
          logVariance: Tensor(repeating: normal.logVariance, shape: [k]))
      }
      let ends = ([greedy] + restarts).map { start in
        gradientAscent(from: start) { q in model.bound(q, x) }.last!
      }
      let bounds = ends.map { model.bound($0, x).scalar }
      let q = ends[bounds.indices.max { bounds[$0] < bounds[$1] }!]
      // The next K also starts from this Q and one more component, where P(z|X) − Q(z) is largest.
      let missing = (exp(logPosterior) - exp(q.logProbability(of: z))).scalars
      let place = missing.indices.max { missing[$0] < missing[$1] }!
      let component = Normal(mean: z.scalars[place], logVariance: normal.logVariance)
      greedy = q.adding(component, weight: 0.1)
      // end
      fits.append(
        Fit(
          components: k, bound: model.bound(q, x, by: .right).scalar, gap: model.gap(q, x),
          largestGap: ends.map { model.gap($0, x) }.max()!,
          density: exp(q.logProbability(of: z)).scalars))
      line.advance()
    }
    line.finish()
    self.fits = fits
  }
}

extension Mixtures {
  func show(on page: Page) {
    page.lead(
      """
      Now Q is a mixture of K normal distributions, and each K has \(Self.startCount) starts. Look at \
      how D[Q‖P(z|X)] falls as K grows, and at how far apart the results are.
      """)
    page.code("mixture")
    page.code("capacity")
    page.table(
      [
        .right("K"), .right("the bound"), .right("D[Q‖P(z|X)]"), .right("their sum"),
        .right("D of the worst"),
      ],
      rows: fits.map {
        [formatted($0.components)]
          + cells($0.bound, $0.gap, $0.bound + $0.gap, decimals: 7)
          + cells($0.largestGap, decimals: 4)
      },
      caption: "The best of \(Self.startCount) ascents for each K. Last column: the worst of them.")
    let z = DensityCurve.points.scalars
    let shown = Set([1, min(2, fits.count), fits.count]).sorted()
    let meanings: [Plot.Meaning] = [.series(5), .series(0)].prefix(shown.count - 1) + [.q]
    page.figure(
      "The posterior, and mixtures of K normal distributions",
      description: "With more components, Q follows more of the posterior's peaks.",
      Plot(
        x: Axis("z"), y: Axis("density"),
        layers: [
          .line(.init(posterior.label, meaning: posterior.meaning, x: z, y: posterior.values))
        ]
          + zip(shown, meanings).map { k, meaning in
            .line(.init("K = \(k)", meaning: meaning, x: z, y: fits[k - 1].density))
          }))
    page.check(
      "Whatever Q is, the bound and D[Q‖P(z|X)] add up to log P(X).",
      .small("largest difference", fits.map { $0.bound + $0.gap - logEvidence }))
    page.check(
      "No additional component makes D[Q‖P(z|X)] larger by more than a thousandth of a nat.",
      .atMost(
        Quantity(
          "the largest change from one K to the next",
          zip(fits.dropFirst(), fits).map { $0.gap - $1.gap }.max() ?? 0),
        Quantity("the limit", 1e-3)))
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
