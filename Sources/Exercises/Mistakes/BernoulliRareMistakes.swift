import Autodiff

extension BernoulliLogProbability {
  /// What goes wrong less often, and only shows if enough is asked.
  public static var rareMistakes: [Mistake<BernoulliLogProbability>] {
    let replaced =
      "what became infinite or NaN was replaced, or left out; it has to be right instead"
    let skipped =
      "pixels with a large logit were left out; for a large l, log(1 + e^l) is l, and X l − l is left"
    return [
      Mistake("sum of densities", "the probabilities were added up, not their logarithms") {
        $0.total = { .log($0.reduce(0) { $0 + .exp($1) }) }
      },
      Mistake(
        "sum of densities, no log", "the probabilities were added up, and no logarithm was taken"
      ) { $0.total = { $0.reduce(0) { $0 + .exp($1) } } },
      Mistake(
        "Gaussian constant",
        "½ log 2π was subtracted for each pixel; that belongs to a normal density, which has a "
          + "different likelihood"
      ) { $0.total = { $0.reduce(0, +) - Double($0.count) / 2 * .log(2 * .pi) } },
      Mistake(
        "1 − p, rounded",
        "log(1 − p) is computed from p, which is rounded to 1 where l is large; take "
          + "−log(1 + e^l), computed as −l − log(1 + e^(−l))"
      ) { $0.logZero = { .log(1 - 1 / (1 + .exp(-$0))) } },
      Mistake(
        "p, rounded",
        "log p is computed from p, which becomes 0 where l is far below 0; take −log(1 + e^(−l))"
      ) { $0.logOne = { .log(1 / (1 + .exp(-$0))) } },
      Mistake("no brackets", "the brackets in (1 − X) log(1 − p) are missing") {
        $0.combined = { x, one, zero in x * one + 1 - x * zero }
      },
      Mistake(
        "softmax, ones only",
        "a softmax was taken over the pixels; each pixel has a p of its own, 1/(1 + e^(−l))"
      ) {
        $0.logits = { logits in
          let logSum = LogSumExp()(logits)
          return logits.map { $0 - logSum }
        }
        $0.logOne = { $0 }
        $0.logZero = { _ in 0 }
      },
      Mistake("only finite", replaced) {
        $0.term = { x, l in
          let value = x * l - .log(1 + .exp(l))
          return value.isFinite ? value : 0
        }
      },
      Mistake("p, only finite", replaced) {
        $0.term = { x, l in
          let p = 1 / (1 + Double.exp(-l))
          let value = x == 1 ? Double.log(p) : .log(1 - p)
          return value.isFinite ? value : 0
        }
      },
      Mistake("only small logits", replaced) {
        $0.term = { x, l in abs(l) > 700 ? 0 : x * l - .log(1 + .exp(l)) }
      },
      Mistake(
        "branches exchanged",
        "the two cases are exchanged: for l > 0 take l + log(1 + e^(−l)), below 0 log(1 + e^l), "
          + "where the exponential stays small"
      ) {
        $0.term = { x, l in
          l < 0 ? x * l - l - .log(1 + .exp(-l)) : x * l - .log(1 + .exp(l))
        }
      },
      Mistake("large logits skipped", skipped) {
        $0.term = { x, l in l > 20 ? 0 : x * l - .log(1 + .exp(l)) }
      },
      Mistake("logits of large size skipped", skipped) {
        $0.term = { x, l in abs(l) > 20 ? 0 : x * l - .log(1 + .exp(l)) }
      },
      Mistake("greatest", replaced) {
        $0.term = { x, l in
          let value = x * l - .log(1 + .exp(l))
          return value.isFinite ? value : -.greatestFiniteMagnitude
        }
      },
    ]
      + PartialSum.all(of: "pixels").map { part in
        Mistake(part.name, part.message) { $0.total = { part.sum($0) } }
      }
  }
}
