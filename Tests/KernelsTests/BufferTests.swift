import Foundation
import Testing

@testable import Kernels

@Suite struct BufferTests {
  @Test("A buffer is made from an array, a repeated number, a copy or by whatever fills it")
  func initializers() {
    let x = Buffer([1.0, 2, 3])
    #expect(x.count == 3 && x.array == [1, 2, 3] && x[1] == 2)
    #expect(Buffer<Float>(repeating: 4, count: 2).array == [4, 4])
    #expect(Buffer<Float>([]).array == [] && Buffer<Float>(count: 0) { _ in }.count == 0)
    #expect(Buffer(copying: x).array == [1, 2, 3] && Buffer(copying: x) !== x)
    let squares = Buffer<Double>(count: 4) { buffer in
      for i in 0..<buffer.count { buffer[i] = Double(i * i) }
      buffer[3] += buffer[2]
    }
    #expect(squares.array == [0, 1, 4, 13])
    #expect(Buffer<Float>(pixels: [0, 51, 255]).array == [0, 0.2, 1])
  }

  @Test("Whoever shares a buffer does not see it change, and a sole owner's is not copied")
  func mutation() {
    var x = Buffer([1.0, 2, 3])
    let identity = ObjectIdentifier(x)
    Buffer.mutate(&x) { $0[0] = 5 }
    #expect(x.array == [5, 2, 3] && ObjectIdentifier(x) == identity)
    let shared = x
    Buffer.mutate(&x) { $0[1] = 6 }
    #expect(shared.array == [5, 2, 3] && x.array == [5, 6, 3])
  }

  @Test("Bytes are in little-endian order, and come back as the same numbers")
  func bytes() {
    #expect(Buffer<Float>([1, -2]).bytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(Buffer<Float>(bytes: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]).array == [1, -2])
    let odd = Buffer<Double>([.nan, -0.0, .leastNonzeroMagnitude])
    #expect(Buffer<Double>(bytes: odd.bytes).bytes == odd.bytes)
    #expect(Buffer<Double>(bytes: []).count == 0)
  }

  @Test(
    "An index out of range stops the program, for a reader and for a writer", arguments: [-1, 3],
    [true, false])
  func indices(index: Int, isRead: Bool) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index = index as Int, isRead = isRead as Bool] in
      var buffer = Buffer<Float>([1, 2, 3])
      if isRead { _ = buffer[index] } else { Buffer.mutate(&buffer) { $0[index] = 0 } }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("index \(index) of a buffer of 3"))
  }

  @Test("A count that no memory could hold stops the program", arguments: [-1, Int.max])
  func impossibleCounts(count: Int) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [count = count as Int] in
      _ = Buffer<Double>(count: count) { _ in }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a buffer of \(count) scalars"))
  }
}

@Suite struct MemoryPoolTests {
  /// The sizes where rounding up could go wrong: all small ones, and those around powers of two.
  static let sizes: [Int] =
    Array(0...2000)
    + (11...30).flatMap { power in
      [-1, 0, 1].flatMap { step in
        (4...8).map { ((1 << power) / 4) * $0 + step }
      }
    }

  @Test("A block holds what was asked for and at most a quarter more")
  func blockSizes() {
    for bytes in Self.sizes {
      let capacity = MemoryPool.capacity(of: MemoryPool.sizeClass(of: bytes))
      #expect(capacity >= bytes && 4 * capacity <= 5 * max(bytes, 64), "\(bytes) bytes")
      // A block can be given back for any size that it holds.
      #expect(MemoryPool.sizeClass(of: capacity) == MemoryPool.sizeClass(of: bytes))
    }
  }

  @Test("Blocks begin at a cache line")
  func alignment() {
    let pool = MemoryPool()
    for bytes in [0, 1, 100, 4097, 1 << 20, 5 << 20] {
      unsafe #expect(Int(bitPattern: pool.take(bytes: bytes).address) % 64 == 0)
    }
  }

  @Test("A block that was given back is used again for any size that it holds")
  func reuse() {
    let pool = MemoryPool()
    let first = unsafe pool.take(bytes: 1000)
    let second = unsafe pool.take(bytes: 1000)
    unsafe #expect(first.address != second.address && pool.blocksFromSystem == 2)
    unsafe pool.giveBack(first)
    // 1001 bytes go into the same block of 1024.
    unsafe #expect(pool.take(bytes: 1001).address == first.address)
    #expect(pool.blocksFromSystem == 2)
    let other = unsafe pool.take(bytes: 2000)
    unsafe #expect(other.address != second.address && pool.blocksFromSystem == 3)
    unsafe pool.giveBack(second)
    unsafe #expect(pool.take(bytes: 5).address != second.address)
  }

  @Test("A pool full of sizes that nobody uses any more makes room for those that are used")
  func eviction() {
    let pool = MemoryPool()
    // 96 MiB in three sizes, given back: more than the pool keeps.
    for megabytes in [3, 5, 7] {
      let blocks = unsafe (0..<(32 / megabytes + 1)).map { _ in
        unsafe pool.take(bytes: megabytes << 20)
      }
      unsafe blocks.forEach { unsafe pool.giveBack($0) }
    }
    let before = pool.blocksFromSystem
    for _ in 0..<100 {
      let blocks = unsafe [pool.take(bytes: 11 << 20), pool.take(bytes: 13 << 20)]
      unsafe blocks.forEach { unsafe pool.giveBack($0) }
    }
    #expect(pool.blocksFromSystem == before + 2)
  }

  @Test("After idle blocks were given back to the system, it is asked for new ones")
  func releasing() {
    let pool = MemoryPool()
    for bytes in [1000, 3 << 20] { unsafe pool.giveBack(pool.take(bytes: bytes)) }
    pool.releaseIdle()
    for bytes in [1000, 3 << 20] { unsafe pool.giveBack(pool.take(bytes: bytes)) }
    #expect(pool.blocksFromSystem == 4)
  }

  @Test("Buffers that live at the same time never share memory")
  func buffersDoNotOverlap() {
    var live: [Int: Buffer<Float>] = [:]
    for step in 0..<2000 {
      let key = Int(Threefry(key: 1).bits(at: UInt64(step)) % 50)
      live[key] = Buffer(repeating: Float(key), count: 1 + key * 7)
    }
    for (key, buffer) in live {
      #expect(buffer.array == [Float](repeating: Float(key), count: 1 + key * 7))
    }
  }

  @Test("Many threads may take blocks and give them back at once")
  func concurrentUse() {
    let pool = MemoryPool()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<500 {
        let block = unsafe pool.take(bytes: 8 * (round % 40))
        unsafe block.address.storeBytes(of: thread, as: Int.self)
        if unsafe block.address.load(as: Int.self) != thread {
          fatalError("two owners of one block")
        }
        unsafe pool.giveBack(block)
      }
    }
    // No class has more blocks than threads that could hold one at once.
    let classes = Set((0..<40).map { unsafe pool.take(bytes: 8 * $0).sizeClass })
    #expect(pool.blocksFromSystem <= 8 * classes.count + 40)
  }
}
