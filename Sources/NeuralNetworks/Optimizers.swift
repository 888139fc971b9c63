import Autodiff
import Kernels

/// Adam: each parameter moves by the running mean of its gradient over the root of the running mean
/// of its square, both corrected for having begun at 0.
///
/// Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
public struct Adam<Model: Parameterized> {
  /// α, about the size of a step in each parameter.
  public var learningRate: Double
  /// β₁, the share of the gradient's running mean that is kept at each step.
  public let firstDecay: Double
  /// β₂, the same for the squared gradient.
  public let secondDecay: Double
  /// ε, which keeps the quotient finite where the gradient vanishes.
  public let epsilon: Double
  /// The number of updates so far.
  public private(set) var step = 0
  /// The running means of the gradient, one for each parameter, without the correction.
  public private(set) var firstMoments: [Tensor<Model.Scalar>]
  /// The running means of the squared gradient.
  public private(set) var secondMoments: [Tensor<Model.Scalar>]

  // β₁ᵗ and β₂ᵗ, by repeated multiplication: the same bits on every machine.
  private var firstPower = 1.0
  private var secondPower = 1.0

  /// An optimiser for a model, before its first step. The defaults are the paper's.
  public init(
    for model: Model, learningRate: Double = 0.001, firstDecay: Double = 0.9,
    secondDecay: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    firstMoments = model.parameters.map { Tensor(zeros: $0.shape) }
    secondMoments = firstMoments
  }

  /// Continues where an optimiser with the same settings stopped.
  public mutating func restore(
    step: Int, firstMoments: [Tensor<Model.Scalar>], secondMoments: [Tensor<Model.Scalar>]
  ) {
    self.step = step
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    (firstPower, secondPower) = (1, 1)
    // Near 0 the powers stop changing. The loop ends there, so that even a huge step number in a
    // file costs little time.
    for _ in 0..<step {
      let before = (firstPower, secondPower)
      firstPower *= firstDecay
      secondPower *= secondDecay
      if before == (firstPower, secondPower) { break }
    }
  }

  /// Moves the model's parameters one step against the gradient of its loss.
  public mutating func update(_ model: inout Model, along gradient: Model) {
    step += 1
    firstPower *= firstDecay
    secondPower *= secondDecay
    let numbers = AdamStep(
      learningRate: learningRate, firstDecay: firstDecay, secondDecay: secondDecay,
      epsilon: epsilon, firstCorrection: 1 - firstPower, secondCorrection: 1 - secondPower)
    let slopes = gradient.parameters
    model.updateParameters { index, parameter in
      parameter.mutate { parameter in
        firstMoments[index].mutate { first in
          secondMoments[index].mutate { second in
            updateByAdam(
              parameter, along: slopes[index].buffer, firstMoment: first, secondMoment: second,
              numbers)
          }
        }
      }
    }
  }
}

/// Gradient descent with momentum: v ← μ·v + gradient, then parameter ← parameter − α·v.
public struct SGD<Model: Parameterized> {
  /// α, the step for a unit of gradient.
  public var learningRate: Double
  /// μ, the share of the velocity that is kept at each step; 0 is plain gradient descent.
  public let momentum: Double
  /// v, one tensor for each parameter.
  public private(set) var velocities: [Tensor<Model.Scalar>]

  /// An optimiser for a model, before its first step.
  public init(for model: Model, learningRate: Double, momentum: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    velocities = model.parameters.map { Tensor(zeros: $0.shape) }
  }

  /// Moves the model's parameters one step against the gradient of its loss.
  public mutating func update(_ model: inout Model, along gradient: Model) {
    let slopes = gradient.parameters
    model.updateParameters { index, parameter in
      velocities[index] = velocities[index] * .init(momentum) + slopes[index]
      parameter = parameter - velocities[index] * .init(learningRate)
    }
  }
}
