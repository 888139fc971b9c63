/// An argument of a student's function: numbers, or rows or columns of numbers, each of which can
/// be changed to see whether the answer depends on it.
struct Argument<Input> {
  let name: String
  /// What is changed at once: "number", "row", "column", or nil for an argument that is one number.
  let unit: String?
  let count: (Input) -> Int
  let numbers: (Input) -> Answer
  let changed: (Input, _ index: Int) -> Input

  init(
    _ name: String, _ path: WritableKeyPath<Input, [Double]>, _ change: @escaping (Double) -> Double
  ) {
    self.init(name: name, unit: "number") {
      $0[keyPath: path].count
    } numbers: {
      $0[keyPath: path].answer
    } change: {
      $0[keyPath: path][$1] = change($0[keyPath: path][$1])
    }
  }

  init(
    _ name: String, _ path: WritableKeyPath<Input, Double>, _ change: @escaping (Double) -> Double
  ) {
    self.init(name: name, unit: nil) { _ in
      1
    } numbers: {
      $0[keyPath: path].answer
    } change: { input, _ in
      input[keyPath: path] = change(input[keyPath: path])
    }
  }

  init(
    rowsOf name: String, _ path: WritableKeyPath<Input, [[Double]]>,
    _ change: @escaping (Double) -> Double
  ) {
    self.init(name: name, unit: "row") {
      $0[keyPath: path].count
    } numbers: {
      $0[keyPath: path].answer
    } change: {
      $0[keyPath: path][$1] = $0[keyPath: path][$1].map(change)
    }
  }

  init(
    columnsOf name: String, _ path: WritableKeyPath<Input, [[Double]]>,
    _ change: @escaping (Double) -> Double
  ) {
    self.init(name: name, unit: "column") {
      $0[keyPath: path].first?.count ?? 0
    } numbers: {
      $0[keyPath: path].answer
    } change: { input, column in
      for row in input[keyPath: path].indices {
        input[keyPath: path][row][column] = change(input[keyPath: path][row][column])
      }
    }
  }

  private init(
    name: String, unit: String?, count: @escaping (Input) -> Int,
    numbers: @escaping (Input) -> Answer, change: @escaping (inout Input, Int) -> Void
  ) {
    self.name = name
    self.unit = unit
    self.count = count
    self.numbers = numbers
    changed = { input, index in
      var copy = input
      change(&copy, index)
      return copy
    }
  }

  /// The argument of one case.
  func probe<Output: AnswerConvertible>(
    _ input: Input, expected: @escaping (Input) -> Output,
    answer: @escaping (Input) throws -> Output
  ) -> Probe {
    Probe(
      name: name, unit: unit, count: count(input), numbers: { numbers(input) },
      expected: { expected(changed(input, $0)).answer },
      answer: { try answer(changed(input, $0)).answer })
  }
}

/// An argument in one case, with the right and the student's answer after a change of it.
struct Probe {
  let name: String
  let unit: String?
  let count: Int
  let numbers: () -> Answer
  let expected: (_ index: Int) -> Answer
  let answer: (_ index: Int) throws -> Answer

  /// A longer argument is not probed, because each number takes a call of the student's function.
  private static let longest = 32

  /// What a wrong answer may depend on, of that on which the right one does.
  enum Dependence: CaseIterable {
    case onNone, onlyOnFirst, onlyOnLast, notOnFirst, notOnLast, onAll

    func selection(from relevant: [Int]) -> [Int] {
      switch self {
      case .onNone: []
      case .onlyOnFirst: Array(relevant.prefix(1))
      case .onlyOnLast: Array(relevant.suffix(1))
      case .notOnFirst: Array(relevant.dropFirst())
      case .notOnLast: Array(relevant.dropLast())
      case .onAll: relevant
      }
    }
  }

  /// What the student's answer may depend on. One number is the first as well as the last, so there
  /// may be several; and none if the right answer does not depend on the argument, or the student's
  /// in another way.
  func dependences(of compared: ComparedAnswer) -> Set<Dependence>? {
    guard count <= Self.longest else { return nil }
    let relevant = (0..<count).filter { compared.isMoved(to: expected($0)) }
    guard !relevant.isEmpty else { return nil }
    let used = relevant.filter { index in
      (try? answer(index)).map { $0 != compared.answer } ?? true
    }
    // The last number may not be relevant, and a loop that ends too early then does no harm.
    return Set(
      Dependence.allCases.filter {
        $0.selection(from: relevant) == used
          || $0.selection(from: Array(0..<count)).filter(relevant.contains) == used
      })
  }

  /// The dependence in words; nil if nothing is wrong with it.
  func finding(_ dependence: Dependence) -> String? {
    let unit = unit ?? "number"
    return switch dependence {
    case .onAll: nil
    case .onNone: "your answer does not depend on `\(name)` at all; where does it come in?"
    case .onlyOnFirst:
      "only the first \(unit) of `\(name)` makes a difference; is its place 0 used for all, or "
        + "does a loop return too early?"
    case .onlyOnLast:
      "only the last \(unit) of `\(name)` makes a difference; is there an = in place of +=, or a "
        + "sum that starts again?"
    case .notOnFirst:
      "the first \(unit) of `\(name)` makes no difference; does a loop or range begin too late?"
    case .notOnLast:
      "the last \(unit) of `\(name)` makes no difference; does a loop or range end too early?"
    }
  }
}
