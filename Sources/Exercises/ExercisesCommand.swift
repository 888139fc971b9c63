import Foundation
import Notebook

extension Subcommand {
  /// The command `exercises` of a chapter.
  ///
  /// - Parameter exercises: What the chapter asks a reader to write; made only when it is needed.
  public static func exercises(
    _ exercises: @autoclosure @escaping @Sendable () -> [Exercise]
  ) -> Subcommand {
    Subcommand(name: ExercisesCommand.name, title: "The exercises") { call in
      ExercisesCommand(chapter: call.chapter.name, exercises: exercises()).run(
        call.arguments, environment: call.environment, errors: call.errors, output: call.output)
    }
  }
}

/// `swift run ChNN-Name exercises …`: which exercises a chapter has, and which of them pass.
struct ExercisesCommand {
  /// The argument that leads here.
  static let name = "exercises"
  /// The words that cannot be the name of an exercise.
  static let words = ["list", "hint", "help"]

  let chapter: String
  let exercises: [Exercise]
  /// The program and its arguments that check an exercise in a process of its own.
  var child: (Exercise, _ timeLimit: Double) -> [String] = { exercise, timeLimit in
    let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    return [program, name, "--child", "--time-limit", "\(timeLimit)", exercise.id]
  }

  /// Does what the arguments, those after "exercises", ask for.
  func run(
    _ arguments: [String], environment: LaunchEnvironment, errors: ErrorStream,
    output: @escaping (String) -> Void
  ) -> ExitStatus {
    do {
      let (request, options) = try parse(arguments)
      let renderer = TerminalRenderer(
        width: environment.terminalColumns ?? 80, isASCII: options.isASCII,
        hasColor: environment.wantsColor(options.color))
      let printer = ExercisesPrinter(chapter: chapter, renderer: renderer, write: output)
      switch request {
      case .help:
        printer.help()
      case .list:
        printer.list(exercises)
      case .hints(let exercise, let count):
        printer.hints(of: exercise, upTo: count)
      case .child(let exercise):
        try exercise.proveToParent(timeLimit: options.timeLimit)
      case .check(let exercises):
        try environment.requireProcessor(for: chapter)
        let process = ExerciseProcess(timeLimit: options.timeLimit) {
          child($0, options.timeLimit)
        }
        var reports: [ExerciseReport] = []
        for exercise in exercises {
          reports.append(try process.run(exercise))
          if !options.isJSON { printer.line(for: reports.last!, among: exercises) }
        }
        if options.isJSON {
          output(try json(reports))
        } else {
          printer.summary(of: reports, wereChosen: exercises.count < self.exercises.count)
        }
        return reports.allSatisfy { $0.verdict.status == .passed } ? .success : .failure
      }
      return .success
    } catch {
      let usage = usageLines("swift run \(chapter) \(Self.name)", "[WHAT] [OPTION...]")
      errors.write(complaint(error, usage: usage))
      return ExitStatus(of: error)
    }
  }
}

// MARK: - Arguments

extension ExercisesCommand {
  private enum Request {
    case check([Exercise])
    case list
    case hints(Exercise, upTo: Int)
    case help
    /// From an ``ExerciseProcess``.
    case child(Exercise)
  }

  private struct Options {
    static let timeLimit = Knob.real(
      "time-limit", default: 5, in: 0.1...600, unit: "seconds", help: "")
    static let flags = ["--json", "--ascii", "--color", "--no-color", "--help", "-h", "--child"]

    var flags: Set<String> = []
    var timeLimit = Self.timeLimit.defaultValue
    /// What was said about colours.
    var color: Bool?

    var isJSON: Bool { flags.contains("--json") }
    var isASCII: Bool { flags.contains("--ascii") }
  }

  private func parse(_ arguments: [String]) throws -> (Request, Options) {
    var options = Options()
    var words: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if Options.flags.contains(argument) {
        options.flags.insert(argument)
      } else if argument == "--time-limit" || argument.hasPrefix("--time-limit=") {
        let knob = Options.timeLimit.option
        let text = argument.contains("=") ? String(argument.dropFirst(13)) : rest.popFirst() ?? ""
        guard let limit = knob.parse(text) as? Double else {
          throw UsageError(
            "--time-limit must be \(knob.requirement), not \(String(reflecting: text))")
        }
        options.timeLimit = limit
      } else if argument.hasPrefix("-") {
        // The last flag is only for this program itself.
        let known = Options.flags.dropLast() + ["--time-limit"]
        throw UsageError(
          "unknown option \(String(reflecting: argument))"
            + suggestion(for: argument, among: Array(known)))
      } else {
        words.append(argument)
      }
    }
    options.color = try colorChoice(
      color: options.flags.contains("--color"), noColor: options.flags.contains("--no-color"))
    if words.first == "help" || !options.flags.isDisjoint(with: ["--help", "-h"]) {
      return (.help, options)
    }
    guard !exercises.isEmpty else { throw UsageError("this chapter has no exercises") }
    if options.flags.contains("--child") {
      guard words.count == 1 else { throw UsageError("--child takes one exercise") }
      return (.child(try exercise(words[0])), options)
    }
    if let word = words.first, Self.words.contains(word) {
      guard !options.isJSON else { throw UsageError("--json is for results, not for \(word)") }
      return (word == "list" ? try list(words) : try hints(words), options)
    }
    // Each exercise runs once, even if it is named twice.
    let chosen = try Set(words.map { try exercise($0).id })
    let selection = chosen.isEmpty ? exercises : exercises.filter { chosen.contains($0.id) }
    return (.check(selection), options)
  }

  private func list(_ words: [String]) throws -> Request {
    guard words.count == 1 else { throw UsageError("list takes no argument") }
    return .list
  }

  private func hints(_ words: [String]) throws -> Request {
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

// MARK: - For programs

extension ExercisesCommand {
  /// What a teacher's script reads, so the keys must not change.
  private struct Row: Encodable {
    let id: String
    let title: String
    let status: Verdict.Status
    let message: String
    let seconds: Double
  }

  private func json(_ reports: [ExerciseReport]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let rows = reports.map {
      Row(
        id: $0.exercise.id, title: $0.exercise.title, status: $0.verdict.status,
        message: $0.verdict.message, seconds: ($0.seconds * 1_000).rounded() / 1_000)
    }
    return String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n"
  }
}
