/// The progress of a long task, shown on standard error.
///
/// On a terminal one line is rewritten in place and cleared at the end; elsewhere a line is added
/// every 10 %. The page on standard output stays the same.
public final class ProgressLine {
  private let label: String
  private let total: Int
  private let errors: ErrorStream
  private var done = 0
  private var reportedTenths = 0
  private var lastDrawn: ContinuousClock.Instant?
  private var isDrawn = false
  private var isFinished = false

  /// How long a drawn line stays. Nobody could read faster changes, and a slow terminal would hold
  /// up the work.
  private static let interval = Duration.milliseconds(100)

  /// Announces a task of `total` steps.
  public init(_ label: String, total: Int, on errors: ErrorStream) {
    self.label = label
    self.total = max(total, 1)
    self.errors = errors
  }

  /// Reports further steps as done, with a few words on the state of the task: "epoch 7/20".
  public func advance(by steps: Int = 1, _ message: @autoclosure () -> String = "") {
    guard !isFinished else { return }
    done = min(done + steps, total)
    switch errors.kind {
    case .silent: break
    case .plain:
      let tenths = 10 * done / total
      guard tenths > reportedTenths else { return }
      reportedTenths = tenths
      errors.write(line(message()) + "\n")
    case .terminal(let columns):
      let now = ContinuousClock.now
      if let lastDrawn, now - lastDrawn < Self.interval, done < total { return }
      lastDrawn = now
      isDrawn = true
      // A full last column would wrap on some terminals, and "\r" then misses the line's start.
      errors.write("\r" + line(message()).cut(to: columns - 1) + "\u{1B}[K")
    }
  }

  /// Ends the task, whether or not it got to its last step, and clears its line.
  public func finish() {
    clear()
    isFinished = true
  }

  /// Takes the line off the terminal until the next step.
  func clear() {
    guard isDrawn else { return }
    isDrawn = false
    errors.write(clearedLine)
  }

  private func line(_ message: String) -> String {
    let share = "\(100 * done / total) %"
    return "\(label) \(share)" + (message.isEmpty ? "" : ": \(message)")
  }
}

/// Where the progress of a chapter's computations is shown, one task at a time.
public final class ProgressDisplay {
  private var errors: ErrorStream
  private var running: ProgressLine?

  /// Creates a display.
  public init(on errors: ErrorStream) { self.errors = errors }

  /// Begins a long task of `total` steps, shown on standard error and never on the page. It ends
  /// the task before it.
  public func begin(_ label: String, total: Int) -> ProgressLine {
    finish()
    let line = ProgressLine(label, total: total, on: errors)
    running = line
    return line
  }

  /// Takes the line off the terminal until the next step.
  func clear() { running?.clear() }

  /// Ends the task that is running, if there is one.
  func finish() { running?.finish() }

  /// Leaves the terminal, if progress is shown on one, to a pager.
  func yieldTerminal() {
    guard case .terminal = errors.kind else { return }
    finish()
    errors = .silent
  }
}

/// Takes the text off a terminal's current line.
let clearedLine = "\r\u{1B}[K"

/// Where progress and errors go, and what that stream can show.
public struct ErrorStream {
  /// What a stream can show.
  public enum Kind: Equatable, Sendable {
    /// A terminal of some width, whose current line can be rewritten.
    case terminal(columns: Int)
    /// A file or a pipe.
    case plain
    /// Nothing: progress is not shown.
    case silent
  }

  /// What the stream can show.
  public var kind: Kind
  /// Takes text as it is.
  public var write: (String) -> Void

  /// Creates a stream.
  public init(_ kind: Kind, write: @escaping (String) -> Void) {
    self.kind = kind
    self.write = write
  }

  /// The stream that shows nothing.
  public static var silent: ErrorStream { ErrorStream(.silent) { _ in } }
}
