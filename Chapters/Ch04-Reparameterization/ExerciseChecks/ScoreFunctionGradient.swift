import Autodiff
import Exercises
import Probability

extension Checks {
  static func scoreFunctionGradient(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<ScoreTask, NormalGradient>(of: {
      try answer($0.draws, $0.values, $0.mean, $0.logVariance)
    }) { $0.expected }
    comparison.ask(
      "the samples (2), (-1) with the values (4, 1), the mean (0) and the log variance (0)",
      ScoreTask(draws: [[2], [-1]], values: [4, 1], mean: [0], logVariance: [0]))
    let (mean, draws) = (roundedNormals(2, seed: 47), (50..<54).map { roundedNormals(2, seed: $0) })
    let values = roundedNormals(4, seed: 48).map { $0 + 3 }
    comparison.ask(
      "the samples \(draws.map(text).joined(separator: ", ")) with the values \(text(values)), the "
        + "mean \(text(mean)) and the log variance (-0.80, 0.50)",
      ScoreTask(draws: draws, values: values, mean: mean, logVariance: [-0.8, 0.5]))
    comparison.recognizeMistakes()
    return Exercise(
      "score-function-gradient", "The gradient from the values of h alone, with a baseline",
      minutes: 45,
      hints: [
        "Take three small steps: the n differences h − b, the scores of each sample, and the mean "
          + "of the products.",
        "The mean over the others is (sum of all − own)/(n − 1).",
        "In log Q(z), write l for log σ², so that 1/σ² = e^(−l), and differentiate with respect to "
          + "μ and to l. Two terms contain l, and the derivative of e^(−l) brings a minus sign.",
      ], comparison)
  }
}

extension Comparison<ScoreTask, NormalGradient> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "each sample’s own value is in its baseline, which loses 1/n of the gradient; leave it out"
    ) { task in task.gradient(weights: task.weights { total, _, n in total / n }) }
    recognize("there is no baseline: subtract the mean of the other values") {
      task in task.gradient(weights: task.values)
    }
    recognize("the baseline is the sum of the other values; it should be their mean") {
      task in task.gradient(weights: task.weights { total, own, _ in total - own })
    }
    recognize("the sum of the other n − 1 values was divided by n instead of n − 1") { task in
      task.gradient(weights: task.weights { total, own, n in (total - own) / n })
    }
    recognize("the baseline was added; subtract it") { task in
      task.gradient(weights: task.weights { total, own, n in (own - total) / (n - 1) })
    }
    recognize(
      "that uses the gradient of the density Q; the score is the gradient of log Q"
    ) { task in
      task.gradient(weights: zip(task.leaveOneOut, task.densities).map { $0 * $1 })
    }
    recognize("those are sums over the samples; the estimate is the mean") { task in
      task.gradient(scale: Double(task.draws.count))
    }
    recognize(
      "z − μ was divided by σ; the score with respect to μ is (z − μ)/σ²"
    ) { task in task.gradient(mean: { $0.deviation / $0.sigma }) }
    recognize("the sign of the score with respect to μ is wrong: it contains z − μ, not μ − z") {
      task in
      task.gradient(mean: { -$0.deviation / ($0.sigma * $0.sigma) })
    }
    recognize(
      "a factor of ½ is missing in the score with respect to log σ²; both of its terms have it"
    ) { task in task.gradient(logVariance: { $0.squaredNoise - 1 }) }
    // A score without its −½ cannot be told apart: the weights h − b sum to 0 over the samples.
    recognize(
      "that is the score with respect to σ, not with respect to log σ²"
    ) { task in task.gradient(logVariance: { ($0.squaredNoise - 1) / $0.sigma }) }
    recognize(
      "that is the score with respect to σ², not with respect to log σ²"
    ) { task in
      task.gradient(logVariance: { 0.5 * ($0.squaredNoise - 1) / ($0.sigma * $0.sigma) })
    }
    recognize("the exponential of the log variance is σ², not σ") { task in
      task.gradient(sigma: Double.exp)
    }
  }
}

/// The input of the exercise on the score function.
private struct ScoreTask {
  let draws: [[Double]]
  let values: [Double]
  let mean: [Double]
  let logVariance: [Double]

  /// One component of one sample.
  struct Draw {
    /// z − μ.
    let deviation: Double
    let sigma: Double

    var squaredNoise: Double { deviation * deviation / (sigma * sigma) }
  }

  var q: DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
  }
  /// Q(z) of each sample.
  var densities: [Double] { q.logProbability(of: matrix(draws)).scalars.map(Double.exp) }
  /// h − b.
  var leaveOneOut: [Double] { weights { total, own, n in (total - own) / (n - 1) } }

  var expected: NormalGradient {
    let noise = (matrix(draws) - q.mean) / q.standardDeviation
    let rows = q.scoreFunctionGradients(noise: noise, weights: Tensor(leaveOneOut))
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  /// h minus a baseline, which is a function of the sum of all values, of the sample’s own value,
  /// and of n.
  func weights(baseline: (_ total: Double, _ own: Double, _ n: Double) -> Double) -> [Double] {
    let total = values.reduce(0, +)
    return values.map { $0 - baseline(total, $0, Double(values.count)) }
  }

  /// The estimate, with other formulas for its parts.
  func gradient(
    weights: [Double]? = nil, scale: Double = 1, sigma: (Double) -> Double = { .exp($0 / 2) },
    mean meanScore: (Draw) -> Double = { $0.deviation / ($0.sigma * $0.sigma) },
    logVariance logVarianceScore: (Draw) -> Double = { 0.5 * ($0.squaredNoise - 1) }
  ) -> NormalGradient {
    let weights = weights ?? leaveOneOut
    func estimates(_ score: (Draw) -> Double) -> [Double] {
      mean.indices.map { k in
        let sigma = sigma(logVariance[k])
        let terms = zip(weights, draws).map { weight, z in
          weight * score(Draw(deviation: z[k] - mean[k], sigma: sigma))
        }
        return scale * terms.reduce(0, +) / Double(draws.count)
      }
    }
    return NormalGradient(mean: estimates(meanScore), logVariance: estimates(logVarianceScore))
  }
}
