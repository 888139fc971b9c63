import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// What every section needs beside a model: the examples, the seed, and what may be claimed.
struct Lesson {
  /// The examples of `--data`.
  let source: Source
  /// The seed of all randomness.
  let seed: UInt64
  /// Whether this is the run that the note describes, no knob turned but the seed.
  let isOfTheNote: Bool

  /// The randomness of a section, named by the number behind "5.".
  func generator(section: UInt64) -> SeededGenerator {
    SeededGenerator(seed: seed).stream(1 << 32 + section)
  }

  /// Checks what training is expected to achieve. Nothing promises it of a run whose knobs are
  /// turned, untrained ones and other data among them: what does not hold there becomes a note.
  func claim(_ claim: String, _ left: Quantity, atMost right: Quantity, on page: Page) {
    self.claim(claim, left, atMost: right, holds: left.value <= right.value, on: page)
  }

  /// Checks, in the same way, that a mean is above zero by more than chance.
  func claim(_ claim: String, _ label: String, above gain: MonteCarloEstimate, on page: Page) {
    let margin = Quantity("4 standard errors", 4 * gain.standardError)
    // Where nothing varies the standard error is 0, and 0 is not above 0.
    let holds = gain.mean > 0 && margin.value <= gain.mean
    self.claim(claim, margin, atMost: Quantity(label, gain.mean), holds: holds, on: page)
  }

  private func claim(
    _ claim: String, _ left: Quantity, atMost right: Quantity, holds: Bool, on page: Page
  ) {
    guard isOfTheNote || holds else {
      let sides = [left, right].map { "\($0.label): \(formatted($0.value))" }
      page.note(
        "Not in this run",
        """
        Other data, few examples or little training need not bear this out, and here they do not: \
        “\(claim)” (\(sides.joined(separator: "; ")))
        """)
      return
    }
    page.check(claim, .atMost(left, right))
  }

  /// The models of 5.7, 5.9 and 5.10: soon trained, and good enough.
  func configuration(_ output: OutputDistribution) -> Configuration {
    Configuration(
      inputSize: source.train.size, hiddenSizes: [128], latentSize: 10, output: output)
  }

  /// A small model for one or two sections.
  func train(
    _ configuration: Configuration, learningRate: Double = Lesson.learningRate, beta: Double = 1,
    drawsLatents: Bool = true, for purpose: String, on page: Page
  ) throws -> Training {
    var training = Training(
      configuration,
      TrainingSettings(
        batchSize: Lesson.batchSize, learningRate: learningRate, beta: beta,
        drawsLatents: drawsLatents, seed: seed))
    let progress = page.progress("training \(purpose)", total: epochs)
    for _ in 0..<epochs {
      try training.runEpoch(on: source.fewTrain, test: source.fewTest)
      progress.advance("test bound \(formatted(training.history.last!.testBound, decimals: 2))")
    }
    progress.finish()
    return training
  }

  /// How the small models are trained, whatever the knobs.
  static let (batchSize, learningRate) = (64, 0.002)

  /// How often the small models see every example: more often where there are few.
  var epochs: Int {
    let steps = (source.fewTrain.count + Lesson.batchSize - 1) / Lesson.batchSize
    return max(15, min(100, 500 / steps))
  }
}

extension MonteCarloEstimate {
  /// The estimate of a mean over the scalars of a vector.
  init(_ values: Tensor<Float>) { self.init(values.scalars.map(Double.init)) }

  /// "-107.4 ± 1.3"; the mean alone of a single number, which has no standard error.
  func text(decimals: Int) -> String {
    formatted(mean, decimals: decimals)
      + (count > 1 ? " ± \(formatted(standardError, decimals: decimals))" : "")
  }
}
