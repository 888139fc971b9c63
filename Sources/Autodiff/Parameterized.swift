/// What has parameters: a tensor, a layer, a whole model.
///
/// The one requirement shows each parameter to a visitor, always in the same order:
/// ```swift
/// mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
///   visitor.visit("weight", &weight)
///   visitor.visit("bias", &bias)
/// }
/// ```
public protocol Parameterized<Scalar> {
  /// The type of the parameters' numbers.
  associatedtype Scalar: TensorScalar
  /// Shows each parameter, or part that has parameters, to `visitor`, under its name.
  mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>)
}

/// Walks through a model's parameters and may change them.
public struct ParameterVisitor<Scalar: TensorScalar> {
  private var path: [String] = []
  private let body: (_ path: [String], _ parameter: inout Tensor<Scalar>) -> Void

  fileprivate init(_ body: @escaping (_ path: [String], inout Tensor<Scalar>) -> Void) {
    self.body = body
  }

  /// Shows a parameter.
  @_specialize(where Scalar == Float)
  public mutating func visit(_ name: String, _ parameter: inout Tensor<Scalar>) {
    path.append(name)
    body(path, &parameter)
    path.removeLast()
  }

  /// Shows the parameters of a part.
  public mutating func visit<Part: Parameterized<Scalar>>(_ name: String, _ part: inout Part) {
    path.append(name)
    part.visitParameters(&self)
    path.removeLast()
  }

  /// Shows a tensor that is a whole model by itself, under the path so far.
  fileprivate func visit(_ parameter: inout Tensor<Scalar>) { body(path, &parameter) }
}

extension Parameterized {
  /// Calls `body` with each parameter and its path of names, such as `["encoder", "weight"]`.
  public mutating func forEachParameter(
    _ body: (_ path: [String], _ parameter: inout Tensor<Scalar>) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(body)
      visitParameters(&visitor)
    }
  }

  /// The parameters in order, off the tape.
  public var parameters: [Tensor<Scalar>] {
    var model = self
    var parameters: [Tensor<Scalar>] = []
    model.forEachParameter { _, parameter in parameters.append(parameter.detached) }
    return parameters
  }

  /// The number of scalars in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

extension Tensor: Parameterized {
  /// Shows the tensor itself.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit(&self)
  }
}

extension Array: Parameterized where Element: Parameterized {
  /// The type of the elements' numbers.
  public typealias Scalar = Element.Scalar

  /// Shows each element under its index.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Element.Scalar>) {
    for index in indices { visitor.visit(String(index), &self[index]) }
  }
}
