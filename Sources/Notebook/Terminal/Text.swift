extension Character {
  /// How many columns of a terminal the character takes: 0, 1 or 2.
  package var columns: Int {
    let scalar = unicodeScalars[unicodeScalars.startIndex]
    if unicodeScalars.contains("\u{FE0F}") || scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // The blocks that are wide throughout, from Unicode's EastAsianWidth.txt.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension StringProtocol {
  /// How many columns of a terminal the text takes.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// As much of the text as fits into a number of columns.
  package func cut(to columns: Int) -> String {
    var room = columns
    return String(
      prefix { character in
        room -= character.columns
        return room >= 0
      })
  }

  /// The text with spaces added up to a number of columns.
  package func padded(to columns: Int, _ alignment: Table.Column.Alignment = .left) -> String {
    let spaces = String(repeating: " ", count: Swift.max(0, columns - self.columns))
    return alignment == .left ? self + spaces : spaces + self
  }

  /// The lines of one paragraph, broken at spaces, and within a word only if it is too long for
  /// any line. There is at least one line.
  package func wrapped(to width: Int) -> [String] {
    let width = Swift.max(width, 2)
    var lines: [String] = []
    var line = ""
    for word in split(whereSeparator: { $0 == " " || $0.isNewline }) {
      var rest = String(word)
      if !line.isEmpty, line.columns + 1 + rest.columns <= width {
        line += " " + rest
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while rest.columns > width {
        let head = rest.cut(to: width)
        lines.append(head)
        rest.removeFirst(head.count)
      }
      line = rest
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }

  /// The paragraphs of the text, which empty lines divide.
  var paragraphs: [String] {
    split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .split { $0.allSatisfy(\.isWhitespace) }
      .map { $0.joined(separator: " ") }
  }

  /// The text up to its last character that is not a space.
  package var withoutTrailingSpaces: String {
    lastIndex { $0 != " " }.map { String(self[...$0]) } ?? ""
  }
}

/// The text with every control character written out, so that none reaches the terminal.
package func visible(_ text: some StringProtocol) -> String {
  text.unicodeScalars.map { scalar in
    switch scalar.properties.generalCategory {
    case .control where scalar != "\t", .format, .lineSeparator, .paragraphSeparator:
      scalar.escaped(asASCII: true)
    default: String(scalar)
    }
  }.joined()
}
