import Autodiff
import Kernels
import Probability

/// Examples to learn from, one a row, each with its class if the classes are known.
public struct Examples {
  /// The class of each example, if the classes are known.
  public let classes: [Int]?
  /// The number of examples.
  public let count: Int
  /// The number of pixels, or coordinates, of an example.
  public let size: Int
  private let storage: Storage

  // Pixels stay bytes until they are asked for: as numbers they would take four times the memory.
  private enum Storage {
    case pixels([UInt8])
    case numbers(Tensor<Float>)
  }

  /// Examples in the rows of a matrix.
  public init(_ values: Tensor<Float>, classes: [Int]? = nil) {
    self.init(.numbers(values), count: values.shape[0], size: values.shape[1], classes: classes)
  }

  /// The images' pixels, divided by 255.
  public init(_ images: Images) {
    self.init(
      .pixels(images.pixels), count: images.count, size: images.size, classes: images.labels)
  }

  private init(_ storage: Storage, count: Int, size: Int, classes: [Int]?) {
    if let classes, classes.count != count {
      fatalError("\(classes.count) classes for \(count) examples")
    }
    (self.storage, self.count, self.size, self.classes) = (storage, count, size, classes)
  }

  /// All examples as numbers, of shape [count, size]: grey values between 0 and 1, or coordinates.
  public var values: Tensor<Float> {
    switch storage {
    case .pixels(let pixels): Tensor(shape: [count, size], buffer: Buffer(pixels: pixels))
    case .numbers(let values): values
    }
  }

  /// The examples at `indices` as numbers, of shape [indices.count, size].
  public subscript(indices: [Int]) -> Tensor<Float> { selection(indices).values }

  /// The examples at `indices`, with their classes.
  public func selection(_ indices: [Int]) -> Examples {
    let classes = classes.map { classes in indices.map { classes[$0] } }
    switch storage {
    case .pixels(let pixels):
      var selected: [UInt8] = []
      selected.reserveCapacity(indices.count * size)
      for index in indices {
        if index < 0 || index >= count { fatalError("example \(index) of \(count)") }
        selected += pixels[index * size..<(index + 1) * size]
      }
      return Examples(.pixels(selected), count: indices.count, size: size, classes: classes)
    case .numbers(let values): return Examples(values.rows(indices), classes: classes)
    }
  }

  /// The first examples, at most `maximum` of them.
  public func prefix(_ maximum: Int) -> Examples {
    maximum >= count ? self : selection(Array(0..<max(0, maximum)))
  }

  /// Some of the examples at random, at most `maximum` of them, in random order.
  public func sample(_ maximum: Int, using generator: inout SeededGenerator) -> Examples {
    selection([Int](generator.permutation(of: count).prefix(maximum)))
  }

  /// The positions of all examples, in order and in pieces of `length`; the last may be shorter.
  public func chunks(of length: Int) -> [[Int]] {
    stride(from: 0, to: count, by: length).map { Array($0..<min($0 + length, count)) }
  }

  /// A hash of all bits of the values, which tells one set of examples from another: 64-bit FNV-1a
  /// (Fowler, Noll and Vo; draft-eastlake-fnv) over their bytes, little-endian. It is no defence against
  /// somebody who looks for another set with the same hash.
  public var fingerprint: UInt64 {
    func hash(_ bytes: [UInt8]) -> UInt64 {
      bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    return switch storage {
    case .pixels(let pixels): hash(pixels)
    case .numbers(let values): hash(values.buffer.bytes)
    }
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
