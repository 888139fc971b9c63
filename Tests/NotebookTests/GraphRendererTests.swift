import Testing

@testable import Notebook

private func text(
  _ graph: Graph, width: Int = 80, ascii: Bool = false, color: Bool = false
) -> String {
  TerminalRenderer(width: width, isASCII: ascii, hasColor: color).render(.graph(graph))
}

private func graph(_ arrows: String...) -> Graph {
  let edges = arrows.map { arrow in
    Graph.Edge(from: String(arrow.first!), to: String(arrow.last!))
  }
  var names: [String] = []
  for name in edges.flatMap({ [$0.source, $0.target] }) where !names.contains(name) {
    names.append(name)
  }
  return Graph("G", description: "", nodes: names.map { .init($0, $0) }, edges: edges)
}

private let sampling = Graph(
  "A sampling unit", description: "Nothing comes back.",
  nodes: [
    .init("mu", "μ", kind: .parameter), .init("sigma", "σ", detail: "∂ = 0", kind: .parameter),
    .init("z", "z", kind: .sample), .init("f", "f(z)", kind: .result),
  ],
  edges: [
    .init(from: "mu", to: "z", label: "0", isBlocked: true),
    .init(from: "sigma", to: "z", isBlocked: true), .init(from: "z", to: "f", label: "2z"),
  ])

@Test func boxesAndArrows() {
  #expect(
    text(sampling) == """
      A sampling unit
      ┏━━━━━━━┓
      ┃   μ   ┃╌ ╳ 0 ╌┐
      ┗━━━━━━━┛       ╎  ╭───╮        ╔══════╗
                      ├╌▶│ z │─ 2z ──▶║ f(z) ║
      ┏━━━━━━━┓       ╎  ╰───╯        ╚══════╝
      ┃   σ   ┃╌ ╳ ╌╌╌┘
      ┃ ∂ = 0 ┃
      ┗━━━━━━━┛
      ┏┓ to be learnt   ╭╮ drawn at random   ╌╳╌ no gradient comes back
      Nothing comes back.

      """)
}

@Test func boxesAndArrowsInASCII() {
  #expect(
    text(sampling, ascii: true) == """
      A sampling unit
      [=======]
      |  mu   |. X 0 .+
      [=======]       :  /---\\        #======#
                      +.>| z |- 2z --># f(z) #
      [=======]       :  \\---/        #======#
      | sigma |. X ...+
      | d = 0 |
      [=======]
      [] to be learnt   /\\ drawn at random   .X. no gradient comes back
      Nothing comes back.

      """)
}

@Test func graphsWithoutRoomBecomeLists() {
  #expect(
    text(sampling, width: 30) == """
      A sampling unit
      μ    to be learnt
      σ    to be learnt; ∂ = 0
      z    ← μ (╳ 0), σ (╳); drawn
           at random
      f(z) ← z (2z)
      ╌╳╌ no gradient comes back
      Nothing comes back.

      """)
}

@Test func colorsOfGraphsLeaveTheTextAsItIs() throws {
  let colored = text(sampling, color: true)
  #expect(colored.contains("\u{1B}[38;5;"))
  #expect(colored.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "") == text(sampling))
}

@Test func linesThatCrossDoNotJoin() {
  var wiring = WireGrid(width: 5, height: 3)
  wiring.drawRow(1, from: 0, to: 4, net: 0, isBroken: false)
  wiring.drawColumn(1, from: 0, to: 2, net: 1, isBroken: false)
  wiring.drawColumn(3, from: 2, to: 0, net: 0, isBroken: true)
  let lines = { wiring.grid(isASCII: $0, brokenColor: 1).lines(hasColor: false) }
  #expect(lines(false) == [" │ ╎", "─│─┼─", " │ ╎"])
  #expect(lines(true) == [" | :", "-|-+-", " | :"])
}

@Test func linesOfSeveralArrowsKeepApart() {
  #expect(
    text(graph("ae", "be", "af", "cf")) == """
      G
      ┌───┐
      │ b │───┐
      └───┘   │  ┌───┐
            ┌─┴─▶│ e │
      ┌───┐ │    └───┘
      │ a │─┤
      └───┘ │    ┌───┐
            └─┬─▶│ f │
      ┌───┐   │  └───┘
      │ c │───┘
      └───┘

      """)
}

/// A graph whose labels would stand on each other becomes a list.
@Test func labelsDoNotHideEachOther() {
  var full = graph("ac", "ad", "bc", "bd")
  for index in full.edges.indices { full.edges[index].label = "\(index)" }
  #expect(text(full).contains("c ← a (0), b (2)"))
  #expect(!text(full).contains("┌"))
}

// MARK: - Layout

/// Graphs with arrows from lower to higher nodes only, from a generator whose quality does not matter.
private let graphs: [Graph] = {
  var state: UInt64 = 7
  func random(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }
  return (0..<60).map { _ in
    let count = 1 + random(25)
    let edges = (0..<random(2 * count)).compactMap { _ -> Graph.Edge? in
      let ends = [random(count), random(count)].sorted()
      return ends[0] == ends[1] ? nil : Graph.Edge(from: "\(ends[0])", to: "\(ends[1])")
    }
    return Graph(
      "", description: "", nodes: (0..<count).map { .init("\($0)", "node \($0)") }, edges: edges)
  }
}()

@Test(arguments: graphs) func arrowsPointOnwardsAndHitNoBox(graph: Graph) {
  let layout = GraphLayout(graph)
  let at = Dictionary(uniqueKeysWithValues: zip(graph.nodes.map(\.name), layout.places))
  for (edge, route) in zip(graph.edges, layout.routes) {
    #expect(route.first == at[edge.source] && route.last == at[edge.target])
    #expect(zip(route, route.dropFirst()).allSatisfy { $1.column == $0.column + 1 })
    #expect(route.dropFirst().dropLast().allSatisfy { !layout.places.contains($0) })
  }
}

@Test(arguments: graphs) func boxesKeepApart(graph: Graph) {
  let layout = GraphLayout(graph)
  let passing = layout.routes.flatMap { $0.dropFirst().dropLast() }
  for (index, place) in layout.places.enumerated() {
    #expect(0..<layout.columns ~= place.column && 0..<layout.rows ~= place.row)
    for other in layout.places[..<index] + passing where other.column == place.column {
      #expect(abs(other.row - place.row) >= 2)
    }
  }
}

@Test(arguments: graphs) func everyGraphFitsItsWidth(graph: Graph) {
  for width in [20, 80, 120] {
    for ascii in [true, false] {
      let lines = text(graph, width: width, ascii: ascii).split(separator: "\n")
      #expect(lines.allSatisfy { $0.columns <= width })
      for node in graph.nodes.prefix(9) {
        #expect(lines.contains { $0.contains(node.label) })
      }
    }
  }
}

@Test("A node's column is the length of the longest path to it")
func columnsAreLongestPaths() {
  let layout = GraphLayout(graph("ab", "bc", "ac", "dc"))
  // "d" is entered by nothing, and moves next to what it leads to.
  #expect(layout.places.map(\.column) == [0, 1, 2, 1])
  #expect(layout.routes[2].count == 3)
}

@Test func avoidableCrossingsAreAvoided() {
  // In the order in which the nodes come, every arrow would cross another.
  let layout = GraphLayout(graph("az", "by", "cx", "ay", "bx"))
  let turns = layout.routes.map { [$0[0].row, $0[1].row] }
  for (index, one) in turns.enumerated() {
    for other in turns[..<index] { #expect((one[0] - other[0]) * (one[1] - other[1]) >= 0) }
  }
}

@Test("A node with two predecessors stands midway between them")
func theMiddleOfTwoIsMidway() {
  let layout = GraphLayout(graph("ac", "bc"))
  // The nodes come in the order a, c, b.
  #expect(layout.places.map(\.row) == [0, 1, 2])
}

@Test("A graph without nodes is drawn as nothing")
func graphsOfNothing() {
  let empty = Graph("Empty", description: "Nothing.", nodes: [], edges: [])
  #expect(text(empty) == "Empty\nNothing.\n")
  #expect(GraphLayout(empty).columns == 0 && GraphLayout(empty).rows == 0)
}

private let plated = Graph(
  "A plate", description: "",
  nodes: [.init("t", "θ", kind: .parameter), .init("z", "z"), .init("x", "X")],
  edges: [.init(from: "z", to: "x"), .init(from: "t", to: "x")],
  plate: .init("N", around: ["z", "x"]))

@Test func whatIsInAPlateComesAfterWhatIsOutside() {
  // Without the plate, θ would stand in the column of z.
  #expect(GraphLayout(plated).places.map(\.column) == [0, 1, 2])
  #expect(text(plated).contains("\nN times: z, X\n"))
  #expect(!text(sampling).contains("times"))
}

@Test func aPlateIsAFrameWithALabel() {
  let drawing = plated.drawing.content
  #expect(drawing.contains(#"<rect class="frame""#) && drawing.contains(">N</text>"))
  #expect(!sampling.drawing.content.contains(#"<rect class="frame""#))
  #expect(isWellFormed(plated.svg))
}
