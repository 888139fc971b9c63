import Foundation
import Testing

/// A Markdown file of the repository.
struct Document: CustomTestStringConvertible, Sendable {
  /// The path from the root of the package.
  let path: String
  let text: String

  var testDescription: String { path }

  /// The root of the package.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The README and all notes.
  static let all: [Document] = {
    let folder = root.appending(path: "notes")
    let names = try! FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return (["README.md"] + names.filter { $0.hasSuffix(".md") }.map { "notes/\($0)" }).map {
      try! Document(path: $0, text: String(contentsOf: root.appending(path: $0), encoding: .utf8))
    }
  }()

  /// The lines outside of fenced code, without what stands between backticks.
  var prose: [String] {
    var isCode = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.hasPrefix("```") {
        isCode.toggle()
        return nil
      }
      return isCode ? nil : String(line.replacing(/`[^`]*`/, with: ""))
    }
  }

  /// The anchors of the headings, as GitHub makes them.
  var anchors: Set<String> {
    var isCode = false
    let headings = text.split(separator: "\n").filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode && line.hasPrefix("#")
    }
    return Set(
      headings.map { heading in
        let title = heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
        return title.replacing(" ", with: "-").filter {
          $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
        }
      })
  }

  /// The targets of links and pictures.
  var links: [String] {
    prose.joined(separator: "\n").matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
  }

  /// The TeX sources: in fences of their own, and within the text between `` $` `` and `` `$ ``.
  var equations: [String] {
    text.matches(of: /```math\n([^`]+)\n```|\$`([^`]+)`\$/).map { String($0.1 ?? $0.2 ?? "") }
  }
}
