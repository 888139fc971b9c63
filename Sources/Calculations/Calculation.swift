public import Autodiff

/// The right answer to one case as a calculation, step by step, so that a slip at any step is
/// recognised: a factor or a logarithm that is missing, one step in place of another, a mean for a
/// sum.
///
/// ```swift
/// comparison.calculation { task in
///   let mean = Calculation.argument("mean", task.mean)
///   let logVariance = Calculation.argument("logVariance", task.logVariance)
///   let bracket = square(mean) + exp(logVariance) - 1 - logVariance
///   return 0.5 * sum(bracket)
/// }
/// ```
///
/// A step that is used twice is one step if it is one value, as here `mean`, in which a slip is
/// also looked for at each place alone. The values are tensors, whose shapes broadcast; a reduction
/// keeps its axis, with the extent 1.
public final class Calculation {
  /// Another operation on the same operands, and what is said of whoever takes it.
  struct Alternative {
    /// As a clause: "`mean(x)` stands where `sum(x)` belongs".
    let clause: String
    let apply: ([Tensor<Double>]) -> Tensor<Double>
  }

  /// As a student would write it in Swift: "exp(0.5 * logVariance)".
  let text: String
  /// Whether the text needs no brackets, wherever it stands.
  let isAtomic: Bool
  /// Whether it needs none in a sum.
  let isTerm: Bool
  /// Whether its numbers are those of its operands, one after another.
  let isList: Bool
  /// Whether it has a name, as what a student puts in a constant.
  let isNamed: Bool
  let operands: [Calculation]
  let apply: ([Tensor<Double>]) -> Tensor<Double>
  let alternatives: [Alternative]
  /// Whether it is made of two numbers, and how, as long as it has no name.
  let arithmetic: Arithmetic?
  /// Whether the operations can be applied to operands of other shapes than those that are right.
  let accepts: (_ shapes: [[Int]]) -> Bool
  /// What an operand would have to be for another result, with the other operands as they are.
  typealias Undo = (
    _ result: Tensor<Double>, _ operands: [Tensor<Double>], _ operand: Int
  ) -> Tensor<Double>
  /// Nil if the operation cannot be undone.
  let undo: Undo?
  /// What can be counted in an argument: "x.count".
  let counts: [(text: String, value: Double)]
  /// What comes out if no slip is made.
  let value: Tensor<Double>

  init(
    _ text: String, isAtomic: Bool = true, isTerm: Bool = false, isList: Bool = false,
    isNamed: Bool = false, of operands: [Calculation] = [],
    alternatives: [Alternative] = [], counts: [(text: String, value: Double)] = [],
    arithmetic: Arithmetic? = nil, undo: Undo? = nil,
    accepts: ((_ shapes: [[Int]]) -> Bool)? = nil,
    apply: @escaping ([Tensor<Double>]) -> Tensor<Double>
  ) {
    let shapes = operands.map(\.shape)
    self.accepts = accepts ?? { $0 == shapes }
    self.text = text
    self.isAtomic = isAtomic
    self.isTerm = isAtomic || isTerm
    self.isList = isList
    self.isNamed = isNamed
    self.operands = operands
    self.alternatives = alternatives
    self.counts = counts
    self.arithmetic = arithmetic
    self.undo = undo
    self.apply = apply
    value = apply(operands.map(\.value))
  }

  /// The text, in brackets where it needs them.
  var bracketed: String { isAtomic ? text : "(\(text))" }

  /// The text as a term that is subtracted, or as a first factor.
  fileprivate var term: String { isTerm ? text : "(\(text))" }

  /// The shape of what comes out.
  public var shape: [Int] { value.shape }

  /// The same step with a name that messages use: "σ²".
  public func named(_ name: String) -> Calculation {
    // "h - b" needs brackets in a product.
    Calculation(
      name, isAtomic: !["+", "-", "*", "/"].contains { name.contains(" \($0) ") }, isNamed: true,
      of: operands, alternatives: alternatives, counts: counts, undo: undo, accepts: accepts,
      apply: apply
    )
  }
}

// MARK: - What a calculation begins with

extension Calculation: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A number.
  public convenience init(floatLiteral value: Double) { self.init("\(value)", value) }

  /// A number.
  public convenience init(integerLiteral value: Int) { self.init("\(value)", Double(value)) }

  /// A number as it is written: "2 * pi".
  public convenience init(_ text: String, _ value: Double) {
    self.init(text) { _ in Tensor(value) }
  }

  /// Whether it is a number that does not depend on the arguments.
  var isNumber: Bool { operands.isEmpty && counts.isEmpty && value.rank == 0 }

  /// A multiple of a number that is written as such.
  func times(_ factor: Double) -> String? {
    Double(text).map { value in
      let product = factor * value
      return product == product.rounded() ? String(Int(product)) : "\(product)"
    }
  }

  /// Whether it is a number that whole numbers cannot have.
  var isFraction: Bool { isNumber && abs(value.scalar) < 1 }

  /// An argument that is one number.
  public static func argument(_ name: String, _ number: Double) -> Calculation {
    argument(name, Tensor(number), counts: [("1", 1)])
  }

  /// An argument that is an array.
  public static func argument(_ name: String, _ numbers: [Double]) -> Calculation {
    argument(name, Tensor(numbers), counts: [("\(name).count", Double(numbers.count))])
  }

  /// An argument that is a table by rows of equal length.
  public static func argument(_ name: String, _ rows: [[Double]]) -> Calculation {
    let columns = rows.first?.count ?? 0
    return argument(
      name, Tensor(Array(rows.joined()), shape: [rows.count, columns]),
      counts: [("\(name).count", Double(rows.count)), ("\(name)[0].count", Double(columns))])
  }

  /// What is given and not calculated, such as the values of a function that is an argument:
  /// "logLikelihood(z)".
  public static func argument(
    _ name: String, _ value: Tensor<Double>, counts: [(text: String, value: Double)] = []
  ) -> Calculation {
    Calculation(name, counts: counts) { _ in value }
  }
}

// MARK: - Arithmetic

/// What can be made of two numbers.
enum Arithmetic: CaseIterable {
  case sum, difference, reversedDifference, product, quotient, reversedQuotient
  case absoluteDifference, negatedSum

  func text(_ a: Calculation, _ b: Calculation) -> String {
    switch self {
    case .sum: "\(a.text) + \(b.text)"
    case .difference: "\(a.text) - \(b.term)"
    case .reversedDifference: "\(b.text) - \(a.term)"
    case .product: "\(a.term) * \(b.bracketed)"
    case .quotient: "\(a.term) / \(b.bracketed)"
    case .reversedQuotient: "\(b.term) / \(a.bracketed)"
    case .absoluteDifference: "abs(\(a.text) - \(b.term))"
    case .negatedSum: "-(\(a.text) + \(b.text))"
    }
  }

  func callAsFunction(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
    switch self {
    case .sum: a + b
    case .difference: a - b
    case .reversedDifference: b - a
    case .product: a * b
    case .quotient: a / b
    case .reversedQuotient: b / a
    case .absoluteDifference: relu(a - b) + relu(b - a)
    case .negatedSum: (a + b) * -1
    }
  }

  /// What is said if only one of the two is there.
  func missing(_ a: Calculation, _ b: Calculation) -> (first: String, second: String) {
    switch self {
    case .product:
      ("the factor `\(a.text)` is missing", "the factor `\(b.text)` is missing")
    case .quotient:
      (
        "the denominator stands in place of the quotient",
        "the division by `\(b.text)` is missing"
      )
    case .difference:
      ("only `\(b.text)` is left, with the wrong sign,", "the term `\(b.text)` is missing")
    default:
      ("the term `\(a.text)` is missing", "the term `\(b.text)` is missing")
    }
  }
}

func combined(
  _ operation: Arithmetic, _ a: Calculation, _ b: Calculation
) -> Calculation {
  let text = operation.text(a, b)
  let missing = operation.missing(a, b)
  let one: [Calculation.Alternative] = [
    .init(clause: "\(missing.second) in `\(text)`") { $0[0] + $0[1] * 0 },
    .init(clause: "\(missing.first) in `\(text)`") { $0[1] + $0[0] * 0 },
  ]
  let numerator = Calculation.Alternative(
    clause: "1 stands where the numerator `\(a.text)` belongs in `\(text)`"
  ) { ($0[0] * 0 + 1) / $0[1] }
  let whole = Calculation.Alternative(
    clause: "`\(text)` is cut to a whole number, as where one Int divides another,"
  ) { wholePart($0[0] / $0[1]) }
  let others = Arithmetic.allCases.filter { $0 != operation }.map { other in
    Calculation.Alternative(clause: "`\(other.text(a, b))` stands where `\(text)` belongs") {
      other($0[0], $0[1])
    }
  }
  return Calculation(
    text, isAtomic: false, isTerm: operation == .product || operation == .quotient, of: [a, b],
    // What brackets do is computed from the right numbers, so it is not among the first, which are
    // also looked for together with another slip.
    alternatives: one + (operation == .quotient ? [numerator, whole] : []) + others.prefix(1)
      + misplacedBrackets(operation, a, b) + others.dropFirst(),
    arithmetic: operation, undo: operation.undo,
    accepts: { canBroadcast($0[0], $0[1]) }
  ) { operation($0[0], $0[1]) }
}

/// The numbers without what follows the decimal point.
private func wholePart(_ x: Tensor<Double>) -> Tensor<Double> {
  Tensor(x.scalars.map { $0.rounded(.towardZero) }, shape: x.shape)
}

/// Whether two shapes broadcast.
private func canBroadcast(_ a: [Int], _ b: [Int]) -> Bool {
  zip(a.reversed(), b.reversed()).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
}

extension Calculation {
  /// Both, added up.
  public static func + (a: Calculation, b: Calculation) -> Calculation { combined(.sum, a, b) }
  /// The first without the second.
  public static func - (a: Calculation, b: Calculation) -> Calculation {
    combined(.difference, a, b)
  }
  /// The product of each two numbers.
  public static func * (a: Calculation, b: Calculation) -> Calculation { combined(.product, a, b) }
  /// The quotient of each two numbers.
  public static func / (a: Calculation, b: Calculation) -> Calculation { combined(.quotient, a, b) }

  /// The other sign.
  public static prefix func - (x: Calculation) -> Calculation {
    let text = "-" + x.bracketed
    let missing = Alternative(clause: "the minus sign of `\(text)` is missing") { $0[0] }
    return Calculation(
      text, isAtomic: false, of: [x], alternatives: [missing] + missingBrackets(negated: x),
      undo: { result, _, _ in result * -1 }, accepts: { _ in true }
    ) { operands in operands[0] * -1 }
  }
}
