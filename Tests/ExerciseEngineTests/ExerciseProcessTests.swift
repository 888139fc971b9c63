import Files
import Foundation
import Testing

@testable import Exercises
@testable import Notebook

/// An exercise whose right answer is 1, and then any number.
private var exercise: Exercise {
  var comparison = Comparison<Double, Double>(of: { _ in try todo() }) { $0 }
  comparison.ask("one", 1)
  return Exercise("one", "One", minutes: 1, hints: ["Count."], comparison)
    .judged("any", answer: { 0 as Double }) { _ in nil }
}

/// What a shell script does to come through as a child whose function returned the right answer.
private let proof = testify("passed", answers: "[1],[7]")

/// What a shell script does to come through as a child with a verdict and answers.
private func testify(_ status: String, _ message: String = "", answers: String = "") -> String {
  let numbers = answers.split(separator: ",").map { #"{"shape":[],"values":\#($0)}"# }
    .joined(separator: ",")
  return #"printf '{"verdict":{"status":"\#(status)","message":"\#(message)"},"#
    + #""answers":[\#(numbers)]}' >&0"# + "\n"
}

/// The report on a shell script in the place of the child.
private func run(_ script: String, timeLimit: Double = 60) throws -> ExerciseReport {
  try ExerciseProcess(timeLimit: timeLimit) { _ in ["/bin/sh", "-c", script] }.run(exercise)
}

@Test("A child that reports success with the right answers has passed")
func aProofPasses() throws {
  #expect(try run(proof).verdict == Verdict(.passed, ""))
  #expect(try run(testify("passed", answers: "[1.0000000000001],[7]")).verdict.status == .passed)
}

@Test("Another verdict and its message reach the parent")
func theVerdictAndItsMessageComeThrough() throws {
  #expect(try run(testify("wrong", "Not so.")).verdict == Verdict(.wrong, "Not so."))
  #expect(try run(testify("not started", "Soon.")).verdict == Verdict(.notStarted, "Soon."))
}

@Test("A testimony holds the first answer to each question, and only if all are right")
func testimony() throws {
  func exercise(_ answer: @escaping (Double) throws -> [Double]) -> Exercise {
    var comparison = Comparison<Double, [Double]>(of: answer) { [$0, -.infinity] }
    comparison.ask("three", 3)
    comparison.ask("four", 4)
    return Exercise("id", "Title", minutes: 1, hints: ["A hint."], comparison)
  }
  var calls = 0.0
  let right = exercise {
    calls += 1
    return [$0 + 1e-13 * calls, -.infinity]
  }
  let testimony = try Testimony(decoding: right.testimony().encoded)
  #expect(testimony.verdict == .passed)
  #expect(testimony.answers.allSatisfy { $0.shape == [2] })
  let first: [[Double]] = [[3 + 1e-13, -.infinity], [4 + 2e-13, -.infinity]]
  #expect(testimony.answers.map(\.values) == first)
  #expect(right.verdict(confirming: testimony) == .passed)
  let other = exercise { [$0] }
  #expect(other.testimony().answers.isEmpty)
  #expect(other.verdict(confirming: other.testimony())?.status == .wrong)
  let forged = Testimony(verdict: .passed, answers: Array(testimony.answers.reversed()))
  #expect(right.verdict(confirming: forged) == nil)
}

@Test("A child that ends without a verdict has not passed")
func aCalmEndProvesNothing() throws {
  #expect(
    try run("exit 0").verdict
      == Verdict(.stopped, "It ended by itself with exit(0) before the check had finished."))
  #expect(
    try run("exit 3").verdict
      == Verdict(.stopped, "It ended by itself with exit(3) before the check had finished."))
}

@Test(
  "A child that reports success without the right answers has not passed",
  arguments: [
    testify("passed"), testify("passed", answers: "[2],[7]"), testify("passed", answers: "[1]"),
    testify("passed", answers: "[1],[7],[1]"), testify("passed", answers: "[1],[]"),
    testify("passed", answers: "[1, 1],[7]"), testify("passed", answers: "[1],[\"nan\"]"),
    testify("passed", answers: "[1],[7]").replacing(#""shape":[]"#, with: #""shape":[1]"#),
    testify("well enough", answers: "[1],[7]"), "echo passed >&0", proof + proof,
    "head -c 30000000 /dev/zero >&0",
  ])
func aForgedProofProvesNothing(script: String) throws {
  #expect(try run(script).verdict.status == .stopped)
}

@Test("A child that a signal ended is described in words")
func aSignalIsToldInWords() throws {
  #expect(
    try run("kill -SEGV $$").verdict.message
      == "It used memory that is not its own, or ran out of stack, as a function that calls itself "
      + "without end does.")
  #expect(try run("kill -KILL $$").verdict.message.hasPrefix("It was killed"))
  #expect(try run("kill -FPE $$").verdict.message.hasPrefix("It was ended by signal 8 ("))
  // Not even after a proof: what ends so has not ended where the check does.
  #expect(try run(proof + "kill -ILL $$").verdict == Verdict(.stopped, "It trapped."))
}

@Test("If Swift's runtime stops the child, the message says where")
func theRuntimeSaysWhereItTrapped() throws {
  let report = try run(
    """
    echo mine
    cat >&2 <<'END'
    Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range

    *** Signal 4: Backtracing from 0x7f605b76df7f... done ***

    2 [ra] 0x00007f605bf2df65 Array.subscript.getter + 84 in libswiftSwiftOnoneSupport.so
    3 [ra] 0x0000556c81507180 f(_:_:) + 47 in Ch01 at /home/me/Exercises.swift:12:40
    4 [ra] 0x0000556c81507180 g(_:_:) + 47 in Ch01 at /home/me/Exercises.swift:15:1
    END
    kill -ILL $$
    """)
  #expect(
    report.verdict
      == Verdict(.stopped, "It trapped: Index out of range, at Exercises.swift:12."))
  #expect(report.printed.lines == ["mine"])
}

@Test("Only a function within a function within a function is said to run out of stack")
func badAccess() throws {
  func message(depth: Int) throws -> String {
    try run(
      """
      printf '\\n*** Signal 11: Backtracing from 0x7f605b76df7f... done ***\\n\\n'
      printf '0      0x000055be6b0e6b42 f(_:) + 23 in Ch01 at /home/me/Exercises.swift:12:40\\n'
      seq \(depth) | while read n; do
        printf '%s [ra] 0x000055be6b0e6b42 f(_:) + 23 in Ch01 at /home/me/Exercises.swift:12:40\\n' $n
      done
      kill -SEGV $$
      """
    ).verdict.message
  }
  #expect(
    try message(depth: 4) == "It used memory that is not its own, at Exercises.swift:12.")
  #expect(
    try message(depth: 60)
      == "It ran out of stack, as a function that calls itself without end does, "
      + "at Exercises.swift:12.")
}

@Test("A function that needs too much memory is told so")
func tooMuchMemory() throws {
  // The kernels end a process in their own way, the runtime aborts it.
  let atOnce = "It asked for 4.4 GB of memory at once; 2 GiB are allowed."
  #expect(
    try run("echo 'Error: no memory left for an array of 4429184960 bytes.'; exit 71").verdict
      .message
      == atOnce)
  func message(_ output: String, signal: Int32 = SIGABRT) -> String {
    var printed = Transcript()
    printed.append(Array(output.utf8)[...])
    return printed.cause(ofSignal: signal)
  }
  let trace = "\n\n*** Signal 6: Backtracing from 0x7f"
  #expect(
    message("Fatal error: failed to allocate 4429184960 bytes of memory with alignment 8" + trace)
      == atOnce)
  #expect(
    message("Fatal error: failed to allocate 42 bytes of memory with alignment 8" + trace)
      .hasPrefix("It needs more memory than the 2 GiB that are allowed. Does an array grow"))
  #expect(message("") == "It aborted, perhaps for lack of memory.")
  // Where the library does not look whether it got the memory.
  #expect(
    message(
      """

      *** Signal 11: Backtracing from 0x7f477320a5c0... done ***

      0      0x00007f477320a5c0 specialized Array.init(repeating:count:) + 112 in libswift.so
      1 [ra] 0x000055e96f31e187 static Exercises.f(_:) + 70 in Ch02 at /home/me/Exercises.swift:18:20
      """, signal: SIGSEGV)
      == "It used memory that is not its own, at Exercises.swift:18, perhaps because there was no "
      + "memory for what it asked for.")
}

@Test("A testimony reaches the file that the parent has handed over")
func theChildTestifies() async throws {
  let path = NSTemporaryDirectory() + "exercise-tests-" + UUID().uuidString
  try Data(String(repeating: "what stood there before, ", count: 100).utf8)
    .write(to: URL(filePath: path))
  defer { unsafe unlink(path) }
  await #expect(processExitsWith: .success) { [path = path as String] in
    let channel = unsafe open(path, O_RDWR)
    dup2(channel, STDIN_FILENO)
    try Exercise("id", "Title", minutes: 1, hints: ["A hint."])
      .judged("one", answer: { 0.5 }) { _ in nil }
      .testifyToParent(timeLimit: 60)
  }
  let testimony = try Testimony(decoding: Data(contentsOf: URL(filePath: path)))
  #expect(testimony.verdict == .passed && testimony.answers.map(\.values) == [[0.5]])
}

#if os(Linux)
  // Elsewhere the system may not hold a process to the limit.
  @Test("A child gets no more than two gibibytes")
  func theLimitHolds() async {
    await #expect(processExitsWith: .success) {
      limitMemory()
      guard [UInt8](repeating: 1, count: 1 << 20).count == 1 << 20 else { exit(1) }
    }
    await #expect(processExitsWith: .signal(SIGABRT)) {
      limitMemory()
      guard [UInt8](repeating: 1, count: 2 << 30).count == 1 << 20 else { exit(1) }
    }
    // Many small pieces count as well.
    await #expect(processExitsWith: .signal(SIGABRT)) {
      limitMemory()
      var pieces: [[UInt8]] = []
      while true { pieces.append(Array(repeating: 1, count: 64 << 20)) }
    }
  }
#endif

@Test("A process ends when nobody is left to read what it writes", .timeLimit(.minutes(15)))
func orphans() async {
  await #expect(processExitsWith: .signal(SIGKILL)) {
    setpgid(0, 0)
    // It is not the clock of the exercise that ends it.
    alarm(0)
    let pipe = Pipe()
    endGroup(withReaderOf: pipe.fileHandleForWriting.fileDescriptor)
    usleep(100_000)
    try pipe.fileHandleForReading.close()
    while true {}
  }
}

@Test("An endless loop is stopped")
func aLoopIsStopped() throws {
  let report = try run(proof + "while :; do :; done", timeLimit: 0.5)
  #expect(
    report.verdict
      == Verdict(.stopped, "It took longer than 0.5 s. Is there an endless loop?"))
  #expect(report.seconds >= 0.5)
}

@Test("If an endless loop has filled the memory, that is said")
func aGreedyLoop() {
  #expect(
    overtime(limit: 5, memory: 700_000_000)
      == "It took longer than 5 s and used 700.0 MB of memory. Does an array grow in an endless loop?"
  )
  #expect(overtime(limit: 0.5, memory: 9) == "It took longer than 0.5 s. Is there an endless loop?")
  #if os(Linux)
    #expect(residentMemory(of: getpid()) > 1_000_000)
  #endif
}

@Test("Output without end is cut short")
func aFloodIsCutShort() throws {
  let report = try run(proof + "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo end >&2")
  #expect(report.verdict.status == .passed)
  #expect(
    report.printed.lines == [String(repeating: "x", count: 2000), "… and 100.0 MB more"])
}

@Test("Printed text cannot forge a verdict or control the terminal")
func whatIsPrintedIsNoProofAndObeysNobody() throws {
  let report = try run("printf 'a\\033[31mb\\r\\tc\\n\\n\\377d'; echo e >&2; " + proof)
  #expect(report.verdict.status == .passed)
  #expect(report.printed.lines == [#"a\u{1B}[31mb"#, "\tc", "", "\u{FFFD}de"])
}

@Test("An exercise that closes its standard streams still gets its verdict")
func closedStreamsHideNothing() throws {
  let report = try run("exec 1>&- 2>&-; echo lost; " + proof)
  #expect(report.verdict.status == .passed)
  #expect(report.printed.lines.isEmpty)
}

@Test(
  "A right answer that leaves a process behind is right, and takes no longer",
  arguments: [
    "sleep 60 & ", "yes & ", "setsid sleep 8 & ", "(sleep 60; echo late) & exec 1>&- 2>&-; ",
  ])
func grandchildren(command: String) throws {
  let report = try run(command + proof)
  #expect(report.verdict.status == .passed)
  #expect(report.seconds < 8)
}

@Test func aMissingProgramIsAnError() {
  let error = FileError(.read, "/nowhere/at/all", "it cannot be started: no such file or directory")
  #expect(throws: error) {
    try ExerciseProcess(timeLimit: 1) { _ in ["/nowhere/at/all"] }.run(exercise)
  }
}
