/// The numbers that one step of Adam needs besides its arrays.
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

/// One step of Adam on all `parameters`, in one pass over memory.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func updateByAdam<Scalar: TensorScalar>(
  _ parameters: borrowing MutableBuffer<Scalar>, along gradient: Buffer<Scalar>,
  firstMoment: borrowing MutableBuffer<Scalar>, secondMoment: borrowing MutableBuffer<Scalar>,
  _ step: AdamStep
) {
  let count = parameters.count
  check(
    gradient.count == count && firstMoment.count == count && secondMoment.count == count,
    "a step of Adam on \(count) parameters with a gradient of \(gradient.count) and moments of "
      + "\(firstMoment.count) and \(secondMoment.count)")
  defer { withExtendedLifetime(gradient) {} }
  let (p, g) = unsafe (parameters.base, gradient.base)
  let (m, v) = unsafe (firstMoment.base, secondMoment.base)
  parallel(count, grain: 4096) { range in
    let start = range.lowerBound
    unsafe adamRun(p + start, g + start, m + start, v + start, range.count, step)
  }
}

/// The inner loop is a separate function, because inside a closure the square root remains a call
/// for each number, and the loop is ten times as slow.
@inline(never)
private func adamRun<Scalar: TensorScalar>(
  _ p: UnsafeMutablePointer<Scalar>, _ g: UnsafePointer<Scalar>, _ m: UnsafeMutablePointer<Scalar>,
  _ v: UnsafeMutablePointer<Scalar>, _ count: Int, _ step: AdamStep
) {
  let rate = Scalar(step.learningRate / step.firstCorrection)
  let epsilon = Scalar(step.epsilon)
  let rootScale = Scalar(1 / step.secondCorrection.squareRoot())
  let firstRest = Scalar(1 - step.firstDecay)
  let (secondDecay, secondRest) = (Scalar(step.secondDecay), Scalar(1 - step.secondDecay))
  for i in 0..<count {
    let slope = unsafe g[i]
    let first = unsafe flushed(m[i] + firstRest * (slope - m[i]))
    let second = unsafe flushed(secondDecay * v[i] + secondRest * slope * slope)
    unsafe m[i] = first
    unsafe v[i] = second
    unsafe p[i] -= rate * first / (second.squareRoot() * rootScale + epsilon)
  }
}

/// 0 in place of numbers below 2⁻¹²⁰. The moments of a parameter that is no longer used fall
/// towards 0. As `Float`s they soon become subnormal, which slows a processor down many times.
/// `Double`s would take far longer to get there, but follow the same rule.
@inline(__always)
private func flushed<Scalar: TensorScalar>(_ x: Scalar) -> Scalar {
  x.magnitude < 0x1p-120 ? 0 : x
}
