extension TerminalRenderer {
  /// The smallest width of a panel that has others beside it.
  private static let narrowestPanel = 36
  private static let gap = 3

  /// The title, the plots, side by side where there is room for it, and what there is to see.
  func lines(of figure: Figure) -> [String] {
    let panels = rows(of: figure.panels).map { row in
      let width = (self.width + Self.gap) / row.count - Self.gap
      return CharacterGrid(row.map { grid(of: $0, width: width) }, gap: Self.gap)
        .lines(hasColor: hasColor)
    }
    return text(figure.title).wrapped(to: width).map { colored($0, .bold) }
      + panels.joined(separator: [""]) + lines(ofDescription: figure.description)
  }

  /// What there is to see, if anything is said about it.
  func lines(ofDescription description: String) -> [String] {
    description.isEmpty ? [] : text(description).wrapped(to: width)
  }

  /// As few rows as there is room for, about equally long.
  private func rows(of panels: [Plot]) -> [[Plot]] {
    guard !panels.isEmpty else { return [] }
    let fitting = max(1, (width + Self.gap) / (Self.narrowestPanel + Self.gap))
    let rows = (panels.count + fitting - 1) / fitting
    let length = (panels.count + rows - 1) / rows
    return stride(from: 0, to: panels.count, by: length).map {
      Array(panels[$0..<min($0 + length, panels.count)])
    }
  }

  /// One plot with its title, legend and axes.
  private func grid(of plot: Plot, width: Int) -> CharacterGrid {
    var grid = CharacterGrid(width: width)
    for line in plot.title.map({ text($0).wrapped(to: width) }) ?? [] { grid.append(line) }
    grid.append(plot.consistsOfBars ? bars(of: plot, width: width) : axes(of: plot, width: width))
    return grid
  }
}

// MARK: - Axes

/// Where the parts of a plot are.
private struct PlotFrame {
  /// The axes as they are drawn.
  var scales: PlotScales
  /// The numbers at the vertical axis.
  var yTicks: [Tick]
  /// How many columns the numbers and the line of the vertical axis take.
  var margin: Int
  /// The area that is left for marks.
  var columns: Int
  var rows: Int
}

/// A number below the horizontal axis.
private struct LabelBelow {
  /// Where its number is.
  let column: Int
  /// Where its text begins.
  let start: Int
  let text: String
}

extension TerminalRenderer {
  private static let usualRows = 14
  private static let mostRows = 18
  private static let fewestColumns = 8

  private func axes(of plot: Plot, width: Int) -> CharacterGrid {
    let frame = frame(of: plot, width: width)
    var grid = CharacterGrid(width: width)
    grid.append(legend(of: plot, width: width))
    for line in text(plot.y.label).wrapped(to: width) where !line.isEmpty { grid.append(line) }
    let top = grid.height
    grid.append(CharacterGrid(width: width, height: frame.rows + 2))
    draw(frame, into: &grid, top: top, categories: plot.categories)
    let drawing = PlotDrawing(
      plot, scales: frame.scales, columns: frame.columns, rows: frame.rows, renderer: self)
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        grid[top + row, frame.margin + column] = drawing.cell(row: row, column: column)
      }
    }
    for line in text(plot.x.label).wrapped(to: width) where !line.isEmpty {
      let start = frame.margin + (frame.columns - line.columns) / 2
      grid.append(line, indent: min(max(start, 0), width - line.columns))
    }
    for case .heatMap(let map) in plot.layers { grid.append(shades(of: map, width: width)) }
    return grid
  }

  /// Fits the area, which depends on how wide the numbers beside it are, which depend on the range
  /// of the axis, which depends on the shape of the area if units are to be equally long.
  private func frame(of plot: Plot, width: Int) -> PlotFrame {
    let scales = PlotScales(plot)
    var frame = PlotFrame(scales: scales, yTicks: [], margin: 0, columns: 0, rows: Self.usualRows)
    for _ in 0..<3 {
      frame.yTicks = frame.scales.y.ticks(atMost: min(8, max(2, frame.rows / 2)))
      let labels = frame.yTicks.map { label(of: $0).columns }
      frame.margin = min((labels.max() ?? 0) + 2, width - Self.fewestColumns)
      frame.columns = width - frame.margin
      guard plot.hasEqualAspect else { continue }
      let shape = 2 * min(max(scales.aspect, 0.01), 100)
      let wished = Int((Double(Self.mostRows) * shape).rounded())
      frame.columns = min(max(wished, Self.fewestColumns), frame.columns)
      frame.rows = min(max(Int((Double(frame.columns) / shape).rounded()), 3), Self.mostRows)
      let canvas = DotCanvas(columns: frame.columns, rows: frame.rows, isASCII: isASCII)
      frame.scales = scales.withEqualAspect(
        width: Double(canvas.width - 1) * canvas.dotSize.width,
        height: Double(canvas.height - 1) * canvas.dotSize.height)
    }
    return frame
  }

  private func label(of tick: Tick) -> String { isASCII ? tick.plainLabel : tick.label }

  /// The lines of the axes and the numbers beside them.
  private func draw(
    _ frame: PlotFrame, into grid: inout CharacterGrid, top: Int, categories: [String]
  ) {
    let axis = frame.margin - 1
    let bottom = top + frame.rows
    for row in top..<bottom { grid.write(isASCII ? "|" : "│", row: row, column: axis) }
    for tick in frame.yTicks {
      let dots = Double(DotCanvas(columns: 1, rows: frame.rows, isASCII: isASCII).height)
      let share = 1 - (frame.scales.y.position(of: tick.value) ?? 0)
      let row = top + Int((share * (dots - 1)).rounded()) * frame.rows / Int(dots)
      let label = label(of: tick).cut(to: max(axis - 1, 0))
      grid.write(label, row: row, column: axis - 1 - label.columns)
      grid.write(isASCII ? "+" : "┤", row: row, column: axis)
    }
    grid.write(
      (isASCII ? "+" : "└") + String(repeating: isASCII ? "-" : "─", count: frame.columns),
      row: bottom, column: axis)
    for label in labelsBelow(frame, categories: categories, width: grid.width) {
      grid.write(isASCII ? "+" : "┬", row: bottom, column: label.column)
      grid.write(label.text, row: bottom + 1, column: label.start)
    }
  }

  /// The numbers below the horizontal axis: as many as have room.
  private func labelsBelow(_ frame: PlotFrame, categories: [String], width: Int)
    -> [LabelBelow]
  {
    for count in stride(from: 8, through: 1, by: -1) {
      let ticks =
        categories.isEmpty
        ? frame.scales.x.ticks(atMost: count).map { ($0.value, label(of: $0)) }
        : categories.enumerated().map { (Double($0), text($1)) }
      let labels = ticks.compactMap { value, label -> LabelBelow? in
        guard let share = frame.scales.x.position(of: value), -1e-9...(1 + 1e-9) ~= share
        else { return nil }
        let column = frame.margin + Int((share * Double(frame.columns - 1)).rounded())
        let start = min(max(column - label.columns / 2, 0), max(width - label.columns, 0))
        return LabelBelow(column: column, start: start, text: label.cut(to: width))
      }
      let fits = zip(labels, labels.dropFirst()).allSatisfy { left, right in
        left.start + left.text.columns + 2 <= right.start
      }
      if fits || count == 1 { return labels }
    }
    return []
  }
}
