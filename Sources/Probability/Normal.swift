import Autodiff
import Kernels

/// A normal distribution of a single number.
public struct Normal: Equatable, Sendable {
  /// The mean μ.
  public var mean: Double
  /// The logarithm of the variance σ².
  public var logVariance: Double

  /// The standard normal distribution.
  public static let standard = Normal(mean: 0, logVariance: 0)

  /// The distribution with a mean and a log variance.
  public init(mean: Double, logVariance: Double) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// The distribution with a mean and a positive variance.
  public init(mean: Double, variance: Double) {
    self.init(mean: mean, logVariance: .log(variance))
  }

  /// σ².
  public var variance: Double { .exp(logVariance) }

  /// σ.
  public var standardDeviation: Double { .exp(0.5 * logVariance) }

  /// The logarithm of the density at x, in nats.
  public func logProbability(of x: Double) -> Double {
    let deviation = x - mean
    return -0.5 * (logTwoPi + logVariance + deviation * deviation * .exp(-logVariance))
  }

  /// The density at x.
  public func density(at x: Double) -> Double { .exp(logProbability(of: x)) }

  /// The probability of a number up to x. Its absolute error is a few 10⁻¹⁶, so the lower tail has
  /// no correct digits beyond 8σ.
  public func cumulativeProbability(upTo x: Double) -> Double {
    0.5 + 0.5 * .erf((x - mean) / (standardDeviation * 2.0.squareRoot()))
  }

  /// The x that a sample does not exceed with the given probability, which lies between 0 and 1.
  public func quantile(_ probability: Double) -> Double {
    mean + standardDeviation * .normalQuantile(probability)
  }

  /// The expected −log density, in nats.
  public var entropy: Double { 0.5 * (1 + logTwoPi + logVariance) }

  /// D[self ‖ other] in nats.
  public func klDivergence(to other: Normal) -> Double {
    let difference = logVariance - other.logVariance
    let shift = mean - other.mean
    return 0.5 * (.exp(difference) - 1 - difference + shift * shift * .exp(-other.logVariance))
  }

  /// Independent samples.
  public func samples(_ count: Int, using generator: inout SeededGenerator) -> [Double] {
    let (mean, deviation) = (mean, standardDeviation)
    return generator.normal(count: count).map { mean + deviation * $0 }
  }
}

/// Normal distributions with independent components.
///
/// The last axis counts the components; leading axes are a batch. Shapes broadcast: a `logVariance`
/// of shape [1] is one for all. Log probabilities and divergences sum over the last axis, and can
/// be differentiated with respect to everything that they depend on.
public struct DiagonalNormal<Scalar: TensorScalar>: Parameterized {
  /// The means μ.
  public var mean: Tensor<Scalar>
  /// The logarithms of the variances σ².
  public var logVariance: Tensor<Scalar>

  /// The distributions with the given means and log variances.
  public init(mean: Tensor<Scalar>, logVariance: Tensor<Scalar>) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// Shows `mean` and `logVariance`.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
  }

  /// N(0, I) in any number of components.
  public static var standard: DiagonalNormal {
    DiagonalNormal(mean: Tensor(zeros: [1]), logVariance: Tensor(zeros: [1]))
  }

  /// The distributions of a batch at `indices`.
  public func rows(_ indices: [Int]) -> DiagonalNormal {
    DiagonalNormal(mean: mean.rows(indices), logVariance: logVariance.rows(indices))
  }

  /// The standard deviations σ.
  public var standardDeviation: Tensor<Scalar> { exp(0.5 * logVariance) }

  /// μ + σε for standard normal noise ε: a sample that is a smooth function of the parameters
  /// (Kingma and Welling, "Auto-encoding variational Bayes", 2014, section 2.4).
  @_specialize(where Scalar == Float)
  public func sample(noise: Tensor<Scalar>) -> Tensor<Scalar> {
    guard mean.shape == noise.shape && logVariance.shape == noise.shape else {
      return mean + standardDeviation * noise
    }
    let (mean, logVariance) = (mean, logVariance)
    let z = Tensor(shape: noise.shape) {
      sampleNormal(
        mean: mean.buffer, logVariance: logVariance.buffer, noise: noise.buffer, into: $0)
    }
    func deviationPullback(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
      Tensor(shape: g.shape) {
        sampleNormalGradient(
          g.buffer, logVariance: logVariance.buffer, noise: noise.buffer, into: $0)
      }
    }
    return z.recorded(
      "μ + σε", from: (mean, { g in g }), (logVariance, deviationPullback),
      (noise, { g in g * exp(0.5 * logVariance) }))
  }

  /// The log density at x in nats, summed over the last axis: […, d] → […].
  @_specialize(where Scalar == Float)
  public func logProbability(of x: Tensor<Scalar>) -> Tensor<Scalar> {
    let distance = (x - mean).squared * exp(-logVariance)
    return -0.5 * (distance + (logVariance + Scalar(logTwoPi))).sum(axis: -1)
  }

  /// The expected −log density in nats, summed over the last axis of the means' shape.
  public var entropy: Tensor<Scalar> {
    0.5 * (logVariance + Scalar(1 + logTwoPi)).broadcast(to: mean.shape).sum(axis: -1)
  }

  /// D[self ‖ N(0, I)] = ½ Σ (μ² + σ² − 1 − log σ²) in nats, summed over the last axis (Kingma and
  /// Welling, 2014, appendix B).
  @_specialize(where Scalar == Float)
  public func klDivergenceToStandardNormal() -> Tensor<Scalar> {
    let shape = Broadcast("D[Q ‖ N(0, I)]", mean.shape, logVariance.shape).shape
    let (mean, logVariance) = (mean.broadcast(to: shape), logVariance.broadcast(to: shape))
    let (rows, columns) = (Array(shape.dropLast()), shape.last ?? 1)
    let value = Tensor(shape: rows) {
      normalDivergence(
        mean: mean.buffer, logVariance: logVariance.buffer, columns: columns, into: $0)
    }
    func variancePullback(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
      Tensor(shape: shape) {
        normalDivergenceGradient(
          g.buffer, logVariance: logVariance.buffer, columns: columns, into: $0)
      }
    }
    return value.recorded(
      "D[Q ‖ N(0, I)]", from: (mean, { g in g.reshaped(rows + [1]) * mean }),
      (logVariance, variancePullback))
  }

  /// D[self ‖ other] in nats, summed over the last axis.
  public func klDivergence(to other: DiagonalNormal) -> Tensor<Scalar> {
    let difference = logVariance - other.logVariance
    let distance = (mean - other.mean).squared * exp(-other.logVariance)
    return 0.5 * (distance + (exp(difference) - 1 - difference)).sum(axis: -1)
  }
}

/// log 2π.
public let logTwoPi = 1.837_877_066_409_345_5
