import Files
import Foundation
import Notebook

/// Writes the pages of all chapters, and those of the other notes.
@main
struct BookCommand {
  private static let html = Knob.path(
    "html", placeholder: "DIR", requirement: "the path of a folder",
    help: "Where the pages go; the folder is made if it is missing.")

  private static let commandLine = CommandLineInterface(
    name: "Book", knobs: [html], operand: nil)

  private static let help = """
    Usage: swift run Book --html DIR

    Runs every chapter and writes its page, ChNN-Name.html: the chapter's note, with the results of
    this run in it. The first page is index.html.

    \(commandLine.optionList)
    Exit status:
       0  All pages are written, and every check holds.
       1  A check does not hold, or a chapter could not go on.
      64  The command line is wrong.
      66  A file cannot be read.
      73  A file cannot be written.

    """

  static func main() {
    StandardStream.occupyClosed()
    signal(SIGPIPE, SIG_DFL)
    var status = ExitStatus.success
    do {
      switch try commandLine.parse(Array(CommandLine.arguments.dropFirst())) {
      case .help: try StandardStream.output.send(help)
      case .version: try StandardStream.output.send("Book \(Chapter.version)\n")
      case .run(let options):
        guard let folder = options[html] else {
          throw UsageError("--html DIR is missing; it says where the pages go")
        }
        status = try write(to: folder)
      }
    } catch {
      try? StandardStream.error.send(complaint(error, usage: commandLine.usage))
      status = ExitStatus(of: error)
    }
    exit(status.rawValue)
  }

  /// Writes all pages, the short ones first.
  private static func write(to folder: String) throws -> ExitStatus {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let contents = TableOfContents(root: root)
    guard !contents.entries.isEmpty else {
      throw FileError(.read, root + "/notes", "the notes are not where they were at the build")
    }
    let programs = try contents.entries.map { try program($0.chapter) }
    try requireWritableFolder(folder)
    try makeFolder(folder)
    for note in contents.otherNotes {
      guard let page = contents.page(of: note) else { continue }
      let html = try contents.html(of: note, in: folder)
      try replaceFile(folder + "/" + page, with: Data(html.utf8))
      try StandardStream.output.send("\(page)\n")
    }
    var status = ExitStatus.success
    for (entry, program) in zip(contents.entries, programs) {
      let result = try run(program, ["--html", folder + "/" + entry.page])
      guard [.success, .failure].contains(result) else { return result }
      if result == .failure { status = .failure }
      let remark = result == .failure ? ", with failures" : ""
      try StandardStream.output.send("\(entry.page)\(remark)\n")
    }
    return status
  }

  /// The built chapter, which is beside this program.
  private static func program(_ name: String) throws -> URL {
    let own = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    let program = own.deletingLastPathComponent().appending(path: name)
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw FileError(.read, program.path, "it is not built; run: swift build")
    }
    return program
  }

  /// Runs a program to its end; its error messages go where this program's do.
  private static func run(_ program: URL, _ arguments: [String]) throws -> ExitStatus {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit else { return .failure }
    return ExitStatus(rawValue: process.terminationStatus) ?? .failure
  }
}
