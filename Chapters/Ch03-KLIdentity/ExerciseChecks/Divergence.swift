import Exercises

extension Checks {
  static func divergence(_ answer: @escaping ([Double], [Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<DivergenceTask, Double>(of: { try answer($0.q, $0.p) }) {
      Categorical($0.q).klDivergence(to: Categorical($0.p))
    }
    func ask(_ q: [Double], _ p: [Double]) {
      comparison.ask("Q = \(text(q)) and P = \(text(p))", DivergenceTask(q: q, p: p))
    }
    ask([0.5, 0.5], [0.25, 0.75])
    ask(probabilities(4, seed: 31), probabilities(4, seed: 32))
    ask(probabilities(5, seed: 44), probabilities(5, seed: 45))
    ask([0.25, 0, 0.75], [0.5, 0.25, 0.25])
    ask([0.5, 0, 0.5], [0.75, 0, 0.25])
    comparison.argument("q", \.q, change: { $0 / 2 })
    comparison.argument("p", \.p, change: { $0 / 2 })
    comparison.recognize(CategoricalDivergence.mistakes, in: CategoricalDivergence()) {
      $1($0.q, $0.p)
    }
    return Exercise(
      "divergence", "D[Q‖P] from tables of probabilities", minutes: 5,
      hints: [
        "D is a sum over z. What is the term of a z with Q(z) = 0, and what does 0 * log(0) give?",
        "Add q * (log(q) - log(p)) for every z at which q is positive. log(0) is -infinity, so a z "
          + "with P(z) = 0 needs no special case.",
      ], comparison)
  }
}

/// What is given in the exercise on D[Q‖P].
private struct DivergenceTask {
  var q, p: [Double]
}
