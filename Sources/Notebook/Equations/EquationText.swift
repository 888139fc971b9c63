extension Equation {
  /// The equation in Unicode, one line a row of `aligned`.
  public var unicode: String { EquationWriter(isASCII: false).text(of: self) }

  /// The equation in ASCII, one line a row of `aligned`.
  public var ascii: String { EquationWriter(isASCII: true).text(of: self) }
}

/// Sets an equation in one line of characters, spaced by the rules of The TeXbook, chapter 18.
private struct EquationWriter {
  let isASCII: Bool

  /// Text with the class that determines the spaces around it.
  struct Piece {
    var text: String
    var kind: MathClass
    /// Whether the text is more than a letter, so that it must not run into a neighbour.
    var isWord = false
    /// Whether the piece is nothing but a space.
    var isSpace = false
  }

  /// Where in the equation nodes are.
  enum Position {
    case start
    case afterAlignment
    /// In scripts, which have no spaces.
    case script
  }

  func text(of equation: Equation) -> String {
    let rows = equation.rows.map { row in
      row.enumerated().map { joined(pieces(of: $1), at: $0 == 0 ? .start : .afterAlignment) }
    }
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
    }
    let lines = rows.filter { $0 != [""] }.map { row in
      // As in TeX, columns come in pairs that meet at the sign of relation.
      row.enumerated().map { column, cell in
        let gap = column == 0 ? "" : column % 2 == 0 ? "    " : " "
        return gap + cell.padded(to: widths[column], column % 2 == 0 ? .right : .left)
      }.joined().withoutTrailingSpaces
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Nodes to pieces

  private func pieces(of nodes: [Equation.Node]) -> [Piece] { nodes.flatMap(pieces) }

  private func pieces(of node: Equation.Node) -> [Piece] {
    switch node {
    case .symbol(let character, let kind):
      let text = symbol(character)
      return [Piece(text: text, kind: kind, isWord: text.count > 1)]
    case .number(let digits):
      return [Piece(text: digits, kind: .ordinary, isWord: true)]
    case .function(let name):
      return [Piece(text: name, kind: .largeOperator, isWord: true)]
    case .text(let text):
      return [Piece(text: isASCII ? inASCII(text) : text, kind: .ordinary, isWord: true)]
    case .letter(let character, let alphabet):
      let text = isASCII ? symbol(character) : String(alphabet.letter(character))
      return [Piece(text: text, kind: .ordinary, isWord: text.count > 1)]
    case .group(let nodes):
      return pieces(of: nodes)
    case .fraction(let numerator, let denominator):
      let numerator = pieces(of: numerator)
      let denominator = pieces(of: denominator)
      let text =
        bracketed(numerator, unless: isProduct(numerator)) + "/"
        + bracketed(denominator, unless: isFactor(denominator))
      return [Piece(text: text, kind: .inner, isWord: true)]
    case .root(let nodes):
      let radicand = pieces(of: nodes)
      let text =
        isASCII
        ? "sqrt" + bracketed(radicand) : "√" + bracketed(radicand, unless: radicand.count == 1)
      return [Piece(text: text, kind: .ordinary, isWord: isASCII)]
    case .accent(let accent, let nodes):
      let base = pieces(of: nodes)
      let text = joined(base, at: .script)
      return [
        !isASCII && text.count == 1
          ? Piece(text: text + accent.combining, kind: .ordinary)
          : Piece(text: accent.rawValue + "(\(text))", kind: .ordinary, isWord: true)
      ]
    case .scripts(let base, let lower, let upper):
      return [scripts(on: base, lower: lower, upper: upper)]
    case .space(let quarters):
      let width = quarters < 4 ? min(quarters, 1) : quarters / 2
      return [Piece(text: String(repeating: " ", count: width), kind: .ordinary, isSpace: true)]
    }
  }

  private func symbol(_ character: Character) -> String {
    isASCII ? inASCII(String(character)) : String(character)
  }

  private func scripts(
    on base: Equation.Node, lower: [Equation.Node]?, upper: [Equation.Node]?
  ) -> Piece {
    let bases = pieces(of: base)
    let kind = bases.last?.kind ?? .ordinary
    let base = kind == .inner ? bracketed(bases) : joined(bases, at: .script)
    let lower = lower.map { script($0, "_", MathSymbol.subscripts) } ?? ""
    let upper = upper.map { script($0, "^", MathSymbol.superscripts) } ?? ""
    // "σ²_θ" and not "σ_θ²", where the square could be that of θ.
    let marks = lower.hasPrefix("_") && !upper.hasPrefix("^") ? upper + lower : lower + upper
    return Piece(
      text: base + marks, kind: kind == .inner ? .ordinary : kind,
      isWord: bases.contains(where: \.isWord) || marks.hasPrefix("_") || marks.contains("^"))
  }

  private func script(
    _ nodes: [Equation.Node], _ mark: String, _ characters: [Character: Character]
  ) -> String {
    let pieces = pieces(of: nodes)
    let text = joined(pieces, at: .script)
    let small = text.compactMap { characters[$0] }
    if !isASCII, small.count == text.count { return String(small) }
    return mark + (pieces.count == 1 && pieces[0].kind != .inner ? text : "(\(text))")
  }

  // MARK: Pieces to text

  private func bracketed(_ pieces: [Piece], unless isClear: Bool = false) -> String {
    let text = joined(pieces, at: .start)
    return isClear ? text : "(\(text))"
  }

  /// Whether the pieces keep together before a "/": no sum, no relation, no fraction.
  private func isProduct(_ pieces: [Piece]) -> Bool {
    isFactor(pieces) || pieces.allSatisfy { $0.kind == .ordinary }
  }

  /// Whether the pieces keep together after a "/" too: one piece, a differential as in ∂f/∂x,
  /// something in brackets or bars, or a function with its argument.
  private func isFactor(_ pieces: [Piece]) -> Bool {
    if pieces.count == 1 { return pieces[0].kind != .inner }
    if pieces.count == 2 { return pieces[0].text == "d" || pieces[0].text == "∂" }
    guard let first = pieces.first, let last = pieces.last else { return false }
    if ["‖", "||", "|"].contains(first.text) {
      return last.text.hasPrefix(first.text)
        && pieces.dropFirst().dropLast().allSatisfy { !$0.text.hasPrefix(first.text) }
    }
    let isCall = first.kind == .ordinary || first.kind == .largeOperator
    guard isCall ? pieces[1].kind == .opening : first.kind == .opening, last.kind == .closing
    else { return false }
    // The first bracket must be the one that the last one closes.
    var depth = 0
    return pieces.dropFirst(isCall ? 1 : 0).dropLast().allSatisfy { piece in
      depth += piece.kind == .opening ? 1 : piece.kind == .closing ? -1 : 0
      return depth > 0
    }
  }

  private func joined(_ pieces: [Piece], at position: Position) -> String {
    var result = ""
    var previous: Piece?
    var previousKind = position == .afterAlignment ? MathClass.ordinary : nil
    for (index, piece) in pieces.enumerated() {
      if piece.isSpace {
        result += piece.text
        continue
      }
      let next = pieces[(index + 1)...].first { !$0.isSpace }?.kind
      let kind = isSign(piece, after: previousKind, before: next) ? .ordinary : piece.kind
      if let previous, !result.hasSuffix(" "),
        needsSpace(previousKind!, kind, isScript: position == .script)
          || runsTogether(previous, piece)
      {
        result += " "
      }
      result += piece.text
      previous = piece
      previousKind = kind
    }
    return result
  }

  /// Whether an operator has nothing to operate on at one side, as the minus in "−x".
  private func isSign(_ piece: Piece, after left: MathClass?, before right: MathClass?) -> Bool {
    guard piece.kind == .binary else { return false }
    switch left {
    case nil, .binary, .relation, .opening, .punctuation, .largeOperator: return true
    default: break
    }
    switch right {
    case nil, .relation, .closing, .punctuation: return true
    default: return false
    }
  }

  private func needsSpace(_ left: MathClass, _ right: MathClass, isScript: Bool) -> Bool {
    switch (left, right) {
    case (.opening, _), (_, .closing), (_, .punctuation): false
    case (.binary, _), (_, .binary), (.relation, _), (_, .relation), (.punctuation, _): !isScript
    case (.largeOperator, .opening): false
    case (.largeOperator, _), (_, .largeOperator), (.inner, _), (_, .inner): true
    default: false
    }
  }

  private func runsTogether(_ left: Piece, _ right: Piece) -> Bool {
    guard left.isWord || right.isWord, let end = left.text.last, let start = right.text.first else {
      return false
    }
    if left.text == "d" { return false }
    // "2σ" reads well, "2 mu" too, and "x2" does not.
    if left.text.allSatisfy(\.isNumber), !right.isWord || !isASCII { return false }
    return (end.isLetter || end.isNumber || end == ")") && (start.isLetter || start.isNumber)
  }
}

extension Equation.Accent {
  /// The combining character that follows its base.
  var combining: String {
    switch self {
    case .hat: "\u{302}"
    case .bar: "\u{304}"
    case .tilde: "\u{303}"
    }
  }
}

extension Equation.Alphabet {
  /// The letter of Unicode's mathematical alphabets, or the plain one if they do not have it.
  func letter(_ plain: Character) -> Character {
    if let early = early[plain] { return early }
    guard let code = plain.asciiValue.map(UInt32.init) else { return plain }
    let start: UInt32
    switch (self, plain) {
    case (.blackboard, "A"..."Z"): start = 0x1D538 - 0x41
    case (.blackboard, "a"..."z"): start = 0x1D552 - 0x61
    case (.blackboard, "0"..."9"): start = 0x1D7D8 - 0x30
    case (.calligraphic, "A"..."Z"): start = 0x1D49C - 0x41
    case (.bold, "A"..."Z"): start = 0x1D400 - 0x41
    case (.bold, "a"..."z"): start = 0x1D41A - 0x61
    case (.bold, "0"..."9"): start = 0x1D7CE - 0x30
    default: return plain
    }
    return Character(Unicode.Scalar(start + code)!)
  }

  /// The letters that Unicode had before it had the alphabets: there the alphabets have holes.
  private var early: [Character: Character] {
    switch self {
    case .blackboard: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
    case .calligraphic:
      ["B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ"]
    case .bold: [:]
    }
  }
}
