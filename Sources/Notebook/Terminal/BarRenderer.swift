extension Plot {
  /// Whether there are only bars, which are most legible as horizontal lines below each other.
  var consistsOfBars: Bool {
    !layers.isEmpty && layers.allSatisfy { if case .bars = $0 { true } else { false } }
  }
}

extension TerminalRenderer {
  private static let fewestColumnsOfBars = 8

  /// Horizontal bars: a line for each category and layer, with the number at the end. A category's
  /// name is before its bars, or above them if the width is too small for that.
  func bars(of plot: Plot, width: Int) -> CharacterGrid {
    let lines = barLines(of: plot)
    let scale = PlotScales(plot).y
    let names = lines.map(\.name.columns).max() ?? 0
    let numbers = lines.map(\.number.columns).max() ?? 0
    let isStacked = names + 1 + Self.fewestColumnsOfBars + 1 + numbers > width
    let start = isStacked ? 2 : names + 1
    let length = max(width - start - 1 - numbers, 1)

    var grid = CharacterGrid(width: width)
    grid.append(legend(of: plot, width: width))
    for line in titles(of: plot, start: start, width: width) { grid.append(line) }
    for line in lines {
      if isStacked {
        for name in line.name.wrapped(to: width) where !name.isEmpty { grid.append(name) }
      }
      grid.append(isStacked ? "" : line.name)
      let row = grid.height - 1
      let bar = bar(line, on: scale, length: length)
      grid.write(
        bar.text, row: row, column: start + bar.start, color: Self.colors[line.style.color])
      let end = bar.text.isEmpty ? bar.start : bar.start + bar.text.count + 1
      grid.write(line.number, row: row, column: start + end)
    }
    return grid
  }

  /// What the names and the bars are, each above them if there is room.
  private func titles(of plot: Plot, start: Int, width: Int) -> [String] {
    let (names, bars) = (text(plot.x.label), text(plot.y.label))
    let lines =
      names.columns < start && start + bars.columns <= width
      ? [names.padded(to: start) + bars]
      : names.wrapped(to: width) + bars.wrapped(to: width)
    return lines.filter { $0.contains { $0 != " " } }
  }

  /// The bars under each other; the first of a category bears its name.
  private func barLines(of plot: Plot) -> [BarLine] {
    plot.categories.flatMap { category in
      zip(plot.layers, plot.styles).flatMap { layer, style -> [BarLine] in
        guard case .bars(let bars) = layer else { return [] }
        return bars.categories.indices.filter { bars.categories[$0] == category }.map { index in
          BarLine(
            name: text(category), height: bars.heights[index],
            number: text(number(bars.heights[index], bars.errors?[index])), style: style)
        }
      }.enumerated().map { $0 == 0 ? $1 : $1.unnamed }
    }
  }

  private func number(_ height: Double, _ error: Double?) -> String {
    guard let error else { return inWords(height, near: abs(height), digits: 4) }
    return inWords(height, near: error, digits: 2) + " ± " + inWords(error, near: error, digits: 2)
  }

  /// A bar from the place of 0, or from the end of the axis, and where it starts.
  private func bar(_ line: BarLine, on scale: PlotScale, length: Int) -> (start: Int, text: String)
  {
    let place = { (number: Double) in
      scale.position(of: number).map { min(max($0, 0), 1) * Double(length) }
    }
    let foot = place(0) ?? 0
    guard let end = place(line.height) else { return (Int(foot), "") }
    let filling = filling(line.style)
    let start = Int(min(foot, end).rounded())
    var text = String(repeating: filling, count: max(0, Int(max(foot, end)) - start))
    let eighths = Int(((end - end.rounded(.down)) * 8).rounded(.down))
    if filling == "█", end > foot, eighths > 0 { text.append(Array("▏▎▍▌▋▊▉")[eighths - 1]) }
    return (start, text)
  }
}

/// A bar with the texts before and after it.
private struct BarLine {
  var name: String
  var height: Double
  var number: String
  var style: LayerStyle

  var unnamed: BarLine { BarLine(name: "", height: height, number: number, style: style) }
}
