import Exercises
import Probability

extension Checks {
  static func minibatchEstimate(
    _ answer: @escaping ([[Double]], Double, Int) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<MinibatchTask, Double>(of: {
      try answer($0.derivatives, $0.penalty, Int($0.exampleCount))
    }) { MinibatchFormula()($0) }
    comparison.ask(
      "the derivatives (2, 4), (1, 3), the penalty’s derivative 0.5 and N = 5",
      MinibatchTask(derivatives: [[2, 4], [1, 3]], penalty: 0.5, exampleCount: 5))
    for (m, l, penalty, n) in [(3, 2, -0.7, 500), (4, 3, 1.5, 10), (5, 4, -2.5, 7), (4, 1, 3, 4)] {
      let derivatives = (0..<m).map { roundedNormals(l, seed: UInt64(56 + 10 * m + $0)) }
      comparison.ask(
        "the derivatives \(exact(derivatives)), the penalty’s derivative \(exact(penalty)) and N = \(n)",
        MinibatchTask(derivatives: derivatives, penalty: penalty, exampleCount: Double(n)))
    }
    comparison.argument("derivatives", \.derivatives)
    comparison.argument("penalty", \.penalty)
    comparison.argument("exampleCount", \.exampleCount) { $0 + 3 }
    comparison.recognize(MinibatchFormula.mistakes, in: MinibatchFormula()) { task, formula in
      formula(task)
    }
    comparison.recognize("N was divided by M times the sum; write N / M * sum without brackets") {
      let sum = MinibatchFormula()($0) - $0.penalty
      let count = Double($0.derivatives.count)
      return $0.exampleCount * $0.exampleCount / count / count / sum + $0.penalty
    }
    comparison.terms(["N/M times the sum", "the penalty"]) { task in
      let estimate = MinibatchFormula()(task)
      return [estimate - task.penalty, task.penalty]
    }
    comparison.calculation(\.calculation)
    comparison.calculation(\.calculationFromSums)
    comparison.calculation(\.calculationFromMean)
    return Exercise(
      "minibatch-estimate", "The gradient for all examples, from a minibatch", minutes: 10,
      hints: [
        "Suppose every example had the derivative 1. What should come out, whatever M is?",
        "First take the mean of each row, then the sum of these means. Only this sum is scaled.",
      ], comparison)
  }
}

/// The input of the exercise on minibatches.
struct MinibatchTask {
  var derivatives: [[Double]]
  var penalty: Double
  var exampleCount: Double
}

/// N/M times the sum over examples of the means over ε, plus the penalty.
private struct MinibatchFormula {
  /// The sizes of the task.
  struct Sizes {
    let n: Double
    let m: Double
    let draws: Double
  }

  /// What is taken of the numbers of one example.
  var row: ([Double]) -> Double = mean
  /// The factor of the sum.
  var factor: (Sizes) -> Double = { $0.n / $0.m }
  /// The factor of the penalty.
  var penaltyFactor: (Sizes) -> Double = { _ in 1 }

  func callAsFunction(_ task: MinibatchTask) -> Double {
    let sizes = Sizes(
      n: task.exampleCount, m: Double(task.derivatives.count),
      draws: Double(task.derivatives[0].count))
    return factor(sizes) * task.derivatives.reduce(0) { $0 + row($1) }
      + penaltyFactor(sizes) * task.penalty
  }

  static var mistakes: [Mistake<MinibatchFormula>] { factors + penalties + rows + both }

  private static var factors: [Mistake<MinibatchFormula>] {
    [
      withFactor(
        "sum", "the factor N/M is missing: the sum over M examples stands for a sum over all N",
        isCommon: true
      ) { _ in 1 },
      withFactor(
        "mean", "that uses the mean over the batch; the loss is a sum over all N examples",
        isCommon: true
      ) { 1 / $0.m },
      withFactor(
        "N/M of the mean",
        "the mean over the batch was multiplied by N/M; a mean has to be multiplied by N"
      ) { $0.n / $0.m / $0.m },
      withFactor("N", "the sum over the batch was multiplied by N; multiply it by N/M") { $0.n },
      withFactor("M/N", "the factor is N/M, not M/N", isCommon: true) { $0.m / $0.n },
      withFactor(
        "integers",
        "N/M was computed with integers, which drops the fraction; use Double(N) / Double(M)",
        isCommon: true
      ) { ($0.n / $0.m).rounded(.down) },
      withFactor("1/N", "the sum was divided by N; the loss is a sum over all N examples") {
        1 / $0.n
      },
      withFactor("N/L", "that divides by L where M is meant: the factor is N/M") {
        $0.n / $0.draws
      },
      withFactor("M", "the sum over the batch was multiplied by M; multiply it by N/M") { $0.m },
      withFactor("N/(M − 1)", "the factor is N/M, not N/(M − 1)") { $0.n / ($0.m - 1) },
      withFactor("(N − M)/M", "the factor is N/M, not (N − M)/M") { ($0.n - $0.m) / $0.m },
      withFactor("N²/M", "N was multiplied twice; the factor is N/M") { $0.n * $0.n / $0.m },
      withFactor("√(N/M)", "the factor is N/M, not its root") { ($0.n / $0.m).squareRoot() },
      withFactor("N²/M²", "the factor N/M was applied twice") { $0.n * $0.n / ($0.m * $0.m) },
    ]
  }

  private static var penalties: [Mistake<MinibatchFormula>] {
    [
      withPenalty(
        "scaled",
        "the penalty was multiplied by N/M as well; it is not a sum over examples, so leave it as "
          + "it is", isCommon: true
      ) { $0.n / $0.m },
      withPenalty("missing", "the penalty is missing", isCommon: true) { _ in 0 },
      withPenalty("sign", "the penalty was subtracted; add it") { _ in -1 },
      withPenalty(
        "for each example", "the penalty was added for each example of the batch; add it once"
      ) { $0.m },
      withPenalty(
        "for each example, scaled",
        "the penalty was added for each of the N examples; add it once"
      ) { $0.n },
      withPenalty("for each number", "the penalty was added for each derivative; add it once") {
        $0.m * $0.draws
      },
      withPenalty("for each ε", "the penalty was added for each sample of ε; add it once") {
        $0.draws
      },
      withPenalty("1/N", "the penalty was divided by N; leave it as it is", isCommon: true) {
        1 / $0.n
      },
      withPenalty("1/M", "the penalty was divided by M; leave it as it is") { 1 / $0.m },
      withPenalty("M/N", "the penalty was multiplied by M/N; leave it as it is") { $0.m / $0.n },
    ]
  }

  private static var rows: [Mistake<MinibatchFormula>] {
    [
      withRow(
        "sum", "the L values for an example were added up; take their mean", isCommon: true
      ) { $0.reduce(0, +) },
      withRow("first", "only the first of the L values for an example was used") { $0[0] },
      withRow("last", "only the last of the L values for an example was used") {
        $0[$0.count - 1]
      },
      withRow(
        "last of the mean", "of the L values only the last was added: is there an = for +=?"
      ) { $0[$0.count - 1] / Double($0.count) },
      withRow("first of the mean", "of the L values only the first was added to the mean") {
        $0[0] / Double($0.count)
      },
      withRow("L twice", "the sum over the L values was divided by L twice") {
        mean($0) / Double($0.count)
      },
      withRow("largest", "the largest of the L values was taken; take their mean") {
        $0.max() ?? .nan
      },
      withRow("product", "the L values were multiplied; take their mean") { $0.reduce(1, *) },
      withRow("sizes", "the derivatives have lost their signs") { mean($0.map(abs)) },
      withRow("squares", "the derivatives were squared") { mean($0.map { $0 * $0 }) },
    ]
  }

  /// Both terms with a factor too much.
  private static var both: [Mistake<MinibatchFormula>] {
    [
      Mistake(
        "all by M/N",
        "the penalty was multiplied by M/N; leave it as it is, and multiply the sum over the batch "
          + "by N/M"
      ) {
        $0.factor = { _ in 1 }
        $0.penaltyFactor = { $0.m / $0.n }
      },
      Mistake(
        "all by 1/N",
        "that is the estimate divided by N, as for the mean over all examples; the loss is the sum "
          + "over them"
      ) {
        $0.factor = { 1 / $0.m }
        $0.penaltyFactor = { 1 / $0.n }
      },
      Mistake("all by 1/M", "that is the estimate divided by M; divide the sum over the batch only")
      {
        $0.factor = { $0.n / $0.m / $0.m }
        $0.penaltyFactor = { 1 / $0.m }
      },
    ]
  }

  private static func withFactor(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ factor: @escaping (Sizes) -> Double
  ) -> Mistake<MinibatchFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.factor = factor }
  }

  private static func withPenalty(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ factor: @escaping (Sizes) -> Double
  ) -> Mistake<MinibatchFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.penaltyFactor = factor }
  }

  private static func withRow(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ row: @escaping ([Double]) -> Double
  ) -> Mistake<MinibatchFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.row = row }
  }
}
