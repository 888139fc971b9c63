@unsafe @preconcurrency import Foundation
import Notebook

/// How a student's function answered a question, on its way out of the process that it ran in.
enum Reply: Codable {
  case numbers(shape: [Int], isRagged: Bool, values: [Double])
  case notStarted(place: String)
  case failure(String)

  /// No known answer has more numbers than this, so only the shape of a longer one matters.
  static let mostNumbers = 10_000

  init(to question: Question) {
    do {
      let answer = try question.answer()
      self = .numbers(
        shape: answer.shape, isRagged: answer.isRagged,
        values: answer.values.count > Self.mostNumbers ? [0] : answer.values)
    } catch let error as NotStarted {
      self = .notStarted(place: error.place)
    } catch {
      // Only the beginning, in case the student's error has a long description.
      self = .failure(String("\(error)".prefix(500)))
    }
  }

  /// What the student's function returned or threw.
  func answer() throws -> Answer {
    switch self {
    case .numbers(let shape, let isRagged, let values):
      return Answer(shape: shape, values: values, isRagged: isRagged)
    case .notStarted(let place): throw NotStarted(place: place)
    case .failure(let reason): throw StudentError(description: reason)
    }
  }

  /// Whether nothing more is asked after this reply.
  var isLast: Bool {
    guard case .numbers(let shape, _, _) = self else { return true }
    return Self.count(shape) > Double(Self.mostNumbers)
  }

  /// Whether there are as many numbers as the shape says. It takes code that sets out to deceive to
  /// reply otherwise.
  var isSound: Bool {
    guard case .numbers(let shape, _, let values) = self, !isLast else { return true }
    return shape.allSatisfy { $0 >= 0 } && Self.count(shape) == Double(values.count)
  }

  private static func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }

  /// Several as a text. JSON has no numbers that are not finite, but such answers occur.
  static func encoded(_ replies: [Reply]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(replies)
  }

  static func decoded(_ data: Data) throws -> [Reply] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode([Reply].self, from: data)
  }
}

private struct StudentError: Error, CustomStringConvertible { let description: String }

extension Exercise {
  /// The verdict on what the student's function replied, or nil if replies are missing.
  func verdict(on replies: [Reply]) -> Verdict? {
    guard replies.count <= questions.count, replies.allSatisfy(\.isSound),
      replies.count == questions.count || replies.last?.isLast ?? false
    else { return nil }
    var exercise = self
    for (index, reply) in replies.enumerated() {
      exercise.questions[index].answer = reply.answer
    }
    return exercise.verdict()
  }

  /// Calls the student's function as the child of an ``ExerciseProcess``, hands the replies to the
  /// parent, and ends the process.
  ///
  /// - Throws: `UsageError` if there is no such parent.
  func replyToParent(timeLimit: Double) throws -> Never {
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw UsageError("--child is for the program itself")
    }
    setpgid(0, 0)
    endGroup(withReaderOf: STDOUT_FILENO)
    alarm(UInt32(timeLimit.rounded(.up)) + 1)
    limitMemory()
    // A trap would lose any output that is still in a buffer.
    unsafe setvbuf(stdout, nil, _IOLBF, 0)
    // The student's function finds nothing to read, and can close nothing that matters.
    let channel = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    let nothing = unsafe open("/dev/null", O_RDONLY)
    dup2(nothing, STDIN_FILENO)
    close(nothing)

    var replies: [Reply] = []
    for question in questions where replies.last?.isLast != true {
      replies.append(Reply(to: question))
    }
    fflush(nil)
    ftruncate(channel, 0)
    lseek(channel, 0, SEEK_SET)
    try FileHandle(fileDescriptor: channel).write(contentsOf: Reply.encoded(replies))
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

/// How much memory a child may have, in GiB.
let memoryLimit = 2

/// Makes the system refuse this process more than ``memoryLimit``, before it takes all of the
/// machine's memory. On Linux the limit counts everything that can be written to and is not shared,
/// the stacks of threads included.
func limitMemory() {
  let bytes = rlim_t(memoryLimit << 30)
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  // This fails only if the limit is already lower.
  #if canImport(Darwin)
    setrlimit(RLIMIT_DATA, &limit)
  #else
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
  #endif
}
