import Autodiff
import Exercises
import Probability

extension BoundGradientFormula {
  static var mistakes: [Mistake<Self>] { ofTheSigns + ofTheChain + ofTheWeight + ofTheVariances }

  private static var ofTheSigns: [Mistake<Self>] {
    [
      .init("constant", "that is the answer of the example for every input") {
        $0.finish = { _, _ in [2, -0.5] }
      },
      .init("s² + σ²", "∂ℒ/∂μ was divided by s² + σ²; the variance of X given z is s²") {
        $0.meanPrecisionOfTask = { 1 / (.exp($0.noiseLogVariance) + $0.q.variance) }
      },
      .init("μ/σ²", "−μ was divided by σ²; the variance of the prior is 1") {
        $0.finish = { [$0[0] + $1.q.mean - $1.q.mean / $1.q.variance, $0[1]] }
      },
      .init("σ² of E alone", "in E[log P(X|z)], σ stands where σ² should") {
        $0.reconstructionVariance = { .exp(0.5 * $0) }
      },
      .init("σ² of D alone", "in D, σ stands where σ² should") {
        $0.divergenceSlope = { 0.5 - 0.5 * $0.squareRoot() }
      },
      .init("−1", "the derivative of ½ μ² is μ; yours is 1") {
        $0.finish = { [$0[0] + $1.q.mean - 1, $0[1]] }
      },
      .init("natural gradient", "∂ℒ/∂μ was multiplied by σ²; the plain derivative is asked for") {
        $0.finish = { [$1.q.variance * $0[0], $0[1]] }
      },
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
      .init("D by s²", "the derivatives of D were divided by s² as well; D does not contain s²") {
        $0.finish = { gradient, task in
          let shrunk = Double.exp(-task.noiseLogVariance) - 1
          return [
            gradient[0] - shrunk * task.q.mean,
            gradient[1] + shrunk * (0.5 - 0.5 * task.q.variance),
          ]
        }
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
      Mistake(name, message) { $0.finish = { [$0[0], factor($1.q) * $0[1]] } }
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
        $0.finish = { gradient, task in
          let ofDivergence = 0.5 - 0.5 * task.q.variance
          return [gradient[0], (gradient[1] - ofDivergence) / task.q.variance + ofDivergence]
        }
      },
      .init("σ² in D alone", "in D, the derivative is by σ²; multiply it by σ² for log σ²") {
        $0.divergenceSlope = { 0.5 / $0 - 0.5 }
      },
      .init(
        "½/σ²", "½ log σ² has the derivative ½ with respect to log σ²; ½/σ² is that for σ²"
      ) { $0.divergenceSlope = { 0.5 / $0 - 0.5 * $0 } },
      .init("halved twice", "in D, the derivative of −½ σ² by log σ² is −½ σ², and of ½ log σ² ½") {
        $0.divergenceSlope = { 0.25 - 0.25 * $0 }
      },
      .init(
        "σ by log σ²", "in D, the derivative of log σ² by itself is 1: ½, not ½ log σ², is left"
      ) { formula in
        formula.finish = { [$0[0], $0[1] - 0.5 + 0.5 * $1.q.logVariance] }
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
      .init("brackets in the first", "brackets are missing: 1/s² multiplies wX as well as w²μ") {
        $0.overlap = { task in
          let product = zip(task.weight, task.x).reduce(0) { $0 + $1.0 * $1.1 }
          let square = task.weight.reduce(0) { $0 + $1 * $1 }
          return product * .exp(task.noiseLogVariance) - square * task.q.mean
        }
      },
      .init("X without w", "X is not multiplied by w; the derivative of wz is w") {
        $0.overlap = { task in
          task.x.reduce(0, +) - task.weight.reduce(0) { $0 + $1 * $1 } * task.q.mean
        }
      },
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
      .init("sum of weights", "Σ w was formed first; the squares are Σ w², each w on its own") {
        $0.squaredNorm = { weights in
          let sum = weights.reduce(0, +)
          return sum * sum
        }
        $0.overlap = { task in
          let sum = task.weight.reduce(0, +)
          return zip(task.weight, task.x).reduce(0) { $0 + $1.0 * $1.1 } - sum * sum * task.q.mean
        }
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
