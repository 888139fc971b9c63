import Autodiff
import Calculations
import Exercises

extension Checks {
  static func bernoulliLogProbability(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<BernoulliTask, Double>(of: { try answer($0.x, $0.logits) }) {
      BernoulliLogProbability()($0.x, logits: $0.logits)
    }
    comparison.ask(
      "X = (1, 0) and the logits (0, log 3)", BernoulliTask(x: [1, 0], logits: [0, .log(3)]))
    let logits = roundedNormals(5, seed: 24)
    comparison.ask(
      "X = (1, 0, 0, 1, 1) and the logits \(text(logits))",
      BernoulliTask(x: [1, 0, 0, 1, 1], logits: logits))
    comparison.ask(
      "X = (1, 0, 1) and the logits (0.2, 0.5, 0.9)",
      BernoulliTask(x: [1, 0, 1], logits: [0.2, 0.5, 0.9]))
    comparison.ask(
      "X = (1, 0) and the logits (−800, 2)", BernoulliTask(x: [1, 0], logits: [-800, 2]))
    comparison.ask(
      "X = (0, 0) and the logits (900, 2)", BernoulliTask(x: [0, 0], logits: [900, 2]))
    comparison.ask(
      "X = (1, 0, 1) and the logits (900, −800, 1)",
      BernoulliTask(x: [1, 0, 1], logits: [900, -800, 1]))
    comparison.ask(
      "X = (0, 1) and the logits (40, −2)", BernoulliTask(x: [0, 1], logits: [40, -2]))
    comparison.ask(
      "X = (1, 1, 1) and the logits (−300, −300, −300)",
      BernoulliTask(x: [1, 1, 1], logits: [-300, -300, -300]))
    comparison.argument("x", \.x) { 1 - $0 }
    comparison.argument("logits", \.logits)
    let mistakes = BernoulliLogProbability.mistakes + BernoulliLogProbability.rareMistakes
    comparison.recognize(mistakes, in: BernoulliLogProbability()) {
      $1($0.x, logits: $0.logits)
    }
    comparison.terms(
      ["X log p", "(1 − X) log(1 − p)"], strangers: ["(1 − X) log p", "X log(1 − p)"]
    ) { $0.terms }
    comparison.calculateInManyWays()
    return Exercise(
      "bernoulli-log-probability", "log P(X|z) of black and white pixels, from logits",
      minutes: 15,
      hints: [
        "Put p = 1/(1 + e^(−l)) into log p and log(1 − p), and simplify before you compute. Both "
          + "contain log(1 + e^…).",
        "A pixel contributes X l − log(1 + e^l). For which l does e^l become infinite, and what is "
          + "log(1 + e^l) for those?",
        "log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|)) for every l.",
      ], comparison)
  }
}

/// What is given in the exercise on black and white pixels.
private struct BernoulliTask {
  var x: [Double]
  var logits: [Double]

  /// X log p and (1 − X) log(1 − p), and the same with X and 1 − X exchanged, summed over pixels.
  var terms: [Double] {
    let white = zip(x, logits).map { x, l in (x: x, one: -Double.softplus(-l)) }
    let black = zip(x, logits).map { x, l in (x: x, zero: -Double.softplus(l)) }
    return [
      white.reduce(0) { $0 + $1.x * $1.one }, black.reduce(0) { $0 + (1 - $1.x) * $1.zero },
      white.reduce(0) { $0 + (1 - $1.x) * $1.one }, black.reduce(0) { $0 + $1.x * $1.zero },
    ]
  }
}

extension Comparison<BernoulliTask, Double> {
  /// From the logits, and from probabilities, which may be 0 or 1.
  fileprivate mutating func calculateInManyWays() {
    calculation { task in
      let logits = Calculation.argument("logits", task.logits)
      return sum(.argument("x", task.x) * logits - softplus(logits))
    }
    calculation { task in
      let (x, logits) = (
        Calculation.argument("x", task.x), Calculation.argument("logits", task.logits)
      )
      return -sum(x * softplus(-logits) + (1 - x) * softplus(logits))
    }
    calculation { task in
      let (x, logits) = (
        Calculation.argument("x", task.x), Calculation.argument("logits", task.logits)
      )
      let logarithm = log(1 + exp(-abs(logits)))
      return sum(x * logits - positivePart(logits) - logarithm)
    }
    calculation { task in
      let x = Calculation.argument("x", task.x)
      let p = sigmoid(.argument("logits", task.logits)).named("p")
      return sum(x * log(p) + (1 - x) * log(1 - p))
    }
    calculation { task in
      let x = Calculation.argument("x", task.x)
      let p = sigmoid(.argument("logits", task.logits)).named("p")
      return sum(log(x * p + (1 - x) * (1 - p)))
    }
  }
}
