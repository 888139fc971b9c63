import Autodiff
import Probability

/// The function that is applied to each output of a layer.
public enum Activation: String, CaseIterable, Codable, Sendable {
  case identity, relu, tanh

  /// The activation of each element.
  public func callAsFunction<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .identity: x
    case .relu: Autodiff.relu(x)
    case .tanh: Autodiff.tanh(x)
    }
  }
}

/// How the weights of a layer are drawn before training.
///
/// Either choice keeps the size of the signal the same from layer to layer; biases begin at 0.
public enum Initialization: Sendable {
  /// Normal with variance 2 / inputSize: a ReLU passes half of the signal's power, and the 2 makes
  /// up for it (He et al., "Delving deep into rectifiers", 2015, equation 10).
  case he
  /// Uniform with variance 2 / (inputSize + outputSize): a compromise between the signal and its
  /// gradient for layers that are linear near 0 (Glorot and Bengio, 2010, equation 16).
  case glorot
}

/// A fully connected layer: activation(x · weight + bias).
public struct Dense<Scalar: TensorScalar>: Parameterized {
  /// Shape [inputSize, outputSize]; PyTorch's `Linear` stores the transpose.
  public var weight: Tensor<Scalar>
  /// Shape [outputSize].
  public var bias: Tensor<Scalar>
  /// What is applied to the result.
  public let activation: Activation

  /// A layer whose weights are drawn by `initialization`: by default He's for a ReLU and Glorot's
  /// for all others.
  public init(
    inputSize: Int, outputSize: Int, activation: Activation = .identity,
    initialization: Initialization? = nil, using generator: inout SeededGenerator
  ) {
    let shape = [inputSize, outputSize]
    // Drawn in double and rounded, so that a model and its Double twin begin with the same weights.
    let drawn: Tensor<Double>
    switch initialization ?? (activation == .relu ? .he : .glorot) {
    case .he:
      let deviation = (2 / Double(inputSize)).squareRoot()
      drawn = .normal(shape, using: &generator) * deviation
    case .glorot:
      let limit = (6 / Double(inputSize + outputSize)).squareRoot()
      drawn = (.uniform(shape, using: &generator) * 2 - 1) * limit
    }
    weight = drawn.converted(to: Scalar.self)
    bias = Tensor(zeros: [outputSize])
    self.activation = activation
  }

  /// The number of inputs.
  public var inputSize: Int { weight.shape[0] }

  /// The number of outputs.
  public var outputSize: Int { weight.shape[1] }

  /// [batch, inputSize] → [batch, outputSize].
  @_specialize(where Scalar == Float)
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    activation(affine(x, weight, bias))
  }

  /// Shows `weight` and `bias`.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// Layers one after another; with none, the identity.
public struct MultilayerPerceptron<Scalar: TensorScalar>: Parameterized {
  /// The layers, from the input on.
  public var layers: [Dense<Scalar>]

  /// Layers that lead through `sizes`, each followed by `activation`, the last by `output`.
  public init(
    sizes: [Int], activation: Activation = .relu, output: Activation = .identity,
    using generator: inout SeededGenerator
  ) {
    layers = zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
      Dense(
        inputSize: size.0, outputSize: size.1,
        activation: index == sizes.count - 2 ? output : activation, using: &generator)
    }
  }

  /// [batch, inputSize] → [batch, outputSize].
  @_specialize(where Scalar == Float)
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    layers.reduce(x) { $1($0) }
  }

  /// Shows the layers under their indices.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    for index in layers.indices { visitor.visit(String(index), &layers[index]) }
  }
}
