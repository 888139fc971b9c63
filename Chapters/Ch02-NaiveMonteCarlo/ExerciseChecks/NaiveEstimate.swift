import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func naiveEstimate(
    _ answer: @escaping ([[Double]], ([Double]) -> Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<EstimateTask, Double>(of: { try answer($0.z, $0.logLikelihood) }) {
      LogMeanExp()($0.logs)
    }
    comparison.ask(
      "z = (0), (1) and P(X|z) = 0.1 + 0.2 z",
      EstimateTask(z: [[0], [1]]) { .log(0.1 + 0.2 * ($0.first ?? 0)) })
    let z = (0..<3).map { roundedNormals(2, seed: 25 + $0) }
    let narrow = NormalLogDensity(.logVariance)
    comparison.ask(
      "the samples \(z.map { text($0) }.joined(separator: ", ")) and a normal P(X|z)",
      EstimateTask(z: z) { z in
        narrow(z, mean: [1, 0.5], scales: [-1, -1])
      })
    comparison.ask(
      "the same samples and log P(X|z) = −2000 − ‖z‖²",
      EstimateTask(z: z) { -2000 - $0.map { $0 * $0 }.reduce(0, +) })
    // The largest stands first, in the middle and last, and is not always the largest in size.
    for samples in [[1, 0, -2], [-1, 0.5], [-0.004, 1, -0.005], [2, 0, 0.01]] {
      comparison.ask(
        "the samples \(samples.map { "(\(text($0)))" }.joined(separator: ", ")) and "
          + "log P(X|z) = 800 z", EstimateTask(z: samples.map { [$0] }) { 800 * ($0.first ?? 0) })
    }
    comparison.argument("z", \.z)
    comparison.recognizeMistakes()
    for way in LogMeanExpWay.allCases {
      comparison.calculation { task in
        way(
          of: .argument(
            "logLikelihood(z)", Tensor(task.logs),
            counts: [
              ("z.count", Double(task.z.count)), ("z[0].count", Double(task.z.first?.count ?? 1)),
            ]),
          count: .argument("z.count", Double(task.z.count)))
      }
    }
    return Exercise(
      "naive-estimate", "log P(X) from samples drawn from the prior", minutes: 5,
      needs: ["log-mean-exp"],
      hints: [
        "Collect log P(X|z) for all samples. What has to be averaged: these, or their "
          + "exponentials?",
        "You have already written the function that you need: try logMeanExp(…).",
      ], comparison)
  }
}

/// What is given in the exercise on the naive estimate.
private struct EstimateTask {
  var z: [[Double]]
  let logLikelihood: ([Double]) -> Double

  var logs: [Double] { z.map(logLikelihood) }

  /// The mean of the samples.
  var meanSample: [Double] {
    (z.first ?? []).indices.map { k in mean(z.map { $0[k] }) }
  }
}

extension Comparison<EstimateTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "that is the mean of log P(X|z); the exercise asks for the log of the mean of P(X|z)"
    ) { mean($0.logs) }
    recognize("that is the log of a sum; the estimate is a mean over the n samples") {
      logSumExp($0.logs)
    }
    recognize("P(z) was multiplied in; z is drawn from it, so the mean already accounts for it") {
      task in LogMeanExp()(zip(task.logs, task.z).map { $0 + standardLogDensity($1) })
    }
    recognize("P(z) was divided out; z is drawn from it, so the mean already accounts for it") {
      task in LogMeanExp()(zip(task.logs, task.z).map { $0 - standardLogDensity($1) })
    }
    recognize("P(z) was multiplied in, and the sum not divided by n; z is drawn from P(z) already")
    { task in
      logSumExp(zip(task.logs, task.z).map { $0 + standardLogDensity($1) })
    }
    recognize("e^(−‖z‖²/2) was multiplied in; z is drawn from P(z), so the mean accounts for it") {
      task in
      LogMeanExp()(
        zip(task.logs, task.z).map { log, z in log - z.reduce(0) { $0 + $1 * $1 } / 2 })
    }
    recognize("that is P(X|z) at the mean of the samples; take the mean of P(X|z) itself") {
      $0.logLikelihood($0.meanSample)
    }
    recognize("that is divided by d, the size of z; the mean is over the n samples") { task in
      logSumExp(task.logs) - .log(Double(task.z.first?.count ?? 1))
    }
    recognize("that is divided by n d, the count of all numbers; the mean is over n samples") {
      task in LogMeanExp()(task.logs) - .log(Double(task.z.first?.count ?? 1))
    }
    recognize("that is P(X); the exercise asks for its logarithm") {
      mean($0.logs.map { .exp($0) })
    }
    recognize(
      (LogMeanExp.mistakes + LogMeanExp.rareMistakes).without(
        "mean of logs", "sum", "finite only", "different only", "−∞ as 0", "no log, no shift"),
      in: LogMeanExp()
    ) { $1($0.logs) }
  }
}
