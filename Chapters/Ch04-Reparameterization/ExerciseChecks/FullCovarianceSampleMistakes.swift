import Autodiff
import Exercises
import Notebook

extension CovarianceRoot {
  /// What is computed in place of the right numbers.
  static var mistakes: [Mistake<CovarianceRoot>] { roots + entries + samples + jitters }

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
      withRoot(
        "entries without signs",
        "the root of each entry was taken; a root of the matrix is an L with LLᵀ = Σ"
      ) { task, _ in
        [task.a.squareRoot(), 0, abs(task.b).squareRoot(), task.c.squareRoot()]
      },
      withRoot(
        "entries with signs",
        "the root of each entry was taken; a root of the matrix is an L with LLᵀ = Σ"
      ) { task, _ in
        let corner = abs(task.b).squareRoot() * (task.b < 0 ? -1 : 1)
        return [task.a.squareRoot(), 0, corner, task.c.squareRoot()]
      },
      withRoot("LL", "that is a root with LL = Σ; the exercise asks for LLᵀ = Σ") { task, _ in
        let (first, second) = (task.a.squareRoot(), task.c.squareRoot())
        return [first, 0, task.b / (first + second), second]
      },
      withRoot(
        "inverse of Lᵀ", "the noise is multiplied by the inverse of Lᵀ; multiply it by L itself"
      ) { _, l in [1 / l.0, -l.1 / (l.0 * l.2), 0, 1 / l.2] },
      withRoot("triangle of Σ", "the lower half of Σ was used as it is; L has to be computed") {
        task, _ in [task.a, 0, task.b, task.c]
      },
      withRoot(
        "LD", "that is LD of Σ = LDLᵀ, with variances in D; the Cholesky factor is L√D"
      ) { task, _ in [task.a, 0, task.b, task.c - task.b * task.b / task.a] },
      withRoot(
        "unit triangle",
        "that is L of Σ = LDLᵀ, with ones on the diagonal; the Cholesky factor is L√D"
      ) { task, _ in [1, 0, task.b / task.a, 1] },
      withRoot(
        "L and D", "those are L and D of Σ = LDLᵀ in one matrix; the Cholesky factor is L√D"
      ) { task, _ in [task.a, 0, task.b / task.a, task.c - task.b * task.b / task.a] },
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
      withRoot("inverse of Σ", "that is μ + Σ⁻¹ε; multiply ε by L, the root of Σ itself") {
        task, _ in
        let determinant = task.a * task.c - task.b * task.b
        return [task.c, -task.b, -task.b, task.a].map { $0 / determinant }
      },
      withRoot("root of the inverse", "that is the Cholesky factor of Σ⁻¹; L is that of Σ") {
        task, l in
        let determinant = task.a * task.c - task.b * task.b
        let first = (task.c / determinant).squareRoot()
        return [first, 0, -task.b / determinant / first, 1 / task.c.squareRoot()]
      },
      withRoot(
        "ε₁ overwritten",
        "in z₂, L₂₁ multiplies L₁₁ε₁ where ε₁ belongs: is ε₁ overwritten, or L₂₁ not divided by L₁₁?"
      ) { task, l in [l.0, 0, task.b, l.2] },
      withRoot(
        "slope by Σ₂₂", "given z₁, the mean of z₂ rises by Σ₂₁/Σ₁₁ with z₁, not by Σ₂₁/Σ₂₂"
      ) { task, l in [l.0, 0, task.b / task.c * l.0, l.2] },
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
      withLower("root of the size", "L₂₁ is Σ₂₁ divided by L₁₁, not the root of Σ₂₁") { task, _ in
        abs(task.b).squareRoot()
      },
      withLower("size", "L₂₁ has lost the sign of Σ₂₁") { abs($0.b) / $1 },
      withLower("by Σ₂₂", "L₂₁ is Σ₂₁ divided by L₁₁, not by √Σ₂₂") { task, _ in
        task.b / task.c.squareRoot()
      },
      withLower("correlation", "L₂₁ is Σ₂₁/L₁₁, not the correlation Σ₂₁/√(Σ₁₁Σ₂₂)") { task, _ in
        task.b / (task.a * task.c).squareRoot()
      },
      Mistake("negative", "the diagonal of L is positive: L₁₁ is +√Σ₁₁") {
        $0.first = { -$0.a.squareRoot() }
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
      withSecond("determinant", "L₂₂² is the determinant divided by Σ₁₁, not the determinant") {
        task, _ in
        (task.a * task.c - task.b * task.b).squareRoot()
      },
      withSecond(
        "all of the determinant",
        "L₂₂² is the determinant divided by Σ₁₁: a root and a division lack"
      ) { task, _ in task.a * task.c - task.b * task.b },
      withSecond(
        "determinant by L₁₁",
        "L₂₂ is the root of the determinant divided by L₁₁: the root is missing"
      ) { task, _ in (task.a * task.c - task.b * task.b) / task.a.squareRoot() },
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
      withSecond("less Σ₁₁", "L₂₂² is Σ₂₂ − L₂₁², not Σ₂₂ − L₁₁²") { task, _ in
        (task.c - task.a).squareRoot()
      },
      withSecond("(Σ₂₁/Σ₁₁)²", "under the root of L₂₂ stands Σ₂₁/Σ₁₁ where L₂₁ = Σ₂₁/L₁₁ belongs") {
        task, _ in (task.c - task.b * task.b / (task.a * task.a)).squareRoot()
      },
      withSecond("no scale", "in L₂₂ the factor √Σ₂₂ is missing: that is √(1 − ρ²)") { task, _ in
        (1 - task.b * task.b / (task.a * task.c)).squareRoot()
      },
      withSecond("1", "L₂₂² is Σ₂₂ − L₂₁², not 1 − L₂₁²") { (1 - $1 * $1).squareRoot() },
      withSecond("negative", "the diagonal of L is positive: L₂₂ is +√(Σ₂₂ − L₂₁²)") {
        -($0.c - $1 * $1).squareRoot()
      },
      withSecond("over L₁₁", "L₂₂ was divided by L₁₁; the diagonal is not divided") {
        ($0.c - $1 * $1).squareRoot() / $0.a.squareRoot()
      },
    ]
  }

  /// What is often added to the diagonal so that a Cholesky factor exists.
  private static var jitters: [Mistake<CovarianceRoot>] {
    [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map { (small: Double) in
      let number = formatted(small, digits: 1)
      return Mistake("plus \(number)", "\(number) was added to the diagonal of Σ") {
        $0.first = { ($0.a + small).squareRoot() }
        $0.second = { ($0.c + small - $1 * $1).squareRoot() }
      }
    }
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
      withSample("noise exchanged", "ε₁ and ε₂ have changed places") { mean, a, noise in
        [mean[0] + a[0] * noise[1] + a[1] * noise[0], mean[1] + a[2] * noise[1] + a[3] * noise[0]]
      },
      withSample("no first mean", "μ₁ is missing in z₁") { mean, a, noise in
        [a[0] * noise[0] + a[1] * noise[1], mean[1] + a[2] * noise[0] + a[3] * noise[1]]
      },
      withSample("no second mean", "μ₂ is missing in z₂") { mean, a, noise in
        [mean[0] + a[0] * noise[0] + a[1] * noise[1], a[2] * noise[0] + a[3] * noise[1]]
      },
      withSample("ε₂ in z₁", "z₁ is μ₁ + L₁₁ε₁, with ε₁") { mean, a, noise in
        [mean[0] + a[0] * noise[1], mean[1] + a[2] * noise[0] + a[3] * noise[1]]
      },
      withSample("ε₂ twice", "in z₂, L₂₁ multiplies ε₁, not ε₂") { mean, a, noise in
        [mean[0] + a[0] * noise[0], mean[1] + (a[2] + a[3]) * noise[1]]
      },
      withSample("ε₁ twice", "in z₂, L₂₂ multiplies ε₂, not ε₁") { mean, a, noise in
        [mean[0] + a[0] * noise[0], mean[1] + (a[2] + a[3]) * noise[0]]
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
