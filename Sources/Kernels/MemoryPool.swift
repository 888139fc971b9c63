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
  private static let mostIdleBytes = 64 << 20

  @unsafe struct Block {
    let address: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  private struct Shelves {
    /// The addresses of the idle blocks, by size class.
    var idle = [[UInt]](repeating: [], count: 4 * Int.bitWidth)
    /// When a block of each size class was last given back.
    var lastUse = [Int](repeating: 0, count: 4 * Int.bitWidth)
    var taken = 0
    var givenBack = 0
    var idleBytes = 0

    /// Removes blocks of the size class that nobody has used for longest; nil if only `kept` has any.
    mutating func removeOldest(otherThan kept: Int? = nil) -> (addresses: [UInt], capacity: Int)? {
      var oldest: Int?
      for sizeClass in idle.indices where !idle[sizeClass].isEmpty && sizeClass != kept {
        if oldest == nil || lastUse[sizeClass] < lastUse[oldest!] { oldest = sizeClass }
      }
      guard let oldest else { return nil }
      let (addresses, capacity) = (idle[oldest], MemoryPool.capacity(of: oldest))
      idle[oldest] = []
      idleBytes -= addresses.count * capacity
      return (addresses, capacity)
    }
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
    if unsafe address == nil { unsafe address = MemoryPool.allocate(capacity) }
    if unsafe address == nil {
      stop("Error: the system has no memory left for an array of \(bytes) bytes.")
    }
    return unsafe Block(address: address!, sizeClass: sizeClass)
  }

  func giveBack(_ block: Block) {
    let sizeClass = unsafe block.sizeClass
    let capacity = MemoryPool.capacity(of: sizeClass)
    let address = unsafe UInt(bitPattern: block.address)
    let dropped = shelves.withLock { shelves -> [(address: UInt, capacity: Int)] in
      var dropped: [(address: UInt, capacity: Int)] = []
      while shelves.idleBytes + capacity > MemoryPool.mostIdleBytes {
        // What was not used for long makes room.
        guard let old = shelves.removeOldest(otherThan: sizeClass) else {
          return dropped + [(address, capacity)]
        }
        dropped += old.addresses.map { ($0, old.capacity) }
      }
      shelves.idle[sizeClass].append(address)
      shelves.idleBytes += capacity
      shelves.givenBack += 1
      shelves.lastUse[sizeClass] = shelves.givenBack
      return dropped
    }
    release(dropped)
  }

  /// Gives all idle blocks back to the system: for the moment when work on other sizes begins.
  public func releaseIdle() {
    release(
      shelves.withLock { shelves in
        var dropped: [(address: UInt, capacity: Int)] = []
        while let old = shelves.removeOldest() {
          dropped += old.addresses.map { ($0, old.capacity) }
        }
        return dropped
      })
  }

  private func release(_ dropped: [(address: UInt, capacity: Int)]) {
    for (address, capacity) in dropped {
      unsafe MemoryPool.release(UnsafeMutableRawPointer(bitPattern: address)!, capacity)
    }
  }

  /// Blocks of at least this size are mapped one by one, and go back to the system at once. In the heap they
  /// would leave gaps that only blocks of about their size fill, and a run with many sizes would hold several
  /// times what it uses.
  private static let leastMappedBytes = 1 << 20

  /// Memory for `capacity` bytes, at a multiple of 64; nil if there is none.
  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer? {
    var address: UnsafeMutableRawPointer?
    guard capacity >= leastMappedBytes else {
      unsafe posix_memalign(&address, 64, capacity)
      return unsafe address
    }
    unsafe address = unsafe mmap(
      nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    return unsafe address == MAP_FAILED ? nil : address
  }

  private static func release(_ address: UnsafeMutableRawPointer, _ capacity: Int) {
    if capacity >= leastMappedBytes {
      unsafe munmap(address, capacity)
    } else {
      unsafe free(address)
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

/// Ends the process with a sentence and the status that `sysexits.h` gives to a failure of the
/// system.
private func stop(_ sentence: String) -> Never {
  try? FileHandle.standardError.write(contentsOf: Data((sentence + "\n").utf8))
  exit(EX_OSERR)
}
