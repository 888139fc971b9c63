@unsafe @preconcurrency import Foundation
import Notebook

/// What the child of an ``ExerciseProcess`` reports: its verdict, and if that is a pass, the answers.
struct Testimony: Codable {
  /// An answer on its way out of the process: the numbers in row-major order, and their shape.
  struct Numbers: Codable {
    let shape: [Int]
    let values: [Double]
  }

  let verdict: Verdict
  let answers: [Numbers]

  /// As a text. JSON has no numbers that are not finite, but such answers occur.
  var encoded: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try encoder.encode(self)
    }
  }

  init(verdict: Verdict, answers: [Numbers]) {
    self.verdict = verdict
    self.answers = answers
  }

  init(decoding data: Data) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    self = try decoder.decode(Testimony.self, from: data)
  }
}

extension Exercise {
  /// Calls the student's function, and reports how it went.
  func testimony() -> Testimony {
    final class Record { var answers: [Int: Testimony.Numbers] = [:] }
    let record = Record()
    var exercise = self
    for (index, question) in questions.enumerated() {
      exercise.questions[index].answer = {
        let answer = try question.answer()
        // A function may be called again; what counts is what it returned at first.
        if record.answers[index] == nil {
          record.answers[index] = .init(shape: answer.shape, values: answer.values)
        }
        return answer
      }
    }
    let verdict = exercise.verdict()
    let answers = questions.indices.compactMap { record.answers[$0] }
    return Testimony(verdict: verdict, answers: verdict.status == .passed ? answers : [])
  }

  /// The verdict of a testimony, unless it is a pass without the right answers.
  func verdict(confirming testimony: Testimony) -> Verdict? {
    guard testimony.verdict.status == .passed else { return testimony.verdict }
    let isConfirmed =
      testimony.answers.count == questions.count
      && zip(testimony.answers, questions).allSatisfy { $1.isAnswered(by: $0) }
    return isConfirmed ? testimony.verdict : nil
  }

  /// Calls the student's function as the child of an ``ExerciseProcess``, hands the testimony to the
  /// parent, and ends the process.
  ///
  /// - Throws: `UsageError` if there is no such parent.
  func testifyToParent(timeLimit: Double) throws -> Never {
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

    let testimony = testimony()
    fflush(nil)
    ftruncate(channel, 0)
    lseek(channel, 0, SEEK_SET)
    try FileHandle(fileDescriptor: channel).write(contentsOf: testimony.encoded)
    // Skips any handlers of `exit` that the student's code has set.
    _exit(0)
  }
}

extension Question {
  /// Whether the numbers are right, as far as that is known without the student's function.
  fileprivate func isAnswered(by numbers: Testimony.Numbers) -> Bool {
    switch criterion {
    case .judged(let shape, _):
      return numbers.shape == shape && numbers.values.count == shape.reduce(1, *)
        && numbers.values.allSatisfy(\.isFinite)
    case .equal(let known):
      let expected = known.expected()
      let allowance = ComparedAnswer(
        description: description, answer: expected, expected: expected, mistakes: [],
        tolerance: known.tolerance
      ).allowance
      return numbers.shape == expected.shape && numbers.values.count == expected.values.count
        && zip(numbers.values, expected.values).allSatisfy {
          $0 == $1 || abs($0 - $1) <= allowance
        }
    }
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
