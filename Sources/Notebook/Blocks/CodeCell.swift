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

  private static func withoutMargin(_ lines: [Substring]) -> String {
    let margin = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { $0.dropFirst(margin) }.joined(separator: "\n")
  }
}

extension Code {
  /// The cell of a source file, read where the file was when it was compiled.
  init(_ name: String, sourceFile: String) {
    let source = (try? readFile(sourceFile)).map { String(decoding: $0, as: UTF8.self) }
    let cell = source.flatMap { CodeCell.cells(in: $0).first { $0.name == name } }
    self.init(name, file: pathInPackage(sourceFile), text: cell?.text)
  }
}

/// The path of a chapter's source file from the root of the package: its last three components.
private func pathInPackage(_ path: String) -> String {
  path.split(separator: "/").suffix(3).joined(separator: "/")
}
