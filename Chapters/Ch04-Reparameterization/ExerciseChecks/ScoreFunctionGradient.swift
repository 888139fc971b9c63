import Autodiff
import Claims
import Notebook
import Probability

extension Checks {
  static func scoreFunctionGradient(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<ScoreTask, NormalGradient>(of: {
      try answer($0.draws, $0.values, $0.mean, $0.logVariance)
    }) { $0.expected }
    comparison.ask(
      "the draws (2), (-1) with the values (4, 1), the mean (0) and the log variance (0)",
      ScoreTask(draws: [[2], [-1]], values: [4, 1], mean: [0], logVariance: [0]))
    let (mean, draws) = (roundedNormals(2, seed: 47), (50..<54).map { roundedNormals(2, seed: $0) })
    let values = roundedNormals(4, seed: 48).map { $0 + 3 }
    comparison.ask(
      "the draws \(draws.map(text).joined(separator: ", ")) with the values \(text(values)), the mean "
        + "\(text(mean)) and the log variance (-0.80, 0.50)",
      ScoreTask(draws: draws, values: values, mean: mean, logVariance: [-0.8, 0.5]))
    comparison.recognizeMistakes()
    return Exercise(
      "score-function-gradient", "The gradient from values of h alone, with a baseline",
      minutes: 45,
      hints: [
        "Write three small steps: the n differences h − b, the scores of one draw, the mean of "
          + "their products.",
        "The mean of the others is (sum of all − own)/(n − 1).",
        "In log Q(z), put l for log σ², so that 1/σ² = e^(−l), and differentiate with respect to μ, "
          + "and to l: two terms contain l. The exponential's derivative brings a minus.",
      ], comparison)
  }
}

extension Comparison<ScoreTask, NormalGradient> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "each draw's own value is in its baseline, which takes 1/n of the gradient away; leave it out"
    ) { task in task.gradient(weights: task.weights { total, _, n in total / n }) }
    recognize("there is no baseline: the mean of the other values is to be taken off") {
      task in task.gradient(weights: task.values)
    }
    recognize("the baseline is the sum of the other values; wanted is their mean") {
      task in task.gradient(weights: task.weights { total, own, _ in total - own })
    }
    recognize("the sum of the other n − 1 values was divided by n") { task in
      task.gradient(weights: task.weights { total, own, n in (total - own) / n })
    }
    recognize("the baseline was added; it is to be taken off") { task in
      task.gradient(weights: task.weights { total, own, n in (own - total) / (n - 1) })
    }
    recognize(
      "that is with the gradient of the density Q itself; the score is that of log Q"
    ) { task in
      task.gradient(weights: zip(task.leaveOneOut, task.densities).map { $0 * $1 })
    }
    recognize("those are sums over the draws; the estimate is their mean") { task in
      task.gradient(scale: Double(task.draws.count))
    }
    recognize(
      "z − μ was divided by σ; in the score with respect to μ it is divided by σ²"
    ) { task in task.gradient(mean: { $0.deviation / $0.sigma }) }
    recognize("the score with respect to μ has z − μ in it, and not μ − z") { task in
      task.gradient(mean: { -$0.deviation / ($0.sigma * $0.sigma) })
    }
    recognize(
      "the score with respect to log σ² lacks its ½, which both of its terms have"
    ) { task in task.gradient(logVariance: { $0.squaredNoise - 1 }) }
    // A score without its −½ is not told apart: the weights h − b sum to 0 over the draws.
    recognize(
      "that is the score with respect to σ, and wanted is that with respect to log σ²"
    ) { task in task.gradient(logVariance: { ($0.squaredNoise - 1) / $0.sigma }) }
    recognize(
      "that is the score with respect to σ², and wanted is that with respect to its log"
    ) { task in
      task.gradient(logVariance: { 0.5 * ($0.squaredNoise - 1) / ($0.sigma * $0.sigma) })
    }
    recognize("e to the log variance is σ², and not σ") { task in
      task.gradient(sigma: Double.exp)
    }
  }
}

/// What is given in the exercise on the score function.
private struct ScoreTask {
  let draws: [[Double]]
  let values: [Double]
  let mean: [Double]
  let logVariance: [Double]

  /// One component of one draw.
  struct Draw {
    /// z − μ.
    let deviation: Double
    let sigma: Double

    var squaredNoise: Double { deviation * deviation / (sigma * sigma) }
  }

  var q: DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
  }
  /// Q(z) of each draw.
  var densities: [Double] { q.logProbability(of: matrix(draws)).scalars.map(Double.exp) }
  /// h − b.
  var leaveOneOut: [Double] { weights { total, own, n in (total - own) / (n - 1) } }

  var expected: NormalGradient {
    let noise = (matrix(draws) - q.mean) / q.standardDeviation
    let rows = q.scoreFunctionGradients(noise: noise, weights: Tensor(leaveOneOut))
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  /// h less a baseline, which is a function of the sum of all values, of the draw's own, and of n.
  func weights(baseline: (_ total: Double, _ own: Double, _ n: Double) -> Double) -> [Double] {
    let total = values.reduce(0, +)
    return values.map { $0 - baseline(total, $0, Double(values.count)) }
  }

  /// The estimate, with other formulas for the parts of it.
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
