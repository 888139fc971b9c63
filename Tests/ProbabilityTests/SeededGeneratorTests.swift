import Autodiff
import StatisticalChecks
import Testing

@testable import Probability

@Suite struct SeededGeneratorTests {
  @Test("A generator is restored from its key and position")
  func stateIsKeyAndPosition() {
    var generator = SeededGenerator(seed: 7)
    let first = (0..<10).map { _ in generator.next() }
    #expect(generator == SeededGenerator(key: 7, position: 10))

    var restored = SeededGenerator(key: 7, position: 4)
    #expect(restored.next() == first[4])
    var advanced = SeededGenerator(seed: 7)
    advanced.advance(by: 9)
    #expect(advanced.next() == first[9])
    #expect(Set(first).count == 10)
  }

  /// The first line is Random123's vector for zeros; the rest pins the algorithms down: these
  /// numbers are the same on every machine and may never change.
  @Test("The numbers of a seed stay the same from version to version")
  func numbersNeverChange() {
    var generator = SeededGenerator(seed: 0)
    #expect(generator.next() == 0x99ba_4efe_6b20_0159)
    #expect(generator.permutation(of: 8) == [1, 4, 2, 5, 3, 0, 7, 6])
    #expect((0..<8).map { _ in generator.integer(below: 100) } == [50, 87, 45, 32, 99, 40, 41, 59])
    #expect(generator.stream(1).key == 6_734_250_640_167_061_647)
    #expect(
      Tensor<Float>.normal([4], using: &generator).scalars
        == [-0.3088117, 1.0824715, -0.60056865, -1.2494936])
    #expect(
      generator.normal(count: 4)
        == [-0.9405746439723099, 0.764866887652824, -1.6984714894043027, 0.8278944864475439])
  }

  @Test func streamsDoNotDependOnThePosition() {
    var generator = SeededGenerator(seed: 1)
    let stream = generator.stream(3)
    _ = generator.next()
    #expect(generator.stream(3) == stream)
    #expect(Set((0..<1000).map { generator.stream($0).key }).count == 1000)
  }

  @Test func everyBitIsFair() {
    var generator = SeededGenerator(seed: 2)
    var ones = [Int](repeating: 0, count: 64)
    let count = 100_000
    for _ in 0..<count {
      let bits = generator.next()
      for bit in 0..<64 { ones[bit] += Int(bits >> UInt64(bit) & 1) }
    }
    let statistic = ones.reduce(0.0) {
      $0 + (Double($1) - Double(count) / 2) * (Double($1) - Double(count) / 2) * 4 / Double(count)
    }
    #expect(statistic < chiSquareLimit(degreesOfFreedom: 64))
  }

  @Test(arguments: 0..<8) func everyByteIsFair(byte: UInt64) {
    var generator = SeededGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 256)
    for _ in 0..<50_000 { counts[Int(generator.next() >> (8 * byte) & 255)] += 1 }
    #expect(chiSquare(counts) < chiSquareLimit(degreesOfFreedom: 255))
  }

  /// Neighbours of a counter-based generator differ in a few input bits: half the output bits flip.
  @Test(arguments: 0..<64) func oneBitOfSeedOrPositionFlipsHalfOfTheOutput(bit: UInt64) {
    var flips = (seed: [Double](), position: [Double]())
    for sample in 0..<500 as Range<UInt64> {
      let (key, position) = (sample &* 0x9E37_79B9_7F4A_7C15, sample)
      var generator = SeededGenerator(key: key, position: position)
      var otherSeed = SeededGenerator(key: key ^ 1 << bit, position: position)
      var otherPosition = SeededGenerator(key: key, position: position ^ 1 << bit)
      let bits = generator.next()
      flips.seed.append(Double((bits ^ otherSeed.next()).nonzeroBitCount))
      flips.position.append(Double((bits ^ otherPosition.next()).nonzeroBitCount))
    }
    #expect(deviation(of: flips.seed, from: 32, variance: 16) < millionthDeviation)
    #expect(deviation(of: flips.position, from: 32, variance: 16) < millionthDeviation)
  }

  /// 3·2⁶¹ does not divide 2⁶⁴: without rejection the classes would stand as 3 : 3 : 2.
  @Test(arguments: [7, 3 << 61]) func integersAreUniform(bound: Int) {
    var generator = SeededGenerator(seed: 4)
    var counts = [Int](repeating: 0, count: bound == 7 ? 7 : 3)
    for _ in 0..<70_000 {
      let integer = generator.integer(below: bound)
      counts[bound == 7 ? integer : integer >> 61] += 1
    }
    #expect(chiSquare(counts) < chiSquareLimit(degreesOfFreedom: counts.count - 1))
  }

  @Test func permutationsAreUniform() {
    var generator = SeededGenerator(seed: 5)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[generator.permutation(of: 4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < chiSquareLimit(degreesOfFreedom: 23))
  }

  @Test(arguments: [0, 1, 2, 1000]) func permutationsHoldEveryIndexOnce(count: Int) {
    var generator = SeededGenerator(seed: 6)
    #expect(generator.permutation(of: count).sorted() == Array(0..<count))
  }
}
