import Files
import Foundation
import Testing

@testable import Notebook

/// A small package with a chapter and its note.
private struct SmallPackage {
  let folder: TemporaryFolder

  init(note: String? = SmallPackage.note) throws {
    folder = try TemporaryFolder()
    for name in ["notes", "Chapters/Ch01-One", "Chapters/Ch02-Two", "pages"] {
      try folder.makeFolder(name)
    }
    try folder.write("# 1. One\n", to: "notes/01-one.md")
    try folder.write("# First page\n\n[Two](02-two.md)\n", to: "notes/README.md")
    if let note { try folder.write(note, to: "notes/02-two.md") }
  }

  static let note = """
    # 2. Two

    See [one](01-one.md#a), [all](README.md), [code](../Chapters/Ch02-Two/a b.swift) and [below](#exercises).

    ## 2.1 First

    <!-- output: Ch02-Two 2.1 -->
    what an earlier run printed
    <!-- end -->

    Between.

    <!-- output: Ch02-Two 2.1 -->
    <!-- end -->

    ## Exercises
    """.replacing("a b.swift", with: "a.swift")

  private struct First: SectionContent {
    let isWrong: Bool

    func show(on page: Page) {
      page.lead("A lead.")
      page.code("a", file: "/x/Chapters/Ch02-Two/2.1-First.swift")
      page.prose("First prose.")
      page.lead("Another lead.")
      page.prose("Second prose.")
      page.check("Less.", .atMost(Quantity("a", isWrong ? 2 : 0), Quantity("b", 1)))
    }
  }

  /// Runs the chapter, and returns the page that it writes.
  func run(_ arguments: String...) throws -> (status: Int32, errors: String, page: String) {
    let wrong = Knob.flag("wrong", help: "Break it.")
    let chapter = Chapter(
      "Ch02-Two", title: "Two", abstract: "Abstract.", note: "02-two.md", knobs: [wrong],
      file: folder.path + "/Chapters/Ch02-Two/Two.swift"
    ) { options, _ in [Section("2.1", "First") { First(isWrong: options[wrong]) }] }
    var errors = ""
    let status = chapter.execute(
      arguments: ["--html", folder.path + "/pages"] + arguments,
      errors: ErrorStream(.plain) { errors += $0 }
    ).exitStatus
    return (status, errors, (try? folder.text(of: "pages/Ch02-Two.html")) ?? "")
  }
}

@Suite struct NotePageTests {
  @Test func theResultsOfARunStandInTheirPlacesInTheNote() throws {
    let (status, _, page) = try SmallPackage().run()
    #expect(status == 0 && isWellFormed(page))
    let places = try ["First prose.", "Between.", "Second prose.", "Less.", "id=\"exercises\""].map
    {
      try #require(page.range(of: $0), "\($0)").lowerBound
    }
    #expect(places == places.sorted())
    #expect(!page.contains("lead.") && !page.contains("Abstract.") && !page.contains("earlier run"))
    #expect(page.contains("<title>2. Two</title>") && page.contains("1 check: all hold."))
    #expect(!page.contains("This page shows a run of"))
  }

  @Test func linksLeadToOtherPagesAndToFiles() throws {
    let page = try SmallPackage().run().page
    for link in [
      #"href="Ch01-One.html#a">one"#, #"href="index.html">all"#, ##"href="#exercises">below"##,
      #"href="../Chapters/Ch02-Two/a.swift">code"#, #"href="Ch01-One.html">← 1. One"#,
      #"href="../Chapters/Ch02-Two/2.1-First.swift">2.1-First.swift"#,
      #"href="../Chapters/Ch02-Two/Exercises.swift">Exercises.swift"#,
    ] { #expect(page.contains(link), "\(link)") }
    #expect(!page.contains("→"))
  }

  @Test func aPageSaysWhichKnobsMadeIt() throws {
    let package = try SmallPackage()
    let (status, _, page) = try package.run("--wrong", "--seed", "7")
    #expect(status == 1)
    #expect(page.contains("a run of <code>swift run Ch02-Two --wrong --seed 7</code>"))
    #expect(page.contains("open=\"open\"") && page.contains("<ul class=\"failed\">"))
    // A knob that is given its default changes nothing.
    #expect(try !package.run("--seed", "2013").page.contains("This page shows a run of"))
  }

  @Test func withoutItsNoteAPageHasWhatTheProgramPrintsAndSaysSo() throws {
    let (status, _, page) = try SmallPackage(note: nil).run()
    #expect(status == 0 && isWellFormed(page))
    for text in [
      "A lead.", "Another lead.", "Second prose.", "not where it was", "notes/02-two.md",
    ] {
      #expect(page.contains(text), "\(text)")
    }
  }

  @Test func aNoteThatCannotBeReadIsASentenceAndNoPage() throws {
    let tagged = try SmallPackage(note: "# 2. Two\n\n<b>bold</b>\n").run()
    #expect(tagged.status == 66 && tagged.page.isEmpty)
    #expect(tagged.errors.contains("notes/02-two.md: line 3: HTML tags are not supported"))
    let package = try SmallPackage()
    let path = package.folder.path + "/notes/02-two.md"
    try Data([0x23, 0x20, 0xFF]).write(to: URL(fileURLWithPath: path))
    let binary = try package.run()
    #expect(binary.status == 66 && binary.errors.contains("cannot read \(path): it is not UTF-8"))
  }

  @Test func aSectionThatTheRunHasInOtherPartsStandsInOnePlace() throws {
    let place = "<!-- output: Ch02-Two 2.1 -->\n<!-- end -->\n\n"
    let missing = "<!-- output: Ch02-Two 2.9 -->\n<!-- end -->\n"
    let note = "# 2. Two\n\n\(place)\(place)Last.\n\n\(place)\(missing)"
    let page = try SmallPackage(note: note).run().page
    #expect(page.ranges(of: "First prose.").count == 1)
    #expect(page.ranges(of: "This run has no section 2.9.").count == 1)
    #expect(page.range(of: "Second prose.")!.lowerBound < page.range(of: "Last.")!.lowerBound)
  }

  @Test func otherNotesArePagesToo() throws {
    let package = try SmallPackage()
    let contents = TableOfContents(root: package.folder.path)
    #expect(contents.entries.map(\.page) == ["Ch01-One.html", "Ch02-Two.html"])
    #expect(contents.otherNotes == ["README.md"] && contents.page(of: "README.md") == "index.html")
    let page = try contents.html(of: "README.md", in: package.folder.path + "/pages")
    #expect(isWellFormed(page) && page.contains(#"<a href="Ch02-Two.html">Two</a>"#))
  }
}
