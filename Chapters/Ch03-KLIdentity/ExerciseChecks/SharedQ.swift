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
struct SharedQTask {
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
struct SharedQFormula {
  /// The log of Q for one z, up to a constant, from log P(z|X) of all X.
  var logMean: ([Double]) -> Double = { mean($0) }
  var normalizer = LogSumExp()
  /// Q(z), from its log before it is normalised.
  var probability: (_ logMean: Double, _ logNormalizer: Double) -> Double = { .exp($0 - $1) }
  /// What is done in place of that with the logs of Q for all z before they are normalised.
  var probabilities: ((_ logMeans: [Double]) -> [Double])?
  /// The loss, from log C and Q.
  var loss: (_ logNormalizer: Double, _ q: [Double], SharedQTask) -> Double = { log, _, _ in -log }

  func callAsFunction(_ task: SharedQTask) -> Answer {
    let means = task.columns.map(logMean)
    let logNormalizer = normalizer(means)
    let q = probabilities?(means) ?? means.map { probability($0, logNormalizer) }
    return Answer(parts: [("q", q), ("loss", loss(logNormalizer, q, task))])
  }
}
