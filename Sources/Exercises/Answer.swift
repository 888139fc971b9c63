/// What a student's function returned, or should have: numbers in row-major order with a shape.
public struct Answer: Equatable, Sendable {
  /// The extent of each dimension; empty for a single number.
  public let shape: [Int]
  /// The numbers, as many as the shape says.
  public let values: [Double]
  /// Whether the numbers came as rows of unequal length, which are no matrix.
  let isRagged: Bool
  /// The parts that the numbers belong to, in order; empty if there is only one.
  let parts: [Part]

  /// A part of an answer, such as a property of a struct.
  struct Part: Equatable, Sendable {
    let name: String
    let shape: [Int]

    var count: Int { shape.reduce(1, *) }
  }

  /// Numbers in row-major order with a shape, such as those of a tensor.
  public init(shape: [Int], values: [Double]) {
    self.init(shape: shape, values: values, isRagged: false, parts: [])
    guard shape.reduce(1, *) == values.count else {
      fatalError("the shape \(shape) does not hold \(values.count) numbers")
    }
  }

  /// Parts with names, such as the properties of a struct; a message says in which part a wrong
  /// number is.
  public init(parts: [(name: String, value: any AnswerConvertible)]) {
    let answers = parts.map(\.value.answer)
    let values = answers.flatMap(\.values)
    self.init(
      shape: [values.count], values: values, isRagged: answers.contains(where: \.isRagged),
      parts: zip(parts, answers).map { Part(name: $0.name, shape: $1.shape) })
  }

  fileprivate init(shape: [Int], values: [Double], isRagged: Bool, parts: [Part]) {
    self.shape = shape
    self.values = values
    self.isRagged = isRagged
    self.parts = parts
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
      : Answer(shape: [values.count], values: values, isRagged: true, parts: [])
  }
}

extension Answer {
  func hasShape(of other: Answer) -> Bool {
    shape == other.shape && isRagged == other.isRagged && parts == other.parts
  }

  /// "one number", "3 numbers", "2 × 3 numbers", "no numbers"; and for each part, if there are
  /// several.
  var form: String {
    guard parts.isEmpty else {
      return parts.map {
        Answer(shape: $0.shape, values: Array(repeating: 0, count: $0.count)).form
          + " for \($0.name)"
      }.joined(separator: ", ")
    }
    guard !shape.isEmpty else { return "one number" }
    guard !values.isEmpty else { return "no numbers" }
    return shape.map(grouped).joined(separator: " × ") + (shape == [1] ? " number" : " numbers")
      + (isRagged ? " in rows of unequal length" : "")
  }

  /// Where a number stands: " at [1, 0]", " for posteriorMean[0]", or nothing if there is only one.
  func place(ofIndex index: Int) -> String {
    var rest = index
    for part in parts {
      guard rest >= part.count else {
        return " for \(part.name)" + subscripts(ofIndex: rest, in: part.shape)
      }
      rest -= part.count
    }
    return shape.isEmpty ? "" : " at " + subscripts(ofIndex: index, in: shape)
  }
}

/// The subscripts of a number, as Swift would write them: "[1][0]" is "[1, 0]"; nothing for a single
/// number.
private func subscripts(ofIndex index: Int, in shape: [Int]) -> String {
  var rest = index
  var subscripts: [Int] = []
  for extent in shape.reversed() {
    subscripts.insert(rest % extent, at: 0)
    rest /= extent
  }
  return shape.isEmpty ? "" : "\(subscripts)"
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
