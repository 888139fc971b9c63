import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

extension Epoch {
  // cell: epoch
  /// Takes the model once through the examples, in random order.
  mutating func learn(from train: Examples) throws {
    let (β, latentSize) = (Float(settings.beta), model.configuration.latentSize)
    for batch in shuffledBatches(of: train.count, size: settings.batchSize, using: &generator) {
      let x = model.observed(train[batch], using: &generator)  // each pixel black or white
      let ε = Tensor<Float>.normal([batch.count, latentSize], using: &generator)  // ε ∼ N(0, I)
      let loss = valueWithGradient(at: model) { model in
        let Q = model.encoder(x)  // μ(X) and log σ²(X)
        let z = Q.sample(noise: ε)  // z = μ + σε
        let logLikelihood = model.decoder.logProbability(of: x, given: z)  // log P(X|z)
        let divergence = Q.klDivergenceToStandardNormal()  // D[Q‖P(z)]
        record(logLikelihood, divergence)  // for the table
        return (β * divergence - logLikelihood).mean()  // −ℒ, if β = 1
      }
      try requireFinite(loss.value)
      adam.update(&model, along: loss.gradient)
    }
  }
  // end
}

extension TrainingRun {
  /// Trains up to the last epoch, and saves after each.
  func finish() throws -> TrainedModel {
    var training = begin()
    let train = lesson.source.train
    let test = lesson.source.test
    let line = lesson.progress.begin("training", total: epochs)
    line.advance(by: training.history.count)
    var noise = lesson.generator(section: 103)
    // A run that goes on from a file has not seen its beginning; its page is that of a run without a break.
    var film =
      isSaved
      ? nil
      : Film(
        .normal([16, training.model.configuration.latentSize], using: &noise), across: 4,
        epochs: epochs, lesson)
    film?.watch(training)
    func report() {
      film?.watch(training)
      line.advance("test bound \(formatted(training.history.last!.testBound, decimals: 2))")
    }
    // cell: training
    while training.history.count < epochs {
      try training.runEpoch(test: test) { epoch in try epoch.learn(from: train) }
      try save(training)  // with --checkpoint
      report()
    }
    // end
    line.finish()
    return TrainedModel(training, film: film)
  }
}

/// 5.3 Training: the bound, epoch by epoch, and its gain over a coin for each pixel.
struct LearningCurve: SectionContent {
  let lesson: Lesson
  let history: [EpochSummary]
  let steps: Int
  let latentSize: Int
  /// How far the bound of each test image exceeds its log probability under coins; nil for real numbers.
  let gain: MonteCarloEstimate?
  /// For the figure that answers; nil where there are no pictures.
  let touchable: TouchableTraining?

  /// - Parameter map: A film of the training of 5.6.
  init(_ trained: TrainedModel, map: Film? = nil, _ lesson: Lesson) {
    self.lesson = lesson
    touchable = TouchableTraining(
      [("samples from the prior", trained.film), ("two latent variables (5.6)", map)],
      trained.history, lesson)
    (history, steps) = (trained.history, trained.steps)
    latentSize = trained.model.configuration.latentSize
    guard lesson.source.output == .bernoulli else {
      gain = nil
      return
    }
    var generator = lesson.generator(section: 3)
    let x = trained.model.observed(lesson.source.fewTest.values, using: &generator)
    let bounds = trained.model.importanceWeightedBound(of: x, sampleCount: 1, using: &generator)
    let coins = Self.coinLogProbability(of: x, lesson.source.train).scalars
    gain = MonteCarloEstimate(zip(bounds, coins).map { $0 - Double($1) })
  }

  /// log P(x) of black and white images, in nats, if each pixel were a coin: white with the frequency that
  /// it has among the training images, and independent of the others.
  static func coinLogProbability(of x: Tensor<Float>, _ train: Examples) -> Tensor<Float> {
    // By pieces, so that the images need not all be numbers at once.
    var sum = Tensor<Float>(zeros: [train.size])
    for indices in train.chunks(of: 4500) { sum = sum + train[indices].sum(axis: 0) }
    // cell: coins
    // One more all-white and one more all-black image keep every frequency away from 0 and 1.
    let white = (sum + 1) / Tensor(Float(train.count + 2))
    let coins = Bernoulli(logits: log(white) - log(1 - white)).logProbability(of: x)
    // end
    return coins
  }

  func show(on page: Page) {
    let source = lesson.source
    page.lead("Watch how the two terms of the bound change from epoch to epoch.")
    page.code("epoch")
    page.code("training")
    page.prose(
      """
      \(formatted(source.train.count)) \(source.example)\(source.train.count == 1 ? "" : "s") to learn \
      from, \(formatted(source.test.count)) kept back for testing; \(formatted(steps)) steps of Adam.
      """)
    showTable(on: page)
    showFigure(on: page)
    if let touchable {
      page.interactive(
        "training", "Watch it learn",
        description: """
          Move the slider through the training. The same z are decoded after every epoch: samples of this model, and the \
          map of the small one with two latent variables, which section 5.6 shows.
          """, data: touchable)
    }
    guard let gain else { return }
    page.lead("Is that good? Compare a model that has no latent variables: a coin for each pixel.")
    page.code("coins")
    lesson.claim(
      "On the test images the bound is higher than the log-likelihood of a coin for each pixel.",
      .positive("mean gain", gain), on: page)
  }

  private func showTable(on page: Page) {
    let every = max(1, (history.count + 9) / 10)
    page.table(
      [
        .right("epoch"), .right("train bound"), .right("test bound"), .right("log P(X|z)"),
        .right("D[Q‖P(z)]"), .right("active units"),
      ],
      rows: history.indices.filter { $0 == 0 || ($0 + 1) % every == 0 || $0 == history.count - 1 }
        .map { index in
          let line = history[index]
          return [formatted(index + 1)]
            + cells(
              line.trainBound, line.testBound, line.testReconstruction, line.testDivergence,
              decimals: 2) + ["\(line.activeUnits) of \(latentSize)"]
        },
      caption: "Means in nats per example. The last four columns are for the test examples.")
  }

  private func showFigure(on page: Page) {
    // At most about two hundred points, whatever --epochs. The first ones would flatten the rest.
    let shown = history.indices.dropFirst(history.count / 20)
      .filter { $0 % max(1, history.count / 200) == 0 }
    guard shown.count > 1 else { return }
    let x = shown.map { Double($0 + 1) }
    page.figure(
      "The bound, epoch by epoch",
      description: """
        The bound on the training examples and on the test examples. The first twentieth of a long run \
        lies far below and is left out. Where the lines part, the model fits its training examples better \
        than new ones.
        """,
      Plot(
        x: Axis("epoch"), y: Axis("nats per example"),
        layers: [
          .line(
            .init("train bound", meaning: .series(5), x: x, y: shown.map { history[$0].trainBound })
          ),
          .line(
            .init("test bound", meaning: .bound, x: x, y: shown.map { history[$0].testBound })),
        ]))
  }
}
