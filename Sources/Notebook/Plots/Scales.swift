import Kernels

/// The range of an axis, and the positions of numbers between its two ends.
///
/// The ends are coordinates: the numbers themselves, or their decimal logarithms.
struct PlotScale: Equatable, Sendable {
  /// How numbers become coordinates.
  let kind: Axis.Scale
  /// The coordinate of the left or lower end.
  private(set) var lower: Double
  /// The coordinate of the right or upper end, above the lower one by more than rounding errors.
  private(set) var upper: Double

  /// An axis that covers the data, with some room beyond points and lines but none beyond `edges`,
  /// such as the foot of a bar. Numbers that have no place on the axis do not count.
  init(_ axis: Axis, covering numbers: [Double], edges: [Double] = []) {
    kind = axis.scale
    (lower, upper) = (0, 0)
    let range = axis.range.map { [$0.lowerBound, $0.upperBound] }?.compactMap(coordinate) ?? []
    if range.count == 2 {
      (lower, upper) = (range[0], range[1])
      if isNarrow { widen() }
      return
    }
    let edges = edges.compactMap(coordinate)
    let inner = numbers.compactMap(coordinate)
    let all = edges + inner
    guard let least = all.min(), let most = all.max() else {
      (lower, upper) = (0, 1)
      return
    }
    (lower, upper) = (least, most)
    guard !isNarrow else {
      widen()
      return
    }
    let room = Self.roomBeyondData * (most - least)
    if !edges.contains(where: { $0 <= least }) { lower -= room }
    if !edges.contains(where: { $0 >= most }) { upper += room }
  }

  /// How far an axis reaches beyond the outermost points, in lengths of what they span.
  private static let roomBeyondData = 0.04

  /// The largest number that has a place on an axis; double the span must be finite.
  private static let largest = 1e300

  /// The position of a number: 0 at the lower end, 1 at the upper, below 0 or above 1 if it lies
  /// beyond. Nil if it has no place: NaN, infinite, beyond ±10³⁰⁰, or on a logarithmic axis not
  /// positive or below 10⁻³⁰⁰.
  func position(of number: Double) -> Double? {
    guard let coordinate = coordinate(number) else { return nil }
    // A line that leads far outside must still be clipped with finite arithmetic.
    return min(max((coordinate - lower) / (upper - lower), -1e6), 1e6)
  }

  /// The number at a position, the inverse of `position(of:)`.
  func number(at position: Double) -> Double {
    let coordinate = lower + position * (upper - lower)
    return kind == .linear ? coordinate : Double.exp(coordinate * Self.ln10)
  }

  private static let ln10 = Double.log(10)

  private func coordinate(_ number: Double) -> Double? {
    guard abs(number) <= Self.largest else { return nil }
    guard kind == .logarithmic else { return number }
    return number >= 1 / Self.largest ? Double.log(number) / Self.ln10 : nil
  }

  /// Whether the ends are equal up to rounding errors.
  private var isNarrow: Bool {
    upper - lower
      <= (kind == .logarithmic ? 1e-9 : max(1e-12 * max(abs(lower), abs(upper)), 1e-290))
  }

  /// Moves the ends apart, by half a decade each or by a tenth of the number.
  private mutating func widen() {
    let size = max(abs(lower), abs(upper)) / 10
    let room = kind == .logarithmic ? 0.5 : size > 1e-280 ? size : 1
    (lower, upper) = (lower - room, upper + room)
  }

  /// The axis stretched about its middle to this span.
  fileprivate func stretched(to span: Double) -> PlotScale {
    guard span > upper - lower else { return self }
    var scale = self
    let room = (span - (upper - lower)) / 2
    (scale.lower, scale.upper) = (lower - room, upper + room)
    return scale
  }
}

/// A point in shares of an area: of its width from the left and of its height from below.
struct UnitPoint: Equatable, Sendable {
  var x: Double
  var y: Double
}

/// The two axes of a plot.
struct PlotScales: Equatable, Sendable {
  /// The horizontal axis.
  var x: PlotScale
  /// The vertical axis.
  var y: PlotScale

  /// Axes that cover the layers of a plot.
  init(_ plot: Plot) {
    let extents = plot.layers.map { Extent($0, categories: plot.categories.count) }
    x = PlotScale(plot.x, covering: extents.flatMap(\.x), edges: extents.flatMap(\.xEdges))
    y = PlotScale(plot.y, covering: extents.flatMap(\.y), edges: extents.flatMap(\.yEdges))
  }

  /// The position of a point, if it has one.
  func place(_ x: Double, _ y: Double) -> UnitPoint? {
    guard let x = self.x.position(of: x), let y = self.y.position(of: y) else { return nil }
    return UnitPoint(x: x, y: y)
  }

  /// How many times as wide as high a plot is whose units are equally long on both axes.
  var aspect: Double { (x.upper - x.lower) / (y.upper - y.lower) }

  /// The axes with the shorter of them stretched, so that units are equally long on an area of
  /// this width and height.
  func withEqualAspect(width: Double, height: Double) -> PlotScales {
    var scales = self
    scales.x = x.stretched(to: (y.upper - y.lower) / height * width)
    scales.y = y.stretched(to: (x.upper - x.lower) / width * height)
    return scales
  }
}

/// What a layer needs to show.
private struct Extent {
  var x: [Double] = []
  var y: [Double] = []
  var xEdges: [Double] = []
  var yEdges: [Double] = []

  init(_ layer: Plot.Layer, categories: Int) {
    switch layer {
    case .line(let series), .points(let series):
      let bars = Self.ends(series.y, series.errors)
      x = series.x
      y = series.y + bars
    case .bars(let bars):
      // The position of a category is its index, and it takes half a unit on either side.
      xEdges = [-0.5, Double(max(categories, 1)) - 0.5]
      y = bars.heights + Self.ends(bars.heights, bars.errors)
      yEdges = [0]
    case .histogram(let histogram):
      xEdges = histogram.edges
      y = histogram.heights
      yEdges = [0]
    case .heatMap(let map):
      xEdges = [map.x.lowerBound, map.x.upperBound]
      yEdges = [map.y.lowerBound, map.y.upperBound]
    }
  }

  private static func ends(_ middles: [Double], _ errors: [Double]?) -> [Double] {
    errors.map { zip(middles, $0).flatMap { [$0 - $1, $0 + $1] } } ?? []
  }
}
