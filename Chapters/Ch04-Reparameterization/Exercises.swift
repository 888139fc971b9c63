// Write these functions in place of `try todo()`, then: swift run Ch04-Reparameterization exercises

import Foundation
import Notebook

enum Exercises {
  /// A draw from N(μ, diag(σ²)) as a smooth function of μ and log σ², from noise that comes from
  /// outside (section 4.2): zₖ = μₖ + σₖ εₖ. The encoder gives log σ², not σ.
  ///
  /// Example: for the mean [1, 0], the log variance [0, log 4] and the noise [0.5, −1] it is
  /// [1.5, −2]: the standard deviations are 1 and 2.
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d]; any numbers.
  ///   - noise: ε from N(0, I), [d].
  /// - Returns: z, [d].
  static func sample(
    mean: [Double], logVariance: [Double], noise: [Double]
  ) throws -> [Double] {
    try todo()
  }

  /// The pathwise estimate (section 4.2) of the gradient of E[h(z)], for h(z) = ‖z‖² = z₁² + … + z_d²
  /// and z from N(μ, diag(σ²)): the mean, over n draws of ε, of the derivatives of h(μ + σε) with
  /// respect to each μₖ and each log σₖ². Work them out on paper, by the chain rule.
  ///
  /// Example: for the mean [1], the log variance [log 4] and the noise [[1], [−2]], the draws are 3
  /// and −3. With respect to μ the derivatives are 6 and −6, and the mean 0. With respect to log σ²
  /// they are 6 and 12, and the mean is 9.
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d].
  ///   - noise: n draws of ε from N(0, I), [n][d].
  /// - Returns: `NormalGradient(mean: …, logVariance: …)`, the estimates, [d] each.
  static func pathwiseGradient(
    mean: [Double], logVariance: [Double], noise: [[Double]]
  ) throws -> NormalGradient {
    try todo()
  }

  /// The score function's estimate (section 4.3) of the gradient of E[h(z)], for z from
  /// Q = N(μ, diag(σ²)), from the values of h alone: the mean, over n draws zᵢ, of
  /// (h(zᵢ) − bᵢ) ∇log Q(zᵢ), with respect to each μₖ and each log σₖ². The baseline bᵢ is the mean
  /// of h over the other n − 1 draws. Find the derivatives of
  /// log Q(z) = Σₖ [−½ log 2π − ½ log σₖ² − ½ (zₖ − μₖ)²/σₖ²] on paper.
  ///
  /// Example: for the draws [[2], [−1]] with the values [4, 1], the mean [0] and the log variance
  /// [0], h − b is 3 and −3. The scores are 2 and −1 with respect to μ, 1.5 and 0 with respect to
  /// log σ²; the estimates are 4.5 and 2.25.
  ///
  /// - Parameters:
  ///   - draws: n draws z from Q, [n][d], n ≥ 2.
  ///   - values: h(z) of each, [n].
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d].
  /// - Returns: `NormalGradient(mean: …, logVariance: …)`, the estimates, [d] each.
  static func scoreFunctionGradient(
    draws: [[Double]], values: [Double], mean: [Double], logVariance: [Double]
  ) throws -> NormalGradient {
    try todo()
  }

  /// A draw from N(μ, Σ) in two dimensions, for a Σ that need not be diagonal (section 4.4):
  /// z = μ + Lε, with the Cholesky factor L of Σ. That is the lower triangular matrix
  /// [[L₁₁, 0], [L₂₁, L₂₂]] with a positive diagonal for which LLᵀ = Σ: multiply it out, and solve
  /// for L₁₁, L₂₁ and L₂₂ in this order.
  ///
  /// Example: for Σ = [[4, 2], [2, 10]] it is L = [[2, 0], [1, 3]]. With the mean [1, 0] and the
  /// noise [1, 2], z is [3, 7].
  ///
  /// - Parameters:
  ///   - mean: μ, [2].
  ///   - covariance: Σ, [2][2], symmetric and positive definite.
  ///   - noise: ε from N(0, I), [2].
  /// - Returns: z, [2].
  static func fullCovarianceSample(
    mean: [Double], covariance: [[Double]], noise: [Double]
  ) throws -> [Double] {
    try todo()
  }

  /// The estimate N/M · (sum over a minibatch) of section 4.5, of the derivative of
  /// loss₁ + … + loss_N + penalty with respect to one parameter. Of the N examples only M are at
  /// hand. The loss of each is an expectation over ε, of which L draws were taken: their mean stands
  /// for it. The penalty is no sum over examples.
  ///
  /// Example: for the derivatives [[2, 4], [1, 3]], the penalty's derivative 0.5 and N = 5 it is
  /// 13: 5/2 · (3 + 2) + 0.5.
  ///
  /// - Parameters:
  ///   - derivatives: Those of the M examples, a row of L draws each, [M][L].
  ///   - penalty: The derivative of the penalty.
  ///   - exampleCount: N, not less than M.
  /// - Returns: The estimate for the whole data.
  static func minibatchEstimate(
    derivatives: [[Double]], penalty: Double, exampleCount: Int
  ) throws -> Double {
    try todo()
  }
}
