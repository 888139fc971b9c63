import Files
import Foundation
import Synchronization

/// The command that shows a page longer than the screen: `$PAGER`, or less. The rules are git's.
struct PagerCommand: Equatable {
  /// The program and its arguments.
  let words: [String]
  /// The environment's variables for it.
  let variables: [String: String]

  /// What the environment asks for; nil if it wants no pager.
  init?(_ variables: [String: String]) {
    let command = (variables["PAGER"] ?? "less").trimmingCharacters(in: .whitespaces)
    guard !["", "cat"].contains(command), variables["TERM"] != "dumb" else { return nil }
    // Anything more than the name of a program is interpreted by the shell.
    words = isPlainWord(command) ? [command] : ["/bin/sh", "-c", command]
    // Less ends by itself at the end of a short page, passes colours on, and leaves the page on the screen.
    self.variables = ["LESS": "FRX", "LV": "-c"].merging(variables) { $1 }
  }
}

/// A page on a terminal. It is printed if it fits on the screen; otherwise all of it goes to a
/// pager, as it comes.
final class PagedOutput {
  private enum State {
    /// The text so far, which fits on the screen.
    case held(String, rows: Int)
    /// The receiver of the text from now on.
    case passedOn((String) -> Void)
  }

  private let rows: Int
  private let columns: Int
  private let direct: (String) -> Void
  private let startPager: () -> Pager?
  private var pager: Pager?
  private var state = State.held("", rows: 0)

  /// Creates the output for a screen of some size.
  ///
  /// - Parameters:
  ///   - direct: Prints a text on the terminal.
  ///   - startPager: Starts the pager, if it can be started.
  init(
    rows: Int, columns: Int, direct: @escaping (String) -> Void,
    startPager: @escaping () -> Pager?
  ) {
    (self.rows, self.columns) = (rows, columns)
    (self.direct, self.startPager) = (direct, startPager)
  }

  /// Takes a further piece of the page.
  ///
  /// - Parameter willPage: Called if this piece is the one that brings up the pager, before it does.
  func write(_ text: String, willPage: () -> Void) {
    switch state {
    case .passedOn(let send): send(text)
    case .held(let held, let heldRows):
      let (all, rows) = (held + text, heldRows + self.rows(of: text))
      // The last row of the screen is for the shell's prompt.
      guard rows >= self.rows else {
        state = .held(all, rows: rows)
        return
      }
      willPage()
      pager = startPager()
      let send = pager?.send ?? direct
      state = .passedOn(send)
      send(all)
    }
  }

  /// Ends the page: prints what was held back, or waits until the reader leaves the pager.
  func finish() {
    if case .held(let text, _) = state { direct(text) }
    state = .passedOn(direct)
    pager?.finish()
  }

  /// How many rows of the screen the lines of a text take.
  private func rows(of text: String) -> Int {
    text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .reduce(0) { $0 + max(1, ($1.columns + columns - 1) / columns) }
  }
}

/// A pager at work.
struct Pager {
  /// Hands it a text.
  let send: (String) -> Void
  /// Tells it that there is no more, and waits until the reader leaves it.
  let finish: () -> Void
}

extension Pager {
  /// Starts a command; nil if there is no such program.
  ///
  /// If the reader leaves it early, this process ends, as it does when a pipe is closed.
  init?(_ command: PagerCommand) {
    guard let (process, input) = spawn(command) else { return nil }
    runningPager.store(process, ordering: .relaxed)
    pagerInput.store(input, ordering: .relaxed)
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      waitForEnd(of: process)
      runningPager.store(0, ordering: .relaxed)
      if pagerInput.load(ordering: .relaxed) >= 0 { kill(getpid(), SIGPIPE) }
      ended.signal()
    }
    // This fails only if the reader has left, and then the process ends by a signal.
    send = { try? StandardStream(name: "the pager", descriptor: input).send($0) }
    finish = {
      // From here on Ctrl-C is for the pager.
      signal(SIGINT, SIG_IGN)
      closePagerInput()
      ended.wait()
    }
  }
}

/// The number of the pager's process while it runs; otherwise 0.
private let runningPager = Atomic<pid_t>(0)
/// The end of the pipe that the pager reads from; −1 once it is closed.
private let pagerInput = Atomic<Int32>(-1)

private func closePagerInput() {
  let input = pagerInput.exchange(-1, ordering: .relaxed)
  if input >= 0 { close(input) }
}

private func waitForEnd(of process: pid_t) {
  // An error means that another thread has seen the end.
  while waitpid(process, nil, 0) < 0, errno == EINTR {}
}

/// Waits until the reader leaves the pager, before this process ends. Otherwise the pager and the
/// shell would compete for the keyboard.
///
/// A handler of signals may call it. Returns whether there was a pager.
func leavePager() -> Bool {
  let process = runningPager.load(ordering: .relaxed)
  guard process > 0 else { return false }
  closePagerInput()
  waitForEnd(of: process)
  return true
}

/// Starts a process in this one's group, so that it may read the keyboard, with a pipe as its standard
/// input. (Foundation's processes get groups of their own.)
private func spawn(_ command: PagerCommand) -> (process: pid_t, input: Int32)? {
  var ends: [Int32] = [-1, -1]
  guard unsafe pipe(&ends) == 0 else { return nil }
  defer { close(ends[0]) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
  #else
    var actions = unsafe posix_spawn_file_actions_t()
  #endif
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
  let words = unsafe command.words.map { unsafe strdup($0) } + [nil]
  let variables = unsafe command.variables.map { unsafe strdup("\($0)=\($1)") } + [nil]
  defer { unsafe (words + variables).forEach { unsafe free($0) } }
  var process: pid_t = 0
  guard unsafe posix_spawnp(&process, words[0]!, &actions, nil, words, variables) == 0 else {
    close(ends[1])
    return nil
  }
  return (process, ends[1])
}

extension PagedOutput {
  /// The output of this process; nil if it is not a terminal, or if the environment wants no pager.
  convenience init?(_ environment: LaunchEnvironment, direct: @escaping (String) -> Void) {
    guard let columns = environment.terminalColumns, let rows = environment.terminalRows,
      let command = PagerCommand(environment.variables)
    else { return nil }
    self.init(rows: rows, columns: columns, direct: direct) { Pager(command) }
  }
}
