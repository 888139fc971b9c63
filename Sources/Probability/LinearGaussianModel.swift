import Autodiff
import Kernels

/// The latent variable model in which everything is known: z ~ N(0, I) in k dimensions, and
/// X|z ~ N(Wz + b, σ²I) in d.
///
/// It is probabilistic principal component analysis (Tipping and Bishop, J. Royal Statistical
/// Society B 61, 1999). P(X) and P(z|X) are normal (Bishop, "Pattern Recognition and Machine
/// Learning", 2006, equations 12.35 and 12.42): methods that estimate them for other models can be
/// compared with the exact values here.
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

  /// P(X) = N(b, WWᵀ + σ²I); differentiation treats it as a constant. σ must be at least 10⁻⁷ of
  /// W's size, or the covariance would round to a matrix that is not positive definite.
  public var evidence: MultivariateNormal<Double> {
    marginal(noiseVariance: .exp(logVariance.scalar))
  }

  /// P(z|X) = N(ΣWᵀ(X − b)/σ², Σ) with Σ = (I + WᵀW/σ²)⁻¹, for an X of shape [d]; differentiation
  /// treats it as a constant.
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

  /// Shows `weight`, `bias` and `logVariance`.
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
    visitor.visit("logVariance", &logVariance)
  }

  /// N(b, WWᵀ + νI), the distribution of X if the noise had the variance ν in place of σ²;
  /// differentiation treats it as a constant.
  public func marginal(noiseVariance: Double) -> MultivariateNormal<Double> {
    MultivariateNormal(
      mean: bias.detached,
      choleskyFactor: factor(
        matmul(weight, weight.transposed()) + noiseVariance * .identity(observedSize)))
  }

  private func factor(_ covariance: Tensor<Double>) -> Tensor<Double> {
    do {
      return try cholesky(covariance)
    } catch {
      fatalError("LinearGaussianModel: σ is too small compared with W; \(error)")
    }
  }
}
