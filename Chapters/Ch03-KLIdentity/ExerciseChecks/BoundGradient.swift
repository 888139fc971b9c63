import Autodiff
import Calculations
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
    comparison.calculate()
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
struct BoundGradientTask {
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
struct BoundGradientFormula {
  /// 1/s² from log s², and from how many numbers X has.
  var precision: (_ logVariance: Double, _ count: Int) -> Double {
    get { meanPrecision }
    set { (meanPrecision, variancePrecision) = (newValue, newValue) }
  }
  /// The 1/s² in ∂ℒ/∂μ, and the one in ∂ℒ/∂(log σ²).
  var meanPrecision: (_ logVariance: Double, _ count: Int) -> Double = { l, _ in .exp(-l) }
  var variancePrecision: (_ logVariance: Double, _ count: Int) -> Double = { l, _ in .exp(-l) }
  var variance: (_ logVariance: Double) -> Double = { .exp($0) }
  /// What stands in place of 1/s² in ∂ℒ/∂μ, and of σ² in E[log P(X|z)], if they are not these.
  var meanPrecisionOfTask: ((BoundGradientTask) -> Double)?
  var reconstructionVariance: ((_ logVariance: Double) -> Double)?
  /// The factor of X − wμ.
  var inner: (_ weight: Double) -> Double = { $0 }
  /// X − wμ.
  var residual: (_ x: Double, _ weight: Double, _ mean: Double) -> Double = { $0 - $1 * $2 }
  /// What stands in place of the sum of both, if it is written in another way.
  var overlap: ((BoundGradientTask) -> Double)?
  /// What multiplies σ² in Σ E[(X − wz)²].
  var squaredNorm: ([Double]) -> Double = { $0.reduce(0) { $0 + $1 * $1 } }
  /// The factors of the terms: of E[log P(X|z)] and −D in ∂ℒ/∂μ, and in ∂ℒ/∂(log σ²).
  var meanFactors = [1.0, 1], varianceFactors = [1.0, 1]
  /// The derivative of −D with respect to log σ².
  var divergenceSlope: (_ variance: Double) -> Double = { 0.5 - 0.5 * $0 }
  /// What is made of the two derivatives.
  var finish: (_ gradient: [Double], BoundGradientTask) -> [Double] = { gradient, _ in gradient }

  func callAsFunction(_ task: BoundGradientTask) -> [Double] {
    let precision =
      meanPrecisionOfTask?(task) ?? meanPrecision(task.noiseLogVariance, task.x.count)
    let variance = variance(task.q.logVariance)
    let overlap =
      overlap?(task)
      ?? zip(task.x, task.weight).reduce(0) {
        $0 + inner($1.1) * residual($1.0, $1.1, task.q.mean)
      }
    let slope =
      -0.5 * variancePrecision(task.noiseLogVariance, task.x.count) * squaredNorm(task.weight)
      * (reconstructionVariance?(task.q.logVariance) ?? variance)
    return finish(
      [
        meanFactors[0] * precision * overlap - meanFactors[1] * task.q.mean,
        varianceFactors[0] * slope + varianceFactors[1] * divergenceSlope(variance),
      ], task)
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
}

extension Comparison<BoundGradientTask, [Double]> {
  /// Summed over the numbers of X, with the sums apart, and by the derivative for σ².
  fileprivate mutating func calculate() {
    calculation { task in
      let (x, weight, noiseVariance, mean, variance) = task.arguments
      let squares = sum(square(weight))
      return .list([
        sum(weight * (x - weight * mean)) / noiseVariance - mean,
        -0.5 * squares * variance / noiseVariance - 0.5 * variance + 0.5,
      ])
    }
    calculation { task in
      let (x, weight, noiseVariance, mean, variance) = task.arguments
      let squares = sum(square(weight))
      return .list([
        (sum(weight * x) - squares * mean) / noiseVariance - mean,
        0.5 * (1 - variance - squares * variance / noiseVariance),
      ])
    }
    calculation { task in
      let (x, weight, noiseVariance, mean, variance) = task.arguments
      let slope = 0.5 * (1 / variance - 1 - sum(square(weight)) / noiseVariance)
      return .list([
        sum(weight * (x - weight * mean) / noiseVariance) - mean,
        slope.named("∂ℒ/∂σ²") * variance,
      ])
    }
  }
}

extension BoundGradientTask {
  fileprivate var arguments:
    (
      x: Calculation, weight: Calculation, noiseVariance: Calculation, mean: Calculation,
      variance: Calculation
    )
  {
    (
      .argument("x", x), .argument("weight", weight),
      exp(.argument("noiseLogVariance", noiseLogVariance)).named("s²"),
      .argument("q.mean", q.mean), exp(.argument("q.logVariance", q.logVariance)).named("σ²")
    )
  }
}
