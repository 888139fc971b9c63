import Notebook

/// Shows exercises and their verdicts to a student.
struct ExercisesPrinter {
  let chapter: String
  let renderer: TerminalRenderer
  let write: (String) -> Void

  private var command: String { "swift run \(chapter) \(ExercisesCommand.name)" }
  private var file: String { "Chapters/\(chapter)/Exercises.swift" }

  /// One exercise of the list of results.
  func line(for report: ExerciseReport, among exercises: [Exercise]) {
    let status = report.verdict.status
    let (mark, ascii, color): (String, String, TerminalRenderer.Color?) =
      switch status {
      case .passed: ("✓", "ok", .green)
      case .wrong, .stopped: ("✗", "no", .red)
      case .notStarted: ("·", "--", nil)
      }
    let shown = renderer.isASCII ? ascii : mark
    let width = exercises.map(\.id.columns).max() ?? 0
    let text = " \(report.exercise.id.padded(to: width))  \(status.rawValue)"
    print([(color.map { renderer.colored(shown, $0) } ?? shown) + text])
  }

  /// How many passed, and details of those that did not: only of the first, unless the exercises
  /// were chosen.
  func summary(of reports: [ExerciseReport], wereChosen: Bool) {
    let passed = reports.count { $0.verdict.status == .passed }
    let isAll = passed == reports.count
    let summary =
      isAll && passed > 1 ? "All \(passed) passed." : "\(passed) of \(reports.count) passed."
    print(["", renderer.colored(summary, isAll ? .green : .bold)])
    // An exercise that somebody is working on is more interesting than one that they have skipped.
    let next =
      reports.first { [.wrong, .stopped].contains($0.verdict.status) }
      ?? reports.first { $0.verdict.status == .notStarted }
    let shown = wereChosen ? reports : next.map { [$0] } ?? []
    for report in shown { details(of: report) }
    guard let next else { return }
    print([
      "", "Edit \(file), then:", "  \(command) \(next.exercise.id)",
      "For a hint:", "  \(command) hint \(next.exercise.id)",
    ])
  }

  /// The details of one exercise, if there are any.
  private func details(of report: ExerciseReport) {
    let printed = report.printed.lines
    guard report.verdict.status != .passed || !printed.isEmpty else { return }
    print([""])
    let title = renderer.text("\(report.exercise.id): \(report.exercise.title)")
    print(title.wrapped(to: renderer.width).map { renderer.colored($0, .bold) })
    if !report.verdict.message.isEmpty { paragraph(visible(report.verdict.message)) }
    guard !printed.isEmpty else { return }
    let bar = renderer.isASCII ? "| " : "│ "
    print(["", "Your function printed:"] + printed.map { bar + renderer.text($0) })
  }

  /// The exercises and how long they take.
  func list(_ exercises: [Exercise]) {
    let width = exercises.map(\.id.columns).max() ?? 0
    for exercise in exercises {
      let head =
        "\(exercise.id.padded(to: width))  \("\(exercise.minutes)".padded(to: 3, .right)) min  "
      let title = renderer.text(exercise.title).wrapped(to: max(20, renderer.width - head.columns))
      let indent = String(repeating: " ", count: head.columns)
      print(title.enumerated().map { ($0 == 0 ? head : indent) + $1 })
    }
    print(["", "They are in \(file). To check them:", "  \(command)"])
  }

  /// The first `count` hints, and how to get the next one.
  func hints(of exercise: Exercise, upTo count: Int) {
    let all = exercise.hints.count
    for (index, hint) in exercise.hints.prefix(count).enumerated() {
      print([renderer.colored("Hint \(index + 1) of \(all)", .bold)])
      paragraph(hint)
      print([""])
    }
    print(
      count < all
        ? ["For the next hint:", "  \(command) hint \(exercise.id) \(count + 1)"]
        : ["There are no more hints. To check your function:", "  \(command) \(exercise.id)"])
  }

  func help() {
    write(
      """
      Checks the functions in \(file).

      Usage: \(command) [WHAT] [OPTION...]

      What:
                       Check all exercises, in order.
        ID...          Check only these.
        list           List the exercises.
        hint ID [N]    Show the first hint for an exercise, or the first N.

      Options:
        --json                 Write the results as JSON, for a program.
        --time-limit SECONDS   The longest that each may take (0.1 to 600; default 5).
        --ascii                Write only ASCII characters.
        --color                Write colours, even if the output is not a terminal.
        --no-color             Write no colours, even on a terminal.
        -h, --help             Print this help.

      Exit status:
         0  All checked exercises passed.
         1  At least one did not.
        64  The command line is wrong.

      """)
  }

  private func paragraph(_ text: String) { print(renderer.text(text).wrapped(to: renderer.width)) }

  private func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined()) }
}
