import Autodiff
import Kernels

// Tensors of random numbers. Differentiation treats them as constants: noise is an argument of a
// model.

extension Tensor {
  /// Independent numbers, uniform on [0, 1).
  public static func uniform(
    _ shape: [Int], using generator: inout SeededGenerator
  ) -> Tensor {
    let (bits, position) = generator.take(shape.reduce(1, *), Scalar.self)
    return Tensor(shape: shape) { bits.fillUniform($0, from: position) }
  }

  /// Independent standard normal numbers.
  public static func normal(
    _ shape: [Int], using generator: inout SeededGenerator
  ) -> Tensor {
    let (bits, position) = generator.take(shape.reduce(1, *), Scalar.self)
    return Tensor(shape: shape) { bits.fillNormal($0, from: position) }
  }

  /// Independent zeros and ones: one with the probability at the same index, in the shape of
  /// `probabilities`.
  public static func bernoulli(
    _ probabilities: Tensor, using generator: inout SeededGenerator
  ) -> Tensor {
    let (bits, position) = generator.take(probabilities.count, Scalar.self)
    var sample = probabilities.detached
    sample.mutate { bits.fillBernoulli(probabilities: $0, from: position) }
    return sample
  }
}

extension Tensor<Float> {
  /// Independent zeros and ones: one with probability pixel/255.
  ///
  /// Drawing the pixels afresh in each epoch is how grey digits become data for a Bernoulli decoder
  /// (Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2016, section 5.1).
  public static func bernoulli(
    pixels: [UInt8], shape: [Int], using generator: inout SeededGenerator
  ) -> Tensor {
    let (bits, position) = generator.take(pixels.count, Float.self)
    return Tensor(shape: shape) { bits.fillBernoulli($0, pixels: pixels, from: position) }
  }
}

extension SeededGenerator {
  /// Independent numbers, uniform on [0, 1).
  public mutating func uniform(count: Int) -> [Double] {
    Tensor.uniform([count], using: &self).scalars
  }

  /// Independent standard normal numbers.
  public mutating func normal(count: Int) -> [Double] {
    Tensor.normal([count], using: &self).scalars
  }

  /// Indices of weights, each drawn independently with probability proportional to its weight.
  ///
  /// The weights are given by their logarithms, in any scale; a weight of zero is never drawn.
  /// Complexity: O(weights + count · log(weights)).
  public mutating func indices(logWeights: [Double], count: Int) -> [Int] {
    let largest = logWeights.max() ?? -.infinity
    if !largest.isFinite { fatalError("indices(logWeights:): no weight is positive and finite") }
    var total = 0.0
    let cumulative = logWeights.map { logWeight in
      total += .exp(logWeight - largest)
      return total
    }
    return uniform(count: count).map { uniform in
      // The first index whose cumulative weight exceeds the threshold, which must be less than the
      // total even if the product rounds up to it.
      let threshold = min(uniform * total, total.nextDown)
      var candidates = cumulative.indices
      while !candidates.isEmpty {
        let middle = (candidates.lowerBound + candidates.upperBound) / 2
        if cumulative[middle] > threshold {
          candidates = candidates.lowerBound..<middle
        } else {
          candidates = (middle + 1)..<candidates.upperBound
        }
      }
      return candidates.lowerBound
    }
  }

  /// The source of bits and the position for `count` numbers. The generator moves past them.
  fileprivate mutating func take<Scalar: TensorScalar>(
    _ count: Int, _: Scalar.Type
  ) -> (Threefry, UInt64) {
    defer { advance(by: UInt64(Scalar.self == Float.self ? (count + 1) / 2 : (count + 1) & ~1)) }
    return (Threefry(key: key), position)
  }
}
