import Calculations

extension Exercise {
  /// The defects of a chapter's exercises, one sentence each. A test makes sure that there are
  /// none.
  public static func defects(of exercises: [Exercise]) -> [String] {
    let counts = Dictionary(grouping: exercises, by: \.id).mapValues(\.count)
    let repeated = counts.filter { $0.value > 1 }.keys.sorted().map { "\($0): there are several." }
    let unknown = exercises.enumerated().flatMap { index, exercise in
      exercise.needs.filter { need in !exercises[..<index].contains { $0.id == need } }
        .map { "\(exercise.id): it needs \($0), which does not come earlier." }
    }
    return repeated + unknown
      + exercises.flatMap { exercise in exercise.defects.map { "\(exercise.id): \($0)." } }
  }

  private var defects: [String] {
    let conditions: [(holds: Bool, defect: String)] = [
      (id.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil, "the id is not in kebab case"),
      (!ExercisesRequest.words.contains(id), "the id is a word of the command line"),
      (!title.isEmpty, "there is no title"),
      (minutes > 0, "it takes no time"),
      ((1...3).contains(hints.count), "it has \(hints.count) hints, not 1 to 3"),
      (!hints.contains(""), "a hint is empty"),
      (!questions.contains { $0.description.isEmpty }, "a case has no description"),
      (mistakes.count + judgedCount >= 2, "it knows fewer than two mistakes"),
      (!questions.isEmpty, "nothing is asked"),
    ]
    return conditions.filter { !$0.holds }.map(\.defect) + defectsOfValues
  }

  private var judgedCount: Int {
    questions.count { if case .judged = $0.criterion { true } else { false } }
  }

  /// The defects that show in the values: a constant would pass, or a mistake could not be
  /// recognised.
  private var defectsOfValues: [String] {
    let answers = questions.compactMap { question -> ComparedAnswer? in
      guard case .equal(let known) = question.criterion else { return nil }
      let right = known.expected()
      return ComparedAnswer(
        description: question.description, answer: right, expected: right,
        mistakes: known.mistakes.map { $0() }, tolerance: known.tolerance)
    }
    guard let first = answers.first else { return [] }
    var defects = defectsOfTerms(answers) + defectsOfCalculations(answers)
    if answers.contains(where: { $0.expected.values.contains(where: \.isNaN) }) {
      defects.append("the expected answer is nan")
    }
    if answers.allSatisfy({ $0.expected == first.expected }) {
      defects.append("the same answer is right in every case")
    }
    for (index, message) in mistakes.enumerated() {
      if !answers.contains(where: { $0.differs(mistake: index) }) {
        defects.append("the mistake \"\(message)\" gives the right answers")
      }
      // The first that fits is named, so this one never would be, and its message may be false.
      for earlier in 0..<index
      where message != mistakes[earlier] && answers.allSatisfy({ $0.mistakesAgree(earlier, index) })
      {
        defects.append("the mistake \"\(message)\" cannot be told from \"\(mistakes[earlier])\"")
      }
    }
    return defects
  }

  /// The defects of the terms: the right answer must be their sum, and it must be possible to tell
  /// them apart.
  private func defectsOfTerms(_ answers: [ComparedAnswer]) -> [String] {
    let terms = questions.compactMap { question -> [Term]? in
      guard case .equal(let known) = question.criterion else { return nil }
      return known.terms
    }
    guard terms.contains(where: { !$0.isEmpty }) else { return [] }
    let finite = zip(answers, terms).filter(\.0.isFinite)
    let factors = TermFactors(finite.map(\.0), terms: finite.map(\.1))
    guard let factors else { return ["the terms cannot be told apart, or too little is asked"] }
    return factors.finding.map { ["the right answer is not the sum of its terms: \($0)"] } ?? []
  }

  /// The defects of the calculations: each must give the right answers, though not those for which
  /// a plain calculation goes out of range.
  private func defectsOfCalculations(_ answers: [ComparedAnswer]) -> [String] {
    let known = questions.compactMap { question -> Known? in
      if case .equal(let known) = question.criterion { known } else { nil }
    }
    let ways = known.first?.calculations.indices ?? 0..<0
    return ways.flatMap { way -> [String] in
      let all = zip(answers, known).compactMap { answer, known in
        known.calculations[way]().map { (answer: answer, steps: CalculationSteps($0)) }
      }
      let finite = all.filter { $0.steps.result.allSatisfy(\.isFinite) }
      let wrong = finite.first { !$0.answer.isNear($0.steps.result, $0.answer.expected.values) }
      let other = all.first { !$0.steps.hasSteps(of: all[0].steps) }
      return [
        wrong.map { "calculation \(way) gives \($1.result) for \($0.description)" },
        other.map { _ in "calculation \(way) has other steps in another case" },
        finite.count < 2
          ? "calculation \(way) can be told from others in less than two cases" : nil,
      ].compactMap { $0 }
    }
  }
}
