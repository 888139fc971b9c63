import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func logPosterior(
    _ answer: @escaping ([Double], [Double], Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<PosteriorTask, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.spacing) }
    ) { PosteriorFormula()($0) }
    let drawn = [(4, 0.2, 33), (5, 0.25, 48), (3, 1.5, 49)].map { count, spacing, seed in
      PosteriorTask(Tables(count, seed: UInt64(seed)), spacing: spacing)
    }
    let byHand = PosteriorTask(
      logLikelihoods: [.log(0.2), .log(0.6)], logPrior: [0, 0], spacing: 0.5,
      description: "log P(X|z) = (log 0.2, log 0.6), log P(z) = (0, 0) and the spacing 0.5")
    // Whatever but the largest is subtracted, exponentials become infinite, or all become 0; which
    // of the cases that happens in tells what was subtracted.
    let underflowing = [
      [-3501, -2000, -3503, -3502], [-2000, -3501, -3502, -3503], [-3503, -3501, -3502, -2000],
      [-2000.5, -3000, -2001, -2000.0],
    ].map { logLikelihoods in
      PosteriorTask(
        logLikelihoods: logLikelihoods,
        logPrior: [-1, 0, 1, 2].map(Normal.standard.logProbability), spacing: 1,
        description: "log P(X|z) = \(exact(logLikelihoods)), P(z) = N(0, 1) at −1, 0, 1 and 2, and "
          + "the spacing 1")
    }
    let tasks = [byHand] + drawn + underflowing
    for task in tasks { comparison.ask(task.description, task) }
    comparison.argument("logLikelihoods", \.logLikelihoods)
    comparison.argument("logPrior", \.logPrior)
    comparison.argument("spacing", \.spacing)
    comparison.recognize(
      PosteriorFormula.mistakes.distinct(in: PosteriorFormula(), tolerance: 1e-9) {
        tasks.map($0.callAsFunction)
      },
      in: PosteriorFormula()
    ) { $1($0) }
    comparison.recognize("the spacing was subtracted in log P(X); add its log there") { task in
      PosteriorFormula()(task).map { $0 + .log(task.spacing) + task.spacing }
    }
    comparison.calculate()
    return Exercise(
      "log-posterior", "The posterior on a grid, in logs", minutes: 15,
      hints: [
        "log P(X|z) + log P(z) is too small or too large by the same number for all z. By which "
          + "number?",
        "log P(X) is the log of a sum of exponentials, plus log(spacing). What is exp(a) in a "
          + "Double if a is near -2000?",
        "With m the largest of the logs, log Σ exp(a) = m + log Σ exp(a − m).",
      ], comparison)
  }
}

/// What is given in the exercise on the posterior.
struct PosteriorTask {
  var logLikelihoods, logPrior: [Double]
  var spacing: Double
  let description: String

  init(logLikelihoods: [Double], logPrior: [Double], spacing: Double, description: String) {
    self.logLikelihoods = logLikelihoods
    self.logPrior = logPrior
    self.spacing = spacing
    self.description = description
  }

  /// Tables, with their prior as a density.
  init(_ tables: Tables, spacing: Double) {
    self.init(
      logLikelihoods: tables.logLikelihoods, logPrior: tables.logPrior.map { $0 - .log(spacing) },
      spacing: spacing,
      description: "log P(X|z) = \(exact(tables.logLikelihoods)), P(z) = \(exact(tables.prior)) / "
        + "\(exact(spacing)) and the spacing \(exact(spacing))")
  }

  var logJoint: [Double] { zip(logLikelihoods, logPrior).map { $0 + $1 } }
}

/// log P(z|X) on a grid.
struct PosteriorFormula {
  /// What P(X) is subtracted from.
  var logNumerator: (PosteriorTask) -> [Double] = { $0.logJoint }
  /// The logs of what is summed in P(X).
  var summands: (PosteriorTask) -> [Double] = { $0.logJoint }
  var evidence = LogSumExp()
  /// What the sum is multiplied by.
  var weight: (_ spacing: Double, _ count: Double) -> Double = { spacing, _ in spacing }
  var finish: (_ logNumerator: Double, _ logEvidence: Double) -> Double = { $0 - $1 }

  /// What stands in place of all that, if it is written in another way.
  var whole: ((PosteriorTask) -> [Double])?

  func callAsFunction(_ task: PosteriorTask) -> [Double] {
    if let whole { return whole(task) }
    let logs = summands(task)
    let logEvidence = evidence(logs, weight: weight(task.spacing, Double(task.logPrior.count)))
    return logNumerator(task).map { finish($0, logEvidence) }
  }
}

extension Comparison<PosteriorTask, [Double]> {
  /// With the largest log subtracted, without, and by the densities themselves.
  fileprivate mutating func calculate() {
    calculation { task in
      let (logLikelihoods, logPrior, spacing) = task.arguments
      let logs = logLikelihoods + logPrior
      let most = largest(logs)
      let logEvidence = most + log(sum(exp(logs - most))) + log(spacing)
      return logs - logEvidence.named("log P(X)")
    }
    calculation { task in
      let (logLikelihoods, logPrior, spacing) = task.arguments
      let logs = logLikelihoods + logPrior
      let most = largest(logs)
      let logEvidence = most + log(spacing * sum(exp(logs - most)))
      return logs - logEvidence.named("log P(X)")
    }
    calculation { task in
      let (logLikelihoods, logPrior, spacing) = task.arguments
      let logs = logLikelihoods + logPrior
      return logs - log((sum(exp(logs)) * spacing).named("P(X)"))
    }
    calculation { task in
      let (logLikelihoods, logPrior, spacing) = task.arguments
      let joint = exp(logLikelihoods) * exp(logPrior)
      return log(joint / (spacing * sum(joint)).named("P(X)"))
    }
  }
}

extension PosteriorTask {
  fileprivate var arguments:
    (logLikelihoods: Calculation, logPrior: Calculation, spacing: Calculation)
  {
    (
      .argument("logLikelihoods", logLikelihoods), .argument("logPrior", logPrior),
      .argument("spacing", spacing)
    )
  }
}
