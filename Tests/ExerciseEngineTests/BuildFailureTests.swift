import Testing

@testable import Exercises

/// A student's file whose first function has this body, which begins in line 18.
private func source(_ body: String) -> String {
  String(repeating: "\n", count: 15) + """
    enum Exercises {
      static func logMeanExp(_ logs: [Double]) throws -> Double {
    \(body)
      }
      static func sum(_ x: [Double]) throws -> Double {
        return try todo()
      }
    }

    """
}

/// The complaints about a file, from what the compiler said of it.
private func complaints(_ body: String, _ errors: [String]) -> [BuildComplaint] {
  let output = errors.map { error in
    """
    /home/me/VAE Chapters/Chapters/Ch02-NaiveMonteCarlo/Exercises.swift:\(error)
     18 |     the line
        |            `- error: \(error.split(separator: " error: ").last ?? "")

    """
  }
  return buildComplaints(
    in: "Building for debugging...\n[3/5] Compiling Ch02_NaiveMonteCarlo Exercises.swift\n"
      + output.joined() + output.joined() + "error: emit-module command failed with exit code 1\n",
    source: source(body), functions: ["logMeanExp", "sum"])
}

/// What the compiler of Swift 6.3 said, and what a student needs to be told.
private let recorded: [(body: String, error: String, advice: String)] = [
  (
    "    let z = logs[0]\n    return z ^ 2",
    "19:12: error: cannot convert value of type 'Double' to expected argument type 'Int'",
    "no operator for powers"
  ),
  (
    "    let z = logs[0]\n    return exp(z^2 / 2)",
    "19:17: error: referencing operator function '^' on 'SIMD' requires that 'CGFloat' conform to "
      + "'SIMD'", "no operator for powers"
  ),
  (
    "    return logs[0] ** 2",
    "18:20: error: no operator '**' is defined; did you mean 'pow(_:_:)'?",
    "no operator for powers"
  ),
  (
    "    return 2 * logs[0] + 3 * logs[0]",
    "18:12: error: the compiler is unable to type-check this expression in reasonable time; try "
      + "breaking up the expression into distinct sub-expressions", "Split the expression"
  ),
  (
    "    let n = logs.count\n    return log(n)",
    "19:16: error: cannot convert value of type 'Int' to expected argument type 'Double'",
    "Double(n)"
  ),
  (
    "    return logs.reduce(0, +) / logs.count",
    "18:30: error: cannot convert return expression of type 'Int' to return type 'Double'",
    "Double(n)"
  ),
  (
    "    let d: Double = logs.count",
    "18:21: error: cannot convert value of type 'Int' to specified type 'Double'", "Double(n)"
  ),
  (
    "    for l in logs { print(l) }",
    "19:3: error: missing return in static method expected to return 'Double'", "must end in return"
  ),
  ("    return lgo(logs[0])", "18:12: error: cannot find 'lgo' in scope", "misspelt"),
  (
    "    let s = 0.0\n    s += 1",
    "19:7: error: left side of mutating operator isn't mutable: 's' is a 'let' constant",
    "declare it with var"
  ),
  (
    "    return logs.max() + 1",
    "18:12: error: value of optional type 'Double?' must be unwrapped to a value of type 'Double'",
    "write ! after it"
  ),
  (
    "    return sum(logs)", "18:12: error: call can throw but is not marked with 'try'",
    "write try before"
  ),
  (
    "    return f(logs)", "18:14: error: missing argument labels 'of:mean:sigma:' in call",
    "names its arguments"
  ),
  (
    "    return (logs - logs[0]).reduce(0, +)",
    "18:18: error: binary operator '-' cannot be applied to operands of type '[Double]' and "
      + "'Double'", "with map"
  ),
  (
    "    return exp(logs)", "18:12: error: no exact matches in call to global function 'exp'",
    "with map"
  ),
  ("    return log(logs[0]", "19:3: error: expected ')' in expression list", "parenthesis"),
  (
    "    return logs",
    "18:12: error: cannot convert return expression of type '[Double]' to return type 'Double'",
    "the type after ->"
  ),
  (
    "    let a = logs[0] -logs[1]",
    "18:20: error: consecutive statements on a line must be separated by ';'", "only one side"
  ),
  (
    "    return logs[0] − 1", "18:20: error: cannot find operator '−' in scope", "typographic minus"
  ),
  (
    "    for l in logs:", "18:18: error: expected '{' to start the body of for-each loop",
    "between { and }"
  ),
]

@Suite struct BuildFailureTests {
  @Test("A common mistake is explained in a plain sentence", arguments: recorded)
  func advice(body: String, error: String, advice: String) throws {
    let complaints = complaints(body, [error])
    #expect(complaints.count == 1)
    let line = try #require(error.split(separator: ":").first)
    #expect(complaints.first?.place == "Exercises.swift:\(line)")
    #expect(complaints.first?.message == error.split(separator: " error: ").last.map(String.init))
    #expect(complaints.first?.advice?.contains(advice) == true)
  }

  @Test("A brace that is missing is looked for in the file, not in what follows from it")
  func braces() {
    let errors = [
      "34:10: error: static methods may only be declared on a type",
      "138:1: error: expected '}' at end of enum", "17:3: error: expected declaration",
    ]
    let place = "Exercises.swift"
    #expect(
      complaints("    for l in logs {\n    return 1", errors)
        == [
          BuildComplaint(
            place: place, message: "A closing brace } is missing in logMeanExp.", advice: nil)
        ])
    #expect(
      complaints("    }\n    return 1", errors)
        == [
          BuildComplaint(
            place: place, message: "There is a closing brace } too many in logMeanExp.",
            advice: nil)
        ])
    // The same words about braces that match are passed on.
    #expect(complaints("    return 1", errors).count == 3)
  }

  @Test("A power in a comment is none, and an unknown error gets no advice")
  func noAdvice() {
    let error = "18:12: error: something nobody has seen"
    #expect(
      complaints("    return 1 // x^2", [error])
        == [
          BuildComplaint(
            place: "Exercises.swift:18", message: "something nobody has seen", advice: nil)
        ])
  }

  @Test("Only the first error of a line counts, and the student's file comes first")
  func order() {
    let output = """
      /a/ExerciseChecks/Checks.swift:12:7: error: cannot convert value
      /a/Exercises.swift:20:1: error: one
      /a/Exercises.swift:20:9: error: two
      /a/Exercises.swift:19:9: warning: three
      error: fatalError
      """
    let found = buildComplaints(in: output, source: source("    return 1"), functions: ["sum"])
    #expect(found.map(\.place) == ["Exercises.swift:20", "Checks.swift:12"])
    #expect(found.last?.advice?.contains("Has a declaration changed?") == true)
    #expect(buildComplaints(in: "error: no space left", source: "", functions: []).isEmpty)
  }
}

@Test("What the compiler prints in colours is read as if it had none")
func coloredErrors() {
  let colored =
    "\u{1B}[1m/home/me/Exercises.swift:19:12: \u{1B}[0m\u{1B}[1;31merror: \u{1B}[0m\u{1B}[1mcannot find "
    + "'x' in scope\u{1B}[0m\n"
  let complaints = buildComplaints(
    in: withoutColors(colored), source: source("    return x"), functions: ["logMeanExp"])
  #expect(complaints.map(\.message) == ["cannot find 'x' in scope"])
}
