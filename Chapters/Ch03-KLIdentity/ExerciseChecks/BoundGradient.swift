import Autodiff
import Exercises
import Probability

extension Checks {
  static func boundGradient(
    _ answer: @escaping ([Double], [Double], Double, Exercises.Gaussian) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<BoundGradientTask, [Double]>(
      of: {
        try answer($0.x, $0.weight, $0.noiseLogVariance, ($0.q.mean, $0.q.logVariance))
      }, elements: ["∂ℒ/∂μ", "∂ℒ/∂(log σ²)"]
    ) { $0.gradient }
    let byHand = BoundGradientTask(x: [2], weight: [1], noiseLogVariance: 0, q: .standard)
    comparison.ask("X = (2), w = (1), log s² = 0, μ = 0 and log σ² = 0", byHand)
    let drawn = [(1, 42), (3, 43), (2, 52), (4, 53), (5, 54)].map {
      BoundGradientTask($0, seed: UInt64($1))
    }
    for task in drawn { comparison.ask(task.description, task) }
    comparison.argument("x", \.x)
    comparison.argument("weight", \.weight)
    comparison.argument("noiseLogVariance", \.noiseLogVariance)
    comparison.argument("q.mean", \.q.mean)
    comparison.argument("q.logVariance", \.q.logVariance)
    let formula = BoundGradientFormula()
    comparison.recognize(
      BoundGradientFormula.mistakes.distinct(in: formula, tolerance: 1e-9) { formula in
        ([byHand] + drawn).map(formula.callAsFunction)
      }, in: formula
    ) { $1($0) }
    comparison.terms(
      ["Σ wX/s²", "−Σ w²μ/s²", "−μ", "−½ Σ w²σ²/s²", "−½ σ²", "½"], BoundGradientFormula.terms)
    return Exercise(
      "bound-gradient", "The gradient of the bound by hand", minutes: 60,
      hints: [
        "log P(X|z) is −Σ (X − wz)²/(2s²), plus a term that does not depend on z. Take the mean of "
          + "(X − wz)² over z from N(μ, σ²) before you differentiate.",
        "E[(X − wz)²] = (X − wμ)² + w²σ², and D = ½ (μ² + σ² − 1 − log σ²). The derivative of σ² "
          + "with respect to log σ² is σ².",
        "∂ℒ/∂μ = Σ w (X − wμ)/s² − μ. For log σ², three terms of ℒ have a derivative: −½ Σ "
          + "w²σ²/s², −½ σ² and ½ log σ².",
      ], comparison)
  }
}

/// What is given in the exercise on the gradient of the bound.
private struct BoundGradientTask {
  var x, weight: [Double]
  var noiseLogVariance: Double
  var q: Normal

  init(x: [Double], weight: [Double], noiseLogVariance: Double, q: Normal) {
    self.x = x
    self.weight = weight
    self.noiseLogVariance = noiseLogVariance
    self.q = q
  }

  init(_ size: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    x = roundedNormals(size, using: &generator)
    weight = roundedNormals(size, using: &generator)
    let rest = roundedNormals(3, using: &generator)
    noiseLogVariance = rest[0]
    q = Normal(mean: rest[1], logVariance: rest[2])
  }

  var description: String {
    "X = \(exact(x)), w = \(exact(weight)), log s² = \(exact(noiseLogVariance)), μ = "
      + "\(exact(q.mean)) and log σ² = \(exact(q.logVariance))"
  }

  /// The gradient by the core, on the library's closed form of the bound.
  var gradient: [Double] {
    let model = LinearGaussianModel(
      weight: Tensor(weight, shape: [weight.count, 1]),
      bias: Tensor(zeros: [weight.count]), logVariance: Tensor(noiseLogVariance))
    let start = DiagonalNormal(
      mean: Tensor([q.mean]), logVariance: Tensor([q.logVariance]))
    let gradient = valueWithGradient(at: start) { q in
      model.expectedLogProbability(
        of: Tensor(x),
        under: MultivariateNormal(
          mean: q.mean, choleskyFactor: q.standardDeviation.reshaped([1, 1])))
        - q.klDivergenceToStandardNormal()
    }.gradient
    return [gradient.mean.scalar, gradient.logVariance.scalar]
  }
}

/// The gradient worked out by hand.
private struct BoundGradientFormula {
  /// 1/s² from log s², and from how many numbers X has.
  var precision: (_ logVariance: Double, _ count: Int) -> Double {
    get { meanPrecision }
    set { (meanPrecision, variancePrecision) = (newValue, newValue) }
  }
  /// The 1/s² in ∂ℒ/∂μ, and the one in ∂ℒ/∂(log σ²).
  var meanPrecision: (_ logVariance: Double, _ count: Int) -> Double = { l, _ in .exp(-l) }
  var variancePrecision: (_ logVariance: Double, _ count: Int) -> Double = { l, _ in .exp(-l) }
  var variance: (_ logVariance: Double) -> Double = { .exp($0) }
  /// The factor of X − wμ.
  var inner: (_ weight: Double) -> Double = { $0 }
  /// X − wμ.
  var residual: (_ x: Double, _ weight: Double, _ mean: Double) -> Double = { $0 - $1 * $2 }
  /// What multiplies σ² in Σ E[(X − wz)²].
  var squaredNorm: ([Double]) -> Double = { $0.reduce(0) { $0 + $1 * $1 } }
  /// The factors of the terms: of E[log P(X|z)] and −D in ∂ℒ/∂μ, and in ∂ℒ/∂(log σ²).
  var meanFactors = [1.0, 1], varianceFactors = [1.0, 1]
  /// The derivative of −D with respect to log σ².
  var divergenceSlope: (_ variance: Double) -> Double = { 0.5 - 0.5 * $0 }
  /// What is made of the two derivatives, for a Q.
  var finish: (_ gradient: [Double], Normal) -> [Double] = { gradient, _ in gradient }

  func callAsFunction(_ task: BoundGradientTask) -> [Double] {
    let precision = meanPrecision(task.noiseLogVariance, task.x.count)
    let variance = variance(task.q.logVariance)
    let overlap = zip(task.x, task.weight).reduce(0) {
      $0 + inner($1.1) * residual($1.0, $1.1, task.q.mean)
    }
    let slope =
      -0.5 * variancePrecision(task.noiseLogVariance, task.x.count) * squaredNorm(task.weight)
      * variance
    return finish(
      [
        meanFactors[0] * precision * overlap - meanFactors[1] * task.q.mean,
        varianceFactors[0] * slope + varianceFactors[1] * divergenceSlope(variance),
      ], task.q)
  }

  static func terms(_ task: BoundGradientTask) -> [[Double]] {
    let precision = Double.exp(-task.noiseLogVariance)
    let overlap = zip(task.weight, task.x).reduce(0) { $0 + $1.0 * $1.1 }
    let squaredNorm = task.weight.reduce(0) { $0 + $1 * $1 }
    return [
      [precision * overlap, 0], [-precision * squaredNorm * task.q.mean, 0], [-task.q.mean, 0],
      [0, -0.5 * precision * squaredNorm * task.q.variance], [0, -0.5 * task.q.variance], [0, 0.5],
    ]
  }

  static var mistakes: [Mistake<Self>] { ofTheSigns + ofTheChain + ofTheWeight + ofTheVariances }

  private static var ofTheSigns: [Mistake<Self>] {
    [
      .init("loss", "both signs are flipped: that is the gradient of −ℒ, the loss", isCommon: true)
      { $0.finish = { gradient, _ in gradient.map { -$0 } } },
      .init("plus", "the derivatives of D were added; the bound subtracts D", isCommon: true) {
        ($0.meanFactors, $0.varianceFactors) = ([1, -1], [1, -1])
      },
      .init(
        "no D", "those are the derivatives of E[log P(X|z)] alone; D depends on μ and σ² as well"
      ) { ($0.meanFactors, $0.varianceFactors) = ([1, 0], [1, 0]) },
      .init("D", "those are the derivatives of −D alone; E[log P(X|z)] depends on μ and σ² as well")
      { ($0.meanFactors, $0.varianceFactors) = ([0, 1], [0, 1]) },
      .init(
        "+D", "those are the derivatives of D alone; ℒ is E[log P(X|z)] less D"
      ) { ($0.meanFactors, $0.varianceFactors) = ([0, -1], [0, -1]) },
      .init(
        "at the mean",
        "log P(X|z) was computed at the mean of Q; E[(X − wz)²] is (X − wμ)² + w²σ²",
        isCommon: true
      ) { $0.varianceFactors[0] = 0 },
      .init("halved", "the ½ of (X − wμ)²/(2s²) goes away with the 2 of the square's derivative") {
        $0.meanFactors[0] = 0.5
      },
      .init("doubled", "a ½ is missing: log P(X|z) has (X − wz)²/(2s²), with a 2 below") {
        $0.meanFactors[0] = 2
        $0.varianceFactors[0] = 2
      },
      .init("no half in D", "the ½ of D is missing: D is ½ (μ² + σ² − 1 − log σ²)") {
        ($0.meanFactors[1], $0.varianceFactors[1]) = (2, 2)
      },
      .init("D of the mean halved", "the derivative of ½ μ² is μ; yours is ½ μ") {
        $0.meanFactors[1] = 0.5
      },
      .init("exchanged", "the two derivatives are exchanged: ∂ℒ/∂μ comes first") {
        $0.finish = { gradient, _ in gradient.reversed() }
      },
    ]
  }

  private static var ofTheChain: [Mistake<Self>] {
    func second(
      _ name: String, _ message: String, _ factor: @escaping (Normal) -> Double
    ) -> Mistake<Self> {
      Mistake(name, message) { $0.finish = { [$0[0], factor($1) * $0[1]] } }
    }
    return [
      second(
        "by σ²",
        "that is the derivative with respect to σ²; for log σ², multiply it by σ² (the chain rule)"
      ) { 1 / $0.variance },
      second(
        "by σ",
        "that is the derivative with respect to σ; for log σ², multiply it by σ/2 (the chain rule)"
      ) { 2 / $0.standardDeviation },
      second(
        "by log σ",
        "that is the derivative with respect to log σ; log σ² is twice that, so a ½ is missing"
      ) { _ in 2 },
      second("twice by σ²", "the factor σ² of the chain rule occurs twice") { $0.variance },
      .init("σ² in the first alone", "in E[log P(X|z)], the derivative is by σ², not by log σ²") {
        $0.finish = { gradient, q in
          gradient.count == 2
            ? [
              gradient[0],
              (gradient[1] - 0.5 + 0.5 * q.variance) / q.variance + 0.5 - 0.5
                * q.variance,
            ] : gradient
        }
      },
      .init("σ² in D alone", "in D, the derivative is by σ²; multiply it by σ² for log σ²") {
        $0.divergenceSlope = { 0.5 / $0 - 0.5 }
      },
      .init("halved twice", "in D, the derivative of −½ σ² by log σ² is −½ σ², and of ½ log σ² ½") {
        $0.divergenceSlope = { 0.25 - 0.25 * $0 }
      },
      .init(
        "σ by log σ²", "in D, the derivative of log σ² by itself is 1: ½, not ½ log σ², is left"
      ) { formula in
        formula.finish = { [$0[0], $0[1] - 0.5 + 0.5 * $1.logVariance] }
      },
    ]
  }

  private static var ofTheWeight: [Mistake<Self>] {
    [
      .init("no w", "the inner derivative w is missing: multiply each X − wμ by w", isCommon: true)
      { $0.inner = { _ in 1 } },
      .init("w²", "each X − wμ is multiplied by w², not by w") { $0.inner = { $0 * $0 } },
      .init("−w", "the inner derivative is −w, and the square has a − in front: w (X − wμ) remains")
      { $0.meanFactors[0] = -1 },
      .init("residual without w", "the output for μ is wμ; you subtract μ from X") {
        $0.residual = { x, _, mean in x - mean }
      },
      .init("residual plus", "wμ has to be subtracted from X, not added") {
        $0.residual = { x, weight, mean in x + weight * mean }
      },
      .init("no residual", "wμ is not subtracted from X") { $0.residual = { x, _, _ in x } },
      .init("no w²", "the factor w² is missing before σ²: E[(X − wz)²] has w²σ²") {
        $0.squaredNorm = { Double($0.count) }
      },
      .init("one", "Σ w² is missing before σ²: E[(X − wz)²] has w²σ²") {
        $0.squaredNorm = { _ in 1 }
      },
      .init("w for w²", "w stands where w² should: E[(X − wz)²] has w²σ²") {
        $0.squaredNorm = { $0.reduce(0, +) }
      },
      .init("sum squared", "the weights were added before they were squared; it is Σ w²") {
        $0.squaredNorm = { weights in
          let sum = weights.reduce(0, +)
          return sum * sum
        }
      },
      .init("length of w", "the root of Σ w² stands where Σ w² should") {
        $0.squaredNorm = { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      },
      .init("first w", "only the first w² multiplies σ²; add up all of them") {
        $0.squaredNorm = { $0[0] * $0[0] }
      },
    ]
  }

  private static var ofTheVariances: [Mistake<Self>] {
    [
      .init("no 1/s²", "the factor 1/s² is missing", isCommon: true) {
        $0.precision = { _, _ in 1 }
      },
      .init("no 1/s² in the first", "the factor 1/s² is missing in ∂ℒ/∂μ") {
        $0.meanPrecision = { _, _ in 1 }
      },
      .init("no 1/s² in the second", "the factor 1/s² is missing in ∂ℒ/∂(log σ²)") {
        $0.variancePrecision = { _, _ in 1 }
      },
      .init("mean in the first", "∂ℒ/∂μ is a mean over the numbers of X; add them up") {
        $0.meanPrecision = { .exp(-$0) / Double($1) }
      },
      .init("mean in the second", "Σ w² was divided by the number of weights; it is a sum") {
        $0.variancePrecision = { .exp(-$0) / Double($1) }
      },
      .init("log s²", "log s² was used as s²") { $0.precision = { l, _ in 1 / l } },
      .init("times log s²", "log s² is a factor; divide by s², which is exp(log s²)") {
        $0.precision = { l, _ in l }
      },
      .init("s⁴", "exp(log s²) was squared, as if it were s; it is s²") {
        $0.precision = { l, _ in .exp(-2 * l) }
      },
      .init("s", "s stands where s² should: exp(log s²) is s², without a ½") {
        $0.precision = { l, _ in .exp(-0.5 * l) }
      },
      .init("times s²", "multiplied by s²; divide by it") { $0.precision = { l, _ in .exp(l) } },
      .init("as s", "log s² was used as s, and squared; s² is exp(log s²)") {
        $0.precision = { l, _ in 1 / (l * l) }
      },
      .init("mean", "that is the mean over the numbers of X; log P(X|z) sums over them") {
        $0.precision = { .exp(-$0) / Double($1) }
      },
      .init("log σ²", "log σ² was used as σ²", isCommon: true) { $0.variance = { $0 } },
      .init("σ", "σ stands where σ² should: exp(log σ²) is σ², without a ½") {
        $0.variance = { .exp(0.5 * $0) }
      },
      .init("σ⁴", "exp(log σ²) was squared, as if it were σ; it is σ²") {
        $0.variance = { .exp(2 * $0) }
      },
      .init("as σ", "log σ² was used as σ, and squared; σ² is exp(log σ²)") {
        $0.variance = { $0 * $0 }
      },
      .init("1/σ²", "exp(−log σ²) is 1/σ²; σ² is exp(log σ²)") { $0.variance = { .exp(-$0) } },
    ]
  }
}
