import Autodiff
import Files
import Foundation
import Kernels
import Probability
import Testing

@testable import NeuralNetworks

private typealias Model = MultilayerPerceptron<Float>

/// Runs `body` with an empty folder, which is gone afterwards.
private func withFolder(_ body: (String) async throws -> Void) async throws {
  let folder = NSTemporaryDirectory() + "checkpoint-tests-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

/// A run before its first step.
private func newRun(
  sizes: [Int] = [3, 4, 2], configuration: [String: String] = ["seed": "1", "size": "small"]
) -> Checkpoint<Model> {
  var generator = SeededGenerator(seed: 1)
  let model = Model(sizes: sizes, using: &generator)
  return Checkpoint(
    model: model, optimizer: Adam(for: model, learningRate: 0.01), generator: generator,
    configuration: configuration, records: ["losses": Tensor(zeros: [0, 2])])
}

/// The run after some more steps, each on random examples, which it keeps a record of.
private func trained(_ start: Checkpoint<Model>, steps: Int) -> Checkpoint<Model> {
  var run = start
  for _ in 0..<steps {
    let x = Tensor<Float>.normal([8, run.model.layers[0].inputSize], using: &run.generator)
    let loss = valueWithGradient(at: run.model) { ($0(x) - 1).squared.mean() }
    run.optimizer.update(&run.model, along: loss.gradient)
    let line = Tensor([Double(run.optimizer.step), Double(loss.value)], shape: [1, 2])
    run.records["losses"] = .concatenated([run.records["losses"]!, line])
  }
  return run
}

private func expectSame(_ left: Checkpoint<Model>, _ right: Checkpoint<Model>) {
  #expect(left.model.parameters == right.model.parameters)
  #expect(left.optimizer.step == right.optimizer.step)
  #expect(left.optimizer.firstMoments == right.optimizer.firstMoments)
  #expect(left.optimizer.secondMoments == right.optimizer.secondMoments)
  #expect(left.generator == right.generator)
  #expect(left.configuration == right.configuration)
  #expect(left.records == right.records)
}

@Suite struct CheckpointTests {
  @Test("A checkpoint that is written and read again gives the same run")
  func everythingComesBack() async throws {
    try await withFolder { folder in
      let run = trained(newRun(), steps: 3)
      try run.write(to: folder + "/run")
      let restored = try Checkpoint(contentsOf: folder + "/run", like: newRun())
      expectSame(restored, run)
      // Writing it again gives the same bytes.
      try restored.write(to: folder + "/again")
      #expect(try readFile(folder + "/again") == readFile(folder + "/run"))
    }
  }

  @Test("Every bit of a number comes back, of those that equality does not see too")
  func specialNumbers() async throws {
    try await withFolder { folder in
      var run = newRun()
      run.model.layers[0].bias = Tensor([
        0, -0.0, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
      ])
      run.records = ["table": Tensor([-.infinity, .nan, -0.0]), "empty": Tensor(zeros: [])]
      run.generator = SeededGenerator(key: .max, position: .max)
      run.configuration["läßt \"alles\"\n"] = "zu 💾"
      try run.write(to: folder + "/run")
      let restored = try Checkpoint(contentsOf: folder + "/run", like: run)
      for (found, wanted) in zip(restored.model.parameters, run.model.parameters) {
        #expect(found.buffer.bytes == wanted.buffer.bytes)
      }
      #expect(restored.records.keys.sorted() == ["empty", "table"])
      #expect(restored.records["table"]?.buffer.bytes == run.records["table"]?.buffer.bytes)
      #expect(restored.generator == run.generator)
    }
  }

  @Test("To stop, save, load and go on is never to have stopped, to the bit")
  func goingOn() async throws {
    try await withFolder { folder in
      let half = trained(newRun(), steps: 20)
      try half.write(to: folder + "/run")
      let restored = try Checkpoint(contentsOf: folder + "/run", like: newRun())
      expectSame(trained(restored, steps: 20), trained(newRun(), steps: 40))
    }
  }

  @Test("Names and types are those that Python reads")
  func layout() async throws {
    try await withFolder { folder in
      try trained(newRun(), steps: 2).write(to: folder + "/run")
      let file = try SafeTensors(decoding: readFile(folder + "/run"))
      let names = ["0.weight", "0.bias", "1.weight", "1.bias"]
      #expect(
        file.entries.map(\.name) == ["record.losses"] + names.map { "adam.first." + $0 }
          + names.map { "adam.second." + $0 } + names)
      #expect(
        file.entries.map(\.type) == [.f64] + [SafeTensors.ElementType](repeating: .f32, count: 12))
      #expect(file.metadata["step"] == "2" && file.metadata["configuration.size"] == "small")
      #expect(file.checksum == file.expectedChecksum)
    }
  }
}

@Suite struct CheckpointRefusals {
  /// Expects that a file is refused for a reason, and that nothing else is.
  private func expectRefusal(
    _ path: String, like template: Checkpoint<Model> = newRun(), _ reason: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: FileError(.read, path, reason), sourceLocation: location) {
      try Checkpoint(contentsOf: path, like: template)
    }
  }

  @Test("A missing checkpoint and a folder in its place are refused")
  func filesThatAreNotThere() async throws {
    try await withFolder { folder in
      expectRefusal(folder + "/none", "no such file or directory")
      expectRefusal(folder, "it is a folder")
    }
  }

  @Test("Files that are not checkpoints are refused, and the message says why")
  func otherFiles() async throws {
    try await withFolder { folder in
      let path = folder + "/file"
      try replaceFile(path, with: Data("# A text, and no checkpoint".utf8))
      expectRefusal(
        path,
        "it is not a SafeTensors file: its header would be 8392569455036669987 bytes long, "
          + "and 100000000 are allowed")
      try replaceFile(path, with: SafeTensors(entries: []).encoded())
      expectRefusal(path, "it is a SafeTensors file, but not a checkpoint of these chapters")
    }
  }

  @Test("A run with other settings, by the setting's name and both values")
  func otherRuns() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      expectRefusal(
        path, like: newRun(configuration: ["seed": "2", "size": "small"]),
        "it was made by another run: its seed is 1, this run's is 2")
      expectRefusal(
        path, like: newRun(configuration: ["seed": "1", "size": "small", "x": "y"]),
        "it was made by another run: its x is missing, this run's is y")
    }
  }

  @Test("Another model, by the parameter's name and both shapes")
  func otherModels() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      expectRefusal(
        path, like: newRun(sizes: [3, 5, 2]),
        "its 0.weight is F32 of shape [3, 4], this model's is F32 of shape [3, 5]")
      expectRefusal(
        path, like: newRun(sizes: [3, 4, 2, 2]), "it has no tensor named 2.weight")
      var generator = SeededGenerator(seed: 1)
      let double = MultilayerPerceptron<Double>(sizes: [3, 4, 2], using: &generator)
      let template = Checkpoint(
        model: double, optimizer: Adam(for: double), generator: generator, configuration: [:])
      let reason = "its 0.weight is F32 of shape [3, 4], this model's is F64 of shape [3, 4]"
      #expect(throws: FileError(.read, path, reason)) {
        try Checkpoint(contentsOf: path, like: template)
      }
    }
  }

  @Test(
    "Steps and generators that are no numbers",
    arguments: [
      ("step", nil), ("step", "-1"), ("step", "9223372036854775806"), ("step", "1.5"),
      ("generator.key", nil), ("generator.key", "-1"),
      ("generator.position", "18446744073709551616"),
    ] as [(String, String?)])
  func metadata(key: String, value: String?) async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      var file = try SafeTensors(decoding: readFile(path))
      file.metadata[key] = value
      try replaceFile(path, with: file.sealed().encoded())
      expectRefusal(path, "its step or its generator's state is missing or not a number")
    }
  }

  @Test(
    "Numbers that would spoil whatever comes after", arguments: ["", "adam.first.", "adam.second."])
  func numbersThatAreNone(prefix: String) async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      let whole = try SafeTensors(decoding: readFile(path))
      let index = try #require(whole.entries.firstIndex { $0.name == prefix + "1.bias" })
      let isSecond = prefix == "adam.second."
      for number in [Float.nan, .infinity, -.infinity] + (isSecond ? [-1e-30] : []) {
        var file = whole
        file.entries[index].bytes = Data(Tensor<Float>([1, number]).buffer.bytes)
        try replaceFile(path, with: file.sealed().encoded())
        expectRefusal(
          path,
          isSecond
            ? "the second moments of its 1.bias are not all finite and at least 0"
            : "its 1.bias or their first moments are not finite numbers")
      }
    }
  }

  @Test("A checkpoint without an optimiser's moments or the run's record is refused")
  func momentsAndRecordsAreCheckedToo() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      let whole = try SafeTensors(decoding: readFile(path))
      var file = whole
      file.entries.removeAll { $0.name == "adam.second.1.bias" }
      try replaceFile(path, with: file.sealed().encoded())
      expectRefusal(path, "it has no tensor named adam.second.1.bias")
      file = whole
      file.entries[0] = .init(name: "record.losses", type: .u8, shape: [2], bytes: Data([1, 2]))
      try replaceFile(path, with: file.sealed().encoded())
      expectRefusal(path, "its record.losses is U8 of shape [2], this model's is F64 of shape [2]")
    }
  }

  @Test("A file that was cut off anywhere")
  func truncation() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun(sizes: [1, 1]).write(to: path)
      let whole = try readFile(path)
      for length in (0..<whole.count).reversed() {
        unsafe #expect(truncate(path, off_t(length)) == 0)
        #expect(throws: FileError.self, "\(length) of \(whole.count) bytes") {
          try Checkpoint(contentsOf: path, like: newRun(sizes: [1, 1]))
        }
      }
    }
  }

  @Test("Checkpoints of earlier versions, which had no checksum")
  func withoutChecksum() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      var file = try SafeTensors(decoding: readFile(path))
      file.metadata["checksum"] = nil
      try replaceFile(path, with: file.encoded())
      expectRefusal(
        path,
        "it has no checksum, as an earlier version of these chapters left it: delete it, or save to "
          + "another file, and train anew")
    }
  }

  @Test("A checkpoint whose bytes do not match its checksum is refused as damaged")
  func dataThatDoNotHaveTheirChecksum() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      var whole = try readFile(path)
      whole[whole.count - 1] ^= 1
      try replaceFile(path, with: whole)
      expectRefusal(
        path, "it is damaged: its bytes do not have the checksum that it gives for them")
    }
  }

  @Test("A file of which any one bit has changed, or some bytes have")
  func damage() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      let template = newRun(sizes: [1, 1])
      try trained(template, steps: 1).write(to: path)
      let whole = try readFile(path)
      // Written over, and not anew: some file systems wait for the disk when a file is replaced.
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      func expectRefusal(of damaged: Data) throws {
        try file.seek(toOffset: 0)
        try file.write(contentsOf: damaged)
        let error = #expect(throws: FileError.self) {
          try Checkpoint(contentsOf: path, like: template)
        }
        #expect(error?.operation == .read && error?.path == path && error?.reason != "")
      }
      for bit in 0..<8 * whole.count {
        var damaged = whole
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        try expectRefusal(of: damaged)
      }
      var generator = SeededGenerator(seed: 2)
      for _ in 0..<2000 {
        var damaged = whole
        for _ in 0...generator.integer(below: 3) {
          damaged[generator.integer(below: damaged.count)] ^=
            UInt8(1 + generator.integer(below: 255))
        }
        if damaged != whole { try expectRefusal(of: damaged) }
      }
    }
  }
}

@Suite struct CheckpointWriting {
  @Test func placesThatCannotBeWrittenAreRefused() async throws {
    try await withFolder { folder in
      let missing = folder + "/none/run"
      #expect(throws: FileError(.write, missing, "there is no folder \(folder)/none")) {
        try newRun().write(to: missing)
      }
      #expect(throws: FileError(.write, folder, "it is a folder")) {
        try newRun().write(to: folder)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test("A failed write leaves the old file", .disabled(if: geteuid() == 0, "root may write"))
  func oldFilesSurviveFailures() async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun().write(to: path)
      let old = try readFile(path)
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
      defer {
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      }
      #expect(throws: FileError.self) { try trained(newRun(), steps: 1).write(to: path) }
      #expect(try readFile(path) == old)
    }
  }

  @Test("A process that is killed while it writes leaves a whole file", arguments: [1, 5, 20, 50])
  func killed(milliseconds: Int) async throws {
    try await withFolder { folder in
      let path = folder + "/run"
      try newRun(sizes: [100, 200]).write(to: path)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, milliseconds = milliseconds as Int] in
        Thread.detachNewThread {
          usleep(UInt32(1000 * milliseconds))
          kill(getpid(), SIGKILL)
        }
        var run = newRun(sizes: [100, 200])
        while true {
          run.optimizer.restore(
            step: run.optimizer.step + 1, firstMoments: run.optimizer.firstMoments,
            secondMoments: run.optimizer.secondMoments)
          run.generator.advance(by: 1)
          try run.write(to: path)
        }
      }
      let found = try Checkpoint(contentsOf: path, like: newRun(sizes: [100, 200]))
      let start = newRun(sizes: [100, 200])
      // Step and generator went on together: what is there is one state, and not half of two.
      #expect(
        found.generator.position == start.generator.position + UInt64(found.optimizer.step))
      #expect(found.model.parameters == start.model.parameters)
    }
  }
}
