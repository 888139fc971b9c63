import Autodiff
import Notebook

// What the figures of several sections have in common.

extension Plot.Meaning {
  /// What a function makes of z.
  static let made = Plot.Meaning.series(0)
  /// The distribution that the result should have.
  static let wanted = Plot.Meaning.series(1)
}

extension Plot.Series {
  /// The rows of a matrix of shape [n, 2], each with a hue of its own where an angle is given.
  init(
    _ label: String? = nil, meaning: Plot.Meaning, points: Tensor<Double>, angles: [Double]? = nil
  ) {
    self.init(
      label, meaning: meaning, x: points.slice(axis: 1, 0..<1).scalars,
      y: points.slice(axis: 1, 1..<2).scalars, hues: angles?.map { $0 / (2 * .pi) })
  }
}

/// Points in a square of the plane around the origin.
func scatter(
  _ title: String, _ groups: [Plot.Series], axes: (x: String, y: String) = ("x₁", "x₂"),
  reach: Double
) -> Plot {
  Plot(
    title, x: Axis(axes.x, range: -reach...reach), y: Axis(axes.y, range: -reach...reach),
    hasEqualAspect: true, layers: groups.map { .points($0) })
}

/// A histogram, with the density that it should follow.
func histogram(
  _ name: String, _ values: [Double], over range: ClosedRange<Double>, density: (Double) -> Double
) -> Plot {
  let histogram = Histogram(values, binCount: 32, over: range)
  let line = edges(100, over: range)
  return Plot(
    x: Axis(name), y: Axis("density"),
    layers: [
      .histogram(
        Plot.Histogram(
          "samples", meaning: .made, edges: histogram.edges, heights: histogram.densities)),
      .line(Plot.Series("exact", meaning: .wanted, x: line, y: line.map(density))),
    ])
}

/// The ends of `count` intervals of equal width that fill a range, ascending.
func edges(_ count: Int, over range: ClosedRange<Double>) -> [Double] {
  let width = (range.upperBound - range.lowerBound) / Double(count)
  return (0..<count).map { range.lowerBound + width * Double($0) } + [range.upperBound]
}

/// How many of some values lie in each of several adjoining intervals of equal width.
struct Histogram {
  /// Where the intervals meet, ascending; one more than there are intervals.
  let edges: [Double]
  /// The number of values in each interval. An edge belongs to the interval above it, the last one
  /// to the interval below.
  let counts: [Int]
  /// The proportion of all values, those outside included, that lie in each interval, divided by the
  /// interval's width: comparable with a density.
  let densities: [Double]

  init(_ values: [Double], binCount: Int, over range: ClosedRange<Double>) {
    let edges = Ch01_Ring.edges(binCount, over: range)
    var counts = Array(repeating: 0, count: binCount)
    for value in values where range.contains(value) {
      // The last edge that is not above the value, but never the very last one.
      var (below, above) = (0, binCount)
      while above - below > 1 {
        let middle = (below + above) / 2
        if edges[middle] <= value { below = middle } else { above = middle }
      }
      counts[below] += 1
    }
    self.edges = edges
    self.counts = counts
    densities = counts.indices.map {
      Double(counts[$0]) / (Double(values.count) * (edges[$0 + 1] - edges[$0]))
    }
  }
}
