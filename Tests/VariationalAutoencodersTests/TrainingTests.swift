import Autodiff
import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Probability
import Testing
import VariationalAutoencoders

/// Runs `body` with an empty folder, which is gone afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "training-tests-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// Noisy copies of four patterns of twelve pixels.
private func patterns(_ count: Int, seed: UInt64) -> Examples {
  var generator = SeededGenerator(seed: seed)
  let probabilities = (0..<count).flatMap { index in
    (0..<12).map { pixel in pixel / 3 == index % 4 ? Float(0.95) : 0.05 }
  }
  return Examples(.bernoulli(Tensor(probabilities, shape: [count, 12]), using: &generator))
}

private var train: Examples { patterns(100, seed: 1) }
private var test: Examples { patterns(60, seed: 2) }
private let small = Configuration(inputSize: 12, hiddenSizes: [16], latentSize: 2)

private func newTraining(
  _ configuration: Configuration = small, learningRate: Double = 0.01, seed: UInt64 = 1
) -> Training {
  Training(configuration, TrainingSettings(batchSize: 16, learningRate: learningRate, seed: seed))
}

private func trained(_ start: Training, epochs: Int) throws -> Training {
  var training = start
  for _ in 0..<epochs { try training.runEpoch(on: train, test: test) }
  return training
}

private func expectSame(_ left: Training, _ right: Training) {
  #expect(left.model.parameters == right.model.parameters)
  #expect(left.history == right.history)
  #expect(left.step == right.step)
}

@Suite struct TrainingTests {
  @Test("Training raises the bound, above that of any model of one pixel at a time")
  func learning() throws {
    var noise = SeededGenerator(seed: 3)
    let before = newTraining().model.evaluate(on: test, using: &noise).evidenceLowerBound
    let training = try trained(newTraining(), epochs: 25)
    noise = SeededGenerator(seed: 3)
    let after = training.model.evaluate(on: test, using: &noise).evidenceLowerBound
    #expect(after.mean - before.mean > 5 * (before.standardError + after.standardError))
    // A model that knows how often each pixel is white, and not that they go together, has at best this
    // expectation.
    let white = (0.95 + 3 * 0.05) / 4
    let apart = 12 * (white * .log(white) + (1 - white) * .log(1 - white))
    #expect(after.mean - 4 * after.standardError > apart)
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let training = try trained(newTraining(), epochs: 2)
    expectSame(training, try trained(newTraining(), epochs: 2))
    let other = try trained(newTraining(seed: 2), epochs: 2)
    #expect(other.model.parameters != training.model.parameters)
  }

  @Test("The number of threads changes no bit of a full-size epoch")
  func threadsChangeNoBit() throws {
    var generator = SeededGenerator(seed: 4)
    let pixels = Examples(.uniform([200, 784], using: &generator))
    let trainings = try [1, 2, 3, 5].map { threads in
      try Threads.$count.withValue(threads) {
        var training = Training(Configuration(), TrainingSettings(batchSize: 128))
        try training.runEpoch(on: pixels, test: pixels)
        return training
      }
    }
    for training in trainings {
      expectSame(training, trainings[0])
      #expect(training.step == 2)
    }
  }

  @Test("The weight of the divergence decides how much of it is left")
  func beta() throws {
    func divergence(_ beta: Double) throws -> Double {
      let settings = TrainingSettings(batchSize: 16, learningRate: 0.01, beta: beta)
      return try trained(Training(small, settings), epochs: 15).history.last!.testDivergence
    }
    #expect(try divergence(10) < 0.1)
    #expect(try divergence(0) > 2 * divergence(1))
  }

  @Test("With β = 0 and no draws it is an autoencoder: Q's variance is left as it began")
  func autoencoder() throws {
    let settings = TrainingSettings(
      batchSize: 16, learningRate: 0.01, beta: 0, drawsLatents: false, seed: 1)
    let start = Training(small, settings)
    let training = try trained(start, epochs: 15)
    #expect(training.model.encoder.logVariance.weight == start.model.encoder.logVariance.weight)
    #expect(training.model.encoder.mean.weight != start.model.encoder.mean.weight)
    // Free of noise and divergence, it reconstructs better than what pays for both.
    let variational = try trained(newTraining(), epochs: 15)
    #expect(
      training.history.last!.testReconstruction > variational.history.last!.testReconstruction)
  }

  @Test("A loss that is not a number stops the epoch, and a copy keeps what was before it")
  func divergedTraining() throws {
    var training = newTraining(learningRate: 1e30)
    let start = training
    let error = #expect(throws: TrainingError.self) {
      try training.runEpoch(on: train, test: test)
    }
    // The first step still sees the initial weights.
    #expect(error?.epoch == 1 && error?.step == 2)
    #expect(
      error?.description
        == "the loss is not a finite number at step 2, in epoch 1; a smaller learning rate may help"
    )
    expectSame(start, newTraining(learningRate: 1e30))
    #expect(training.history.isEmpty && start.step == 0)
  }

  @Test("A copy goes on as if a later epoch had not failed")
  func laterEpochThatFails() throws {
    let untrained = newTraining(
      Configuration(inputSize: 12, hiddenSizes: [16], latentSize: 2, output: .gaussian))
    let start = try trained(untrained, epochs: 1)
    var training = start
    // One example of a hundred is damaged: some batch of the epoch has it.
    var values = train.values
    values.mutate { $0[500] = .nan }
    let error = #expect(throws: TrainingError.self) {
      try training.runEpoch(on: Examples(values), test: test)
    }
    #expect(error?.epoch == 2 && (8...14).contains(error?.step ?? 0))
    #expect(training.history == start.history)
    expectSame(try trained(start, epochs: 1), try trained(untrained, epochs: 2))
  }

  @Test("An epoch changes the parameters where they are, unless somebody else holds them")
  func nothingIsCopied() throws {
    var training = newTraining()
    func places() -> [ObjectIdentifier] {
      training.model.parameters.map { ObjectIdentifier($0.buffer) }
    }
    let before = places()
    try training.runEpoch(on: train, test: test)
    #expect(places() == before)
    let copy = training
    try training.runEpoch(on: train, test: test)
    #expect(Set(places()).isDisjoint(with: before) && copy.history.count == 1)
  }

  @Test("After the first steps training asks the system for no more memory")
  func memoryIsReused() async {
    // In a process of its own, since the pool counts for all that happens in one; and on one thread,
    // since how many threads need scratch memory at once is a matter of chance.
    await #expect(processExitsWith: .success) {
      Threads.$count.withValue(1) {
        var generator = SeededGenerator(seed: 1)
        var model = VariationalAutoencoder<Float>(
          Configuration(inputSize: 100, hiddenSizes: [80], latentSize: 5), using: &generator)
        var adam = Adam(for: model)
        func step() {
          let x = Tensor<Float>.uniform([64, 100], using: &generator)
          let noise = Tensor<Float>.normal([64, 5], using: &generator)
          let result = valueWithGradient(at: model) {
            $0.evidenceLowerBound(of: x, noise: noise).loss()
          }
          adam.update(&model, along: result.gradient)
        }
        for _ in 0..<3 { step() }
        let before = MemoryPool.shared.blocksFromSystem
        for _ in 0..<100 { step() }
        let after = MemoryPool.shared.blocksFromSystem
        if before == 0 || after != before { fatalError("\(after - before) more than \(before)") }
      }
    }
  }
}

@Suite struct TrainingCheckpoints {
  @Test("Stopping, saving, restoring and going on is never to have stopped, to the bit")
  func goingOn() throws {
    try withFolder { folder in
      let half = try trained(newTraining(), epochs: 3)
      try half.save(to: folder + "/run", data: "patterns")
      var restored = newTraining()
      try restored.restore(from: folder + "/run", data: "patterns", exampleCount: 100)
      expectSame(restored, half)
      expectSame(try trained(restored, epochs: 3), try trained(newTraining(), epochs: 6))
    }
  }

  @Test("A run can be saved and restored before its first epoch")
  func aRunBeforeItsFirstEpochIsOneToo() throws {
    try withFolder { folder in
      try newTraining().save(to: folder + "/run", data: "patterns")
      var restored = newTraining()
      try restored.restore(from: folder + "/run", data: "patterns", exampleCount: 100)
      expectSame(try trained(restored, epochs: 1), try trained(newTraining(), epochs: 1))
    }
  }

  @Test("Another run's file is refused, and the sentence says what differs")
  func otherSettings() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let settings = TrainingSettings(batchSize: 16, learningRate: 0.01, beta: 1, seed: 1)
      try Training(small, settings).save(to: path, data: "patterns")
      func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
        var value = value
        change(&value)
        return value
      }
      let others: [(Training, String)] = [
        (Training(small, changed(settings) { $0.batchSize = 8 }), "batch is 16, this run's is 8"),
        (
          Training(small, changed(settings) { $0.learningRate = 0.5 }),
          "learning-rate is 0.01, this run's is 0.5"
        ),
        (Training(small, changed(settings) { $0.beta = 2 }), "beta is 1.0, this run's is 2.0"),
        (Training(small, changed(settings) { $0.seed = 7 }), "seed is 1, this run's is 7"),
        (
          Training(changed(small) { $0.inputSize = 13 }, settings),
          "input size is 12, this run's is 13"
        ),
        (
          Training(changed(small) { $0.hiddenSizes = [16, 4] }, settings),
          "hidden is 16, this run's is 16,4"
        ),
        (Training(changed(small) { $0.latentSize = 3 }, settings), "latent is 2, this run's is 3"),
        (
          Training(changed(small) { $0.output = .gaussian }, settings),
          "decoder is bernoulli, this run's is gaussian"
        ),
        (
          Training(changed(small) { $0.activation = .tanh }, settings),
          "activation is relu, this run's is tanh"
        ),
      ]
      for (other, reason) in others {
        var training = other
        #expect(throws: FileError(.read, path, "it was made by another run: its " + reason)) {
          try training.restore(from: path, data: "patterns", exampleCount: 100)
        }
        expectSame(training, other)
      }
      var training = Training(small, settings)
      let reason = "it was made by another run: its data is patterns, this run's is digits"
      #expect(throws: FileError(.read, path, reason)) {
        try training.restore(from: path, data: "digits", exampleCount: 100)
      }
    }
  }

  /// Expects that the checkpoint of one epoch is refused after a change, which leaves no trace.
  private func expectRefusal(
    _ reason: String, after change: (inout SafeTensors) throws -> Void
  ) throws {
    try withFolder { folder in
      let path = folder + "/run"
      try trained(newTraining(), epochs: 1).save(to: path, data: "patterns")
      var file = try SafeTensors(decoding: readFile(path))
      try change(&file)
      try replaceFile(path, with: file.sealed().encoded())
      var training = newTraining()
      #expect(throws: FileError(.read, path, reason)) {
        try training.restore(from: path, data: "patterns", exampleCount: 100)
      }
      expectSame(training, newTraining())
    }
  }

  @Test(
    "A table with numbers that no epoch leaves",
    arguments: [
      [1, 2, .nan, 4, 1], [1, -.infinity, 3, 4, 1], [1, 2, 3, 4, -5], [1, 2, 3, 4, 3],
      [1, 2, 3, 4, 0.5], [1, 2, 3, 4, .nan], [1, 2, 3, 4, 1e300],
    ] as [[Double]])
  func impossibleTables(row: [Double]) throws {
    try expectRefusal("its table of epochs has numbers that no epoch can produce") { file in
      let index = try #require(file.entries.firstIndex { $0.name == "record.history" })
      file.entries[index].bytes = Data(Tensor(row).buffer.bytes)
    }
  }

  @Test("A step that the epochs do not lead to", arguments: [0, 6, 8, 1_000_000_000_000])
  func impossibleSteps(step: Int) throws {
    // 100 examples in batches of 16.
    try expectRefusal("it is at step \(step), and 1 epochs of 7 steps end at step 7") { file in
      file.metadata["step"] = "\(step)"
    }
  }

  @Test func randomNumbersOfAnotherSeedAreRefused() throws {
    for key in ["generator.key", "generator.position"] {
      try expectRefusal("its random numbers are not those of its seed") { file in
        file.metadata[key] = "7"
      }
    }
  }

  @Test("A file without its table of epochs", arguments: [nil, [0, 4], [5]] as [[Int]?])
  func damagedTables(shape: [Int]?) throws {
    try expectRefusal("its table of epochs is missing or has another shape") { file in
      file.entries.removeAll { $0.name == "record.history" }
      if let shape {
        let bytes = Data(count: 8 * shape.reduce(1, *))
        file.entries.append(.init(name: "record.history", type: .f64, shape: shape, bytes: bytes))
      }
    }
  }
}
