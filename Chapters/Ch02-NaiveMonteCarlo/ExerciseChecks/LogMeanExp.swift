import Autodiff
import Exercises
import Probability

extension Checks {
  static func logMeanExp(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<[Double], Double>(of: answer) { Probability.logMeanExp($0) }
    comparison.ask("the logs (0, log 3)", [0, .log(3)])
    comparison.ask("the logs (−1000, −1001)", [-1000, -1001])
    comparison.ask("the logs (800, 0, −∞)", [800, 0, -.infinity])
    let drawn = roundedNormals(4, seed: 21)
    comparison.ask("the logs \(text(drawn))", drawn)
    comparison.recognize("that is the mean of the logs; the exercise asks for the log of the mean")
    {
      mean($0)
    }
    comparison.recognize("that is the log of the sum; for the mean, subtract log n") {
      logSumExp($0)
    }
    comparison.recognize(
      "the sum was divided by n after its log was taken; divide before, or subtract log n after"
    ) {
      logSumExp($0) / Double($0.count)
    }
    comparison.recognize("the largest was subtracted at the start, but not added back at the end") {
      Probability.logMeanExp($0) - ($0.max() ?? 0)
    }
    comparison.recognize("an exponential became 0 or infinite before the log was taken") {
      .log(mean($0.map(Double.exp)))
    }
    return Exercise(
      "log-mean-exp", "The log of a mean, from logs", minutes: 10,
      hints: [
        "Which of the exponentials become 0 or infinite in a Double? Which of them must not?",
        "Subtract the largest of the logs, m, from all of them: then the largest exponential is 1. "
          + "What must you add to the log of the mean afterwards?",
      ], comparison)
  }
}
