// The natural logarithms of x and of 1 + x in eight lanes.

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

/// log(2ᵏ·(1 + f)), where √½ ≤ 1 + f < √2.
@inline(always)
private func logarithm(exponent k: SIMD8<Double>, fraction f: SIMD8<Double>) -> SIMD8<Double> {
  // From s = f / (2 + f) comes log(1 + f) = 2 artanh(s) = f − s·(f − s²·(2/3 + …)), in which only
  // small terms are rounded before the last sum.
  let s = f / (2 + f)
  let z = s * s
  let square = z * z
  let even = Lanes(repeating: 0.14617807153417325)
    .times(square, plus: 0.1818289243253687)
    .times(square, plus: 0.28571428626253836)
    .times(square, plus: 0.666666666666667)
  let odd = Lanes(repeating: 0.15331611722055008)
    .times(square, plus: 0.22222211089379496)
    .times(square, plus: 0.3999999999989889)
  let series = even.addingProduct(z, odd)
  let small = (k * -0x1.ef35793c7673p-45).addingProduct(s, f - z * series)
  // The first part of ln 2 has 42 bits: its product with k is exact.
  return (f - small).addingProduct(k, Lanes(repeating: 0x1.62e42fefa38p-1))
}

/// A positive, finite, normal number 2ᵏ·m with √½ ≤ m < √2.
private struct Decomposition {
  /// k + 1023, as an integer.
  var biasedExponent: SIMD8<UInt64>
  var m: SIMD8<Double>

  @inline(always)
  init(_ x: SIMD8<Double>) {
    let rootHalf: UInt64 = 0x3fe6_a09e_667f_3bcd
    let shifted = x.bits &+ (0x3ff0_0000_0000_0000 - rootHalf)
    biasedExponent = shifted &>> 52
    m = SIMD8<Double>(bits: (shifted & 0x000f_ffff_ffff_ffff) &+ rootHalf)
  }

  /// k as a floating-point number: its bits are put below those of 2⁵².
  @inline(always)
  var k: SIMD8<Double> {
    SIMD8<Double>(bits: biasedExponent | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
  }
}

/// log x.
func formLogarithm(_ x: inout SIMD8<Double>) {
  let isSubnormal = x .< .leastNormalMagnitude
  let parts = Decomposition(x.or(x * 0x1p54, where: isSubnormal))
  let k = parts.k - Lanes.zero.or(54, where: isSubnormal)
  x = logarithm(exponent: k, fraction: parts.m - 1)
    .or(x, where: .!(x .< .infinity))
    .or(-.infinity, where: x .== 0)
    .or(.nan, where: x .< 0)
}

/// log(1 + x).
func formLogarithm(onePlus x: inout SIMD8<Double>) {
  let u = x + 1
  // The rounding error of that sum, exactly (Knuth's two-sum).
  let xRounded = u - 1
  let c = (x - xRounded) + (1 - (u - xRounded))
  let parts = Decomposition(u)
  // 2⁻ᵏ; for large k the error does not matter, and 2⁻¹⁰²⁴ would not be normal.
  let scale = Lanes(bits: (2046 &- parts.biasedExponent) &<< 52)
    .or(0, where: x .> 0x1p100)
  x = logarithm(exponent: parts.k, fraction: (parts.m - 1).addingProduct(c, scale))
    .or(x, where: (.!(x .< .infinity)) .| (x .== 0))
    .or(-.infinity, where: x .== -1)
    .or(.nan, where: x .< -1)
}
