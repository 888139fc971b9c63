// The quantile function of the standard normal distribution in eight lanes.

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

/// Φ⁻¹(p).
func formNormalQuantile(_ p: inout SIMD8<Double>) {
  // As in M. Giles, "Approximating the erfinv function" (GPU Computing Gems, 2011), with
  // w = −log(4p(1 − p)) the ratio Φ⁻¹(p) / (p − ½) is smooth: a polynomial up to w = 5.
  let product = p.addingProduct(-p, p)
  var negativeW = 4 * product
  formLogarithm(&negativeW)
  let t = -2.5 - negativeW
  let t2 = t * t
  let even = Lanes(repeating: 7.17912467077823e-18)
    .times(t2, plus: -2.8674837980832836e-16)
    .times(t2, plus: -8.986132416503632e-15)
    .times(t2, plus: 1.5193689225134805e-12)
    .times(t2, plus: -8.79865971378387e-11)
    .times(t2, plus: 2.5662737453922152e-09)
    .times(t2, plus: 3.7948409402607516e-08)
    .times(t2, plus: -9.663659508763861e-06)
    .times(t2, plus: 0.0006173049676404704)
    .times(t2, plus: -0.011815238760327586)
    .times(t2, plus: 4.24662693402934)
  let odd = Lanes(repeating: 4.653718612478276e-19)
    .times(t2, plus: -7.536527585001476e-17)
    .times(t2, plus: 5.3574528773849795e-15)
    .times(t2, plus: -2.1526102514307485e-13)
    .times(t2, plus: 2.578017924837028e-12)
    .times(t2, plus: 3.3830050821645054e-10)
    .times(t2, plus: -3.0720026481823695e-08)
    .times(t2, plus: 1.3540393952818214e-06)
    .times(t2, plus: -1.4131047055994037e-05)
    .times(t2, plus: -0.0035431930258364177)
    .times(t2, plus: 0.6976040487981089)
  let ratio = even.addingProduct(t, odd)
  let central = (p - 0.5) * ratio
  let isTail = negativeW .< -5
  if any(isTail) { formTailQuantile(&p) }
  p = central.or(p, where: isTail)
}

/// Φ⁻¹(p) where 4p(1 − p) < e⁻⁵.
@inline(never)
private func formTailQuantile(_ p: inout SIMD8<Double>) {
  let isUpper = p .> 0.5
  let tail = p.or(1 - p, where: isUpper)
  // With r² = −2 log p, the asymptotic series of −Φ⁻¹ begins r − (log r + log √2π) / r; so
  // r·(r + Φ⁻¹) varies slowly in log r².
  var logarithm = tail
  formLogarithm(&logarithm)
  let square = -2 * logarithm
  let r = square.squareRoot()
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
  let quantile = (r - correction / r).or(.infinity, where: tail .== 0)
  p = quantile.or(-quantile, where: .!isUpper)
}

/// Whether any lane is set. (The standard library's `any` is slow.)
@inline(always)
private func any(_ mask: SIMDMask<SIMD8<Int64>>) -> Bool {
  let lanes = unsafeBitCast(mask, to: SIMD8<UInt64>.self)
  let four = lanes.lowHalf | lanes.highHalf
  let two = four.lowHalf | four.highHalf
  return two.x | two.y != 0
}
