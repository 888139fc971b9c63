import Foundation
import Notebook
import Testing

@Suite struct NotesTests {
  @Test func thereIsANoteForEveryChapter() {
    let paths = Document.all.map(\.path)
    for name in ["01-ring", "02-naive-monte-carlo", "03-kl-identity", "04-reparameterization"] {
      #expect(paths.contains("notes/\(name).md"))
    }
    #expect(paths.contains("notes/05-vae.md") && paths.contains("notes/README.md"))
  }

  @Test(arguments: Document.all) func equationsAreInTheSubset(_ document: Document) {
    for tex in document.equations {
      #expect(throws: Never.self, "\(tex)") { try Equation(tex: tex) }
    }
    // GitHub would read any other dollar signs as mathematics, too, and escape its backslashes.
    #expect(!document.prose.joined().replacing("$$", with: "").contains("$"))
  }

  @Test(arguments: Document.all) func linksLeadSomewhere(_ document: Document) {
    for link in document.links where !link.hasPrefix("http") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file = Document.root.appending(path: document.path).deletingLastPathComponent()
        .appending(path: String(parts[0])).standardizedFileURL
      let target = parts[0].isEmpty ? Document.root.appending(path: document.path) : file
      #expect(FileManager.default.fileExists(atPath: target.path), "\(link)")
      guard parts.count == 2 else { continue }
      let document = Document.all.first {
        Document.root.appending(path: $0.path).standardizedFileURL == target.standardizedFileURL
      }
      #expect(document?.anchors.contains(String(parts[1])) ?? false, "\(link)")
    }
  }

  @Test(arguments: Document.all) func fencesAndMarksAreClosed(_ document: Document) {
    let fences = document.text.split(separator: "\n").count { $0.hasPrefix("```") }
    #expect(fences.isMultiple(of: 2))
    #expect(
      document.text.ranges(of: "<!-- output:").count
        == document.text.ranges(of: "<!-- end -->").count)
  }
}
