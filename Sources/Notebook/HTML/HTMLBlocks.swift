import Foundation

extension HTMLWriter {
  /// Writes what a chapter computed; checks that follow each other are a group.
  mutating func write(_ blocks: [NamedBlock]) {
    var checks: [String] = []
    for (index, named) in blocks.enumerated() {
      if case .check(let check) = named.block {
        checks.append(html(check, id: named.name))
        if index + 1 < blocks.count, case .check = blocks[index + 1].block { continue }
        append("<div class=\"checks\">\n\(checks.joined(separator: "\n"))\n</div>")
        checks = []
      } else {
        write(named.block, named: named.name)
      }
    }
  }

  /// Writes a block.
  mutating func write(_ block: Block, named name: String = "") {
    switch block {
    case .heading(let heading): write(heading)
    case .lead(let lead): append(paragraphs(lead.text))
    case .code(let code): append(html(code))
    case .prose(let prose): append(paragraphs(prose.text))
    case .equation(let equation): append(self.equation(equation))
    case .table(let table): append(scrolling(html(table), label: label(of: table)))
    case .check(let check): append(html(check, id: name))
    case .note(let note):
      append(
        "<aside>\n<p><strong>\(escaped(note.label))</strong></p>\n\(paragraphs(note.text))\n</aside>"
      )
    case .figure(let figure): append(html(figure, id: name))
    case .graph(let graph): append(html(graph, id: name))
    case .imageGrid(let grid): append(html(grid, id: name))
    case .interactive(let interactive): write(interactive)
    }
  }

  // MARK: Text

  private mutating func write(_ heading: Heading) {
    let text = [heading.number, heading.title].compactMap(\.self).joined(separator: " ")
    writeHeading(
      level: heading.number == nil ? 1 : 2, text: printable(text), html: escaped(heading.title),
      number: heading.number.map(escaped))
  }

  private mutating func html(_ cell: Code) -> String {
    guard let text = cell.text else {
      return "<p class=\"source\">The code “\(escaped(cell.name))” is in "
        + "<code>\(escaped(cell.file))</code>.</p>"
    }
    return code(text, language: "swift", label: "Code: \(cell.name)")
  }

  // MARK: Tables

  private func label(of table: Table) -> String {
    table.caption
      ?? "Table: " + table.columns.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func html(_ table: Table) -> String {
    // Where all columns are numbers the table says so, and not each of its cells.
    let isNumeric = table.columns.allSatisfy { $0.alignment == .right }
    let row = { (cells: [String], element: String) in
      "<tr>"
        + zip(cells, table.columns).map { cell, column in
          let kind = !isNumeric && column.alignment == .right ? #" class="number""# : ""
          // An empty title is not a header.
          let element = cell.isEmpty ? "td" : element
          let scope = element == "th" ? #" scope="col""# : ""
          return "<\(element)\(scope)\(kind)>\(escaped(cell))</\(element)>"
        }.joined() + "</tr>"
    }
    let rows = zip(table.rows, table.missingDecimals).map { cells, missing in
      row(zip(cells, missing).map { $0 + filling(of: $1, after: $0) }, "td")
    }
    let caption = table.caption.map { "<caption><span>\(escaped($0))</span></caption>\n" } ?? ""
    let kind = isNumeric ? #" class="numbers""# : ""
    let head = row(table.columns.map(\.title), "th")
    return "<table\(kind)>\n\(caption)<thead>\(head)</thead>\n<tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody>\n</table>"
  }

  /// Spaces that are as wide as the point and the digits that a number lacks.
  private func filling(of count: Int, after number: String) -> String {
    let digits = { (count: Int) in String(repeating: "\u{2007}", count: count) }
    guard count > 0 else { return "" }
    return number.contains(".") ? digits(count) : "\u{2008}" + digits(count - 1)
  }

  // MARK: Pictures

  private func figure(
    _ content: String, title: String? = nil, description: String, data: String = "",
    isWide: Bool = false, id: String
  ) -> String {
    let title = title.map { "<strong>\(escaped($0))</strong> " } ?? ""
    let caption =
      title.isEmpty && description.isEmpty
      ? "" : "\n<figcaption>\(title)\(escaped(description))</figcaption>"
    return
      "<figure id=\"\(id)\"\(isWide ? " class=\"wide\"" : "")>\n\(content)\(caption)\(data)\n</figure>"
  }

  private mutating func html(_ graph: Graph, id: String) -> String {
    let drawing = graph.drawing.inline(
      title: graph.title, description: graph.description, id: id, canShrink: false)
    return figure(
      scrolling(drawing, label: "Diagram: \(graph.title)"), title: graph.title,
      description: graph.description, isWide: true, id: id)
  }

  private mutating func html(_ figure: Figure, id: String) -> String {
    let panels = figure.panels.enumerated().map { index, plot in
      let title = [figure.title, plot.title].compactMap(\.self).joined(separator: ": ")
      return plot.drawing(panels: figure.panels.count).inline(
        title: title, description: figure.description, id: "\(id)-panel\(index + 1)")
    }
    var tables: [String] = []
    for table in figure.panels.flatMap(\.dataTables) {
      tables.append(scrolling(html(table), label: "Data of \(id): \(label(of: table))"))
    }
    let data =
      tables.isEmpty
      ? "" : "\n<details><summary>Data</summary>\n\(tables.joined(separator: "\n"))\n</details>"
    return self.figure(
      "<div class=\"panels\">\n\(panels.joined(separator: "\n"))\n</div>", title: figure.title,
      description: figure.description, data: data, isWide: figure.panels.count > 1, id: id)
  }

  private func html(_ grid: ImageGrid, id: String) -> String {
    // A label is above the rows up to the next label, or beside them in a map.
    var strips: [ImageGrid] = []
    for row in grid.rows {
      if row.label != nil || strips.isEmpty { strips.append(ImageGrid([])) }
      strips[strips.count - 1].rows.append(row)
    }
    let titles = grid.columns.map { "<span>\(escaped($0))</span>" }.joined()
    let images = strips.map { strip -> String in
      let label = strip.rows.first?.label
      guard let png = strip.png(scale: 1) else { return "" }
      let text = label ?? grid.caption ?? "Pictures"
      return (label.map { "<p>\(escaped($0))</p>\n" } ?? "")
        + #"<img alt="\#(escaped(text))" style="width:\#(grid.scale * strip.size.width)px" "#
        + #"src="data:image/png;base64,\#(png.base64EncodedString())"/>"#
    }
    let (kind, head) =
      titles.isEmpty ? ("pictures", "") : ("pictures map", "<p class=\"columns\">\(titles)</p>\n")
    return figure(
      "<div class=\"\(kind)\">\n\(head)\(images.joined(separator: "\n"))\n</div>",
      description: grid.caption ?? "", id: id)
  }

  // MARK: Interactive figures

  /// Writes the place of an interactive figure behind its still picture, and notes which script it needs.
  private mutating func write(_ interactive: Interactive) {
    guard let script = Script(interactive.figure) else { return }
    if !scripts.contains(script) { scripts.append(script) }
    let id = distinct("interactive-\(interactive.figure)", separator: "-")
    append(
      """
      <figure class="interactive wide" id="\(id)" data-figure="\(escaped(interactive.figure))">
      <figcaption><strong>\(escaped(interactive.title))</strong> \(escaped(interactive.description))</figcaption>
      <script type="application/json">\(interactive.data)</script>
      </figure>
      """)
  }

  // MARK: Checks

  /// One line that opens to show the numbers. For a failed check it is open from the start.
  private func html(_ check: Check, id: String) -> String {
    let (kind, isOpen) = check.holds ? ("holds", "") : ("fails", " open=\"open\"")
    return """
      <details class="check \(kind)" id="\(id)"\(isOpen)>
      <summary>\(mark(check)) \(escaped(check.claim))</summary>
      <p>\(escaped(check.remark))</p>
      \(sides(of: check))
      </details>
      """
  }

  private func mark(_ check: Check) -> String {
    check.holds
      ? #"<span class="mark" role="img" aria-label="Holds:">✓</span>"#
      : #"<strong class="mark">✗ Fails:</strong>"#
  }

  private func sides(of check: Check) -> String {
    let items = check.sides.map {
      "<div><dt>\(escaped($0.label))</dt> <dd>\(escaped($0.text))</dd></div>"
    }
    return "<dl>\(items.joined())</dl>"
  }

  /// Writes how many checks hold, those that do not, and all of them in detail.
  mutating func writeSummary(of checks: [(id: String, check: Check)]) {
    guard !checks.isEmpty else { return }
    writeHeading(level: 2, text: "Checks", html: "Checks", number: nil)
    let failed = checks.filter { !$0.check.holds }
    let link = { (id: String, check: Check) in "<a href=\"#\(id)\">\(escaped(check.claim))</a>" }
    append("<p>\(escaped(Check.summary(of: checks.map(\.check)))).</p>")
    if !failed.isEmpty {
      let items = failed.map { id, check in
        "<li class=\"fails\">\(mark(check)) \(link(id, check)) "
          + "\(escaped(check.remark))</li>"
      }
      append("<ul class=\"failed\">\n\(items.joined(separator: "\n"))\n</ul>")
    }
    let rows = checks.map { id, check in
      "<tr class=\"\(check.holds ? "holds" : "fails")\"><td>\(mark(check)) \(link(id, check))</td>"
        + "<td>\(escaped(check.remark))</td><td>\(sides(of: check))</td></tr>"
    }
    let table =
      "<table>\n<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Evidence</th>"
      + "<th scope=\"col\">In full</th></tr></thead>\n<tbody>\n\(rows.joined(separator: "\n"))\n"
      + "</tbody>\n</table>"
    append(
      "<details><summary>All checks in detail</summary>\n"
        + scrolling(table, label: "All checks in detail", kind: "all-checks") + "\n</details>")
  }
}

extension ImageGrid {
  /// How many pixels of a page one pixel takes: as many as fit beside the text of a wide screen, up to 4.
  fileprivate var scale: Int {
    let room = columns.isEmpty ? 632 : 540
    return max(1, min(4, room / max(1, size.width)))
  }
}
