import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  /// Wrong answers that only the calculation of the right one tells apart.
  static var slips: [Attempt] {
    sampleSlips + gradientSlips + varianceSlips + covarianceSlips + minibatchSlips + encoderSlips
  }

  private static var sampleSlips: [Attempt] {
    [
      .mistake(
        "noise from the end",
        Checks.sample { mean, logVariance, noise in
          var z = mean
          for (k, e) in noise.reversed().enumerated() { z[k] += exp(logVariance[k] / 2) * e }
          return z
        }, says: "`noise` is in reverse order"),
      .mistake(
        "mean for log σ²",
        Checks.sample { mean, _, noise in
          zip(mean, noise).map { $0 + exp($0 / 2) * $1 }
        }, says: "`mean` stands where `logVariance` belongs"),
    ]
  }

  private static var gradientSlips: [Attempt] {
    [
      .mistake(
        "μ for z",
        Checks.pathwiseGradient { mean, logVariance, noise in
          let n = Double(noise.count)
          let sigma = logVariance.map { exp($0 / 2) }
          return NormalGradient(
            mean: mean.indices.map { k in
              noise.map { 2 * (mean[k] + sigma[k] * $0[k]) / n }.reduce(0, +)
            },
            logVariance: mean.indices.map { k in
              noise.map { mean[k] * sigma[k] * $0[k] / n }.reduce(0, +)
            })
        }, says: "`mean` stands where `z` belongs"),
      .mistake(
        "z³ for z²",
        Checks.pathwiseGradient { mean, logVariance, noise in
          var gradient = NormalGradient(mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
          for row in noise {
            for k in mean.indices {
              let change = exp(logVariance[k] / 2) * row[k]
              let z = mean[k] + change
              gradient.mean[k] += 2 * z / Double(noise.count)
              gradient.logVariance[k] += z * z * change / Double(noise.count)
            }
          }
          return gradient
        }, says: "is multiplied by `z`"),
      .mistake(
        "size of z − μ", scoreFunction { deviation, variance in abs(deviation) / variance },
        says: "`abs(samples - mean)` stands where `samples - mean` belongs"),
      .mistake(
        "log of h", scoreFunction(value: log) { $0 / $1 },
        says: "`log(values)` stands where `values` belongs"),
    ]
  }

  /// The score function's estimate, in which the baseline is that of the values themselves.
  private static func scoreFunction(
    value: @escaping (Double) -> Double = { $0 },
    meanScore: @escaping (_ deviation: Double, _ variance: Double) -> Double
  ) -> Exercise {
    Checks.scoreFunctionGradient { samples, values, mean, logVariance in
      let others = Double(values.count - 1)
      var gradient = NormalGradient(mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
      for (row, own) in zip(samples, values) {
        let baseline = (values.reduce(0, +) - own) / others
        let weight = (value(own) - baseline) / Double(values.count)
        for k in mean.indices {
          let (deviation, variance) = (row[k] - mean[k], exp(logVariance[k]))
          gradient.mean[k] += weight * meanScore(deviation, variance)
          gradient.logVariance[k] += weight * (deviation * deviation / variance - 1) / 2
        }
      }
      return gradient
    }
  }

  private static var varianceSlips: [Attempt] {
    func exercise(
      damping: @escaping (Double) -> Double = { exp(-$0 / 2) }, outer: @escaping (Double) -> Double
    ) -> Exercise {
      Checks.gradientVariances { k, mean, sigma in
        let square = k * k * sigma * sigma
        let slope = -outer(k) * damping(square) * sin(k * mean)
        let double = damping(4 * square) * cos(2 * k * mean)
        let second = (1 + (1 - 4 * square) * double) / (2 * sigma * sigma)
        return GradientVariances(
          derivative: slope, pathwise: k * k * (1 - double) / 2 - slope * slope,
          score: second - slope * slope)
      }
    }
    return [
      .mistake("k²", exercise { $0 * $0 }, says: "in `-k`, `k` is squared"),
      .mistake("√k", exercise { sqrt($0) }, says: "in `-k`, the root of `k` is taken"),
      .mistake(
        "σ² for σ",
        Checks.gradientVariances { k, mean, standardDeviation in
          let variance = pow(standardDeviation, 4)
          let slope = -k * exp(-k * k * variance / 2) * sin(k * mean)
          let double = exp(-2 * k * k * variance) * cos(2 * k * mean)
          let second = (1 + (1 - 4 * k * k * variance) * double) / variance / 2
          return GradientVariances(
            derivative: slope, pathwise: k * k * (1 - double) / 2 - slope * slope,
            score: second - slope * slope)
        }, says: "`standardDeviation` is squared"),
    ]
  }

  private static var covarianceSlips: [Attempt] {
    func exercise(
      mean: @escaping ([Double]) -> [Double] = { $0 }, noise: @escaping (Double) -> Double = { $0 }
    ) -> Exercise {
      Checks.fullCovarianceSample { given, covariance, numbers in
        let (center, e) = (mean(given), numbers.map(noise))
        let first = sqrt(covariance[0][0])
        let lower = covariance[0][1] / first
        let second = sqrt(covariance[1][1] - lower * lower)
        return [center[0] + first * e[0], center[1] + lower * e[0] + second * e[1]]
      }
    }
    return [
      .mistake("size of the noise", exercise(noise: abs), says: "`abs(noise)` stands where"),
      .mistake(
        "mean exchanged", exercise(mean: { $0.reversed() }), says: "`mean` is in reverse order"),
    ]
  }

  private static var minibatchSlips: [Attempt] {
    func exercise(
      row: @escaping ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) },
      penalty: @escaping (Double) -> Double = { $0 }
    ) -> Exercise {
      Checks.minibatchEstimate { derivatives, given, count in
        var loss = 0.0
        for example in derivatives { loss += row(example) }
        return Double(count) * loss / Double(derivatives.count) + penalty(given)
      }
    }
    return [
      .mistake("smallest", exercise(row: { $0.min()! }), says: "`min over ε of (derivatives)`"),
      .mistake("penalty squared", exercise(penalty: { $0 * $0 }), says: "`penalty` is squared"),
    ]
  }

  private static var encoderSlips: [Attempt] {
    /// With what is multiplied by the error in place of z, and by ε/σ in place of X.
    func exercise(
      sample: @escaping (_ x: Double, _ z: Double) -> Double = { $1 },
      input: @escaping (_ x: Double, _ a: Double) -> Double = { x, _ in x }
    ) -> Exercise {
      Checks.threeGradients { x, a, c, w, noise in
        let n = Double(x.count)
        let sigma = exp(c / 2)
        let z = zip(x, noise).map { a * $0 + sigma * $1 }
        let residuals = zip(x, z).map { $0 - w * $1 }
        let errors = residuals.map { $0 * $0 }
        var result = EncoderGradients(
          drawnInside: [0, 0, 0], score: [0, 0, 0], pathwise: [0, 0, 0])
        for i in x.indices {
          let inside = [
            a * x[i] * x[i], (sigma * sigma - 1) / 2, -2 * residuals[i] * sample(x[i], z[i]),
          ]
          let slope = -2 * w * residuals[i]
          let path = [slope * x[i], slope * sigma * noise[i] / 2, 0]
          let weight = errors[i] - (errors.reduce(0, +) - errors[i]) / (n - 1)
          let score = [
            weight * noise[i] / sigma * input(x[i], a), weight * (noise[i] * noise[i] - 1) / 2, 0,
          ]
          for k in 0..<3 {
            result.drawnInside[k] += inside[k] / n
            result.score[k] += (inside[k] + score[k]) / n
            result.pathwise[k] += (inside[k] + path[k]) / n
          }
        }
        return result
      }
    }
    return [
      .mistake("X for z", exercise(sample: { x, _ in x }), says: "`x` stands where `z` belongs"),
      .mistake("a for X", exercise(input: { _, a in a }), says: "`a` stands where `x` belongs"),
    ]
  }
}
