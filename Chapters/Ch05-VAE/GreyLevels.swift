import Autodiff
import Claims
import Notebook
import Probability
import VariationalAutoencoders

/// The decoders compared by what the grey level of a pixel costs, in bits.
struct GreyLevels {
  /// A distribution of grey levels.
  struct Contender {
    let name: String
    /// Whether it was trained for probabilities of levels, and not for densities.
    let isTrainedForLevels: Bool
    /// The bits of a pixel, the mean over each test image: of the negative bound, where there is one.
    let bits: [Double]
    /// The mean over the training images.
    let trainBits: Double
  }

  let lesson: Lesson
  /// Each pixel by itself, without latent variables.
  let frequencies: Contender
  /// Trained for densities: one σ, and one for each pixel with ever smaller floors.
  let densities: [Contender]
  /// A σ for each pixel, trained for probabilities.
  let gaussian: Contender
  let categorical: Contender
  /// How far a Gaussian's probabilities of all sixteen levels are from adding up to 1.
  let excess: [Double]
  /// The bits of a black or white pixel under the second VAE; nil if that is Gaussian.
  let blackAndWhiteBits: Double?
  /// The first test images in sixteen levels.
  let examples: Tensor<Float>
  /// A sample from P(X|z) for each, at the mean of Q(z|X), by some of the models.
  let samples: [Sample]

  struct Sample {
    let name: String
    let x: Tensor<Float>
  }

  init(
    _ models: consuming GaussianModels, _ second: VariationalAutoencoder<Float>, _ course: Course
  ) {
    lesson = course.lesson
    let images = LevelImages(course)
    let oneModel = models.one
    let one = oneModel.decoder
    densities =
      [
        images.contender("Gaussian, one σ", oneModel) { x, z in
          GaussianLevelDecoder.logProbability(ofLevel: x, one(z), one.logVariance!)
        }
      ]
      + models.pixel.map { model in
        images.contender("Gaussian, σ₀ = \(model.decoder.floorText)", model) { x, z in
          let (f, logσ²) = model.decoder(z)
          return GaussianLevelDecoder.logProbability(ofLevel: x, f, logσ²)
        }
      }
    // The next two are large: what is no longer needed makes room for them.
    _ = consume models
    let (sixteen, levelGaussian) = (images.trainedCategorical(), images.trainedGaussian())
    let floor = levelGaussian.decoder.gaussian.floorText
    gaussian = images.contender("Gaussian, σ₀ = \(floor)", levelGaussian, isTrainedForLevels: true)
    {
      levelGaussian.decoder.logProbability(of: $0, given: $1)
    }
    categorical = images.contender("sixteen levels", sixteen, isTrainedForLevels: true) {
      sixteen.decoder.logProbability(of: $0, given: $1)
    }
    frequencies = images.frequencies()

    var generator = lesson.generator(section: 14)
    let shown = Array(0..<min(5, course.test.shape[0]))
    examples = images.test.rows(shown)
    let (f, logσ²) = levelGaussian.decoder.gaussian(levelGaussian.encoder(examples).mean)
    excess = Self.excess(f.converted(to: Double.self), logσ².converted(to: Double.self))
    let ε = Tensor<Float>.normal(f.shape, using: &generator)
    let oneMean = one(oneModel.encoder(course.test.rows(shown)).mean)
    samples = [
      Sample(
        name: densities[0].name,
        x: LevelImages.levels(of: oneMean + exp(0.5 * one.logVariance!) * ε)),
      Sample(
        name: "\(gaussian.name), trained for levels",
        x: LevelImages.levels(of: f + exp(0.5 * logσ²) * ε)),
      Sample(
        name: categorical.name,
        x: sixteen.decoder.sample(given: sixteen.encoder(examples).mean, using: &generator)),
    ]
    guard lesson.source.output == .bernoulli else {
      blackAndWhiteBits = nil
      return
    }
    let evaluation = second.evaluate(on: lesson.source.fewTest, using: &generator)
    blackAndWhiteBits = images.bits(ofNats: -evaluation.evidenceLowerBound.mean)
  }

  /// The sum of the probabilities of all levels, less 1.
  private static func excess(_ f: Tensor<Double>, _ logσ²: Tensor<Double>) -> [Double] {
    var sum = Tensor<Double>(zeros: f.shape)
    for k in 0..<16 {
      let x = Tensor<Double>(repeating: (Double(k) + 0.5) / 16, shape: f.shape)
      sum = sum + GaussianLevelDecoder.probability(ofLevel: x, f, logσ²)
    }
    return (sum - 1).scalars
  }

  func show(on page: Page) {
    LevelDecoder.show(on: page)
    GaussianLevelDecoder.show(on: page)
    LevelImages.show(on: page)
    let bernoulli = blackAndWhiteBits.map {
      " The Bernoulli decoder of 5.7 costs \(formatted($0, decimals: 3)) bits per pixel, but on other "
        + "data: black and white images."
    }
    page.table(
      [.left("P(X|z)"), .left("trained for"), .right("train"), .right("test")],
      rows: ([frequencies] + densities + [gaussian, categorical]).map {
        [
          $0.name, $0.isTrainedForLevels ? "levels" : "densities",
          formatted($0.trainBits, decimals: 3),
          MonteCarloEstimate($0.bits).text(decimals: 3),
        ]
      },
      caption: """
        Bits per pixel in sixteen grey levels; 4 if all were equally probable. σ₀ is the floor of a σ for each \
        pixel.
        """
          + (bernoulli ?? ""))
    showSamples(on: page)
    page.check(
      "A Gaussian’s probabilities of the sixteen levels add up to 1, at every pixel.",
      .small("largest difference", excess))
    lesson.claim(
      "Lowering the floor from 0.03 to 0.01 raises the density, and yet the levels cost more.",
      .positive("more bits per pixel", densities[3].bits(above: densities[2])), on: page)
    lesson.claim(
      "Trained for levels, a Gaussian needs fewer bits than the best that is trained for densities.",
      .positive(
        "fewer bits per pixel",
        densities.map { $0.bits(above: gaussian) }.min { $0.mean < $1.mean }!), on: page)
    lesson.claim(
      "With z, that Gaussian needs fewer bits than the levels of each pixel by itself.",
      .positive("fewer bits per pixel", frequencies.bits(above: gaussian)), on: page)
    lesson.claim(
      "With z, so do sixteen levels with probabilities of their own.",
      .positive("fewer bits per pixel", frequencies.bits(above: categorical)), on: page)
  }

  private func showSamples(on page: Page) {
    let source = lesson.source
    page.images(
      [ImageGrid.Row(source.pictures(examples), label: "X: test images, in sixteen levels")]
        + samples.map { ImageGrid.Row(source.pictures($0.x), label: "sample, \($0.name)") },
      caption: "Each test image, and a sample from P(X|z) at the mean of its Q(z|X).")
  }
}

extension GreyLevels.Contender {
  /// How many more bits per pixel costs than under another model, on the same test images.
  func bits(above other: GreyLevels.Contender) -> MonteCarloEstimate {
    MonteCarloEstimate(zip(bits, other.bits).map { $0 - $1 })
  }
}
