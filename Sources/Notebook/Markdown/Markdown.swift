import Files

/// A text in the part of Markdown that the notes are written in: headings, paragraphs, lists, tables, block
/// quotes, rules, fenced code, mathematics as GitHub has it (`` $`…`$ `` and ```` ```math ````), emphasis, code, links
/// and images. Anything else is an error, so that no page shows what its author did not mean.
struct Markdown: Equatable, Sendable {
  /// The pieces of the text, in order.
  let blocks: [Block]

  /// One piece of a text.
  indirect enum Block: Equatable, Sendable {
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    case list(MarkdownList)
    case table(MarkdownTable)
    case code(language: String, String)
    case math(Equation)
    case quote([Block])
    case rule
  }

  /// A part of a line.
  indirect enum Inline: Equatable, Sendable {
    case text(String)
    case code(String)
    case math(Equation)
    case emphasis([Inline])
    case strong([Inline])
    case link([Inline], target: String)
    case image(description: String, source: String)
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - name: The file's name, for errors.
  ///   - firstLine: The number of the text's first line in the file.
  /// - Throws: `FileError` with the number of a line and a sentence, for anything that the subset
  ///   does not have.
  init(_ text: String, of name: String, firstLine: Int = 1) throws(FileError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      MarkdownLine(number: firstLine + $0, text: $1)
    }
    var reader = MarkdownBlockReader(lines)
    do {
      blocks = try reader.blocks()
    } catch {
      throw FileError(.read, name, "\(error)")
    }
  }
}

/// A list: of bullets, or numbered.
struct MarkdownList: Equatable, Sendable {
  /// The number of the first item; nil for bullets.
  let start: Int?
  /// Whether empty lines set the items apart.
  let isLoose: Bool
  /// The items.
  let items: [[Markdown.Block]]
}

/// A table: a row of titles, and rows with as many cells.
struct MarkdownTable: Equatable, Sendable {
  /// The side that each column keeps to; nil for a column of words.
  let alignments: [Alignment?]
  /// The titles.
  let titles: [[Markdown.Inline]]
  /// The rows.
  let rows: [[[Markdown.Inline]]]

  /// The side that a column's cells keep to.
  enum Alignment: Sendable { case left, right, center }
}

/// What is wrong with a line.
struct MarkdownError: Error, CustomStringConvertible {
  let line: Int
  /// A clause: "the fence is not closed".
  let reason: String

  var description: String { "line \(line): \(reason)" }
}

/// A line, or the rest of it within a list or a quotation, with its number in the file.
struct MarkdownLine {
  let number: Int
  var text: Substring

  var isBlank: Bool { text.allSatisfy { $0 == " " } }
  var indentation: Int { text.prefix { $0 == " " }.count }
}

extension [Markdown.Inline] {
  /// Only the words, without emphasis and links.
  var plainText: String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .math(let equation): equation.unicode
      case .emphasis(let parts), .strong(let parts), .link(let parts, _): parts.plainText
      case .image(let description, _): description
      }
    }.joined()
  }

  /// The name by which a link finds a heading, as GitHub makes it: "2.2 The estimator" is
  /// `22-the-estimator`.
  var anchor: String {
    plainText.lowercased().replacing(" ", with: "-").filter {
      $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
    }
  }
}
