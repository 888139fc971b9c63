// Write these functions in place of `try todo()`, then: swift run Ch02-NaiveMonteCarlo exercises

import Foundation
import Notebook

enum Exercises {
  /// The logarithm of a mean, from logarithms: log((e^l₁ + … + e^lₙ)/n), for numbers whose
  /// exponentials may be too small or too large for a `Double`.
  ///
  /// Example: `logMeanExp([0, log(3)])` is log 2, the logarithm of the mean of 1 and 3.
  ///
  /// - Parameter logs: l₁, …, lₙ; at least one is finite, others may be −∞, the logarithm of 0.
  static func logMeanExp(_ logs: [Double]) throws -> Double {
    try todo()
  }

  /// The logarithm of the Gaussian output of section 2.1, log N(X; f, σ²I), in nats: the sum over
  /// pixels of −½ log(2πσ²) − (Xⱼ − fⱼ)²/(2σ²).
  ///
  /// Example: `gaussianLogDensity(of: [1, 0], mean: [0, 0], sigma: 0.5)` is −2.4516: each pixel
  /// has −0.2258 from the first term, and X₁ has −2 from the second.
  ///
  /// - Parameters:
  ///   - x: X, one number a pixel.
  ///   - mean: f(z), as many.
  ///   - sigma: The standard deviation σ of every pixel, positive.
  static func gaussianLogDensity(
    of x: [Double], mean: [Double], sigma: Double
  ) throws -> Double {
    try todo()
  }

  /// The logarithm of the Bernoulli output of section 2.1, in nats: the sum over pixels of
  /// Xⱼ log pⱼ + (1 − Xⱼ) log(1 − pⱼ), where f gives the logits lⱼ = log(pⱼ/(1 − pⱼ)), so that
  /// pⱼ = 1/(1 + e^(−lⱼ)). It stays finite for any logit: a pixel that is 1 where l = −800 has −800.
  ///
  /// Example: `bernoulliLogProbability(of: [1, 0], logits: [0, log(3)])` is −2.0794: the
  /// probabilities of what is seen are ½ and ¼.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1.
  ///   - logits: As many, any finite numbers.
  static func bernoulliLogProbability(of x: [Double], logits: [Double]) throws -> Double {
    try todo()
  }

  /// The naive estimate of log P(X) of section 2.2: the logarithm of the mean of P(X|z) over draws of
  /// z from the prior.
  ///
  /// Example: if P(X|z) is 0.1 for the first of two draws and 0.3 for the second, it is log 0.2.
  ///
  /// - Parameters:
  ///   - z: n draws from the prior P(z) = N(0, I), [n][d].
  ///   - logLikelihood: log P(X|z) of a z of d numbers. It may be −2000.
  /// - Returns: The estimate, in nats.
  static func naiveEstimate(
    _ z: [[Double]], logLikelihood: ([Double]) -> Double
  ) throws -> Double {
    try todo()
  }

  /// The standard error of log P̂, the logarithm of the mean of n weights, from the weights
  /// themselves, by the delta method: (s/√n)/w̄, where w̄ is the mean of the weights and
  /// s² = Σ(wᵢ − w̄)²/(n − 1). Only ratios of weights matter, so no weight is too small.
  ///
  /// Example: for `[0, log(3)]`, the weights 1 and 3, it is 0.5: w̄ = 2, s² = 2, s/√2 = 1.
  ///
  /// - Parameter logWeights: log w₁, …, log wₙ, n ≥ 2.
  static func standardError(logWeights: [Double]) throws -> Double {
    try todo()
  }

  /// The logarithms of the importance weights of section 2.6: log P(X|z) + log P(z) − log Q(z|X)
  /// for each draw z from Q, where P(z) = N(0, I) and Q(z|X) is normal with independent components.
  ///
  /// Example: for `z = [[1]]`, `logLikelihoods = [-2]`, `mean = [1]`, `logVariance = [0]` it is
  /// `[-2.5]`: log P(z) and log Q(z|X) are −½ log 2π − ½ and −½ log 2π.
  ///
  /// - Parameters:
  ///   - z: n draws from Q, [n][d].
  ///   - logLikelihoods: log P(X|zᵢ) of each, [n].
  ///   - mean: The means of Q, [d].
  ///   - logVariance: The logarithms of the variances of Q, [d].
  /// - Returns: n logarithms, in nats.
  static func importanceLogWeights(
    z: [[Double]], logLikelihoods: [Double], mean: [Double], logVariance: [Double]
  ) throws -> [Double] {
    try todo()
  }

  /// The effective sample size of section 2.2, (w₁ + … + wₙ)²/(w₁² + … + wₙ²): n if all weights are
  /// equal, 1 if one is all there is.
  ///
  /// Example: for `[0, log(3)]`, the weights 1 and 3, it is 1.6: 16/10.
  ///
  /// - Parameter logWeights: log w₁, …, log wₙ. They may all be near −2000.
  static func effectiveSampleSize(logWeights: [Double]) throws -> Double {
    try todo()
  }

  /// Importance sampling from beginning to end, for the model X = f(z) + σε with z from N(0, I). It
  /// draws z from Q(z|X) and weights each with w = P(X|z) P(z)/Q(z|X). The mean weight estimates
  /// P(X), and since P(z|X) = P(X|z) P(z)/P(X), the same weights give the mean of the posterior:
  /// E[z|X] ≈ Σ wᵢ zᵢ / Σ wᵢ (called self-normalised).
  ///
  /// Example: f(z) = z, σ = 1, `x = [2]` has the posterior N(1, ½). With Q equal to it (`mean` [1],
  /// `logVariance` [−log 2]) any noise gives `logEvidence` −2.2655, which is log N(2; 0, 2), and
  /// the noise `[[-1], [1]]` gives `posteriorMean` [1].
  ///
  /// - Parameters:
  ///   - x: X, of any size.
  ///   - decoder: f, from the d numbers of z to as many as X has.
  ///   - sigma: The standard deviation σ of every number of X around f(z).
  ///   - mean: The means of Q, [d].
  ///   - logVariance: The logarithms of the variances of Q, [d].
  ///   - noise: n draws from N(0, I), [n][d]: from each make one z.
  /// - Returns: `ImportanceEstimate(logEvidence: …, posteriorMean: …)` with the estimate of log P(X)
  ///   in nats, and of the posterior's mean, [d].
  static func importanceSampling(
    of x: [Double], decoder: ([Double]) -> [Double], sigma: Double, mean: [Double],
    logVariance: [Double], noise: [[Double]]
  ) throws -> ImportanceEstimate {
    try todo()
  }
}
