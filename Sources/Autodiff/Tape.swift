import Kernels

/// A position on a tape.
struct Node<Scalar: TensorScalar> {
  let tape: Tape<Scalar>
  let index: Int
}

/// A record of the operations that lead to a loss, in order.
///
/// A pullback can use any value, even one that is on the tape, because recording has stopped by the
/// time pullbacks run. An operation is dropped as soon as the gradient has passed through it.
final class Tape<Scalar: TensorScalar> {
  /// A result, and how its gradient goes back to each value that it was computed from. Parameters
  /// come first and have no operands.
  struct Operation {
    let name: String
    let shape: [Int]
    let operands: [(index: Int, pullback: (Tensor<Scalar>) -> Tensor<Scalar>)]
  }

  private(set) var operations: [Operation] = []
  private(set) var isRecording = true

  @_specialize(where Scalar == Float)
  func append(_ operation: Operation, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    var value = value
    value.node = Node(tape: self, index: operations.count)
    operations.append(operation)
    return value
  }

  /// The gradients of one number with respect to the first `count` values on the tape: the chain
  /// rule, from the last operation back to the first.
  @_specialize(where Scalar == Float)
  func gradients(of value: Tensor<Scalar>, count: Int) -> [Tensor<Scalar>] {
    isRecording = false
    let shapes = operations.prefix(count).map(\.shape)
    var gradients = [Tensor<Scalar>?](repeating: nil, count: operations.count)
    if let node = value.node, node.tape === self {
      gradients[node.index] = Tensor(repeating: 1, shape: value.shape)
    }
    while let operation = operations.popLast() {
      let index = operations.count
      guard let gradient = gradients[index] else { continue }
      if index >= count { gradients[index] = nil }
      for operand in operation.operands.reversed() {
        let part = operand.pullback(gradient).summed(to: operations[operand.index].shape)
        if gradients[operand.index] == nil {
          gradients[operand.index] = part
        } else {
          gradients[operand.index]!.mutate { accumulate(part.buffer, into: $0) }
        }
      }
    }
    return shapes.indices.map { gradients[$0] ?? Tensor(zeros: shapes[$0]) }
  }

  /// Forgets everything that was recorded.
  func erase() {
    isRecording = false
    operations = []
  }
}

extension Tensor {
  /// This value as the result of an operation on `operands`, each with its pullback.
  ///
  /// A pullback takes the gradient of the final number with respect to this value, in its shape,
  /// and returns the gradient with respect to the operand. Where the operation stretched the
  /// operand, the tape sums the result back to the operand's shape. An operation and its derivative
  /// therefore look like this:
  /// ```swift
  /// let y = …
  /// return y.recorded("exp", from: (x, { g in g * y }))
  /// ```
  public func recorded(
    _ name: String, from operands: (Tensor, (Tensor) -> Tensor)...
  ) -> Tensor { recorded(name, from: operands) }

  @_specialize(where Scalar == Float)
  func recorded(_ name: String, from operands: [(Tensor, (Tensor) -> Tensor)]) -> Tensor {
    var tape: Tape<Scalar>?
    var recorded: [(index: Int, pullback: (Tensor) -> Tensor)] = []
    for (operand, pullback) in operands {
      // Values left over from an earlier gradient are constants.
      guard let node = operand.node, node.tape.isRecording else { continue }
      check(
        tape == nil || tape === node.tape,
        "\(name): its operands belong to two gradients; detach one of them")
      tape = node.tape
      recorded.append((node.index, pullback))
    }
    guard let tape else { return detached }
    return tape.append(.init(name: name, shape: shape, operands: recorded), detached)
  }
}

/// A number and its gradient, which has the structure of the model.
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
  return ValueWithGradient(
    value: value.scalar, gradient: model.replacingParameters { index, _ in gradients[index] })
}

/// A value that a tape holds: its name, what it was computed from, and its gradient.
public struct RecordedStep<Scalar: TensorScalar> {
  /// A parameter's path, such as "encoder.weight", or the operation's name, such as "×".
  public let name: String
  /// The indices of the recorded steps that it was computed from, one for each path that the
  /// gradient takes back. Constants, such as data and noise, are not on the tape.
  public let operands: [Int]
  /// The derivative of the loss with respect to the value, in its shape.
  public let gradient: Tensor<Scalar>
}

/// Everything that `valueWithGradient` records of `loss` at `model`, in order: first the
/// parameters, then each operation on them. It keeps every gradient: for drawing, not for training.
public func recordedSteps<Model: Parameterized>(
  at model: Model, of loss: (Model) throws -> Tensor<Model.Scalar>
) rethrows -> [RecordedStep<Model.Scalar>] {
  let (tape, value, _) = try record(loss, at: model)
  let operations = tape.operations
  let names = model.parameterNames + operations.dropFirst(model.parameterNames.count).map(\.name)
  let gradients = tape.gradients(of: value, count: operations.count)
  return operations.indices.map {
    RecordedStep(
      name: names[$0], operands: operations[$0].operands.map(\.index), gradient: gradients[$0])
  }
}

/// Computes `loss` on a new tape, whose first `count` values are the model's parameters.
private func record<Model: Parameterized>(
  _ loss: (Model) throws -> Tensor<Model.Scalar>, at model: Model
) rethrows -> (tape: Tape<Model.Scalar>, value: Tensor<Model.Scalar>, count: Int) {
  let tape = Tape<Model.Scalar>()
  let tracked = model.replacingParameters { _, parameter in
    tape.append(.init(name: "parameter", shape: parameter.shape, operands: []), parameter)
  }
  let count = tape.operations.count
  do {
    let value = try loss(tracked)
    check(value.count == 1, "valueWithGradient: the loss has shape \(value.shape), not one number")
    check(
      value.node == nil || value.node!.tape === tape || !value.node!.tape.isRecording,
      "valueWithGradient: the loss belongs to another gradient; second derivatives are not supported"
    )
    return (tape, value, count)
  } catch {
    // The tape holds pullbacks, which hold values, which hold the tape.
    tape.erase()
    throw error
  }
}
