/// How a layer differs from the others.
///
/// The colour tells all layers apart. Where there is no colour, the pattern tells apart the layers
/// of one kind: the dashes of lines, the markers of points, the filling of bars.
struct LayerStyle: Equatable, Sendable {
  /// Which of the colours, from 0 to `count` − 1.
  let color: Int
  /// Which of the patterns of its kind, from 0 to `count` − 1; the first is the plain one.
  let pattern: Int

  /// How many styles there are before they repeat.
  static let count = 6
}

/// A line of a plot's legend.
struct LegendEntry: Equatable, Sendable {
  /// The layer's name.
  let label: String
  /// The layer's index.
  let layer: Int
  /// What shows it.
  let style: LayerStyle
}

extension Plot {
  /// The style of each layer. Heat maps have shades of their own and do not use up a style.
  var styles: [LayerStyle] {
    let taken = Set(layers.compactMap(\.meaning?.color))
    var free = (0..<LayerStyle.count).filter { !taken.contains($0) }
    if free.isEmpty { free = Array(0..<LayerStyle.count) }
    var colors = 0
    var patterns: [LayerKind: Int] = [:]
    return layers.map { layer in
      guard layer.kind != .heatMap else { return LayerStyle(color: 0, pattern: 0) }
      defer {
        if layer.meaning == nil { colors += 1 }
        patterns[layer.kind, default: 0] += 1
      }
      return LayerStyle(
        color: (layer.meaning?.color ?? free[colors % free.count]) % LayerStyle.count,
        pattern: patterns[layer.kind, default: 0] % LayerStyle.count)
    }
  }

  /// The layers that have a name, in their order. A heat map's name is beside its scale of shades.
  var legend: [LegendEntry] {
    zip(layers, styles).enumerated().compactMap { index, layer in
      guard let label = layer.0.label, !label.isEmpty else { return nil }
      return LegendEntry(label: label, layer: index, style: layer.1)
    }
  }

  /// The categories of all bars, each once; the first is at 0 on the horizontal axis.
  var categories: [String] {
    var seen: Set<String> = []
    return layers.flatMap { layer -> [String] in
      if case .bars(let bars) = layer { bars.categories } else { [] }
    }.filter { seen.insert($0).inserted }
  }
}

private enum LayerKind { case line, points, bars, histogram, heatMap }

extension Plot.Layer {
  fileprivate var kind: LayerKind {
    switch self {
    case .line: .line
    case .points: .points
    case .bars: .bars
    case .histogram: .histogram
    case .heatMap: .heatMap
    }
  }

  fileprivate var meaning: Plot.Meaning? {
    switch self {
    case .line(let series), .points(let series): series.meaning
    case .bars(let bars): bars.meaning
    case .histogram(let histogram): histogram.meaning
    case .heatMap: nil
    }
  }

  fileprivate var label: String? {
    switch self {
    case .line(let series), .points(let series): series.label
    case .bars(let bars): bars.label
    case .histogram(let histogram): histogram.label
    case .heatMap: nil
    }
  }
}
