import Foundation

/// The unit of a row.
enum Unit: String, Encodable {
  case imagesPerSecond = "images/s"
  case samplesPerSecond = "samples/s"
  case gigaflops = "GFLOP/s"
  case nanosecondsPerElement = "ns/element"

  /// The measured value of `work` images, samples, GFLOP or elements in some time.
  func value(work: Double, seconds: Double) -> Double {
    self == .nanosecondsPerElement ? seconds * 1e9 / work : work / seconds
  }

  /// How many times as fast one value is as another.
  func speed(of value: Double, over other: Double) -> Double {
    self == .nanosecondsPerElement ? other / value : value / other
  }
}

/// One measurement: a name that does not change, and work to repeat.
struct Row {
  let name: String
  let unit: Unit
  /// How many of the unit's images, samples, GFLOP or elements one run processes.
  let work: Double
  /// Makes the inputs, and returns a closure that runs on them once.
  let prepare: () throws -> () -> Void
}

/// A row with its inputs made, and run often enough to be measured.
struct PreparedRow {
  private let row: Row
  private let run: () -> Void
  /// How many runs make a repetition.
  private var count = 1

  /// The clock is far finer, but the system interrupts programs; a repetition averages over that.
  private static let secondsPerRepetition = 0.05

  init(_ row: Row) throws {
    self.row = row
    run = try row.prepare()
    run()
    var seconds = self.seconds(count)
    while seconds < Self.secondsPerRepetition {
      // The count grows at most tenfold at a time, because a measurement may have been interrupted.
      let needed = 1.2 * Double(count) * Self.secondsPerRepetition / seconds
      count = max(count + 1, Int(min(needed, 10 * Double(count))))
      seconds = self.seconds(count)
    }
  }

  /// One measured value. Part of a repetition runs unmeasured before it, because a peer may have
  /// filled the caches in between.
  func measure() -> Double {
    _ = seconds(max(1, count / 5))
    return row.unit.value(work: row.work * Double(count), seconds: seconds(count))
  }

  private func seconds(_ count: Int) -> Double {
    let duration = ContinuousClock().measure { for _ in 0..<count { run() } }
    return duration / .seconds(1)
  }
}

/// The values of a row, in one program.
struct Summary: Encodable {
  let median: Double
  let min: Double
  let max: Double
  let repetitions: Int

  init(_ values: [Double]) {
    let sorted = values.sorted()
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    min = sorted[0]
    max = sorted[sorted.count - 1]
    repetitions = sorted.count
  }
}
