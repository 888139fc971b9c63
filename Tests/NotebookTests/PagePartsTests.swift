import Files
import Testing

@testable import Notebook

private func prose(_ text: String) -> Block { .prose(Prose(text)) }

/// A section of one part, and one of two.
private let blocks: [Block] = [
  .heading(Heading(title: "Title")), .lead(Lead("The abstract.")),
  .heading(Heading(number: "1.1", title: "First")), prose("before its lead"),
  .heading(Heading(number: "1.2", title: "Second")), .lead(Lead("Look.")),
  .equation(try! Equation(tex: "x")), prose("a"), prose("b"), .lead(Lead("Look again.")),
  prose("c"),
]

@Suite struct PagePartsTests {
  private let parts = PageParts(chapter: "Ch01-Ring", blocks)

  private func shown(_ section: String, in place: Int, of count: Int) throws -> [Block] {
    try parts.blocks(of: section, in: place, of: count, note: "01.md").map(\.block)
  }

  @Test func onePlaceShowsTheWholeSectionWithoutLeadsAndEquations() throws {
    #expect(try shown("1.1", in: 0, of: 1) == [prose("before its lead")])
    #expect(try shown("1.2", in: 0, of: 1) == [prose("a"), prose("b"), prose("c")])
  }

  @Test func asManyPlacesAsLeadsShowAPartEach() throws {
    #expect(try shown("1.2", in: 0, of: 2) == [prose("a"), prose("b")])
    #expect(try shown("1.2", in: 1, of: 2) == [prose("c")])
  }

  @Test func anyOtherNumberOfPlacesIsAnError() {
    for count in [3, 4] {
      #expect(
        throws: FileError(
          .read, "01.md",
          "it shows section 1.2 in \(count) places, but Ch01-Ring has it in 2 parts")
      ) { try shown("1.2", in: 0, of: count) }
    }
    #expect(throws: FileError.self) { try shown("1.1", in: 0, of: 2) }
  }

  @Test func aNoteInterleavesItsTextWithTheParts() throws {
    let note = """
      <!-- output: Ch01-Ring 1.2 -->
      <!-- end -->
      Between.
      <!-- output: Ch01-Ring 1.2 -->
      old
      <!-- end -->
      """
    #expect(
      try NotesUpdate(chapter: "Ch01-Ring", blocks: blocks).apply(to: note, of: "01.md") == """
        <!-- output: Ch01-Ring 1.2 -->
        ```
        a

        b
        ```
        <!-- end -->
        Between.
        <!-- output: Ch01-Ring 1.2 -->
        ```
        c
        ```
        <!-- end -->
        """)
  }
}
