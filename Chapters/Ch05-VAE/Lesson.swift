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
  /// Where training says how far it is.
  var progress = ProgressDisplay(on: .silent)

  /// The randomness of a section, named by the number behind "5.".
  func generator(section: UInt64) -> SeededGenerator {
    SeededGenerator(seed: seed).stream(1 << 32 + section)
  }

  /// Checks what training is expected to achieve. With other knobs nothing promises that it does: the data
  /// may be others, or the model untrained. A claim that does not hold there becomes a note.
  func claim(_ claim: String, _ evidence: Check.Evidence, on page: Page) {
    let check = Check(claim, evidence)
    guard isOfTheNote || check.holds else {
      page.note(
        "Not in this run",
        """
        With other data, few examples or little training this need not hold, and here it does not: \
        “\(claim)” (\(check.remark))
        """)
      return
    }
    page.check(claim, evidence)
  }

  /// The models of 5.7, 5.9 and 5.10: good enough, and quick to train.
  func configuration(_ output: OutputDistribution) -> Configuration {
    Configuration(
      inputSize: source.train.size, hiddenSizes: [128], latentSize: 10, output: output)
  }

  /// A small model for one or two sections, trained by the loop of 5.3 or as `learn` does it.
  func train(
    _ configuration: Configuration, learningRate: Double = Lesson.learningRate, beta: Double = 1,
    drawsLatents: Bool = true, epochs: Int? = nil, film: Film? = nil, for purpose: String,
    learn: (inout Epoch, Examples) throws -> Void = { try $0.learn(from: $1) }
  ) throws -> TrainedModel {
    var training = Training(
      configuration,
      TrainingSettings(
        batchSize: Lesson.batchSize, learningRate: learningRate, beta: beta,
        drawsLatents: drawsLatents, seed: seed))
    let epochs = epochs ?? self.epochs
    let line = progress.begin("training \(purpose)", total: epochs)
    var film = film
    film?.watch(training)
    for _ in 0..<epochs {
      try training.runEpoch(test: source.fewTest) { try learn(&$0, source.fewTrain) }
      film?.watch(training)
      line.advance("test bound \(formatted(training.history.last!.testBound, decimals: 2))")
    }
    line.finish()
    return TrainedModel(training, film: film)
  }

  /// How the small models are trained, whatever the knobs.
  static let (batchSize, learningRate) = (64, 0.002)

  /// How many times the small models see every example: more often where there are few.
  var epochs: Int {
    let steps = (source.fewTrain.count + Lesson.batchSize - 1) / Lesson.batchSize
    return max(15, min(100, 500 / steps))
  }
}

extension MonteCarloEstimate {
  /// The estimate of a mean over the scalars of a vector.
  init(_ values: Tensor<Float>) { self.init(values.scalars.map(Double.init)) }

  /// "−107.4 ± 1.3"; the mean alone of a single number, which has no standard error.
  func text(decimals: Int) -> String {
    formatted(mean, decimals: decimals)
      + (count > 1 ? " ± \(formatted(standardError, decimals: decimals))" : "")
  }
}

extension Tensor<Float> {
  /// The rows of a matrix, each in the place of the one before, and the first in the last place.
  func rotated() -> Tensor { rows((0..<shape[0]).map { ($0 + 1) % shape[0] }) }
}

/// How far a plot of the first two latent variables should reach: as usual, unless that would cut
/// off more than one code in a hundred.
func reach(of codes: Tensor<Float>, usually usual: Double) -> Double {
  let distances = zip(codes.column(0), codes.column(1)).map { max(abs($0), abs($1)) }
  let cutOff = distances.count { $0 > usual }
  return 100 * cutOff > distances.count ? distances.max()!.rounded(.up) : usual
}
