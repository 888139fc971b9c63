import Foundation
import Testing

@testable import Exercises
@testable import Notebook

private var exercises: [Exercise] {
  let ids = ["first-step", "second-step", "third-step"]
  return ids.map { id in
    Exercise(
      id, "The \(id)", minutes: 10, needs: id == "third-step" ? ["first-step", "second-step"] : [],
      hints: ["Think of σ.", "Think more.", "Write it."]
    ).judged("nothing", answer: { try todo() as Double }) { _ in nil }
  }
}

/// What `exercises …` wrote, with shell scripts in place of the children.
private final class Run {
  var output = ""
  var errors = ""
  var status: Int32 = -1

  /// Each exercise comes out as its status says; a function may print something on its way.
  init(
    _ arguments: [String], _ statuses: [Verdict.Status] = [.passed, .passed, .passed],
    among exercises: [Exercise] = exercises, at place: ChapterPlace = .init(chapter: "Ch00-Test"),
    printing text: String = ""
  ) {
    let verdicts = Dictionary(uniqueKeysWithValues: zip(exercises.map(\.id), statuses))
    let command = ExercisesCommand(place: place, exercises: exercises) { exercise, _ in
      let status = verdicts[exercise.id]!
      let message = status == .passed ? "" : "Why \(exercise.id) is \(status.rawValue)."
      let testimony =
        #"{"verdict":{"status":"\#(status.rawValue)","message":"\#(message)"},"#
        + #""answers":[{"shape":[],"values":[1]}]}"#
      return ["/bin/sh", "-c", #"printf '%s' "$0"; printf '%s' "$1" >&0"#, text, testimony]
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

      This was the last chapter: you have now written every part of a variational
      autoencoder yourself. To train it on pictures of your own:
        swift run Ch00-Test --data DIR

      """)
}

@Test("Once all pass, the command says where the solutions are and what comes next")
func afterTheLast() throws {
  let root = NSTemporaryDirectory() + "exercise-tests-" + UUID().uuidString
  let solutions = root + "/Tests/ExerciseTests"
  try FileManager.default.createDirectory(atPath: solutions, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: root) }
  let place = ChapterPlace(chapter: "Ch00-Test", next: "Ch01-Next", root: root)
  let next = """
    The next chapter, and its exercises:
      swift run Ch01-Next
      swift run Ch01-Next exercises watch

    """
  #expect(Run([], at: place).output.hasSuffix("\n\nAll 3 passed.\n\n" + next))
  try Data().write(to: URL(filePath: solutions + "/Ch00Exercises.swift"))
  #expect(
    Run([], at: place).output.hasSuffix(
      """


      All 3 passed.

      To compare your functions with the solutions:
        Tests/ExerciseTests/Ch00Exercises.swift
      \(next)
      """))
  // One exercise is not the chapter.
  #expect(!Run(["first-step"], at: place).output.contains("Ch01-Next"))
}

@Test("What an exercise needs is said until it passes, or the exercise does")
func needs() throws {
  let both = Run([], [.notStarted, .wrong, .wrong]).output
  #expect(!both.contains("Needs"))
  // Also if what is needed is not among the chosen.
  #expect(
    Run(["third-step"], [.notStarted, .wrong, .wrong]).output.contains(
      "Why third-step is wrong. Needs `first-step` and `second-step` first.\n"))
  #expect(
    Run(["third-step"], [.passed, .stopped, .notStarted]).output.contains(
      "Why third-step is not started. Needs `second-step` first.\n"))
  #expect(!Run(["third-step"], [.wrong, .wrong, .passed]).output.contains("Needs"))
  #expect(!Run(["third-step"], [.passed, .passed, .wrong]).output.contains("Needs"))
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
  #expect(!run.output.contains("third-step: "))
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
  let run = Run(["--json"], [.passed, .wrong, .notStarted], printing: "mine\n")
  #expect(run.status == 1)
  let rows = try #require(
    JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
  #expect(rows.map { $0["id"] as? String } == exercises.map(\.id))
  #expect(rows.map { $0["title"] as? String } == exercises.map(\.title))
  #expect(rows.map { $0["status"] as? String } == ["passed", "wrong", "not started"])
  #expect(
    rows.map { $0["message"] as? String }
      == [
        "", "Why second-step is wrong.",
        "Why third-step is not started. Needs `second-step` first.",
      ])
  #expect(rows.map { $0["needs"] as? [String] } == [[], [], ["second-step"]])
  #expect(rows.allSatisfy { $0["printed"] as? [String] == ["mine"] })
  #expect(rows.allSatisfy { ($0["seconds"] as? Double).map { $0 > 0 } ?? false })
  #expect(rows.allSatisfy { $0.count == 7 })
  let one = Run(["second-step", "--json"])
  #expect(one.status == 0)
  let array = try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [Any]
  #expect(array?.count == 1)
}

@Test("The list says what passes, and what an exercise needs")
func theList() {
  let run = Run(["list"], [.passed, .wrong, .notStarted])
  #expect(run.status == 0)
  #expect(
    run.output == """
      ✓ first-step    10 min  The first-step
      ✗ second-step   10 min  The second-step
      · third-step    10 min  The third-step. Needs `second-step` first.

      1 of 3 passed.
      They are in Chapters/Ch00-Test/Exercises.swift. To check them:
        swift run Ch00-Test exercises

      """)
}

@Test("The list does not wait for exercises that take long")
func theListIsQuick() {
  let start = ContinuousClock.now
  let command = ExercisesCommand(place: .init(chapter: "Ch00-Test"), exercises: exercises) { _, _ in
    ["/bin/sh", "-c", "exec sleep 60"]
  }
  var output = ""
  _ = command.run(
    ["list"], environment: LaunchEnvironment(), errors: .silent, output: { output += $0 })
  #expect(ContinuousClock.now - start < .seconds(10))
  #expect(output.hasPrefix("? first-step    10 min  The first-step\n? second-step"))
  #expect(output.contains("\n0 of 3 passed. Those with a ? take too long to show here.\n"))
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
  (["reset"], "reset takes the name of one exercise"),
  (["watch", "first-step"], "watch takes no argument"),
  (["watch"], "watch needs a terminal; to check once: swift run Ch00-Test exercises"),
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
    arguments: ["exercises", "hint", "second-step"], errors: ErrorStream(.plain) { errors += $0 }
  ) { output += $0 }
  #expect(outcome.exitStatus == 0)
  #expect(errors.isEmpty)
  #expect(output.hasPrefix("Hint 1 of 3\n"))
  output = ""
  #expect(chapter.execute(arguments: ["help", "exercises"]) { output += $0 }.exitStatus == 0)
  #expect(output.hasPrefix("Checks the functions in Chapters/Ch00-Test/Exercises.swift.\n"))
}
