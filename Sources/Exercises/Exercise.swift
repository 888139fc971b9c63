import Calculations

/// A placeholder for what the student has yet to write: `return try todo()`.
///
/// - Throws: Always; the exercise then counts as not started.
public func todo<Value>(file: String = #fileID, line: Int = #line) throws -> Value {
  throw NotStarted(place: "\(file.split(separator: "/").last ?? ""):\(line)")
}

/// What ``todo(file:line:)`` throws.
struct NotStarted: Error {
  /// Where it is: "Exercises.swift:12".
  let place: String
}

/// A function that the student writes, with the check of what it returns.
///
/// The student's function comes as an argument, so that a test can put a solution or a mistake in
/// its place:
///
/// ```swift
/// static func logMeanExp(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
///   var comparison = Comparison(of: answer) { Probability.logMeanExp($0) }
///   comparison.ask("log weights (0, 0.5)", [0, 0.5])
///   comparison.ask("log weights (-1000, -1001)", [-1000, -1001])
///   comparison.recognize(
///     "that is the mean of the logs; the exercise asks for the log of the mean"
///   ) { mean($0) }
///   comparison.recognize("the exponentials became 0 before their log was taken") {
///     log(mean($0.map(exp)))
///   }
///   return Exercise(
///     "log-mean-exp", "The log of a mean, from logs", minutes: 10,
///     hints: ["Which of the exponentials can become 0?", "Subtract the largest first."],
///     comparison)
/// }
/// ```
public struct Exercise {
  /// The name on the command line, such as "log-mean-exp".
  public let id: String
  /// What the function computes, in a few words.
  public let title: String
  /// How long a student takes.
  public let minutes: Int
  /// The ids of the exercises whose functions a student would call to solve this one. They come
  /// earlier in the chapter.
  public let needs: [String]
  /// One to three, each of which says a little more.
  public let hints: [String]
  /// What is said about each mistake, in the order in which they are tried.
  let mistakes: [String]
  /// What is said about two mistakes at once.
  let pairs: [String]
  var questions: [Question]

  /// An exercise whose answers are compared with right ones.
  ///
  /// - Parameters:
  ///   - id: The name on the command line: small letters and digits with hyphens between them.
  ///   - title: What the function computes, in a few words.
  ///   - minutes: How long a student takes.
  ///   - needs: The ids of the exercises whose functions a student would call to solve this one.
  ///   - hints: One to three, each of which says a little more.
  ///   - comparison: What is asked, and the answers that are known.
  public init<Input, Output>(
    _ id: String, _ title: String, minutes: Int, needs: [String] = [], hints: [String],
    _ comparison: Comparison<Input, Output>
  ) {
    self.init(
      id, title, minutes: minutes, needs: needs, hints: hints,
      mistakes: comparison.mistakes.map(\.message), pairs: comparison.pairs.map(\.message),
      questions: comparison.questions)
  }

  /// An exercise whose answers are judged on their own: ``judged(_:shape:answer:complaint:)`` says
  /// how.
  public init(
    _ id: String, _ title: String, minutes: Int, needs: [String] = [], hints: [String]
  ) {
    self.init(
      id, title, minutes: minutes, needs: needs, hints: hints, mistakes: [], pairs: [],
      questions: [])
  }

  /// The exercise with one more condition, for answers of which more than one can be right.
  ///
  /// - Parameters:
  ///   - description: What was asked, in words that complete "For …".
  ///   - shape: The shape that the answer must have; with any other it is wrong without being
  ///     judged.
  ///   - answer: Calls the student's function, as often as it takes.
  ///   - complaint: What is wrong with an answer of that shape, all of it finite, as a clause after
  ///     a colon; or nil.
  public func judged(
    _ description: String, shape: [Int] = [],
    answer: @escaping () throws -> some AnswerConvertible,
    complaint: @escaping (Answer) -> String?
  ) -> Exercise {
    judged(description, shape: shape, oddity: \.oddity, answer: answer, complaint: complaint)
  }

  /// The same, with other words for an answer that is not finite.
  func judged(
    _ description: String, shape: [Int], oddity: @escaping (Answer) -> String?,
    answer: @escaping () throws -> some AnswerConvertible,
    complaint: @escaping (Answer) -> String?
  ) -> Exercise {
    let question = Question(
      description: description, answer: { try answer().answer },
      criterion: .judged(shape: shape) { oddity($0) ?? complaint($0) })
    return Exercise(
      id, title, minutes: minutes, needs: needs, hints: hints, mistakes: mistakes, pairs: pairs,
      questions: questions + [question])
  }

  private init(
    _ id: String, _ title: String, minutes: Int, needs: [String], hints: [String],
    mistakes: [String], pairs: [String], questions: [Question]
  ) {
    self.id = id
    self.title = title
    self.minutes = minutes
    self.needs = needs
    self.hints = hints
    self.mistakes = mistakes
    self.pairs = pairs
    self.questions = questions
  }
}

/// A student's function with a right one and some wrong ones to compare it with.
///
/// Each is added by a statement of its own, which compiles quickly. As arguments of one call, a few
/// closures with arithmetic in them would be too much for the type checker.
public struct Comparison<Input, Output: AnswerConvertible> {
  fileprivate struct Case {
    let description: String
    let input: Input
    let tolerance: Tolerance
  }

  fileprivate struct WrongFunction {
    let message: String
    let function: (Input) -> Output
  }

  private let answer: (Input) throws -> Output
  private let expected: (Input) -> Output
  private let elements: [String]
  private var cases: [Case] = []
  private var arguments: [Argument<Input>] = []
  private var termNames: [(name: String, belongs: Bool)] = []
  private var termValues: (Input) -> [Output] = { _ in [] }
  private var calculations: [(Input) -> Calculation?] = []
  fileprivate private(set) var mistakes: [WrongFunction] = []
  fileprivate private(set) var pairs: [WrongFunction] = []

  /// Compares the student's function with a right one.
  ///
  /// - Parameters:
  ///   - answer: The student's function.
  ///   - elements: What each number of the answer is, if the answer is an array that always has the
  ///     same numbers: "∂ℒ/∂μ".
  ///   - expected: The right function.
  public init(
    of answer: @escaping (Input) throws -> Output, elements: [String] = [],
    with expected: @escaping (Input) -> Output
  ) {
    self.answer = answer
    self.elements = elements
    self.expected = expected
  }

  /// Adds an input, described in words that complete "For …": "log weights (-1000, -1001)".
  public mutating func ask(
    _ description: String, _ input: Input, tolerance: Tolerance = .rounding
  ) {
    cases.append(Case(description: description, input: input, tolerance: tolerance))
  }

  /// Adds a wrong function, with what is wrong with it as a clause that follows the numbers: "that
  /// is the mean; the exercise asks for the sum".
  ///
  /// The mistake is named if the student's answers equal the mistake's wherever these differ from
  /// the right ones. If several mistakes fit, the first is named.
  public mutating func recognize(_ message: String, _ function: @escaping (Input) -> Output) {
    mistakes.append(WrongFunction(message: message, function: function))
  }

  /// Adds the mistakes that can be made in a formula, and every two of the common ones together.
  ///
  /// - Parameters:
  ///   - mistakes: The mistakes.
  ///   - formula: The right formula.
  ///   - function: What the exercise asks for, computed with a formula.
  public mutating func recognize<Formula>(
    _ mistakes: [Mistake<Formula>], in formula: Formula,
    _ function: @escaping (Input, Formula) -> Output
  ) {
    for mistake in mistakes {
      recognize(mistake.message) { function($0, mistake.made(in: formula)) }
    }
    let common = mistakes.filter(\.isCommon)
    for (index, first) in common.enumerated() {
      for second in common[(index + 1)...] {
        pairs.append(
          WrongFunction(message: "two mistakes: \(first.message); and \(second.message)") {
            function($0, second.made(in: first.made(in: formula)))
          })
      }
    }
  }

  /// Says of which terms the right answer is a sum, so that an answer with a term missing, doubled,
  /// halved or with the wrong sign is recognised, in any combination.
  ///
  /// More numbers have to be asked than there are terms: at least two more.
  ///
  /// - Parameters:
  ///   - names: What each term is called: "½ Σ log σ²".
  ///   - strangers: Terms that do not belong to the answer and that students add.
  ///   - values: The terms, as they are added in the right answer, and then the strangers.
  public mutating func terms(
    _ names: [String], strangers: [String] = [], _ values: @escaping (Input) -> [Output]
  ) {
    termNames = names.map { ($0, true) } + strangers.map { ($0, false) }
    termValues = values
  }

  /// Says how the right answer is calculated, step by step, so that a slip at any step is
  /// recognised. All numbers of the result, in order, are those of the answer. There may be several
  /// ways to calculate it, and some only for cases of one kind, with nil for the others.
  public mutating func calculation(_ calculation: @escaping (Input) -> Calculation?) {
    calculations.append(calculation)
  }

  /// Says which argument a part of the input is, so that an answer that does not depend on it, or
  /// only on its first number, is recognised: the student's function is called again with one
  /// number changed.
  ///
  /// - Parameters:
  ///   - name: The argument's name in the student's function.
  ///   - path: Where its numbers are in the input.
  ///   - change: Changes one of them to another that may occur.
  public mutating func argument(
    _ name: String, _ path: WritableKeyPath<Input, [Double]>,
    change: @escaping (Double) -> Double = { $0 + 0.25 }
  ) {
    arguments.append(Argument(name, path, change))
  }

  /// Says which argument a single number is.
  public mutating func argument(
    _ name: String, _ path: WritableKeyPath<Input, Double>,
    change: @escaping (Double) -> Double = { $0 + 0.25 }
  ) {
    arguments.append(Argument(name, path, change))
  }

  /// Says which argument a table is, by rows of equal length.
  public mutating func argument(
    _ name: String, _ path: WritableKeyPath<Input, [[Double]]>,
    change: @escaping (Double) -> Double = { $0 + 0.25 }
  ) {
    arguments += [
      Argument(rowsOf: name, path, change), Argument(columnsOf: name, path, change),
    ]
  }

  fileprivate var questions: [Question] {
    cases.map { test in
      let probes = arguments.map { $0.probe(test.input, expected: expected, answer: answer) }
      return Question(
        description: test.description, answer: { try answer(test.input).answer },
        criterion: .equal(
          Known(
            tolerance: test.tolerance, elements: elements,
            expected: { expected(test.input).answer },
            mistakes: mistakes.map { mistake in { mistake.function(test.input).answer } },
            pairs: pairs.map { mistake in { mistake.function(test.input).answer } },
            probes: probes,
            terms: termNames.enumerated().map { index, term in
              Term(name: term.name, belongs: term.belongs) { termValues(test.input)[index].answer }
            },
            calculations: calculations.map { calculation in { calculation(test.input) } })))
    }
  }
}

/// How far an answer may be from the expected one.
public struct Tolerance: Equatable, Sendable {
  /// In units of the largest expected number of the case (of 1 if all are 0): a sum that cancels
  /// is as exact as its terms.
  public var relative: Double
  /// In the unit of the answer. The larger of the two counts.
  public var absolute: Double

  /// Creates a tolerance.
  public init(relative: Double = 0, absolute: Double = 0) {
    self.relative = relative
    self.absolute = absolute
  }

  /// For what is computed in `Double`: a million additions in any order are good to
  /// 10⁶ · 2⁻⁵³ ≈ 10⁻¹⁰ of their terms.
  public static let rounding = Tolerance(relative: 1e-9)
}

/// One thing that is asked of a student's function.
struct Question {
  enum Criterion {
    case equal(Known)
    case judged(shape: [Int], complaint: (Answer) -> String?)
  }

  let description: String
  var answer: () throws -> Answer
  let criterion: Criterion
}

/// What is known about the answer to a question.
struct Known {
  let tolerance: Tolerance
  /// What each number is, if they have names.
  let elements: [String]
  let expected: () -> Answer
  /// The answers of those who make a mistake.
  let mistakes: [() -> Answer]
  /// The answers of those who make two.
  let pairs: [() -> Answer]
  /// The arguments, each of which can be changed.
  let probes: [Probe]
  /// The terms of which the right answer is the sum, and others.
  let terms: [Term]
  /// Ways in which the right answer is calculated.
  let calculations: [() -> Calculation?]
}
