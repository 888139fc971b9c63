import Dispatch
import Foundation
import Synchronization

/// How many threads the kernels use.
///
/// The results do not depend on it, to the bit: every sum has an order that is fixed by the sizes
/// alone. Set it for a region of code with `Threads.$count.withValue(1) { … }`.
public enum Threads {
  /// The number of threads. By default there is one for each processor that this process may use:
  /// those it is bound to, and no more than the share of them that its control group grants.
  @TaskLocal public static var count = Processors.available
}

/// Runs `body` on pieces of `0..<count`, each at least `grain` long, on several threads at once.
///
/// Each thread takes the next piece when it is ready for one, so that a thread which the system
/// holds up takes fewer. The caller works too and returns when all pieces are done. A nested or
/// concurrent call runs on its caller's thread alone.
func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let threads = max(1, min(Threads.count, count))
  let pieces = min(threads * piecesPerThread, count / max(grain, 1))
  guard threads > 1, pieces > 1 else { return body(0..<count) }
  Team.shared.run(pieces, threads: threads) { piece in
    body((count * piece / pieces)..<(count * (piece + 1) / pieces))
  }
}

/// Enough pieces that no thread waits long for the last one, yet each is large enough to be worth
/// taking.
let piecesPerThread = 4

/// Threads that wait for work, and share it with the caller who brings it.
///
/// `DispatchQueue.concurrentPerform` puts its threads to sleep between calls, and waking one took
/// 40 µs where this was measured: a training step makes dozens of calls that last 20 to 400 µs. A
/// worker here looks for more work for a while before it sleeps.
///
/// Where other programs keep the processors busy, a worker may be stopped in the middle of a piece,
/// for milliseconds. Then the caller works alone for a while, and longer if that happens again.
private final class Team: Sendable {
  static let shared = Team()

  /// What is being worked on. Whoever has taken a piece may read it: it stays until all are done.
  private struct Job {
    let pieces: Int
    let body: (Int) -> Void
  }
  nonisolated(unsafe) private var job: Job?

  /// The job's number in the upper half, and in the lower how many of its pieces nobody has taken
  /// yet. One word holds both, so that nobody takes a piece of a job that is over.
  private let untaken = Atomic<UInt64>(0)
  private let unfinished = Atomic<Int>(0)

  /// Whether a caller has the team.
  private let isTaken = Atomic<Bool>(false)
  /// Until when, in nanoseconds of uptime, callers work alone.
  private let aloneUntil = Atomic<UInt64>(0)
  /// How long the last such time was, in nanoseconds.
  private let lastTimeAlone = Atomic<UInt64>(0)

  nonisolated(unsafe) private var workers: [Worker] = []

  func run(_ pieces: Int, threads: Int, _ body: (Int) -> Void) {
    guard let start = seat() else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    defer { isTaken.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      unsafe job = Job(pieces: pieces, body: body)
      unfinished.store(pieces, ordering: .relaxed)
      let number = (untaken.load(ordering: .relaxed) >> 32) &+ 1
      untaken.store(number << 32 | UInt64(pieces), ordering: .sequentiallyConsistent)
      wake(min(threads, Processors.available) - 1)
      let longest = work(since: start)
      waitForOthers(longest)
      unsafe job = nil
    }
  }

  /// The time, if the caller may have the team now.
  private func seat() -> UInt64? {
    if isTaken.load(ordering: .relaxed) { return nil }
    let now = DispatchTime.now().uptimeNanoseconds
    if now < aloneUntil.load(ordering: .relaxed) { return nil }
    return isTaken.exchange(true, ordering: .acquiring) ? nil : now
  }

  /// Takes pieces and does them until none is left; returns how long the longest took, in
  /// nanoseconds.
  private func work(since start: UInt64) -> UInt64 {
    var (longest, last) = (UInt64(0), start)
    while takePiece() {
      let now = DispatchTime.now().uptimeNanoseconds
      longest = max(longest, now - last)
      last = now
    }
    return longest
  }

  /// Takes a piece, if there is one, and does it.
  private func takePiece() -> Bool {
    var seen = untaken.load(ordering: .acquiring)
    while seen & 0xFFFF_FFFF > 0 {
      let (isMine, current) = untaken.compareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      if isMine {
        perform(Int(seen & 0xFFFF_FFFF))
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
      seen = current
    }
    return false
  }

  /// Does the piece that is `fromEnd` pieces from the end. It is a separate function so that it no
  /// longer holds any part of the job when the caller is told that the piece is done.
  @inline(never) private func perform(_ fromEnd: Int) {
    guard let job = unsafe job else { return }
    job.body(job.pieces - fromEnd)
  }

  /// Waits for the pieces that others have taken. They began before the caller's last one ended, so
  /// the wait is long only if a worker was stopped.
  private func waitForOthers(_ longest: UInt64) {
    if unfinished.load(ordering: .acquiring) == 0 { return }
    let start = DispatchTime.now().uptimeNanoseconds
    _ = poll(for: .max, until: { unfinished.load(ordering: .acquiring) == 0 })
    let now = DispatchTime.now().uptimeNanoseconds
    let waited = now - start
    if waited > longest + 100_000 {
      // From 2 ms on, and twice as long each time it happens again soon, up to a fifth of a second.
      let last = lastTimeAlone.load(ordering: .relaxed)
      let isSoon = now < aloneUntil.load(ordering: .relaxed) + 10 * last
      let next = isSoon ? min(2 * last, 200_000_000) : 2_000_000
      lastTimeAlone.store(next, ordering: .relaxed)
      aloneUntil.store(now + next, ordering: .relaxed)
    }
  }

  private func wake(_ count: Int) {
    while unsafe workers.count < count {
      let worker = Worker()
      unsafe workers.append(worker)
      DispatchQueue(label: "Kernels.worker", qos: .userInitiated).async { [self] in serve(worker) }
    }
    for worker in unsafe workers.prefix(count) { worker.wake() }
  }

  private func serve(_ worker: Worker) {
    while true {
      if takePiece() { continue }
      if !poll(for: 300_000, until: { hasWork }) { worker.sleep(unless: { hasWork }) }
    }
  }

  /// Checks repeatedly whether something has happened, for a limited number of nanoseconds. Returns
  /// whether it has.
  ///
  /// It pauses between checks, so that it does not slow down the other thread of the same core.
  /// After a while it yields the processor, because the thread that it waits for may need it.
  private func poll(for limit: UInt64, until hasHappened: () -> Bool) -> Bool {
    let start = DispatchTime.now().uptimeNanoseconds
    var elapsed: UInt64 = 0
    while elapsed < limit {
      if hasHappened() { return true }
      if elapsed > 20_000 { sched_yield() }
      let last = elapsed
      while elapsed < last + 100 { elapsed = DispatchTime.now().uptimeNanoseconds - start }
    }
    return hasHappened()
  }

  private var hasWork: Bool { untaken.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF > 0 }
}

/// The sleep of a thread of the team.
private final class Worker: Sendable {
  private let isAsleep = Atomic<Bool>(false)
  private let bell = DispatchSemaphore(value: 0)

  /// Sleeps until `wake`, but not if `hasWork` says that there is work: either the sleeper sees it,
  /// or whoever brings it sees the sleeper.
  func sleep(unless hasWork: () -> Bool) {
    isAsleep.store(true, ordering: .sequentiallyConsistent)
    if hasWork(), isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
    bell.wait()
  }

  func wake() {
    guard isAsleep.load(ordering: .sequentiallyConsistent) else { return }
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bell.signal() }
  }
}
