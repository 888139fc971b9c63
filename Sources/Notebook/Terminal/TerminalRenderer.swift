/// Shows blocks as text for a terminal, a pipe or a file.
public struct TerminalRenderer: Sendable {
  /// The number of columns to fill.
  public let width: Int
  /// Whether to write nothing but ASCII.
  public let isASCII: Bool
  /// Whether to write the cells of code.
  public let showsCode: Bool
  /// Whether to write colours.
  public let hasColor: Bool

  /// Creates a renderer. The width is limited to 20…120 columns, because longer lines are hard to
  /// read.
  public init(
    width: Int = 80, isASCII: Bool = false, showsCode: Bool = false, hasColor: Bool = false
  ) {
    self.width = min(max(width, 20), 120)
    self.isASCII = isASCII
    self.showsCode = showsCode
    self.hasColor = hasColor
  }

  /// The block's lines, each ended, below those of the blocks before it: an empty line apart, unless both
  /// are checks. Code that is not asked for has no lines at all.
  public func render(_ block: Block, after earlier: some BidirectionalCollection<Block> = [])
    -> String
  {
    guard isShown(block) else { return "" }
    var lines = lines(of: block)
    if case .code(let code) = block, !earlier.contains(where: { $0.isCode(of: code.file) }) {
      lines.insert(colored(text(code.fileName + ":"), .bold), at: 0)
    }
    let isApart =
      switch (earlier.last(where: isShown), block) {
      case (nil, _), (.check, .check): false
      default: true
      }
    return (isApart ? "\n" : "") + lines.map { $0 + "\n" }.joined()
  }

  private func isShown(_ block: Block) -> Bool {
    switch block {
    case .code: showsCode
    case .interactive: false
    default: true
    }
  }

  private func lines(of block: Block) -> [String] {
    switch block {
    case .heading(let heading): self.lines(of: heading)
    case .lead(let lead): self.lines(of: lead.text, width: width)
    case .code(let code): self.lines(of: code)
    case .prose(let prose): self.lines(of: prose.text, width: width)
    case .equation(let equation): self.lines(of: equation)
    case .table(let table): self.lines(of: table)
    case .imageGrid(let grid): self.lines(of: grid)
    case .figure(let figure): self.lines(of: figure)
    case .graph(let graph): self.lines(of: graph)
    case .check(let check): self.lines(of: check)
    case .note(let note): self.lines(of: note)
    case .interactive: []
    }
  }

  /// How many checks hold, and the claims of those that do not; nothing if there are none.
  public func summary(of checks: [Check]) -> String {
    guard !checks.isEmpty else { return "" }
    let failed = checks.filter { !$0.holds }
    let summary = Check.summary(of: checks)
    let lines =
      failed.isEmpty
      ? [colored(summary, .green)]
      : [colored("\(summary); these do not:", .red)]
        + failed.flatMap { claim(of: $0, followedBy: "") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A title over a list of things and where they are, below an empty line; nothing if there are none.
  func list(under title: String, _ items: [NamedText]) -> String {
    guard !items.isEmpty else { return "" }
    let lines = [colored(title, .bold)] + sides(items).map { "  " + $0 }
    return "\n" + lines.map { $0 + "\n" }.joined()
  }

  private func lines(of heading: Heading) -> [String] {
    let number = heading.number.map { "\($0) " } ?? ""
    let lines = text(number + heading.title).wrapped(to: width)
    let rule = isASCII ? (heading.number == nil ? "=" : "-") : (heading.number == nil ? "═" : "─")
    let length = lines.map(\.columns).max() ?? 0
    return lines.map { colored($0, .bold) } + [String(repeating: rule, count: length)]
  }

  private func lines(of prose: String, width: Int) -> [String] {
    let paragraphs = text(prose).paragraphs.map { $0.wrapped(to: width) }
    return Array(paragraphs.joined(separator: [""]))
  }

  private func lines(of code: Code) -> [String] {
    guard let text = code.text else {
      return "\(code.file) is not here; it holds the code “\(code.name)”.".wrapped(to: width)
    }
    // Lines of code are not wrapped: that would change what they mean.
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard !line.isEmpty else { return "" }
      let comment = line.firstRange(of: "//").map { line[$0.lowerBound...] } ?? ""
      let code = self.text(String(line.dropLast(comment.count)))
      return "  " + code + (comment.isEmpty ? "" : colored(self.text(String(comment)), .dim))
    }
  }

  private func lines(of equation: Equation) -> [String] {
    let rows = (isASCII ? equation.ascii : equation.unicode).split(separator: "\n")
    let room = width - 4
    // Spaces that align rows are of use only while every row fits.
    guard rows.contains(where: { $0.columns > room }) else { return rows.map { "    " + $0 } }
    return rows.flatMap { row in
      continuedAtSigns(row, width: room - 2).enumerated().map {
        $0 == 0 ? "    \($1)" : "      \($1)"
      }
    }
  }

  /// The lines of an equation that is too long for one, broken before its signs where possible.
  private func continuedAtSigns(_ row: Substring, width: Int) -> [String] {
    var parts: [String] = []
    for word in row.split(separator: " ") {
      let isSign = word.count == 1 && MathSymbol.signs.contains(word[word.startIndex])
      if isSign || parts.isEmpty {
        parts.append(String(word))
      } else {
        parts[parts.count - 1] += " \(word)"
      }
    }
    var lines: [String] = []
    for part in parts {
      if let line = lines.last, line.columns + 1 + part.columns <= width {
        lines[lines.count - 1] = line + " " + part
      } else {
        lines += part.wrapped(to: width)
      }
    }
    return lines
  }

  private func lines(of note: Note) -> [String] {
    let bar = isASCII ? "| " : "│ "
    let label = text(note.label).wrapped(to: width - 2).map { colored($0, .bold) }
    return (label + lines(of: note.text, width: width - 2)).map { bar + $0 }
  }

  /// A caption under a table or pictures, if there is one.
  func lines(ofCaption caption: String?) -> [String] {
    caption.map { text($0).wrapped(to: width) } ?? []
  }

  /// The text in characters that may be written. It has to be replaced before it is measured:
  /// "σ" takes one column, "sigma" five.
  package func text(_ source: String) -> String { isASCII ? inASCII(source) : source }
}

extension Block {
  fileprivate func isCode(of file: String) -> Bool {
    if case .code(let code) = self { code.file == file } else { false }
  }
}

extension Code {
  /// The last component of the file's path.
  fileprivate var fileName: String { String(file.split(separator: "/").last ?? "") }
}

// MARK: - Checks

extension TerminalRenderer {
  private func lines(of check: Check) -> [String] {
    guard !check.holds else { return claim(of: check, followedBy: " (\(check.remark))") }
    return claim(of: check, followedBy: "") + evidence(for: check).map { "    " + $0 }
  }

  private func claim(of check: Check, followedBy remark: String) -> [String] {
    let (mark, color): (String, Color) =
      check.holds ? (isASCII ? "ok" : "✓", .green) : (isASCII ? "FAILS" : "✗", .red)
    let indent = mark.columns + 1
    let lines = text(check.claim + remark).wrapped(to: width - indent)
    return lines.enumerated().map { index, line in
      (index == 0 ? colored(mark, color) + " " : String(repeating: " ", count: indent)) + line
    }
  }

  private func evidence(for check: Check) -> [String] {
    sides(check.sides)
      + (check.remark.isEmpty ? [] : text(check.remark).wrapped(to: width - 4))
  }

  /// The two sides with their values under each other, or each below its label if the width is
  /// too small for that.
  private func sides(_ sides: [NamedText]) -> [String] {
    let sides = sides.map { NamedText(text($0.label), text($0.text)) }
    let column = sides.map(\.label.columns).max()! + 2
    let fits = sides.allSatisfy { column + $0.text.columns <= width - 4 }
    return sides.flatMap { side in
      fits
        ? [side.label.padded(to: column) + side.text]
        : side.label.wrapped(to: width - 4)
          + side.text.wrapped(to: width - 6).map { "  " + $0 }
    }
  }
}

// MARK: - Colours

extension TerminalRenderer {
  package enum Color: String {
    case bold = "1"
    case dim = "2"
    case green = "32"
    case red = "31"
  }

  package func colored(_ text: String, _ color: Color) -> String {
    hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }
}
