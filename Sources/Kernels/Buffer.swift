import Foundation

/// A run of scalars in memory, taken from a pool and returned to it.
///
/// A training step makes and drops the same sizes again and again; the pool hands the memory back
/// still warm in the cache, and after the first steps asks the system for nothing more.
public final class Buffer<Scalar: TensorScalar>: @unchecked Sendable {
  /// The number of scalars.
  public let count: Int
  let base: UnsafeMutablePointer<Scalar>
  private let block: MemoryPool.Block

  /// Memory for `count` scalars, whose values are not set.
  @_specialize(where Scalar == Float)
  public init(uninitialized count: Int) {
    check(count >= 0, "a buffer of \(count) scalars")
    self.count = count
    block = MemoryPool.shared.take(bytes: count * MemoryLayout<Scalar>.stride)
    base = block.address.bindMemory(to: Scalar.self, capacity: count)
  }

  /// `count` copies of one value.
  @_specialize(where Scalar == Float)
  public convenience init(repeating value: Scalar, count: Int) {
    self.init(uninitialized: count)
    base.update(repeating: value, count: count)
  }

  /// A copy of an array.
  public convenience init(_ scalars: [Scalar]) {
    self.init(uninitialized: scalars.count)
    scalars.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      base.update(from: first, count: count)
    }
  }

  /// A copy of another buffer.
  @_specialize(where Scalar == Float)
  public convenience init(copying other: Buffer) {
    self.init(uninitialized: other.count)
    base.update(from: other.base, count: count)
  }

  deinit { MemoryPool.shared.giveBack(block) }

  /// One scalar. An index out of range stops the program.
  public subscript(index: Int) -> Scalar {
    get {
      check(index >= 0 && index < count, "index \(index) of a buffer of \(count)")
      return base[index]
    }
    set {
      check(index >= 0 && index < count, "index \(index) of a buffer of \(count)")
      base[index] = newValue
    }
  }

  /// The scalars that `bytes` holds in the machine's order, which on all of Swift's platforms is
  /// little-endian.
  public convenience init(bytes: [UInt8]) {
    let size = MemoryLayout<Scalar>.stride
    check(bytes.count % size == 0, "\(bytes.count) bytes for scalars of \(size)")
    self.init(uninitialized: bytes.count / size)
    UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyBytes(from: bytes)
  }

  /// Bytes from 0 to 255 as numbers from 0 to 1.
  @_specialize(where Scalar == Float)
  public convenience init(pixels: [UInt8]) {
    self.init(uninitialized: pixels.count)
    pixels.withUnsafeBufferPointer { pixels in
      for i in 0..<count { base[i] = Scalar(pixels[i]) / 255 }
    }
  }

  /// The scalars' bytes in the machine's order, which on all of Swift's platforms is little-endian.
  public var bytes: [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: base, count: count * MemoryLayout<Scalar>.stride))
  }

  /// The scalars as an array.
  public var array: [Scalar] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// Stops the program with a message where a kernel was called with sizes that do not fit.
///
/// `precondition` loses its message in optimised builds; `fatalError` keeps it.
@inline(__always)
func check(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

/// Blocks of memory that wait to be used again, sorted by size.
public final class MemoryPool: @unchecked Sendable {
  /// The one pool of the process.
  public static let shared = MemoryPool()

  /// Blocks beyond this go back to the system: many times what a training step needs.
  private static let mostIdleBytes = 32 << 20

  struct Block {
    let address: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  private let lock = NSLock()
  private var free = [[UnsafeMutableRawPointer]](repeating: [], count: 4 * Int.bitWidth)
  private var taken = 0
  private var idleBytes = 0

  /// How many blocks have been asked of the system since the process began.
  public var blocksFromSystem: Int { lock.withLock { taken } }

  func take(bytes: Int) -> Block {
    let sizeClass = MemoryPool.sizeClass(of: bytes)
    lock.lock()
    defer { lock.unlock() }
    if let address = free[sizeClass].popLast() {
      idleBytes -= MemoryPool.capacity(of: sizeClass)
      return Block(address: address, sizeClass: sizeClass)
    }
    taken += 1
    let capacity = MemoryPool.capacity(of: sizeClass)
    return Block(
      address: .allocate(byteCount: capacity, alignment: 64), sizeClass: sizeClass)
  }

  func giveBack(_ block: Block) {
    lock.lock()
    defer { lock.unlock() }
    let capacity = MemoryPool.capacity(of: block.sizeClass)
    if idleBytes + capacity > MemoryPool.mostIdleBytes {
      block.address.deallocate()
    } else {
      free[block.sizeClass].append(block.address)
      idleBytes += capacity
    }
  }

  // Sizes are rounded up to four steps an octave: 64, 80, 96, 112, 128, 160, …

  static func sizeClass(of bytes: Int) -> Int {
    let last = max(bytes, 64) - 1
    let octave = Int.bitWidth - 1 - last.leadingZeroBitCount
    return 4 * octave + (last >> (octave - 2)) & 3
  }

  static func capacity(of sizeClass: Int) -> Int {
    let (octave, step) = sizeClass.quotientAndRemainder(dividingBy: 4)
    return (5 + step) << (octave - 2)
  }
}
