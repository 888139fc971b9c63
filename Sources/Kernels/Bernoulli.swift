// The log probability of black and white pixels, and its derivative, each in one pass over memory:
// composed of a product, a softplus, a difference and a sum, they took a tenth of a training step.

/// Numbers worked on at once: the scratch memory stays in the first cache.
private let chunk = 512

/// `result[i]` = Σⱼ xᵢⱼ · lᵢⱼ − log(1 + exp lᵢⱼ), for `x` and `logits` l of shape
/// [result.count, columns].
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func bernoulliLogProbability<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, logits: Buffer<Scalar>, columns: Int, into result: Buffer<Scalar>
) {
  check(
    x.count == logits.count && x.count == result.count * columns,
    "\(result.count) rows of \(columns) from \(x.count) pixels and \(logits.count) logits")
  parallel(result.count, grain: max(1, 4096 / max(columns, 1))) { range in
    let scratch = Buffer<Scalar>(uninitialized: chunk)
    for i in range {
      var total = 0.0
      for first in stride(from: 0, to: columns, by: chunk) {
        let start = i * columns + first
        let count = min(chunk, columns - first)
        Scalar.map(.softplus, logits.base + start, into: scratch.base, count: count)
        total += sumOfDifferences(x.base + start, logits.base + start, scratch.base, count)
      }
      result.base[i] = Scalar(total)
    }
  }
}

/// `result` = gᵢ · (xᵢⱼ − sigmoid lᵢⱼ): the derivative of `bernoulliLogProbability` with respect to
/// the logits, times `g`, of one number a row.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func bernoulliLogitGradient<Scalar: TensorScalar>(
  _ g: Buffer<Scalar>, _ x: Buffer<Scalar>, logits: Buffer<Scalar>, columns: Int,
  into result: Buffer<Scalar>
) {
  check(
    x.count == logits.count && x.count == result.count && x.count == g.count * columns,
    "\(g.count) rows of \(columns) from \(x.count) pixels and \(logits.count) logits")
  parallel(g.count, grain: max(1, 4096 / max(columns, 1))) { range in
    for i in range {
      let row = result.base + i * columns
      Scalar.map(.sigmoid, logits.base + i * columns, into: row, count: columns)
      scaleDifferences(x.base + i * columns, row, g.base[i], columns)
    }
  }
}

/// Σ x · l − s, in doubles and in an order that `count` alone fixes.
@inline(__always)
private func sumOfDifferences<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ l: UnsafePointer<Scalar>, _ s: UnsafePointer<Scalar>, _ count: Int
) -> Double {
  func load(_ address: UnsafePointer<Scalar>, _ index: Int) -> SIMD8<Scalar> {
    UnsafeRawPointer(address + index).loadUnaligned(as: SIMD8<Scalar>.self)
  }
  var sums = SIMD8<Double>.zero
  let whole = count & ~7
  for j in stride(from: 0, to: whole, by: 8) {
    sums += SIMD8<Double>(load(x, j) * load(l, j) - load(s, j))
  }
  for j in whole..<count { sums[j - whole] += Double(x[j] * l[j] - s[j]) }
  let four = sums.lowHalf + sums.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// y ← g · (x − y).
@inline(__always)
private func scaleDifferences<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ g: Scalar, _ count: Int
) {
  for j in 0..<count { y[j] = g * (x[j] - y[j]) }
}
