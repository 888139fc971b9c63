import Files
@unsafe @preconcurrency import Foundation
import Notebook

/// How an exercise went in a process of its own.
struct ExerciseReport {
  let exercise: Exercise
  let verdict: Verdict
  /// What the student's function wrote, to standard output or error.
  let printed: Transcript
  let seconds: Double
  /// The exercises that this one needs and that have not passed, if it has not passed either.
  var needs: [String] = []

  /// The reason, and what to do first.
  var message: String {
    [verdict.message, needs.isEmpty ? "" : sentence(onNeeds: needs)]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// "Needs `log-mean-exp` first."
func sentence(onNeeds ids: [String]) -> String {
  let names = ids.map { "`\($0)`" }
  let list = [names.dropLast().joined(separator: ", "), names.last ?? ""]
  return "Needs \(list.filter { !$0.isEmpty }.joined(separator: " and ")) first."
}

/// Runs exercises in processes of their own, so that nothing a student's function does can affect
/// anything else.
///
/// The child's standard input is a file without a name. The child puts its verdict there, and for a
/// pass the answers as well, which the parent compares with the right ones. Nothing else counts,
/// not even a normal exit, so a function cannot pass without the right answers. Where it has them
/// from is another matter, and what is measured beside an answer is not compared again.
struct ExerciseProcess {
  /// How many seconds a child may take.
  let timeLimit: Double
  /// The program and its arguments that check an exercise.
  let command: (Exercise) -> [String]

  func run(_ exercise: Exercise) throws -> ExerciseReport {
    let channel = try unnamedFile()
    let command = command(exercise)
    let pipe = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(Self.traces) { $1 }
    process.standardInput = channel
    process.standardOutput = pipe
    process.standardError = pipe

    let start = ContinuousClock.now
    do {
      try process.run()
    } catch {
      throw FileError(.read, command[0], "it cannot be started: \(systemReason(of: error))")
    }
    try pipe.fileHandleForWriting.close()
    let (printed, ending) = record(
      pipe.fileHandleForReading, of: process, deadline: start + .seconds(timeLimit))
    let seconds = (ContinuousClock.now - start) / .seconds(1)

    let verdict: Verdict
    switch ending {
    case nil:
      let memory = residentMemory(of: process.processIdentifier)
      killGroup(of: process)
      kill(process.processIdentifier, SIGKILL)
      verdict = Verdict(.stopped, overtime(limit: timeLimit, memory: memory))
    case .signal(let signal):
      verdict = Verdict(.stopped, printed.cause(ofSignal: signal))
    case .exit(EX_OSERR):
      verdict = Verdict(.stopped, printed.causeOfRefusedMemory)
    case .exit(let status):
      verdict =
        testimony(in: channel).flatMap(exercise.verdict(confirming:))
        ?? Verdict(
          .stopped, "It ended by itself with exit(\(status)) before the check had finished.")
    }
    return ExerciseReport(
      exercise: exercise, verdict: verdict, printed: printed, seconds: seconds)
  }

  /// Reads the child's output as it comes, until the child has ended or its time is over. A flood
  /// of output neither blocks the child nor fills the memory.
  private func record(
    _ output: FileHandle, of process: Process, deadline: ContinuousClock.Instant
  ) -> (Transcript, Ending?) {
    var transcript = Transcript()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var item = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
    var ending: Ending?
    while ContinuousClock.now < deadline {
      // A grandchild may keep the pipe open, so its end is not waited for: it is enough that the
      // child has ended and that nothing is left to read.
      if ending == nil {
        ending = Ending(of: process)
        if ending != nil { killGroup(of: process) }
      }
      guard unsafe poll(&item, 1, ending == nil ? 10 : 0) > 0 else {
        if ending != nil { break }
        continue
      }
      let count = unsafe read(item.fd, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count > 0 {
        transcript.append(buffer[..<count])
      } else {
        // The child has closed its streams: `poll` just waits from now on.
        item.fd = -1
      }
    }
    return (transcript, ending)
  }

  /// The child leads a process group, and what it starts belongs to it unless it gets a group of its
  /// own, as Foundation's processes do.
  private func killGroup(of process: Process) {
    kill(-process.processIdentifier, SIGKILL)
  }

  /// Makes the runtime say where a program trapped.
  private static let traces = [
    "SWIFT_BACKTRACE":
      "enable=yes,color=no,interactive=no,threads=crashed,images=none,registers=none,sanitize=no"
  ]

  /// What the child left, if it reached the end.
  private func testimony(in channel: FileHandle) -> Testimony? {
    // No testimony is as long as this.
    guard (try? channel.seek(toOffset: 0)) != nil,
      let data = try? channel.read(upToCount: 1 << 24)
    else { return nil }
    return try? Testimony(decoding: data)
  }
}

/// Why a child was stopped that ran longer than it may.
///
/// - Parameter memory: How many bytes it had then.
func overtime(limit: Double, memory: Int) -> String {
  let seconds = limit.rounded() == limit ? "\(Int(limit))" : "\(limit)"
  return "It took longer than \(seconds) s"
    + (memory > 1 << 28
      ? " and used \(amount(memory)) of memory. Does an array grow in an endless loop?"
      : ". Is there an endless loop?")
}

/// How many bytes of memory a process holds; 0 if the system does not say.
func residentMemory(of process: pid_t) -> Int {
  let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
  return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 << 10 } ?? 0
}

/// How a process ended.
enum Ending {
  case exit(Int32)
  case signal(Int32)

  /// Nil while the process runs.
  ///
  /// This asks the system, because on Linux Foundation considers a process to be running until
  /// every process that it has started has ended too.
  init?(of process: Process) {
    var info = unsafe siginfo_t()
    if unsafe waitid(P_PID, id_t(process.processIdentifier), &info, WEXITED | WNOHANG | WNOWAIT)
      == 0
    {
      guard unsafe info.si_signo != 0 else { return nil }
      #if canImport(Darwin)
        let status = info.si_status
      #else
        let status = unsafe info._sifields._sigchld.si_status
      #endif
      self = unsafe info.si_code == CLD_EXITED ? .exit(status) : .signal(status)
    } else {
      // Foundation has already collected the status.
      process.waitUntilExit()
      let status = process.terminationStatus
      self = process.terminationReason == .exit ? .exit(status) : .signal(status)
    }
  }
}

/// A file that nobody else can open and that is gone when the last process closes it.
private func unnamedFile() throws(FileError) -> FileHandle {
  let path = NSTemporaryDirectory() + "/exercise-" + UUID().uuidString
  let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else {
    throw FileError(.write, path, systemReason())
  }
  unsafe unlink(path)
  return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
}
