/// What one step of Adam needs beside its arrays.
///
/// Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
public struct AdamStep: Sendable {
  /// α, the step size.
  public var learningRate: Double
  /// β₁, how much of the first moment is kept.
  public var firstDecay: Double
  /// β₂, how much of the second moment is kept.
  public var secondDecay: Double
  /// ε, added to the root of the second moment.
  public var epsilon: Double
  /// 1 − β₁ᵗ, which makes up for a first moment that began at 0.
  public var firstCorrection: Double
  /// 1 − β₂ᵗ, which makes up for a second moment that began at 0.
  public var secondCorrection: Double

  /// Creates the numbers of one step.
  public init(
    learningRate: Double, firstDecay: Double, secondDecay: Double, epsilon: Double,
    firstCorrection: Double, secondCorrection: Double
  ) {
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.firstCorrection = firstCorrection
    self.secondCorrection = secondCorrection
  }
}

extension Float {
  /// One step of Adam on all `parameters`, in one pass over memory.
  public static func update(
    _ parameters: Buffer<Float>, along gradient: Buffer<Float>, firstMoment: Buffer<Float>,
    secondMoment: Buffer<Float>, _ step: AdamStep
  ) {
    adam(parameters, gradient, firstMoment, secondMoment, step)
  }
}

extension Double {
  /// One step of Adam on all `parameters`, in one pass over memory.
  public static func update(
    _ parameters: Buffer<Double>, along gradient: Buffer<Double>, firstMoment: Buffer<Double>,
    secondMoment: Buffer<Double>, _ step: AdamStep
  ) {
    adam(parameters, gradient, firstMoment, secondMoment, step)
  }
}

@inline(__always)
private func adam<Scalar: TensorScalar>(
  _ parameters: Buffer<Scalar>, _ gradient: Buffer<Scalar>, _ firstMoment: Buffer<Scalar>,
  _ secondMoment: Buffer<Scalar>, _ step: AdamStep
) {
  let count = parameters.count
  check(
    gradient.count == count && firstMoment.count == count && secondMoment.count == count,
    "a step of Adam on \(count) parameters with a gradient of \(gradient.count) and moments of "
      + "\(firstMoment.count) and \(secondMoment.count)")
  let (p, m, v) = (parameters.base, firstMoment.base, secondMoment.base)
  let g = UnsafePointer(gradient.base)
  parallel(count, grain: 4096) { range in
    let end = range.lowerBound + range.count / 8 * 8
    for i in stride(from: range.lowerBound, to: end, by: 8) {
      var (parameter, first, second) = (load(p + i), load(m + i), load(v + i))
      adam(&parameter, load(g + i), &first, &second, step)
      store(parameter, p + i)
      store(first, m + i)
      store(second, v + i)
    }
    // The rest in vectors too, of which the first lane counts: one formula, the same bits.
    for i in end..<range.upperBound {
      var parameter = SIMD8(repeating: p[i])
      var (first, second) = (SIMD8(repeating: m[i]), SIMD8(repeating: v[i]))
      adam(&parameter, SIMD8(repeating: g[i]), &first, &second, step)
      (p[i], m[i], v[i]) = (parameter[0], first[0], second[0])
    }
  }
}

@inline(__always)
private func adam<Scalar: TensorScalar>(
  _ parameter: inout SIMD8<Scalar>, _ slope: SIMD8<Scalar>, _ first: inout SIMD8<Scalar>,
  _ second: inout SIMD8<Scalar>, _ step: AdamStep
) {
  first += Scalar(1 - step.firstDecay) * (slope - first)
  second = Scalar(step.secondDecay) * second + Scalar(1 - step.secondDecay) * slope * slope
  let root = second.squareRoot() / Scalar(step.secondCorrection.squareRoot())
  let rate = Scalar(step.learningRate / step.firstCorrection)
  parameter -= rate * first / (root + Scalar(step.epsilon))
}

@inline(__always)
private func load<Scalar: TensorScalar>(_ address: UnsafePointer<Scalar>) -> SIMD8<Scalar> {
  UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Scalar>.self)
}

@inline(__always)
private func store<Scalar: TensorScalar>(
  _ vector: SIMD8<Scalar>, _ address: UnsafeMutablePointer<Scalar>
) {
  UnsafeMutableRawPointer(address).storeBytes(of: vector, as: SIMD8<Scalar>.self)
}
