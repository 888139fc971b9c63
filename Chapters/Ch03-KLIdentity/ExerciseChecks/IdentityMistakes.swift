import Autodiff
import Exercises

extension IdentityFormula {
  static var mistakes: [Mistake<Self>] {
    ofOrder + ofTheEvidence + ofWrongEvidence + ofTheSecond + ofTheThird + ofTheFourth
      + ofBothDivergences
      + LogSumExp.mistakes.within(\.evidence, "in log P(X), ")
      + CategoricalDivergence.mistakes.within(\.gap, "in the second number, ")
      + CategoricalDivergence.mistakes.within(\.divergence, "in the fourth number, ")
  }

  static var twoSides: Mistake<Self> {
    .init("two sides", "those are the two sides of the identity; return its four terms") {
      $0.finish = { terms, _ in [terms[0] - terms[1], terms[2] - terms[3]] }
    }
  }

  /// A mistake in one of the four numbers, which leaves the others as they are.
  private static func number(
    _ index: Int, _ name: String, _ message: String, _ value: @escaping (Tables) -> Double
  ) -> Mistake<Self> {
    Mistake(name, message) {
      let finish = $0.finish
      $0.finish = { terms, tables in
        var terms = finish(terms, tables)
        terms[index] = value(tables)
        return terms
      }
    }
  }

  private static func finished(
    _ name: String, _ message: String, _ finish: @escaping ([Double]) -> [Double]
  ) -> Mistake<Self> {
    Mistake(name, message) { $0.finish = { terms, _ in finish(terms) } }
  }

  private static var ofOrder: [Mistake<Self>] {
    [
      finished(
        "exchanged", "the two divergences are exchanged: D from the posterior comes second"
      ) { [$0[0], $0[3], $0[2], $0[1]] },
      finished("signs", "both divergences have the wrong sign; they are never negative") {
        [$0[0], -$0[1], $0[2], -$0[3]]
      },
      finished("second sign", "the sign of the second is flipped; D is never negative") {
        [$0[0], -$0[1], $0[2], $0[3]]
      },
      finished("bits", "those are bits; take the natural logarithm to get nats") {
        $0.map { $0 / .log(2) }
      },
      finished("ordered by side", "the second and the third number are exchanged") {
        [$0[0], $0[2], $0[1], $0[3]]
      },
    ]
  }

  private static var ofTheEvidence: [Mistake<Self>] {
    let notLogs =
      "NaN in every case: is a log taken of logPrior or of log P(X)? They are logs already, and "
      + "negative"
    let underQ = "that is log Σ Q P(X|z); in P(X) the mean is over the prior"
    let noPrior = "that is log Σ P(X|z), without the prior's weights"
    return [
      number(0, "under Q", underQ) { tables in
        .log(tables.mean { .exp(tables.logLikelihoods[$0]) })
      },
      .init("under Q, posterior as well", underQ) {
        $0.logJoint = { zip($0.logLikelihoods, $0.q).map { $0 + .log($1) } }
      },
      .init("posterior of Q", "in P(X) and in the posterior, Q stands in place of the prior") {
        $0.logJoint = { zip($0.logLikelihoods, $0.q).map { $0 + .log($1) } }
        $0.logPosterior = $0.logJoint
      },
      number(0, "no prior", noPrior) { LogSumExp()($0.logLikelihoods) },
      .init("no prior, posterior as well", noPrior) { $0.logJoint = { $0.logLikelihoods } },
      .init("no prior at all", "the prior is missing from P(X) and from the posterior") {
        $0.logJoint = { $0.logLikelihoods }
        $0.logPosterior = { $0.logLikelihoods }
      },
      .init("mean in place of the prior", "P(X) is the mean under the prior, not a plain mean") {
        $0.logJoint = { tables in
          tables.logLikelihoods.map { $0 - .log(Double(tables.q.count)) }
        }
      },
      .init("last missing", "the last z is missing from P(X)") {
        $0.logJoint = { $0.logJoint.dropLast() }
      },
      .init("first missing", "the first z is missing from P(X)") {
        $0.logJoint = { Array($0.logJoint.dropFirst()) }
      },
      number(0, "last missing, first number", "the last z is missing from P(X)") {
        LogSumExp()($0.logJoint.dropLast())
      },
      number(0, "mean", "log P(X) is the log of a sum over z, not of a mean") {
        $0.logEvidence - .log(Double($0.q.count))
      },
      .init("mean, posterior as well", "log P(X) is the log of a sum over z, not of a mean") {
        $0.logJoint = { tables in tables.logJoint.map { $0 - .log(Double(tables.q.count)) } }
      },
      number(0, "NaN", notLogs) { _ in .nan },
      number(1, "NaN in the second", notLogs) { _ in .nan },
      number(3, "NaN in the fourth", notLogs) { _ in .nan },
      finished("NaN twice", notLogs) { [.nan, .nan, $0[2], $0[3]] },
      finished("NaN in both divergences", notLogs) { [$0[0], .nan, $0[2], .nan] },
      finished("NaN in three", notLogs) { [.nan, .nan, $0[2], .nan] },
      number(0, "the bound", "that is the bound; log P(X) is D[Q‖P(z|X)] more") {
        $0.reconstruction - $0.divergence
      },
      underflow("∞", .infinity), underflow("−∞", -.infinity), underflow("NaN", .nan),
    ]
  }

  /// A wrong log P(X): in the first number alone, and in the posterior as well.
  private static func evidence(
    _ name: String, _ message: String, _ value: @escaping (Tables) -> Double
  ) -> [Mistake<Self>] {
    [
      number(0, name, message, value),
      Mistake("\(name), posterior as well", message) {
        // By logs, so that a wrong log P(X) does not make exponentials 0.
        $0.finish = { terms, tables in
          let wrong = value(tables)
          return [wrong, terms[1] + wrong - terms[0], terms[2], terms[3]]
        }
      },
    ]
  }

  private static var ofWrongEvidence: [Mistake<Self>] {
    let underQ = "that is log Σ Q P(X|z); in P(X) the mean is over the prior"
    let pairs: [[Mistake<Self>]] = [
      evidence(
        "mean of logs",
        "that is the mean of log P(X|z) over the prior; log P(X) is the log of a mean"
      ) { $0.mean(under: $0.prior, $0.logLikelihoods) },
      evidence("under Q, by logs", underQ) { $0.logMeanLikelihood },
      evidence(
        "weighted twice", "the sum in P(X) has the weights P(z) alone, not Q(z) as well"
      ) { LogSumExp()(zip($0.q, $0.logJoint).map { .log($0) + $1 }) },
      evidence(
        "mean of logs over the posterior",
        "that is the mean of log P(X|z) over the posterior; log P(X) is the log of a mean"
      ) { $0.mean(under: $0.posterior, $0.logLikelihoods) },
      evidence("sum of logs", "the logs were added; log P(X) is the log of a sum") {
        $0.logJoint.reduce(0, +)
      },
      evidence("largest", "in log P(X), the largest log was not added back at the end") {
        $0.logEvidence - ($0.logJoint.max() ?? 0)
      },
      evidence("no log", "that is P(X) itself; return its log") { .exp($0.logEvidence) },
      evidence("negative", "that is −log P(X); return log P(X)") { -$0.logEvidence },
    ]
    return pairs.flatMap { $0 }
  }

  /// P(X) as the sum of exponentials that are 0, with what the second number then becomes.
  private static func underflow(_ name: String, _ second: Double) -> Mistake<Self> {
    Mistake(
      "underflow, \(name)",
      "exp(−2000) is 0 in Double, and so is P(X); subtract the largest of the logs before exp"
    ) {
      $0.finish = { terms, tables in
        tables.logJoint.allSatisfy { Double.exp($0) == 0 }
          ? [-.infinity, second, terms[2], terms[3]] : terms
      }
    }
  }

  private static var ofTheSecond: [Mistake<Self>] {
    let notNormalized =
      "the second is D from P(X|z) P(z), which does not sum to 1 until it is divided by P(X)"
    return [
      .init("joint", notNormalized) { $0.isNormalized = false },
      number(1, "joint in logs", notNormalized) { $0.gap - $0.logEvidence },
      number(1, "plus evidence", "in the second, log P(X) was subtracted twice or has no sign") {
        $0.gap - 2 * $0.logEvidence
      },
      .init("by the largest", "P(X|z) P(z) was divided by its largest value; divide it by P(X)") {
        $0.logPosterior = { tables in
          let most = tables.logJoint.max() ?? 0
          return tables.logJoint.map { $0 - most }
        }
        $0.isNormalized = false
      },
      .init("prior", "the second is D[Q‖P(z)], from the prior; it should be D from the posterior") {
        $0.logPosterior = { $0.logPrior }
        $0.isNormalized = false
      },
      .init("likelihood", "the second is D from P(X|z); it should be D from the posterior") {
        $0.logPosterior = { $0.logLikelihoods }
        $0.isNormalized = false
      },
      .init("likelihood by P(X)", "the prior is missing from the posterior") {
        $0.logPosterior = { $0.logLikelihoods }
      },
      .init("likelihood, normalised", "the prior is missing from the posterior") {
        $0.logPosterior = { tables in
          let sum = LogSumExp()(tables.logLikelihoods)
          return tables.logLikelihoods.map { $0 - sum }
        }
        $0.isNormalized = false
      },
      number(1, "second, bound", "the second is ℒ itself; D[Q‖P(z|X)] is log P(X) less it") {
        $0.reconstruction - $0.divergence
      },
      number(1, "prior from posterior", "the second is D[P(z|X)‖P(z)]; Q does not come in") {
        CategoricalDivergence()($0.posterior, $0.prior)
      },
    ]
  }

  private static var ofTheThird: [Mistake<Self>] {
    func third(
      _ name: String, _ message: String, _ value: @escaping (Tables) -> Double
    ) -> Mistake<Self> { Mistake(name, message) { $0.reconstruction = value } }
    return [
      third("third from the prior", "the third is a mean over z from the prior, not from Q") {
        $0.mean(under: $0.prior, $0.logLikelihoods)
      },
      third("third from the posterior", "the third is a mean over z from the posterior, not from Q")
      { $0.mean(under: $0.posterior, $0.logLikelihoods) },
      third("third, log of mean", "the third is the log of the mean of P(X|z); average the logs") {
        .log($0.mean(under: $0.q, $0.logLikelihoods.map(Double.exp)))
      },
      third(
        "third, log of mean, by logs",
        "the third is the log of the mean of P(X|z); average the logs"
      ) { $0.logMeanLikelihood },
      third("third, no log", "the third is the mean of P(X|z); take the mean of its log") {
        $0.mean(under: $0.q, $0.logLikelihoods.map(Double.exp))
      },
      third("third, no weights", "the third has no weights; the weight of each z is Q(z)") {
        $0.logLikelihoods.reduce(0, +) / Double($0.q.count)
      },
      third("third, sum", "the third has no weights; the weight of each z is Q(z)") {
        $0.logLikelihoods.reduce(0, +)
      },
      third("third, divided", "the third was divided by the number of z; the weights sum to 1") {
        $0.reconstruction / Double($0.q.count)
      },
      third("third, last missing", "in the third, the last z is missing") {
        $0.mean(under: $0.q.dropLast(), $0.logLikelihoods)
      },
      third("third, first missing", "in the third, the first z is missing") { tables in
        tables.reconstruction - tables.q[0] * tables.logLikelihoods[0]
      },
      third("third, first only", "in the third, only the first z counts") {
        $0.q[0] * $0.logLikelihoods[0]
      },
      third("third, joint", "the third is the mean of log P(X|z) + log P(z); leave the prior out") {
        $0.mean(under: $0.q, $0.logJoint)
      },
      third("third, bound", "the third is the whole bound; D[Q‖P(z)] is a term of its own") {
        $0.reconstruction - $0.divergence
      },
    ]
  }

  private static var ofTheFourth: [Mistake<Self>] {
    [
      .init(
        "posterior", "the fourth is D[Q‖P(z|X)], from the posterior; it should be D from the prior"
      ) { $0.prior = { $0.posterior } },
      number(
        3, "fourth, bound", "the fourth is ℒ itself; D[Q‖P(z)] is what E[log P(X|z)] exceeds it by"
      ) {
        $0.reconstruction - $0.divergence
      },
      number(3, "of the posterior", "the fourth is D[P(z|X)‖P(z)]; Q does not come in") {
        CategoricalDivergence()($0.posterior, $0.prior)
      },
      .init("flat prior", "the fourth is D from a uniform distribution, not from the prior") {
        $0.prior = { [Double](repeating: 1 / Double($0.q.count), count: $0.q.count) }
      },
    ]
  }

  /// The same mistake in both divergences, as in a function that computes both.
  private static var ofBothDivergences: [Mistake<Self>] {
    CategoricalDivergence.mistakes.map { mistake in
      Mistake("both: \(mistake.name)", "in both divergences, \(mistake.message)") {
        $0.gap = mistake.made(in: $0.gap)
        $0.divergence = mistake.made(in: $0.divergence)
      }
    }
  }
}
