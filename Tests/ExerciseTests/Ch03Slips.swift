import Exercises
import Foundation
import Testing

@testable import Ch03_KLIdentity

/// Slips that are not in a list of mistakes; the calculation names them.
extension Ch03Exercises {
  static var slipsInTables: [Attempt] {
    func divergence(_ term: @escaping (_ q: Double, _ p: Double) -> Double) -> Exercise {
      Checks.divergence { q, p in
        zip(q, p).filter { $0.0 > 0 }.map { term($0, $1) }.reduce(0, +)
      }
    }
    func posterior(_ logSum: @escaping (_ shifted: [Double]) -> Double) -> Exercise {
      Checks.logPosterior { likelihoods, prior, spacing in
        let logs = zip(likelihoods, prior).map { $0 + $1 }
        let most = logs.max()!
        let evidence = most + logSum(logs.map { $0 - most }) + log(spacing)
        return logs.map { $0 - evidence }
      }
    }
    func bound(
      _ term: @escaping (_ l: Double, _ logPrior: Double, _ q: Double) -> Double
    ) -> Exercise {
      Checks.bound { l, logPrior, q in
        q.indices.filter { q[$0] > 0 }.map { term(l[$0], logPrior[$0], q[$0]) }.reduce(0, +)
      }
    }
    func bits(_ terms: @escaping (_ p: Double, _ l: Double, _ q: Double) -> [Double]) -> Exercise {
      Checks.bitsBack { prior, likelihoods, q in
        var sums = [0.0, 0, 0]
        for z in q.indices where q[z] > 0 {
          let new = terms(prior[z], likelihoods[z], q[z])
          for k in 0..<3 { sums[k] -= q[z] * new[k] }
        }
        return sums + [sums[0] + sums[1] - sums[2]]
      }
    }
    return [
      .mistake("Q squared", divergence { $0 * $0 * log($0 / $1) }, says: "`q` is squared"),
      .mistake(
        "root of D", Checks.divergence { kl($0, $1).squareRoot() }, says: "`sqrt(sum(q"),
      .mistake("no exp", posterior { log($0.map { abs($0) }.reduce(0, +)) }, says: "`abs("),
      .mistake(
        "no log", posterior { $0.map { exp($0) }.reduce(0, +) }, says: "stands where `log(sum("),
      .mistake(
        "absolute", bound { l, p, q in q * l - q * log(q / abs(p)) }, says: "`abs(logPrior)` stands"
      ),
      .mistake(
        "Q squared", bound { l, p, q in q * q * (l + p - log(q)) }, says: "`q` is squared"),
      .mistake(
        "other outcome", bits { p, l, q in [log2(1 - p), log2(l), log2(q)] },
        says: "`1 - prior` stands where"),
      .mistake(
        "prior's weight", bits { p, l, q in [log2(p), p * log2(l), log2(q)] },
        says: "is multiplied by `prior`"),
    ]
  }

  static var slipsOfNormals: [Attempt] {
    typealias G = Exercises.Gaussian
    func normal(
      _ double: @escaping (_ d: Double, _ logRatio: Double, _ v: Double, _ w: Double) -> Double
    ) -> Exercise {
      Checks.normalDivergence { (q: G, p: G) -> Double in
        let (v, w) = (exp(q.logVariance), exp(p.logVariance))
        return 0.5 * double(p.mean - q.mean, p.logVariance - q.logVariance, v, w)
      }
    }
    func standard(_ term: @escaping (_ m: Double, _ l: Double) -> Double) -> Exercise {
      Checks.standardDivergence { mean, logVariance in
        zip(mean, logVariance).map { 0.5 * term($0, $1) }.reduce(0, +)
      }
    }
    func gradient(
      _ function:
        @escaping (_ overlap: Double, _ squares: Double, _ logNoise: Double, _ q: G) -> [Double]
    ) -> Exercise {
      Checks.boundGradient { x, weight, logNoise, q in
        let overlap = zip(weight, x).map { $0 * ($1 - $0 * q.mean) }.reduce(0, +)
        return function(overlap, weight.map { $0 * $0 }.reduce(0, +), logNoise, q)
      }
    }
    func second(_ squares: Double, _ noise: Double, _ q: G) -> Double {
      0.5 - 0.5 * exp(q.logVariance) * (1 + squares / noise)
    }
    return [
      .mistake(
        "root of the log", normal { d, log, v, w in (v + d * d) / w - 1 + log.squareRoot() },
        says: "the root of `p.logVariance - q.logVariance`"),
      .mistake(
        "not squared", normal { d, log, v, w in (v + d) / w - 1 + log },
        says: "`p.mean - q.mean` stands where"),
      .mistake(
        "exp of the mean", standard { exp($0) + exp($1) - 1 - $1 },
        says: "`exp(mean)` stands where `mean * mean`"),
      .mistake(
        "log of 1 + σ²", standard { $0 * $0 + exp($1) - 1 - log(1 + exp($1)) },
        says: "`log(1 + exp(logVariance))` stands"),
      .mistake(
        "μ squared",
        gradient { overlap, squares, l, q in
          [overlap / exp(l) - q.mean * q.mean, second(squares, exp(l), q)]
        }, says: "`q.mean` is squared"),
      .mistake(
        "log s² below",
        gradient { overlap, squares, l, q in
          [overlap / l - q.mean, second(squares, exp(l), q)]
        }, says: "`noiseLogVariance` stands where `s²`"),
    ]
  }

  static var slipsInSeveralSteps: [Attempt] {
    func identity(
      _ change:
        @escaping (_ terms: inout [Double], _ l: [Double], _ p: [Double], _ q: [Double]) ->
        Void
    ) -> Exercise {
      Checks.identity { l, logPrior, q in
        let logs = zip(l, logPrior).map { $0 + $1 }
        let evidence = logs.max()! + log(logs.map { exp($0 - logs.max()!) }.reduce(0, +))
        let prior = logPrior.map { exp($0) }
        var terms = [
          evidence, kl(q, logs.map { exp($0 - evidence) }), dot(q, l), kl(q, prior),
        ]
        change(&terms, l, prior, q)
        return terms
      }
    }
    func shared(_ change: @escaping (_ q: inout [Double], _ loss: inout Double) -> Void) -> Exercise
    {
      Checks.sharedQ { rows in
        let means = rows[0].indices.map { z in
          rows.map { $0[z] }.reduce(0, +) / Double(rows.count)
        }
        let constant = means.max()! + log(means.map { exp($0 - means.max()!) }.reduce(0, +))
        var q = means.map { exp($0 - constant) }
        var loss = -constant
        change(&q, &loss)
        return Exercises.SharedQ(q: q, loss: loss)
      }
    }
    func fit(_ residual: @escaping (_ x: Double, _ f: Double) -> Double) -> Exercise {
      Checks.fitNormal { x, l, nodes, weights, start, rate, steps in
        var (mean, logVariance) = start
        for _ in 0..<steps {
          let sigma = exp(0.5 * logVariance)
          var slopes = [-mean, 0.5 - 0.5 * sigma * sigma]
          for (node, weight) in zip(nodes, weights) {
            let z = mean + sigma * node
            let g = weight * 2 * cos(2 * z) * residual(x, sin(2 * z)) / exp(l)
            slopes[0] += g
            slopes[1] += 0.5 * g * sigma * node
          }
          mean += rate * slopes[0]
          logVariance += rate * slopes[1]
        }
        return (mean, logVariance)
      }
    }
    return [
      .mistake(
        "prior's weight as well",
        identity { terms, l, prior, q in terms[2] = dot(zip(q, l).map { $0 * $1 }, prior) },
        says: "is multiplied by `exp(logPrior)`"),
      .mistake(
        "log2", identity { terms, _, _, _ in terms[0] /= log(2) }, says: "`log2(P(X))` stands"),
      .mistake(
        "divided by the largest", shared { q, _ in q = q.map { [most = q.max()!] in $0 / most } },
        says: "is divided by its largest number"),
      .mistake(
        "loss squared", shared { _, loss in loss *= loss }, says: "`-log(C)` is squared"),
      .mistake("residual squared", fit { ($0 - $1) * ($0 - $1) }, says: "is squared"),
      .mistake("sum", fit { $0 + $1 }, says: "`x + sin(2 * z)` stands"),
    ]
  }
}
