import Autodiff
import Calculations
import Exercises

extension Checks {
  static func identity(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<Tables, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) },
      elements: ["log P(X)", "D[Q‖P(z|X)]", "E[log P(X|z)]", "D[Q‖P(z)]"]
    ) { $0.terms }
    let tables: [Tables] = [
      .byHand, Tables(3, seed: 36), Tables(4, seed: 37), Tables(5, seed: 47), .underflowing,
    ]
    for tables in tables { comparison.ask(tables.description, tables) }
    comparison.argument("logLikelihoods", \.logLikelihoods)
    comparison.argument("logPrior", \.logPrior)
    comparison.argument("q", \.q, change: { 0.7 * $0 })
    comparison.recognize(
      IdentityFormula.mistakes.distinct(in: IdentityFormula(), tolerance: 1e-9) {
        tables.map($0.callAsFunction)
      }
        + [IdentityFormula.twoSides], in: IdentityFormula()
    ) { $1($0) }
    comparison.calculate()
    return Exercise(
      "identity", "The four terms of the identity", minutes: 20, needs: ["divergence"],
      hints: [
        "Find P(X) and the posterior first. Which of your functions computes the two divergences?",
        "P(X) is the sum of exp(logLikelihood + logPrior) over z. Divide each of its terms by it "
          + "to get P(z|X). If exp gives 0, subtract the largest of the logs first.",
        "They are log P(X), divergence(of: q, from: posterior), the sum of q times logLikelihood, "
          + "and divergence(of: q, from: prior).",
      ], comparison)
  }
}

/// The four terms of the identity from tables.
struct IdentityFormula {
  /// What log P(X) is the log of the sum of.
  var logJoint: (Tables) -> [Double] = { $0.logJoint }
  var evidence = LogSumExp()
  /// log P(z|X) up to log P(X).
  var logPosterior: (Tables) -> [Double] = { $0.logJoint }
  /// Whether log P(X) is subtracted from it.
  var isNormalized = true
  var gap = CategoricalDivergence()
  var reconstruction: (Tables) -> Double = { $0.reconstruction }
  var prior: (Tables) -> [Double] = { $0.prior }
  var divergence = CategoricalDivergence()
  /// What is made of the four numbers at the end.
  var finish: (_ terms: [Double], Tables) -> [Double] = { terms, _ in terms }

  func callAsFunction(_ tables: Tables) -> [Double] {
    let logEvidence = evidence(logJoint(tables))
    let posterior = logPosterior(tables).map {
      Double.exp(isNormalized ? $0 - logEvidence : $0)
    }
    return finish(
      [
        logEvidence, gap(tables.q, posterior), reconstruction(tables),
        divergence(tables.q, prior(tables)),
      ], tables)
  }
}

extension Comparison<Tables, [Double]> {
  /// By probabilities, and by logs.
  fileprivate mutating func calculate() {
    calculation { tables in
      let (logLikelihoods, logPrior, q) = tables.arguments
      let prior = exp(logPrior)
      let joint = exp(logLikelihoods) * prior
      let evidence = sum(joint).named("P(X)")
      let posterior = (joint / evidence).named("posterior")
      return .list([
        log(evidence), sum(q * log(q / posterior)), sum(q * logLikelihoods),
        sum(q * log(q / prior)),
      ])
    }
    calculation { tables in
      let (logLikelihoods, logPrior, q) = tables.arguments
      let logs = logLikelihoods + logPrior
      let most = largest(logs)
      let logEvidence = (most + log(sum(exp(logs - most)))).named("log P(X)")
      let logPosterior = (logs - logEvidence).named("log P(z|X)")
      return .list([
        logEvidence, sum(q * (log(q) - logPosterior)), sum(q * logLikelihoods),
        sum(q * (log(q) - logPrior)),
      ])
    }
  }
}
