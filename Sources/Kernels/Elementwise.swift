/// An operation on two numbers that the kernels apply element by element.
public enum BinaryOperation: Sendable {
  case add, subtract, multiply, divide
  /// 0 where the second number is negative or 0, and the first elsewhere: a NaN is not hidden.
  case gate
}

/// `result` = `function`(`x`), element by element.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func apply<Scalar: TensorScalar>(
  _ function: ElementaryFunction, _ x: Buffer<Scalar>, into result: borrowing MutableBuffer<Scalar>
) {
  check(x.count == result.count, "\(function) of \(x.count) scalars into \(result.count)")
  defer { withExtendedLifetime(x) {} }
  let (source, target) = (x.base, result.base)
  parallel(x.count, grain: 4096) { range in
    Scalar.map(
      function, source + range.lowerBound, into: target + range.lowerBound, count: range.count)
  }
}

/// `result` = √`x`, element by element.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func squareRoot<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, into result: borrowing MutableBuffer<Scalar>
) {
  check(x.count == result.count, "roots of \(x.count) scalars into \(result.count)")
  defer { withExtendedLifetime(x) {} }
  let (source, target) = (x.base, result.base)
  parallel(x.count, grain: 16384) { range in
    for i in range { target[i] = source[i].squareRoot() }
  }
}

/// Copies a block of up to four axes from one buffer into another.
///
/// Element (i, j, k, l) is at `offset` + i · `strides[0]` + … in either buffer. Slices,
/// transpositions, joins and repetitions are all this.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func copy<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, offset xOffset: Int = 0, strides xStrides: SIMD4<Int>,
  into result: borrowing MutableBuffer<Scalar>, offset: Int = 0, strides: SIMD4<Int>,
  extents: SIMD4<Int>
) {
  guard extents.min() > 0 else { return }
  check(
    isInside(x.count, offset: xOffset, strides: xStrides, extents: extents)
      && isInside(result.count, offset: offset, strides: strides, extents: extents),
    "a copy that leaves its buffer")
  defer { withExtendedLifetime(x) {} }
  let (xBase, resultBase) = (x.base, result.base)
  let run = extents[3]
  parallel(extents[0] * extents[1] * extents[2], grain: max(1, 16384 / run)) { range in
    for i in range {
      let index = SIMD4(
        i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2], 0)
      let source = xBase + xOffset + (index &* xStrides).wrappedSum()
      let target = resultBase + offset + (index &* strides).wrappedSum()
      switch (xStrides[3], strides[3]) {
      case (1, 1): for l in 0..<run { target[l] = source[l] }
      case (0, 1): for l in 0..<run { target[l] = source[0] }
      default: for l in 0..<run { target[l &* strides[3]] = source[l &* xStrides[3]] }
      }
    }
  }
}

/// Whether the block's last element, and so all of it, lies in a buffer of `count` scalars. Numbers
/// too large to be multiplied are outside.
private func isInside(
  _ count: Int, offset: Int, strides: SIMD4<Int>, extents: SIMD4<Int>
) -> Bool {
  guard offset >= 0, strides.min() >= 0 else { return false }
  var last = offset
  for axis in 0..<4 {
    let (step, isTooLarge) = (extents[axis] - 1).multipliedReportingOverflow(by: strides[axis])
    let (sum, isTooFar) = last.addingReportingOverflow(step)
    if isTooLarge || isTooFar { return false }
    last = sum
  }
  return last < count
}

/// Copies the rows of `x` at `indices`, each of `size` scalars, one after another into `result`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func gather<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, rows indices: [Int], size: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  let rows = size == 0 ? Int.max : x.count / size
  check(
    indices.allSatisfy { $0 >= 0 && $0 < rows } && result.count == indices.count * size,
    "\(indices.count) rows of \(size), from \(rows), into \(result.count) scalars")
  defer { withExtendedLifetime(x) {} }
  for (place, index) in indices.enumerated() {
    (result.base + place * size).update(from: x.base + index * size, count: size)
  }
}

/// Adds the rows of `x`, each of `size` scalars, to the rows of `result` at `indices`, one after
/// another: what a gradient does that comes back through `gather`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func scatter<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, rows indices: [Int], size: Int,
  addingTo result: borrowing MutableBuffer<Scalar>
) {
  let rows = size == 0 ? Int.max : result.count / size
  check(
    indices.allSatisfy { $0 >= 0 && $0 < rows } && x.count == indices.count * size,
    "\(indices.count) rows of \(size), to \(rows), from \(x.count) scalars")
  defer { withExtendedLifetime(x) {} }
  for (place, index) in indices.enumerated() {
    let (source, target) = (x.base + place * size, result.base + index * size)
    for i in 0..<size { target[i] += source[i] }
  }
}

/// Adds `x` to `sum`, element by element.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func accumulate<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, into sum: borrowing MutableBuffer<Scalar>
) {
  check(x.count == sum.count, "a sum of buffers of \(sum.count) and \(x.count)")
  defer { withExtendedLifetime(x) {} }
  let (source, target) = (x.base, sum.base)
  parallel(x.count, grain: 16384) { range in
    for i in range { target[i] += source[i] }
  }
}

/// `result` = `a` `operation` `b`, element by element. Without a `broadcast` the two have the same
/// count; with one, `result` has its shape.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func combine<Scalar: TensorScalar>(
  _ operation: BinaryOperation, _ a: Buffer<Scalar>, _ b: Buffer<Scalar>,
  along broadcast: Broadcast?, into result: borrowing MutableBuffer<Scalar>
) {
  defer { withExtendedLifetime((a, b)) {} }
  let (x, y, target) = (a.base, b.base, result.base)
  guard let broadcast else {
    check(
      a.count == b.count && a.count == result.count,
      "an operation on buffers of \(a.count), \(b.count) and \(result.count)")
    return parallel(result.count, grain: 16384) { range in
      let start = range.lowerBound
      combineRun(operation, x + start, 1, y + start, 1, target + start, range.count)
    }
  }
  let extents = broadcast.extents
  let count = extents[0] * extents[1] * extents[2] * extents[3]
  let last = extents &- 1
  check(
    result.count == count
      && (count == 0
        || (last &* broadcast.leftStrides).wrappedSum() < a.count
          && (last &* broadcast.rightStrides).wrappedSum() < b.count),
    "an operation on buffers that its broadcast was not made for")
  guard count > 0 else { return }
  let (run, xStep, yStep) = (extents[3], broadcast.leftStrides[3], broadcast.rightStrides[3])
  if count == run {
    return parallel(run, grain: 16384) { range in
      let start = range.lowerBound
      combineRun(
        operation, x + start * xStep, xStep, y + start * yStep, yStep, target + start, range.count)
    }
  }
  parallel(count / run, grain: max(1, 16384 / run)) { range in
    for i in range {
      let index = SIMD4(
        i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2], 0)
      combineRun(
        operation, x + (index &* broadcast.leftStrides).wrappedSum(), xStep,
        y + (index &* broadcast.rightStrides).wrappedSum(), yStep, target + i * run, run)
    }
  }
}

@inline(__always)
private func combineRun<Scalar: TensorScalar>(
  _ operation: BinaryOperation, _ a: UnsafePointer<Scalar>, _ aStep: Int,
  _ b: UnsafePointer<Scalar>, _ bStep: Int, _ result: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  switch operation {
  case .add: combineRun(a, aStep, b, bStep, result, count) { $0 + $1 }
  case .subtract: combineRun(a, aStep, b, bStep, result, count) { $0 - $1 }
  case .multiply: combineRun(a, aStep, b, bStep, result, count) { $0 * $1 }
  case .divide: combineRun(a, aStep, b, bStep, result, count) { $0 / $1 }
  case .gate: combineRun(a, aStep, b, bStep, result, count) { $1 <= 0 ? 0 : $0 }
  }
}

/// The inner loop: either operand moves on by one or stays.
@inline(__always)
private func combineRun<Scalar: TensorScalar>(
  _ a: UnsafePointer<Scalar>, _ aStep: Int, _ b: UnsafePointer<Scalar>, _ bStep: Int,
  _ result: UnsafeMutablePointer<Scalar>, _ count: Int, _ operation: (Scalar, Scalar) -> Scalar
) {
  if aStep == 1 && bStep == 1 {
    for i in 0..<count { result[i] = operation(a[i], b[i]) }
  } else if aStep == 1 {
    let y = b[0]
    for i in 0..<count { result[i] = operation(a[i], y) }
  } else {
    let x = a[0]
    for i in 0..<count { result[i] = operation(x, b[i]) }
  }
}
