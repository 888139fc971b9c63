import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  static var pathwiseGradient: [Attempt] {
    struct Draw {
      let z: Double
      let sigma: Double
      let noise: Double
    }
    /// The sums of a formula for each parameter, over n unless `isSum`.
    func exercise(
      isSum: Bool = false, scale: Double = 1, sigma: @escaping (Double) -> Double = { exp($0 / 2) },
      _ logVarianceTerm: @escaping (Draw) -> Double
    ) -> Exercise {
      Checks.pathwiseGradient { mean, logVariance, noise in
        var gradient = NormalGradient(
          mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
        let share = scale / (isSum ? 1 : Double(noise.count))
        for row in noise {
          for (k, e) in row.enumerated() {
            let sigma = sigma(logVariance[k])
            let draw = Draw(z: mean[k] + sigma * e, sigma: sigma, noise: e)
            gradient.mean[k] += share * 2 * draw.z
            gradient.logVariance[k] += share * logVarianceTerm(draw)
          }
        }
        return gradient
      }
    }
    let right = { (draw: Draw) in draw.z * draw.sigma * draw.noise }
    return [
      .solution(exercise(right)),
      .stub(Checks.pathwiseGradient { _, _, _ in try todo() }),
      .mistake("no ½", exercise { 2 * $0.z * $0.sigma * $0.noise }, says: "½ is missing"),
      .mistake("for σ", exercise { 2 * $0.z * $0.noise }, says: "with respect to σ,"),
      .mistake("for σ²", exercise { $0.z * $0.noise / $0.sigma }, says: "with respect to σ²,"),
      .mistake("half the slope", exercise { 0.5 * (2 * $0.z) }, says: "σ and ε are missing"),
      .mistake("σ alone", exercise { 2 * $0.z * $0.sigma }, says: "½ and ε are missing"),
      .mistake("no ε", exercise { $0.z * $0.sigma }, says: "∂z/∂σ = ε is missing"),
      .mistake("sum", exercise(isSum: true, right), says: "sums over the samples"),
      .mistake("no 2", exercise(scale: 0.5) { 1 * right($0) }, says: "factor of 2 is missing"),
      .mistake("σ² for σ", exercise(sigma: exp, right), says: "σ² was used"),
      .mistake(
        "mean over components",
        Checks.pathwiseGradient { mean, logVariance, noise in
          let (n, d) = (Double(noise.count), Double(mean.count))
          var gradient = NormalGradient(mean: mean, logVariance: logVariance)
          for k in mean.indices {
            let sigma = exp(logVariance[k] / 2)
            let draws = noise.map { mean[k] + sigma * $0[k] }
            let products = zip(draws, noise).map { z, noise in z * sigma * noise[k] }
            gradient.mean[k] = 2 * draws.reduce(0, +) / n / d
            gradient.logVariance[k] = products.reduce(0, +) / n / d
          }
          return gradient
        }, says: "divided by d as well"),
      .mistake(
        "exact",
        Checks.pathwiseGradient { mean, logVariance, _ in
          NormalGradient(mean: mean.map { 2 * $0 }, logVariance: logVariance.map { exp($0) })
        }, says: "the estimate from these samples"),
      .mistake(
        "half of it",
        Checks.pathwiseGradient { mean, _, _ in
          NormalGradient(mean: mean, logVariance: [])
        }, says: "no numbers for logVariance"),
      .mistake("no chain", exercise { 2 * $0.z * $0.noise * $0.sigma * $0.sigma }, says: "σ²"),
      .mistake(
        "quarter", exercise { $0.z * $0.sigma * $0.noise / 2 },
        says: "a factor of 2 is missing in the derivative with respect to log σ²"),
      .mistake("sign", exercise { -$0.z * $0.sigma * $0.noise }, says: "sign"),
      .mistake(
        "σ as a constant", exercise { _ in 0 }, says: "nothing is left, but z depends on it"),
      .mistake(
        "at the mean", exercise { 2 * ($0.z - $0.sigma * $0.noise) * $0.sigma * $0.noise / 2 },
        says: "expected"),
      .mistake(
        "all at the mean",
        Checks.pathwiseGradient { mean, l, noise in
          var gradient = NormalGradient(mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
          let n = Double(noise.count)
          for e in noise {
            for k in mean.indices {
              gradient.mean[k] += 2 * mean[k] / n
              gradient.logVariance[k] += mean[k] * exp(l[k] / 2) * e[k] / n
            }
          }
          return gradient
        }, says: "taken at μ"),
      .mistake(
        "= for +=",
        Checks.pathwiseGradient { mean, l, noise in
          var gradient = NormalGradient(mean: mean, logVariance: l)
          for e in noise {
            for k in mean.indices {
              let s = exp(l[k] / 2)
              gradient.mean[k] = 2 * (mean[k] + s * e[k]) / Double(noise.count)
              gradient.logVariance[k] = (mean[k] + s * e[k]) * s * e[k] / Double(noise.count)
            }
          }
          return gradient
        }, says: "only the last row of `noise`"),
      .mistake(
        "return in the loop",
        Checks.pathwiseGradient { mean, l, noise in
          for e in noise {
            let s = l.map { exp($0 / 2) }
            return NormalGradient(
              mean: mean.indices.map { 2 * (mean[$0] + s[$0] * e[$0]) },
              logVariance: mean.indices.map { (mean[$0] + s[$0] * e[$0]) * s[$0] * e[$0] })
          }
          return NormalGradient(mean: [], logVariance: [])
        }, says: "only the first row of `noise`"),
      .mistake("no ½ and sums", exercise(isSum: true) { 2 * right($0) }, says: "two mistakes"),
      .mistake("NaN", exercise { _ in .nan }, says: "NaN"),
    ]
  }

  static var scoreFunctionGradient: [Attempt] {
    struct Draw {
      let deviation: Double
      let sigma: Double
    }
    typealias Baseline = (_ total: Double, _ own: Double, _ n: Double) -> Double
    func others(_ total: Double, _ own: Double, _ n: Double) -> Double { (total - own) / (n - 1) }
    func meanScore(_ draw: Draw) -> Double { draw.deviation / (draw.sigma * draw.sigma) }
    func logVarianceScore(_ draw: Draw) -> Double {
      (pow(draw.deviation / draw.sigma, 2) - 1) / 2
    }
    /// The estimate by a baseline and two scores.
    func exercise(
      _ baseline: @escaping Baseline = others, isSum: Bool = false, isOfDensity: Bool = false,
      sigma: @escaping (Double) -> Double = { exp($0 / 2) },
      mean meanTerm: @escaping (Draw) -> Double = meanScore,
      logVariance logVarianceTerm: @escaping (Draw) -> Double = logVarianceScore
    ) -> Exercise {
      Checks.scoreFunctionGradient { draws, values, mean, logVariance in
        let n = Double(draws.count)
        let total = values.reduce(0, +)
        var gradient = NormalGradient(
          mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
        for (z, value) in zip(draws, values) {
          let components = mean.indices.map {
            Draw(deviation: z[$0] - mean[$0], sigma: sigma(logVariance[$0]))
          }
          var weight = (value - baseline(total, value, n)) / (isSum ? 1 : n)
          if isOfDensity {
            for draw in components {
              let noise = draw.deviation / draw.sigma
              weight *= exp(-noise * noise / 2) / (sqrt(2 * .pi) * draw.sigma)
            }
          }
          for (k, draw) in components.enumerated() {
            gradient.mean[k] += weight * meanTerm(draw)
            gradient.logVariance[k] += weight * logVarianceTerm(draw)
          }
        }
        return gradient
      }
    }
    let square = { (draw: Draw) in pow(draw.deviation / draw.sigma, 2) }
    func logQ(_ draw: Draw) -> Double {
      -0.5 * (log(2 * .pi) + 2 * log(draw.sigma) + square(draw))
    }
    /// With the differences from the mean over a number that comes from the sum of their squares.
    func standardised(_ scale: @escaping (_ squares: Double, _ n: Double) -> Double) -> Exercise {
      Checks.scoreFunctionGradient { draws, values, mean, logVariance in
        let n = Double(draws.count)
        let center = values.reduce(0, +) / n
        let scale = scale(values.map { pow($0 - center, 2) }.reduce(0, +), n)
        var gradient = NormalGradient(mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
        for (z, value) in zip(draws, values) {
          for k in mean.indices {
            let draw = Draw(deviation: z[k] - mean[k], sigma: exp(logVariance[k] / 2))
            gradient.mean[k] += (value - center) / scale * meanScore(draw) / n
            gradient.logVariance[k] += (value - center) / scale * logVarianceScore(draw) / n
          }
        }
        return gradient
      }
    }
    return [
      .solution(exercise()),
      .stub(Checks.scoreFunctionGradient { _, _, _, _ in try todo() }),
      .mistake("own", exercise { total, _, n in total / n }, says: "each sample’s own value"),
      .mistake("none", exercise { _, _, _ in 0 }, says: "there is no baseline"),
      .mistake(
        "sum", exercise { total, own, _ in total - own }, says: "the sum of the other values"),
      .mistake("n", exercise { total, own, n in (total - own) / n }, says: "was divided by n"),
      .mistake("plus", exercise { -others($0, $1, $2) }, says: "the baseline was added"),
      .mistake("no log", exercise(isOfDensity: true), says: "the score is the gradient of log Q"),
      .mistake("sum over draws", exercise(isSum: true), says: "sums over the samples"),
      .mistake(
        "σ for σ²", exercise(mean: { $0.deviation / $0.sigma }), says: "z − μ was divided by σ in"),
      .mistake("sign", exercise(mean: { -meanScore($0) }), says: "it contains z − μ"),
      .mistake("no ½", exercise(logVariance: { square($0) - 1 }), says: "½ is missing"),
      .mistake(
        "for σ", exercise(logVariance: { (square($0) - 1) / $0.sigma }), says: "respect to σ,"),
      .mistake(
        "for σ²", exercise(logVariance: { logVarianceScore($0) / pow($0.sigma, 2) }),
        says: "respect to σ²,"),
      .mistake("variance", exercise(sigma: { exp($0) }), says: "σ⁴ stands where σ² belongs"),
      .mistake(
        "ragged",
        Checks.scoreFunctionGradient { _, _, mean, _ in
          NormalGradient(mean: mean, logVariance: mean + [0])
        }, says: "for logVariance"),
      .mistake(
        "by σ³", exercise(mean: { $0.deviation / pow($0.sigma, 3) }), says: "by σ³"),
      .mistake("undivided", exercise(mean: { $0.deviation }), says: "was not divided"),
      .mistake(
        "sign of log σ²", exercise(logVariance: { -logVarianceScore($0) }),
        says: "the sign of the score with respect to log σ²"),
      .mistake(
        "not squared", exercise(logVariance: { ($0.deviation / $0.sigma - 1) / 2 }),
        says: "is to be squared"),
      .mistake(
        "both signs",
        exercise(mean: { -meanScore($0) }, logVariance: { -logVarianceScore($0) }),
        says: "the sign is flipped"),
      .mistake(
        "log Q of each component", exercise(mean: logQ, logVariance: logQ),
        says: "log Q itself stands"),
      .mistake(
        "log Q of the sample",
        Checks.scoreFunctionGradient { draws, values, mean, logVariance in
          let n = Double(draws.count)
          let total = values.reduce(0, +)
          var estimate = 0.0
          for (z, value) in zip(draws, values) {
            let logs = mean.indices.map {
              logQ(Draw(deviation: z[$0] - mean[$0], sigma: exp(logVariance[$0] / 2)))
            }
            estimate += (value - others(total, value, n)) * logs.reduce(0, +) / n
          }
          let all = mean.map { _ in estimate }
          return NormalGradient(mean: all, logVariance: all)
        }, says: "log Q itself stands"),
      .mistake(
        "standardised with n − 1", standardised { sqrt($0 / ($1 - 1)) + 1e-6 },
        says: "divided by their standard deviation"),
      .mistake(
        "standardised with n", standardised { sqrt($0 / $1) },
        says: "divided by their standard deviation"),
      .mistake(
        "products of means",
        Checks.scoreFunctionGradient { _, _, mean, _ in
          NormalGradient(mean: mean.map { _ in 0 }, logVariance: mean.map { _ in 0 })
        }, says: "the weights h − b have the sum 0"),
      .mistake(
        "first value", exercise { total, own, n in (total - 4) / (n - 1) }, says: "expected"),
      .mistake(
        "no ½ and own value",
        exercise({ total, _, n in total / n }, logVariance: { square($0) - 1 }),
        says: "two mistakes"),
      .mistake("infinity", exercise { _, _, _ in .infinity }, says: "got "),
    ]
  }
}
