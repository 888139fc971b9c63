import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

extension VAE {
  static func measureTightness(
    of model: VariationalAutoencoder<Float>, and small: VariationalAutoencoder<Float>,
    _ lesson: Lesson, on page: Page
  ) {
    page.section("5.8", "How tight is the bound?")
    var generator = lesson.generator(section: 8)
    let examples = lesson.source.fewTest.prefix(100)
    let x = model.observed(examples.values, using: &generator)
    page.prose(
      """
      The bound falls short of log P(X) by D[Q(z|X) ‖ P(z|X)]. Averaging K weights \
      P(X, z)/Q(z|X) inside the logarithm gives bounds that grow with K towards log P(X): here on \
      \(examples.count) test example\(examples.count == 1 ? "" : "s, with the standard error over the examples").
      """)
    let counts = [1, 10, 100]
    let bounds = counts.map {
      model.importanceWeightedBound(of: x, sampleCount: $0, using: &generator)
    }
    page.table(
      [.right("K"), .right("mean bound"), .right("above K = 1")],
      rows: zip(counts, bounds).map { count, values in
        let gain = MonteCarloEstimate(zip(values, bounds[0]).map { $0 - $1 })
        return [
          "\(count)", MonteCarloEstimate(values).text(decimals: 2),
          count == 1 ? "" : gain.text(decimals: 2),
        ]
      })
    if examples.count < 30 {
      page.prose(
        "The standard error over fewer than 30 examples says little, so nothing is checked of them."
      )
    } else {
      for (small, large) in zip(bounds.indices, bounds.indices.dropFirst()) {
        let gain = MonteCarloEstimate(zip(bounds[large], bounds[small]).map { $0 - $1 })
        page.check(
          "\(counts[large]) weights give no lower bound than \(counts[small]), but for chance.",
          .atMost(
            Quantity("−4 standard errors", -4 * gain.standardError),
            Quantity("mean gain", gain.mean)))
      }
    }
    // Fewer of large images, on each of which a decoder takes longer.
    let count = max(5, min(50, 50 * 784 / lesson.source.train.size))
    let few = x.rows(Array(0..<min(count, x.shape[0])))
    checkIdentity(on: small.converted(), few, lesson, on: page)
  }

  /// The identity of chapter 3 on a trained model, example by example.
  private static func checkIdentity(
    on model: VariationalAutoencoder<Double>, _ x: Tensor<Float>, _ lesson: Lesson, on page: Page
  ) {
    page.prose(
      """
      With two latent variables log P(X) can be summed over a grid, and so can D[Q ‖ P(z|X)]: on \
      the small model of 5.6 the identity of chapter 3 is checked, one example at a time. The bound \
      comes from a Gauss–Hermite rule around each μ(X), the two sums from the grid.
      """)
    let x = x.converted(to: Double.self)
    let grid: [GridPosterior]
    do {
      grid = try model.gridPosterior(of: x)
    } catch {
      page.note("Not in this run", "\(error).")
      return
    }
    let tolerance = 1e-8
    var bounds = model.quadratureBound(of: x, nodes: 48)
    var residuals: [Double] {
      zip(grid, bounds).map { abs($0.logEvidence - ($1 + $0.divergence)) }
    }
    // With some seeds the decoder bends so much within Q that it takes a finer rule.
    if residuals.max()! > tolerance { bounds = model.quadratureBound(of: x, nodes: 144) }
    func row(_ name: String, _ columns: [Double], _ residual: String) -> [String] {
      [name] + columns.map { formatted($0, decimals: 4) } + [residual]
    }
    let means = [grid.map(\.logEvidence), bounds, grid.map(\.divergence)].map {
      MonteCarloEstimate($0).mean
    }
    page.table(
      [
        .right("example"), .right("log P(X)"), .right("bound"), .right("D[Q‖P(z|X)]"),
        .right("residual"),
      ],
      rows: (0..<min(5, grid.count)).map {
        row(
          "\($0 + 1)", [grid[$0].logEvidence, bounds[$0], grid[$0].divergence],
          formatted(residuals[$0], digits: 2))
      } + [row("mean of \(grid.count)", means, "")],
      caption:
        "The negative bound is not the negative log likelihood: it is worse by the divergence.")
    // On other data P(z|X) may have edges that are too sharp for the grid, which only looks at Q.
    lesson.claim(
      "log P(X) = bound + D[Q‖P(z|X)] on each of \(grid.count) test examples.",
      Quantity("largest residual", residuals.max()!), atMost: Quantity("tolerance", tolerance),
      on: page)
  }
}
