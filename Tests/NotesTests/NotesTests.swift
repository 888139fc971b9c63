import Foundation
import Testing

@testable import Notebook

@Suite struct NotesTests {
  @Test func thereIsANoteForEveryChapter() {
    let paths = Document.all.map(\.path)
    let names = [
      "00-autodiff", "01-ring", "02-naive-monte-carlo", "03-kl-identity", "04-reparameterization",
      "05-vae", "README",
    ]
    for name in names { #expect(paths.contains("notes/\(name).md")) }
  }

  /// GitHub, the pages and the authors read the same Markdown, equations included.
  @Test(arguments: Document.all) func everyNoteIsInTheSubset(_ document: Document) {
    #expect(throws: Never.self) { try document.blocks }
  }

  @Test(arguments: Document.all) func noTwoHeadingsHaveOneAnchor(_ document: Document) throws {
    let headings = try document.blocks.count { if case .heading = $0 { true } else { false } }
    #expect(try document.anchors.count == headings)
  }

  @Test(arguments: Document.all) func linksLeadSomewhere(_ document: Document) throws {
    for link in try document.links where !link.hasPrefix("http") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file = Document.root.appending(path: document.path).deletingLastPathComponent()
        .appending(path: String(parts[0])).standardizedFileURL
      let target = parts[0].isEmpty ? Document.root.appending(path: document.path) : file
      #expect(FileManager.default.fileExists(atPath: target.path), "\(link)")
      guard parts.count == 2 else { continue }
      let document = Document.all.first {
        Document.root.appending(path: $0.path).standardizedFileURL == target.standardizedFileURL
      }
      #expect(try document?.anchors.contains(String(parts[1])) ?? false, "\(link)")
    }
  }
}
