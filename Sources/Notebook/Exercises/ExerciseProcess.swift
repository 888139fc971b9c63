@preconcurrency import Foundation
import Files

/// How an exercise went in a process of its own.
struct ExerciseReport {
  let exercise: Exercise
  let verdict: Verdict
  /// What the student's function wrote, to standard output or error.
  let printed: Transcript
  let seconds: Double
}

/// Runs exercises in processes of their own, so that whatever a student's function does happens to
/// nothing else.
///
/// The child's standard input is a file without a name. The parent writes a nonce into it; the
/// child adds its verdict, with the nonce, when it has come to the end of the check. Anything else
/// that may lie there, or how calmly the child ended, is no proof.
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
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }

    let start = ContinuousClock.now
    try process.run()
    try pipe.fileHandleForWriting.close()
    let (printed, hasEnded) = record(
      pipe.fileHandleForReading, until: end, deadline: start + .seconds(timeLimit))
    // The child leads a process group: with it goes whatever it has started.
    kill(-process.processIdentifier, SIGKILL)
    let seconds = (ContinuousClock.now - start) / .seconds(1)

    let verdict: Verdict
    if !hasEnded {
      kill(process.processIdentifier, SIGKILL)
      let limit = timeLimit.rounded() == timeLimit ? "\(Int(timeLimit))" : "\(timeLimit)"
      verdict = Verdict(.stopped, "It took longer than \(limit) s. Is there a loop without end?")
    } else if process.terminationReason == .uncaughtSignal {
      verdict = Verdict(.stopped, printed.cause(ofSignal: process.terminationStatus))
    } else {
      verdict =
        proof(in: channel, nonce: nonce)
        ?? Verdict(
          .stopped,
          "It ended by itself with exit(\(process.terminationStatus)) before the check had finished."
        )
    }
    return ExerciseReport(
      exercise: exercise, verdict: verdict, printed: printed, seconds: seconds)
  }

  /// Reads what a child writes as it comes, so that no flood holds up the child or fills the
  /// memory, until the child has ended or its time is over.
  private func record(
    _ output: FileHandle, until end: DispatchSemaphore, deadline: ContinuousClock.Instant
  ) -> (Transcript, hasEnded: Bool) {
    var transcript = Transcript()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var item = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
    var hasEnded = false
    while ContinuousClock.now < deadline {
      // A grandchild may keep the pipe open, so its end is not waited for: it is enough that the
      // child has ended and that nothing is left to read.
      guard poll(&item, 1, hasEnded ? 0 : 10) > 0 else {
        if hasEnded { return (transcript, true) }
        hasEnded = end.wait(timeout: .now()) == .success
        continue
      }
      let count = read(item.fd, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 {
        let rest = (deadline - ContinuousClock.now) / .seconds(1)
        return (transcript, hasEnded || end.wait(timeout: .now() + rest) == .success)
      }
      transcript.append(buffer[..<count])
    }
    return (transcript, hasEnded)
  }

  /// Has the runtime say where a program trapped.
  private static let traces = [
    "SWIFT_BACKTRACE":
      "enable=yes,color=no,interactive=no,threads=crashed,images=none,registers=none,sanitize=no"
  ]

  /// The verdict that the child left, if it came to the end.
  private func proof(in channel: FileHandle, nonce: String) -> Verdict? {
    // What is longer than any verdict is none.
    guard (try? channel.seek(toOffset: 0)) != nil,
      let data = try? channel.read(upToCount: 1 << 20),
      let line = data.split(separator: UInt8(ascii: "\n")).dropFirst().first,
      let proof = try? JSONDecoder().decode(Proof.self, from: line), proof.nonce == nonce
    else { return nil }
    return proof.verdict
  }
}

/// What the child shows for having come to the end.
private struct Proof: Codable {
  let nonce: String
  let verdict: Verdict
}

extension Exercise {
  /// Checks the exercise as the child of an ``ExerciseProcess``, and ends the process.
  ///
  /// - Throws: `UsageError` if there is no such parent.
  func proveToParent(timeLimit: Double) throws -> Never {
    // Only a file can be sought in: neither a terminal nor a pipe.
    guard lseek(STDIN_FILENO, 0, SEEK_CUR) == 0,
      let data = try? FileHandle.standardInput.readToEnd(), !data.isEmpty
    else { throw UsageError("--child is for the program itself") }
    let nonce = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)

    setpgid(0, 0)
    // If the parent is killed, nobody else ends this process.
    alarm(UInt32(timeLimit.rounded(.up)) + 1)
    // A trap would take with it what still stands in a buffer.
    setvbuf(stdout, nil, _IOLBF, 0)
    // The student's function finds nothing to read, and can close nothing that matters.
    let channel = dup(STDIN_FILENO)
    let nothing = open("/dev/null", O_RDONLY)
    dup2(nothing, STDIN_FILENO)
    close(nothing)

    let verdict = verdict()
    fflush(nil)
    let proof = try JSONEncoder().encode(Proof(nonce: nonce, verdict: verdict))
    try FileHandle(fileDescriptor: channel).write(contentsOf: proof + "\n".utf8)
    // Without the student's handlers of `exit`.
    _exit(0)
  }
}

/// A file that nobody else can open and that is gone when the last process closes it.
private func unnamedFile(containing text: String) throws(FileError) -> FileHandle {
  let path = NSTemporaryDirectory() + "/exercise-" + UUID().uuidString
  let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else {
    throw FileError(.write, path, String(cString: strerror(errno)))
  }
  unlink(path)
  let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  do {
    try file.write(contentsOf: Data(text.utf8))
    try file.seek(toOffset: 0)
  } catch {
    throw FileError(.write, path, error.localizedDescription)
  }
  return file
}
