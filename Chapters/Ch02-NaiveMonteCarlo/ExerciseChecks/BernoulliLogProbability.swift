import Autodiff
import Exercises
import Probability

extension Checks {
  static func bernoulliLogProbability(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<BernoulliTask, Double>(of: { try answer($0.x, $0.logits) }) {
      $0.value
    }
    comparison.ask(
      "X = (1, 0) and the logits (0, log 3)", BernoulliTask(x: [1, 0], logits: [0, .log(3)]))
    let logits = roundedNormals(4, seed: 24)
    comparison.ask(
      "X = (1, 0, 0, 1) and the logits \(text(logits))",
      BernoulliTask(x: [1, 0, 0, 1], logits: logits))
    comparison.ask(
      "X = (1, 0) and the logits (−800, 2)", BernoulliTask(x: [1, 0], logits: [-800, 2]))
    comparison.ask(
      "X = (0, 0) and the logits (900, 2)", BernoulliTask(x: [0, 0], logits: [900, 2]))
    comparison.recognizeMistakes()
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
  let x: [Double]
  let logits: [Double]

  var value: Double {
    Bernoulli(logits: Tensor(logits)).logProbability(of: Tensor(x)).scalar
  }

  func sum(_ term: (_ x: Double, _ logit: Double) -> Double) -> Double {
    zip(x, logits).map(term).reduce(0, +)
  }
}

extension Comparison<BernoulliTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is the mean over the pixels; log P(X|z) is their sum") {
      $0.value / Double($0.x.count)
    }
    recognize("that is −log P(X|z), as in a loss; the exercise asks for log P(X|z)") { -$0.value }
    recognize("the black pixels were left out; a pixel that is 0 has the probability 1 − p") {
      input in
      input.sum { x, logit in -x * .softplus(-logit) }
    }
    recognize("0 and 1 are exchanged; p is the probability of a 1") { input in
      input.sum { x, logit in -x * .softplus(logit) - (1 - x) * .softplus(-logit) }
    }
    recognize(
      "that is the sum of Xⱼlⱼ; the term log(1 + e^l), which makes probabilities sum to 1, is "
        + "missing"
    ) { input in input.sum { x, logit in x * logit } }
    recognize(
      "p became 0 or 1 before its logarithm was taken; compute the logarithm directly from the "
        + "logit"
    ) { input in
      input.sum { x, logit in
        let p = 1 / (1 + Double.exp(-logit))
        return x * .log(p) + (1 - x) * .log(1 - p)
      }
    }
    recognize("e^l became infinite; for a large l, log(1 + e^l) is l + log(1 + e^(−l))") {
      input in input.sum { x, logit in x * logit - .log(1 + .exp(logit)) }
    }
    recognize("p was kept away from 0 and 1; that hides how improbable X is") {
      input in
      input.sum { x, logit in
        let p = min(max(Double.sigmoid(logit), 1e-7), 1 - 1e-7)
        return x * .log(p) + (1 - x) * .log(1 - p)
      }
    }
  }
}
