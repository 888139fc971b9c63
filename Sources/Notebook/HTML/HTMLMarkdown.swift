import Foundation

extension HTMLWriter {
  /// Writes a text.
  mutating func write(_ text: [Markdown.Block]) {
    for block in text {
      if case .heading(let level, let inlines) = block {
        writeHeading(level: level, inlines)
      } else {
        append(html(block))
      }
    }
  }

  /// "2.2 The estimator": the number is set apart, as it is in the headings of a chapter.
  private mutating func writeHeading(level: Int, _ inlines: [Markdown.Inline]) {
    let text = inlines.plainText
    let number = text.prefix { $0.isNumber || $0 == "." }
    guard number.contains("."), number.last != ".", text.dropFirst(number.count).hasPrefix(" ")
    else {
      writeHeading(level: level, text: text, html: html(inlines.withoutLinks), number: nil)
      return
    }
    var rest = inlines.withoutLinks
    if case .text(let first) = rest[0] {
      rest[0] = .text(String(first.dropFirst(number.count + 1)))
    }
    writeHeading(level: level, text: text, html: html(rest), number: String(number))
  }

  private mutating func html(_ block: Markdown.Block) -> String {
    switch block {
    case .heading(let level, let inlines): return "<h\(level)>\(html(inlines))</h\(level)>"
    case .paragraph(let inlines):
      if case .image = inlines[0], inlines.count == 1 {
        return "<figure>\(html(inlines))</figure>"
      }
      return "<p>\(html(inlines))</p>"
    case .list(let list): return html(list)
    case .table(let table): return html(table)
    case .code(let language, let text):
      let kind = ["": "Output", "sh": "Command", "swift": "Code"][language] ?? language
      let line = text.split(separator: "\n").first ?? ""
      return code(text, language: language, label: "\(kind): \(line)")
    case .math(let equation): return self.equation(equation)
    case .quote(let blocks):
      return "<blockquote>\n\(html(blocks))\n</blockquote>"
    case .rule: return "<hr/>"
    }
  }

  private mutating func html(_ blocks: [Markdown.Block]) -> String {
    var parts: [String] = []
    for block in blocks { parts.append(html(block)) }
    return parts.joined(separator: "\n")
  }

  private mutating func html(_ list: MarkdownList) -> String {
    var items: [String] = []
    for item in list.items {
      // The items of a list without empty lines are not paragraphs.
      guard !list.isLoose, case .paragraph(let inlines) = item.first else {
        items.append("<li>\(html(item))</li>")
        continue
      }
      let rest = Array(item.dropFirst())
      items.append("<li>\(html(inlines))\(rest.isEmpty ? "" : "\n" + html(rest))</li>")
    }
    let name = list.start == nil ? "ul" : "ol"
    let start = [nil, 1].contains(list.start) ? "" : " start=\"\(list.start!)\""
    return "<\(name)\(start)>\n\(items.joined(separator: "\n"))\n</\(name)>"
  }

  private mutating func html(_ table: MarkdownTable) -> String {
    let titles = table.titles.map(\.plainText).filter { !$0.isEmpty }.joined(separator: ", ")
    let rows = table.rows.map { row($0, "td", table.alignments) }.joined(separator: "\n")
    return scrolling(
      "<table>\n<thead>\(row(table.titles, "th", table.alignments))</thead>\n<tbody>\n\(rows)\n"
        + "</tbody>\n</table>", label: "Table: \(titles)")
  }

  private func row(
    _ cells: [[Markdown.Inline]], _ element: String, _ alignments: [MarkdownTable.Alignment?]
  ) -> String {
    let cells = zip(cells, alignments).map { cell, alignment in
      let kind =
        switch alignment {
        case .right: #" class="number""#
        case .center: #" class="middle""#
        default: ""
        }
      // An empty title is not a header.
      let element = cell.isEmpty ? "td" : element
      let scope = element == "th" ? #" scope="col""# : ""
      return "<\(element)\(scope)\(kind)>\(html(cell))</\(element)>"
    }
    return "<tr>\(cells.joined())</tr>"
  }

  private func html(_ inlines: [Markdown.Inline]) -> String { inlines.map(html).joined() }

  private func html(_ inline: Markdown.Inline) -> String {
    switch inline {
    case .text(let text): escaped(text)
    case .code(let text): code(text)
    case .math(let equation): equation.inlineMathML
    case .emphasis(let parts): "<em>\(html(parts))</em>"
    case .strong(let parts): "<strong>\(html(parts))</strong>"
    case .link(let parts, let target):
      "<a href=\"\(escaped(links?.target(target) ?? target))\">\(html(parts))</a>"
    case .image(let description, let source): image(description, source)
    }
  }

  /// Code in a line of text. It breaks between words, but not within one such as `--section`.
  private func code(_ text: String) -> String {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.contains("-") && word.count <= 26
        ? "<span class=\"word\">\(escaped(String(word)))</span>" : escaped(String(word))
    }
    return "<code>\(words.joined(separator: " "))</code>"
  }

  /// A picture of a file of the notes, within the page: it loads nothing.
  private func image(_ description: String, _ source: String) -> String {
    let types = ["svg": "image/svg+xml", "png": "image/png"]
    guard let bytes = links?.bytes(of: source),
      let type = types[String(source.split(separator: ".").last ?? "")]
    else { return "<em>\(escaped(description))</em>" }
    return "<img alt=\"\(escaped(description))\" "
      + "src=\"data:\(type);base64,\(bytes.base64EncodedString())\"/>"
  }
}

extension [Markdown.Inline] {
  /// The parts with the words of links in place of the links.
  fileprivate var withoutLinks: [Markdown.Inline] {
    flatMap { inline in
      if case .link(let words, _) = inline { words } else { [inline] }
    }
  }
}
