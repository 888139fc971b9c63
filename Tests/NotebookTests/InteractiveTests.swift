import Foundation
import Testing

@testable import Notebook

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Interactive figures")
struct InteractiveTests {
  private struct Sample: Encodable {
    var text = "</script><b>&"
    var numbers = [0.1, -2.5]
  }

  private static let plot = Figure(
    "A line", description: "It rises.",
    panels: [Plot(x: Axis("x"), y: Axis("y"), layers: [.line(.init(x: [0, 1], y: [0, 1]))])])

  private static func blocks(_ figure: String) -> [Block] {
    [
      .heading(Heading(number: "1.1", title: "A section")), .figure(plot),
      .interactive(Interactive(figure, "Drag <it>", description: "Try.", data: Sample())),
    ]
  }

  @Test("Data cannot end the element that it stands in, and come back as they were")
  func dataIsEscaped() throws {
    let data = Interactive("ring", "", description: "", data: Sample()).data
    #expect(!data.contains { "<>&".contains($0) })
    let back = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
    #expect(back?["text"] as? String == "</script><b>&")
    #expect(back?["numbers"] as? [Double] == [0.1, -2.5])
  }

  @Test("A page lets exactly its own script run, and stays well-formed XML")
  func pageHasItsScript() throws {
    let page = HTMLRenderer(chapter: "Ch01-Ring", command: "x").render(Self.blocks("ring"))
    let script = try #require(page.firstMatch(of: /<script>((?s).*)<\/script>/)).1
    let hash = SHA256.hash(of: Array(script.utf8)).base64EncodedString()
    #expect(page.contains("script-src 'sha256-\(hash)'"))
    #expect(script.contains("figures.ring ="))
    #expect(page.contains("Drag &lt;it&gt;"))
    #expect(XMLParser(data: Data(page.utf8)).parse())
  }

  @Test("The page that tests what figures share loads the same scripts, in the same order")
  func testPageLoadsTheSharedScripts() throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let path = (root + ["Sources", "Notebook", "Resources", "test.html"]).joined(separator: "/")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.matches(of: /src="(\w+)\.js"/).map { String($0.1) } == Script.sharedNames)
    #expect(Script.shared.count == Script.sharedNames.count)
  }

  @Test("A page without interactive figures, or without their scripts, allows no script")
  func pageWithoutScripts() {
    for blocks in [Array(Self.blocks("ring").dropLast()), Self.blocks("no-such-figure")] {
      let page = HTMLRenderer(chapter: "Ch01-Ring", command: "x").render(blocks)
      #expect(!page.contains("<script"))
      #expect(!page.contains("script-src"))
    }
  }

  @Test("In the terminal, in Markdown and in the notes the still picture stands alone")
  func otherFormsShowTheStillPicture() throws {
    let (with, without) = (Self.blocks("ring"), Array(Self.blocks("ring").dropLast()))
    let terminal = { (blocks: [Block]) in
      blocks.indices.map { TerminalRenderer().render(blocks[$0], after: blocks[..<$0]) }.joined()
    }
    #expect(terminal(with) == terminal(without))
    let markdown = MarkdownRenderer(chapter: "Ch01-Ring", command: "x")
    #expect(markdown.render(with) == markdown.render(without))
    let note = "<!-- output: Ch01-Ring 1.1 -->\n<!-- end -->\n"
    #expect(
      try NotesUpdate(chapter: "Ch01-Ring", blocks: with).apply(to: note, of: "note")
        == NotesUpdate(chapter: "Ch01-Ring", blocks: without).apply(to: note, of: "note"))
  }

  @Test(
    "The hash is that of the standard, over one block, two blocks and their borders",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 55),
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
      ),
      (
        String(repeating: "a", count: 64),
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
      ),
    ])
  func hashIsThatOfTheStandard(text: String, hash: String) {
    let bytes = SHA256.hash(of: Array(text.utf8))
    #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hash)
  }
}
