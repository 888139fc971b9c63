extension Equation {
  /// The equation as a `math` element of MathML Core, set as a display.
  public var mathML: String { mathML(display: "block") }

  /// The equation within a line of text: as a `math` element, or, if it is long, as several with places
  /// between them where the line may be broken. Browsers do not break a `math` element.
  var inlineMathML: String {
    guard unicode.columns > 24, rows.count == 1, rows[0].count == 1 else {
      return mathML(display: "inline")
    }
    let writer = MathMLWriter(isScript: false)
    let parts = writer.brokenAtSigns(rows[0][0]).enumerated().map { index, nodes in
      #"<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow>"#
        + writer.elements(of: nodes, after: index == 0 ? nil : .ordinary) + "</mrow></math>"
    }
    return parts.joined(separator: "<wbr/>")
  }

  private func mathML(display: String) -> String {
    let writer = MathMLWriter(isScript: false)
    let rows = rows.filter { $0 != [[]] }.map { cells in
      cells.enumerated().map { writer.elements(of: $1, after: $0 == 0 ? nil : .ordinary) }
    }
    let isAligned = rows.count > 1 || rows.contains { $0.count > 1 }
    let content =
      isAligned
      ? #"<mtable class="aligned" displaystyle="true">"#
        + rows.map { cells in
          "<mtr>" + cells.map { "<mtd><mrow>\($0)</mrow></mtd>" }.joined() + "</mtr>"
        }.joined() + "</mtable>"
      : "<mrow>\(rows.first?.first ?? "")</mrow>"
    return #"<math xmlns="http://www.w3.org/1998/Math/MathML" display="\#(display)"><semantics>"#
      + content
      + #"<annotation encoding="application/x-tex">\#(escaped(tex))</annotation></semantics></math>"#
  }
}

/// Turns nodes into elements. Spaces follow The TeXbook, chapter 18, where MathML's own rules would
/// differ: it tells a sign from an operator only by its place in the row, and puts no space after a
/// function.
private struct MathMLWriter {
  /// Whether the nodes are in scripts, where signs have no space around them.
  let isScript: Bool

  /// The symbols whose scripts are below and above them in a display, not beside.
  private static let limits: Set<String> = ["max", "min", "lim"]

  /// The elements of nodes in one row, which follows something of a given kind.
  func elements(of nodes: [Equation.Node], after start: MathClass? = nil) -> String {
    let nodes = withRaisedPrimes(nodes)
    var result = ""
    var previous = start
    var followsFunction = false
    var index = 0
    while index < nodes.count {
      let node = nodes[index]
      var kind = kind(of: node)
      let isFunction = isFunction(node)
      if followsFunction && [.ordinary, .inner].contains(kind)
        || isFunction
          && (followsFunction || [.ordinary, .closing, .inner].contains(previous))
      {
        result += #"<mspace width="0.167em"/>"#
      }
      if let end = indexOfPartner(ofBracketAt: index, in: nodes) {
        result += fence(nodes[index...end])
        index = end
        kind = .closing
      } else {
        result += element(node, after: previous)
      }
      if case .space = node {} else { (previous, followsFunction) = (kind, isFunction) }
      index += 1
    }
    return result
  }

  private func element(_ node: Equation.Node, after previous: MathClass?) -> String {
    switch node {
    case .symbol(let character, let kind): symbol(character, kind, after: previous)
    case .number(let digits): "<mn>\(escaped(digits))</mn>"
    case .function(let name): "<mi>\(escaped(name))</mi>"
    case .text(let text): "<mtext>\(escaped(text).replacing(" ", with: "\u{A0}"))</mtext>"
    case .letter(let character, let alphabet):
      upright(alphabet.letter(character))
    case .group(let nodes): row(nodes)
    case .fraction(let numerator, let denominator):
      "<mfrac>\(row(numerator))\(row(denominator))</mfrac>"
    case .root(let nodes): "<msqrt>\(elements(of: nodes))</msqrt>"
    case .accent(let accent, let nodes):
      #"<mover accent="true">\#(row(nodes))<mo stretchy="\#(nodes.count > 1)">\#(accent.spacing)</mo>"#
        + "</mover>"
    case .scripts(let base, let lower, let upper):
      scripts(
        on: element(base, after: previous), lower, upper, areLimits: hasLimits(base))
    case .space(let quarters):
      quarters == 0 ? "" : #"<mspace width="\#(Double(quarters) / 4)em"/>"#
    }
  }

  private func row(_ nodes: [Equation.Node]) -> String { "<mrow>\(elements(of: nodes))</mrow>" }

  private func upright(_ character: Character) -> String {
    #"<mi mathvariant="normal">\#(escaped(String(character)))</mi>"#
  }

  private func symbol(
    _ character: Character, _ kind: MathClass, after previous: MathClass?
  ) -> String {
    let text = escaped(String(character))
    let space = isScript ? #" lspace="0" rspace="0""# : ""
    switch kind {
    case .ordinary where character.isLetter && !("Α"..."Ω" ~= character): return "<mi>\(text)</mi>"
    case .ordinary where "|‖/′.!".contains(character):
      return #"<mo form="infix" lspace="0" rspace="0" stretchy="false">\#(text)</mo>"#
    case .ordinary, .inner: return upright(character)
    case .binary:
      return #"<mo form="\#(isSign(after: previous) ? "prefix" : "infix")"\#(space)>\#(text)</mo>"#
    case .relation where character == "|":
      return #"<mo form="infix" lspace="0.278em" rspace="0.278em" stretchy="false">|</mo>"#
    case .opening, .closing: return bracket(character, kind, isStretchy: false)
    case .relation: return "<mo\(space)>\(text)</mo>"
    case .punctuation, .largeOperator: return "<mo>\(text)</mo>"
    }
  }

  private func bracket(_ character: Character, _ kind: MathClass, isStretchy: Bool) -> String {
    #"<mo form="\#(kind == .opening ? "prefix" : "postfix")" stretchy="\#(isStretchy)">"#
      + "\(escaped(String(character)))</mo>"
  }

  private func scripts(
    on base: String, _ lower: [Equation.Node]?, _ upper: [Equation.Node]?, areLimits: Bool
  ) -> String {
    let content =
      base + [lower, upper].compactMap { $0.map(MathMLWriter(isScript: true).row) }.joined()
    let name =
      switch (lower != nil, upper != nil) {
      case (true, true): areLimits ? "munderover" : "msubsup"
      case (true, false): areLimits ? "munder" : "msub"
      default: areLimits ? "mover" : "msup"
      }
    return "<\(name)>\(content)</\(name)>"
  }

  /// The nodes, divided before each sign of relation and each plus or minus between two terms,
  /// outside all brackets.
  func brokenAtSigns(_ nodes: [Equation.Node]) -> [[Equation.Node]] {
    var parts: [[Equation.Node]] = [[]]
    var depth = 0
    var previous: MathClass?
    for node in nodes {
      let kind = kind(of: node)
      if kind == .opening { depth += 1 }
      if kind == .closing { depth -= 1 }
      let isTerm = kind == .binary && !isSign(after: previous) && "+−".contains(character(of: node))
      if depth == 0, kind == .relation || isTerm, parts != [[]] { parts.append([]) }
      parts[parts.count - 1].append(node)
      previous = kind
    }
    return parts
  }

  private func character(of node: Equation.Node) -> Character {
    if case .symbol(let character, _) = node { character } else { " " }
  }

  // MARK: Brackets

  /// A bracket, its partner and what they enclose, as one row: so that the brackets become as tall
  /// as their contents, and scripts at the second apply to the whole.
  private func fence(_ nodes: ArraySlice<Equation.Node>) -> String {
    let inner = Array(nodes.dropFirst().dropLast())
    let isTall = inner.contains(where: isTall)
    let side = { (node: Equation.Node, kind: MathClass) in
      if case .symbol(let character, _) = node {
        bracket(character, kind, isStretchy: isTall)
      } else {
        ""
      }
    }
    let content = elements(of: inner, after: .opening)
    let whole = { (closing: Equation.Node) in
      "<mrow>" + side(nodes.first!, .opening) + content + side(closing, .closing) + "</mrow>"
    }
    guard case .scripts(let closing, let lower, let upper) = nodes.last! else {
      return whole(nodes.last!)
    }
    return scripts(on: whole(closing), lower, upper, areLimits: false)
  }

  /// Where the bracket that a node opens is closed, if it opens one.
  private func indexOfPartner(ofBracketAt start: Int, in nodes: [Equation.Node]) -> Int? {
    guard case .symbol(_, .opening) = nodes[start] else { return nil }
    var depth = 0
    return nodes.indices[start...].first { index in
      switch kind(of: nodes[index]) {
      case .opening: depth += 1
      case .closing: depth -= 1
      default: break
      }
      return depth == 0
    }
  }

  private func isTall(_ node: Equation.Node) -> Bool {
    switch node {
    case .fraction, .root: true
    case .scripts(let base, _, _): hasLimits(base) || isTall(base)
    case .group(let nodes), .accent(_, let nodes): nodes.contains(where: isTall)
    default: false
    }
  }

  // MARK: Kinds

  private func kind(of node: Equation.Node) -> MathClass {
    switch node {
    case .symbol(_, let kind): kind
    case .function: .largeOperator
    case .fraction: .inner
    case .scripts(let base, _, _): kind(of: base)
    default: .ordinary
    }
  }

  private func isFunction(_ node: Equation.Node) -> Bool {
    switch node {
    case .function: true
    case .scripts(let base, _, _): isFunction(base)
    default: false
    }
  }

  private func hasLimits(_ base: Equation.Node) -> Bool {
    switch base {
    case .symbol(let character, .largeOperator): character != "∫"
    case .function(let name): Self.limits.contains(name)
    default: false
    }
  }

  /// Whether an operator after something of that kind has nothing to its left to operate on.
  private func isSign(after previous: MathClass?) -> Bool {
    switch previous {
    case nil, .binary, .relation, .opening, .punctuation, .largeOperator: true
    default: false
    }
  }

  /// The nodes with every prime turned into a superscript of the node before it.
  private func withRaisedPrimes(_ nodes: [Equation.Node]) -> [Equation.Node] {
    let prime = Equation.Node.symbol("′", .ordinary)
    return nodes.reduce(into: []) { result, node in
      var (mark, lower, upper) = (node, [Equation.Node]?.none, [Equation.Node]?.none)
      if case .scripts(let base, let below, let above) = node {
        (mark, lower, upper) = (base, below, above)
      }
      guard mark == prime, let base = result.last, base != prime else {
        result.append(node)
        return
      }
      result.removeLast()
      if case .scripts(let inner, let below, let above) = base, lower == nil || below == nil {
        result.append(
          .scripts(inner, lower: below ?? lower, upper: (above ?? []) + [prime] + (upper ?? [])))
      } else {
        result.append(.scripts(base, lower: lower, upper: [prime] + (upper ?? [])))
      }
    }
  }
}

extension Equation.Accent {
  /// The mark by itself, which MathML sets above the base.
  fileprivate var spacing: String {
    switch self {
    case .hat: "^"
    case .bar: "¯"
    case .tilde: "~"
    }
  }
}
