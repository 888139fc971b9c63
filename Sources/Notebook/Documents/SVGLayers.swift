extension SVGPlot {
  /// The foot of bars: zero, or the lower end of an axis that has none.
  private var foot: Double { y(0) ?? areaHeight }

  private func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let x = self.x(x), let y = self.y(y) else { return nil }
    return (x, y)
  }

  /// All layers, from the bottom up.
  var layers: String {
    let bars = plot.layers.indices.filter { plot.layers[$0].isBars }
    return zip(plot.layers.indices, zip(plot.layers, plot.styles)).map { index, layer in
      let style = layer.1
      return switch layer.0 {
      case .line(let series): line(series, style) + errors(of: series, style)
      case .points(let series):
        (series.hues.map { dots(series, hues: $0) }
          ?? markers(zip(series.x, series.y).compactMap(point), style))
          + errors(of: series, style)
      case .bars(let layer):
        self.bars(layer, style, place: bars.firstIndex(of: index)!, of: bars.count)
      case .histogram(let histogram): self.histogram(histogram, style)
      case .heatMap(let map): shades(map)
      }
    }.joined()
  }

  private func line(_ series: Plot.Series, _ style: LayerStyle) -> String {
    var commands = ""
    var isDrawing = false
    for place in zip(series.x, series.y).map(point) {
      if let place {
        commands += "\(isDrawing ? "L" : "M")\(pixels(place.x)) \(pixels(place.y))"
      }
      isDrawing = place != nil
    }
    // Over shades a line needs a border to be seen.
    return (map == nil ? "" : svgPath(commands, "halo"))
      + svgPath(commands, style.kind("line"), dash: style.dash)
  }

  /// The markers of points.
  func markers(_ places: [(x: Double, y: Double)], _ style: LayerStyle) -> String {
    let (shape, kind) = style.marker
    let commands = places.map { "M\(pixels($0.x)) \(pixels($0.y))\(shape)" }.joined()
    let size = places.count > 250 ? " small" : ""
    return (map == nil ? "" : svgPath(commands, "halo " + kind))
      + svgPath(commands, style.kind(kind + size))
  }

  /// Points that have hues of their own, those of one hue in one path.
  private func dots(_ series: Plot.Series, hues: [Double]) -> String {
    var paths = Array(repeating: "", count: Drawing.hueCount)
    for (place, hue) in zip(zip(series.x, series.y).map(point), hues) {
      guard let place, hue.isFinite else { continue }
      paths[hueIndex(hue)] += "M\(pixels(place.x)) \(pixels(place.y))h0"
    }
    let size = series.x.count > 250 ? " small" : ""
    return zip(paths, 0...).map { svgPath($0, "dot\(size) hue\($1)") }.joined()
  }

  /// A single point of a hue.
  func dot(_ x: Double, _ y: Double, hue: Double) -> String {
    svgPath("M\(pixels(x)) \(pixels(y))h0", "dot hue\(hueIndex(hue))")
  }

  /// The hue for a place on the circle of hues.
  private func hueIndex(_ hue: Double) -> Int {
    let turn = hue - hue.rounded(.down)
    return min(Int(turn * Double(Drawing.hueCount)), Drawing.hueCount - 1)
  }

  private func errors(of series: Plot.Series, _ style: LayerStyle) -> String {
    let bars = zip(zip(series.x, series.y), series.errors ?? []).map { place, error in
      x(place.0).map { errorBar($0, place.1, error) } ?? ""
    }
    return svgPath(bars.joined(), style.kind("error"))
  }

  private func errorBar(_ x: Double, _ middle: Double, _ error: Double) -> String {
    guard error.isFinite, let upper = y(middle + error) else { return "" }
    let lower = y(middle - error) ?? areaHeight
    return "M\(pixels(x - 3)) \(pixels(upper))h6M\(pixels(x)) \(pixels(upper))V\(pixels(lower))"
      + "M\(pixels(x - 3)) \(pixels(lower))h6"
  }

  private func bars(
    _ bars: Plot.Bars, _ style: LayerStyle, place: Int, of count: Int
  ) -> String {
    let width = 0.8 / Double(count)
    var result = ""
    var errors = ""
    for (index, height) in bars.heights.enumerated() {
      guard let column = plot.categories.firstIndex(of: bars.categories[index]),
        let left = x(Double(column) - 0.4 + Double(place) * width),
        let right = x(Double(column) - 0.4 + Double(place + 1) * width), let end = y(height)
      else { continue }
      // A bar that reaches far outside needs no stripes there.
      let ends = [end, foot].map { min(max($0, -5), areaHeight + 5) }.sorted()
      result += box(
        left + 1, ends[0], max(right - left - 2, 0.5), ends[1] - ends[0], style, isSolid: true)
      if let error = bars.errors?[index] {
        errors += errorBar((left + right) / 2, height, error)
      }
    }
    return result + svgPath(errors, "error")
  }

  /// A rectangle filled in its style.
  func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: LayerStyle, isSolid: Bool
  ) -> String {
    let outline = "M\(pixels(x)) \(pixels(y))h\(pixels(width))v\(pixels(height))h\(pixels(-width))z"
    guard isSolid else { return svgPath(outline, style.kind("area"), dash: style.dash) }
    guard style.pattern > 0 else { return svgPath(outline, style.kind("bar")) }
    return svgPath(
      outline + stripes(x, y, width, height, pattern: style.pattern), style.kind("hatch"))
  }

  /// The stripes that tell bars apart where there is no colour: none, across, along, both, dense.
  private func stripes(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, pattern: Int
  ) -> String {
    let step = pattern == 5 ? 2.5 : 5.0
    var result = ""
    if [2, 4, 5].contains(pattern) {
      result += stride(from: y + height - step, to: y, by: -step).map {
        "M\(pixels(x)) \(pixels($0))h\(pixels(width))"
      }.joined()
    }
    if [3, 4].contains(pattern) {
      result += stride(from: x + step, to: x + width, by: step).map {
        "M\(pixels($0)) \(pixels(y))v\(pixels(height))"
      }.joined()
    }
    return result
  }

  private func histogram(_ histogram: Plot.Histogram, _ style: LayerStyle) -> String {
    var commands = ""
    for (index, height) in histogram.heights.enumerated() {
      guard let left = x(histogram.edges[index]), let right = x(histogram.edges[index + 1]),
        let end = y(height)
      else { continue }
      commands += "M\(pixels(left)) \(pixels(foot))V\(pixels(end))H\(pixels(right))V\(pixels(foot))"
    }
    return svgPath(commands, style.kind("area"), dash: style.dash)
  }
}

extension Plot.Layer {
  /// Whether the layer is bars.
  var isBars: Bool { if case .bars = self { true } else { false } }
}

extension LayerStyle {
  /// A class with that of the colour.
  func kind(_ name: String) -> String { "\(name) c\(color)" }

  /// The dashes of a line; the first line has none.
  var dash: String { ["", "7 4", "2 3", "9 3 2 3", "13 4", "9 3 2 3 2 3"][pattern] }

  /// The outline of a marker about its middle, and how it is drawn.
  fileprivate var marker: (shape: String, kind: String) {
    switch pattern {
    case 0: ("h0", "dot")
    case 1: ("h0", "dot square")
    case 2: ("m-3.5 2.5h7l-3.5-6z", "mark")
    case 3: ("m0-4l4 4l-4 4l-4-4z", "mark")
    case 4: ("m-4 0h8m-4-4v8", "stroke")
    default: ("m-3-3l6 6m0-6l-6 6", "stroke")
    }
  }
}
