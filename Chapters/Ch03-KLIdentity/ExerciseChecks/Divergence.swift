import Autodiff
import Calculations
import Exercises
import Notebook

extension Checks {
  static func divergence(_ answer: @escaping ([Double], [Double]) throws -> Double) -> Exercise {
    var comparison = Comparison<DivergenceTask, Double>(of: { try answer($0.q, $0.p) }) {
      Categorical($0.q).klDivergence(to: Categorical($0.p))
    }
    let tasks: [DivergenceTask] = [
      DivergenceTask(q: [0.5, 0.5], p: [0.25, 0.75]),
      DivergenceTask(q: probabilities(4, seed: 31), p: probabilities(4, seed: 32)),
      DivergenceTask(q: probabilities(5, seed: 44), p: probabilities(5, seed: 45)),
      DivergenceTask(q: [0.25, 0, 0.75], p: [0.4, 0.35, 0.25]),
      DivergenceTask(q: [0.5, 0, 0.5], p: [0.75, 0, 0.25]),
    ]
    for task in tasks { comparison.ask(task.description, task, tolerance: .ofSums) }
    comparison.argument("q", \.q, change: { 0.7 * $0 })
    comparison.argument("p", \.p, change: { 0.7 * $0 })
    let formula = CategoricalDivergence()
    comparison.recognize(
      CategoricalDivergence.mistakes.distinct(in: formula, tolerance: 1e-13) { formula in
        tasks.map { [formula($0.q, $0.p)] }
      }, in: formula
    ) { $1($0.q, $0.p) }
    comparison.recognize("Q and P went through a softmax; they are probabilities already") {
      formula(softmax($0.q), softmax($0.p))
    }
    comparison.recognize("that is the χ² divergence Σ (Q − P)²/P, another measure") {
      zip($0.q, $0.p).reduce(0) { $1.0 > 0 ? $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 : $0 }
    }
    comparison.recognize("terms with 1 − Q and 1 − P were added; D is Σ Q (log Q − log P)") {
      formula($0.q, $0.p) + formula($0.q.map { 1 - $0 }, $0.p.map { 1 - $0 })
    }
    comparison.recognize("that is H[P] − H[Q]; both logs of D are weighted with Q") {
      Categorical($0.p).entropy - Categorical($0.q).entropy
    }
    comparison.terms(["Σ Q log Q", "−Σ Q log P"]) { task in
      [-Categorical(task.q).entropy, formula(task.q, task.p) + Categorical(task.q).entropy]
    }
    comparison.calculate()
    let infinite = DivergenceTask(q: [0.25, 0.25, 0.5], p: [0.75, 0, 0.25])
    return Exercise(
      "divergence", "D[Q‖P] from tables of probabilities", minutes: 5,
      hints: [
        "D is a sum over z. What is the term of a z with Q(z) = 0, and what does 0 * log(0) give?",
        "Add q * (log(q) - log(p)) for every z at which q is positive. log(0) is -infinity, so a z "
          + "with P(z) = 0 needs no special case.",
      ], comparison
    ).judged(
      infinite.description, shape: [2],
      answer: {
        // A judge sees finite numbers only.
        let divergence = try answer(infinite.q, infinite.p)
        return divergence.isFinite ? [1, divergence] : [0, divergence == .infinity ? 1 : -1]
      },
      complaint: { answer in
        if answer.values[0] == 0 {
          return answer.values[1] == 1 ? nil : "D is ∞, with a plus sign, and yours is −∞ or NaN"
        }
        var leavesOut = formula
        leavesOut.isSkipped = { $0 == 0 || $1 == 0 }
        let got = "expected ∞, got \(formatted(answer.values[1], digits: 5)): "
        if answer.values[1] == 0 { return got + "D is infinite where P(z) = 0 and Q(z) > 0" }
        return abs(leavesOut(infinite.q, infinite.p) - answer.values[1]) < 1e-9
          ? got + "the z with P(z) = 0 was left out, although Q(z) is positive there"
          : got + "was P(z) = 0 replaced by a small number, or something added to it?"
      })
  }
}

/// The exponentials of some numbers, divided by their sum.
private func softmax(_ numbers: [Double]) -> [Double] {
  let sum = numbers.reduce(0) { $0 + .exp($1) }
  return numbers.map { .exp($0) / sum }
}

extension Tolerance {
  /// For sums of a few terms of about the same size, so that a small number which was added inside a
  /// logarithm shows.
  static let ofSums = Tolerance(relative: 1e-13)
}

/// What is given in the exercise on D[Q‖P].
private struct DivergenceTask {
  var q, p: [Double]

  var description: String { "Q = \(exact(q)) and P = \(exact(p))" }
}

extension Comparison<DivergenceTask, Double> {
  /// The sum of differences, that of ratios, and two sums, over the z with Q > 0.
  fileprivate mutating func calculate() {
    calculation { task in
      let (q, p) = task.arguments
      return sum(q * (log(q) - log(p)))
    }
    calculation { task in
      let (q, p) = task.arguments
      return sum(q * log(q / p))
    }
    calculation { task in
      let (q, p) = task.arguments
      return -sum(q * log(p)) - -sum(q * log(q))
    }
  }
}

extension DivergenceTask {
  /// The arguments where Q is positive.
  fileprivate var arguments: (q: Calculation, p: Calculation) {
    (.argument("q", q, where: q), .argument("p", p, where: q))
  }
}
