import Autodiff

/// A small expression of the values of a calculation, which a student may have written in place of
/// a step: "1 / (1 + u * u)".
indirect enum Expression {
  case source(Int)
  case number(Double)
  /// A function of the list ``NumberFunction/all``.
  case function(Int, Expression)
  case pair(Arithmetic, Expression, Expression)

  /// The values that it is made of.
  var sources: [Int] {
    switch self {
    case .source(let index): [index]
    case .number: []
    case .function(_, let x): x.sources
    case .pair(_, let a, let b): a.sources + b.sources
    }
  }

  func value(_ source: (Int) -> Tensor<Double>) -> Tensor<Double> {
    switch self {
    case .source(let index): source(index)
    case .number(let number): Tensor(number)
    case .function(let index, let x): NumberFunction.all[index](x.value(source))
    case .pair(let operation, let a, let b): operation(a.value(source), b.value(source))
    }
  }

  /// The same as a calculation, for its text.
  func written(with steps: CalculationSteps) -> Calculation {
    switch self {
    case .source(let index) where index < steps.steps.count: return steps.steps[index]
    case .source(let index): return Calculation(steps.sources[index].text) { _ in Tensor(0) }
    case .number(let number): return Calculation("\(Int(number))", number)
    case .function(let index, let x):
      let text = NumberFunction.all[index].text(x.written(with: steps))
      return Calculation(text, isAtomic: !text.hasOuterSpace) { _ in Tensor(0) }
    case .pair(let operation, let a, let b):
      let text = operation.text(a.written(with: steps), b.written(with: steps))
      let isTerm = [.product, .quotient, .reversedQuotient].contains(operation)
      return Calculation(text, isAtomic: false, isTerm: isTerm) { _ in Tensor(0) }
    }
  }
}

extension String {
  /// Whether there is a space outside of all brackets, as in a sum or product.
  fileprivate var hasOuterSpace: Bool {
    var depth = 0
    return contains { character in
      depth += "([".contains(character) ? 1 : ")]".contains(character) ? -1 : 0
      return depth == 0 && character == " "
    }
  }
}

extension Arithmetic {
  /// What an operand would have to be for another result.
  var undo: Calculation.Undo? {
    switch self {
    case .sum: { result, operands, operand in result - operands[1 - operand] }
    case .product: { result, operands, operand in result / operands[1 - operand] }
    case .difference:
      { result, operands, operand in operand == 0 ? result + operands[1] : operands[0] - result }
    case .quotient:
      { result, operands, operand in operand == 0 ? result * operands[1] : operands[0] / result }
    default: nil
    }
  }

  /// The same with single numbers.
  fileprivate func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .sum: a + b
    case .difference: a - b
    case .reversedDifference: b - a
    case .product: a * b
    case .quotient: a / b
    case .reversedQuotient: b / a
    case .absoluteDifference: abs(a - b)
    case .negatedSum: -(a + b)
    }
  }

  /// Those from which the first number follows, if the second and the result are known, by another.
  fileprivate static let undone: [(operation: Arithmetic, undo: Arithmetic)] = [
    (.sum, .difference), (.difference, .sum), (.reversedDifference, .reversedDifference),
    (.product, .quotient), (.quotient, .product), (.reversedQuotient, .reversedQuotient),
  ]
}

/// What would have to stand at a place for the student's answer to come out.
private struct Target {
  let place: Slip.Place
  let index: Int
  let value: Tensor<Double>
}

/// Expressions by one of their numbers.
private struct ExpressionTable {
  private let entries: [(value: Double, expression: Expression)]

  init(_ entries: [(value: Double, expression: Expression)]) {
    self.entries = entries.filter { $0.value.isFinite }.sorted { $0.value < $1.value }
  }

  /// Those with a number that may be another up to rounding.
  func near(_ value: Double) -> [Expression] {
    guard value.isFinite else { return [] }
    let tolerance = 1e-8 * abs(value)
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].value < value - tolerance { low = middle + 1 } else { high = middle }
    }
    return entries[low...].prefix { $0.value <= value + tolerance }.map(\.expression)
  }
}

extension CalculationSteps {
  /// Expressions in place of a step that may lead to another result, the shortest ones first, and of these
  /// the ones in the innermost place: where
  /// it can be told what would have to stand in its place, those of which one number is right; and
  /// elsewhere, such as in a sum, all pairs of values, and usual functions of single ones.
  package func substitutions(for result: [Double]) -> [Slip] {
    var found: [[Slip]] = [[], [], [], [], []]
    let targets = targets(for: Tensor(result, shape: steps[steps.count - 1].shape))
    for target in targets.reversed() {
      let right = steps[target.index].value.scalars
      let wanted = target.value.scalars
      guard
        let number = right.indices.first(where: {
          wanted[$0].isFinite && abs(wanted[$0] - right[$0]) > 1e-6 * abs(right[$0])
        })
      else { continue }
      let lists = expressions(at: target, number: number, equal: wanted[number])
      for (rank, expressions) in lists.enumerated() {
        found[rank] += expressions.map {
          Slip(place: target.place, change: .substituted($0))
        }
      }
    }
    let known = Set(targets.map(\.place))
    found[4] = places.filter { !known.contains($0.place) && !steps[$0.index].isNumber }
      .flatMap { place, index in
        pairs(of: others(at: place, of: index)).map {
          Slip(place: place, change: .substituted($0))
        }
      }
    // A long expression is true, but tells a student nothing.
    return found.flatMap { $0 }.filter { slip in
      if case .substituted(let expression) = slip.change {
        expression.written(with: self).text.count <= 60
      } else {
        true
      }
    }
  }

  private func pairs(of sources: [Int]) -> [Expression] {
    let values = sources.map(Expression.source)
    let operations: [Arithmetic] = [.product, .sum, .difference, .quotient]
    return values.flatMap { value in (0..<4).map { .function($0, value) } }
      + values.indices.flatMap { a in
        values.indices.flatMap { b in
          operations.filter { a < b || (a > b && [.difference, .quotient].contains($0)) }
            .map { .pair($0, values[a], values[b]) }
        }
      }
  }

  /// Functions of one value, pairs, functions of pairs, and pairs of a value and a pair.
  private func expressions(at target: Target, number: Int, equal wanted: Double)
    -> [[Expression]]
  {
    let shape = steps[target.index].shape
    let sources = (others(at: target.place, of: target.index) + [target.index]).map { source in
      (
        value: self.sources[source].value.broadcast(to: shape).scalars[number],
        expression: Expression.source(source)
      )
    }
    let plain = sources + [1, 2].map { (value: Double($0), expression: .number(Double($0))) }
    func functions(_ indices: Range<Int>) -> [(value: Double, expression: Expression)] {
      indices.flatMap { index in
        sources.map {
          (NumberFunction.all[index].value($0.value), .function(index, $0.expression))
        }
      }
    }
    let all = NumberFunction.all.indices
    let single = ExpressionTable(functions(all))
    let operands = plain + functions(all.prefix(4))
    let pairs = ExpressionTable(
      plain.flatMap { a in
        operands.flatMap { b in
          Arithmetic.undone.map { operation, _ in
            (operation(a.value, b.value), .pair(operation, a.expression, b.expression))
          }
        }
      })
    let inverses: [(function: Int, value: Double)] = [
      (0, .log(wanted)), (1, .exp(wanted)), (2, wanted * wanted), (3, wanted.squareRoot()),
    ]
    return [
      single.near(wanted), pairs.near(wanted),
      inverses.flatMap { function, value in
        pairs.near(value).map { .function(function, $0) }
      },
      plain.flatMap { a in
        Arithmetic.undone.flatMap { operation, undo in
          pairs.near(undo(wanted, a.value)).map { .pair(operation, $0, a.expression) }
        }
      },
    ]
  }

  /// For each step that reaches the result in one way only, through steps that can be undone.
  private func targets(for result: Tensor<Double>) -> [Target] {
    let counts = Dictionary(uses.joined().map { ($0, 1) }, uniquingKeysWith: +)
    let last = steps.count - 1
    var targets = [Target(place: .step(last), index: last, value: result)]
    var wanted = [last: result]
    for user in steps.indices.reversed() {
      guard let value = wanted[user], let undo = steps[user].undo else { continue }
      let operands = uses[user].map { steps[$0].value }
      for (operand, index) in uses[user].enumerated() {
        let value = undo(value, operands, operand)
        guard value.shape == steps[index].shape else { continue }
        let isUsedOnce = counts[index] == 1
        if isUsedOnce { wanted[index] = value }
        targets.append(
          Target(
            place: isUsedOnce ? .step(index) : .use(by: user, operand: operand), index: index,
            value: value))
      }
    }
    return targets
  }
}
