import Calculations

/// A student's answers beside the calculations of the right ones.
struct SlipSearch {
  private let cases: [(answer: ComparedAnswer, steps: CalculationSteps)]

  /// How many different wrong numbers there are.
  private let wrongCount: Int

  /// Nil unless there are numbers enough to tell slips apart.
  init?(_ answers: [ComparedAnswer], _ calculations: [CalculationSteps]) {
    // A plain calculation may go out of range where the right answer does not.
    let usable = zip(answers, calculations).filter { answer, steps in
      answer.isNear(steps.result, answer.expected.values)
        && answer.answer.hasShape(of: answer.expected) && steps.hasSteps(of: calculations[0])
    }
    cases = (usable.filter { !$0.0.isRight } + usable.filter(\.0.isRight)).map { ($0.0, $0.1) }
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
  }

  /// The first slip that explains all answers.
  var single: String? {
    cases[0].steps.slips.first { explains([$0]) }
      .map { account("that is what comes out if \($0.clause)") }
  }

  /// The first two slips that explain all answers together.
  var double: String? {
    guard wrongCount >= 3 else { return nil }
    // Twos of all the usual slips would be too many.
    let slips = cases[0].steps.usualSlips.filter(\.isEverywhere)
    for (index, first) in slips.enumerated() {
      for second in slips[(index + 1)...] where explains([first, second]) {
        return account("that is what comes out if \(first.clause), and \(second.clause)")
      }
    }
    return nil
  }

  private func explains(_ slips: [Slip]) -> Bool {
    cases.allSatisfy { answer, steps in
      steps.result(with: slips).map { answer.isNear(answer.answer.values, $0) } ?? false
    }
  }

  private func account(_ finding: String) -> String { "\(cases[0].answer.account): \(finding)" }
}
