import Autodiff
import Exercises
import Notebook
import Probability

extension Checks {
  static func identity(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<Tables, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) }) { $0.terms }
    let drawn = Tables(4, seed: 37)
    for tables in [.byHand, Tables(3, seed: 36), drawn] {
      comparison.ask(tables.description, tables)
    }
    comparison.recognizeMistakes()
    return Exercise(
      "identity", "The four terms of the identity", minutes: 20,
      needs: ["divergence"],
      hints: [
        "Find P(X) and the posterior first. Which of your functions computes the two divergences?",
        "P(X) is the sum of exp(logLikelihood + logPrior) over z. Divide each of its terms by it "
          + "to get P(z|X).",
        "They are log P(X), divergence(of: q, from: posterior), the sum of q times logLikelihood, "
          + "and divergence(of: q, from: prior).",
      ], comparison
    ).judged(
      "the identity with \(drawn.description)", shape: [4],
      answer: { try answer(drawn.logLikelihoods, drawn.logPrior, drawn.q) },
      complaint: { answer in
        let terms = answer.values
        let residual = terms[0] - terms[1] - (terms[2] - terms[3])
        // Some ten terms below 10 nats, rounded to 10⁻¹⁵ of themselves, and much room.
        return abs(residual) <= 1e-9
          ? nil
          : "the left side minus the right side is \(formatted(residual, digits: 5)) nats, and "
            + "should be 0: at least one of your four terms is wrong"
      })
  }
}

extension Comparison<Tables, [Double]> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is log Σ Q P(X|z); in P(X) the mean is over the prior", at: 0) {
      tables in .log(tables.mean { .exp(tables.logLikelihoods[$0]) })
    }
    recognize("that is the mean of log P(X|z) over the prior; log P(X) is the log of a mean", at: 0)
    { $0.mean(under: $0.prior, $0.logLikelihoods) }
    recognize("that is log Σ P(X|z), without the prior's weights", at: 0) {
      logSumExp($0.logLikelihoods)
    }
    recognize("that is P(X) itself; return its log", at: 0) { .exp($0.logEvidence) }
    recognize(
      "the second is D from P(X|z) P(z), which does not sum to 1 until it is divided by P(X)", at: 1
    ) { $0.gap - $0.logEvidence }
    recognize("the second is D[Q‖P(z)], from the prior; it should be D from the posterior", at: 1) {
      $0.divergence
    }
    recognize("the second is D[P(z|X)‖Q]; it should be D[Q‖P(z|X)]", at: 1) { $0.reversedGap }
    recognize("the third is a mean over z from the prior; z should come from Q", at: 2) {
      $0.mean(under: $0.prior, $0.logLikelihoods)
    }
    recognize("the third is a mean over z from the posterior; z should come from Q", at: 2) {
      $0.mean(under: $0.posterior, $0.logLikelihoods)
    }
    recognize("the third is the log of the mean of P(X|z); take the mean of the logs", at: 2) {
      tables in .log(tables.mean { .exp(tables.logLikelihoods[$0]) })
    }
    recognize("the fourth is D[Q‖P(z|X)], from the posterior; it should be D from the prior", at: 3)
    {
      $0.gap
    }
    recognize("the fourth is D[P(z)‖Q]; it should be D[Q‖P(z)]", at: 3) { $0.reversedDivergence }
    recognize(
      "the two divergences are exchanged: D from the posterior comes second"
    ) { [$0.logEvidence, $0.divergence, $0.reconstruction, $0.gap] }
    recognize("both divergences have their arguments exchanged; Q comes first") {
      [$0.logEvidence, $0.reversedGap, $0.reconstruction, $0.reversedDivergence]
    }
    recognize("both divergences have the wrong sign; they are never negative") {
      [$0.logEvidence, -$0.gap, $0.reconstruction, -$0.divergence]
    }
    recognize("those are bits; take the natural logarithm to get nats") {
      $0.terms.map { $0 / .log(2) }
    }
  }

  /// Recognises a mistake in one of the four terms.
  private mutating func recognize(
    _ message: String, at index: Int, _ term: @escaping (Tables) -> Double
  ) {
    recognize(message) { tables in
      var terms = tables.terms
      terms[index] = term(tables)
      return terms
    }
  }
}
