extension Graph {
  /// The graph laid out from left to right, with the meaning of its shapes below.
  var drawing: Drawing { SVGGraph(self).drawing }
}

private struct SVGGraph {
  private static let halfRow = 35.0
  private static let boxHeight = 44.0
  private static let margin = 12.0

  let graph: Graph
  let layout: GraphLayout
  /// The left and right sides of each column.
  private var columns: [(left: Double, right: Double)] = []

  init(_ graph: Graph) {
    self.graph = graph
    layout = GraphLayout(graph)
    var left = Self.margin + plateMargin
    for column in 0..<layout.columns {
      let boxes = zip(graph.nodes, layout.places).filter { $1.column == column }.map {
        Self.width(of: $0.0)
      }
      let right = left + max(boxes.max() ?? 0, 40)
      columns.append((left, right))
      // The labels of arrows are between the columns.
      let labels = zip(graph.edges, layout.routes).filter {
        $1.dropLast().contains { $0.column == column }
      }
      .map { textWidth($0.0.label ?? "", size: 12) }
      left = right + max(54, (labels.max() ?? 0) + 30)
    }
  }

  private static func width(of node: Graph.Node) -> Double {
    28 + max(textWidth(node.label, size: 14), textWidth(node.detail ?? "", size: 12))
  }

  var drawing: Drawing {
    let key = self.key
    let bottom = y(max(layout.rows - 1, 0)) + Self.boxHeight / 2 + plateMargin
    let width = max((columns.last?.right ?? 0) + plateMargin + Self.margin, key.width)
    return Drawing(
      width: width, height: bottom + 44,
      content: plate + zip(graph.edges, layout.routes).map(arrow).joined()
        + zip(graph.nodes, layout.places).map(box).joined()
        + #"<g transform="translate(0 \#(pixels(bottom + 30)))">\#(key.content)</g>"#)
  }

  private func y(_ row: Int) -> Double {
    8 + plateMargin + Self.boxHeight / 2 + Double(row) * Self.halfRow
  }

  // MARK: Plate

  /// The room around the boxes for a plate.
  private var plateMargin: Double { graph.plate == nil ? 0 : 16 }

  /// The frame around the columns of the boxes inside, with its label in the lower right corner.
  private var plate: String {
    guard let plate = graph.plate else { return "" }
    let inside = zip(graph.nodes, layout.places).filter { plate.nodes.contains($0.0.name) }
      .map { columns[$0.1.column] }
    guard let left = inside.map(\.left).min(), let right = inside.map(\.right).max() else {
      return ""
    }
    let (x, width) = (left - plateMargin, right - left + 2 * plateMargin)
    let height = y(max(layout.rows - 1, 0)) + Self.boxHeight / 2 + plateMargin - 8
    return #"<rect class="frame" x="\#(pixels(x))" y="8" width="\#(pixels(width))" "#
      + #"height="\#(pixels(height))" rx="8"/>"#
      + svgText(
        plate.label, right + plateMargin - 9, 8 + height - 9, kind: "heading", anchor: "end")
  }

  // MARK: Boxes

  private func box(_ node: Graph.Node, _ place: GraphLayout.Place) -> String {
    let column = columns[place.column]
    let width = Self.width(of: node)
    let left = (column.left + column.right - width) / 2
    let y = y(place.row)
    let middle = left + width / 2
    let text =
      node.detail.map {
        svgText(node.label, middle, y - 3, kind: "heading")
          + svgText($0, middle, y + 14, kind: "faint")
      } ?? svgText(node.label, middle, y + 5, kind: "heading")
    return node.kind.outline(left, y - Self.boxHeight / 2, width, Self.boxHeight) + text
  }

  // MARK: Arrows

  private func arrow(_ edge: Graph.Edge, _ route: [GraphLayout.Place]) -> String {
    let ends = [
      graph.nodes.first { $0.name == edge.source }, graph.nodes.first { $0.name == edge.target },
    ]
    var stops: [(x: Double, y: Double)] = []
    for (index, place) in route.enumerated() {
      let column = columns[place.column]
      let node = index == 0 ? ends[0] : index == route.count - 1 ? ends[1] : nil
      let half = node.map { Self.width(of: $0) / 2 } ?? (column.right - column.left) / 2
      let middle = (column.left + column.right) / 2
      if index > 0 { stops.append((middle - half, y(place.row))) }
      if index < route.count - 1 { stops.append((middle + half, y(place.row))) }
    }
    guard let start = stops.first, let end = stops.last else { return "" }
    var commands = "M\(pixels(start.x)) \(pixels(start.y))"
    for index in stops.indices.dropFirst() {
      let (from, to) = (stops[index - 1], stops[index])
      // From column to column in a curve that begins and ends level, through a column straight on.
      if index % 2 == 1 {
        let middle = pixels((from.x + to.x) / 2)
        let tip = index == stops.count - 1 ? 8.0 : 0
        commands +=
          "C\(middle) \(pixels(from.y)) \(middle) \(pixels(to.y)) \(pixels(to.x - tip)) \(pixels(to.y))"
      } else {
        commands += "H\(pixels(to.x))"
      }
    }
    let state = edge.isBlocked ? " blocked" : ""
    let tip = "M\(pixels(end.x)) \(pixels(end.y))l-9-4.5v9z"
    let middle = labelPlace(of: edge, stops)
    let cross =
      edge.isBlocked ? "M\(pixels(middle.x - 5)) \(pixels(middle.y - 5))l10 10m0-10l-10 10" : ""
    return svgPath(commands, "arrow" + state, dash: edge.isBlocked ? "5 4" : "")
      + svgPath(tip, "tip" + state) + svgPath(cross, "blocked")
      + (edge.label.map { svgText($0, middle.x, middle.y - 9, kind: "cased") } ?? "")
  }

  /// A place on the arrow near that end at which no other arrow joins it.
  private func labelPlace(
    of edge: Graph.Edge, _ stops: [(x: Double, y: Double)]
  ) -> (x: Double, y: Double) {
    let leaving = graph.edges.count { $0.source == edge.source }
    let entering = graph.edges.count { $0.target == edge.target }
    let isNearTarget = leaving > entering
    let (from, to) =
      isNearTarget ? (stops[stops.count - 2], stops[stops.count - 1]) : (stops[0], stops[1])
    let t = leaving == entering ? 0.5 : isNearTarget ? 0.62 : 0.38
    // The arrow's cubic: 3t² − 2t³ of the way down, and with both handles in the middle across.
    let down = t * t * (3 - 2 * t)
    let across = 1.5 * t - 1.5 * t * t + t * t * t
    return (from.x + across * (to.x - from.x), from.y + down * (to.y - from.y))
  }

  // MARK: Key

  /// What the shapes mean, as far as there are any.
  private var key: (content: String, width: Double) {
    var content = ""
    var x = Self.margin
    for kind in Graph.Kind.all where graph.nodes.contains(where: { $0.kind == kind }) {
      content +=
        kind.outline(x, -9, 24, 14)
        + svgText(kind.meaning, x + 30, 2, kind: "faint", anchor: "start")
      x += 46 + textWidth(kind.meaning, size: 12)
    }
    if graph.edges.contains(where: \.isBlocked) {
      let meaning = "no gradient comes back"
      content +=
        svgPath("M\(pixels(x)) -2h24", "arrow blocked", dash: "5 4")
        + svgPath("M\(pixels(x + 8)) -6l8 8m0-8l-8 8", "blocked")
        + svgText(meaning, x + 30, 2, kind: "faint", anchor: "start")
      x += 46 + textWidth(meaning, size: 12)
    }
    return (content, x)
  }
}

extension Graph.Kind {
  fileprivate static let all: [Graph.Kind] = [.input, .parameter, .operation, .sample, .result]

  fileprivate var meaning: String {
    switch self {
    case .input: "given"
    case .parameter: "learnt"
    case .operation: "computed"
    case .sample: "drawn at random"
    case .result: "result"
    }
  }

  /// The box's outline: the shape tells the kinds apart without the colour.
  fileprivate func outline(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    let box = { (inset: Double, radius: Double, kind: String) in
      #"<rect class="node \#(kind)" x="\#(pixels(x + inset))" y="\#(pixels(y + inset))" "#
        + #"width="\#(pixels(width - 2 * inset))" height="\#(pixels(height - 2 * inset))" "#
        + #"rx="\#(pixels(radius))"/>"#
    }
    let point = min(height / 2, 12)
    return switch self {
    case .input: box(0, 0, "c5")
    case .parameter: box(0, 6, "c1") + box(2.5, 4, "c1")
    case .operation: box(0, height / 2, "c0")
    case .sample:
      svgPath(
        "M\(pixels(x)) \(pixels(y + height / 2))l\(pixels(point)) \(pixels(-height / 2))"
          + "H\(pixels(x + width - point))l\(pixels(point)) \(pixels(height / 2))"
          + "l\(pixels(-point)) \(pixels(height / 2))H\(pixels(x + point))z", "node c3")
    case .result: box(0, 0, "c2") + box(2.5, 0, "c2")
    }
  }
}
