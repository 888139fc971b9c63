import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Notebook

/// The notes show what the chapters print: `swift run ChNN-Name --update-notes` makes it so again.
@Suite struct FreshNotes {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "notes")

  private static let notes: [(name: String, text: String)] =
    try! FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    .filter { $0.hasSuffix(".md") }
    .map { ($0, try! String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }

  private func update(_ index: Int) -> NotesUpdate {
    NotesUpdate(chapter: Pages.all[index].chapter.name, blocks: Pages.all[index].blocks)
  }

  @Test(arguments: EveryChapter.indices) func blocksAreWhatTheChapterPrints(_ index: Int) throws {
    let update = update(index)
    for note in Self.notes {
      #expect(
        try update.apply(to: note.text, of: note.name) == note.text,
        "\(note.name) is stale: run \(Pages.all[index].chapter.name) with --update-notes")
    }
  }

  @Test(arguments: EveryChapter.indices) func everySectionIsShown(_ index: Int) {
    for number in Pages.all[index].sections {
      let marker = "<!-- output: \(Pages.all[index].chapter.name) \(number) -->"
      #expect(Self.notes.contains { $0.text.contains(marker) }, "\(number)")
    }
  }

  /// A page of more than 1,200,000 bytes is slow to load on a phone.
  @Test(arguments: EveryChapter.indices) func thePageIsTheNoteWithEveryCheckInIt(
    _ index: Int
  ) throws {
    let record = Pages.all[index]
    let contents = TableOfContents(root: Self.folder.deletingLastPathComponent().path)
    let path = Self.folder.path + "/" + contents.entries[index].note
    #expect(contents.entries[index].chapter == record.chapter.name)
    let note = try #require(try NoteDocument(contentsOf: path))
    let links = PageLinks(contents: contents, folder: Self.folder.path)
    let page = HTMLRenderer(chapter: record.chapter.name, command: "", links: links)
      .render(record.blocks, in: note)
    #expect(page.utf8.count <= 1_200_000)
    #expect(XMLParser(data: Data(page.utf8)).parse())
    for number in 1...record.checks.count { #expect(page.contains("id=\"check-\(number)\"")) }
    #expect(!page.contains("This run has no section"))
  }

  @Test func figuresAreWhatTheChaptersDraw() throws {
    let figures = Self.folder.appending(path: "figures")
    var expected: Set<String> = []
    for index in EveryChapter.indices {
      for figure in update(index).figures {
        expected.insert(figure.name)
        let file = figures.appending(path: figure.name)
        #expect(try Data(contentsOf: file) == figure.bytes, "\(figure.name)")
      }
    }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: figures.path)) == expected)
  }
}
