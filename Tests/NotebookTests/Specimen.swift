import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Notebook

/// Whether a text is well-formed XML.
func isWellFormed(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

/// A page with every kind of block, and with texts that were meant to do harm.
enum Specimen {
  static let nasty =
    "<script>alert(1)</script> & \"quotes\" 'too' ]]> --> \u{0}\u{7}\u{85}\u{FFFF}\u{202E}"
    + "עברית \u{1F3B2} a_b*c `d` $x$ | \\ end"

  static let image = GrayImage(width: 3, height: 2, pixels: [0, 0.5, 1, .nan, -1, 2])

  static let series = Plot.Series(
    nasty, x: [1, 2, .nan, 4, .infinity], y: [1, 4, 9, -2, 3], errors: [0.1, .nan, 1, 2, 0])

  static let figure = Figure(
    nasty, description: nasty,
    panels: [
      Plot(
        nasty, x: Axis(nasty), y: Axis(nasty), hasEqualAspect: true,
        layers: [
          .heatMap(.init(nasty, x: 0...4, y: -2...2, rows: [[1, 2, .nan], [3, 3, 4]])),
          .line(series), .points(series),
        ]),
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("y"),
        layers: [
          .histogram(.init(nasty, edges: [1, 10, 100], heights: [3, .nan])), .line(series),
        ]),
      Plot(
        x: Axis(""), y: Axis(""),
        layers: [
          .bars(
            .init(nasty, categories: [nasty, "b"], heights: [-1, .infinity], errors: [1, 2])),
          .bars(.init("second", categories: ["b", "c"], heights: [3, 4])),
        ]),
      Plot(x: Axis("empty"), y: Axis("empty"), layers: []),
    ])

  static let graph = Graph(
    nasty, description: nasty,
    nodes: [
      .init("a", nasty, kind: .input), .init("b", "b", detail: nasty, kind: .parameter),
      .init("c", "c"), .init("d", "d", kind: .sample), .init("e", "e", kind: .result),
    ],
    edges: [
      .init(from: "a", to: "c", label: nasty), .init(from: "b", to: "c"),
      .init(from: "d", to: "e", label: "0", isBlocked: true), .init(from: "c", to: "e"),
      .init(from: "a", to: "e"),
    ])

  static let checks: [Check] = [
    Check(nasty, .equal(Quantity(nasty, 1), Quantity("b", 1), tolerance: 0)),
    Check(
      "Fails.", .measured(Quantity("a", 1), expected: Quantity("b", 9), standardError: 1)),
    Check("Less.", .atMost(Quantity("a", 1), Quantity("b", 2))),
    Check("Bits.", .sameBits(Quantity("a", 0.1), Quantity("b", 0.1))),
    Check("Text.", .sameText(NamedText("a", nasty), NamedText(nasty, nasty))),
  ]

  static let blocks: [Block] =
    [
      .heading(Heading(title: nasty)), .prose(Prose(nasty + "\n\n" + nasty)),
      .heading(Heading(number: "0.1", title: nasty)),
      .equation(try! Equation(tex: #"a < \text{"b" & <c>}"#)),
      .table(
        Table([.left(nasty), .right("n")], rows: [[nasty, "1"], ["b", "2"]], caption: nasty)),
      .figure(figure), .graph(graph),
      .heading(Heading(number: "0.<2>", title: "Second")), .figure(figure), .figure(figure),
      .imageGrid(
        ImageGrid([.init([image, image], label: nasty), .init([image])], caption: nasty)),
      .imageGrid(ImageGrid([])), .note(Note(nasty, nasty)),
    ] + checks.map { .check($0) }
}
