import Dispatch
import Foundation

/// How many threads the kernels use.
///
/// The results do not depend on it, to the bit: every sum has an order that is fixed by the sizes
/// alone. Set it for a region of code with `Threads.$count.withValue(1) { … }`.
public enum Threads {
  /// The number of threads, by default one for each active processor.
  @TaskLocal public static var count = ProcessInfo.processInfo.activeProcessorCount
}

/// Runs `body` on pieces of `0..<count`, each at least `grain` long, on several threads at once.
///
/// The caller takes a piece itself and returns when all pieces are done. A nested or concurrent
/// call runs on its caller's thread alone.
func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let pieces = min(Threads.count, count / max(grain, 1))
  guard pieces > 1 else {
    if count > 0 { body(0..<count) }
    return
  }
  Team.shared.run(pieces) { piece in
    body((count * piece / pieces)..<(count * (piece + 1) / pieces))
  }
}

/// Worker threads that wait for the next piece of work.
///
/// `DispatchQueue.concurrentPerform` puts its threads to sleep between calls, and waking one took
/// 40 µs where this was measured: a training step makes dozens of calls that last 20 to 400 µs. A
/// worker here polls its semaphore for a while before it sleeps; handing it work takes 0.4 µs.
private final class Team: @unchecked Sendable {
  static let shared = Team()

  private var workers: [Worker] = []
  /// Held by the thread whose work the team is doing.
  private let isFree = DispatchSemaphore(value: 1)

  func run(_ pieces: Int, _ body: (Int) -> Void) {
    guard isFree.wait(timeout: .immediately) == .success else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    defer { isFree.signal() }
    while workers.count < pieces - 1 { workers.append(Worker()) }
    withoutActuallyEscaping(body) { body in
      for piece in 1..<pieces { workers[piece - 1].begin { body(piece) } }
      body(0)
      for piece in 1..<pieces where !workers[piece - 1].finish() { body(piece) }
    }
  }
}

private final class Worker: @unchecked Sendable {
  private let isReady = DispatchSemaphore(value: 0)
  private let isDone = DispatchSemaphore(value: 0)
  private var work: (() -> Void)?

  init() {
    DispatchQueue(label: "Kernels.worker", qos: .userInitiated).async { [self] in
      while true {
        isReady.waitActively()
        perform()
        isDone.signal()
      }
    }
  }

  func begin(_ work: @escaping () -> Void) {
    self.work = work
    isReady.signal()
  }

  /// Waits until the work is done. If it has not even begun, because other programs keep the
  /// processors busy, takes it back and returns false.
  func finish() -> Bool {
    defer { work = nil }
    if isReady.wait(timeout: .immediately) == .success { return false }
    isDone.waitActively()
    return true
  }

  /// A function of its own, so that nothing of `work` is still held when the caller is told.
  @inline(never) private func perform() { work?() }
}

extension DispatchSemaphore {
  /// Polls for a third of a millisecond before it sleeps.
  ///
  /// A poll lasts about 10 ns, in which a signal takes it for a sleeper and enters the system to wake
  /// it. So there is a pause of ten times that between two polls.
  fileprivate func waitActively() {
    let start = DispatchTime.now().uptimeNanoseconds
    var now = start
    while now < start + 300_000 {
      if wait(timeout: .immediately) == .success { return }
      let last = now
      while now < last + 100 { now = DispatchTime.now().uptimeNanoseconds }
    }
    wait()
  }
}

extension DispatchTime {
  /// A time that has passed: waiting for it looks once and does not enter the system.
  fileprivate static var immediately: DispatchTime { DispatchTime(uptimeNanoseconds: 0) }
}
