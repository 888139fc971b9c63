import Files
import Foundation
import Testing

@testable import Exercises
@testable import Notebook

private var exercise: Exercise { Exercise("sum", "The sum", minutes: 1, hints: ["Add."]) }

/// What a shell script does to come through as a child that has seen all answers right.
private let proof = #"""
  read nonce
  printf '{"nonce":"%s","verdict":{"status":"passed","message":""}}\n' "$nonce" >&0

  """#

/// The report on a shell script in the place of the child.
private func run(_ script: String, timeLimit: Double = 60) throws -> ExerciseReport {
  try ExerciseProcess(timeLimit: timeLimit) { _ in ["/bin/sh", "-c", script] }.run(exercise)
}

@Test("A child that reports success with the right nonce has passed")
func aProofPasses() throws {
  #expect(try run(proof).verdict == Verdict(.passed, ""))
}

@Test("The child's verdict and its message reach the parent")
func theVerdictAndItsMessageComeThrough() throws {
  let script = proof.replacing("passed", with: "wrong")
    .replacing(#""message":"""#, with: #""message":"Not so.""#)
  #expect(try run(script).verdict == Verdict(.wrong, "Not so."))
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

@Test(arguments: [
  proof.replacing(#"" "$nonce""#, with: #"" "guess""#).replacing("$nonce", with: "guess"),
  proof.replacing("passed", with: "well enough"),
  #"printf '\n{"nonce":"","verdict":{"status":"passed","message":""}}\n' >&0"#,
  "read nonce; echo passed >&0", "head -c 3000000 /dev/zero >&0",
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

@Test("An exercise that needs too much memory is told so")
func whoNeedsTooMuchMemoryIsTold() throws {
  // The kernels end a process in their own way, the runtime aborts it.
  #expect(try run("exit 71").verdict.message == "It needs more memory than is allowed.")
  let reason = "failed to allocate 4429184960 bytes of memory with alignment 8"
  var printed = Transcript()
  printed.append(Array("Fatal error: \(reason)\n\n*** Signal 6: Backtracing from 0x7f".utf8)[...])
  #expect(
    printed.cause(ofSignal: SIGABRT) == "It needs more memory than is allowed: \(reason).")
}

@Test("The child takes the nonce away before the student's function can find it")
func nonce() async throws {
  let path = NSTemporaryDirectory() + "exercise-tests-" + UUID().uuidString
  try Data("a nonce\n".utf8).write(to: URL(filePath: path))
  defer { unsafe unlink(path) }
  await #expect(processExitsWith: .success) { [path = path as String] in
    let channel = unsafe open(path, O_RDWR)
    dup2(channel, STDIN_FILENO)
    let lookForNonce = Exercise("id", "Title", minutes: 1, hints: ["A hint."])
      .judged("what lies there") {
        Double(try Data(contentsOf: URL(filePath: path)).count)
      } complaint: {
        $0.values == [0] ? nil : "there are \($0.values) bytes"
      }
    try lookForNonce.proveToParent(timeLimit: 60)
  }
  let proof = try String(contentsOfFile: path, encoding: .utf8)
  #expect(proof.contains("a nonce") && proof.contains("passed"))
}

#if os(Linux)
  // Elsewhere the system may not hold a process to the limit.
  @Test func theChildGetsNoMoreThanTwoGibibytes() async {
    await #expect(processExitsWith: .success) {
      limitMemory()
      guard [UInt8](repeating: 1, count: 1 << 20).count == 1 << 20 else { exit(1) }
    }
    await #expect(processExitsWith: .signal(SIGABRT)) {
      limitMemory()
      guard [UInt8](repeating: 1, count: 2 << 30).count == 1 << 20 else { exit(1) }
    }
  }
#endif

@Test("A process ends when nobody is left to read what it writes", .timeLimit(.minutes(5)))
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
