import Testing

@testable import Kernels

/// A kernel's result for numbers of shape [outer, count, inner].
private func reduced<Scalar: TensorScalar>(
  _ reduction: Reduction, _ x: [Scalar], outer: Int = 1, count: Int? = nil, inner: Int = 1
) -> [Scalar] {
  // The memory holds 77, as a sum never does here, and a NaN would pass for the result of one.
  written(over: Buffer(repeating: 77, count: outer * inner)) {
    reduce(reduction, Buffer(x), outer: outer, count: count ?? x.count, inner: inner, into: $0)
  }.array
}

/// Multiples of 2⁻²⁴ between 0 and 1: sums of up to 2²⁹ of them are exact in `Double`.
private func numbers<Scalar: TensorScalar>(_ count: Int, _: Scalar.Type) -> [Scalar] {
  Buffer<Float>(count: count) { Threefry(key: 7).fillUniform($0, from: 0) }.array
    .map { Scalar($0) }
}

private let shapes = [0, 1, 2, 5].flatMap { outer in
  [0, 1, 2, 9, 16, 33].flatMap { count in
    [0, 1, 2, 8, 15, 16, 17, 40].map { inner in (outer: outer, count: count, inner: inner) }
  }
}

@Suite struct ReductionsTests {
  @Test("Along a middle axis, sums of Floats are exact but for one rounding, and maxima exact")
  func middleAxes() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      for (outer, count, inner) in shapes {
        let x = numbers(outer * count * inner, Scalar.self)
        var (sums, maxima): ([Scalar], [Scalar]) = ([], [])
        for i in 0..<outer {
          for j in 0..<inner {
            let line = (0..<count).map { x[(i * count + $0) * inner + j] }
            sums.append(Scalar(line.reduce(0.0) { $0 + Double($1) }))
            maxima.append(line.max() ?? -.infinity)
          }
        }
        let shape = "[\(outer), \(count), \(inner)]"
        #expect(reduced(.sum, x, outer: outer, count: count, inner: inner) == sums, "\(shape)")
        #expect(
          reduced(.maximum, x, outer: outer, count: count, inner: inner) == maxima, "\(shape)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "A long sum of Floats is rounded once, whatever its length",
    arguments: [0, 1, 7, 8, 15, 16, 17, 100, 16_383, 16_384, 16_385, 49_152, 100_001])
  func longSums(count: Int) {
    let x = numbers(count, Float.self)
    let exact = x.reduce(0.0) { $0 + Double($1) }
    #expect(reduced(.sum, x) == [Float(exact)])
    #expect(reduced(.sum, x.map(Double.init)) == [exact])
    // The same numbers as one row of two, and as a column.
    #expect(reduced(.sum, x + x, outer: 2, count: count) == [Float(exact), Float(exact)])
    let columns = x.flatMap { [$0, -$0] }
    #expect(reduced(.sum, columns, count: count, inner: 2) == [Float(exact), -Float(exact)])
  }

  @Test("A million times 0.1 is right to the last bit: the error does not grow with the count")
  func aMillionTenths() {
    let x = [Float](repeating: 0.1, count: 1_000_000)
    // 24 bits times 20 are exact in a Double.
    let exact = 1e6 * Double(Float(0.1))
    #expect(abs(Double(reduced(.sum, x)[0]) - exact) <= Double(Float(exact).ulp))
  }

  @Test("Sums of Doubles are within the bound of any order of summation, n ε Σ|x|")
  func sumsOfDoubles() {
    let x = (0..<50_000).map { index in
      let bits = Threefry(key: 8).bits(at: UInt64(index))
      return (Double(bits >> 11) * 0x1p-52 - 1) * (index % 3 == 0 ? 1e6 : 1)
    }
    // Neumaier's compensated sum is right to the last bit here.
    var (sum, lost) = (0.0, 0.0)
    for number in x {
      let next = sum + number
      lost += abs(sum) > abs(number) ? (sum - next) + number : (number - next) + sum
      sum = next
    }
    let bound = 50_000 * Double.ulpOfOne * x.reduce(0) { $0 + abs($1) }
    #expect(abs(reduced(.sum, x)[0] - (sum + lost)) <= bound)
  }

  @Test("The number of threads changes no bit")
  func threads() {
    let bits = Threefry(key: 9)
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let x = Buffer<Scalar>(count: 120_000) { bits.fillNormal($0, from: 0) }
      for (outer, count, inner) in [(1, 120_000, 1), (300, 400, 1), (1, 300, 400), (2, 300, 200)] {
        for reduction in [Reduction.sum, .maximum] {
          let results = [1, 2, 3, 5].map { threads in
            Threads.$count.withValue(threads) {
              written(outer * inner) {
                reduce(reduction, x, outer: outer, count: count, inner: inner, into: $0)
              }.bytes
            }
          }
          for result in results { #expect(result == results[0]) }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("A NaN anywhere makes the sum and the maximum NaN")
  func notANumber() {
    for count in [1, 2, 16, 40] {
      for place in 0..<count {
        var x = (0..<count).map(Float.init)
        x[place] = .nan
        #expect(reduced(.sum, x)[0].isNaN && reduced(.maximum, x)[0].isNaN)
        let columns: [Float] = x.flatMap { [1, $0] }
        let sums = reduced(.sum, columns, count: count, inner: 2)
        let maxima = reduced(.maximum, columns, count: count, inner: 2)
        #expect(sums[0] == Float(count) && sums[1].isNaN)
        #expect(maxima[0] == 1 && maxima[1].isNaN)
      }
    }
  }

  @Test("Infinities come through, and a sum of Floats may pass the largest Float on its way")
  func infinities() {
    let infinity = Double.infinity
    #expect(reduced(.maximum, [-infinity, -infinity]) == [-infinity])
    #expect(reduced(.maximum, [1, infinity, 2]) == [infinity])
    #expect(reduced(.sum, [1, infinity, 2]) == [infinity])
    #expect(reduced(.sum, [-infinity, infinity])[0].isNaN)
    #expect(
      reduced(
        .sum, [Float.greatestFiniteMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude])
        == [.greatestFiniteMagnitude])
  }

  @Test("Sizes that do not fit stop the program")
  func sizesThatDoNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Buffer<Float>(repeating: 1, count: 6)
      _ = Buffer(count: 6) { reduce(.sum, x, outer: 2, count: 3, inner: 2, into: $0) }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a reduction of [2, 3, 2] from 6 scalars into 6"))
  }
}
