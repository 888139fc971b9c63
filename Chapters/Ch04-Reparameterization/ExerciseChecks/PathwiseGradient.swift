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
    // Only a mean of 0 shows what is added to a small σ, or to σ², and only small noise how large a
    // σ is.
    ask(PathwiseTask(mean: [0], logVariance: [-27], noise: [[0.9], [-0.6]]))
    ask(PathwiseTask(mean: [0], logVariance: [-70], noise: [[0.9], [-0.6]]))
    ask(PathwiseTask(mean: [0], logVariance: [32], noise: [[1e-6], [-4e-7]]))
    comparison.argument("mean", \.mean)
    comparison.argument("logVariance", \.logVariance)
    comparison.argument("noise", \.noise)
    let mistakes = PathwiseFormula.mistakes.distinct(in: PathwiseFormula(), tolerance: 1e-9) {
      formula in tasks.map { formula($0).answer.values }
    }
    comparison.recognize(mistakes, in: PathwiseFormula()) { task, formula in formula(task) }
    comparison.calculation(pathwiseCalculation)
    comparison.calculation(pathwiseCalculationFromVariance)
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
struct PathwiseTask {
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
struct PathwiseFormula {
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
  /// The noise of a sample, for z.
  var noise: (_ noise: [[Double]], _ sample: Int) -> [Double] = { $0[$1] }
  /// Whether one of the estimates is a sum, or only the last sample counts in it.
  var meanIsSum = false
  var meanIsLast = false
  var logVarianceIsSum = false
  var logVarianceIsLast = false
  /// What the sum over n samples of d numbers is divided by.
  var divisor: (_ n: Double, _ d: Double) -> Double = { n, _ in n }

  func callAsFunction(_ task: PathwiseTask) -> NormalGradient {
    let samples = task.noise.indices.map { (index: Int) -> [Draw] in
      let noise = task.noise[index]
      let z = sample(
        mean: task.mean, logVariance: task.logVariance, noise: self.noise(task.noise, index))
      return z.indices.map { k in
        Draw(
          mean: task.mean[k], sigma: sample.standardDeviation(task.logVariance[k]),
          noise: noise[k], z: z[k])
      }
    }
    let divisor = divisor(Double(samples.count), Double(task.mean.count))
    func estimates(_ factor: (Draw) -> Double, isSum: Bool, isLast: Bool) -> [Double] {
      task.mean.indices.map { k in
        samples.suffix(isLast ? 1 : samples.count).reduce(0) {
          $0 + slope($1[k]) * factor($1[k])
        } / (isSum ? 1 : divisor)
      }
    }
    return NormalGradient(
      mean: estimates(meanFactor, isSum: meanIsSum, isLast: meanIsLast),
      logVariance: estimates(
        logVarianceFactor, isSum: logVarianceIsSum, isLast: logVarianceIsLast))
  }
}
