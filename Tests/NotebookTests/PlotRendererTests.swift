import Foundation
import Kernels
import Testing

@testable import Notebook

private func text(
  _ layers: [Plot.Layer], x: Axis = Axis("x"), y: Axis = Axis("y"), equal: Bool = false,
  width: Int = 30, ascii: Bool = false, color: Bool = false
) -> String {
  let plot = Plot(x: x, y: y, hasEqualAspect: equal, layers: layers)
  return TerminalRenderer(width: width, isASCII: ascii, hasColor: color)
    .render(.figure(Figure("Title", description: "What to see.", panels: [plot])))
}

/// A line from corner to corner of a square.
private let diagonal = Plot.Layer.line(.init("y = x", x: [0, 1], y: [0, 1]))
private let unit = Axis("t", range: 0...1)

@Test("Lines are drawn in braille dots")
func linesInDots() {
  #expect(
    text([diagonal], x: unit, y: unit, equal: true, width: 20) == """
      Title
      ⠤⠤⠤⠤⠤⠤ y = x
      t
      1.0 ┤             ⢀⠔
          │           ⢀⠔⠁
          │         ⢀⠔⠁
      0.5 ┤       ⢀⠔⠁
          │     ⢀⠔⠁
          │   ⢀⠔⠁
          │ ⢀⠔⠁
      0.0 ┤⠔⠁
          └┬──────┬──────┬
          0.0    0.5   1.0
                  t
      What to see.

      """)
}

@Test("Lines are drawn in ASCII where nothing else is allowed")
func linesInASCII() {
  #expect(
    text([diagonal], x: unit, y: unit, equal: true, width: 20, ascii: true) == """
      Title
      ****** y = x
      t
      1.0 +             **
          |           **
          |         **
          |       **
      0.5 +     **
          |   **
          | **
      0.0 +*
          ++------+------+
          0.0    0.5   1.0
                  t
      What to see.

      """)
}

@Test func barsLieUnderEachOther() {
  let train = Plot.Bars(
    "train", categories: ["KL", "ELBO"], heights: [-2, 4], errors: [0.5, 0.25])
  let test = Plot.Bars("test", categories: ["KL", "ELBO"], heights: [-1, .nan])
  #expect(
    text([.bars(train), .bars(test)], x: Axis("term"), y: Axis("nats"), width: 40) == """
      Title
      █ train   ▒ test
      term nats
      KL     ██████ −2.00 ± 0.50
                ▒▒▒ −1.000
      ELBO         ████████████▍ 4.00 ± 0.25
                   NaN
      What to see.

      """)
}

@Test func namesOfBarsStandAboveThemWhereThereIsNoRoom() {
  let bars = Plot.Bars(categories: ["reconstruction", "KL"], heights: [80, 40])
  #expect(
    text([.bars(bars)], x: Axis(""), y: Axis("nats"), width: 20) == """
      Title
        nats
      reconstruction
        ███████████▌ 80.00
      KL
        █████▊ 40.00
      What to see.

      """)
}

@Test func histogramsAreSolid() {
  let histogram = Plot.Layer.histogram(.init(edges: [0, 1, 2, 3], heights: [1, 3, 2]))
  #expect(
    text([histogram], width: 20, ascii: true) == """
      Title
      y
          |     .....
      3.0 +     :::::
          |     :::::
      2.5 +     :::::
          |     :::::
      2.0 +     ::::::::::
          |     ::::::::::
      1.5 +     ::::::::::
          |     ::::::::::
      1.0 +.....::::::::::
          |:::::::::::::::
      0.5 +:::::::::::::::
          |:::::::::::::::
      0.0 +:::::::::::::::
          ++----+---+----+
           0    1   2    3
                  x
      What to see.

      """)
}

@Test func heatMapsHaveAScaleOfShades() {
  let rows = (0..<4).map { row in (0..<16).map { Double($0 + row) } }
  let map = Plot.Layer.heatMap(.init("z", x: 0...4, y: 0...1, rows: rows))
  #expect(
    text([map, .line(.init(x: [0, 4], y: [0.5, 0.5]))], equal: true, width: 24, ascii: true) == """
      Title
      y
      1 +  .::--===+++%%##@@
        |  *****************
      0 +    ..::--====++%%#
        +--+---+---+---+---+--
           0   1   2   3   4
                   x
      z
      [ ] 0.0  [:] 4.5
      [=] 9.0  [%] 13.5
      [@] 18.0
      What to see.

      """)
}

/// The columns and rows in which a character of braille stands.
private func dots(_ text: String) -> [(row: Int, column: Int)] {
  text.split(separator: "\n").enumerated().flatMap { row, line in
    line.enumerated().filter { "\u{2801}"..."\u{28FF}" ~= $0.element }.map { (row, $0.offset) }
  }
}

@Test(arguments: [30, 36, 80, 120]) func circlesAreRound(width: Int) {
  let angles = (0...100).map { Double($0) / 50 * .pi }
  let circle = Plot.Layer.line(.init(x: angles.map(Double.cos), y: angles.map(Double.sin)))
  let dots = dots(text([circle], equal: true, width: width))
  let columns = dots.map(\.column).max()! - dots.map(\.column).min()! + 1
  let rows = dots.map(\.row).max()! - dots.map(\.row).min()! + 1
  // A character is twice as high as wide; at either end one may be partly filled.
  #expect(abs(columns - 2 * rows) <= 3)
  #expect(columns > 20)
}

@Test func layersDifferWithoutColors() {
  let cloud = { (label: String) in
    Plot.Layer.points(.init(label, x: [0, 1, 2], y: [2, 0, 1]))
  }
  let page = text([cloud("one"), cloud("two"), cloud("three")])
  #expect(page.contains("• one   x two   + three"))
  #expect(!page.contains("\u{1B}"))
  let lines = text([diagonal, diagonal, diagonal], width: 80).split(separator: "\n")[1]
  let samples = lines.components(separatedBy: "y = x").map { $0.trimmingPrefix(" ") }
  #expect(Set(samples.filter { !$0.isEmpty }).count == 3)
}

@Test func colorsLeaveTheTextAsItIs() throws {
  let layers = [diagonal, .points(.init("p", x: [0.5], y: [0.2], errors: [0.1]))]
  let colored = text(layers, color: true)
  #expect(colored.contains("\u{1B}[38;5;"))
  #expect(colored.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "") == text(layers))
}

@Test func panelsStandSideBySideWhereThereIsRoom() {
  let panel = Plot("panel", x: unit, y: unit, layers: [])
  func rows(_ count: Int, width: Int) -> [Int] {
    let figure = Figure("T", description: "", panels: Array(repeating: panel, count: count))
    return TerminalRenderer(width: width).render(.figure(figure)).split(separator: "\n")
      .map { $0.ranges(of: "panel").count }.filter { $0 > 0 }
  }
  #expect(rows(2, width: 75) == [2])
  #expect(rows(2, width: 74) == [1, 1])
  #expect(rows(3, width: 80) == [2, 1])
  #expect(rows(4, width: 120) == [2, 2])
  #expect(rows(0, width: 80) == [])
}

/// Numbers that are hard to place.
private let extremes: [[Double]] = [
  [], [.nan], [.infinity, -.infinity], [0], [1e-300, 1e300], [-1e308, 1e308],
  [1, .nan, 2, .infinity, -3], [.leastNonzeroMagnitude, 0, -0.0], [1, 1 + 0x1p-52, 1],
]

private func layers(of numbers: [Double]) -> [Plot.Layer] {
  let count = Double(numbers.count)
  let finite = numbers.filter(\.isFinite).sorted()
  let range = finite.isEmpty ? 0...1 : finite.first!...finite.last!
  return [
    .heatMap(.init("map", x: range, y: range, rows: [numbers.isEmpty ? [0] : numbers])),
    .histogram(.init("h", edges: numbers.sorted() + [count], heights: numbers)),
    .histogram(.init("h", edges: [0] + numbers, heights: numbers)),
    .bars(.init("b", categories: numbers.map { "\($0)" }, heights: numbers, errors: numbers)),
    .line(.init("line", x: numbers, y: numbers.reversed(), errors: numbers)),
    .points(.init("points", x: numbers, y: numbers, errors: numbers)),
  ]
}

@Test("No numbers are too extreme for a plot", arguments: extremes)
func nothingIsTooExtreme(numbers: [Double]) {
  let layers = layers(of: numbers)
  for width in [20, 37, 80] {
    for kind in [Axis.Scale.linear, .logarithmic] {
      for isEqual in [true, false] {
        for plot in layers.map({ [$0] }) + [layers] {
          for ascii in [true, false] {
            let page = text(
              plot, x: Axis("x", scale: kind), y: Axis("y", scale: kind), equal: isEqual,
              width: width, ascii: ascii)
            #expect(page.split(separator: "\n").allSatisfy { $0.columns <= width })
            #expect(!ascii || page.utf8.allSatisfy { $0 < 128 })
          }
        }
      }
    }
  }
}

@Test("A plot may have a million points")
func aMillionPoints() {
  let numbers = (0..<1_000_000).map { Double($0 % 1009) }
  let series = Plot.Series(x: numbers, y: numbers.reversed())
  #expect(text([.points(series), .line(series)], color: true).split(separator: "\n").count > 14)
}

@Test("Points and lines outside a plot's range are cut off")
func whatLiesOutsideIsCutOff() {
  // The line passes the square at its corner, and the point lies beyond it.
  let line = Plot.Layer.line(.init(x: [-1, 2], y: [1.5, 4.5]))
  let point = Plot.Layer.points(.init(x: [3], y: [0.5]))
  #expect(dots(text([line], x: unit, y: unit)).isEmpty)
  #expect(!text([point], x: unit, y: unit).contains("•"))
  // A line through the square shows although both of its ends are outside.
  #expect(dots(text([.line(.init(x: [-9, 9], y: [0.5, 0.5]))], x: unit, y: unit)).count > 20)
}

@Test func logarithmicErrorBarsMayReachZero() {
  let points = Plot.Layer.points(.init(x: [1], y: [10], errors: [10]))
  let page = text([points], y: Axis("y", scale: .logarithmic, range: 1...100))
  // From the middle of the plot down to its lowest row.
  let rows = Set(dots(page).map(\.row))
  #expect(rows.count > 7)
}
