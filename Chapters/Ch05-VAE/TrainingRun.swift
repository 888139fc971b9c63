import Datasets
import Files
import Foundation
import Notebook
import VariationalAutoencoders

/// What training leaves: the model and its history, without the optimiser, whose moments are twice as
/// large as the model and which no section needs.
struct TrainedModel {
  let model: VariationalAutoencoder<Float>
  /// One summary an epoch.
  let history: [EpochSummary]
  /// The number of steps of Adam.
  let steps: Int
  /// What was seen of the training on the way.
  let film: Film?

  init(_ training: Training, film: Film? = nil) {
    self.film = film
    (model, history, steps) = (training.model, training.history, training.step)
  }
}

/// The training of the chapter's own model: where it begins, how many epochs it takes, and where it is
/// saved.
///
/// With `--checkpoint` it goes on from the file, if there is one. A file that cannot be read or written is
/// reported before any training.
final class TrainingRun {
  let lesson: Lesson
  let epochs: Int
  /// The state before the first epoch, or the one in the checkpoint; nil once training has taken it.
  private var start: Training?
  private let checkpoint: Checkpoint?

  /// Where training is saved after each epoch, and what its examples are called there.
  private struct Checkpoint {
    let path: String
    let fingerprint: String
    /// Keeps other programs from saving there as long as this run lasts.
    let lock: FileLock
  }

  /// - Throws: `FileError` for a file that another run wrote, a damaged one, or one that cannot be
  ///   written; `UsageError` for a run that has more than `epochs` epochs already.
  init(_ training: Training, epochs: Int, savedAt path: String?, _ lesson: Lesson) throws {
    (self.lesson, self.epochs) = (lesson, epochs)
    guard let path else {
      (start, checkpoint) = (training, nil)
      return
    }
    let checkpoint = Checkpoint(
      path: path, fingerprint: lesson.source.fingerprint, lock: try FileLock(path))
    var training = training
    if FileManager.default.fileExists(atPath: path) {
      try training.restore(
        from: path, data: checkpoint.fingerprint, exampleCount: lesson.source.train.count)
      let done = training.history.count
      guard done <= epochs else {
        throw UsageError(
          "--epochs \(epochs) is less than the \(done) epochs that \(path) holds already")
      }
    }
    (start, self.checkpoint) = (training, checkpoint)
    try save(training)
  }

  /// The training to go on with. It is handed over and not kept: only one copy of a model and its
  /// optimiser, which may be large, is in memory.
  func begin() -> Training {
    guard let training = start else { fatalError("TrainingRun: the run has begun already") }
    start = nil
    return training
  }

  /// Whether the run is saved.
  var isSaved: Bool { checkpoint != nil }

  /// Saves the run, if the reader asked for that.
  func save(_ training: Training) throws {
    guard let checkpoint else { return }
    try training.save(to: checkpoint.path, data: checkpoint.fingerprint)
  }
}
