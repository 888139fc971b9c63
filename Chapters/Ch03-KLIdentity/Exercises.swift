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
  ///   - logLikelihoods: log P(X|z) at each of n points, [n]. For an image it may be −2000 at one
  ///     point and −3500 at another.
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
  ///   - logLikelihoods: log P(X|z) for each z, [n]. For an image it may be −2000.
  ///   - logPrior: log P(z) for each z, [n]: logs, not probabilities.
  ///   - q: Q(z|X) for each z, [n]: probabilities, not their logs. Some may be 0, and such a z adds
  ///     nothing.
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
  ///   - logLikelihoods: log P(X|z) for each z, [n]. For an image it may be −2000.
  ///   - logPrior: log P(z) for each z, [n]: logs, not probabilities.
  ///   - q: Q(z|X) for each z, [n]: positive probabilities, not their logs.
  /// - Returns: log P(X), D[Q(z|X)‖P(z|X)], E[log P(X|z)] and D[Q(z|X)‖P(z)], [4].
  static func identity(
    logLikelihoods: [Double], logPrior: [Double], q: [Double]
  ) throws -> [Double] {
    return try todo()
  }

  /// The bits of section 3.2 for one X that is sent with bits back, when every word fits its
  /// probability exactly. A word for z then has −log₂ P(z) bits, and a word for X given z has
  /// −log₂ P(X|z). The bits of the file that chose z come back: −log₂ Q(z|X) of them. Since z has
  /// the distribution Q(z|X), each number asked for is a mean over z sampled from Q.
  ///
  /// Example: `bitsBack(prior: [0.5, 0.25, 0.25], likelihoods: [0.25, 0.5, 0.5],
  /// q: [0.5, 0.5, 0])` is `[1.5, 1.5, 1, 2]`. The word for z has 1 or 2 bits, that for X has 2 or
  /// 1, and 1 bit of the file comes back, which leaves 1.5 + 1.5 − 1.
  ///
  /// - Parameters:
  ///   - prior: P(z) for each of n values of z, [n]: positive probabilities.
  ///   - likelihoods: P(X|z) for the same z and the X that is sent, [n]: positive probabilities,
  ///     which need not sum to 1.
  ///   - q: Q(z|X) for each z, [n]. Some may be 0; such a z is never sent.
  /// - Returns: The mean number of bits of the word for z, of the word for X, and of those that come
  ///   back; and the net cost, the first two less the third, [4].
  static func bitsBack(
    prior: [Double], likelihoods: [Double], q: [Double]
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
  ///   - q: Q, with any log variance, such as −40 or 25.
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
  ///   - logVariance: log σ² of each, [k]: any numbers, such as −40 or 25.
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

  /// One Q for all X, and the nats that it loses.
  struct SharedQ {
    /// Q(z) for each z, [n].
    let q: [Double]
    /// The mean of D[Q‖P(z|X)] over X.
    let loss: Double
  }

  /// The best single Q for all X (section 3.6), for a z with n values: the distribution whose log is
  /// the mean of log P(z|X) over X, minus a constant log C that makes it sum to 1. It loses −log C
  /// nats for each X.
  ///
  /// Example: for two X with the posteriors (½, ½) and (0.9, 0.1), given as their logs, Q is
  /// (0.75, 0.25), and the loss is 0.1116. For z = 0 the mean of the logs is that of √0.45, for
  /// z = 1 that of √0.05, and √0.45 + √0.05 is C = 0.8944.
  ///
  /// - Parameter logPosteriors: For each of N examples X a row with log P(z|X) for each z, [N, n].
  ///   It may be −2000.
  static func sharedQ(logPosteriors: [[Double]]) throws -> SharedQ {
    return try todo()
  }

  /// Gradient ascent of the bound in Q, as in section 3.6, in a loop of your own.
  ///
  /// z is one number with the prior N(0, 1). Given z, X is a number from N(sin 2z, s²). Q is
  /// N(μ, σ²), and a mean over Q is computed as in section 3.2: from nodes ε with weights v that sum
  /// to 1, E[h(z)] is taken to be Σ v h(z) with z = μ + σε. So the bound is
  ///
  ///     ℒ = Σ v log P(X|z) − ½ (μ² + σ² − 1 − log σ²),   where z = μ + σε.
  ///
  /// Begin at `start`. In each step, compute the derivatives of ℒ with respect to μ and to log σ²,
  /// both at the present values of μ and log σ², and then add `rate` times the one to μ and `rate`
  /// times the other to log σ². (Remember that z depends on both.) If you do not work the
  /// derivatives out, a quotient (ℒ(a + h) − ℒ(a − h))/2h with h = 10⁻⁵ is near enough.
  ///
  /// Example: for x = 0.5, log s² = 0, the nodes −1 and 1 with the weights ½ and ½, the start (0, 0),
  /// the rate 0.1 and 1 step it is `(-0.0416, 0.0378)`: the derivatives are −0.4161 and 0.3784.
  ///
  /// - Parameters:
  ///   - x: X.
  ///   - noiseLogVariance: log s².
  ///   - nodes: ε, [m]. z is computed from them anew in each step.
  ///   - weights: v, [m].
  ///   - start: Q before the first step.
  ///   - rate: What the derivatives are multiplied by in each step.
  ///   - steps: How many steps there are, at least 1.
  /// - Returns: Q after the last step.
  static func fitNormal(
    x: Double, noiseLogVariance: Double, nodes: [Double], weights: [Double], start: Gaussian,
    rate: Double, steps: Int
  ) throws -> Gaussian {
    return try todo()
  }
}
