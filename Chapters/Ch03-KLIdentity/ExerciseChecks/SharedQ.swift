import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func sharedQ(
    _ answer: @escaping ([[Double]]) throws -> Exercises.SharedQ
  ) -> Exercise {
    var comparison = Comparison<SharedQTask, Answer>(
      of: {
        let shared = try answer($0.logPosteriors)
        return Answer(parts: [("q", shared.q), ("loss", shared.loss)])
      }
    ) { SharedQFormula()($0) }
    let byHand = SharedQTask([[0.5, 0.5], [0.9, 0.1]])
    let drawn = [(3, 3), (2, 4), (4, 3), (5, 2)].map { count, values in
      SharedQTask(
        (0..<count).map { probabilities(values, seed: UInt64(60 + 10 * count + values + $0)) })
    }
    // Whatever but the largest mean is subtracted, exponentials become infinite, or all become 0.
    let underflowing = [
      [[0, -2000], [-6000, 0]], [[-2000, 0], [0, -6000]],
      [[0, -2002, -2000], [-2000, 0.0, -2000]],
    ].map { SharedQTask(logPosteriors: $0, description: "log P(z|X) = \(exact($0))") }
    let tasks = [byHand] + drawn + underflowing
    for task in tasks { comparison.ask(task.description, task) }
    comparison.argument("logPosteriors", \.logPosteriors)
    comparison.recognize(
      SharedQFormula.mistakes.distinct(in: SharedQFormula(), tolerance: 1e-9) { formula in
        tasks.map { formula($0).values }
      }, in: SharedQFormula()
    ) { $1($0) }
    comparison.calculate()
    return Exercise(
      "shared-q", "The best Q for all X", minutes: 20,
      hints: [
        "For each z, take the mean of log P(z|X) over the rows. What do the exponentials of these "
          + "means add up to?",
        "log C is the log of a sum of exponentials: subtract the largest of the means first, as in "
          + "log-posterior. Then Q(z) is exp(mean − log C), and the loss is −log C.",
      ], comparison)
  }
}

/// What is given in the exercise on the best Q for all X.
private struct SharedQTask {
  var logPosteriors: [[Double]]
  let description: String

  init(logPosteriors: [[Double]], description: String) {
    self.logPosteriors = logPosteriors
    self.description = description
  }

  init(_ posteriors: [[Double]]) {
    self.init(
      logPosteriors: posteriors.map { $0.map(Double.log) },
      description: "the posteriors \(exact(posteriors))")
  }

  var columns: [[Double]] { transposed(logPosteriors) }

  var posteriors: [[Double]] { logPosteriors.map { $0.map(Double.exp) } }

  /// The mean of a function of the posterior over X.
  func meanOverX(_ function: ([Double]) -> Double) -> Double { mean(posteriors.map(function)) }
}

extension Comparison<SharedQTask, Answer> {
  /// Plainly, with the largest mean subtracted, and with the loss as a mean of divergences.
  fileprivate mutating func calculate() {
    func means(_ task: SharedQTask) -> Calculation {
      mean(.argument("logPosteriors", task.logPosteriors), axis: 0, over: "X")
        .named("the mean of the logs")
    }
    calculation { task in
      let terms = exp(means(task))
      let constant = sum(terms).named("C")
      return .list([terms / constant, -log(constant)])
    }
    calculation { task in
      let logs = means(task)
      let most = largest(logs)
      let terms = exp(logs - most)
      let total = sum(terms)
      return .list([terms / total, -(most + log(total))])
    }
    calculation { task in
      let logPosteriors = Calculation.argument("logPosteriors", task.logPosteriors)
      let logs = mean(logPosteriors, axis: 0, over: "X").named("the mean of the logs")
      let terms = exp(logs)
      let q = (terms / sum(terms)).named("q")
      let divergences = sum(q * (log(q) - logPosteriors), axis: 1, over: "z")
      return .list([q, mean(divergences.named("D[Q‖P(z|X)]"))])
    }
  }
}

/// The normalised geometric mean of the posteriors, and its loss.
private struct SharedQFormula {
  /// The log of Q for one z, up to a constant, from log P(z|X) of all X.
  var logMean: ([Double]) -> Double = { mean($0) }
  var normalizer = LogSumExp()
  /// Q(z), from its log before it is normalised.
  var probability: (_ logMean: Double, _ logNormalizer: Double) -> Double = { .exp($0 - $1) }
  /// The loss, from log C and Q.
  var loss: (_ logNormalizer: Double, _ q: [Double], SharedQTask) -> Double = { log, _, _ in -log }

  func callAsFunction(_ task: SharedQTask) -> Answer {
    let means = task.columns.map(logMean)
    let logNormalizer = normalizer(means)
    let q = means.map { probability($0, logNormalizer) }
    return Answer(parts: [("q", q), ("loss", loss(logNormalizer, q, task))])
  }

  static var mistakes: [Mistake<Self>] {
    ofTheMean + ofTheNormalizer + ofTheLoss + LogSumExp.mistakes.within(\.normalizer, "in log C, ")
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

  private static var ofTheNormalizer: [Mistake<Self>] {
    [
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
