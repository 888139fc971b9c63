import Exercises
import Foundation

@testable import Ch05_VAE

extension Ch05Exercises {
  // MARK: - Grey levels

  static var levelProbabilities: [Attempt] {
    let check = Checks.levelProbabilities
    func phi(_ t: Double) -> Double { 0.5 * (1 + erf(t / 2.0.squareRoot())) }
    /// The levels with something else in one place.
    func variant(
      sigma: @escaping (Double) -> Double = { exp(0.5 * $0) },
      cumulative: @escaping (Double) -> Double = { phi($0) },
      hasTails: Bool = true,
      edges: @escaping (Double) -> (Double, Double) = { ($0 / 16, ($0 + 1) / 16) }
    ) -> Exercise {
      check { mean, logVariance in
        (0..<16).map { k in
          let (a, b) = edges(Double(k))
          let s = sigma(logVariance)
          let upper = hasTails && k == 15 ? 1 : cumulative((b - mean) / s)
          let lower = hasTails && k == 0 ? 0 : cumulative((a - mean) / s)
          return upper - lower
        }
      }
    }
    return [
      .solution(variant()),
      .stub(check { _, _ in try todo() }),
      .mistake("no tails", variant(hasTails: false), says: "the tails are missing"),
      .mistake(
        "no upper tail",
        check { mean, logVariance in
          let s = exp(logVariance / 2)
          return (0..<16).map { k in
            let upper = phi((Double(k + 1) / 16 - mean) / s)
            return k == 0 ? upper : upper - phi((Double(k) / 16 - mean) / s)
          }
        }, says: "all values above 1 belong to level 15"),
      .mistake("variance", variant(sigma: { exp($0) }), says: "σ² was used"),
      .mistake("log variance", variant(sigma: { $0 }), says: "log σ² itself"),
      .mistake("no √2", variant(cumulative: { 0.5 * (1 + erf($0)) }), says: "erf takes t/√2"),
      .mistake("no ½", variant(cumulative: { 1 + erf($0 / sqrt(2)) }), says: "the ½ is missing"),
      .mistake("erf", variant(cumulative: { erf($0 / sqrt(2)) }), says: "erf was taken for Φ"),
      .mistake("logistic", variant(cumulative: sigmoid), says: "the logistic function"),
      .mistake(
        "around k/16", variant(edges: { (($0 - 0.5) / 16, ($0 + 0.5) / 16) }),
        says: "the levels lie around k/16"),
      .mistake("fifteenths", variant(edges: { ($0 / 15, ($0 + 1) / 15) }), says: "k/15"),
      .mistake(
        "whole numbers",
        check { mean, logVariance in
          let s = exp(logVariance / 2)
          return (0..<16).map { k in
            let upper = k == 15 ? 1 : phi((Double((k + 1) / 16) - mean) / s)
            return upper - (k == 0 ? 0 : phi((Double(k / 16) - mean) / s))
          }
        }, says: "an Int divided by an Int"),
      .mistake(
        "density",
        check { mean, logVariance in
          let s = exp(logVariance / 2)
          return (0..<16).map { k in
            let t = ((Double(k) + 0.5) / 16 - mean) / s
            return exp(-0.5 * t * t) / (s * sqrt(2 * .pi)) / 16
          }
        }, says: "the density at the middle of the level times its width"),
      .mistake(
        "density between the tails",
        check { mean, logVariance in
          let s = exp(logVariance / 2)
          let inner = (1..<15).map { k in
            let t = ((Double(k) + 0.5) / 16 - mean) / s
            return exp(-0.5 * t * t) / (s * sqrt(2 * .pi)) / 16
          }
          return [phi((1.0 / 16 - mean) / s)] + inner + [1 - phi((15.0 / 16 - mean) / s)]
        }, says: "between the tails, that is the density at the middle of the level times its"),
      .mistake(
        "density at the edge without 1/σ",
        check { mean, logVariance in
          (0..<16).map { k in
            let t = (Double(k) / 16 - mean) / exp(logVariance / 2)
            return exp(-0.5 * t * t) / sqrt(2 * .pi)
          }
        }, says: "the density at the lower edge of the level without its 1/σ, not a probability"),
      .mistake(
        "not subtracted",
        check { mean, logVariance in
          (0..<16).map { k in
            k == 15 ? 1 : phi((Double(k + 1) / 16 - mean) / exp(logVariance / 2))
          }
        }, says: "subtract Φ at the lower edge"),
      .mistake(
        "the mean is not used",
        check { _, logVariance in
          (0..<16).map { k in
            let s = exp(logVariance / 2)
            return (k == 15 ? 1 : phi(Double(k + 1) / 16 / s))
              - (k == 0 ? 0 : phi(Double(k) / 16 / s))
          }
        }, says: "the mean f is missing"),
      .mistake(
        "fifteen levels", check { _, _ in Array(repeating: 0, count: 15) }, says: "15 numbers"),
    ]
  }

  // MARK: - A mixture of images

  /// Expectation–maximisation with something else in one place.
  private static func em(
    logJoint:
      @escaping (_ x: [Double], _ weight: Double, _ whites: [Double]) -> Double = {
        logJoint($0, $1, $2)
      },
    posteriors: @escaping ([[Double]]) -> [[Double]] = { joints in
      joints.map { joint in joint.map { exp($0 - logSum(joint)) } }
    },
    logEvidence: @escaping ([Double]) -> Double = { logSum($0) },
    evidence: @escaping ([Double]) -> Double = { mean($0) },
    weight: @escaping (_ share: Double, _ n: Double, _ k: Double) -> Double = {
      ($0 + 1) / ($1 + $2)
    },
    white:
      @escaping (_ sum: Double, _ share: Double, _ coin: Double, _ n: Double) -> Double = {
        sum, share, coin, _ in (sum + coin) / (share + 1)
      },
    steps: @escaping (Int) -> Int = { $0 },
    beginsAnew: Bool = false
  ) -> Exercise {
    Checks.fitMixture { x, start, coins, stepCount in
      func expectation(_ mixture: Mixture) -> (posteriors: [[Double]], evidence: Double) {
        let joints = x.map { x in
          mixture.weights.indices.map { logJoint(x, mixture.weights[$0], mixture.whites[$0]) }
        }
        return (posteriors(joints), evidence(joints.map(logEvidence)))
      }
      var mixture = start
      var current = expectation(mixture)
      var evidences = [current.evidence]
      for _ in 0..<steps(stepCount) {
        let shares = transposed(beginsAnew ? expectation(start).posteriors : current.posteriors)
        let n = Double(x.count)
        mixture.weights = shares.map { weight(sum($0), n, Double(shares.count)) }
        mixture.whites = shares.map { r in
          coins.indices.map { j in
            white(sum(x.indices.map { r[$0] * x[$0][j] }), sum(r), coins[j], n)
          }
        }
        current = expectation(mixture)
        evidences.append(current.evidence)
      }
      return MixtureFit(
        mixture: mixture, posteriors: current.posteriors, logEvidences: evidences)
    }
  }

  private static func logJoint(_ x: [Double], _ weight: Double, _ whites: [Double]) -> Double {
    log(weight) + sum(zip(x, whites).map { $0 == 1 ? log($1) : log(1 - $1) })
  }

  static var fitMixture: [Attempt] {
    [
      .solution(em()),
      .stub(Checks.fitMixture { _, _, _, _ in try todo() }),
      .mistake(
        "no weights", em(logJoint: { x, _, whites in logJoint(x, 1, whites) }),
        says: "the weights are missing"),
      .mistake(
        "no black", em(logJoint: { log($1) + sum(zip($0, $2).map { $0 * log($1) }) }),
        says: "black pixels were left out"),
      .mistake(
        "wrong axis",
        em(posteriors: { joints in
          transposed(transposed(joints).map { c in c.map { exp($0 - logSum(c)) } })
        }), says: "over the images; for each image"),
      .mistake(
        "underflow of the posteriors",
        em(posteriors: { joints in
          joints.map { joint in joint.map { exp($0) / sum(joint.map { exp($0) }) } }
        }), says: "P(X, z) became 0, and so did P(X)"),
      .mistake(
        "underflow of the evidence", em(logEvidence: { log(sum($0.map { exp($0) })) }),
        says: "became 0 before the log was taken"),
      .mistake(
        "hard assignment",
        em(posteriors: { joints in
          joints.map { joint in joint.map { $0 == joint.max()! ? 1 : 0 } }
        }), says: "belongs wholly to its most probable z"),
      .mistake("sum over images", em(evidence: sum), says: "sums over the images"),
      .mistake(
        "normalised before the log",
        em(logEvidence: { joint in log(sum(joint.map { exp($0 - logSum(joint)) })) }),
        says: "divided by their sum before the log of the sum was taken"),
      .mistake(
        "expected log P(X, z)",
        em(logEvidence: { joint in sum(joint.map { exp($0 - logSum(joint)) * $0 }) }),
        says: "the mean of log P(X, z) over P(z|X)"),
      .mistake("mean over z", em(logEvidence: logMean), says: "log of the mean over z"),
      .mistake(
        "no coins in the weights", em(weight: { share, n, _ in share / n }),
        says: "missing in the weights"),
      .mistake(
        "no coins in the images", em(white: { sum, share, _, _ in sum / share }),
        says: "missing in the white pixels"),
      .mistake(
        "no coins",
        em(weight: { share, n, _ in share / n }, white: { s, share, _, _ in s / share }),
        says: "each z has one besides its share"),
      .mistake(
        "weights that do not add up", em(weight: { share, n, _ in (share + 1) / n }),
        says: "do not add up to 1"),
      .mistake(
        "divided by all images", em(white: { sum, _, coin, n in (sum + coin) / n }),
        says: "the number of all images"),
      .mistake(
        "black coins", em(white: { sum, share, coin, _ in (sum + 1 - coin) / (share + 1) }),
        says: "`1 - coins` stands where `coins` belongs"),
      .mistake(
        "half of log πₖ", em(logJoint: { x, weight, whites in logJoint(x, sqrt(weight), whites) }),
        says: "`log(start.weights)` counts only half"),
      .mistake("one step", em(steps: { min($0, 1) }), says: "only one step was made"),
      .mistake(
        "1 missing below", em(white: { sum, share, coin, _ in (sum + coin) / share }),
        says: "the 1 is missing below"),
      .mistake(
        "the E step from the start", em(beginsAnew: true), says: "from the mixture at the start"),
      .mistake(
        "no evidence at the start",
        Checks.fitMixture { _, start, _, count in
          MixtureFit(
            mixture: start, posteriors: [], logEvidences: Array(repeating: 0, count: count))
        }, says: "for logEvidences"),
    ]
  }
}
