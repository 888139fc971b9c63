import Foundation
import Testing

@testable import Exercises
@testable import Notebook

private var exercises: [Exercise] {
  ["first-step", "second-step", "third-step"].map {
    Exercise($0, "The \($0)", minutes: 10, hints: ["Think of σ.", "Think more.", "Write it."])
  }
}

/// What `exercises …` wrote, with shell scripts in place of the children.
private final class Run {
  var output = ""
  var errors = ""
  var status: Int32 = -1

  /// Each exercise comes out as its status says; a verdict may print something on its way.
  init(
    _ arguments: [String], _ statuses: [Verdict.Status] = [.passed, .passed, .passed],
    among exercises: [Exercise] = exercises, printing text: String = ""
  ) {
    let verdicts = Dictionary(
      uniqueKeysWithValues: zip(exercises.map(\.id), statuses.map(\.rawValue)))
    let command = ExercisesCommand(chapter: "Ch00-Test", exercises: exercises) { exercise, _ in
      let status = verdicts[exercise.id]!
      let message = status == "passed" ? "" : "Why \(exercise.id) is \(status)."
      return [
        "/bin/sh", "-c",
        #"""
        printf '%s' "$0"
        read nonce
        printf '{"nonce":"%s","verdict":{"status":"\#(status)","message":"\#(message)"}}\n' \
          "$nonce" >&0
        """#,
        text,
      ]
    }
    status =
      command.run(
        arguments, environment: LaunchEnvironment(),
        errors: ErrorStream(.plain) { self.errors += $0 }, output: { self.output += $0 }
      ).rawValue
  }
}

@Test("If all exercises pass, the command says so")
func allPassed() {
  let run = Run([], printing: "a note to myself\n")
  #expect(run.status == 0)
  #expect(run.errors.isEmpty)
  #expect(
    run.output == """
      ✓ first-step   passed
      ✓ second-step  passed
      ✓ third-step   passed

      All 3 passed.

      """)
}

@Test("Without names, only the first failure is explained")
func theFirstFailureInDetail() {
  let run = Run([], [.notStarted, .wrong, .stopped], printing: "x = 1\n")
  #expect(run.status == 1)
  #expect(
    run.output == """
      · first-step   not started
      ✗ second-step  wrong
      ✗ third-step   stopped

      0 of 3 passed.

      second-step: The second-step
      Why second-step is wrong.

      Your function printed:
      │ x = 1

      Edit Chapters/Ch00-Test/Exercises.swift, then:
        swift run Ch00-Test exercises second-step
      For a hint:
        swift run Ch00-Test exercises hint second-step

      """)
}

@Test func whereToGoOn() {
  let run = Run([], [.passed, .notStarted, .notStarted])
  #expect(run.status == 1)
  #expect(run.output.contains("1 of 3 passed.\n\nsecond-step: The second-step\nWhy second-step"))
  #expect(!run.output.contains("Why third-step"))
}

@Test("Exercises that are chosen by name are each explained")
func theChosenOnesEachInDetail() {
  // In the chapter's order, and each once.
  let run = Run(
    ["third-step", "first-step", "third-step"], [.wrong, .wrong, .passed], printing: "p\n")
  #expect(run.status == 1)
  #expect(run.output.hasPrefix("✗ first-step  wrong\n✓ third-step  passed\n\n1 of 2 passed.\n"))
  #expect(run.output.contains("Why first-step is wrong."))
  #expect(run.output.contains("third-step: The third-step\n\nYour function printed:\n│ p\n"))
  #expect(Run(["first-step"], [.passed, .wrong, .wrong]).status == 0)
}

@Test func resultsForPrograms() throws {
  let run = Run(["--json"], [.passed, .wrong, .notStarted], printing: "no part of it\n")
  #expect(run.status == 1)
  let rows = try #require(
    JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
  #expect(rows.map { $0["id"] as? String } == exercises.map(\.id))
  #expect(rows.map { $0["title"] as? String } == exercises.map(\.title))
  #expect(rows.map { $0["status"] as? String } == ["passed", "wrong", "not started"])
  #expect(
    rows.map { $0["message"] as? String }
      == ["", "Why second-step is wrong.", "Why third-step is not started."])
  #expect(rows.allSatisfy { ($0["seconds"] as? Double).map { $0 > 0 } ?? false })
  #expect(rows.allSatisfy { $0.count == 5 })
  let one = Run(["second-step", "--json"])
  #expect(one.status == 0)
  let array = try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [Any]
  #expect(array?.count == 1)
}

@Test func theList() {
  let run = Run(["list"])
  #expect(run.status == 0)
  #expect(run.output.hasPrefix("first-step    10 min  The first-step\nsecond-step   10 min  The"))
}

@Test func hintsComeOneByOne() {
  let first = Run(["hint", "first-step"])
  #expect(first.status == 0)
  #expect(
    first.output == """
      Hint 1 of 3
      Think of σ.

      For the next hint:
        swift run Ch00-Test exercises hint first-step 2

      """)
  let all = Run(["hint", "first-step", "3", "--ascii"]).output
  #expect(all.hasPrefix("Hint 1 of 3\nThink of sigma.\n\nHint 2 of 3\nThink more.\n\nHint 3"))
  #expect(all.contains("There are no more hints."))
}

@Test func withASCIIAlone() {
  let run = Run(["--ascii"], [.passed, .wrong, .notStarted], printing: "σ")
  #expect(run.output.hasPrefix("ok first-step   passed\nno second-step  wrong\n-- third-step"))
  #expect(run.output.contains("\n| sigma\n"))
  #expect(run.output.allSatisfy { $0.isASCII })
}

@Test(arguments: [
  (["frist-step"], #"no exercise is called "frist-step"; did you mean first-step?"#),
  (["first-step", ""], #"no exercise is called """#),
  (["lst"], #"no exercise is called "lst"; did you mean list?"#),
  (["list", "first-step"], "list takes no argument"),
  (["list", "--json"], "--json is for results, not for list"),
  (["hint"], "hint takes the name of an exercise, and optionally the number of hints"),
  (
    ["hint", "first-step", "4"],
    #"the number of hints for first-step must be from 1 to 3, not "4""#
  ),
  (
    ["hint", "first-step", "0"],
    #"the number of hints for first-step must be from 1 to 3, not "0""#
  ),
  (["--color", "--no-color"], "--color and --no-color contradict each other"),
  (["--jsno"], #"unknown option "--jsno"; did you mean --json?"#),
  (["--time-limit", "0"], #"--time-limit must be a number from 0.1 to 600.0, not "0""#),
  (["--time-limit"], #"--time-limit must be a number from 0.1 to 600.0, not """#),
])
func aWrongCommandLineChecksNothing(arguments: [String], message: String) {
  let run = Run(arguments)
  #expect(run.status == 64)
  #expect(run.output.isEmpty)
  #expect(
    run.errors == """
      Error: \(message)
      Usage: swift run Ch00-Test exercises [WHAT] [OPTION...]
        See 'swift run Ch00-Test exercises --help' for more information.

      """)
}

@Test func noExercisesAreNoSuccess() {
  for arguments in [[], ["list"], ["--json"], ["any"]] {
    let run = Run(arguments, [], among: [])
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("Error: this chapter has no exercises\n"))
  }
}

@Test func theHelpFitsATerminal() {
  let run = Run(["--help"])
  #expect(run.status == 0)
  #expect(Run(["help"]).output == run.output)
  #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
}

@Test func aChapterLeadsToItsExercises() {
  var errors = ""
  let chapter = Chapter("Ch00-Test", title: "A title", commands: [.exercises(exercises)]) { _, _ in
    Issue.record("the body ran")
  }
  var output = ""
  let outcome = chapter.execute(
    arguments: ["exercises", "list"], errors: ErrorStream(.plain) { errors += $0 }
  ) { output += $0 }
  #expect(outcome.exitStatus == 0)
  #expect(errors.isEmpty)
  #expect(output.contains("second-step   10 min  The second-step"))
  output = ""
  #expect(chapter.execute(arguments: ["help", "exercises"]) { output += $0 }.exitStatus == 0)
  #expect(output.hasPrefix("Checks the functions in Chapters/Ch00-Test/Exercises.swift.\n"))
}
