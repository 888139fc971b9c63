// The log probability of black and white pixels, and its derivative, each in one pass over memory.
// Composed from a product, a softplus, a difference and a sum, they took a tenth of a training
// step.

/// How many numbers are worked on at once, so that the scratch memory stays in the first-level
/// cache.
private let chunk = 512

/// `result[i]` = Σⱼ xᵢⱼ · lᵢⱼ − log(1 + exp lᵢⱼ), for `logits` l of shape [result.count, columns] and
/// `x` of the same shape, or one row for all.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func bernoulliLogProbability<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, logits: Buffer<Scalar>, columns: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  let rows = result.count
  let step = rowStep(of: x, rows: rows, columns: columns, logits: logits.count)
  defer { withExtendedLifetime((x, logits)) {} }
  let (xBase, lBase, target) = unsafe (x.base, logits.base, result.base)
  parallel(rows, grain: max(1, 4096 / max(columns, 1))) { range in
    for i in range {
      var total = 0.0
      for first in stride(from: 0, to: columns, by: chunk) {
        unsafe total += Scalar.sumOfBernoulliTerms(
          xBase + (i * step + first), lBase + (i * columns + first),
          count: min(chunk, columns - first))
      }
      unsafe target[i] = Scalar(total)
    }
  }
}

/// `result` = gᵢ · (xᵢⱼ − sigmoid lᵢⱼ): the derivative of `bernoulliLogProbability` with respect to
/// the logits, times `g`, which has one number for each row.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func bernoulliLogitGradient<Scalar: TensorScalar>(
  _ g: Buffer<Scalar>, _ x: Buffer<Scalar>, logits: Buffer<Scalar>, columns: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  let rows = g.count
  let step = rowStep(of: x, rows: rows, columns: columns, logits: logits.count)
  check(result.count == logits.count, "the gradient of \(logits.count) logits into \(result.count)")
  defer { withExtendedLifetime((g, x, logits)) {} }
  let (gBase, xBase, lBase, target) = unsafe (g.base, x.base, logits.base, result.base)
  parallel(rows, grain: max(1, 4096 / max(columns, 1))) { range in
    for i in range {
      let row = unsafe target + i * columns
      unsafe Scalar.map(.sigmoid, lBase + i * columns, into: row, count: columns)
      unsafe scaleDifferences(xBase + i * step, row, gBase[i], columns)
    }
  }
}

/// How far apart the rows of `x` are: 0 if one row serves all.
private func rowStep<Scalar: TensorScalar>(
  of x: Buffer<Scalar>, rows: Int, columns: Int, logits: Int
) -> Int {
  check(
    logits == rows * columns && (x.count == logits || x.count == columns),
    "\(rows) rows of \(columns) from \(x.count) pixels and \(logits) logits")
  return x.count == logits ? columns : 0
}

extension Float {
  /// Σ x · l − log(1 + exp l), in lanes of `Float`.
  public static func sumOfBernoulliTerms(
    _ x: UnsafePointer<Float>, _ l: UnsafePointer<Float>, count: Int
  ) -> Double { unsafe logProbability(x, l, count) }
}

extension Double {
  /// Σ x · l − log(1 + exp l), computed with `softplus`.
  public static func sumOfBernoulliTerms(
    _ x: UnsafePointer<Double>, _ l: UnsafePointer<Double>, count: Int
  ) -> Double {
    unsafe withScratch(Double.self, count) { scratch in
      unsafe map(.softplus, l, into: scratch, count: count)
      return unsafe sumOfDifferences(x, l, scratch, count)
    }
  }
}

/// Σ x · l − log(1 + exp l) of at most ``chunk`` numbers, to within the rounding of each term.
///
/// log(1 + exp l) is max(l, 0) + log(1 + exp(−|l|)), and the sum of the latter is the logarithm of
/// a product. Its factors are at most 2, each lane multiplies at most 64 of them, and only one
/// logarithm is needed.
@inline(__always)
private func logProbability(
  _ x: UnsafePointer<Float>, _ l: UnsafePointer<Float>, _ count: Int
) -> Double {
  var (sums, product) = (SIMD8<Double>.zero, SIMD8<Float>(repeating: 1))
  let whole = count & ~7
  for j in stride(from: 0, to: whole, by: 8) {
    let x = unsafe UnsafeRawPointer(x + j).loadUnaligned(as: SIMD8<Float>.self)
    let l = unsafe UnsafeRawPointer(l + j).loadUnaligned(as: SIMD8<Float>.self)
    sums += SIMD8<Double>(x * l - l.replacing(with: 0, where: l .< 0))
    product *= 1 + expOfMinusMagnitude(l)
  }
  if whole < count {
    // A logit of −∞ adds nothing to the sum, and 1 to the product.
    var (lastX, lastL) = (SIMD8<Float>.zero, SIMD8<Float>(repeating: -1000))
    for j in whole..<count { unsafe (lastX[j - whole], lastL[j - whole]) = (x[j], l[j]) }
    sums += SIMD8<Double>(lastX * lastL - lastL.replacing(with: 0, where: lastL .< 0))
    product *= 1 + expOfMinusMagnitude(lastL)
  }
  var logarithms = SIMD8<Double>(product)
  formLogarithm(&logarithms)
  return sum(sums - logarithms)
}

/// exp(−|x|) to 1.5 units in the last place, but at least exp(−30), which is negligible beside 1.
@inline(__always)
private func expOfMinusMagnitude(_ x: SIMD8<Float>) -> SIMD8<Float> {
  let negative = unsafe unsafeBitCast(
    unsafeBitCast(x, to: SIMD8<UInt32>.self) | 0x8000_0000, to: SIMD8<Float>.self)
  let bounded = negative.replacing(with: -30, where: negative .< -30)
  // Adding this number rounds to an integer n, and leaves it in the low bits.
  let shift: Float = 0x1.8p23
  let shifted = SIMD8(repeating: shift)
    .addingProduct(bounded, SIMD8(repeating: 0x1.715476p0))
  let n = shifted - shift
  // ln 2 in two parts: the product of n with the first is exact.
  let s = bounded.addingProduct(n, SIMD8(repeating: -0x1.62e4p-1))
    .addingProduct(n, SIMD8(repeating: -0x1.7f7d1cp-20))
  var series = SIMD8<Float>(repeating: 0.0013918773)
  for coefficient: Float in [0.008357248, 0.041666623, 0.16666631, 0.5, 1, 1] {
    series = SIMD8(repeating: coefficient).addingProduct(series, s)
  }
  let power = unsafe unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
  return unsafe unsafeBitCast(
    unsafeBitCast(series, to: SIMD8<UInt32>.self) &+ power, to: SIMD8<Float>.self)
}

/// Σ x · l − s, in an order that depends only on `count`.
@inline(__always)
private func sumOfDifferences(
  _ x: UnsafePointer<Double>, _ l: UnsafePointer<Double>, _ s: UnsafePointer<Double>, _ count: Int
) -> Double {
  func load(_ address: UnsafePointer<Double>, _ index: Int) -> SIMD8<Double> {
    unsafe UnsafeRawPointer(address + index).loadUnaligned(as: SIMD8<Double>.self)
  }
  var sums = SIMD8<Double>.zero
  let whole = count & ~7
  for j in stride(from: 0, to: whole, by: 8) { unsafe sums += load(x, j) * load(l, j) - load(s, j) }
  for j in whole..<count { unsafe sums[j - whole] += x[j] * l[j] - s[j] }
  return sum(sums)
}

@inline(__always)
private func sum(_ lanes: SIMD8<Double>) -> Double {
  let four = lanes.lowHalf + lanes.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// y ← g · (x − y).
@inline(__always)
private func scaleDifferences<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ g: Scalar, _ count: Int
) {
  for j in 0..<count { unsafe y[j] = unsafe g * (x[j] - y[j]) }
}
