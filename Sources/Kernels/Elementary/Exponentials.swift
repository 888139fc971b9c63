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
  @inline(always)
  fileprivate func times(_ x: Self, plus coefficient: Double) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  @inline(always)
  fileprivate var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

  @inline(always)
  fileprivate init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(always)
  fileprivate var magnitude: Self { Self(bits: bits & 0x7fff_ffff_ffff_ffff) }

  /// `other` where the mask is set. (`replacing(with:where:)` compiles to much worse code.)
  @inline(always)
  fileprivate func or(_ other: Self, where mask: SIMDMask<SIMD8<Int64>>) -> Self {
    let mask = unsafeBitCast(mask, to: SIMD8<UInt64>.self)
    return Self(bits: bits ^ ((bits ^ other.bits) & mask))
  }

  @inline(always)
  fileprivate func or(_ other: Double, where mask: SIMDMask<SIMD8<Int64>>) -> Self {
    or(Self(repeating: other), where: mask)
  }
}

/// eˣ = 2ⁿ·(1 + fraction), with n an integer and eˢ = 1 + fraction, |s| ≤ ½ ln 2.
private struct ReducedExponential {
  var fraction: SIMD8<Double>
  /// The low bits are those of n.
  var exponent: SIMD8<UInt64>

  /// Needs |x| < 2⁵⁰ ln 2, which callers secure.
  @inline(always)
  init(_ x: SIMD8<Double>, forFloat: Bool) {
    // Adding 1.5·2⁵² rounds to an integer and leaves it in the low bits.
    let rounding = 0x1.8p52
    let shifted = Lanes(repeating: rounding).addingProduct(x, Lanes(repeating: 0x1.71547652b82fep0))
    let n = shifted - rounding
    // n ln 2 in two parts; the first has 42 bits, so that its product with n is exact.
    let s = x.addingProduct(n, Lanes(repeating: -0x1.62e42fefa38p-1))
      .addingProduct(n, Lanes(repeating: -0x1.ef35793c7673p-45))
    let square = s * s
    let q: Lanes
    if forFloat {
      let even = Lanes(repeating: 0.0013926183587713494)
        .times(square, plus: 0.041666554617204574)
        .times(square, plus: 0.5)
      let odd = Lanes(repeating: 0.008363179052722578)
        .times(square, plus: 0.16666576989698775)
      q = even.addingProduct(s, odd)
    } else {
      let even = Lanes(repeating: 2.7620088445409746e-07)
        .times(square, plus: 2.4801521295954376e-05)
        .times(square, plus: 0.0013888888917213717)
        .times(square, plus: 0.04166666666662413)
        .times(square, plus: 0.5)
      let odd = Lanes(repeating: 2.510038549551032e-08)
        .times(square, plus: 2.7557268459997064e-06)
        .times(square, plus: 0.00019841269863053618)
        .times(square, plus: 0.008333333333330062)
        .times(square, plus: 0.16666666666666669)
      q = even.addingProduct(s, odd)
    }
    fraction = s.addingProduct(square, q)
    exponent = shifted.bits
  }

  /// 2ⁿ⁺ⁱ, where n + i must be a normal exponent.
  @inline(always)
  func power(plus i: SIMD8<UInt64>) -> SIMD8<Double> {
    SIMD8<Double>(bits: (exponent &+ (1023 &+ i)) &<< 52)
  }
}

@inline(always)
private func exponential(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // Beyond these bounds the result is infinite, or rounds to zero.
  let bounded = x.or(710, where: x .> 710).or(-750, where: x .< -750)
  let reduced = ReducedExponential(bounded, forFloat: forFloat)
  // For `Double`, 2ⁿ may be as large as 2¹⁰²⁴ and as small as 2⁻¹⁰⁸²: it is applied in steps that
  // are normal numbers, of which only the last can round.
  let isSmall = bounded .< -700
  let lift = unsafeBitCast(isSmall, to: SIMD8<UInt64>.self) & 64
  return forFloat
    ? reduced.power(plus: .zero) * (1 + reduced.fraction)
    : Lanes(repeating: 2).addingProduct(reduced.fraction, Lanes(repeating: 2))
      * reduced.power(plus: lift &- 1)
      * Lanes(repeating: 1).or(0x1p-64, where: isSmall)
}

@inline(always)
private func sigmoid(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  let decay = exponential(-x.magnitude, forFloat: forFloat)
  return Lanes(repeating: 1).or(decay, where: x .< 0) / (1 + decay)
}

@inline(always)
private func softplus(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // max(x, 0) + log(1 + e) with e = exp(−|x|) ≤ 1. From s = e / (2 + e) comes
  // log(1 + e) = 2 artanh(s) = e − s·(e − s²·(2/3 + …)).
  let e = exponential(-x.magnitude, forFloat: forFloat)
  let s = e / (2 + e)
  let z = s * s
  let square = z * z
  let series: Lanes
  if forFloat {
    let even = Lanes(repeating: 0.2322432922402335)
      .times(square, plus: 0.28592357994302836)
      .times(square, plus: 0.6666666732052742)
    let odd = Lanes(repeating: 0.21706575800880373)
      .times(square, plus: 0.3999970633192972)
    series = even.addingProduct(z, odd)
  } else {
    let even = Lanes(repeating: 0.1563057780092285)
      .times(square, plus: 0.10845178394880015)
      .times(square, plus: 0.13335178631449257)
      .times(square, plus: 0.18181819897962714)
      .times(square, plus: 0.285714285716001)
      .times(square, plus: 0.6666666666666666)
    let odd = Lanes(repeating: 0.07492143795550767)
      .times(square, plus: 0.11734279061303197)
      .times(square, plus: 0.1538454396486055)
      .times(square, plus: 0.2222222219823677)
      .times(square, plus: 0.39999999999999525)
    series = even.addingProduct(z, odd)
  }
  return x.or(0, where: x .< 0) + (e - s * (e - z * series))
}

@inline(always)
private func hyperbolicTangent(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // tanh|x| = −m / (2 + m) with m = exp(−2|x|) − 1 = 2ⁿ·fraction + (2ⁿ − 1). Beyond 22 it is 1.
  let doubled = x.magnitude + x.magnitude
  let bounded = doubled.or(44, where: doubled .> 44)
  let reduced = ReducedExponential(-bounded, forFloat: forFloat)
  let power = reduced.power(plus: .zero)
  let m = (power - 1).addingProduct(power, reduced.fraction)
  let sign = x.bits & 0x8000_0000_0000_0000
  return Lanes(bits: (m / (2 + m)).magnitude.bits | sign)
}

/// eˣ in each lane; for the other files of the module.
func formExponential(_ x: inout SIMD8<Double>) { x = exponential(x, forFloat: false) }

/// Applies `body` to eight numbers at a time; `count` is a multiple of eight.
@inline(always)
private func forEachEight<Element: SIMDScalar>(
  _ source: UnsafePointer<Element>, into destination: UnsafeMutablePointer<Element>, count: Int,
  _ body: (inout SIMD8<Element>) -> Void
) {
  var i = 0
  while i < count {
    var x = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Element>.self)
    body(&x)
    UnsafeMutableRawPointer(destination + i).storeBytes(of: x, as: SIMD8<Element>.self)
    i &+= 8
  }
}

/// Applies `function` to `count` numbers, a multiple of eight.
func mapEights(
  _ function: ElementaryFunction, _ source: UnsafePointer<Double>,
  into destination: UnsafeMutablePointer<Double>, count: Int
) {
  @inline(always)
  func map(_ body: (inout SIMD8<Double>) -> Void) {
    forEachEight(source, into: destination, count: count, body)
  }
  switch function {
  case .exp: map { $0 = exponential($0, forFloat: false) }
  case .sigmoid: map { $0 = sigmoid($0, forFloat: false) }
  case .softplus: map { $0 = softplus($0, forFloat: false) }
  case .tanh: map { $0 = hyperbolicTangent($0, forFloat: false) }
  case .log: map { formLogarithm(&$0) }
  case .log1p: map { formLogarithm(onePlus: &$0) }
  case .sin: map { formSine(&$0) }
  case .cos: map { formCosine(&$0) }
  case .erf: map { formErrorFunction(&$0) }
  case .normalQuantile: map { formNormalQuantile(&$0) }
  }
}

/// Applies `function` to `count` numbers, a multiple of eight.
func mapEights(
  _ function: ElementaryFunction, _ source: UnsafePointer<Float>,
  into destination: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(always)
  func map(_ body: (inout SIMD8<Double>) -> Void) {
    forEachEight(source, into: destination, count: count) {
      var x = SIMD8<Double>($0)
      body(&x)
      $0 = SIMD8<Float>(x)
    }
  }
  switch function {
  case .exp: map { $0 = exponential($0, forFloat: true) }
  case .sigmoid: map { $0 = sigmoid($0, forFloat: true) }
  case .softplus: map { $0 = softplus($0, forFloat: true) }
  case .tanh: map { $0 = hyperbolicTangent($0, forFloat: true) }
  case .log: map { formLogarithm(&$0) }
  case .log1p: map { formLogarithm(onePlus: &$0) }
  case .sin: map { formSine(&$0) }
  case .cos: map { formCosine(&$0) }
  case .erf: map { formErrorFunction(&$0) }
  case .normalQuantile: map { formNormalQuantile(&$0) }
  }
}
