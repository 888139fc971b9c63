import Autodiff
import Calculations
import Exercises

extension Checks {
  static func bound(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<Tables, Double>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) }
    ) { $0.reconstruction - $0.divergence }
    let tables: [Tables] = [
      .byHand, Tables(3, seed: 34), Tables(4, seed: 35), Tables(5, seed: 46), .withZero,
      .underflowing,
    ]
    for tables in tables { comparison.ask(tables.description, tables, tolerance: .ofSums) }
    comparison.argument("logLikelihoods", \.logLikelihoods)
    comparison.argument("logPrior", \.logPrior)
    comparison.argument("q", \.q, change: { 0.7 * $0 })
    comparison.recognize(
      BoundFormula.mistakes.distinct(in: BoundFormula(), tolerance: 1e-13) { formula in
        tables.map { [formula($0)] }
      },
      in: BoundFormula()
    ) { $1($0) }
    comparison.terms(["Σ Q log P(X|z)", "Σ Q log P(z)", "−Σ Q log Q"]) { tables in
      [
        tables.reconstruction, tables.mean { tables.logPrior[$0] },
        tables.mean { -.log(tables.q[$0]) },
      ]
    }
    comparison.calculate()
    return Exercise(
      "bound", "The evidence lower bound from tables", minutes: 10,
      hints: [
        "E[f(z)] is the sum of q times f(z) over all z, and both terms of the bound are such "
          + "means.",
        "Together they are the sum of q * (logLikelihood + logPrior - log(q)) over the z with q > "
          + "0.",
      ], comparison)
  }
}

/// ℒ = E[log P(X|z)] − D[Q‖P(z)] from tables.
struct BoundFormula {
  var reconstruction: (Tables) -> Double = { $0.reconstruction }
  /// The distribution that D is taken from.
  var prior: (Tables) -> [Double] = { $0.prior }
  var divergence = CategoricalDivergence()
  /// ℒ, from the two terms.
  var result: (_ reconstruction: Double, _ divergence: Double) -> Double = { $0 - $1 }
  /// What stands in place of all that, if it is written in another way.
  var whole: ((Tables) -> Double)?

  func callAsFunction(_ tables: Tables) -> Double {
    if let whole { return whole(tables) }
    return result(reconstruction(tables), divergence(tables.q, prior(tables)))
  }
}

extension Comparison<Tables, Double> {
  /// E[log P(X|z)] − D with differences of logs and with ratios, and one sum.
  fileprivate mutating func calculate() {
    calculation { tables in
      let (logLikelihoods, logPrior, q) = tables.arguments
      return sum(q * logLikelihoods) - sum(q * (log(q) - logPrior))
    }
    calculation { tables in
      let (logLikelihoods, logPrior, q) = tables.arguments
      return sum(q * logLikelihoods) - sum(q * log(q / exp(logPrior)))
    }
    calculation { tables in
      let (logLikelihoods, logPrior, q) = tables.arguments
      return sum(q * (logLikelihoods + logPrior - log(q)))
    }
  }
}
