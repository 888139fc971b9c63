/// Reads the blocks of a text, or of the contents of a list or a quotation.
struct MarkdownBlockReader {
  private var rest: ArraySlice<MarkdownLine>

  init(_ lines: [MarkdownLine]) { rest = lines[...] }

  mutating func blocks() throws(MarkdownError) -> [Markdown.Block] {
    var blocks: [Markdown.Block] = []
    while let line = rest.first {
      if line.isBlank {
        rest.removeFirst()
      } else {
        blocks.append(try block(startingWith: line))
      }
    }
    return blocks
  }

  private mutating func block(startingWith line: MarkdownLine) throws(MarkdownError)
    -> Markdown.Block
  {
    let text = line.text
    if text.contains("\t") { throw error(line, "there is a tab") }
    if text.hasPrefix(" ") { throw error(line, "there are spaces before a paragraph") }
    if text.hasPrefix("```") { return try fence() }
    if text.hasPrefix("~~~") { throw error(line, "a fence must be made of backticks") }
    if text.hasPrefix("#"), let heading = try heading(line) { return heading }
    if text.hasPrefix("|") { return try table() }
    if text.hasPrefix(">") { return .quote(try quotation()) }
    if ListMarker(text) != nil { return .list(try list()) }
    if text.allSatisfy({ $0 == "-" }), text.count >= 3 {
      rest.removeFirst()
      return .rule
    }
    if text.firstMatch(of: /^\[[^\]]*\]:/) != nil {
      throw error(line, "a link must contain its target: [words](target)")
    }
    if text.firstMatch(of: /^([*+] |\d+\) |\*\*\*+$|___+$)/) != nil {
      throw error(line, "a list must use \"- \" or \"1. \", and a rule must use dashes")
    }
    return try paragraph()
  }

  private func error(_ line: MarkdownLine, _ reason: String) -> MarkdownError {
    MarkdownError(line: line.number, reason: reason)
  }

  // MARK: Headings and paragraphs

  private mutating func heading(_ line: MarkdownLine) throws(MarkdownError) -> Markdown.Block? {
    let level = line.text.prefix { $0 == "#" }.count
    guard level <= 6, line.text.dropFirst(level).hasPrefix(" ") else { return nil }
    rest.removeFirst()
    let title = line.text.dropFirst(level + 1)
    guard !title.allSatisfy({ $0 == " " }) else { throw error(line, "the heading is empty") }
    return .heading(level: level, try inlines([MarkdownLine(number: line.number, text: title)]))
  }

  private mutating func paragraph() throws(MarkdownError) -> Markdown.Block {
    var lines: [MarkdownLine] = []
    while var line = rest.first, !line.isBlank, lines.isEmpty || !interruptsParagraph(line) {
      if !lines.isEmpty, line.text.firstMatch(of: /^ *(=+|-+) *$/) != nil {
        throw error(line, "a heading must begin with \"#\"")
      }
      line.text = line.text.drop { $0 == " " }
      lines.append(line)
      rest.removeFirst()
    }
    return .paragraph(try inlines(lines))
  }

  /// Whether a line begins another block, even without an empty line before it.
  private func interruptsParagraph(_ line: MarkdownLine) -> Bool {
    let text = line.text
    if text.hasPrefix("```") || text.hasPrefix(">") { return true }
    if text.firstMatch(of: #/^#{1,6} /#) != nil { return true }
    if let marker = ListMarker(text) { return marker.number == nil || marker.number == 1 }
    return text.hasPrefix("|") && rest.dropFirst().first.flatMap { alignments($0) } != nil
  }

  private func inlines(_ lines: [MarkdownLine]) throws(MarkdownError) -> [Markdown.Inline] {
    for line in lines.dropLast() where line.text.hasSuffix("  ") || line.text.hasSuffix("\\") {
      throw error(line, "hard line breaks are not supported; begin a new paragraph")
    }
    var reader = MarkdownInlineReader(
      lines.map(\.text).joined(separator: "\n"), firstLine: lines[0].number)
    return try reader.inlines()
  }

  // MARK: Fences

  private mutating func fence() throws(MarkdownError) -> Markdown.Block {
    let first = rest.removeFirst()
    let mark = first.text.prefix { $0 == "`" }
    let language = first.text.dropFirst(mark.count).split(separator: " ")
    guard language.count <= 1, !first.text.dropFirst(mark.count).contains("`") else {
      throw error(first, "a fence can have only one word after its backticks, the language")
    }
    let lines = rest.prefix { line in
      !(line.text.hasPrefix(mark) && line.text.drop { $0 == "`" }.allSatisfy { $0 == " " })
    }
    rest = rest.dropFirst(lines.count)
    guard rest.popFirst() != nil else { throw error(first, "the fence is not closed") }
    let text = lines.map(\.text).joined(separator: "\n")
    guard language.first == "math" else {
      return .code(language: language.first.map(String.init) ?? "", text)
    }
    do {
      return .math(try Equation(tex: text))
    } catch let failure {
      throw error(first, failure.description)
    }
  }

  // MARK: Tables

  private mutating func table() throws(MarkdownError) -> Markdown.Block {
    let head = rest.removeFirst()
    guard let alignments = rest.first.flatMap({ alignments($0) }) else {
      throw error(
        head,
        "a line that begins with \"|\" is the first of a table, and needs a line of dashes below it"
      )
    }
    rest.removeFirst()
    let titles = try cells(head, count: alignments.count)
    var rows: [[[Markdown.Inline]]] = []
    while let line = rest.first, line.text.hasPrefix("|") {
      rest.removeFirst()
      rows.append(try cells(line, count: alignments.count))
    }
    if let line = rest.first, !line.isBlank {
      throw error(line, "a table must end with an empty line")
    }
    return .table(MarkdownTable(alignments: alignments, titles: titles, rows: rows))
  }

  /// The cells of a row; a "|" after a backslash is one of a cell's characters.
  private func split(_ text: Substring) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in text.dropFirst() {
      if character == "|" {
        if isEscaped {
          cells[cells.count - 1].removeLast()
          cells[cells.count - 1].append("|")
        } else {
          cells.append("")
        }
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.map { $0.trimmingSpaces }
  }

  private func alignments(_ line: MarkdownLine) -> [MarkdownTable.Alignment?]? {
    let cells = split(line.text)
    guard cells.count > 1, cells.last == "", line.text.hasPrefix("|") else { return nil }
    var alignments: [MarkdownTable.Alignment?] = []
    for cell in cells.dropLast() {
      guard cell.wholeMatch(of: /:?-+:?/) != nil else { return nil }
      switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
      case (true, true): alignments.append(.center)
      case (false, true): alignments.append(.right)
      case (true, false): alignments.append(.left)
      default: alignments.append(nil)
      }
    }
    return alignments
  }

  private func cells(
    _ line: MarkdownLine, count: Int
  ) throws(MarkdownError) -> [[Markdown.Inline]] {
    let cells = split(line.text)
    guard cells.last == "" else { throw error(line, "a row of a table must end with \"|\"") }
    guard cells.count - 1 == count else {
      throw error(line, "the row has \(cells.count - 1) cells, and the table \(count) columns")
    }
    var result: [[Markdown.Inline]] = []
    for cell in cells.dropLast() {
      var reader = MarkdownInlineReader(cell, firstLine: line.number)
      result.append(try reader.inlines())
    }
    return result
  }

  // MARK: Lists and quotations

  /// The marker of an item, with the space after it.
  private struct ListMarker {
    let width: Int
    /// The item's number; nil for a bullet.
    let number: Int?

    init?(_ text: Substring) {
      if text.hasPrefix("- ") {
        (width, number) = (2, nil)
      } else if let match = text.firstMatch(of: #/^(\d{1,9})\. /#) {
        (width, number) = (match.output.0.count, Int(match.output.1))
      } else {
        return nil
      }
    }
  }

  private mutating func list() throws(MarkdownError) -> MarkdownList {
    let start = ListMarker(rest.first!.text)!.number
    var items: [[Markdown.Block]] = []
    var isLoose = false
    while let first = rest.first, let marker = ListMarker(first.text),
      (marker.number == nil) == (start == nil)
    {
      let lines = try item(indentation: marker.width)
      let blanks = rest.prefix { $0.isBlank }.count
      var reader = MarkdownBlockReader(lines)
      items.append(try reader.blocks())
      let next = rest.dropFirst(blanks).first
      let isNext = next.flatMap { ListMarker($0.text) }.map { ($0.number == nil) == (start == nil) }
      // An empty line sets items apart, or the paragraphs of one.
      if blanks > 0, isNext == true { isLoose = true }
      if zip(lines, lines.dropFirst()).contains(where: { $0.isBlank && !$1.isBlank }) {
        isLoose = true
      }
      rest = rest.dropFirst(blanks)
    }
    return MarkdownList(start: start, isLoose: isLoose, items: items)
  }

  /// The lines of an item without its marker: the first, and those that are indented as it is.
  private mutating func item(indentation: Int) throws(MarkdownError) -> [MarkdownLine] {
    var first = rest.removeFirst()
    first.text = first.text.dropFirst(indentation)
    guard !first.isBlank else { throw error(first, "the item is empty") }
    var lines = [first]
    while var line = rest.first {
      if line.isBlank {
        // Empty lines belong to the item if something of it comes after them.
        guard let next = rest.first(where: { !$0.isBlank }), next.indentation >= indentation else {
          break
        }
        line.text = ""
      } else if line.indentation >= indentation {
        line.text = line.text.dropFirst(indentation)
      } else if ListMarker(line.text) != nil {
        break
      } else {
        throw error(
          line,
          "the rest of an item must be indented by \(indentation), and a list must end with an empty line"
        )
      }
      lines.append(line)
      rest.removeFirst()
    }
    return lines
  }

  private mutating func quotation() throws(MarkdownError) -> [Markdown.Block] {
    var lines: [MarkdownLine] = []
    while var line = rest.first, line.text.hasPrefix(">") {
      line.text = line.text.dropFirst()
      if line.text.hasPrefix(" ") { line.text.removeFirst() }
      lines.append(line)
      rest.removeFirst()
    }
    if let line = rest.first, !line.isBlank {
      throw error(line, "each line of a quotation must begin with \">\"")
    }
    var reader = MarkdownBlockReader(lines)
    return try reader.blocks()
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    guard let first = firstIndex(where: { $0 != " " }) else { return "" }
    return String(self[first...lastIndex { $0 != " " }!])
  }
}
