/// A type that has parameters: a tensor, a layer or a whole model.
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
  /// The names of the parts that lead here; nil if nobody needs them.
  fileprivate var path: [String]?
  fileprivate var index = 0
  fileprivate let body: (_ index: Int, _ path: [String]?, _ parameter: inout Tensor<Scalar>) -> Void

  /// Shows a parameter, or the parameters of a part.
  @_specialize(where Scalar == Float, Part == Tensor<Float>)
  public mutating func visit<Part: Parameterized<Scalar>>(_ name: String, _ part: inout Part) {
    path?.append(name)
    part.visitParameters(&self)
    path?.removeLast()
  }

  /// Shows a tensor that is a whole model by itself, under the path so far.
  fileprivate mutating func visit(_ parameter: inout Tensor<Scalar>) {
    body(index, path, &parameter)
    index += 1
  }
}

extension Parameterized {
  /// Calls `body` with each parameter and its index from 0, and lets it change the parameter.
  public mutating func updateParameters(
    _ body: (_ index: Int, _ parameter: inout Tensor<Scalar>) -> Void
  ) {
    walk { index, _, parameter in body(index, &parameter) }
  }

  /// A copy of the model in which `body` has replaced each parameter. `body` receives the
  /// parameter, off the tape, and its index, starting at 0.
  public func replacingParameters(
    _ body: (_ index: Int, _ parameter: Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Self {
    var model = self
    model.walk { index, _, parameter in parameter = body(index, parameter.detached) }
    return model
  }

  /// The parameters in order, off the tape.
  public var parameters: [Tensor<Scalar>] {
    var (model, parameters) = (self, [Tensor<Scalar>]())
    model.walk { _, _, parameter in parameters.append(parameter.detached) }
    return parameters
  }

  /// The parameters' names in order, with those of the parts they are in: "encoder.mean.weight". A
  /// tensor that is a model by itself has an empty name.
  public var parameterNames: [String] {
    var (model, names) = (self, [String]())
    model.walk(path: []) { _, path, _ in names.append(path!.joined(separator: ".")) }
    return names
  }

  /// The number of scalars in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  private mutating func walk(
    path: [String]? = nil, _ body: (Int, [String]?, inout Tensor<Scalar>) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(path: path, body: body)
      visitParameters(&visitor)
    }
  }
}

extension Tensor: Parameterized {
  /// Shows the tensor itself.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit(&self)
  }
}

extension Array: Parameterized where Element: Parameterized {
  /// Shows each element under its index.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Element.Scalar>) {
    for index in indices { visitor.visit(String(index), &self[index]) }
  }
}
