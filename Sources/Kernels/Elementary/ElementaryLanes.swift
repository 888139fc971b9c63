// The elementary functions in eight lanes of `Double`, which also serve `Float`: one rounding at
// the end makes nearly every result the nearest `Float`. Where it saves time, `Float` has a shorter
// formula.
//
// Every step is an operation that IEEE 754 defines exactly, and a product is fused with a sum only
// where `addingProduct` says so; hence the same bits on every machine.
//
// The polynomials interpolate their functions at Chebyshev nodes. Their coefficients were computed
// with 50 digits in mpmath 1.3.0 and rounded to `Double`.
//
// Three habits keep the lanes in wide registers. Everything is in one file, because nothing is
// inlined across files. The code avoids the standard library's vector operations that are compiled
// to loops over the lanes: comparisons of integers, `rounded`, conversions to integers. Functions
// that are not inlined write their results to `inout` vectors, because returned vectors are cut
// into pairs of lanes.

private typealias Lanes = SIMD8<Double>
private typealias Bits = SIMD8<UInt64>

private let signBit: UInt64 = 0x8000_0000_0000_0000

/// Adding this number rounds to an integer, and leaves it in the low bits.
private let roundingShift = 0x1.8p52

extension SIMD8<Double> {
  @inline(__always)
  fileprivate init(bits: SIMD8<UInt64>) { self = unsafe unsafeBitCast(bits, to: Self.self) }

  @inline(__always)
  fileprivate var bits: SIMD8<UInt64> { unsafe unsafeBitCast(self, to: SIMD8<UInt64>.self) }

  @inline(__always)
  fileprivate var magnitude: Self { Self(bits: bits & ~signBit) }

  /// One step of Horner's rule.
  @inline(__always)
  fileprivate func times(_ x: Self, plus coefficient: Double) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  /// `other` where the bits of `mask` are set, and `self` where they are not.
  @inline(__always)
  fileprivate func or(_ other: Self, where mask: SIMD8<UInt64>) -> Self {
    Self(bits: bits ^ ((bits ^ other.bits) & mask))
  }

  @inline(__always)
  fileprivate func or(_ other: Self, where mask: SIMDMask<SIMD8<Int64>>) -> Self {
    unsafe or(other, where: unsafeBitCast(mask, to: SIMD8<UInt64>.self))
  }

  @inline(__always)
  fileprivate func or(_ other: Double, where mask: SIMDMask<SIMD8<Int64>>) -> Self {
    or(Self(repeating: other), where: mask)
  }
}

// MARK: - The exponential and its kin

/// eˣ = 2ⁿ·eˢ, where n is an integer and |s| ≤ ½ ln 2.
private struct ReducedExponential {
  /// eˢ − 1 = head + tail, where head is exact and tail is small.
  private var head, tail: SIMD8<Double>
  /// Its low bits are those of n.
  private var n: SIMD8<UInt64>

  @inline(__always)
  init(_ x: SIMD8<Double>) {
    let shifted = Lanes(repeating: roundingShift)
      .addingProduct(x, Lanes(repeating: 0x1.71547652b82fep0))
    n = shifted.bits
    let minusN = roundingShift - shifted
    // ln 2 in two parts. The first has 42 bits: its product with n, and the sum, are exact.
    head = x.addingProduct(minusN, Lanes(repeating: 0x1.62e42fefa38p-1))
    let rest = minusN * 0x1.ef35793c7673p-45
    let s = head + rest
    let square = s * s
    let even = Lanes(repeating: 2.7620088445409746e-07)
      .times(square, plus: 2.4801521295954376e-05)
      .times(square, plus: 0.0013888888917213717)
      .times(square, plus: 0.04166666666662413)
      .times(square, plus: 0.5000000000000001)
    let odd = Lanes(repeating: 2.510038549551032e-08)
      .times(square, plus: 2.7557268459997064e-06)
      .times(square, plus: 0.00019841269863053618)
      .times(square, plus: 0.008333333333330062)
      .times(square, plus: 0.16666666666666669)
    tail = rest.addingProduct(square, even.addingProduct(s, odd))
  }

  /// eˢ, between √½ and √2. (1 + head + tail, corrected for the rounding error of 1 + head.)
  @inline(__always)
  var significand: SIMD8<Double> {
    let sum = 1 + head
    return sum - (((sum - 1) - head) - tail)
  }

  /// 2ⁿ⁺ⁱ, which must be a normal number.
  @inline(__always)
  func power(plus i: SIMD8<UInt64>) -> SIMD8<Double> {
    SIMD8<Double>(bits: (n &+ (1023 &+ i)) &<< 52)
  }

  /// eˣ − 1 = value − error, where 2ⁿ is a normal number.
  @inline(__always)
  var minusOne: (value: SIMD8<Double>, error: SIMD8<Double>) {
    let power = power(plus: .zero)
    let offset = power - 1
    let (head, tail) = (power * head, power * tail)
    let sum = offset + head
    let rest = ((sum - offset) - head) - tail
    let value = sum - rest
    return (value, rest - (sum - value))
  }
}

/// eˣ = 2ⁿ·2ʰ, where n is an integer and |h| ≤ ½, as precisely as `Float` needs it.
private struct BinaryExponential {
  var h: SIMD8<Double>
  /// Its low bits are those of n.
  var n: SIMD8<UInt64>

  @inline(__always)
  init(_ x: SIMD8<Double>) {
    // Beyond these bounds the result overflows `Float` or rounds to zero.
    let y = x * 0x1.71547652b82fep0
    let bounded = y.replacing(with: 160, where: y .> 160)
    let exponent = bounded.replacing(with: -160, where: bounded .< -160)
    let shifted = exponent + roundingShift
    n = shifted.bits
    h = exponent - (shifted - roundingShift)
  }
}

@inline(__always)
private func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // Above this bound the result is infinite.
  decay(x.replacing(with: 710, where: x .> 710))
}

/// eˣ for `Float`.
@inline(__always)
private func floatExponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let reduced = BinaryExponential(x)
  let h = reduced.h
  let square = h * h
  let low = Lanes(repeating: 0.6931471880352003).times(h, plus: 1)
  let middle = Lanes(repeating: 0.05550357071152507).times(h, plus: 0.24022650760645808)
  let high = Lanes(repeating: 0.0013390886332106697).times(h, plus: 0.009618082519990467)
    .addingProduct(square, Lanes(repeating: 0.0001545318282995974))
  let significand = low.addingProduct(square, middle.addingProduct(square, high))
  // The exponential of a `Float` is never a subnormal `Double`, so n can be added to the exponent.
  return Lanes(bits: significand.bits &+ (reduced.n &<< 52))
}

/// eˣ where x is not so large that the result is infinite.
@inline(__always)
private func decay(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // Below this bound the result rounds to zero.
  let bounded = x.replacing(with: -750, where: x .< -750)
  let reduced = ReducedExponential(bounded)
  // n goes from −1082 to 1024: 2ⁿ is applied in two steps, of which only the last can round.
  let isSmall = bounded .< -700
  let lift = unsafe unsafeBitCast(isSmall, to: Bits.self) & 64
  return (reduced.significand * reduced.power(plus: lift &- 1))
    * Lanes(repeating: 2).or(0x1p-63, where: isSmall)
}

@inline(__always)
private func sigmoid(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // With e = exp(−|x|) it is e / (1 + e) for negative x, and 1 / (1 + e) otherwise.
  let e = decay(Lanes(bits: x.bits | signBit))
  let isNegative = x .< 0
  let numerator = Lanes(repeating: 1).or(e, where: isNegative)
  let denominator = 1 + e
  let quotient = numerator / denominator
  // The remainder of the division by the exact 1 + e, times 1 / (1 + e).
  let remainder = numerator.addingProduct(-quotient, denominator)
    .addingProduct(quotient, (denominator - 1) - e)
  return quotient.addingProduct(remainder, quotient.or(1 - quotient, where: isNegative))
}

/// The logistic function for `Float`.
@inline(__always)
private func floatSigmoid(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // With eˣ = 2ⁿ·2ʰ and 2ʰ = (even + odd) / (even − odd), the only division is the last.
  let reduced = BinaryExponential(x)
  let square = reduced.h * reduced.h
  let even = square + 20.81816610707958
  let odd =
    reduced.h * Lanes(repeating: 0.057700430132239125).times(square, plus: 7.215026566921499)
  let numerator = even + odd
  let power = Lanes(bits: (1023 &- reduced.n) &<< 52)
  return numerator / numerator.addingProduct(power, even - odd)
}

@inline(__always)
private func softplus(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  // max(x, 0) + log(1 + e) with e = exp(−|x|) ≤ 1.
  let minusMagnitude = Lanes(bits: x.bits | signBit)
  let positivePart = x.or(0, where: x .< 0)
  if forFloat {
    let e = floatExponential(minusMagnitude)
    let square = e * e
    let even = Lanes(repeating: 0.019542527261014103)
      .times(square, plus: 0.10543623795419527)
      .times(square, plus: 0.19663274257204805)
      .times(square, plus: 0.3332971049891775)
      .times(square, plus: 0.999999994656292)
    let odd = Lanes(repeating: -0.00317605701843196)
      .times(square, plus: -0.05637361283010733)
      .times(square, plus: -0.15269667074363288)
      .times(square, plus: -0.24951616262872076)
      .times(square, plus: -0.49999892648063277)
    return positivePart.addingProduct(e, even.addingProduct(e, odd))
  }
  // From s = e / (2 + e) comes log(1 + e) = 2 artanh s = e + s·(s²·(2/3 + …) − e).
  let e = decay(minusMagnitude)
  let s = e / (2 + e)
  let z = s * s
  let square = z * z
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
  return positivePart + e.addingProduct(s, z * even.addingProduct(z, odd) - e)
}

@inline(__always)
private func hyperbolicTangent(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // tanh|x| = −m / (2 + m) with m = exp(−2|x|) − 1. From 22 on it is 1.
  let a = x.magnitude
  let m = ReducedExponential(-2 * a.replacing(with: 22, where: a .> 22)).minusOne
  let denominator = 2 + m.value
  let quotient = m.value / denominator
  // The remainder of the division of the exact m by the exact 2 + m, times 1 / (2 + m), which is
  // (1 − quotient) / 2.
  let remainder = m.value.addingProduct(-quotient, denominator)
    .addingProduct(quotient, (denominator - 2) - m.value)
    .addingProduct(quotient - 1, m.error)
  let result = quotient.addingProduct(
    remainder, Lanes(repeating: 0.5).addingProduct(quotient, Lanes(repeating: -0.5)))
  return Lanes(bits: result.magnitude.bits | (x.bits & signBit))
}

/// The hyperbolic tangent for `Float`.
@inline(__always)
private func floatHyperbolicTangent(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // From 9.1 on, tanh x rounds to 1. Up to there, x times a ratio of polynomials in x² is accurate
  // to 2⁻²⁹.
  let bounded = x.replacing(with: 9.1, where: x .> 9.1)
  let a = bounded.replacing(with: -9.1, where: bounded .< -9.1)
  let square = a * a
  let numerator = (square + 624.85958279802565)
    .times(square, plus: 79466.855549740004)
    .times(square, plus: 2735524.8205028999)
    .times(square, plus: 19849348.745635886)
  let denominator = Lanes(repeating: 0.014484915342331663)
    .times(square, plus: 31.938371037246905)
    .times(square, plus: 8333.4485415691266)
    .times(square, plus: 550212.08461796667)
    .times(square, plus: 9351974.20594663)
    .times(square, plus: 19849348.766570224)
  return (a * numerator) / denominator
}

// MARK: - Logarithms

/// A positive, finite, normal number 2ᵏ·m with √½ ≤ m < √2.
private struct Decomposition {
  /// k + 1023, as an integer.
  var biasedExponent: SIMD8<UInt64>
  var m: SIMD8<Double>

  @inline(__always)
  init(_ x: SIMD8<Double>) {
    let rootHalf: UInt64 = 0x3fe6_a09e_667f_3bcd
    let shifted = x.bits &+ (0x3ff0_0000_0000_0000 - rootHalf)
    biasedExponent = shifted &>> 52
    m = SIMD8<Double>(bits: (shifted & 0x000f_ffff_ffff_ffff) &+ rootHalf)
  }

  /// k as a floating-point number: its bits are put below those of 2⁵².
  @inline(__always)
  var k: SIMD8<Double> {
    SIMD8<Double>(bits: biasedExponent | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
  }
}

/// log(2ᵏ·(1 + f)), where √½ ≤ 1 + f < √2.
@inline(__always)
private func logarithm(
  exponent k: SIMD8<Double>, fraction f: SIMD8<Double>, forFloat: Bool
) -> SIMD8<Double> {
  // From s = f / (2 + f) comes log(1 + f) = 2 artanh s = 2s + s³·(2/3 + …).
  let s = f / (2 + f)
  let z = s * s
  if forFloat {
    let series = Lanes(repeating: 0.29580985929974424)
      .times(z, plus: 0.39988757716604845)
      .times(z, plus: 0.6666668509542907)
    return (k * 0x1.62e42fefa39efp-1)
      .addingProduct(s, Lanes(repeating: 2))
      .addingProduct(s * z, series)
  }
  let series = Lanes(repeating: 0.14617807153417325)
    .times(z, plus: 0.15331611722055008)
    .times(z, plus: 0.1818289243253687)
    .times(z, plus: 0.22222211089379496)
    .times(z, plus: 0.28571428626253836)
    .times(z, plus: 0.3999999999989889)
    .times(z, plus: 0.666666666666667)
  // It equals f − s·(f − s²·(2/3 + …)), in which only small terms are rounded before the last sum.
  // The first part of ln 2 has 42 bits: its product with k is exact.
  let small = (k * -0x1.ef35793c7673p-45).addingProduct(s, f - z * series)
  return (f - small).addingProduct(k, Lanes(repeating: 0x1.62e42fefa38p-1))
}

@inline(__always)
private func logarithm(_ x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  var parts = Decomposition(x)
  var k = parts.k
  if !forFloat {
    // Every positive `Float` is a normal `Double`.
    let isSubnormal = x .< .leastNormalMagnitude
    parts = Decomposition(x.or(x * 0x1p54, where: isSubnormal))
    k = parts.k - Lanes.zero.or(54, where: isSubnormal)
  }
  return logarithm(exponent: k, fraction: parts.m - 1, forFloat: forFloat)
    .or(x, where: .!(x .< .infinity))
    .or(-.infinity, where: x .== 0)
    .or(.nan, where: x .< 0)
}

@inline(__always)
private func logarithm(onePlus x: SIMD8<Double>, forFloat: Bool) -> SIMD8<Double> {
  let sum = x + 1
  // Its rounding error, exactly (Knuth's two-sum).
  let part = sum - 1
  let error = (x - part) + (1 - (sum - part))
  let parts = Decomposition(sum)
  // 2⁻ᵏ, but 0 where x is so large that the error does not matter.
  let scale = Lanes(bits: (2046 &- parts.biasedExponent) &<< 52).or(0, where: x .> 0x1p100)
  let fraction = (parts.m - 1).addingProduct(error, scale)
  return logarithm(exponent: parts.k, fraction: fraction, forFloat: forFloat)
    .or(x, where: .!(x .< .infinity))
    .or(x, where: x .== 0)
    .or(-.infinity, where: x .== -1)
    .or(.nan, where: x .< -1)
}

/// Replaces x by log x.
@inline(never)
func formLogarithm(_ x: inout SIMD8<Double>) { x = logarithm(x, forFloat: false) }

// MARK: - Sine and cosine

/// An angle: `quadrant` quarter turns plus high + low, where |high| ≤ π/4.
private struct ReducedAngle {
  /// Only its last two bits count.
  var quadrant: SIMD8<UInt64>
  var high, low: SIMD8<Double>

  /// Cody and Waite's reduction of x ≥ 0. It is not exact enough where `isInexact` is set.
  @inline(__always)
  init(_ x: SIMD8<Double>) {
    // π/2 in two parts. The first has 35 bits, so that its product with n < 2¹⁸ is exact, as is the
    // difference; the rest is accurate to 2⁻⁷⁵.
    let shifted = Lanes(repeating: roundingShift)
      .addingProduct(x, Lanes(repeating: 0x1.45f306dc9c883p-1))
    let minusN = roundingShift - shifted
    let rest = Lanes(repeating: 0x1.68c234c4c6629p-39)
    let near = x.addingProduct(minusN, Lanes(repeating: 0x1.921fb5444p0))
    quadrant = shifted.bits
    high = near.addingProduct(minusN, rest)
    low = (near - high).addingProduct(minusN, rest)
  }

  /// An exact number of quarter turns; |`fraction`| ≤ ½.
  @inline(__always)
  init(quadrant: SIMD8<UInt64>, fraction: SIMD8<Double>, error: SIMD8<Double>) {
    let (halfPi, rest) = (Lanes(repeating: 0x1.921fb54442d18p0), 0x1.1a62633145c07p-54)
    self.quadrant = quadrant
    high = fraction * halfPi
    low =
      (fraction * rest).addingProduct(error, halfPi)
      + (-high).addingProduct(fraction, halfPi)
  }

  /// Large angles, and those very near to a multiple of π/2.
  @inline(__always)
  func isInexact(for x: SIMD8<Double>) -> SIMDMask<SIMD8<Int64>> {
    (x .> 0x1p18) .| ((high.magnitude .< 0x1p-18) .& (x .> 0.5))
  }

  /// sin(high + low)
  @inline(__always)
  private var sine: SIMD8<Double> {
    let z = high * high
    let series = Lanes(repeating: 1.591810123027412e-10)
      .times(z, plus: -2.5051131455427946e-08)
      .times(z, plus: 2.755731610068303e-06)
      .times(z, plus: -0.0001984126983675497)
      .times(z, plus: 0.008333333333330946)
      .times(z, plus: -0.16666666666666666)
    let slope = Lanes(repeating: 1).addingProduct(z, Lanes(repeating: -0.5))
    return high + (low * slope).addingProduct(z * high, series)
  }

  /// cos(high + low)
  @inline(__always)
  private var cosine: SIMD8<Double> {
    let z = high * high
    let series = Lanes(repeating: -1.1382614868556325e-11)
      .times(z, plus: 2.0876146024689747e-09)
      .times(z, plus: -2.7557317270560326e-07)
      .times(z, plus: 2.4801587298763433e-05)
      .times(z, plus: -0.0013888888888887395)
      .times(z, plus: 0.041666666666666664)
    let half = z * 0.5
    let near = 1 - half
    let rest = ((1 - near) - half).addingProduct(high, -low)
    return near + rest.addingProduct(z * z, series)
  }

  /// The sine of the whole angle, advanced by `quarters` quarter turns.
  @inline(__always)
  func sine(advancedBy quarters: UInt64) -> SIMD8<Double> {
    let q = quadrant &+ quarters
    let value = sine.or(cosine, where: 0 &- (q & 1))
    return SIMD8<Double>(bits: value.bits ^ ((q & 2) &<< 62))
  }
}

/// The sine of x ≥ 0, advanced by `quarters` quarter turns.
@inline(__always)
private func sine(_ x: SIMD8<Double>, advancedBy quarters: UInt64) -> SIMD8<Double> {
  let angle = ReducedAngle(x)
  var result = angle.sine(advancedBy: quarters)
  let isInexact = angle.isInexact(for: x)
  if any(isInexact) {
    for lane in 0..<8 where isInexact[lane] {
      result[lane] = exactSine(x[lane], advancedBy: quarters)
    }
  }
  return result
}

/// The sine of any x ≥ 1, advanced by `quarters` quarter turns, with Payne and Hanek's reduction.
@inline(never)
private func exactSine(_ x: Double, advancedBy quarters: UInt64) -> Double {
  guard x.isFinite else { return .nan }
  // x = m·2ᵉ. The bits of 2/π that give multiples of 4 quarter turns can be left out. 192 bits,
  // from bit e − 1 after the point on, are enough: the last unit of their product with m is 2⁻¹⁹⁰.
  let m = UInt128(x.significandBitPattern | (1 << 52))
  let start = Int(x.exponent) - 52 - 2 + 64
  func word(_ index: Int) -> UInt128 {
    let (i, shift) = (start / 64 + index, start % 64)
    return UInt128(twoOverPi[i] << shift | twoOverPi[i + 1] >> (64 - shift))
  }
  // The product without its last word: two bits before the point, 126 after it.
  let quarterTurns = m &* (word(0) << 64 | word(1)) &+ (m * word(2)) >> 64
  // The distance to the nearest quarter turn is a signed fraction, in units of 2⁻¹²⁷.
  let fraction = Int128(truncatingIfNeeded: quarterTurns << 2) >> 1
  let quadrant = UInt64(truncatingIfNeeded: quarterTurns >> 126) &+ (fraction < 0 ? 1 : 0)
  let high = Double(fraction)
  let low = Double(fraction - Int128(high))
  let angle = ReducedAngle(
    quadrant: Bits(repeating: quadrant), fraction: Lanes(repeating: high * 0x1p-127),
    error: Lanes(repeating: low * 0x1p-127))
  return angle.sine(advancedBy: quarters)[0]
}

/// The binary digits of 2/π: 64 before the point (none is set), then those after it.
private let twoOverPi: [UInt64] = [
  0x0000_0000_0000_0000,
  0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
  0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484,
  0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
  0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d, 0x7527_bac7_ebe5_f17b,
  0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab, 0xf0cf_bc20_9af4_361d,
]

@inline(__always)
private func sine(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let sign = x.bits & signBit
  return Lanes(bits: sine(x.magnitude, advancedBy: 0).bits ^ sign)
}

@inline(__always)
private func cosine(_ x: SIMD8<Double>) -> SIMD8<Double> { sine(x.magnitude, advancedBy: 1) }

/// sin 2πu and cos 2πu, for |u| < 2⁴⁸.
@inline(never)
func formSineAndCosine(
  ofTurns u: SIMD8<Double>, sine: inout SIMD8<Double>, cosine: inout SIMD8<Double>
) {
  let quarters = 4 * u
  let shifted = quarters + roundingShift
  let angle = ReducedAngle(
    quadrant: shifted.bits, fraction: quarters - (shifted - roundingShift), error: .zero)
  sine = angle.sine(advancedBy: 0)
  cosine = angle.sine(advancedBy: 1)
}

// MARK: - The normal distribution

@inline(__always)
private func errorFunction(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // From 6 on the result is 1.
  let a = x.magnitude.replacing(with: 6, where: x.magnitude .> 6)
  let z = a * a

  // Up to 1, erf a = a + a·series(a²).
  let series = Lanes(repeating: 5.957176147748911e-11)
    .times(z, plus: -1.1372848856791674e-09)
    .times(z, plus: 1.4659775274047436e-08)
    .times(z, plus: -1.6350312701054695e-07)
    .times(z, plus: 1.6461000484121368e-06)
    .times(z, plus: -1.4925595266831182e-05)
    .times(z, plus: 0.0001205533111164271)
    .times(z, plus: -0.000854832698083379)
    .times(z, plus: 0.0052239776248180145)
    .times(z, plus: -0.026866170645076792)
    .times(z, plus: 0.11283791670954879)
    .times(z, plus: -0.3761263890318375)
    .times(z, plus: 0.1283791670955126)
  let inner = a.addingProduct(a, series)

  // Beyond, erf a = 1 − exp(−a²)·scaledComplement, a polynomial in 1 / (a + 3).
  let t = 1 / (a + 3) - 0.18
  let scaledComplement = Lanes(repeating: 100303.4158562571)
    .times(t, plus: -7701.675821550118)
    .times(t, plus: -20389.64544332437)
    .times(t, plus: 1592.5132832396475)
    .times(t, plus: 4337.989031163658)
    .times(t, plus: 96.38976109919275)
    .times(t, plus: -1025.0366644166197)
    .times(t, plus: -306.86724456278955)
    .times(t, plus: 175.6331028300411)
    .times(t, plus: 204.73636799765038)
    .times(t, plus: 106.036470435658)
    .times(t, plus: 37.72498650435295)
    .times(t, plus: 10.242397946199025)
    .times(t, plus: 2.2113854643084956)
    .times(t, plus: 0.20675157614059253)
  let outer = Lanes(repeating: 1)
    .addingProduct(exponential(-z), -scaledComplement)

  return Lanes(bits: inner.or(outer, where: a .> 1).bits | (x.bits & signBit))
}

@inline(__always)
private func normalQuantile(_ p: SIMD8<Double>) -> SIMD8<Double> {
  // In w = −log(4p(1 − p)) the ratio Φ⁻¹(p) / (p − ½) is smooth (M. Giles, "Approximating the erfinv
  // function", GPU Computing Gems, 2011): a polynomial up to w = 5.
  let product = p.addingProduct(-p, p)
  let w = -logarithm(4 * product, forFloat: false)
  let square = w * w
  let even = Lanes(repeating: 1.120057651653352e-17)
    .times(square, plus: 4.551029483431354e-15)
    .times(square, plus: 3.080050104425577e-13)
    .times(square, plus: 3.745267159843938e-12)
    .times(square, plus: 6.118237072213923e-11)
    .times(square, plus: -1.4238991191563471e-09)
    .times(square, plus: 6.451845176321653e-08)
    .times(square, plus: -2.8639236274462856e-06)
    .times(square, plus: 0.00013183706297251982)
    .times(square, plus: -0.006604664822178354)
    .times(square, plus: 0.6562337477384341)
  let odd = Lanes(repeating: -1.9489976470653483e-19)
    .times(square, plus: -2.927578688882171e-16)
    .times(square, plus: -4.598124417334335e-14)
    .times(square, plus: -1.3350718621484732e-12)
    .times(square, plus: -1.1384106258235894e-11)
    .times(square, plus: -9.045778083662973e-11)
    .times(square, plus: 2.0728109324402157e-09)
    .times(square, plus: -1.0551599680512438e-07)
    .times(square, plus: 5.713387552646309e-06)
    .times(square, plus: -0.0003621611266539241)
    .times(square, plus: 0.03266647229401791)
  // The ratio is √2π + slope. Its rounding error is carried along, as is that of p − ½.
  let rootTwoPi = 2.5066282746310007
  let slope = w * even.addingProduct(w, odd)
  let ratio = slope + rootTwoPi
  let ratioError = slope - (ratio - rootTwoPi) - 1.8328579980459167e-16
  let q = p - 0.5
  let qError = p - (q + 0.5)
  let central = (q * ratioError).addingProduct(qError, ratio).addingProduct(q, ratio)
  let isTail = w .> 5
  guard any(isTail) else { return central }
  var tail = p
  formNormalQuantile(ofTail: &tail)
  return central.or(tail, where: isTail)
}

/// Φ⁻¹(p) where 4p(1 − p) < e⁻⁵.
@inline(never)
private func formNormalQuantile(ofTail p: inout SIMD8<Double>) {
  let isUpper = p .> 0.5
  let tail = p.or(1 - p, where: isUpper)
  // With r² = −2 log p, the asymptotic series of −Φ⁻¹(p) begins r − (log r + log √2π) / r; hence
  // r·(r + Φ⁻¹(p)) varies slowly, and is a polynomial in log r².
  var logarithm = tail
  formLogarithm(&logarithm)
  let square = -2 * logarithm
  logarithm = square
  formLogarithm(&logarithm)
  let t = logarithm - 5.1
  let correction = Lanes(repeating: -9.247344330389529e-19)
    .times(t, plus: -5.418563186968423e-18)
    .times(t, plus: 5.220671064804259e-17)
    .times(t, plus: 1.1879070329052355e-16)
    .times(t, plus: -1.5984611629187849e-15)
    .times(t, plus: 3.3862318004028727e-15)
    .times(t, plus: 1.4519424560653363e-14)
    .times(t, plus: -1.676973375837518e-13)
    .times(t, plus: 7.552284265565348e-13)
    .times(t, plus: -2.3569991389193297e-13)
    .times(t, plus: -2.1525364599353308e-11)
    .times(t, plus: 1.5534072587227486e-10)
    .times(t, plus: -3.843854130827137e-10)
    .times(t, plus: -2.211870633933552e-09)
    .times(t, plus: 2.3843735244975633e-08)
    .times(t, plus: -5.833101581372206e-08)
    .times(t, plus: -3.083735810025926e-07)
    .times(t, plus: -4.419598404028114e-07)
    .times(t, plus: 6.247241745343831e-05)
    .times(t, plus: -0.000721169215878238)
    .times(t, plus: 0.00432152645221719)
    .times(t, plus: 0.4855044222544609)
    .times(t, plus: 3.4908399396583047)
  let r = square.squareRoot()
  // The error of r² gives that of r, if it is divided by 2r.
  let rootError = square.addingProduct(-r, r)
  let magnitude = (r - correction.addingProduct(rootError, Lanes(repeating: -0.5)) / r)
    .or(.infinity, where: tail .== 0)
  p = (-magnitude).or(magnitude, where: isUpper)
}

// MARK: - Arrays

/// Applies `body` to eight numbers at a time; `count` is a multiple of eight.
@inline(__always)
private func forEachEight<Element: SIMDScalar>(
  _ source: UnsafePointer<Element>, into destination: UnsafeMutablePointer<Element>, count: Int,
  _ body: (inout SIMD8<Element>) -> Void
) {
  var i = 0
  while i < count {
    var x = unsafe UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Element>.self)
    body(&x)
    unsafe UnsafeMutableRawPointer(destination + i).storeBytes(of: x, as: SIMD8<Element>.self)
    i &+= 8
  }
}

/// Applies `function` to `count` numbers, a multiple of eight.
func mapEights(
  _ function: ElementaryFunction, _ source: UnsafePointer<Double>,
  into destination: UnsafeMutablePointer<Double>, count: Int
) {
  @inline(__always)
  func map(_ body: (inout SIMD8<Double>) -> Void) {
    unsafe forEachEight(source, into: destination, count: count, body)
  }
  switch function {
  case .exp: map { $0 = exponential($0) }
  case .log: map { $0 = logarithm($0, forFloat: false) }
  case .log1p: map { $0 = logarithm(onePlus: $0, forFloat: false) }
  case .tanh: map { $0 = hyperbolicTangent($0) }
  case .sigmoid: map { $0 = sigmoid($0) }
  case .softplus: map { $0 = softplus($0, forFloat: false) }
  case .sin: map { $0 = sine($0) }
  case .cos: map { $0 = cosine($0) }
  case .erf: map { $0 = errorFunction($0) }
  case .normalQuantile: map { $0 = normalQuantile($0) }
  }
}

/// Applies `function` to `count` numbers, a multiple of eight.
func mapEights(
  _ function: ElementaryFunction, _ source: UnsafePointer<Float>,
  into destination: UnsafeMutablePointer<Float>, count: Int
) {
  @inline(__always)
  func map(_ body: (inout SIMD8<Double>) -> Void) {
    unsafe forEachEight(source, into: destination, count: count) {
      var x = SIMD8<Double>($0)
      body(&x)
      $0 = SIMD8<Float>(x)
    }
  }
  switch function {
  case .exp: map { $0 = floatExponential($0) }
  case .log: map { $0 = logarithm($0, forFloat: true) }
  case .log1p: map { $0 = logarithm(onePlus: $0, forFloat: true) }
  case .tanh: map { $0 = floatHyperbolicTangent($0) }
  case .sigmoid: map { $0 = floatSigmoid($0) }
  case .softplus: map { $0 = softplus($0, forFloat: true) }
  case .sin: map { $0 = sine($0) }
  case .cos: map { $0 = cosine($0) }
  case .erf: map { $0 = errorFunction($0) }
  case .normalQuantile: map { $0 = normalQuantile($0) }
  }
}
