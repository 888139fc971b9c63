import Calculations

/// A student's answers beside the calculations of the right ones.
struct SlipSearch {
  private let cases: [(answer: ComparedAnswer, steps: CalculationSteps)]

  /// The calculation with most numbers, in which a slip that concerns several of them can be made.
  private let widest: CalculationSteps

  /// How many different wrong numbers there are.
  private let wrongCount: Int

  /// Nil unless there are numbers enough to tell slips apart.
  init?(_ all: [(answer: ComparedAnswer, steps: CalculationSteps)]) {
    // A plain calculation may go out of range where the right answer does not.
    let usable = all.filter { answer, steps in
      answer.isNear(steps.result, answer.expected.values)
        && answer.answer.hasShape(of: answer.expected) && steps.hasSteps(of: all[0].steps)
    }
    cases = usable.filter { !$0.answer.isRight } + usable.filter(\.answer.isRight)
    wrongCount =
      Set(
        cases.flatMap { answer, _ in
          answer.answer.values.indices.filter { !answer.isRight(at: $0) }
            .map { answer.answer.values[$0] }.filter(\.isFinite)
        }
      ).count
    // The other sign of everything is no slip at a step that could be told.
    let isFlipped = cases.allSatisfy { answer, _ in
      answer.isNear(answer.answer.values, answer.expected.values.map { -$0 })
    }
    guard wrongCount >= 2, !isFlipped else { return nil }
    widest = cases.map(\.steps).reduce(cases[0].steps) { $1.size > $0.size ? $1 : $0 }
  }

  /// The first slip that explains all answers.
  var single: String? {
    let (answer, steps) = cases[0]
    let wrong = answer.answer.values.indices.filter { !answer.isRight(at: $0) }
    let slips = widest.slips
    let places = Set(slips.map(\.place)).filter { place in
      let reach = steps.reach(of: place)
      return wrong.allSatisfy { reach[$0] }
    }
    return slips.first { places.contains($0.place) && explains([$0]) }
      .map { account("that is what comes out if \(widest.clause(of: $0))") }
  }

  /// The first two slips that explain all answers together.
  var double: String? {
    guard wrongCount >= 3 else { return nil }
    var known: Set<[Double]> = []
    let effects = widest.usualSlips.compactMap(effect)
      .filter { known.insert($0.results).inserted }
    for (index, first) in effects.enumerated() {
      for second in effects[(index + 1)...]
      where first.mayExplain(with: second) && explains([first.slip, second.slip]) {
        let clauses = [first, second].map { widest.clause(of: $0.slip) }
        return account("that is what comes out if \(clauses[0]), and \(clauses[1])")
      }
    }
    return nil
  }

  /// The first small expression in place of a step that explains all answers.
  var substitution: String? {
    guard wrongCount >= 3 else { return nil }
    let (answer, steps) = cases[0]
    return steps.substitutions(for: answer.answer.values).first { explains([$0]) }
      .map { account("that is what comes out if \(steps.clause(of: $0))") }
  }

  private func effect(of slip: Slip) -> Effect? {
    var effect = Effect(slip: slip)
    for (answer, steps) in cases {
      guard let result = steps.result(with: [slip]) else { return nil }
      effect.results += result
      effect.changes += zip(result, steps.result).map { $0 != $1 }
      effect.fits += zip(answer.answer.values, result).map { answer.isNear($0, $1) }
    }
    return effect
  }

  private func explains(_ slips: [Slip]) -> Bool {
    cases.allSatisfy { answer, steps in
      steps.result(with: slips).map { answer.isNear(answer.answer.values, $0) } ?? false
    }
  }

  private func account(_ finding: String) -> String { "\(cases[0].answer.account): \(finding)" }
}

/// What a slip does to each number of all answers.
private struct Effect {
  let slip: Slip
  var results: [Double] = []
  var changes: [Bool] = []
  /// Whether the number is then the student's.
  var fits: [Bool] = []

  /// Whether each number is the student's, unless both slips change it.
  func mayExplain(with other: Effect) -> Bool {
    changes.indices.allSatisfy { index in
      changes[index] ? other.changes[index] || fits[index] : other.fits[index]
    }
  }
}
