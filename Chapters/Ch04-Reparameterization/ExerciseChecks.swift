import Autodiff
import Notebook
import Probability

/// The derivatives of one number with respect to the parameters of N(μ, diag(σ²)).
struct NormalGradient: AnswerConvertible {
  /// With respect to μ, [d].
  var mean: [Double]
  /// With respect to log σ², [d].
  var logVariance: [Double]

  /// The one above the other.
  var answer: Answer { [mean, logVariance].answer }
}

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      sample(Exercises.sample), pathwiseGradient(Exercises.pathwiseGradient),
      scoreFunctionGradient(Exercises.scoreFunctionGradient),
      fullCovarianceSample(Exercises.fullCovarianceSample),
      minibatchEstimate(Exercises.minibatchEstimate), logCosh(Exercises.logCosh),
    ]
  }

  // MARK: - Section 4.2

  static func sample(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let mean: [Double]
      let logVariance: [Double]
      let noise: [Double]

      var sample: [Double] {
        DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
          .sample(noise: Tensor(noise)).scalars
      }

      func sample(
        _ component: (_ mean: Double, _ logVariance: Double, _ noise: Double) -> Double
      ) -> [Double] {
        mean.indices.map { component(mean[$0], logVariance[$0], noise[$0]) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.mean, $0.logVariance, $0.noise)
    }) { $0.sample }
    comparison.ask(
      "the mean (1, 0), the log variance (0, log 4) and the noise (0.5, -1)",
      Input(mean: [1, 0], logVariance: [0, .log(4)], noise: [0.5, -1]))
    let (mean, noise) = (normal(3, seed: 41), normal(3, seed: 42))
    comparison.ask(
      "the mean \(text(mean)), the log variance (-1.20, 0.70, -0.30) and the noise \(text(noise))",
      Input(mean: mean, logVariance: [-1.2, 0.7, -0.3], noise: noise))
    comparison.recognize("(ε + μ)σ scales the mean, too; z = μ + σε") { input in
      input.sample { ($2 + $0) * .exp($1 / 2) }
    }
    comparison.recognize(
      "the noise was scaled by the variance σ²; its root belongs there, exp(½ log σ²)"
    ) { input in input.sample { $0 + .exp($1) * $2 } }
    comparison.recognize("the noise was scaled by the log variance; σ is exp(½ log σ²)") { input in
      input.sample { $0 + $1 * $2 }
    }
    comparison.recognize("the log variance was taken for the variance; its exponential is that") {
      input in input.sample { $0 + $1.squareRoot() * $2 }
    }
    comparison.recognize("e to ½ the log variance is σ; a root of that is too much") { input in
      input.sample { $0 + .exp($1 / 4) * $2 }
    }
    comparison.recognize("the noise was added as it is; it has to be scaled by σ") { input in
      input.sample { mean, _, noise in mean + noise }
    }
    comparison.recognize("that is the mean; nothing random is in it") { $0.mean }
    return Exercise(
      "sample", "z = μ + σε, from a log variance", minutes: 5,
      hints: [
        "What is the standard deviation if the log variance is 0? If it is log 4?",
        "log σ² = 2 log σ, so log σ is half of what is given.",
      ], comparison)
  }

  static func pathwiseGradient(
    _ answer: @escaping ([Double], [Double], [[Double]]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<PathwiseTask, NormalGradient>(of: {
      try answer($0.mean, $0.logVariance, $0.noise)
    }) { $0.expected }
    comparison.ask(
      "the mean (1), the log variance (log 4) and the noise (1), (-2)",
      PathwiseTask(mean: [1], logVariance: [.log(4)], noise: [[1], [-2]]))
    let (mean, noise) = (normal(2, seed: 43), (44..<47).map { normal(2, seed: $0) })
    comparison.ask(
      "the mean \(text(mean)), the log variance (-1.00, 0.60) and the noise "
        + noise.map(text).joined(separator: ", "),
      PathwiseTask(mean: mean, logVariance: [-1, 0.6], noise: noise))
    comparison.recognize(
      "∂σ/∂log σ² lacks its ½: σ = exp(½ log σ²), whose derivative is ½σ"
    ) { task in task.gradient(logVariance: { 2 * $0.z * $0.sigma * $0.noise }) }
    comparison.recognize(
      "that is the derivative with respect to σ, and wanted is that with respect to log σ²"
    ) { task in task.gradient(logVariance: { 2 * $0.z * $0.noise }) }
    comparison.recognize(
      "that is the derivative with respect to σ², and wanted is that with respect to its log"
    ) { task in task.gradient(logVariance: { $0.z * $0.noise / $0.sigma }) }
    comparison.recognize(
      "∂z/∂σ = ε is missing in the chain: log σ² moves z by ε times what it moves σ"
    ) { task in task.gradient(logVariance: { $0.z * $0.sigma }) }
    comparison.recognize("those are sums over the draws; the estimate is their mean") { task in
      task.gradient(scale: Double(task.noise.count))
    }
    comparison.recognize("those are means over the components, too; ‖z‖² is a sum over them") {
      task in task.gradient(scale: 1 / Double(task.mean.count))
    }
    comparison.recognize("a 2 is missing: the derivative of z² is 2z") { task in
      task.gradient(scale: 0.5)
    }
    comparison.recognize(
      "the draws were made with σ² in the place of σ; its root is exp(½ log σ²)"
    ) { task in task.gradient(sigma: Double.exp) }
    comparison.recognize(
      "that is the gradient of E[h] = ‖μ‖² + Σσ² itself; wanted is the estimate from these draws"
    ) { task in
      NormalGradient(mean: task.mean.map { 2 * $0 }, logVariance: task.logVariance.map(Double.exp))
    }
    return Exercise(
      "pathwise-gradient", "The gradient of E‖z‖² along the path", minutes: 25,
      hints: [
        "For one draw: how does ‖z‖² change with zₖ, how does zₖ change with μₖ, and with σₖ?",
        "log σ² is what the encoder gives: one more factor, the derivative of exp(½ l) with "
          + "respect to l.",
        "With respect to μₖ it is 2zₖ. With respect to log σₖ² it is 2zₖ times εₖ times that factor.",
      ], comparison)
  }

  // MARK: - Section 4.3

  static func scoreFunctionGradient(
    _ answer: @escaping ([[Double]], [Double], [Double], [Double]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<ScoreTask, NormalGradient>(of: {
      try answer($0.draws, $0.values, $0.mean, $0.logVariance)
    }) { $0.expected }
    comparison.ask(
      "the draws (2), (-1) with the values (4, 1), the mean (0) and the log variance (0)",
      ScoreTask(draws: [[2], [-1]], values: [4, 1], mean: [0], logVariance: [0]))
    let (mean, draws) = (normal(2, seed: 47), (50..<54).map { normal(2, seed: $0) })
    let values = normal(4, seed: 48).map { $0 + 3 }
    comparison.ask(
      "the draws \(draws.map(text).joined(separator: ", ")) with the values \(text(values)), the mean "
        + "\(text(mean)) and the log variance (-0.80, 0.50)",
      ScoreTask(draws: draws, values: values, mean: mean, logVariance: [-0.8, 0.5]))
    comparison.recognize(
      "each draw's own value is in its baseline, which takes 1/n of the gradient away; leave it out"
    ) { task in task.gradient(weights: task.weights { total, _, n in total / n }) }
    comparison.recognize("there is no baseline: the mean of the other values is to be taken off") {
      task in task.gradient(weights: task.values)
    }
    comparison.recognize("the baseline is the sum of the other values; wanted is their mean") {
      task in task.gradient(weights: task.weights { total, own, _ in total - own })
    }
    comparison.recognize("the sum of the other n − 1 values was divided by n") { task in
      task.gradient(weights: task.weights { total, own, n in (total - own) / n })
    }
    comparison.recognize("the baseline was added; it is to be taken off") { task in
      task.gradient(weights: task.weights { total, own, n in (own - total) / (n - 1) })
    }
    comparison.recognize(
      "that is with the gradient of the density Q itself; the score is that of log Q"
    ) { task in
      task.gradient(weights: zip(task.leaveOneOut, task.densities).map { $0 * $1 })
    }
    comparison.recognize("those are sums over the draws; the estimate is their mean") { task in
      task.gradient(scale: Double(task.draws.count))
    }
    comparison.recognize(
      "z − μ was divided by σ; in the score with respect to μ it is divided by σ²"
    ) { task in task.gradient(mean: { $0.deviation / $0.sigma }) }
    comparison.recognize("the score with respect to μ has z − μ in it, and not μ − z") { task in
      task.gradient(mean: { -$0.deviation / ($0.sigma * $0.sigma) })
    }
    comparison.recognize(
      "the score with respect to log σ² lacks its ½, which both of its terms have"
    ) { task in task.gradient(logVariance: { $0.squaredNoise - 1 }) }
    // A score without its −½ is not told apart: the weights h − b sum to 0 over the draws.
    comparison.recognize(
      "that is the score with respect to σ, and wanted is that with respect to log σ²"
    ) { task in task.gradient(logVariance: { ($0.squaredNoise - 1) / $0.sigma }) }
    comparison.recognize(
      "that is the score with respect to σ², and wanted is that with respect to its log"
    ) { task in
      task.gradient(logVariance: { 0.5 * ($0.squaredNoise - 1) / ($0.sigma * $0.sigma) })
    }
    comparison.recognize("e to the log variance is σ², and not σ") { task in
      task.gradient(sigma: Double.exp)
    }
    return Exercise(
      "score-function-gradient", "The gradient from values of h alone, with a baseline",
      minutes: 45,
      hints: [
        "Write three small steps: the n differences h − b, the scores of one draw, the mean of "
          + "their products.",
        "The mean of the others is (sum of all − own)/(n − 1).",
        "In log Q(z), put l for log σ², so that 1/σ² = e^(−l), and differentiate with respect to μ, "
          + "and to l: two terms contain l. The exponential's derivative brings a minus.",
      ], comparison)
  }

  // MARK: - Section 4.4

  static func fullCovarianceSample(
    _ answer: @escaping ([Double], [[Double]], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<CovarianceTask, [Double]>(of: {
      try answer($0.mean, [[$0.a, $0.b], [$0.b, $0.c]], $0.noise)
    }) { $0.expected }
    comparison.ask(
      "the mean (1, 0), Σ = ((4, 2), (2, 10)) and the noise (1, 2)",
      CovarianceTask(mean: [1, 0], a: 4, b: 2, c: 10, noise: [1, 2]))
    let drawn = normal(8, seed: 55)
    for (b, start) in [(0.9, 0), (-1.1, 4)] {
      let (mean, noise) = (Array(drawn[start..<start + 2]), Array(drawn[start + 2..<start + 4]))
      comparison.ask(
        "the mean \(text(mean)), Σ = ((2.5, \(b)), (\(b), 1.2)) and the noise \(text(noise))",
        CovarianceTask(mean: mean, a: 2.5, b: b, c: 1.2, noise: noise))
    }
    comparison.recognize(
      "that is μ + Σε, which has the covariance Σ²; ε is to be multiplied by a root of Σ"
    ) { $0.sample($0.a, $0.b, $0.b, $0.c) }
    comparison.recognize(
      "the root of each entry was taken; a root of the matrix is L with LLᵀ = Σ"
    ) { $0.sample($0.a.squareRoot(), $0.b.squareRoot(), $0.b.squareRoot(), $0.c.squareRoot()) }
    comparison.recognize("the correlation is lost: only the diagonal of Σ was used") {
      $0.sample($0.a.squareRoot(), 0, 0, $0.c.squareRoot())
    }
    comparison.recognize(
      "that is Lᵀε, and LᵀL is not Σ; L is zero above the diagonal, and its rows belong to z"
    ) { $0.sample($0.l11, $0.l21, 0, $0.l22) }
    comparison.recognize("L₂₂² is what L₂₁² leaves of Σ₂₂, and not all of it") {
      $0.sample($0.l11, 0, $0.l21, $0.c.squareRoot())
    }
    comparison.recognize("the root is missing in L₂₂: L₂₁² + L₂₂² = Σ₂₂") {
      $0.sample($0.l11, 0, $0.l21, $0.l22 * $0.l22)
    }
    comparison.recognize("Σ₂₁ = L₂₁L₁₁, so that Σ₂₁ is divided by L₁₁ to get L₂₁, not by Σ₁₁") {
      let l21 = $0.b / $0.a
      return $0.sample($0.l11, 0, l21, ($0.c - l21 * l21).squareRoot())
    }
    comparison.recognize("L₂₁ is Σ₂₁ divided by L₁₁, not Σ₂₁ itself") {
      $0.sample($0.l11, 0, $0.b, ($0.c - $0.b * $0.b).squareRoot())
    }
    comparison.recognize("L was applied to the mean, too: z = μ + Lε, and not L(μ + ε)") { task in
      let z = zip(task.mean, task.noise).map { $0 + $1 }
      return [task.l11 * z[0], task.l21 * z[0] + task.l22 * z[1]]
    }
    comparison.recognize(
      "that is a draw by the symmetric root of Σ; its distribution is the same, but L is asked for"
    ) { task in
      // √Σ = (Σ + √|Σ| I)/√(tr Σ + 2√|Σ|), in two dimensions.
      let s = task.l11 * task.l22
      let t = (task.a + task.c + 2 * s).squareRoot()
      return task.sample((task.a + s) / t, task.b / t, task.b / t, (task.c + s) / t)
    }
    return Exercise(
      "full-covariance-sample", "z = μ + Lε, with a root L of Σ", minutes: 15,
      hints: [
        "Write down LLᵀ for L = [[p, 0], [q, r]]: three equations, of which the first has only p.",
        "L₁₁ = √Σ₁₁ and L₂₁ = Σ₂₁/L₁₁. What is left of Σ₂₂ for L₂₂²?",
      ], comparison)
  }

  // MARK: - Section 4.5

  static func minibatchEstimate(
    _ answer: @escaping ([[Double]], Double, Int) throws -> Double
  ) -> Exercise {
    struct Input {
      let derivatives: [[Double]]
      let penalty: Double
      let exampleCount: Int

      var n: Double { Double(exampleCount) }
      var m: Double { Double(derivatives.count) }
      var draws: Double { Double(derivatives[0].count) }
      /// Over the batch, of the means over draws.
      var sum: Double { derivatives.joined().reduce(0, +) / draws }
      var estimate: Double { n / m * sum + penalty }
    }
    var comparison = Comparison<Input, Double>(of: {
      try answer($0.derivatives, $0.penalty, $0.exampleCount)
    }) { $0.estimate }
    comparison.ask(
      "the derivatives (2, 4), (1, 3), the penalty's 0.5 and N = 5",
      Input(derivatives: [[2, 4], [1, 3]], penalty: 0.5, exampleCount: 5))
    let derivatives = (56..<59).map { normal(2, seed: $0) }
    comparison.ask(
      "the derivatives \(derivatives.map(text).joined(separator: ", ")), the penalty's -0.7 and "
        + "N = 500",
      Input(derivatives: derivatives, penalty: -0.7, exampleCount: 500))
    comparison.recognize("N/M is missing: the sum of the batch stands for all N examples") {
      $0.sum + $0.penalty
    }
    comparison.recognize("that is the mean over the batch; the loss is a sum over all N examples") {
      $0.sum / $0.m + $0.penalty
    }
    comparison.recognize(
      "the mean over the batch was multiplied by N/M; it stands for the mean of all, so by N"
    ) { $0.n / $0.m * $0.sum / $0.m + $0.penalty }
    comparison.recognize("the sum over the batch was multiplied by N; by N/M it is to be") {
      $0.n * $0.sum + $0.penalty
    }
    comparison.recognize("the factor is N/M, and not M/N") {
      $0.m / $0.n * $0.sum + $0.penalty
    }
    comparison.recognize(
      "N/M was computed with integers, which drops what is behind the point; use Double(N)"
    ) { Double($0.exampleCount / $0.derivatives.count) * $0.sum + $0.penalty }
    comparison.recognize(
      "the penalty was multiplied by N/M, too; it is no sum over examples, and all of it is at hand"
    ) { $0.n / $0.m * ($0.sum + $0.penalty) }
    comparison.recognize("the penalty is missing") { $0.n / $0.m * $0.sum }
    comparison.recognize(
      "the L draws of an example were added up; their mean stands for its expectation"
    ) { $0.n / $0.m * $0.sum * $0.draws + $0.penalty }
    comparison.recognize("of the L draws of an example only the first was used") {
      $0.n / $0.m * $0.derivatives.reduce(0) { $0 + $1[0] } + $0.penalty
    }
    return Exercise(
      "minibatch-estimate", "The gradient of all, from a minibatch", minutes: 10,
      hints: [
        "If every example had the derivative 1, what should come out, whatever M is?",
        "First a mean over each row, then the sum of these means; only that sum is scaled.",
      ], comparison)
  }

  // MARK: - The core

  static func logCosh(
    _ answer: @escaping (Tensor<Double>) throws -> Tensor<Double>
  ) -> Exercise {
    var comparison = Comparison<CoreTask, Answer>(of: { try $0.answer(answer) }) { task in
      task.answer(value: CoreTask.logCosh) { x, g in g * .tanh(x) }
    }
    comparison.ask(
      "the values, and below them the gradient, at x = (0, 1) with g = (0, 3)",
      CoreTask(x: [0, 1], incoming: [0, 3]))
    let (x, incoming) = (normal(3, seed: 59), normal(3, seed: 60))
    comparison.ask(
      "the same at x = \(text(x)) with g = \(text(incoming))", CoreTask(x: x, incoming: incoming))
    comparison.ask(
      "the same at x = (900, -900) with g = (1, -2)", CoreTask(x: [900, -900], incoming: [1, -2]))
    comparison.recognize("no gradient came back: is the result of `recorded` what is returned?") {
      $0.answer(value: CoreTask.logCosh) { _, _ in 0 }
    }
    comparison.recognize(
      "the pullback leaves out g, what came back so far; the chain rule multiplies by it"
    ) { $0.answer(value: CoreTask.logCosh) { x, _ in .tanh(x) } }
    comparison.recognize("the pullback returns g as it is; the operation's derivative is missing") {
      $0.answer(value: CoreTask.logCosh) { _, g in g }
    }
    comparison.recognize(
      "the pullback has 1/cosh x, from the log alone; times the derivative of cosh x it is right"
    ) { $0.answer(value: CoreTask.logCosh) { x, g in g / cosh(x) } }
    comparison.recognize("the pullback has the derivative of cosh x, before the log was taken") {
      $0.answer(value: CoreTask.logCosh) { x, g in g * sinh(x) }
    }
    comparison.recognize(
      "the pullback has 1 − tanh² x, the derivative of tanh x: that is the second derivative"
    ) { $0.answer(value: CoreTask.logCosh) { x, g in g * (1 - .tanh(x) * .tanh(x)) } }
    comparison.recognize("the pullback multiplies g by the value, which is right for exp alone") {
      $0.answer(value: CoreTask.logCosh) { x, g in g * CoreTask.logCosh(x) }
    }
    comparison.recognize("log 2 is missing: cosh x is half of eˣ + e⁻ˣ") {
      $0.answer(value: { CoreTask.logCosh($0) + .log(2) }) { x, g in g * .tanh(x) }
    }
    comparison.recognize("that is cosh x; its logarithm is missing") {
      $0.answer(value: cosh) { x, g in g * sinh(x) }
    }
    comparison.recognize("cosh x became infinite; the part of |x| can be taken out of the log") {
      $0.answer(value: { .log(cosh($0)) }) { x, g in g * .tanh(x) }
    }
    comparison.recognize(
      "cosh x became infinite, and inf/inf came back; that is why this is one operation, not several"
    ) {
      $0.answer(value: { .log(cosh($0)) }) { x, g in abs(x) > 700 ? .nan : g * .tanh(x) }
    }
    return Exercise(
      "log-cosh", "A new operation for the core, with its pullback", minutes: 60,
      hints: [
        "Differentiate log cosh x on paper: the derivative is a function that the core has. For the "
          + "value, write cosh x = e^|x| (1 + e^(−2|x|))/2.",
        "log cosh x = softplus(2x) − x − log 2, and softplus is stable.",
        "Look at softplus in Sources/Autodiff/Arithmetic.swift: its pullback is g times the "
          + "derivative at x. Yours has the same form.",
      ], comparison
    ).judged("log cosh of one number", answer: { try CoreTask.recordedCount(answer) }) { count in
      count.values == [1]
        ? nil
        : "the gradient goes back through \(formatted(count.values[0], decimals: 0)) operations; it "
          + "should go through one, recorded with a pullback of your own"
    }.judged(
      "a 2 × 2 matrix x and Σ(log cosh(3 log cosh x))",
      answer: { try CoreTask.relativeError(answer) }
    ) { error in
      // Differences of so smooth a function are good to 10⁻⁹; a wrong derivative is wrong at once.
      error.values[0] < 1e-6
        ? nil
        : "checkGradient finds the gradient and differences of the function apart by "
          + "\(formatted(error.values[0], digits: 3)) of their size"
    }
  }
}

/// What is given in the exercise on the pathwise gradient.
private struct PathwiseTask {
  let mean: [Double]
  let logVariance: [Double]
  let noise: [[Double]]

  /// One component of one draw.
  struct Draw {
    let z: Double
    let sigma: Double
    let noise: Double
  }

  var expected: NormalGradient {
    let q = DiagonalNormal<Double>(mean: Tensor(mean), logVariance: Tensor(logVariance))
    let rows = q.pathwiseGradients(noise: matrix(noise)) { $0.squared.sum(axis: 1) }
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  /// The estimate, with other formulas for the parts of it.
  func gradient(
    scale: Double = 1, sigma: (Double) -> Double = { .exp($0 / 2) },
    mean meanTerm: (Draw) -> Double = { 2 * $0.z },
    logVariance logVarianceTerm: (Draw) -> Double = { $0.z * $0.sigma * $0.noise }
  ) -> NormalGradient {
    func estimates(_ term: (Draw) -> Double) -> [Double] {
      mean.indices.map { k in
        let sigma = sigma(logVariance[k])
        let terms = noise.map { term(Draw(z: mean[k] + sigma * $0[k], sigma: sigma, noise: $0[k])) }
        return scale * terms.reduce(0, +) / Double(noise.count)
      }
    }
    return NormalGradient(mean: estimates(meanTerm), logVariance: estimates(logVarianceTerm))
  }
}

/// What is given in the exercise on the score function.
private struct ScoreTask {
  let draws: [[Double]]
  let values: [Double]
  let mean: [Double]
  let logVariance: [Double]

  /// One component of one draw.
  struct Draw {
    /// z − μ.
    let deviation: Double
    let sigma: Double

    var squaredNoise: Double { deviation * deviation / (sigma * sigma) }
  }

  var q: DiagonalNormal<Double> {
    DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
  }
  /// Q(z) of each draw.
  var densities: [Double] { q.logProbability(of: matrix(draws)).scalars.map(Double.exp) }
  /// h − b.
  var leaveOneOut: [Double] { weights { total, own, n in (total - own) / (n - 1) } }

  var expected: NormalGradient {
    let noise = (matrix(draws) - q.mean) / q.standardDeviation
    let rows = q.scoreFunctionGradients(noise: noise, weights: Tensor(leaveOneOut))
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  /// h less a baseline, which is a function of the sum of all values, of the draw's own, and of n.
  func weights(baseline: (_ total: Double, _ own: Double, _ n: Double) -> Double) -> [Double] {
    let total = values.reduce(0, +)
    return values.map { $0 - baseline(total, $0, Double(values.count)) }
  }

  /// The estimate, with other formulas for the parts of it.
  func gradient(
    weights: [Double]? = nil, scale: Double = 1, sigma: (Double) -> Double = { .exp($0 / 2) },
    mean meanScore: (Draw) -> Double = { $0.deviation / ($0.sigma * $0.sigma) },
    logVariance logVarianceScore: (Draw) -> Double = { 0.5 * ($0.squaredNoise - 1) }
  ) -> NormalGradient {
    let weights = weights ?? leaveOneOut
    func estimates(_ score: (Draw) -> Double) -> [Double] {
      mean.indices.map { k in
        let sigma = sigma(logVariance[k])
        let terms = zip(weights, draws).map { weight, z in
          weight * score(Draw(deviation: z[k] - mean[k], sigma: sigma))
        }
        return scale * terms.reduce(0, +) / Double(draws.count)
      }
    }
    return NormalGradient(mean: estimates(meanScore), logVariance: estimates(logVarianceScore))
  }
}

/// What is given in the exercise on a full covariance Σ = ((a, b), (b, c)).
private struct CovarianceTask {
  let mean: [Double]
  let a: Double
  let b: Double
  let c: Double
  let noise: [Double]

  var l11: Double { a.squareRoot() }
  var l21: Double { b / l11 }
  var l22: Double { (c - l21 * l21).squareRoot() }

  var expected: [Double] {
    let covariance = Tensor<Double>([a, b, b, c], shape: [2, 2])
    guard let q = try? MultivariateNormal(mean: Tensor(mean), covariance: covariance) else {
      fatalError("Σ is not positive definite")
    }
    return q.sample(noise: Tensor(noise, shape: [1, 2])).scalars
  }

  /// μ + Aε for any matrix A.
  func sample(_ a11: Double, _ a12: Double, _ a21: Double, _ a22: Double) -> [Double] {
    [
      mean[0] + a11 * noise[0] + a12 * noise[1],
      mean[1] + a21 * noise[0] + a22 * noise[1],
    ]
  }
}

/// A point at which an operation is asked for its value and for its gradient.
private struct CoreTask {
  let x: [Double]
  /// The gradient of the final number with respect to the operation's result.
  let incoming: [Double]

  static func logCosh(_ x: Double) -> Double { .softplus(2 * x) - x - .log(2) }

  /// The value in one row, the gradient in the next.
  func answer(
    value: (Double) -> Double, pullback: (_ x: Double, _ g: Double) -> Double
  ) -> Answer {
    [x.map(value), zip(x, incoming).map(pullback)].answer
  }

  func answer(_ operation: (Tensor<Double>) throws -> Tensor<Double>) throws -> Answer {
    let value = try operation(Tensor(x))
    guard value.shape == [x.count] else {
      return Answer(shape: value.shape, values: value.scalars)
    }
    let gradient = try valueWithGradient(at: Tensor(x)) {
      (try operation($0) * Tensor(incoming)).sum()
    }.gradient
    return [value.scalars, gradient.scalars].answer
  }

  /// How many operations the gradient goes through on its way from the result back to x.
  static func recordedCount(
    _ operation: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    let steps = try recordedSteps(at: Tensor<Double>(0.5)) { try operation($0) }
    var reached: Set<Int> = []
    var next = steps.count > 1 ? [steps.count - 1] : []
    while let step = next.popLast() {
      if step > 0, reached.insert(step).inserted { next += steps[step].operands }
    }
    return Double(reached.count)
  }

  /// How far the gradient is from differences, with the operation behind and before others.
  static func relativeError(
    _ operation: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    var generator = SeededGenerator(seed: 61)
    let x = Tensor<Double>.normal([2, 2], using: &generator)
    // What it throws, it throws here.
    _ = try operation(x)
    return checkGradient(at: x, using: &generator) { x in
      guard let inner = try? operation(x), let outer = try? operation(3 * inner) else {
        return Tensor(.nan)
      }
      return outer.sum()
    }.relativeError
  }
}

private func cosh(_ x: Double) -> Double { 0.5 * (.exp(x) + .exp(-x)) }

private func sinh(_ x: Double) -> Double { 0.5 * (.exp(x) - .exp(-x)) }

private func matrix(_ rows: [[Double]]) -> Tensor<Double> {
  Tensor(Array(rows.joined()), shape: [rows.count, rows[0].count])
}

/// Standard normal numbers with two decimals, so that they can be shown in full.
private func normal(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed)
  return generator.normal(count: count).map { (100 * $0).rounded() / 100 }
}

private func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { formatted($0, decimals: 2) }.joined(separator: ", ") + ")"
}
