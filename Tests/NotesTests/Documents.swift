import Foundation
import Testing

@testable import Notebook

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

  /// All that is written and all that is generated, in order.
  var blocks: [Markdown.Block] {
    get throws {
      try NoteDocument(text, of: path).parts.flatMap { part in
        switch part {
        case .text(let blocks), .output(_, _, _, let blocks): blocks
        }
      }
    }
  }

  /// The anchors of the headings, as GitHub makes them.
  var anchors: Set<String> {
    get throws {
      Set(
        try blocks.compactMap { block in
          if case .heading(_, let inlines) = block { inlines.anchor } else { nil }
        })
    }
  }

  /// The targets of links and pictures.
  var links: [String] { get throws { try blocks.flatMap(\.links) } }
}

extension Markdown.Block {
  fileprivate var links: [String] {
    switch self {
    case .heading(_, let inlines), .paragraph(let inlines): inlines.flatMap(\.links)
    case .list(let list): list.items.joined().flatMap(\.links)
    case .table(let table):
      (table.titles + table.rows.joined()).joined().flatMap(\.links)
    case .quote(let blocks): blocks.flatMap(\.links)
    case .code, .math, .rule: []
    }
  }
}

extension Markdown.Inline {
  fileprivate var links: [String] {
    switch self {
    case .link(let words, let target): [target] + words.flatMap(\.links)
    case .image(_, let source): [source]
    case .emphasis(let parts), .strong(let parts): parts.flatMap(\.links)
    case .text, .code, .math: []
    }
  }
}
