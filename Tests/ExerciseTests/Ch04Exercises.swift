import Exercises
import Foundation
import Testing

@testable import Ch04_Reparameterization

@Suite struct Ch04Exercises {
  static var attempts: [Attempt] {
    sample + pathwiseGradient + scoreFunctionGradient + fullCovarianceSample + minibatchEstimate
  }

  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(Self.attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, Self.attempts) }

  // MARK: - Section 4.2

  static var sample: [Attempt] {
    /// z from a formula for each component.
    func exercise(_ component: @escaping (Double, Double, Double) -> Double) -> Exercise {
      Checks.sample { mean, logVariance, noise in
        mean.indices.map { component(mean[$0], logVariance[$0], noise[$0]) }
      }
    }
    return [
      .solution(exercise { mean, l, e in mean + exp(l / 2) * e }),
      .stub(Checks.sample { _, _, _ in try todo() }),
      .mistake(
        "(ε + μ)σ", exercise { mean, l, e in (e + mean) * exp(l / 2) },
        says: "scales the mean as well"),
      .mistake(
        "variance", exercise { mean, l, e in mean + exp(l) * e }, says: "by the variance σ²"),
      .mistake(
        "log", exercise { mean, l, e in mean + l * e }, says: "multiplied by the log variance"),
      .mistake(
        "log for variance", exercise { mean, l, e in mean + sqrt(l) * e },
        says: "mistaken for the variance"),
      .mistake(
        "two roots", exercise { mean, l, e in mean + sqrt(exp(l / 2)) * e },
        says: "took another root"),
      .mistake("unscaled", exercise { mean, _, e in mean + e }, says: "as it is"),
      .mistake("mean", exercise { mean, _, _ in mean }, says: "that is the mean"),
      .mistake("NaN", exercise { _, _, _ in .nan }, says: "NaN"),
      .mistake("nothing", Checks.sample { _, _, _ in [] }, says: "no numbers"),
      .mistake("too many", Checks.sample { $0 + $1 + $2 }, says: "expected 2 numbers, got 6"),
    ]
  }

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
      .mistake("no ε", exercise { $0.z * $0.sigma }, says: "∂z/∂σ = ε is missing"),
      .mistake("sum", exercise(isSum: true, right), says: "sums over the samples"),
      .mistake("no 2", exercise(scale: 0.5) { 1 * right($0) }, says: "factor of 2 is missing"),
      .mistake("σ² for σ", exercise(sigma: exp, right), says: "σ² in place of σ"),
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
        }, says: "unequal length"),
      .mistake("NaN", exercise { _ in .nan }, says: "NaN"),
    ]
  }

  // MARK: - Section 4.3

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
        "σ for σ²", exercise(mean: { $0.deviation / $0.sigma }), says: "z − μ was divided by σ;"),
      .mistake("sign", exercise(mean: { -meanScore($0) }), says: "not μ − z"),
      .mistake("no ½", exercise(logVariance: { square($0) - 1 }), says: "½ is missing"),
      .mistake(
        "for σ", exercise(logVariance: { (square($0) - 1) / $0.sigma }), says: "respect to σ,"),
      .mistake(
        "for σ²", exercise(logVariance: { logVarianceScore($0) / pow($0.sigma, 2) }),
        says: "respect to σ²,"),
      .mistake("variance", exercise(sigma: { exp($0) }), says: "is σ², not σ"),
      .mistake(
        "ragged",
        Checks.scoreFunctionGradient { _, _, mean, _ in
          NormalGradient(mean: mean, logVariance: mean + [0])
        }, says: "unequal length"),
      .mistake("infinity", exercise { _, _, _ in .infinity }, says: "got "),
    ]
  }

  // MARK: - Section 4.4

  static var fullCovarianceSample: [Attempt] {
    /// μ + Aε, for a matrix [A₁₁, A₁₂, A₂₁, A₂₂] from Σ₁₁, Σ₂₁ and Σ₂₂.
    func exercise(
      scalesMean: Bool = false, _ matrix: @escaping (Double, Double, Double) -> [Double]
    ) -> Exercise {
      Checks.fullCovarianceSample { mean, covariance, noise in
        let a = matrix(covariance[0][0], covariance[1][0], covariance[1][1])
        let e = scalesMean ? [mean[0] + noise[0], mean[1] + noise[1]] : noise
        let z = [a[0] * e[0] + a[1] * e[1], a[2] * e[0] + a[3] * e[1]]
        return scalesMean ? z : [mean[0] + z[0], mean[1] + z[1]]
      }
    }
    func root(_ a: Double, _ b: Double, _ c: Double) -> [Double] {
      [sqrt(a), 0, b / sqrt(a), sqrt(c - b * b / a)]
    }
    return [
      .solution(exercise(root)),
      .stub(Checks.fullCovarianceSample { _, _, _ in try todo() }),
      .mistake("Σ", exercise { [$0, $1, $1, $2] }, says: "which has the covariance Σ²"),
      .mistake(
        "entries", exercise { [sqrt($0), sqrt($1), sqrt($1), sqrt($2)] },
        says: "the root of each entry"),
      .mistake(
        "diagonal", exercise { [sqrt($0), 0, 0, sqrt($2)] }, says: "the correlation is lost"),
      .mistake(
        "transposed",
        exercise {
          let l = root($0, $1, $2)
          return [l[0], l[2], l[1], l[3]]
        }, says: "that is Lᵀε"),
      .mistake(
        "no subtraction", exercise { [sqrt($0), 0, $1 / sqrt($0), sqrt($2)] },
        says: "not all of Σ₂₂"),
      .mistake(
        "no root", exercise { [sqrt($0), 0, $1 / sqrt($0), $2 - $1 * $1 / $0] },
        says: "a root is missing in L₂₂"),
      .mistake(
        "by Σ₁₁", exercise { [sqrt($0), 0, $1 / $0, sqrt($2 - ($1 / $0) * ($1 / $0))] },
        says: "not by Σ₁₁"),
      .mistake(
        "undivided", exercise { [sqrt($0), 0, $1, sqrt($2 - $1 * $1)] }, says: "not Σ₂₁ itself"),
      .mistake("L(μ + ε)", exercise(scalesMean: true, root), says: "applied to the mean"),
      .mistake(
        "symmetric",
        exercise { a, b, c in
          let s = sqrt(a * c - b * b)
          let t = sqrt(a + c + 2 * s)
          return [(a + s) / t, b / t, b / t, (c + s) / t]
        }, says: "the symmetric root"),
      .mistake(
        "one", Checks.fullCovarianceSample { mean, _, _ in [mean[0]] }, says: "got 1 number"),
      .mistake("NaN", exercise { _, _, _ in [.nan, 0, 0, .nan] }, says: "NaN"),
    ]
  }

  // MARK: - Section 4.5

  static var minibatchEstimate: [Attempt] {
    /// From the sum over the batch, the penalty, N and M.
    func exercise(
      _ row: @escaping ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) },
      _ estimate: @escaping (Double, Double, Double, Double) -> Double
    ) -> Exercise {
      Checks.minibatchEstimate { derivatives, penalty, count in
        let sum = derivatives.map(row).reduce(0, +)
        return estimate(sum, penalty, Double(count), Double(derivatives.count))
      }
    }
    let right = { (sum: Double, penalty: Double, n: Double, m: Double) in n / m * sum + penalty }
    return [
      .solution(exercise { right($0, $1, $2, $3) }),
      .stub(Checks.minibatchEstimate { _, _, _ in try todo() }),
      .mistake("sum", exercise { sum, penalty, _, _ in sum + penalty }, says: "N/M is missing"),
      .mistake(
        "mean", exercise { sum, penalty, _, m in sum / m + penalty },
        says: "that uses the mean over the batch"),
      .mistake(
        "N/M of the mean", exercise { sum, penalty, n, m in n / m * sum / m + penalty },
        says: "the mean over the batch was multiplied"),
      .mistake(
        "N", exercise { sum, penalty, n, _ in n * sum + penalty }, says: "multiply it by N/M"),
      .mistake(
        "M/N", exercise { sum, penalty, n, m in m / n * sum + penalty }, says: "not M/N"),
      .mistake(
        "integers", exercise { sum, penalty, n, m in (n / m).rounded(.down) * sum + penalty },
        says: "with integers"),
      .mistake(
        "all scaled", exercise { sum, penalty, n, m in n / m * (sum + penalty) },
        says: "the penalty was multiplied"),
      .mistake(
        "no penalty", exercise { sum, _, n, m in n / m * sum }, says: "the penalty is missing"),
      .mistake(
        "sum over draws", exercise({ $0.reduce(0, +) }) { right($0, $1, $2, $3) },
        says: "were added up"),
      .mistake(
        "first draw", exercise({ $0[0] }) { right($0, $1, $2, $3) }, says: "only the first"),
      .mistake("NaN", exercise { _, _, _, _ in .nan }, says: "NaN"),
    ]
  }
}
