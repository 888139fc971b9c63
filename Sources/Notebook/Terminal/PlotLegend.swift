/// What something is drawn with, and its name.
struct Sample {
  let mark: String
  let color: Int?
  let label: String
}

extension TerminalRenderer {
  /// The colours of layers: apart from each other, and legible on black and on white.
  static let colors = [33, 208, 35, 170, 37, 203]

  /// The lengths of dashes and of the gaps after them, in dots.
  private static let dashes = [[1], [5, 3], [1, 2], [7, 2, 1, 2], [10, 5], [2, 5]]
  private static let letters: [Character] = ["*", "=", "~", ":", "&", "$"]
  private static let markers: [Character] = ["o", "x", "+", "#", "@", "%"]
  private static let fillings: [Character] = ["█", "▒", "░", "▓", "╳", "─"]
  private static let plainFillings: [Character] = ["#", "=", "-", "+", "x", "."]

  /// More points than this are drawn as dots, to show how densely they lie.
  private static let mostMarkers = 100

  /// What a layer's lines are drawn with.
  func ink(_ style: LayerStyle) -> Ink {
    let dashes = Self.dashes[style.pattern].enumerated().flatMap { index, length in
      Array(repeating: index % 2 == 0, count: length)
    }
    return Ink(
      color: Self.colors[style.color], letter: Self.letters[style.pattern], dashes: dashes)
  }

  /// The character for each point, or nil if points are single dots.
  func marker(_ style: LayerStyle, count: Int) -> Character? {
    if style.pattern > 0 { return Self.markers[style.pattern] }
    if count > Self.mostMarkers { return isASCII ? "." : nil }
    return isASCII ? "o" : "•"
  }

  /// What bars consist of.
  func filling(_ style: LayerStyle) -> Character {
    (isASCII ? Self.plainFillings : Self.fillings)[style.pattern]
  }

  /// The names of layers behind what they are drawn with.
  func legend(of plot: Plot, width: Int) -> CharacterGrid {
    flow(
      plot.legend.map { entry in
        Sample(
          mark: sample(of: plot.layers[entry.layer], entry.style),
          color: Self.colors[entry.style.color], label: text(entry.label))
      }, width: width)
  }

  private func sample(of layer: Plot.Layer, _ style: LayerStyle) -> String {
    switch layer {
    case .points(let series):
      marker(style, count: series.x.count).map { String($0) } ?? "⢕"
    case .bars: String(filling(style))
    case .histogram where style.pattern == 0: isASCII ? ":" : "█"
    case .line, .histogram, .heatMap:
      String(sampleOfLine(ink(style)))
    }
  }

  private func sampleOfLine(_ ink: Ink) -> [Character] {
    let columns = 6
    var canvas = DotCanvas(columns: columns, rows: 1, isASCII: isASCII)
    canvas.draw([UnitPoint(x: 0, y: 0.5), UnitPoint(x: 1, y: 0.5)], ink: ink)
    return (0..<columns).map { canvas.cell(row: 0, column: $0)?.character ?? " " }
  }

  /// The shades of a heat map and the numbers that they stand for.
  func shades(of map: Plot.HeatMap, width: Int) -> CharacterGrid {
    let range = map.shadedRange
    let span = range.upperBound - range.lowerBound
    let entries = (0...4).map { step -> (sample: Cell, label: String) in
      let share = Double(step) / 4
      // Halves, because the difference of two large numbers may overflow.
      let number = (range.lowerBound * (1 - share)) + range.upperBound * share
      return (shade(share), text(inWords(number, near: span)))
    }
    var grid = CharacterGrid(width: width)
    for line in text(map.label).wrapped(to: width) where !line.isEmpty { grid.append(line) }
    var column = width
    for entry in entries {
      if column + 4 + entry.label.columns > width {
        grid.append("")
        column = 0
      }
      let row = grid.height - 1
      grid.write("[ ] " + entry.label, row: row, column: column)
      grid[row, column + 1] = entry.sample
      column += 4 + entry.label.columns + 2
    }
    return grid
  }

  /// A shade between the least, 0, and the greatest, 1.
  func shade(_ share: Double) -> Cell {
    if hasColor && !isASCII { return Cell(background: grey(Float(share))) }
    let ramp: [Character] = isASCII ? Array(" .:-=+%#@") : Array(" ░▒▓█")
    return Cell(character: ramp[Int((share * Double(ramp.count - 1)).rounded())])
  }

  /// Samples with their names, as many in a row as there is room for.
  func flow(_ samples: [Sample], width: Int) -> CharacterGrid {
    var grid = CharacterGrid(width: width)
    var column = width
    for sample in samples {
      let indent = sample.mark.count + 1
      let label = sample.label.wrapped(to: width - indent)
      if label.count > 1 || column + indent + label[0].columns > width {
        grid.append("")
        column = 0
      }
      grid.write(sample.mark, row: grid.height - 1, column: column, color: sample.color)
      grid.write(label[0], row: grid.height - 1, column: column + indent)
      for line in label.dropFirst() { grid.append(line, indent: indent) }
      column += label.count > 1 ? width : indent + label[0].columns + 3
    }
    return grid
  }
}

/// A number with as many decimals as show some digits of a length, such as a standard error, or with
/// digits of its own where the length is very large, very small or zero. Its minus sign is a real one.
func inWords(_ number: Double, near length: Double, digits: Int = 3) -> String {
  let scale = formatted(length, digits: digits)
  let decimals = scale.split(separator: ".").dropFirst().first?.count ?? 0
  let isPlain = length > 0 && !scale.contains { $0.isLetter }
  let text =
    isPlain ? formatted(number, decimals: decimals) : formatted(number, digits: digits + 1)
  return text.replacing("-", with: "−")
}
