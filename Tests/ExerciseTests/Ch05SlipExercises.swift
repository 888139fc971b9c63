import Foundation
import Exercises

@testable import Ch05_VAE

/// Slips that only the calculation of the right answer tells.
extension Ch05Exercises {
  static var slips: [Attempt] {
    lossSlips + activitySlips + boundSlips + sampleSlips + levelSlips
  }

  private static var lossSlips: [Attempt] {
    func logLikelihoods(_ x: [[Double]], _ logits: [[Double]]) -> [Double] {
      zip(x, logits).map { sum(zip($0, $1).map(logProbability)) }
    }
    func loss(_ weight: @escaping (_ beta: Double, _ latents: Double) -> Double) -> Exercise {
      Checks.vaeLoss { x, logits, mean, logVariance, beta in
        let divergences = zip(mean, logVariance).map { sum(zip($0, $1).map(divergence)) }
        let weight = weight(beta, Double(mean[0].count))
        return Self.mean(
          zip(divergences, logLikelihoods(x, logits)).map { weight * $0 - $1 })
      }
    }
    return [
      .mistake(
        "largest of the images", Checks.reconstruction { logLikelihoods($0, $1).max()! },
        says: "`max over images of"),
      .mistake(
        "divided by the number of pixels less 1",
        Checks.reconstruction { x, logits in
          mean(logLikelihoods(x, logits)) / Double(x[0].count - 1)
        }, says: "one less than the number of terms"),
      .mistake(
        "1 − β of the divergence", loss { beta, _ in 1 - beta },
        says: "`1 - beta` stands where `beta` belongs"),
      .mistake(
        "half of β", loss { beta, _ in beta / 2 }, says: "`beta * the divergence` counts only half"),
    ]
  }

  private static var activitySlips: [Attempt] {
    func activity(_ variances: @escaping ([[Double]]) -> [Double]) -> Exercise {
      Checks.activeUnits { means in
        let variances = variances(transposed(means))
        return LatentActivity(
          variances: variances, activeCount: variances.count { $0 > 0.01 })
      }
    }
    return [
      .mistake(
        "n²",
        activity { columns in
          columns.map { column in
            let center = mean(column)
            let n = Double(column.count)
            return sum(column.map { ($0 - center) * ($0 - center) }) / (n * n)
          }
        }, says: "the square of the number of terms"),
      .mistake(
        "plus the squared mean",
        activity { columns in
          columns.map { mean($0.map { $0 * $0 }) + mean($0) * mean($0) }
        }, says: "has the wrong sign"),
    ]
  }

  private static var boundSlips: [Attempt] {
    [
      .mistake(
        "largest of the images", Checks.importanceWeightedBound { $0.map(logMean).max()! },
        says: "`max over images of"),
      .mistake(
        "squared weights",
        Checks.importanceWeightedBound { rows in
          mean(
            rows.map { row in
              let largest = row.max()!
              return largest + log(mean(row.map { exp(2 * ($0 - largest)) }))
            })
        }, says: "`logWeights - largest` counts twice"),
    ]
  }

  private static var sampleSlips: [Attempt] {
    func distances(_ pixels: @escaping ([Double]) -> ArraySlice<Double>) -> Exercise {
      Checks.nearestDistances { samples, examples in
        samples.map { sample in
          examples.map { example in
            sum(zip(pixels(sample), pixels(example)).map { abs($0 - $1) })
          }.min()!
        }
      }
    }
    return [
      .mistake(
        "no first pixel", distances { $0.dropFirst() }, says: "the first number is left out of"),
      .mistake(
        "no last pixel", distances { $0.dropLast() }, says: "the last number is left out of"),
    ]
  }

  private static var levelSlips: [Attempt] {
    func levels(
      _ cumulative: @escaping (_ edge: Double, _ mean: Double, _ sigma: Double) -> Double
    ) -> Exercise {
      Checks.levelProbabilities { mean, logVariance in
        let edges = (1...15).map { cumulative(Double($0) / 16, mean, exp(logVariance / 2)) }
        return zip(edges + [1], [0] + edges).map { $0 - $1 }
      }
    }
    return [
      .mistake(
        "a whole width on both sides",
        Checks.levelProbabilities { mean, logVariance in
          let sigma = exp(0.5 * logVariance)
          func below(_ edge: Double) -> Double { 0.5 + 0.5 * erf((edge - mean) / sigma / sqrt(2)) }
          return (0..<16).map { level in
            let middle = (Double(level) + 0.5) / 16
            return (level == 15 ? 1 : below(middle + 1.0 / 16))
              - (level == 0 ? 0 : below(middle - 1.0 / 16))
          }
        }, says: "a whole width on either side"),
      .mistake(
        "tanh", levels { 0.5 * (1 + tanh(($0 - $1) / $2 / 2.0.squareRoot())) },
        says: "`tanh(t / sqrt(2"),
      .mistake(
        "clamped mean",
        levels { 0.5 * (1 + erf(($0 - min(max($1, 0), 1)) / $2 / 2.0.squareRoot())) },
        says: "`min(max(mean, 0), 1)` stands where `mean` belongs"),
    ]
  }
}
