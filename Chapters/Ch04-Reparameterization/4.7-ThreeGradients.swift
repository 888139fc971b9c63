import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 4.7 Three gradients, one autoencoder: a small model of the digits, trained with the broken gradient
/// of 4.1, with the score function's, and with the pathwise one.
struct ThreeGradients: SectionContent {
  /// What training with one gradient leads to, on the test images.
  struct Outcome {
    let gradient: EncoderGradient
    /// The mean bound before training and after each epoch, in nats.
    let history: [Double]
    /// log P(X|z) of each image, given its own code and given the next image's.
    let logLikelihood: Tensor<Float>
    let logLikelihoodOfNext: Tensor<Float>
    /// D[Q(z|X) ‖ P(z)] of each image.
    let divergence: Tensor<Float>
    /// What the decoder makes of the mean code of each image.
    let decoded: Tensor<Float>

    var bound: Tensor<Float> { logLikelihood - divergence }
    /// The largest standard deviation over the images that a decoded pixel has.
    var pixelDeviation: Double {
      Double(sqrt((decoded - decoded.mean(axis: 0)).squared.mean(axis: 0)).scalars.max()!)
    }
  }

  static let (latentSize, batchSize, epochs) = (20, 100, 20)
  /// The test images, each pixel black or white.
  let x: Tensor<Float>
  let outcomes: [Outcome]
  /// log P(X) of each test image if every pixel is a coin of its own.
  let coins: Tensor<Float>
  let stepsPerEpoch: Int

  init(progress: ProgressDisplay, using generator: SeededGenerator) throws {
    let data = try ImageData.embeddedDigits()
    let (train, test) = (Examples(data.train), Examples(data.test))
    var generator = generator
    let x = Tensor<Float>.bernoulli(test.values, using: &generator)
    let ε = Tensor<Float>.normal([test.count, Self.latentSize], using: &generator)
    let model = VariationalAutoencoder<Float>(
      Configuration(hiddenSizes: [64], latentSize: Self.latentSize), using: &generator)
    let gradients = EncoderGradient.allCases
    let line = progress.begin("training", total: gradients.count * Self.epochs)
    // All begin with the same weights, and see the same images, pixels and ε in the same order.
    outcomes = gradients.map { [generator] gradient in
      var (run, generator) = (TrainingRun(gradient, model), generator)
      func note() {
        run.history.append(mean(run.model.evidenceLowerBound(of: x, noise: ε).value))
      }
      note()
      for _ in 0..<Self.epochs {
        run.epoch(on: train, using: &generator)
        note()
        line.advance("test bound \(formatted(run.history.last!, decimals: 2))")
      }
      return Self.outcome(run, x, noise: ε)
    }
    line.finish()
    self.x = x
    coins = Self.coins(x, train)
    stepsPerEpoch = (train.count + Self.batchSize - 1) / Self.batchSize
  }

  private static func outcome(
    _ run: TrainingRun, _ x: Tensor<Float>, noise ε: Tensor<Float>
  ) -> Outcome {
    let model = run.model
    let next = Array(1..<x.shape[0]) + [0]
    // cell: codes
    let Q = model.encoder(x)
    let z = Q.sample(noise: ε)
    let logLikelihood = model.decoder.logProbability(of: x, given: z)
    let logLikelihoodOfNext = model.decoder.logProbability(of: x, given: z.rows(next))
    let divergence = Q.klDivergenceToStandardNormal()
    // end
    return Outcome(
      gradient: run.gradient, history: run.history, logLikelihood: logLikelihood,
      logLikelihoodOfNext: logLikelihoodOfNext, divergence: divergence,
      decoded: model.decoder.mean(of: Q.mean))
  }

  private static func coins(_ x: Tensor<Float>, _ train: Examples) -> Tensor<Float> {
    // cell: coins
    // How often each pixel is white in the training images. Adding one all-white and
    // one all-black image keeps every frequency away from 0 and 1.
    let white = (train.values.sum(axis: 0) + 1) / Float(train.count + 2)
    let coins = Bernoulli(logits: log(white) - log(1 - white)).logProbability(of: x)
    // end
    return coins
  }
}

private func estimate(_ values: Tensor<Float>) -> MonteCarloEstimate {
  MonteCarloEstimate(values.scalars.map(Double.init))
}

private func mean(_ values: Tensor<Float>) -> Double { estimate(values).mean }

extension ThreeGradients {
  func show(on page: Page) {
    page.lead(
      """
      One small autoencoder of the digits is trained from the same start with each gradient, and with \
      the same number of runs of the decoder. Look at the bound that each reaches.
      """)
    EncoderGradient.showCode(on: page)
    showBounds(on: page)

    page.lead(
      """
      Do the codes help the decoder? Compare how probable an image is given its own code and given \
      another image’s, and look at the decoded pictures.
      """)
    page.code("codes")
    page.code("coins")
    showCodes(on: page)
  }

  private func showBounds(on page: Page) {
    let shown = Array(1...Self.epochs)
    let ends = [stepsPerEpoch, Self.epochs * stepsPerEpoch].map(Double.init)
    page.figure(
      "The bound during training, with each gradient",
      description: """
        The mean bound of the \(formatted(x.shape[0])) test images, after every \
        \(formatted(stepsPerEpoch)) steps. With z drawn inside, the curve levels off just below the \
        log-likelihood of a model without latent variables, a coin for each pixel.
        """,
      Plot(
        x: Axis("step"), y: Axis("nats an image"),
        layers: outcomes.reversed().enumerated().map { index, outcome in
          .line(
            .init(
              outcome.gradient.name, meaning: .series(index),
              x: shown.map { Double($0 * stepsPerEpoch) }, y: shown.map { outcome.history[$0] }))
        } + [
          .line(
            .init(
              "a coin for each pixel", meaning: .series(4), x: ends,
              y: ends.map { _ in mean(coins) }))
        ]))
    let last = outcomes[2].history.last!
    if let epoch = outcomes[3].history.firstIndex(where: { $0 >= last }) {
      page.prose(
        """
        The pathwise run reaches the final bound of “\(outcomes[2].gradient.name)”, \
        \(formatted(last, decimals: 2)), within \(formatted(epoch * stepsPerEpoch)) of the \
        \(formatted(Self.epochs * stepsPerEpoch)) steps.
        """)
    }
    let bound = outcomes.map { Quantity("the bound of “\($0.gradient.name)”", mean($0.bound)) }
    func gap(_ left: Int, _ right: Int) -> Check.Evidence {
      .greater(
        bound[left], than: bound[right],
        standardError: estimate(outcomes[left].bound - outcomes[right].bound).standardError)
    }
    page.check("With the score function’s gradient the encoder learns.", gap(2, 0))
    page.check(
      "With two z for each image, each a baseline for the other, the bound is higher.", gap(2, 1))
    page.check(
      "With the pathwise gradient it is higher still, for as many decoder runs.", gap(3, 2))
  }

  private func showCodes(on page: Page) {
    page.table(
      [
        .left("gradient"), .right("bound"), .right("± s.e."), .right("D[Q‖P(z)]"),
        .right("log P(X|z)"), .right("z of the next X"),
      ],
      rows: outcomes.map { outcome in
        [outcome.gradient.name] + cells(estimate(outcome.bound), decimals: 2)
          + cells(
            mean(outcome.divergence), mean(outcome.logLikelihood),
            mean(outcome.logLikelihoodOfNext), decimals: 2)
      },
      caption: """
        After \(formatted(Self.epochs * stepsPerEpoch)) steps: means over the test images, in nats. The \
        last column is log P(X|z) with the code of the next image.
        """)
    let broken = outcomes[0]
    page.check(
      "With z drawn inside, Q(z|X) ends at the prior.",
      .atMost(
        Quantity("the mean D[Q‖P(z)]", mean(broken.divergence)),
        Quantity("a hundredth of a nat", 0.01)))
    page.check(
      "The decoder then outputs the same picture for every image.",
      .atMost(
        Quantity("the largest standard deviation of a pixel", broken.pixelDeviation),
        Quantity("a hundredth of the grey scale", 0.01)))
    page.check(
      "Its bound is at most the log-likelihood of a model that tosses a coin for each pixel.",
      .atMost(
        Quantity("the bound", mean(broken.bound)),
        Quantity("the coins’ log-likelihood", mean(coins)),
        standardError: estimate(broken.bound - coins).standardError))
    let shown = Array(0..<min(5, x.shape[0]))
    page.images(
      [ImageGrid.Row(pictures(x.rows(shown)), label: "test images")]
        + outcomes.map {
          ImageGrid.Row(pictures($0.decoded.rows(shown)), label: $0.gradient.name)
        },
      caption: "Below the test images: what each decoder outputs for the mean of Q(z|X).")
  }

  private func pictures(_ values: Tensor<Float>) -> [GrayImage] {
    (0..<values.shape[0]).map {
      GrayImage(width: 28, height: 28, pixels: values.rows([$0]).scalars)
    }
  }
}
