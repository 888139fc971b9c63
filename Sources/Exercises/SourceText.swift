/// The text of a Swift file, as far as it takes to find a function and its braces in it.
///
/// Strings, interpolations and comments are told from code; literals of regular expressions are
/// not.
struct SourceText {
  /// A function in the text, by the places of its bytes.
  struct Function {
    /// From the beginning of its declaration's line to its closing brace.
    let whole: Range<Int>
    /// From its opening to its closing brace, both included.
    let body: Range<Int>
  }

  let bytes: [UInt8]
  /// Whether each byte is code.
  private let isCode: [Bool]

  init(_ text: String) {
    bytes = Array(text.utf8)
    var lexer = Lexer(bytes: bytes)
    lexer.readCode()
    isCode = lexer.isCode
  }

  subscript(range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The places of `func name` in the code.
  func declarations(of name: String) -> [Int] {
    let word = Array("func \(name)".utf8)
    guard bytes.count > word.count else { return [] }
    return (0..<bytes.count - word.count).filter { start in
      isCode[start] && bytes[start..<start + word.count].elementsEqual(word)
        && (start == 0 || !isIdentifier(bytes[start - 1]))
        && !isIdentifier(bytes[start + word.count])
    }
  }

  /// The function, if exactly one has this name and its braces match.
  func function(named name: String) -> Function? {
    let places = declarations(of: name)
    guard places.count == 1,
      let parameters = end(of: ("(", ")"), from: places[0]),
      let body = end(of: ("{", "}"), from: parameters.upperBound)
    else { return nil }
    let newline = UInt8(ascii: "\n")
    let line = bytes[..<places[0]].lastIndex(of: newline).map { $0 + 1 } ?? 0
    return Function(whole: line..<body.upperBound, body: body)
  }

  /// From the first opening bracket after a place to the one that closes it.
  private func end(of pair: (open: Unicode.Scalar, close: Unicode.Scalar), from start: Int)
    -> Range<Int>?
  {
    var depth = 0
    var first: Int?
    for index in start..<bytes.count where isCode[index] {
      if bytes[index] == UInt8(ascii: pair.open) {
        first = first ?? index
        depth += 1
      } else if bytes[index] == UInt8(ascii: pair.close) {
        depth -= 1
        if depth < 0 { return nil }
        if depth == 0, let first { return first..<index + 1 }
      }
    }
    return nil
  }

  /// How many braces are open before each byte, and at the end.
  private var depths: [Int] {
    var depth = 0
    return [0]
      + bytes.indices.map { index in
        if isCode[index] {
          if bytes[index] == UInt8(ascii: "{") { depth += 1 }
          if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
        }
        return depth
      }
  }

  /// What is wrong with the braces, as a sentence that names one of the functions, all of which
  /// stand in one type; nil if they match.
  func braceFault(amongFunctions names: [String]) -> String? {
    let depths = depths
    guard depths.last != 0 || depths.contains(where: { $0 < 0 }) else { return nil }
    let functions = names.flatMap { name in declarations(of: name).map { (name, $0) } }
      .sorted { $0.1 < $1.1 }
    // The first function that does not begin where it should tells that the one before it is at
    // fault.
    let late = functions.firstIndex { depths[$0.1] != 1 } ?? functions.count
    let depth = late < functions.count ? depths[functions[late].1] - 1 : depths.last ?? 0
    let place = late == 0 ? "near the beginning of the file" : "in \(functions[late - 1].0)"
    return depth > 0
      ? "A closing brace } is missing \(place)." : "There is a closing brace } too many \(place)."
  }
}

private func isIdentifier(_ byte: UInt8) -> Bool {
  byte >= 0x80 || byte == UInt8(ascii: "_")
    || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
}

/// Tells code from strings and comments.
private struct Lexer {
  let bytes: [UInt8]
  var isCode: [Bool]
  private var index = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
    isCode = Array(repeating: false, count: bytes.count)
  }

  /// Reads code up to the end of the file, or the interpolation that it is in.
  mutating func readCode(inInterpolation: Bool = false) {
    var depth = 0
    while index < bytes.count {
      if skip("//") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      } else if skip("/*") {
        readComment()
      } else if let hashes = stringStart {
        readString(hashes)
      } else {
        if inInterpolation {
          if bytes[index] == UInt8(ascii: "(") { depth += 1 }
          if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
          if depth < 0 { return }
        }
        isCode[index] = !inInterpolation
        index += 1
      }
    }
  }

  private mutating func readComment() {
    var depth = 1
    while index < bytes.count, depth > 0 {
      if skip("/*") {
        depth += 1
      } else if skip("*/") {
        depth -= 1
      } else {
        index += 1
      }
    }
  }

  /// The number of "#" before the quote of a string that begins here.
  private var stringStart: Int? {
    let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
    let quote = index + hashes
    return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func readString(_ hashes: Int) {
    index += hashes
    let fence = String(repeating: "#", count: hashes)
    let isLong = skip("\"\"\"")
    if !isLong { index += 1 }
    let end = (isLong ? "\"\"\"" : "\"") + fence
    while index < bytes.count {
      if skip(end) { return }
      // Without its end, a string goes no further than the line.
      if !isLong, bytes[index] == UInt8(ascii: "\n") { return }
      if skip("\\" + fence) {
        if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
          index += 1
          readCode(inInterpolation: true)
        }
      }
      index += 1
    }
  }

  /// Goes past the text if it stands here.
  private mutating func skip(_ text: String) -> Bool {
    guard bytes[index...].starts(with: text.utf8) else { return false }
    index += text.utf8.count
    return true
  }
}
