// The exponential and its kin, for whole arrays of `Float` or `Double`.
//
// Numbers of both types are computed in eight lanes of `Double`. For `Float` the polynomials are
// shorter, and the one rounding at the end makes nearly every result the nearest `Float`.
// Every step is an exactly defined IEEE operation, and every product that is fused with a sum is
// written `addingProduct`; so the bits are the same on every machine.
//
// All polynomials of this folder interpolate their function at Chebyshev nodes, computed with 50
// digits in mpmath 1.3 and then rounded to `Double`. `degree` after a polynomial counts from the
// first coefficient that is not exact.

private typealias Lanes = SIMD8<Double>

extension SIMD8<Double> {
  /// One step of Horner's rule. Each file has its own, for nothing is inlined across files.
  @inline(__always)
  fileprivate func times(_ x: Self, plus coefficient: Double) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  @inline(__always)
  fileprivate var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

  @inline(__always)
  fileprivate init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(__always)
  fileprivate var magnitude: Self { Self(bits: bits & 0x7fff_ffff_ffff_ffff) }
}

/// eˣ = 2ⁿ·(1 + fraction), with n an integer and eˢ = 1 + fraction, |s| ≤ ½ ln 2.
private struct ReducedExponential {
  var fraction: SIMD8<Double>
  /// The low bits are those of n.
  var exponent: SIMD8<UInt64>

  /// Needs |x| < 2⁵⁰ ln 2, which callers secure.
  @inline(__always)
  init(_ x: SIMD8<Double>, forFloat: Bool) {
    // Adding 1.5·2⁵² rounds to an integer and leaves it in the low bits.
    let rounding = 0x1.8p52
    let shifted = Lanes(repeating: rounding).addingProduct(x, Lanes(repeating: 0x1.71547652b82fep0))
    let n = shifted - rounding
    // n ln 2 in two parts; the first has 42 bits, so that its product with n is exact.
    let s = x.addingProduct(n, Lanes(repeating: -0x1.62e42fefa38p-1))
      .addingProduct(n, Lanes(repeating: -0x1.ef35793c7673p-45))
    let q: Lanes
    if forFloat {
      q = Lanes(repeating: 0.0013926183587713494)
        .times(s, plus: 0.008363179052722578)
        .times(s, plus: 0.041666554617204574)
        .times(s, plus: 0.16666576989698775)
        .times(s, plus: 0.5)
    } else {
      q = Lanes(repeating: 2.510038549551032e-08)
        .times(s, plus: 2.7620088445409746e-07)
        .times(s, plus: 2.7557268459997064e-06)
        .times(s, plus: 2.4801521295954376e-05)
        .times(s, plus: 0.00019841269863053618)
        .times(s, plus: 0.0013888888917213717)
        .times(s, plus: 0.008333333333330062)
        .times(s, plus: 0.04166666666662413)
        .times(s, plus: 0.16666666666666669)
        .times(s, plus: 0.5)
    }
    fraction = s.addingProduct(s * s, q)
    exponent = shifted.bits
  }

  /// 2ⁿ⁺ⁱ, where n + i must be a normal exponent.
  @inline(__always)
  func power(plus i: SIMD8<UInt64>) -> SIMD8<Double> {
    SIMD8<Double>(bits: (exponent &+ (1023 &+ i)) &<< 52)
  }
}

@inline(__always)
private func exponential(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // Beyond these bounds the result is infinite, or rounds to zero.
  let bounded = x.replacing(with: 710, where: x .> 710).replacing(with: -750, where: x .< -750)
  let reduced = ReducedExponential(bounded, forFloat: forFloat)
  if forFloat { return reduced.power(plus: .zero) * (1 + reduced.fraction) }
  // 2ⁿ may be as large as 2¹⁰²⁴ and as small as 2⁻¹⁰⁸²: it is applied in steps that are normal
  // numbers, of which only the last can round.
  let isSmall = bounded .< -700
  let lift = SIMD8<UInt64>.zero.replacing(with: 64, where: isSmall)
  return Lanes(repeating: 2).addingProduct(reduced.fraction, Lanes(repeating: 2))
    * reduced.power(plus: lift &- 1)
    * Lanes(repeating: 1).replacing(with: 0x1p-64, where: isSmall)
}

@inline(__always)
private func sigmoid(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  let decay = exponential(-x.magnitude, forFloat: forFloat)
  return Lanes(repeating: 1).replacing(with: decay, where: x .< 0) / (1 + decay)
}

@inline(__always)
private func softplus(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // max(x, 0) + log(1 + e) with e = exp(−|x|) ≤ 1. From s = e / (2 + e) comes
  // log(1 + e) = 2 artanh(s) = e − s·(e − s²·(2/3 + …)).
  let e = exponential(-x.magnitude, forFloat: forFloat)
  let s = e / (2 + e)
  let z = s * s
  let series: Lanes
  if forFloat {
    series = Lanes(repeating: 0.2322432922402335)
      .times(z, plus: 0.21706575800880373)
      .times(z, plus: 0.28592357994302836)
      .times(z, plus: 0.3999970633192972)
      .times(z, plus: 0.6666666732052742)
  } else {
    series = Lanes(repeating: 0.1563057780092285)
      .times(z, plus: 0.07492143795550767)
      .times(z, plus: 0.10845178394880015)
      .times(z, plus: 0.11734279061303197)
      .times(z, plus: 0.13335178631449257)
      .times(z, plus: 0.1538454396486055)
      .times(z, plus: 0.18181819897962714)
      .times(z, plus: 0.2222222219823677)
      .times(z, plus: 0.285714285716001)
      .times(z, plus: 0.39999999999999525)
      .times(z, plus: 0.6666666666666666)
  }
  return x.replacing(with: 0, where: x .< 0) + (e - s * (e - z * series))
}

@inline(__always)
private func hyperbolicTangent(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // tanh|x| = −m / (2 + m) with m = exp(−2|x|) − 1 = 2ⁿ·fraction + (2ⁿ − 1). Beyond 22 it is 1.
  let doubled = x.magnitude + x.magnitude
  let bounded = doubled.replacing(with: 44, where: doubled .> 44)
  let reduced = ReducedExponential(-bounded, forFloat: forFloat)
  let power = reduced.power(plus: .zero)
  let m = (power - 1).addingProduct(power, reduced.fraction)
  let sign = x.bits & 0x8000_0000_0000_0000
  return Lanes(bits: (m / (2 + m)).magnitude.bits | sign)
}

/// eˣ in each lane; for the other files of the module.
func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> { exponential(x, forFloat: false) }

/// Applies `body` to eight numbers at a time, and to the rest in lanes filled up with zeros.
@inline(__always)
private func mapLanes<Element: SIMDScalar>(
  _ source: UnsafePointer<Element>, into destination: UnsafeMutablePointer<Element>, count: Int,
  _ body: (SIMD8<Element>) -> SIMD8<Element>
) {
  let whole = count & ~7
  var i = 0
  while i < whole {
    let x = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Element>.self)
    UnsafeMutableRawPointer(destination + i).storeBytes(of: body(x), as: SIMD8<Element>.self)
    i &+= 8
  }
  guard i < count else { return }
  var x = SIMD8<Element>()
  for lane in 0..<(count - i) { x[lane] = source[i + lane] }
  let y = body(x)
  for lane in 0..<(count - i) { destination[i + lane] = y[lane] }
}

/// Applies `function` to an array of `Double`.
func mapElements(
  _ function: ElementaryFunction, _ source: UnsafePointer<Double>,
  into destination: UnsafeMutablePointer<Double>, count: Int
) {
  switch function {
  case .exp: mapLanes(source, into: destination, count: count) { exponential($0, forFloat: false) }
  case .sigmoid: mapLanes(source, into: destination, count: count) { sigmoid($0, forFloat: false) }
  case .softplus:
    mapLanes(source, into: destination, count: count) { softplus($0, forFloat: false) }
  case .tanh:
    mapLanes(source, into: destination, count: count) { hyperbolicTangent($0, forFloat: false) }
  case .log: mapLanes(source, into: destination, count: count) { logarithm($0) }
  case .log1p: mapLanes(source, into: destination, count: count) { logarithm(onePlus: $0) }
  case .sin: mapLanes(source, into: destination, count: count) { sine($0) }
  case .cos: mapLanes(source, into: destination, count: count) { cosine($0) }
  case .erf: mapLanes(source, into: destination, count: count) { errorFunction($0) }
  case .normalQuantile: mapLanes(source, into: destination, count: count) { normalQuantile($0) }
  }
}

/// Applies `function` to an array of `Float`.
func mapElements(
  _ function: ElementaryFunction, _ source: UnsafePointer<Float>,
  into destination: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func map(_ body: (SIMD8<Double>) -> SIMD8<Double>) {
    mapLanes(source, into: destination, count: count) {
      SIMD8<Float>(body(SIMD8<Double>($0)))
    }
  }
  switch function {
  case .exp: map { exponential($0, forFloat: true) }
  case .sigmoid: map { sigmoid($0, forFloat: true) }
  case .softplus: map { softplus($0, forFloat: true) }
  case .tanh: map { hyperbolicTangent($0, forFloat: true) }
  case .log: map { logarithm($0) }
  case .log1p: map { logarithm(onePlus: $0) }
  case .sin: map { sine($0) }
  case .cos: map { cosine($0) }
  case .erf: map { errorFunction($0) }
  case .normalQuantile: map { normalQuantile($0) }
  }
}
