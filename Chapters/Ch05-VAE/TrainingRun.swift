import Datasets
import Files
import Foundation
import Notebook
import VariationalAutoencoders

/// The training of the chapter's own model: from where it begins, to which epoch, and where it is saved.
///
/// With `--checkpoint` it goes on from the file, if there is one. What cannot be read or written is
/// known before the work.
final class TrainingRun {
  let lesson: Lesson
  let epochs: Int
  /// The state of the run: before its first epoch, or as the checkpoint holds it, or after the last. There
  /// is only one, for model and optimiser may be large.
  var training: Training
  private let checkpoint: Checkpoint?

  /// Where training is saved after each epoch, and what its examples are called there.
  private struct Checkpoint {
    let path: String
    let fingerprint: String
    /// Keeps others from saving there as long as this run does.
    let lock: FileLock
  }

  /// - Throws: `FileError` for a file of another run, a damaged one, or one that cannot be written,
  ///   `UsageError` for a run that is beyond `epochs` already.
  init(_ training: Training, epochs: Int, savedAt path: String?, _ lesson: Lesson) throws {
    (self.lesson, self.epochs) = (lesson, epochs)
    guard let path else {
      (self.training, checkpoint) = (training, nil)
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
    (self.training, self.checkpoint) = (training, checkpoint)
    try save()
  }

  /// Saves the run, if it is to be saved.
  func save() throws {
    guard let checkpoint else { return }
    try training.save(to: checkpoint.path, data: checkpoint.fingerprint)
  }
}
