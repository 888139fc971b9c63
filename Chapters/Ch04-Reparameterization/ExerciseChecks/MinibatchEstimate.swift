import Claims
import Notebook

extension Checks {
  static func minibatchEstimate(
    _ answer: @escaping ([[Double]], Double, Int) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<MinibatchTask, Double>(of: {
      try answer($0.derivatives, $0.penalty, $0.exampleCount)
    }) { $0.estimate }
    comparison.ask(
      "the derivatives (2, 4), (1, 3), the penalty's 0.5 and N = 5",
      MinibatchTask(derivatives: [[2, 4], [1, 3]], penalty: 0.5, exampleCount: 5))
    let derivatives = (56..<59).map { roundedNormals(2, seed: $0) }
    comparison.ask(
      "the derivatives \(derivatives.map(text).joined(separator: ", ")), the penalty's -0.7 and "
        + "N = 500",
      MinibatchTask(derivatives: derivatives, penalty: -0.7, exampleCount: 500))
    comparison.recognizeMistakes()
    return Exercise(
      "minibatch-estimate", "The gradient of all, from a minibatch", minutes: 10,
      hints: [
        "If every example had the derivative 1, what should come out, whatever M is?",
        "First a mean over each row, then the sum of these means; only that sum is scaled.",
      ], comparison)
  }
}

/// What is given in the exercise on minibatches.
private struct MinibatchTask {
  let derivatives: [[Double]]
  let penalty: Double
  let exampleCount: Int

  var n: Double { Double(exampleCount) }
  var m: Double { Double(derivatives.count) }
  var draws: Double { Double(derivatives[0].count) }
  /// Over the batch, of the means over draws.
  var sum: Double { derivatives.joined().reduce(0, +) / draws }
  var estimate: Double { n / m * sum + penalty }
}

extension Comparison<MinibatchTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("N/M is missing: the sum of the batch stands for all N examples") {
      $0.sum + $0.penalty
    }
    recognize("that is the mean over the batch; the loss is a sum over all N examples") {
      $0.sum / $0.m + $0.penalty
    }
    recognize(
      "the mean over the batch was multiplied by N/M; it stands for the mean of all, so by N"
    ) { $0.n / $0.m * $0.sum / $0.m + $0.penalty }
    recognize("the sum over the batch was multiplied by N; by N/M it is to be") {
      $0.n * $0.sum + $0.penalty
    }
    recognize("the factor is N/M, and not M/N") {
      $0.m / $0.n * $0.sum + $0.penalty
    }
    recognize(
      "N/M was computed with integers, which drops what is behind the point; use Double(N)"
    ) { Double($0.exampleCount / $0.derivatives.count) * $0.sum + $0.penalty }
    recognize(
      "the penalty was multiplied by N/M, too; it is no sum over examples, and all of it is at hand"
    ) { $0.n / $0.m * ($0.sum + $0.penalty) }
    recognize("the penalty is missing") { $0.n / $0.m * $0.sum }
    recognize(
      "the L draws of an example were added up; their mean stands for its expectation"
    ) { $0.n / $0.m * $0.sum * $0.draws + $0.penalty }
    recognize("of the L draws of an example only the first was used") {
      $0.n / $0.m * $0.derivatives.reduce(0) { $0 + $1[0] } + $0.penalty
    }
  }
}
