import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Kernels

/// The pieces that a loop was cut into, in order.
private func pieces(_ count: Int, grain: Int, threads: Int) -> [Range<Int>] {
  let pieces = Mutex([Range<Int>]())
  Threads.$count.withValue(threads) {
    parallel(count, grain: grain) { range in pieces.withLock { $0.append(range) } }
  }
  return pieces.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
}

/// Calculations that use several threads, and what they give with one.
private struct Work {
  private static let size = 120
  private let operands = (0..<8).map { index in
    Buffer<Float>(count: size * size) { Threefry(key: UInt64(index)).fillUniform($0, from: 0) }
  }
  private let expected: [[UInt8]]

  init() {
    expected = Threads.$count.withValue(1) { [operands] in operands.map(Work.result) }
  }

  /// A product, a sum and a reduction.
  private static func result(_ x: Buffer<Float>) -> [UInt8] {
    let product = Buffer<Float>(count: x.count) {
      multiply(
        x, transposed: false, x, transposed: true, into: $0, rows: size, columns: size, depth: size)
    }
    let sum = Buffer<Float>(count: x.count) { combine(.add, product, x, along: nil, into: $0) }
    let sums = Buffer<Float>(count: size) {
      reduce(.sum, sum, outer: 1, count: size, inner: size, into: $0)
    }
    return sum.bytes + sums.bytes
  }

  /// How many of so many results are not the expected ones.
  func mistakes(_ rounds: Int) -> Int {
    (0..<rounds).count { Work.result(operands[$0 % 8]) != expected[$0 % 8] }
  }
}

@Suite struct ThreadsTests {
  @Test("Pieces cover a loop once, are no smaller than asked, and at most four a thread")
  func piecesCoverEverything() {
    for threads in [1, 2, 3, 8] {
      for grain in [1, 10, 64, 1000, .max] {
        for count in [0, 1, 9, 10, 19, 20, 1000, 1001] {
          let pieces = pieces(count, grain: grain, threads: threads)
          #expect(pieces.flatMap { Array($0) } == Array(0..<count))
          #expect(pieces.count <= 4 * threads)
          #expect(pieces.count <= 1 || pieces.allSatisfy { $0.count >= grain })
          // No thread waits long for another.
          let sizes = pieces.map(\.count)
          #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
      }
    }
  }

  @Test("No thread at all, or fewer than none, count as one", arguments: [0, -3, .min])
  func fewerThanOneThread(threads: Int) {
    #expect(pieces(100, grain: 1, threads: threads) == [0..<100])
  }

  @Test(
    "Far more threads than processors give the same bits", .timeLimit(.minutes(5)),
    arguments: [64, 1000, 100_000, .max])
  func manyThreads(threads: Int) {
    #expect(pieces(1000, grain: 1, threads: threads).flatMap { Array($0) } == Array(0..<1000))
    let work = Work()
    #expect(Threads.$count.withValue(threads) { work.mistakes(40) } == 0)
  }

  @Test("However many threads are asked for, no more than there are processors work on a loop")
  func noMoreThreadsThanProcessors() {
    for _ in 0..<5 {
      let threads = Mutex(Set<String>())
      Threads.$count.withValue(64) {
        parallel(64, grain: 1) { _ in
          threads.withLock { _ = $0.insert("\(pthread_self())") }
          Thread.sleep(forTimeInterval: 0.0005)
        }
      }
      #expect(1...Processors.available ~= threads.withLock { $0.count })
    }
  }

  @Test("A loop inside a loop runs, and neither waits for the other", .timeLimit(.minutes(5)))
  func nestedLoops() {
    let total = Atomic(0)
    Threads.$count.withValue(4) {
      parallel(8, grain: 1) { outer in
        for _ in outer {
          parallel(100, grain: 1) { inner in
            total.add(inner.count, ordering: .relaxed)
          }
        }
      }
    }
    #expect(total.load(ordering: .relaxed) == 800)
  }

  @Test("Callers on many threads all get their own results", .timeLimit(.minutes(5)))
  func concurrentCallers() {
    let work = Work()
    let mistakes = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let found = Threads.$count.withValue(3) { work.mistakes(40) }
      mistakes.add(found, ordering: .relaxed)
    }
    #expect(mistakes.load(ordering: .relaxed) == 0)
  }

  @Test("A loop ends after its last piece, however long a thread is held up in one")
  func slowPieces() {
    let work = Work()
    for slow in 0..<8 {
      // Whoever takes this piece is held up, as by a system that gives the processor to others.
      let done = Atomic(0)
      Threads.$count.withValue(2) {
        parallel(8, grain: 1) { range in
          if range.contains(slow) { Thread.sleep(forTimeInterval: 0.02) }
          done.add(range.count, ordering: .relaxed)
        }
        #expect(done.load(ordering: .relaxed) == 8)
        // Afterwards the caller may work alone for a while, and then with the others again.
        #expect(work.mistakes(8) == 0)
      }
    }
  }

  @Test("A task that was cancelled finishes its calculation with the same bits")
  func cancelledTasks() async {
    let work = Work()
    let tasks = (0..<4).map { _ in
      Task.detached {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return Task.isCancelled ? Threads.$count.withValue(3) { work.mistakes(20) } : -1
      }
    }
    for task in tasks {
      task.cancel()
      #expect(await task.value == 0)
    }
  }
}
