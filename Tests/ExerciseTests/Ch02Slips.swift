import Exercises
import Foundation

@testable import Ch02_NaiveMonteCarlo

// Slips that no table holds: only the calculation of the right answer names them.

extension Ch02Exercises {
  static var slips: [Attempt] {
    slipsInMoments + slipsInLogs + slipsInDensities + slipsInWeights + slipsInImportanceSampling
  }

  /// The largest of some logs and the exponentials relative to it.
  private static func relative(_ logs: [Double]) -> (m: Double, u: [Double]) {
    let m = logs.max()!
    return (m, logs.map { exp($0 - m) })
  }

  private static var slipsInLogs: [Attempt] {
    func logMeanExp(_ value: @escaping (_ m: Double, _ mean: Double, _ n: Double) -> Double)
      -> Exercise
    {
      Checks.logMeanExp { logs in
        let (m, u) = relative(logs)
        return value(m, mean(u), Double(u.count))
      }
    }
    func naive(_ value: @escaping (_ m: Double, _ mean: Double, _ n: Double) -> Double)
      -> Exercise
    {
      Checks.naiveEstimate { z, logLikelihood in
        let (m, u) = relative(z.map(logLikelihood))
        return value(m, mean(u), Double(u.count))
      }
    }
    return [
      .mistake("m times", logMeanExp { m, mean, _ in m * log(mean) }, says: "`m * log(mean("),
      .mistake(
        "√n", logMeanExp { m, mean, n in m + log(mean * sqrt(n)) },
        says: "the root of the number of terms"),
      .mistake("abs", logMeanExp { m, mean, _ in abs(m) + log(mean) }, says: "`abs(m)` stands"),
      .mistake("m / n", naive { $0 / $2 + log($1) }, says: "`m` is divided by `z.count`"),
      .mistake("minus", naive { m, mean, _ in m - log(mean) }, says: "`m - log(mean("),
    ]
  }

  private static var slipsInDensities: [Attempt] {
    /// (a − b)²/(2σ²).
    func exponent(_ a: Double, _ b: Double, _ sigma: Double) -> Double {
      let deviation = (a - b) / sigma
      return deviation * deviation / 2
    }
    func gaussian(_ constant: @escaping (_ sigma: Double, _ n: Double) -> Double) -> Exercise {
      Checks.gaussianLogDensity { x, f, sigma in
        zip(x, f).map { constant(sigma, Double(x.count)) - exponent($0, $1, sigma) }.reduce(0, +)
      }
    }
    func sigmoid(_ l: Double) -> Double { 1 / (1 + exp(-l)) }
    /// From the probability of a 1.
    func bernoulli(_ p: @escaping (_ logit: Double) -> Double) -> Exercise {
      Checks.bernoulliLogProbability { x, logits in
        zip(x, logits).map { $0 == 1 ? log(p($1)) : log(1 - p($1)) }.reduce(0, +)
      }
    }
    func kernel(
      _ last: @escaping (_ logs: [Double], _ fresh: Double, _ training: Double) -> Double,
      _ density: @escaping (_ m: Double, _ sum: Double, _ n: Double, _ sigma: Double) -> Double
    ) -> Exercise {
      Checks.kernelLogLikelihood { fresh, training, sigma in
        let constant = -log(sigma) - log(2 * .pi) / 2
        let logs = fresh.map { x in
          let (m, u) = relative(
            training.map { c in zip(x, c).map { constant - exponent($0, $1, sigma) }.reduce(0, +) })
          return density(m, u.reduce(0, +), Double(u.count), sigma)
        }
        return last(logs, Double(fresh.count), Double(training.count))
      }
    }
    return [
      .mistake(
        "√2π", gaussian { s, _ in -log(s) - sqrt(2 * .pi) },
        says: "`sqrt(2 * pi)` stands where `log(sqrt(2 * pi))` belongs"),
      .mistake(
        "n in each pixel", gaussian { s, n in -log(s) - n * log(2 * .pi) / 2 },
        says: "is multiplied by `x.count`"),
      .mistake(
        "tanh", bernoulli { tanh($0) },
        says: "`tanh(logits)` stands where `sigmoid(logits)` belongs"),
      .mistake(
        "p²",
        bernoulli { sigmoid($0) * sigmoid($0) }, says: "`p` is squared"),
      .mistake(
        "other count",
        kernel { logs, _, n in
          logs.reduce(0, +) / n
        } _: { m, sum, n, _ in
          m + log(sum / n)
        }, says: "`training.count` stands where `fresh.count` belongs"),
      .mistake(
        "over σ",
        kernel { logs, _, _ in
          mean(logs)
        } _: { m, sum, n, sigma in
          m + log(sum / (n * sigma))
        }, says: "`log(sigma)` is subtracted from `log P(X)`"),
    ]
  }

  private static var slipsInWeights: [Attempt] {
    func error(
      _ value: @escaping (_ s: Double, _ n: Double, _ mean: Double, _ m: Double) -> Double
    ) -> Exercise {
      Checks.standardError { logs in
        let (m, u) = relative(logs)
        let (center, n) = (mean(u), Double(u.count))
        let squares = u.map { ($0 - center) * ($0 - center) }.reduce(0, +)
        return value(sqrt(squares / (n - 1)), n, center, m)
      }
    }
    func size(_ value: @escaping (_ sum: Double, _ squares: Double) -> Double) -> Exercise {
      Checks.effectiveSampleSize { logs in
        let (_, u) = relative(logs)
        return value(u.reduce(0, +), u.map { $0 * $0 }.reduce(0, +))
      }
    }
    return [
      .mistake(
        "log n", error { s, n, mean, _ in s / log(n) / mean },
        says: "`log(logWeights.count)` stands where `sqrt(logWeights.count)` belongs"),
      .mistake(
        "over m", error { s, n, _, m in s / sqrt(n) / m }, says: "`m` stands where `mean(u)`"),
      .mistake(
        "plus the mean", error { s, n, mean, _ in s / sqrt(n) + mean }, says: " + mean(u)` stands"),
      .mistake("difference", size { $0 * $0 - $1 }, says: "`sum(u) * sum(u) - sum(u * u)` stands"),
      .mistake(
        "cube", size { $0 * $0 * $0 / $1 }, says: "to the power of 3` stands where `sum(u) * sum"),
    ]
  }

  private static var slipsInImportanceSampling: [Attempt] {
    typealias Term = (_ z: Double, _ mean: Double, _ logVariance: Double) -> Double
    /// −2 log N(z; mean, variance) of each number, without 2π.
    let normal: Term = { $2 + ($0 - $1) * ($0 - $1) / exp($2) }
    func weights(
      proposal: @escaping Term,
      _ weight: @escaping (_ l: Double, _ p: Double, _ q: Double) -> Double = { $0 + $1 - $2 }
    ) -> Exercise {
      Checks.importanceLogWeights { z, logLikelihoods, mean, logVariance in
        zip(z, logLikelihoods).map { z, l in
          let c = Double(z.count) * log(2 * .pi)
          let p = z.map { $0 * $0 }.reduce(c, +) / -2
          let q = z.indices.map { proposal(z[$0], mean[$0], logVariance[$0]) }.reduce(c, +) / -2
          return weight(l, p, q)
        }
      }
    }
    func sampling(
      variance: @escaping (Double) -> Double,
      _ average: @escaping (_ share: Double, _ z: Double, _ mean: Double) -> Double
    ) -> Exercise {
      Checks.importanceSampling { x, decoder, sigma, mean, logVariance, noise in
        let z = noise.map { e in e.indices.map { mean[$0] + exp(logVariance[$0] / 2) * e[$0] } }
        let v = variance(sigma)
        let logs = z.map { z in
          let output = zip(x, decoder(z)).map { x, f in
            let square = (x - f) * (x - f)
            return log(2 * .pi * v) + square / v
          }
          let prior = z.map { $0 * $0 }.reduce(0, +)
          let proposal = z.indices.map { normal(z[$0], mean[$0], logVariance[$0]) }.reduce(0, +)
          return (proposal - prior - output.reduce(0, +)) / 2
        }
        let (m, u) = relative(logs)
        let sum = u.reduce(0, +)
        return ImportanceEstimate(
          logEvidence: m + log(Self.mean(u)),
          posteriorMean: mean.indices.map { k in
            zip(u, z).map { average($0 / sum, $1[k], mean[k]) }.reduce(0, +)
          })
      }
    }
    return [
      .mistake(
        "z + μ", weights(proposal: { normal($0, -$1, $2) }),
        says: "`z + mean` stands where `z - mean` belongs"),
      .mistake(
        "no μ", weights(proposal: { z, _, l in normal(z, 0, l) }),
        says: "the term `mean` is missing in `z - mean`"),
      .mistake(
        "times P(z)", weights(proposal: normal) { $0 * $1 - $2 },
        says: "`logLikelihoods * log P(z)` stands"),
      .mistake(
        "variance of the variance",
        sampling(variance: { exp($0 * $0) }) { share, z, _ in share * z },
        says: "`exp(sigma * sigma)` stands where `sigma * sigma` belongs"),
      .mistake(
        "z²", sampling(variance: { $0 * $0 }) { share, z, _ in share * z * z },
        says: "in `u * z`, `z` is squared"),
      .mistake(
        "z − μ", sampling(variance: { $0 * $0 }) { share, z, mean in share * (z - mean) },
        says: "`exp(0.5 * logVariance) * noise` stands where `z` belongs"),
    ]
  }
}
