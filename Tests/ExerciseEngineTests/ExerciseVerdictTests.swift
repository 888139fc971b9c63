import Testing

@testable import Exercises
@testable import Notebook

/// The sum of numbers, checked as a chapter would.
private func sum(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
  var comparison = Comparison(of: answer) { $0.reduce(0, +) }
  comparison.ask("four numbers", [1, 2, 3, 6])
  comparison.ask("one number", [5])
  comparison.ask("none at all", [])
  comparison.recognize("that is the mean; the exercise asks for the sum") { mean($0) }
  comparison.recognize("that is the largest") { $0.max() ?? 0 }
  return Exercise("sum", "The sum", minutes: 1, hints: ["Add."], comparison)
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// A function of two numbers that returns rows.
private func rows(_ answer: @escaping ([Double]) throws -> [[Double]]) -> Exercise {
  var comparison = Comparison(of: answer) { [$0, $0.reversed()] }
  comparison.ask("(1, 2)", [1, 2])
  comparison.ask("(-3, 5)", [-3, 5])
  comparison.recognize("the second row is to be reversed") { [$0, $0] }
  comparison.recognize("there is one row too few") { [$0] }
  return Exercise("rows", "Two rows", minutes: 1, hints: ["Two."], comparison)
}

/// A function of one number, asked for some.
private func scalar(
  _ inputs: [Double], tolerance: Tolerance = .rounding,
  _ answer: @escaping (Double) -> Double, expected: @escaping (Double) -> Double = { $0 }
) -> Comparison<Double, Double> {
  var comparison = Comparison(of: answer, with: expected)
  for input in inputs { comparison.ask("\(input)", input, tolerance: tolerance) }
  return comparison
}

extension Comparison {
  fileprivate var verdict: Verdict {
    Exercise("id", "Title", minutes: 1, hints: ["A hint."], self).verdict()
  }
}

private struct OddError: Error, CustomStringConvertible {
  var description: String { "something odd" }
}

@Test func aRightFunctionPasses() {
  #expect(sum { $0.reduce(0, +) }.verdict() == Verdict(.passed, ""))
  // Another order of the additions is as right.
  #expect(sum { $0.reversed().reduce(1e-12, +) }.verdict().status == .passed)
  #expect(rows { [$0, $0.reversed()] }.verdict().status == .passed)
}

@Test func aStubIsNotStarted() {
  let line = #line + 1
  let stub = sum { _ in try todo() }.verdict()
  #expect(stub == Verdict(.notStarted, "todo() stands at ExerciseVerdictTests.swift:\(line)."))
  let below = sum { numbers in
    let count = numbers.count
    _ = count
    return try todo()
  }
  #expect(below.verdict().status == .notStarted)
  let half = sum { $0.count == 4 ? 12 : try todo() }.verdict()
  #expect(half.status == .wrong)
  #expect(half.message.hasPrefix("For one number: todo() still stands at ExerciseVerdictTests"))
}

@Test func aMistakeIsNamedWithNumbers() {
  #expect(
    sum(mean).verdict()
      == Verdict(
        .wrong,
        "For four numbers: expected 12.000, got 3.0000: that is the mean; the exercise asks for "
          + "the sum."
      ))
  #expect(
    rows { [$0, $0] }.verdict().message
      == "For (1, 2): expected 2.0000 at [1, 0], got 1.0000: the second row is to be reversed.")
  #expect(
    rows { [$0] }.verdict().message
      == "For (1, 2): expected 2 × 2 numbers, got 1 × 2 numbers: there is one row too few.")
}

@Test func aMistakeIsNotNamedUnlessItExplainsEveryAnswer() {
  // The mean in one case, and right in the others: no mistake that is known gives that.
  let once = sum { $0.count == 4 ? 3 : $0.reduce(0, +) }.verdict()
  #expect(
    once.message == "For four numbers: expected 12.000, got 3.0000. (2 of 3 cases are right.)")
  // The mean where it shows, but wrong where the mean would be right.
  let both = sum { $0.count == 4 ? 3 : $0.count == 1 ? 4 : .nan }.verdict()
  #expect(!both.message.contains("mean"))
}

@Test(arguments: [
  (-1, 0, "the sign is flipped in every case."),
  (0.25, 0, "your answer is 0.2500 times the expected value in every case."),
  (1, 0.5, "your answer is 0.5000 too large in every case."),
  (1, -0.5, "your answer is 0.5000 too small in every case."),
  (0, 7, "it is 7.0000 for every input."),
  (1 + 1e-7, 0, "nearly right; is something rounded, cut short, or computed in Float?"),
])
func whatAllAnswersHaveInCommonIsSaid(factor: Double, offset: Double, finding: String) {
  let verdict = sum { factor * $0.reduce(0, +) + offset }.verdict()
  #expect(verdict.status == .wrong)
  #expect(verdict.message.hasSuffix(": \(finding)"))
}

@Test("One wrong answer alone is not called a multiple of the right one")
func oneNumberIsAMultipleOfAnyOther() {
  let verdict = scalar([4]) { $0 / 4 }.verdict
  #expect(verdict.message == "For 4.0: expected 4.0000, got 1.0000.")
}

@Test("An answer that is slightly wrong is printed with enough digits to see it")
func numbersThatDifferLookDifferent() {
  let close = sum { $0.count == 4 ? 12.000001 : $0.reduce(0, +) }.verdict()
  #expect(close.message.contains("expected 12.000000, got 12.000001"))
}

@Test(arguments: [
  (Double.nan, "got NaN: NaN comes from"), (.infinity, "got ∞: ∞ comes from"),
  (-.infinity, "got −∞: −∞ comes from"),
])
func whatIsNotFiniteIsExplained(value: Double, text: String) {
  let verdict = sum { $0.count == 1 ? value : $0.reduce(0, +) }.verdict()
  #expect(verdict.status == .wrong)
  #expect(verdict.message.contains("For one number: expected 5.0000, \(text)"))
}

@Test("Infinity can be the right answer")
func anInfinityCanBeRight() {
  func verdict(_ atZero: Double) -> Verdict {
    var comparison = scalar([0, 1]) {
      $0 == 0 ? atZero : 3
    } expected: {
      $0 == 0 ? -.infinity : 3
    }
    comparison.recognize("nan it is") { $0 == 0 ? .nan : 3 }
    return comparison.verdict
  }
  #expect(verdict(-.infinity).status == .passed)
  #expect(verdict(.infinity).status == .wrong)
  #expect(verdict(-1e300).status == .wrong)
  // A mistake may be known by its NaN.
  #expect(verdict(.nan).message == "For 0.0: expected −∞, got NaN: nan it is.")
}

@Test(
  arguments: [
    ([], "no numbers"), ([[1, 2], [3]], "3 numbers in rows of unequal length"),
    ([[1, 2], [3, 4], [5, 6]], "3 × 2 numbers"),
    ([[1, 2], [], [3, 4]], "4 numbers in rows of unequal length"), ([[], []], "no numbers"),
  ] as [([[Double]], String)])
func aWrongShapeIsDescribed(result: [[Double]], form: String) {
  #expect(
    rows { _ in result }.verdict()
      == Verdict(.wrong, "For (1, 2): expected 2 × 2 numbers, got \(form)."))
}

@Test func anEnormousAnswerIsDescribed() {
  let result = [[Double](repeating: 0, count: 10_000_000)]
  #expect(
    rows { _ in result }.verdict().message
      == "For (1, 2): expected 2 × 2 numbers, got 1 × 10,000,000 numbers.")
}

@Test func anErrorIsAWrongAnswer() {
  #expect(
    sum { _ in throw OddError() }.verdict()
      == Verdict(.wrong, "For four numbers: your function threw an error: something odd"))
}

@Test func theToleranceOfACaseCounts() {
  func passes(_ tolerance: Tolerance, _ error: Double) -> Bool {
    scalar([8], tolerance: tolerance) { $0 + error }.verdict.status == .passed
  }
  #expect(passes(Tolerance(absolute: 0.5), 0.5))
  #expect(!passes(Tolerance(absolute: 0.5), 0.75))
  #expect(passes(Tolerance(relative: 0.125), -1))
  #expect(!passes(Tolerance(relative: 0.125), -1.25))
  #expect(passes(.rounding, 4e-9))
  #expect(!passes(.rounding, 16e-9))
  #expect(!passes(Tolerance(absolute: 9), .nan))
}

@Test("An exercise's own judge sees only answers of the right shape")
func aJudgeSeesOnlyWhatHasTheShape() {
  func exercise(_ answer: @escaping () throws -> [Double]) -> Verdict {
    Exercise("draw", "Two draws", minutes: 1, hints: [])
      .judged("two draws", shape: [2], answer: answer) {
        $0.values[0] == $0.values[1] ? "both are \($0.values[0])" : nil
      }.verdict()
  }
  #expect(exercise { [1, 2] } == Verdict(.passed, ""))
  #expect(exercise { [1, 1] } == Verdict(.wrong, "For two draws: both are 1.0."))
  #expect(exercise { [] } == Verdict(.wrong, "For two draws: expected 2 numbers, got no numbers."))
  #expect(
    exercise { [1, .nan] }.message.hasPrefix("For two draws: got NaN at [1]: NaN comes from"))
  #expect(exercise { try todo() }.status == .notStarted)
}

@Test("A plain wrong number comes before what an exercise's own judge says")
func aJudgeSpeaksIfTheNumbersAreRight() {
  func exercise(_ answer: @escaping ([Double]) -> Double) -> String {
    sum(answer).judged("(1, 1)", answer: { answer([1, 1]) }) {
      $0.values[0] == 2 ? nil : "that is odd"
    }.verdict().message
  }
  #expect(exercise { $0.reduce(0, +) } == "")
  #expect(exercise { $0.max() ?? 0 }.hasSuffix("that is the largest."))
  #expect(exercise { -$0.reduce(0, +) }.hasSuffix("the sign is flipped in every case."))
  #expect(exercise { $0 == [1, 1] ? 3 : $0.reduce(0, +) } == "For (1, 1): that is odd.")
}

@Test func soundExercisesHaveNoDefects() {
  #expect(Exercise.defects(of: [sum { _ in try todo() }, rows { _ in try todo() }]).isEmpty)
}

@Test func defectsAreNamed() {
  let bare = Exercise("Bare_id", "", minutes: 0, hints: [])
  #expect(
    Exercise.defects(of: [bare]) == [
      "Bare_id: the id is not in kebab case.", "Bare_id: there is no title.",
      "Bare_id: it takes no time.", "Bare_id: it has 0 hints, not 1 to 3.",
      "Bare_id: it knows fewer than two mistakes.", "Bare_id: nothing is asked.",
    ])
  let twice = [sum { _ in 0 }, sum { _ in 0 }]
  #expect(Exercise.defects(of: twice) == ["sum: there are several."])
  let needy = Exercise("needy", "Title", minutes: 1, needs: ["sum", "needy"], hints: ["A hint."])
  let unknown = "needy: it needs needy, which does not come earlier."
  #expect(Exercise.defects(of: [sum { _ in 0 }, needy]).first == unknown)
  var blind = scalar([2, -2]) {
    $0
  } expected: {
    $0 * $0
  }
  blind.recognize("right after all") { abs($0) * 2 }
  blind.recognize("wrong") { $0 }
  blind.recognize("as wrong") { 0 + $0 }
  let list = Exercise("list", "Title", minutes: 1, hints: ["A hint."], blind)
  #expect(
    Exercise.defects(of: [list]) == [
      "list: the id is a word of the command line.",
      "list: the same answer is right in every case.",
      "list: the mistake \"right after all\" gives the right answers.",
      "list: the mistake \"as wrong\" cannot be told from \"wrong\".",
    ])
}
