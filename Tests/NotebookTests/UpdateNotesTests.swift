import Files
import Foundation
import Testing

@testable import Notebook

private let plot = Plot(x: Axis("x"), y: Axis("y"), layers: [])

private let blocks: [Block] = [
  .heading(Heading(title: "Title")), .prose(Prose("Abstract.")),
  .heading(Heading(number: "1.1", title: "First")), .prose(Prose("Look.")),
  .note(Note("Beware", "Of this.")), .figure(Figure("F", description: "D.", panels: [plot])),
  .check(Check("Text.", .sameText(NamedText("a", "x"), NamedText("b", "x")))),
  .heading(Heading(number: "1.2", title: "Second")),
  .imageGrid(ImageGrid([.init([Specimen.image], label: "X")])),
  .heading(Heading(number: "1.3", title: "Empty")),
]

private let update = NotesUpdate(chapter: "Ch01-Ring", blocks: blocks)

private let note = """
  # A note

  <!-- output: Ch01-Ring 1.1 -->
  something old
  <!-- end -->
  <!-- output: Ch02-Other 1.1 -->
  of another chapter
  <!-- end -->
    <!-- output: Ch01-Ring 1.2 -->
    <!-- end -->
  <!-- output: Ch01-Ring 1.3 -->
  <!-- end -->
  The end.

  """

private let renewed = """
  # A note

  <!-- output: Ch01-Ring 1.1 -->
  ```
  Look.

  │ Beware
  │ Of this.
  ```

  ![F](figures/ch01-1.1.svg)

  *D.*

  ```
  ✓ Text. (the same to the last byte)
  ```
  <!-- end -->
  <!-- output: Ch02-Other 1.1 -->
  of another chapter
  <!-- end -->
    <!-- output: Ch01-Ring 1.2 -->
  ![Pictures, X](figures/ch01-1.2.png)

  *From the top: X.*
    <!-- end -->
  <!-- output: Ch01-Ring 1.3 -->
  <!-- end -->
  The end.

  """

@Test func generatedBlocksAreRenewed() throws {
  #expect(try update.apply(to: note, of: "01.md") == renewed)
  #expect(try update.apply(to: renewed, of: "01.md") == renewed)
  #expect(try update.apply(to: "No blocks.", of: "01.md") == "No blocks.")
  #expect(update.figures.map(\.name) == ["ch01-1.1.svg", "ch01-1.2.png"])
}

/// Each fence is a piece of what the chapter prints.
@Test func fencesAreOnStandardOutput() {
  let printed = blocks.indices.map { TerminalRenderer().render(blocks[$0], after: blocks[..<$0]) }
    .joined()
  for fence in renewed.components(separatedBy: "```").enumerated() where fence.offset % 2 == 1 {
    #expect(printed.contains(fence.element.dropFirst()))
  }
}

@Test(arguments: [
  ("<!-- output: Ch01-Ring 9.9 -->\n<!-- end -->", "Ch01-Ring has no section 9.9 to show there"),
  (
    "<!-- output: Ch01-Ring 1.1 -->\ntext",
    "<!-- output: Ch01-Ring 1.1 --> is not followed by <!-- end -->"
  ),
  (
    "<!-- output: Ch02-Other 1 -->\n<!-- output: Ch01-Ring 1.1 -->\n<!-- end -->",
    "<!-- output: Ch02-Other 1 --> is not followed by <!-- end -->"
  ),
  (
    "<!-- output: Ch01-Ring -->\n<!-- end -->",
    "<!-- output: Ch01-Ring --> does not name a chapter and a section"
  ),
  ("text\n<!-- end -->", "an <!-- end --> has no beginning"),
])
func brokenNotesAreNamed(_ text: String, _ reason: String) {
  #expect(throws: FileError(.read, "notes/01.md", reason)) {
    try update.apply(to: text, of: "notes/01.md")
  }
}

/// A package with a note, in a folder of its own.
private func package() throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  try folder.makeFolder("notes/figures")
  try folder.makeFolder("Sources/Deep")
  try folder.write("", to: "Package.swift")
  return folder
}

/// How a run in a folder ended, and what it said.
private func run(in folder: String, _ arguments: String...) -> (status: Int32, errors: String) {
  let knob = Knob.integer("count", default: 3, in: 1...9, help: "A count.")
  let chapter = Chapter("Ch01-Ring", title: "Title", abstract: "Abstract.", knobs: [knob]) {
    page, _ in
    for block in blocks.dropFirst(2) { page.emit(block) }
  }
  var errors = ""
  let outcome = chapter.execute(
    arguments: ["--update-notes"] + arguments,
    environment: LaunchEnvironment(currentDirectory: folder),
    errors: ErrorStream(.plain) { errors += $0 })
  return (outcome.exitStatus, errors)
}

@Test func notesAndFiguresAreRewritten() throws {
  let folder = try package()
  try folder.write(note, to: "notes/01.md")
  try folder.write("No blocks.", to: "notes/README.md")
  for name in ["ch01-9.svg", "ch02-1.svg", "ch01-1.2.png", "photo.jpg"] {
    try folder.write("old", to: "notes/figures/" + name)
  }
  let first = run(in: folder.path + "/Sources/Deep")
  #expect(first.status == 0)
  #expect(
    first.errors == "Ch01-Ring: rewrote notes/01.md\nCh01-Ring: removed notes/figures/ch01-9.svg\n")
  #expect(try folder.text(of: "notes/01.md") == renewed)
  #expect(
    try folder.names(in: "notes/figures")
      == ["ch01-1.1.svg", "ch01-1.2.png", "ch02-1.svg", "photo.jpg"])
  for figure in update.figures {
    let bytes = try Data(
      contentsOf: URL(fileURLWithPath: "\(folder.path)/notes/figures/\(figure.name)"))
    #expect(bytes == figure.bytes)
  }
  let second = run(in: folder.path, "--threads", "1", "--no-color")
  #expect(second.status == 0 && second.errors.isEmpty)
}

@Test func notesShowTheDefaults() throws {
  let folder = try package()
  try folder.write(note, to: "notes/01.md")
  for (option, arguments) in [
    ("count", ["--count", "3"]), ("seed", ["--seed", "1"]), ("ascii", ["--ascii"]),
  ] {
    let run =
      arguments.count == 2
      ? run(in: folder.path, arguments[0], arguments[1]) : run(in: folder.path, arguments[0])
    #expect(run.status == 64)
    #expect(run.errors.contains("--update-notes shows the defaults, but --\(option) changes"))
  }
  #expect(try folder.text(of: "notes/01.md") == note)
}

@Test func aBrokenNoteStopsTheRunBeforeItBegins() throws {
  let folder = try package()
  try folder.write(note, to: "notes/01.md")
  try folder.write("<!-- output: Ch02-Other 1 -->", to: "notes/02.md")
  let run = run(in: folder.path)
  #expect(run.status == 66)
  #expect(run.errors.hasPrefix("Error: cannot read notes/02.md: "))
  #expect(try folder.text(of: "notes/01.md") == note)
}

@Test func anUnknownSectionLeavesTheNotesAsTheyWere() throws {
  let folder = try package()
  try folder.write(note, to: "notes/01.md")
  try folder.write("<!-- output: Ch01-Ring 7 -->\n<!-- end -->", to: "notes/02.md")
  let run = run(in: folder.path)
  #expect(run.status == 66)
  #expect(
    run.errors == "Error: cannot read notes/02.md: Ch01-Ring has no section 7 to show there\n")
  #expect(try folder.text(of: "notes/01.md") == note)
  #expect(try folder.names(in: "notes/figures").isEmpty)
}

@Test func outsideThePackageThereAreNoNotes() throws {
  let folder = try TemporaryFolder()
  let run = run(in: folder.path)
  #expect(run.status == 66)
  #expect(run.errors.hasPrefix("Error: cannot read notes: neither "))
}

@Test func inADeletedFolderThereAreNoNotes() {
  // The system has no path for such a folder.
  let run = run(in: "")
  #expect(run.status == 66)
  #expect(run.errors == "Error: cannot read notes: the working folder no longer exists\n")
}
