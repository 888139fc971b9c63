extension SVGPlot {
  /// How many shades there are, each a path of its own.
  private static let shadeCount = 64

  private func scale(of map: Plot.HeatMap) -> PlotScale {
    PlotScale(Axis(map.label), covering: [], edges: Array(map.rows.joined()))
  }

  /// The cells of a heat map.
  func shades(_ map: Plot.HeatMap) -> String {
    let scale = scale(of: map)
    let columns = map.rows[0].count
    let x = edges(map.x, columns).map { self.x($0) ?? 0 }
    let y = edges(map.y, map.rows.count).map { self.y($0) ?? areaHeight }
    var paths = Array(repeating: "", count: Self.shadeCount)
    for (row, numbers) in map.rows.enumerated() {
      let shades = numbers.map { number in
        scale.position(of: number).map { Int($0 * Double(Self.shadeCount - 1) + 0.5) }
      }
      var start = 0
      // Neighbours of one shade become one rectangle.
      while start < columns {
        let end = shades[start...].firstIndex { $0 != shades[start] } ?? columns
        if let shade = shades[start] {
          paths[shade] +=
            "M\(pixels(x[start])) \(pixels(y[row + 1]))H\(pixels(x[end]))V\(pixels(y[row]))"
            + "H\(pixels(x[start]))z"
        }
        start = end
      }
    }
    return zip(paths, 0...).map { commands, shade in
      svgPath(commands, "cell", fill: Self.color(ofShade: shade))
    }.joined()
  }

  private func edges(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0...count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count)
    }
  }

  /// Which number has which shade.
  var colorScale: String {
    guard let map else { return "" }
    let x = left + areaWidth + 14
    let scale = scale(of: map)
    let height = areaHeight / Double(Self.shadeCount)
    var result = ""
    for shade in 0..<Self.shadeCount {
      let y = top + areaHeight - Double(shade + 1) * height
      result += svgPath(
        // Each overlaps the one below it; otherwise the background shows between them.
        "M\(pixels(x)) \(pixels(y))h12v\(pixels(shade == 0 ? height : height + 0.5))h-12z", "cell",
        fill: Self.color(ofShade: shade))
    }
    for tick in scale.ticks(atMost: 6) {
      guard let position = scale.position(of: tick.value) else { continue }
      result += svgText(
        tick.label, x + 16, top + (1 - position) * areaHeight + 4, anchor: "start")
    }
    return result
      + svgText(map.label, left + areaWidth + 64, top + areaHeight / 2, kind: "axis", degrees: -90)
  }

  /// Colours whose lightness rises evenly, so that they are in order without colour too: five of
  /// viridis (Smith and van der Walt, 2015) and what lies between them.
  private static func color(ofShade shade: Int) -> String {
    let stops: [[Double]] = [
      [68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37],
    ]
    let place = Double(shade) / Double(shadeCount - 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let share = place - Double(index)
    let parts = zip(stops[index], stops[index + 1]).map { from, to in
      let byte = String(Int(from + share * (to - from) + 0.5), radix: 16)
      return byte.count == 1 ? "0" + byte : byte
    }
    return "#" + parts.joined()
  }
}
