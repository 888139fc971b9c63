import Autodiff
import Exercises
import Probability

extension Checks {
  static func boundGradient(
    _ answer: @escaping ([Double], [Double], Double, Exercises.Gaussian) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<BoundGradientTask, [Double]>(
      of: {
        try answer(
          $0.x, $0.weight, $0.noiseLogVariance, ($0.q.mean, $0.q.logVariance))
      }
    ) { $0.gradient }
    comparison.ask(
      "X = (2), w = (1), log s² = 0, μ = 0 and log σ² = 0",
      BoundGradientTask(x: [2], weight: [1], noiseLogVariance: 0, q: .standard))
    for (size, seed) in [(1, 42), (3, 43)] as [(Int, UInt64)] {
      var generator = SeededGenerator(seed: seed)
      let (x, weight) = (
        roundedNormals(size, using: &generator), roundedNormals(size, using: &generator)
      )
      let rest = roundedNormals(3, using: &generator)
      comparison.ask(
        "X = \(text(x)), w = \(text(weight)), log s² = \(text(rest[0])), μ = \(text(rest[1])) and "
          + "log σ² = \(text(rest[2]))",
        BoundGradientTask(
          x: x, weight: weight, noiseLogVariance: rest[0],
          q: Normal(mean: rest[1], logVariance: rest[2])))
    }
    comparison.recognizeMistakes()
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
  let x, weight: [Double]
  let noiseLogVariance: Double
  let q: Normal

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

  var overlap: Double { zip(weight, x).reduce(0) { $0 + $1.0 * $1.1 } }
  var squaredNorm: Double { weight.reduce(0) { $0 + $1 * $1 } }

  /// The derivatives of E[log P(X|z)], if 1/s² and σ² are these.
  func reconstruction(precision: Double, variance: Double) -> [Double] {
    [
      precision * (overlap - squaredNorm * q.mean), -0.5 * precision * squaredNorm * variance,
    ]
  }

  var reconstruction: [Double] {
    reconstruction(precision: .exp(-noiseLogVariance), variance: q.variance)
  }

  /// The derivatives of D[Q‖P(z)], if σ² is this.
  func divergence(variance: Double) -> [Double] { [q.mean, 0.5 * (variance - 1)] }

  var divergence: [Double] { divergence(variance: q.variance) }

  /// The gradient if 1/s² is this.
  func gradient(precision: Double) -> [Double] {
    reconstruction(precision: precision, variance: q.variance) - divergence
  }

  /// The gradient with its second number multiplied.
  func gradient(times factor: Double) -> [Double] { [gradient[0], factor * gradient[1]] }
}

extension Comparison<BoundGradientTask, [Double]> {
  fileprivate mutating func recognizeMistakes() {
    recognize("both signs are flipped: that is the gradient of −ℒ, the loss") {
      $0.gradient.map { -$0 }
    }
    recognize("the derivatives of D were added; the bound subtracts D") {
      zip($0.reconstruction, $0.divergence).map { $0 + $1 }
    }
    recognize("those are the derivatives of E[log P(X|z)] alone; D depends on μ and σ² as well") {
      $0.reconstruction
    }
    recognize("those are the derivatives of −D alone; E[log P(X|z)] depends on μ and σ² as well") {
      $0.divergence.map { -$0 }
    }
    recognize(
      "log P(X|z) was computed at the mean of Q; E[(X − wz)²] is (X − wμ)² + w²σ²"
    ) { [$0.gradient[0], -$0.divergence[1]] }
    recognize(
      "that is the derivative with respect to σ²; for log σ², multiply it by σ² (the chain rule)"
    ) { $0.gradient(times: .exp(-$0.q.logVariance)) }
    recognize(
      "that is the derivative with respect to σ; for log σ², multiply it by σ/2 (the chain rule)"
    ) { $0.gradient(times: 2 / $0.q.standardDeviation) }
    recognize(
      "that is the derivative with respect to log σ; log σ² is twice that, so a ½ is missing"
    ) {
      $0.gradient(times: 2)
    }
    recognize("the inner derivative w is missing: each X − wμ has to be multiplied by w") {
      input in
      let residual = input.x.reduce(0, +) - input.weight.reduce(0, +) * input.q.mean
      return [
        .exp(-input.noiseLogVariance) * residual - input.q.mean, input.gradient[1],
      ]
    }
    recognize("the factor 1/s² is missing") { $0.gradient(precision: 1) }
    recognize("log s² was used as s²") {
      $0.gradient(precision: 1 / $0.noiseLogVariance)
    }
    recognize("exp(log s²) was squared, as if it were s; it is s²") {
      $0.gradient(precision: .exp(-2 * $0.noiseLogVariance))
    }
    recognize("log σ² was used as σ²") {
      $0.reconstruction(
        precision: .exp(-$0.noiseLogVariance), variance: $0.q.logVariance)
        - $0.divergence(variance: $0.q.logVariance)
    }
    recognize("that is the mean over the numbers of X; log P(X|z) sums over them") {
      $0.gradient(precision: .exp(-$0.noiseLogVariance) / Double($0.x.count))
    }
  }
}

/// The numbers of two arrays, subtracted.
private func - (_ first: [Double], _ second: [Double]) -> [Double] {
  zip(first, second).map { $0 - $1 }
}
