import Autodiff
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
private struct CovarianceTask {
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
private struct CovarianceRoot {
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

  static var mistakes: [Mistake<CovarianceRoot>] { roots + entries + samples }

  private static var roots: [Mistake<CovarianceRoot>] {
    [
      withRoot("Σ", "that is μ + Σε, which has the covariance Σ²; multiply ε by a root of Σ") {
        task, _ in [task.a, task.b, task.b, task.c]
      },
      withRoot(
        "entries", "the root of each entry was taken; a root of the matrix is an L with LLᵀ = Σ"
      ) { task, _ in [task.a, task.b, task.b, task.c].map { $0.squareRoot() } },
      withRoot(
        "entries of the triangle",
        "the root of each entry was taken; a root of the matrix is an L with LLᵀ = Σ"
      ) { task, _ in [task.a.squareRoot(), 0, task.b.squareRoot(), task.c.squareRoot()] },
      withRoot("triangle of Σ", "the lower half of Σ was used as it is; L has to be computed") {
        task, _ in [task.a, 0, task.b, task.c]
      },
      withRoot("diagonal", "the correlation is lost: only the diagonal of Σ was used") { task, _ in
        [task.a.squareRoot(), 0, 0, task.c.squareRoot()]
      },
      withRoot(
        "diagonal without roots",
        "only the diagonal of Σ was used, and without the roots: L₁₁ is √Σ₁₁"
      ) { task, _ in [task.a, 0, 0, task.c] },
      withRoot(
        "transposed",
        "that is Lᵀε, and LᵀL is not Σ; L is zero above the diagonal, and row k gives zₖ"
      ) { _, l in [l.0, l.1, 0, l.2] },
      withRoot("both triangles", "L₂₁ stands above the diagonal as well, where L is 0") { _, l in
        [l.0, l.1, l.1, l.2]
      },
      withRoot("no L₂₁", "the term L₂₁ε₁ in z₂ is missing") { _, l in [l.0, 0, 0, l.2] },
      withRoot("no L₂₂", "the term L₂₂ε₂ in z₂ is missing") { _, l in [l.0, 0, l.1, 0] },
      withRoot("z₂ crossed", "in z₂ the noise is exchanged: it is μ₂ + L₂₁ε₁ + L₂₂ε₂") { _, l in
        [l.0, 0, l.2, l.1]
      },
      withRoot("diagonal exchanged", "L₁₁ and L₂₂ have changed places") { _, l in
        [l.2, 0, l.1, l.0]
      },
      withRoot(
        "symmetric",
        "that uses the symmetric root of Σ: z has the right distribution, but the exercise asks "
          + "for L"
      ) { task, l in
        // √Σ = (Σ + √|Σ| I)/√(tr Σ + 2√|Σ|), in two dimensions.
        let s = l.0 * l.2
        let t = (task.a + task.c + 2 * s).squareRoot()
        return [(task.a + s) / t, task.b / t, task.b / t, (task.c + s) / t]
      },
      withRoot(
        "upper",
        "that uses an upper triangular root of Σ: z has the right distribution, but the exercise "
          + "asks for the lower triangular L"
      ) { task, _ in
        let corner = task.b / task.c.squareRoot()
        return [(task.a - corner * corner).squareRoot(), corner, 0, task.c.squareRoot()]
      },
      withRoot("inverse", "that uses the inverse of L") { _, l in
        [1 / l.0, 0, -l.1 / (l.0 * l.2), 1 / l.2]
      },
      withRoot("correlation", "that is the factor of the correlations; L is one of covariances") {
        task, _ in
        let correlation = task.b / (task.a * task.c).squareRoot()
        return [1, 0, correlation, (1 - correlation * correlation).squareRoot()]
      },
      withRoot(
        "√(1 − ρ²)", "in z₂ the factor √Σ₂₂ is missing: that is ρε₁ + √(1 − ρ²) ε₂"
      ) { task, l in
        let correlation = task.b / (task.a * task.c).squareRoot()
        return [l.0, 0, correlation, (1 - correlation * correlation).squareRoot()]
      },
    ]
  }

  private static var entries: [Mistake<CovarianceRoot>] {
    [
      Mistake("Σ₁₁", "a root is missing in L₁₁: L₁₁² = Σ₁₁", isCommon: true) {
        $0.first = { $0.a }
      },
      withLower("by Σ₁₁", "Σ₂₁ = L₂₁L₁₁, so L₂₁ is Σ₂₁ divided by L₁₁, not by Σ₁₁", isCommon: true)
      { task, _ in task.b / task.a },
      withLower("Σ₂₁", "L₂₁ is Σ₂₁ divided by L₁₁, not Σ₂₁ itself", isCommon: true) { task, _ in
        task.b
      },
      withLower("root of Σ₂₁", "L₂₁ is Σ₂₁ divided by L₁₁, not the root of Σ₂₁") { task, _ in
        task.b.squareRoot()
      },
      withLower("by Σ₂₂", "L₂₁ is Σ₂₁ divided by L₁₁, not by √Σ₂₂") { task, _ in
        task.b / task.c.squareRoot()
      },
      withLower("times", "L₂₁ is Σ₂₁ divided by L₁₁, not multiplied") { $0.b * $1 },
      withLower("upside down", "L₂₁ is Σ₂₁ divided by L₁₁, not L₁₁ divided by Σ₂₁") { $1 / $0.b },
      withLower("sign", "the sign of L₂₁ is wrong") { -$0.b / $1 },
      withSecond("all of Σ₂₂", "L₂₂² is Σ₂₂ − L₂₁², not all of Σ₂₂", isCommon: true) { task, _ in
        task.c.squareRoot()
      },
      withSecond("no root", "a root is missing in L₂₂: L₂₁² + L₂₂² = Σ₂₂", isCommon: true) {
        $0.c - $1 * $1
      },
      withSecond("plus", "L₂₂² is Σ₂₂ − L₂₁², with a minus sign") {
        ($0.c + $1 * $1).squareRoot()
      },
      withSecond("no square", "L₂₂² is Σ₂₂ − L₂₁², with the square of L₂₁") {
        ($0.c - $1).squareRoot()
      },
      withSecond("Σ₂₁²", "L₂₂² is Σ₂₂ − L₂₁², not Σ₂₂ − Σ₂₁²") { task, _ in
        (task.c - task.b * task.b).squareRoot()
      },
      withSecond("Σ₂₁", "L₂₂² is Σ₂₂ − L₂₁², not Σ₂₂ − Σ₂₁") { task, _ in
        (task.c - task.b).squareRoot()
      },
      withSecond("root of Σ₂₂ alone", "the root in L₂₂ goes over all of Σ₂₂ − L₂₁²") {
        $0.c.squareRoot() - $1 * $1
      },
      withSecond("difference", "L₂₂ is √(Σ₂₂ − L₂₁²), not √Σ₂₂ − L₂₁") { $0.c.squareRoot() - $1 },
      withSecond("Σ₁₁", "L₂₂² is Σ₂₂ − L₂₁², not Σ₁₁ − L₂₁²") { ($0.a - $1 * $1).squareRoot() },
      withSecond("over L₁₁", "L₂₂ was divided by L₁₁; the diagonal is not divided") {
        ($0.c - $1 * $1).squareRoot() / $0.a.squareRoot()
      },
    ]
  }

  private static var samples: [Mistake<CovarianceRoot>] {
    [
      withSample("mean scaled", "L was applied to the mean as well: z is μ + Lε, not L(μ + ε)") {
        mean, a, noise in
        let sum = [mean[0] + noise[0], mean[1] + noise[1]]
        return [a[0] * sum[0] + a[1] * sum[1], a[2] * sum[0] + a[3] * sum[1]]
      },
      withSample("no mean", "that is Lε; the mean is missing") { _, a, noise in
        [a[0] * noise[0] + a[1] * noise[1], a[2] * noise[0] + a[3] * noise[1]]
      },
      withSample("minus", "Lε was subtracted; z is μ + Lε") { mean, a, noise in
        [mean[0] - a[0] * noise[0] - a[1] * noise[1], mean[1] - a[2] * noise[0] - a[3] * noise[1]]
      },
      withSample("first noise", "ε₁ was used for both components") { mean, a, noise in
        [mean[0] + (a[0] + a[1]) * noise[0], mean[1] + (a[2] + a[3]) * noise[0]]
      },
      withSample("noise exchanged", "ε₁ and ε₂ have changed places") { mean, a, noise in
        [mean[0] + a[0] * noise[1] + a[1] * noise[0], mean[1] + a[2] * noise[1] + a[3] * noise[0]]
      },
      withSample("first mean", "μ₁ was added to both components") { mean, a, noise in
        [mean[0] + a[0] * noise[0] + a[1] * noise[1], mean[0] + a[2] * noise[0] + a[3] * noise[1]]
      },
      withSample("from z₁", "z₂ contains L₂₁ε₁, not L₂₁ times z₁") { mean, a, noise in
        let first = mean[0] + a[0] * noise[0] + a[1] * noise[1]
        return [first, mean[1] + a[2] * first + a[3] * noise[1]]
      },
    ]
  }

  private static func withRoot(
    _ name: String, _ message: String,
    _ root: @escaping (CovarianceTask, (Double, Double, Double)) -> [Double]
  ) -> Mistake<CovarianceRoot> {
    Mistake(name, message) { $0.root = root }
  }

  private static func withLower(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ entry: @escaping (CovarianceTask, Double) -> Double
  ) -> Mistake<CovarianceRoot> {
    Mistake(name, message, isCommon: isCommon) { $0.lower = entry }
  }

  private static func withSecond(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ entry: @escaping (CovarianceTask, Double) -> Double
  ) -> Mistake<CovarianceRoot> {
    Mistake(name, message, isCommon: isCommon) { $0.second = entry }
  }

  private static func withSample(
    _ name: String, _ message: String,
    _ sample: @escaping ([Double], [Double], [Double]) -> [Double]
  ) -> Mistake<CovarianceRoot> {
    Mistake(name, message) { $0.sample = sample }
  }
}
