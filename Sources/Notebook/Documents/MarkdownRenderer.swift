import Foundation

/// Shows a whole page as Markdown (the dialect of GitHub), with its pictures in files.
public struct MarkdownRenderer: Sendable {
  private let chapter: String
  private let command: String
  private let figures: String

  /// Creates a renderer.
  ///
  /// - Parameters:
  ///   - chapter: The chapter's name, such as "Ch01-Ring", from which the pictures get their names.
  ///   - command: The command that prints the page.
  ///   - figures: The path of the pictures' folder from that of the page.
  public init(chapter: String, command: String, figures: String = "figures") {
    self.chapter = chapter
    self.command = command
    self.figures = figures
  }

  /// The page.
  public func render(_ blocks: [Block]) -> String {
    let names = pictureNames(chapter: chapter, blocks)
    let checks = blocks.compactMap { if case .check(let check) = $0 { check } else { nil } }
    let failed = checks.filter { !$0.holds }
    var parts = zip(blocks, names).map { render($0, named: $1) }
    if !checks.isEmpty {
      let end = failed.isEmpty ? "" : "; these do not:"
      parts.append("**\(Check.summary(of: checks))\(end)**")
      parts.append(failed.map { "- ✗ \(inline($0.claim))" }.joined(separator: "\n"))
    }
    parts.append(
      "*\(inline(chapter)) \(Chapter.version), printed by* `\(command.replacing("`", with: "'"))`")
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The pictures that the page shows.
  public func pictures(_ blocks: [Block]) -> [OutputFile] {
    zip(blocks, pictureNames(chapter: chapter, blocks)).compactMap { block, name in
      name.flatMap(block.picture)
    }
  }

  private func render(_ block: Block, named name: String?) -> String {
    switch block {
    case .heading(let heading):
      heading.number.map { "## \(inline($0)) \(inline(heading.title))" }
        ?? "# \(inline(heading.title))"
    case .lead(let lead): paragraphs(lead.text).joined(separator: "\n\n")
    case .code(let code): render(code)
    case .prose(let prose): paragraphs(prose.text).joined(separator: "\n\n")
    case .equation(let equation): render(equation)
    case .table(let table): render(table)
    case .check(let check): render(check)
    case .note(let note):
      (["**\(inline(note.label))**"] + paragraphs(note.text)).map { "> \($0)" }
        .joined(separator: "\n>\n")
    case .figure, .graph, .imageGrid: image(block, named: name ?? "")
    case .interactive: ""
    }
  }

  /// An image with its caption.
  func image(_ block: Block, named name: String) -> String {
    guard let file = block.picture(named: name)?.name else { return caption(block.pictureCaption) }
    let path = "\(figures)/\(file)".addingPercentEncoding(withAllowedCharacters: .plainPath)!
    let link = "![\(inline(block.alternativeText))](\(path))"
    return [link, caption(block.pictureCaption)].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The lines of a cell. A fence is longer than any run of backticks in what it holds.
  func render(_ code: Code) -> String {
    guard let text = code.text else { return "`\(code.file)`" }
    let longest = text.matches(of: /`+/).map(\.output.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)swift\n\(text)\n\(fence)"
  }

  private func caption(_ text: String?) -> String {
    let text = inline(text ?? "")
    return text.isEmpty ? "" : "*\(text)*"
  }

  private func render(_ equation: Equation) -> String {
    // On one line, and without what could begin a tag or end the fence.
    let tex = printable(equation.tex).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing("<", with: #"\lt "#).replacing(">", with: #"\gt "#).replacing("`", with: "'")
    return "```math\n\(tex)\n```"
  }

  private func render(_ table: Table) -> String {
    let row = { (cells: [String]) in
      "| " + cells.map { inline($0).replacing("|", with: #"\|"#) }.joined(separator: " | ") + " |"
    }
    let rule = table.columns.map { $0.alignment == .left ? ":---" : "---:" }
    let lines =
      [row(table.columns.map(\.title)), "| " + rule.joined(separator: " | ") + " |"]
      + table.rows.map(row)
    return [lines.joined(separator: "\n"), caption(table.caption)].filter { !$0.isEmpty }
      .joined(separator: "\n\n")
  }

  private func render(_ check: Check) -> String {
    "\(check.holds ? "✓" : "✗") \(inline(check.claim)) *(\(inline(check.remark)))*"
  }

  private func paragraphs(_ text: String) -> [String] { text.paragraphs.map(inline) }

  /// The text on one line, with a backslash before whatever Markdown would read as its own.
  private func inline(_ text: String) -> String {
    let words = printable(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    var result = ""
    for character in words {
      if #"\`*_[]<>$&~"#.contains(character) { result.append("\\") }
      result.append(character)
    }
    // At the start of a line "1. " and "- " begin a list, "# " a heading, "---" a rule.
    let digits = result.prefix { $0.isNumber }
    let sign = result.dropFirst(digits.count).prefix(1)
    let next = result.dropFirst(digits.count + 1).first
    let isMark = digits.isEmpty ? "#+-=".contains(sign) : ".)".contains(sign)
    if !sign.isEmpty, isMark, next == nil || next == " " || sign == String(next!) {
      result.insert("\\", at: sign.startIndex)
    }
    return result
  }
}
