import Notebook

/// Shows exercises and their verdicts to a student.
struct ExercisesPrinter {
  let place: ChapterPlace
  let renderer: TerminalRenderer
  let write: (String) -> Void

  private var command: String { "swift run \(place.chapter) \(ExercisesCommand.name)" }

  /// One exercise of the list of results.
  func line(for report: ExerciseReport, among exercises: [Exercise]) {
    let width = exercises.map(\.id.columns).max() ?? 0
    let status = report.verdict.status
    print([
      "\(renderer.mark(status)) \(report.exercise.id.padded(to: width))  \(status.rawValue)"
    ])
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
    if let next {
      print([
        "", "Edit \(place.file), then:", "  \(command) \(next.exercise.id)",
        "For a hint:", "  \(command) hint \(next.exercise.id)",
      ])
    } else if !wereChosen {
      print([""] + renderer.whereToGoOn(after: place))
    }
  }

  /// The details of one exercise, if there are any.
  private func details(of report: ExerciseReport) {
    let printed = report.printed.lines
    guard report.verdict.status != .passed || !printed.isEmpty else { return }
    print([""])
    print(renderer.heading(of: report.exercise))
    if !report.message.isEmpty { paragraph(visible(report.message)) }
    if !printed.isEmpty { print([""] + renderer.quoted(printed)) }
  }

  /// The exercises, whether they pass, and how long they take. A report that was not ready in time is
  /// nil.
  func list(_ exercises: [Exercise], _ reports: [ExerciseReport?]) {
    let width = exercises.map(\.id.columns).max() ?? 0
    let passed = Set(
      reports.compactMap { $0?.verdict.status == .passed ? $0?.exercise.id : nil })
    for (exercise, report) in zip(exercises, reports) {
      let head =
        "\(exercise.id.padded(to: width))  \("\(exercise.minutes)".padded(to: 3, .right)) min  "
      let needs = exercise.needs.filter { !passed.contains($0) }
      let remark =
        needs.isEmpty || passed.contains(exercise.id)
        ? "" : ". " + sentence(onNeeds: needs)
      let mark = renderer.mark(report?.verdict.status)
      let indent = head.columns + (renderer.isASCII ? 3 : 2)
      let lines = renderer.text(exercise.title + remark)
        .wrapped(to: max(20, renderer.width - indent))
      print([mark + " " + head + lines[0]])
      print(lines.dropFirst().map { String(repeating: " ", count: indent) + $0 })
    }
    let isUnknown = reports.contains { $0 == nil }
    print([
      "",
      "\(passed.count) of \(exercises.count) passed."
        + (isUnknown ? " Those with a ? take too long to show here." : ""),
      "They are in \(place.file). To check them:", "  \(command)",
    ])
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

  /// What became of a function that was to begin again, and where the attempt is.
  func reset(_ exercise: Exercise, attempt: String?) {
    guard let attempt else {
      return paragraph("\(exercise.id) is not started, so there is nothing to reset.")
    }
    paragraph("\(exercise.function) in \(place.file) is a stub again. Your attempt is kept in:")
    print(["  \(attempt)"])
  }

  func help() {
    write(
      """
      Checks the functions in \(place.file).

      Usage: \(command) [WHAT] [OPTION...]

      What:
                       Check all exercises, in order.
        ID...          Check only these.
        watch          Check them again whenever the file is saved, until you press q.
        list           List the exercises, and mark those that pass.
        hint ID [N]    Show the first hint for an exercise, or the first N.
        reset ID       Bring the stub of an exercise back, and keep your attempt.

      Options:
        --json                 Write the results as JSON, for a program.
        --time-limit SECONDS   The longest that each may take (0.1 to 600; default 5).
        --ascii                Write only ASCII characters.
        --color                Write colours, even if the output is not a terminal.
        --no-color             Write no colours, even on a terminal.
        -h, --help             Print this help.

      Exit status:
         0  All checked exercises passed.
         1  At least one did not, or one could not be reset.
        64  The command line is wrong.
        66  A file cannot be read.
        73  A file cannot be written.

      """)
  }

  private func paragraph(_ text: String) { print(renderer.text(text).wrapped(to: renderer.width)) }

  private func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined()) }
}

// MARK: - What the results and the screen of `watch` share

extension TerminalRenderer {
  /// The mark before an exercise: whether it passes; nil if that is unknown.
  func mark(_ status: Verdict.Status?) -> String {
    let (mark, ascii, color): (String, String, Color?) =
      switch status {
      case .passed: ("✓", "ok", .green)
      case .wrong, .stopped: ("✗", "no", .red)
      case .notStarted: ("·", "--", nil)
      case nil: ("?", "??", nil)
      }
    let shown = isASCII ? ascii : mark
    return color.map { colored(shown, $0) } ?? shown
  }

  /// "log-mean-exp: The log of a mean, from logs", in lines.
  func heading(of exercise: Exercise) -> [String] {
    text("\(exercise.id): \(exercise.title)").wrapped(to: width).map { colored($0, .bold) }
  }

  /// What a function printed, apart from what the check says.
  func quoted(_ printed: [String]) -> [String] {
    ["Your function printed:"] + printed.map { (isASCII ? "| " : "│ ") + text($0) }
  }

  /// What to do once the whole chapter has passed.
  func whereToGoOn(after place: ChapterPlace) -> [String] {
    let solutions = place.solutions.map {
      ["To compare your functions with the solutions:", "  \($0)"]
    }
    let next =
      place.next.map {
        [
          "The next chapter, and its exercises:", "  swift run \($0)",
          "  swift run \($0) \(ExercisesCommand.name) watch",
        ]
      } ?? [
        "This was the last chapter: you have now written every part of a variational "
          + "autoencoder yourself. To train it on pictures of your own:",
        "  swift run \(place.chapter) --data DIR",
      ]
    // Commands and paths stay whole.
    return ((solutions ?? []) + next).flatMap {
      $0.hasPrefix("  ") ? [$0] : text($0).wrapped(to: width)
    }
  }
}
