import Autodiff

// What goes wrong where the two arguments of a binary cross entropy are exchanged.

extension BernoulliLogProbability {
  /// With the logarithms of X and 1 − X, kept away from −∞, in place of log p and log(1 − p), and
  /// the logit or p in place of X.
  static var exchangeMistakes: [Mistake<BernoulliLogProbability>] {
    let message =
      "the logarithm was taken of the pixels, so the two arguments are exchanged; X says which "
      + "counts, log p or log(1 − p), with p = 1/(1 + e^(−l))"
    let factors: [(name: String, factor: (Double) -> Double)] = [
      ("l", { $0 }), ("p", { .sigmoid($0) }),
    ]
    return (LogSumExp.floors + [.exp(-100)]).flatMap { floor in
      let changes: [(name: String, change: (Double) -> Double)] = [
        ("plus", { $0 + floor }), ("at least", { max($0, floor) }),
        ("within", { min(max($0, floor), 1 - floor) }),
      ]
      return changes.flatMap { name, change in
        factors.map { factorName, factor in
          Mistake<BernoulliLogProbability>(
            "exchanged, \(factorName), \(name) \(floor)", message
          ) {
            $0.term = { x, l in
              factor(l) * .log(change(x)) + (1 - factor(l)) * .log(change(1 - x))
            }
          }
        }
      }
    }
  }
}
