// Sums, products of matrices, and operations that move numbers without changing them. `g` is, as in
// Arithmetic.swift, the gradient with respect to the operation's result.

extension Tensor {
  /// The sum of all elements, of shape [].
  @_specialize(where Scalar == Float)
  public func sum() -> Tensor {
    let extents = shape
    return total(shape: []).recorded("sum", from: (self, { g in g.broadcast(to: extents) }))
  }

  /// The mean of all elements, of shape [].
  @_specialize(where Scalar == Float)
  public func mean() -> Tensor { sum() * (1 / Scalar(count)) }

  /// The sums along one axis, which is removed, or kept with extent 1. Axis −1 is the last.
  @_specialize(where Scalar == Float)
  public func sum(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let extents = shape
    let axis = resolved(axis, "sum")
    let kept = replacing(axis, by: [1])
    return reduced(.sum, axis, to: keepingAxis ? kept : replacing(axis, by: []))
      .recorded("sum", from: (self, { g in g.reshaped(kept).broadcast(to: extents) }))
  }

  /// The means along one axis, which is removed, or kept with extent 1. Axis −1 is the last.
  @_specialize(where Scalar == Float)
  public func mean(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let size = shape[resolved(axis, "mean")]
    return sum(axis: axis, keepingAxis: keepingAxis) * (1 / Scalar(size))
  }

  /// The largest elements along one axis, which is removed, or kept with extent 1. The gradient
  /// goes to the largest element; equal largest elements share it.
  public func maximum(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let axis = resolved(axis, "maximum")
    let (x, kept) = (detached, replacing(axis, by: [1]))
    let largest = x.reduced(.maximum, axis, to: kept)
    func pullback(_ g: Tensor) -> Tensor {
      let isLargest = 1 - gate(Tensor(repeating: 1, shape: x.shape), largest - x)
      let count = isLargest.sum(axis: axis, keepingAxis: true)
      return g.reshaped(kept) * isLargest / (count + .leastNormalMagnitude)
    }
    return largest.reshaped(keepingAxis ? kept : replacing(axis, by: []))
      .recorded("max", from: (self, pullback))
  }

  /// The rows of a matrix at `indices`, in that order; a row may be taken several times.
  public func rows(_ indices: [Int]) -> Tensor {
    check(rank == 2, "rows: shape \(shape) is not that of a matrix")
    let (extents, size) = (shape, shape[1])
    let value = Tensor(shape: [indices.count, size]) {
      gather(buffer, rows: indices, size: size, into: $0)
    }
    func pullback(_ g: Tensor) -> Tensor {
      var sums = Tensor(zeros: extents)
      sums.mutate { scatter(g.buffer, rows: indices, size: size, addingTo: $0) }
      return sums
    }
    return value.recorded("rows", from: (self, pullback))
  }

  /// The same elements in another shape of the same count.
  @_specialize(where Scalar == Float)
  public func reshaped(_ newShape: [Int]) -> Tensor {
    check(
      newShape.reduce(1, *) == count, "reshaped: shape \(shape) does not fit into \(newShape)")
    let extents = shape
    return Tensor(shape: newShape, buffer: buffer)
      .recorded("reshape", from: (self, { g in g.reshaped(extents) }))
  }

  /// The same elements repeated along axes of extent 1 and new leading axes.
  @_specialize(where Scalar == Float)
  public func broadcast(to newShape: [Int]) -> Tensor {
    if shape == newShape { return self }
    let broadcast = Broadcast("broadcast", shape, newShape)
    check(broadcast.shape == newShape, "broadcast: shape \(shape) does not stretch to \(newShape)")
    return Tensor(shape: newShape) { stretch(buffer, along: broadcast, into: $0) }
      .recorded("broadcast", from: (self, { g in g }))
  }

  /// The matrix with rows and columns exchanged.
  public func transposed() -> Tensor {
    check(rank == 2, "transposed: shape \(shape) is not that of a matrix")
    return Tensor(shape: [shape[1], shape[0]]) { transpose(buffer, columns: shape[1], into: $0) }
      .recorded("transpose", from: (self, { g in g.transposed() }))
  }

  /// The part of an axis in `range`.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let (extents, axis) = (shape, resolved(axis, "slice"))
    check(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice: \(range) of axis \(axis) of shape \(shape)")
    let value = Tensor(shape: replacing(axis, by: [range.count])) {
      copyBlock($0, axis, from: range.lowerBound, to: 0)
    }
    func pullback(_ g: Tensor) -> Tensor {
      var result = Tensor(zeros: extents)
      result.mutate { g.copyBlock($0, axis, from: 0, to: range.lowerBound) }
      return result
    }
    return value.recorded("slice", from: (self, pullback))
  }

  /// Tensors one after another along an axis; the other axes have equal extents.
  public static func concatenated(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    check(!parts.isEmpty, "concatenated: nothing to join")
    let axis = parts[0].resolved(axis, "concatenated")
    for part in parts {
      check(
        part.rank == parts[0].rank
          && part.replacing(axis, by: []) == parts[0].replacing(axis, by: []),
        "concatenated: shapes \(parts[0].shape) and \(part.shape) along axis \(axis)")
    }
    let ends = parts.reduce(into: [0]) { $0.append($0.last! + $1.shape[axis]) }
    let value = Tensor(shape: parts[0].replacing(axis, by: [ends.last!])) { result in
      for (part, start) in zip(parts, ends) { part.copyBlock(result, axis, from: 0, to: start) }
    }
    return value.recorded(
      "concatenate",
      from: parts.indices.map { i in
        (parts[i], { g in g.slice(axis: axis, ends[i]..<ends[i + 1]) })
      })
  }

  /// The sum over the axes along which broadcasting stretched `smaller`.
  @_specialize(where Scalar == Float)
  func summed(to smaller: [Int]) -> Tensor {
    if shape == smaller { return self }
    if smaller.allSatisfy({ $0 == 1 }) {
      return total(shape: smaller)
    }
    let new = rank - smaller.count
    check(
      new >= 0 && zip(shape.dropFirst(new), smaller).allSatisfy { $0 == $1 || $1 == 1 },
      "a pullback returned a gradient of shape \(shape) for an operand of shape \(smaller)")
    let padded = Array(repeating: 1, count: new) + smaller
    var result = self
    for axis in padded.indices where padded[axis] == 1 && result.shape[axis] != 1 {
      result = result.reduced(.sum, axis, to: result.replacing(axis, by: [1]))
    }
    return Tensor(shape: smaller, buffer: result.buffer)
  }
}

/// The product of two matrices, [m, k] · [k, n] → [m, n].
@_specialize(where Scalar == Float)
public func matmul<Scalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  product(x, y).recorded(
    "matmul", from: (x, { g in product(g, y, isRightTransposed: true) }),
    (y, { g in product(x, g, isLeftTransposed: true) }))
}

/// x · weight + bias, [m, k] · [k, n] + [n] → [m, n]: a matrix product that adds the bias to each
/// element before storing it.
@_specialize(where Scalar == Float)
public func affine<Scalar>(
  _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>
) -> Tensor<Scalar> {
  product(x, weight, plus: bias).recorded(
    "affine", from: (x, { g in product(g, weight, isRightTransposed: true) }),
    (weight, { g in product(x, g, isLeftTransposed: true) }), (bias, { g in g }))
}

/// The product of two matrices, either of them transposed, and a bias for each column; not recorded.
@_specialize(where Scalar == Float)
private func product<Scalar>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, isLeftTransposed: Bool = false,
  isRightTransposed: Bool = false, plus bias: Tensor<Scalar>? = nil
) -> Tensor<Scalar> {
  let left = isLeftTransposed ? x.shape.reversed() : x.shape
  let right = isRightTransposed ? y.shape.reversed() : y.shape
  check(
    left.count == 2 && right.count == 2 && left[1] == right[0],
    "matmul: shapes \(left) and \(right) do not fit")
  let (rows, columns, depth) = (left[0], right[1], right[0])
  check(
    bias == nil || bias!.shape == [columns],
    "affine: a bias of shape \(bias?.shape ?? []) for \(columns) columns")
  return Tensor(shape: [rows, columns]) { result in
    multiply(
      x.buffer, transposed: isLeftTransposed, y.buffer, transposed: isRightTransposed,
      plus: bias?.buffer, into: result, rows: rows, columns: columns, depth: depth)
  }
}

extension Tensor {
  fileprivate func resolved(_ axis: Int, _ name: String) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    check(resolved >= 0 && resolved < rank, "\(name): axis \(axis) of shape \(shape)")
    return resolved
  }

  /// The shape with one axis replaced by others, or by none.
  fileprivate func replacing(_ axis: Int, by extents: [Int]) -> [Int] {
    Array(shape[..<axis] + extents + shape[(axis + 1)...])
  }

  /// A reduction along one axis; not recorded.
  @_specialize(where Scalar == Float)
  fileprivate func reduced(_ reduction: Reduction, _ axis: Int, to newShape: [Int]) -> Tensor {
    let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    return Tensor(shape: newShape) {
      reduce(reduction, buffer, outer: outer, count: shape[axis], inner: inner, into: $0)
    }
  }

  /// The sum of all elements, in a shape of extents 1; not recorded.
  @_specialize(where Scalar == Float)
  fileprivate func total(shape: [Int]) -> Tensor {
    Tensor(shape: [count], buffer: buffer).reduced(.sum, 0, to: shape)
  }

  /// Copies the slices of this tensor along an axis, from `start` on, to `place` in a tensor whose
  /// other axes are the same, as many as fit.
  @_specialize(where Scalar == Float)
  fileprivate func copyBlock(
    _ target: borrowing MutableBuffer<Scalar>, _ axis: Int, from start: Int, to place: Int
  ) {
    let rows = shape[..<axis].reduce(1, *)
    let size = shape[(axis + 1)...].reduce(1, *)
    copyColumns(buffer, from: start * size, into: target, to: place * size, rows: rows)
  }
}
