/// A place on a tape.
struct Node<Scalar: TensorScalar> {
  let tape: Tape<Scalar>
  let index: Int
}

/// What was computed, in order: each step leads from one operand to the result that it went into.
///
/// The steps hold the values that their pullbacks need and never nodes of the tape, so nothing
/// refers back to the tape and it goes away with the last tensor on it.
final class Tape<Scalar: TensorScalar> {
  struct Step {
    let operand: Int
    let result: Int
    /// Turns the gradient with respect to the result into that with respect to the operand.
    let pullback: (Tensor<Scalar>) -> Tensor<Scalar>
  }

  private(set) var shapes: [[Int]] = []
  private(set) var names: [String] = []
  private(set) var steps: [Step] = []

  @_specialize(where Scalar == Float)
  func append(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    var value = value
    value.node = Node(tape: self, index: shapes.count)
    names.append(name)
    shapes.append(value.shape)
    return value
  }

  /// Notes the step from `operand`, if it is on the tape, to the result that stands last on it.
  func link(
    _ operand: Tensor<Scalar>, _ pullback: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    guard let node = operand.node else { return }
    check(
      node.tape === self, "\(names.last!): its operands belong to two gradients; detach one of them"
    )
    steps.append(Step(operand: node.index, result: shapes.count - 1, pullback: pullback))
  }

  /// The gradients of one number with respect to the first `count` nodes: the chain rule, from the
  /// last step back to the first. The steps are dropped as they are done, and with them the memory of
  /// their values and of the gradients that nobody asked for.
  @_specialize(where Scalar == Float)
  func gradients(of value: Tensor<Scalar>, count: Int) -> [Tensor<Scalar>] {
    var gradients = [Tensor<Scalar>?](repeating: nil, count: shapes.count)
    if let last = value.node?.index { gradients[last] = Tensor(repeating: 1, shape: value.shape) }
    while let step = steps.popLast() {
      guard let gradient = gradients[step.result] else { continue }
      // No later step (they all are done) leads to this result.
      if step.result >= count, steps.last?.result != step.result { gradients[step.result] = nil }
      let part = step.pullback(gradient).summed(to: shapes[step.operand])
      check(
        shapes.count == gradients.count,
        "\(names[step.result]): its pullback must use values only; detach what it captures")
      if gradients[step.operand] == nil {
        gradients[step.operand] = part
      } else {
        gradients[step.operand]!.accumulate(part)
      }
    }
    return (0..<count).map { gradients[$0] ?? Tensor(zeros: shapes[$0]) }
  }
}

extension Tensor {
  /// This value as the result of an operation on `operand`, with the operation's derivative.
  ///
  /// `pullback` takes the gradient of the final number with respect to this value (of its shape)
  /// and returns that with respect to the operand. Where the operation stretched the operand, the
  /// tape sums the result back to the operand's shape. It must use values only: write
  /// `let y = …; return y.recorded("exp", from: x) { g in g * y }`.
  @_specialize(where Scalar == Float)
  public func recorded(
    _ name: String, from operand: Tensor, pullback: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    guard let tape = operand.node?.tape else { return detached }
    let result = tape.append(name, detached)
    tape.link(operand, pullback)
    return result
  }

  /// This value as the result of an operation on two operands, with a derivative for each.
  @_specialize(where Scalar == Float)
  public func recorded(
    _ name: String, from left: Tensor, _ leftPullback: @escaping (Tensor) -> Tensor,
    _ right: Tensor, _ rightPullback: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    guard let tape = left.node?.tape ?? right.node?.tape else { return detached }
    let result = tape.append(name, detached)
    tape.link(left, leftPullback)
    tape.link(right, rightPullback)
    return result
  }

  /// This value as the result of an operation on several operands, with a derivative for each.
  @_specialize(where Scalar == Float)
  public func recorded(
    _ name: String, from operands: [Tensor], pullbacks: [(Tensor) -> Tensor]
  ) -> Tensor {
    guard let tape = operands.first(where: { $0.node != nil })?.node?.tape else { return detached }
    let result = tape.append(name, detached)
    for (operand, pullback) in zip(operands, pullbacks) { tape.link(operand, pullback) }
    return result
  }

  @_specialize(where Scalar == Float)
  fileprivate mutating func accumulate(_ other: Tensor) {
    mutate { Scalar.combine(.add, $0, other.buffer, along: nil, into: $0) }
  }
}

/// A number and its gradient, in the shape of what it was differentiated with respect to.
public struct ValueWithGradient<Model: Parameterized> {
  /// The number.
  public let value: Model.Scalar
  /// Its derivative with respect to each parameter of the model.
  public let gradient: Model
}

/// The value of `loss` at `model` and its gradient with respect to all of the model's parameters,
/// by reverse-mode differentiation (Baydin et al., "Automatic differentiation in machine learning",
/// 2018, section 3.2). It costs a few evaluations of `loss`, however many parameters there are.
///
/// `loss` must return one number. A parameter that it does not use has gradient 0.
public func valueWithGradient<Model: Parameterized>(
  at model: Model, of loss: (Model) throws -> Tensor<Model.Scalar>
) rethrows -> ValueWithGradient<Model> {
  let (tape, value, count) = try record(loss, at: model)
  let gradients = tape.gradients(of: value, count: count)
  var gradient = model
  var index = 0
  gradient.forEachParameter { _, parameter in
    parameter = gradients[index]
    index += 1
  }
  return ValueWithGradient(value: value.scalar, gradient: gradient)
}

/// A value that a tape holds: what it is, what it was computed from, and what came back to it.
public struct RecordedStep<Scalar: TensorScalar> {
  /// A parameter's path, such as "encoder.weight", or the operation's name, such as "×".
  public let name: String
  /// The indices of the recorded steps that it was computed from, one for each way to go back.
  /// Constants, such as data and noise, are on no tape.
  public let operands: [Int]
  /// The derivative of the loss with respect to the value, in its shape.
  public let gradient: Tensor<Scalar>
}

/// Everything that `valueWithGradient` records of `loss` at `model`, in order: first the parameters,
/// then each operation on them. It keeps every gradient: for drawing a tape, not for training.
public func recordedSteps<Model: Parameterized>(
  at model: Model, of loss: (Model) throws -> Tensor<Model.Scalar>
) rethrows -> [RecordedStep<Model.Scalar>] {
  let (tape, value, _) = try record(loss, at: model)
  var (named, names) = (model, tape.names)
  var count = 0
  named.forEachParameter { path, _ in
    names[count] = path.joined(separator: ".")
    count += 1
  }
  let operands = Dictionary(grouping: tape.steps, by: \.result).mapValues { $0.map(\.operand) }
  let gradients = tape.gradients(of: value, count: names.count)
  return names.indices.map {
    RecordedStep(name: names[$0], operands: operands[$0] ?? [], gradient: gradients[$0])
  }
}

/// Computes `loss` on a new tape, whose first `count` nodes are the model's parameters.
private func record<Model: Parameterized>(
  _ loss: (Model) throws -> Tensor<Model.Scalar>, at model: Model
) rethrows -> (tape: Tape<Model.Scalar>, value: Tensor<Model.Scalar>, count: Int) {
  let tape = Tape<Model.Scalar>()
  var tracked = model
  tracked.forEachParameter { _, parameter in
    parameter = tape.append("parameter", parameter.detached)
  }
  let count = tape.shapes.count
  let value = try loss(tracked)
  check(value.count == 1, "valueWithGradient: the loss has shape \(value.shape), not one number")
  check(
    value.node == nil || value.node!.tape === tape,
    "valueWithGradient: the loss belongs to another gradient; second derivatives are not supported")
  return (tape, value, count)
}
