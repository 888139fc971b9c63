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
  static let sigmoid = NumberFunction("sigmoid") { 1 / (1 + .exp(-$0)) }
  static let sin = NumberFunction("sin", Double.sin)
  static let cos = NumberFunction("cos", Double.cos)
  static let softplus = NumberFunction({ "log(1 + exp(\($0.text)))" }) {
    max($0, 0) + .log1p(.exp(-abs($0)))
  }

  /// What people take for one another.
  static let all = [
    exp, log, sqrt, square, tanh, sigmoid, softplus,
    NumberFunction("log2") { .log($0) / .log(2) },
    NumberFunction("log10") { .log($0) / .log(10) },
    NumberFunction({ "log(1 + \($0.text))" }, Double.log1p),
    NumberFunction({ "exp(\($0.text)) - 1" }) { .exp($0) - 1 },
    NumberFunction("abs") { abs($0) },
    NumberFunction({ "max(\($0.text), 0)" }) { max($0, 0) },
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

private func elementary(
  _ function: NumberFunction, _ x: Calculation, isProduct: Bool = false
) -> Calculation {
  let text = function.text(x)
  let others = NumberFunction.all.filter { $0.text(x) != text }.map { other in
    Calculation.Alternative(clause: "`\(other.text(x))` stands where `\(text)` belongs") {
      other($0[0])
    }
  }
  return Calculation(
    text, isAtomic: !isProduct, isTerm: isProduct, of: [x],
    alternatives: [
      Calculation.Alternative(clause: "`\(x.text)` stands where `\(text)` belongs") { $0[0] }
    ] + others, accepts: { _ in true }
  ) { function($0[0]) }
}

/// e to the power of each number.
public func exp(_ x: Calculation) -> Calculation { elementary(.exp, x) }
/// The natural logarithm of each number.
public func log(_ x: Calculation) -> Calculation { elementary(.log, x) }
/// The root of each number.
public func sqrt(_ x: Calculation) -> Calculation { elementary(.sqrt, x) }
/// The square of each number.
public func square(_ x: Calculation) -> Calculation {
  elementary(.square, x, isProduct: true)
}
/// The hyperbolic tangent of each number.
public func tanh(_ x: Calculation) -> Calculation { elementary(.tanh, x) }
/// 1/(1 + e^−x) of each number.
public func sigmoid(_ x: Calculation) -> Calculation { elementary(.sigmoid, x) }
/// log(1 + eˣ) of each number.
public func softplus(_ x: Calculation) -> Calculation { elementary(.softplus, x) }
/// The sine of each number.
public func sin(_ x: Calculation) -> Calculation { elementary(.sin, x) }
/// The cosine of each number.
public func cos(_ x: Calculation) -> Calculation { elementary(.cos, x) }

extension NumberFunction {
  static let log2 = NumberFunction("log2") { .log($0) / .log(2) }
}

/// The logarithm of each number to base 2.
public func log2(_ x: Calculation) -> Calculation { elementary(.log2, x) }
