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
    let mistakes = EncoderFormula.mistakes.distinct(in: EncoderFormula(), tolerance: 1e-9) {
      formula in tasks.map { formula($0).answer.values }
    }
    comparison.recognize(mistakes, in: EncoderFormula()) { task, formula in formula(task) }
    comparison.recognize("`score` and `pathwise` have changed places") { task in
      let right = task.expected
      return EncoderGradients(
        drawnInside: right.drawnInside, score: right.pathwise, pathwise: right.score)
    }
    comparison.recognize("the derivatives with respect to a and c have changed places") { task in
      func exchanged(_ x: [Double]) -> [Double] { [x[1], x[0], x[2]] }
      let right = task.expected
      return EncoderGradients(
        drawnInside: exchanged(right.drawnInside), score: exchanged(right.score),
        pathwise: exchanged(right.pathwise))
    }
    comparison.terms(EncoderTask.termNames) { $0.terms }
    comparison.calculation(\.calculation)
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

/// The input of the exercise on three gradients.
struct EncoderTask {
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

extension EncoderTask {
  static let termNames = [
    "the derivative of the divergence with respect to a", "½σ² in the divergence",
    "−½ log σ² in the divergence", "the derivative of the error with respect to w",
    "the path with respect to a", "the path with respect to c", "the score’s term for a",
    "the score’s term for c",
  ]

  /// The terms of the three gradients.
  var terms: [EncoderGradients] {
    let gradients = expected
    func only(_ numbers: [Double], in places: [WritableKeyPath<EncoderGradients, [Double]>])
      -> EncoderGradients
    {
      var term = EncoderGradients(
        drawnInside: [0, 0, 0], score: [0, 0, 0], pathwise: [0, 0, 0])
      for place in places { term[keyPath: place] = numbers }
      return term
    }
    let all: [WritableKeyPath<EncoderGradients, [Double]>] = [\.drawnInside, \.score, \.pathwise]
    let inside = gradients.drawnInside
    let path = zip(gradients.pathwise, inside).map { $0 - $1 }
    let score = zip(gradients.score, inside).map { $0 - $1 }
    return [
      only([inside[0], 0, 0], in: all), only([0, inside[1] + 0.5, 0], in: all),
      only([0, -0.5, 0], in: all), only([0, 0, inside[2]], in: all),
      only([path[0], 0, 0], in: [\.pathwise]), only([0, path[1], 0], in: [\.pathwise]),
      only([score[0], 0, 0], in: [\.score]), only([0, score[1], 0], in: [\.score]),
    ]
  }
}

/// The three gradients by hand.
struct EncoderFormula {
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

  var sample = LogVarianceSample()
  /// The derivatives of the divergence with respect to μ and to log σ².
  var divergenceMean: Part = { $0.mean }
  var divergenceLogVariance: Part = { ($0.sigma * $0.sigma - 1) / 2 }
  /// The derivatives of the error with respect to w and to z.
  var errorWeight: Part = { -2 * $0.z * $0.residual }
  var errorSample: Part = { -2 * $0.w * $0.residual }
  /// ∂z/∂log σ².
  var path: Part = { $0.sigma * $0.noise / 2 }
  /// The scores and what multiplies them.
  var estimate = ScoreFunctionEstimate()
  /// h of an example.
  var value: Part = { $0.residual * $0.residual }
  /// ∂μ/∂a, in the divergence, along the path and in the score.
  var divergenceInput: Part = { $0.x }
  var pathInput: Part = { $0.x }
  var scoreInput: Part = { $0.x }
  var divisor: (_ n: Double) -> Double = { $0 }
  /// The examples that are averaged over.
  var selection: (Range<Int>) -> Range<Int> = { $0 }
  /// What the name of a sum begins with of which only the last term counts.
  var last: String?
  /// What the name of a sum begins with that is not divided.
  var undivided: String?
  static let names = [
    "the divergence with respect to a", "the error with respect to w",
    "the path with respect to a", "the path with respect to c", "the score with respect to a",
    "the score with respect to c",
  ]
  /// Whether the derivative of the divergence with respect to c is not averaged, as it is the same
  /// for all examples.
  var divergenceIsConstant = false
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
    let sigma = sample.standardDeviation(task.c)
    let means = task.x.map { task.a * $0 }
    let z = sample(mean: means, logVariance: task.x.map { _ in task.c }, noise: task.noise)
    let examples = z.indices.map {
      Example(
        x: task.x[$0], noise: task.noise[$0], mean: means[$0], sigma: sigma, z: z[$0], w: task.w)
    }
    let h = examples.map(value)
    let weights = estimate.weights(of: h)
    func isIn(_ names: String?, _ name: String) -> Bool { names.map(name.hasPrefix) ?? false }
    func average(_ name: String, _ part: Part) -> Double {
      let terms = examples[selection(h.indices)].map(part).suffix(isIn(last, name) ? 1 : h.count)
      return terms.reduce(0, +) / (isIn(undivided, name) ? 1 : divisor(Double(h.count)))
    }
    func scoreAverage(_ name: String, _ part: Part) -> Double {
      let terms = selection(h.indices).map { weights[$0] * part(examples[$0]) }
        .suffix(isIn(last, name) ? 1 : h.count)
      return terms.reduce(0, +) / (isIn(undivided, name) ? 1 : divisor(Double(h.count)))
    }
    // With respect to a and c.
    let divergences: [Double] = [
      divergenceShare * average(Self.names[0]) { divergenceMean($0) * divergenceInput($0) },
      divergenceShare
        * (divergenceIsConstant
          ? divergenceLogVariance(examples[0]) : average("", divergenceLogVariance)),
    ]
    let paths: [Double] = [
      average(Self.names[2]) { errorSample($0) * pathInput($0) },
      average(Self.names[3]) { errorSample($0) * path($0) },
    ]
    let scores: [Double] = [
      scoreAverage(Self.names[4]) {
        estimate.score.mean($0.sigma * $0.noise, $0.sigma) * scoreInput($0)
      },
      scoreAverage(Self.names[5]) { estimate.score.logVariance($0.sigma * $0.noise, $0.sigma) },
    ]
    let weight = [average(Self.names[1], errorWeight)]
    func gradient(_ divergenceShare: Double, path: Double, score: Double) -> [Double] {
      let encoder = (0..<2).map { (index: Int) -> Double in
        let rest: Double = path * paths[index] + score * scores[index]
        return divergenceShare * divergences[index] + rest
      }
      return encoder + weight
    }
    return EncoderGradients(
      drawnInside: gradient(1, path: pathInside, score: 0),
      score: gradient(laterDivergenceShare, path: pathInScore, score: scoreShare),
      pathwise: gradient(laterDivergenceShare, path: pathShare, score: 0))
  }
}
