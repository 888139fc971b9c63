// The product of two matrices, after Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication" (2008): the inner loop keeps a tile of the result in registers. Where it pays, the
// operands are copied into panels, as wide or as high as a tile, which it reads from front to back.
//
// Every element of the result is one chain of fused multiply-adds over the summed index, from 0
// upwards, whatever the tile, the blocks or the threads: so the bits depend on nothing but the
// operands.

/// The rows of a tile: six rows of two AVX registers leave four registers for the operands.
private let tileRows = 6
/// The most columns of `a` and rows of `b` that are summed in one pass over the result.
private let maximumDepth = 400
/// The most rows of the left operand that are worked on at once.
private let maximumRows = 768
/// The most columns of the right operand that are held in panels at once.
private let maximumColumns = 3072
/// A right operand of at most this many scalars stays in the first cache and is read where it lies.
private let smallCount = 8192
/// Fewer multiplications than this are not worth a second thread.
private let smallWork = 400_000

/// A matrix in memory, or its transpose: element (i, j) is `base[i * rowStride + j * columnStride]`,
/// and one of the strides is 1.
private struct Matrix<Scalar> {
  let base: UnsafePointer<Scalar>
  let rowStride: Int
  let columnStride: Int

  init(_ base: UnsafePointer<Scalar>, rows: Int, columns: Int, isTransposed: Bool) {
    self.base = base
    rowStride = isTransposed ? 1 : columns
    columnStride = isTransposed ? rows : 1
  }

  func at(_ row: Int, _ column: Int) -> UnsafePointer<Scalar> {
    base + row * rowStride + column * columnStride
  }
}

extension Float {
  /// `result` = `a` · `b`, of shape [rows, columns], summed over `depth`. Where a transpose is
  /// asked for, that operand lies in memory as [depth, rows] or [columns, depth].
  public static func multiply(
    _ a: Buffer<Float>, transposed aIsTransposed: Bool, _ b: Buffer<Float>,
    transposed bIsTransposed: Bool, into result: Buffer<Float>, rows: Int, columns: Int, depth: Int
  ) {
    product(
      a, aIsTransposed, b, bIsTransposed, result, rows, columns, depth, SIMD16<Float>.self)
  }
}

extension Double {
  /// `result` = `a` · `b`, of shape [rows, columns], summed over `depth`. Where a transpose is
  /// asked for, that operand lies in memory as [depth, rows] or [columns, depth].
  public static func multiply(
    _ a: Buffer<Double>, transposed aIsTransposed: Bool, _ b: Buffer<Double>,
    transposed bIsTransposed: Bool, into result: Buffer<Double>, rows: Int, columns: Int, depth: Int
  ) {
    product(
      a, aIsTransposed, b, bIsTransposed, result, rows, columns, depth, SIMD8<Double>.self)
  }
}

@inline(__always)
private func product<Row: SIMD>(
  _ a: Buffer<Row.Scalar>, _ aIsTransposed: Bool, _ b: Buffer<Row.Scalar>, _ bIsTransposed: Bool,
  _ result: Buffer<Row.Scalar>, _ rows: Int, _ columns: Int, _ depth: Int, _ row: Row.Type
) where Row.Scalar: TensorScalar {
  check(
    a.count == rows * depth && b.count == depth * columns && result.count == rows * columns,
    "a product [\(rows), \(depth)] · [\(depth), \(columns)] of buffers of \(a.count), \(b.count) "
      + "and \(result.count)")
  guard depth > 0 else { return result.base.update(repeating: 0, count: result.count) }
  let left = Matrix(a.base, rows: rows, columns: depth, isTransposed: aIsTransposed)
  let right = Matrix(b.base, rows: depth, columns: columns, isTransposed: bIsTransposed)

  // Equal passes: 784 is 2 × 392, not 400 + 384.
  let passes = (depth + maximumDepth - 1) / maximumDepth
  let depthStep = (depth + passes - 1) / passes
  let width = Row.scalarCount
  // A copy pays for itself where many rows use it, or where the rows of `b` would fall into the same
  // few sets of the cache: an odd number of lines apart, they do not.
  let (lines, rest) = (columns * MemoryLayout<Row.Scalar>.stride).quotientAndRemainder(
    dividingBy: 64)
  let isSpread = rest == 0 && lines % 2 == 1
  let copiesRight =
    bIsTransposed || b.count > smallCount && rows > (isSpread ? depth > 128 ? 256 : .max : 24)
  let leftSlot = tileRows * depthStep
  let rightSlot = width * depthStep
  let leftPanels = Buffer<Row.Scalar>(
    uninitialized: aIsTransposed
      ? (min(rows, maximumRows) / 4 + 2 * max(Threads.count, 1)) * leftSlot : 0)
  let rightPanels = Buffer<Row.Scalar>(
    uninitialized: (copiesRight ? panelCount(min(columns, maximumColumns), width) : 1) * rightSlot)

  for firstColumn in stride(from: 0, to: columns, by: maximumColumns) {
    let someColumns = min(maximumColumns, columns - firstColumn)
    let across = panelCount(someColumns, width)
    // Without a copy only a last, narrow panel is filled up with zeros.
    let firstCopied = copiesRight ? 0 : someColumns / width
    for first in stride(from: 0, to: depth, by: depthStep) {
      let someDepth = min(depthStep, depth - first)
      for firstRow in stride(from: 0, to: rows, by: maximumRows) {
        let someRows = min(maximumRows, rows - firstRow)
        let isParallel = someRows * someColumns * someDepth > smallWork
        let grain = isParallel ? 1 : Int.max
        let target = result.base + firstRow * columns + firstColumn

        if firstRow == 0 {
          parallel(across - firstCopied, grain: grain) { range in
            for panel in range {
              let column = (firstCopied + panel) * width
              copyColumns(
                right, first, someDepth, firstColumn + column, min(width, someColumns - column),
                rightPanels.base + panel * rightSlot, row)
            }
          }
        }

        func copyLeft(_ panels: RowPanels, to slot: Int) {
          guard aIsTransposed else { return }
          for i in 0..<panels.count {
            copyRows(
              left, first, someDepth, firstRow + panels.start(i), panels.rows(i),
              leftPanels.base + (slot + i) * leftSlot)
          }
        }
        func tiles(_ panels: RowPanels, from slot: Int, _ acrossRange: Range<Int>) {
          for j in acrossRange {
            let isCopied = j >= firstCopied
            let rightPanel =
              isCopied
              ? UnsafePointer(rightPanels.base + (j - firstCopied) * rightSlot)
              : right.at(first, firstColumn + j * width)
            let someWidth = min(width, someColumns - j * width)
            for i in 0..<panels.count {
              let start = panels.start(i)
              let leftPanel =
                aIsTransposed
                ? UnsafePointer(leftPanels.base + (slot + i) * leftSlot)
                : left.at(firstRow + start, first)
              multiplyTile(
                leftPanel, aIsTransposed ? 1 : left.rowStride, aIsTransposed ? tileRows : 1,
                rightPanel, isCopied ? width : right.rowStride, someDepth,
                target + start * columns + j * width, columns, panels.rows(i), someWidth,
                row, isTall: i < panels.sixes, continues: first > 0)
            }
          }
        }
        // Threads share out the rows or, where these are few, the columns.
        let threads = isParallel ? max(Threads.count, 1) : 1
        if someRows >= 2 * tileRows * threads {
          parallel(threads, grain: 1) { range in
            for piece in range {
              let panels = RowPanels(
                (someRows * piece / threads)..<(someRows * (piece + 1) / threads))
              let slot = panels.range.lowerBound / 4 + 2 * piece
              copyLeft(panels, to: slot)
              tiles(panels, from: slot, 0..<across)
            }
          }
        } else {
          let panels = RowPanels(0..<someRows)
          copyLeft(panels, to: 0)
          parallel(across, grain: grain) { tiles(panels, from: 0, $0) }
        }
      }
    }
  }
}

private func panelCount(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

/// A range of rows cut into panels of six and, so that little is left over, up to two of four.
private struct RowPanels {
  let range: Range<Int>
  let sixes: Int
  let count: Int

  init(_ range: Range<Int>) {
    self.range = range
    let even = (range.count + 1) & ~1
    let fours = even == 2 ? 1 : (6 - even % 6) % 6 / 2
    sixes = max(0, (even - 4 * fours) / 6)
    count = sixes + fours
  }

  @inline(__always)
  func start(_ panel: Int) -> Int {
    range.lowerBound + 6 * min(panel, sixes) + 4 * max(panel - sixes, 0)
  }

  @inline(__always)
  func rows(_ panel: Int) -> Int {
    min(panel < sixes ? 6 : 4, range.upperBound - start(panel))
  }
}

/// Copies `count` columns of `matrix` into a panel of `Row` vectors, one a summed index; the
/// missing columns of the last panel become zero.
@inline(__always)
private func copyColumns<Row: SIMD>(
  _ matrix: Matrix<Row.Scalar>, _ first: Int, _ depth: Int, _ firstColumn: Int, _ count: Int,
  _ panel: UnsafeMutablePointer<Row.Scalar>, _: Row.Type
) where Row.Scalar: TensorScalar {
  let width = Row.scalarCount
  let source = matrix.at(first, firstColumn)
  if count == width && matrix.columnStride == 1 {
    for k in 0..<depth {
      let row = UnsafeRawPointer(source + k * matrix.rowStride).loadUnaligned(as: Row.self)
      UnsafeMutableRawPointer(panel + k * width).storeBytes(of: row, as: Row.self)
    }
  } else if count == width {
    // Transposed: blocks of four by four, of which two rounds of shuffles make columns of rows.
    let whole = depth & ~3
    for j in stride(from: 0, to: width, by: 4) {
      for k in stride(from: 0, to: whole, by: 4) {
        func column(_ i: Int) -> SIMD4<Row.Scalar> {
          UnsafeRawPointer(source + (j + i) * matrix.columnStride + k)
            .loadUnaligned(as: SIMD4<Row.Scalar>.self)
        }
        var (low, high) = (
          SIMD8(lowHalf: column(0), highHalf: column(1)),
          SIMD8(lowHalf: column(2), highHalf: column(3))
        )
        for _ in 0..<2 {
          (low, high) = (
            SIMD8(lowHalf: low.evenHalf, highHalf: high.evenHalf),
            SIMD8(lowHalf: low.oddHalf, highHalf: high.oddHalf)
          )
        }
        func store(_ row: SIMD4<Row.Scalar>, _ i: Int) {
          UnsafeMutableRawPointer(panel + (k + i) * width + j)
            .storeBytes(of: row, as: SIMD4<Row.Scalar>.self)
        }
        store(low.lowHalf, 0)
        store(low.highHalf, 1)
        store(high.lowHalf, 2)
        store(high.highHalf, 3)
      }
      for k in whole..<depth {
        for i in j..<(j + 4) { panel[k * width + i] = source[i * matrix.columnStride + k] }
      }
    }
  } else {
    panel.update(repeating: 0, count: depth * width)
    for j in 0..<count {
      let column = source + j * matrix.columnStride
      for k in 0..<depth { panel[k &* width &+ j] = column[k &* matrix.rowStride] }
    }
  }
}

/// Copies `count` rows of a transposed matrix into a panel of `tileRows` scalars a summed index;
/// what stands for the missing rows of the last panel is never kept.
@inline(__always)
private func copyRows<Scalar: TensorScalar>(
  _ matrix: Matrix<Scalar>, _ first: Int, _ depth: Int, _ firstRow: Int, _ count: Int,
  _ panel: UnsafeMutablePointer<Scalar>
) {
  let source = matrix.at(firstRow, first)
  for k in 0..<depth {
    let (from, to) = (source + k * matrix.columnStride, panel + k * tileRows)
    if count == tileRows {
      for i in 0..<tileRows { to[i] = from[i] }
    } else {
      for i in 0..<tileRows { to[i] = i < count ? from[i] : 0 }
    }
  }
}

/// One tile of the result: six rows, or four if it is not tall, of one `Row`, of which `rows` ×
/// `columns` are kept.
///
/// Element (i, k) of the left panel is `left[i * leftStride + k * leftStep]`, row k of the right one
/// begins at `right[k * rightStep]`. If `continues`, the sums go on from what `result` holds.
@inline(__always)
private func multiplyTile<Row: SIMD>(
  _ left: UnsafePointer<Row.Scalar>, _ leftStride: Int, _ leftStep: Int,
  _ right: UnsafePointer<Row.Scalar>, _ rightStep: Int, _ depth: Int,
  _ result: UnsafeMutablePointer<Row.Scalar>, _ stride: Int, _ rows: Int, _ columns: Int,
  _: Row.Type, isTall: Bool, continues: Bool
) where Row.Scalar: TensorScalar {
  var (c0, c1, c2) = (Row.zero, Row.zero, Row.zero)
  var (c3, c4, c5) = (Row.zero, Row.zero, Row.zero)
  let isWhole = rows == (isTall ? 6 : 4) && columns == Row.scalarCount
  let raw = UnsafeMutableRawPointer(result)
  let bytes = stride * MemoryLayout<Row.Scalar>.stride
  if continues {
    if isWhole {
      c0 = raw.loadUnaligned(as: Row.self)
      c1 = raw.loadUnaligned(fromByteOffset: bytes, as: Row.self)
      c2 = raw.loadUnaligned(fromByteOffset: 2 * bytes, as: Row.self)
      c3 = raw.loadUnaligned(fromByteOffset: 3 * bytes, as: Row.self)
      if isTall {
        c4 = raw.loadUnaligned(fromByteOffset: 4 * bytes, as: Row.self)
        c5 = raw.loadUnaligned(fromByteOffset: 5 * bytes, as: Row.self)
      }
    } else {
      func partialRow(_ i: Int) -> Row {
        var row = Row.zero
        if i < rows { for j in 0..<columns { row[j] = result[i * stride + j] } }
        return row
      }
      (c0, c1, c2) = (partialRow(0), partialRow(1), partialRow(2))
      (c3, c4, c5) = (partialRow(3), partialRow(4), partialRow(5))
    }
  }
  // Rows that are missing at the end repeat the last one; their sums are not kept.
  let (a0, a1) = (left, left + min(1, rows - 1) * leftStride)
  let (a2, a3) = (left + min(2, rows - 1) * leftStride, left + min(3, rows - 1) * leftStride)
  let (a4, a5) = (left + min(4, rows - 1) * leftStride, left + min(5, rows - 1) * leftStride)
  let rightBytes = rightStep * MemoryLayout<Row.Scalar>.stride
  var b = UnsafeRawPointer(right)
  var k = 0
  if isTall {
    for _ in 0..<depth {
      let row = b.loadUnaligned(as: Row.self)
      add(a0[k], row, to: &c0)
      add(a1[k], row, to: &c1)
      add(a2[k], row, to: &c2)
      add(a3[k], row, to: &c3)
      add(a4[k], row, to: &c4)
      add(a5[k], row, to: &c5)
      k &+= leftStep
      b += rightBytes
    }
  } else {
    for _ in 0..<depth {
      let row = b.loadUnaligned(as: Row.self)
      add(a0[k], row, to: &c0)
      add(a1[k], row, to: &c1)
      add(a2[k], row, to: &c2)
      add(a3[k], row, to: &c3)
      k &+= leftStep
      b += rightBytes
    }
  }
  if isWhole {
    raw.storeBytes(of: c0, as: Row.self)
    raw.storeBytes(of: c1, toByteOffset: bytes, as: Row.self)
    raw.storeBytes(of: c2, toByteOffset: 2 * bytes, as: Row.self)
    raw.storeBytes(of: c3, toByteOffset: 3 * bytes, as: Row.self)
    if isTall {
      raw.storeBytes(of: c4, toByteOffset: 4 * bytes, as: Row.self)
      raw.storeBytes(of: c5, toByteOffset: 5 * bytes, as: Row.self)
    }
  } else {
    func store(_ row: Row, _ i: Int) {
      if i < rows { for j in 0..<columns { result[i * stride + j] = row[j] } }
    }
    store(c0, 0)
    store(c1, 1)
    store(c2, 2)
    store(c3, 3)
    if isTall {
      store(c4, 4)
      store(c5, 5)
    }
  }
}

/// sum ← a · row + sum, rounded once.
@inline(__always)
private func add<Row: SIMD>(_ a: Row.Scalar, _ row: Row, to sum: inout Row)
where Row.Scalar: TensorScalar {
  #if PORTABLE
    if Row.self == SIMD16<Float>.self {
      let result = fusedMultiplyAdd(
        unsafeBitCast(Row(repeating: a), to: SIMD16<Float>.self),
        unsafeBitCast(row, to: SIMD16<Float>.self), unsafeBitCast(sum, to: SIMD16<Float>.self))
      sum = unsafeBitCast(result, to: Row.self)
      return
    }
  #endif
  sum.addProduct(Row(repeating: a), row)
}

#if PORTABLE
  /// a · b + c rounded once, on a processor that has no such instruction: a library call for each
  /// number would take ten times as long.
  ///
  /// The product of two floats is exact in double. The sum is rounded to odd, which keeps in its last
  /// bit whether anything was cut off; then rounding to float is right (Boldo and Melquiond,
  /// "Emulation of a FMA and correctly rounded sums", 2008, theorem 1).
  @inline(__always)
  private func fusedMultiplyAdd(
    _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>
  ) -> SIMD16<Float> {
    SIMD16(
      lowHalf: fusedMultiplyAdd(a.lowHalf, b.lowHalf, c.lowHalf),
      highHalf: fusedMultiplyAdd(a.highHalf, b.highHalf, c.highHalf))
  }

  @inline(__always)
  private func fusedMultiplyAdd(
    _ a: SIMD8<Float>, _ b: SIMD8<Float>, _ c: SIMD8<Float>
  ) -> SIMD8<Float> {
    let product = SIMD8<Double>(a) * SIMD8<Double>(b)
    let addend = SIMD8<Double>(c)
    let sum = product + addend
    let other = sum - product
    let error = (product - (sum - other)) + (addend - other)
    // One unit in the last place towards what was cut off, if that makes the last bit odd. Without
    // comparisons: the oldest processors have none for 64-bit lanes.
    let bits = unsafeBitCast(sum, to: SIMD8<UInt64>.self)
    let errorBits = unsafeBitCast(error, to: SIMD8<UInt64>.self)
    let size = errorBits & 0x7fff_ffff_ffff_ffff
    let isInexact = (size &+ 0x7fff_ffff_ffff_ffff) &>> 63
    let isNaN = (0x7ff0_0000_0000_0000 &- size) &>> 63
    let isMoved = isInexact & ~isNaN & ~bits
    let isDown = isMoved & ((bits ^ errorBits) &>> 63)
    let odd = bits &+ (isMoved & 1) &- (isDown &<< 1)
    return SIMD8<Float>(unsafeBitCast(odd, to: SIMD8<Double>.self))
  }
#endif
