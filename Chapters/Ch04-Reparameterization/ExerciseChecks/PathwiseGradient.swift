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
    comparison.ask(
      "the mean (1), the log variance (log 4) and the noise (1), (-2)",
      PathwiseTask(mean: [1], logVariance: [.log(4)], noise: [[1], [-2]]))
    let (mean, noise) = (roundedNormals(2, seed: 43), (44..<47).map { roundedNormals(2, seed: $0) })
    comparison.ask(
      "the mean \(text(mean)), the log variance (-1.00, 0.60) and the noise "
        + noise.map(text).joined(separator: ", "),
      PathwiseTask(mean: mean, logVariance: [-1, 0.6], noise: noise))
    comparison.recognize(
      "a factor of ½ is missing in ∂σ/∂log σ²: σ = exp(½ log σ²) has the derivative ½σ"
    ) { task in task.gradient(logVariance: { 2 * $0.z * $0.sigma * $0.noise }) }
    comparison.recognize(
      "that is the derivative with respect to σ, not with respect to log σ²"
    ) { task in task.gradient(logVariance: { 2 * $0.z * $0.noise }) }
    comparison.recognize(
      "that is the derivative with respect to σ², not with respect to log σ²"
    ) { task in task.gradient(logVariance: { $0.z * $0.noise / $0.sigma }) }
    comparison.recognize(
      "the factor ∂z/∂σ = ε is missing: when σ changes, z changes by ε times as much"
    ) { task in task.gradient(logVariance: { $0.z * $0.sigma }) }
    comparison.recognize("those are sums over the samples; the estimate is the mean") { task in
      task.gradient(scale: Double(task.noise.count))
    }
    comparison.recognize("those were divided by d as well; ‖z‖² is a sum over the d components") {
      task in task.gradient(scale: 1 / Double(task.mean.count))
    }
    comparison.recognize("a factor of 2 is missing: the derivative of z² is 2z") { task in
      task.gradient(scale: 0.5)
    }
    comparison.recognize(
      "the samples z were computed with σ² in place of σ = exp(½ log σ²)"
    ) { task in task.gradient(sigma: Double.exp) }
    comparison.recognize(
      "that is the exact gradient of E[h] = ‖μ‖² + Σσ², not the estimate from these samples"
    ) { task in
      NormalGradient(mean: task.mean.map { 2 * $0 }, logVariance: task.logVariance.map(Double.exp))
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
  let mean: [Double]
  let logVariance: [Double]
  let noise: [[Double]]

  /// One component of one sample.
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

  /// The estimate, with other formulas for its parts.
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
