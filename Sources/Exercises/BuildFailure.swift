/// One thing that the compiler complains about, for people who do not know its language yet.
struct BuildComplaint: Equatable {
  /// Where it is: "Exercises.swift:19".
  let place: String
  /// The compiler's words, without what only experts need.
  let message: String
  /// What to do, for the most common mistakes.
  let advice: String?
}

/// Reads what `swift build` printed when it failed.
///
/// - Parameters:
///   - output: All of it.
///   - source: The student's file.
///   - functions: The names of the students' functions.
/// - Returns: The complaints in the compiler's order, one for each line, those about the student's
///   file first; empty if there is none in the output.
func buildComplaints(
  in output: String, source: String, functions: [String]
) -> [BuildComplaint] {
  var errors: [CompilerError] = []
  for line in output.split(whereSeparator: \.isNewline) {
    guard let error = CompilerError(line), !errors.contains(error) else { continue }
    errors.append(error)
  }
  let file = "Exercises.swift"
  let own = errors.filter { $0.file == file }
  let fault = SourceText(source).braceFault(amongFunctions: functions)
  // One brace makes the compiler complain of everything below it.
  if let fault, own.contains(where: \.isAboutBraces) {
    return [BuildComplaint(place: file, message: fault, advice: nil)]
  }
  let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  var seen: Set<String> = []
  // What else is wrong with a line is often a consequence.
  let first = (own + errors.filter { $0.file != file }).filter {
    seen.insert("\($0.file):\($0.line)").inserted
  }
  return first.map { error in
    let isKnown = error.file == file && lines.indices.contains(error.line - 1)
    return BuildComplaint(
      place: "\(error.file):\(error.line)", message: error.message,
      advice: error.file == file
        ? error.advice(line: isKnown ? String(lines[error.line - 1]) : "")
        : "The checks call your functions as they were declared. Has a declaration changed?")
  }
}

/// A text without the sequences that colour it, which the compiler writes on a terminal.
func withoutColors(_ text: String) -> String {
  text.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
}

/// An error as the compiler prints it.
private struct CompilerError: Equatable {
  let file: String
  let line: Int
  let message: String

  /// From a line such as "/home/me/Exercises.swift:19:12: error: cannot find 'x' in scope".
  init?(_ text: Substring) {
    guard let match = text.wholeMatch(of: /([^ |].*?):([0-9]+):[0-9]+: error: (.+)/),
      let line = Int(match.output.2)
    else { return nil }
    file = String(match.output.1.split(separator: "/").last ?? "")
    self.line = line
    message = String(match.output.3)
  }

  var isAboutBraces: Bool {
    message.contains(
      /expected '}'|extraneous '}'|static methods may only|expected declaration/)
  }

  /// What to do about it; nil if it is none of the common mistakes.
  ///
  /// - Parameter line: The line of the file that it is about.
  func advice(line: String) -> String? {
    let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
    if code.contains("^") || message.contains("operator '**'") || message.contains("'^'") {
      return "Swift has no operator for powers: write z * z, or pow(z, 3)."
    }
    return Self.advice.first { message.contains($0.pattern) }?.text
  }

  private static var advice: [(pattern: Regex<Substring>, text: String)] {
    [
      (
        /unable to type-check this expression/,
        "Split the expression: give parts of it names with let, on lines of their own."
      ),
      (
        /of type 'Int' to (?:expected argument|specified|return) type 'Double'|'Int' and 'Double'|'Double' and 'Int'|\(Int\) -> Int/,
        "Swift does not mix whole numbers with others: turn an Int n into a Double with Double(n)."
      ),
      (
        /of type 'Double' to (?:expected argument|specified|return) type 'Int'/,
        "Swift does not mix whole numbers with others: turn an Int n into a Double with Double(n), "
          + "and a Double into an Int with Int(x)."
      ),
      (/missing return in/, "The function must end in return and its result, on every path."),
      (
        /return expression of type '.*' to return type/,
        "Compare the result with the type after -> in the declaration: they must be the same."
      ),
      (/expected '\)'|expected '\]'/, "A closing parenthesis or bracket is missing."),
      (
        /is not marked with 'try'/,
        "The other exercises’ functions throw: write try before the call."
      ),
      (
        /optional type .* must be unwrapped/,
        "It may be nil, as max() is for an empty array: write ! after it if it cannot be."
      ),
      (
        /is a 'let' constant/, "What is declared with let cannot change: declare it with var."
      ),
      (
        /cannot find '.*' in scope/,
        "Nothing has this name here. Is it misspelt, or not declared yet with let or var?"
      ),
      (
        /operands of type '\[.*'|two '\[.*' operands|global function '(?:exp|log|sqrt|pow|abs)'/,
        "An array has no arithmetic: apply it to each element with map, as in x.map { exp($0) }."
      ),
      (
        /argument labels?\b/,
        "A call names its arguments as the declaration does, such as f(of: x, logits: l)."
      ),
      (
        /consecutive statements on a line/,
        "Is an operator missing, or a space on only one side of a minus sign?"
      ),
      (/operator '−'/, "This is a typographic minus sign: write - in its place."),
      (/expected '{' to start/, "Swift puts the body of a loop or condition between { and }."),
    ]
  }
}
