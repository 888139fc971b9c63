// Whoever imports this also gets `Double.exp` and the other functions of one number from Kernels.
@_exported public import Kernels

/// An array of numbers with a shape, in row-major order, that can be differentiated.
///
/// A tensor is a value: copies are independent, and what has been computed does not change. Inside
/// `valueWithGradient` a tensor also knows its place on the tape, and every operation on it is
/// recorded there.
public struct Tensor<Scalar: TensorScalar> {
  /// The extent of each axis; `[]` is a single number.
  public let shape: [Int]
  /// The scalars, for kernels to read.
  public private(set) var buffer: Buffer<Scalar>
  var node: Node<Scalar>?

  /// The numbers in a buffer, which the tensor takes over.
  @_specialize(where Scalar == Float)
  public init(shape: [Int], buffer: Buffer<Scalar>) {
    check(
      buffer.count == scalarCount(shape), "Tensor: \(buffer.count) scalars for shape \(shape)")
    self.shape = shape
    self.buffer = buffer
  }

  /// The scalars in row-major order, in the given shape. Their count must be the shape's product.
  public init(_ scalars: [Scalar], shape: [Int]) {
    self.init(shape: shape, buffer: Buffer(scalars))
  }

  /// A vector.
  public init(_ scalars: [Scalar]) { self.init(scalars, shape: [scalars.count]) }

  /// A single number, of shape [].
  @_specialize(where Scalar == Float)
  public init(_ scalar: Scalar) { self.init(repeating: scalar, shape: []) }

  /// The same number everywhere.
  @_specialize(where Scalar == Float)
  public init(repeating scalar: Scalar, shape: [Int]) {
    self.init(shape: shape, buffer: Buffer(repeating: scalar, count: scalarCount(shape)))
  }

  /// Zeros.
  public init(zeros shape: [Int]) { self.init(repeating: 0, shape: shape) }

  /// The numbers that `fill` writes into memory of the right size; it must set all of them.
  @_specialize(where Scalar == Float)
  public init(shape: [Int], fill: (borrowing MutableBuffer<Scalar>) -> Void) {
    self.init(shape: shape, buffer: Buffer(count: scalarCount(shape), fill: fill))
  }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// The number of scalars.
  public var count: Int { buffer.count }

  /// All scalars in row-major order.
  public var scalars: [Scalar] { buffer.array }

  /// The only scalar of a tensor that has one.
  public var scalar: Scalar {
    check(count == 1, "scalar: a tensor of shape \(shape) has \(count) of them")
    return buffer[0]
  }

  /// The same numbers, off the tape: differentiation treats them as constants.
  public var detached: Tensor { Tensor(shape: shape, buffer: buffer) }

  /// The scalar at an index, one number for each axis.
  public subscript(index: Int...) -> Scalar {
    check(
      index.count == rank && zip(index, shape).allSatisfy { $0 >= 0 && $0 < $1 },
      "subscript: index \(index) of shape \(shape)")
    return buffer[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }

  /// Lets a kernel change the numbers in place; they are copied first if another tensor shares them.
  @_specialize(where Scalar == Float)
  public mutating func mutate(_ change: (borrowing MutableBuffer<Scalar>) -> Void) {
    check(node?.tape.isRecording != true, "mutate: the gradient would not know; detach it first")
    Buffer.mutate(&buffer, change)
  }

  /// The same tensor in another precision. It must be off the tape: no gradient passes through.
  public func converted<Other: TensorScalar>(to _: Other.Type) -> Tensor<Other> {
    check(node?.tape.isRecording != true, "converted: no gradient passes through; detach it first")
    return Tensor<Other>(shape: shape, buffer: Buffer<Other>(converting: buffer))
  }
}

extension Tensor: Equatable, CustomStringConvertible {
  /// Whether shapes and all scalars are equal. Their positions on a tape do not matter.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape && left.scalars == right.scalars
  }

  /// The shape and the first scalars.
  public var description: String {
    let first = scalars.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)(\(first)\(count > 8 ? ", …" : ""))"
  }
}

/// The product of the extents.
private func scalarCount(_ shape: [Int]) -> Int {
  check(shape.allSatisfy { $0 >= 0 }, "Tensor: a negative extent in shape \(shape)")
  return shape.reduce(1, *)
}

/// Stops the program with a message; `precondition` would lose its message in optimised builds.
func check(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
