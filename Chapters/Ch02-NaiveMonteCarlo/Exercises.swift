// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch02-NaiveMonteCarlo exercises
// To check them again whenever you save this file:
//   swift run Ch02-NaiveMonteCarlo exercises watch

import Exercises
import Foundation

enum Exercises {
  /// The logarithm of a mean, computed from logarithms: log((e^l₁ + … + e^lₙ)/n). The exponentials
  /// themselves may be too small or too large for a `Double`.
  ///
  /// Example: `logMeanExp([0, log(3)])` is log 2, the logarithm of the mean of 1 and 3.
  ///
  /// - Parameter logs: l₁, …, lₙ. At least one of them is finite. Others may be −∞, the logarithm
  ///   of 0.
  static func logMeanExp(_ logs: [Double]) throws -> Double {
    return try todo()
  }

  /// The log density of the Gaussian output of section 2.1, log N(X; f, σ²I), in nats: the sum over
  /// all pixels of −½ log(2πσ²) − (Xⱼ − fⱼ)²/(2σ²).
  ///
  /// Example: `gaussianLogDensity(of: [1, 0], mean: [0, 0], sigma: 0.5)` is −2.4516. The first term
  /// contributes −0.2258 for each pixel, and the second contributes −2 for X₁.
  ///
  /// - Parameters:
  ///   - x: X, one number for each pixel.
  ///   - mean: f(z), as many numbers.
  ///   - sigma: The standard deviation σ, the same for every pixel; positive.
  static func gaussianLogDensity(
    of x: [Double], mean: [Double], sigma: Double
  ) throws -> Double {
    return try todo()
  }

  /// The log probability of the Bernoulli output of section 2.1, in nats: the sum over all pixels
  /// of Xⱼ log pⱼ + (1 − Xⱼ) log(1 − pⱼ). f gives the logits lⱼ = log(pⱼ/(1 − pⱼ)), so
  /// pⱼ = 1/(1 + e^(−lⱼ)). The result must be finite for any logits: a pixel that is 1 where
  /// l = −800 contributes −800.
  ///
  /// Example: `bernoulliLogProbability(of: [1, 0], logits: [0, log(3)])` is −2.0794: the two pixels
  /// have the probabilities ½ and ¼.
  ///
  /// - Parameters:
  ///   - x: X, whose pixels are 0 or 1.
  ///   - logits: One for each pixel, any finite numbers.
  static func bernoulliLogProbability(of x: [Double], logits: [Double]) throws -> Double {
    return try todo()
  }

  /// How probable fresh examples are under the kernel density estimate of section 2.1, which has a
  /// narrow normal distribution around each training example:
  /// P(X) = (N(X; x₁, σ²I) + … + N(X; xₙ, σ²I))/n. Compute log P(X) for each fresh example, and
  /// return the mean of these logarithms, in nats.
  ///
  /// Example: `kernelLogLikelihood(of: [[1]], training: [[1], [3]], sigma: 1)` is −1.4852. The two
  /// densities are 0.3989 and 0.0540, and log 0.2265 is the logarithm of their mean.
  ///
  /// - Parameters:
  ///   - fresh: The fresh examples X, of d numbers each, [m][d].
  ///   - training: The training examples xᵢ, [n][d].
  ///   - sigma: σ, positive. It may be so small that every density is 0 in a `Double`.
  static func kernelLogLikelihood(
    of fresh: [[Double]], training: [[Double]], sigma: Double
  ) throws -> Double {
    return try todo()
  }

  /// The naive estimate of log P(X) (section 2.2): the logarithm of the mean of P(X|z) over samples
  /// of z from the prior.
  ///
  /// Example: if P(X|z) is 0.1 for the first of two samples and 0.3 for the second, it is log 0.2.
  ///
  /// - Parameters:
  ///   - z: n samples from the prior P(z) = N(0, I), [n][d].
  ///   - logLikelihood: A function that returns log P(X|z) for a z of d numbers. It may be as low
  ///     as −2000 and, because P(X|z) may be a density, as high as 2000.
  /// - Returns: The estimate, in nats.
  static func naiveEstimate(
    _ z: [[Double]], logLikelihood: ([Double]) -> Double
  ) throws -> Double {
    return try todo()
  }

  /// The naive estimate of log P(X) again, but now you draw the samples. Swift draws only uniform
  /// numbers: `Double.random(in: 0..<1)`. From two of them, u and v, the formula of Box and Muller
  /// makes a number from N(0, 1): √(−2 log u) cos(2πv), where u must not be 0.
  ///
  /// Example: if log P(X|z) is −‖z‖² and z has 2 numbers, then P(X) is ⅓, and 10,000 samples give
  /// about log ⅓ = −1.099. Your estimate is different in each run.
  ///
  /// - Parameters:
  ///   - sampleCount: n, how many z to draw from the prior P(z) = N(0, I), new ones in each call.
  ///   - latentSize: d, how many numbers each z has.
  ///   - logLikelihood: A function that returns log P(X|z). Call it once for each z. It may be as
  ///     low as −2000.
  /// - Returns: The estimate from these z, in nats.
  static func sampledEstimate(
    sampleCount: Int, latentSize: Int, logLikelihood: ([Double]) -> Double
  ) throws -> Double {
    return try todo()
  }

  /// The standard error of log P̂, the logarithm of the mean of n weights. It is estimated from the
  /// weights themselves, by the delta method of section 2.2: (s/√n)/w̄, where w̄ is the mean of the
  /// weights and s² = Σ(wᵢ − w̄)²/(n − 1). Only the ratios of the weights matter, so the function
  /// must also work for weights that are too small or too large for a `Double`.
  ///
  /// Example: for `[0, log(3)]`, that is, for the weights 1 and 3, it is 0.5, since w̄ = 2, s² = 2
  /// and s/√2 = 1.
  ///
  /// - Parameter logWeights: log w₁, …, log wₙ, n ≥ 2. They may all be near −2000 or near 900, and
  ///   some may be −∞, the logarithm of 0.
  static func standardError(logWeights: [Double]) throws -> Double {
    return try todo()
  }

  /// The logarithms of the importance weights of section 2.6: log P(X|z) + log P(z) − log Q(z|X)
  /// for each sample z from Q, where P(z) = N(0, I) and Q(z|X) is normal with independent
  /// components.
  ///
  /// Example: for `z = [[1]]`, `logLikelihoods = [-2]`, `mean = [1]` and `logVariance = [0]` the
  /// result is `[-2.5]`: log P(z) is −½ log 2π − ½, and log Q(z|X) is −½ log 2π.
  ///
  /// - Parameters:
  ///   - z: n samples from Q, [n][d].
  ///   - logLikelihoods: log P(X|zᵢ) for each of them, [n]; any numbers between −2000 and 2000.
  ///   - mean: The means of Q, [d].
  ///   - logVariance: The logarithms of the variances of Q, [d].
  /// - Returns: n logarithms, in nats.
  static func importanceLogWeights(
    z: [[Double]], logLikelihoods: [Double], mean: [Double], logVariance: [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// The effective sample size of section 2.2, (w₁ + … + wₙ)²/(w₁² + … + wₙ²). It is n if all
  /// weights are equal, and 1 if all but one are 0.
  ///
  /// Example: for `[0, log(3)]`, that is, for the weights 1 and 3, it is 16/10 = 1.6.
  ///
  /// - Parameter logWeights: log w₁, …, log wₙ. They may all be near −2000 or near 900, and
  ///   some may be −∞, the logarithm of 0.
  static func effectiveSampleSize(logWeights: [Double]) throws -> Double {
    return try todo()
  }

  /// Importance sampling from beginning to end, for the model X = f(z) + σε with z from N(0, I).
  /// Draw z from Q(z|X) and give each z the weight w = P(X|z) P(z)/Q(z|X). The mean weight is an
  /// estimate of P(X). Since P(z|X) = P(X|z) P(z)/P(X), the same weights give the mean of the
  /// posterior: E[z|X] ≈ Σ wᵢ zᵢ / Σ wᵢ. This is called the self-normalised estimate.
  ///
  /// Example: with f(z) = z, σ = 1 and `x = [2]`, the posterior is N(1, ½). If Q is this posterior
  /// (`mean` is [1] and `logVariance` is [−log 2]), then any noise gives the `logEvidence` −2.2655,
  /// which is log N(2; 0, 2), and the noise `[[-1], [1]]` gives the `posteriorMean` [1].
  ///
  /// - Parameters:
  ///   - x: X, of any size.
  ///   - decoder: f, which maps the d numbers of z to as many numbers as X has.
  ///   - sigma: σ, the standard deviation of every number of X around f(z). It may be so small that
  ///     P(X|z) is 0 in a `Double`.
  ///   - mean: The means of Q, [d].
  ///   - logVariance: The logarithms of the variances of Q, [d].
  ///   - noise: n samples of ε from N(0, I), [n][d]. Compute one z from each.
  /// - Returns: `ImportanceEstimate(logEvidence: …, posteriorMean: …)` with the estimates of
  ///   log P(X), in nats, and of the posterior's mean, [d].
  static func importanceSampling(
    of x: [Double], decoder: ([Double]) -> [Double], sigma: Double, mean: [Double],
    logVariance: [Double], noise: [[Double]]
  ) throws -> ImportanceEstimate {
    return try todo()
  }
}
