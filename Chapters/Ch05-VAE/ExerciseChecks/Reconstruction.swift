import Autodiff
import Exercises
import Probability

extension Checks {
  static func reconstruction(
    _ answer: @escaping ([[Double]], [[Double]]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<ReconstructionTask, Double>(of: { try answer($0.x, $0.logits) }) {
      $0.value
    }
    func ask(_ x: [[Double]], _ logits: [[Double]]) {
      comparison.ask(
        "the images \(exact(x)) with the logits \(exact(logits))",
        ReconstructionTask(x: x, logits: logits))
    }
    comparison.ask(
      "the images (1, 0), (1, 1) with the logits (0, log 3), (0, 0)",
      ReconstructionTask(x: [[1, 0], [1, 1]], logits: [[0, .log(3)], [0, 0]]))
    ask([[1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 1, 0]], roundedNormals(3, 4, seed: 51))
    ask([[1, 0]], [[-800, 2]])
    ask([[0, 1]], [[900, 0.5]])
    comparison.recognizeMistakes()
    return Exercise(
      "reconstruction", "log P(X|z) of a batch of images, from logits", minutes: 10,
      hints: [
        "You need two loops: one adds over the pixels of an image, and one averages over the "
          + "images.",
        "log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|)) for every l.",
      ], comparison)
  }
}

/// The input of the exercise on log P(X|z).
private struct ReconstructionTask {
  let x: [[Double]]
  let logits: [[Double]]

  var value: Double { meanLogProbability(of: x, logits: logits) }

  /// The mean over the images of a sum over the pixels.
  func mean(_ term: (_ x: Double, _ logit: Double) -> Double) -> Double {
    meanOfSums(zip(x, logits).map { zip($0, $1).map(term) })
  }
}

extension Comparison<ReconstructionTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is the mean over the pixels; log P(X|z) of an image is the sum") {
      $0.value / Double($0.x[0].count)
    }
    recognize("that is the sum over the images; the exercise asks for their mean") {
      $0.value * Double($0.x.count)
    }
    recognize("that is −log P(X|z), as in a loss; the exercise asks for log P(X|z)") { -$0.value }
    recognize("black pixels were left out; a 0 contributes log(1 − p)") {
      $0.mean { x, logit in -x * .softplus(-logit) }
    }
    recognize("0 and 1 are exchanged: p is the probability of a 1") {
      $0.mean { x, logit in (1 - x) * logit - .softplus(logit) }
    }
    recognize("the logits were taken for probabilities; p is 1/(1 + e^(−l))") {
      $0.mean { x, logit in x * .log(logit) + (1 - x) * .log(1 - logit) }
    }
    recognize(
      "the formula was given probabilities in place of logits: there is one sigmoid too many"
    ) {
      $0.mean { x, logit in x * .sigmoid(logit) - .softplus(.sigmoid(logit)) }
    }
    recognize(
      "p became 0 or 1 before its logarithm was taken; the formula with logits needs no p"
    ) {
      $0.mean { x, logit in
        let p = 1 / (1 + Double.exp(-logit))
        return x == 1 ? .log(p) : .log(1 - p)
      }
    }
    recognize("e^l became infinite; for a large l, log(1 + e^l) is l + log(1 + e^(−l))") {
      $0.mean { x, logit in x * logit - .log(1 + .exp(logit)) }
    }
  }
}
