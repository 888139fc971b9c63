import Autodiff
import Calculations
import Exercises
import Probability

extension Checks {
  static func fullCovarianceSample(
    _ answer: @escaping ([Double], [[Double]], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<CovarianceTask, [Double]>(of: {
      try answer($0.mean, [[$0.a, $0.b], [$0.b, $0.c]], $0.noise)
    }) { $0.expected }
    comparison.ask(
      "the mean (1, 0), Σ = ((4, 2), (2, 10)) and the noise (1, 2)",
      CovarianceTask(mean: [1, 0], a: 4, b: 2, c: 10, noise: [1, 2]))
    let drawn = roundedNormals(12, seed: 55)
    for (b, start) in [(0.9, 0), (-1.1, 4), (0, 8)] {
      let (mean, noise) = (Array(drawn[start..<start + 2]), Array(drawn[start + 2..<start + 4]))
      comparison.ask(
        "the mean \(exact(mean)), Σ = ((2.5, \(exact(b))), (\(exact(b)), 1.2)) and the noise \(exact(noise))",
        CovarianceTask(mean: mean, a: 2.5, b: b, c: 1.2, noise: noise))
    }
    comparison.argument("mean", \.mean)
    comparison.argument("noise", \.noise)
    comparison.argument("covariance[0][0]", \.a)
    comparison.argument("covariance[1][0]", \.b)
    comparison.argument("covariance[1][1]", \.c)
    comparison.recognize(CovarianceRoot.mistakes, in: CovarianceRoot()) { task, root in
      root(task)
    }
    comparison.calculation { task in
      let mean = Calculation.argument("mean", task.mean)
      let noise = Calculation.argument("noise", task.noise)
      let a = Calculation.argument("covariance[0][0]", task.a)
      let b = Calculation.argument("covariance[1][0]", task.b)
      let c = Calculation.argument("covariance[1][1]", task.c)
      let first = sqrt(a).named("L[0][0]")
      let lower = (b / first).named("L[1][0]")
      let second = sqrt(c - square(lower)).named("L[1][1]")
      let root = Calculation.list([first, 0, lower, second], shape: [2, 2]).named("L")
      return mean + product(root, noise)
    }
    comparison.calculation { task in
      let mean = Calculation.argument("mean", task.mean)
      let noise = Calculation.argument("noise", task.noise)
      let a = Calculation.argument("covariance[0][0]", task.a)
      let b = Calculation.argument("covariance[1][0]", task.b)
      let c = Calculation.argument("covariance[1][1]", task.c)
      let first = sqrt(a).named("L[0][0]")
      let lower = (b / first).named("L[1][0]")
      let second = sqrt(c - b * b / a).named("L[1][1]")
      let inSecond = lower * noise[0] + second * noise[1]
      return .list([mean[0] + first * noise[0], mean[1] + inSecond])
    }
    return Exercise(
      "full-covariance-sample", "z = μ + Lε, with the Cholesky factor L of Σ", minutes: 15,
      hints: [
        "Write out LLᵀ = Σ for L = [[p, 0], [q, r]]: three equations, the first of which contains "
          + "only p.",
        "L₁₁ = √Σ₁₁ and L₂₁ = Σ₂₁/L₁₁. What is left of Σ₂₂ for L₂₂²?",
      ], comparison)
  }
}

/// The input of the exercise on a full covariance Σ = ((a, b), (b, c)).
struct CovarianceTask {
  var mean: [Double]
  var a: Double
  var b: Double
  var c: Double
  var noise: [Double]

  var expected: [Double] {
    let covariance = Tensor<Double>([a, b, b, c], shape: [2, 2])
    guard let q = try? MultivariateNormal(mean: Tensor(mean), covariance: covariance) else {
      fatalError("Σ is not positive definite")
    }
    return q.sample(noise: Tensor(noise, shape: [1, 2])).scalars
  }
}

/// z = μ + Aε, with a root A of Σ.
struct CovarianceRoot {
  typealias Entry = (_ task: CovarianceTask) -> Double

  /// L₁₁.
  var first: Entry = { $0.a.squareRoot() }
  /// L₂₁, from Σ and L₁₁.
  var lower: (_ task: CovarianceTask, _ first: Double) -> Double = { $0.b / $1 }
  /// L₂₂, from Σ and L₂₁.
  var second: (_ task: CovarianceTask, _ lower: Double) -> Double = {
    ($0.c - $1 * $1).squareRoot()
  }
  /// A, from L₁₁, L₂₁ and L₂₂, row by row.
  var root: (_ task: CovarianceTask, _ l: (Double, Double, Double)) -> [Double] = { _, l in
    [l.0, 0, l.1, l.2]
  }
  /// z from μ, A and ε.
  var sample: (_ mean: [Double], _ a: [Double], _ noise: [Double]) -> [Double] = { mean, a, noise in
    [mean[0] + a[0] * noise[0] + a[1] * noise[1], mean[1] + a[2] * noise[0] + a[3] * noise[1]]
  }

  func callAsFunction(_ task: CovarianceTask) -> [Double] {
    let l11 = first(task)
    let l21 = lower(task, l11)
    return sample(task.mean, root(task, (l11, l21, second(task, l21))), task.noise)
  }
}
