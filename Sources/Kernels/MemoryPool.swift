import Foundation
import Synchronization

/// Blocks of memory that wait to be used again, sorted by size.
///
/// A training step makes and drops the same sizes again and again; the pool hands the memory back
/// still warm in the cache, and after the first steps asks the system for nothing more.
public final class MemoryPool: Sendable {
  /// The one pool of the process.
  public static let shared = MemoryPool()

  /// Idle blocks beyond this total go back to the system. It is many times what a training step
  /// needs.
  private static let mostIdleBytes = 32 << 20

  @unsafe struct Block {
    let address: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  private struct Shelves {
    /// The addresses of the idle blocks, by size class.
    var idle = [[UInt]](repeating: [], count: 4 * Int.bitWidth)
    var taken = 0
    var idleBytes = 0
  }

  private let shelves = Mutex(Shelves())

  /// How many blocks have been asked of the system since the process began.
  public var blocksFromSystem: Int { shelves.withLock { $0.taken } }

  func take(bytes: Int) -> Block {
    let sizeClass = MemoryPool.sizeClass(of: bytes)
    let capacity = MemoryPool.capacity(of: sizeClass)
    let idle: UInt? = shelves.withLock { shelves in
      guard let address = shelves.idle[sizeClass].popLast() else {
        shelves.taken += 1
        return nil
      }
      shelves.idleBytes -= capacity
      return address
    }
    var address = unsafe idle.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
    if unsafe address == nil { unsafe posix_memalign(&address, 64, capacity) }
    if unsafe address == nil {
      stop("Error: the system has no memory left for an array of \(bytes) bytes.")
    }
    return unsafe Block(address: address!, sizeClass: sizeClass)
  }

  func giveBack(_ block: Block) {
    let capacity = unsafe MemoryPool.capacity(of: block.sizeClass)
    let address = unsafe UInt(bitPattern: block.address)
    let isKept = shelves.withLock { shelves in
      guard shelves.idleBytes + capacity <= MemoryPool.mostIdleBytes else { return false }
      unsafe shelves.idle[block.sizeClass].append(address)
      shelves.idleBytes += capacity
      return true
    }
    if !isKept { unsafe free(block.address) }
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

/// Ends the process with a sentence and the status that `sysexits.h` gives to a failure of the
/// system.
private func stop(_ sentence: String) -> Never {
  try? FileHandle.standardError.write(contentsOf: Data((sentence + "\n").utf8))
  exit(EX_OSERR)
}
