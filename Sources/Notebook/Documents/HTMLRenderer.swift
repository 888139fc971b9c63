import Foundation

/// Shows a whole page as one file of HTML that needs no other, no network and no script.
///
/// The file is well-formed XML too. Everything that comes from the page goes through `escaped`.
public struct HTMLRenderer: Sendable {
  /// What a browser may do with the page: show its own styles and pictures, and load nothing.
  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    + "form-action 'none'"

  private let chapter: String
  private let command: String

  /// Creates a renderer for the page that a command prints.
  public init(chapter: String, command: String) {
    self.chapter = chapter
    self.command = command
  }

  /// The page as a whole.
  public func render(_ blocks: [Block]) -> String {
    let headings = blocks.compactMap { if case .heading(let heading) = $0 { heading } else { nil } }
    let title = headings.first { $0.number == nil }?.title ?? chapter
    let checks = blocks.compactMap { if case .check(let check) = $0 { check } else { nil } }
    var parts: [String] = []
    var checkCount = 0
    let names = pictureNames(chapter: chapter, blocks)
    let firstSection = blocks.firstIndex {
      if case .heading(let heading) = $0 { heading.number != nil } else { false }
    }
    for (index, (block, name)) in zip(blocks, names).enumerated() {
      if index == firstSection { parts.append(contents(headings, hasChecks: !checks.isEmpty)) }
      if case .check = block { checkCount += 1 }
      parts.append(render(block, named: name ?? "check-\(checkCount)"))
    }
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(escaped(title))</title>
      <style>
      \(Drawing.style)
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(parts.joined(separator: "\n"))
      \(summary(of: checks))
      </main>
      <footer><p>\(escaped(chapter)), version \(Chapter.version), printed by \
      <code>\(escaped(command))</code></p></footer>
      </body>
      </html>

      """
  }

  private func render(_ block: Block, named name: String) -> String {
    switch block {
    case .heading(let heading): render(heading)
    case .lead(let lead): paragraphs(lead.text)
    case .code(let code): "<pre><code>\(escaped(code.text ?? code.file))</code></pre>"
    case .prose(let prose): paragraphs(prose.text)
    case .equation(let equation):
      #"<div class="equation scroll">\#(equation.mathML)</div>"#
    case .table(let table): scrolling(html(table), label: table.caption ?? "Table")
    case .check(let check): render(check, id: name)
    case .note(let note):
      "<aside>\n<p><strong>\(escaped(note.label))</strong></p>\n\(paragraphs(note.text))\n</aside>"
    case .figure(let figure): render(figure, id: name)
    case .graph(let graph):
      self.figure(
        scrolling(
          graph.drawing.inline(
            title: graph.title, description: graph.description, id: name, canShrink: false),
          label: graph.title),
        title: graph.title, description: graph.description, isWide: true, id: name)
    case .imageGrid(let grid): render(grid, id: name)
    }
  }

  // MARK: Text

  private func render(_ heading: Heading) -> String {
    guard let number = heading.number else { return "<h1>\(escaped(heading.title))</h1>" }
    let anchor = Self.anchor(number)
    return "<h2 id=\"\(anchor)\"><a href=\"#\(anchor)\">\(escaped(number))</a> "
      + "\(escaped(heading.title))</h2>"
  }

  /// Where a section stands in the page: "s2.2".
  private static func anchor(_ number: String) -> String { "s" + fileName(number) }

  private func contents(_ headings: [Heading], hasChecks: Bool) -> String {
    let items = headings.compactMap { heading in
      heading.number.map {
        let link = "<a href=\"#\(Self.anchor($0))\">"
        return "<li>\(link)<span>\(escaped($0))</span> \(escaped(heading.title))</a></li>"
      }
    }
    let checks = hasChecks ? [##"<li><a href="#checks"><span>✓</span> Checks</a></li>"##] : []
    return "<nav aria-label=\"Contents\">\n<ol>\n" + (items + checks).joined(separator: "\n")
      + "\n</ol>\n</nav>"
  }

  private func paragraphs(_ text: String) -> String {
    text.paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
  }

  // MARK: Tables

  /// Something that may be wider than a phone, and then moves by itself and by the keyboard.
  private func scrolling(_ content: String, label: String) -> String {
    #"<div class="scroll" role="region" tabindex="0" aria-label="\#(escaped(label))">\#(content)</div>"#
  }

  private func html(_ table: Table) -> String {
    let row = { (cells: [String], element: String) in
      "<tr>"
        + zip(cells, table.columns).map { cell, column in
          let kind = column.alignment == .right ? #" class="number""# : ""
          let scope = element == "th" ? #" scope="col""# : ""
          return "<\(element)\(scope)\(kind)>\(escaped(cell))</\(element)>"
        }.joined() + "</tr>"
    }
    let caption = table.caption.map { "<caption>\(escaped($0))</caption>\n" } ?? ""
    return "<table>\n\(caption)<thead>\(row(table.columns.map(\.title), "th"))</thead>\n<tbody>\n"
      + table.rows.map { row($0, "td") }.joined(separator: "\n") + "\n</tbody>\n</table>"
  }

  // MARK: Pictures

  private func figure(
    _ content: String, title: String? = nil, description: String, data: String = "",
    isWide: Bool = false,
    id: String
  ) -> String {
    let title = title.map { "<strong>\(escaped($0))</strong> " } ?? ""
    let caption =
      title.isEmpty && description.isEmpty
      ? "" : "\n<figcaption>\(title)\(escaped(description))</figcaption>"
    return
      "<figure id=\"\(id)\"\(isWide ? " class=\"wide\"" : "")>\n\(content)\(caption)\(data)\n</figure>"
  }

  private func render(_ figure: Figure, id: String) -> String {
    let panels = figure.panels.enumerated().map { index, plot in
      let title = [figure.title, plot.title].compactMap(\.self).joined(separator: ": ")
      return plot.drawing(panels: figure.panels.count).inline(
        title: title, description: figure.description, id: "\(id)-panel\(index + 1)")
    }
    let tables = figure.panels.flatMap(\.dataTables).map {
      scrolling(html($0), label: $0.caption ?? "")
    }
    let data =
      tables.isEmpty
      ? "" : "\n<details><summary>Data</summary>\n\(tables.joined(separator: "\n"))\n</details>"
    return self.figure(
      "<div class=\"panels\">\n\(panels.joined(separator: "\n"))\n</div>", title: figure.title,
      description: figure.description, data: data, isWide: figure.panels.count > 1, id: id)
  }

  private func render(_ grid: ImageGrid, id: String) -> String {
    // A label stands above the rows up to the next one.
    var strips: [ImageGrid] = []
    for row in grid.rows {
      if row.label != nil || strips.isEmpty { strips.append(ImageGrid([])) }
      strips[strips.count - 1].rows.append(row)
    }
    let images = strips.map { strip -> String in
      let label = strip.rows.first?.label
      guard let png = strip.png(scale: 1) else { return "" }
      let text = label ?? grid.caption ?? "Pictures"
      return (label.map { "<p>\(escaped($0))</p>\n" } ?? "")
        + #"<img alt="\#(escaped(text))" style="width:\#(2 * strip.size.width)px" "#
        + #"src="data:image/png;base64,\#(png.base64EncodedString())"/>"#
    }
    return figure(
      "<div class=\"pictures\">\n\(images.joined(separator: "\n"))\n</div>",
      description: grid.caption ?? "", id: id)
  }

  // MARK: Checks

  private func render(_ check: Check, id: String) -> String {
    let sides = check.sides.map {
      "<tr><th scope=\"row\">\(escaped($0.label))</th><td>\(escaped($0.text))</td></tr>"
    }
    let remark = check.remark.isEmpty ? "" : "\n<p class=\"remark\">\(escaped(check.remark))</p>"
    return """
      <section class="check \(check.holds ? "holds" : "fails")" id="\(id)">
      <p>\(mark(check)) \(escaped(check.claim))</p>
      <div class="scroll"><table><tbody>\(sides.joined())</tbody></table></div>\(remark)
      </section>
      """
  }

  private func mark(_ check: Check) -> String {
    "<strong class=\"mark\">\(check.holds ? "✓ holds" : "✗ fails")</strong>"
  }

  private func summary(of checks: [Check]) -> String {
    guard !checks.isEmpty else { return "" }
    let items = checks.enumerated().map { index, check in
      "<li class=\"\(check.holds ? "holds" : "fails")\">\(mark(check)) "
        + "<a href=\"#check-\(index + 1)\">\(escaped(check.claim))</a></li>"
    }
    return """
      <h2 id="checks">\(Check.summary(of: checks))</h2>
      <ol class="checks">
      \(items.joined(separator: "\n"))
      </ol>
      """
  }
}
