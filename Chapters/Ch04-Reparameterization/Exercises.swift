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

  /// Independent numbers from N(0, 1), made from uniform ones by the method of Box and Muller. Draw
  /// two numbers u and v with Swift’s `Double.random(in: 0..<1)`. Then
  ///
  ///     √(−2 log(1 − u)) · cos(2πv)   and   √(−2 log(1 − u)) · sin(2πv)
  ///
  /// are two independent numbers from N(0, 1). (1 − u is never 0, so its logarithm is finite.) You
  /// may use only the first of them, and draw new u and v for each number.
  ///
  /// The numbers differ from run to run, so the check looks at the statistics of 20,000 of them, and
  /// in the end of 400,000. Any exact method is right. A right answer fails less than once in a
  /// million runs.
  ///
  /// Example: u = 0.5 and v = 0.125 give the numbers 0.8326 and 0.8326; u = 0.5 and v = 0.5 give
  /// −1.1774 and 0.
  ///
  /// - Parameter count: How many numbers to draw: 0 or more, and perhaps an odd number.
  /// - Returns: The numbers, [count], different ones at each call.
  static func standardNormals(count: Int) throws -> [Double] {
    return try todo()
  }

  /// Independent samples from N(μ, diag(σ²)), with noise that the function draws itself: a number
  /// from N(0, 1) for each component of each sample. Take it from `try standardNormals(count: …)`,
  /// or draw it in any other way that is exact.
  ///
  /// The check looks at the statistics of 20,000 samples. A right answer fails less than once in a
  /// million runs.
  ///
  /// Example: for the mean [1, 0], the log variance [0, log 4] and the count 3, the result is three
  /// arrays of two numbers. If the six numbers of noise are 0.5, −1, 0, 0.2, 1.5 and −0.3, it is
  /// [[1.5, −2], [1, 0.4], [2.5, −0.6]].
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d]; any real numbers.
  ///   - count: n, the number of samples.
  /// - Returns: The samples, [n][d], different ones at each call.
  static func drawSamples(
    mean: [Double], logVariance: [Double], count: Int
  ) throws -> [[Double]] {
    return try todo()
  }

  /// The pathwise estimate (section 4.2) of the gradient of E[h(z)], for
  /// h(z) = ‖z‖² = z₁² + … + z_d² and z from N(μ, diag(σ²)). It is the mean, over n samples of ε,
  /// of the derivatives of h(μ + σε) with respect to each μₖ and each log σₖ². Work out these
  /// derivatives on paper, by the chain rule.
  ///
  /// Example: for the mean [1], the log variance [log 9] and the noise [[1], [−1], [0]], the three
  /// z are 4, −2 and 1. The derivatives with respect to μ are 8, −4 and 2, with mean 2. Those with
  /// respect to log σ² are 12, 6 and 0, with mean 6.
  ///
  /// - Parameters:
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d]; any real numbers.
  ///   - noise: n samples of ε from N(0, I), [n][d], with n ≥ 1.
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
  /// Example: for the samples [[3], [0]] with the values [4, 1], the mean [1] and the log variance
  /// [log 4], the weights h − b are 3 and −3. The scores are ½ and −¼ with respect to μ, and 0 and
  /// −⅜ with respect to log σ². The estimates are 1.125 and 0.5625.
  ///
  /// - Parameters:
  ///   - samples: n samples of z from Q, [n][d], with n ≥ 2.
  ///   - values: h(z) for each sample, [n].
  ///   - mean: μ, [d].
  ///   - logVariance: log σ², [d]; any real numbers.
  /// - Returns: `NormalGradient(mean: …, logVariance: …)`, the two estimates, [d] each.
  static func scoreFunctionGradient(
    samples: [[Double]], values: [Double], mean: [Double], logVariance: [Double]
  ) throws -> NormalGradient {
    return try todo()
  }

  /// What the two estimates of the derivative of E[h(z)] with respect to μ cost for h(z) = cos kz,
  /// with z from N(μ, σ²) in one dimension. Section 4.3 works this out for sin kz. Do the same for
  /// cos kz: the pathwise estimate from one sample is h′(z), the score function’s without a baseline
  /// is h(z) ε/σ with ε = (z − μ)/σ, and both have the derivative as their mean. For any α and β,
  ///
  ///     E[cos(α + βε)] = exp(−½β²) cos α,   E[ε² cos(α + βε)] = (1 − β²) exp(−½β²) cos α
  ///
  /// Example: for k = 1, μ = π/2 and σ = 1 the derivative is −0.6065, and the variances are 0.1998
  /// (pathwise) and 0.3351 (score function).
  ///
  /// - Parameters:
  ///   - k: The number of the wave, positive.
  ///   - mean: μ.
  ///   - standardDeviation: σ.
  /// - Returns: `GradientVariances(derivative: …, pathwise: …, score: …)`: the derivative of
  ///   E[cos kz] with respect to μ, and the variance of each estimate from one sample.
  static func gradientVariances(
    k: Double, mean: Double, standardDeviation: Double
  ) throws -> GradientVariances {
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

  /// The three gradients of section 4.7, by hand, for a VAE in which everything is one number. The
  /// encoder maps X to Q(z|X) = N(aX, σ²) with log σ² = c, which is the same for all X. The decoder
  /// is P(X|z) = N(wz, ½), so that −log P(X|z) is the error h = (X − wz)² up to a constant. The loss
  /// of an example, −ℒ up to this constant, is
  ///
  ///     (X − wz)² + D,   D = ½(μ² + σ² − 1 − log σ²),   with μ = aX and z = μ + σε
  ///
  /// The result is the mean over the n examples of its derivatives with respect to a, c and w:
  ///
  /// - `drawnInside`: z is a constant.
  /// - `score`: z is a constant, and (h − b) times the derivative of log Q(z|X) is added for each
  ///   example. The baseline b is the mean of h over the other n − 1 examples. (In section 4.7 it is
  ///   subtracted, because there h is the log-likelihood and not the error.)
  /// - `pathwise`: z = aX + σε depends on a and c.
  ///
  /// Example: for X = [2, 4], a = ½, c = log 4, w = ½ and the noise [½, −1], z is 2 and 0, and the
  /// errors are 1 and 16. `drawnInside` is [5, 1.5, −2], `score` is [−13.75, 4.3125, −2], and
  /// `pathwise` is [−4, 3.25, −2].
  ///
  /// - Parameters:
  ///   - x: X, [n], with n ≥ 2.
  ///   - a: The encoder’s weight.
  ///   - c: log σ².
  ///   - w: The decoder’s weight.
  ///   - noise: ε from N(0, 1), [n].
  /// - Returns: `EncoderGradients(drawnInside: …, score: …, pathwise: …)`, each [3], with respect to
  ///   a, c and w in this order.
  static func threeGradients(
    x: [Double], a: Double, c: Double, w: Double, noise: [Double]
  ) throws -> EncoderGradients {
    return try todo()
  }
}
