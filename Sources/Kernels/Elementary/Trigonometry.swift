// The sine and the cosine in eight lanes.

private typealias Lanes = SIMD8<Double>

extension SIMD8<Double> {
  @inline(always)
  fileprivate func times(_ x: Self, plus coefficient: Double) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  @inline(always)
  fileprivate var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

  @inline(always)
  fileprivate init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Self.self) }
}

/// An angle quadrant·π/2 + high + low, where |high| ≤ π/4 and low is the error of high.
private struct ReducedAngle {
  var quadrant: SIMD8<UInt64>
  var high: SIMD8<Double>
  var low: SIMD8<Double>

  @inline(always)
  init(quadrant: SIMD8<UInt64>, high: SIMD8<Double>, low: SIMD8<Double>) {
    (self.quadrant, self.high, self.low) = (quadrant, high, low)
  }

  /// For x ≥ 0 or NaN.
  @inline(always)
  init(_ x: SIMD8<Double>) {
    // Cody and Waite's reduction: π/2 in two parts. The first has 35 bits, so that its product
    // with n < 2¹⁸ is exact, as is the difference; the rest is right to 2⁻⁷⁵.
    let rounding = 0x1.8p52
    let shifted = Lanes(repeating: rounding).addingProduct(
      x, Lanes(repeating: 0x1.45f306dc9c883p-1))
    let n = shifted - rounding
    let near = x.addingProduct(n, Lanes(repeating: -0x1.921fb5444p0))
    let part = Lanes(repeating: -0x1.68c234c4c6629p-39)
    quadrant = shifted.bits
    high = near.addingProduct(n, part)
    low = (near - high).addingProduct(n, part)
  }

  /// Cody and Waite's reduction is not enough for large angles, nor very near to multiples of π/2.
  @inline(always)
  func isInexact(for x: SIMD8<Double>) -> SIMDMask<SIMD8<Int64>> {
    let isClose = Lanes(bits: high.bits & 0x7fff_ffff_ffff_ffff) .< 0x1p-18
    return (x .> 0x1p18) .| (isClose .& (x .> 0.5))
  }

  /// sin(high + low)
  @inline(always)
  var sine: SIMD8<Double> {
    let z = high * high
    let z2 = z * z
    let even = Lanes(repeating: -2.5051131455427946e-08)
      .times(z2, plus: -0.0001984126983675497)
      .times(z2, plus: -0.16666666666666666)
    let odd = Lanes(repeating: 1.591810123027412e-10)
      .times(z2, plus: 2.755731610068303e-06)
      .times(z2, plus: 0.008333333333330946)
    let series = even.addingProduct(z, odd)
    let slope = Lanes(repeating: 1).addingProduct(z, Lanes(repeating: -0.5))
    return high + (low * slope).addingProduct(z * high, series)
  }

  /// cos(high + low)
  @inline(always)
  var cosine: SIMD8<Double> {
    let z = high * high
    let z2 = z * z
    let even = Lanes(repeating: 2.0876146024689747e-09)
      .times(z2, plus: 2.4801587298763433e-05)
      .times(z2, plus: 0.041666666666666664)
    let odd = Lanes(repeating: -1.1382614868556325e-11)
      .times(z2, plus: -2.7557317270560326e-07)
      .times(z2, plus: -0.0013888888888887395)
    let series = even.addingProduct(z, odd)
    let half = z * 0.5
    let near = 1 - half
    let rest = ((1 - near) - half).addingProduct(high, -low)
    return near + rest.addingProduct(z * z, series)
  }

  /// The sine of the whole angle, `quarters` quarter turns further on.
  @inline(always)
  func sine(advancedBy quarters: UInt64) -> SIMD8<Double> {
    let q = quadrant &+ quarters
    let (sine, cosine) = (sine.bits, cosine.bits)
    // All bits are set where q is odd.
    let mask = 0 &- (q & 1)
    let value = sine ^ ((sine ^ cosine) & mask)
    return SIMD8<Double>(bits: value ^ ((q & 2) &<< 62))
  }
}

/// Payne and Hanek's reduction of any x ≥ 1.
private func reduceExactly(_ x: Double) -> ReducedAngle {
  guard x.isFinite else { return ReducedAngle(Lanes(repeating: .nan)) }
  // x = m·2ᵉ. The bits of 2/π that give multiples of 4 quarter turns can be left out: 192 bits from
  // number e − 2 on are enough, and the last unit of their product with m is 2⁻¹⁹⁰.
  let m = x.significandBitPattern | (1 << 52)
  let start = Int(x.exponent) - 52 - 2 + 64
  func word(_ index: Int) -> UInt64 {
    let (i, shift) = (start / 64 + index, start % 64)
    return twoOverPi[i] << shift | twoOverPi[i + 1] >> (64 - shift)
  }
  // The product without its last word: two bits before the point, 126 after it.
  let quarterTurns =
    UInt128(m) &* (UInt128(word(0)) << 64 | UInt128(word(1)))
    &+ UInt128(m.multipliedFullWidth(by: word(2)).high)
  // To the nearest quarter turn remains a signed fraction, in units of 2⁻¹²⁷.
  let fraction = Int128(truncatingIfNeeded: quarterTurns << 2) >> 1
  let quadrant = UInt64(truncatingIfNeeded: quarterTurns >> 126) &+ (fraction < 0 ? 1 : 0)
  let high = Double(fraction)
  let low = Double(fraction - Int128(high))
  let angle = high * halfPi
  let error = (-angle).addingProduct(high, halfPi) + (high * halfPiRest + low * halfPi)
  return ReducedAngle(
    quadrant: SIMD8(repeating: quadrant), high: Lanes(repeating: angle * 0x1p-127),
    low: Lanes(repeating: error * 0x1p-127))
}

private let halfPi = 0x1.921fb54442d18p0
private let halfPiRest = 0x1.1a62633145c07p-54

/// The binary digits of 2/π: 64 before the point (none is set), then those after it.
private let twoOverPi: [UInt64] = [
  0x0000_0000_0000_0000,
  0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
  0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484,
  0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
  0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d, 0x7527_bac7_ebe5_f17b,
  0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab, 0xf0cf_bc20_9af4_361d,
]

/// The sine of x ≥ 0, advanced by `quarters` quarter turns.
@inline(always)
private func sine(_ x: SIMD8<Double>, advancedBy quarters: UInt64) -> SIMD8<Double> {
  let angle = ReducedAngle(x)
  let value = angle.sine(advancedBy: quarters)
  let isInexact = angle.isInexact(for: x)
  guard any(isInexact) else { return value }
  return exactSine(x, advancedBy: quarters, where: isInexact, else: value)
}

@inline(never)
private func exactSine(
  _ x: SIMD8<Double>, advancedBy quarters: UInt64, where mask: SIMDMask<SIMD8<Int64>>,
  else value: SIMD8<Double>
) -> SIMD8<Double> {
  var result = value
  for lane in 0..<8 where mask[lane] {
    result[lane] = reduceExactly(x[lane]).sine(advancedBy: quarters)[0]
  }
  return result
}

/// sin x.
func formSine(_ x: inout SIMD8<Double>) {
  let sign = x.bits & 0x8000_0000_0000_0000
  x = Lanes(bits: sine(Lanes(bits: x.bits ^ sign), advancedBy: 0).bits ^ sign)
}

/// cos x.
func formCosine(_ x: inout SIMD8<Double>) {
  x = sine(Lanes(bits: x.bits & 0x7fff_ffff_ffff_ffff), advancedBy: 1)
}

/// sin 2πu and cos 2πu, for |u| ≤ 2⁴⁸.
func formSineAndCosine(
  ofTurns u: SIMD8<Double>, sine: inout SIMD8<Double>, cosine: inout SIMD8<Double>
) {
  let quarters = u * 4
  let shifted = quarters + 0x1.8p52
  let fraction = quarters - (shifted - 0x1.8p52)
  let high = fraction * halfPi
  let low = (fraction * halfPiRest) + (-high).addingProduct(fraction, Lanes(repeating: halfPi))
  let angle = ReducedAngle(quadrant: shifted.bits, high: high, low: low)
  sine = angle.sine(advancedBy: 0)
  cosine = angle.sine(advancedBy: 1)
}

/// Whether any lane is set. (The standard library's `any` is slow.)
@inline(always)
private func any(_ mask: SIMDMask<SIMD8<Int64>>) -> Bool {
  let lanes = unsafeBitCast(mask, to: SIMD8<UInt64>.self)
  let four = lanes.lowHalf | lanes.highHalf
  let two = four.lowHalf | four.highHalf
  return two.x | two.y != 0
}
