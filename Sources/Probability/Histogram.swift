/// How many values lie in each of a row of intervals.
///
/// ```swift
/// let histogram = Histogram(radii, binCount: 30, over: 1...1.5)
/// Plot.Histogram("samples", edges: histogram.edges, heights: histogram.densities)
/// ```
public struct Histogram: Equatable, Sendable {
  /// Where the intervals meet, ascending; one more than there are intervals.
  public let edges: [Double]
  /// The number of values in each interval. An edge belongs to the interval above it, the last one
  /// to the interval below.
  public private(set) var counts: [Int]
  /// The number of all values, also of those outside the edges and of those that are no number.
  public private(set) var total = 0

  /// Counts values between edges, which must be finite and ascend.
  ///
  /// Complexity: values · log(edges).
  public init(_ values: [Double] = [], edges: [Double]) {
    guard edges.count > 1, edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy(<)
    else { fatalError("Histogram: \(edges.count) edges that do not ascend, or too few") }
    self.edges = edges
    counts = Array(repeating: 0, count: edges.count - 1)
    add(values)
  }

  /// Counts values in intervals of equal width.
  public init(_ values: [Double] = [], binCount: Int, over range: ClosedRange<Double>) {
    if binCount < 1 { fatalError("Histogram: \(binCount) intervals; one is the fewest") }
    let width = (range.upperBound - range.lowerBound) / Double(binCount)
    let inner = (0..<binCount).map { range.lowerBound + width * Double($0) }
    self.init(values, edges: inner + [range.upperBound])
  }

  /// Counts more values.
  public mutating func add(_ values: [Double]) {
    total += values.count
    for value in values where value >= edges[0] && value <= edges[edges.count - 1] {
      // The last edge that is not above the value, but never the very last one.
      var (below, above) = (0, edges.count - 1)
      while above - below > 1 {
        let middle = (below + above) / 2
        if edges[middle] <= value { below = middle } else { above = middle }
      }
      counts[below] += 1
    }
  }

  /// The share of all values in each interval over the interval's width: what to hold against a
  /// density. Together with the widths they sum to the share of values between the edges; not
  /// numbers before the first value.
  public var densities: [Double] {
    counts.indices.map { Double(counts[$0]) / (Double(total) * (edges[$0 + 1] - edges[$0])) }
  }
}
