import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func logMeanExp(_ answer: @escaping ([Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<[Double], Double>(of: answer) { Probability.logMeanExp($0) }
    comparison.ask("the logs (0, log 3)", [0, .log(3)])
    comparison.ask("the logs (−1000, −1001)", [-1000, -1001])
    comparison.ask("the logs (800, 0, −∞)", [800, 0, -.infinity])
    // The largest stands first, in the middle and last, and is not always the largest in size.
    comparison.ask("the logs (−∞, 800, −4)", [-.infinity, 800, -4])
    comparison.ask("the logs (−3, 800, −4)", [-3, 800, -4])
    comparison.ask("the logs (−800, 400)", [-800, 400])
    comparison.ask("the logs (0.5, −∞, −1)", [0.5, -.infinity, -1])
    comparison.ask("the logs (−0.7, −2, −1.6)", [-0.7, -2, -1.6])
    comparison.ask("the logs (0.5, −1, −1, −2)", [0.5, -1, -1, -2])
    // A fixed number in place of the largest is not enough for all of these.
    comparison.ask("the logs (1500, 1, 2)", [1500, 1, 2])
    let drawn = roundedNormals(5, seed: 21)
    comparison.ask("the logs \(text(drawn))", drawn)
    comparison.argument("logs", \.self)
    comparison.recognize(LogMeanExp.mistakes + LogMeanExp.rareMistakes, in: LogMeanExp()) {
      logs, logMeanExp in
      logMeanExp(logs)
    }
    comparison.recognize(
      "log(e^a + e^b) of two logs that are both −∞ became NaN, from −∞ − (−∞); it is −∞ then"
    ) { logs in
      let sum = logs.reduce(-.infinity) { sum, log in
        let largest = max(sum, log)
        return largest + .log(.exp(sum - largest) + .exp(log - largest))
      }
      return sum - .log(Double(logs.count))
    }
    for way in LogMeanExpWay.allCases {
      comparison.calculation { logs in
        way(of: .argument("logs", logs), count: .argument("logs.count", Double(logs.count)))
      }
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
