import Autodiff
import Calculations
import Exercises
import Kernels
import Probability

extension Checks {
  static func vaeLoss(
    _ answer: @escaping ([[Double]], [[Double]], [[Double]], [[Double]], Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<LossTask, Double>(of: {
      try answer($0.x, $0.logits, $0.mean, $0.logVariance, $0.beta)
    }) { $0.value }
    for task in LossTask.all {
      comparison.ask(
        "X = \(exact(task.x)), the logits \(exact(task.logits)), μ = \(exact(task.mean)), "
          + "log σ² = \(exact(task.logVariance)) and β = \(exact(task.beta))", task)
    }
    comparison.argument("x", \.x) { 1 - $0 }
    comparison.argument("logits", \.logits)
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.argument("beta", \.beta)
    comparison.recognize(VAELoss.mistakes(showingIn: LossTask.all), in: VAELoss()) { $1($0) }
    comparison.terms(LossTask.termNames) { $0.terms }
    for logLikelihood in LogLikelihoodCalculation.allCases {
      comparison.calculation { $0.calculation(logLikelihood) }
    }
    return Exercise(
      "vae-loss", "The loss of a batch, with the weight β", minutes: 20,
      needs: ["reconstruction"],
      hints: [
        "Without β the loss is a mean over images of a sum over pixels and a sum over latent "
          + "variables. Which sign does each sum have, if the bound is to grow as the loss falls?",
        "You already have log P(X|z): the loss is the mean of β times the divergence, minus "
          + "reconstruction(of: x, logits: logits).",
      ], comparison)
  }
}

/// The numbers that the loss of a batch depends on.
struct LossTask {
  var x: [[Double]]
  var logits: [[Double]]
  var mean: [[Double]]
  var logVariance: [[Double]]
  var beta: Double

  /// By the library.
  var value: Double {
    let q = DiagonalNormal(mean: matrix(mean), logVariance: matrix(logVariance))
    return beta * q.klDivergenceToStandardNormal().mean().scalar
      - meanLogProbability(of: x, logits: logits)
  }

  /// The loss, step by step.
  fileprivate func calculation(_ logLikelihood: LogLikelihoodCalculation) -> Calculation {
    let divergence = divergenceCalculation(
      mean: .argument("mean", mean), logVariance: .argument("logVariance", logVariance)
    ).named("the divergence")
    let logLikelihood = logLikelihood(of: .argument("x", x), logits: .argument("logits", logits))
      .named("log P(X|z)")
    return Calculations.mean(
      .argument("beta", beta) * divergence - logLikelihood, over: "images")
  }

  static let termNames = [
    "−log P(X|z)", "the term ½βμ²", "the term ½βσ²", "the term −½β", "the term −½β log σ²",
  ]

  /// What the loss is the sum of.
  var terms: [Double] {
    func mean(_ term: (_ mean: Double, _ logVariance: Double) -> Double) -> Double {
      0.5 * beta * meanOfSums(zip(self.mean, logVariance).map { zip($0, $1).map(term) })
    }
    return [
      -meanLogProbability(of: x, logits: logits), mean { mean, _ in mean * mean },
      mean { _, logVariance in .exp(logVariance) }, mean { _, _ in -1 },
      mean { _, logVariance in -logVariance },
    ]
  }

  /// A batch at random.
  private static func random(
    seed: UInt64, _ x: [[Double]], latentCount: Int, beta: Double
  ) -> LossTask {
    func numbers(_ columns: Int, _ stream: UInt64) -> [[Double]] {
      roundedNormals(x.count, columns, seed: seed + stream)
    }
    return LossTask(
      x: x, logits: numbers(x[0].count, 0), mean: numbers(latentCount, 1),
      logVariance: numbers(latentCount, 2), beta: beta)
  }

  fileprivate static var all: [LossTask] {
    [
      LossTask(x: [[1, 0]], logits: [[0, 0]], mean: [[1, 0]], logVariance: [[0, 0]], beta: 1),
      random(seed: 52, [[1, 0, 0, 1], [0, 1, 1, 1], [0, 0, 1, 0]], latentCount: 2, beta: 1),
      random(seed: 55, [[0, 1, 0], [1, 1, 0]], latentCount: 4, beta: 4),
      random(seed: 72, [[1, 0, 1, 1, 0], [0, 1, 0, 1, 1]], latentCount: 3, beta: 0.5),
      random(seed: 82, [[1, 1, 0]], latentCount: 2, beta: 3),
      random(seed: 85, [[1, 0], [0, 0], [1, 1], [0, 1]], latentCount: 1, beta: 2),
      random(seed: 88, [[0, 1, 1, 1]], latentCount: 5, beta: 0.25),
      LossTask(x: [[1, 0]], logits: [[0.3, 0.6]], mean: [[0.5]], logVariance: [[0.7]], beta: 2),
      // Where p is 0, where e^l is infinite, where 1 − p is 0, and where a product of probabilities
      // is 0.
      LossTask(x: [[1, 0]], logits: [[-800, 2]], mean: [[0.5]], logVariance: [[-40]], beta: 2),
      LossTask(x: [[0, 1]], logits: [[900, 0.5]], mean: [[-1]], logVariance: [[5]], beta: 1),
      LossTask(x: [[0, 1]], logits: [[40, 0.5]], mean: [[2]], logVariance: [[-1]], beta: 1),
      LossTask(x: [[1, 1]], logits: [[-400, -500]], mean: [[0]], logVariance: [[-3]], beta: 1),
    ]
  }
}

/// The loss, with the places where people go wrong.
struct VAELoss {
  var likelihood = BernoulliLogProbability()
  var divergence = NormalDivergence()
  var loss = VariationalLoss()

  func callAsFunction(_ task: LossTask) -> Double {
    loss(
      logLikelihoods: zip(task.x, task.logits).map { likelihood($0, logits: $1) },
      divergences: zip(task.mean, task.logVariance).map { divergence(means: $0, logVariances: $1) },
      beta: task.beta, pixelCount: task.x[0].count, latentCount: task.mean[0].count)
  }

  /// The mistakes in the loss and in its two terms that some batch shows, each once.
  static func mistakes(showingIn tasks: [LossTask]) -> [Mistake<VAELoss>] {
    (VariationalLoss.mistakes.within(\.loss)
      + (BernoulliLogProbability.mistakes.without("mean", "loss")
      + BernoulliLogProbability.batchMistakes)
      .within(\.likelihood, "in log P(X|z), ")
      + NormalDivergence.mistakesFromStandard.without("mean", "sign")
      .within(\.divergence, "in the divergence, ")
      + NormalDivergence.limits.within(\.divergence, "in the divergence, ")
      + [
        Mistake("softplus", "in the divergence, σ² is log(1 + e^l) of l = log σ²; it is e^l") {
          $0.divergence.variance = { .softplus($0) }
          $0.divergence.logVariance = { .log(.softplus($0)) }
        }
      ])
      // All numbers of one size, so that each counts.
      .distinct(in: VAELoss()) { formula in tasks.map { formula($0) / $0.value } }
  }
}
