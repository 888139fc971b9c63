import Autodiff
import Exercises
import Kernels
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      reconstruction(Exercises.reconstruction), vaeLoss(Exercises.vaeLoss),
      adamStep(Exercises.adamStep), activeUnits(Exercises.activeUnits),
      importanceWeightedBound(Exercises.importanceWeightedBound),
      nearestDistances(Exercises.nearestDistances),
      levelProbabilities(Exercises.levelProbabilities),
      differentiableLoss(Exercises.differentiableLoss), fitMixture(Exercises.fitMixture),
    ]
  }
}

/// The mean over the images of log P(X|z).
func meanLogProbability(of x: [[Double]], logits: [[Double]]) -> Double {
  Bernoulli(logits: matrix(logits)).logProbability(of: matrix(x)).mean().scalar
}

extension BernoulliLogProbability {
  /// More that goes wrong with Σ [xl − log(1 + e^l)].
  static var batchMistakes: [Mistake<BernoulliLogProbability>] {
    func term(
      _ name: String, _ message: String, _ term: @escaping (_ x: Double, _ logit: Double) -> Double
    ) -> Mistake<BernoulliLogProbability> {
      Mistake(name, message) { $0.term = term }
    }
    func logarithm(_ name: String, base: Double) -> Mistake<BernoulliLogProbability> {
      term("softplus with \(name)", "\(name) was taken in log(1 + e^l); the natural one is `log`") {
        x, l in x * l - max(l, 0) - .log1p(.exp(-abs(l))) / .log(base)
      }
    }
    return [
      logarithm("log2", base: 2), logarithm("log10", base: 10),
      term("no 1", "the 1 is missing in log(1 + e^l)") { x, l in x * l - l },
      term("no 1 of −|l|", "the 1 is missing in log(1 + e^(−|l|))") { x, l in
        x * l - max(l, 0) + abs(l)
      },
      term("plus log", "log(1 + e^(−|l|)) was added to xl − max(l, 0); subtract it as well") {
        x, l in x * l - max(l, 0) + .log1p(.exp(-abs(l)))
      },
      term("minus xl", "xl has the wrong sign: it is xl − log(1 + e^l)") { x, l in
        -x * l - .softplus(l)
      },
      Mistake(
        "product of p",
        "the product of the probabilities became 0 before its log was taken; add up logarithms"
      ) {
        $0.logOne = { .log(1 / (1 + .exp(-$0))) }
        $0.logZero = { .log(1 - 1 / (1 + .exp(-$0))) }
        $0.combined = { x, one, zero in x == 1 ? one : zero }
        $0.total = { .log($0.reduce(1) { $0 * .exp($1) }) }
      },
      term("absolute error", "that is |x − p|; pixels of 0 and 1 need log p or log(1 − p)") {
        x, l in -abs(x - .sigmoid(l))
      },
      term(
        "softplus of black", "log(1 + e^l) has the factor 1 − x; every pixel has it, white ones too"
      ) { x, l in x * l - (1 - x) * .softplus(l) },
      term("both signs", "l has the factor 2x − 1; it is xl − log(1 + e^l)") { x, l in
        (2 * x - 1) * l - .softplus(l)
      },
      term("no log", "that is the sum of P of each pixel; take its log before the sum") { x, l in
        .exp(x * l - .softplus(l))
      },
      term("0.5 as threshold", "that counts the pixels that p > ½ gets wrong; take log p") {
        x, l in (l > 0) == (x == 1) ? 0 : -1
      },
      term("x in the exponential", "x belongs outside: xl − log(1 + e^l), not log(1 + e^(xl))") {
        x, l in x * l - .softplus(x * l)
      },
      term("l twice", "log(1 + e^l) has the factor x; every pixel has it, black ones too") {
        x, l in x * l - x * .softplus(l)
      },
    ]
  }
}
