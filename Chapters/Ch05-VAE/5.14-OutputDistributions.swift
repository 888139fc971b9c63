import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// 5.14 Other output distributions: a σ that depends on z, and sixteen grey levels.
struct OutputDistributions: SectionContent {
  let deviations: Deviations
  /// Nil of points, which have no grey levels.
  let levels: GreyLevels?

  /// - Parameter second: The second VAE of 5.7, for the line of the Bernoulli decoder.
  init(_ lesson: Lesson, second: VariationalAutoencoder<Float>) {
    let course = Course(lesson)
    let models = GaussianModels(course)
    deviations = Deviations(models, course)
    levels = lesson.source.kind == .points ? nil : GreyLevels(consume models, second, course)
  }

  func show(on page: Page) {
    page.lead(
      """
      Gaussian decoders with one σ for everything, and with σ computed from z. Which has the best \
      bound?
      """)
    deviations.showDecoder(on: page)
    page.code("loop")
    deviations.showBounds(on: page)
    page.lead("The same decoder with ever smaller floors for σ. Does the bound come to an end?")
    deviations.showFloors(on: page)
    guard let levels else {
      page.note("Left out", "The comparison in bits a pixel: coordinates have no grey levels.")
      return
    }
    page.lead(
      "Sixteen grey levels instead of real numbers. Which decoder is best, in bits a pixel?")
    levels.show(on: page)
  }
}

/// A small variational autoencoder with any decoder that can tell P(X|z).
struct SmallModel<D: Parameterized<Float> & LatentVariableModel<Float>>: Parameterized {
  var encoder: Encoder<Float>
  var decoder: D

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Float>) {
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &decoder)
  }

  /// Takes the model so often through the examples, and calls `report` after each epoch.
  mutating func learn(
    from examples: Tensor<Float>, epochs: Int, batchSize: Int,
    using generator: inout SeededGenerator, report: () -> Void = {}
  ) {
    var adam = Adam(for: self, learningRate: Course.learningRate)
    for _ in 0..<epochs {
      // cell: loop
      // The loop of 5.3. All that a decoder needs is a log P(X|z) that can be differentiated.
      for batch in shuffledBatches(of: examples.shape[0], size: batchSize, using: &generator) {
        let x = examples.rows(batch)
        let ε = Tensor<Float>.normal([batch.count, decoder.latentSize], using: &generator)
        let loss = valueWithGradient(at: self) { model in
          let Q = model.encoder(x)
          let logLikelihood = model.decoder.logProbability(of: x, given: Q.sample(noise: ε))
          return (Q.klDivergenceToStandardNormal() - logLikelihood).mean()  // −ℒ
        }
        adam.update(&self, along: loss.gradient)
      }
      // end
      report()
    }
  }

  /// What `value` makes of each row of `x`: it gets the indices of some rows, their Q(z|X), and one z
  /// drawn from it for each.
  func evaluate(
    on x: Tensor<Float>, using generator: SeededGenerator,
    _ value: (_ rows: [Int], _ Q: DiagonalNormal<Float>, _ z: Tensor<Float>) -> Tensor<Float>
  ) -> [Double] {
    var generator = generator
    // By pieces: sixteen numbers a pixel take much memory.
    return Examples(x).chunks(of: Course.pieceLength(size: x.shape[1])).flatMap { rows in
      let Q = encoder(x.rows(rows))
      let z = Q.sample(noise: .normal(Q.mean.shape, using: &generator))
      return value(rows, Q, z).scalars.map(Double.init)
    }
  }
}

/// What the models of this section share: their examples, and how they are trained.
struct Course {
  let lesson: Lesson
  let train: Tensor<Float>
  let test: Tensor<Float>
  let configuration: Configuration
  private let batchSize: Int

  /// How the models are trained. Sixteen outputs a pixel are much work, so the steps are few and long.
  static let (exampleCount, stepCount, learningRate) = (2000, 400, 0.004)

  init(_ lesson: Lesson) {
    self.lesson = lesson
    // Fewer examples if they are large.
    let size = max(784, lesson.source.train.size)
    train = lesson.source.fewTrain.prefix(max(64, Course.exampleCount * 784 / size)).values
    test = lesson.source.fewTest.prefix(max(16, 500 * 784 / size)).values
    batchSize = max(8, 50 * 784 / size)
    configuration = lesson.configuration(.gaussian)
  }

  /// How many examples of a size are worked on at once when nothing is learned.
  static func pieceLength(size: Int) -> Int { max(8, 100 * 784 / max(784, size)) }

  /// A trained model of `examples`. All begin with the same encoder and see the same batches and noise.
  func trained<D: Parameterized<Float> & LatentVariableModel<Float>>(
    on examples: Tensor<Float>, for purpose: String, decoder: (inout SeededGenerator) -> D
  ) -> SmallModel<D> {
    var generator = lesson.generator(section: 14).stream(1)
    let encoder = Encoder<Float>(configuration, using: &generator)
    var model = SmallModel(encoder: encoder, decoder: decoder(&generator))
    var order = lesson.generator(section: 14).stream(2)
    // More often through the examples where there are few.
    let steps = (examples.shape[0] + batchSize - 1) / batchSize
    let epochs = max(10, min(100, Course.stepCount * 784 / max(784, train.shape[1]) / steps))
    let line = lesson.progress.begin("training \(purpose)", total: epochs)
    model.learn(from: examples, epochs: epochs, batchSize: batchSize, using: &order) {
      line.advance()
    }
    line.finish()
    return model
  }

  /// The noise of tests, the same for every model.
  var testNoise: SeededGenerator { lesson.generator(section: 14).stream(3) }
}
