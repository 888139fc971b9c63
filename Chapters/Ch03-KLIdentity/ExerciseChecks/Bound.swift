import Autodiff
import Exercises

extension Checks {
  static func bound(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<Tables, Double>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) }
    ) { $0.reconstruction - $0.divergence }
    for tables in [.byHand, Tables(3, seed: 34), Tables(4, seed: 35), .withZero] {
      comparison.ask(tables.description, tables)
    }
    comparison.recognize("D was added; the bound subtracts it") {
      $0.reconstruction + $0.divergence
    }
    comparison.recognize("that is −ℒ, the loss; the bound is what is maximised") {
      $0.divergence - $0.reconstruction
    }
    comparison.recognize("that is E[log P(X|z)] alone; subtract D[Q‖P(z)]") {
      $0.reconstruction
    }
    comparison.recognize("−Σ Q log Q is missing: that is the mean of log P(X|z) + log P(z)") {
      tables in tables.mean { tables.logLikelihoods[$0] + tables.logPrior[$0] }
    }
    comparison.recognize("log Q has the wrong sign; D is the mean of log Q(z) − log P(z)") {
      tables in
      tables.mean {
        tables.logLikelihoods[$0] + tables.logPrior[$0] + .log(tables.q[$0])
      }
    }
    comparison.recognize("that is D[P(z)‖Q]; the bound has D[Q‖P(z)]") {
      $0.reconstruction - $0.reversedDivergence
    }
    comparison.recognize("that is D from the posterior; the bound has D from the prior") {
      $0.reconstruction - $0.gap
    }
    comparison.recognize("that is log P(X); the bound is smaller, unless Q is the posterior") {
      $0.logEvidence
    }
    comparison.recognize("in the first term z came from the prior; it should come from Q") {
      $0.mean(under: $0.prior, $0.logLikelihoods) - $0.divergence
    }
    comparison.recognize("log P(X|z) was averaged without weights; the weight of each z is Q(z)") {
      $0.logLikelihoods.reduce(0, +) / Double($0.q.count) - $0.divergence
    }
    comparison.recognize("that uses the log of the mean of P(X|z); take the mean of the logs") {
      tables in Double.log(tables.mean { .exp(tables.logLikelihoods[$0]) }) - tables.divergence
    }
    comparison.recognize("that is in bits; take the natural logarithm to get nats") {
      ($0.reconstruction - $0.divergence) / .log(2)
    }
    comparison.recognize("0 · log 0 gives nan; skip every z with Q(z) = 0") { tables in
      tables.q.contains(0) ? .nan : tables.reconstruction - tables.divergence
    }
    return Exercise(
      "bound", "The evidence lower bound from tables", minutes: 10,
      needs: ["divergence"],
      hints: [
        "E[f(z)] is the sum of q times f(z) over all z, and both terms of the bound are such "
          + "means.",
        "Together they are the sum of q * (logLikelihood + logPrior - log(q)) over the z with q > "
          + "0.",
      ], comparison)
  }
}
