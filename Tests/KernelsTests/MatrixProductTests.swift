import Testing

@testable import Kernels

/// What the definition of a product needs, written for each type: generic loops take ten times as
/// long in a debug build.
private protocol Factor: TensorScalar {
  /// Σ a · b over the summed index, from 0 upwards, each step a fused multiply-add.
  static func chain(
    _ a: [Self], from aStart: Int, _ b: [Self], from bStart: Int, step: Int, depth: Int
  ) -> Self
}

extension Float: Factor {
  fileprivate static func chain(
    _ a: [Float], from aStart: Int, _ b: [Float], from bStart: Int, step: Int, depth: Int
  ) -> Float {
    var sum: Float = 0
    for k in 0..<depth { sum.addProduct(a[aStart + k], b[bStart + k * step]) }
    return sum
  }
}

extension Double: Factor {
  fileprivate static func chain(
    _ a: [Double], from aStart: Int, _ b: [Double], from bStart: Int, step: Int, depth: Int
  ) -> Double {
    var sum = 0.0
    for k in 0..<depth { sum.addProduct(a[aStart + k], b[bStart + k * step]) }
    return sum
  }
}

private struct Size: Sendable, CustomTestStringConvertible {
  let rows, columns, depth: Int

  init(_ rows: Int, _ columns: Int, _ depth: Int) {
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
  }

  var testDescription: String { "[\(rows), \(depth)] · [\(depth), \(columns)]" }
}

/// A product [rows, depth] · [depth, columns] with its operands.
private struct Product<Scalar: Factor> {
  let size: Size
  let left, right: Buffer<Scalar>

  /// Operands between −1 and 1.
  init(_ size: Size) {
    self.size = size
    func operand(_ count: Int, key: UInt64) -> Buffer<Scalar> {
      let numbers = Buffer<Scalar>(uninitialized: count)
      Threefry(key: key).fillUniform(numbers, from: 0)
      let (two, one) = (Buffer<Scalar>([2]), Buffer<Scalar>([1]))
      let scalar = Broadcast([count], [1])
      Scalar.combine(.multiply, numbers, two, along: scalar, into: numbers)
      Scalar.combine(.subtract, numbers, one, along: scalar, into: numbers)
      return numbers
    }
    left = operand(size.rows * size.depth, key: 1)
    right = operand(size.depth * size.columns, key: 2)
  }

  init(_ size: Size, _ left: [Scalar], _ right: [Scalar]) {
    self.size = size
    self.left = Buffer(left)
    self.right = Buffer(right)
  }

  /// The kernel's result with operands that lie in memory as they are, or transposed.
  func result(leftIsTransposed: Bool = false, rightIsTransposed: Bool = false) -> [Scalar] {
    let (rows, columns, depth) = (size.rows, size.columns, size.depth)
    // Whatever was in the result before must not matter.
    let result = Buffer<Scalar>(repeating: .nan, count: rows * columns)
    Scalar.multiply(
      leftIsTransposed ? transposed(left, rows, depth) : left, transposed: leftIsTransposed,
      rightIsTransposed ? transposed(right, depth, columns) : right,
      transposed: rightIsTransposed, into: result, rows: rows, columns: columns, depth: depth)
    return result.array
  }

  /// The results with all four ways that the operands can lie in memory.
  var results: [[Scalar]] {
    [(false, false), (false, true), (true, false), (true, true)].map {
      result(leftIsTransposed: $0.0, rightIsTransposed: $0.1)
    }
  }

  /// Elements of the product by their definition.
  func definition(at elements: [(row: Int, column: Int)]) -> [Scalar] {
    let (left, right) = (left.array, right.array)
    return elements.map {
      .chain(
        left, from: $0.row * size.depth, right, from: $0.column, step: size.columns,
        depth: size.depth)
    }
  }

  var definition: [Scalar] {
    definition(
      at: (0..<size.rows).flatMap { row in (0..<size.columns).map { (row, $0) } })
  }

  private func transposed(_ x: Buffer<Scalar>, _ rows: Int, _ columns: Int) -> Buffer<Scalar> {
    let result = Buffer<Scalar>(uninitialized: x.count)
    copy(
      x, strides: [0, 0, 1, columns], into: result, strides: [0, 0, rows, 1],
      extents: [1, 1, columns, rows])
    return result
  }
}

/// Numbers below, at and above the extents of a tile, and each size up to 40 once on every axis.
private let smallSizes: [Size] = {
  let extents = [1, 2, 5, 6, 7, 8, 13, 16, 17, 33]
  let grid = extents.flatMap { rows in
    extents.flatMap { columns in extents.map { Size(rows, columns, $0) } }
  }
  return grid + (1...40).flatMap { [Size($0, 19, 9), Size(13, $0, 9), Size(8, 18, $0)] }
}()

/// Sizes around the limits of blocks, panels and threads in MatrixProduct.swift.
private let largeSizes = [
  // The depth of one pass, and of two and three.
  Size(13, 35, 399), Size(13, 35, 400), Size(13, 35, 401), Size(12, 16, 800), Size(7, 17, 801),
  Size(13, 33, 1201),
  // The rows and columns of a block.
  Size(767, 17, 5), Size(768, 16, 5), Size(769, 17, 401), Size(1537, 3, 7),
  Size(7, 3071, 5), Size(6, 3072, 5), Size(13, 3073, 401), Size(5, 6145, 3),
  // A right operand that is small enough to stay where it lies, with few and many rows; and one
  // whose rows are an odd number of cache lines apart.
  Size(24, 128, 64), Size(25, 128, 64), Size(24, 129, 64), Size(25, 129, 64),
  Size(256, 144, 128), Size(257, 144, 128), Size(256, 144, 129), Size(257, 144, 129),
  // Rows that leave each remainder when they are cut into panels of six and four.
  Size(66, 40, 300), Size(67, 40, 300), Size(68, 40, 300), Size(69, 40, 300), Size(70, 40, 300),
  // The work that is worth a second thread; blocks in all three directions at once.
  Size(100, 100, 40), Size(100, 100, 41), Size(770, 3074, 402),
  // The layers of a variational autoencoder, forwards and backwards.
  Size(128, 400, 784), Size(784, 400, 128), Size(128, 784, 400), Size(128, 20, 400),
]

@Suite struct MatrixProductTests {
  @Test func everyElementIsOneChainOfFusedMultiplyAdds() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      for size in smallSizes {
        let product = Product<Scalar>(size)
        let expected = product.definition
        for result in product.results { #expect(result == expected, "\(size)") }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("So it is across blocks, in the corners and at random places", arguments: largeSizes)
  private func blocks(size: Size) {
    func check<Scalar: Factor>(_: Scalar.Type) {
      func places(_ count: Int, _ limits: [Int], seed: UInt64) -> [Int] {
        let edges = [0, count - 1] + limits.flatMap { [$0 - 1, $0] }
        let random = (0..<8).map { Int(Threefry(key: seed).bits(at: $0) % UInt64(count)) }
        return (edges + random).filter { $0 >= 0 && $0 < count }
      }
      let elements = places(size.rows, [6, 768], seed: 3).flatMap { row in
        places(size.columns, [16, 3072], seed: 4).map { (row: row, column: $0) }
      }
      let product = Product<Scalar>(size)
      let expected = product.definition(at: elements)
      let results = product.results
      for result in results {
        #expect(elements.map { result[$0.row * size.columns + $0.column] } == expected)
        #expect(result == results[0])
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Threads", arguments: [Size(200, 150, 90), Size(13, 3073, 401), Size(800, 17, 50)])
  private func threadsChangeNoBit(size: Size) {
    func check<Scalar: Factor>(_: Scalar.Type) {
      let product = Product<Scalar>(size)
      let expected = Threads.$count.withValue(1) { product.results }
      for threads in 2...4 {
        #expect(Threads.$count.withValue(threads) { product.results } == expected)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func productsWithoutDepthAreZeroAndWithoutRowsEmpty() {
    for result in Product<Float>(Size(3, 5, 0)).results {
      #expect(result == [Float](repeating: 0, count: 15))
    }
    for size in [Size(0, 5, 4), Size(3, 0, 4), Size(0, 0, 0)] {
      #expect(Product<Double>(size).results.allSatisfy { $0.isEmpty })
    }
  }

  @Test("Infinities and NaN spread as far as the definition says, and no farther")
  func notANumber() {
    for size in [Size(7, 17, 5), Size(13, 33, 20), Size(1, 1, 3), Size(14, 130, 70)] {
      for special in [Double.nan, .infinity, -.infinity] {
        var product = Product<Double>(size)
        var (left, right) = (product.left.array, product.right.array)
        left[left.count / 2] = special
        right[right.count / 3] = special
        right[right.count - 1] = 0
        product = Product(size, left, right)
        let expected = product.definition
        #expect(expected.contains { !$0.isFinite })
        for result in product.results {
          #expect(zip(result, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        }
      }
    }
  }

  @Test("A product has one rounding less than its sum: 1 − (1 + ε)(1 − ε) = ε²")
  func fused() {
    let e = Float.ulpOfOne
    let product = Product<Float>(Size(1, 1, 2), [1, 1 + e], [-1, 1 - e])
    #expect(product.result() == [-e * e])
  }

  @Test func sizesThatDoNotFitStopTheProgram() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Buffer<Float>(repeating: 1, count: 6)
      Float.multiply(
        x, transposed: false, x, transposed: false, into: x, rows: 2, columns: 3, depth: 2)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a product [2, 2] · [2, 3] of buffers of 6, 6 and 6"))
  }
}
