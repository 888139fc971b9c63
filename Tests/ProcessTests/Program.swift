import Foundation
import Testing

/// A program of this package, run as a user runs it.
struct Program: CustomTestStringConvertible {
  /// The name of the executable.
  let name: String

  var testDescription: String { name }

  static let chapters = [
    "Ch00-Autodiff", "Ch01-Ring", "Ch02-NaiveMonteCarlo", "Ch03-KLIdentity",
    "Ch04-Reparameterization", "Ch05-VAE",
  ].map(Program.init)
  static let benchmark = Program(name: "Benchmark")
  static let book = Program(name: "Book")
  static let all = chapters + [benchmark]

  /// A chapter that is soon at its end.
  static let brief = (
    program: Program(name: "Ch01-Ring"),
    arguments: ["--count", "100", "--steps", "0", "--threads", "1"]
  )

  var path: String { Self.folder.appending(path: name).path }

  /// The folder of the built programs.
  private static let folder: URL = {
    #if canImport(Darwin)
      let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
      return tests!.bundleURL.deletingLastPathComponent()
    #else
      return Bundle.main.bundleURL
    #endif
  }()

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - setup: What the shell does before the program takes its place.
  ///   - redirections: As the shell has them: `2>&-` closes standard error.
  func run(
    _ arguments: [String], in folder: TemporaryFolder, setup: String = ":",
    redirections: String = ""
  ) throws -> Run {
    try Run(
      script: "\(setup)\nexec \"$0\" \"$@\" \(redirections)", [path] + arguments, in: folder)
  }
}

/// How a program ended, and what it wrote.
struct Run {
  /// The exit status; nil if a signal ended the program.
  let status: Int32?
  /// The signal that ended the program.
  let signal: Int32?
  /// Whether the program had to be killed, because it did not end by itself.
  let didHang: Bool
  let output: String
  let errors: String

  /// Runs a script of the shell, whose `$0`, `$1`, … are the arguments.
  ///
  /// - Parameter timeLimit: In seconds; many times what any run here needs.
  init(script: String, _ arguments: [String], in folder: TemporaryFolder, timeLimit: Double = 30)
    throws
  {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script] + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    let files = try (output: UnnamedFile(), errors: UnnamedFile())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = files.output.handle
    process.standardError = files.errors.handle
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    try process.run()
    didHang = end.wait(timeout: .now() + timeLimit) == .timedOut
    if didHang { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let wasSignalled = process.terminationReason == .uncaughtSignal
    status = wasSignalled ? nil : process.terminationStatus
    signal = wasSignalled ? process.terminationStatus : nil
    output = try files.output.text()
    errors = try files.errors.text()
  }
}

/// A file that takes a program's output, however much it is.
private struct UnnamedFile {
  let handle: FileHandle

  init() throws {
    let path = NSTemporaryDirectory() + "process-tests-" + UUID().uuidString
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    unsafe unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func text() throws -> String {
    try handle.seek(toOffset: 0)
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
  }
}

/// A folder for one test, which is gone with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "process-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(of name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
