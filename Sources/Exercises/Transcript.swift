import Foundation
import Notebook

/// The output of a process: its beginning, its end, and its length.
struct Transcript: Sendable {
  /// How many characters are shown.
  static let shownCount = 2_000
  private static let headCount = 1 << 14
  private static let tailCount = 1 << 16

  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var count = 0

  mutating func append(_ bytes: ArraySlice<UInt8>) {
    count += bytes.count
    let first = bytes.prefix(Self.headCount - head.count)
    head += first
    tail += bytes.dropFirst(first.count)
    // Not at every write, because the rest has to be moved.
    if tail.count > 2 * Self.tailCount { tail.removeFirst(tail.count - Self.tailCount) }
  }

  /// The text as far as it is known, with what the runtime adds to it when the program traps: one
  /// line with the message, and a trace.
  private struct Parts {
    /// How many bytes the program itself wrote at the start of what is known.
    var ownCount: Int
    var message = ""
    var trace = ""

    /// The probable cause of a bad memory access. If the calls are nested so deeply that a function
    /// must call itself, it is the end of the stack.
    var badAccess: String {
      let stack = "ran out of stack, as a function that calls itself without end does"
      if trace.isEmpty { return "It used memory that is not its own, or \(stack)" }
      let isDeep = trace.matches(of: /\[ra\]/).count > 50
      return isDeep ? "It \(stack)" : "It used memory that is not its own"
    }

    /// Whether the library was making room when the process ended.
    var endsInAllocation: Bool {
      // The frames above the student's function.
      let frames = trace.components(separatedBy: "Exercises.swift:")[0].split(separator: "\n")
      return frames.contains {
        $0.contains(/init\(repeating:count:\)|[Aa]lloc|DataStorage|reserveCapacity/)
      }
    }

    init(_ known: [UInt8]) {
      ownCount = known.count
      let beginnings = ["\n*** Signal ", "\n*** Program crashed", "\nCurrent stack trace:"]
      let starts = beginnings.compactMap { known.firstRange(of: Array($0.utf8))?.lowerBound }
      guard let start = starts.min() else { return }
      trace = String(decoding: known[start...], as: UTF8.self)
      ownCount = start
      let newline = UInt8(ascii: "\n")
      let lineEnd = known[..<start].lastIndex { $0 != newline }.map { $0 + 1 } ?? 0
      let lineStart = known[..<lineEnd].lastIndex(of: newline).map { $0 + 1 } ?? 0
      let line = String(decoding: known[lineStart..<lineEnd], as: UTF8.self)
      guard let sign = line.firstRange(of: "Fatal error: ") else { return }
      message = String(line[sign.upperBound...])
      ownCount = lineStart
    }
  }

  /// The lines that the program itself wrote, without anything that a terminal would interpret. A
  /// long text is cut to its first characters, followed by how much more there was.
  var lines: [String] {
    let known = head + tail
    let ownCount = Parts(known).ownCount
    let text = String(decoding: head.prefix(ownCount), as: UTF8.self)
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.shownCount)))
    var lines = shown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { visible($0) }
    if lines.last == "" { lines.removeLast() }
    let rest = count - (known.count - ownCount) - shown.utf8.count
    if rest > 0 { lines.append("… and \(amount(rest)) more") }
    return lines
  }

  /// Why the process was ended by a signal, as far as the runtime and the signal tell.
  func cause(ofSignal signal: Int32) -> String {
    let parts = Parts(head + tail)
    let place = parts.trace.firstMatch(of: /Exercises\.swift:[0-9]+/)
    // Arithmetic traps have no message, but the trace names them.
    let failure = parts.trace.firstMatch(of: /Swift runtime failure: (.+?) in\b/)
    let reason = parts.message.isEmpty ? failure.map { "\($0.output.1)" } ?? "" : parts.message
    if reason.hasPrefix("failed to allocate") { return Self.refusal(of: reason) }
    // What the library makes room with does not always find out that there is none.
    let hint =
      parts.endsInAllocation && reason.isEmpty
      ? ", perhaps because there was no memory for what it asked for" : ""
    let what =
      switch signal {
      case SIGILL, SIGTRAP: "It trapped" + (reason.isEmpty ? "" : ": \(reason)")
      case SIGSEGV, SIGBUS: hint.isEmpty ? parts.badAccess : "It used memory that is not its own"
      case SIGABRT: "It aborted" + (reason.isEmpty ? ", perhaps for lack of memory" : ": \(reason)")
      case SIGKILL: "It was killed, perhaps because there was no memory left"
      default: unsafe "It was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    return what + (place.map { ", at \($0.output)" } ?? "") + hint + "."
  }

  /// Why the kernels ended the process.
  var causeOfRefusedMemory: String { Self.refusal(of: lines.last ?? "") }

  /// What the refused number of bytes tells: one large piece, or the last of many small ones.
  private static func refusal(of message: String) -> String {
    let bytes = message.firstMatch(of: /([0-9]+) bytes/).flatMap { Int($0.output.1) } ?? 0
    return bytes > memoryLimit << 30
      ? "It asked for \(amount(bytes)) of memory at once; \(memoryLimit) GiB are allowed."
      : "It needs more memory than the \(memoryLimit) GiB that are allowed. Does an array grow "
        + "without end, or does a function call itself without end?"
  }
}

/// "812 bytes", "3.1 MB".
func amount(_ bytes: Int) -> String {
  switch bytes {
  case ..<1_000: "\(bytes) bytes"
  case ..<1_000_000: "\(formatted(Double(bytes) / 1e3, decimals: 1)) kB"
  case ..<1_000_000_000: "\(formatted(Double(bytes) / 1e6, decimals: 1)) MB"
  case ..<1_000_000_000_000: "\(formatted(Double(bytes) / 1e9, decimals: 1)) GB"
  default: "\(formatted(Double(bytes) / 1e12, decimals: 1)) TB"
  }
}
