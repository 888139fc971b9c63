import Autodiff
import Exercises

extension BoundFormula {
  static var mistakes: [Mistake<Self>] {
    ofTheTerms + ofTheMean + ofLogs + ofLimits
      + CategoricalDivergence.mistakes.within(\.divergence, "in D, ")
  }

  private static func whole(
    _ name: String, _ message: String, _ function: @escaping (Tables) -> Double
  ) -> Mistake<Self> {
    Mistake(name, message) { $0.whole = function }
  }

  /// Σ Q f for a function of the row of the tables; with Q = 0 a term may be NaN.
  private static func sum(
    _ name: String, _ message: String,
    _ term: @escaping (_ l: Double, _ logPrior: Double, _ q: Double) -> Double
  ) -> Mistake<Self> {
    whole(name, message) { tables in
      tables.q.indices.reduce(0) {
        $0 + term(tables.logLikelihoods[$1], tables.logPrior[$1], tables.q[$1])
      }
    }
  }

  private static var ofTheTerms: [Mistake<Self>] {
    [
      whole("n − 1", "the sums were divided by n − 1; the weights Q sum to 1") {
        ($0.reconstruction - $0.divergence) / Double($0.q.count - 1)
      },
      whole("log of the mean weight", "the log of the mean of the weights was taken; average logs")
      {
        tables in
        let logs = zip(tables.logJoint, tables.q).map { $1 > 0 ? $0 - .log($1) : -.infinity }
        return LogSumExp()(logs, weight: 1 / Double(logs.count))
      },
      .init("plus", "D was added; the bound subtracts it", isCommon: true) {
        $0.result = { $0 + $1 }
      },
      .init("loss", "that is −ℒ, the loss; the bound is what is maximised") {
        $0.result = { $1 - $0 }
      },
      .init("no D", "that is E[log P(X|z)] alone; subtract D[Q‖P(z)]") {
        $0.result = { reconstruction, _ in reconstruction }
      },
      .init("D alone", "that is D[Q‖P(z)] alone; ℒ is E[log P(X|z)] less D") { $0.result = { $1 } },
      .init("−D alone", "that is −D[Q‖P(z)] alone; E[log P(X|z)] is missing") {
        $0.result = { -$1 }
      },
      .init("bits", "that is in bits; take the natural logarithm to get nats") {
        $0.result = { ($0 - $1) / .log(2) }
      },
      .init("exponential", "that is e to the power of the bound; ℒ itself is asked for") {
        $0.result = { .exp($0 - $1) }
      },
      .init("posterior", "that is D from the posterior; the bound has D from the prior") {
        $0.prior = { $0.posterior }
      },
      .init("flat", "D is taken from a uniform distribution; it should be from the prior") {
        $0.prior = { [Double](repeating: 1 / Double($0.q.count), count: $0.q.count) }
      },
      whole(
        "posterior for joint",
        "that is −D[Q‖P(z|X)]: P(z|X) stands where P(X, z) belongs, so log P(X) is missing"
      ) { $0.reconstruction - $0.divergence - $0.logEvidence },
      whole("evidence", "that is log P(X); the bound is smaller, unless Q is the posterior") {
        $0.logEvidence
      },
      whole("naive evidence", "that is log P(X); the bound is smaller, unless Q is the posterior") {
        .log(zip($0.logLikelihoods, $0.prior).reduce(0) { $0 + .exp($1.0) * $1.1 })
      },
      whole("evidence less D", "log P(X) less D[Q‖P(z)] is not ℒ; take D from the posterior there")
      {
        $0.logEvidence - $0.divergence
      },
      whole("evidence plus gap", "D[Q‖P(z|X)] was added to log P(X); ℒ is log P(X) less it") {
        $0.logEvidence + $0.gap
      },
      whole("gap", "that is D[Q‖P(z|X)], the gap; ℒ is log P(X) less it") { $0.gap },
      whole("evidence of Q", "that is log P(X); the bound is smaller, unless Q is the posterior") {
        let joint = zip($0.q, $0.logJoint).map { $0 == 0 ? 0 : Double.exp($1) }
        return .log(joint.reduce(0, +))
      },
      whole("no entropy", "−Σ Q log Q is missing: that is the mean of log P(X|z) + log P(z)") {
        tables in tables.mean { tables.logJoint[$0] }
      },
      whole("entropy's sign", "log Q has the wrong sign; D is the mean of log Q(z) − log P(z)") {
        tables in tables.mean { tables.logJoint[$0] + .log(tables.q[$0]) }
      },
    ]
  }

  private static var ofTheMean: [Mistake<Self>] {
    [
      .init(
        "from the prior", "in the first term z came from the prior; it should come from Q",
        isCommon: true
      ) { $0.reconstruction = { $0.mean(under: $0.prior, $0.logLikelihoods) } },
      .init("from the posterior", "in the first term z came from the posterior, not from Q") {
        $0.reconstruction = { $0.mean(under: $0.posterior, $0.logLikelihoods) }
      },
      .init(
        "no weights", "log P(X|z) was averaged without weights; the weight of each z is Q(z)",
        isCommon: true
      ) { $0.reconstruction = { $0.logLikelihoods.reduce(0, +) / Double($0.q.count) } },
      .init("sum", "log P(X|z) was added up without weights; the weight of each z is Q(z)") {
        $0.reconstruction = { $0.logLikelihoods.reduce(0, +) }
      },
      .init("divided", "E[log P(X|z)] was divided by the number of z; the weights Q sum to 1") {
        $0.reconstruction = { $0.reconstruction / Double($0.q.count) }
      },
      .init("both divided", "the sums were divided by the number of z; the weights Q sum to 1") {
        $0.whole = { ($0.reconstruction - $0.divergence) / Double($0.q.count) }
      },
      .init("both weights", "in the first term the weight is Q(z) P(z); it should be Q(z)") {
        $0.reconstruction = {
          $0.mean(under: zip($0.q, $0.prior).map { $0 * $1 }, $0.logLikelihoods)
        }
      },
      .init("one z", "log P(X|z) was taken at the most probable z; take the mean over Q") {
        $0.reconstruction = { tables in
          let most = tables.q.indices.max { tables.q[$0] < tables.q[$1] } ?? 0
          return tables.logLikelihoods[most]
        }
      },
      .init("best z", "the largest log P(X|z) was taken; take the mean over Q") {
        $0.reconstruction = { $0.logLikelihoods.max() ?? 0 }
      },
      .init("log of mean", "that uses the log of the mean of P(X|z); take the mean of the logs") {
        $0.reconstruction = { .log($0.mean(under: $0.q, $0.logLikelihoods.map(Double.exp))) }
      },
      .init(
        "log of mean, by logs",
        "that uses the log of the mean of P(X|z); take the mean of the logs",
        { $0.reconstruction = { $0.logMeanLikelihood } }),
      .init("no log", "that uses the mean of P(X|z) itself; take the mean of its log") {
        $0.reconstruction = { $0.mean(under: $0.q, $0.logLikelihoods.map(Double.exp)) }
      },
      .init("joint twice", "log P(z) occurs twice: it belongs into D alone") {
        $0.reconstruction = { $0.mean(under: $0.q, $0.logJoint) }
      },
      sum("no weights at all", "nothing is weighted with Q(z); each term has to be") { l, p, q in
        q > 0 ? l + p - .log(q) : 0
      },
      whole("mean without weights", "nothing is weighted with Q(z); each term has to be") {
        tables in
        let terms = tables.q.indices.map { tables.logJoint[$0] - .log(tables.q[$0]) }
        return terms.reduce(0, +) / Double(terms.count)
      },
      whole("mean of Q > 0", "nothing is weighted with Q(z); each term has to be") { tables in
        let logs = tables.q.indices.map { tables.logJoint[$0] - .log(tables.q[$0]) }
        return logs.filter(\.isFinite).reduce(0, +) / Double(logs.count)
      },
      whole("stops", "the sum ends at the first Q(z) = 0; skip that z and go on") { tables in
        let count = tables.q.firstIndex(of: 0) ?? tables.q.count
        return tables.q.indices.prefix(count).reduce(0) {
          $0 + tables.q[$1] * (tables.logJoint[$1] - .log(tables.q[$1]))
        }
      },
      whole("zero", "the function returns 0 at the first Q(z) = 0; skip that z and go on") {
        $0.q.contains(0) ? 0 : $0.reconstruction - $0.divergence
      },
    ]
  }

  /// Limits on what is given.
  private static var ofLimits: [Mistake<Self>] {
    let ofQ = (3...12).flatMap { digits in
      let small = Double("1e-\(digits)") ?? 0
      return [
        sum("Q at least 1e-\(digits)", "Q(z) = 0 became a small number; skip such a z instead") {
          l, p, q in max(q, small) * (l + p - .log(max(q, small)))
        },
        sum("Q plus 1e-\(digits)", "a small number was added to Q(z); skip Q(z) = 0 instead") {
          l, p, q in (q + small) * (l + p - .log(q + small))
        },
      ]
    }
    let ofLikelihoods = [-10.0, -20, -30, -50, -88, -100, -200, -300, -500, -700, -745, -1000].map {
      least in
      Mistake<Self>("at least \(least)", "log P(X|z) was limited; it may be −2000") {
        $0.reconstruction = { $0.mean(under: $0.q, $0.logLikelihoods.map { max($0, least) }) }
      }
    }
    let freeBits = [0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2].map { least in
      Mistake<Self>(
        "D at least \(least)", "D was kept above some number of nats; subtract D itself"
      ) {
        $0.result = { $0 - max($1, least) }
      }
    }
    let addends = (2...16).flatMap { digits in
      let small = Double("1e-\(digits)") ?? 0
      return [
        Mistake<Self>("P(X|z) plus 1e-\(digits)", "a small number was added to P(X|z)") {
          $0.reconstruction = {
            $0.mean(under: $0.q, $0.logLikelihoods.map { .log(.exp($0) + small) })
          }
        },
        Mistake<Self>("P(X|z) at least 1e-\(digits)", "P(X|z) was limited; its log may be −2000") {
          $0.reconstruction = {
            $0.mean(under: $0.q, $0.logLikelihoods.map { max($0, .log(small)) })
          }
        },
      ]
    }
    return ofQ + ofLikelihoods + freeBits + addends
  }

  private static var ofLogs: [Mistake<Self>] {
    [
      sum("0 log 0", "0 · log 0 gives NaN; skip every z with Q(z) = 0") { l, p, q in
        q * (l + p - .log(q))
      },
      sum("underflow", "exp(−2000) is 0 in Double; add logs instead of multiplying probabilities") {
        l, p, q in q > 0 ? q * .log(.exp(l) * .exp(p) / q) : 0
      },
      sum("0 log 0 in probabilities", "exp(−2000) is 0 in Double; add logs, and skip Q(z) = 0") {
        l, p, q in q * .log(.exp(l) * .exp(p) / q)
      },
      sum("prior for log", "log P(z) stands for P(z) itself; the log is what D needs") { l, p, q in
        q > 0 ? q * (l + .exp(p) - .log(q)) : 0
      },
      sum("Q for log Q", "Q(z) stands where log Q(z) should; it is given as a probability") {
        l, p, q in q * (l + p - q)
      },
      sum("Q as log", "Q(z) was used as a log; it is given as a probability") { l, p, q in
        .exp(q) * (l + p - q)
      },
      sum("product", "log P(X|z) and log P(z) were multiplied; add them") { l, p, q in
        q > 0 ? q * (l * p - .log(q)) : 0
      },
      sum("log2 Q", "log2(q) gives bits; take the natural logarithm, as in the other logs") {
        l, p, q in q > 0 ? q * (l + p - .log(q) / .log(2)) : 0
      },
      sum("log10 Q", "log10(q) has base 10; take the natural logarithm, as in the other logs") {
        l, p, q in q > 0 ? q * (l + p - .log(q) / .log(10)) : 0
      },
      sum("brackets around the joint", "brackets are missing: Q(z) multiplies log Q(z) as well") {
        l, p, q in q > 0 ? q * (l + p) - .log(q) : 0
      },
      sum("weights P everywhere", "all weights are P(z); the mean is over Q") { l, p, q in
        q > 0 ? .exp(p) * (l + p - .log(q)) : 0
      },
      sum("brackets", "brackets are missing: Q(z) multiplies log P(X|z) and the logs in D") {
        l, p, q in q > 0 ? q * l - .log(q) + p : 0
      },
      sum("brackets in D", "brackets are missing: in D, Q(z) multiplies log P(z) as well") {
        l, p, q in q > 0 ? q * l - q * .log(q) + p : 0
      },
      sum("sign in D", "brackets are missing: − Q log Q − Q log P(z) is not −D") { l, p, q in
        q > 0 ? q * l - q * .log(q) - q * p : 0
      },
      sum("log of log", "NaN in every case: is there a log of logPrior, which is a log already?") {
        _, _, _ in .nan
      },
    ]
  }
}
