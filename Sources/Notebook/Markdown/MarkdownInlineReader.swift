/// Reads the parts of a paragraph, a heading or a cell.
struct MarkdownInlineReader {
  private let text: String
  private let firstLine: Int
  private var rest: Substring

  init(_ text: String, firstLine: Int) {
    self.text = text
    self.firstLine = firstLine
    rest = text[...]
  }

  /// The mark that ends the parts that are being read.
  private enum Closing {
    case end
    case emphasis
    case strong
  }

  mutating func inlines() throws(MarkdownError) -> [Markdown.Inline] { try inlines(until: .end) }

  private mutating func inlines(until closing: Closing) throws(MarkdownError) -> [Markdown.Inline] {
    let start = rest.startIndex
    var result: [Markdown.Inline] = []
    var plain = ""
    func flushed() -> [Markdown.Inline] { plain.isEmpty ? result : result + [.text(plain)] }
    while let next = rest.first {
      if next == "*", ends(closing) {
        rest = rest.dropFirst(closing == .strong ? 2 : 1)
        return flushed()
      }
      if let inline = try inline(startingWith: next) {
        result = flushed() + [inline]
        plain = ""
      } else {
        plain += literal(next)
      }
    }
    guard closing == .end else {
      throw error(at: start, "the \(closing == .strong ? "**" : "*") before it is not closed")
    }
    return flushed()
  }

  /// The part that begins here, if it is more than a character.
  private mutating func inline(
    startingWith next: Character
  ) throws(MarkdownError) -> Markdown.Inline? {
    let start = rest.startIndex
    switch next {
    case "`": return .code(try codeSpan())
    case "$": return .math(try math())
    case "*" where opensEmphasis:
      let isStrong = rest.hasPrefix("**")
      rest = rest.dropFirst(isStrong ? 2 : 1)
      let parts = try inlines(until: isStrong ? .strong : .emphasis)
      return isStrong ? .strong(parts) : .emphasis(parts)
    case "_" where opensEmphasis && !(previous.map { $0.isLetter || $0.isNumber } ?? false):
      throw error(at: start, "emphasis must be written with *, and a _ by itself as \\_")
    case "!" where rest.hasPrefix("!["):
      rest = rest.dropFirst()
      guard let (words, target) = try bracketed() else { return .text("!") }
      return .image(description: words.plainText, source: target)
    case "[":
      if rest.hasPrefix("[^") { throw error(at: start, "footnotes are not supported") }
      guard let (words, target) = try bracketed() else { return nil }
      return .link(words, target: target)
    default:
      try refuse(next)
      return nil
    }
  }

  /// The character that comes next, as it is, or without the backslash that says so.
  private mutating func literal(_ next: Character) -> String {
    rest.removeFirst()
    guard next == "\\", let escaped = rest.first, escaped.isASCII,
      escaped.isPunctuation || escaped.isSymbol
    else { return String(next) }
    rest.removeFirst()
    return String(escaped)
  }

  /// Refuses anything that GitHub would not show as plain characters.
  private func refuse(_ next: Character) throws(MarkdownError) {
    let start = rest.startIndex
    switch next {
    case "<" where rest.firstMatch(of: /^<[A-Za-z\/!?]/) != nil:
      throw error(at: start, "HTML tags are not supported; write \\< for the sign")
    case "&" where rest.firstMatch(of: /^&#?\w+;/) != nil:
      throw error(at: start, "entities are not supported; write the character itself")
    case "~" where rest.hasPrefix("~~"):
      throw error(at: start, "strikethrough is not supported")
    case "h" where rest.hasPrefix("http://") || rest.hasPrefix("https://"):
      throw error(at: start, "an address must be the target of a link: [words](https://…)")
    case "\t":
      throw error(at: start, "there is a tab")
    default: return
    }
  }

  // MARK: Emphasis

  /// The character before the next one.
  private var previous: Character? {
    rest.startIndex == text.startIndex ? nil : text[text.index(before: rest.startIndex)]
  }

  /// Whether the marks that come next are close to what follows them: then they begin emphasis
  /// (CommonMark calls them left-flanking).
  private var opensEmphasis: Bool {
    let mark = rest.first!
    guard let after = rest.first(where: { $0 != mark }), !after.isWhitespace else { return false }
    return !after.isMark || (previous.map { $0.isWhitespace || $0.isMark } ?? true)
  }

  /// Whether the marks that come next end emphasis.
  private func ends(_ closing: Closing) -> Bool {
    guard closing != .end, let previous, !previous.isWhitespace else { return false }
    // "**" within single emphasis begins or ends something else, unless a third ends that too.
    let count = rest.prefix { $0 == "*" }.count
    if closing == .strong { return count >= 2 }
    return count != 2
  }

  // MARK: Code and mathematics

  private mutating func codeSpan() throws(MarkdownError) -> String {
    let start = rest.startIndex
    let mark = rest.prefix { $0 == "`" }
    rest = rest.dropFirst(mark.count)
    var code = ""
    while let next = rest.first {
      if next == "`" {
        let run = rest.prefix { $0 == "`" }
        rest = rest.dropFirst(run.count)
        if run.count == mark.count {
          let isPadded =
            code.hasPrefix(" ") && code.hasSuffix(" ") && code.contains { $0 != " " }
          return isPadded ? String(code.dropFirst().dropLast()) : code
        }
        code += run
      } else {
        code.append(next == "\n" ? " " : next)
        rest.removeFirst()
      }
    }
    throw error(at: start, "the code is not closed")
  }

  private mutating func math() throws(MarkdownError) -> Equation {
    let start = rest.startIndex
    guard rest.hasPrefix("$`"), let end = rest.firstRange(of: "`$") else {
      throw error(at: start, "mathematics must be between $` and `$; a dollar sign is written \\$")
    }
    let tex = rest[rest.index(start, offsetBy: 2)..<end.lowerBound]
    rest = rest[end.upperBound...]
    do {
      return try Equation(tex: String(tex))
    } catch let failure {
      throw error(at: start, failure.description)
    }
  }

  // MARK: Links

  /// `[words](target)`, if that comes next; brackets by themselves are characters like others.
  private mutating func bracketed() throws(MarkdownError) -> (
    words: [Markdown.Inline], target: String
  )? {
    let start = rest.startIndex
    guard let end = indexOfPartner(), rest[end...].hasPrefix("](") else { return nil }
    let words = rest[rest.index(after: start)..<end]
    let tail = rest[rest.index(end, offsetBy: 2)...]
    guard let close = tail.firstIndex(of: ")") else {
      throw error(at: start, "the link's target is not closed")
    }
    let target = String(tail[..<close])
    guard !target.isEmpty, !target.contains(where: { $0.isWhitespace || "\"<>(".contains($0) })
    else { throw error(at: start, "the link's target is not a path or an address") }
    if let colon = target.firstIndex(of: ":"), !target[..<colon].contains("/"),
      !["http", "https", "mailto"].contains(target[..<colon])
    {
      throw error(at: start, "a link must lead to a file or to https://")
    }
    var reader = MarkdownInlineReader(
      String(words), firstLine: line(of: start))
    let inlines = try reader.inlines()
    rest = tail[tail.index(after: close)...]
    return (inlines, target)
  }

  /// Where the bracket that comes next is closed; code and escaped characters do not count.
  private func indexOfPartner() -> Substring.Index? {
    var depth = 0
    var isCode = false
    var isEscaped = false
    return rest.indices.first { index in
      let character = rest[index]
      defer { isEscaped = character == "\\" && !isEscaped && !isCode }
      if character == "`" && !isEscaped { isCode.toggle() }
      if isCode || isEscaped { return false }
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      return depth == 0
    }
  }

  // MARK: Errors

  private func line(of index: Substring.Index) -> Int {
    firstLine + text[..<index].count { $0 == "\n" }
  }

  private func error(at index: Substring.Index, _ reason: String) -> MarkdownError {
    MarkdownError(line: line(of: index), reason: reason)
  }
}

extension Character {
  /// Whether the character is a mark to CommonMark: punctuation or a symbol.
  fileprivate var isMark: Bool { isPunctuation || isSymbol }
}
