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
  let (source, target) = unsafe (x.base, result.base)
  parallel(x.count, grain: 4096) { range in
    unsafe Scalar.map(
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
  let (source, target) = unsafe (x.base, result.base)
  parallel(x.count, grain: 16384) { range in
    for i in range { unsafe target[i] = unsafe source[i].squareRoot() }
  }
}

/// Copies from each row of `x`, of shape [rows, …], the columns from `start` on to column `place`
/// of `result`, as many as fit. Slicing and concatenation use it.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func copyColumns<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, from start: Int, into result: borrowing MutableBuffer<Scalar>,
  to place: Int, rows: Int
) {
  guard rows > 0, x.count > 0, result.count > 0 else { return }
  let (from, to) = (x.count / rows, result.count / rows)
  check(
    x.count == rows * from && result.count == rows * to && (0...from).contains(start)
      && (0...to).contains(place),
    "\(rows) rows from column \(start) of \(x.count) scalars to \(place) of \(result.count)")
  defer { withExtendedLifetime(x) {} }
  let count = min(from - start, to - place)
  let (source, target) = unsafe (x.base + start, result.base + place)
  parallel(rows, grain: max(1, 16384 / max(count, 1))) { range in
    for i in range { unsafe (target + i * to).update(from: source + i * from, count: count) }
  }
}

/// `result` = the transpose of `x`, which has `columns` columns.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func transpose<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, columns: Int, into result: borrowing MutableBuffer<Scalar>
) {
  guard x.count > 0 else { return }
  check(
    x.count % columns == 0 && x.count == result.count,
    "the transpose of \(x.count) scalars in \(columns) columns into \(result.count)")
  defer { withExtendedLifetime(x) {} }
  let (source, target, rows) = unsafe (x.base, result.base, x.count / columns)
  parallel(columns, grain: max(1, 16384 / rows)) { range in
    for j in range {
      for i in 0..<rows { unsafe target[j &* rows &+ i] = unsafe source[i &* columns &+ j] }
    }
  }
}

/// `result` = `x` with elements repeated, as the left operand of `broadcast` is.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func stretch<Scalar: TensorScalar>(
  _ x: Buffer<Scalar>, along broadcast: Broadcast, into result: borrowing MutableBuffer<Scalar>
) {
  let (extents, strides) = (broadcast.extents, broadcast.leftStrides)
  check(
    broadcast.fits(x.count, strides, result.count), "a stretch of \(x.count) to \(result.count)")
  guard result.count > 0 else { return }
  defer { withExtendedLifetime(x) {} }
  let (source, target, run) = unsafe (x.base, result.base, extents[3])
  parallel(result.count / run, grain: max(1, 16384 / run)) { range in
    for i in range {
      let from = unsafe source + broadcast.offset(ofRun: i, strides)
      if strides[3] == 1 {
        unsafe (target + i * run).update(from: from, count: run)
      } else {
        unsafe (target + i * run).update(repeating: from[0], count: run)
      }
    }
  }
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
    unsafe (result.base + place * size).update(from: x.base + index * size, count: size)
  }
}

/// Adds the rows of `x`, each of `size` scalars, to the rows of `result` at `indices`, one after
/// another: the pullback of `gather`.
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
    let (source, target) = unsafe (x.base + place * size, result.base + index * size)
    for i in 0..<size { unsafe target[i] += source[i] }
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
  let (source, target) = unsafe (x.base, sum.base)
  parallel(x.count, grain: 16384) { range in
    for i in range { unsafe target[i] += source[i] }
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
  let (x, y, target) = unsafe (a.base, b.base, result.base)
  guard let broadcast else {
    check(
      a.count == b.count && a.count == result.count,
      "an operation on buffers of \(a.count), \(b.count) and \(result.count)")
    return parallel(result.count, grain: 16384) { range in
      let start = range.lowerBound
      unsafe combineRun(operation, x + start, 1, y + start, 1, target + start, range.count)
    }
  }
  let count = result.count
  check(
    broadcast.fits(a.count, broadcast.leftStrides, count)
      && broadcast.fits(b.count, broadcast.rightStrides, count),
    "an operation on buffers that its broadcast was not made for")
  guard count > 0 else { return }
  let (xStep, yStep) = (broadcast.leftStrides[3], broadcast.rightStrides[3])
  let run = broadcast.extents[3]
  if count == run {
    return parallel(run, grain: 16384) { range in
      let start = range.lowerBound
      unsafe combineRun(
        operation, x + start * xStep, xStep, y + start * yStep, yStep, target + start, range.count)
    }
  }
  parallel(count / run, grain: max(1, 16384 / run)) { range in
    for i in range {
      unsafe combineRun(
        operation, x + broadcast.offset(ofRun: i, broadcast.leftStrides), xStep,
        y + broadcast.offset(ofRun: i, broadcast.rightStrides), yStep, target + i * run, run)
    }
  }
}

@inline(__always)
private func combineRun<Scalar: TensorScalar>(
  _ operation: BinaryOperation, _ a: UnsafePointer<Scalar>, _ aStep: Int,
  _ b: UnsafePointer<Scalar>, _ bStep: Int, _ result: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  switch operation {
  case .add: unsafe combineRun(a, aStep, b, bStep, result, count) { $0 + $1 }
  case .subtract: unsafe combineRun(a, aStep, b, bStep, result, count) { $0 - $1 }
  case .multiply: unsafe combineRun(a, aStep, b, bStep, result, count) { $0 * $1 }
  case .divide: unsafe combineRun(a, aStep, b, bStep, result, count) { $0 / $1 }
  case .gate: unsafe combineRun(a, aStep, b, bStep, result, count) { $1 <= 0 ? 0 : $0 }
  }
}

/// The inner loop: either operand moves on by one or stays.
@inline(__always)
private func combineRun<Scalar: TensorScalar>(
  _ a: UnsafePointer<Scalar>, _ aStep: Int, _ b: UnsafePointer<Scalar>, _ bStep: Int,
  _ result: UnsafeMutablePointer<Scalar>, _ count: Int, _ operation: (Scalar, Scalar) -> Scalar
) {
  if aStep == 1 && bStep == 1 {
    for i in 0..<count { unsafe result[i] = unsafe operation(a[i], b[i]) }
  } else if aStep == 1 {
    let y = unsafe b[0]
    for i in 0..<count { unsafe result[i] = unsafe operation(a[i], y) }
  } else {
    let x = unsafe a[0]
    for i in 0..<count { unsafe result[i] = unsafe operation(x, b[i]) }
  }
}
