@testable import Kernels

/// What a kernel writes into a buffer of `count` scalars. Where it writes nothing, there is a NaN.
func written<Scalar: TensorScalar>(
  _ count: Int, _ kernel: (borrowing MutableBuffer<Scalar>) -> Void
) -> Buffer<Scalar> {
  written(over: Buffer(repeating: .nan, count: count), kernel)
}

/// What becomes of a buffer's numbers when a kernel changes them.
func written<Scalar: TensorScalar>(
  over buffer: Buffer<Scalar>, _ kernel: (borrowing MutableBuffer<Scalar>) -> Void
) -> Buffer<Scalar> {
  var result = buffer
  Buffer.mutate(&result, kernel)
  return result
}

/// Standard normal numbers. All are `Float`s, so that a buffer of `Double`s holds the same ones.
func normals<Scalar: TensorScalar>(_ count: Int, key: UInt64) -> [Scalar] {
  Buffer<Float>(count: count) { Threefry(key: key).fillNormal($0, from: 0) }.array
    .map { Scalar($0) }
}

/// Whether all numbers are equal, where NaN is equal to NaN.
func isSame<Scalar: TensorScalar>(_ x: [Scalar], _ y: [Scalar]) -> Bool {
  x.count == y.count && zip(x, y).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}

/// Whether all numbers have the same bits, where one NaN is as good as another.
func haveSameBits<Scalar: TensorScalar>(_ x: [Scalar], _ y: [Scalar]) -> Bool {
  isSame(x, y) && zip(x, y).allSatisfy { $0.isNaN || $0.sign == $1.sign }
}
