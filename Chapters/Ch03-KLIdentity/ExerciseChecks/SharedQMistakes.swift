import Autodiff
import Exercises
import Probability

extension SharedQFormula {
  static var mistakes: [Mistake<Self>] {
    ofTheMean + ofLogsOfLogs + ofTheNormalizer + ofTheLoss
      + LogSumExp.mistakes.within(\.normalizer, "in log C, ")
  }

  /// The mean of D[Q‖P(z|X)] over X.
  private static func meanDivergence(_ q: [Double], _ task: SharedQTask) -> Double {
    task.meanOverX { CategoricalDivergence()(q, $0) }
  }

  private static var ofTheMean: [Mistake<Self>] {
    let mixture =
      "that is the mean of the posteriors; take the mean of their logs (a geometric mean)"
    return [
      .init("mixture", mixture) {
        $0.logMean = { .log(mean($0.map(Double.exp))) }
        $0.loss = { _, q, task in meanDivergence(q, task) }
      },
      .init("mixture with C", mixture) { $0.logMean = { .log(mean($0.map(Double.exp))) } },
      .init("mixture with the right loss", mixture) {
        $0.logMean = { .log(mean($0.map(Double.exp))) }
        $0.loss = { _, _, task in SharedQFormula()(task).values.last ?? 0 }
      },
      .init(
        "product", "the logs were added up over X; take their mean (a product is not the mean)",
        isCommon: true
      ) { $0.logMean = { $0.reduce(0, +) } },
      .init("product with D", "the logs were added up over X; take their mean") {
        $0.logMean = { $0.reduce(0, +) }
        $0.loss = { _, q, task in meanDivergence(q, task) }
      },
      .init("first", "only the first X counts; take the mean over all of them") {
        $0.logMean = { $0[0] }
      },
      .init("last", "only the last X counts; take the mean over all of them") {
        $0.logMean = { $0[$0.count - 1] }
      },
      .init("half", "the logs were divided by 2; divide their sum by the number of X") {
        $0.logMean = { 0.5 * $0.reduce(0, +) }
      },
      .init("n − 1", "the sum of the logs was divided by N − 1; divide it by N") {
        $0.logMean = { $0.reduce(0, +) / Double($0.count - 1) }
      },
      .init(
        "harmonic", "that is the harmonic mean of the posteriors; take the mean of their logs"
      ) { $0.logMean = { -.log(mean($0.map { .exp(-$0) })) } },
      .init(
        "root 0",
        "all values of z get the same: is 1 / N a division of two Ints, which is 0, so that the "
          + "root of the product is its power 0?"
      ) { $0.logMean = { _ in 0 } },
      .init(
        "running half",
        "(a + b)/2 from one X to the next gives the last X half of all the weight; divide the sum "
          + "by the number of X"
      ) { $0.logMean = { $0.dropFirst().reduce($0[0]) { ($0 + $1) / 2 } } },
      .init("mean of exponentials of the log", "the largest of the logs was taken, not the mean") {
        $0.logMean = { $0.max() ?? 0 }
      },
      .init("without the last", "the last X is missing from the sum of logs") {
        $0.logMean = { $0.dropLast().reduce(0, +) / Double($0.count) }
      },
      .init("without the first", "the first X is missing from the sum of logs") {
        $0.logMean = { $0.dropFirst().reduce(0, +) / Double($0.count) }
      },
    ]
  }

  /// The log of a log, and perhaps of one that is limited.
  private static var ofLogsOfLogs: [Mistake<Self>] {
    [0, 1e-12, 1e-10, 1e-9, 1e-8].map { small in
      .init(
        "log of the size, \(small)",
        "the log was taken once more, of |log P(z|X)|; these are logs already, so take their mean"
      ) { $0.logMean = { mean($0.map { .log(abs($0) + small) }) } }
    }
      + [1e-12, 1e-10, 1e-9, 1e-8].map { small in
        .init(
          "log of the size at least \(small)",
          "the log was taken once more, of |log P(z|X)|; these are logs already, so take their mean"
        ) { $0.logMean = { mean($0.map { .log(max(abs($0), small)) }) } }
      }
  }

  private static var ofTheNormalizer: [Mistake<Self>] {
    func dividedInPlace(_ terms: [Double]) -> [Double] {
      var terms = terms
      for z in terms.indices { terms[z] /= terms.reduce(0, +) }
      return terms
    }
    let inPlace =
      "Q was divided by its sum in place, and the sum was taken anew after each division; compute C "
      + "first"
    return [
      .init("in place", inPlace) {
        $0.probabilities = { dividedInPlace($0.map { .exp($0) }) }
      },
      .init("in place, shifted", inPlace) {
        $0.probabilities = { logs in dividedInPlace(logs.map { .exp($0 - (logs.max() ?? 0)) }) }
      },
      .init("not normalised", "Q does not sum to 1: divide it by C", isCommon: true) {
        $0.probability = { log, _ in .exp(log) }
      },
      .init("logs", "q holds log Q(z); return Q(z) itself", isCommon: true) {
        $0.probability = { $0 - $1 }
      },
      .init("logs, not normalised", "q holds the means of the logs; take exp, and divide by C") {
        $0.probability = { log, _ in log }
      },
      .init("times C", "Q was multiplied by C; divide by it") {
        $0.probability = { .exp($0 + $1) }
      },
      .init("by log C", "Q was divided by log C; divide it by C") {
        $0.probability = { .exp($0) / $1 }
      },
      .init("logs normalised", "the logs were divided by their sum; normalise their exponentials") {
        $0.normalizer.shift = { _ in 0 }
        $0.normalizer.exponential = { $0 }
        $0.normalizer.logarithm = { sum, _ in sum }
        $0.probability = { $0 / $1 }
      },
      .init(
        "0/0", "exp(−1000) is 0 in Double, and so is C; subtract the largest of the means first"
      ) {
        $0.normalizer.shift = { _ in 0 }
        $0.probability = { .exp($0) / .exp($1) }
      },
    ]
  }

  private static var ofTheLoss: [Mistake<Self>] {
    func loss(
      _ name: String, _ message: String, isCommon: Bool = false,
      _ loss: @escaping (Double, [Double], SharedQTask) -> Double
    ) -> Mistake<Self> {
      Mistake(name, message, isCommon: isCommon) { $0.loss = loss }
    }
    return [
      loss("sign", "the loss is −log C, and positive; that is log C", isCommon: true) {
        log, _, _ in log
      },
      loss("C", "the loss is −log C; that is C itself") { log, _, _ in .exp(log) },
      loss("1 − C", "the loss is −log C; that is 1 − C") { log, _, _ in 1 - .exp(log) },
      loss("bits", "the loss is in bits; take the natural logarithm", isCommon: true) {
        log, _, _ in -log / .log(2)
      },
      loss("sum", "the loss is the sum over X; take the mean") { log, _, task in
        -log * Double(task.logPosteriors.count)
      },
      loss("divided", "−log C is the loss for each X already; do not divide by their number") {
        log, _, task in -log / Double(task.logPosteriors.count)
      },
      loss("no weights", "the loss has no weights: in D, each log Q − log P is multiplied by Q(z)")
      {
        log, q, _ in -log * Double(q.count)
      },
      loss("reversed", "the loss is the mean of D[Q‖P(z|X)]; that is the mean of D[P(z|X)‖Q]") {
        _, q, task in task.meanOverX { CategoricalDivergence()($0, q) }
      },
      loss("first", "the loss is D from the first posterior; take the mean over X") { _, q, task in
        CategoricalDivergence()(q, task.posteriors[0])
      },
      loss("last", "the loss is D from the last posterior; take the mean over X") { _, q, task in
        CategoricalDivergence()(q, task.posteriors[task.posteriors.count - 1])
      },
      loss("entropy", "the loss is the entropy of Q; it should be −log C") { _, q, _ in
        -q.reduce(0) { $1 > 0 ? $0 + $1 * .log($1) : $0 }
      },
      loss("largest", "in log C, the largest of the means was not added back at the end") {
        log, _, task in (task.columns.map { mean($0) }.max() ?? 0) - log
      },
      loss("zero", "the loss is 0; one Q cannot equal several posteriors") { _, _, _ in 0 },
    ]
  }
}
