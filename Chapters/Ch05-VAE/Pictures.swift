import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

extension VAE {
  static func reconstruct(
    _ model: VariationalAutoencoder<Float>, _ lesson: Lesson, on page: Page
  ) {
    page.section("5.4", "Reconstructions")
    let source = lesson.source
    var generator = lesson.generator(section: 4)
    let x = model.observed(source.fewTest.values, using: &generator)
    let posterior = model.encoder(x)
    let shown = Array(0..<min(10, x.shape[0]))
    let means = model.decoder.mean(of: posterior.mean.rows(shown))
    if source.kind == .points {
      page.prose("Test points, and the decoder's mean at the encoder's mean.")
      page.table(
        [.right("x₁"), .right("x₂"), .right("decoded x₁"), .right("decoded x₂")],
        rows: shown.map { row in
          [x[row, 0], x[row, 1], means[row, 0], means[row, 1]].map {
            formatted(Double($0), decimals: 3)
          }
        })
    } else {
      page.prose(
        """
        Test images, which training never saw: what the encoder sees, and the decoder's expected \
        pixels at the mean of Q(z|X). Look for \
        \(source.kind == .digits
          ? "strokes that are smoothed, gaps that are closed, and a digit that is taken for another."
          : "detail that is smoothed away, and for an image that is taken for another.")
        """)
      page.images(
        [
          ImageGrid.Row(source.pictures(x.rows(shown)), label: "X"),
          ImageGrid.Row(source.pictures(means), label: "decoded"),
        ])
    }

    let noise = Tensor<Float>.normal(posterior.mean.shape, using: &generator)
    var codes = [
      ("drawn from Q(z|X)", posterior.sample(noise: noise)),
      ("the mean of Q(z|X)", posterior.mean),
      ("drawn from P(z)", .normal(posterior.mean.shape, using: &generator)),
    ]
    let hasNext = x.shape[0] > 1
    // What a decoder that ignores z would do as well.
    if hasNext { codes.append(("the mean of Q for the next example", posterior.mean.rotated())) }
    let fits = codes.map { model.decoder.logProbability(of: x, given: $0.1) }
    page.table(
      [.left("z is"), .right("mean log P(X|z)")],
      rows: zip(codes, fits).map { [$0.0, MonteCarloEstimate($1).text(decimals: 2)] },
      caption: """
        Over \(source.fewTestInWords). Only the first line belongs to the bound: the mean of Q \
        alone would make it too good, and a z from the prior knows nothing of X.
        """)
    guard hasNext else {
      page.prose("There is one test image, and so no next one whose code could be tried.")
      return
    }
    lesson.claim(
      "An example is likelier under its own z than under the next one's.", "mean gain",
      above: MonteCarloEstimate(fits[1] - fits[3]), on: page)
  }

  static func sample(
    _ model: VariationalAutoencoder<Float>, _ lesson: Lesson, on page: Page
  ) {
    page.section("5.5", "Samples from the prior")
    let source = lesson.source
    var generator = lesson.generator(section: 5)
    let z = Tensor<Float>.normal([500, model.configuration.latentSize], using: &generator)
    // By pieces, so that not all pictures need be there at once: the first are shown.
    var means: [Tensor<Float>] = []
    var draws: [Tensor<Float>] = []
    var differences: [Tensor<Float>] = []
    var variance: Float = 0
    for start in stride(from: 0, to: 500, by: 100) {
      let piece = z.rows(Array(start..<start + 100))
      let mean = model.decoder.mean(of: piece)
      let draw = model.decoder.sample(given: piece, using: &generator)
      differences.append((draw - mean).mean(axis: 1))
      variance += (mean * (1 - mean)).sum().scalar
      if start == 0 || source.kind == .points {
        means.append(mean)
        draws.append(draw)
      }
    }
    if source.kind == .points {
      page.prose(
        "No encoder now: z is drawn from N(0, I) and decoded, and a point drawn from P(X|z).")
      page.figure(
        "Samples and the ring",
        description: "The samples should lie where the test points do, as densely.",
        Plot(
          "samples", x: Axis("x₁", range: -2...2), y: Axis("x₂", range: -2...2),
          hasEqualAspect: true, layers: [source.points("samples", .concatenated(draws))]),
        Plot(
          "test points", x: Axis("x₁", range: -2...2), y: Axis("x₂", range: -2...2),
          hasEqualAspect: true, layers: [source.points("test points", source.fewTest.values)]))
      let radii = [("samples", .concatenated(draws)), ("test points", source.fewTest.values)].map {
        ($0.0, MonteCarloEstimate(sqrt($0.1.squared.sum(axis: 1))))
      }
      page.table(
        [.left("radius of"), .right("mean"), .right("standard deviation")],
        rows: radii.map { name, radius in
          [name, radius.text(decimals: 3), formatted(radius.variance.squareRoot(), decimals: 3)]
        })
    } else {
      page.prose(
        """
        No encoder now: z is drawn from N(0, I) and decoded. The expected pixels are what papers \
        show; a draw from P(X|z) is what the model really says an image looks like, and its noise is \
        the noise of a decoder whose pixels are independent.
        """)
      let shown = Array(0..<10)
      page.images(
        [
          ImageGrid.Row(source.pictures(means[0].rows(shown)), label: "means"),
          ImageGrid.Row(source.pictures(draws[0].rows(shown)), label: "draws"),
        ])
    }
    // The number of white pixels is nearly normal only if many pixels can be either.
    guard model.decoder.logVariance != nil || variance >= 100 else {
      page.prose(
        """
        The decoder is sure of nearly every pixel: too few are left to chance for a comparison of the \
        draws with their means.
        """)
      return
    }
    let difference = MonteCarloEstimate(.concatenated(differences))
    page.check(
      "Draws have the means they should: their \(source.elements) average to those of the decoder's means.",
      .measured(
        Quantity("mean difference", difference.mean), expected: Quantity("zero", 0),
        standardError: difference.standardError))
  }
}

extension Tensor<Float> {
  /// The rows of a matrix, each in the place of the one before, and the first in the last place.
  func rotated() -> Tensor { rows((0..<shape[0]).map { ($0 + 1) % shape[0] }) }
}
