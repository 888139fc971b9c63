import Autodiff

/// A function of each number, with the way in which it is written.
struct NumberFunction: Sendable {
  let text: @Sendable (_ operand: Calculation) -> String
  let value: @Sendable (Double) -> Double

  init(_ name: String, _ value: @escaping @Sendable (Double) -> Double) {
    self.init({ "\(name)(\($0.text))" }, value)
  }

  init(
    _ text: @escaping @Sendable (Calculation) -> String,
    _ value: @escaping @Sendable (Double) -> Double
  ) {
    self.text = text
    self.value = value
  }

  func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
    Tensor(x.scalars.map(value), shape: x.shape)
  }

  static let exp = NumberFunction("exp", Double.exp)
  static let log = NumberFunction("log", Double.log)
  static let sqrt = NumberFunction("sqrt") { $0.squareRoot() }
  static let square = NumberFunction({ "\($0.bracketed) * \($0.bracketed)" }) { $0 * $0 }
  static let tanh = NumberFunction("tanh", Double.tanh)
  static let sigmoid = NumberFunction("sigmoid", Double.sigmoid)
  static let log2 = NumberFunction("log2") { .log($0) / .log(2) }
  static let erf = NumberFunction("erf", Double.erf)
  static let sin = NumberFunction("sin", Double.sin)
  static let cos = NumberFunction("cos", Double.cos)
  static let softplus = NumberFunction({ "log(1 + exp(\($0.text)))" }, Double.softplus)

  static let abs = NumberFunction("abs") { Swift.abs($0) }
  static let positivePart = NumberFunction({ "max(\($0.text), 0)" }) { max($0, 0) }

  /// What people take for one another.
  static let all = [
    exp, log, sqrt, square, tanh, sigmoid, softplus,
    NumberFunction({ "2 * \($0.bracketed)" }) { 2 * $0 },
    log2,
    NumberFunction("log10") { .log($0) / .log(10) },
    NumberFunction({ "log(1 + \($0.text))" }, Double.log1p),
    NumberFunction({ "exp(\($0.text)) - 1" }) { .exp($0) - 1 },
    abs, positivePart,
    NumberFunction({ "1 / \($0.bracketed)" }) { 1 / $0 },
    NumberFunction({ "1 / sqrt(\($0.text))" }) { 1 / $0.squareRoot() },
    NumberFunction({ "1 - \($0.bracketed)" }) { 1 - $0 },
    NumberFunction({ "\($0.text) + 1" }) { $0 + 1 },
    NumberFunction({ "\($0.text) - 1" }) { $0 - 1 },
    NumberFunction({ "exp(-\($0.bracketed))" }) { .exp(-$0) },
    NumberFunction({ "exp(2 * \($0.bracketed))" }) { .exp(2 * $0) },
    NumberFunction({ "exp(0.5 * \($0.bracketed))" }) { .exp($0 / 2) },
    NumberFunction({ "-log(\($0.text))" }) { -.log($0) },
    NumberFunction({ "\($0.bracketed) to the power of 3" }) { $0 * $0 * $0 },
    NumberFunction({ "1 - \($0.bracketed) * \($0.bracketed)" }) { 1 - $0 * $0 },
    NumberFunction({ "\($0.bracketed) * (1 - \($0.bracketed))" }) { $0 * (1 - $0) },
    sin, cos, NumberFunction({ "-sin(\($0.text))" }) { -.sin($0) },
  ]
}

/// - Parameter inverse: For positive numbers, if it has none for all.
private func elementary(
  _ function: NumberFunction, _ x: Calculation, isProduct: Bool = false,
  inverse: NumberFunction? = nil
) -> Calculation {
  let text = function.text(x)
  let others = NumberFunction.all.filter { $0.text(x) != text }.map { other in
    Calculation.Alternative(clause: "`\(other.text(x))` stands where `\(text)` belongs") {
      other($0[0])
    }
  }
  let zerothPower = Calculation.Alternative(
    clause: "1 stands where `\(text)` belongs (in pow(x, 1 / 2), 1 / 2 of two Ints is 0)"
  ) { $0[0] * 0 + 1 }
  return Calculation(
    text, isAtomic: !isProduct, isTerm: isProduct, of: [x],
    alternatives: [
      Calculation.Alternative(clause: "`\(x.text)` stands where `\(text)` belongs") { $0[0] }
    ] + others + (text == NumberFunction.sqrt.text(x) ? [zerothPower] : []),
    undo: inverse.map { inverse in { result, _, _ in inverse(result) } },
    accepts: { _ in true }
  ) { function($0[0]) }
}

/// e to the power of each number.
public func exp(_ x: Calculation) -> Calculation { elementary(.exp, x, inverse: .log) }
/// The natural logarithm of each number.
public func log(_ x: Calculation) -> Calculation { elementary(.log, x, inverse: .exp) }
/// The logarithm of each number to base 2.
public func log2(_ x: Calculation) -> Calculation { elementary(.log2, x) }
/// The root of each number.
public func sqrt(_ x: Calculation) -> Calculation { elementary(.sqrt, x, inverse: .square) }
/// The square of each number.
public func square(_ x: Calculation) -> Calculation {
  elementary(.square, x, isProduct: true, inverse: .sqrt)
}
/// The hyperbolic tangent of each number.
public func tanh(_ x: Calculation) -> Calculation { elementary(.tanh, x) }
/// 1/(1 + e^−x) of each number.
public func sigmoid(_ x: Calculation) -> Calculation { elementary(.sigmoid, x) }
/// log(1 + eˣ) of each number.
public func softplus(_ x: Calculation) -> Calculation { elementary(.softplus, x) }
/// Each number without its sign.
public func abs(_ x: Calculation) -> Calculation { elementary(.abs, x) }
/// Each number that is above 0, and 0 for each other.
public func positivePart(_ x: Calculation) -> Calculation { elementary(.positivePart, x) }
/// The sine of each number.
public func sin(_ x: Calculation) -> Calculation { elementary(.sin, x) }
/// The cosine of each number.
public func cos(_ x: Calculation) -> Calculation { elementary(.cos, x) }
/// The error function of each number.
public func erf(_ x: Calculation) -> Calculation { elementary(.erf, x) }

/// Each number to the power of another, which is a whole number.
public func pow(_ x: Calculation, _ exponent: Calculation) -> Calculation {
  let text = "pow(\(x.text), \(exponent.text))"
  func alternative(
    _ other: String, _ value: @escaping (Double, Double) -> Double
  ) -> Calculation.Alternative {
    .init(clause: "`\(other)` stands where `\(text)` belongs") { each($0[0], $0[1], value) }
  }
  let (a, b) = (x.bracketed, exponent.bracketed)
  return Calculation(
    text, of: [x, exponent],
    alternatives: [
      alternative(x.text) { x, _ in x },
      alternative("\(a) * \(b)") { $0 * $1 },
      alternative("pow(\(exponent.text), \(x.text))") { power($1, $0) },
      alternative("pow(\(x.text), \(exponent.text) - 1)") { power($0, $1 - 1) },
      alternative("pow(\(x.text), \(exponent.text) + 1)") { power($0, $1 + 1) },
      alternative("pow(\(x.text), 2)") { x, _ in x * x },
      alternative("pow(\(x.text), -\(b))") { power($0, -$1) },
      alternative("exp(-\(a) * \(b))") { .exp(-$0 * $1) },
    ], accepts: { $0[1].isEmpty }
  ) { each($0[0], $0[1], power) }
}

/// A function of each number and one more.
private func each(
  _ x: Tensor<Double>, _ other: Tensor<Double>, _ value: (Double, Double) -> Double
) -> Tensor<Double> {
  Tensor(x.scalars.map { value($0, other.scalars[0]) }, shape: x.shape)
}

private func power(_ x: Double, _ exponent: Double) -> Double {
  guard exponent == exponent.rounded(), (0...100).contains(exponent) else {
    return .exp(exponent * .log(x))
  }
  return (0..<Int(exponent)).reduce(1) { product, _ in product * x }
}

extension Calculation {
  /// A function that is not looked into, such as a layer that the student is given.
  public static func function(
    _ name: String, of operands: [Calculation],
    _ function: @escaping ([Tensor<Double>]) -> Tensor<Double>
  ) -> Calculation {
    let texts = operands.map(\.text).joined(separator: ", ")
    return Calculation("\(name)(\(texts))", of: operands, apply: function)
  }
}

/// A function that is an argument, applied to each number: "f(x + h)".
public func applied(
  _ name: String, to x: Calculation, _ function: @escaping (Double) -> Double
) -> Calculation {
  Calculation(
    "\(name)(\(x.text))", of: [x],
    alternatives: [
      .init(clause: "`\(x.text)` stands where `\(name)(\(x.text))` belongs") { $0[0] },
      .init(clause: "`\(name)` is applied twice to `\(x.text)`") { operands in
        Tensor(operands[0].scalars.map { function(function($0)) }, shape: operands[0].shape)
      },
    ], accepts: { _ in true }
  ) { operands in Tensor(operands[0].scalars.map(function), shape: operands[0].shape) }
}

/// A step where another is at least as large as a limit, and 0 elsewhere.
public func zero(_ x: Calculation, where other: Calculation, below limit: Double) -> Calculation {
  func zero(_ operands: [Tensor<Double>], _ isZero: (Double) -> Bool) -> Tensor<Double> {
    Tensor(
      zip(operands[0].scalars, operands[1].scalars).map { isZero($1) ? 0 : $0 },
      shape: operands[0].shape)
  }
  let condition = "`\(other.text) < \(limit)`"
  return Calculation(
    "\(x.bracketed), 0 where \(condition)", of: [x, other],
    alternatives: [
      .init(clause: "it is not 0 where \(condition)") { $0[0] },
      .init(clause: "it is 0 everywhere but where \(condition)") { zero($0) { $0 >= limit } },
    ]
  ) { zero($0) { $0 < limit } }
}
