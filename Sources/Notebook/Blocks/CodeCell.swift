import Files
import Foundation

/// A cell in the source of a section:
///
/// ```swift
/// // cell: estimate
/// let z = Tensor<Double>.normal([n, 2], using: &generator)  // z ∼ P(z)
/// let estimate = logMeanExp(model.logProbability(of: x, given: z))
/// // end
/// ```
struct CodeCell: Equatable, Sendable {
  /// The text after `// cell:`.
  let name: String
  /// The lines between the marks, moved to the left margin.
  let text: String

  /// The cells of a source file, in order; one that does not end is left out.
  static func cells(in source: String) -> [CodeCell] {
    var cells: [CodeCell] = []
    var open: (name: String, lines: [Substring])?
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.trimmingCharacters(in: .whitespaces)
      if words.hasPrefix("// cell: ") {
        open = (String(words.dropFirst("// cell: ".count)), [])
      } else if words == "// end", let (name, lines) = open {
        cells.append(CodeCell(name: name, text: withoutMargin(lines)))
        open = nil
      } else {
        open?.lines.append(line)
      }
    }
    return cells
  }

  /// The first declaration in a source file with `beginning` in it, such as "func matmul": with its
  /// comment and attributes, up to the brace that closes it.
  static func declaration(_ beginning: String, in source: String) -> String? {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard let place = lines.firstIndex(where: { $0.contains(beginning) }) else { return nil }
    let margin = lines[place].prefix { $0 == " " }
    guard let end = lines[place...].firstIndex(of: margin + "}") else { return nil }
    let start = lines[..<place].lastIndex { line in
      let words = line.drop { $0 == " " }
      return !words.hasPrefix("///") && !words.hasPrefix("@")
    }
    return withoutMargin(Array(lines[(start.map { $0 + 1 } ?? 0)...end]))
  }

  private static func withoutMargin(_ lines: [Substring]) -> String {
    let margin = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { $0.dropFirst(margin) }.joined(separator: "\n")
  }
}

extension Code {
  /// The cell of a source file, read where the file was when it was compiled.
  init(_ name: String, sourceFile: String) {
    let cell = source(sourceFile).flatMap { CodeCell.cells(in: $0).first { $0.name == name } }
    self.init(name, file: pathInPackage(sourceFile), text: cell?.text)
  }

  /// A declaration of a source file, read where the file was when the caller was compiled.
  init(declaring beginning: String, sourceFile: String) {
    self.init(
      beginning, file: pathInPackage(sourceFile),
      text: source(sourceFile).flatMap { CodeCell.declaration(beginning, in: $0) })
  }
}

private func source(_ path: String) -> String? {
  (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) }
}

/// The folder of the package, from the path of a source file in `Chapters/ChNN-Name/`.
func packageRoot(of path: String) -> String {
  path.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
}

/// The path of a source file from the root of the package: its last three components, in a chapter and
/// in a library alike.
private func pathInPackage(_ path: String) -> String {
  path.split(separator: "/").suffix(3).joined(separator: "/")
}
