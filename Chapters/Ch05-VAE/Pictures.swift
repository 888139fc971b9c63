import Autodiff
import Notebook
import Probability
import VariationalAutoencoder

extension VAE {
  static func reconstruct(
    _ model: VariationalAutoencoder<Float>, _ source: Source, seed: UInt64, on page: Page
  ) {
    page.section("5.4", "Reconstructions")
    var generator = SeededGenerator(seed: seed).stream(1 << 32)
    let first = source.test[Array(0..<min(10, source.test.count))]
    let x = model.observed(first, using: &generator)
    let means = model.decoder.mean(of: model.encoder(x).mean)
    if source.rows == nil {
      page.prose("Test points, and the decoder's mean at the encoder's mean.")
      page.table(
        [.right("x₁"), .right("x₂"), .right("decoded x₁"), .right("decoded x₂")],
        rows: (0..<x.shape[0]).map { row in
          [x[row, 0], x[row, 1], means[row, 0], means[row, 1]].map {
            formatted(Double($0), decimals: 3)
          }
        })
    } else {
      page.prose(
        """
        Test images, which training never saw: what the encoder sees, and the decoder's expected \
        pixels at the mean of Q(z|X). Look for strokes that are smoothed, gaps that are closed, and \
        a digit that is taken for another.
        """)
      page.images(
        [
          ImageGrid.Row(source.pictures(x), label: "X"),
          ImageGrid.Row(source.pictures(means), label: "decoded"),
        ])
    }
    // The others' reconstructions are what a decoder that ignores z would do.
    let own = model.decoder.logProbability(of: x, given: model.encoder(x).mean)
    let order = (0..<x.shape[0]).map { ($0 + 1) % x.shape[0] }
    let other = model.decoder.logProbability(of: x, given: model.encoder(x.rows(order)).mean)
    page.check(
      "An example is likelier under its own z than under its neighbour's.",
      .atMost(
        Quantity("mean log P(X|neighbour's z)", Double(other.mean().scalar)),
        Quantity("mean log P(X|its z)", Double(own.mean().scalar))))
  }

  static func sample(
    _ model: VariationalAutoencoder<Float>, _ source: Source, seed: UInt64, on page: Page
  ) {
    page.section("5.5", "Samples from the prior")
    var generator = SeededGenerator(seed: seed).stream(1 << 33)
    let z = Tensor<Float>.normal([10, model.configuration.latentSize], using: &generator)
    let means = model.decoder.mean(of: z)
    let draws = model.decoder.sample(given: z, using: &generator)
    if source.rows == nil {
      let many = Tensor<Float>.normal([20_000, model.configuration.latentSize], using: &generator)
      let points = model.decoder.sample(given: many, using: &generator)
      let radii = sqrt(points.squared.sum(axis: 1)).scalars.map(Double.init)
      let truth = sqrt(source.train.values.squared.sum(axis: 1)).scalars.map(Double.init)
      page.prose("No encoder now: z from N(0, I), decoded, and a point drawn from P(X|z).")
      page.table(
        [.left("radius of"), .right("mean"), .right("standard deviation")],
        rows: [("samples", radii), ("training points", truth)].map { name, values in
          let estimate = MonteCarloEstimate(values)
          return [
            name, formatted(estimate.mean, decimals: 3),
            formatted(estimate.variance.squareRoot(), decimals: 3),
          ]
        })
    } else {
      page.prose(
        """
        No encoder now: z is drawn from N(0, I) and decoded. The expected pixels are what papers \
        show; a draw from P(X|z) is what the model really says an image looks like, and its noise is \
        the noise of a decoder whose pixels are independent.
        """)
      page.images(
        [
          ImageGrid.Row(source.pictures(means), label: "means"),
          ImageGrid.Row(source.pictures(draws), label: "draws"),
        ])
    }
    let many = Tensor<Float>.normal([500, model.configuration.latentSize], using: &generator)
    let decoded = model.decoder.mean(of: many)
    let ink = model.decoder.sample(given: many, using: &generator).mean(axis: 1)
    let difference = MonteCarloEstimate((ink - decoded.mean(axis: 1)).scalars.map(Double.init))
    page.check(
      "Draws have the means they should: their pixels average to those of the decoder's means.",
      .measured(
        Quantity("mean difference", difference.mean), expected: Quantity("zero", 0),
        standardError: difference.standardError))
  }
}
