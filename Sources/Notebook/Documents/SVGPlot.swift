extension Plot {
  /// The plot with its axes and its legend, as one of several panels.
  ///
  /// Three side by side have less room, so they are drawn narrower, and their text need not shrink.
  func drawing(panels: Int = 1) -> Drawing { SVGPlot(self, width: panels < 3 ? 340 : 300).drawing }
}

/// A plot on its way to SVG: where things are, and what surrounds its layers.
struct SVGPlot {
  private static let lineHeight = 18.0

  let plot: Plot
  let width: Double
  /// The shades, if there are any.
  let map: Plot.HeatMap?
  /// The area between the axes.
  private(set) var left = 0.0
  private(set) var top = 8.0
  private(set) var areaWidth = 0.0
  private(set) var areaHeight = 210.0
  private var scales: PlotScales

  init(_ plot: Plot, width: Double) {
    self.plot = plot
    self.width = width
    map = plot.layers.lazy.compactMap { if case .heatMap(let map) = $0 { map } else { nil } }.first
    scales = PlotScales(plot)
    if plot.title != nil { top += 20 }
    top += Double(legendRows.count) * Self.lineHeight
    // The numbers beside an axis determine how much room it needs. With equal units, that room
    // determines the numbers in turn. A second pass hardly changes anything.
    for _ in 0..<2 {
      let numbers = yTicks.map { textWidth($0.label, size: 12) }.max() ?? 0
      left = 30 + numbers
      areaWidth = width - left - (map == nil ? 12 : 72)
      if plot.hasEqualAspect {
        let free = PlotScales(plot)
        areaHeight = min(max(areaWidth / free.aspect, 130), 320)
        scales = free.withEqualAspect(width: areaWidth, height: areaHeight)
      }
    }
  }

  var drawing: Drawing {
    let marks =
      #"<svg x="\#(pixels(left))" y="\#(pixels(top))" width="\#(pixels(areaWidth))" "#
      + #"height="\#(pixels(areaHeight))">"# + layers + "</svg>"
    let title = plot.title.map { svgText($0, left, 17, kind: "heading", anchor: "start") } ?? ""
    let labels = categoryLabels
    let bottom = top + areaHeight + labels.height
    let axes =
      svgText(plot.x.label, left + areaWidth / 2, bottom + 17, kind: "axis")
      + svgText(plot.y.label, 13, top + areaHeight / 2, kind: "axis", degrees: -90)
    return Drawing(
      width: width, height: bottom + 24,
      content: title + legend + grid + marks + frame + labels.content + axes + colorScale)
  }

  // MARK: Places

  /// How far right of the area's left side a number is, if it has a place.
  func x(_ number: Double) -> Double? {
    scales.x.position(of: number).map { $0 * areaWidth }
  }

  /// How far below the area's upper side a number is, if it has a place.
  func y(_ number: Double) -> Double? {
    scales.y.position(of: number).map { (1 - $0) * areaHeight }
  }

  // MARK: Axes

  private var isCategorical: Bool { !plot.categories.isEmpty }
  private var xTicks: [Tick] {
    isCategorical ? [] : ticks(of: scales.x, atMost: max(3, Int(areaWidth / 48)))
  }
  private var yTicks: [Tick] { ticks(of: scales.y, atMost: max(3, Int(areaHeight / 34))) }

  /// One or two numbers say little about an axis, so a few more are put closer together.
  private func ticks(of scale: PlotScale, atMost count: Int) -> [Tick] {
    let ticks = scale.ticks(atMost: count)
    return ticks.count < 3 ? scale.ticks(atMost: count + 2) : ticks
  }

  private var grid: String {
    guard map == nil else { return "" }
    let vertical = xTicks.compactMap { x($0.value) }.map {
      "M\(pixels(left + $0)) \(pixels(top))v\(pixels(areaHeight))"
    }
    let horizontal = yTicks.compactMap { y($0.value) }.map {
      "M\(pixels(left)) \(pixels(top + $0))h\(pixels(areaWidth))"
    }
    return svgPath((vertical + horizontal).joined(), "grid")
  }

  private var frame: String {
    let bottom = top + areaHeight
    var ticks = ""
    var numbers = ""
    for tick in xTicks {
      guard let x = x(tick.value) else { continue }
      ticks += "M\(pixels(left + x)) \(pixels(bottom))v4"
      numbers += svgText(tick.label, left + x, bottom + 17)
    }
    for tick in yTicks {
      guard let y = y(tick.value) else { continue }
      ticks += "M\(pixels(left)) \(pixels(top + y))h-4"
      numbers += svgText(tick.label, left - 7, top + y + 4, anchor: "end")
    }
    return svgPath(
      "M\(pixels(left)) \(pixels(top))V\(pixels(bottom))H\(pixels(left + areaWidth))" + ticks,
      "frame") + numbers
  }

  /// The names below bars, slanted if they would overlap, and how much room they take.
  private var categoryLabels: (content: String, height: Double) {
    guard isCategorical else { return ("", 22) }
    let widest = plot.categories.map { textWidth($0, size: 12) }.max()!
    let isAslant = widest > areaWidth / Double(plot.categories.count) - 4
    let bottom = top + areaHeight
    let content = plot.categories.enumerated().map { index, category in
      let middle = left + (x(Double(index)) ?? 0)
      return isAslant
        ? svgText(category, middle + 4, bottom + 14, anchor: "end", degrees: -35)
        : svgText(category, middle, bottom + 17)
    }
    return (content.joined(), isAslant ? 16 + 0.6 * widest : 22)
  }

  // MARK: Legend

  private var legendRows: [[LegendEntry]] {
    var rows: [[LegendEntry]] = []
    var room = 0.0
    for entry in plot.legend {
      let width = Self.width(of: entry)
      if rows.isEmpty || width > room {
        rows.append([])
        room = self.width - 40
      }
      rows[rows.count - 1].append(entry)
      room -= width
    }
    return rows
  }

  private static func width(of entry: LegendEntry) -> Double {
    44 + textWidth(entry.label, size: 12)
  }

  private var legend: String {
    var result = ""
    for (row, entries) in legendRows.enumerated() {
      var x = left
      let y = top - 13 - Double(legendRows.count - 1 - row) * Self.lineHeight
      for entry in entries {
        let sample = sample(of: plot.layers[entry.layer], entry.style, x, y)
        result += sample + svgText(entry.label, x + 28, y + 4, anchor: "start")
        x += Self.width(of: entry)
      }
    }
    return result
  }

  private func sample(
    of layer: Plot.Layer, _ style: LayerStyle, _ x: Double, _ y: Double
  ) -> String {
    switch layer {
    case .line: svgPath("M\(pixels(x)) \(pixels(y))h22", style.kind("line"), dash: style.dash)
    case .points(let series):
      series.hues == nil
        ? markers([(x + 11, y)], style)
        : (0..<5).map { dot(x + 3 + 4 * Double($0), y, hue: Double($0) / 5) }.joined()
    case .bars, .histogram:
      box(x + 3, y - 5, 16, 10, style, isSolid: layer.isBars)
    case .heatMap: ""
    }
  }
}
