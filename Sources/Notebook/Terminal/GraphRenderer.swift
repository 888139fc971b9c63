extension TerminalRenderer {
  private static let blockedColor = 203

  /// The title, boxes and arrows or, where there is no room for them, a list, what the boxes mean, and
  /// what there is to see.
  func lines(of graph: Graph) -> [String] {
    let fitting = [1, 0].lazy.compactMap { padding in drawing(of: graph, padding: padding) }
      .first { $0.width <= width }
    let key = key(to: graph, hasShapes: fitting != nil)
    return text(graph.title).wrapped(to: width).map { colored($0, .bold) }
      + (fitting?.lines(hasColor: hasColor) ?? list(graph))
      + flow(key, width: width).lines(hasColor: hasColor) + plateLines(of: graph)
      + lines(ofDescription: graph.description)
  }

  /// What the plate says, in words.
  private func plateLines(of graph: Graph) -> [String] {
    guard let plate = graph.plate else { return [] }
    let inside = graph.nodes.filter { plate.nodes.contains($0.name) }.map(\.label)
    return text("\(plate.label) times: \(inside.joined(separator: ", "))").wrapped(to: width)
  }

  /// The label of an arrow, if it has one.
  private func label(of edge: Graph.Edge) -> String? {
    let parts = [edge.isBlocked ? (isASCII ? "X" : "╳") : nil, edge.label.map(text)]
    let label = parts.compactMap { $0 }.joined(separator: " ")
    return label.isEmpty ? nil : label
  }

  /// The meaning of the shapes that are not plain boxes, and of a dashed line.
  private func key(to graph: Graph, hasShapes: Bool)
    -> [Sample]
  {
    let kinds = [Graph.Kind.input, .parameter, .sample].filter { kind in
      hasShapes && graph.nodes.contains { $0.kind == kind }
    }
    let shapes = kinds.map { kind in
      let corners = BoxShape(kind, isASCII: isASCII).corners.prefix(2)
      return Sample(mark: String(corners), color: color(of: kind), label: word(for: kind) ?? "")
    }
    guard graph.edges.contains(where: \.isBlocked) else { return shapes }
    let mark = isASCII ? ".X." : "╌╳╌"
    return shapes
      + [Sample(mark: mark, color: Self.blockedColor, label: "no gradient comes back")]
  }

  private func word(for kind: Graph.Kind) -> String? {
    switch kind {
    case .input: "given"
    case .parameter: "to be learnt"
    case .sample: "drawn at random"
    case .operation, .result: nil
    }
  }

  private func color(of kind: Graph.Kind) -> Int? {
    switch kind {
    case .parameter: Self.colors[0]
    case .sample: Self.colors[1]
    case .input, .operation, .result: nil
    }
  }
}

// MARK: - The list

extension TerminalRenderer {
  /// A line for each node: its label, what it comes from, and what is said about it.
  private func list(_ graph: Graph) -> [String] {
    let labels = graph.nodes.map { text($0.label) }
    let column = labels.map(\.columns).max() ?? 0
    return zip(graph.nodes, labels).flatMap { node, label -> [String] in
      let sources = graph.edges.filter { $0.target == node.name }.map { edge in
        let source = graph.nodes.first { $0.name == edge.source }!
        return text(source.label) + (self.label(of: edge).map { " (\($0))" } ?? "")
      }
      let origin =
        sources.isEmpty ? nil : (isASCII ? "<- " : "← ") + sources.joined(separator: ", ")
      let parts = [origin, word(for: node.kind), node.detail.map(text)].compactMap { $0 }
      let rest = parts.joined(separator: "; ")
      // Half of the width at least is for what comes after the label.
      guard column <= width / 2 else { return "\(label) \(rest)".wrapped(to: width) }
      return rest.wrapped(to: width - column - 1).enumerated().map { index, line in
        ((index == 0 ? label : "").padded(to: column + 1) + line).withoutTrailingSpaces
      }
    }
  }
}

// MARK: - The drawing

extension TerminalRenderer {
  /// How many lines lie between half rows of the layout: a box takes three or four.
  private static let linesPerHalfRow = 2

  /// The boxes and lines, or nil if labels would overlap or arrows would lead back.
  private func drawing(of graph: Graph, padding: Int) -> CharacterGrid? {
    let layout = GraphLayout(graph)
    guard let gaps = gaps(of: graph, layout) else { return nil }
    let texts = graph.nodes.map { node in
      [node.label, node.detail].compactMap { $0 }.map(text)
    }
    let widths = (0..<layout.columns).map { column in
      let inColumn = graph.nodes.indices.filter { layout.places[$0].column == column }
      return 2 + 2 * padding + (inColumn.flatMap { texts[$0] }.map(\.columns).max() ?? 0)
    }
    let starts = widths.indices.reduce(into: [0]) { starts, column in
      starts.append(
        starts[column] + widths[column] + (column < gaps.count ? gaps[column].width : 0))
    }
    let height =
      layout.rows == 0
      ? 0 : row(layout.rows - 1) + (texts.contains { $0.count > 1 } ? 3 : 2)

    var wiring = WireGrid(width: starts.last!, height: height)
    for (column, gap) in gaps.enumerated() {
      gap.draw(into: &wiring, start: starts[column] + widths[column])
      for wire in gap.wires where !wire.entersBox {
        wiring.drawRow(
          wire.to, from: starts[column + 1], to: starts[column + 1] + widths[column + 1],
          net: wire.net, isBroken: wire.isBlocked)
      }
    }
    var grid = wiring.grid(isASCII: isASCII, brokenColor: Self.blockedColor)
    for (column, gap) in gaps.enumerated() {
      gap.write(
        into: &grid, start: starts[column] + widths[column], isASCII: isASCII,
        blockedColor: Self.blockedColor)
    }
    for (index, place) in layout.places.enumerated() {
      let box = BoxShape(graph.nodes[index].kind, isASCII: isASCII)
        .rows(around: texts[index], width: widths[place.column])
      for (line, text) in box.enumerated() {
        grid.write(
          text, row: row(place.row) - 1 + line, column: starts[place.column],
          color: color(of: graph.nodes[index].kind))
      }
    }
    return grid
  }

  /// The line in which arrows enter and leave a box.
  private func row(_ halfRow: Int) -> Int { 1 + Self.linesPerHalfRow * halfRow }

  /// The lines between the columns. A label is where its arrow is not joined by others: at its
  /// source, unless other arrows leave from there.
  private func gaps(of graph: Graph, _ layout: GraphLayout) -> [GraphGap]? {
    var gaps = Array(repeating: GraphGap(), count: max(layout.columns - 1, 0))
    for (edge, route) in zip(graph.edges, layout.routes) {
      let net = graph.nodes.firstIndex { $0.name == edge.source }!
      let isAlone = graph.edges.count { $0.source == edge.source } == 1
      for (step, (from, to)) in zip(route, route.dropFirst()).enumerated() {
        guard to.column == from.column + 1 else { return nil }
        let isLast = step == route.count - 2
        gaps[from.column].add(
          GraphGap.Wire(
            net: net, from: row(from.row), to: row(to.row), entersBox: isLast,
            isBlocked: edge.isBlocked))
        guard isAlone ? step == 0 : isLast, let label = label(of: edge) else { continue }
        let place = isAlone ? row(from.row) : row(to.row)
        guard gaps[from.column].add(label, row: place, isBeforeTurn: isAlone) else { return nil }
      }
    }
    for index in gaps.indices { gaps[index].assignTracks() }
    return gaps
  }
}

/// How a box looks.
private struct BoxShape {
  /// At the top left, top right, bottom left and bottom right.
  let corners: [Character]
  let horizontal: Character
  let vertical: Character

  private init(_ corners: String, _ horizontal: Character, _ vertical: Character) {
    self.corners = Array(corners)
    self.horizontal = horizontal
    self.vertical = vertical
  }

  init(_ kind: Graph.Kind, isASCII: Bool) {
    switch kind {
    case .input: self = isASCII ? BoxShape("....", ".", ":") : BoxShape("┌┐└┘", "┄", "┆")
    case .operation: self = isASCII ? BoxShape("++++", "-", "|") : BoxShape("┌┐└┘", "─", "│")
    case .parameter: self = isASCII ? BoxShape("[][]", "=", "|") : BoxShape("┏┓┗┛", "━", "┃")
    case .sample: self = isASCII ? BoxShape(#"/\\/"#, "-", "|") : BoxShape("╭╮╰╯", "─", "│")
    case .result: self = isASCII ? BoxShape("####", "=", "#") : BoxShape("╔╗╚╝", "═", "║")
    }
  }

  /// The lines of a box with texts in its middle.
  func rows(around texts: [String], width: Int) -> [String] {
    let edge = String(repeating: horizontal, count: width - 2)
    let middle = texts.map { text in
      let start = (width - 2 - text.columns) / 2
      return "\(vertical)" + (String(repeating: " ", count: start) + text).padded(to: width - 2)
        + "\(vertical)"
    }
    return ["\(corners[0])\(edge)\(corners[1])"] + middle + ["\(corners[2])\(edge)\(corners[3])"]
  }
}
