import Foundation
import Testing

@testable import Kernels

/// Pixels and logits of [rows, columns], and a number for each row.
private struct Pixels<Scalar: TensorScalar> {
  let rows, columns: Int
  var x: [Scalar]
  let logits, g: [Scalar]

  init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    x = normals(rows * columns, key: 1).map { $0 > 0 ? 1 : 0 }
    logits = normals(rows * columns, key: 2).map { 5 * $0 }
    g = normals(rows, key: 3)
  }

  var logProbability: [Scalar] {
    written(rows) {
      bernoulliLogProbability(Buffer(x), logits: Buffer(logits), columns: columns, into: $0)
    }.array
  }

  var gradient: [Scalar] {
    written(rows * columns) {
      bernoulliLogitGradient(
        Buffer(g), Buffer(x), logits: Buffer(logits), columns: columns, into: $0)
    }.array
  }
}

@Suite struct BernoulliTests {
  @Test(
    "Value and gradient follow their definition, for rows of any length",
    arguments: [0, 1, 7, 8, 9, 511, 512, 513, 784, 1027])
  func definition(columns: Int) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let pixels = Pixels<Scalar>(rows: 5, columns: columns)
      let (values, gradient) = (pixels.logProbability, pixels.gradient)
      for i in 0..<5 {
        var (sum, size) = (0.0, 1.0)
        for j in 0..<columns {
          let (x, l) = (Double(pixels.x[i * columns + j]), Double(pixels.logits[i * columns + j]))
          // log(1 + exp l) = max(l, 0) + log(1 + exp(−|l|))
          sum += x * l - max(l, 0) - log1p(exp(-abs(l)))
          size += abs(l) + 1
          // Four roundings of numbers up to |g|.
          let expected = Double(pixels.g[i]) * (x - 1 / (1 + exp(-l)))
          let error = abs(Double(gradient[i * columns + j]) - expected)
          #expect(error <= 4 * Double(Scalar.ulpOfOne) * abs(Double(pixels.g[i])))
        }
        // Each term has four roundings in Scalar; the sum has one, and else those of a Double.
        let bound = 4 * Double(Scalar.ulpOfOne) + Double(columns) * Double.ulpOfOne
        #expect(abs(Double(values[i]) - sum) <= bound * size)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("One row of pixels stands for as many as there are rows of logits")
  func oneRowOfPixels() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var one = Pixels<Scalar>(rows: 6, columns: 37)
      one.x = Array(one.x.prefix(37))
      var all = one
      all.x = (0..<6).flatMap { _ in one.x }
      #expect(one.logProbability == all.logProbability)
      #expect(one.gradient == all.gradient)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Logits of ±1000 do not overflow")
  func largeLogits() {
    let (x, logits) = (Buffer<Float>([1, 0, 1, 0]), Buffer<Float>([1000, -1000, -1000, 1000]))
    let value = written(4) { bernoulliLogProbability(x, logits: logits, columns: 1, into: $0) }
    #expect(value.array == [0, 0, -1000, -1000])
    let gradient = written(4) {
      bernoulliLogitGradient(Buffer([1, 1, 1, 1]), x, logits: logits, columns: 1, into: $0)
    }
    #expect(gradient.array == [0, 0, 1, -1])
  }

  @Test("The number of threads changes no bit")
  func threads() {
    let pixels = Pixels<Float>(rows: 130, columns: 784)
    let expected = Threads.$count.withValue(1) { (pixels.logProbability, pixels.gradient) }
    for threads in [2, 3, 5] {
      let found = Threads.$count.withValue(threads) { (pixels.logProbability, pixels.gradient) }
      #expect(found == expected)
    }
  }

  @Test("Arrays whose sizes do not fit stop the program")
  func sizesThatDoNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let six = Buffer<Float>(repeating: 0, count: 6)
      _ = Buffer(count: 2) { bernoulliLogProbability(six, logits: six, columns: 2, into: $0) }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("2 rows of 2 from 6 pixels and 6 logits"))
  }
}
