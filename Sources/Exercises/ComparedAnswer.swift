import Notebook

/// An answer with the expected one and those of the mistakes.
struct ComparedAnswer {
  let description: String
  let answer: Answer
  let expected: Answer
  let mistakes: [Answer]
  let tolerance: Tolerance
  /// What each number is, if they have names.
  let elements: [String]
  /// How far off each number may be.
  let allowance: Double

  init(
    description: String, answer: Answer, expected: Answer, mistakes: [Answer],
    tolerance: Tolerance, elements: [String] = []
  ) {
    self.description = description
    self.answer = answer
    self.expected = expected
    self.mistakes = mistakes
    self.tolerance = tolerance
    self.elements = elements
    let largest = expected.values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    allowance = max(tolerance.absolute, tolerance.relative * (largest == 0 ? 1 : largest))
  }

  var isRight: Bool { isNear(answer, expected) }

  func isRight(at index: Int) -> Bool { isNear(answer.values[index], expected.values[index]) }

  /// Whether the answer has the shape of a known answer.
  var hasKnownShape: Bool { ([expected] + mistakes).contains { $0.hasShape(of: answer) } }

  /// Whether all numbers of the answer are finite.
  var isFinite: Bool { answer.values.allSatisfy(\.isFinite) }

  /// Whether the answer is infinite or NaN somewhere, and should not be.
  var isOutOfRange: Bool {
    !isFinite && answer.hasShape(of: expected) && expected.values.allSatisfy(\.isFinite)
  }

  /// The same answer, compared with other mistakes.
  func compared(with mistakes: [Answer]) -> ComparedAnswer {
    ComparedAnswer(
      description: description, answer: answer, expected: expected, mistakes: mistakes,
      tolerance: tolerance, elements: elements)
  }

  /// Whether the right answer, after a change of the input, has clearly moved.
  func isMoved(to other: Answer) -> Bool {
    !other.hasShape(of: expected)
      || zip(other.values, expected.values).contains {
        abs($0 - $1) > 100 * allowance || $0.isNaN != $1.isNaN
      }
  }

  func differs(mistake index: Int) -> Bool { !isNear(mistakes[index], expected) }

  /// Whether the answer is the one of a student who makes the mistake.
  func fits(mistake index: Int) -> Bool {
    isNear(answer, mistakes[index]) || (isRight && !differs(mistake: index))
  }

  /// Whether two mistakes give the same answer.
  func mistakesAgree(_ first: Int, _ second: Int) -> Bool {
    isNear(mistakes[first], mistakes[second])
  }

  /// Where the mistake first shows.
  func firstDifference(mistake index: Int) -> Int? {
    guard mistakes[index].hasShape(of: expected) else { return nil }
    return expected.values.indices.first {
      !isNear(mistakes[index].values[$0], expected.values[$0])
    }
  }

  private func isNear(_ first: Answer, _ second: Answer) -> Bool {
    first.hasShape(of: second) && isNear(first.values, second.values)
  }

  /// Whether numbers are near others.
  func isNear(_ first: [Double], _ second: [Double]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy(isNear)
  }

  /// Whether a number is near another.
  func isNear(_ first: Double, _ second: Double) -> Bool {
    // Equal infinities are near each other, though their difference is NaN. A mistake that gives
    // NaN is recognised by it, and one that gives far too large numbers up to their rounding.
    first == second || (first.isNaN && second.isNaN)
      || abs(first - second)
        <= (second.isFinite ? max(allowance, tolerance.relative * abs(second)) : allowance)
  }

  /// "For …: expected 3.2189, got 0.8047", at the first number that is wrong.
  var account: String {
    account(
      at: answer.hasShape(of: expected)
        ? expected.values.indices.first { !isNear(answer.values[$0], expected.values[$0]) } : nil)
  }

  func account(at index: Int?) -> String {
    guard let index, answer.hasShape(of: expected) else {
      return "For \(description): expected \(expected.form), got \(answer.form)"
    }
    let numbers = distinguished([expected.values[index], answer.values[index]])
    return "For \(description): expected \(numbers[0])\(place(ofIndex: index)), got \(numbers[1])"
  }

  /// Where a number stands: " at [1, 0]", " for logEvidence", or nothing if there is only one.
  private func place(ofIndex index: Int) -> String {
    if index < elements.count { return " for \(elements[index])" }
    return expected.place(ofIndex: index)
  }
}

extension Answer {
  /// What is wrong with the shape, if it is not the wanted one.
  func misfit(with shape: [Int]) -> String? {
    guard self.shape != shape || isRagged else { return nil }
    let wanted = Answer(shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
    return "expected \(wanted.form), got \(form)"
  }

  /// The first number that is not finite, and where it comes from.
  var oddity: String? {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return "got \(formatted(values[index]))\(place(ofIndex: index))"
      + (explanation.map { ": \($0)" } ?? "")
  }

  /// Where the first number that is not finite comes from.
  var explanation: String? {
    guard let value = values.first(where: { !$0.isFinite }) else { return nil }
    return switch value {
    case .infinity:
      "∞ comes from dividing by 0, from exp of more than 709, or from minus the log of 0"
    case -.infinity:
      "−∞ comes from the log of 0, perhaps because an exp became 0, or from minus an exp of more "
        + "than 709"
    default: "NaN comes from 0/0, ∞/∞ or ∞ − ∞, or from the log or root of a negative number"
    }
  }
}

/// The numbers with enough digits that no two look the same, if possible.
func distinguished(_ numbers: [Double]) -> [String] {
  let texts = (5...17).map { digits in numbers.map { formatted($0, digits: digits) } }
  return texts.first { Set($0).count == numbers.count } ?? texts[0]
}
