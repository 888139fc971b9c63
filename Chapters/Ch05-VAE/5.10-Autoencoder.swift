import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

extension Epoch {
  // cell: autoencoder
  /// The loop of 5.3 without noise and without divergence: an autoencoder.
  mutating func learnAsAutoencoder(from train: Examples) throws {
    for batch in shuffledBatches(of: train.count, size: settings.batchSize, using: &generator) {
      let x = model.observed(train[batch], using: &generator)
      let loss = valueWithGradient(at: model) { model in
        let z = model.encoder(x).mean  // z = μ(X)
        let logLikelihood = model.decoder.logProbability(of: x, given: z)
        record(logLikelihood)
        return -logLikelihood.mean()  // no D[Q‖P(z)]
      }
      try requireFinite(loss.value)
      adam.update(&model, along: loss.gradient)
    }
  }
  // end
}

/// 5.10 The autoencoder without “variational”: better reconstructions, and codes that nothing ties to the
/// prior. What its samples are like depends on where z is drawn from.
struct Autoencoder: SectionContent {
  /// One of the two models.
  struct Contender {
    let name: String
    /// The first test examples, decoded from μ(X).
    let decoded: Tensor<Float>
    /// The decoder's means at a few z from the prior.
    let samples: Tensor<Float>
    /// The codes of the test examples as they are in training: μ(X), or drawn from Q(z|X).
    let codes: Tensor<Float>
    /// log P(X|z) at z = μ(X).
    let trainingFit, testFit: MonteCarloEstimate
    /// D[N(m, S) ‖ N(0, I)] with the test codes' mean m and covariance S; nil if S is no covariance.
    let divergence: Double?
  }

  let lesson: Lesson
  /// The first test examples.
  let examples: Tensor<Float>
  let autoencoder: Contender
  let variational: Contender
  /// How much better the autoencoder reconstructs its training examples, one by one, and test examples.
  let gain, testGain: MonteCarloEstimate
  /// Training examples, and samples of both models.
  let samples: [Sample]

  init(
    beside variational: VariationalAutoencoder<Float>, judge: VariationalAutoencoder<Float>,
    _ lesson: Lesson
  ) throws {
    self.lesson = lesson
    let autoencoder = try lesson.train(
      variational.configuration, drawsLatents: false, for: "the autoencoder",
      learn: { try $0.learnAsAutoencoder(from: $1) }
    ).model
    let models = [autoencoder, variational]
    var generator = lesson.generator(section: 10)
    let x = variational.observed(lesson.source.fewTest.values, using: &generator)
    let training = TrainingFits(models, lesson.source, using: &generator)
    gain = MonteCarloEstimate(training.fits[0] - training.fits[1])

    let prior = Tensor<Float>.normal([10, 10], using: &generator)
    let codes = Self.codes(of: x, models, using: &generator)
    let shown = x.rows(Array(0..<min(5, x.shape[0])))
    let testFits = models.map { $0.decoder.logProbability(of: x, given: $0.encoder(x).mean) }
    testGain = MonteCarloEstimate(testFits[0] - testFits[1])
    let contenders = zip(["autoencoder", "VAE"], models.indices).map { name, index in
      let (encoder, decoder) = (models[index].encoder, models[index].decoder)
      return Contender(
        name: name, decoded: decoder.mean(of: encoder(shown).mean),
        samples: decoder.mean(of: prior), codes: codes[index],
        trainingFit: MonteCarloEstimate(training.fits[index]),
        testFit: MonteCarloEstimate(testFits[index]),
        divergence: Self.divergenceOfNormal(fittedTo: codes[index].converted(to: Double.self)))
    }
    examples = shown
    (self.autoencoder, self.variational) = (contenders[0], contenders[1])
    samples = Self.samples(
      of: models, codes: training.codes, training.first, among: x, judge, using: &generator)
  }

  /// The codes as the decoders met them in training: the autoencoder's means, and draws from the VAE's
  /// Q(z|X).
  private static func codes(
    of x: Tensor<Float>, _ models: [VariationalAutoencoder<Float>],
    using generator: inout SeededGenerator
  ) -> [Tensor<Float>] {
    let Q = models[1].encoder(x)
    return [
      models[0].encoder(x).mean, Q.sample(noise: .normal(Q.mean.shape, using: &generator)),
    ]
  }

  /// What the two models make of the training examples.
  private struct TrainingFits {
    /// log P(X|z) at z = μ(X) under each model.
    let fits: [Tensor<Float>]
    /// The codes under each model.
    let codes: [Tensor<Float>]
    /// The first of the examples.
    let first: Tensor<Float>

    init(
      _ models: [VariationalAutoencoder<Float>], _ source: Source,
      using generator: inout SeededGenerator
    ) {
      var fits: [[Tensor<Float>]] = models.map { _ in [] }
      var codes = fits
      var first: Tensor<Float>?
      // By pieces, so that the images need not all be numbers at once.
      for indices in source.fewTrain.chunks(of: 500) {
        let x = models[0].observed(source.fewTrain[indices], using: &generator)
        let found = Autoencoder.codes(of: x, models, using: &generator)
        for (index, model) in models.enumerated() {
          fits[index].append(model.decoder.logProbability(of: x, given: model.encoder(x).mean))
          codes[index].append(found[index])
        }
        first = first ?? x
      }
      self.fits = fits.map { .concatenated($0) }
      self.codes = codes.map { .concatenated($0) }
      self.first = first!
    }
  }

  private static func divergenceOfNormal(fittedTo codes: Tensor<Double>) -> Double? {
    // cell: fit
    let m = codes.mean(axis: 0)
    let S = matmul((codes - m).transposed(), codes - m) * Tensor(1 / Double(codes.shape[0]))
    let normal = try? MultivariateNormal(mean: m, covariance: S)
    let prior = MultivariateNormal<Double>(
      mean: Tensor(zeros: m.shape), choleskyFactor: .identity(m.count))
    let divergence = normal?.klDivergence(to: prior)  // D[N(m, S) ‖ N(0, I)]
    // end
    return divergence?.scalar
  }

  func show(on page: Page) {
    let size = formatted(lesson.source.train.size)
    page.lead(
      """
      Without the noise and the divergence, the second VAE of 5.7, \(size)–128–10–128–\(size), is an \
      autoencoder. Which of the two reconstructs better?
      """)
    page.code("autoencoder")
    showPictures(on: page)
    page.lead("Where the codes of the two models are, and where the prior has its mass.")
    page.code("fit")
    showCodes(on: page)
    page.lead(
      """
      To give the autoencoder a fair chance, draw z from a distribution that was fitted to its codes. How \
      far are its samples from real examples now, and the VAE’s?
      """)
    showSamples(on: page)
  }

  private func showPictures(on page: Page) {
    let source = lesson.source
    guard source.kind != .points else { return }
    let contenders = [autoencoder, variational]
    page.images(
      [ImageGrid.Row(source.pictures(examples), label: "test images in black and white")]
        + contenders.map {
          ImageGrid.Row(source.pictures($0.decoded), label: "decoded by the \($0.name)")
        }, caption: "Five test images, and what each decoder makes of their μ(X).")
    page.images(
      contenders.map {
        ImageGrid.Row(source.pictures($0.samples), label: "the \($0.name) at z from N(0, I)")
      }, caption: "The decoders’ expected pixels at the same ten z from N(0, I).")
  }

  private func showCodes(on page: Page) {
    page.figure(
      "Codes, and the prior that samples come from",
      description: """
        The first two of the ten latent variables of each test example; for the VAE they are drawn from \
        Q(z|X). Nine in ten samples from the prior lie inside the circle, whose radius is 2.15.
        """,
      plot(autoencoder), plot(variational))
    page.table(
      [
        .left("z = μ(X)"), .right("log P, training"), .right("log P, test"), .right("mean of z²"),
        .right("D[normal‖P(z)]"),
      ],
      rows: [autoencoder, variational].map {
        [
          $0.name, $0.trainingFit.text(decimals: 2), $0.testFit.text(decimals: 2),
          formatted($0.meanSquare, decimals: 2),
          $0.divergence.map { formatted($0, decimals: 2) } ?? "–",
        ]
      },
      caption: """
        log P is log P(X|z). Under the prior the mean of z² is 1. The normal distribution has the mean and \
        the covariance of the test codes.
        """)
    page.prose(
      """
      Example by example, the autoencoder’s log P(X|z) is larger by \(gain.text(decimals: 2)) in training and \
      by \(testGain.text(decimals: 2)) in testing.
      """)
    lesson.claim(
      "The autoencoder, which is trained for nothing else, reconstructs its training examples better.",
      .positive("mean gain", gain), on: page)
  }

  private func plot(_ contender: Contender) -> Plot {
    // A plane normal is within r with probability 1 − exp(−r²/2).
    let radius = (2 * Double.log(10)).squareRoot()
    let angles = (0...64).map { Double($0) * .pi / 32 }
    let reach = reach(of: contender.codes, usually: 10)
    return Plot(
      contender.name, x: Axis("z₁", range: -reach...reach), y: Axis("z₂", range: -reach...reach),
      hasEqualAspect: true,
      layers: [
        lesson.source.points("codes", contender.codes, meaning: .q),
        .line(
          .init(
            "prior", meaning: .prior, x: angles.map { radius * .cos($0) },
            y: angles.map { radius * .sin($0) })),
      ])
  }

  /// That the samples of one kind are further from the nearest test example than those of another.
  static func farther(
    _ first: Sample?, _ name: String, than second: Sample?, _ otherName: String
  ) -> Check.Evidence {
    let squaredErrors = [first, second].map { sample in
      let error = sample?.distance.standardError ?? .nan
      return error * error
    }
    return .greater(
      Quantity(name, first?.distance.mean ?? .nan),
      than: Quantity(otherName, second?.distance.mean ?? .nan),
      standardError: squaredErrors.reduce(0, +).squareRoot())
  }
}

extension Autoencoder.Contender {
  /// The mean of z² over all codes and latent variables.
  fileprivate var meanSquare: Double { Double(codes.squared.mean().scalar) }
}
