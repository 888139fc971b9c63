import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.9 A Gaussian decoder, and its σ: learned beside the weights, or fixed at 1 by mistake.
struct GaussianDecoder: SectionContent {
  /// A small model after training, with a learned σ or with σ = 1.
  struct Trained {
    let name: String
    let sigma: Double
    /// The root of the mean squared difference X − f(z) in training.
    let residual: Double
    let last: EpochSummary
    /// The first test examples, decoded from the mean of Q(z|X).
    let decoded: Tensor<Float>
    let stepsInAnEpoch: Int
  }

  /// What holds exactly for any Gaussian decoder, on a few examples in double precision.
  struct Exact {
    /// The mean squared residual, the σ² that is best for the loss.
    let variance: Double
    /// The derivative of the loss with respect to log σ² there.
    let derivative: Double
    /// The relative difference between the gradient at σ = 1 and σ² times that at this σ² with
    /// β = 1/σ², over all other parameters.
    let difference: Double
    /// The factor by which all numbers are multiplied: a change of units.
    let unit: Int
    /// The mean of log P(X|z) in the first units and in the others.
    let logLikelihood: Double
    let scaledLogLikelihood: Double
  }

  let lesson: Lesson
  /// The first test examples.
  let examples: Tensor<Float>
  /// With a learned σ, and with σ = 1.
  let models: [Trained]
  let exact: Exact

  init(_ lesson: Lesson) throws {
    self.lesson = lesson
    let learned = try lesson.train(lesson.configuration(.gaussian), for: "with a learned σ")
    let fixed = try lesson.train(lesson.configuration(.unitGaussian), for: "with σ = 1")
    var generator = lesson.generator(section: 9)
    examples = lesson.source.fewTest[Array(0..<min(5, lesson.source.fewTest.count))]
    models = [
      Self.trained("σ learned", learned, lesson, showing: examples, using: &generator),
      Self.trained("σ = 1", fixed, lesson, showing: examples, using: &generator),
    ]
    let x = lesson.source.fewTest.prefix(64).values.converted(to: Double.self)
    exact = Self.exact(
      learned.model.converted(), x, unit: lesson.source.kind == .points ? 100 : 255,
      using: &generator)
  }

  private static func trained(
    _ name: String, _ trained: TrainedModel, _ lesson: Lesson, showing examples: Tensor<Float>,
    using generator: inout SeededGenerator
  ) -> Trained {
    let model = trained.model
    let train = lesson.source.fewTrain
    var sum = 0.0
    for indices in train.chunks(of: 500) {
      let x = train[indices]
      // cell: residual
      let Q = model.encoder(x)
      let z = Q.sample(noise: .normal(Q.mean.shape, using: &generator))  // z ∼ Q(z|X)
      let squares = (x - model.decoder(z)).squared  // (x − f(z))²
      // end
      sum += squares.converted(to: Double.self).sum().scalar
    }
    // In single precision, as a mean over all the squares at once would be.
    let meanSquare = Double(Float(sum) * (1 / Float(train.count * train.size)))
    return Trained(
      name: name, sigma: .exp(0.5 * Double(model.decoder.logVariance!.scalar)),
      residual: meanSquare.squareRoot(), last: trained.history.last!,
      decoded: model.decoder.mean(of: model.encoder(examples).mean),
      stepsInAnEpoch: trained.steps / lesson.epochs)
  }

  // cell: density
  /// log N(X; f, σ²I). Training changes log σ² as it does any other parameter.
  static func logLikelihood(
    _ x: Tensor<Double>, means f: Tensor<Double>, logVariance logσ²: Tensor<Double>
  ) -> Tensor<Double> {
    -0.5 * ((x - f).squared * exp(-logσ²) + (logσ² + logTwoPi)).sum(axis: 1)
  }
  // end

  // cell: gradient
  /// The gradient of the loss at a given σ², for one noise ε and one weight β.
  static func gradient(
    _ model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, _ ε: Tensor<Double>,
    variance: Double, beta β: Double
  ) -> VariationalAutoencoder<Double> {
    var model = model
    model.decoder.logVariance = Tensor([.log(variance)])
    return valueWithGradient(at: model) { model in
      let Q = model.encoder(x)
      let (f, logσ²) = (model.decoder(Q.sample(noise: ε)), model.decoder.logVariance!)
      let reconstruction = logLikelihood(x, means: f, logVariance: logσ²)
      return (β * Q.klDivergenceToStandardNormal() - reconstruction).mean()
    }.gradient
  }
  // end

  private static func exact(
    _ model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, unit: Int,
    using generator: inout SeededGenerator
  ) -> Exact {
    let posterior = model.encoder(x)
    let ε = Tensor<Double>.normal(posterior.mean.shape, using: &generator)
    let f = model.decoder(posterior.sample(noise: ε))
    // cell: comparison
    let σ² = (x - f).squared.mean().scalar  // the mean squared residual
    let optimum = gradient(model, x, ε, variance: σ², beta: 1)
    let derivative = optimum.decoder.logVariance!.scalar  // ∂loss/∂log σ²
    let atOne = others(gradient(model, x, ε, variance: 1, beta: 1))
    let weighted = others(gradient(model, x, ε, variance: σ², beta: 1 / σ²)) * Tensor(σ²)
    let difference = norm(atOne - weighted) / norm(atOne)
    // end
    let logσ² = Tensor([Double.log(σ²)])
    let scale = Tensor(Double(unit))
    return Exact(
      variance: σ², derivative: derivative, difference: difference, unit: unit,
      logLikelihood: logLikelihood(x, means: f, logVariance: logσ²).mean().scalar,
      scaledLogLikelihood: logLikelihood(
        x * scale, means: f * scale, logVariance: logσ² + Tensor(2 * .log(Double(unit)))
      ).mean().scalar)
  }

  /// The gradients of all parameters but σ, in one vector.
  private static func others(_ gradient: VariationalAutoencoder<Double>) -> Tensor<Double> {
    var gradient = gradient
    gradient.decoder.logVariance = Tensor([0])
    return .concatenated(gradient.parameters.map { $0.reshaped([$0.count]) })
  }

  private static func norm(_ vector: Tensor<Double>) -> Double { sqrt(vector.squared.sum()).scalar }

  func show(on page: Page) {
    page.lead(
      """
      One small model learns its σ. The other has σ = 1, which is what a loss of squared errors amounts \
      to. Compare the two divergences D[Q‖P(z)].
      """)
    page.code("density")
    page.code("residual")
    showModels(on: page)
    page.lead(
      "Three facts that hold exactly for any Gaussian decoder, checked in double precision.")
    page.code("gradient")
    page.code("comparison")
    showExact(on: page)
  }

  private func showModels(on page: Page) {
    let source = lesson.source
    page.table(
      [
        .left("decoder"), .right("σ"), .right("residual"), .right("test bound"),
        .right("log P(X|z)"), .right("D[Q‖P(z)]"),
      ],
      rows: models.map {
        [$0.name] + cells($0.sigma, $0.residual)
          + cells(
            $0.last.testBound, $0.last.testReconstruction, $0.last.testDivergence, decimals: 2)
      },
      caption:
        "The residual is the root mean square of X − f(z) on the training examples."
    )
    if source.kind != .points {
      page.images(
        [ImageGrid.Row(source.pictures(examples), label: "test images in grey")]
          + models.map {
            ImageGrid.Row(source.pictures($0.decoded), label: "decoded with \($0.name)")
          },
        caption: """
          Each test image, and what each decoder makes of the mean of its Q(z|X). With σ = 1 the pictures are \
          more blurred.
          """)
    }
    let learned = models[0]
    lesson.claim(
      "σ² is close to its optimum, the mean squared residual: no further away than Adam can move it in an epoch.",
      .atMost(
        Quantity("|log σ² − log residual²|", 2 * abs(.log(learned.sigma / learned.residual))),
        Quantity(
          "\(formatted(learned.stepsInAnEpoch)) steps of \(Lesson.learningRate)",
          Double(learned.stepsInAnEpoch) * Lesson.learningRate)),
      on: page)
  }

  private func showExact(on page: Page) {
    let (size, unit) = (lesson.source.train.size, exact.unit)
    page.check(
      "Where σ² is the mean squared residual, the loss does not change with log σ².",
      .small(
        Quantity("derivative", exact.derivative), tolerance: 1e-10 * lesson.source.roundingScale))
    page.check(
      "σ = 1 gives the same gradient, up to the factor σ², as σ² = \(formatted(exact.variance, decimals: 4)) with β = \(formatted(1 / exact.variance, decimals: 1)).",
      .small("relative difference", [exact.difference]))
    page.check(
      "A density has units: if all numbers are \(unit) times as large, the log density falls by \(formatted(size)) · log \(unit).",
      .equal(
        Quantity("log P(\(unit) X|z)", exact.scaledLogLikelihood),
        Quantity(
          "log P(X|z) − \(formatted(size)) log \(unit)",
          exact.logLikelihood - Double(size) * .log(Double(unit))),
        tolerance: 1e-10 * lesson.source.roundingScale))
  }
}
