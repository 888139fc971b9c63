import Foundation
import Kernels

/// A chapter of the notes as a program.
///
/// ```swift
/// @main
/// struct Ring {
///   static let count = Knob.integer(
///     "count", default: 10_000, in: 100...1_000_000, unit: "points", help: "How many to draw.")
///
///   static let chapter = Chapter(
///     "Ch01-Ring", title: "Any distribution from a normal one", abstract: "…",
///     note: "01-ring.md", next: "Ch02-NaiveMonteCarlo", knobs: [count]
///   ) { options, progress in
///     let generator = SeededGenerator(seed: options.seed)
///     return [
///       Section("1.1", "A ring") { RingFunction(options[count], using: generator.stream(1)) },
///       …
///     ]
///   }
///
///   static func main() { chapter.run() }
/// }
/// ```
public struct Chapter: Sendable {
  /// The version that `--version` prints.
  public static let version = "1.0.0"

  /// The result of a run.
  public struct Outcome: Sendable {
    /// 0 if every check holds or every exercise passed, 1 if one did not or the body throws, 64 if
    /// the command line is wrong, 66 if a file cannot be read and 73 if one cannot be written.
    public let exitStatus: Int32
    /// The text of the page; empty if none was begun.
    public let blocks: [Block]
  }

  /// The name of the executable.
  public let name: String
  /// The title of the page.
  public let title: String
  /// What the chapter is about, for the top of the page and `--help`.
  public let abstract: String
  let commandLine: CommandLineInterface
  private let commands: [Subcommand]
  private let body: @Sendable (Page, Options) throws -> Void
  private let contents: (@Sendable (Options, ProgressDisplay) throws -> [Section])?
  /// The chapter's text: the path of its note, where it was when the chapter was compiled.
  let note: String?
  /// The package's folder, where it was when the chapter was compiled.
  package let root: String?
  /// The name of the chapter after this one, if there is one.
  package let next: String?

  /// Declares a chapter by its table of contents.
  ///
  /// - Parameters:
  ///   - note: The name of its text in `notes/`.
  ///   - next: The name of the chapter to read after it.
  ///   - commands: What it does beside showing its page.
  ///   - file: The source file that declares it, in `Chapters/ChNN-Name/`.
  ///   - contents: Its sections in order. What they share is prepared here; what takes time waits in
  ///     a ``Lazy`` value until a section asks for it.
  public init(
    _ name: String, title: String, abstract: String, note: String, next: String? = nil,
    knobs: [any KnobDeclaration] = [], commands: [Subcommand] = [], file: String = #filePath,
    contents: @escaping @Sendable (Options, ProgressDisplay) throws -> [Section]
  ) {
    self.name = name
    self.title = title
    self.abstract = abstract
    commandLine = CommandLineInterface(name: name, knobs: knobs, commands: commands)
    self.commands = commands
    self.contents = contents
    self.next = next
    body = { _, _ in }
    let root = packageRoot(of: file)
    self.root = root
    self.note = root + "/notes/" + note
  }

  /// A page without sections and without a note, for tests of everything around them.
  package init(
    _ name: String, title: String, abstract: String = "", knobs: [any KnobDeclaration] = [],
    commands: [Subcommand] = [],
    body: @escaping @Sendable (Page, Options) throws -> Void
  ) {
    self.name = name
    self.title = title
    self.abstract = abstract
    commandLine = CommandLineInterface(name: name, knobs: knobs, commands: commands)
    self.commands = commands
    self.body = body
    contents = nil
    (note, root, next) = (nil, nil, nil)
  }

  /// Runs the chapter as this process, and ends it with the exit status of its ``Outcome``.
  public func run() -> Never {
    StandardStream.occupyClosed()
    // A reader that stops early, as in `| head`, ends the chapter silently.
    signal(SIGPIPE, SIG_DFL)
    // A file that grows beyond a limit (`ulimit -f`) should be an error, like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    // If standard error fails too, there is nobody left to tell.
    let complain = { (text: String) in _ = try? StandardStream.error.send(text) }
    let output = { (text: String) in
      do {
        try StandardStream.output.send(text)
      } catch {
        // There is no use in computing what nobody will see.
        complain(complaint(error))
        exit(ExitStatus(of: error).rawValue)
      }
    }
    let arguments = Array(CommandLine.arguments.dropFirst())
    // A command has its own way with signals: the parent of an exercise needs to see them.
    if !commands.contains(where: { $0.name == arguments.first }) {
      endCalmlyOnAbort()
      cleanUpWhenInterrupted()
    }
    let environment = LaunchEnvironment.ofProcess
    let outcome = execute(
      arguments: arguments, environment: environment,
      errors: ErrorStream(StandardStream.error.kind, write: complain),
      pages: PagedOutput(environment, direct: output), output: output)
    exit(outcome.exitStatus)
  }

  /// Runs the chapter without touching the process.
  public func execute(
    arguments: [String] = [], environment: LaunchEnvironment = LaunchEnvironment(),
    errors: ErrorStream = .silent, output: @escaping (String) -> Void = { _ in }
  ) -> Outcome {
    execute(
      arguments: arguments, environment: environment, errors: errors, pages: nil, output: output)
  }

  /// Runs the chapter with a page that may go elsewhere than the rest of the output.
  func execute(
    arguments: [String], environment: LaunchEnvironment, errors: ErrorStream, pages: PagedOutput?,
    output: @escaping (String) -> Void
  ) -> Outcome {
    // "help exercises" is "exercises help".
    let words =
      arguments.count == 2 && arguments[0] == Knob.help.name ? arguments.reversed() : arguments
    if let command = commands.first(where: { $0.name == words.first }) {
      let status = command.run(
        Subcommand.Call(
          chapter: self, arguments: Array(words.dropFirst()), environment: environment,
          errors: errors, output: output))
      return Outcome(exitStatus: status.rawValue, blocks: [])
    }
    var page: Page?
    let status: ExitStatus
    do {
      switch try commandLine.parse(arguments) {
      case .help: output(commandLine.help(title: title, abstract: abstract))
      case .version: output("\(name) \(Self.version)\n")
      case .run(let options):
        try run(options, environment, errors, pages, output) { page = $0 }
      }
      status = page?.checks.allSatisfy(\.holds) ?? true ? .success : .failure
    } catch {
      status = ExitStatus(of: error)
      errors.write(complaint(error, usage: commandLine.usage))
    }
    return Outcome(exitStatus: status.rawValue, blocks: page?.blocks ?? [])
  }

  /// Writes the page that the options ask for.
  ///
  /// - Parameter begin: Takes the page when it is begun.
  private func run(
    _ options: Options, _ environment: LaunchEnvironment, _ errors: ErrorStream,
    _ pages: PagedOutput?, _ output: @escaping (String) -> Void, begin: (Page) -> Void
  ) throws {
    try environment.requireProcessor(for: name)
    try requireWholePage(options)
    let renderer = try environment.renderer(for: options)
    // A file that cannot be written must be reported before the work.
    let files = try OutputFiles(options, commandLine, note: note)
    let notes = try notesFolder(options, environment)
    let progress = ProgressDisplay(on: errors)
    // A run that writes files must finish: leaving a pager early must not cut it short.
    let pages = options[.noPager] || options.writesFiles ? nil : pages
    defer {
      progress.finish()
      pages?.finish()
    }
    let write: (String) -> Void = { text in
      guard let pages else { return output(text) }
      pages.write(text, willPage: progress.yieldTerminal)
    }
    try Threads.$count.withValue(options.threads ?? Threads.count) {
      let sections = try sections(options, progress)
      let page = Page(renderer: renderer, progress: progress, write: write)
      begin(page)
      page.emit(.heading(Heading(title: title)))
      if options.sections == nil, !abstract.isEmpty { page.lead(abstract) }
      for section in sections { try section.write(on: page) }
      try body(page, options)
      page.finish()
      if options.sections == nil, page.checks.allSatisfy(\.holds) {
        write(renderer.list(under: "Read on", whereToGoOn))
      }
      try files.write(page.blocks)
      guard let notes else { return }
      let update = NotesUpdate(chapter: name, blocks: page.blocks)
      for change in try notes.update(with: update, chapter: name) {
        errors.write("\(name): \(visible(change))\n")
      }
    }
  }

  /// What a reader at the end of the page may want next, and where it is.
  private var whereToGoOn: [NamedText] {
    guard let note else { return [] }
    let path = note.split(separator: "/").suffix(2).joined(separator: "/")
    return [
      NamedText("The text of this chapter:", path),
      NamedText("A page for the browser:", "swift run \(name) --html ."),
    ] + commands.map { NamedText($0.title + ":", "swift run \(name) \($0.name)") }
      + (next.map { [NamedText("The next chapter:", "swift run \($0)")] } ?? [])
  }

  /// A page in a file and the notes hold the whole chapter.
  private func requireWholePage(_ options: Options) throws(UsageError) {
    guard options.sections != nil else { return }
    for knob in [Knob.html, Knob.markdown] where options[knob] != nil {
      throw UsageError(
        "--\(knob.name) writes a page of the whole chapter, but --section shows only a part of it")
    }
  }

  /// The sections that were asked for: all of them, unless `--section` names some.
  private func sections(
    _ options: Options, _ progress: ProgressDisplay
  ) throws -> [Section] {
    let all = try contents?(options, progress) ?? []
    guard let wanted = options.sections else { return all }
    let numbers = all.map(\.number)
    for number in wanted where !numbers.contains(number) {
      throw UsageError(
        "there is no section \(quoted(number)); \(name) has \(numbers.joined(separator: ", "))")
    }
    return all.filter { wanted.contains($0.number) }
  }

  /// The notes to rewrite, if that was asked for. They show only what a run with the defaults
  /// prints.
  private func notesFolder(
    _ options: Options, _ environment: LaunchEnvironment
  ) throws -> NotesFolder? {
    guard options[.updateNotes] else { return nil }
    let changes =
      commandLine.settings(among: options).map(\.option.name) + (options[.ascii] ? ["ascii"] : [])
      + (options.sections == nil ? [] : ["section"])
    guard changes.isEmpty else {
      throw UsageError("--update-notes shows the defaults, but --\(changes[0]) changes the page")
    }
    return try NotesFolder(around: environment.currentDirectory)
  }
}
