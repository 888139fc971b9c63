import Exercises
import Foundation

@testable import Ch02_NaiveMonteCarlo

// Importance sampling, section 2.6.

extension Ch02Exercises {
  /// Log N(z; mean, variance), summed.
  private static func logNormal(_ z: [Double], _ mean: [Double], _ variance: [Double]) -> Double {
    z.indices.map { k in
      -(log(2 * .pi * variance[k]) + (z[k] - mean[k]) * (z[k] - mean[k]) / variance[k]) / 2
    }.reduce(0, +)
  }

  private static func logPrior(_ z: [Double]) -> Double {
    logNormal(z, z.map { _ in 0 }, z.map { _ in 1 })
  }

  static var importanceLogWeights: [Attempt] {
    /// log P(X|z) + a log P(z) − b log Q(z|X), with a variance from the log variance.
    func exercise(
      _ a: Double, _ b: Double, variance: @escaping (Double) -> Double = exp,
      then last: @escaping (_ weight: Double, _ logVariance: [Double]) -> Double = { weight, _ in
        weight
      }
    ) -> Exercise {
      Checks.importanceLogWeights { z, logLikelihoods, mean, logVariance in
        zip(z, logLikelihoods).map { z, logLikelihood in
          let posterior = logNormal(z, mean, logVariance.map(variance))
          return last(logLikelihood + a * logPrior(z) - b * posterior, logVariance)
        }
      }
    }
    /// With own terms for each latent variable, of log P(z) and of log Q(z|X).
    func terms(
      _ prior: @escaping (_ z: Double) -> Double = { -log(2 * .pi) / 2 - $0 * $0 / 2 },
      _ proposal: @escaping (_ d: Double, _ l: Double) -> Double = {
        -log(2 * .pi) / 2 - $1 / 2 - $0 * $0 / exp($1) / 2
      }
    ) -> Exercise {
      Checks.importanceLogWeights { z, logLikelihoods, mean, logVariance in
        zip(z, logLikelihoods).map { z, l in
          z.indices.reduce(l) { $0 + prior(z[$1]) - proposal(z[$1] - mean[$1], logVariance[$1]) }
        }
      }
    }
    let c = log(2 * Double.pi) / 2
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("Q added", exercise(1, -1), "log Q(z|X) was added"),
      ("no prior", exercise(0, 1), "log P(z) was left out"),
      ("no Q", exercise(1, 0), "log Q(z|X) was left out"),
      ("likelihood", exercise(0, 0), "log P(X|z) alone"),
      ("both signs", exercise(-1, -1), "each other’s sign"),
      ("minus prior", exercise(-1, 1), "log P(z) was subtracted"),
      ("loss", exercise(1, 1, then: { weight, _ in -weight }), "as in a loss"),
      ("σ", exercise(1, 1, variance: { exp(2 * $0) }), "used as the standard deviation"),
      ("exp(½ l)", exercise(1, 1, variance: { exp($0 / 2) }), "σ stands where its square"),
      ("log for variance", exercise(1, 1, variance: { $0 }), "used as the variance"),
      ("softplus", exercise(1, 1, variance: { log(1 + exp($0)) }), "softplus"),
      ("no normaliser", exercise(1, 1, then: { $0 - $1.reduce(0, +) / 2 }), "−½ log σ² is missing"),
      (
        "plus ½ log σ²",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c + $1 / 2 - $0 * $0 / exp($1) / 2
        }, "added"
      ),
      (
        "log σ²",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c - $1 - $0 * $0 / exp($1) / 2
        }, "its factor ½"
      ),
      (
        "2π in P only",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -$1 / 2 - $0 * $0 / exp($1) / 2
        }, "is it missing in log Q(z|X)"
      ),
      ("2π in Q only", terms { -$0 * $0 / 2 }, "is it missing in log P(z)"),
      (
        "no ½ in Q",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c - $1 / 2 - $0 * $0 / exp($1)
        }, "not by 2σ²"
      ),
      ("no ½ in P", terms { -c - $0 * $0 }, "in log P(z)"),
      (
        "times σ²",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c - $1 / 2 - $0 * $0 * exp($1) / 2
        }, "multiplied by σ²"
      ),
      (
        "exp(½ l) below",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c - $1 / 2 - $0 * $0 / exp($1 / 2) / 2
        }, "divided by σ"
      ),
      (
        "l below",
        terms {
          -c - $0 * $0 / 2
        } _: {
          -c - $1 / 2 - $0 * $0 / $1 / 2
        }, "used as the variance"
      ),
      (
        "means",
        Checks.importanceLogWeights { z, logLikelihoods, mean, logVariance in
          zip(z, logLikelihoods).map { z, logLikelihood in
            logLikelihood
              + (logPrior(z) - logNormal(z, mean, logVariance.map(exp))) / Double(z.count)
          }
        }, "mean over the latent variables"
      ),
      ("weights", exercise(1, 1, then: { weight, _ in exp(weight) }), "are the weights"),
      ("log of exp", exercise(1, 1, then: { weight, _ in log(exp(weight)) }), "became 0"),
      (
        "log of a quotient",
        Checks.importanceLogWeights { z, l, mean, logVariance in
          z.indices.map { i in
            let q = exp(logNormal(z[i], mean, logVariance.map(exp)))
            return log(exp(l[i]) * exp(logPrior(z[i])) / q)
          }
        }, "became 0"
      ),
      ("one", Checks.importanceLogWeights { _, l, _, _ in [l[0], 0] }, "got 2 numbers"),
      (
        "as it came", Checks.importanceLogWeights { _, l, _, _ in l }, "log P(X|z) alone"
      ),
      (
        "prior of ε",
        Checks.importanceLogWeights { z, l, mean, logVariance in
          z.indices.map { i in
            let e = z[i].indices.map { (z[i][$0] - mean[$0]) / exp(logVariance[$0] / 2) }
            return l[i] + logPrior(e) - logNormal(z[i], mean, logVariance.map(exp))
          }
        }, "log P(z) was taken of the noise"
      ),
      ("prior of log σ = 1", terms { -c - 1 - $0 * $0 / exp(2) / 2 }, "has another scale"),
      (
        "Q of all samples",
        Checks.importanceLogWeights { z, l, mean, logVariance in
          let all = z.map { logNormal($0, mean, logVariance.map(exp)) }.reduce(0, +)
          return z.indices.map { l[$0] + logPrior(z[$0]) - all }
        }, "log Q(z|X) was added up over the samples"
      ),
      (
        "Q so far",
        Checks.importanceLogWeights { z, l, mean, logVariance in
          var soFar = 0.0
          return z.indices.map { i in
            soFar += logNormal(z[i], mean, logVariance.map(exp))
            return l[i] + logPrior(z[i]) - soFar
          }
        }, "log Q(z|X) was added up over the samples"
      ),
    ]
    return [
      .solution(exercise(1, 1)), .solution(terms()),
      .stub(Checks.importanceLogWeights { _, _, _, _ in try todo() }),
    ] + wrong.map { .mistake($0.name, $0.exercise, says: $0.message) }
  }

  // MARK: - From beginning to end

  private typealias Component = (_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double

  private static func reparameterised(_ mean: Double, _ logVariance: Double, _ noise: Double)
    -> Double
  { mean + exp(logVariance / 2) * noise }

  private static func normalised(_ logs: [Double]) -> [Double] {
    let weights = logs.map { exp($0 - logs.max()!) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  static var importanceSampling: [Attempt] {
    /// log P(X|z) + a log P(z) − b log Q(z|X) makes the weights; from their logarithms follow the
    /// evidence, and what the posterior's mean weights the draws with.
    func exercise(
      draw: @escaping Component = { reparameterised($0, $1, $2) }, prior a: Double = 1,
      posterior b: Double = 1,
      variance: @escaping (_ sigma: Double) -> Double = { $0 * $0 },
      likelihood: @escaping (_ log: Double, _ size: Double) -> Double = { log, _ in log },
      logEvidence: @escaping ([Double]) -> Double = { stableLogMeanExp($0) },
      shares: @escaping ([Double]) -> [Double] = { normalised($0) }, lessDivergence c: Double = 0
    ) -> Exercise {
      Checks.importanceSampling { x, decoder, sigma, mean, logVariance, noise in
        let z = noise.map { e in e.indices.map { draw(mean[$0], logVariance[$0], e[$0]) } }
        let logWeights = z.map { z in
          likelihood(logNormal(x, decoder(z), x.map { _ in variance(sigma) }), Double(x.count))
            + a * logPrior(z) - b * logNormal(z, mean, logVariance.map(exp))
        }
        let weights = shares(logWeights)
        let divergence = zip(mean, logVariance).map { ($0 * $0 + exp($1) - 1 - $1) / 2 }
        return ImportanceEstimate(
          logEvidence: logEvidence(logWeights) - c * divergence.reduce(0, +),
          posteriorMean: mean.indices.map { k in
            zip(weights, z).map { weight, z in weight * z[k] }.reduce(0, +)
          })
      }
    }
    func plainShares(_ logs: [Double]) -> [Double] {
      let weights = logs.map(exp)
      return weights.map { $0 / weights.reduce(0, +) }
    }
    let wrong: [(name: String, exercise: Exercise, message: String)] = [
      ("(ε + μ)σ", exercise(draw: { ($2 + $0) * exp($1 / 2) }), "(ε + μ)σ"),
      ("variance", exercise(draw: { $0 + exp($1) * $2 }), "variance"),
      ("log", exercise(draw: { $0 + $1 * $2 }), "log"),
      ("noise", exercise(draw: { _, _, noise in noise }), "a sample from the prior"),
      (
        "not weighted", exercise(shares: { logs in logs.map { _ in 1 / Double(logs.count) } }),
        "which is Q’s"
      ),
      (
        "not normalised", exercise(shares: { logs in logs.map { exp($0) / Double(logs.count) } }),
        "without normalised weights"
      ),
      ("Σwz", exercise(shares: { $0.map(exp) }), "divided by Σ wᵢ"),
      ("u", exercise(shares: { logs in logs.map { exp($0 - logs.max()!) } }), "do not sum to 1"),
      (
        "and n", exercise(shares: { logs in normalised(logs).map { $0 / Double(logs.count) } }),
        "and then by n"
      ),
      (
        "logs", exercise(shares: { logs in logs.map { $0 / logs.reduce(0, +) } }),
        "logarithms of the"
      ),
      ("logs of the shares", exercise(shares: { normalised($0).map { log($0) } }), "take exp of"),
      (
        "logs less the log of the mean",
        exercise(shares: { logs in logs.map { $0 - stableLogMeanExp(logs) } }), "take exp of"
      ),
      ("likelihood", exercise(prior: 0, posterior: 0), "log P(X|z) alone"),
      ("and D", exercise(lessDivergence: 1), "D[Q‖P(z)] was subtracted"),
      ("no prior", exercise(prior: 0), "log P(z) was left out"),
      ("no Q", exercise(posterior: 0), "log Q(z|X) was left out"),
      ("Q added", exercise(posterior: -1), "log Q(z|X) was added"),
      ("σ", exercise(variance: { $0 }), "in log P(X|z), σ stands"),
      ("pixel mean", exercise(likelihood: { $0 / $1 }), "mean over the pixels"),
      ("no 2π", exercise(likelihood: { $0 + $1 * log(2 * .pi) / 2 }), "−½ log 2π is missing"),
      ("bound", exercise(logEvidence: mean), "the bound of chapter 3"),
      (
        "sum", exercise(logEvidence: { stableLogMeanExp($0) + log(Double($0.count)) }),
        "log of the sum"
      ),
      ("not the log", exercise(logEvidence: { mean($0.map(exp)) }), "take its logarithm"),
      ("underflow", exercise(shares: plainShares), "0/0 is NaN"),
      (
        "underflow everywhere",
        exercise(logEvidence: { log(mean($0.map(exp))) }, shares: plainShares), "0/0 is NaN"
      ),
      (
        "no mean",
        Checks.importanceSampling { _, _, _, _, _, _ in
          ImportanceEstimate(logEvidence: 0, posteriorMean: [])
        }, "no numbers for posteriorMean"
      ),
    ]
    return [
      .solution(exercise()), .stub(Checks.importanceSampling { _, _, _, _, _, _ in try todo() }),
    ]
      + wrong.map {
        .mistake($0.name, $0.exercise, says: $0.message)
      }
  }
}
