import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

extension Ch03Exercises {
  /// More mistakes in the divergences of normal distributions.
  static var divergencesOfNormals: [Attempt] {
    typealias G = Exercises.Gaussian
    /// From the two log variances, the variances and the squared difference of the means.
    func normal(
      _ name: String, says message: String,
      _ function:
        @escaping (_ l: (q: Double, p: Double), _ v: Double, _ w: Double, _ square: Double) ->
        Double
    ) -> Attempt {
      let exercise = Checks.normalDivergence { (q: G, p: G) -> Double in
        let d = q.mean - p.mean
        return function(
          (q.logVariance, p.logVariance), exp(q.logVariance), exp(p.logVariance), d * d)
      }
      return .mistake(name, exercise, says: message)
    }
    /// ½ Σ of a term.
    func standard(
      _ name: String, says message: String, _ term: @escaping (_ m: Double, _ l: Double) -> Double
    ) -> Attempt {
      let exercise = Checks.standardDivergence { mean, logVariance in
        var sum = 0.0
        for k in mean.indices { sum += term(mean[k], logVariance[k]) }
        return 0.5 * sum
      }
      return .mistake(name, exercise, says: message)
    }
    return [
      normal("½ twice", says: "all but the 1 is halved twice") { l, v, w, square in
        let logs = 0.5 * l.p - 0.5 * l.q
        return 0.5 * (logs + (v + square) / (2 * w)) - 0.5
      },
      normal("ratio by σ₁²", says: "by P's variance twice") { l, v, w, square in
        0.5 * ((v / w + square) / w - 1 - (l.q - l.p))
      },
      normal("ratio squared", says: "the ratio σ₀²/σ₁² was squared") { l, v, w, square in
        let ratio = exp(l.q - l.p)
        return 0.5 * (ratio * ratio + square / w - 1 + l.p - l.q)
      },
      normal("ratio of σ", says: "σ₀/σ₁ stands in place") { l, v, w, square in
        0.5 * (exp(0.5 * (l.q - l.p)) + square / w - 1 + l.p - l.q)
      },
      normal("σ₁ below", says: "divided by P's σ; divide it by σ₁²") { l, v, w, square in
        0.5 * (v / exp(0.5 * l.p) + square / w - 1 + l.p - l.q)
      },
      normal("logs squared", says: "log σ² was squared") { l, v, w, square in
        let logs = l.p * l.p - l.q * l.q
        return 0.5 * (v / w + square / w - 1 + logs)
      },
      normal("log of the ratio squared", says: "log of the ratio was squared") { l, v, w, square in
        let logs = pow(l.p - l.q, 2)
        return 0.5 * (v / w + square / w - 1 + logs)
      },
      standard("½ twice", says: "all but the 1 is halved twice") { m, l in
        (m * m + exp(l) - l) / 2 - 1
      },
      standard("2π for σ²", says: "log 2π stands in place of log σ²") { m, l in
        m * m + exp(l) - 1 - log(2 * Double.pi)
      },
      standard("prior's log variance 1", says: "log variance of N(0, I) was taken to be 1") {
        m, l in 1 - l + (exp(l) + m * m) / exp(1) - 1
      },
      standard("prior's variance e", says: "log variance of N(0, I) was taken to be 1") { m, l in
        exp(l - 1) + m * m / exp(1) - 1 - l
      },
      standard("−log σ² for σ²", says: "used as the variance, and subtracted") { m, l in
        -log(l) + m * m - 1 - l
      },
      standard("log σ squared", says: "the square of log σ") { m, l in
        m * m + exp(l) - 1 - pow(0.5 * l, 2)
      },
      standard("log σ² squared", says: "log σ² was squared") { m, l in
        m * m + exp(l) - 1 - l * l
      },
    ]
  }

  /// More mistakes in the means of the bound and of the identity.
  static var wrongMeans: [Attempt] {
    /// The log of a sum of exponentials.
    func logSum(_ logs: [Double]) -> Double {
      let most = logs.max()!
      return most + log(logs.map { exp($0 - most) }.reduce(0, +))
    }
    /// log Σ Q P(X|z).
    func logMean(_ q: [Double], _ l: [Double]) -> Double {
      let most = l.max()!
      return most + log(dot(q, l.map { exp($0 - most) }))
    }
    /// With a wrong log P(X), from which the second number follows.
    func identity(
      _ name: String, says message: String,
      _ evidence: @escaping (_ l: [Double], _ logPrior: [Double], _ q: [Double]) -> Double
    ) -> Attempt {
      let exercise = Checks.identity { l, logPrior, q in
        let wrong = evidence(l, logPrior, q)
        var (gap, likelihood, divergence) = (0.0, 0.0, 0.0)
        for i in q.indices {
          gap += q[i] * (log(q[i]) - (l[i] + logPrior[i] - wrong))
          likelihood += q[i] * l[i]
          divergence += q[i] * (log(q[i]) - logPrior[i])
        }
        return [wrong, gap, likelihood, divergence]
      }
      return .mistake(name, exercise, says: message)
    }
    func joint(_ l: [Double], _ logPrior: [Double]) -> [Double] {
      zip(l, logPrior).map { $0 + $1 }
    }
    let bound = Checks.bound { l, logPrior, q in
      logMean(q, l) - kl(q, logPrior.map { exp($0) })
    }
    let third = Checks.identity { l, logPrior, q in
      let evidence = logSum(joint(l, logPrior))
      let posterior = joint(l, logPrior).map { exp($0 - evidence) }
      return [evidence, kl(q, posterior), logMean(q, l), kl(q, logPrior.map { exp($0) })]
    }
    let first = Checks.identity { l, logPrior, q in
      let evidence = logSum(joint(l, logPrior))
      let posterior = joint(l, logPrior).map { exp($0 - evidence) }
      return [logMean(q, l), kl(q, posterior), dot(q, l), kl(q, logPrior.map { exp($0) })]
    }
    return [
      .mistake("log of the mean", bound, says: "log of the mean of P(X|z)"),
      .mistake("third, log of the mean", third, says: "the third is the log of the mean"),
      .mistake("under Q", first, says: "that is log Σ Q P(X|z)"),
      identity("mean of logs", says: "log P(X) is the log of a mean") { l, logPrior, _ in
        dot(logPrior.map { exp($0) }, l)
      },
      identity("largest not added", says: "the largest log was not added back") { l, logPrior, _ in
        let logs = joint(l, logPrior)
        return logSum(logs) - logs.max()!
      },
      identity("sum of logs", says: "the logs were added") { l, logPrior, _ in
        joint(l, logPrior).reduce(0, +)
      },
      identity("P(X)", says: "that is P(X) itself") { l, logPrior, _ in
        exp(logSum(joint(l, logPrior)))
      },
      identity("−log P(X)", says: "that is −log P(X)") { l, logPrior, _ in
        -logSum(joint(l, logPrior))
      },
    ]
  }
}
