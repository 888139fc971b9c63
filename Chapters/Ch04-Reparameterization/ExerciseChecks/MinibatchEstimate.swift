import Exercises

extension Checks {
  static func minibatchEstimate(
    _ answer: @escaping ([[Double]], Double, Int) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<MinibatchTask, Double>(of: {
      try answer($0.derivatives, $0.penalty, $0.exampleCount)
    }) { $0.estimate }
    comparison.ask(
      "the derivatives (2, 4), (1, 3), the penalty’s derivative 0.5 and N = 5",
      MinibatchTask(derivatives: [[2, 4], [1, 3]], penalty: 0.5, exampleCount: 5))
    let derivatives = (56..<59).map { roundedNormals(2, seed: $0) }
    comparison.ask(
      "the derivatives \(derivatives.map(text).joined(separator: ", ")), the penalty’s derivative "
        + "-0.7 and N = 500",
      MinibatchTask(derivatives: derivatives, penalty: -0.7, exampleCount: 500))
    comparison.recognizeMistakes()
    return Exercise(
      "minibatch-estimate", "The gradient for all examples, from a minibatch", minutes: 10,
      hints: [
        "Suppose every example had the derivative 1. What should come out, whatever M is?",
        "First take the mean of each row, then the sum of these means. Only this sum is scaled.",
      ], comparison)
  }
}

/// The input of the exercise on minibatches.
private struct MinibatchTask {
  let derivatives: [[Double]]
  let penalty: Double
  let exampleCount: Int

  var n: Double { Double(exampleCount) }
  var m: Double { Double(derivatives.count) }
  var draws: Double { Double(derivatives[0].count) }
  /// The sum over the batch of the means over ε.
  var sum: Double { derivatives.joined().reduce(0, +) / draws }
  var estimate: Double { n / m * sum + penalty }
}

extension Comparison<MinibatchTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("the factor N/M is missing: the sum over M examples stands for a sum over all N") {
      $0.sum + $0.penalty
    }
    recognize("that uses the mean over the batch; the loss is a sum over all N examples") {
      $0.sum / $0.m + $0.penalty
    }
    recognize(
      "the mean over the batch was multiplied by N/M; a mean has to be multiplied by N"
    ) { $0.n / $0.m * $0.sum / $0.m + $0.penalty }
    recognize("the sum over the batch was multiplied by N; multiply it by N/M") {
      $0.n * $0.sum + $0.penalty
    }
    recognize("the factor is N/M, not M/N") {
      $0.m / $0.n * $0.sum + $0.penalty
    }
    recognize(
      "N/M was computed with integers, which drops the fraction; use Double(N) / Double(M)"
    ) { Double($0.exampleCount / $0.derivatives.count) * $0.sum + $0.penalty }
    recognize(
      "the penalty was multiplied by N/M as well; it is not a sum over examples, so leave it as it "
        + "is"
    ) { $0.n / $0.m * ($0.sum + $0.penalty) }
    recognize("the penalty is missing") { $0.n / $0.m * $0.sum }
    recognize(
      "the L values for an example were added up; take their mean"
    ) { $0.n / $0.m * $0.sum * $0.draws + $0.penalty }
    recognize("only the first of the L values for an example was used") {
      $0.n / $0.m * $0.derivatives.reduce(0) { $0 + $1[0] } + $0.penalty
    }
  }
}
