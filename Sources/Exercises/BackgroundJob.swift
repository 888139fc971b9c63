@unsafe @preconcurrency import Foundation

/// A program that runs while something else goes on, and what it writes.
final class BackgroundJob {
  /// What the program wrote, and its exit status; nil for the status if a signal ended it.
  typealias Result = (output: Data, status: Int32?)

  private let process = Process()
  private let pipe = Pipe()
  /// What has arrived so far.
  private(set) var output = Data()

  /// Starts the program.
  ///
  /// - Parameter mergesErrors: Whether what it writes to standard error belongs to its output.
  init(_ command: [String], folder: String?, mergesErrors: Bool) throws {
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = mergesErrors ? pipe : FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.close()
  }

  /// Where the program's output arrives.
  var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

  /// Takes what has arrived, without waiting.
  ///
  /// - Returns: The result, once the program has ended.
  func poll() -> Result? {
    let ending = Ending(of: process)
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while unsafe Foundation.poll(&item, 1, 0) > 0 {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      // Nobody reads more than this, and it must not fill the memory.
      if output.count < 1 << 24 { output.append(contentsOf: buffer[..<count]) }
    }
    switch ending {
    case nil: return nil
    case .exit(let status): return (output, status)
    case .signal: return (output, nil)
    }
  }

  /// Ends the program, and what belongs to its group.
  func stop() {
    kill(-process.processIdentifier, SIGINT)
    kill(process.processIdentifier, SIGINT)
  }
}
