import Autodiff
import Notebook
import Probability
import VariationalAutoencoder

extension VAE {
  static func measureTightness(
    of training: Training, _ source: Source, seed: UInt64, on page: Page
  ) throws {
    page.section("5.8", "How tight is the bound?")
    var generator = SeededGenerator(seed: seed).stream(1 << 34)
    let indices = Array(0..<min(100, source.test.count))
    let x = training.model.observed(source.test[indices], using: &generator)
    page.prose(
      """
      The bound falls short of log P(X) by D[Q(z|X) ‖ P(z|X)]. Averaging K weights \
      P(X, z)/Q(z|X) inside the logarithm gives bounds that grow with K towards log P(X): here on \
      \(indices.count) test examples, with the standard error over the examples.
      """)
    let counts = [1, 10, 100]
    let bounds = counts.map {
      training.model.importanceWeightedBound(of: x, sampleCount: $0, using: &generator)
    }
    page.table(
      [.right("K"), .right("mean bound"), .right("standard error"), .right("above K = 1")],
      rows: zip(counts, bounds).map { count, values in
        let estimate = MonteCarloEstimate(values)
        let gain = MonteCarloEstimate(zip(values, bounds[0]).map { $0 - $1 })
        return [
          "\(count)", formatted(estimate.mean, decimals: 2),
          formatted(estimate.standardError, decimals: 2), formatted(gain.mean, decimals: 2),
        ]
      })
    for (small, large) in zip(bounds.indices, bounds.indices.dropFirst()) {
      page.check(
        "\(counts[large]) weights give no lower bound than \(counts[small]).",
        .atMost(
          Quantity("K = \(counts[small])", MonteCarloEstimate(bounds[small]).mean),
          Quantity("K = \(counts[large])", MonteCarloEstimate(bounds[large]).mean)))
    }

    page.prose(
      """
      With two latent variables log P(X) can be summed over a grid, and so can D[Q ‖ P(z|X)]. A small \
      model \(twoLatents(training.model.configuration).hiddenSizes.map(String.init).joined(separator: "-"))-2 \
      is trained for this, and the identity of chapter 3 is checked on it, image by image: the bound by a \
      Gauss–Hermite rule on one side, the two sums over the grid on the other.
      """)
    var small = Training(
      twoLatents(training.model.configuration),
      TrainingSettings(batchSize: training.settings.batchSize, seed: seed))
    let progress = page.progress("training the small model", total: 20)
    for _ in 0..<20 {
      try small.runEpoch(on: source.train, test: source.test)
      progress.advance("test bound \(formatted(small.history.last!.testBound, decimals: 2))")
    }
    progress.finish()
    let model = small.model.converted()
    let images = x.rows(Array(0..<min(50, indices.count))).converted(to: Double.self)
    let grid = model.gridPosterior(of: images)
    let bound = model.quadratureBound(of: images, nodes: 24)
    let residuals = zip(grid, bound).map { abs($0.logEvidence - ($1 + $0.divergence)) }
    page.table(
      [
        .right("example"), .right("log P(X)"), .right("bound"), .right("D[Q‖P(z|X)]"),
        .right("residual"),
      ],
      rows: (0..<min(5, grid.count)).map { row in
        [
          "\(row + 1)", formatted(grid[row].logEvidence, decimals: 4),
          formatted(bound[row], decimals: 4), formatted(grid[row].divergence, decimals: 4),
          formatted(residuals[row], digits: 2),
        ]
      })
    page.check(
      "log P(X) = bound + D[Q‖P(z|X)] on each of \(grid.count) test examples.",
      .atMost(
        Quantity("largest residual", residuals.max() ?? .nan), Quantity("tolerance", 1e-8)))
  }

  private static func twoLatents(_ configuration: Configuration) -> Configuration {
    var small = configuration
    small.hiddenSizes = [64]
    small.latentSize = 2
    // A ReLU's kinks would cost the quadrature eight digits.
    small.activation = .tanh
    return small
  }
}
