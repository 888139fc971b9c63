import Autodiff
import Claims
import Datasets
import NeuralNetworks
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

  init(_ models: GaussianModels, _ second: VariationalAutoencoder<Float>, _ course: Course) {
    lesson = course.lesson
    let configuration = course.configuration
    let (train, test) = (Self.levels(of: course.train), Self.levels(of: course.test))
    let sixteen = course.trained(on: train, for: "with sixteen grey levels") {
      LevelDecoder(configuration, using: &$0)
    }
    let gauss = course.trained(on: train, for: "with a Gaussian's probabilities") {
      GaussianLevelDecoder(
        gaussian: DeviationDecoder(
          configuration, spreads: configuration.inputSize, floor: GaussianModels.floors.last!,
          using: &$0))
    }
    func contender<D>(
      _ name: String, _ model: SmallModel<D>, isTrainedForLevels: Bool = false,
      _ logLikelihood: (_ x: Tensor<Float>, _ z: Tensor<Float>) -> Tensor<Float>
    ) -> Contender {
      // Each encoder sees what it was trained on. The bound holds for any Q.
      func bits(_ x: Tensor<Float>, encoding grey: Tensor<Float>) -> [Double] {
        model.evaluate(
          on: isTrainedForLevels ? x : grey, using: course.testNoise
        ) { rows, Q, z in
          logLikelihood(x.rows(rows), z) - Q.klDivergenceToStandardNormal()
        }.map { Self.bits(ofNats: -$0, x) }
      }
      return Contender(
        name: name, isTrainedForLevels: isTrainedForLevels,
        bits: bits(test, encoding: course.test),
        trainBits: MonteCarloEstimate(bits(train, encoding: course.train)).mean)
    }
    func probability(_ x: Tensor<Float>, _ f: Tensor<Float>, _ logσ²: Tensor<Float>) -> Tensor<
      Float
    > {
      log(GaussianLevelDecoder.probability(ofLevel: x, f, logσ²)).sum(axis: 1)
    }
    densities =
      [
        contender("Gaussian, one σ", models.one) { x, z in
          probability(x, models.one.decoder(z), models.one.decoder.logVariance!)
        }
      ]
      + models.pixel.map { model in
        contender("Gaussian, σ₀ = \(formatted(model.decoder.floor, decimals: 2))", model) { x, z in
          let (f, logσ²) = model.decoder(z)
          return probability(x, f, logσ²)
        }
      }
    let floor = formatted(gauss.decoder.gaussian.floor, decimals: 2)
    gaussian = contender("Gaussian, σ₀ = \(floor)", gauss, isTrainedForLevels: true) {
      gauss.decoder.logProbability(of: $0, given: $1)
    }
    categorical = contender("sixteen levels", sixteen, isTrainedForLevels: true) {
      sixteen.decoder.logProbability(of: $0, given: $1)
    }
    frequencies = Self.frequencies(train, test)
    let shown = test.rows(Array(0..<min(5, test.shape[0])))
    var generator = lesson.generator(section: 14)
    let z = gauss.encoder(shown).mean
    let (f, logσ²) = gauss.decoder.gaussian(z)
    excess = Self.excess(f.converted(to: Double.self), logσ².converted(to: Double.self))
    blackAndWhiteBits =
      lesson.source.output == .bernoulli
      ? Self.bits(
        ofNats: -second.evaluate(
          on: lesson.source.fewTest, using: &generator
        ).evidenceLowerBound.mean, test) : nil
    examples = shown
    let ε = Tensor<Float>.normal(shown.shape, using: &generator)
    let one = models.one.decoder
    let grey = course.test.rows(Array(0..<shown.shape[0]))
    samples = [
      Sample(
        name: densities[0].name,
        x: Self.levels(
          of: one(models.one.encoder(grey).mean) + exp(0.5 * one.logVariance!) * ε)),
      Sample(
        name: "\(gaussian.name), trained for levels", x: Self.levels(of: f + exp(0.5 * logσ²) * ε)),
      Sample(
        name: categorical.name,
        x: sixteen.decoder.sample(given: sixteen.encoder(shown).mean, using: &generator)),
    ]
  }

  /// The values (k + ½)/16 of the levels k that grey values from 0 to 1 lie in.
  static func levels(of x: Tensor<Float>) -> Tensor<Float> {
    Tensor(
      x.scalars.map { (max(0, min(15, (16 * $0).rounded(.down))) + 0.5) / 16 }, shape: x.shape)
  }

  /// Nats an image as bits a pixel.
  private static func bits(ofNats nats: Double, _ x: Tensor<Float>) -> Double {
    nats / .log(2) / Double(x.shape[1])
  }

  /// The best model without latent variables: each pixel has its own frequencies of the levels.
  private static func frequencies(_ train: Tensor<Float>, _ test: Tensor<Float>) -> Contender {
    var sum = Tensor<Float>(zeros: [16, train.shape[1]])
    // By pieces, as sixteen numbers a pixel take much memory.
    let size = max(8, 100 * 784 / max(784, train.shape[1]))
    for rows in Examples(train).chunks(of: size) {
      sum = sum + isLevel(train.rows(rows)).sum(axis: 0)
    }
    // cell: frequencies
    // One image more, a sixteenth of it of each level, keeps every frequency away from 0.
    let logP = log((sum + 1 / 16) / Float(train.shape[0] + 1))  // of each level and pixel
    // end
    func bits(_ x: Tensor<Float>) -> [Double] {
      Examples(x).chunks(of: size).flatMap { rows in
        let isLevel = isLevel(x.rows(rows))
        return (isLevel * logP).sum(axis: 2).sum(axis: 1).scalars.map {
          Self.bits(ofNats: -Double($0), x)
        }
      }
    }
    return Contender(
      name: "each pixel by itself", isTrainedForLevels: true, bits: bits(test),
      trainBits: MonteCarloEstimate(bits(train)).mean)
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
    page.code("frequencies")
    let bernoulli = blackAndWhiteBits.map {
      " The Bernoulli decoder of 5.7 costs \(formatted($0, decimals: 3)) bits, but for a pixel that is "
        + "black or white: other data."
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
        Bits a pixel in sixteen grey levels, 4 if all were as probable. σ₀ is the floor of a σ for each \
        pixel.
        """
          + (bernoulli ?? ""))
    showSamples(on: page)
    page.check(
      "A Gaussian’s probabilities of the sixteen levels add up to 1, at every pixel.",
      .small("largest difference", excess))
    lesson.claim(
      "Lowering the floor from 0.03 to 0.01 raises the density, and yet the levels cost more.",
      .positive("more bits a pixel", densities[3].bits(above: densities[2])), on: page)
    lesson.claim(
      "Trained for levels, a Gaussian needs fewer bits than the best that is trained for densities.",
      .positive(
        "fewer bits a pixel",
        densities.map { $0.bits(above: gaussian) }.min { $0.mean < $1.mean }!), on: page)
    lesson.claim(
      "With z, that Gaussian needs fewer bits than the levels of each pixel by itself.",
      .positive("fewer bits a pixel", frequencies.bits(above: gaussian)), on: page)
    lesson.claim(
      "With z, so do sixteen levels with probabilities of their own.",
      .positive("fewer bits a pixel", frequencies.bits(above: categorical)), on: page)
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
  /// How many more bits a pixel costs than under another model, on the same test images.
  func bits(above other: GreyLevels.Contender) -> MonteCarloEstimate {
    MonteCarloEstimate(zip(bits, other.bits).map { $0 - $1 })
  }
}
