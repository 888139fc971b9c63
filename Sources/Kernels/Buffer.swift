/// Numbers in memory that do not change: what tensors are made of.
///
/// A buffer is filled once, by whoever creates it, and is read-only from then on. Only the sole
/// owner of a buffer can change it, with `mutate`.
@safe public final class Buffer<Scalar: TensorScalar>: @unchecked Sendable {
  /// The number of scalars.
  public let count: Int
  private let block: MemoryPool.Block

  /// Room for `count` scalars, all of which `fill` must set.
  @_specialize(where Scalar == Float)
  public init(count: Int, fill: (borrowing MutableBuffer<Scalar>) -> Void) {
    check(count >= 0, "a buffer of \(count) scalars")
    self.count = count
    let (size, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    check(!overflows, "a buffer of \(count) scalars")
    unsafe block = unsafe MemoryPool.shared.take(bytes: size)
    unsafe block.address.bindMemory(to: Scalar.self, capacity: count)
    unsafe fill(MutableBuffer(memory, count: count))
  }

  deinit { unsafe MemoryPool.shared.giveBack(block) }

  /// Where the numbers are. The memory belongs to the buffer: whoever keeps the address must keep
  /// the buffer too, with `withExtendedLifetime`.
  var base: UnsafePointer<Scalar> { unsafe UnsafePointer(memory) }

  private var memory: UnsafeMutablePointer<Scalar> {
    unsafe block.address.assumingMemoryBound(to: Scalar.self)
  }

  /// Lets `change` write to `buffer`, which is copied first if anyone else holds it.
  @_specialize(where Scalar == Float)
  public static func mutate(
    _ buffer: inout Buffer, _ change: (borrowing MutableBuffer<Scalar>) -> Void
  ) {
    if !isKnownUniquelyReferenced(&buffer) { buffer = Buffer(copying: buffer) }
    withExtendedLifetime(buffer) { unsafe change(MutableBuffer($0.memory, count: $0.count)) }
  }
}

/// The numbers of a buffer while it is being made or changed. It cannot be kept or copied.
@safe public struct MutableBuffer<Scalar: TensorScalar>: ~Copyable {
  /// The number of scalars.
  public let count: Int
  let base: UnsafeMutablePointer<Scalar>

  fileprivate init(_ base: UnsafeMutablePointer<Scalar>, count: Int) {
    unsafe self.base = unsafe base
    self.count = count
  }

  /// One scalar. An index out of range stops the program.
  public subscript(index: Int) -> Scalar {
    get {
      check(index >= 0 && index < count, "index \(index) of a buffer of \(count)")
      return unsafe base[index]
    }
    nonmutating set {
      check(index >= 0 && index < count, "index \(index) of a buffer of \(count)")
      unsafe base[index] = newValue
    }
  }
}

extension Buffer {
  /// `count` copies of one value.
  @_specialize(where Scalar == Float)
  public convenience init(repeating value: Scalar, count: Int) {
    self.init(count: count) { unsafe $0.base.update(repeating: value, count: count) }
  }

  /// A copy of an array.
  public convenience init(_ scalars: [Scalar]) {
    self.init(count: scalars.count) { target in
      unsafe scalars.withUnsafeBufferPointer { source in
        guard let first = source.baseAddress else { return }
        unsafe target.base.update(from: first, count: target.count)
      }
    }
  }

  /// A copy of another buffer.
  @_specialize(where Scalar == Float)
  public convenience init(copying other: Buffer) {
    self.init(count: other.count) { target in
      withExtendedLifetime(other) { unsafe target.base.update(from: $0.base, count: $0.count) }
    }
  }

  /// The scalars of another buffer, rounded to this type.
  @_specialize(where Scalar == Double, Other == Float)
  @_specialize(where Scalar == Float, Other == Double)
  public convenience init<Other: TensorScalar>(converting other: Buffer<Other>) {
    self.init(count: other.count) { target in
      withExtendedLifetime(other) {
        let source = unsafe $0.base
        for i in 0..<target.count { unsafe target.base[i] = unsafe Scalar(source[i]) }
      }
    }
  }

  /// The scalars that `bytes` holds in the machine's order, which on all of Swift's platforms is
  /// little-endian.
  public convenience init(bytes: [UInt8]) {
    let size = MemoryLayout<Scalar>.stride
    check(bytes.count % size == 0, "\(bytes.count) bytes for scalars of \(size)")
    self.init(count: bytes.count / size) {
      unsafe UnsafeMutableRawPointer($0.base).copyMemory(from: bytes, byteCount: bytes.count)
    }
  }

  /// Bytes from 0 to 255 as numbers from 0 to 1.
  @_specialize(where Scalar == Float)
  public convenience init(pixels: [UInt8]) {
    self.init(count: pixels.count) { target in
      unsafe pixels.withUnsafeBufferPointer { pixels in
        for i in 0..<pixels.count { unsafe target.base[i] = unsafe Scalar(pixels[i]) / 255 }
      }
    }
  }

  /// One scalar. An index out of range stops the program.
  public subscript(index: Int) -> Scalar {
    check(index >= 0 && index < count, "index \(index) of a buffer of \(count)")
    return withExtendedLifetime(self) { unsafe $0.base[index] }
  }

  /// The scalars' bytes in the machine's order, which on all of Swift's platforms is little-endian.
  public var bytes: [UInt8] {
    withExtendedLifetime(self) {
      unsafe [UInt8](
        UnsafeRawBufferPointer(start: $0.base, count: count * MemoryLayout<Scalar>.stride))
    }
  }

  /// The scalars as an array.
  public var array: [Scalar] {
    withExtendedLifetime(self) { unsafe Array(UnsafeBufferPointer(start: $0.base, count: count)) }
  }
}

/// Lends `body` memory for `count` scalars, whose values are not set.
@inline(__always)
func withScratch<Scalar: TensorScalar, Result>(
  _: Scalar.Type, _ count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Result
) -> Result {
  if count == 0 { return unsafe body(UnsafeMutablePointer(bitPattern: 64)!) }
  let block = unsafe MemoryPool.shared.take(bytes: count * MemoryLayout<Scalar>.stride)
  defer { unsafe MemoryPool.shared.giveBack(block) }
  return unsafe body(block.address.bindMemory(to: Scalar.self, capacity: count))
}

/// Stops the program with a message where a kernel was called with sizes that do not fit.
///
/// `precondition` loses its message in optimised builds; `fatalError` keeps it.
@inline(__always)
func check(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
