import Autodiff
import Kernels
import Probability

/// Examples to learn from, one a row.
public struct Examples {
  /// Shape [count, size]: grey values between 0 and 1, or coordinates.
  public let values: Tensor<Float>

  /// Examples that stand in the rows of a matrix.
  public init(_ values: Tensor<Float>) { self.values = values }

  /// The images' pixels, divided by 255.
  public init(_ images: LabelledImages) {
    values = Tensor(
      shape: [images.count, images.rows * images.columns], buffer: Buffer(pixels: images.pixels))
  }

  /// The number of examples.
  public var count: Int { values.shape[0] }

  /// The number of pixels, or coordinates, of an example.
  public var size: Int { values.shape[1] }

  /// The examples at `indices`, [indices.count, size].
  public subscript(indices: [Int]) -> Tensor<Float> { values.rows(indices) }
}

/// The numbers 0..<count in random order, cut into batches; the last one may be smaller.
public func shuffledBatches(
  of count: Int, size: Int, using generator: inout SeededGenerator
) -> [[Int]] {
  let order = generator.permutation(of: count)
  return stride(from: 0, to: count, by: size).map { Array(order[$0..<min($0 + size, count)]) }
}
