import Autodiff
import Exercises
import Probability

/// Estimates of the derivatives of −ℒ, each with respect to a, c and w.
struct EncoderGradients: AnswerConvertible {
  /// With z drawn inside the network.
  var drawnInside: [Double]
  /// With the score function.
  var score: [Double]
  /// With z = μ + σε.
  var pathwise: [Double]

  /// The three gradients, one after another.
  var answer: Answer {
    Answer(parts: [("drawnInside", drawnInside), ("score", score), ("pathwise", pathwise)])
  }
}

extension Checks {
  static func threeGradients(
    _ answer: @escaping ([Double], Double, Double, Double, [Double]) throws -> EncoderGradients
  ) -> Exercise {
    var comparison = Comparison<EncoderTask, EncoderGradients>(of: {
      try answer($0.x, $0.a, $0.c, $0.w, $0.noise)
    }) { $0.expected }
    var tasks = [EncoderTask(x: [2, 4], a: 0.5, c: .log(4), w: 0.5, noise: [0.5, -1])]
    comparison.ask(
      "X = (2, 4), a = 0.5, c = log 4, w = 0.5 and the noise (0.5, −1)", tasks[0])
    for (count, a, c, w) in [(3, 0.4, -0.8, 1.2), (5, -0.7, 0.5, 0.9), (4, 1.1, -1.5, -0.6)] {
      let x = roundedNormals(count, seed: UInt64(80 + count))
      let noise = roundedNormals(count, seed: UInt64(90 + count))
      tasks.append(EncoderTask(x: x, a: a, c: c, w: w, noise: noise))
      comparison.ask(
        "X = \(exact(x)), a = \(exact(a)), c = \(exact(c)), w = \(exact(w)) and the noise "
          + exact(noise), tasks[tasks.count - 1])
    }
    comparison.argument("x", \.x)
    comparison.argument("a", \.a)
    comparison.argument("c", \.c)
    comparison.argument("w", \.w)
    comparison.argument("noise", \.noise)
    let mistakes = EncoderFormula.mistakes.distinct(in: EncoderFormula(), for: tasks) {
      $1($0).answer.values
    }
    comparison.recognize(mistakes, in: EncoderFormula()) { task, formula in formula(task) }
    comparison.terms([
      "the divergence", "the path through z", "the score’s term",
      "the derivative of the error with respect to w",
    ]) { task in
      let whole = EncoderFormula()
      func without(_ change: (inout EncoderFormula) -> Void) -> EncoderGradients {
        var formula = whole
        change(&formula)
        return whole(task).minus(formula(task))
      }
      return [
        without { $0.divergenceShare = 0 }, without { $0.pathShare = 0 },
        without { $0.scoreShare = 0 }, without { $0.errorWeight = { _ in 0 } },
      ]
    }
    return Exercise(
      "three-gradients", "The gradient of −ℒ in three ways, by hand", minutes: 60,
      needs: ["sample", "pathwise-gradient", "score-function-gradient"],
      hints: [
        "First write down all derivatives of the divergence, and those of the error with respect to "
          + "w and to z. Each of the three gradients is put together from these.",
        "An encoder’s parameter acts through μ = aX or through log σ² = c. The derivative with "
          + "respect to a is X times the one with respect to μ.",
        "The score function’s gradient is that with z drawn inside, plus the mean of (h − b) ε/σ · X "
          + "for a, and of (h − b) ½(ε² − 1) for c.",
      ], comparison)
  }
}

extension EncoderGradients {
  fileprivate func minus(_ other: EncoderGradients) -> EncoderGradients {
    EncoderGradients(
      drawnInside: zip(drawnInside, other.drawnInside).map(-),
      score: zip(score, other.score).map(-),
      pathwise: zip(pathwise, other.pathwise).map(-))
  }
}

/// The input of the exercise on three gradients.
private struct EncoderTask {
  var x: [Double]
  var a: Double
  var c: Double
  var w: Double
  var noise: [Double]

  /// The three gradients, from the tape.
  var expected: EncoderGradients {
    let (x, ε) = (Tensor(x), Tensor(noise))
    func gradient(
      _ loss: @escaping (_ parameters: [Tensor<Double>], _ z: Tensor<Double>) -> Tensor<Double>,
      isDetached: Bool
    ) -> [Double] {
      valueWithGradient(at: [Tensor(a), Tensor(c), Tensor(w)]) { p in
        let z = p[0] * x + exp(0.5 * p[1]) * ε
        return loss(p, isDetached ? z.detached : z).mean()
      }.gradient.map(\.scalar)
    }
    func loss(_ p: [Tensor<Double>], _ z: Tensor<Double>) -> Tensor<Double> {
      let μ = p[0] * x
      return (x - p[2] * z).squared + 0.5 * (μ.squared + exp(p[1]) - 1 - p[1])
    }
    return EncoderGradients(
      drawnInside: gradient(loss, isDetached: true),
      score: gradient(
        { p, z in
          let h = (x - p[2] * z).squared.detached
          let b = (h.sum() - h) / Double(h.count - 1)
          let logQ = -0.5 * p[1] - 0.5 * (z - p[0] * x).squared * exp(-p[1])
          return loss(p, z) + (h - b) * logQ
        }, isDetached: true),
      pathwise: gradient(loss, isDetached: false))
  }
}

/// The three gradients by hand.
private struct EncoderFormula {
  /// What is known about one example.
  struct Example {
    let x: Double
    let noise: Double
    let mean: Double
    let sigma: Double
    let z: Double
    let w: Double
    /// X − wz.
    var residual: Double { x - w * z }
  }
  typealias Part = (Example) -> Double

  var standardDeviation = StandardDeviation()
  /// The derivatives of the divergence with respect to μ and to log σ².
  var divergenceMean: Part = { $0.mean }
  var divergenceLogVariance: Part = { ($0.sigma * $0.sigma - 1) / 2 }
  /// The derivatives of the error with respect to w and to z.
  var errorWeight: Part = { -2 * $0.z * $0.residual }
  var errorSample: Part = { -2 * $0.w * $0.residual }
  /// ∂z/∂log σ².
  var path: Part = { $0.sigma * $0.noise / 2 }
  /// The scores.
  var score = NormalScore()
  /// What multiplies the score, from h of all examples.
  var weight: (_ h: [Double], _ index: Int) -> Double = { h, index in
    h[index] - (h.reduce(0, +) - h[index]) / Double(h.count - 1)
  }
  /// h of an example.
  var value: Part = { $0.residual * $0.residual }
  /// ∂μ/∂a, in the divergence, along the path and in the score.
  var divergenceInput: Part = { $0.x }
  var pathInput: Part = { $0.x }
  var scoreInput: Part = { $0.x }
  var divisor: (_ n: Double) -> Double = { $0 }
  /// How much of the divergence, of the path and of the score is in the encoder's gradients.
  var divergenceShare = 1.0
  var pathShare = 1.0
  var scoreShare = 1.0
  /// The share of the divergence in the gradients of the score and the path.
  var laterDivergenceShare = 1.0
  /// How much of the path is in the score's gradient and in that with z drawn inside.
  var pathInScore = 0.0
  var pathInside = 0.0

  func callAsFunction(_ task: EncoderTask) -> EncoderGradients {
    let sigma = standardDeviation(task.c)
    let examples = zip(task.x, task.noise).map { x, noise in
      Example(
        x: x, noise: noise, mean: task.a * x, sigma: sigma, z: task.a * x + sigma * noise,
        w: task.w)
    }
    func average(_ part: Part) -> Double {
      examples.reduce(0) { $0 + part($1) } / divisor(Double(examples.count))
    }
    let h = examples.map(value)
    func scoreAverage(_ part: Part) -> Double {
      examples.indices.reduce(0) { $0 + weight(h, $1) * part(examples[$1]) }
        / divisor(Double(examples.count))
    }
    // With respect to a and c.
    let divergences: [Double] = [
      divergenceShare * average { divergenceMean($0) * divergenceInput($0) },
      divergenceShare * average(divergenceLogVariance),
    ]
    let paths: [Double] = [
      average { errorSample($0) * pathInput($0) }, average { errorSample($0) * path($0) },
    ]
    let scores: [Double] = [
      scoreAverage { score.mean($0.z - $0.mean, $0.sigma) * scoreInput($0) },
      scoreAverage { score.logVariance($0.z - $0.mean, $0.sigma) },
    ]
    let weights = [average(errorWeight)]
    func gradient(_ divergenceShare: Double, path: Double, score: Double) -> [Double] {
      let encoder = (0..<2).map { (index: Int) -> Double in
        let rest: Double = path * paths[index] + score * scores[index]
        return divergenceShare * divergences[index] + rest
      }
      return encoder + weights
    }
    return EncoderGradients(
      drawnInside: gradient(1, path: pathInside, score: 0),
      score: gradient(laterDivergenceShare, path: pathInScore, score: scoreShare),
      pathwise: gradient(laterDivergenceShare, path: pathShare, score: 0))
  }

  static var mistakes: [Mistake<EncoderFormula>] {
    divergences + errors + inputs + weights + shares
      + NormalScore.mistakes.without("z for z − μ").within(\.score)
      + StandardDeviation.wrongFunctions.within(\.standardDeviation)
  }

  private static var divergences: [Mistake<EncoderFormula>] {
    [
      Mistake("no divergence", "the divergence is missing in the encoder’s gradients") {
        $0.divergenceShare = 0
      },
      Mistake("sign of divergence", "the sign of the divergence is flipped: −ℒ contains + D") {
        $0.divergenceShare = -1
      },
      Mistake("doubled divergence", "the ½ of the divergence is missing", isCommon: true) {
        $0.divergenceShare = 2
      },
      Mistake("halved divergence", "the ½ of the divergence was applied twice") {
        $0.divergenceShare = 0.5
      },
      Mistake("only at first", "the divergence belongs to all three gradients, not only the first")
      {
        $0.laterDivergenceShare = 0
      },
      Mistake("2μ", "½μ² in the divergence has the derivative μ, not 2μ") {
        $0.divergenceMean = { 2 * $0.mean }
      },
      Mistake("½μ", "½μ² in the divergence has the derivative μ, not ½μ") {
        $0.divergenceMean = { $0.mean / 2 }
      },
      Mistake("no μ", "the derivative of ½μ² in the divergence is missing") {
        $0.divergenceMean = { _ in 0 }
      },
      ofLogVariance(
        "no half", "½(σ² − 1) is the derivative of D with respect to c; the ½ is missing"
      ) { $0.sigma * $0.sigma - 1 },
      ofLogVariance("no −1", "the derivative of −½ log σ² in the divergence, −½, is missing") {
        $0.sigma * $0.sigma / 2
      },
      ofLogVariance("only −1", "the derivative of ½σ² in the divergence is missing") { _ in -0.5 },
      ofLogVariance("plus 1", "−½ log σ² in the divergence has the derivative −½, not +½") {
        ($0.sigma * $0.sigma + 1) / 2
      },
      ofLogVariance("−1 whole", "−½ log σ² in the divergence has the derivative −½, not −1") {
        $0.sigma * $0.sigma / 2 - 1
      },
      ofLogVariance("for σ", "σ − 1/σ is the derivative of D with respect to σ, and c is log σ²") {
        $0.sigma - 1 / $0.sigma
      },
      ofLogVariance(
        "for σ²", "½(1 − 1/σ²) is the derivative of D with respect to σ², and c is log σ²"
      ) { (1 - 1 / ($0.sigma * $0.sigma)) / 2 },
    ]
  }

  private static var errors: [Mistake<EncoderFormula>] {
    [
      ofWeight("sign of w", "the sign of the derivative with respect to w is flipped") {
        2 * $0.z * $0.residual
      },
      ofWeight("no 2 in w", "the 2 is missing in the derivative of (X − wz)² with respect to w") {
        -$0.z * $0.residual
      },
      ofWeight("no z", "the derivative of wz with respect to w is z; the factor is missing") {
        -2 * $0.residual
      },
      ofWeight("w for z", "the derivative of wz with respect to w is z, not w") {
        -2 * $0.w * $0.residual
      },
      ofWeight("μ for z", "the derivative with respect to w is taken at μ in place of z") {
        -2 * $0.mean * ($0.x - $0.w * $0.mean)
      },
      ofSample("sign of z", "the sign of the derivative of (X − wz)² with respect to z is flipped")
      {
        2 * $0.w * $0.residual
      },
      ofSample("no 2 in z", "the 2 is missing in the derivative of (X − wz)² with respect to z") {
        -$0.w * $0.residual
      },
      ofSample("no w", "the derivative of wz with respect to z is w; the factor is missing") {
        -2 * $0.residual
      },
      ofSample("z for w", "the derivative of wz with respect to z is w, not z") {
        -2 * $0.z * $0.residual
      },
      ofSample("at μ", "the derivative of the error along the path is taken at μ in place of z") {
        -2 * $0.w * ($0.x - $0.w * $0.mean)
      },
      Mistake("no 2", "the 2 is missing in the derivatives of (X − wz)²", isCommon: true) {
        $0.errorSample = { -$0.w * $0.residual }
        $0.errorWeight = { -$0.z * $0.residual }
      },
      Mistake("both signs", "the sign of the derivatives of (X − wz)² is flipped", isCommon: true) {
        $0.errorSample = { 2 * $0.w * $0.residual }
        $0.errorWeight = { 2 * $0.z * $0.residual }
      },
      ofPath("no half", "along the path, ∂σ/∂c is ½σ; the ½ is missing", isCommon: true) {
        $0.sigma * $0.noise
      },
      ofPath("for σ", "along the path, that is the derivative with respect to σ, and c is log σ²") {
        $0.noise
      },
      ofPath("for σ²", "along the path, that is the derivative with respect to σ², and c is log σ²")
      { $0.noise / $0.sigma / 2 },
      ofPath("no ε", "along the path, ∂z/∂σ = ε is missing") { $0.sigma / 2 },
      ofPath("variance", "along the path, ∂σ/∂c is ½σ, not ½σ²") {
        $0.sigma * $0.sigma * $0.noise / 2
      },
      ofPath("no path", "along the path, nothing is left with respect to c") { _ in 0 },
    ]
  }

  private static var inputs: [Mistake<EncoderFormula>] {
    [
      Mistake(
        "no X", "∂μ/∂a = X is missing: those are derivatives with respect to μ", isCommon: true
      ) {
        $0.divergenceInput = { _ in 1 }
        $0.pathInput = { _ in 1 }
        $0.scoreInput = { _ in 1 }
      },
      Mistake("no X in D", "∂μ/∂a = X is missing in the derivative of the divergence") {
        $0.divergenceInput = { _ in 1 }
      },
      Mistake("no X on the path", "∂μ/∂a = X is missing in the pathwise gradient") {
        $0.pathInput = { _ in 1 }
      },
      Mistake("no X in the score", "∂μ/∂a = X is missing in the score") {
        $0.scoreInput = { _ in 1 }
      },
    ]
  }

  private static var weights: [Mistake<EncoderFormula>] {
    [
      withWeight("own", "each example’s own h is in its baseline; leave it out") { h, index in
        h[index] - h.reduce(0, +) / Double(h.count)
      },
      withWeight("none", "there is no baseline: subtract the mean of h over the other examples") {
        h, index in h[index]
      },
      withWeight("sum", "the baseline is the sum of the other h; it should be their mean") {
        h, index in 2 * h[index] - h.reduce(0, +)
      },
      withWeight("n", "the sum of the other n − 1 values was divided by n in place of n − 1") {
        h, index in h[index] - (h.reduce(0, +) - h[index]) / Double(h.count)
      },
      withWeight("plus", "the baseline was added; subtract it") { h, index in
        h[index] + (h.reduce(0, +) - h[index]) / Double(h.count - 1)
      },
      Mistake(
        "log-likelihood",
        "the score’s term has the wrong sign: the loss contains h = (X − wz)², with "
          + "a plus", isCommon: true
      ) { $0.scoreShare = -1 },
      Mistake("root", "h is (X − wz)²; the square is missing") { $0.value = { $0.residual } },
      Mistake("halved h", "h is (X − wz)², without a ½") {
        $0.value = { $0.residual * $0.residual / 2 }
      },
      Mistake("whole loss", "h is the error alone; the divergence does not belong to it") {
        $0.value = { example in
          let variance = example.sigma * example.sigma
          return example.residual * example.residual
            + (example.mean * example.mean + variance - 1 - .log(variance)) / 2
        }
      },
    ]
  }

  private static var shares: [Mistake<EncoderFormula>] {
    [
      Mistake("no score", "the score’s term is missing in the score function’s gradient") {
        $0.scoreShare = 0
      },
      Mistake("no path", "in the pathwise gradient, the path through z is missing") {
        $0.pathShare = 0
      },
      Mistake("path in score", "the score function’s gradient has no path through z") {
        $0.pathInScore = 1
      },
      Mistake("path inside", "with z drawn inside, z is a constant: no path leads through it") {
        $0.pathInside = 1
      },
      Mistake("path everywhere", "only the pathwise gradient has a path through z") {
        $0.pathInside = 1
        $0.pathInScore = 1
      },
      Mistake("sum", "those are sums over the examples; the mean is asked for", isCommon: true) {
        $0.divisor = { _ in 1 }
      },
      Mistake("n − 1", "those are divided by n − 1; the mean is asked for") {
        $0.divisor = { $0 - 1 }
      },
    ]
  }

  private static func ofLogVariance(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.divergenceLogVariance = part }
  }

  private static func ofWeight(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.errorWeight = part }
  }

  private static func ofSample(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.errorSample = part }
  }

  private static func ofPath(
    _ name: String, _ message: String, isCommon: Bool = false, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.path = part }
  }

  private static func withWeight(
    _ name: String, _ message: String, _ weight: @escaping ([Double], Int) -> Double
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.weight = weight }
  }
}
