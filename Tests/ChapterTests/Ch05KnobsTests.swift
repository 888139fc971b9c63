import Files
import Foundation
import Notebook
import Testing

@testable import Ch05_VAE

@Suite struct Ch05Knobs {
  /// Runs the chapter, and returns its status and its complaint.
  private func run(_ arguments: [String]) -> (status: Int32, complaint: String) {
    var complaint = ""
    let outcome = VAE.chapter.execute(
      arguments: arguments, errors: ErrorStream(.silent) { complaint += $0 })
    return (outcome.exitStatus, complaint)
  }

  @Test(
    "What does not go together is refused with a sentence",
    arguments: [
      (["--data", "ring", "--decoder", "bernoulli"], 64, "--decoder bernoulli needs pixels"),
      (["--hidden", "4000,4000"], 64, "make a model of 38,528,824 parameters; at most 10,000,000"),
      (["--latent", "0"], 64, "--latent must be an integer from 1 to 1000"),
      (["--data", "/none"], 66, "cannot read /none: there is no such folder"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, words: String) {
    let found = run(arguments)
    #expect(found.status == status && found.complaint.contains(words), "\(found)")
  }

  @Test(
    "Models that have learnt little end in notes, not in failures",
    arguments: [
      ["--epochs", "0"], ["--epochs", "1", "--beta", "784"],
      ["--epochs", "1", "--learning-rate", "0"], ["--epochs", "1", "--decoder", "gaussian"],
    ])
  func hardlyTrained(arguments: [String]) throws {
    try Collection().inFolder { folder in
      let found = run(["--data", folder, "--hidden", "4", "--latent", "2"] + arguments)
      #expect(found.status == 0, "\(found.complaint)")
    }
  }

  @Test("With points on a ring every section runs, and none speaks of images")
  func pointsOnARing() {
    let arguments = ["--data", "ring", "--latent", "2", "--hidden", "8", "--epochs", "1"]
    let record = Record(VAE.chapter, arguments: arguments)
    #expect(record.exitStatus == 0)
    // No section speaks of images that are not there.
    for number in 1...13 {
      #expect(!record.section("5.\(number)").isEmpty)
      let hasPictures = record.section("5.\(number)").contains {
        if case .imageGrid = $0 { true } else { false }
      }
      #expect(!hasPictures)
    }
  }

  @Test("A checkpoint goes on where it stopped, and nowhere else")
  func checkpoints() throws {
    try Collection().inFolder { folder in
      let file = folder + "/run.safetensors"
      let model = ["--data", folder, "--hidden", "4", "--checkpoint", file]
      let once = Record(VAE.chapter, arguments: model + ["--epochs", "2"])
      #expect(once.exitStatus == 0)
      #expect(Record(VAE.chapter, arguments: model + ["--epochs", "2"]).blocks == once.blocks)
      let fewer = run(model + ["--epochs", "1"])
      #expect(fewer.status == 64)
      #expect(fewer.complaint.contains("--epochs 1 is less than the 2 epochs that \(file) holds"))
      // Other images of the same count and size, with the same sum.
      try Collection(isReversed: true).inFolder { other in
        let found = run(["--data", other] + model.dropFirst(2) + ["--epochs", "2"])
        #expect(found.status == 66 && found.complaint.contains("its data is 40 + 35 examples"))
      }
      // The lock does not stay.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 5)
      try Data("# a text".utf8).write(to: URL(filePath: file))
      let text = run(model)
      #expect(text.status == 66 && text.complaint.contains("it is not a SafeTensors file"))
    }
  }

  @Test("A place where no checkpoint can be written is refused before the first epoch")
  func unwritableCheckpoints() throws {
    try Collection().inFolder { folder in
      func refusal(_ file: String) -> (status: Int32, complaint: String) {
        // So many epochs would never end.
        run(["--data", folder, "--epochs", "100000", "--checkpoint", file])
      }
      let missing = refusal(folder + "/none/run")
      #expect(missing.status == 73)
      #expect(missing.complaint.contains("there is no folder \(folder)/none"))
      let lock = try FileLock(folder + "/run")
      let second = refusal(folder + "/run")
      #expect(second.status == 73 && second.complaint.contains("another run is writing to it"))
      withExtendedLifetime(lock) {}
    }
  }

  @Test("A run of no epochs is saved to its checkpoint as well")
  func aRunWithoutAnEpochIsSavedToo() throws {
    try Collection().inFolder { folder in
      let file = folder + "/run"
      let arguments = ["--data", folder, "--hidden", "4", "--checkpoint", file]
      #expect(run(arguments + ["--epochs", "0"]).status == 0)
      #expect(FileManager.default.fileExists(atPath: file))
      #expect(run(arguments + ["--epochs", "1"]).status == 0)
    }
  }
}
