import Foundation
import Testing

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

@Test func aProofPasses() throws {
  #expect(try run(proof).verdict == Verdict(.passed, ""))
}

@Test func theVerdictAndItsMessageComeThrough() throws {
  let script = proof.replacing("passed", with: "wrong")
    .replacing(#""message":"""#, with: #""message":"Not so.""#)
  #expect(try run(script).verdict == Verdict(.wrong, "Not so."))
}

@Test func aCalmEndProvesNothing() throws {
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

@Test func aSignalIsToldInWords() throws {
  #expect(
    try run("kill -SEGV $$").verdict.message
      == "It ran out of stack, as a function that calls itself without end does.")
  #expect(try run("kill -KILL $$").verdict.message.hasPrefix("It was killed"))
  #expect(try run("kill -FPE $$").verdict.message.hasPrefix("It was ended by signal 8 ("))
  // Not even after a proof: what ends so has not ended where the check does.
  #expect(try run(proof + "kill -ILL $$").verdict == Verdict(.stopped, "It trapped."))
}

@Test func theRuntimeSaysWhereItTrapped() throws {
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

@Test func aLoopIsStopped() throws {
  let report = try run(proof + "while :; do :; done", timeLimit: 0.5)
  #expect(
    report.verdict
      == Verdict(.stopped, "It took longer than 0.5 s. Is there a loop without end?"))
  #expect(report.seconds >= 0.5)
}

@Test func aFloodIsCutShort() throws {
  let report = try run(proof + "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo end >&2")
  #expect(report.verdict.status == .passed)
  #expect(
    report.printed.lines == [String(repeating: "x", count: 2000), "… and 100.0 MB more"])
}

@Test func whatIsPrintedIsNoProofAndObeysNobody() throws {
  let report = try run("printf 'a\\033[31mb\\r\\tc\\n\\n\\377d'; echo e >&2; " + proof)
  #expect(report.verdict.status == .passed)
  #expect(report.printed.lines == [#"a\u{1B}[31mb"#, "\tc", "", "\u{FFFD}de"])
}

@Test func closedStreamsHideNothing() throws {
  let report = try run("exec 1>&- 2>&-; echo lost; " + proof)
  #expect(report.verdict.status == .passed)
  #expect(report.printed.lines.isEmpty)
}

@Test func aGrandchildHoldsUpNothing() throws {
  let start = ContinuousClock.now
  _ = try run("sleep 60 & " + proof, timeLimit: 1)
  #expect(ContinuousClock.now - start < .seconds(30))
}

@Test func aMissingProgramIsAnError() {
  #expect(throws: (any Error).self) {
    try ExerciseProcess(timeLimit: 1) { _ in ["/nowhere/at/all"] }.run(exercise)
  }
}
