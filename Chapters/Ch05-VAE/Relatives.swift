import Autodiff
import Kernels
import Notebook
import Probability
import VariationalAutoencoder

extension VAE {
  static func learnVariance(_ lesson: Lesson, on page: Page) throws {
    page.section("5.9", "A Gaussian decoder, and its σ")
    let source = lesson.source
    let size = source.train.size
    page.prose(
      """
      \(source.rows == nil ? "Coordinates are real numbers." : "Grey pixels are real numbers, and are taken as they are.") \
      For them P(X|z) = N(f(z), σ²I): the decoder gives the means f(z), and one σ for all \
      \(source.elements) is learned beside the weights. Beside it, the commonest mistake: a sum of \
      squared errors plus the divergence, which is σ fixed at 1. Two small models, \
      \(size)–128–10–128–\(size), otherwise alike:
      """)
    let learned = try lesson.train(
      lesson.configuration(.gaussian), for: "with a learned σ", on: page)
    let fixed = try lesson.train(
      lesson.configuration(.unitGaussian), for: "with σ = 1", on: page)
    var generator = lesson.generator(section: 9)
    let x = source.fewTrain.values
    let rows = [("σ learned", learned), ("σ = 1", fixed)].map { name, training in
      let (model, last) = (training.model, training.history.last!)
      let posterior = model.encoder(x)
      let z = posterior.sample(noise: .normal(posterior.mean.shape, using: &generator))
      return (
        name: name, deviation: Double.exp(0.5 * Double(model.decoder.logVariance!.scalar)),
        residual: Double((x - model.decoder(z)).squared.mean().scalar).squareRoot(), last: last
      )
    }
    page.table(
      [
        .left("decoder"), .right("σ"), .right("residual"), .right("test bound"),
        .right("log P(X|z)"),
        .right("D[Q‖P(z)]"),
      ],
      rows: rows.map { row in
        [row.name] + [row.deviation, row.residual].map { formatted($0, decimals: 4) }
          + [row.last.testBound, row.last.testReconstruction, row.last.testDivergence].map {
            formatted($0, decimals: 2)
          }
      },
      caption: "The residual is the root of the mean squared difference X − f(z) in training.")
    if source.rows != nil {
      let shown = Array(0..<min(5, source.fewTest.count))
      let images = source.fewTest[shown]
      page.images(
        [ImageGrid.Row(source.pictures(images), label: "X")]
          + [("σ learned", learned), ("σ = 1", fixed)].map { label, training in
            let code = training.model.encoder(images).mean
            return ImageGrid.Row(
              source.pictures(training.model.decoder.mean(of: code)), label: label)
          })
    }
    let steps = learned.step / Lesson.epochs
    lesson.claim(
      "σ² is next to its optimum, the mean squared residual: no further than Adam goes in an epoch.",
      Quantity("|log σ² − log residual²|", 2 * abs(.log(rows[0].deviation / rows[0].residual))),
      atMost: Quantity(
        "\(steps) steps of \(Lesson.learningRate)", Double(steps) * Lesson.learningRate),
      on: page)
    checkVariance(learned.model.converted(), lesson, using: &generator, on: page)
  }

  /// What holds exactly of any Gaussian decoder, on a few examples in double precision.
  private static func checkVariance(
    _ model: VariationalAutoencoder<Double>, _ lesson: Lesson,
    using generator: inout SeededGenerator, on page: Page
  ) {
    let source = lesson.source
    let x = source.fewTest.prefix(64).values.converted(to: Double.self)
    let posterior = model.encoder(x)
    let noise = Tensor<Double>.normal(posterior.mean.shape, using: &generator)
    let means = model.decoder(posterior.sample(noise: noise))
    let variance = (x - means).squared.mean().scalar
    func gradient(variance: Double, beta: Double) -> VariationalAutoencoder<Double> {
      var model = model
      model.decoder.logVariance = Tensor([.log(variance)])
      return valueWithGradient(at: model) {
        $0.evidenceLowerBound(of: x, noise: noise).loss(beta: beta)
      }.gradient
    }
    let optimum = gradient(variance: variance, beta: 1)
    page.check(
      "Where σ² is the mean squared residual, the loss does not change with log σ².",
      .equal(
        Quantity("derivative on the tape", optimum.decoder.logVariance!.scalar),
        Quantity("zero", 0), tolerance: 1e-10))

    // The gradients of all other parameters, in one vector.
    func others(_ gradient: VariationalAutoencoder<Double>) -> Tensor<Double> {
      var gradient = gradient
      gradient.decoder.logVariance = Tensor([0])
      return .concatenated(gradient.parameters.map { $0.reshaped([$0.count]) })
    }
    let atOne = others(gradient(variance: 1, beta: 1))
    let weighted = others(gradient(variance: variance, beta: 1 / variance)) * Tensor(variance)
    let size = sqrt(atOne.squared.sum()).scalar
    page.check(
      "σ = 1 is σ² = \(formatted(variance, decimals: 4)) with β = \(formatted(1 / variance, decimals: 1)): the same gradient, up to the factor σ².",
      .atMost(
        Quantity("relative difference", sqrt((atOne - weighted).squared.sum()).scalar / size),
        Quantity("tolerance", 1e-10)))

    let unit = source.rows == nil ? 100.0 : 255
    let logVariance = Tensor([Double.log(variance)])
    let plain = DiagonalNormal(mean: means, logVariance: logVariance).logProbability(of: x)
    let scaled = DiagonalNormal(
      mean: means * Tensor(unit), logVariance: logVariance + Tensor(2 * .log(unit))
    ).logProbability(of: x * Tensor(unit))
    page.check(
      "A density has units: with numbers \(Int(unit)) times as large, the same model loses \(source.train.size) · log \(Int(unit)).",
      .equal(
        Quantity("log P(\(Int(unit)) X|z)", scaled.mean().scalar),
        Quantity(
          "log P(X|z) − \(source.train.size) log \(Int(unit))",
          plain.mean().scalar - Double(source.train.size) * .log(unit)), tolerance: 1e-10))
  }

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
    let shown = Array(0..<min(5, x.shape[0]))
    let noise = Tensor<Float>.normal([x.shape[0], 10], using: &generator)
    let prior = Tensor<Float>.normal([500, 10], using: &generator)
    let models = [("autoencoder", autoencoder), ("VAE", variational)].map { name, model in
      (
        name: name, fit: model.decoder.logProbability(of: x, given: model.encoder(x).mean),
        codes: name == "VAE" ? model.encoder(x).sample(noise: noise) : model.encoder(x).mean,
        decoded: model.decoder.mean(of: model.encoder(x).mean.rows(shown)),
        samples: model.decoder.sample(given: prior, using: &generator),
        means: model.decoder.mean(of: prior)
      )
    }
    if source.rows != nil {
      page.images(
        [ImageGrid.Row(source.pictures(x.rows(shown)), label: "X")]
          + models.map {
            ImageGrid.Row(source.pictures($0.decoded), label: "decoded by the \($0.name)")
          })
      page.images(
        models.map {
          ImageGrid.Row(
            source.pictures($0.means.rows(Array(0..<5))), label: "samples of the \($0.name)")
        }, caption: "The decoders' expected pixels at the same five z from N(0, I).")
    }
    page.figure(
      "Codes, and the prior that samples come from",
      description: """
        The first two of ten latent variables of the test examples; for the VAE drawn from Q(z|X). \
        Nine in ten draws from the prior would lie within the circle's radius of 2.15.
        """,
      plot(models[0].name, models[0].codes, source), plot(models[1].name, models[1].codes, source))
    page.table(
      [
        .left("test examples"), .right("log P(X|z), z = μ(X)"), .right("mean of z²"),
        .right("D[normal‖P(z)]"),
      ],
      rows: models.map {
        [
          $0.name, MonteCarloEstimate($0.fit).text(decimals: 2),
          formatted(Double($0.codes.squared.mean().scalar), decimals: 2),
          divergenceOfNormal(fittedTo: $0.codes),
        ]
      },
      caption:
        "Of z under the prior, the mean square is 1. The normal has the codes' mean and covariance."
    )
    lesson.claim(
      "The autoencoder reconstructs better: it pays for nothing else.", "mean gain",
      above: MonteCarloEstimate(models[0].fit - models[1].fit), on: page)

    let training = variational.observed(source.fewTrain.prefix(500).values, using: &generator)
    let sets =
      [("training examples", training)] + models.map { ("the \($0.name)'s samples", $0.samples) }
    let distances = sets.map {
      MonteCarloEstimate(nearestNeighbors(of: $0.1, among: x).map(\.squaredDistance))
    }
    let bounds = sets.map {
      MonteCarloEstimate(
        judge.importanceWeightedBound(of: $0.1, sampleCount: 10, using: &generator))
    }
    page.table(
      [.left(""), .right("from the nearest test example"), .right("L₁₀ under the model of 5.6")],
      rows: sets.indices.map {
        [sets[$0].0, distances[$0].text(decimals: 2), bounds[$0].text(decimals: 1)]
      },
      caption: source.output == .bernoulli
        ? "How many pixels differ, and how likely the pictures are to a model that made none of them."
        : "Squared distances, and how likely the points are to a model that made none of them.")
    let error =
      (distances[1].variance / Double(distances[1].count)
      + distances[2].variance / Double(distances[2].count)).squareRoot()
    lesson.claim(
      "The autoencoder's samples are further from any real example than the VAE's.",
      Quantity("4 standard errors", 4 * error),
      atMost: Quantity("mean difference", distances[1].mean - distances[2].mean), on: page)
  }

  private static func plot(_ name: String, _ codes: Tensor<Float>, _ source: Source) -> Plot {
    // A plane normal is within r with probability 1 − exp(−r²/2).
    let radius = (2 * Double.log(10)).squareRoot()
    let angles = (0...64).map { Double($0) * .pi / 32 }
    return Plot(
      name, x: Axis("z₁", range: -10...10), y: Axis("z₂", range: -10...10), hasEqualAspect: true,
      layers: [
        source.points("codes", codes),
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
