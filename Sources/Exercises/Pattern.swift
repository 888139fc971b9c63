import Autodiff
import Notebook

/// What all answers have in common with the expected ones, if they are all wrong in the same way,
/// whatever the exercise is about.
struct Pattern {
  private struct Pair {
    let expected: Double
    let answer: Double
    let allowance: Double

    func isNear(_ other: Double) -> Bool { abs(answer - other) <= allowance }
  }

  private let answers: [ComparedAnswer]
  /// How many numbers, rows or columns each argument has, for each answer.
  private let counts: [(argument: String, values: [Int])]
  private let pairs: [Pair]
  /// What the numbers are that are wrong, if only some are.
  private let place: String

  /// Nil unless all answers have the right shape and are finite.
  init?(_ answers: [ComparedAnswer], counts: [(argument: String, values: [Int])]) {
    guard
      answers.allSatisfy({
        $0.isFinite && $0.expected.values.allSatisfy(\.isFinite)
          && $0.answer.hasShape(of: $0.expected)
      })
    else { return nil }
    self.answers = answers
    self.counts = counts
    // If only one of the things that the answer consists of is wrong, the others tell nothing.
    let wrong = Set(answers.flatMap(\.wrongNames))
    let only = wrong.count == 1 && wrong != [""] ? wrong.first : nil
    place = only.map { "\($0) " } ?? ""
    pairs = answers.flatMap { compared in
      let allowance = compared.allowance
      return compared.expected.values.indices.compactMap { (index: Int) -> Pair? in
        if let only, compared.name(ofIndex: index) != only { return nil }
        return Pair(
          expected: compared.expected.values[index], answer: compared.answer.values[index],
          allowance: allowance)
      }
    }
  }

  /// The single change that would make all answers right, in words. It takes several different
  /// numbers to tell, because any number is a multiple of any other.
  var finding: String? {
    guard let largest = pairs.max(by: { abs($0.expected) < abs($1.expected) }),
      pairs.contains(where: {
        abs(abs($0.expected) - abs(largest.expected)) > 2 * (largest.allowance + $0.allowance)
      })
    else { return order }
    if pairs.allSatisfy({ $0.answer == largest.answer }) {
      return (place.isEmpty ? "it " : place)
        + "is \(formatted(largest.answer, digits: 5)) for every input"
    }
    if pairs.allSatisfy({ abs($0.answer - $0.expected) <= 1e-5 * abs($0.expected) }) {
      return "nearly right; is something rounded, cut short, or computed in Float?"
    }
    return factor(of: largest) ?? offset ?? countFactor ?? function ?? order
  }

  private func factor(of largest: Pair) -> String? {
    let factor = largest.answer / largest.expected
    guard abs(largest.answer - largest.expected) > 4 * largest.allowance,
      pairs.allSatisfy({
        abs($0.answer - factor * $0.expected)
          <= max(1, abs(factor))
          * max($0.allowance, largest.allowance * abs($0.expected / largest.expected))
      })
    else { return nil }
    if abs(factor + 1) < 1e-6 {
      return place.isEmpty
        ? "the sign is flipped in every case" : "the sign of \(place)is flipped in every case"
    }
    let times = "\(formatted(factor, digits: 4)) times the expected value in every case"
    return place + (place.isEmpty ? "your answer is \(times)" : "is \(times)")
  }

  /// A constant that is too much or too little, if it is clearly more than rounding allows.
  private var offset: String? {
    let offsets = pairs.map { $0.answer - $0.expected }
    let allowance = pairs.map(\.allowance).max() ?? 0
    guard let least = offsets.min(), let most = offsets.max(), most - least <= 2 * allowance,
      min(abs(least), abs(most)) > 4 * allowance, (least > 0) == (most > 0)
    else { return nil }
    let amount =
      "\(formatted(abs((least + most) / 2), digits: 4)) too " + (most > 0 ? "large" : "small")
      + " in every case"
    return place + (place.isEmpty ? "your answer is \(amount)" : "is \(amount)")
  }

  /// A sum in place of a mean, or the other way round.
  private var countFactor: String? {
    for (argument, counts) in counts where Set(counts).count > 1 {
      func fits(_ factor: (Double) -> Double) -> Bool {
        zip(answers, counts).allSatisfy { compared, count in
          let factor = factor(Double(count))
          return zip(compared.answer.values, compared.expected.values).allSatisfy {
            abs($0 - factor * $1) <= max(1, factor) * compared.allowance
          }
        }
      }
      let number = "the number of elements of `\(argument)`"
      if fits({ $0 }) {
        return "your answer is the expected value times \(number); is a mean asked for, and not a "
          + "sum?"
      }
      if fits({ 1 / $0 }) {
        return "your answer is the expected value divided by \(number); is a sum asked for, and "
          + "not a mean?"
      }
      if fits({ $0 * $0 }) || fits({ 1 / ($0 * $0) }) {
        return "your answer is off by a factor of the square of \(number)"
      }
      if fits({ $0.squareRoot() }) || fits({ 1 / $0.squareRoot() }) {
        return "your answer is off by a factor of the root of \(number)"
      }
      if counts.allSatisfy({ $0 > 1 }), fits({ $0 / ($0 - 1) }) || fits({ ($0 - 1) / $0 }) {
        return "your answer is off by a factor of n/(n − 1), where n is \(number)"
      }
    }
    return nil
  }

  /// A function of the expected number.
  private var function: String? {
    let functions: [(words: String, value: (Double) -> Double)] = [
      ("is the logarithm of the expected value", Double.log),
      ("is e to the power of the expected value; take the logarithm", Double.exp),
      ("is 1 divided by the expected value", { 1 / $0 }),
      ("is 1 minus the expected value", { 1 - $0 }),
      ("is the square of the expected value", { $0 * $0 }),
      ("is the root of the expected value", { $0.squareRoot() }),
      ("is the expected value without its sign", { abs($0) }),
      (
        "is the expected value cut to a whole number; does one Int divide another?",
        { $0.rounded(.towardZero) }
      ),
    ]
    for (words, value) in functions
    where pairs.allSatisfy({ value($0.expected).isFinite && $0.isNear(value($0.expected)) }) {
      return place + (place.isEmpty ? "your answer \(words)" : words)
    }
    return nil
  }

  /// The right numbers in the wrong order.
  private var order: String? {
    let several = answers.filter { $0.expected.values.count > 1 && !$0.isRight }
    guard !several.isEmpty, several.count == answers.filter({ !$0.isRight }).count else {
      return nil
    }
    if several.allSatisfy({ $0.isNearExpected(values: $0.answer.values.reversed()) }) {
      return "the numbers are right, but in reverse order"
    }
    if several.allSatisfy({ $0.isNearExpected(values: $0.answer.transposedValues) }) {
      return "rows and columns are exchanged"
    }
    let isReordered = several.allSatisfy { compared in
      zip(compared.answer.values.sorted(), compared.expected.values.sorted()).allSatisfy {
        abs($0 - $1) <= compared.allowance
      }
    }
    return isReordered ? "the numbers are right, but in another order" : nil
  }
}

extension ComparedAnswer {
  /// What a number is called: its name, or that of its part.
  func name(ofIndex index: Int) -> String? {
    if index < elements.count { return elements[index] }
    var rest = index
    for part in expected.parts {
      guard rest >= part.count else { return part.name }
      rest -= part.count
    }
    return nil
  }

  /// What the wrong numbers are called; an empty name for those without.
  var wrongNames: [String] {
    expected.values.indices.filter { !isRight(at: $0) }.map { name(ofIndex: $0) ?? "" }
  }

  /// What is said about an answer that has the shape of no known one.
  var shapeFinding: String? {
    guard isFinite, !answer.values.isEmpty else { return nil }
    let sum = answer.values.reduce(0, +)
    let count = Double(answer.values.count)
    if expected.shape.isEmpty {
      if isNearExpected(values: [sum]) { return "their sum would be right" }
      if isNearExpected(values: [sum / count]) { return "their mean would be right" }
    }
    if answer.shape.isEmpty, expected.shape.count == 1 {
      let total = expected.values.reduce(0, +)
      if abs(sum - total) <= allowance { return "that is the sum of what is asked for" }
      if abs(sum - total / Double(expected.values.count)) <= allowance {
        return "that is the mean of what is asked for"
      }
    }
    if answer.values.count == expected.values.count {
      if isNearExpected(values: answer.values) { return "the numbers are right" }
      if isNearExpected(values: answer.transposedValues) { return "rows and columns are exchanged" }
    }
    if answer.shape.count == 1, expected.shape.count == 1, expected.parts.isEmpty {
      let (got, wanted) = (answer.values, expected.values)
      if got.count < wanted.count, isNearExpected(values: got + Array(wanted.dropFirst(got.count)))
      {
        return "those are the first \(got.count); the rest is missing"
      }
      if got.count < wanted.count, isNearExpected(values: Array(wanted.dropLast(got.count)) + got) {
        return "those are the last \(got.count); the first are missing"
      }
      if got.count > wanted.count, isNearExpected(values: Array(got.prefix(wanted.count))) {
        return "the first \(wanted.count) are right, and the others are too many"
      }
      if got.count > wanted.count, isNearExpected(values: Array(got.suffix(wanted.count))) {
        return "the last \(wanted.count) are right, and the others are too many"
      }
    }
    return nil
  }

  /// Whether numbers in row-major order are the expected ones.
  fileprivate func isNearExpected(values: [Double]) -> Bool {
    values.count == expected.values.count
      && zip(values, expected.values).allSatisfy { abs($0 - $1) <= allowance }
  }
}

extension Answer {
  /// The numbers of a matrix, column by column.
  fileprivate var transposedValues: [Double] {
    guard shape.count == 2 else { return [] }
    return (0..<shape[1]).flatMap { column in
      (0..<shape[0]).map { row in values[row * shape[1] + column] }
    }
  }
}
