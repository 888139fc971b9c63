import Testing

@testable import Ch01_Ring

@Suite struct HistogramTests {
  @Test("An edge belongs to the interval above it, the last edge to the one below")
  func valuesOnEdges() {
    let histogram = Histogram([0, 0.5, 1, 1.999, 2, 3], binCount: 3, over: 0...3)
    #expect(histogram.counts == [2, 2, 2])
  }

  @Test("Values outside the range, and those that are not numbers, count for the total alone")
  func valuesOutside() {
    let histogram = Histogram([-0.1, 4.1, .nan, .infinity, 3], binCount: 2, over: 0...4)
    #expect(histogram.counts == [0, 1])
    #expect(histogram.densities == [0, 0.1])
  }

  @Test("Intervals of equal width end exactly where the range does")
  func ends() {
    for (count, range) in [(7, 0.1...0.8), (1, -3.0...2), (100, 1.0...1.3)] {
      let edges = edges(count, over: range)
      #expect(edges.count == count + 1)
      #expect(edges.first == range.lowerBound && edges.last == range.upperBound)
    }
    #expect(edges(4, over: 1...3) == [1, 1.5, 2, 2.5, 3])
  }
}
