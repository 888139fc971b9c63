import Autodiff
import Datasets
import Files
import NeuralNetworks
import Probability

/// How a model is trained.
public struct TrainingSettings: Equatable, Sendable {
  /// The number of examples in each step.
  public var batchSize: Int
  /// Adam's α.
  public var learningRate: Double
  /// The weight of the divergence in the loss; 1 is the evidence lower bound.
  public var beta: Double
  /// Whether z is drawn from Q(z|X). If not, z is its mean. With β = 0 that trains a classical
  /// autoencoder, without noise and without a divergence.
  public var drawsLatents: Bool
  /// Fixes the initial weights, the order of the examples, and all noise.
  public var seed: UInt64

  /// By default batches of 128 and Adam's own step size.
  public init(
    batchSize: Int = 128, learningRate: Double = 0.001, beta: Double = 1,
    drawsLatents: Bool = true, seed: UInt64 = 1
  ) {
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.beta = beta
    self.drawsLatents = drawsLatents
    self.seed = seed
  }
}

/// One row of the table that training keeps.
public struct EpochSummary: Equatable, Sendable {
  /// log P(X|z), the mean over the epoch's batches, in nats per example.
  public let trainReconstruction: Double
  /// D[Q(z|X) ‖ P(z)], the mean over the epoch's batches, in nats per example.
  public let trainDivergence: Double
  /// The same on the test examples, after the epoch.
  public let testReconstruction: Double
  /// The same on the test examples, after the epoch.
  public let testDivergence: Double
  /// The number of latent variables in use.
  public let activeUnits: Int

  /// The evidence lower bound on the examples trained on, in nats per example.
  public var trainBound: Double { trainReconstruction - trainDivergence }
  /// The evidence lower bound on the test examples, in nats per example.
  public var testBound: Double { testReconstruction - testDivergence }
}

/// The error that stops training before its end.
public struct TrainingError: Error, CustomStringConvertible {
  /// The step, counted from 1, whose loss was not a number.
  public let step: Int
  /// The epoch, counted from 1, that the step was in.
  public let epoch: Int

  /// One sentence.
  public var description: String {
    "the loss is not a finite number at step \(step), in epoch \(epoch); a smaller learning rate "
      + "may help"
  }
}

/// A training run: the model, its optimiser, and the record of its progress.
///
/// Everything random in epoch n is drawn from stream n of the run's generator, so the state at the
/// end of an epoch is all that is needed to go on.
///
/// An epoch that throws stops in its middle. Whoever wants to return to its beginning keeps a copy,
/// which takes as much memory as the model and its moments once the epoch changes them.
public struct Training {
  /// What happened in each epoch so far.
  public private(set) var history: [EpochSummary] = []
  /// How the model is trained.
  public let settings: TrainingSettings

  /// The only owner of the model and its optimiser, which an epoch therefore changes in place.
  private var epoch: Epoch
  private let generator: SeededGenerator

  /// A run before its first epoch.
  public init(_ configuration: Configuration, _ settings: TrainingSettings = .init()) {
    self.settings = settings
    generator = SeededGenerator(seed: settings.seed)
    epoch = Epoch(configuration, settings, using: generator.stream(0))
  }

  /// The model as it is now.
  public var model: VariationalAutoencoder<Float> { epoch.model }

  /// The number of steps so far.
  public var step: Int { epoch.adam.step }

  /// Trains on every example once, in random order, and evaluates the model on `test`.
  ///
  /// - Throws: `TrainingError` at a loss that is not finite.
  public mutating func runEpoch(on train: Examples, test: Examples) throws {
    try runEpoch(test: test) { try $0.maximizeBound(on: train) }
  }

  /// Trains for one epoch with `learn`, which takes the model once through the training examples,
  /// and evaluates the model on `test`.
  ///
  /// - Throws: What `learn` throws, or `TrainingError` if the model ends in a loss that is not
  ///   finite.
  public mutating func runEpoch(test: Examples, learn: (inout Epoch) throws -> Void) throws {
    let number = history.count + 1
    epoch.begin(number, using: generator.stream(UInt64(number)))
    try learn(&epoch)
    // The same test pixels and noise after every epoch, so that the lines can be compared.
    var testNoise = generator.stream(.max)
    let evaluation = epoch.model.evaluate(
      on: test, drawsLatents: settings.drawsLatents, using: &testNoise)
    // No loss has been computed from the last step's parameters yet.
    guard evaluation.evidenceLowerBound.mean.isFinite else {
      throw TrainingError(step: epoch.adam.step, epoch: number)
    }
    history.append(epoch.summary(evaluation))
  }
}

/// The state of one pass over the training examples.
public struct Epoch {
  /// The model as it is now.
  public var model: VariationalAutoencoder<Float>
  /// The optimiser that changes it.
  public var adam: Adam<VariationalAutoencoder<Float>>
  /// The epoch's own random numbers: the order of the examples, their pixels, and ε.
  public var generator: SeededGenerator
  /// How the model is trained.
  public let settings: TrainingSettings

  private var number = 0
  private var exampleCount = 0
  private var reconstruction = 0.0
  private var divergence = 0.0

  fileprivate init(
    _ configuration: Configuration, _ settings: TrainingSettings,
    using generator: SeededGenerator
  ) {
    self.generator = generator
    self.settings = settings
    model = VariationalAutoencoder(configuration, using: &self.generator)
    adam = Adam(for: model, learningRate: settings.learningRate)
  }

  /// Goes on with the next epoch, and its random numbers.
  fileprivate mutating func begin(_ number: Int, using generator: SeededGenerator) {
    self.number = number
    self.generator = generator
    (exampleCount, reconstruction, divergence) = (0, 0, 0)
  }

  /// Records log P(X|z) and D[Q(z|X) ‖ P(z)] of a batch, for the epoch's line in the table; they
  /// may be on a tape.
  public mutating func record(
    _ reconstruction: Tensor<Float>, _ divergence: Tensor<Float> = Tensor(0)
  ) {
    exampleCount += reconstruction.count
    self.reconstruction += Double(reconstruction.detached.sum().scalar)
    self.divergence += Double(divergence.detached.sum().scalar)
  }

  /// Stops training if the loss of a step is not a finite number.
  public func requireFinite(_ loss: Float) throws(TrainingError) {
    if !loss.isFinite { throw TrainingError(step: adam.step + 1, epoch: number) }
  }

  fileprivate mutating func maximizeBound(on train: Examples) throws {
    for indices in shuffledBatches(of: train.count, size: settings.batchSize, using: &generator) {
      let x = model.observed(train[indices], using: &generator)
      let shape = [indices.count, model.configuration.latentSize]
      let noise: Tensor<Float> =
        settings.drawsLatents ? .normal(shape, using: &generator) : Tensor(zeros: shape)
      let result = valueWithGradient(at: model) { model in
        let bound = model.evidenceLowerBound(of: x, noise: noise)
        record(bound.reconstruction, bound.divergence)
        return bound.loss(beta: settings.beta)
      }
      try requireFinite(result.value)
      adam.update(&model, along: result.gradient)
    }
  }

  fileprivate func summary(_ evaluation: Evaluation) -> EpochSummary {
    EpochSummary(
      trainReconstruction: reconstruction / Double(exampleCount),
      trainDivergence: divergence / Double(exampleCount),
      testReconstruction: evaluation.reconstruction, testDivergence: evaluation.divergence,
      activeUnits: evaluation.activeUnits)
  }
}

// MARK: Checkpoints

extension Training {
  /// Replaces the file by this run's state.
  public func save(to path: String, data: String) throws(FileError) {
    try checkpoint(data: data).write(to: path)
  }

  /// Goes on from the state in a file, which must come from a run with the same settings.
  ///
  /// - Parameters:
  ///   - data: A name for the examples; a file that was made from others is refused.
  ///   - exampleCount: How many examples an epoch trains on.
  public mutating func restore(
    from path: String, data: String, exampleCount: Int
  ) throws(FileError) {
    let checkpoint = try Checkpoint(contentsOf: path, like: checkpoint(data: data))
    func fail(_ reason: String) -> FileError { FileError(.read, path, reason) }
    let table = checkpoint.records["history"]
    guard let table, table.rank == 2, table.shape[1] == 5 else {
      throw fail("its table of epochs is missing or has another shape")
    }
    var history: [EpochSummary] = []
    for row in 0..<table.shape[0] {
      let units = Int(exactly: table[row, 4])
      guard (0..<4).allSatisfy({ table[row, $0].isFinite }), let units,
        (0...model.configuration.latentSize).contains(units)
      else { throw fail("its table of epochs has numbers that no epoch can produce") }
      history.append(
        EpochSummary(
          trainReconstruction: table[row, 0], trainDivergence: table[row, 1],
          testReconstruction: table[row, 2], testDivergence: table[row, 3], activeUnits: units))
    }
    let batches = (exampleCount + settings.batchSize - 1) / settings.batchSize
    guard checkpoint.optimizer.step == history.count * batches else {
      throw fail(
        "it is at step \(checkpoint.optimizer.step), and \(history.count) epochs of \(batches) "
          + "steps end at step \(history.count * batches)")
    }
    // Epochs draw from streams of the generator and leave its position unchanged.
    guard checkpoint.generator == generator else {
      throw fail("its random numbers are not those of its seed")
    }
    (epoch.model, epoch.adam) = (checkpoint.model, checkpoint.optimizer)
    self.history = history
  }

  private func checkpoint(data: String) -> Checkpoint<VariationalAutoencoder<Float>> {
    let configuration = model.configuration
    let rows = history.flatMap {
      [
        $0.trainReconstruction, $0.trainDivergence, $0.testReconstruction, $0.testDivergence,
        Double($0.activeUnits),
      ]
    }
    return Checkpoint(
      model: model, optimizer: epoch.adam, generator: generator,
      configuration: [
        "data": data, "input size": "\(configuration.inputSize)",
        "hidden": configuration.hiddenSizes.map(String.init).joined(separator: ","),
        "latent": "\(configuration.latentSize)", "decoder": configuration.output.rawValue,
        "activation": configuration.activation.rawValue,
        "batch": "\(settings.batchSize)", "learning-rate": "\(settings.learningRate)",
        "beta": "\(settings.beta)", "draws latents": "\(settings.drawsLatents)",
        "seed": "\(settings.seed)",
      ],
      records: ["history": Tensor(rows, shape: [history.count, 5])])
  }
}
