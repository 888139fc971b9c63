import Files
import Foundation

/// Decompresses the start of a file with the system's `gzip`, as far as the caller wants it.
///
/// Foundation has no decompressor, and every system has this program. What it writes is taken only
/// up to `limit`, so that a small file cannot fill the memory, and it is gone when this returns.
///
/// - Parameters:
///   - path: The compressed file.
///   - searchPath: The folders to look for `gzip` in, separated by colons.
///   - limit: The most bytes worth having, given those that have come so far.
/// - Returns: All the bytes, or as many as `limit` if there are more.
/// - Throws: `FileError` if the file cannot be read, `gzip` is missing or complains, or what `limit`
///   throws.
func gunzip(
  _ path: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
  limit: ([UInt8]) throws(FileError) -> Int
) throws(FileError) -> [UInt8] {
  let file = try openFile(path)
  let programs = searchPath.split(separator: ":").map { "\($0)/gzip" }
  guard let program = programs.first(where: FileManager.default.isExecutableFile) else {
    throw FileError(.read, path, "there is no program gzip to decompress it")
  }

  let process = Process()
  let (output, complaints) = (Pipe(), Pipe())
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = ["-dc"]
  process.standardInput = file
  process.standardOutput = output
  process.standardError = complaints
  do {
    try process.run()
  } catch {
    throw FileError(.read, path, "gzip does not start: \(error.localizedDescription)")
  }
  defer {
    try? output.fileHandleForReading.close()
    try? complaints.fileHandleForReading.close()
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  // Both pipes are emptied as they fill: were one left full, gzip would wait for us and we for it.
  var bytes: [UInt8] = []
  var message: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  var ends = [output, complaints].map {
    pollfd(fd: $0.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
  }
  while ends.contains(where: { $0.fd >= 0 }) {
    let wanted = try limit(bytes) - bytes.count
    if wanted <= 0 { return bytes }
    guard poll(&ends, nfds_t(ends.count), -1) > 0 else { continue }
    for index in ends.indices where ends[index].revents != 0 {
      let isOutput = index == 0
      let room = isOutput ? min(wanted, chunk.count) : chunk.count
      let count = read(ends[index].fd, &chunk, room)
      if count <= 0 {
        ends[index].fd = -1  // The end of this pipe; `poll` passes over it from now on.
      } else if isOutput {
        bytes += chunk[..<count]
      } else if message.count < 500 {
        message += chunk[..<min(count, 500)]  // The rest is read too, and dropped.
      }
    }
  }

  process.waitUntilExit()
  guard process.terminationReason == .exit, process.terminationStatus == 0 else {
    throw FileError(.read, path, "gzip complains: \(complaint(from: message))")
  }
  return bytes
}

/// The first line of what gzip wrote to standard error, without its own name and that of its input.
private func complaint(from message: [UInt8]) -> String {
  let lines = String(decoding: message, as: UTF8.self).split(whereSeparator: \.isNewline)
  guard var line = lines.first else { return "it stopped without a word" }
  for prefix in ["gzip: ", "stdin: ", "(stdin): "] where line.hasPrefix(prefix) {
    line = line.dropFirst(prefix.count)
  }
  return String(line)
}
