import Autodiff
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
