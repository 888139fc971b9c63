import Testing

@testable import Kernels

/// Rows of means, log variances and noise, and what the single operations make of them.
private struct Latent<Scalar: TensorScalar> {
  let rows, columns: Int
  let mean, logVariance, noise, g: Buffer<Scalar>

  init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    mean = Buffer(normals(rows * columns, key: 1))
    logVariance = Buffer(normals(rows * columns, key: 2).map { 3 * $0 })
    noise = Buffer(normals(rows * columns, key: 3))
    g = Buffer(normals(rows, key: 4))
  }

  /// Numbers for each row, repeated for its columns.
  var slopes: Buffer<Scalar> { Buffer(g.array.flatMap { [Scalar](repeating: $0, count: columns) }) }

  /// The four fused kernels, each with the same made of single operations, in the order that the
  /// formulas have in the documentation.
  var pairs: [(name: String, fused: [Scalar], composed: [Scalar])] {
    let count = rows * columns
    let deviation = exp(scaled(logVariance, 0.5))
    let variance = exp(logVariance)
    let one = Buffer<Scalar>(repeating: 1, count: count)
    let terms = combined(
      .add, combined(.multiply, mean, mean),
      combined(.subtract, combined(.subtract, variance, one), logVariance))
    let sums = written(rows) {
      reduce(.sum, terms, outer: rows, count: columns, inner: 1, into: $0)
    }
    let halves = scaled(slopes, 0.5)
    return [
      (
        "sample",
        written(count) {
          sampleNormal(mean: mean, logVariance: logVariance, noise: noise, into: $0)
        }.array, combined(.add, mean, combined(.multiply, deviation, noise)).array
      ),
      (
        "gradient of the sample",
        written(count) {
          sampleNormalGradient(slopes, logVariance: logVariance, noise: noise, into: $0)
        }.array,
        scaled(combined(.multiply, combined(.multiply, slopes, noise), deviation), 0.5).array
      ),
      (
        "divergence",
        written(rows) {
          normalDivergence(mean: mean, logVariance: logVariance, columns: columns, into: $0)
        }.array, scaled(sums, 0.5).array
      ),
      (
        "gradient of the divergence",
        written(count) {
          normalDivergenceGradient(g, logVariance: logVariance, columns: columns, into: $0)
        }.array, combined(.subtract, combined(.multiply, halves, variance), halves).array
      ),
    ]
  }

  private func exp(_ x: Buffer<Scalar>) -> Buffer<Scalar> {
    written(x.count) { apply(.exp, x, into: $0) }
  }

  private func scaled(_ x: Buffer<Scalar>, _ factor: Scalar) -> Buffer<Scalar> {
    combined(.multiply, x, Buffer(repeating: factor, count: x.count))
  }

  private func combined(
    _ operation: BinaryOperation, _ x: Buffer<Scalar>, _ y: Buffer<Scalar>
  ) -> Buffer<Scalar> {
    written(x.count) { combine(operation, x, y, along: nil, into: $0) }
  }
}

@Suite struct NormalTests {
  @Test(
    "Each fused kernel has the bits of the single operations that it replaces",
    arguments: [(1, 1), (3, 2), (7, 20), (5, 33), (1, 513), (0, 4), (4, 0), (300, 50)])
  func sameBits(rows: Int, columns: Int) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      for pair in Latent<Scalar>(rows: rows, columns: columns).pairs {
        #expect(haveSameBits(pair.fused, pair.composed), "the \(pair.name)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("The number of threads changes no bit")
  func threads() {
    let latent = Latent<Float>(rows: 700, columns: 40)
    let expected = Threads.$count.withValue(1) { latent.pairs.map(\.fused) }
    for threads in 2...5 {
      #expect(Threads.$count.withValue(threads) { latent.pairs.map(\.fused) } == expected)
    }
  }

  @Test(
    "Arrays whose sizes do not fit stop the program",
    arguments: [
      "a sample of 6 from buffers of 6, 4 and 6", "the gradient of 6 from buffers of 4, 6 and 6",
      "2 divergences of 3 from buffers of 6 and 4", "2 gradients of 3 from a buffer of 6 into 4",
    ])
  func sizesThatDoNotFit(words: String) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [words = words as String] in
      let (two, four, six) = (
        Buffer<Float>(repeating: 1, count: 2), Buffer<Float>(repeating: 1, count: 4),
        Buffer<Float>(repeating: 1, count: 6)
      )
      if words.contains("sample") {
        _ = written(6) { sampleNormal(mean: six, logVariance: four, noise: six, into: $0) }
      } else if words.contains("the gradient") {
        _ = written(6) { sampleNormalGradient(four, logVariance: six, noise: six, into: $0) }
      } else if words.contains("divergences") {
        _ = written(2) { normalDivergence(mean: six, logVariance: four, columns: 3, into: $0) }
      } else {
        _ = written(4) { normalDivergenceGradient(two, logVariance: six, columns: 3, into: $0) }
      }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains(words))
  }
}
