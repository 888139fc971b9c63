// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch04-Reparameterization exercises
// To check them again whenever you save this file:
//   swift run Ch04-Reparameterization exercises watch

import Exercises
import Foundation

enum Exercises {
  /// A sample from N(μ, diag(σ²)) as a smooth function of μ and log σ², with noise that comes from
  /// outside (section 4.2): zₖ = μₖ + σₖ εₖ. You are given log σ², because that is what the encoder
  /// outputs.
  ///
  /// Example: the log variance [0, log 4] stands for the standard deviations 1 and 2. With the mean
  /// [1, 0] and the noise [0.5, −1], z is [1.5, −2].
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d]; any real numbers.
  ///   - noise: ε from N(0, I), [d].
  /// - Returns: z, [d].
  static func sample(
    mean: [Double], logVariance: [Double], noise: [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// The pathwise estimate (section 4.2) of the gradient of E[h(z)], for
  /// h(z) = ‖z‖² = z₁² + … + z_d² and z from N(μ, diag(σ²)). It is the mean, over n samples of ε,
  /// of the derivatives of h(μ + σε) with respect to each μₖ and each log σₖ². Work out these
  /// derivatives on paper, by the chain rule.
  ///
  /// Example: for the mean [1], the log variance [log 4] and the noise [[1], [−2]], the two z are 3
  /// and −3. The derivatives with respect to μ are 6 and −6, with mean 0. Those with respect to
  /// log σ² are 6 and 12, with mean 9.
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d].
  ///   - noise: n samples of ε from N(0, I), [n][d].
  /// - Returns: `NormalGradient(mean: …, logVariance: …)`, the two estimates, [d] each.
  static func pathwiseGradient(
    mean: [Double], logVariance: [Double], noise: [[Double]]
  ) throws -> NormalGradient {
    return try todo()
  }

  /// The score function’s estimate (section 4.3) of the gradient of E[h(z)] for z from
  /// Q = N(μ, diag(σ²)). It needs only the values of h: it is the mean, over n samples zᵢ, of
  /// (h(zᵢ) − bᵢ) ∇log Q(zᵢ), where ∇ is the derivative with respect to each μₖ and each log σₖ².
  /// The baseline bᵢ is the mean of h over the other n − 1 samples. Differentiate
  /// log Q(z) = Σₖ [−½ log 2π − ½ log σₖ² − ½ (zₖ − μₖ)²/σₖ²] on paper.
  ///
  /// Example: for the samples [[2], [−1]] with the values [4, 1], the mean [0] and the log variance
  /// [0], the weights h − b are 3 and −3. The scores are 2 and −1 with respect to μ, and 1.5 and 0
  /// with respect to log σ². The estimates are 4.5 and 2.25.
  ///
  /// - Parameters:
  ///   - samples: n samples of z from Q, [n][d], with n ≥ 2.
  ///   - values: h(z) for each sample, [n].
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d].
  /// - Returns: `NormalGradient(mean: …, logVariance: …)`, the two estimates, [d] each.
  static func scoreFunctionGradient(
    samples: [[Double]], values: [Double], mean: [Double], logVariance: [Double]
  ) throws -> NormalGradient {
    return try todo()
  }

  /// A sample from N(μ, Σ) in two dimensions, where Σ need not be diagonal (section 4.4):
  /// z = μ + Lε, with the Cholesky factor L of Σ. This is the lower triangular matrix
  /// [[L₁₁, 0], [L₂₁, L₂₂]] with a positive diagonal for which LLᵀ = Σ. Multiply LLᵀ out, and solve
  /// for L₁₁, L₂₁ and L₂₂, in this order.
  ///
  /// Example: Σ = [[4, 2], [2, 10]] has the factor L = [[2, 0], [1, 3]]. With the mean [1, 0] and
  /// the noise [1, 2], z is [3, 7].
  ///
  /// - Parameters:
  ///   - mean: μ, [2].
  ///   - covariance: Σ, [2][2], symmetric and positive definite.
  ///   - noise: ε from N(0, I), [2].
  /// - Returns: z, [2].
  static func fullCovarianceSample(
    mean: [Double], covariance: [[Double]], noise: [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// An estimate of the derivative of loss₁ + … + loss_N + penalty with respect to one parameter,
  /// from a minibatch of M of the N examples (section 4.5). The loss of an example is an
  /// expectation over ε, estimated by the mean over L samples of ε. The penalty is one number for
  /// the whole data set, not a sum over examples.
  ///
  /// Example: for the derivatives [[2, 4], [1, 3]], the penalty’s derivative 0.5 and N = 5, the
  /// estimate is 5/2 · (3 + 2) + 0.5 = 13.
  ///
  /// - Parameters:
  ///   - derivatives: The derivatives of the losses: for each of M examples, a row of L, one for
  ///     each sample of ε, [M][L].
  ///   - penalty: The derivative of the penalty.
  ///   - exampleCount: N, at least M.
  /// - Returns: The estimate of the derivative, for all N examples and the penalty together.
  static func minibatchEstimate(
    derivatives: [[Double]], penalty: Double, exampleCount: Int
  ) throws -> Double {
    return try todo()
  }
}
