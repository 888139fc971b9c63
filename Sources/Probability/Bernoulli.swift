import Autodiff
import Kernels

/// Independent yes-or-no variables, given by their logits, log(p / (1 − p)): any real numbers, for
/// which nothing overflows or becomes log 0. The last axis counts the variables.
public struct Bernoulli<Scalar: TensorScalar> {
  /// The logarithm of the odds of 1.
  public var logits: Tensor<Scalar>

  /// The distributions with the given logits.
  public init(logits: Tensor<Scalar>) {
    self.logits = logits
  }

  /// The probabilities of 1.
  public var mean: Tensor<Scalar> { sigmoid(logits) }

  /// log P(x) = x · logit − softplus(logit) in nats, summed over the last axis: […, d] → […].
  ///
  /// `x` holds zeros and ones. For numbers in between, the result is not a log density: the
  /// distribution would not integrate to one (Loaiza-Ganem and Cunningham, "The continuous
  /// Bernoulli", 2019).
  @_specialize(where Scalar == Float)
  public func logProbability(of x: Tensor<Scalar>) -> Tensor<Scalar> {
    let shape = Broadcast("log Bernoulli", x.shape, logits.shape).shape
    let columns = shape.last ?? 1
    // One row of pixels can serve for all rows of logits.
    let isRow = x.count == columns && x.shape.last == columns
    let x = isRow ? x : x.broadcast(to: shape)
    let l = logits.broadcast(to: shape)
    let value = Tensor(shape: shape.dropLast()) {
      bernoulliLogProbability(x.buffer, logits: l.buffer, columns: columns, into: $0)
    }
    func logitPullback(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
      Tensor(shape: shape) {
        bernoulliLogitGradient(g.buffer, x.buffer, logits: l.buffer, columns: columns, into: $0)
      }
    }
    return value.recorded(
      "log Bernoulli", from: (x, { g in g.reshaped(shape.dropLast() + [1]) * l }),
      (l, logitPullback))
  }

  /// The expected −log P in nats, summed over the last axis.
  public var entropy: Tensor<Scalar> {
    (softplus(logits) - logits * sigmoid(logits)).sum(axis: -1)
  }

  /// A sample, in the shape of the logits; differentiation treats it as a constant.
  public func sample(using generator: inout SeededGenerator) -> Tensor<Scalar> {
    .bernoulli(mean, using: &generator)
  }
}
