import Files
import Foundation
import Synchronization

/// How a program ends, in the numbers of BSD's `sysexits.h`.
public enum ExitStatus: Int32, Sendable {
  case success = 0
  case failure = 1
  case usage = 64
  case unreadable = 66
  case unwritable = 73

  /// The status for an error.
  public init(of error: any Error) {
    switch error {
    case is UsageError: self = .usage
    case let error as FileError: self = error.operation == .read ? .unreadable : .unwritable
    default: self = .failure
    }
  }
}

/// What a chapter depends on besides its arguments.
public struct LaunchEnvironment: Sendable {
  /// The environment's variables.
  public var variables: [String: String]
  /// How many columns standard output has if it is a terminal.
  public var terminalColumns: Int?
  /// How many rows it has.
  public var terminalRows: Int?
  /// What the processor lacks to run this build.
  public var missingProcessorFeatures: [String]
  /// The folder that the notes are looked for in, and around.
  public var currentDirectory: String

  /// Creates an environment. By default the output is a pipe and the processor has what the build
  /// needs.
  public init(
    variables: [String: String] = [:], terminalColumns: Int? = nil, terminalRows: Int? = nil,
    missingProcessorFeatures: [String] = [],
    currentDirectory: String = FileManager.default.currentDirectoryPath
  ) {
    self.variables = variables
    self.currentDirectory = currentDirectory
    self.terminalColumns = terminalColumns
    self.terminalRows = terminalRows
    self.missingProcessorFeatures = missingProcessorFeatures
  }

  /// The environment of this process.
  public static var ofProcess: LaunchEnvironment {
    let size = StandardStream.output.terminalSize
    return LaunchEnvironment(
      variables: ProcessInfo.processInfo.environment, terminalColumns: size?.columns,
      terminalRows: size?.rows, missingProcessorFeatures: Processor.missingFeatures)
  }

  /// Whether to write colours: what `--color` or `--no-color` says, else `NO_COLOR`, else
  /// `CLICOLOR_FORCE`, else whether standard output is a terminal that knows escape codes.
  package func wantsColor(_ choice: Bool? = nil) -> Bool {
    if let choice { return choice }
    if !variables["NO_COLOR", default: ""].isEmpty { return false }
    if !["", "0"].contains(variables["CLICOLOR_FORCE", default: ""]) { return true }
    return terminalColumns != nil && variables["TERM"] != "dumb"
  }

  func renderer(for options: Options) throws(UsageError) -> TerminalRenderer {
    TerminalRenderer(
      width: terminalColumns ?? 80, isASCII: options[.ascii], showsCode: options[.code],
      hasColor: wantsColor(try colorChoice(color: options[.color], noColor: options[.noColor])))
  }

  /// Ends a run with a message if otherwise the processor would end it without one.
  package func requireProcessor(for chapter: String) throws {
    guard missingProcessorFeatures.isEmpty else {
      throw UnsuitableProcessor(missing: missingProcessorFeatures, chapter: chapter)
    }
  }
}

private struct UnsuitableProcessor: Error, CustomStringConvertible {
  let missing: [String]
  let chapter: String

  var description: String {
    """
    this build needs a processor with AVX2 and FMA (x86-64-v3); yours lacks \
    \(missing.joined(separator: ", ")). Build for any processor with: \
    PORTABLE=1 swift run \(chapter)
    """
  }
}

/// The choice that `--color` and `--no-color` make; nil if neither is given.
package func colorChoice(color: Bool, noColor: Bool) throws(UsageError) -> Bool? {
  if color && noColor { throw UsageError("--color and --no-color contradict each other") }
  return color ? true : noColor ? false : nil
}

/// An error message for the terminal, in the form of Swift's ArgumentParser. For a wrong command
/// line it includes the usage. Control characters in names and paths do not reach the terminal.
public func complaint(_ error: any Error, usage: String = "") -> String {
  "Error: \(visible("\(error)"))\n" + (error is UsageError ? usage : "")
}

/// Makes the process end with a status when it aborts, just as the kernels end it when no memory is
/// left.
///
/// The runtime aborts when it gets no memory, after a sentence that says so. The page of registers
/// that it would add helps nobody.
func endCalmlyOnAbort() {
  signal(SIGABRT) { _ in
    _ = leavePager()
    _exit(EX_OSERR)
  }
}

/// Standard output or standard error.
public struct StandardStream: Sendable {
  let name: String
  package let descriptor: Int32

  /// Where the page goes.
  public static let output = StandardStream(name: "standard output", descriptor: 1)
  /// Where progress and errors go.
  public static let error = StandardStream(name: "standard error", descriptor: 2)

  /// Hands the whole text to the system at once.
  public func send(_ text: String) throws(FileError) {
    var bytes = Array(text.utf8)
    while !bytes.isEmpty {
      let written = unsafe write(descriptor, bytes, bytes.count)
      if written >= 0 {
        bytes.removeFirst(written)
      } else if errno == EAGAIN {
        // Another process that shares the stream has made it non-blocking.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&request, 1, -1)
      } else if errno != EINTR {
        throw FileError(.write, name, systemReason())
      }
    }
  }

  /// Occupies the numbers of standard streams that the caller has closed. A file that is opened
  /// later would get such a number, and the page or an error message would go into it.
  public static func occupyClosed() {
    // Opened in the direction that nobody uses, so that writing to it still fails.
    for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)]
    where fcntl(Int32(descriptor), F_GETFD) < 0 {
      _ = unsafe open("/dev/null", mode)
    }
  }

  /// How many columns and rows there are, if this is a terminal.
  package var terminalSize: (columns: Int, rows: Int)? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let isKnown = unsafe ioctl(descriptor, numericCast(TIOCGWINSZ), &size) == 0
    return (
      isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80,
      isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    )
  }

  /// How to show progress. A dumb terminal cannot rewrite its line.
  var kind: ErrorStream.Kind {
    let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    return isDumb ? .plain : terminalSize.map { .terminal(columns: $0.columns) } ?? .plain
  }
}

/// Makes sure that Ctrl-C, a request to end, and the end of the terminal or of a pipe leave neither
/// unfinished files nor half a line behind. The process still dies of the signal, so that the shell
/// sees it.
func cleanUpWhenInterrupted() {
  if case .terminal = StandardStream.error.kind { hasProgressLine.store(true, ordering: .relaxed) }
  var signals = sigset_t()
  unsafe sigemptyset(&signals)
  for number in [SIGHUP, SIGINT, SIGTERM, SIGPIPE] {
    unsafe sigaddset(&signals, number)
    // Whoever starts a program with a signal ignored, as nohup does, wants that to stay so.
    if let previous = signal(number, endCleanly) { signal(number, previous) }
  }
  // A program that was started by a thread of Dispatch begins with all signals blocked.
  unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

private let hasProgressLine = Atomic<Bool>(false)

/// Handles a signal, only with calls that a handler may make.
private func endCleanly(_ number: Int32) {
  if waitsForReplacement(number) { return }
  removeLockFiles()
  if !leavePager(), hasProgressLine.load(ordering: .relaxed) {
    unsafe write(StandardStream.error.descriptor, clearedLine, clearedLine.utf8.count)
  }
  signal(number, SIG_DFL)
  raise(number)
}
