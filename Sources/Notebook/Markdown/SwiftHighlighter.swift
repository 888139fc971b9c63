/// Colours Swift: keywords, types, numbers, strings and comments. It knows only words, not the
/// grammar.
enum SwiftHighlighter {
  /// The code as HTML, with a `span` around what has a colour.
  static func html(_ code: String) -> String {
    var rest = code[...]
    var result = ""
    while !rest.isEmpty {
      let (kind, token) = nextToken(in: rest)
      let text = escaped(String(token))
      result += kind.map { "<span class=\"\($0.rawValue)\">\(text)</span>" } ?? text
      rest = rest[token.endIndex...]
    }
    return result
  }

  /// The kinds of words that have a colour, by their class in the style.
  private enum Kind: String {
    case keyword = "k"
    case type = "t"
    case number = "n"
    case string = "s"
    case comment = "c"
  }

  private static let keywords: Set<Substring> = [
    "actor", "any", "as", "associatedtype", "async", "await", "break", "case", "catch", "class",
    "consuming", "continue", "convenience", "default", "defer", "deinit", "do", "else", "enum",
    "extension", "fallthrough", "false", "fileprivate", "final", "for", "func", "guard", "if",
    "import", "in", "init", "inout", "internal", "is", "isolated", "lazy", "let", "mutating", "nil",
    "nonisolated", "nonmutating", "open", "operator", "override", "private", "protocol", "public",
    "repeat", "required", "rethrows", "return", "self", "Self", "some", "static", "struct",
    "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "unowned",
    "unsafe", "var", "weak", "where", "while",
  ]

  private static func nextToken(in rest: Substring) -> (Kind?, Substring) {
    let first = rest.first!
    if rest.hasPrefix("//") { return (.comment, rest.prefix { $0 != "\n" }) }
    if rest.hasPrefix("/*") {
      let end = rest.firstRange(of: "*/")?.upperBound ?? rest.endIndex
      return (.comment, rest[..<end])
    }
    if first == "\"" { return (.string, string(in: rest)) }
    if first.isNumber, first.isASCII {
      // In "0..<n" the points are not part of the number.
      let number = rest.prefixMatch(of: /[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+\-]?[0-9]+)?/)
      return (.number, number!.output.0)
    }
    if first.isLetter || "_#@".contains(first) {
      let end = rest.dropFirst().firstIndex { !$0.isLetter && !$0.isNumber && $0 != "_" }
      let token = rest[..<(end ?? rest.endIndex)]
      if keywords.contains(token) || "#@".contains(first) { return (.keyword, token) }
      return (first.isUppercase && token.count > 1 ? .type : nil, token)
    }
    // A name after a point is not a keyword: ".init", "options.default".
    if first == "." {
      let end = rest.dropFirst().firstIndex { !$0.isLetter && !$0.isNumber && $0 != "_" }
      return (nil, rest[..<(end ?? rest.endIndex)])
    }
    return (nil, rest.prefix(1))
  }

  /// A literal up to the quote that ends it, or to the end of its line.
  private static func string(in rest: Substring) -> Substring {
    if rest.hasPrefix("\"\"\"") {
      let end = rest.dropFirst(3).firstRange(of: "\"\"\"")?.upperBound ?? rest.endIndex
      return rest[..<end]
    }
    var isEscaped = false
    let body = rest.dropFirst().prefix { character in
      defer { isEscaped = character == "\\" && !isEscaped }
      return character != "\n" && (character != "\"" || isEscaped)
    }
    return rest[
      ..<(body.endIndex == rest.endIndex ? body.endIndex : rest.index(after: body.endIndex))]
  }
}
