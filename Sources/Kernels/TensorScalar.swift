// How a kernel is specialised to its type. A kernel is a generic function that `@_specialize`
// compiles for `Float` and for `Double`, so its callers can be generic too. Code that differs
// between the two types, always an inner loop, is a requirement of these protocols.

/// The numbers that tensors are made of: `Float` for training, `Double` for checks.
public protocol TensorScalar: ElementaryScalar {
  /// As many numbers as the inner loop of a matrix product handles at once: two AVX registers.
  associatedtype Row: SIMD where Row.Scalar == Self
  /// Σ x · l − log(1 + exp l) over at most 512 numbers: see `bernoulliLogProbability`.
  static func sumOfBernoulliTerms(
    _ x: UnsafePointer<Self>, _ l: UnsafePointer<Self>, count: Int
  ) -> Double
  /// Elements `range` of a row of numbers uniform on [0, 1): see `Threefry.fillUniform`.
  static func fillUniform(
    _ destination: UnsafeMutablePointer<Self>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64)
  /// Elements `range` of a row of standard normals: see `Threefry.fillNormal`.
  static func fillNormal(
    _ destination: UnsafeMutablePointer<Self>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64)
  /// Replaces probabilities by zeros and ones: see `Threefry.fillBernoulli`.
  static func fillBernoulli(
    _ probabilities: UnsafeMutablePointer<Self>, _ range: Range<Int>, _ bits: Threefry,
    from position: UInt64)
}

extension Float: TensorScalar {
  /// Sixteen numbers.
  public typealias Row = SIMD16<Float>
}

extension Double: TensorScalar {
  /// Eight numbers.
  public typealias Row = SIMD8<Double>
}
