/// An operation on two numbers that the kernels apply element by element.
public enum BinaryOperation: Sendable {
  case add, subtract, multiply, divide
  /// 0 where the second number is negative or 0, and the first elsewhere: a NaN is not hidden.
  case gate
}

/// `result` = `function`(`x`), element by element; `result` may be `x`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func apply<Scalar: TensorScalar>(
  _ function: ElementaryFunction, _ x: Buffer<Scalar>, into result: Buffer<Scalar>
) {
  check(x.count == result.count, "\(function) of \(x.count) scalars into \(result.count)")
  parallel(x.count, grain: 4096) { range in
    Scalar.map(
      function, x.base + range.lowerBound, into: result.base + range.lowerBound,
      count: range.count)
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
  into result: Buffer<Scalar>, offset: Int = 0, strides: SIMD4<Int>, extents: SIMD4<Int>
) {
  guard extents.min() > 0 else { return }
  let last = extents &- 1
  check(
    xOffset >= 0 && offset >= 0 && xStrides.min() >= 0 && strides.min() >= 0
      && xOffset + (last &* xStrides).wrappedSum() < x.count
      && offset + (last &* strides).wrappedSum() < result.count,
    "a copy that leaves its buffer")
  let run = extents[3]
  parallel(extents[0] * extents[1] * extents[2], grain: max(1, 16384 / run)) { range in
    for i in range {
      let index = SIMD4(
        i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2], 0)
      let source = x.base + xOffset + (index &* xStrides).wrappedSum()
      let target = result.base + offset + (index &* strides).wrappedSum()
      switch (xStrides[3], strides[3]) {
      case (1, 1): for l in 0..<run { target[l] = source[l] }
      case (0, 1): for l in 0..<run { target[l] = source[0] }
      default: for l in 0..<run { target[l &* strides[3]] = source[l &* xStrides[3]] }
      }
    }
  }
}

/// Copies the rows of `x` at `indices`, each of `size` scalars, one after another into `result`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func gather<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, rows indices: [Int], size: Int, into result: Buffer<Scalar>
) {
  let rows = size == 0 ? 0 : x.count / size
  check(
    indices.allSatisfy { $0 >= 0 && $0 < rows } && result.count == indices.count * size,
    "\(indices.count) rows of \(size), from \(rows), into \(result.count) scalars")
  for (place, index) in indices.enumerated() {
    (result.base + place * size).update(from: x.base + index * size, count: size)
  }
}

extension Float {
  /// `result` = `a` `operation` `b`, element by element. Without a `broadcast` the two have the
  /// same count; with one, `result` has its shape. `result` may be an operand of the same count.
  public static func combine(
    _ operation: BinaryOperation, _ a: Buffer<Float>, _ b: Buffer<Float>,
    along broadcast: Broadcast?, into result: Buffer<Float>
  ) {
    combineBuffers(operation, a, b, broadcast, result)
  }

  /// `result` = √`x`, element by element.
  public static func squareRoot(_ x: Buffer<Float>, into result: Buffer<Float>) {
    rootBuffer(x, result)
  }
}

extension Double {
  /// `result` = `a` `operation` `b`, element by element. Without a `broadcast` the two have the
  /// same count; with one, `result` has its shape. `result` may be an operand of the same count.
  public static func combine(
    _ operation: BinaryOperation, _ a: Buffer<Double>, _ b: Buffer<Double>,
    along broadcast: Broadcast?, into result: Buffer<Double>
  ) {
    combineBuffers(operation, a, b, broadcast, result)
  }

  /// `result` = √`x`, element by element.
  public static func squareRoot(_ x: Buffer<Double>, into result: Buffer<Double>) {
    rootBuffer(x, result)
  }
}

@inline(__always)
private func rootBuffer<Scalar: TensorScalar>(_ x: Buffer<Scalar>, _ result: Buffer<Scalar>) {
  check(x.count == result.count, "roots of \(x.count) scalars into \(result.count)")
  parallel(x.count, grain: 16384) { range in
    for i in range { result.base[i] = x.base[i].squareRoot() }
  }
}

@inline(__always)
private func combineBuffers<Scalar: TensorScalar>(
  _ operation: BinaryOperation, _ a: Buffer<Scalar>, _ b: Buffer<Scalar>, _ broadcast: Broadcast?,
  _ result: Buffer<Scalar>
) {
  guard let broadcast else {
    check(
      a.count == b.count && a.count == result.count,
      "an operation on buffers of \(a.count), \(b.count) and \(result.count)")
    return parallel(result.count, grain: 16384) { range in
      combineRun(
        operation, a.base + range.lowerBound, 1, b.base + range.lowerBound, 1,
        result.base + range.lowerBound, range.count)
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
  let (run, aStep, bStep) = (extents[3], broadcast.leftStrides[3], broadcast.rightStrides[3])
  if count == run {
    return parallel(run, grain: 16384) { range in
      combineRun(
        operation, a.base + range.lowerBound * aStep, aStep, b.base + range.lowerBound * bStep,
        bStep, result.base + range.lowerBound, range.count)
    }
  }
  parallel(count / run, grain: max(1, 16384 / run)) { range in
    for i in range {
      let index = SIMD4(
        i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2], 0)
      combineRun(
        operation, a.base + (index &* broadcast.leftStrides).wrappedSum(), aStep,
        b.base + (index &* broadcast.rightStrides).wrappedSum(), bStep, result.base + i * run, run)
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
  if aStep == 1 && bStep == 1 && a == UnsafePointer(result) {
    // In place: with two names for one memory the loop would not be vectorised.
    for i in 0..<count { result[i] = operation(result[i], b[i]) }
  } else if aStep == 1 && bStep == 1 {
    for i in 0..<count { result[i] = operation(a[i], b[i]) }
  } else if aStep == 1 {
    let y = b[0]
    for i in 0..<count { result[i] = operation(a[i], y) }
  } else {
    let x = a[0]
    for i in 0..<count { result[i] = operation(x, b[i]) }
  }
}
