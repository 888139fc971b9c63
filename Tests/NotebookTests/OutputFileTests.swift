import Files
import Foundation
import Testing

@testable import Notebook

/// A folder for one test, which is gone with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "notebook-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/" + name, withIntermediateDirectories: true)
  }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  func names(in name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
  }
}

/// How a run of a small chapter ended, and what it complained of.
private func run(
  _ arguments: String..., body: @escaping @Sendable (Page, Options) throws -> Void = show
) -> (status: Int32, errors: String) { run(arguments, body: body) }

private func run(
  _ arguments: [String], body: @escaping @Sendable (Page, Options) throws -> Void = show
) -> (status: Int32, errors: String) {
  let own = Knob.file("own", help: "A file of the chapter's own.")
  let chapter = Chapter("Ch00-Test", title: "A title", knobs: [own], body: body)
  var errors = ""
  let outcome = chapter.execute(
    arguments: arguments, errors: ErrorStream(.plain) { errors += $0 })
  return (outcome.exitStatus, errors)
}

@Sendable private func show(_ page: Page, _ options: Options) {
  page.section("0.1", "First")
  page.figure("F", description: "D", Plot(x: Axis("x"), y: Axis("y"), layers: []))
}

@Sendable private func fail(_ page: Page, _ options: Options) { Issue.record("the body ran") }

@Test func filesAreWrittenAtTheEnd() throws {
  let folder = try TemporaryFolder()
  let file = { (name: String) in folder.path + "/" + name }
  try folder.write("old", to: "page.html")
  let run = run("--html", file("page.html"), "--markdown", file("page.md")) { page, options in
    let before = try folder.text(of: "page.html")
    #expect(before == "old")
    show(page, options)
  }
  #expect(run.status == 0 && run.errors.isEmpty)
  #expect(isWellFormed(try folder.text(of: "page.html")))
  #expect(try folder.text(of: "page.md").contains("![F](figures/ch00-0.1.svg)"))
  #expect(isWellFormed(try folder.text(of: "figures/ch00-0.1.svg")))
  #expect(try folder.names() == ["figures", "page.html", "page.md"])
}

@Test("Pictures are written to the folder that --figures names")
func picturesGoWhereTheyAreWanted() throws {
  let folder = try TemporaryFolder()
  try folder.makeFolder("a/b")
  let status = run(
    "--markdown", folder.path + "/a/b/page.md", "--figures", folder.path + "/my pictures"
  ).status
  #expect(status == 0)
  #expect(try folder.text(of: "a/b/page.md").contains("(../../my%20pictures/ch00-0.1.svg)"))
  #expect(try folder.names(in: "my pictures") == ["ch00-0.1.svg"])
  #expect(try folder.names(in: "a/b") == ["page.md"])
}

@Test func aPageWithoutPicturesMakesNoFolder() throws {
  let folder = try TemporaryFolder()
  #expect(run("--markdown", folder.path + "/page.md") { page, _ in page.prose("x") }.status == 0)
  #expect(try folder.names() == ["page.md"])
}

@Test("A page with a failed check is written as well")
func aFailedCheckIsWrittenToo() throws {
  let folder = try TemporaryFolder()
  let status = run("--html", folder.path + "/page.html") { page, _ in
    page.check("Less.", .atMost(Quantity("a", 2), Quantity("b", 1)))
  }.status
  #expect(status == 1)
  #expect(try folder.text(of: "page.html").contains("✗ Fails:"))
}

@Test("An error leaves existing files as they were")
func anErrorLeavesEverythingAsItWas() throws {
  let folder = try TemporaryFolder()
  try folder.write("old", to: "page.html")
  let status = run(
    "--html", folder.path + "/page.html", "--markdown", folder.path + "/page.md"
  ) { page, options in
    show(page, options)
    throw FileError(.read, "x", "it is not there")
  }.status
  #expect(status == 66)
  #expect(try folder.names() == ["page.html"])
  #expect(try folder.text(of: "page.html") == "old")
}

@Test(arguments: ["pages", "pages/", "new/"]) func inAFolderThePageHasTheChaptersName(
  _ name: String
) throws {
  let folder = try TemporaryFolder()
  try folder.makeFolder("pages")
  #expect(run("--html", folder.path + "/" + name).status == 0)
  #expect(try folder.names(in: name) == ["Ch00-Test.html"])
}

@Test func aFolderForThePageMustBeOneThatCanBeMade() throws {
  let folder = try TemporaryFolder()
  try folder.write("a file", to: "file")
  let reasons = ["file/": "it is not a folder", "a/b/": "there is no folder \(folder.path)/a"]
  for (name, reason) in reasons {
    let run = run("--html", folder.path + "/" + name, body: fail)
    #expect(run.status == 73)
    #expect(run.errors.contains("cannot write \(folder.path)/\(name.dropLast()): \(reason)\n"))
  }
  let page = ["--html", folder.path, "--markdown", folder.path + "/Ch00-Test.html"]
  #expect(run(page, body: fail).status == 64)
}

@Test(arguments: ["--html", "--markdown"]) func badPathsAreRefusedAtOnce(_ option: String) throws {
  let folder = try TemporaryFolder()
  try folder.write("a file", to: "file")
  try folder.makeFolder("folder")
  try FileManager.default.createSymbolicLink(
    atPath: folder.path + "/link", withDestinationPath: "folder")
  let folders = ["folder", "link", "folder/"].map { ($0, "it is a folder") }
  let reasons = [
    ("missing/page", "there is no folder \(folder.path)/missing"),
    ("file/page", "there is no folder \(folder.path)/file"),
  ]
  for (name, reason) in reasons + (option == "--html" ? [] : folders) {
    let path = folder.path + "/" + name
    let run = run(option, path, body: fail)
    #expect(run.status == 73)
    #expect(run.errors == "Error: cannot write \(path): \(reason)\n")
  }
  let device = run(option, "/dev/null", body: fail)
  #expect(device.status == 73)
  #expect(device.errors == "Error: cannot write /dev/null: it is not a regular file\n")
  #expect(try folder.names() == ["file", "folder", "link"])
}

@Test(.disabled(if: geteuid() == 0, "root may write"))
func unwritableFoldersAndFilesAreRefusedAtOnce() throws {
  let folder = try TemporaryFolder()
  try folder.write("old", to: "file")
  try folder.makeFolder("closed")
  let files = FileManager.default
  try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.path + "/file")
  try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path + "/closed")
  defer {
    try? files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path + "/closed")
  }
  for name in ["file", "closed/page"] {
    let run = run("--html", folder.path + "/" + name, body: fail)
    #expect(run.status == 73)
    #expect(run.errors.hasPrefix("Error: cannot write \(folder.path)/\(name): "))
  }
}

@Test("The place for pictures must be a folder")
func aFolderForPicturesMustBeOne() throws {
  let folder = try TemporaryFolder()
  try folder.write("", to: "file")
  let markdown = folder.path + "/page.md"
  let file = run("--markdown", markdown, "--figures", folder.path + "/file", body: fail)
  #expect(file.status == 73)
  #expect(file.errors == "Error: cannot write \(folder.path)/file: it is not a folder\n")
  let missing = run("--markdown", markdown, "--figures", folder.path + "/a/b", body: fail)
  #expect(missing.status == 73)
  #expect(missing.errors.contains("there is no folder \(folder.path)/a\n"))
  let alone = run("--figures", folder.path, body: fail)
  #expect(alone.status == 64)
  #expect(alone.errors.contains("--figures is the folder for the pictures of --markdown"))
}

@Test("Two outputs must not be the same file")
func twoFilesMustNotBeOne() throws {
  let folder = try TemporaryFolder()
  try folder.makeFolder("a")
  try folder.write("", to: "page")
  try FileManager.default.createSymbolicLink(
    atPath: folder.path + "/link", withDestinationPath: "page")
  let page = folder.path + "/page"
  for other in [page, folder.path + "/a/../page", folder.path + "/./page", folder.path + "/link"] {
    let run = run("--html", page, "--markdown", other, body: fail)
    #expect(run.status == 64)
    #expect(run.errors.contains("--html and --markdown are the same file"))
  }
  #expect(run("--own", page, "--html", page, body: fail).status == 64)
}

@Test func aFileMustNotHaveTheNameOfAPicture() throws {
  let folder = try TemporaryFolder()
  try folder.makeFolder("figures")
  let markdown = ["--markdown", folder.path + "/page.md"]
  for name in ["figures/ch00-0.1.svg", "figures/CH00-9.png"] {
    let arguments = markdown + ["--html", folder.path + "/" + name]
    let run = run(arguments, body: fail)
    #expect(run.status == 64)
    #expect(run.errors.contains("--html has the name of a picture of --markdown"))
  }
  let page = ["--markdown", folder.path + "/ch00-0.1.svg", "--figures", folder.path]
  #expect(run(page, body: fail).status == 64)
  // The name alone is no harm in another folder, nor another name in this one.
  for name in ["ch00-0.1.svg", "figures/page.html"] {
    #expect(run(markdown + ["--html", folder.path + "/" + name]).status == 0)
    #expect(try folder.text(of: name).hasPrefix("<!DOCTYPE html>"))
  }
}

@Test func aFileOfTheChaptersOwnIsCheckedBeforeTheBodyRuns() throws {
  let folder = try TemporaryFolder()
  let run = run("--own", folder.path + "/none/file", body: fail)
  #expect(run.status == 73)
  #expect(
    run.errors
      == "Error: cannot write \(folder.path)/none/file: there is no folder \(folder.path)/none\n"
  )
}

@Test func complaintsAboutAPathHoldNoControlCharacters() {
  let run = run("--html", "none\u{1B}[31m\n\u{7}\u{202E}/page", body: fail)
  #expect(run.status == 73)
  let name = #"none\u{1B}[31m\n\u{07}\u{202E}"#
  #expect(run.errors == "Error: cannot write \(name)/page: there is no folder \(name)\n")
}

@Test("The command in the page leaves out where and how it was written")
func theCommandLeavesOutWhereAndHow() throws {
  let data = Knob.text("data", default: "x", placeholder: "X", help: "Something.")
  let quick = Knob.flag("quick", help: "Something.")
  let commandLine = CommandLineInterface(name: "Ch00-Test", knobs: [data, quick])
  let arguments = [
    "--ascii", "--quick", "--html", "a", "--data=it's", "--seed", "3", "--threads", "2",
    "--no-color",
  ]
  guard case .run(let options) = try commandLine.parse(arguments) else {
    Issue.record("these are options")
    return
  }
  #expect(commandLine.command(options) == #"swift run Ch00-Test --quick --data 'it'\''s' --seed 3"#)
}
