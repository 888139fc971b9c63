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
}

/// Runs exercises in processes of their own, so that nothing a student's function does can affect
/// anything else.
///
/// The child's standard input is a file without a name. The parent writes a nonce into it. The
/// child takes the nonce out, and at the end of the check it writes its verdict there together with
/// the nonce. Nothing else proves that the check was completed, not even a normal exit. This keeps
/// accidents from passing. It cannot stop code that sets out to deceive, because that runs in the
/// same process as the check.
struct ExerciseProcess {
  /// How many seconds a child may take.
  let timeLimit: Double
  /// The program and its arguments that check an exercise.
  let command: (Exercise) -> [String]

  func run(_ exercise: Exercise) throws -> ExerciseReport {
    let nonce = UUID().uuidString
    let channel = try unnamedFile(containing: nonce + "\n")
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
      killGroup(of: process)
      kill(process.processIdentifier, SIGKILL)
      let limit = timeLimit.rounded() == timeLimit ? "\(Int(timeLimit))" : "\(timeLimit)"
      verdict = Verdict(.stopped, "It took longer than \(limit) s. Is there an endless loop?")
    case .signal(let signal):
      verdict = Verdict(.stopped, printed.cause(ofSignal: signal))
    case .exit(EX_OSERR):
      verdict = Verdict(.stopped, "It needs more memory than is allowed.")
    case .exit(let status):
      verdict =
        proof(in: channel, nonce: nonce)
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

  /// The verdict that the child left, if it reached the end.
  private func proof(in channel: FileHandle, nonce: String) -> Verdict? {
    // No verdict is as long as this.
    guard (try? channel.seek(toOffset: 0)) != nil,
      let data = try? channel.read(upToCount: 1 << 20),
      let line = data.split(separator: UInt8(ascii: "\n")).last,
      let proof = try? JSONDecoder().decode(Proof.self, from: line), proof.nonce == nonce
    else { return nil }
    return proof.verdict
  }
}

/// How a process ended.
private enum Ending {
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

/// The child's proof that it has reached the end.
private struct Proof: Codable {
  let nonce: String
  let verdict: Verdict
}

extension Exercise {
  /// Checks the exercise as the child of an ``ExerciseProcess``, and ends the process.
  ///
  /// - Throws: `UsageError` if there is no such parent.
  func proveToParent(timeLimit: Double) throws -> Never {
    // Only a file has a position to seek: a terminal or a pipe does not.
    guard lseek(STDIN_FILENO, 0, SEEK_CUR) == 0,
      let data = try? FileHandle.standardInput.readToEnd(), !data.isEmpty
    else { throw UsageError("--child is for the program itself") }
    let nonce = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)

    setpgid(0, 0)
    endGroup(withReaderOf: STDOUT_FILENO)
    alarm(UInt32(timeLimit.rounded(.up)) + 1)
    limitMemory()
    // A trap would lose any output that is still in a buffer.
    unsafe setvbuf(stdout, nil, _IOLBF, 0)
    // The student's function finds nothing to read, and can close nothing that matters.
    let channel = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    ftruncate(channel, 0)
    let nothing = unsafe open("/dev/null", O_RDONLY)
    dup2(nothing, STDIN_FILENO)
    close(nothing)

    let verdict = verdict()
    fflush(nil)
    let proof = try JSONEncoder().encode(Proof(nonce: nonce, verdict: verdict))
    lseek(channel, 0, SEEK_SET)
    try FileHandle(fileDescriptor: channel).write(contentsOf: proof + "\n".utf8)
    // Skips any handlers of `exit` that the student's code has set.
    _exit(0)
  }
}

/// Kills the group of this process once nobody can read the pipe that it writes to. Then the parent
/// has ended, and nobody else would kill it.
func endGroup(withReaderOf descriptor: Int32) {
  let pipe = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
  Thread.detachNewThread {
    // `poll` reports errors even if no events are requested.
    var item = pollfd(fd: pipe, events: 0, revents: 0)
    while unsafe poll(&item, 1, -1) < 1 {}
    if Int32(item.revents) & (POLLERR | POLLHUP) != 0 { kill(0, SIGKILL) }
  }
}

/// Makes the system refuse this process more than 2 GiB, before it takes all of the machine's
/// memory.
func limitMemory() {
  var limit = rlimit(rlim_cur: 2 << 30, rlim_max: 2 << 30)
  // This fails only if the limit is already lower.
  #if canImport(Darwin)
    setrlimit(RLIMIT_DATA, &limit)
  #else
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
  #endif
}

/// A file that nobody else can open and that is gone when the last process closes it.
private func unnamedFile(containing text: String) throws(FileError) -> FileHandle {
  let path = NSTemporaryDirectory() + "/exercise-" + UUID().uuidString
  let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else {
    throw FileError(.write, path, systemReason())
  }
  unsafe unlink(path)
  let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  do {
    try file.write(contentsOf: Data(text.utf8))
    try file.seek(toOffset: 0)
  } catch {
    throw FileError(.write, path, systemReason(of: error))
  }
  return file
}
