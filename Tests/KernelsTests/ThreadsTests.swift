import Dispatch
import Foundation
import Testing

@testable import Kernels

/// The pieces that the threads were given, in order.
private func pieces(_ count: Int, grain: Int, threads: Int) -> [Range<Int>] {
  let lock = NSLock()
  nonisolated(unsafe) var pieces: [Range<Int>] = []
  Threads.$count.withValue(threads) {
    parallel(count, grain: grain) { range in lock.withLock { pieces.append(range) } }
  }
  return pieces.sorted { $0.lowerBound < $1.lowerBound }
}

@Suite struct ThreadsTests {
  @Test("Pieces cover everything once, are no smaller than asked, and no more than the threads")
  func piecesCoverEverything() {
    for threads in [1, 2, 3, 8] {
      for grain in [1, 10, 64, 1000, .max] {
        for count in [0, 1, 9, 10, 19, 20, 1000, 1001] {
          let pieces = pieces(count, grain: grain, threads: threads)
          #expect(pieces.flatMap { Array($0) } == Array(0..<count))
          #expect(pieces.count <= threads)
          #expect(pieces.count <= 1 || pieces.allSatisfy { $0.count >= grain })
          // No thread waits long for another.
          let sizes = pieces.map(\.count)
          #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
      }
    }
  }

  @Test func theDefaultIsOneThreadForEachProcessor() {
    #expect(Threads.count == ProcessInfo.processInfo.activeProcessorCount)
    Threads.$count.withValue(7) { #expect(Threads.count == 7) }
  }

  @Test("No thread at all, or fewer, are one", arguments: [0, -3])
  func fewerThanOneThread(threads: Int) {
    #expect(pieces(100, grain: 1, threads: threads) == [0..<100])
  }

  @Test("A loop inside a loop runs, and none waits for the other", .timeLimit(.minutes(1)))
  func nestedLoops() {
    let lock = NSLock()
    nonisolated(unsafe) var total = 0
    Threads.$count.withValue(4) {
      parallel(8, grain: 1) { outer in
        for _ in outer {
          parallel(100, grain: 1) { inner in lock.withLock { total += inner.count } }
        }
      }
    }
    #expect(total == 800)
  }

  @Test("Callers on many threads all get their own results", .timeLimit(.minutes(1)))
  func concurrentCallers() {
    let size = 120
    let operands = (0..<8).map { index in
      let buffer = Buffer<Float>(uninitialized: size * size)
      Threefry(key: UInt64(index)).fillUniform(buffer, from: 0)
      return buffer
    }
    @Sendable func square(_ x: Buffer<Float>) -> [UInt8] {
      let result = Buffer<Float>(uninitialized: size * size)
      Float.multiply(
        x, transposed: false, x, transposed: true, into: result, rows: size, columns: size,
        depth: size)
      Float.combine(.add, result, x, along: nil, into: result)
      let sums = Buffer<Float>(uninitialized: size)
      Float.reduce(.sum, result, outer: 1, count: size, inner: size, into: sums)
      return result.bytes + sums.bytes
    }
    let expected = Threads.$count.withValue(1) { operands.map(square) }
    let lock = NSLock()
    nonisolated(unsafe) var wrong = 0
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      Threads.$count.withValue(3) {
        for _ in 0..<40 where square(operands[index]) != expected[index] {
          lock.withLock { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }
}
