import Autodiff
import Datasets
import Files
import Foundation
import Notebook
import Probability
import VariationalAutoencoders

/// Where training is saved after each epoch, and what its examples are called there.
struct SavedRun {
  let path: String
  let fingerprint: String
  /// Keeps others from saving there as long as this run does.
  let lock: FileLock
}

extension VAE {
  /// Goes on from the file, if there is one, and makes sure that training can be saved there.
  ///
  /// - Throws: `FileError` for a file of another run, a damaged one, or one that cannot be written,
  ///   `UsageError` for a run that is beyond `--epochs` already.
  static func resume(
    _ training: inout Training, from path: String, _ lesson: Lesson, _ options: Options
  ) throws -> SavedRun {
    let fingerprint = lesson.source.fingerprint
    let file = SavedRun(path: path, fingerprint: fingerprint, lock: try FileLock(path))
    if FileManager.default.fileExists(atPath: path) {
      try training.restore(
        from: path, data: fingerprint, exampleCount: lesson.source.train.count)
      let done = training.history.count
      guard done <= options[epochs] else {
        throw UsageError(
          "--epochs \(options[epochs]) is less than the \(done) epochs that \(path) holds already")
      }
    }
    // What cannot be written is to be known before the work.
    try training.save(to: path, data: fingerprint)
    return file
  }

  static func train(
    _ training: inout Training, epochs: Int, _ lesson: Lesson, savingTo file: SavedRun?,
    on page: Page
  ) throws {
    page.section("5.3", "Training")
    let source = lesson.source
    let progress = page.progress("training", total: epochs)
    progress.advance(by: training.history.count)
    while training.history.count < epochs {
      try training.runEpoch(on: source.train, test: source.test)
      if let file { try training.save(to: file.path, data: file.fingerprint) }
      let bound = training.history.last!.testBound
      progress.advance("test bound \(formatted(bound, decimals: 2))")
    }
    progress.finish()
    page.prose(
      """
      \(source.train.count) \(source.example)s to learn from, \(source.test.count) kept back to \
      test with; \(training.step) steps of Adam.
      """)
    show(training.history, latentSize: training.model.configuration.latentSize, on: page)

    guard source.output == .bernoulli else { return }
    var generator = lesson.generator(section: 3)
    let x = training.model.observed(source.fewTest.values, using: &generator)
    let bounds = training.model.importanceWeightedBound(of: x, sampleCount: 1, using: &generator)
    let coins = source.coinLogProbability(of: x).scalars
    let gain = MonteCarloEstimate(zip(bounds, coins).map { $0 - Double($1) })
    lesson.claim(
      "On the test images the model beats the best one without latent variables: a coin for each pixel.",
      "mean gain", above: gain, on: page)
  }

  private static func show(_ history: [EpochSummary], latentSize: Int, on page: Page) {
    let every = max(1, (history.count + 9) / 10)
    page.table(
      [
        .right("epoch"), .right("train bound"), .right("test bound"), .right("log P(X|z)"),
        .right("D[Q‖P(z)]"), .right("active units"),
      ],
      rows: history.indices.filter { $0 == 0 || ($0 + 1) % every == 0 || $0 == history.count - 1 }
        .map { index in
          let line = history[index]
          let numbers = [
            line.trainBound, line.testBound, line.testReconstruction, line.testDivergence,
          ]
          return ["\(index + 1)"] + numbers.map { formatted($0, decimals: 2) }
            + ["\(line.activeUnits) of \(latentSize)"]
        },
      caption: """
        Means in nats an example. The train bound is an average over the epoch, while the weights \
        still change; the four columns after it are on the test examples, at its end.
        """)
    // At most about two hundred points, whatever --epochs; the first ones would flatten all others.
    let shown = history.indices.dropFirst(history.count / 20)
      .filter { $0 % max(1, history.count / 200) == 0 }
    guard shown.count > 1 else { return }
    let x = shown.map { Double($0 + 1) }
    page.figure(
      "The bound, epoch by epoch",
      description: """
        Both bounds rise, fast at first: of a long run the first twentieth, far below, is left out. \
        Where the lines part, the model knows its training examples better than others like them.
        """,
      Plot(
        x: Axis("epoch"), y: Axis("nats an example"),
        layers: [
          .line(.init("train bound", x: x, y: shown.map { history[$0].trainBound })),
          .line(.init("test bound", x: x, y: shown.map { history[$0].testBound })),
        ]))
  }
}
