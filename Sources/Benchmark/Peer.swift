import Foundation

/// A program in `Peers/` that does the same work with another framework, as a server.
final class Peer {
  /// The framework's name.
  let name: String
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private var unread = Data()

  static let names = ["jax", "pytorch", "numpy"]

  /// Starts the peer.
  init(_ name: String, python: String, threads: Int) throws {
    self.name = name
    let directory = URL(filePath: #filePath).deletingLastPathComponent()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      python, directory.appending(path: "Peers/\(name)_peer.py").path,
      "--threads", "\(threads)", "--repetitions", "1",
    ]
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// One measured value of a row, or an answer without a value if the peer does not have the row.
  func measure(_ row: String) throws(Failure) -> Answer {
    do {
      try requests.fileHandleForWriting.write(contentsOf: Data("\(row)\n".utf8))
    } catch {
      throw Failure(peer: name)
    }
    guard let line = nextLine(), let answer = try? JSONDecoder().decode(Answer.self, from: line)
    else { throw Failure(peer: name) }
    // Idle threads of OpenBLAS poll for work for tens of milliseconds before they leave the processor
    // to whoever is measured next.
    Thread.sleep(forTimeInterval: 0.1)
    return answer
  }

  private func nextLine() -> Data? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return unread[..<end]
      }
      // Empty at the end of the file: the peer has ended.
      let more = answers.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      unread += more
    }
  }

  struct Answer: Decodable {
    let value: Double?
    /// The framework's name and version.
    let version: String?
  }

  /// A peer that ended, most likely because its framework is not installed.
  struct Failure: Error, CustomStringConvertible {
    let peer: String
    var description: String {
      "\(peer) gave no answer; the first line of \(peer)_peer.py says how to install it"
    }
  }
}

/// Whether a program is a Python: one that multiplies as Python does, within ten seconds.
func isPython(_ program: String) -> Bool {
  let process = Process()
  let answer = Pipe()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program, "-c", "print(6 * 7)"]
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = answer
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  let deadline = DispatchWorkItem { process.terminate() }
  DispatchQueue.global().asyncAfter(deadline: .now() + 10, execute: deadline)
  // A program that prints more than this is not a Python, and may not end by itself.
  let text = try? answer.fileHandleForReading.read(upToCount: 4)
  try? answer.fileHandleForReading.close()
  process.waitUntilExit()
  deadline.cancel()
  return text == Data("42\n".utf8)
}
