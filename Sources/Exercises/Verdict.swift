import Calculations

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
    var judgement = Judgement(exercise: self)
    for (index, question) in questions.enumerated() {
      do {
        if let verdict = judgement.consider(try question.answer(), to: question) { return verdict }
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
    }
    return judgement.verdict
  }
}

/// What is known about a student's answers, and what to say about them.
private struct Judgement {
  let exercise: Exercise
  /// The answers that are compared with known ones, with what is known about them.
  private var answers: [(compared: ComparedAnswer, known: Known, repeated: () throws -> Answer)] =
    []
  private var complaint: String?

  init(exercise: Exercise) { self.exercise = exercise }

  /// Takes an answer in; the verdict, if there is no use in asking further.
  mutating func consider(_ answer: Answer, to question: Question) -> Verdict? {
    switch question.criterion {
    case .judged(let shape, let judge):
      guard complaint == nil else { return nil }
      complaint = (answer.misfit(with: shape) ?? judge(answer))
        .map { ended("For \(question.description): \($0)") }
    case .equal(let known):
      let compared = ComparedAnswer(
        description: question.description, answer: answer, expected: known.expected(),
        mistakes: known.mistakes.map { $0() }, tolerance: known.tolerance,
        elements: known.elements)
      // After an unknown shape further questions would tell nothing new, and the answers may be
      // large.
      guard compared.hasKnownShape else {
        let finding = compared.shapeFinding.map { ": \($0)" } ?? ""
        return Verdict(.wrong, ended(compared.account + finding))
      }
      answers.append((compared, known, question.answer))
    }
    return nil
  }

  /// The most telling thing that can be said: a mistake that is known, then two at once, then terms
  /// with wrong factors, then a slip in the calculation, then what all answers have in common, then
  /// an argument that is not used, then two slips, then an expression in place of a step, and at least
  /// the numbers.
  var verdict: Verdict {
    let compared = answers.map(\.compared)
    let wrong = compared.filter { !$0.isRight }
    guard !wrong.isEmpty else { return complaint.map { Verdict(.wrong, $0) } ?? .passed }
    return Verdict(
      .wrong,
      named(exercise.mistakes, in: compared)
        ?? named(exercise.pairs, in: answersWithPairs)
        ?? wrongTerms ?? unrepeatable ?? returnedArgument(in: compared) ?? slip(\.single)
        ?? pattern(in: compared) ?? independence ?? slip(\.double) ?? slip(\.substitution)
        ?? firstWrong(wrong, of: compared.count))
  }

  /// The answers, compared with those of two mistakes at once. These are many, so they are only
  /// computed when no single mistake explains the answers.
  private var answersWithPairs: [ComparedAnswer] {
    guard !exercise.pairs.isEmpty else { return [] }
    return answers.map { $0.compared.compared(with: $0.known.pairs.map { $0() }) }
  }

  /// The first mistake that explains all answers; or all that are finite, if the others only lack
  /// care for large and small numbers.
  private func named(_ mistakes: [String], in answers: [ComparedAnswer]) -> String? {
    let outOfRange = answers.filter(\.isOutOfRange)
    let finite = answers.filter { !$0.isOutOfRange }
    return name(mistakes, in: answers).map(ended)
      ?? outOfRange.first.flatMap { odd in
        name(mistakes, in: finite).map { secondMistake(ended($0), odd) }
      }
  }

  private func name(_ mistakes: [String], in answers: [ComparedAnswer]) -> String? {
    for (index, message) in mistakes.enumerated() {
      guard let first = answers.first(where: { $0.differs(mistake: index) }),
        answers.allSatisfy({ $0.fits(mistake: index) })
      else { continue }
      return "\(first.account(at: first.firstDifference(mistake: index))): \(message)"
    }
    return nil
  }

  /// Terms that are missing or have the wrong sign or factor: in all numbers, or in those of one
  /// name.
  private var wrongTerms: String? {
    let usable = answers.filter {
      $0.compared.isFinite && $0.compared.answer.hasShape(of: $0.compared.expected)
    }
    guard let first = usable.first(where: { !$0.compared.isRight }) else { return nil }
    let compared = usable.map(\.compared)
    let terms = usable.map(\.known.terms)
    if let finding = TermFactors(compared, terms: terms)?.finding {
      return ended("\(first.compared.account): \(finding)")
    }
    for name in Set(compared.flatMap(\.wrongNames)).sorted() where !name.isEmpty {
      if let finding = TermFactors(compared, terms: terms, only: name)?.finding {
        return ended("\(first.compared.account): in \(name), \(finding)")
      }
    }
    return nil
  }

  /// A slip, or two, in a calculation of the right answer, which explain all answers; or all that
  /// are finite.
  private func slip(_ finding: KeyPath<SlipSearch, String?>) -> String? {
    func found(_ answers: [ComparedAnswer], _ known: [Known]) -> String? {
      guard let ways = known.first?.calculations.indices else { return nil }
      return ways.lazy.compactMap { way in
        let cases = zip(answers, known).compactMap { answer, known in
          known.calculations[way]().map { (answer: answer, steps: CalculationSteps($0)) }
        }
        return SlipSearch(cases)?[keyPath: finding]
      }.first.map(ended)
    }
    let finite = answers.filter { !$0.compared.isOutOfRange }
    return found(answers.map(\.compared), answers.map(\.known))
      ?? answers.first { $0.compared.isOutOfRange }.flatMap { odd in
        found(finite.map(\.compared), finite.map(\.known)).map {
          secondMistake($0, odd.compared)
        }
      }
  }

  private func secondMistake(_ named: String, _ odd: ComparedAnswer) -> String {
    let reason = odd.answer.explanation.map { ": \($0)" } ?? ""
    return named + " And there is a second mistake. " + ended(odd.account + reason)
  }

  /// Two different answers to the same question.
  private var unrepeatable: String? {
    guard let first = answers.first, let again = try? first.repeated(),
      again.hasShape(of: first.compared.answer),
      let index = again.values.indices.first(where: {
        again.values[$0] != first.compared.answer.values[$0]
          && !(again.values[$0].isNaN && first.compared.answer.values[$0].isNaN)
      })
    else { return nil }
    let numbers = distinguished([first.compared.answer.values[index], again.values[index]])
    return "For \(first.compared.description): called twice, your function returned \(numbers[0]) "
      + "and \(numbers[1]). Does it draw random numbers, or keep something from call to call?"
  }

  /// An argument, or a part of it, that makes no difference and should.
  private var independence: String? {
    let finite = answers.filter(\.compared.isFinite)
    guard let first = finite.first(where: { !$0.compared.isRight }) else { return nil }
    for (index, probe) in first.known.probes.enumerated() {
      // A right answer tells as well what the function depends on.
      let possible = finite.compactMap { $0.known.probes[index].dependences(of: $0.compared) }
      guard let some = possible.first else { continue }
      let common = possible.reduce(some) { $0.intersection($1) }
      guard !common.contains(.onAll),
        let dependence = Probe.Dependence.allCases.first(where: common.contains),
        let finding = probe.finding(dependence)
      else { continue }
      return ended("\(first.compared.account): \(finding)")
    }
    return nil
  }

  /// What all answers have in common, if they are all wrong in the same way.
  private func pattern(in compared: [ComparedAnswer]) -> String? {
    guard let first = compared.first(where: { !$0.isRight }) else { return nil }
    let probes = answers.first?.known.probes ?? []
    let counts = probes.indices.map { index in
      (
        argument: probes[index].name,
        values: answers.map { $0.known.probes[index].count }
      )
    }
    guard let finding = Pattern(compared, counts: counts)?.finding else { return nil }
    return ended("\(first.account): \(finding)")
  }

  /// An argument that was returned as it came.
  private func returnedArgument(in compared: [ComparedAnswer]) -> String? {
    guard let first = answers.first, let wrong = compared.first(where: { !$0.isRight }),
      let index = first.known.probes.indices.first(where: { index in
        answers.allSatisfy { $0.known.probes[index].numbers() == $0.compared.answer }
      })
    else { return nil }
    return ended("\(wrong.account): that is `\(first.known.probes[index].name)`, as it came")
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
