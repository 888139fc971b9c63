import Exercises
import Foundation
import Testing

@testable import Ch02_NaiveMonteCarlo

@Suite struct Ch02Exercises {
  static var attempts: [Attempt] {
    logMeanExp + gaussianLogDensity + bernoulliLogProbability + naiveEstimate + standardError
      + importanceLogWeights + effectiveSampleSize + importanceSampling
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  private static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(numbers.count)
  }

  static var logMeanExp: [Attempt] {
    [
      .solution(Checks.logMeanExp(stableLogMeanExp)),
      .stub(Checks.logMeanExp { _ in try todo() }),
      .mistake("mean of logs", Checks.logMeanExp(mean), says: "mean of the logs"),
      .mistake(
        "sum", Checks.logMeanExp { stableLogMeanExp($0) + log(Double($0.count)) },
        says: "log of the sum"),
      .mistake(
        "late n",
        Checks.logMeanExp { (stableLogMeanExp($0) + log(Double($0.count))) / Double($0.count) },
        says: "after its log"),
      .mistake(
        "not added", Checks.logMeanExp { stableLogMeanExp($0) - $0.max()! },
        says: "not added back at the end"),
      .mistake("underflow", Checks.logMeanExp { log(mean($0.map(exp))) }, says: "became 0"),
      .mistake("NaN", Checks.logMeanExp { _ in .nan }, says: "got NaN"),
    ]
  }

  // MARK: - Section 2.1

  static var gaussianLogDensity: [Attempt] {
    /// Terms of a pixel from X − f and σ, summed.
    func exercise(_ term: @escaping (_ difference: Double, _ sigma: Double) -> Double) -> Exercise {
      Checks.gaussianLogDensity { x, mean, sigma in
        zip(x, mean).map { term($0 - $1, sigma) }.reduce(0, +)
      }
    }
    /// Log N(difference; 0, variance).
    func logNormal(_ difference: Double, _ variance: Double) -> Double {
      -log(2 * .pi * variance) / 2 - difference * difference / (2 * variance)
    }
    return [
      .solution(exercise { logNormal($0, $1 * $1) }),
      .stub(Checks.gaussianLogDensity { _, _, _ in try todo() }),
      .mistake(
        "mean",
        Checks.gaussianLogDensity { x, f, sigma in
          mean(zip(x, f).map { logNormal($0 - $1, sigma * sigma) })
        }, says: "mean over the pixels"),
      .mistake("σ for σ²", exercise { logNormal($0, $1) }, says: "its square, the variance"),
      .mistake("loss", exercise { -logNormal($0, $1 * $1) }, says: "as in a loss"),
      .mistake(
        "no first term", exercise { -$0 * $0 / (2 * $1 * $1) }, says: "whole first term is missing"),
      .mistake(
        "first term once",
        Checks.gaussianLogDensity { x, mean, sigma in
          let squares = zip(x, mean).map { x, f in (x - f) * (x - f) }.reduce(0, +)
          return -log(2 * .pi * sigma * sigma) / 2 - squares / (2 * sigma * sigma)
        }, says: "every pixel has its own"),
      .mistake(
        "no 2π", exercise { logNormal($0, $1 * $1) + log(2 * .pi) / 2 }, says: "−½ log 2π"),
      .mistake(
        "first ½", exercise { logNormal($0, $1 * $1) - log(2 * .pi * $1 * $1) / 2 },
        says: "first term lacks its factor ½"),
      .mistake(
        "second ½", exercise { logNormal($0, $1 * $1) - $0 * $0 / (2 * $1 * $1) },
        says: "not by 2σ²"),
      .mistake("infinite", exercise { _, _ in -.infinity }, says: "log of 0"),
    ]
  }

  static var bernoulliLogProbability: [Attempt] {
    /// Terms of a pixel from X and its logit, summed.
    func exercise(_ term: @escaping (_ x: Double, _ logit: Double) -> Double) -> Exercise {
      Checks.bernoulliLogProbability { x, logits in zip(x, logits).map(term).reduce(0, +) }
    }
    func softplus(_ logit: Double) -> Double { max(logit, 0) + log(1 + exp(-abs(logit))) }
    func right(_ x: Double, _ logit: Double) -> Double { x * logit - softplus(logit) }
    func fromProbability(_ x: Double, _ p: Double) -> Double { x * log(p) + (1 - x) * log(1 - p) }
    func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    return [
      .solution(exercise(right)),
      .stub(Checks.bernoulliLogProbability { _, _ in try todo() }),
      .mistake(
        "mean", Checks.bernoulliLogProbability { mean(zip($0, $1).map(right)) },
        says: "mean over the pixels"),
      .mistake("loss", exercise { -right($0, $1) }, says: "as in a loss"),
      .mistake("white only", exercise { $0 * right($0, $1) }, says: "black pixels"),
      .mistake("exchanged", exercise { right(1 - $0, $1) }, says: "exchanged"),
      .mistake("not normalised", exercise { $0 * $1 }, says: "sum to 1, is missing"),
      .mistake("p", exercise { fromProbability($0, sigmoid($1)) }, says: "p became 0 or 1"),
      .mistake("overflow", exercise { $0 * $1 - log(1 + exp($1)) }, says: "e^l became infinite"),
      .mistake(
        "clipped", exercise { fromProbability($0, min(max(sigmoid($1), 1e-7), 1 - 1e-7)) },
        says: "kept away from 0 and 1"),
    ]
  }

  // MARK: - Section 2.2

  static var naiveEstimate: [Attempt] {
    func exercise(_ estimate: @escaping ([Double]) -> Double) -> Exercise {
      Checks.naiveEstimate { z, logLikelihood in estimate(z.map(logLikelihood)) }
    }
    return [
      .solution(exercise(stableLogMeanExp)),
      .stub(Checks.naiveEstimate { _, _ in try todo() }),
      .mistake("mean of logs", exercise(mean), says: "mean of log P(X|z)"),
      .mistake(
        "sum", exercise { stableLogMeanExp($0) + log(Double($0.count)) }, says: "log of a sum"),
      .mistake(
        "prior twice",
        Checks.naiveEstimate { z, logLikelihood in
          stableLogMeanExp(
            z.map { z in
              z.reduce(logLikelihood(z)) { $0 - (log(2 * .pi) + $1 * $1) / 2 }
            })
        }, says: "P(z) was multiplied in"),
      .mistake("largest", exercise { $0.max()! }, says: "largest log P(X|z)"),
      .mistake("no log", exercise { mean($0.map(exp)) }, says: "that is P(X)"),
      .mistake("underflow", exercise { log(mean($0.map(exp))) }, says: "every P(X|z) became 0"),
    ]
  }

  /// The mean of numbers and the sum of their squared deviations from it.
  private static func moments(_ numbers: [Double]) -> (mean: Double, squares: Double) {
    let mean = mean(numbers)
    return (mean, numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +))
  }

  static var standardError: [Attempt] {
    /// The error from the mean and the squared deviations of weights over the largest.
    func exercise(
      _ error: @escaping (_ mean: Double, _ squares: Double, _ n: Double) -> Double
    ) -> Exercise {
      Checks.standardError { logs in
        let moments = moments(logs.map { exp($0 - logs.max()!) })
        return error(moments.mean, moments.squares, Double(logs.count))
      }
    }
    return [
      .solution(exercise { sqrt($1 / ($2 - 1) / $2) / $0 }),
      .stub(Checks.standardError { _ in try todo() }),
      .mistake(
        "one weight", exercise { sqrt($1 / ($2 - 1)) / $0 }, says: "smaller by a factor of √n"),
      .mistake(
        "absolute",
        Checks.standardError { logs in
          let n = Double(logs.count)
          return sqrt(moments(logs.map(exp)).squares / (n - 1) / n)
        }, says: "not yet divided"),
      .mistake("n", exercise { sqrt($1 / $2 / $2) / $0 }, says: "makes s² unbiased"),
      .mistake("squared", exercise { $1 / ($2 - 1) / $2 / ($0 * $0) }, says: "the root is missing"),
      .mistake(
        "of the logs",
        Checks.standardError { logs in
          let n = Double(logs.count)
          return sqrt(moments(logs).squares / (n - 1) / n)
        }, says: "mean of the logs"),
      .mistake("over n", exercise { sqrt($1 / ($2 - 1)) / $2 / $0 }, says: "not by √n"),
      .mistake(
        "underflow",
        Checks.standardError { logs in
          let (n, moments) = (Double(logs.count), moments(logs.map(exp)))
          return sqrt(moments.squares / (n - 1) / n) / moments.mean
        }, says: "the weights became 0"),
    ]
  }

  // MARK: - Section 2.6

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
    return [
      .solution(exercise(1, 1)),
      .stub(Checks.importanceLogWeights { _, _, _, _ in try todo() }),
      .mistake("Q added", exercise(1, -1), says: "log Q(z|X) was added"),
      .mistake("no prior", exercise(0, 1), says: "log P(z) was left out"),
      .mistake("no Q", exercise(1, 0), says: "log Q(z|X) was left out"),
      .mistake("both signs", exercise(-1, -1), says: "each other's sign"),
      .mistake(
        "σ", exercise(1, 1, variance: { exp(2 * $0) }), says: "used as the standard deviation"),
      .mistake(
        "log for variance", exercise(1, 1, variance: { $0 }), says: "used as the variance"),
      .mistake(
        "no normaliser", exercise(1, 1, then: { $0 - $1.reduce(0, +) / 2 }),
        says: "−½ log variance"),
      .mistake(
        "means",
        Checks.importanceLogWeights { z, logLikelihoods, mean, logVariance in
          zip(z, logLikelihoods).map { z, logLikelihood in
            logLikelihood
              + (logPrior(z) - logNormal(z, mean, logVariance.map(exp))) / Double(z.count)
          }
        }, says: "means over the latent variables"),
      .mistake(
        "weights", exercise(1, 1, then: { weight, _ in exp(weight) }), says: "are the weights"),
      .mistake(
        "one", Checks.importanceLogWeights { _, l, _, _ in [l[0], 0] }, says: "got 2 numbers"),
    ]
  }

  static var effectiveSampleSize: [Attempt] {
    /// The size from Σw and Σw² of weights over the largest.
    func exercise(
      _ size: @escaping (_ sum: Double, _ squares: Double, _ n: Double) -> Double
    ) -> Exercise {
      Checks.effectiveSampleSize { logs in
        let weights = logs.map { exp($0 - logs.max()!) }
        return size(
          weights.reduce(0, +), weights.map { $0 * $0 }.reduce(0, +), Double(logs.count))
      }
    }
    return [
      .solution(exercise { sum, squares, _ in sum * sum / squares }),
      .stub(Checks.effectiveSampleSize { _ in try todo() }),
      .mistake(
        "inverse", exercise { sum, squares, _ in squares / (sum * sum) },
        says: "that is its inverse"),
      .mistake("share", exercise { $0 * $0 / $1 / $2 }, says: "fraction of the n samples"),
      .mistake("no square", exercise { sum, squares, _ in sum / squares }, says: "numerator"),
      .mistake("not normalised", exercise { _, squares, _ in 1 / squares }, says: "not normalised"),
      .mistake(
        "of the logs",
        Checks.effectiveSampleSize { logs in
          let sum = logs.reduce(0, +)
          return sum * sum / logs.map { $0 * $0 }.reduce(0, +)
        }, says: "in place of the weights"),
      .mistake(
        "underflow",
        Checks.effectiveSampleSize { logs in
          let sum = logs.map(exp).reduce(0, +)
          return sum * sum / logs.map { exp(2 * $0) }.reduce(0, +)
        }, says: "the weights became 0"),
    ]
  }

  // MARK: - Importance sampling

  static var importanceSampling: [Attempt] {
    /// log P(X|z) + a log P(z) − b log Q(z|X) makes the weights; from their logarithms follow the
    /// evidence, and what the posterior's mean weights the draws with.
    func exercise(
      draw: @escaping Component = reparameterised, prior a: Double = 1, posterior b: Double = 1,
      logEvidence: @escaping ([Double]) -> Double = stableLogMeanExp,
      shares: @escaping ([Double]) -> [Double] = normalised
    ) -> Exercise {
      Checks.importanceSampling { x, decoder, sigma, mean, logVariance, noise in
        let z = noise.map { e in e.indices.map { draw(mean[$0], logVariance[$0], e[$0]) } }
        let logWeights = z.map { z in
          logNormal(x, decoder(z), x.map { _ in sigma * sigma }) + a * logPrior(z)
            - b * logNormal(z, mean, logVariance.map(exp))
        }
        let weights = shares(logWeights)
        return ImportanceEstimate(
          logEvidence: logEvidence(logWeights),
          posteriorMean: mean.indices.map { k in
            zip(weights, z).map { weight, z in weight * z[k] }.reduce(0, +)
          })
      }
    }
    return [
      .solution(exercise()),
      .stub(Checks.importanceSampling { _, _, _, _, _, _ in try todo() }),
      .mistake("(ε + μ)σ", exercise(draw: { ($2 + $0) * exp($1 / 2) }), says: "(ε + μ)σ"),
      .mistake("variance", exercise(draw: { $0 + exp($1) * $2 }), says: "scaled by the variance"),
      .mistake("log", exercise(draw: { $0 + $1 * $2 }), says: "scaled by the log variance"),
      .mistake(
        "not weighted", exercise(shares: { logs in logs.map { _ in 1 / Double(logs.count) } }),
        says: "which is Q's"),
      .mistake(
        "not normalised", exercise(shares: { logs in logs.map { exp($0) / Double(logs.count) } }),
        says: "without normalised weights"),
      .mistake("likelihood", exercise(prior: 0, posterior: 0), says: "P(X|z) alone"),
      .mistake("no prior", exercise(prior: 0), says: "P(z) is missing"),
      .mistake("no Q", exercise(posterior: 0), says: "not divided by Q(z|X)"),
      .mistake("bound", exercise(logEvidence: mean), says: "the bound of chapter 3"),
      .mistake(
        "sum", exercise(logEvidence: { stableLogMeanExp($0) + log(Double($0.count)) }),
        says: "log of the sum of the weights"),
      .mistake(
        "underflow",
        exercise(shares: { logs in
          let weights = logs.map(exp)
          return weights.map { $0 / weights.reduce(0, +) }
        }), says: "0/0 is NaN"),
      .mistake(
        "no mean",
        Checks.importanceSampling { _, _, _, _, _, _ in
          ImportanceEstimate(logEvidence: 0, posteriorMean: [])
        }, says: "got 1 number"),
    ]
  }
}

private typealias Component = (_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double

private func reparameterised(_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double {
  mean + exp(logVariance / 2) * noise
}

private func normalised(_ logs: [Double]) -> [Double] {
  let weights = logs.map { exp($0 - logs.max()!) }
  return weights.map { $0 / weights.reduce(0, +) }
}

private func stableLogMeanExp(_ logs: [Double]) -> Double {
  let largest = logs.max()!
  return largest + log(logs.map { exp($0 - largest) }.reduce(0, +) / Double(logs.count))
}
