import Notebook

/// What the arguments after "exercises" ask for, and how.
struct ExercisesRequest {
  /// What is to be done.
  enum Task {
    case check([Exercise])
    case list
    case hints(Exercise, upTo: Int)
    case reset(Exercise)
    case watch
    case help
    /// From an ``ExerciseProcess``.
    case child(Exercise)
  }

  /// The words that cannot be the name of an exercise.
  static let words = ["list", "hint", "reset", "watch", "help"]
  private static let limit = Knob.real(
    "time-limit", default: 5, in: 0.1...600, unit: "seconds", help: "")
  private static let knownFlags = [
    "--json", "--ascii", "--color", "--no-color", "--help", "-h", "--child",
  ]

  private let exercises: [Exercise]
  private var flags: Set<String> = []
  private(set) var task = Task.help
  /// How many seconds a function may take.
  private(set) var timeLimit = limit.defaultValue
  /// What was said about colours.
  private(set) var color: Bool?

  var isJSON: Bool { flags.contains("--json") }
  var isASCII: Bool { flags.contains("--ascii") }

  init(_ arguments: [String], among exercises: [Exercise]) throws {
    self.exercises = exercises
    let words = try readOptions(arguments)
    color = try colorChoice(
      color: flags.contains("--color"), noColor: flags.contains("--no-color"))
    task = try task(words)
  }

  /// Reads the options, and returns the words that are left.
  private mutating func readOptions(_ arguments: [String]) throws -> [String] {
    var words: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if Self.knownFlags.contains(argument) {
        flags.insert(argument)
      } else if argument == "--time-limit" || argument.hasPrefix("--time-limit=") {
        let knob = Self.limit.option
        let text = argument.contains("=") ? String(argument.dropFirst(13)) : rest.popFirst() ?? ""
        guard let limit = knob.parse(text) as? Double else {
          throw UsageError(
            "--time-limit must be \(knob.requirement), not \(String(reflecting: text))")
        }
        timeLimit = limit
      } else if argument.hasPrefix("-") {
        // The last flag is only for this program itself.
        let known = Self.knownFlags.dropLast() + ["--time-limit"]
        throw UsageError(
          "unknown option \(String(reflecting: argument))"
            + suggestion(for: argument, among: Array(known)))
      } else {
        words.append(argument)
      }
    }
    return words
  }

  private func task(_ words: [String]) throws -> Task {
    if words.first == "help" || !flags.isDisjoint(with: ["--help", "-h"]) { return .help }
    guard !exercises.isEmpty else { throw UsageError("this chapter has no exercises") }
    if flags.contains("--child") {
      guard words.count == 1 else { throw UsageError("--child takes one exercise") }
      return .child(try exercise(words[0]))
    }
    if let word = words.first, Self.words.contains(word) {
      guard !isJSON else { throw UsageError("--json is for results, not for \(word)") }
      switch word {
      case "hint": return try hints(words)
      case "reset":
        guard words.count == 2 else { throw UsageError("reset takes the name of one exercise") }
        return .reset(try exercise(words[1]))
      default:
        guard words.count == 1 else { throw UsageError("\(word) takes no argument") }
        return word == "list" ? .list : .watch
      }
    }
    // Each exercise runs once, even if it is named twice.
    let chosen = try Set(words.map { try exercise($0).id })
    return .check(chosen.isEmpty ? exercises : exercises.filter { chosen.contains($0.id) })
  }

  private func hints(_ words: [String]) throws -> Task {
    guard (2...3).contains(words.count) else {
      throw UsageError("hint takes the name of an exercise, and optionally the number of hints")
    }
    let exercise = try exercise(words[1])
    guard words.count == 3 else { return .hints(exercise, upTo: 1) }
    guard let count = Int(words[2]), (1...exercise.hints.count).contains(count) else {
      throw UsageError(
        "the number of hints for \(exercise.id) must be from 1 to \(exercise.hints.count), not "
          + String(reflecting: words[2]))
    }
    return .hints(exercise, upTo: count)
  }

  private func exercise(_ id: String) throws -> Exercise {
    guard let exercise = exercises.first(where: { $0.id == id }) else {
      throw UsageError(
        "no exercise is called \(String(reflecting: id))"
          + suggestion(for: id, among: exercises.map(\.id) + Self.words))
    }
    return exercise
  }

  private func suggestion(for text: String, among candidates: [String]) -> String {
    nearest(to: text, among: candidates).map { "; did you mean \($0)?" } ?? ""
  }
}
