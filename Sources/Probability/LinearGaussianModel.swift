import Autodiff
import Kernels

/// The latent variable model in which everything is known: z ~ N(0, I) in k dimensions, and
/// X|z ~ N(Wz + b, σ²I) in d.
///
/// It is probabilistic principal component analysis (Tipping and Bishop, J. Royal Statistical Society
/// B 61, 1999). P(X) and P(z|X) are normal (Bishop, "Pattern Recognition and Machine Learning",
/// 2006, equations 12.35 and 12.42): estimates for other models can be held against the truth here.
public struct LinearGaussianModel: Parameterized, LatentVariableModel {
  /// W, of shape [d, k].
  public var weight: Tensor<Double>
  /// b, of shape [d].
  public var bias: Tensor<Double>
  /// log σ², of shape [].
  public var logVariance: Tensor<Double>

  /// The model with W of shape [d, k], b of shape [d], and one number log σ².
  public init(weight: Tensor<Double>, bias: Tensor<Double>, logVariance: Tensor<Double>) {
    guard weight.rank == 2, bias.shape == [weight.shape[0]], logVariance.count == 1 else {
      fatalError(
        "LinearGaussianModel: shapes \(weight.shape), \(bias.shape) and \(logVariance.shape) "
          + "do not fit")
    }
    self.weight = weight
    self.bias = bias
    self.logVariance = logVariance.reshaped([])
  }

  /// k, the number of latent variables.
  public var latentSize: Int { weight.shape[1] }

  /// d, the number of observed ones.
  public var observedSize: Int { weight.shape[0] }

  /// P(X|z) = N(Wz + b, σ²I) for each row of z, [n, k] → means of shape [n, d].
  public func likelihood(given z: Tensor<Double>) -> DiagonalNormal<Double> {
    DiagonalNormal(mean: matmul(z, weight.transposed()) + bias, logVariance: logVariance)
  }

  /// log P(X|z) in nats, [n, d] or [1, d] and [n, k] → [n].
  public func logProbability(of x: Tensor<Double>, given z: Tensor<Double>) -> Tensor<Double> {
    likelihood(given: z).logProbability(of: x)
  }

  /// P(X) = N(b, WWᵀ + σ²I), a constant to a derivative. σ must not be below 10⁻⁷ of W's size: the
  /// covariance would round to one that is not positive definite.
  public var evidence: MultivariateNormal<Double> {
    marginal(noiseVariance: .exp(logVariance.scalar))
  }

  /// P(z|X) = N(ΣWᵀ(X − b)/σ², Σ) with Σ = (I + WᵀW/σ²)⁻¹, for an X of shape [d]; a constant to a
  /// derivative.
  public func posterior(given x: Tensor<Double>) -> MultivariateNormal<Double> {
    let scaled = weight * exp(-logVariance)
    let root = triangularInverse(
      factor(matmul(scaled.transposed(), weight) + .identity(latentSize)))
    let covariance = matmul(root.transposed(), root)
    let shift = (x - bias).reshaped([1, observedSize])
    return MultivariateNormal(
      mean: matmul(matmul(shift, scaled), covariance).reshaped([latentSize]).detached,
      choleskyFactor: factor(covariance))
  }

  /// log E[wᵐ] of the naive weight w = P(X|z)/P(X) with z from the prior, for each row of x and
  /// m = `order` from 1 on, [n, d] → [n]; a constant to a derivative.
  ///
  /// E[w] is 1, hence E[w²] − 1 is the variance of w: the mean of n weights has the relative error
  /// √((E[w²] − 1)/n). The m-th power of N(X; Wz + b, σ²I) is N(X; Wz + b, σ²I/m) times
  /// (2πσ²)^(−(m − 1)d/2) · m^(−d/2), and the mean over z of the former is N(X; b, WWᵀ + σ²I/m).
  public func logWeightMoment(_ order: Int, of x: Tensor<Double>) -> Tensor<Double> {
    if order < 1 { fatalError("logWeightMoment: order \(order)") }
    let (m, d, logVariance) = (Double(order), Double(observedSize), self.logVariance.scalar)
    let constant = -0.5 * d * ((m - 1) * (logTwoPi + logVariance) + .log(m))
    let power = marginal(noiseVariance: .exp(logVariance) / m).logProbability(of: x)
    return power - m * evidence.logProbability(of: x) + constant
  }

  /// The moments of the naive weight for one X, of shape [1, d].
  public func weightMoments(of x: Tensor<Double>) -> WeightMoments {
    func moment(_ order: Int) -> Double { .exp(logWeightMoment(order, of: x).scalar) }
    return WeightMoments(second: moment(2), third: moment(3), fourth: moment(4))
  }

  /// Independent naive estimates of log P(X), to see how they scatter.
  public func naiveLogEvidences(
    of x: Tensor<Double>, sampleCount: Int, repetitions: Int,
    using generator: inout SeededGenerator
  ) -> [Double] {
    let most = max(1, 20_000 / sampleCount)
    return stride(from: 0, to: repetitions, by: most).flatMap { first -> [Double] in
      let count = min(most, repetitions - first)
      let z = Tensor<Double>.normal([count * sampleCount, latentSize], using: &generator)
      let logWeights = logProbability(of: x, given: z).reshaped([count, sampleCount])
      return (logWeights.logSumExp(axis: 1) - .log(Double(sampleCount))).scalars
    }
  }

  /// Shows `weight`, `bias` and `logVariance`.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
    visitor.visit("logVariance", &logVariance)
  }

  /// N(b, WWᵀ + νI).
  private func marginal(noiseVariance: Double) -> MultivariateNormal<Double> {
    MultivariateNormal(
      mean: bias.detached,
      choleskyFactor: factor(
        matmul(weight, weight.transposed()) + noiseVariance * .identity(observedSize)))
  }

  private func factor(_ covariance: Tensor<Double>) -> Tensor<Double> {
    do {
      return try cholesky(covariance)
    } catch {
      fatalError("LinearGaussianModel: σ is too small against W; \(error)")
    }
  }
}
