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

  /// The first examples, at most `maximum` of them.
  public func prefix(_ maximum: Int) -> Examples {
    maximum >= count ? self : Examples(values.rows(Array(0..<max(0, maximum))))
  }

  /// A hash of all bits of the values, which tells one set of examples from another: 64-bit FNV-1a
  /// (Fowler, Noll and Vo; draft-eastlake-fnv) over their bytes, little-endian. It is no defence against
  /// somebody who looks for another set with the same hash.
  public var fingerprint: UInt64 {
    values.buffer.bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// The numbers 0..<count in random order, cut into batches of `size`, which must be positive; the
/// last one may be smaller.
public func shuffledBatches(
  of count: Int, size: Int, using generator: inout SeededGenerator
) -> [[Int]] {
  if size < 1 { fatalError("shuffledBatches: a batch of \(size) examples") }
  let order = generator.permutation(of: count)
  return stride(from: 0, to: count, by: size).map { Array(order[$0..<min($0 + size, count)]) }
}
