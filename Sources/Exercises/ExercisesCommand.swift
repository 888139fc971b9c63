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
      ExercisesCommand(place: ChapterPlace(call.chapter), exercises: exercises()).run(
        call.arguments, environment: call.environment, errors: call.errors, output: call.output)
    }
  }
}

/// `swift run ChNN-Name exercises …`: which exercises a chapter has, and which of them pass.
struct ExercisesCommand {
  /// The argument that leads here.
  static let name = "exercises"

  let place: ChapterPlace
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
      let request = try ExercisesRequest(arguments, among: exercises)
      let renderer = TerminalRenderer(
        width: environment.terminalColumns ?? 80, isASCII: request.isASCII,
        hasColor: environment.wantsColor(request.color))
      let printer = ExercisesPrinter(place: place, renderer: renderer, write: output)
      switch request.task {
      case .help: printer.help()
      case .hints(let exercise, let count): printer.hints(of: exercise, upTo: count)
      case .child(let exercise): try exercise.testifyToParent(timeLimit: request.timeLimit)
      case .list:
        try environment.requireProcessor(for: place.chapter)
        printer.list(exercises, try standing(within: 2.5))
      case .reset(let exercise):
        printer.reset(exercise, attempt: try place.reset(exercise, among: exercises))
      case .watch:
        try environment.requireProcessor(for: place.chapter)
        return try watch(request, renderer, environment, output: output)
      case .check(let chosen):
        try environment.requireProcessor(for: place.chapter)
        var reports: [ExerciseReport] = []
        for exercise in chosen {
          reports.append(try process(request.timeLimit).run(exercise))
          if !request.isJSON { printer.line(for: reports.last!, among: chosen) }
        }
        try noteNeeds(of: &reports, timeLimit: request.timeLimit)
        if request.isJSON {
          output(try ResultRow.json(reports))
        } else {
          printer.summary(of: reports, wereChosen: chosen.count < exercises.count)
        }
        return reports.allSatisfy { $0.verdict.status == .passed } ? .success : .failure
      }
      return .success
    } catch {
      let usage = usageLines("swift run \(place.chapter) \(Self.name)", "[WHAT] [OPTION...]")
      errors.write(complaint(error, usage: usage))
      return ExitStatus(of: error)
    }
  }

  private func process(_ timeLimit: Double) -> ExerciseProcess {
    ExerciseProcess(timeLimit: timeLimit) { child($0, timeLimit) }
  }

  /// Adds to the reports on failures which needed exercises have not passed.
  private func noteNeeds(of reports: inout [ExerciseReport], timeLimit: Double) throws {
    var passed = Dictionary(
      uniqueKeysWithValues: reports.map { ($0.exercise.id, $0.verdict.status == .passed) })
    for index in reports.indices where reports[index].verdict.status != .passed {
      for need in reports[index].exercise.needs {
        if passed[need] == nil, let exercise = exercises.first(where: { $0.id == need }) {
          passed[need] = try process(timeLimit).run(exercise).verdict.status == .passed
        }
        if passed[need] == false { reports[index].needs.append(need) }
      }
    }
  }

  /// The reports on the exercises; nil for those that were not ready in time.
  private func standing(within seconds: Double) throws -> [ExerciseReport?] {
    let end = ContinuousClock.now + .seconds(seconds)
    return try exercises.map { exercise in
      let rest = (end - ContinuousClock.now) / .seconds(1)
      guard rest > 0.1 else { return nil }
      let report = try process(rest).run(exercise)
      return ContinuousClock.now < end ? report : nil
    }
  }
}

/// An exercise in the results that are for programs. What a teacher's script reads are the keys, so
/// they must not change.
struct ResultRow: Codable {
  let id: String
  let title: String
  let status: Verdict.Status
  let message: String
  /// The exercises that this one needs and that have not passed.
  let needs: [String]
  /// The lines that the function printed.
  let printed: [String]
  let seconds: Double

  init(_ report: ExerciseReport) {
    id = report.exercise.id
    title = report.exercise.title
    status = report.verdict.status
    message = report.message
    needs = report.needs
    printed = report.printed.lines
    seconds = (report.seconds * 1_000).rounded() / 1_000
  }

  static func json(_ reports: [ExerciseReport]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(reports.map(Self.init)), as: UTF8.self) + "\n"
  }
}
