import Notebook

/// An answer with the expected one and those of the mistakes.
struct ComparedAnswer {
  let description: String
  let answer: Answer
  let expected: Answer
  let mistakes: [Answer]
  let tolerance: Tolerance

  var isRight: Bool { isNear(answer, expected) }

  /// Whether the answer has the shape of a known answer.
  var hasKnownShape: Bool { ([expected] + mistakes).contains { $0.hasShape(of: answer) } }

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

  /// How far off each number may be.
  var allowance: Double {
    let largest = expected.values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    return max(tolerance.absolute, tolerance.relative * (largest == 0 ? 1 : largest))
  }

  private func isNear(_ first: Answer, _ second: Answer) -> Bool {
    first.hasShape(of: second) && zip(first.values, second.values).allSatisfy(isNear)
  }

  private func isNear(_ first: Double, _ second: Double) -> Bool {
    // Equal infinities are near each other, though their difference is NaN. A mistake that gives
    // NaN is recognised by it.
    first == second || abs(first - second) <= allowance || (first.isNaN && second.isNaN)
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
    let place = expected.shape.isEmpty ? "" : " at \(expected.subscripts(ofIndex: index))"
    return "For \(description): expected \(numbers[0])\(place), got \(numbers[1])"
  }
}

extension Answer {
  /// What is wrong with the shape, if it is not the wanted one.
  func misfit(with shape: [Int]) -> String? {
    let wanted = Answer(shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
    return hasShape(of: wanted) ? nil : "expected \(wanted.form), got \(form)"
  }

  /// The first number that is not finite, and where it comes from.
  var oddity: String? {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    let place = shape.isEmpty ? "" : " at \(subscripts(ofIndex: index))"
    return "got \(formatted(values[index]))\(place)" + (explanation.map { ": \($0)" } ?? "")
  }

  /// Where the first number that is not finite comes from.
  var explanation: String? {
    guard let value = values.first(where: { !$0.isFinite }) else { return nil }
    return switch value {
    case .infinity: "∞ comes from dividing by 0, or from exp of more than 709"
    case -.infinity: "−∞ comes from the log of 0, perhaps because an exp became 0"
    default: "NaN comes from 0/0, from ∞ − ∞, or from the log or root of a negative number"
    }
  }
}

/// All expected numbers with the answers.
struct Pairs {
  struct Pair {
    let expected: Double
    let answer: Double
    let allowance: Double
  }

  let pairs: [Pair]

  init(_ answers: [ComparedAnswer]) {
    pairs = answers.flatMap { compared in
      let allowance = compared.allowance
      return zip(compared.expected.values, compared.answer.values).map {
        Pair(expected: $0, answer: $1, allowance: allowance)
      }
    }
  }

  /// The single change that would make all answers right. It takes several different numbers to
  /// tell, because any number is a multiple of any other.
  var finding: String? {
    guard pairs.allSatisfy({ $0.answer.isFinite && $0.expected.isFinite }),
      let largest = pairs.max(by: { abs($0.expected) < abs($1.expected) }),
      pairs.contains(where: {
        abs(abs($0.expected) - abs(largest.expected)) > 2 * (largest.allowance + $0.allowance)
      })
    else { return nil }
    if pairs.allSatisfy({ $0.answer == largest.answer }) {
      return "it is \(formatted(largest.answer, digits: 5)) for every input"
    }
    if pairs.allSatisfy({ abs($0.answer - $0.expected) <= 1e-5 * abs($0.expected) }) {
      return "nearly right; is something rounded, cut short, or computed in Float?"
    }
    let factor = largest.answer / largest.expected
    if pairs.allSatisfy({
      abs($0.answer - factor * $0.expected)
        <= max(1, abs(factor))
        * max($0.allowance, largest.allowance * abs($0.expected / largest.expected))
    }) {
      return abs(factor + 1) < 1e-6
        ? "the sign is flipped in every case"
        : "your answer is \(formatted(factor, digits: 4)) times the expected value in every case"
    }
    let offset = largest.answer - largest.expected
    if pairs.allSatisfy({
      abs($0.answer - $0.expected - offset) <= $0.allowance + largest.allowance
    }) {
      return "your answer is \(formatted(abs(offset), digits: 4)) too "
        + (offset > 0 ? "large" : "small") + " in every case"
    }
    return nil
  }
}

/// The numbers with enough digits that no two look the same, if possible.
private func distinguished(_ numbers: [Double]) -> [String] {
  let texts = (5...17).map { digits in numbers.map { formatted($0, digits: digits) } }
  return texts.first { Set($0).count == numbers.count } ?? texts[0]
}
