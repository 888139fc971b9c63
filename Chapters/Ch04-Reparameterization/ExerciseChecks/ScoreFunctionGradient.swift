import Autodiff
import Exercises
import Notebook
import Probability

extension Checks {
  static func scoreFunctionGradient(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<ScoreTask, NormalGradient>(of: {
      try answer($0.samples, $0.values, $0.mean, $0.logVariance)
    }) { $0.expected }
    var tasks = [
      ScoreTask(samples: [[3], [0]], values: [4, 1], mean: [1], logVariance: [.log(4)])
    ]
    comparison.ask(
      "the samples (3), (0) with the values (4, 1), the mean (1) and the log variance (log 4)",
      tasks[0])
    func ask(_ task: ScoreTask) {
      tasks.append(task)
      comparison.ask(
        "the samples \(exact(task.samples)) with the values \(exact(task.values)), the mean "
          + "\(exact(task.mean)) and the log variance \(exact(task.logVariance))", task)
    }
    for (logVariance, count, seed) in [([-0.8, 0.5], 5, 47), ([0.9, -0.3, 0.2], 6, 70)] {
      let mean = roundedNormals(logVariance.count, seed: UInt64(seed))
      let samples = (2...count + 1).map { roundedNormals(mean.count, seed: UInt64(seed + $0)) }
      let values = roundedNormals(count, seed: UInt64(seed + 1)).map { $0 + 3 }
      ask(ScoreTask(samples: samples, values: values, mean: mean, logVariance: logVariance))
    }
    // Limits on a log variance show here, and what is added to a small σ.
    for (logVariance, z) in [(-22.0, 2e-5), (32, 1e7)] {
      ask(ScoreTask(samples: [[z], [0]], values: [4, 1], mean: [0], logVariance: [logVariance]))
    }
    comparison.argument("samples", \.samples)
    comparison.argument("values", \.values)
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    // The weights h − b have the sum 0, so a constant in the score makes no difference.
    let right = ScoreFunctionEstimate()
    let mistakes = ScoreFunctionEstimate.mistakes.distinct(in: right, tolerance: 1e-9) { estimate in
      tasks.map { $0.gradient(estimate).flatMap { $0 } }
    }
    comparison.recognize(mistakes, in: right) { task, estimate in
      NormalGradient(task.gradient(estimate))
    }
    comparison.calculation(scoreCalculation)
    comparison.calculation(scoreCalculationFromNoise)
    comparison.calculation(scoreCalculationFromPrecision)
    comparison.recognize(
      "that uses the gradient of the density Q; the score is the gradient of log Q"
    ) { task in
      var weighted = task
      weighted.values = zip(task.leaveOneOut, task.densities).map { $0 * $1 }
      var estimate = ScoreFunctionEstimate()
      estimate.baseline = { _, _ in 0 }
      return NormalGradient(weighted.gradient(estimate))
    }
    comparison.recognize("log Q itself stands in place of its derivatives, which are the scores") {
      task in
      let logs = task.q.logProbability(of: matrix(task.samples)).scalars
      let products = zip(task.leaveOneOut, logs).map { $0 * $1 }
      let estimate = products.reduce(0, +) / Double(products.count)
      let all = task.mean.map { _ in estimate }
      return NormalGradient(mean: all, logVariance: all)
    }
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

extension NormalGradient {
  /// The derivatives with respect to μ, and those with respect to log σ².
  fileprivate init(_ rows: [[Double]]) { self.init(mean: rows[0], logVariance: rows[1]) }
}

/// The input of the exercise on the score function.
struct ScoreTask {
  var samples: [[Double]]
  var values: [Double]
  var mean: [Double]
  var logVariance: [Double]

  var q: DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
  }
  /// Q(z) of each sample.
  var densities: [Double] { q.logProbability(of: matrix(samples)).scalars.map(Double.exp) }
  /// h − b.
  var leaveOneOut: [Double] {
    let total = values.reduce(0, +)
    return values.map { $0 - (total - $0) / Double(values.count - 1) }
  }

  var expected: NormalGradient {
    let noise = (matrix(samples) - q.mean) / q.standardDeviation
    let rows = q.scoreFunctionGradients(noise: noise, weights: Tensor(leaveOneOut))
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  func gradient(_ estimate: ScoreFunctionEstimate) -> [[Double]] {
    estimate(samples: samples, values: values, mean: mean, logVariance: logVariance)
  }
}
