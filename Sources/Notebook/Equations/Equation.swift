/// An equation in the small subset of TeX that the notes use.
///
/// Letters, numbers, the symbols of `MathSymbol`, scripts, `\frac`, `\sqrt`, accents, alphabets
/// (`\mathbb`, `\mathcal`, `\mathbf`), `\text` and its relatives, functions (`\log`,
/// `\operatorname{…}`), delimiters of any size, spaces, and one `aligned` environment around the
/// whole.
public struct Equation: Equatable, Sendable {
  /// The source.
  public let tex: String
  /// The rows of `aligned` with the cells that `&` divides; otherwise one row of one cell.
  public let rows: [[Cell]]

  /// The nodes between two marks of alignment.
  public typealias Cell = [Node]

  /// A part of an equation.
  public indirect enum Node: Equatable, Sendable {
    /// A character: a letter, a Greek letter, an operator, a bracket.
    case symbol(Character, MathClass)
    /// A number, such as `2` or `0.5`.
    case number(String)
    /// A function in upright letters, such as `log`.
    case function(String)
    /// Upright text.
    case text(String)
    /// A letter in one of TeX's alphabets.
    case letter(Character, Alphabet)
    /// Parts that belong together.
    case group([Node])
    /// A numerator over a denominator.
    case fraction([Node], [Node])
    /// A square root.
    case root([Node])
    /// A mark above its base.
    case accent(Accent, [Node])
    /// A base with its subscript and its superscript.
    case scripts(Node, lower: [Node]?, upper: [Node]?)
    /// A space of some quarters of an em.
    case space(quarters: Int)
  }

  /// An alphabet of its own meaning.
  public enum Alphabet: String, Sendable {
    case blackboard = "mathbb"
    case calligraphic = "mathcal"
    case bold = "mathbf"
  }

  /// A mark above a symbol.
  public enum Accent: String, Sendable {
    case hat, bar, tilde
  }

  /// Parses an equation.
  ///
  /// - Throws: ``EquationError`` for a macro that the subset does not have, or broken syntax.
  public init(tex: String) throws(EquationError) {
    self.tex = tex
    var parser = EquationParser(tex)
    rows = try parser.parse()
  }
}

/// What is wrong with the source of an equation.
public struct EquationError: Error, Equatable, CustomStringConvertible {
  /// The source.
  public let tex: String
  /// What is wrong with it, as a clause: "the macro \foo is unknown".
  public let reason: String

  /// One sentence with the reason and the source.
  public var description: String { "cannot read the equation \(tex): \(reason)" }
}

/// A recursive descent over the characters of an equation.
private struct EquationParser {
  private let tex: String
  private var rest: Substring

  init(_ tex: String) {
    self.tex = tex
    rest = tex[...]
  }

  /// What a word after a backslash does that is not a symbol.
  private static let functions: Set<String> = [
    "log", "exp", "det", "max", "min", "sin", "cos", "tanh", "lim", "arg", "Pr",
  ]
  private static let upright: Set<String> = ["text", "mathrm", "textrm", "mathit"]
  private static let spaces = [",": 1, ":": 1, ";": 1, " ": 1, "!": 0, "quad": 4, "qquad": 8]
  private static let openingSizes: Set<String> = ["left", "bigl", "Bigl", "biggl", "Biggl"]
  private static let closingSizes: Set<String> = ["right", "bigr", "Bigr", "biggr", "Biggr"]
  private static let otherSizes: Set<String> = ["middle", "bigm", "Bigm", "big", "Big"]

  mutating func parse() throws(EquationError) -> [[Equation.Cell]] {
    let opening = #"\begin{aligned}"#
    let closing = #"\end{aligned}"#
    skipSpaces()
    guard rest.hasPrefix(opening) else {
      let nodes = try nodes()
      guard rest.isEmpty else { throw unexpected() }
      return [[nodes]]
    }
    rest = rest.dropFirst(opening.count)
    var rows: [[Equation.Cell]] = [[]]
    while true {
      rows[rows.count - 1].append(try nodes())
      if rest.hasPrefix("&") {
        rest = rest.dropFirst()
      } else if rest.hasPrefix(#"\\"#) {
        rest = rest.dropFirst(2)
        rows.append([])
      } else if rest.hasPrefix(closing) {
        rest = rest.dropFirst(closing.count)
        skipSpaces()
        guard rest.isEmpty else { throw unexpected() }
        return rows
      } else {
        throw rest.isEmpty ? error(#"\begin{aligned} has no \end{aligned}"#) : unexpected()
      }
    }
  }

  /// Everything up to what only a caller can end: `}`, `&`, `\\`, `\end` or the end.
  private mutating func nodes() throws(EquationError) -> [Equation.Node] {
    var nodes: [Equation.Node] = []
    while true {
      skipSpaces()
      guard let next = rest.first, next != "}", next != "&", !rest.hasPrefix(#"\\"#),
        !rest.hasPrefix(#"\end{"#)
      else { return nodes }
      if next == "_" || next == "^" {
        guard let base = nodes.popLast() else { throw error("\(next) has nothing before it") }
        nodes.append(try scripts(of: base))
      } else {
        nodes.append(try node())
      }
    }
  }

  private mutating func scripts(of base: Equation.Node) throws(EquationError) -> Equation.Node {
    var lower: [Equation.Node]?
    var upper: [Equation.Node]?
    while let mark = rest.first, mark == "_" || mark == "^" {
      guard (mark == "_" ? lower : upper) == nil else { throw error("\(mark) appears twice") }
      rest = rest.dropFirst()
      let script = try argument(of: String(mark))
      if mark == "_" { lower = script } else { upper = script }
      skipSpaces()
    }
    return .scripts(base, lower: lower, upper: upper)
  }

  /// What a macro or script applies to: a group in braces, or the one node that follows.
  private mutating func argument(of name: String) throws(EquationError) -> [Equation.Node] {
    skipSpaces()
    guard let next = rest.first, !"}&_^".contains(next), !rest.hasPrefix(#"\\"#),
      !rest.hasPrefix(#"\end{"#)
    else { throw error("\(name) has nothing after it") }
    if next == "{" { return try group() }
    // In "x^12" only the 1 is raised.
    if next.isNumber { return [.number(String(rest.removeFirst()))] }
    return [try node()]
  }

  private mutating func group() throws(EquationError) -> [Equation.Node] {
    rest = rest.dropFirst()
    let nodes = try nodes()
    guard rest.hasPrefix("}") else {
      throw rest.isEmpty ? error("a brace is not closed") : unexpected()
    }
    rest = rest.dropFirst()
    return nodes
  }

  private mutating func node() throws(EquationError) -> Equation.Node {
    let character = rest[rest.startIndex]
    switch character {
    case "{": return .group(try group())
    case "\\":
      rest = rest.dropFirst()
      return try macro()
    case _ where character.isNumber:
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      return .number(String(number))
    case "~":
      rest = rest.dropFirst()
      return .space(quarters: 1)
    default:
      rest = rest.dropFirst()
      let typeset: Character = character == "-" ? "−" : character == "'" ? "′" : character
      return .symbol(typeset, MathSymbol.kind(of: typeset))
    }
  }

  /// The node of the macro whose name comes next; the backslash is gone.
  private mutating func macro() throws(EquationError) -> Equation.Node {
    let letters = rest.prefix { $0.isASCII && $0.isLetter }
    let name = String(letters.isEmpty ? rest.prefix(1) : letters)
    rest = rest.dropFirst(name.count)
    if let symbol = MathSymbol.byMacro[name] { return .symbol(symbol.unicode, symbol.kind) }
    if Self.functions.contains(name) { return .function(name) }
    if Self.upright.contains(name) { return .text(try rawArgument(of: name)) }
    if let quarters = Self.spaces[name] { return .space(quarters: quarters) }
    if Self.openingSizes.contains(name) { return try delimiter(after: name, as: .opening) }
    if Self.closingSizes.contains(name) { return try delimiter(after: name, as: .closing) }
    if Self.otherSizes.contains(name) { return try delimiter(after: name, as: .ordinary) }
    if let accent = Equation.Accent(rawValue: name) {
      return .accent(accent, try argument(of: "\\" + name))
    }
    if let alphabet = Equation.Alphabet(rawValue: name) {
      return written(try argument(of: "\\" + name), in: alphabet)
    }
    switch name {
    case "frac":
      let numerator = try argument(of: #"\frac"#)
      return .fraction(numerator, try argument(of: #"\frac"#))
    case "sqrt": return .root(try argument(of: #"\sqrt"#))
    case "operatorname": return .function(try rawArgument(of: name))
    default: throw error("the macro \\\(name) is unknown")
    }
  }

  private func written(
    _ nodes: [Equation.Node], in alphabet: Equation.Alphabet
  ) -> Equation.Node {
    let letters = nodes.flatMap { node -> [Equation.Node] in
      switch node {
      case .symbol(let character, .ordinary): [.letter(character, alphabet)]
      case .number(let digits): digits.map { .letter($0, alphabet) }
      default: [node]
      }
    }
    return letters.count == 1 ? letters[0] : .group(letters)
  }

  /// The bracket after a macro of size, which says how it behaves; a full stop is no bracket.
  private mutating func delimiter(
    after name: String, as kind: MathClass
  ) throws(EquationError) -> Equation.Node {
    skipSpaces()
    guard !rest.isEmpty, !rest.hasPrefix("{"), case .symbol(let bracket, _) = try node() else {
      throw error("\\\(name) has no bracket after it")
    }
    return bracket == "." ? .group([]) : .symbol(bracket, kind)
  }

  /// The text in the braces that come next, unchanged.
  private mutating func rawArgument(of name: String) throws(EquationError) -> String {
    skipSpaces()
    guard rest.hasPrefix("{"), let end = rest.firstIndex(of: "}") else {
      throw error("\\\(name) has no text in braces after it")
    }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[rest.index(after: rest.startIndex)..<end])
  }

  private mutating func skipSpaces() { rest = rest.drop(while: \.isWhitespace) }

  private func unexpected() -> EquationError { error("\(rest.prefix(8)) is unexpected") }

  private func error(_ reason: String) -> EquationError { EquationError(tex: tex, reason: reason) }
}
