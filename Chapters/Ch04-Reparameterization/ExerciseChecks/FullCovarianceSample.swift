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
    let drawn = roundedNormals(8, seed: 55)
    for (b, start) in [(0.9, 0), (-1.1, 4)] {
      let (mean, noise) = (Array(drawn[start..<start + 2]), Array(drawn[start + 2..<start + 4]))
      comparison.ask(
        "the mean \(text(mean)), Σ = ((2.5, \(b)), (\(b), 1.2)) and the noise \(text(noise))",
        CovarianceTask(mean: mean, a: 2.5, b: b, c: 1.2, noise: noise))
    }
    comparison.recognize(
      "that is μ + Σε, which has the covariance Σ²; multiply ε by a root of Σ"
    ) { $0.sample($0.a, $0.b, $0.b, $0.c) }
    comparison.recognize(
      "the root of each entry was taken; a root of the matrix is an L with LLᵀ = Σ"
    ) { $0.sample($0.a.squareRoot(), $0.b.squareRoot(), $0.b.squareRoot(), $0.c.squareRoot()) }
    comparison.recognize("the correlation is lost: only the diagonal of Σ was used") {
      $0.sample($0.a.squareRoot(), 0, 0, $0.c.squareRoot())
    }
    comparison.recognize(
      "that is Lᵀε, and LᵀL is not Σ; L is zero above the diagonal, and row k gives zₖ"
    ) { $0.sample($0.l11, $0.l21, 0, $0.l22) }
    comparison.recognize("L₂₂² is Σ₂₂ − L₂₁², not all of Σ₂₂") {
      $0.sample($0.l11, 0, $0.l21, $0.c.squareRoot())
    }
    comparison.recognize("a root is missing in L₂₂: L₂₁² + L₂₂² = Σ₂₂") {
      $0.sample($0.l11, 0, $0.l21, $0.l22 * $0.l22)
    }
    comparison.recognize("Σ₂₁ = L₂₁L₁₁, so L₂₁ is Σ₂₁ divided by L₁₁, not by Σ₁₁") {
      let l21 = $0.b / $0.a
      return $0.sample($0.l11, 0, l21, ($0.c - l21 * l21).squareRoot())
    }
    comparison.recognize("L₂₁ is Σ₂₁ divided by L₁₁, not Σ₂₁ itself") {
      $0.sample($0.l11, 0, $0.b, ($0.c - $0.b * $0.b).squareRoot())
    }
    comparison.recognize("L was applied to the mean as well: z is μ + Lε, not L(μ + ε)") { task in
      let z = zip(task.mean, task.noise).map { $0 + $1 }
      return [task.l11 * z[0], task.l21 * z[0] + task.l22 * z[1]]
    }
    comparison.recognize(
      "that uses the symmetric root of Σ: z has the right distribution, but the exercise asks for L"
    ) { task in
      // √Σ = (Σ + √|Σ| I)/√(tr Σ + 2√|Σ|), in two dimensions.
      let s = task.l11 * task.l22
      let t = (task.a + task.c + 2 * s).squareRoot()
      return task.sample((task.a + s) / t, task.b / t, task.b / t, (task.c + s) / t)
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
