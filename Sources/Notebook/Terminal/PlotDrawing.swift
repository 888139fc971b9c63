/// The marks of a plot inside its axes.
struct PlotDrawing {
  private let scales: PlotScales
  private let columns: Int
  private let rows: Int
  private let renderer: TerminalRenderer
  /// Shades and solid bars, below all dots.
  private var ground: CharacterGrid
  private var dots: DotCanvas
  /// Points that are characters, above all dots.
  private var markers: CharacterGrid

  /// Draws the layers from the bottom up onto an area of this many characters.
  init(_ plot: Plot, scales: PlotScales, columns: Int, rows: Int, renderer: TerminalRenderer) {
    self.scales = scales
    self.columns = columns
    self.rows = rows
    self.renderer = renderer
    ground = CharacterGrid(width: columns, height: rows)
    markers = ground
    dots = DotCanvas(columns: columns, rows: rows, isASCII: renderer.isASCII)
    for (layer, style) in zip(plot.layers, plot.styles) { draw(layer, style, in: plot) }
  }

  /// The cell in a character's place.
  func cell(row: Int, column: Int) -> Cell {
    var cell = ground[row, column]
    if cell.character == "█" { cell.background = cell.color }
    let above = markers[row, column]
    if above.character != " " {
      (cell.character, cell.color) = (above.character, above.color)
    } else if let dot = dots.cell(row: row, column: column) {
      (cell.character, cell.color) = (dot.character, dot.ink.color)
    } else {
      return ground[row, column]
    }
    return cell
  }

  private mutating func draw(_ layer: Plot.Layer, _ style: LayerStyle, in plot: Plot) {
    let ink = renderer.ink(style)
    switch layer {
    case .line(let series):
      drawErrors(series.x, series.y, series.errors, ink)
      dots.draw(zip(series.x, series.y).lazy.map { [scales] in scales.place($0, $1) }, ink: ink)
    case .points(let series):
      drawErrors(series.x, series.y, series.errors, ink)
      drawPoints(series, style, ink)
    case .bars(let bars):
      let upright = Upright(bars, style, in: plot)
      draw(upright.histogram, style, ink)
      drawErrors(upright.middles, bars.heights, bars.errors, ink)
    case .histogram(let histogram):
      draw(histogram, style, ink)
    case .heatMap(let map):
      draw(map)
    }
  }

  private mutating func drawPoints(_ series: Plot.Series, _ style: LayerStyle, _ ink: Ink) {
    let marker = renderer.marker(style, count: series.x.count)
    for (x, y) in zip(series.x, series.y) {
      guard let place = scales.place(x, y), 0...1 ~= place.x, 0...1 ~= place.y else { continue }
      guard let marker else {
        dots.light(place, ink: ink)
        continue
      }
      let row = Int(((1 - place.y) * Double(dots.height - 1)).rounded()) * rows / dots.height
      let column = Int((place.x * Double(dots.width - 1)).rounded()) * columns / dots.width
      markers[row, column] = Cell(character: marker, color: ink.color)
    }
  }

  private mutating func drawErrors(_ x: [Double], _ y: [Double], _ errors: [Double]?, _ ink: Ink) {
    guard let errors else { return }
    let solid = Ink(color: ink.color, letter: "|", dashes: [true])
    for index in x.indices {
      guard let middle = scales.place(x[index], y[index]),
        let top = scales.y.position(of: y[index] + errors[index])
      else { continue }
      // On a logarithmic axis a bar may reach below every number that has a place.
      let bottom = scales.y.position(of: y[index] - errors[index]) ?? -1
      dots.draw([UnitPoint(x: middle.x, y: bottom), UnitPoint(x: middle.x, y: top)], ink: solid)
    }
  }
}

extension PlotScales {
  /// The base of bars: at 0, or at the nearest end of the axis.
  fileprivate var foot: Double { min(max(y.position(of: 0) ?? 0, 0), 1) }
}

// MARK: - Histograms and upright bars

extension PlotDrawing {
  private mutating func draw(_ histogram: Plot.Histogram, _ style: LayerStyle, _ ink: Ink) {
    guard style.pattern > 0 else { return fill(histogram, ink) }
    let foot = scales.foot
    let tops = histogram.heights.map { scales.y.position(of: $0) ?? foot }
    let edges = histogram.edges.map { scales.x.position(of: $0) }
    var outline: [UnitPoint?] = []
    for (index, edge) in edges.enumerated() {
      for height in [index == 0 ? foot : tops[index - 1], index == tops.count ? foot : tops[index]]
      {
        outline.append(edge.map { UnitPoint(x: $0, y: height) })
      }
    }
    dots.draw(outline, ink: ink)
  }

  /// Solid columns of blocks, of the mean height where several bars fall into one.
  private mutating func fill(_ histogram: Plot.Histogram, _ ink: Ink) {
    var areas = Array(repeating: (covered: 0.0, sum: 0.0), count: columns)
    for (index, height) in histogram.heights.enumerated() where height.isFinite {
      guard let left = scales.x.position(of: histogram.edges[index]),
        let right = scales.x.position(of: histogram.edges[index + 1]), left <= right, right > 0,
        left < 1
      else { continue }
      let (start, end) = (max(left, 0) * Double(columns), min(right, 1) * Double(columns))
      for column in Int(start)..<min(Int(end) + 1, columns) {
        let share = min(end, Double(column + 1)) - max(start, Double(column))
        areas[column].covered += share
        areas[column].sum += share * height
      }
    }
    let foot = scales.foot
    for (column, area) in areas.enumerated() where area.covered >= 0.5 && area.sum != 0 {
      guard let top = scales.y.position(of: area.sum / area.covered) else { continue }
      fill(column, from: min(foot, top), to: min(max(foot, top), 1), ink)
    }
  }

  private mutating func fill(_ column: Int, from bottom: Double, to top: Double, _ ink: Ink) {
    let blocks: [Character] = renderer.isASCII ? [".", ":"] : Array("▁▂▃▄▅▆▇█")
    let steps = (top * Double(rows * blocks.count)).rounded()
    for row in Int(max(bottom, 0) * Double(rows))..<rows {
      let filled = min(Int(steps) - row * blocks.count, blocks.count)
      guard filled > 0 else { return }
      ground[rows - 1 - row, column] = Cell(character: blocks[filled - 1], color: ink.color)
    }
  }
}

/// Bars as a histogram whose intervals are side by side in each category.
private struct Upright {
  let histogram: Plot.Histogram
  let middles: [Double]

  init(_ bars: Plot.Bars, _ style: LayerStyle, in plot: Plot) {
    let layers = plot.layers.count { if case .bars = $0 { true } else { false } }
    let width = 0.8 / Double(layers)
    let places = bars.categories.map { Double(plot.categories.firstIndex(of: $0) ?? 0) }
    let middles = places.map { $0 - 0.4 + (Double(style.pattern) + 0.5) * width }
    self.middles = middles
    let edges = middles.flatMap { [$0 - width / 2, $0 + width / 2] }
    // Between two bars there is an empty interval.
    let heights: [Double] = bars.heights.flatMap { [$0, .nan] }.dropLast()
    histogram = Plot.Histogram(edges: edges.isEmpty ? [0] : edges, heights: heights)
  }
}

// MARK: - Heat maps

extension Plot.HeatMap {
  /// From the least to the greatest of the finite numbers.
  var shadedRange: ClosedRange<Double> {
    let numbers = rows.joined().lazy.filter(\.isFinite)
    guard let least = numbers.min(), let most = numbers.max() else { return 0...1 }
    return least...most
  }

  /// The number at a point, if the point is on the map.
  fileprivate func number(x: Double, y: Double) -> Double? {
    guard self.x.contains(x), self.y.contains(y) else { return nil }
    let row = rows[index(of: y, in: self.y, count: rows.count)]
    return row[index(of: x, in: self.x, count: row.count)]
  }

  private func index(of number: Double, in range: ClosedRange<Double>, count: Int) -> Int {
    let share = (number - range.lowerBound) / (range.upperBound - range.lowerBound)
    return share < 1 ? Int(share * Double(count)) : count - 1
  }
}

extension PlotDrawing {
  private mutating func draw(_ map: Plot.HeatMap) {
    let range = map.shadedRange
    let span = range.upperBound / 2 - range.lowerBound / 2
    for row in 0..<rows {
      for column in 0..<columns {
        let shades = [0.25, 0.75].map { down -> Cell? in
          let x = (Double(column) + 0.5) / Double(columns)
          let y = 1 - (Double(row) + down) / Double(rows)
          let number = map.number(x: scales.x.number(at: x), y: scales.y.number(at: y))
          guard let number, !number.isNaN else { return nil }
          let share = span > 0 ? (number / 2 - range.lowerBound / 2) / span : 0.5
          return renderer.shade(min(max(share, 0), 1))
        }
        guard let upper = shades[0], let lower = shades[1] else { continue }
        // Two greys share a character as its ink and its paper.
        ground[row, column] =
          upper.background == lower.background
          ? lower
          : Cell(character: "▀", color: upper.background, background: lower.background)
      }
    }
  }
}
