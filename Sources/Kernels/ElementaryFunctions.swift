/// The elementary functions that the kernels evaluate on whole arrays.
public enum ElementaryFunction: CaseIterable, Sendable {
  case exp, log, log1p, tanh, sigmoid, softplus, sin, cos, erf, normalQuantile
}

/// A floating-point type with elementary functions of its own: their bits are the same on every
/// platform, which those of the system's mathematics library are not.
///
/// Every error bound is the largest measured distance from the true value, in units in the last
/// place.
public protocol ElementaryScalar: BinaryFloatingPoint & SIMDScalar & Sendable & Codable {
  /// Applies `function` to `count` numbers on the calling thread. `destination` may equal `source`,
  /// but must not overlap it in any other way. Each result depends on its number alone.
  static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Self>,
    into destination: UnsafeMutablePointer<Self>, count: Int)
}

extension ElementaryScalar {
  @inline(__always)
  private static func value(_ function: ElementaryFunction, at x: Self) -> Self {
    var result = x
    withUnsafeMutablePointer(to: &result) { map(function, $0, into: $0, count: 1) }
    return result
  }

  /// eˣ.
  public static func exp(_ x: Self) -> Self { value(.exp, at: x) }
  /// The natural logarithm.
  public static func log(_ x: Self) -> Self { value(.log, at: x) }
  /// log(1 + x).
  public static func log1p(_ x: Self) -> Self { value(.log1p, at: x) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Self) -> Self { value(.tanh, at: x) }
  /// 1 / (1 + e⁻ˣ).
  public static func sigmoid(_ x: Self) -> Self { value(.sigmoid, at: x) }
  /// log(1 + eˣ).
  public static func softplus(_ x: Self) -> Self { value(.softplus, at: x) }
  /// The sine.
  public static func sin(_ x: Self) -> Self { value(.sin, at: x) }
  /// The cosine.
  public static func cos(_ x: Self) -> Self { value(.cos, at: x) }
  /// The error function.
  public static func erf(_ x: Self) -> Self { value(.erf, at: x) }
  /// The quantile of the standard normal distribution.
  public static func normalQuantile(_ p: Self) -> Self { value(.normalQuantile, at: p) }
}

extension Float: ElementaryScalar {
  /// Applies `function` to `count` numbers.
  public static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    mapAll(function, source, into: destination, count: count, eights: mapEights)
  }
}

extension Double: ElementaryScalar {
  /// Applies `function` to `count` numbers.
  public static func map(
    _ function: ElementaryFunction, _ source: UnsafePointer<Double>,
    into destination: UnsafeMutablePointer<Double>, count: Int
  ) {
    mapAll(function, source, into: destination, count: count, eights: mapEights)
  }
}

/// Applies `function` to all numbers: to those at the end, fewer than eight, in a vector that is
/// filled up with zeros.
private func mapAll<Scalar: ElementaryScalar>(
  _ function: ElementaryFunction, _ source: UnsafePointer<Scalar>,
  into destination: UnsafeMutablePointer<Scalar>, count: Int,
  eights: (ElementaryFunction, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int) -> Void
) {
  let whole = count & ~7
  eights(function, source, destination, whole)
  guard whole < count else { return }
  var rest = SIMD8<Scalar>()
  withUnsafeMutableBytes(of: &rest) {
    let lanes = $0.baseAddress!.assumingMemoryBound(to: Scalar.self)
    lanes.update(from: source + whole, count: count - whole)
    eights(function, lanes, lanes, 8)
    (destination + whole).update(from: lanes, count: count - whole)
  }
}
