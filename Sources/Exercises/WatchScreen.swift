import Notebook

/// What `exercises watch` knows and shows.
struct WatchState {
  /// What is being done.
  enum Activity: Equatable {
    case building, checking, nothing
    /// A build waits for another one.
    case queued
  }

  /// How another chapter stands.
  enum Standing: Equatable {
    case unknown, notBuilt
    case counted(passed: Int, of: Int)
  }

  let place: ChapterPlace
  let exercises: [Exercise]
  var activity = Activity.nothing
  /// The last results; empty before the first.
  var rows: [ResultRow] = []
  /// What the compiler complained about; nil if the chapter is built.
  var complaints: [BuildComplaint]?
  /// The names of the other chapters, in order.
  var others: [(chapter: String, standing: Standing)] = []
  /// The exercises that have passed since the last results.
  var news: [String] = []
  /// How many hints are shown.
  private(set) var hintCount = 0
  /// What went wrong apart from the student's code.
  var trouble: String?
  /// The exercises that the student has put off.
  private var putOff: Set<String> = []

  init(place: ChapterPlace, exercises: [Exercise]) {
    self.place = place
    self.exercises = exercises
  }

  /// The result that is shown: the first that is not a pass.
  var current: ResultRow? { open.first { !putOff.contains($0.id) } ?? open.first }

  private var open: [ResultRow] { rows.filter { $0.status != .passed } }

  /// The exercise after the one that is shown.
  var next: ResultRow? {
    let rest = open.filter { $0.id != current?.id }
    return rest.first { !putOff.contains($0.id) } ?? rest.first
  }

  var currentExercise: Exercise? { exercises.first { $0.id == current?.id } }

  /// Takes new results.
  mutating func update(_ new: [ResultRow]) {
    let before = current?.id
    let passed = Set(rows.filter { $0.status == .passed }.map(\.id))
    news =
      rows.isEmpty ? [] : new.filter { $0.status == .passed && !passed.contains($0.id) }.map(\.id)
    rows = new
    complaints = nil
    if current?.id != before { hintCount = 0 }
  }

  mutating func showHint() {
    hintCount = min(hintCount + 1, currentExercise?.hints.count ?? 0)
  }

  /// Puts the exercise off that is shown, until all are put off.
  mutating func skip() {
    guard let id = current?.id else { return }
    putOff.insert(id)
    if open.allSatisfy({ putOff.contains($0.id) }) { putOff = [] }
    hintCount = 0
    news = []
  }
}

extension TerminalRenderer {
  /// The most lines of a student's own output that are shown.
  private static var mostPrintedLines: Int { 8 }

  /// The screen of `exercises watch`, in lines.
  func screen(_ state: WatchState) -> [String] {
    var lines = text("\(state.place.chapter): \(state.place.title)").wrapped(to: width)
      .map { colored($0, .bold) }
    if let complaints = state.complaints {
      lines += [""] + explanation(of: complaints, in: state.place)
    } else if state.rows.isEmpty {
      lines += [""]
    } else {
      lines += [""] + results(state) + verdict(state)
    }
    if let trouble = state.trouble { lines += [""] + text(visible(trouble)).wrapped(to: width) }
    return lines + [""] + progress(state) + [""] + footer(state)
  }

  private func results(_ state: WatchState) -> [String] {
    // Side by side, as many as fit.
    let width = (state.rows.map(\.id.columns).max() ?? 0) + (isASCII ? 5 : 4)
    let columns = max(1, min(3, self.width / width))
    let cells = state.rows.map { row in
      mark(row.status) + " "
        + (row.id == state.current?.id ? colored(row.id, .bold) : row.id)
        + String(repeating: " ", count: width - row.id.columns - (isASCII ? 3 : 2))
    }
    return stride(from: 0, to: cells.count, by: columns).map { start in
      cells[start..<min(start + columns, cells.count)].joined().withoutTrailingSpaces
    }
  }

  private func verdict(_ state: WatchState) -> [String] {
    var lines: [String] = []
    if !state.news.isEmpty {
      let names = state.news.joined(separator: ", ")
      lines +=
        [""]
        + text("\(names) \(state.news.count == 1 ? "passes" : "pass") now.")
        .wrapped(to: width).map { colored($0, .green) }
    }
    guard let row = state.current, let exercise = state.currentExercise else {
      let count = state.rows.count
      return lines + ["", colored("All \(count) passed.", .green), ""]
        + whereToGoOn(after: state.place)
    }
    lines += [""] + heading(of: exercise) + text(visible(row.message)).wrapped(to: width)
    if !row.printed.isEmpty {
      let rest = row.printed.count - Self.mostPrintedLines
      lines +=
        [""] + quoted(Array(row.printed.prefix(Self.mostPrintedLines)))
        + (rest > 0 ? [text("… and \(rest) more lines")] : [])
    }
    for (index, hint) in exercise.hints.prefix(state.hintCount).enumerated() {
      lines += ["", colored("Hint \(index + 1) of \(exercise.hints.count)", .bold)]
      lines += text(hint).wrapped(to: width)
    }
    return lines
  }

  private func explanation(of complaints: [BuildComplaint], in place: ChapterPlace) -> [String] {
    var lines = text("\(place.file) does not compile yet.").wrapped(to: width)
      .map { colored($0, .red) }
    for complaint in complaints.prefix(3) {
      lines += [""]
      lines += text(visible("\(complaint.place): \(complaint.message.prefix(200))"))
        .wrapped(to: width)
      if let advice = complaint.advice {
        lines += text(advice).wrapped(to: width).map { colored($0, .bold) }
      }
    }
    let rest = complaints.count - 3
    return lines + (rest > 0 ? ["", text("… and \(rest) more")] : [])
  }

  private func progress(_ state: WatchState) -> [String] {
    let passed = state.rows.count { $0.status == .passed }
    var all = (passed: passed, count: state.exercises.count)
    for case (_, .counted(let passed, let count)) in state.others {
      all = (all.passed + passed, all.count + count)
    }
    let missing = state.others.filter { $0.standing == .notBuilt }
      .map { "\(Int($0.chapter.dropFirst(2).prefix(2)) ?? 0)" }
    let isCounting = state.others.contains { $0.standing == .unknown }
    let remark =
      isCounting
      ? ", counting …" : missing.isEmpty ? "" : " (not built: \(missing.joined(separator: ", ")))"
    let rows = [
      ("This chapter", passed, state.exercises.count, ""),
      ("All chapters", all.passed, all.count, remark),
    ]
    var lines: [String] = []
    if let next = state.next {
      let minutes = state.exercises.first { $0.id == next.id }?.minutes ?? 0
      lines.append(text("Next: \(next.id), about \(minutes) minutes"))
    }
    for (name, passed, count, remark) in rows {
      let line = "\(name)  \(bar(passed, of: count))  \(passed) of \(count)\(remark)"
      lines.append(text(line).cut(to: width))
    }
    return lines
  }

  /// A bar that is filled as far as a task is done.
  func bar(_ done: Int, of count: Int) -> String {
    let length = 20
    let filled = count == 0 ? 0 : length * done / count
    return isASCII
      ? "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: length - filled)
        + "]"
      : String(repeating: "█", count: filled) + String(repeating: "░", count: length - filled)
  }

  private func footer(_ state: WatchState) -> [String] {
    let activity =
      switch state.activity {
      case .building: "Building …"
      case .queued: "Waiting for another swift command, perhaps your editor’s, to end …"
      case .checking: "Checking …"
      case .nothing: "Waiting for \(state.place.file) to be saved."
      }
    let hints = state.currentExercise?.hints.count ?? 0
    let keys =
      (state.complaints == nil && state.hintCount < hints ? ["h hint"] : [])
      + (state.next == nil ? [] : ["n next"]) + ["r run again", "q quit"]
    return text(activity).wrapped(to: width).map { colored($0, .dim) }
      + [keys.joined(separator: "   ").cut(to: width)]
  }
}
