// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch03-KLIdentity exercises
// To check them again whenever you save this file:
//   swift run Ch03-KLIdentity exercises watch

import Exercises
import Foundation

enum Exercises {
  /// The divergence D[Q‖P] = Σ Q(z) (log Q(z) − log P(z)) of section 3.1, in nats. A z with
  /// Q(z) = 0 adds nothing; if P(z) = 0 at a z with Q(z) > 0, D is infinite.
  ///
  /// Example: `divergence(of: [0.5, 0.5], from: [0.25, 0.75])` is 0.1438: ½ log 2 + ½ log ⅔.
  ///
  /// - Parameters:
  ///   - q: Q(z) for each of n values of z, [n]. They sum to 1, and some may be 0.
  ///   - p: P(z) for the same z, [n]. They sum to 1, and some may be 0.
  static func divergence(of q: [Double], from p: [Double]) throws -> Double {
    return try todo()
  }

  /// The posterior of section 3.2 on a grid of z, by Bayes' rule and as log densities:
  /// log P(z|X) = log P(X|z) + log P(z) − log P(X), where P(X) is the sum of P(X|z) P(z) over the
  /// grid, times the spacing of its points.
  ///
  /// Example: `logPosterior(logLikelihoods: [log(0.2), log(0.6)], logPrior: [0, 0], spacing: 0.5)`
  /// is `[-0.6931, 0.4055]`. P(X) is 0.5 (0.2 + 0.6) = 0.4, so the densities are 0.5 and 1.5.
  ///
  /// - Parameters:
  ///   - logLikelihoods: log P(X|z) at each of n points, [n]. For an image it may be −2000.
  ///   - logPrior: The log density log P(z) at the same points, [n].
  ///   - spacing: The distance between neighbouring points, positive.
  /// - Returns: log P(z|X) at each point, [n].
  static func logPosterior(
    logLikelihoods: [Double], logPrior: [Double], spacing: Double
  ) throws -> [Double] {
    return try todo()
  }

  /// The evidence lower bound of section 3.2 for a z with n values, in nats:
  /// ℒ = E[log P(X|z)] − D[Q(z|X)‖P(z)], where E is the mean over z sampled from Q.
  ///
  /// Example: `bound(logLikelihoods: [log(0.2), log(0.6)], logPrior: [log(0.5), log(0.5)],
  /// q: [0.5, 0.5])` is −1.0601. Q is the prior, so D is 0, and ½ log 0.2 + ½ log 0.6 remains.
  ///
  /// - Parameters:
  ///   - logLikelihoods: log P(X|z) for each z, [n].
  ///   - logPrior: log P(z) for each z, [n].
  ///   - q: Q(z|X) for each z, [n]: probabilities, not their logs. Some may be 0.
  static func bound(logLikelihoods: [Double], logPrior: [Double], q: [Double]) throws -> Double {
    return try todo()
  }

  /// The four terms of the identity log P(X) − D[Q(z|X)‖P(z|X)] = E[log P(X|z)] − D[Q(z|X)‖P(z)]
  /// for a z with n values, in nats, each from its own definition. Compute the left side minus the
  /// right side yourself: it should be 0.
  ///
  /// Example: for the example of ``bound(logLikelihoods:logPrior:q:)`` they are
  /// `[-0.9163, 0.1438, -1.0601, 0]`: P(X) is ½ 0.2 + ½ 0.6 = 0.4, and P(z|X) is ¼ and ¾.
  ///
  /// - Parameters:
  ///   - logLikelihoods: log P(X|z) for each z, [n].
  ///   - logPrior: log P(z) for each z, [n].
  ///   - q: Q(z|X) for each z, [n]: positive probabilities, not their logs.
  /// - Returns: log P(X), D[Q(z|X)‖P(z|X)], E[log P(X|z)] and D[Q(z|X)‖P(z)], [4].
  static func identity(
    logLikelihoods: [Double], logPrior: [Double], q: [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// A normal distribution of one number: its mean μ and the log of its variance, log σ².
  typealias Gaussian = (mean: Double, logVariance: Double)

  /// The divergence D[Q‖P] of two normal distributions of one number, in nats, by the closed form
  /// of section 3.5 for d = 1, where Σ is σ².
  ///
  /// Example: for Q = N(1, 1) and P = N(0, 4), that is, `(1, 0)` and `(0, log(4))`, it is 0.4431:
  /// ½ (¼ + ¼ − 1 + log 4).
  ///
  /// - Parameters:
  ///   - q: Q, with any log variance: it may be negative.
  ///   - p: P, with any log variance.
  static func normalDivergence(of q: Gaussian, from p: Gaussian) throws -> Double {
    return try todo()
  }

  /// The divergence of N(μ, diag(σ²)) from N(0, I) in nats, a term of the loss of a VAE
  /// (section 3.5): D = ½ Σ (μ² + σ² − 1 − log σ²), a sum over the latent variables.
  ///
  /// Example: `standardDivergence(mean: [1, 0, 2], logVariance: [0, log(4), 0])` is 3.3069:
  /// ½ (1 + 1 − 1 − 0) + ½ (0 + 4 − 1 − 1.3863) + ½ (4 + 1 − 1 − 0).
  ///
  /// - Parameters:
  ///   - mean: μ of each latent variable, [k].
  ///   - logVariance: log σ² of each, [k]: any numbers.
  static func standardDivergence(mean: [Double], logVariance: [Double]) throws -> Double {
    return try todo()
  }

  /// The gradient that section 3.6 follows, worked out by hand: the derivatives of the bound
  /// ℒ = E[log P(X|z)] − D[Q‖P(z)] with respect to μ and log σ², without automatic differentiation.
  /// z is one number with the prior N(0, 1), and Q is N(μ, σ²). The decoder is linear: given z, the
  /// d numbers of X have the distribution N(wz, s²I).
  ///
  /// On paper, first find ℒ as a function of μ and log σ². E[z] is μ, and E[z²] is μ² + σ².
  ///
  /// Example: for X = (2), w = (1), s² = 1, μ = 0 and σ² = 1 it is `[2, -0.5]`.
  ///
  /// - Parameters:
  ///   - x: X, [d].
  ///   - weight: w, [d].
  ///   - noiseLogVariance: log s².
  ///   - q: Q, by its mean μ and its log variance log σ².
  /// - Returns: ∂ℒ/∂μ and ∂ℒ/∂(log σ²), [2].
  static func boundGradient(
    x: [Double], weight: [Double], noiseLogVariance: Double, q: Gaussian
  ) throws -> [Double] {
    return try todo()
  }
}
