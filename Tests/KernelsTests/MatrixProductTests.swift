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

/// A product [rows, depth] · [depth, columns] with its operands, and a bias for each column if there
/// is one.
private struct Product<Scalar: Factor> {
  let size: Size
  let left, right: Buffer<Scalar>
  var bias: Buffer<Scalar>?

  /// Operands between −1 and 1.
  init(_ size: Size) {
    self.size = size
    left = uniform(size.rows * size.depth, key: 1)
    right = uniform(size.depth * size.columns, key: 2)
  }

  init(_ size: Size, _ left: [Scalar], _ right: [Scalar], plus bias: [Scalar]? = nil) {
    self.size = size
    self.left = Buffer(left)
    self.right = Buffer(right)
    self.bias = bias.map { Buffer($0) }
  }

  /// The kernel's result with operands that lie in memory as they are, or transposed.
  func result(leftIsTransposed: Bool = false, rightIsTransposed: Bool = false) -> [Scalar] {
    let (rows, columns, depth) = (size.rows, size.columns, size.depth)
    // Whatever was in the result before must not matter.
    return written(rows * columns) {
      multiply(
        leftIsTransposed ? transposed(left, rows, depth) : left, transposed: leftIsTransposed,
        rightIsTransposed ? transposed(right, depth, columns) : right,
        transposed: rightIsTransposed, plus: bias, into: $0, rows: rows, columns: columns,
        depth: depth)
    }.array
  }

  /// The results with all four ways that the operands can lie in memory.
  var results: [[Scalar]] {
    [(false, false), (false, true), (true, false), (true, true)].map {
      result(leftIsTransposed: $0.0, rightIsTransposed: $0.1)
    }
  }

  /// Elements of the product by their definition.
  func definition(at elements: [(row: Int, column: Int)]) -> [Scalar] {
    let (left, right, bias) = (left.array, right.array, bias?.array)
    return elements.map { row, column in
      let sum = Scalar.chain(
        left, from: row * size.depth, right, from: column, step: size.columns, depth: size.depth)
      return bias.map { sum + $0[column] } ?? sum
    }
  }

  var definition: [Scalar] {
    definition(
      at: (0..<size.rows).flatMap { row in (0..<size.columns).map { (row, $0) } })
  }

  private func transposed(_ x: Buffer<Scalar>, _ rows: Int, _ columns: Int) -> Buffer<Scalar> {
    written(x.count) { transpose(x, columns: columns, into: $0) }
  }
}

/// Numbers between −1 and 1.
private func uniform<Scalar: TensorScalar>(_ count: Int, key: UInt64) -> Buffer<Scalar> {
  let numbers = Buffer<Scalar>(count: count) { Threefry(key: key).fillUniform($0, from: 0) }
  let (two, one) = (Buffer<Scalar>([2]), Buffer<Scalar>([1]))
  let scalar = Broadcast("×", [count], [1])
  let doubled = Buffer(count: count) { combine(.multiply, numbers, two, along: scalar, into: $0) }
  return Buffer(count: count) { combine(.subtract, doubled, one, along: scalar, into: $0) }
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
  @Test("Every element is one chain of fused multiply-adds, and then the bias is added")
  func definition() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      for size in smallSizes {
        var product = Product<Scalar>(size)
        for bias in [nil, uniform(size.columns, key: 5) as Buffer<Scalar>] {
          product.bias = bias
          let expected = product.definition
          for result in product.results { #expect(result == expected, "\(size)") }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Large products, which are worked on in blocks, are such chains too", arguments: largeSizes)
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
      var product = Product<Scalar>(size)
      product.bias = uniform(size.columns, key: 5)
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

  @Test(
    "The number of threads changes no bit",
    arguments: [Size(200, 150, 90), Size(13, 3073, 401), Size(800, 17, 50)])
  private func threads(size: Size) {
    func check<Scalar: Factor>(_: Scalar.Type) {
      var product = Product<Scalar>(size)
      product.bias = uniform(size.columns, key: 5)
      let expected = Threads.$count.withValue(1) { product.results }
      for threads in 2...4 {
        #expect(Threads.$count.withValue(threads) { product.results } == expected)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A product without depth is zero, or the bias; one without rows or columns is empty")
  func emptyProducts() {
    for result in Product<Float>(Size(3, 5, 0)).results {
      #expect(result == [Float](repeating: 0, count: 15))
    }
    let bias: [Float] = [1, 2, 3, 4, 5]
    for result in Product(Size(3, 5, 0), [], [], plus: bias).results {
      #expect(result == bias + bias + bias)
    }
    for size in [Size(0, 5, 4), Size(3, 0, 4), Size(0, 0, 0)] {
      #expect(Product<Double>(size).results.allSatisfy { $0.isEmpty })
    }
  }

  @Test("Infinities and NaN reach exactly the elements that the definition says")
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
          #expect(isSame(result, expected))
        }
      }
    }
  }

  @Test("A product is not rounded before it is added: (1 + ε)(1 − ε) − 1 = −ε²")
  func fused() {
    let e = Float.ulpOfOne
    let product = Product<Float>(Size(1, 1, 2), [1, 1 + e], [-1, 1 - e])
    #expect(product.result() == [-e * e])
  }

  @Test("Sizes that do not fit stop the program")
  func sizesThatDoNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Buffer<Float>(repeating: 1, count: 6)
      _ = Buffer(count: 6) { multiply(x, x, into: $0, rows: 2, columns: 3, depth: 2) }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a product [2, 2] · [2, 3] of buffers of 6, 6 and 6"))
  }

  @Test("A bias whose size does not fit stops the program")
  func biasThatDoesNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Buffer<Float>(repeating: 1, count: 4)
      _ = Buffer(count: 4) { multiply(x, x, plus: x, into: $0, rows: 2, columns: 2, depth: 2) }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a bias of 4 for 2 columns"))
  }
}

/// A product whose left operand holds mostly zeros and otherwise ones, like the pixels of a binary
/// image: if it is large enough, its rows are made by adding up rows of the right operand.
///
/// Where the right operand lies in memory transposed, that is never done: so the same product has
/// both ways.
@Suite struct BinaryProductTests {
  /// Sizes that are just worth it, around the limits in MatrixProduct.swift: columns that are one or
  /// several vectors of 8 or 16 or four of them, and a few more; depths around blocks of 96.
  private static let sizes = [
    Size(300, 16, 97), Size(261, 17, 96), Size(265, 8, 192), Size(240, 9, 193), Size(140, 31, 95),
    Size(70, 63, 95), Size(68, 64, 97), Size(66, 65, 96), Size(60, 79, 96), Size(9, 130, 385),
    Size(8, 80, 784), Size(1, 4111, 98), Size(700, 40, 15), Size(3, 145, 1000),
  ]

  /// Ones with a probability of 0.2, and zeros.
  private static func pixels<Scalar: TensorScalar>(_ size: Size) -> [Scalar] {
    let probabilities = Buffer<Scalar>(repeating: 0.2, count: size.rows * size.depth)
    return written(over: probabilities) {
      Threefry(key: 3).fillBernoulli(probabilities: $0, from: 0)
    }.array
  }

  private static func product<Scalar: Factor>(
    _ size: Size, _ left: [Scalar]? = nil, _ right: [Scalar]? = nil
  ) -> Product<Scalar> {
    Product(
      size, left ?? pixels(size), right ?? uniform(size.depth * size.columns, key: 2).array,
      plus: uniform(size.columns, key: 5).array)
  }

  @Test("Adding up rows gives the same bits, with any number of threads", arguments: sizes)
  private func definition(size: Size) {
    func check<Scalar: Factor>(_: Scalar.Type) {
      var product: Product<Scalar> = Self.product(size)
      for bias in [product.bias, nil] {
        product.bias = bias
        let expected = product.definition
        for threads in 1...4 {
          let results = Threads.$count.withValue(threads) { product.results }
          for result in results { #expect(haveSameBits(result, expected)) }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Rows that are empty, and rows of ones alone, are right too")
  func fullAndEmptyRows() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      let size = Size(66, 65, 97)
      let left = (0..<size.rows * size.depth).map { $0 / size.depth % 7 == 3 ? 1 : 0 as Scalar }
      for left in [left, left.map { _ in 0 }] {
        let product = Self.product(size, left)
        let expected = product.definition
        for result in product.results { #expect(haveSameBits(result, expected)) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Negative zeros, in any operand, and numbers at both ends of the range change no bit")
  func signsOfZeroAndExtremeNumbers() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      let size = Size(66, 65, 97)
      let negativeZeros = (Self.pixels(size) as [Scalar]).enumerated().map {
        $1 == 0 && $0 % 3 == 0 ? -0.0 : $1
      }
      let extremes: [Scalar] = [
        -0.0, 0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 1, -1,
      ]
      // Whole columns of zeros of either sign, and columns whose sums overflow, and cancel.
      let rights: [[Scalar]] = [
        (0..<size.depth * size.columns).map { extremes[$0 * 5 % 8] },
        (0..<size.depth * size.columns).map { extremes[$0 % size.columns % 8] },
        (0..<size.depth * size.columns).map { _ in -0.0 },
      ]
      for left in [nil, negativeZeros] {
        for right in rights {
          var product = Self.product(size, left, right)
          product.bias = Buffer((0..<size.columns).map { $0 % 2 == 0 ? -0.0 : 1 })
          let expected = product.definition
          for result in product.results { #expect(haveSameBits(result, expected)) }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("0 · ∞ and 0 · NaN are NaN, wherever an infinity or a NaN stands in the right operand")
  func infinitiesAmongTheRightOperand() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      let size = Size(66, 65, 97)
      let finite: [Scalar] = uniform(size.depth * size.columns, key: 2).array
      for special in [Scalar.infinity, -.infinity, .nan, -.nan] {
        for place in [0, 16, 63, 3000, finite.count - 2, finite.count - 1] {
          var right = finite
          right[place] = special
          let product = Self.product(size, nil, right)
          let results = Threads.$count.withValue(place % 3 + 1) { product.results }
          let column = place % size.columns
          for result in results {
            #expect(isSame(result, results[3]))
            let isFinite = (0..<size.columns).map { j in
              (0..<size.rows).allSatisfy { result[$0 * size.columns + j].isFinite }
            }
            #expect(isFinite == (0..<size.columns).map { $0 != column })
            // Most of the left operand is 0.
            let found = (0..<size.rows).filter { result[$0 * size.columns + column].isNaN }
            #expect(found.count > size.rows / 2)
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("One pixel that is neither 0 nor 1 counts as what it is, wherever it stands")
  func aPixelThatIsNeitherZeroNorOne() {
    func check<Scalar: Factor>(_: Scalar.Type) {
      let size = Size(66, 65, 97)
      let pixels: [Scalar] = Self.pixels(size)
      // The kernel looks at a sample of 512 elements first: most of these are not among them.
      for place in [0, 1, 2, 3, 1000, 3001, pixels.count - 2, pixels.count - 1] {
        for gray in [0.5, -1, 2, 1 + Scalar.ulpOfOne, .leastNonzeroMagnitude, .infinity, .nan] {
          var left = pixels
          left[place] = gray
          let product = Self.product(size, left)
          let row = place / size.depth
          let changed = (0..<size.columns).map { (row: row, column: $0) }
          let expected = product.definition(at: changed)
          let results = Threads.$count.withValue(place % 3 + 1) { product.results }
          for result in results {
            #expect(haveSameBits(result, results[3]))
            let found = Array(result[row * size.columns..<(row + 1) * size.columns])
            #expect(haveSameBits(found, expected), "\(gray) at \(place)")
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
