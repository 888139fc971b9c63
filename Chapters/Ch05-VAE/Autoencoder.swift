import Autodiff
import Datasets
import Kernels
import Notebook
import Probability
import VariationalAutoencoders

extension VAE {
  static func compareWithAutoencoder(
    _ variational: VariationalAutoencoder<Float>, judge: VariationalAutoencoder<Float>,
    _ lesson: Lesson, on page: Page
  ) throws {
    page.section("5.10", "The autoencoder without “variational”")
    let source = lesson.source
    let size = source.train.size
    page.prose(
      """
      Take the noise and the divergence away: z is μ(X), the loss is −log P(X|z), and nothing else \
      changes. That is an autoencoder. Beside it the second VAE of 5.7: also \
      \(size)–128–10–128–\(size), from the same weights, on the same batches.
      """)
    let autoencoder = try lesson.train(
      variational.configuration, beta: 0, drawsLatents: false, for: "the autoencoder", on: page
    ).model
    var generator = lesson.generator(section: 10)
    let x = variational.observed(source.fewTest.values, using: &generator)
    // By pieces, so that the images need not all be numbers at once.
    let models = [autoencoder, variational]
    var trainingFits: [[Tensor<Float>]] = [[], []]
    var training: Tensor<Float>?
    for indices in source.fewTrain.chunks(of: 500) {
      let piece = variational.observed(source.fewTrain[indices], using: &generator)
      for index in models.indices { trainingFits[index].append(fit(models[index], piece)) }
      training = training ?? piece
    }
    let prior = Tensor<Float>.normal([500, 10], using: &generator)
    let posterior = variational.encoder(x)
    let noise = Tensor<Float>.normal(posterior.mean.shape, using: &generator)
    let codes = [autoencoder.encoder(x).mean, posterior.sample(noise: noise)]
    let contenders = models.indices.map { index in
      Contender(
        name: ["autoencoder", "VAE"][index], model: models[index], codes: codes[index],
        trainingFit: .concatenated(trainingFits[index]))
    }
    showPictures(contenders, of: x, samplesAt: prior, source, on: page)
    compareCodes(contenders, of: x, lesson, on: page)

    var samples = [Samples("training examples", training!)]
    samples += contenders.map {
      Samples("the \($0.name)'s samples", $0.model.decoder.sample(given: prior, using: &generator))
    }
    let distances = samples.map {
      MonteCarloEstimate(nearestNeighbors(of: $0.values, among: x).map(\.squaredDistance))
    }
    let bounds = samples.map {
      MonteCarloEstimate(
        judge.importanceWeightedBound(of: $0.values, sampleCount: 10, using: &generator))
    }
    page.table(
      [.left(""), .right("from the nearest test example"), .right("L₁₀ under the model of 5.6")],
      rows: samples.indices.map {
        [samples[$0].name, distances[$0].text(decimals: 2), bounds[$0].text(decimals: 1)]
      },
      caption: source.output == .bernoulli
        ? "How many pixels differ, and how likely the pictures are to a model that made none of them."
        : "Squared distances, and how likely the examples are to a model that made none of them.")
    let squaredErrors = distances[1...].map { $0.standardError * $0.standardError }
    lesson.claim(
      "The autoencoder's samples are further from any real example than the VAE's.",
      Quantity("4 standard errors", 4 * squaredErrors.reduce(0, +).squareRoot()),
      atMost: Quantity("mean difference", distances[1].mean - distances[2].mean), on: page)
  }

  /// One of the two models, with its codes of the test examples: as they are when it is trained.
  private struct Contender {
    let name: String
    let model: VariationalAutoencoder<Float>
    let codes: Tensor<Float>
    /// log P(X|z) at z = μ(X) of the training examples.
    let trainingFit: Tensor<Float>
  }

  /// log P(X|z) at z = μ(X).
  private static func fit(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>
  ) -> Tensor<Float> {
    model.decoder.logProbability(of: x, given: model.encoder(x).mean)
  }

  /// Examples, real ones or not.
  private struct Samples {
    let name: String
    let values: Tensor<Float>

    init(_ name: String, _ values: Tensor<Float>) { (self.name, self.values) = (name, values) }
  }

  private static func showPictures(
    _ contenders: [Contender], of x: Tensor<Float>, samplesAt z: Tensor<Float>, _ source: Source,
    on page: Page
  ) {
    guard source.kind != .points else { return }
    let shown = x.rows(Array(0..<min(5, x.shape[0])))
    page.images(
      [ImageGrid.Row(source.pictures(shown), label: "X")]
        + contenders.map {
          let means = $0.model.decoder.mean(of: $0.model.encoder(shown).mean)
          return ImageGrid.Row(source.pictures(means), label: "decoded by the \($0.name)")
        })
    page.images(
      contenders.map {
        let means = $0.model.decoder.mean(of: z.rows(Array(0..<5)))
        return ImageGrid.Row(source.pictures(means), label: "samples of the \($0.name)")
      }, caption: "The decoders' expected pixels at the same five z from N(0, I).")
  }

  private static func compareCodes(
    _ contenders: [Contender], of x: Tensor<Float>, _ lesson: Lesson, on page: Page
  ) {
    page.figure(
      "Codes, and the prior that samples come from",
      description: """
        The first two of ten latent variables of the test examples; for the VAE drawn from Q(z|X). \
        Nine in ten draws from the prior would lie within the circle's radius of 2.15.
        """,
      plot(contenders[0], lesson.source), plot(contenders[1], lesson.source))
    page.table(
      [
        .left("z = μ(X)"), .right("log P, training"), .right("log P, test"), .right("mean of z²"),
        .right("D[normal‖P(z)]"),
      ],
      rows: contenders.map {
        [
          $0.name, MonteCarloEstimate($0.trainingFit).text(decimals: 2),
          MonteCarloEstimate(fit($0.model, x)).text(decimals: 2),
          formatted(Double($0.codes.squared.mean().scalar), decimals: 2),
          divergenceOfNormal(fittedTo: $0.codes),
        ]
      },
      caption:
        "log P is log P(X|z). Under the prior, the mean of z² is 1. The normal has the test codes' mean and covariance."
    )
    lesson.claim(
      "What they were trained on, the autoencoder reconstructs better: it pays for nothing else.",
      "mean gain",
      above: MonteCarloEstimate(contenders[0].trainingFit - contenders[1].trainingFit), on: page)
  }

  private static func plot(_ contender: Contender, _ source: Source) -> Plot {
    // A plane normal is within r with probability 1 − exp(−r²/2).
    let radius = (2 * Double.log(10)).squareRoot()
    let angles = (0...64).map { Double($0) * .pi / 32 }
    let reach = reach(of: contender.codes, usually: 10)
    return Plot(
      contender.name, x: Axis("z₁", range: -reach...reach), y: Axis("z₂", range: -reach...reach),
      hasEqualAspect: true,
      layers: [
        source.points("codes", contender.codes),
        .line(
          .init(
            "prior", x: angles.map { radius * .cos($0) }, y: angles.map { radius * .sin($0) })),
      ])
  }

  /// D[N(m, S) ‖ N(0, I)] of the normal with the codes' mean m and covariance S, in words.
  private static func divergenceOfNormal(fittedTo codes: Tensor<Float>) -> String {
    let codes = codes.converted(to: Double.self)
    let mean = codes.mean(axis: 0)
    let deviations = codes - mean
    let covariance =
      matmul(deviations.transposed(), deviations) * Tensor(1 / Double(codes.shape[0]))
    guard let normal = try? MultivariateNormal(mean: mean, covariance: covariance) else {
      return "–"
    }
    let prior = MultivariateNormal<Double>(
      mean: Tensor(zeros: mean.shape), choleskyFactor: .identity(mean.count))
    return formatted(normal.klDivergence(to: prior).scalar, decimals: 2)
  }
}
