import Autodiff
import Foundation
import Kernels
import Probability
import Testing

@Suite struct LogSumExpTests {
  private static let shapes = [[1], [7], [2, 3], [4, 1], [2, 3, 5], [3, 1, 2, 2], [3, 33]]

  private static func random(_ shape: [Int]) -> Tensor<Double> {
    var generator = SeededGenerator(seed: 31)
    return 4 * Tensor.uniform(shape, using: &generator) - 2
  }

  /// At most 33 terms, each within a few roundings.
  @Test("It is the logarithm of the sum of exponentials along either end of the shape")
  func values() {
    for shape in Self.shapes {
      let x = Self.random(shape)
      for axis in [0, -1] {
        let expected = log(exp(x).sum(axis: axis))
        let found = x.logSumExp(axis: axis)
        #expect(found.shape == expected.shape)
        for (found, expected) in zip(found.scalars, expected.scalars) {
          #expect(abs(found - expected) <= 64 * 4.0.ulp, "axis \(axis) of shape \(shape)")
        }
      }
    }
  }

  /// See `checkGradient`: the differences are good to 10⁻⁹.
  @Test("Its gradient agrees with finite differences, and is recorded as one step")
  func gradients() {
    var generator = SeededGenerator(seed: 32)
    for shape in Self.shapes {
      for axis in [0, -1] {
        let check = checkGradient(at: Self.random(shape), using: &generator) {
          $0.logSumExp(axis: axis).squared.sum()
        }
        #expect(check.relativeError < 1e-7, "axis \(axis) of shape \(shape)")
      }
    }
    let steps = recordedSteps(at: Self.random([2, 3])) { $0.logSumExp(axis: 1).sum() }
    #expect(steps.map(\.name) == ["", "log Σ exp", "sum"])
  }

  @Test("The number of threads changes no bit of it or of its gradient")
  func bitsDoNotDependOnThreads() {
    let x = Self.random([150, 401])
    for axis in [0, 1] {
      let results = [1, 2, 3, 5].map { threads in
        Threads.$count.withValue(threads) {
          valueWithGradient(at: x) { $0.logSumExp(axis: axis).squared.sum() }
        }
      }
      for result in results {
        #expect(result.value == results[0].value && result.gradient == results[0].gradient)
      }
    }
  }

  @Test("In Float it agrees with Double to Float's precision")
  func precisions() {
    let x = Self.random([5, 33])
    let (fine, coarse) = (x.logSumExp(axis: 1), x.converted(to: Float.self).logSumExp(axis: 1))
    for (fine, coarse) in zip(fine.scalars, coarse.scalars) {
      #expect(abs(fine - Double(coarse)) <= Double(64 * Float(8).ulp))
    }
  }

  @Test("log Σ exp of ±1000 neither overflows nor vanishes")
  func logSumExpOfLargeNumbers() {
    let x = Tensor([1000.0, 1000, -1000, -1000], shape: [2, 2])
    let expected = [1000 + Double.log(2), -1000 + Double.log(2)]
    #expect(x.logSumExp(axis: 1).scalars == expected)
    let gradient = valueWithGradient(at: x) { $0.logSumExp(axis: 1).sum() }.gradient
    #expect(gradient == Tensor(repeating: 0.5, shape: [2, 2]))
  }

  @Test("log Σ exp of infinities is what the limit says, and of a NaN it is NaN")
  func logSumExpOfInfinities() {
    let infinity = Double.infinity
    let x = Tensor([-infinity, -infinity, 0, -infinity, infinity, 0], shape: [3, 2])
    #expect(x.logSumExp(axis: 1).scalars == [-infinity, 0, infinity])
    #expect(Tensor<Double>(zeros: [2, 0]).logSumExp(axis: 1).scalars == [-infinity, -infinity])
    #expect(Tensor([0, Double.nan]).logSumExp(axis: 0).scalar.isNaN)
    // No element of a row of −∞ has a share in it.
    let rows = x.slice(axis: 0, 0..<2)
    let gradient = valueWithGradient(at: rows) { $0.logSumExp(axis: 1).sum() }.gradient
    #expect(gradient == Tensor([0, 0, 1, 0], shape: [2, 2]))
  }
}
