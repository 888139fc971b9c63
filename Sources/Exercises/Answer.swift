/// What a student's function returned, or should have: numbers in row-major order with a shape.
public struct Answer: Equatable, Sendable {
  /// The extent of each dimension; empty for a single number.
  public let shape: [Int]
  /// The numbers, as many as the shape says.
  public let values: [Double]
  /// Whether the numbers came as rows of unequal length, which are no matrix.
  let isRagged: Bool

  /// Numbers in row-major order with a shape, such as those of a tensor.
  public init(shape: [Int], values: [Double]) {
    self.init(shape: shape, values: values, isRagged: false)
    guard shape.reduce(1, *) == values.count else {
      fatalError("the shape \(shape) does not hold \(values.count) numbers")
    }
  }

  init(shape: [Int], values: [Double], isRagged: Bool) {
    self.shape = shape
    self.values = values
    self.isRagged = isRagged
  }
}

/// What a student's function may return: numbers, arrays of them, arrays of those.
public protocol AnswerConvertible {
  /// The numbers and their shape.
  var answer: Answer { get }
}

extension Answer: AnswerConvertible {
  /// Itself.
  public var answer: Answer { self }
}

extension Double: AnswerConvertible {
  /// One number.
  public var answer: Answer { Answer(shape: [], values: [self]) }
}

extension Array: AnswerConvertible where Element: AnswerConvertible {
  /// The elements along one more dimension. Rows of unequal length are a wrong answer, not a reason
  /// to stop.
  public var answer: Answer {
    // A student's array may be very long.
    if let values = self as? [Double] { return Answer(shape: [count], values: values) }
    let elements = map(\.answer)
    let values = elements.flatMap(\.values)
    let isRegular = elements.allSatisfy { $0.hasShape(of: elements[0]) && !$0.isRagged }
    return isRegular
      ? Answer(shape: [count] + (elements.first?.shape ?? [0]), values: values)
      : Answer(shape: [values.count], values: values, isRagged: true)
  }
}

extension Answer {
  func hasShape(of other: Answer) -> Bool { shape == other.shape && isRagged == other.isRagged }

  /// "one number", "3 numbers", "2 × 3 numbers", "no numbers".
  var form: String {
    guard !shape.isEmpty else { return "one number" }
    guard !values.isEmpty else { return "no numbers" }
    return shape.map(grouped).joined(separator: " × ") + (shape == [1] ? " number" : " numbers")
      + (isRagged ? " in rows of unequal length" : "")
  }

  /// The subscript of a number, as Swift would write it: "[1, 0]".
  func subscripts(ofIndex index: Int) -> String {
    var rest = index
    var subscripts: [Int] = []
    for extent in shape.reversed() {
      subscripts.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "\(subscripts)"
  }
}

/// The number with its thousands apart: "10,000,000".
private func grouped(_ number: Int) -> String {
  var text = "\(number)"
  var end = text.endIndex
  while let comma = text.index(end, offsetBy: -3, limitedBy: text.startIndex),
    comma > text.startIndex
  {
    text.insert(",", at: comma)
    end = comma
  }
  return text
}
