/// How the numbers along an axis are combined.
public enum Reduction: Sendable { case sum, maximum }

// A sum of floats is taken in doubles and rounded once: so the mean of a million samples is
// accurate to the last bits, and a loss does not depend on how a batch is arranged. Each sum's
// order is fixed by the sizes alone. Along the last axis: sixteen interleaved partial sums in each
// block of `blockSize` numbers, added up pairwise, and the blocks one after another. Along another
// axis, in columns: from the first number to the last.

private let blockSize = 16384

/// Reduces `x`, of shape [outer, count, inner], over its middle axis into [outer, inner].
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func reduce<Scalar: TensorScalar>(
  _ reduction: Reduction, _ x: Buffer<Scalar>, outer: Int, count: Int, inner: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  check(
    x.count == outer * count * inner && result.count == outer * inner,
    "a reduction of [\(outer), \(count), \(inner)] from \(x.count) scalars into \(result.count)")
  defer { withExtendedLifetime(x) {} }
  let (xBase, resultBase) = unsafe (x.base, result.base)
  switch reduction {
  case .maximum:
    for i in 0..<outer {
      for j in 0..<inner {
        let first = unsafe xBase + i * count * inner + j
        var largest = -Scalar.infinity
        for k in 0..<count {
          let value = unsafe first[k &* inner]
          largest = largest > value || largest != largest ? largest : value
        }
        unsafe resultBase[i * inner + j] = largest
      }
    }
  case .sum where inner == 1 && outer == 1:
    let blocks = (count + blockSize - 1) / blockSize
    if blocks == 1 {
      unsafe resultBase[0] = unsafe Scalar(sumBlock(xBase, count))
      return
    }
    unsafe withScratch(Double.self, blocks) { partial in
      parallel(blocks, grain: 2) { range in
        for block in range {
          let start = block * blockSize
          unsafe partial[block] = unsafe sumBlock(xBase + start, min(blockSize, count - start))
        }
      }
      var total = 0.0
      for block in 0..<blocks { unsafe total += partial[block] }
      unsafe resultBase[0] = Scalar(total)
    }
  case .sum where inner == 1:
    parallel(outer, grain: max(1, blockSize / max(count, 1))) { range in
      for i in range {
        unsafe resultBase[i] = unsafe Scalar(sumInOrder(xBase + i * count, count))
      }
    }
  case .sum:
    // Columns: sixteen at a time run down the rows together.
    let groups = (inner + 15) / 16
    parallel(outer * groups, grain: max(1, blockSize / (16 * max(count, 1)))) { range in
      for group in range {
        let (i, first) = (group / groups, group % groups * 16)
        let source = unsafe xBase + i * count * inner + first
        let target = unsafe resultBase + i * inner + first
        if inner - first >= 16 {
          var (low, high) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
          for k in 0..<count {
            let row = unsafe UnsafeRawPointer(source + k * inner)
            unsafe low += SIMD8<Double>(row.loadUnaligned(as: SIMD8<Scalar>.self))
            unsafe high += SIMD8<Double>(
              row.loadUnaligned(
                fromByteOffset: MemoryLayout<SIMD8<Scalar>>.size, as: SIMD8<Scalar>.self))
          }
          for j in 0..<8 {
            unsafe target[j] = Scalar(low[j])
            unsafe target[j + 8] = Scalar(high[j])
          }
        } else {
          for j in 0..<(inner - first) {
            var total = 0.0
            for k in 0..<count { unsafe total += Double(source[k * inner + j]) }
            unsafe target[j] = Scalar(total)
          }
        }
      }
    }
  }
}

/// The sum of `count` numbers next to each other, in their fixed order.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func sumInOrder<Scalar: TensorScalar>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Double {
  var total = 0.0
  for start in stride(from: 0, to: count, by: blockSize) {
    unsafe total += sumBlock(x + start, min(blockSize, count - start))
  }
  return total
}

@inline(__always)
private func sumBlock<Scalar: TensorScalar>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Double {
  var (even, odd) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
  let raw = unsafe UnsafeRawPointer(x)
  let whole = count / 16 * 16
  for i in stride(from: 0, to: whole, by: 16) {
    let offset = i * MemoryLayout<Scalar>.stride
    unsafe even += SIMD8<Double>(raw.loadUnaligned(fromByteOffset: offset, as: SIMD8<Scalar>.self))
    unsafe odd += SIMD8<Double>(
      raw.loadUnaligned(
        fromByteOffset: offset + MemoryLayout<SIMD8<Scalar>>.size, as: SIMD8<Scalar>.self))
  }
  for i in whole..<count {
    if i & 8 == 0 { unsafe even[i & 7] += Double(x[i]) } else { unsafe odd[i & 7] += Double(x[i]) }
  }
  let eight = even + odd
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}
