import Foundation
import Testing

@testable import Files

/// Runs `body` with an empty folder, which is gone afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// Permissions do not stop the superuser.
private let isSuperuser = geteuid() == 0

private func setPermissions(_ permissions: Int, of path: String) throws {
  try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
}

private func permissions(of path: String) throws -> Int? {
  try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

@Suite struct ReadingFiles {
  @Test("A file comes back byte for byte", arguments: [0, 1, 4096, 3_000_000])
  func readsWhatIsThere(count: Int) throws {
    try withFolder { folder in
      let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167) })
      try data.write(to: URL(fileURLWithPath: folder + "/file"))
      #expect(try readFile(folder + "/file") == data)
    }
  }

  @Test func theLimitIsTheLargestSizeAccepted() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try Data(count: 100).write(to: URL(fileURLWithPath: path))
      #expect(try readFile(path, limit: 100).count == 100)
      #expect(throws: FileError(.read, path, "it has 100 bytes, and at most 99 are read")) {
        try readFile(path, limit: 99)
      }
    }
  }

  @Test func aFileThatWouldFillTheMemoryIsRefused() throws {
    try withFolder { folder in
      let path = folder + "/sparse"
      try Data().write(to: URL(fileURLWithPath: path))
      unsafe #expect(truncate(path, 1 << 42) == 0)
      #expect(
        throws: FileError(
          .read, path, "it has 4398046511104 bytes, and at most 1073741824 are read")
      ) { try readFile(path) }
    }
  }

  @Test func missingFilesAndFoldersAreRefused() throws {
    try withFolder { folder in
      #expect(throws: FileError(.read, folder + "/none", "no such file or directory")) {
        try readFile(folder + "/none")
      }
      #expect(throws: FileError(.read, folder, "it is a folder")) { try readFile(folder) }
      #expect(throws: FileError(.read, "", "no such file or directory")) { try readFile("") }
    }
  }

  @Test("Devices, which have no end", .timeLimit(.minutes(5)), arguments: ["zero", "null"])
  func devicesAreRefused(name: String) {
    #expect(throws: FileError(.read, "/dev/\(name)", "it is not a regular file")) {
      try readFile("/dev/\(name)")
    }
  }

  @Test("A pipe to which nobody writes", .timeLimit(.minutes(5)))
  func pipesAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/pipe"
      unsafe #expect(mkfifo(path, 0o600) == 0)
      #expect(throws: FileError(.read, path, "it is not a regular file")) { try readFile(path) }
    }
  }

  @Test(.disabled(if: isSuperuser, "the superuser may read everything"))
  func unreadableFilesAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try Data(count: 1).write(to: URL(fileURLWithPath: path))
      try setPermissions(0o000, of: path)
      #expect(throws: FileError(.read, path, "permission denied")) { try readFile(path) }
    }
  }
}

@Suite struct ReplacingFiles {
  @Test("New and old files take the new bytes", arguments: [0, 1, (1 << 20) - 1, 3 << 20 | 5])
  func writesWhatIsGiven(count: Int) throws {
    try withFolder { folder in
      let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167) })
      for old in [nil, Data("old and longer than nothing".utf8)] {
        let path = folder + "/file"
        try? FileManager.default.removeItem(atPath: path)
        try old?.write(to: URL(fileURLWithPath: path))
        try replaceFile(path, with: data)
        #expect(try readFile(path) == data)
        #expect(try names(in: folder) == ["file"])
      }
    }
  }

  @Test func slicesOfDataAreWrittenFromTheirOwnStart() throws {
    try withFolder { folder in
      let data = Data(0...99)
      try replaceFile(folder + "/file", with: data[10..<20])
      #expect(try readFile(folder + "/file") == Data(10..<20))
    }
  }

  @Test func permissionsOfAnOldFileStay() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try replaceFile(path, with: Data())
      // A new file has those of any other new file.
      #expect(FileManager.default.createFile(atPath: folder + "/other", contents: nil))
      #expect(try permissions(of: path) == permissions(of: folder + "/other"))
      for wanted in [0o600, 0o640, 0o755] {
        try setPermissions(wanted, of: path)
        try replaceFile(path, with: Data([1]))
        #expect(try permissions(of: path) == wanted)
      }
    }
  }

  @Test("Links stay and their target is replaced", arguments: ["target", "inner/target"])
  func linksAreFollowed(target: String) throws {
    try withFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(
        atPath: folder + "/inner", withIntermediateDirectories: false)
      // One link relative to its folder, one absolute; the target is missing at first.
      try manager.createSymbolicLink(atPath: folder + "/link", withDestinationPath: target)
      try manager.createSymbolicLink(
        atPath: folder + "/inner/link", withDestinationPath: folder + "/link")
      for byte: UInt8 in 1...2 {
        try replaceFile(folder + "/inner/link", with: Data([byte]))
        #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/link") == target)
        #expect(try readFile("\(folder)/\(target)") == Data([byte]))
      }
    }
  }

  @Test func linksInACircleAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/link"
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "link")
      let error = FileError(.write, path, "its symbolic links form a loop")
      #expect(throws: error) { try replaceFile(path, with: Data()) }
      #expect(throws: error) { try requireWritableFile(path) }
    }
  }

  @Test func aLinkWhoseTargetIsMissingMayBeWrittenThrough() throws {
    try withFolder { folder in
      let files = FileManager.default
      try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "target")
      try requireWritableFile(folder + "/link")
      try files.createSymbolicLink(atPath: folder + "/lost", withDestinationPath: "none/target")
      let reason = "there is no folder \(folder)/none"
      #expect(throws: FileError(.write, folder + "/lost", reason)) {
        try requireWritableFile(folder + "/lost")
      }
    }
  }

  @Test func aSignalThatWaitsForAReplacementLeavesNothingUnfinished() async throws {
    let folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGTERM)) { [folder = folder as String] in
      signal(SIGTERM) { number in
        if waitsForReplacement(number) { return }
        signal(number, SIG_DFL)
        raise(number)
      }
      // The process begins with the signals blocked, as the thread has them that starts it.
      var signals = sigset_t()
      unsafe sigemptyset(&signals)
      unsafe sigaddset(&signals, SIGTERM)
      unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      Thread.detachNewThread {
        try? replaceFile(folder + "/file", with: Data(count: 1 << 24))
      }
      while try names(in: folder).isEmpty {}
      kill(getpid(), SIGTERM)
      // The signal comes again at the end of the replacement.
      while true { sleep(1) }
    }
    #expect(try names(in: folder) == ["file"])
  }

  @Test("Paths at which there can be no file are refused")
  func placesWithoutAFileAreRefused() throws {
    try withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      let cases: [(path: String, reason: String)] = [
        (folder, "it is a folder"),
        (folder + "/.", "it is a folder"),
        (folder + "/none/file", "there is no folder \(folder)/none"),
        (folder + "/none/", "it is not the name of a file"),
        (folder + "/file/below", "there is no folder \(folder)/file"),
        (folder + "/file/", "it is not the name of a file"),
        ("/dev/null", "it is not a regular file"),
        (folder + "/" + String(repeating: "x", count: 300), "file name too long"),
      ]
      for (path, reason) in cases {
        #expect(throws: FileError(.write, path, reason)) { try replaceFile(path, with: Data([1])) }
        // Who asks before the work gets the same answer.
        #expect(throws: FileError(.write, path, reason)) { try requireWritableFile(path) }
      }
      #expect(throws: FileError.self) { try replaceFile("", with: Data()) }
      #expect(try names(in: folder) == ["file"])
      #expect(try readFile(folder + "/file").isEmpty)
    }
  }

  @Test(.disabled(if: isSuperuser, "the superuser may write everywhere"))
  func writeProtectionIsRespected() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try replaceFile(path, with: Data([1]))
      try setPermissions(0o444, of: path)
      #expect(throws: FileError(.write, path, "permission denied")) {
        try replaceFile(path, with: Data([2]))
      }
      try setPermissions(0o644, of: path)
      try setPermissions(0o555, of: folder)
      #expect(throws: FileError(.write, path, "permission denied")) {
        try replaceFile(path, with: Data([2]))
      }
      try setPermissions(0o755, of: folder)
      #expect(try readFile(path) == Data([1]))
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test("Many writers at once leave the bytes of one of them, and nothing else")
  func writersDoNotMix() async throws {
    let folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // What a killed process would have left is no obstacle, and not ours to remove.
    try Data([7]).write(to: URL(fileURLWithPath: folder + "/.unfinished-of-another"))
    let path = folder + "/file"
    try replaceFile(path, with: Data(repeating: 0, count: 100_000))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for byte: UInt8 in 1...8 {
        group.addTask {
          for _ in 0..<5 {
            try replaceFile(path, with: Data(repeating: byte, count: 100_000))
            let found = try readFile(path)
            #expect(found.count == 100_000 && Set(found).count == 1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try names(in: folder) == [".unfinished-of-another", "file"])
  }
}

@Test func theFolderOfAPathIsEverythingUpToItsLastSlash() {
  let folders = [
    "a": "./", "~": "./", ".": "./", "": "./", "/": "/", "/a": "/", "a/": "a/", "a/b": "a/",
    "/a/b//c": "/a/b//",
  ]
  for (path, expected) in folders { #expect(folder(of: path) == expected) }
}

@Test func pathsThatLeadToOneFileHaveOnePlace() throws {
  try withFolder { folder in
    try FileManager.default.createDirectory(
      atPath: folder + "/inner", withIntermediateDirectories: false)
    for (link, target) in [("link", "page"), ("around", "inner"), ("lost", "none/page")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/\(link)", withDestinationPath: target)
    }
    let page = try #require(FilePlace(of: folder + "/page"))
    for other in ["./page", "inner/../page", "around/../page", "link", "/page"] {
      #expect(FilePlace(of: "\(folder)/\(other)") == page)
    }
    for other in ["Page", "page2", "inner/page", "around/page"] {
      #expect(FilePlace(of: "\(folder)/\(other)") != page)
    }
    #expect(
      page.name == "page" && page.isIn(folder: folder) && page.isIn(folder: folder + "/inner/.."))
    #expect(!page.isIn(folder: folder + "/inner") && !page.isIn(folder: folder + "/none"))
    #expect(FilePlace(of: folder + "/lost") == nil)
  }
}

@Test func aFolderMayBeMissingIfTheOneAroundItIsThere() throws {
  try withFolder { folder in
    try Data().write(to: URL(fileURLWithPath: folder + "/file"))
    for name in ["", "/new", "/new/"] { try requireWritableFolder(folder + name) }
    let cases = [
      ("/file", "it is not a folder"), ("/none/new", "there is no folder \(folder)/none"),
      ("/file/new", "there is no folder \(folder)/file"),
    ]
    for (name, reason) in cases {
      #expect(throws: FileError(.write, folder + name, reason)) {
        try requireWritableFolder(folder + name)
      }
    }
    for _ in 1...2 { try makeFolder(folder + "/new") }
    #expect(try names(in: folder) == ["file", "new"])
    #expect(
      throws: FileError(
        .write, folder + "/none/new", "the folder cannot be made: no such file or directory")
    ) { try makeFolder(folder + "/none/new") }
  }
}

@Test("Foundation's errors are told in the system's words")
func foundationErrors() throws {
  let file = try #require(FileHandle(forWritingAtPath: "/dev/null"))
  let error = #expect(throws: (any Error).self) { try file.readToEnd() }
  #expect(systemReason(of: try #require(error)) == "bad file descriptor")
  #expect(systemReason(of: POSIXError(.ENOSPC)) == "no space left on device")
  #expect(systemReason(of: CocoaError(.fileReadUnknown)) != "")
}

@Test func anErrorIsOneSentence() {
  #expect(
    "\(FileError(.read, "a.txt", "it is a folder"))" == "cannot read a.txt: it is a folder")
  #expect("\(FileError(.write, "b", "no space left"))" == "cannot write b: no space left")
}
