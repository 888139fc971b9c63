import Autodiff
import Exercises
import Probability

extension Checks {
  static func pathwiseGradient(
    _ answer: @escaping ([Double], [Double], [[Double]]) throws -> NormalGradient
  ) -> Exercise {
    var comparison = Comparison<PathwiseTask, NormalGradient>(of: {
      try answer($0.mean, $0.logVariance, $0.noise)
    }) { $0.expected }
    var tasks = [PathwiseTask(mean: [1], logVariance: [.log(9)], noise: [[1], [-1], [0]])]
    comparison.ask("the mean (1), the log variance (log 9) and the noise (1), (−1), (0)", tasks[0])
    func ask(_ task: PathwiseTask) {
      tasks.append(task)
      comparison.ask(
        "the mean \(exact(task.mean)), the log variance \(exact(task.logVariance)) and the noise "
          + exact(task.noise), task)
    }
    for (logVariance, count, seed) in [([-1, 0.6], 3, 43), ([0.4, -0.7, 1.1], 5, 60)] {
      let mean = roundedNormals(logVariance.count, seed: UInt64(seed))
      let noise = (1...count).map { roundedNormals(mean.count, seed: UInt64(seed + $0)) }
      ask(PathwiseTask(mean: mean, logVariance: logVariance, noise: noise))
    }
    // Only a mean of 0 shows what is added to a small σ, and only small noise how large a σ is.
    ask(PathwiseTask(mean: [0], logVariance: [-70], noise: [[0.9], [-0.6]]))
    ask(PathwiseTask(mean: [0], logVariance: [32], noise: [[1e-6], [-4e-7]]))
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.argument("noise", \.noise)
    let mistakes = PathwiseFormula.mistakes.distinct(in: PathwiseFormula(), for: tasks) {
      $1($0).answer.values
    }
    comparison.recognize(mistakes, in: PathwiseFormula()) { task, formula in formula(task) }
    comparison.recognize("the two gradients have changed places") { task in
      let right = task.expected
      return NormalGradient(mean: right.logVariance, logVariance: right.mean)
    }
    comparison.recognize(
      "that is the score function’s estimate, from the values of h; the exercise asks for the "
        + "pathwise one, from its slopes"
    ) { $0.scoreEstimate }
    comparison.recognize("each number is the sum over all components; keep them apart") { task in
      let right = task.expected
      return NormalGradient(
        mean: right.mean.map { _ in right.mean.reduce(0, +) },
        logVariance: right.mean.map { _ in right.logVariance.reduce(0, +) })
    }
    return Exercise(
      "pathwise-gradient", "The pathwise estimate of the gradient of E‖z‖²", minutes: 25,
      hints: [
        "For one sample: how does ‖z‖² change with zₖ? How does zₖ change with μₖ, and with σₖ?",
        "You are given l = log σ². That adds one more factor: the derivative of σ = exp(½ l) with "
          + "respect to l.",
        "The derivative with respect to μₖ is 2zₖ. With respect to log σₖ² it is 2zₖ times εₖ "
          + "times that factor.",
      ], comparison)
  }
}

/// The input of the exercise on the pathwise gradient.
private struct PathwiseTask {
  var mean: [Double]
  var logVariance: [Double]
  var noise: [[Double]]

  var expected: NormalGradient {
    let q = DiagonalNormal<Double>(mean: Tensor(mean), logVariance: Tensor(logVariance))
    let rows = q.pathwiseGradients(noise: matrix(noise)) { $0.squared.sum(axis: 1) }
    return NormalGradient(
      mean: rows.mean.mean(axis: 0).scalars, logVariance: rows.logVariance.mean(axis: 0).scalars)
  }

  /// What the score function gives without a baseline.
  var scoreEstimate: NormalGradient {
    let samples = noise.map { LogVarianceSample()(mean: mean, logVariance: logVariance, noise: $0) }
    var estimate = ScoreFunctionEstimate()
    estimate.baseline = { _, _ in 0 }
    let rows = estimate(
      samples: samples, values: samples.map { $0.reduce(0) { $0 + $1 * $1 } }, mean: mean,
      logVariance: logVariance)
    return NormalGradient(mean: rows[0], logVariance: rows[1])
  }
}

/// The mean over samples of the derivatives of ‖μ + σε‖².
private struct PathwiseFormula {
  /// One component of one sample.
  struct Draw {
    let mean: Double
    let sigma: Double
    let noise: Double
    let z: Double
  }

  var sample = LogVarianceSample()
  /// The derivative of h with respect to z.
  var slope: (Draw) -> Double = { 2 * $0.z }
  /// ∂z/∂μ.
  var meanFactor: (Draw) -> Double = { _ in 1 }
  /// ∂z/∂log σ².
  var logVarianceFactor: (Draw) -> Double = { $0.sigma * $0.noise / 2 }
  /// What the sum over n samples of d numbers is divided by.
  var divisor: (_ n: Double, _ d: Double) -> Double = { n, _ in n }

  func callAsFunction(_ task: PathwiseTask) -> NormalGradient {
    let samples = task.noise.map { noise in
      let z = sample(mean: task.mean, logVariance: task.logVariance, noise: noise)
      return z.indices.map { k in
        Draw(
          mean: task.mean[k], sigma: sample.standardDeviation(task.logVariance[k]),
          noise: noise[k], z: z[k])
      }
    }
    let divisor = divisor(Double(samples.count), Double(task.mean.count))
    func estimates(_ factor: (Draw) -> Double) -> [Double] {
      task.mean.indices.map { k in
        samples.reduce(0) { $0 + slope($1[k]) * factor($1[k]) } / divisor
      }
    }
    return NormalGradient(mean: estimates(meanFactor), logVariance: estimates(logVarianceFactor))
  }

  static var mistakes: [Mistake<PathwiseFormula>] {
    factors + slopes + means
      + LogVarianceSample.mistakes.without("mean").within(\.sample, "in z, ")
  }

  private static var factors: [Mistake<PathwiseFormula>] {
    [
      withFactor(
        "no half",
        "a factor of ½ is missing in ∂σ/∂log σ²: σ = exp(½ log σ²) has the derivative ½σ",
        isCommon: true
      ) { $0.sigma * $0.noise },
      withFactor(
        "for σ", "that is the derivative with respect to σ, not with respect to log σ²",
        isCommon: true
      ) { $0.noise },
      withFactor(
        "for σ²", "that is the derivative with respect to σ², not with respect to log σ²",
        isCommon: true
      ) { $0.noise / $0.sigma / 2 },
      withFactor(
        "no ε", "the factor ∂z/∂σ = ε is missing: when σ changes, z changes by ε times as much",
        isCommon: true
      ) { $0.sigma / 2 },
      withFactor(
        "σ²", "σ² stands in place of σ: ∂σ/∂log σ² is ½σ"
      ) { $0.sigma * $0.sigma * $0.noise / 2 },
      withFactor(
        "2σ²", "the derivative of σ = exp(½ log σ²) with respect to log σ² is ½σ, not σ²"
      ) { $0.sigma * $0.sigma * $0.noise },
      withFactor(
        "no σ", "the factor σ is missing: σ = exp(½ log σ²) has the derivative ½σ"
      ) { $0.noise / 2 },
      withFactor("quarter", "the ½ of ∂σ/∂log σ² was applied twice") {
        $0.sigma * $0.noise / 4
      },
      withFactor("ε²", "ε occurs once too often: ∂z/∂σ is ε") {
        $0.sigma * $0.noise * $0.noise / 2
      },
      withFactor("no chain", "the factor ∂z/∂log σ² = ½σε is missing") { _ in 1 },
      withFactor("sign", "the sign of the derivative with respect to log σ² is flipped") {
        -$0.sigma * $0.noise / 2
      },
      withFactor("z", "that contains ½z in place of ½σε; μ does not change with log σ²") {
        $0.z / 2
      },
      withFactor("none", "with respect to log σ² nothing is left: is a += missing?") { _ in 0 },
    ]
  }

  private static var slopes: [Mistake<PathwiseFormula>] {
    [
      withSlope("no 2", "a factor of 2 is missing: the derivative of z² is 2z", isCommon: true) {
        $0.z
      },
      withSlope(
        "at μ", "the slope is taken at μ; take it at the sample, z = μ + σε", isCommon: true
      ) { 2 * $0.mean },
      withSlope("at ε", "the slope is taken at ε; take it at the sample, z = μ + σε") {
        2 * $0.noise
      },
      withSlope("square", "z² itself stands in place of its derivative, 2z") { $0.z * $0.z },
      withSlope("size", "the slope 2z has lost its sign") { 2 * abs($0.z) },
      withSlope("one", "the slope of h is 2z; it is missing") { _ in 1 },
      withSlope("two", "the slope of h is 2z; the z is missing") { _ in 2 },
      Mistake("σ in ∂μ", "∂z/∂μ is 1; there is a σ too much in the derivative with respect to μ") {
        $0.meanFactor = { $0.sigma }
      },
      Mistake("ε in ∂μ", "∂z/∂μ is 1; there is an ε too much in the derivative with respect to μ") {
        $0.meanFactor = { $0.noise }
      },
      Mistake("∂μ halved", "∂z/∂μ is 1; the derivative with respect to μ was halved") {
        $0.meanFactor = { _ in 0.5 }
      },
      Mistake(
        "∂μ at the mean",
        "the derivative with respect to μ is taken at μ; take it at the sample, z = μ + σε"
      ) { $0.meanFactor = { $0.mean / $0.z } },
    ]
  }

  private static var means: [Mistake<PathwiseFormula>] {
    [
      Mistake(
        "sum", "those are sums over the samples; the estimate is the mean", isCommon: true
      ) { $0.divisor = { _, _ in 1 } },
      Mistake(
        "mean over d too",
        "those were divided by d as well; ‖z‖² is a sum over the d components", isCommon: true
      ) { $0.divisor = { $0 * $1 } },
      Mistake("d", "those were divided by d; divide by the number of samples, n") {
        $0.divisor = { _, d in d }
      },
      Mistake("n − 1", "those were divided by n − 1; the estimate is the mean over n samples") {
        $0.divisor = { n, _ in n - 1 }
      },
      Mistake("n²", "those were divided by n twice") { $0.divisor = { n, _ in n * n } },
      Mistake(
        "exact",
        "that is the exact gradient of E[h] = ‖μ‖² + Σσ², not the estimate from these samples"
      ) {
        $0.slope = { _ in 1 }
        $0.meanFactor = { 2 * $0.mean }
        $0.logVarianceFactor = { $0.sigma * $0.sigma }
      },
    ]
  }

  private static func withFactor(
    _ name: String, _ message: String, isCommon: Bool = false, _ factor: @escaping (Draw) -> Double
  ) -> Mistake<PathwiseFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.logVarianceFactor = factor }
  }

  private static func withSlope(
    _ name: String, _ message: String, isCommon: Bool = false, _ slope: @escaping (Draw) -> Double
  ) -> Mistake<PathwiseFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.slope = slope }
  }
}
