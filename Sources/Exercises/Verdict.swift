/// The result of an exercise, and the reason.
public struct Verdict: Codable, Equatable, Sendable {
  /// The result of an exercise.
  public enum Status: String, Codable, Sendable {
    /// The function still throws `todo()`.
    case notStarted = "not started"
    /// The function returned a wrong answer.
    case wrong
    /// The function did not return: it trapped, ended the process or took too long.
    case stopped
    /// All answers are right.
    case passed
  }

  /// The result.
  public let status: Status
  /// The reason; empty if it passed.
  public let message: String

  static let passed = Verdict(.passed, "")

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }
}

extension Exercise {
  /// Calls the function here and now, and judges what it returns.
  ///
  /// A function that traps takes this process with it, and one that never returns holds it up: the
  /// command `exercises` calls each in a process of its own.
  public func verdict() -> Verdict {
    var answers: [ComparedAnswer] = []
    var complaint: String?
    for (index, question) in questions.enumerated() {
      let answer: Answer
      do {
        answer = try question.answer()
      } catch let error as NotStarted {
        return index == 0
          ? Verdict(.notStarted, "todo() stands at \(error.place).")
          : Verdict(
            .wrong, "For \(question.description): todo() still stands at \(error.place).")
      } catch {
        // Only the beginning, in case the student's error has a long description.
        let reason = "\(error)".prefix(500)
        return Verdict(
          .wrong, "For \(question.description): your function threw an error: \(reason)")
      }
      switch question.criterion {
      case .judged(let shape, let judge):
        guard complaint == nil else { break }
        complaint = (answer.misfit(with: shape) ?? answer.oddity ?? judge(answer))
          .map { ended("For \(question.description): \($0)") }
      case .equal(let tolerance, let expected, let mistakes):
        let compared = ComparedAnswer(
          description: question.description, answer: answer, expected: expected(),
          mistakes: mistakes.map { $0() }, tolerance: tolerance)
        // After an unknown shape further questions would tell nothing new, and the answers may be
        // large.
        guard compared.hasKnownShape else { return Verdict(.wrong, ended(compared.account)) }
        answers.append(compared)
      }
    }
    let wrong = answers.filter { !$0.isRight }
    guard !wrong.isEmpty || complaint != nil else { return .passed }
    return Verdict(
      .wrong,
      namedMistake(in: answers) ?? complaint ?? pattern(in: answers)
        ?? firstWrong(wrong, of: answers.count))
  }

  private func namedMistake(in answers: [ComparedAnswer]) -> String? {
    for (index, message) in mistakes.enumerated() {
      let telling = answers.filter { $0.differs(mistake: index) }
      guard let first = telling.first, answers.allSatisfy({ $0.fits(mistake: index) }) else {
        continue
      }
      return ended("\(first.account(at: first.firstDifference(mistake: index))): \(message)")
    }
    return nil
  }

  /// What all answers have in common, if they are all wrong in the same way.
  private func pattern(in answers: [ComparedAnswer]) -> String? {
    guard answers.allSatisfy({ $0.answer.hasShape(of: $0.expected) }),
      let first = answers.first(where: { !$0.isRight }),
      let finding = Pairs(answers).finding
    else { return nil }
    return ended("\(first.account): \(finding)")
  }

  private func firstWrong(_ wrong: [ComparedAnswer], of count: Int) -> String {
    let right = count - wrong.count
    return wrong[0].account + (wrong[0].answer.explanation.map { ": \($0)" } ?? "") + "."
      + (right == 0 ? "" : " (\(right) of \(count) cases are right.)")
  }
}

/// The sentence with a full stop, unless it ends in a mark of its own.
private func ended(_ sentence: String) -> String {
  sentence.last.map(".!?".contains) ?? true ? sentence : sentence + "."
}
