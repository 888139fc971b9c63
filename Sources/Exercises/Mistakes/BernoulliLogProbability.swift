import Autodiff

/// log P(X|z) of pixels that are 0 or 1, from logits: the sum of X log p + (1 − X) log(1 − p), and
/// where people go wrong in it.
public struct BernoulliLogProbability {
  /// What takes the place of the logits.
  public var logits: ([Double]) -> [Double] = { $0 }
  /// log p, from the logit.
  public var logOne: (Double) -> Double = { -.softplus(-$0) }
  /// log(1 − p), from the logit.
  public var logZero: (Double) -> Double = { -.softplus($0) }
  /// The two terms of a pixel.
  public var combined: (_ x: Double, _ logOne: Double, _ logZero: Double) -> Double = {
    $0 * $1 + (1 - $0) * $2
  }
  /// A term of a pixel that takes the place of all this.
  public var term: ((_ x: Double, _ logit: Double) -> Double)?
  /// What is done with the terms of the pixels.
  public var total: ([Double]) -> Double = { $0.reduce(0, +) }
  /// What the total is multiplied by.
  public var factor = 1.0

  /// The right formula.
  public init() {}

  /// The log probability of an image.
  public func callAsFunction(_ x: [Double], logits: [Double]) -> Double {
    factor
      * total(
        zip(x, self.logits(logits)).map { x, l in
          term?(x, l) ?? combined(x, logOne(l), logZero(l))
        })
  }

  /// What can go wrong in it.
  public static var mistakes: [Mistake<BernoulliLogProbability>] {
    mistakesOfTheWhole + mistakesOfTheTerms + mistakesOfTheProbability + mistakesOfSoftplus
      + rangeMistakes + floorMistakes + roundedFloorMistakes + shiftMistakes
      + exchangeMistakes
  }

  private static var mistakesOfTheWhole: [Mistake<BernoulliLogProbability>] {
    [
      Mistake(
        "mean", "that is the mean over the pixels; log P(X|z) of an image is their sum",
        isCommon: true
      ) { $0.total = { $0.reduce(0, +) / Double($0.count) } },
      Mistake(
        "loss", "that is −log P(X|z), as in a loss; the exercise asks for log P(X|z)",
        isCommon: true
      ) { $0.factor = -1 },
      Mistake("log2", "that is in bits; take the natural logarithm to get nats") {
        $0.factor = 1 / .log(2)
      },
      Mistake("log10", "log10 was taken; the natural logarithm is `log`") {
        $0.factor = 1 / .log(10)
      },
      Mistake("no log", "that is the probability; the exercise asks for its logarithm") {
        $0.total = { .exp($0.reduce(0, +)) }
      },
      Mistake("product of logs", "the log probabilities were multiplied; logarithms are added") {
        $0.total = { $0.reduce(1, *) }
      },
      Mistake(
        "product",
        "the product of the probabilities became 0 before its log was taken; add up logarithms"
      ) { $0.total = { .log($0.reduce(1) { $0 * .exp($1) }) } },
    ]
  }

  private static var mistakesOfTheTerms: [Mistake<BernoulliLogProbability>] {
    [
      Mistake(
        "no black", "the black pixels were left out; a pixel that is 0 has the probability 1 − p",
        isCommon: true
      ) { $0.combined = { x, one, _ in x * one } },
      Mistake("no white", "the white pixels were left out; a pixel that is 1 has the probability p")
      { $0.combined = { x, _, zero in (1 - x) * zero } },
      Mistake(
        "exchanged", "0 and 1 are exchanged, or the logit’s sign; p is the probability of a 1",
        isCommon: true
      ) { $0.logits = { $0.map { -$0 } } },
      Mistake("minus black", "(1 − X) log(1 − p) was subtracted; both terms are added") {
        $0.combined = { x, one, zero in x * one - (1 - x) * zero }
      },
      Mistake("always p", "black pixels have the probability 1 − p, not p") {
        $0.combined = { _, one, _ in one }
      },
      Mistake("always 1 − p", "white pixels have the probability p, not 1 − p") {
        $0.combined = { _, _, zero in zero }
      },
      Mistake("no 1 − X", "log(1 − p) counts only where X is 0: the factor 1 − X is missing") {
        $0.combined = { x, one, zero in x * one + zero }
      },
      Mistake("no X", "log p counts only where X is 1: the factor X is missing") {
        $0.combined = { x, one, zero in one + (1 - x) * zero }
      },
      Mistake("both", "log p and log(1 − p) were added for every pixel; X says which one counts") {
        $0.combined = { _, one, zero in one + zero }
      },
      Mistake(
        "not normalised",
        "that is the sum of Xⱼlⱼ; the term log(1 + e^l), which makes probabilities sum to 1, is "
          + "missing"
      ) { $0.term = { x, l in x * l } },
      Mistake(
        "entropy", "p stands in place of X, so that is an entropy; X says which logarithm counts"
      ) {
        $0.term = { _, l in
          let p = Double.sigmoid(l)
          return -p * .softplus(-l) - (1 - p) * .softplus(l)
        }
      },
      Mistake(
        "squared error", "that is a squared error; pixels of 0 and 1 need log p or log(1 − p)",
        isCommon: true
      ) { $0.term = { x, l in -(x - .sigmoid(l)) * (x - .sigmoid(l)) } },
      Mistake(
        "half squared error", "that is a squared error; pixels of 0 and 1 need log p or log(1 − p)"
      ) { $0.term = { x, l in -(x - .sigmoid(l)) * (x - .sigmoid(l)) / 2 } },
      Mistake(
        "squared error of logits",
        "that is a squared error, between a pixel and its logit; the probability is 1/(1 + e^(−l))"
      ) { $0.term = { x, l in -(x - l) * (x - l) } },
      Mistake(
        "half squared error of logits",
        "that is a squared error, between a pixel and its logit; the probability is 1/(1 + e^(−l))"
      ) { $0.term = { x, l in -(x - l) * (x - l) / 2 } },
    ]
  }

  private static var mistakesOfTheProbability: [Mistake<BernoulliLogProbability>] {
    [
      Mistake(
        "sigmoid twice", "the sigmoid was applied twice; the logit goes into log(1 + e^l), not p"
      ) { $0.logits = { $0.map { .sigmoid($0) } } },
      Mistake(
        "logit for p", "the logit was used as the probability; p is 1/(1 + e^(−l))"
      ) {
        $0.logOne = { .log($0) }
        $0.logZero = { .log(1 - $0) }
      },
      Mistake("exp for p", "e^l was used as the probability; p is 1/(1 + e^(−l))") {
        $0.logOne = { $0 }
        $0.logZero = { .log(1 - .exp($0)) }
      },
      Mistake("odds for 1 − p", "1 − p is 1/(1 + e^l); 1 + e^(−l) is 1/p") {
        $0.logZero = { .softplus(-$0) }
      },
      Mistake("tanh", "p was computed with tanh; it is 1/(1 + e^(−l))") {
        $0.logits = { $0.map { 2 * $0 } }
      },
      Mistake("half the logit", "the logit was halved; p is 1/(1 + e^(−l))") {
        $0.logits = { $0.map { $0 / 2 } }
      },
      Mistake(
        "softmax",
        "a softmax was taken over the pixels; each pixel has a p of its own, 1/(1 + e^(−l))"
      ) {
        $0.logits = { logits in
          let sum = LogSumExp()
          return logits.indices.map { j in
            let others = logits.indices.filter { $0 != j }.map { logits[$0] }
            return others.isEmpty ? .infinity : logits[j] - sum(others)
          }
        }
      },
    ]
  }

  private static var mistakesOfSoftplus: [Mistake<BernoulliLogProbability>] {
    [
      Mistake("plus softplus", "log(1 + e^l) was added; it has to be subtracted") {
        $0.term = { x, l in x * l + .softplus(l) }
      },
      Mistake(
        "softplus of −l", "log(1 + e^(−l)) was subtracted from Xl; it has to be log(1 + e^l)"
      ) { $0.term = { x, l in x * l - .softplus(-l) } },
      Mistake("no max", "max(l, 0) is missing: log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|))") {
        $0.term = { x, l in x * l - .log1p(.exp(-abs(l))) }
      },
      Mistake(
        "only max", "log(1 + e^(−|l|)) is missing: log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|))"
      ) { $0.term = { x, l in x * l - max(l, 0) } },
      Mistake(
        "no absolute value",
        "the absolute value is missing in log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|))"
      ) { $0.term = { x, l in x * l - max(l, 0) - .log(1 + .exp(-l)) } },
      Mistake("plus |l|", "the sign of |l| is wrong: log(1 + e^l) = max(l, 0) + log(1 + e^(−|l|))")
      {
        $0.term = { x, l in x * l - max(l, 0) - .log(1 + .exp(abs(l))) }
      },
      Mistake("min", "log(1 + e^l) is max(l, 0) + log(1 + e^(−|l|)); not min(l, 0)") {
        $0.term = { x, l in x * l - min(l, 0) - .log1p(.exp(-abs(l))) }
      },
      Mistake(
        "|l|", "|l| stands in place of max(l, 0): log(1 + e^l) is max(l, 0) + log(1 + e^(−|l|))"
      ) { $0.term = { x, l in x * l - abs(l) - .log1p(.exp(-abs(l))) } },
    ]
  }

  /// Right except for very large or small logits.
  private static var rangeMistakes: [Mistake<BernoulliLogProbability>] {
    let rounded =
      "p became 0 or 1 before its logarithm was taken; compute the logarithm directly from the "
      + "logit"
    return [
      Mistake("p", rounded) {
        $0.logOne = { .log(1 / (1 + .exp(-$0))) }
        $0.logZero = { .log(1 - 1 / (1 + .exp(-$0))) }
      },
      Mistake("p, chosen by X", rounded) {
        $0.term = { x, l in
          let p = 1 / (1 + Double.exp(-l))
          return x == 1 ? .log(p) : .log(1 - p)
        }
      },
      Mistake(
        "p from e^l", "e^l became infinite, and ∞/∞ is NaN; compute the logarithm from the logit"
      ) {
        $0.logOne = { .log(.exp($0) / (1 + .exp($0))) }
        $0.logZero = { .log(1 - .exp($0) / (1 + .exp($0))) }
      },
      Mistake("log of each", "e^l or e^(−l) became infinite; log(1 + e^l) is l + log(1 + e^(−l))") {
        $0.logOne = { -.log(1 + .exp(-$0)) }
        $0.logZero = { -.log(1 + .exp($0)) }
      },
      Mistake("e^l", "e^l became infinite; for a large l, log(1 + e^l) is l + log(1 + e^(−l))") {
        $0.term = { x, l in x * l - .log(1 + .exp(l)) }
      },
      Mistake("e^(−l)", "e^(−l) became infinite; for l < 0, log(1 + e^(−l)) is −l + log(1 + e^l)") {
        $0.term = { x, l in (x - 1) * l - .log(1 + .exp(-l)) }
      },
    ]
  }

  /// With p kept away from 0 and 1, or the logit from ±∞.
  private static var floorMistakes: [Mistake<BernoulliLogProbability>] {
    let message = messageAboutFloors
    return LogSumExp.floors.flatMap { floor in
      [
        Mistake("p within \(floor)", message) {
          $0.term = { x, l in
            let p = min(max(1 / (1 + .exp(-l)), floor), 1 - floor)
            return x == 1 ? .log(p) : .log(1 - p)
          }
        },
        Mistake("p within \(floor), and plus \(floor)", message) {
          $0.term = { x, l in
            let p = min(max(1 / (1 + .exp(-l)), floor), 1 - floor)
            return .log((x == 1 ? p : 1 - p) + floor)
          }
        },
        Mistake("p at least \(floor)", message) {
          $0.logOne = { .log(max(1 / (1 + .exp(-$0)), floor)) }
          $0.logZero = { .log(max(1 - 1 / (1 + .exp(-$0)), floor)) }
        },
        Mistake("p plus \(floor)", message) {
          $0.logOne = { .log(1 / (1 + .exp(-$0)) + floor) }
          $0.logZero = { .log(1 - 1 / (1 + .exp(-$0)) + floor) }
        },
      ]
    }
      + [10, 15, 16, 20, 30, 50, 80, 88, 100, 200, 300, 500, 700, 709].flatMap { limit in
        [
          Mistake("logits within \(limit)", message) {
            $0.logits = { $0.map { min(max($0, -limit), limit) } }
          },
          Mistake("logs at least \(-limit)", message) {
            $0.logOne = { max(-.softplus(-$0), -limit) }
            $0.logZero = { max(-.softplus($0), -limit) }
          },
        ]
      }
  }
}
