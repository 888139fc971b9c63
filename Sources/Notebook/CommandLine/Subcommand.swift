/// What a chapter does instead of showing its page if its first argument is the command's name:
/// `swift run Ch01-Ring exercises …`.
public struct Subcommand: Sendable {
  /// How a command was called.
  public struct Call {
    /// The chapter whose command it is.
    public let chapter: Chapter
    /// The arguments after the command's name.
    public let arguments: [String]
    /// What it depends on besides them.
    public let environment: LaunchEnvironment
    /// Where error messages go.
    public let errors: ErrorStream
    /// Where the output goes.
    public let output: (String) -> Void
  }

  /// The argument that leads to it.
  public let name: String
  /// What there is to find, for lists: "The exercises".
  public let title: String
  /// Does what was asked for.
  let run: @Sendable (Call) -> ExitStatus

  /// Creates a command.
  public init(name: String, title: String, run: @escaping @Sendable (Call) -> ExitStatus) {
    self.name = name
    self.title = title
    self.run = run
  }
}
