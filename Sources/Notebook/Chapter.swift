import Foundation

/// A chapter of the notes as a program.
///
/// ```swift
/// @main
/// struct VAE {
///   static let epochs = Knob.integer(
///     "epochs", default: 20, in: 0...10_000, unit: "passes", help: "How long to train.")
///
///   static func main() {
///     Chapter("Ch05-VAE", title: "The full model on digits", knobs: [epochs]).run {
///       page, options in
///       page.section("5.1", "Encoder, decoder, loss")
///       …
///     }
///   }
/// }
/// ```
public struct Chapter: Sendable {
  /// The version that `--version` prints.
  public static let version = "1.0.0"

  /// The name of the executable.
  public let name: String
  /// The title of the page.
  public let title: String
  /// What the chapter is about, for the top of the page and `--help`.
  public let abstract: String
  let commandLine: CommandLineInterface

  /// Declares a chapter.
  public init(
    _ name: String, title: String, abstract: String = "", knobs: [any KnobDeclaration] = []
  ) {
    self.name = name
    self.title = title
    self.abstract = abstract
    commandLine = CommandLineInterface(name: name, knobs: knobs)
  }

  /// Runs the chapter as this process, and ends it.
  ///
  /// The exit status is 0 if every check holds, 1 if one does not or the body throws, 64 if the
  /// command line is wrong, 66 if a file cannot be read and 73 if one cannot be written.
  public func run(_ body: (Page, Options) throws -> Void) -> Never {
    // A reader that stops early, as in `| head`, ends the chapter without a word.
    signal(SIGPIPE, SIG_DFL)
    // If standard error fails too, there is nobody left to tell.
    let complain = { (text: String) in _ = try? StandardStream.error.send(text) }
    let output = { (text: String) in
      do {
        try StandardStream.output.send(text)
      } catch {
        // Nor is there any use in computing what nobody will see.
        complain("\(name): \(error)\n")
        exit(ExitStatus(of: error).rawValue)
      }
    }
    exit(
      execute(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: .ofProcess,
        errors: ErrorStream(StandardStream.error.kind, write: complain), output: output,
        body: body))
  }

  /// Runs the chapter without touching the process, and returns its exit status.
  public func execute(
    arguments: [String] = [], environment: LaunchEnvironment = LaunchEnvironment(),
    errors: ErrorStream = .silent, output: @escaping (String) -> Void = { _ in },
    body: (Page, Options) throws -> Void
  ) -> Int32 {
    do {
      switch try commandLine.parse(arguments) {
      case .help: output(commandLine.help(title: title, abstract: abstract))
      case .version: output("\(name) \(Self.version)\n")
      case .run(let options):
        try environment.requireProcessor(for: name)
        let page = Page(
          renderer: environment.renderer(for: options), errors: errors, write: output)
        defer { page.endProgress() }
        page.emit(.heading(Heading(title: title)))
        if !abstract.isEmpty { page.prose(abstract) }
        try body(page, options)
        page.finish()
        if !page.checks.allSatisfy(\.holds) { return ExitStatus.failure.rawValue }
      }
      return ExitStatus.success.rawValue
    } catch {
      let status = ExitStatus(of: error)
      errors.write("\(name): \(error)\n" + (status == .usage ? commandLine.usage + "\n" : ""))
      return status.rawValue
    }
  }
}
