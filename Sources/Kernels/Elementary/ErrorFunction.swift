// The error function in eight lanes.

private typealias Lanes = SIMD8<Double>

extension SIMD8<Double> {
  @inline(__always)
  fileprivate func times(_ x: Self, plus coefficient: Double) -> Self {
    Self(repeating: coefficient).addingProduct(self, x)
  }

  @inline(__always)
  fileprivate var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

  @inline(__always)
  fileprivate init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Self.self) }
}

/// erf x.
func errorFunction(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let sign = x.bits & 0x8000_0000_0000_0000
  let magnitude = Lanes(bits: x.bits ^ sign)
  // From 6 on the result is 1.
  let a = magnitude.replacing(with: 6, where: magnitude .> 6)
  let square = a * a

  // Up to 1, erf a = a + a·series(a²).
  let series = Lanes(repeating: 5.957176147748911e-11)
    .times(square, plus: -1.1372848856791674e-09)
    .times(square, plus: 1.4659775274047436e-08)
    .times(square, plus: -1.6350312701054695e-07)
    .times(square, plus: 1.6461000484121368e-06)
    .times(square, plus: -1.4925595266831182e-05)
    .times(square, plus: 0.0001205533111164271)
    .times(square, plus: -0.000854832698083379)
    .times(square, plus: 0.0052239776248180145)
    .times(square, plus: -0.026866170645076792)
    .times(square, plus: 0.11283791670954879)
    .times(square, plus: -0.3761263890318375)
    .times(square, plus: 0.1283791670955126)
  let inner = a.addingProduct(a, series)

  // Beyond, erf a = 1 − exp(−a²)·erfcx(a), with erfcx a polynomial in 1 / (a + 3).
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
  let outer = Lanes(repeating: 1).addingProduct(exponential(-square), -scaledComplement)

  return Lanes(bits: inner.replacing(with: outer, where: a .> 1).bits | sign)
}
