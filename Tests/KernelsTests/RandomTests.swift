import Foundation
import Testing

@testable import Kernels

@Suite struct RandomTests {
  /// Test vectors of Random123's `kat_vectors`, lines "threefry2x32 20".
  @Test(
    "The random bits are those of Random123's published test vectors",
    arguments: [
      (0, 0, 0x99ba_4efe_6b20_0159),
      (.max, .max, 0xbb00_2be7_1cb9_96fc),
      (0x0370_7344_1319_8a2e, 0x85a3_08d3_243f_6a88, 0x483d_f7a0_c492_3a9c),
    ] as [(UInt64, UInt64, UInt64)])
  func agreesWithPublishedVectors(key: UInt64, position: UInt64, bits: UInt64) {
    #expect(Threefry(key: key).bits(at: position) == bits)
    #expect(plainThreefry(key: key, position: position) == bits)
  }

  /// Starts before, on and after a carry into the high word, and before the end of all positions.
  static let starts: [UInt64] = [0, 1 << 32 - 21, 1 << 32, 77 << 32 - 5, .max - 30]

  @Test("A uniform number consists of the upper bits of its place in the row", arguments: starts)
  func uniformNumbers(start: UInt64) {
    let generator = Threefry(key: 0x0123_4567_89ab_cdef)
    let floats = Buffer<Float>(count: 75) { generator.fillUniform($0, from: start) }.array
    let doubles = Buffer<Double>(count: 75) { generator.fillUniform($0, from: start) }.array
    for i in 0..<75 {
      #expect(floats[i] == Float(word(generator.key, start, i) >> 8) / 0x1p24)
      let bits = plainThreefry(key: generator.key, position: start &+ UInt64(i))
      #expect(bits == generator.bits(at: start &+ UInt64(i)))
      #expect(doubles[i] == Double(bits >> 11) / 0x1p53)
    }
  }

  /// Against the system's functions of 2πt, a rounded number.
  @Test("Normal numbers follow the formula of Box and Muller", arguments: starts)
  func normalNumbers(start: UInt64) {
    let key: UInt64 = 42
    let generator = Threefry(key: key)
    let floats = Buffer<Float>(count: 75) { generator.fillNormal($0, from: start) }.array
    let doubles = Buffer<Double>(count: 75) { generator.fillNormal($0, from: start) }.array
    func unit(_ i: Int) -> Double {
      Double(plainThreefry(key: key, position: start &+ UInt64(i)) >> 11) / 0x1p53
    }
    for i in 0..<75 {
      let even = i & ~1
      let (u, t) = (
        Double(word(key, start, even)) / 0x1p32, Double(word(key, start, even + 1)) / 0x1p32
      )
      let float = boxMuller(u, t, isSine: i != even)
      // The rounding to Float is half an ulp; a second half where the two doubles straddle a tie.
      #expect(abs(floats[i] - Float(float)) <= Float(float).ulp)
      let double = boxMuller(unit(even), unit(even + 1), isSine: i != even)
      // The rounding of 2πt comes to at most 6.2 ulps of r; those of the logarithms, roots, cosines
      // and products on both sides to fewer.
      #expect(abs(doubles[i] - double) <= 12 * (-2 * log(1 - unit(even))).squareRoot().ulp)
    }
  }

  @Test("A row of random numbers is the same whether it is written at once or in pieces")
  func pieces() {
    let generator = Threefry(key: 3)
    let cuts = [0, 1, 16, 17, 47, 48, 100, 133, 352, 499, 500]
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let fills = unsafe [
        unsafe Scalar.fillUniform, unsafe Scalar.fillNormal, unsafe Scalar.fillBernoulli,
      ]
      for index in unsafe fills.indices {
        let fill = unsafe fills[index]
        var whole = (0..<500).map { Scalar($0) / 499 }
        var inPieces = whole
        unsafe whole.withUnsafeMutableBufferPointer {
          unsafe fill($0.baseAddress!, 0..<500, generator, 9)
        }
        unsafe inPieces.withUnsafeMutableBufferPointer {
          for (start, end) in zip(cuts, cuts.dropFirst()) {
            unsafe fill($0.baseAddress!, start..<end, generator, 9)
          }
        }
        #expect(whole == inPieces)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A piece of a row leaves the numbers before and after it alone")
  func neighboursOfAPiece() {
    var row = [Float](repeating: -1, count: 100)
    unsafe row.withUnsafeMutableBufferPointer {
      unsafe Float.fillUniform($0.baseAddress!, 33..<71, Threefry(key: 0), from: 0)
    }
    #expect(row.indices.filter { row[$0] != -1 } == Array(33..<71))
  }

  @Test("Random numbers do not depend on the number of threads")
  func threads() {
    let generator = Threefry(key: 5)
    func draw<Scalar: TensorScalar>(_: Scalar.Type, threads: Int) -> [[Scalar]] {
      Threads.$count.withValue(threads) {
        let probabilities = Buffer<Scalar>(repeating: 0.25, count: 70_001)
        return [
          written(70_001) { generator.fillUniform($0, from: 1) }.array,
          written(70_001) { generator.fillNormal($0, from: 2) }.array,
          written(over: probabilities) { generator.fillBernoulli(probabilities: $0, from: 3) }
            .array,
        ]
      }
    }
    #expect(draw(Float.self, threads: 1) == draw(Float.self, threads: 3))
    #expect(draw(Double.self, threads: 1) == draw(Double.self, threads: 3))
    let pixels = (0..<70_001).map { UInt8(truncatingIfNeeded: $0) }
    let drawn = [1, 3].map { threads in
      Threads.$count.withValue(threads) {
        written(pixels.count) { generator.fillBernoulli($0, pixels: pixels, from: 4) }.array
      }
    }
    #expect(drawn[0] == drawn[1])
  }

  @Test("A Bernoulli number is 1 where the uniform number of its place is below the probability")
  func bernoulliNumbers() {
    let generator = Threefry(key: 6)
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let uniform = Buffer<Scalar>(count: 999) { generator.fillUniform($0, from: 0) }.array
      let probabilities = (0..<999).map { Scalar($0 % 10) / 9 }
      let drawn = written(over: Buffer(probabilities)) {
        generator.fillBernoulli(probabilities: $0, from: 0)
      }
      #expect(drawn.array == zip(uniform, probabilities).map { $0 < $1 ? 1 : 0 })
    }
    check(Float.self)
    check(Double.self)
    let words = (0..<999).map { word(generator.key, 0, $0) }
    let pixels = (0..<999).map { UInt8(truncatingIfNeeded: $0) }
    let binarised = Buffer<Float>(count: 999) {
      generator.fillBernoulli($0, pixels: pixels, from: 0)
    }
    #expect(
      binarised.array
        == zip(words, pixels).map { UInt64($0) * 255 < UInt64($1) * 0xFFFF_FFFF ? 1 : 0 })
  }

  @Test("The square root of vectors is right to a unit in the last place")
  func vectorRoots() {
    #expect(squareRoot(.zero) == .zero)
    for step in 0..<20_000 {
      // From 2⁻⁵³, all exponents and many fractions, up to 74, the most that Box and Muller need.
      let x = 0x1p-53 * exp2(Double(step) * 59.2 / 20_000)
      let root = squareRoot(SIMD8(repeating: x))[5]
      #expect(abs(root - x.squareRoot()) <= root.ulp)
    }
  }

  @Test("Black pixels are never 1 and white pixels always, to the last random word")
  func blackAndWhitePixels() {
    let words: [UInt32] = [0, 1, 0x0101_0100, 0x0101_0101, .max - 1, .max]
    func draw(_ pixel: UInt8) -> [Float] {
      words.map { bernoulli(words: .init(repeating: $0), pixels: .init(repeating: pixel))[0] }
    }
    #expect(draw(0) == [0, 0, 0, 0, 0, 0])
    #expect(draw(1) == [1, 1, 1, 0, 0, 0])
    #expect(draw(254) == [1, 1, 1, 1, 0, 0])
    #expect(draw(255) == [1, 1, 1, 1, 1, 1])
  }
}

/// The cipher word that element i of a 32-bit row takes.
private func word(_ key: UInt64, _ start: UInt64, _ i: Int) -> UInt32 {
  let bits = plainThreefry(key: key, position: start &+ UInt64(i / 2))
  return UInt32(truncatingIfNeeded: i % 2 == 0 ? bits : bits >> 32)
}

private func boxMuller(_ u: Double, _ turns: Double, isSine: Bool) -> Double {
  let radius = (-2 * log(1 - u)).squareRoot()
  return radius * (isSine ? sin(2 * .pi * turns) : cos(2 * .pi * turns))
}

/// The cipher written as in the paper, one round after another on two words.
private func plainThreefry(key: UInt64, position: UInt64) -> UInt64 {
  let first = UInt32(truncatingIfNeeded: key)
  let second = UInt32(truncatingIfNeeded: key >> 32)
  let keys = [first, second, 0x1BD1_1BDA ^ first ^ second]
  var x = UInt32(truncatingIfNeeded: position) &+ keys[0]
  var y = UInt32(truncatingIfNeeded: position >> 32) &+ keys[1]
  for round in 0..<20 {
    let rotation = UInt32([13, 15, 26, 6, 17, 29, 16, 24][round % 8])
    x &+= y
    y = (y << rotation | y >> (32 - rotation)) ^ x
    if round % 4 == 3 {
      let injection = round / 4 + 1
      x &+= keys[injection % 3]
      y &+= keys[(injection + 1) % 3] &+ UInt32(injection)
    }
  }
  return UInt64(y) << 32 | UInt64(x)
}
