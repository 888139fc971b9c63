import Files
import Foundation
import Testing

@Suite struct LockingFiles {
  private let held = "another run is writing to it"

  @Test func onlyOneAtATimeHasALock() throws {
    try withFolder { folder in
      let path = folder + "/file"
      let lock = try FileLock(path)
      #expect(throws: FileError(.write, path, held)) { _ = try FileLock(path) }
      // Neither another name nor new contents make it another file.
      try replaceFile(path, with: Data([1]))
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: "file")
      #expect(throws: FileError(.write, folder + "/link", held)) {
        _ = try FileLock(folder + "/link")
      }
      _ = try FileLock(folder + "/other")
      withExtendedLifetime(lock) {}
    }
  }

  @Test func aLockThatIsGivenBackLeavesNothing() throws {
    try withFolder { folder in
      for _ in 0..<3 { _ = try FileLock(folder + "/file") }
      #expect(try names(in: folder) == [])
    }
  }

  @Test("A process that is killed leaves a file in nobody's way")
  func killed() async throws {
    let folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let lock = try FileLock(path)
      withExtendedLifetime(lock) { _ = kill(getpid(), SIGKILL) }
    }
    #expect(try names(in: folder) == ["file.lock"])
    _ = try FileLock(path)
    #expect(try names(in: folder) == [])
  }

  @Test("A process that is interrupted takes its lock's file with it")
  func interrupted() async throws {
    let folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .exitCode(7)) { [folder = folder as String] in
      let lock = try FileLock(folder + "/file")
      withExtendedLifetime(lock) {
        removeLockFiles()
        exit(7)
      }
    }
    #expect(try names(in: folder) == [])
  }

  @Test("Of many that want it at once, never two have it")
  func races() throws {
    try withFolder { folder in
      let isHeld = NSLock()
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        var successes = 0
        while successes < 50 {
          guard let lock = try? FileLock(folder + "/file") else { continue }
          successes += 1
          let isAlone = isHeld.try()
          #expect(isAlone)
          if isAlone { isHeld.unlock() }
          withExtendedLifetime(lock) {}
        }
      }
    }
  }

  @Test func placesThatCannotBeWrittenAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/none/file"
      #expect(throws: FileError(.write, path, "there is no folder \(folder)/none")) {
        _ = try FileLock(path)
      }
      #expect(throws: FileError(.write, folder, "it is a folder")) { _ = try FileLock(folder) }
    }
  }
}
