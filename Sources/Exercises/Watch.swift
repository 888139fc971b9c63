import Files
@unsafe @preconcurrency import Foundation
import Notebook

/// `exercises watch`: builds and checks a chapter whenever the student's file changes, and shows
/// the verdict on the first exercise that does not pass.
///
/// The running program is the old build. The new one checks the exercises, as a child with
/// `--json`.
struct Watch {
  /// The programs that it runs, with their arguments.
  struct Commands {
    /// Builds the chapter.
    let build: [String]
    /// Checks the chapter, and writes the results as JSON.
    let check: [String]
    /// The same for the other chapters, in order; nil for those that are not built.
    let others: [(chapter: String, check: [String]?)]
  }

  private enum Work {
    case build, check
    case other(Int)
  }

  private let commands: Commands
  private let renderer: TerminalRenderer
  private let input: Int32
  private let write: (String) -> Void
  private var state: WatchState
  private var job: (work: Work, process: BackgroundJob)?
  private var queue: [Work] = []
  /// What the student's file held when the last build began.
  private var builtText: String?
  private var lastScreen: [String] = []

  /// - Parameters:
  ///   - input: Where the keys come from.
  ///   - write: Where the screen goes.
  init(
    place: ChapterPlace, exercises: [Exercise], commands: Commands, renderer: TerminalRenderer,
    input: Int32, write: @escaping (String) -> Void
  ) {
    self.commands = commands
    self.renderer = renderer
    self.input = input
    self.write = write
    state = WatchState(place: place, exercises: exercises)
    state.others = commands.others.map { ($0.chapter, $0.check == nil ? .notBuilt : .unknown) }
  }

  /// Watches until a key ends it or the keys come to their end.
  mutating func run() throws {
    builtText = try state.place.studentText()
    restart()
    while true {
      draw()
      var items = [pollfd(fd: input, events: Int16(POLLIN), revents: 0)]
      if let job {
        items.append(pollfd(fd: job.process.descriptor, events: Int16(POLLIN), revents: 0))
      }
      unsafe poll(&items, nfds_t(items.count), 100)
      if items[0].revents != 0, !react() { break }
      if let job {
        if let result = job.process.poll() {
          self.job = nil
          try finish(job.work, result)
        } else if [.building, .queued].contains(state.activity) {
          state.activity = waitsForOther(job.process.output) ? .queued : .building
        }
      }
      noticeChange()
      try startNext()
    }
    job?.process.stop()
  }

  // MARK: - Work

  /// Begins again with a build.
  private mutating func restart() {
    queue = [.build]
    // A build is left to end, so that it does not leave half a build behind. A check is not.
    if let job, case .build = job.work { return }
    job?.process.stop()
    job = nil
  }

  /// Builds again once the file has changed.
  private mutating func noticeChange() {
    guard let text = try? state.place.studentText(), text != builtText else { return }
    // An editor may be in the middle of writing.
    guard !text.isEmpty else { return }
    builtText = text
    restart()
  }

  private mutating func startNext() throws {
    guard job == nil, !queue.isEmpty else { return }
    let work = queue.removeFirst()
    let command: [String]
    switch work {
    case .build: (command, state.activity) = (commands.build, .building)
    case .check: (command, state.activity) = (commands.check, .checking)
    case .other(let index):
      (command, state.activity) = (commands.others[index].check ?? [], .nothing)
    }
    let isBuild = if case .build = work { true } else { false }
    do {
      job = (
        work,
        try BackgroundJob(command, folder: isBuild ? state.place.root : nil, mergesErrors: isBuild)
      )
    } catch {
      throw FileError(.read, command[0], "it cannot be started: \(systemReason(of: error))")
    }
  }

  /// Takes in what a job has found out.
  private mutating func finish(_ work: Work, _ result: BackgroundJob.Result) throws {
    state.activity = .nothing
    let output = withoutColors(String(decoding: result.output, as: UTF8.self))
    switch work {
    case .build where result.status == 0:
      queue = queue.isEmpty ? [.check] : queue
    case .build:
      let complaints = buildComplaints(
        in: output, source: builtText ?? "", functions: state.exercises.map(\.function))
      state.complaints = complaints
      state.trouble =
        complaints.isEmpty
        ? "swift build failed: " + output.split(separator: "\n").suffix(3).joined(separator: " ")
        : nil
    case .check:
      do {
        state.update(try JSONDecoder().decode([ResultRow].self, from: result.output))
        state.trouble = nil
      } catch {
        state.trouble = "The check ended without a result. Press r to run it again."
      }
      queue += state.others.indices.filter { state.others[$0].standing == .unknown }.map(Work.other)
    case .other(let index):
      // Its program may be an older build, but it has always told the status.
      struct Row: Decodable { let status: Verdict.Status }
      let rows = try? JSONDecoder().decode([Row].self, from: result.output)
      state.others[index].standing =
        rows.map { .counted(passed: $0.count { $0.status == .passed }, of: $0.count) } ?? .notBuilt
    }
  }

  /// Whether the last thing that a build has said is that it waits for another one.
  private func waitsForOther(_ output: Data) -> Bool {
    let lines = output.split(separator: UInt8(ascii: "\n"))
    return lines.last.map { String(decoding: $0, as: UTF8.self) }?
      .contains("Another instance of SwiftPM") ?? false
  }

  // MARK: - Keys and screen

  /// Does what the keys say that have arrived.
  ///
  /// - Returns: Whether to go on.
  private mutating func react() -> Bool {
    var keys = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(input, &keys, keys.count)
    if count < 0 && errno == EINTR { return true }
    guard count > 0 else { return false }
    for key in keys[..<count] {
      switch key {
      // Ctrl-C and Ctrl-D.
      case UInt8(ascii: "q"), 3, 4: return false
      case UInt8(ascii: "h"): state.showHint()
      case UInt8(ascii: "n"): state.skip()
      case UInt8(ascii: "r"): restart()
      default: break
      }
    }
    return true
  }

  private mutating func draw() {
    let screen = renderer.screen(state)
    guard screen != lastScreen else { return }
    lastScreen = screen
    // To the top left corner, and nothing below.
    write("\u{1B}[H\u{1B}[2J" + screen.joined(separator: "\n") + "\n")
  }
}

extension ExercisesCommand {
  /// Watches on the terminal of this process.
  func watch(
    _ request: ExercisesRequest, _ renderer: TerminalRenderer, _ environment: LaunchEnvironment,
    output: @escaping (String) -> Void
  ) throws -> ExitStatus {
    guard environment.terminalColumns != nil, let terminal = RawTerminal(STDIN_FILENO) else {
      throw UsageError(
        "watch needs a terminal; to check once: swift run \(place.chapter) \(Self.name)")
    }
    defer { terminal.restore() }
    let program = URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath()
    var watch = Watch(
      place: place, exercises: exercises,
      commands: .init(program: program, place: place, timeLimit: request.timeLimit),
      renderer: renderer, input: STDIN_FILENO, write: output)
    try watch.run()
    return .success
  }
}

extension Watch.Commands {
  /// The commands for a chapter's program, which is built again as it was built before.
  init(program: URL, place: ChapterPlace, timeLimit: Double) {
    let folder = program.deletingLastPathComponent()
    let isRelease = folder.lastPathComponent.lowercased().hasPrefix("release")
    let scratch = folder.deletingLastPathComponent().deletingLastPathComponent().path
    let isUsual = program.path.hasPrefix(place.absolute(".build/"))
    let check = { (program: URL) in
      [program.path, ExercisesCommand.name, "--json", "--time-limit", "\(timeLimit)"]
    }
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: place.absolute("Chapters"))) ?? []
    let others = names.filter { $0.hasPrefix("Ch") && $0 != place.chapter }.sorted()
    self.init(
      build: ["/usr/bin/env", "swift", "build", "--product", place.chapter]
        + (isRelease ? ["-c", "release"] : []) + (isUsual ? [] : ["--scratch-path", scratch]),
      check: check(program),
      others: others.map { name in
        let other = folder.appending(path: name)
        let isBuilt = FileManager.default.isExecutableFile(atPath: other.path)
        return (name, isBuilt ? check(other) : nil)
      })
  }
}
