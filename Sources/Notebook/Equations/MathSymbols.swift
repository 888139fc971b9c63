import Foundation

/// How a part of an equation behaves among its neighbours (the atoms of The TeXbook, chapter 17).
public enum MathClass: Sendable {
  case ordinary, largeOperator, binary, relation, opening, closing, punctuation, inner
}

/// A character of an equation with its TeX macro and what replaces it where there is only ASCII.
struct MathSymbol {
  let macro: String
  let unicode: Character
  let ascii: String
  let kind: MathClass

  init(_ macro: String, _ unicode: Character, _ ascii: String, _ kind: MathClass = .ordinary) {
    self.macro = macro
    self.unicode = unicode
    self.ascii = ascii
    self.kind = kind
  }

  /// The Greek letters whose macros are their names.
  private static let greek: [MathSymbol] = zip(
    [
      "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota",
      "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi",
      "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma",
      "Phi", "Psi", "Omega",
    ], "αβγδεεζηθικλμνξπρστυφφχψωΓΔΘΛΞΠΣΦΨΩ"
  ).map { MathSymbol($0, $1, $0.hasPrefix("var") ? String($0.dropFirst(3)) : $0) }

  static let all: [MathSymbol] =
    greek + [
      MathSymbol("sum", "∑", "sum", .largeOperator),
      MathSymbol("prod", "∏", "prod", .largeOperator),
      MathSymbol("int", "∫", "int", .largeOperator),

      MathSymbol("odot", "⊙", "(*)", .binary),
      MathSymbol("cdot", "·", "*", .binary),
      MathSymbol("times", "×", "x", .binary),
      MathSymbol("pm", "±", "+/-", .binary),
      MathSymbol("circ", "∘", "o", .binary),

      MathSymbol("sim", "∼", "~", .relation),
      MathSymbol("mid", "|", "|", .relation),
      MathSymbol("le", "≤", "<=", .relation),
      MathSymbol("ge", "≥", ">=", .relation),
      MathSymbol("ll", "≪", "<<", .relation),
      MathSymbol("gg", "≫", ">>", .relation),
      MathSymbol("neq", "≠", "!=", .relation),
      MathSymbol("approx", "≈", "~=", .relation),
      MathSymbol("equiv", "≡", "==", .relation),
      MathSymbol("propto", "∝", "prop. to", .relation),
      MathSymbol("in", "∈", "in", .relation),
      MathSymbol("to", "→", "->", .relation),
      MathSymbol("Rightarrow", "⇒", "=>", .relation),

      MathSymbol("infty", "∞", "inf"),
      MathSymbol("partial", "∂", "d"),
      MathSymbol("nabla", "∇", "grad"),
      MathSymbol("top", "⊤", "T"),
      MathSymbol("ell", "ℓ", "l"),
      MathSymbol("ldots", "…", "..."),
      MathSymbol("dots", "…", "..."),
      MathSymbol("cdots", "⋯", "..."),
      MathSymbol("|", "‖", "||"),
      MathSymbol("%", "%", "%"),

      MathSymbol("{", "{", "{", .opening),
      MathSymbol("}", "}", "}", .closing),
      MathSymbol("lVert", "‖", "||", .opening),
      MathSymbol("rVert", "‖", "||", .closing),
      MathSymbol("lvert", "|", "|", .opening),
      MathSymbol("rvert", "|", "|", .closing),
      MathSymbol("langle", "⟨", "<", .opening),
      MathSymbol("rangle", "⟩", ">", .closing),
    ]

  static let byMacro = Dictionary(uniqueKeysWithValues: all.map { ($0.macro, $0) })

  /// The symbol for a character that is typed directly.
  static func kind(of character: Character) -> MathClass {
    switch character {
    case "+", "-", "−", "*": .binary
    case "=", "<", ">", ":": .relation
    case "(", "[": .opening
    case ")", "]": .closing
    case ",", ";": .punctuation
    case "|": .ordinary
    default: all.first { $0.unicode == character }?.kind ?? .ordinary
    }
  }

  /// The operators and relations, before which a long equation may be broken.
  static let signs = Set("+−*=<>").union(
    all.filter { $0.kind == .binary || $0.kind == .relation }.map(\.unicode))

  /// The superscripts that Unicode has.
  static let superscripts = Dictionary(
    uniqueKeysWithValues: zip(
      "0123456789+−=()abcdefghijklmnoprstuvwxyzβγδθφχADEGHIJKLMNOPRTUVW⊤",
      "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿᵠᵡᴬᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ"))

  /// The subscripts that Unicode has.
  static let subscripts = Dictionary(
    uniqueKeysWithValues: zip(
      "0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"))

  /// Superscripts back on the line.
  static let raised = Dictionary(superscripts.map { ($1, $0) }) { first, _ in first }

  /// Subscripts back on the line.
  static let lowered = Dictionary(subscripts.map { ($1, $0) }) { first, _ in first }
}

/// The text with every character outside ASCII replaced by something like it.
func inASCII(_ text: String) -> String {
  guard !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
  var result = ""
  var script: Character?
  for character in text {
    // The exponent of "e⁻¹²" is announced once: "e^-12".
    let (mark, plain) = plainForm(of: character)
    if let mark, mark != script { result.append(mark) }
    script = mark
    result += replacement(for: plain)
  }
  return result
}

/// A raised or lowered character on the line, with the mark of what it was.
private func plainForm(of character: Character) -> (mark: Character?, plain: Character) {
  if let plain = MathSymbol.raised[character] { return ("^", plain) }
  if let plain = MathSymbol.lowered[character] { return ("_", plain) }
  return (nil, character)
}

private func replacement(for character: Character) -> String {
  if character.isASCII { return String(character) }
  if let replacement = asciiReplacements[character] { return replacement }
  // "é" is an "e" with a mark, "𝔼" a kind of "E", and "x̄" another variable than "x".
  let scalars = String(character).decomposedStringWithCompatibilityMapping.unicodeScalars
  let plain = scalars.filter(\.isASCII)
  guard !plain.isEmpty else { return "?" }
  return String(String.UnicodeScalarView(plain)) + (scalars.contains("\u{304}") ? "bar" : "")
}

private let asciiReplacements: [Character: String] = [
  "−": "-", "–": "-", "—": "--", "‘": "'", "’": "'", "“": "\"", "”": "\"", "½": "1/2",
  "√": "sqrt ", "←": "<-", "↔": "<->", "↦": "->", "•": "*", "✓": "ok", "✗": "FAILS",
  "′": "'", "█": "#", "\u{A0}": " ",
].merging(MathSymbol.all.map { ($0.unicode, $0.ascii) }) { first, _ in first }
