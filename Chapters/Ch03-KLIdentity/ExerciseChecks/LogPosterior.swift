import Autodiff
import Exercises
import Probability

extension Checks {
  static func logPosterior(
    _ answer: @escaping ([Double], [Double], Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<PosteriorTask, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.spacing) }) { $0.logPosterior }
    comparison.ask(
      "log P(X|z) = (log 0.2, log 0.6), log P(z) = (0, 0) and the spacing 0.5",
      PosteriorTask(logLikelihoods: [.log(0.2), .log(0.6)], logPrior: [0, 0], spacing: 0.5))
    let tables = Tables(4, seed: 33)
    comparison.ask(
      "log P(X|z) = \(text(tables.logLikelihoods)), P(z) = \(text(tables.prior)) / 0.2 and the "
        + "spacing 0.2",
      PosteriorTask(
        logLikelihoods: tables.logLikelihoods, logPrior: tables.prior.map { .log($0 / 0.2) },
        spacing: 0.2))
    comparison.ask(
      "log P(X|z) = (-2001, -2000, -2003), P(z) = N(0, 1) at -1, 0 and 1, and the spacing 1",
      PosteriorTask(
        logLikelihoods: [-2001, -2000, -2003],
        logPrior: [-1, 0, 1].map(Normal.standard.logProbability), spacing: 1))
    comparison.recognizeMistakes()
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
private struct PosteriorTask {
  let logLikelihoods, logPrior: [Double]
  let spacing: Double

  var logJoint: [Double] { zip(logLikelihoods, logPrior).map { $0 + $1 } }

  /// log P(z|X), where the log of the sum over the grid becomes log P(X) by adding a number.
  func logPosterior(adding logFactor: Double) -> [Double] {
    let logEvidence = logSumExp(logJoint) + logFactor
    return logJoint.map { $0 - logEvidence }
  }

  var logPosterior: [Double] { logPosterior(adding: .log(spacing)) }
}

extension Comparison<PosteriorTask, [Double]> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "that is log P(X|z) + log P(z), which is not yet normalised; subtract log P(X)"
    ) {
      $0.logJoint
    }
    recognize("that is the prior; the posterior takes X into account as well") { $0.logPrior }
    recognize("the prior was left out") { input in
      PosteriorTask(
        logLikelihoods: input.logLikelihoods, logPrior: input.logPrior.map { _ in 0 },
        spacing: input.spacing
      ).logPosterior
    }
    recognize(
      "those are the probabilities of the points; the sum of the density, times the spacing, has "
        + "to be 1"
    ) { $0.logPosterior(adding: 0) }
    recognize("the sum was divided by the spacing; the integral is the sum times it") {
      $0.logPosterior(adding: -.log($0.spacing))
    }
    recognize(
      "P(X) is not the mean over the points; it is the sum times the spacing"
    ) { $0.logPosterior(adding: -.log(Double($0.logPrior.count))) }
    recognize("that is the density itself; return its log") {
      $0.logPosterior.map(Double.exp)
    }
    let underflow =
      "exp(-2000) is 0 in Double, so the sum is 0; subtract the largest logarithm before exp"
    recognize(underflow) { input in
      let evidence = input.logJoint.reduce(0) { $0 + .exp($1) } * input.spacing
      return input.logJoint.map { $0 - .log(evidence) }
    }
    recognize(underflow) { input in
      let evidence = input.logJoint.reduce(0) { $0 + .exp($1) } * input.spacing
      return input.logJoint.map { .log(.exp($0) / evidence) }
    }
  }
}
