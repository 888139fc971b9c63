import Foundation
import Testing

@testable import Kernels

@Suite struct RandomTests {
  /// Test vectors of Random123's `kat_vectors`, lines "threefry2x32 20".
  @Test(
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

  @Test(arguments: starts)
  func uniformsAreTheBitsOfTheirPositions(start: UInt64) {
    let generator = Threefry(key: 0x0123_4567_89ab_cdef)
    let floats = filled(0 as Float, count: 75) { generator.fillUniform($0, $1, from: start) }
    let doubles = filled(0.0, count: 75) { generator.fillUniform($0, $1, from: start) }
    for i in 0..<75 {
      #expect(floats[i] == Float(word(generator.key, start, i) >> 8) / 0x1p24)
      let bits = plainThreefry(key: generator.key, position: start &+ UInt64(i))
      #expect(bits == generator.bits(at: start &+ UInt64(i)))
      #expect(doubles[i] == Double(bits >> 11) / 0x1p53)
    }
  }

  /// Against the system's functions of 2πt, a rounded number.
  @Test(arguments: starts)
  func normalsArePairsOfBoxAndMuller(start: UInt64) {
    let key: UInt64 = 42
    let generator = Threefry(key: key)
    let floats = filled(0 as Float, count: 75) { generator.fillNormal($0, $1, from: start) }
    let doubles = filled(0.0, count: 75) { generator.fillNormal($0, $1, from: start) }
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

  @Test func fillsDoNotDependOnTheirPieces() {
    let generator = Threefry(key: 3)
    let probabilities = (0..<500).map { Double($0) / 499 }
    let pixels = (0..<500).map { UInt8(truncatingIfNeeded: 7 * $0) }
    let cuts = [0, 1, 16, 17, 47, 48, 100, 133, 352, 499, 500]
    func check<Scalar: TensorScalar>(
      _ zero: Scalar, _ fill: (UnsafeMutablePointer<Scalar>, Range<Int>) -> Void
    ) {
      let whole = filled(zero, count: 500, fill)
      let inPieces = filled(zero, count: 500) { target, _ in
        for (start, end) in zip(cuts, cuts.dropFirst()) { fill(target, start..<end) }
      }
      #expect(whole == inPieces)
    }
    check(0 as Float) { generator.fillUniform($0, $1, from: 9) }
    check(0.0) { generator.fillUniform($0, $1, from: 9) }
    check(0 as Float) { generator.fillNormal($0, $1, from: 9) }
    check(0.0) { generator.fillNormal($0, $1, from: 9) }
    check(0.0) { generator.fillBernoulli($0, $1, from: 9, probabilities: probabilities) }
    check(0 as Float) {
      generator.fillBernoulli($0, $1, from: 9, probabilities: probabilities.map(Float.init))
    }
    check(0 as Float) { generator.fillBernoulli($0, $1, from: 9, pixels: pixels) }
  }

  @Test func piecesLeaveTheRestAlone() {
    let target = filled(-1 as Float, count: 100) { target, _ in
      Threefry(key: 0).fillUniform(target, 33..<71, from: 0)
    }
    #expect(target.indices.filter { target[$0] != -1 } == Array(33..<71))
  }

  @Test func fillsDoNotDependOnThreads() {
    let generator = Threefry(key: 5)
    func draw<Scalar: TensorScalar>(_: Scalar.Type, threads: Int) -> [[Scalar]] {
      Threads.$count.withValue(threads) {
        let buffers = (0..<3).map { _ in Buffer<Scalar>(repeating: 0.25, count: 70_001) }
        generator.fillUniform(buffers[0], from: 1)
        generator.fillNormal(buffers[1], from: 2)
        generator.fillBernoulli(probabilities: buffers[2], from: 3)
        return buffers.map(\.array)
      }
    }
    #expect(draw(Float.self, threads: 1) == draw(Float.self, threads: 3))
    #expect(draw(Double.self, threads: 1) == draw(Double.self, threads: 3))
    let pixels = (0..<70_001).map { UInt8(truncatingIfNeeded: $0) }
    let drawn = [1, 3].map { threads in
      Threads.$count.withValue(threads) {
        let buffer = Buffer<Float>(uninitialized: pixels.count)
        generator.fillBernoulli(buffer, pixels: pixels, from: 4)
        return buffer.array
      }
    }
    #expect(drawn[0] == drawn[1])
  }

  @Test func bernoulliComparesUniformsWithProbabilities() {
    let generator = Threefry(key: 6)
    let uniform = filled(0 as Float, count: 999) { generator.fillUniform($0, $1, from: 0) }
    let probabilities = (0..<999).map { Float($0 % 10) / 9 }
    let drawn = filled(-1 as Float, count: 999) {
      generator.fillBernoulli($0, $1, from: 0, probabilities: probabilities)
    }
    #expect(drawn == zip(uniform, probabilities).map { $0 < $1 ? 1 : 0 })
    let words = (0..<999).map { word(generator.key, 0, $0) }
    let pixels = (0..<999).map { UInt8(truncatingIfNeeded: $0) }
    let binarised = filled(-1 as Float, count: 999) {
      generator.fillBernoulli($0, $1, from: 0, pixels: pixels)
    }
    #expect(
      binarised == zip(words, pixels).map { UInt64($0) * 255 < UInt64($1) * 0xFFFF_FFFF ? 1 : 0 })
  }

  @Test func squareRootIsWithinAnUlp() {
    #expect(squareRoot(.zero) == .zero)
    for step in 0..<20_000 {
      // From 2⁻⁵³, all exponents and many fractions, up to 74, the most that Box and Muller need.
      let x = 0x1p-53 * exp2(Double(step) * 59.2 / 20_000)
      let root = squareRoot(SIMD8(repeating: x))[5]
      #expect(abs(root - x.squareRoot()) <= root.ulp)
    }
  }

  @Test func pixelProbabilitiesAreExactAtTheEnds() {
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

private func filled<Scalar>(
  _ value: Scalar, count: Int, _ fill: (UnsafeMutablePointer<Scalar>, Range<Int>) -> Void
) -> [Scalar] {
  var values = [Scalar](repeating: value, count: count)
  values.withUnsafeMutableBufferPointer { fill($0.baseAddress!, 0..<count) }
  return values
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
