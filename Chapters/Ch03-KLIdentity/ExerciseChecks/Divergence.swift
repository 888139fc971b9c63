import Autodiff
import Exercises

extension Checks {
  static func divergence(_ answer: @escaping ([Double], [Double]) throws -> Double) -> Exercise {
    struct Input {
      let q, p: [Double]

      var divergence: Double { Categorical(q).klDivergence(to: Categorical(p)) }

      /// The sum of a function of Q(z) and P(z) over all z at which Q is not 0.
      func sum(_ term: (_ q: Double, _ p: Double) -> Double) -> Double {
        zip(q, p).reduce(0) { $1.0 > 0 ? $0 + term($1.0, $1.1) : $0 }
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.q, $0.p) }) { $0.divergence }
    func ask(_ q: [Double], _ p: [Double]) {
      comparison.ask("Q = \(text(q)) and P = \(text(p))", Input(q: q, p: p))
    }
    ask([0.5, 0.5], [0.25, 0.75])
    ask(probabilities(4, seed: 31), probabilities(4, seed: 32))
    ask([0.25, 0, 0.75], [0.5, 0.25, 0.25])
    ask([0.25, 0.25, 0.5], [0.75, 0, 0.25])
    comparison.recognize("that is D[P‖Q]; in D[Q‖P] the mean is over Q") {
      Input(q: $0.p, p: $0.q).divergence
    }
    comparison.recognize("the sign is flipped; log Q comes first, and D is never negative") {
      -$0.divergence
    }
    comparison.recognize("that is in bits; take the natural logarithm to get nats") {
      $0.divergence / .log(2)
    }
    comparison.recognize("that is the mean over the values of z; do not divide by their number") {
      $0.divergence / Double($0.q.count)
    }
    comparison.recognize("the differences of logs were added as they are; multiply each by Q(z)") {
      input in zip(input.q, input.p).reduce(0) { $0 + (.log($1.0) - .log($1.1)) }
    }
    comparison.recognize(
      "that is −Σ Q log P, the mean length of the words for P in section 3.1; add Σ Q log Q"
    ) {
      $0.sum { q, p in -q * .log(p) }
    }
    comparison.recognize("the weights are P(z); they should be Q(z)") { input in
      zip(input.q, input.p).reduce(0) { sum, pair in
        let (q, p) = pair
        return p > 0 ? sum + p * (.log(q) - .log(p)) : sum
      }
    }
    comparison.recognize("0 · log 0 gives nan; skip every z with Q(z) = 0") { input in
      zip(input.q, input.p).reduce(0) { $0 + $1.0 * (.log($1.0) - .log($1.1)) }
    }
    comparison.recognize(
      "the z with P(z) = 0 were left out; if Q gives one of them a positive probability, D is "
        + "infinite"
    ) { $0.sum { q, p in p > 0 ? q * (.log(q) - .log(p)) : 0 } }
    return Exercise(
      "divergence", "D[Q‖P] from tables of probabilities", minutes: 5,
      hints: [
        "D is a sum over z. What is the term of a z with Q(z) = 0, and what does 0 * log(0) give?",
        "Add q * (log(q) - log(p)) for every z at which q is positive. log(0) is -infinity, so a z "
          + "with P(z) = 0 needs no special case.",
      ], comparison)
  }
}
