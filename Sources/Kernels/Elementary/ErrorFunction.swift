// The error function in eight lanes.

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

/// erf x.
func formErrorFunction(_ x: inout SIMD8<Double>) {
  let sign = x.bits & 0x8000_0000_0000_0000
  let magnitude = Lanes(bits: x.bits ^ sign)
  // From 6 on the result is 1.
  let a = magnitude.or(6, where: magnitude .> 6)
  let z = a * a
  let z2 = z * z

  // Up to 1, erf a = a + a·series(a²).
  let evenX = Lanes(repeating: 5.957176147748911e-11)
    .times(z2, plus: 1.4659775274047436e-08)
    .times(z2, plus: 1.6461000484121368e-06)
    .times(z2, plus: 0.0001205533111164271)
    .times(z2, plus: 0.0052239776248180145)
    .times(z2, plus: 0.11283791670954879)
    .times(z2, plus: 0.1283791670955126)
  let oddX = Lanes(repeating: -1.1372848856791674e-09)
    .times(z2, plus: -1.6350312701054695e-07)
    .times(z2, plus: -1.4925595266831182e-05)
    .times(z2, plus: -0.000854832698083379)
    .times(z2, plus: -0.026866170645076792)
    .times(z2, plus: -0.3761263890318375)
  let series = evenX.addingProduct(z, oddX)
  let inner = a.addingProduct(a, series)

  // Beyond, erf a = 1 − exp(−a²)·erfcx(a), with erfcx a polynomial in 1 / (a + 3).
  let t = 1 / (a + 3) - 0.18
  let t2 = t * t
  let even = Lanes(repeating: 100303.4158562571)
    .times(t2, plus: -20389.64544332437)
    .times(t2, plus: 4337.989031163658)
    .times(t2, plus: -1025.0366644166197)
    .times(t2, plus: 175.6331028300411)
    .times(t2, plus: 106.036470435658)
    .times(t2, plus: 10.242397946199025)
    .times(t2, plus: 0.20675157614059253)
  let odd = Lanes(repeating: -7701.675821550118)
    .times(t2, plus: 1592.5132832396475)
    .times(t2, plus: 96.38976109919275)
    .times(t2, plus: -306.86724456278955)
    .times(t2, plus: 204.73636799765038)
    .times(t2, plus: 37.72498650435295)
    .times(t2, plus: 2.2113854643084956)
  let scaledComplement = even.addingProduct(t, odd)
  var decay = -z
  formExponential(&decay)
  let outer = Lanes(repeating: 1).addingProduct(decay, -scaledComplement)

  x = Lanes(bits: inner.or(outer, where: a .> 1).bits | sign)
}
