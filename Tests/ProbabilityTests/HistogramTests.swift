import StatisticalChecks
import Testing

@testable import Probability

@Suite struct HistogramTests {
  @Test("A value on an edge counts in the interval above it, and on the last edge below it")
  func anEdgeBelongsToTheIntervalAboveAndTheLastToTheOneBelow() {
    let histogram = Histogram([0, 0.5, 1, 1.999, 2, 4], edges: [0, 1, 2, 4])
    #expect(histogram.counts == [2, 2, 2])
    #expect(histogram.total == 6)
  }

  @Test("Values outside all intervals count only in the total")
  func whatLiesOutsideIsCountedInTheTotalAlone() {
    let histogram = Histogram([-0.1, 2.1, .nan, .infinity, 1], edges: [0, 1, 2])
    #expect(histogram.counts == [0, 1])
    #expect(histogram.total == 5)
    #expect(histogram.densities == [0, 0.2])
  }

  @Test("A density is an interval's share divided by its width")
  func densitiesAreSharesOverWidths() {
    #expect(Histogram([0, 0, 1, 3], edges: [0, 0.5, 4]).densities == [1, 0.5 / 3.5])
    #expect(Histogram(edges: [0, 1]).densities[0].isNaN)
  }

  @Test func equalIntervalsEndExactlyAtTheRange() {
    for (binCount, range) in [(7, 0.1...0.8), (1, -3.0...2), (100, 1.0...1.3)] {
      let histogram = Histogram(binCount: binCount, over: range)
      #expect(histogram.edges.count == binCount + 1)
      #expect(histogram.edges.first == range.lowerBound)
      #expect(histogram.edges.last == range.upperBound)
    }
    #expect(Histogram(binCount: 4, over: 1...3).edges == [1, 1.5, 2, 2.5, 3])
  }

  @Test("Counting values in parts gives the same histogram as counting them at once")
  func countingInPartsIsCountingAtOnce() {
    var generator = SeededGenerator(seed: 31)
    let values = generator.normal(count: 1000)
    var parts = Histogram(binCount: 13, over: -2...2)
    parts.add(Array(values[..<300]))
    parts.add(Array(values[300...]))
    #expect(parts == Histogram(values, binCount: 13, over: -2...2))
  }

  /// The count of an interval is binomial: χ² of all twenty stays below its one-in-a-million limit.
  @Test func uniformValuesFillEqualIntervalsEqually() {
    var generator = SeededGenerator(seed: 32)
    let histogram = Histogram(generator.uniform(count: 100_000), binCount: 20, over: 0...1)
    #expect(histogram.counts.reduce(0, +) == 100_000)
    #expect(chiSquare(histogram.counts) < chiSquareLimit(degreesOfFreedom: 19))
  }

  @Test(arguments: ["1", "1 1", "2 1", "0 nan 2", "0 inf"])
  func badEdgesStopTheProgram(edges: String) async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [edges] in _ = Histogram([1], edges: edges.split(separator: " ").map { Double($0)! }) }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("Histogram: "))
  }
}
