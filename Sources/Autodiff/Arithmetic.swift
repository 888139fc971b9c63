// Each operation stands beside its derivative. A pullback receives `g`, the gradient of the final
// number with respect to the operation's result, and returns the gradient with respect to the
// operand.
//
// `@_specialize` compiles a copy of a generic function for `Float`: without it a small model's training
// step takes a quarter longer.

extension Tensor {
  /// The sum, element by element, with broadcasting.
  @_specialize(where Scalar == Float)
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    combined("+", .add, left, right).recorded("+", from: (left, { g in g }), (right, { g in g }))
  }

  /// The difference, element by element, with broadcasting.
  @_specialize(where Scalar == Float)
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    combined("-", .subtract, left, right).recorded(
      "−", from: (left, { g in g }), (right, { g in -g }))
  }

  /// The product, element by element, with broadcasting.
  @_specialize(where Scalar == Float)
  public static func * (x: Tensor, y: Tensor) -> Tensor {
    combined("*", .multiply, x, y).recorded("×", from: (x, { g in g * y }), (y, { g in g * x }))
  }

  /// The quotient, element by element, with broadcasting.
  @_specialize(where Scalar == Float)
  public static func / (x: Tensor, y: Tensor) -> Tensor {
    let q = combined("/", .divide, x, y)
    return q.recorded("÷", from: (x, { g in g / y }), (y, { g in -g * q / y }))
  }

  /// The negative.
  @_specialize(where Scalar == Float)
  public static prefix func - (x: Tensor) -> Tensor { x * -1 }

  /// The square.
  public var squared: Tensor { self * self }

  // The same operations with a single number, which is a constant.

  /// x + c
  public static func + (x: Tensor, c: Scalar) -> Tensor { x + Tensor(c) }
  /// c + x
  public static func + (c: Scalar, x: Tensor) -> Tensor { Tensor(c) + x }
  /// x − c
  public static func - (x: Tensor, c: Scalar) -> Tensor { x - Tensor(c) }
  /// c − x
  public static func - (c: Scalar, x: Tensor) -> Tensor { Tensor(c) - x }
  /// x · c
  public static func * (x: Tensor, c: Scalar) -> Tensor { x * Tensor(c) }
  /// c · x
  public static func * (c: Scalar, x: Tensor) -> Tensor { Tensor(c) * x }
  /// x / c
  public static func / (x: Tensor, c: Scalar) -> Tensor { x / Tensor(c) }
  /// c / x
  public static func / (c: Scalar, x: Tensor) -> Tensor { Tensor(c) / x }

  /// An elementary function of each element; not recorded.
  @_specialize(where Scalar == Float)
  fileprivate func applying(_ function: ElementaryFunction) -> Tensor {
    Tensor(shape: shape) { apply(function, buffer, into: $0) }
  }
}

/// e to the power of each element.
@_specialize(where Scalar == Float)
public func exp<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let y = x.applying(.exp)
  return y.recorded("exp", from: (x, { g in g * y }))
}

/// The natural logarithm of each element.
public func log<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.applying(.log).recorded("log", from: (x, { g in g / x }))
}

/// log(1 + x), exact where x is small.
public func log1p<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.applying(.log1p).recorded("log1p", from: (x, { g in g / (1 + x) }))
}

/// The square root of each element.
public func sqrt<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let y = Tensor(shape: x.shape) { squareRoot(x.buffer, into: $0) }
  return y.recorded("√", from: (x, { g in 0.5 * g / y }))
}

/// The sine of each element.
public func sin<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.applying(.sin).recorded("sin", from: (x, { g in g * cos(x) }))
}

/// The cosine of each element.
public func cos<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.applying(.cos).recorded("cos", from: (x, { g in -g * sin(x) }))
}

/// The hyperbolic tangent of each element.
@_specialize(where Scalar == Float)
public func tanh<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let y = x.applying(.tanh)
  return y.recorded("tanh", from: (x, { g in g * (1 - y * y) }))
}

/// max(x, 0): the derivative at 0 is taken as 0.
@_specialize(where Scalar == Float)
public func relu<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let y = gate(x, x)
  return y.recorded("relu", from: (x, { g in gate(g, y) }))
}

/// 1 / (1 + e⁻ˣ). A primitive for stability only: composed of others, it would overflow for x < −700.
@_specialize(where Scalar == Float)
public func sigmoid<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let y = x.applying(.sigmoid)
  return y.recorded("sigmoid", from: (x, { g in g * y * (1 - y) }))
}

/// log(1 + eˣ). A primitive for stability only: composed of others, it would overflow for x > 700.
public func softplus<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.applying(.softplus).recorded("softplus", from: (x, { g in g * sigmoid(x) }))
}

/// 0 where `condition` is negative or 0, and `x` elsewhere; not recorded.
@_specialize(where Scalar == Float)
func gate<Scalar>(_ x: Tensor<Scalar>, _ condition: Tensor<Scalar>) -> Tensor<Scalar> {
  combined("gate", .gate, x, condition)
}

/// An operation on two values, with broadcasting; not recorded.
@_specialize(where Scalar == Float)
private func combined<Scalar>(
  _ name: String, _ operation: BinaryOperation, _ left: Tensor<Scalar>, _ right: Tensor<Scalar>
) -> Tensor<Scalar> {
  let broadcast = left.shape == right.shape ? nil : Broadcast(name, left.shape, right.shape)
  return Tensor(shape: broadcast?.shape ?? left.shape) {
    combine(operation, left.buffer, right.buffer, along: broadcast, into: $0)
  }
}
