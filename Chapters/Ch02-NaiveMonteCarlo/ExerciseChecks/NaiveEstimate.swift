import Autodiff
import Exercises
import Probability

extension Checks {
  static func naiveEstimate(
    _ answer: @escaping ([[Double]], ([Double]) -> Double) throws -> Double
  ) -> Exercise {
    struct Input {
      let z: [[Double]]
      let logLikelihood: ([Double]) -> Double

      var logs: [Double] { z.map(logLikelihood) }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.z, $0.logLikelihood) }) {
      Probability.logMeanExp($0.logs)
    }
    comparison.ask(
      "z = (0), (1) and P(X|z) = 0.1 + 0.2 z",
      Input(z: [[0], [1]]) { .log(0.1 + 0.2 * ($0.first ?? 0)) })
    let z = (0..<3).map { roundedNormals(2, seed: 25 + $0) }
    let model = DiagonalNormal<Double>(mean: Tensor([1, 0.5]), logVariance: Tensor([-1]))
    comparison.ask(
      "the samples \(z.map { text($0) }.joined(separator: ", ")) and a normal P(X|z)",
      Input(z: z) { model.logProbability(of: Tensor($0)).scalar })
    comparison.ask(
      "the same samples and log P(X|z) = −2000 − ‖z‖²",
      Input(z: z) { -2000 - $0.map { $0 * $0 }.reduce(0, +) })
    comparison.recognize(
      "that is the mean of log P(X|z); the exercise asks for the log of the mean of P(X|z)"
    ) {
      mean($0.logs)
    }
    comparison.recognize("that is the log of a sum; the estimate is a mean over the n samples") {
      logSumExp($0.logs)
    }
    comparison.recognize(
      "P(z) was multiplied in; z is drawn from it, so the mean already accounts for it"
    ) { input in
      Probability.logMeanExp(zip(input.logs, input.z).map { $0 + standardLogDensity($1) })
    }
    comparison.recognize("that is the largest log P(X|z); the other samples count too") {
      $0.logs.max() ?? .nan
    }
    comparison.recognize("that is P(X); the exercise asks for its logarithm") {
      mean($0.logs.map(Double.exp))
    }
    comparison.recognize(
      "every P(X|z) became 0 before the log was taken; the exercise log-mean-exp has the remedy"
    ) { .log(mean($0.logs.map(Double.exp))) }
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
