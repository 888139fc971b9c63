import Synchronization

// The product of two matrices, after Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication" (2008): the inner loop keeps a tile of the result in registers. Where it saves
// time, the operands are first copied into panels, as wide or as high as a tile, which the loop
// reads from front to back.
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
/// A right operand of at most this many scalars stays in the first-level cache and is read in
/// place.
private let smallCount = 8192
/// Fewer multiplications than this are not worth a second thread.
private let smallWork = 400_000

/// A matrix in memory, or its transpose: element (i, j) is `base[i * rowStride + j * columnStride]`,
/// and one of the strides is 1.
@safe private struct Matrix<Scalar> {
  let base: UnsafePointer<Scalar>
  let rowStride: Int
  let columnStride: Int

  init(_ base: UnsafePointer<Scalar>, rows: Int, columns: Int, isTransposed: Bool) {
    unsafe self.base = unsafe base
    rowStride = isTransposed ? 1 : columns
    columnStride = isTransposed ? rows : 1
  }

  @inline(__always)
  func at(_ row: Int, _ column: Int) -> UnsafePointer<Scalar> {
    unsafe base + (row &* rowStride &+ column &* columnStride)
  }
}

/// `result` = `a` · `b`, of shape [rows, columns], summed over `depth`, and `plus` a bias for each
/// column where there is one. A transposed operand lies in memory as [depth, rows] or [columns,
/// depth].
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func multiply<Scalar: TensorScalar>(
  _ a: Buffer<Scalar>, transposed aIsTransposed: Bool = false, _ b: Buffer<Scalar>,
  transposed bIsTransposed: Bool = false, plus bias: Buffer<Scalar>? = nil,
  into result: borrowing MutableBuffer<Scalar>, rows: Int, columns: Int, depth: Int
) {
  check(
    a.count == rows * depth && b.count == depth * columns && result.count == rows * columns,
    "a product [\(rows), \(depth)] · [\(depth), \(columns)] of buffers of \(a.count), \(b.count) "
      + "and \(result.count)")
  check(
    bias == nil || bias!.count == columns,
    "a bias of \(bias?.count ?? 0) for \(columns) columns")
  defer { withExtendedLifetime((a, b, bias)) {} }
  let left = unsafe Matrix(a.base, rows: rows, columns: depth, isTransposed: aIsTransposed)
  let right = unsafe Matrix(b.base, rows: depth, columns: columns, isTransposed: bIsTransposed)
  let product = unsafe Product(
    left: left, right: right, bias: bias?.base, result: result.base, rows: rows, columns: columns,
    depth: depth)
  if depth == 0 {
    product.fillWithBias()
  } else if !product.formByAdding(Scalar.Row.self) {
    product.form(Scalar.Row.self)
  }
}

/// A product whose operands and result lie in memory.
@safe private struct Product<Scalar: TensorScalar> {
  let left, right: Matrix<Scalar>
  let bias: UnsafePointer<Scalar>?
  let result: UnsafeMutablePointer<Scalar>
  let rows, columns, depth: Int

  /// The product if there is nothing to sum over.
  @inline(__always)
  func fillWithBias() {
    for i in 0..<rows {
      for j in 0..<columns { unsafe result[i * columns + j] = unsafe bias?[j] ?? 0 }
    }
  }

  @inline(__always)
  func form<Row: SIMD>(_ row: Row.Type) where Row.Scalar == Scalar {
    // Equal passes: 784 is 2 × 392, not 400 + 384.
    let passes = (depth + maximumDepth - 1) / maximumDepth
    let depthStep = (depth + passes - 1) / passes
    let width = Row.scalarCount
    let threads = max(1, min(Threads.count, maximumRows))
    let (aIsTransposed, bIsTransposed) = (left.columnStride != 1, right.columnStride != 1)
    // A copy pays for itself if many rows use it, or if the rows of `b` would fall into the same
    // few sets of the cache. Rows that are an odd number of cache lines apart do not.
    let (lines, rest) = (columns * MemoryLayout<Scalar>.stride).quotientAndRemainder(
      dividingBy: 64)
    let isSpread = rest == 0 && lines % 2 == 1
    let copiesRight =
      bIsTransposed
      || depth * columns > smallCount && rows > (isSpread ? depth > 128 ? 256 : .max : 24)
    let leftSlot = tileRows * depthStep
    let rightSlot = width * depthStep
    let mostBlocks = min(piecesPerThread * threads, maximumRows / (2 * tileRows))
    let leftSize =
      aIsTransposed ? (min(rows, maximumRows) / 4 + 2 * mostBlocks) * leftSlot : 0
    let rightSize =
      (copiesRight ? panelCount(min(columns, maximumColumns), width) : 1) * rightSlot
    unsafe withScratch(Scalar.self, leftSize) { leftPanels in
      unsafe withScratch(Scalar.self, rightSize) { rightPanels in
        for firstColumn in stride(from: 0, to: columns, by: maximumColumns) {
          let someColumns = min(maximumColumns, columns - firstColumn)
          let across = panelCount(someColumns, width)
          // Without a copy, only a last, narrow panel is padded with zeros.
          let firstCopied = copiesRight ? 0 : someColumns / width
          for first in stride(from: 0, to: depth, by: depthStep) {
            let someDepth = min(depthStep, depth - first)
            let isLast = first + someDepth == depth
            for firstRow in stride(from: 0, to: rows, by: maximumRows) {
              let someRows = min(maximumRows, rows - firstRow)
              let isParallel = someRows * someColumns * someDepth > smallWork
              let grain = isParallel ? 1 : Int.max
              let target = unsafe result + firstRow * columns + firstColumn

              if firstRow == 0 {
                parallel(across - firstCopied, grain: grain) { range in
                  for panel in range {
                    let column = (firstCopied + panel) * width
                    unsafe copyColumns(
                      right, first, someDepth, firstColumn + column,
                      min(width, someColumns - column), rightPanels + panel * rightSlot, row)
                  }
                }
              }

              func copyLeft(_ panels: RowPanels, to slot: Int) {
                guard aIsTransposed else { return }
                for i in 0..<panels.count {
                  unsafe copyRows(
                    left, first, someDepth, firstRow + panels.start(i), panels.rows(i),
                    leftPanels + (slot + i) * leftSlot)
                }
              }
              func tiles(_ panels: RowPanels, from slot: Int, _ acrossRange: Range<Int>) {
                for j in acrossRange {
                  let isCopied = j >= firstCopied
                  let rightPanel =
                    unsafe isCopied
                    ? UnsafePointer(rightPanels + (j - firstCopied) * rightSlot)
                    : right.at(first, firstColumn + j * width)
                  let someWidth = min(width, someColumns - j * width)
                  for i in 0..<panels.count {
                    let start = panels.start(i)
                    let leftPanel =
                      unsafe aIsTransposed
                      ? UnsafePointer(leftPanels + (slot + i) * leftSlot)
                      : left.at(firstRow + start, first)
                    unsafe multiplyTile(
                      leftPanel, aIsTransposed ? 1 : left.rowStride, aIsTransposed ? tileRows : 1,
                      rightPanel, isCopied ? width : right.rowStride, someDepth,
                      target + start * columns + j * width, columns, panels.rows(i), someWidth,
                      isLast ? bias.map { unsafe $0 + firstColumn + j * width } : nil,
                      row, isTall: i < panels.sixes, continues: first > 0)
                  }
                }
              }
              // Threads share the blocks of rows. A transposed left operand is copied by the thread
              // that works on its rows; otherwise the blocks are also cut across, into smaller
              // pieces.
              let whole = someRows / (2 * tileRows)
              if isParallel && whole >= threads {
                let down = aIsTransposed ? min(whole, mostBlocks) : threads
                let cuts = aIsTransposed ? 1 : min(across, piecesPerThread)
                parallel(down * cuts, grain: 1) { range in
                  for piece in range {
                    let (cut, block) = piece.quotientAndRemainder(dividingBy: down)
                    let panels = RowPanels(
                      (someRows * block / down)..<(someRows * (block + 1) / down))
                    let slot = panels.range.lowerBound / 4 + 2 * block
                    copyLeft(panels, to: slot)
                    tiles(panels, from: slot, (across * cut / cuts)..<(across * (cut + 1) / cuts))
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
    }
  }
}

// MARK: - Products with zeros and ones

/// The rows of the right operand that are worked on at once: a block of them stays in the
/// first-level cache.
private let skippedDepth = 96
/// The tiles' widths that are worked on at once: eight AVX registers.
private let skippedWidths = 4

extension Product {
  /// Forms the product if most of the left operand is 0, as pixels are, the rest of it is 1, and
  /// the right operand is finite. Then it is enough to add up those rows of the right operand that
  /// meet a 1. That changes no bit, because 1 · w + s rounds as w + s does, and 0 · w + s = s. (The
  /// exception is s = −0, but a sum that begins at +0 never becomes −0.) An infinite w must not be
  /// skipped, because 0 · ∞ is NaN. Returns whether it formed the product.
  @inline(__always)
  func formByAdding<Row: SIMD>(_: Row.Type) -> Bool where Row.Scalar == Scalar {
    guard rows * columns * depth > smallWork, columns >= Row.scalarCount, right.columnStride == 1,
      looksBinary, unsafe isBinary(left.base, rows * depth),
      unsafe isFinite(right.base, depth * columns)
    else { return false }
    let blockSize = rows < 256 ? 16 : 32
    parallel(panelCount(rows, blockSize), grain: 1) { blocks in
      // For each row of a block: where its ones are, how many there are, and how many are done.
      unsafe withScratch(Float.self, blockSize * (depth + 2)) { memory in
        let places = unsafe UnsafeMutableRawPointer(memory).bindMemory(
          to: UInt32.self, capacity: blockSize * (depth + 2))
        let counts = unsafe places + blockSize * depth
        let done = unsafe counts + blockSize
        for block in blocks {
          let first = block * blockSize
          let count = min(blockSize, rows - first)
          unsafe list(first, count, places, counts)
          unsafe addListed(first, count, places, counts, done, Row.self)
        }
      }
    }
    return true
  }

  /// A guess from a sample. If it is wrong, that costs time but changes no result.
  private var looksBinary: Bool {
    let count = rows * depth
    var ones = 0
    for i in 0..<512 {
      let x = unsafe left.base[i &* 7919 % count]
      if x == 1 { ones += 1 } else if x != 0 { return false }
    }
    return ones < 512 * 3 / 10
  }

  /// Whether all numbers are 0 or 1.
  private func isBinary(_ base: UnsafePointer<Scalar>, _ count: Int) -> Bool {
    // x² − x, scaled up so that its square does not underflow to 0, however small it is.
    let root = Scalar.greatestFiniteMagnitude.squareRoot()
    let scale = root * root.squareRoot()
    let isBinary = Atomic<Bool>(true)
    parallel(count, grain: 32768) { range in
      var sums = SIMD16<Scalar>.zero
      let whole = range.lowerBound + range.count & ~15
      for i in stride(from: range.lowerBound, to: whole, by: 16) {
        let x = unsafe UnsafeRawPointer(base + i).loadUnaligned(as: SIMD16<Scalar>.self)
        let rest = x * (x - 1) * scale
        sums += rest * rest
      }
      for i in whole..<range.upperBound {
        let rest = unsafe base[i] * (base[i] - 1) * scale
        sums[0] += rest * rest
      }
      if sums != .zero { isBinary.store(false, ordering: .relaxed) }
    }
    return isBinary.load(ordering: .relaxed)
  }

  /// Whether there is neither an infinity nor a NaN among the numbers.
  private func isFinite(_ base: UnsafePointer<Scalar>, _ count: Int) -> Bool {
    let isFinite = Atomic<Bool>(true)
    parallel(count, grain: 32768) { range in
      // 0 · x is 0 if x is finite, and NaN otherwise.
      var sums = SIMD16<Scalar>.zero
      let whole = range.lowerBound + range.count & ~15
      for i in stride(from: range.lowerBound, to: whole, by: 16) {
        unsafe sums += UnsafeRawPointer(base + i).loadUnaligned(as: SIMD16<Scalar>.self) * 0
      }
      for i in whole..<range.upperBound { unsafe sums[0] += base[i] * 0 }
      if sums != .zero { isFinite.store(false, ordering: .relaxed) }
    }
    return isFinite.load(ordering: .relaxed)
  }

  /// Lists the positions of the ones in `count` rows, without branches: the last bit of the
  /// exponent tells 0 from 1.
  @inline(__always)
  private func list(
    _ first: Int, _ count: Int, _ places: UnsafeMutablePointer<UInt32>,
    _ counts: UnsafeMutablePointer<UInt32>
  ) {
    let (rowStride, columnStride, depth) = (left.rowStride, left.columnStride, depth)
    let base = unsafe left.at(first, 0)
    if columnStride == 1 {
      for i in 0..<count {
        let (row, target) = unsafe (base + i * rowStride, places + i * depth)
        var ones = 0
        for k in 0..<depth {
          unsafe target[ones] = UInt32(truncatingIfNeeded: k)
          ones &+= unsafe Int(truncatingIfNeeded: row[k].exponentBitPattern & 1)
        }
        unsafe counts[i] = UInt32(truncatingIfNeeded: ones)
      }
    } else {
      for i in 0..<count { unsafe counts[i] = 0 }
      for k in 0..<depth {
        let column = unsafe base + k &* columnStride
        for i in 0..<count {
          let ones = unsafe counts[i]
          unsafe places[i &* depth &+ Int(ones)] = UInt32(truncatingIfNeeded: k)
          unsafe counts[i] =
            unsafe ones
            &+ UInt32(truncatingIfNeeded: column[i].exponentBitPattern & 1)
        }
      }
    }
  }

  /// Adds up the rows of the right operand that are in the lists of `count` rows.
  @inline(__always)
  private func addListed<Row: SIMD>(
    _ firstRow: Int, _ count: Int, _ places: UnsafeMutablePointer<UInt32>,
    _ counts: UnsafeMutablePointer<UInt32>, _ done: UnsafeMutablePointer<UInt32>, _: Row.Type
  ) where Row.Scalar == Scalar {
    var column = 0
    while column < columns {
      let rest = columns - column
      let width =
        rest >= skippedWidths * Row.scalarCount
        ? skippedWidths * Row.scalarCount : min(rest, Row.scalarCount)
      for i in 0..<count { unsafe done[i] = 0 }
      for first in stride(from: 0, to: depth, by: skippedDepth) {
        let end = min(first + skippedDepth, depth)
        for i in 0..<count {
          let row = firstRow + i
          var next = unsafe Int(done[i])
          let (ones, number) = unsafe (UnsafePointer(places + i * depth), Int(counts[i]))
          if width == skippedWidths * Row.scalarCount {
            unsafe addFour(
              ones, &next, number, below: end, row, column, first > 0, end == depth, Row.self)
          } else if width == Row.scalarCount {
            unsafe addOne(
              ones, &next, number, below: end, row, column, first > 0, end == depth, Row.self)
          } else {
            unsafe addFew(ones, &next, number, below: end, row, column, first > 0, end == depth)
          }
          unsafe done[i] = UInt32(truncatingIfNeeded: next)
        }
      }
      column += width
    }
  }

  /// Adds rows of the right operand to a part of row `i` of the result: those that `ones` lists
  /// from `next` on, as long as they are less than `below`. The sums go on from what the result
  /// holds, if it `continues`; at the end the bias is added, if there is one.
  @inline(__always)
  private func addFour<Row: SIMD>(
    _ ones: UnsafePointer<UInt32>, _ next: inout Int, _ count: Int, below end: Int, _ i: Int,
    _ column: Int, _ continues: Bool, _ isEnd: Bool, _: Row.Type
  ) where Row.Scalar == Scalar {
    let target = unsafe UnsafeMutableRawPointer(result + i * columns + column)
    let size = MemoryLayout<Row>.size
    var (c0, c1, c2, c3) = (Row.zero, Row.zero, Row.zero, Row.zero)
    if continues {
      c0 = unsafe target.loadUnaligned(as: Row.self)
      c1 = unsafe target.loadUnaligned(fromByteOffset: size, as: Row.self)
      c2 = unsafe target.loadUnaligned(fromByteOffset: 2 * size, as: Row.self)
      c3 = unsafe target.loadUnaligned(fromByteOffset: 3 * size, as: Row.self)
    }
    var n = next
    let base = unsafe UnsafeRawPointer(right.base + column)
    let stride = columns &* MemoryLayout<Scalar>.stride
    while n < count {
      let k = unsafe Int(ones[n])
      if k >= end { break }
      let row = unsafe base + k &* stride
      unsafe c0 += row.loadUnaligned(as: Row.self)
      unsafe c1 += row.loadUnaligned(fromByteOffset: size, as: Row.self)
      unsafe c2 += row.loadUnaligned(fromByteOffset: 2 * size, as: Row.self)
      unsafe c3 += row.loadUnaligned(fromByteOffset: 3 * size, as: Row.self)
      n &+= 1
    }
    next = n
    if isEnd, let bias = unsafe bias {
      let row = unsafe UnsafeRawPointer(bias + column)
      unsafe c0 += row.loadUnaligned(as: Row.self)
      unsafe c1 += row.loadUnaligned(fromByteOffset: size, as: Row.self)
      unsafe c2 += row.loadUnaligned(fromByteOffset: 2 * size, as: Row.self)
      unsafe c3 += row.loadUnaligned(fromByteOffset: 3 * size, as: Row.self)
    }
    unsafe target.storeBytes(of: c0, as: Row.self)
    unsafe target.storeBytes(of: c1, toByteOffset: size, as: Row.self)
    unsafe target.storeBytes(of: c2, toByteOffset: 2 * size, as: Row.self)
    unsafe target.storeBytes(of: c3, toByteOffset: 3 * size, as: Row.self)
  }

  /// The same with one vector.
  @inline(__always)
  private func addOne<Row: SIMD>(
    _ ones: UnsafePointer<UInt32>, _ next: inout Int, _ count: Int, below end: Int, _ i: Int,
    _ column: Int, _ continues: Bool, _ isEnd: Bool, _: Row.Type
  ) where Row.Scalar == Scalar {
    let target = unsafe UnsafeMutableRawPointer(result + i * columns + column)
    var sum = unsafe continues ? target.loadUnaligned(as: Row.self) : Row.zero
    while next < count, unsafe ones[next] < end {
      let row = unsafe UnsafeRawPointer(right.at(Int(ones[next]), column))
      unsafe sum += row.loadUnaligned(as: Row.self)
      next &+= 1
    }
    if isEnd, let bias = unsafe bias {
      unsafe sum += UnsafeRawPointer(bias + column).loadUnaligned(as: Row.self)
    }
    unsafe target.storeBytes(of: sum, as: Row.self)
  }

  /// The same with the columns at the end, fewer than a vector has.
  @inline(__always)
  private func addFew(
    _ ones: UnsafePointer<UInt32>, _ next: inout Int, _ count: Int, below end: Int, _ i: Int,
    _ column: Int, _ continues: Bool, _ isEnd: Bool
  ) {
    let start = next
    for j in column..<columns {
      var sum = unsafe continues ? result[i * columns + j] : 0
      next = start
      while next < count, unsafe ones[next] < end {
        unsafe sum += right.at(Int(ones[next]), j).pointee
        next &+= 1
      }
      if isEnd, let bias = unsafe bias { unsafe sum += bias[j] }
      unsafe result[i * columns + j] = sum
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

/// Copies `count` columns of `matrix` into a panel of `Row` vectors, one for each summed index; the
/// missing columns of the last panel become zero.
@inline(__always)
private func copyColumns<Row: SIMD>(
  _ matrix: Matrix<Row.Scalar>, _ first: Int, _ depth: Int, _ firstColumn: Int, _ count: Int,
  _ panel: UnsafeMutablePointer<Row.Scalar>, _: Row.Type
) where Row.Scalar: TensorScalar {
  let width = Row.scalarCount
  let source = unsafe matrix.at(first, firstColumn)
  if count == width && matrix.columnStride == 1 {
    for k in 0..<depth {
      let row = unsafe UnsafeRawPointer(source + k * matrix.rowStride).loadUnaligned(as: Row.self)
      unsafe UnsafeMutableRawPointer(panel + k * width).storeBytes(of: row, as: Row.self)
    }
  } else if count == width {
    // Transposed: in blocks of four by four, two rounds of shuffles turn columns into rows.
    let whole = depth & ~3
    for j in stride(from: 0, to: width, by: 4) {
      for k in stride(from: 0, to: whole, by: 4) {
        func column(_ i: Int) -> SIMD4<Row.Scalar> {
          unsafe UnsafeRawPointer(source + (j + i) * matrix.columnStride + k)
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
          unsafe UnsafeMutableRawPointer(panel + (k + i) * width + j)
            .storeBytes(of: row, as: SIMD4<Row.Scalar>.self)
        }
        store(low.lowHalf, 0)
        store(low.highHalf, 1)
        store(high.lowHalf, 2)
        store(high.highHalf, 3)
      }
      for k in whole..<depth {
        for i in j..<(j + 4) {
          unsafe panel[k * width + i] = unsafe source[i * matrix.columnStride + k]
        }
      }
    }
  } else {
    unsafe panel.update(repeating: 0, count: depth * width)
    for j in 0..<count {
      let column = unsafe source + j * matrix.columnStride
      for k in 0..<depth { unsafe panel[k &* width &+ j] = unsafe column[k &* matrix.rowStride] }
    }
  }
}

/// Copies `count` rows of a transposed matrix into a panel of `tileRows` scalars for each summed
/// index. The sums for the missing rows of the last panel are never kept.
@inline(__always)
private func copyRows<Scalar: TensorScalar>(
  _ matrix: Matrix<Scalar>, _ first: Int, _ depth: Int, _ firstRow: Int, _ count: Int,
  _ panel: UnsafeMutablePointer<Scalar>
) {
  let source = unsafe matrix.at(firstRow, first)
  for k in 0..<depth {
    let (from, to) = unsafe (source + k * matrix.columnStride, panel + k * tileRows)
    if count == tileRows {
      for i in 0..<tileRows { unsafe to[i] = unsafe from[i] }
    } else {
      for i in 0..<tileRows { unsafe to[i] = unsafe i < count ? from[i] : 0 }
    }
  }
}

/// One tile of the result: six rows, or four if it is not tall, of one `Row`, of which `rows` ×
/// `columns` are kept.
///
/// Element (i, k) of the left panel is `left[i * leftStride + k * leftStep]`, row k of the right one
/// begins at `right[k * rightStep]`. If `continues`, the sums go on from what `result` holds. At the
/// end the `bias` is added, if there is one.
@inline(__always)
private func multiplyTile<Row: SIMD>(
  _ left: UnsafePointer<Row.Scalar>, _ leftStride: Int, _ leftStep: Int,
  _ right: UnsafePointer<Row.Scalar>, _ rightStep: Int, _ depth: Int,
  _ result: UnsafeMutablePointer<Row.Scalar>, _ stride: Int, _ rows: Int, _ columns: Int,
  _ bias: UnsafePointer<Row.Scalar>?, _: Row.Type, isTall: Bool, continues: Bool
) where Row.Scalar: TensorScalar {
  var (c0, c1, c2) = (Row.zero, Row.zero, Row.zero)
  var (c3, c4, c5) = (Row.zero, Row.zero, Row.zero)
  let isWhole = rows == (isTall ? 6 : 4) && columns == Row.scalarCount
  let raw = UnsafeMutableRawPointer(result)
  let bytes = stride * MemoryLayout<Row.Scalar>.stride
  if continues {
    if isWhole {
      c0 = unsafe raw.loadUnaligned(as: Row.self)
      c1 = unsafe raw.loadUnaligned(fromByteOffset: bytes, as: Row.self)
      c2 = unsafe raw.loadUnaligned(fromByteOffset: 2 * bytes, as: Row.self)
      c3 = unsafe raw.loadUnaligned(fromByteOffset: 3 * bytes, as: Row.self)
      if isTall {
        c4 = unsafe raw.loadUnaligned(fromByteOffset: 4 * bytes, as: Row.self)
        c5 = unsafe raw.loadUnaligned(fromByteOffset: 5 * bytes, as: Row.self)
      }
    } else {
      func partialRow(_ i: Int) -> Row {
        var row = Row.zero
        if i < rows { for j in 0..<columns { row[j] = unsafe result[i * stride + j] } }
        return row
      }
      (c0, c1, c2) = (partialRow(0), partialRow(1), partialRow(2))
      (c3, c4, c5) = (partialRow(3), partialRow(4), partialRow(5))
    }
  }
  // Rows that are missing at the end repeat the last one; their sums are not kept.
  let (a0, a1) = unsafe (left, left + min(1, rows - 1) * leftStride)
  let (a2, a3) = unsafe (left + min(2, rows - 1) * leftStride, left + min(3, rows - 1) * leftStride)
  let (a4, a5) = unsafe (left + min(4, rows - 1) * leftStride, left + min(5, rows - 1) * leftStride)
  let rightBytes = rightStep * MemoryLayout<Row.Scalar>.stride
  var b = unsafe UnsafeRawPointer(right)
  var k = 0
  if isTall {
    for _ in 0..<depth {
      let row = unsafe b.loadUnaligned(as: Row.self)
      unsafe add(a0[k], row, to: &c0)
      unsafe add(a1[k], row, to: &c1)
      unsafe add(a2[k], row, to: &c2)
      unsafe add(a3[k], row, to: &c3)
      unsafe add(a4[k], row, to: &c4)
      unsafe add(a5[k], row, to: &c5)
      k &+= leftStep
      unsafe b += rightBytes
    }
  } else {
    for _ in 0..<depth {
      let row = unsafe b.loadUnaligned(as: Row.self)
      unsafe add(a0[k], row, to: &c0)
      unsafe add(a1[k], row, to: &c1)
      unsafe add(a2[k], row, to: &c2)
      unsafe add(a3[k], row, to: &c3)
      k &+= leftStep
      unsafe b += rightBytes
    }
  }
  if let bias = unsafe bias {
    var row = Row.zero
    if columns == Row.scalarCount {
      row = unsafe UnsafeRawPointer(bias).loadUnaligned(as: Row.self)
    } else {
      for j in 0..<columns { row[j] = unsafe bias[j] }
    }
    (c0, c1, c2) = (c0 + row, c1 + row, c2 + row)
    (c3, c4, c5) = (c3 + row, c4 + row, c5 + row)
  }
  if isWhole {
    unsafe raw.storeBytes(of: c0, as: Row.self)
    unsafe raw.storeBytes(of: c1, toByteOffset: bytes, as: Row.self)
    unsafe raw.storeBytes(of: c2, toByteOffset: 2 * bytes, as: Row.self)
    unsafe raw.storeBytes(of: c3, toByteOffset: 3 * bytes, as: Row.self)
    if isTall {
      unsafe raw.storeBytes(of: c4, toByteOffset: 4 * bytes, as: Row.self)
      unsafe raw.storeBytes(of: c5, toByteOffset: 5 * bytes, as: Row.self)
    }
  } else {
    func store(_ row: Row, _ i: Int) {
      if i < rows { for j in 0..<columns { unsafe result[i * stride + j] = row[j] } }
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
      let result = unsafe fusedMultiplyAdd(
        unsafeBitCast(Row(repeating: a), to: SIMD16<Float>.self),
        unsafeBitCast(row, to: SIMD16<Float>.self), unsafeBitCast(sum, to: SIMD16<Float>.self))
      sum = unsafe unsafeBitCast(result, to: Row.self)
      return
    }
  #endif
  sum.addProduct(Row(repeating: a), row)
}

#if PORTABLE
  /// a · b + c rounded once, on a processor that has no such instruction: a library call for each
  /// number would take ten times as long.
  ///
  /// The product of two floats is exact in double. The sum is rounded to odd, which records in its
  /// last bit whether anything was cut off; then rounding to float is correct (Boldo and Melquiond,
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
    // Moves one unit in the last place towards what was cut off, if that makes the last bit odd.
    // There are no comparisons, because the oldest processors have none for 64-bit lanes.
    let bits = unsafe unsafeBitCast(sum, to: SIMD8<UInt64>.self)
    let errorBits = unsafe unsafeBitCast(error, to: SIMD8<UInt64>.self)
    let size = errorBits & 0x7fff_ffff_ffff_ffff
    let isInexact = (size &+ 0x7fff_ffff_ffff_ffff) &>> 63
    let isNaN = (0x7ff0_0000_0000_0000 &- size) &>> 63
    let isMoved = isInexact & ~isNaN & ~bits
    let isDown = isMoved & ((bits ^ errorBits) &>> 63)
    let odd = bits &+ (isMoved & 1) &- (isDown &<< 1)
    return unsafe SIMD8<Float>(unsafeBitCast(odd, to: SIMD8<Double>.self))
  }
#endif
