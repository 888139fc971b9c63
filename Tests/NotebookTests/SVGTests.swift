import Foundation
import Kernels
import Testing

@testable import Notebook

private func drawing(_ layers: Plot.Layer..., x: Axis = Axis("x"), y: Axis = Axis("y")) -> String {
  Plot(x: x, y: y, layers: layers).drawing().content
}

/// How often a text occurs in another.
private func count(_ part: String, in text: String) -> Int { text.ranges(of: part).count }

/// The commands of the first path of a class.
private func commands(_ kind: String, in drawing: String) throws -> Substring {
  let start = try #require(drawing.range(of: "<path class=\"\(kind)\""))
  let path = drawing[start.upperBound...]
  let commands = try #require(path.range(of: "d=\"")).upperBound
  return path[commands...].prefix { $0 != "\"" }
}

@Test("Lengths are written with at most one decimal")
func lengthsHaveOneDecimal() {
  #expect(
    [0, 12, 12.5, 12.04, 12.06, -0.04, -0.5, -7].map(pixels) == [
      "0", "12", "12.5", "12", "12.1", "0", "-0.5", "-7",
    ])
}

@Test func axesHaveLabelsTicksAndAGrid() {
  let plot = drawing(.line(.init(x: [0, 1], y: [0, 2])), x: Axis("z & co"), y: Axis("log P"))
  #expect(plot.contains(">z &amp; co</text>"))
  #expect(plot.contains(">log P</text>"))
  for number in ["0.0", "0.5", "1.0", "2.0"] { #expect(plot.contains(">\(number)</text>")) }
  #expect(plot.contains(#"class="grid""#))
}

@Test func linesDifferByDashAndColour() {
  let plot = drawing(
    .line(.init("first", x: [0, 1], y: [0, 1])), .line(.init("second", x: [0, 1], y: [1, 0])))
  // Once in the plot, once in the legend.
  #expect(count(#"<path class="line c0" d="#, in: plot) == 2)
  #expect(count(##"<path class="line c1" stroke-dasharray="7 4""##, in: plot) == 2)
  #expect(plot.contains(">first</text>") && plot.contains(">second</text>"))
}

@Test func pointsDifferByShape() throws {
  let layers = (0..<6).map { Plot.Layer.points(.init("\($0)", x: [0], y: [Double($0)])) }
  let plot = Plot(x: Axis("x"), y: Axis("y"), layers: layers).drawing().content
  let shapes = ["dot c0", "dot square c1", "mark c2", "mark c3", "stroke c4", "stroke c5"]
  for shape in shapes { #expect(count(#"class="\#(shape)""#, in: plot) == 2) }
  #expect(try commands("mark c2", in: plot) != commands("mark c3", in: plot))
}

@Test("NaN leaves a gap in a line")
func whatIsNoNumberLeavesAGap() throws {
  let line = try commands(
    "line c0", in: drawing(.line(.init(x: [0, 1, .nan, 2, 3], y: [0, 1, 2, .infinity, 3]))))
  #expect(count("M", in: String(line)) == 2)
  #expect(count("L", in: String(line)) == 1)
}

@Test func barsStandOnZeroSideBySide() throws {
  let plot = drawing(
    .bars(.init(categories: ["a", "b"], heights: [1, -1])),
    .bars(.init(categories: ["b"], heights: [2], errors: [0.5])))
  #expect(count(#"class="bar c0""#, in: plot) == 2)
  #expect(count(#"class="hatch c1""#, in: plot) == 1)
  #expect(count(#"class="error""#, in: plot) == 1)
  #expect(plot.contains(">a</text>") && plot.contains(">b</text>"))
  // The first ends where the one below zero begins.
  let up = try commands("bar c0", in: plot).split(separator: " ")[1]
  #expect(up.contains("v"))
}

@Test("Bars that leave the axis end just outside it")
func barsEndSoonOutsideTheirAxis() {
  let heights = [1e300, -1e9, .nan]
  let plot = drawing(
    .bars(.init(categories: ["a", "b", "c"], heights: heights)),
    .bars(.init(categories: ["a", "b", "c"], heights: heights)),
    .bars(.init(categories: ["a", "b", "c"], heights: heights)), y: Axis("y", range: 10...11))
  // A stripe each 5 pixels of an area of 210.
  #expect(count("h", in: plot) < 2000)
  #expect(isWellFormed("<g>\(plot)</g>"))
}

@Test func longCategoriesStandAslant() {
  let words = drawing(
    .bars(
      .init(categories: (0..<8).map { "category number \($0)" }, heights: (0..<8).map(Double.init)))
  )
  #expect(count("rotate(-35", in: words) == 8)
}

@Test func neighboursOfOneShadeAreOneRectangle() throws {
  let plot = drawing(.heatMap(.init("p", x: 0...3, y: 0...2, rows: [[0, 0, 1], [.nan, 1, 1]])))
  // The darkest and the brightest shade; 62 more stand beside the plot alone.
  let dark = ##"class="cell" fill="#440154""##
  let bright = ##"class="cell" fill="#fde725""##
  #expect(count(dark, in: plot) == 2)
  #expect(count(bright, in: plot) == 2)
  let start = try #require(plot.range(of: bright)).lowerBound
  let path = plot[start...].prefix { $0 != ">" }
  #expect(count("z", in: String(path)) == 2)
  #expect(plot.contains(">p</text>"))
}

@Test func equalUnitsAreEquallyLong() throws {
  let circle = (0...40).map { Double($0) / 20 * .pi }
  let plot = Plot(
    x: Axis("x"), y: Axis("y"), hasEqualAspect: true,
    layers: [.line(.init(x: circle.map { .cos($0) }, y: circle.map { .sin($0) }))])
  let numbers = try commands("line c0", in: plot.drawing().content)
    .split { "ML ".contains($0) }.map { Double($0)! }
  let x = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
  let y = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
  // Each end is rounded to a tenth of a pixel.
  #expect(abs((x.max()! - x.min()!) - (y.max()! - y.min()!)) <= 0.2)
}

@Test func arrowsAreBrokenWhereNoGradientComesBack() {
  let graph = Graph(
    "G", description: "D", nodes: [.init("a", "A", kind: .sample), .init("b", "B", detail: "2")],
    edges: [.init(from: "a", to: "b", label: "0", isBlocked: true)])
  let drawing = graph.drawing.content
  #expect(drawing.contains(#"class="arrow blocked" stroke-dasharray="5 4""#))
  #expect(drawing.contains(">no gradient comes back</text>"))
  #expect(drawing.contains(">drawn at random</text>") && !drawing.contains(">learnt</text>"))
  for text in ["A", "B", "2", "0"] { #expect(drawing.contains(">\(text)</text>")) }
  let open = Graph(
    "G", description: "D", nodes: graph.nodes, edges: [.init(from: "a", to: "b")])
  #expect(!open.drawing.content.contains("blocked"))
}

@Test func filesStandAlone() {
  for file in [Specimen.figure.svg, Specimen.graph.svg] {
    #expect(isWellFormed(file))
    #expect(!file.contains("<script"))
    #expect(file.contains(#"role="img" aria-labelledby="title desc""#))
    #expect(file.contains("prefers-color-scheme:dark"))
    #expect(file.contains(#"<rect class="ground""#))
  }
  #expect(isWellFormed(Figure("No panels", description: "", panels: []).svg))
  #expect(isWellFormed(Graph("No nodes", description: "", nodes: [], edges: []).svg))
}

@Test func drawingsAreTheSameEachTime() {
  #expect(Specimen.figure.svg == Specimen.figure.svg)
  #expect(Specimen.graph.svg == Specimen.graph.svg)
}

@Test func pointsOfOneHueAreOnePathAndTheCircleOfHuesCloses() {
  let plot = drawing(.points(.init(x: [1, 2, 3, 4], y: [1, 2, 3, 4], hues: [0, 1, 0.5, -0.5])))
  #expect(count(#"class="dot hue0""#, in: plot) == 1)
  #expect(count(#"class="dot hue6""#, in: plot) == 1)
  #expect(!plot.contains(#"class="dot c0""#))
}

@Test func threePanelsAreDrawnNarrowerSoThatTheirTextNeedNotShrink() {
  let plot = Plot(x: Axis("x"), y: Axis("y"), layers: [])
  #expect(plot.drawing(panels: 3).width < plot.drawing(panels: 2).width)
  #expect(plot.drawing(panels: 2).width == plot.drawing().width)
}
