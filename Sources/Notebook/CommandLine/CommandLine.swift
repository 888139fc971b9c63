import Foundation

/// What the reader asked of a chapter: the value of every knob, given or default.
public struct Options: Sendable {
  fileprivate var values: [String: any Sendable] = [:]
  fileprivate let declared: Set<String>
  /// The options that were given, in their order, with the texts of their values.
  fileprivate(set) var given: [(option: OptionDeclaration, text: String?)] = []
  /// The arguments that are not options, if the program takes any.
  public fileprivate(set) var operands: [String] = []

  /// The value of one of the chapter's knobs.
  public subscript<Value>(knob: Knob<Value>) -> Value {
    guard declared.contains(knob.name) else {
      fatalError("--\(knob.name) is not among the chapter's knobs")
    }
    guard let value = values[knob.name] else { return knob.defaultValue }
    return value as! Value
  }

  /// Where all randomness starts.
  public var seed: UInt64 { self[.seed] }
  /// How many threads may compute; nil for one per core. The numbers do not depend on it.
  public var threads: Int? { self[.threads] }
  /// The sections to show; nil for all of them.
  var sections: [String]? { self[.section] }
  /// Whether the run writes anything but its output.
  var writesFiles: Bool { self[.updateNotes] || given.contains { $0.option.isOutputFile } }
}

extension Knob<UInt64> {
  static let seed = Knob.integer(
    "seed", default: 2013, in: 0...UInt64.max, help: "The seed of all random numbers.")
}

extension Knob<Int?> {
  /// How many threads compute: one per core, unless the option says otherwise.
  public static let threads = Knob(
    "threads", default: nil, placeholder: "N", details: "1 to 256; default: one per core",
    requirement: "an integer from 1 to 256",
    help: "How many threads compute. The numbers do not depend on it."
  ) { text in Int(text).flatMap { (1...256).contains($0) ? .some($0) : nil } }
}

extension Knob<[String]?> {
  static let section = Knob(
    "section", default: nil, placeholder: "N.M", details: "or several: 2.1,2.3",
    requirement: "the number of a section, or several separated by commas",
    help: "Run and show only this section."
  ) { text in
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    return numbers.contains("") ? nil : .some(numbers)
  }
}

extension Knob<String?> {
  static let html = Knob.file(
    "html", placeholder: "FILE|DIR",
    help: """
      Also write the note with these results in it, as a page for the browser that needs no other file \
      and no network. In a folder it is named after the chapter.
      """)
  static let markdown = Knob.file(
    "markdown", help: "Also write the page here, as Markdown.")
  static let figures = Knob.path(
    "figures", placeholder: "DIR", details: "default: figures, beside the Markdown",
    requirement: "the path of a folder",
    help: "The folder for the pictures of --markdown, made if it is missing.")
}

extension Knob<Bool> {
  static let updateNotes = Knob.flag(
    "update-notes", help: "Rewrite what notes/ shows of this chapter; only with the defaults.")
  static let code = Knob.flag("code", help: "Show the code of each section beside its results.")
  static let ascii = Knob.flag("ascii", help: "Write only ASCII characters.")
  static let color = Knob.flag(
    "color", help: "Write colours, even if the output is not a terminal.")
  static let noColor = Knob.flag("no-color", help: "Write no colours, even on a terminal.")
  static let noPager = Knob.flag(
    "no-pager", help: "Print everything at once, without a pager ($PAGER, or less).")
  static let version = Knob.flag("version", help: "Print the version.")
  static let help = Knob.flag("help", help: "Print this help.")
}

/// What is wrong with the command line, as one sentence: the run ends with status 64.
///
/// A chapter's body throws it for options that do not go together.
public struct UsageError: Error, Equatable, CustomStringConvertible {
  /// The sentence, without the full stop.
  public var description: String

  /// Creates the error from one sentence.
  public init(_ description: String) { self.description = description }
}

/// A program's options: reading them from arguments, and explaining them.
public struct CommandLineInterface: Sendable {
  /// What the arguments ask for.
  public enum Request {
    case run(Options)
    case help
    case version
  }

  let name: String
  let knobs: [OptionDeclaration]
  let common: [OptionDeclaration]
  /// The name in the usage for arguments that are not options, if the program takes any.
  private let operand: String?
  /// The words that may come first in place of options.
  private let commands: [Subcommand]

  /// The options of a chapter, its own knobs and those of every chapter.
  init(name: String, knobs: [any KnobDeclaration], commands: [Subcommand] = []) {
    self.init(
      name: name, knobs: knobs,
      common: [
        Knob.seed, Knob.threads, Knob.section, Knob.code, Knob.html, Knob.markdown, Knob.figures,
        Knob.updateNotes, Knob.ascii, Knob.color, Knob.noColor, Knob.noPager, Knob.version,
        Knob.help,
      ], operand: nil, commands: commands)
  }

  /// The options of a program that is not a chapter.
  public init(name: String, knobs: [any KnobDeclaration], operand: String?) {
    self.init(
      name: name, knobs: knobs, common: [Knob.version, Knob.help], operand: operand, commands: [])
  }

  private init(
    name: String, knobs: [any KnobDeclaration], common: [any KnobDeclaration], operand: String?,
    commands: [Subcommand]
  ) {
    self.name = name
    self.knobs = knobs.map(\.option)
    self.common = common.map(\.option)
    self.operand = operand
    self.commands = commands
    var names: Set<String> = []
    for option in self.knobs + self.common where !names.insert(option.name).inserted {
      fatalError("--\(option.name) is declared twice")
    }
  }

  /// The arguments (without the program's name) as options, or what is wrong with the first one
  /// that is wrong.
  public func parse(_ arguments: [String]) throws(UsageError) -> Request {
    // Swift replaces bytes that are not UTF-8 by U+FFFD, so that the name would be that of another
    // file.
    for argument in arguments where argument.unicodeScalars.contains("\u{FFFD}") {
      throw UsageError("the argument \(quoted(argument)) is not UTF-8")
    }
    if arguments.first == Knob.help.name { return .help }
    let all = knobs + common
    var options = Options(declared: Set(all.map(\.name)))
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "-h" { return .help }
      if operand != nil, !argument.hasPrefix("-") {
        options.operands.append(argument)
        continue
      }
      guard argument.hasPrefix("--") else {
        throw UsageError(
          "unexpected argument \(quoted(argument))"
            + suggestion(for: argument.drop { $0 == "-" }))
      }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = all.first(where: { $0.name == name }) else {
        throw UsageError(
          "unknown option \(quoted("--" + name))"
            + suggestion(for: name[...]))
      }
      if options.values[name] != nil { throw UsageError("--\(name) is given twice") }
      let (value, text) = try value(
        of: option, attached: parts.count == 2 ? String(parts[1]) : nil, following: &rest)
      switch name {
      case Knob.help.name: return .help
      case Knob.version.name: return .version
      default:
        options.values[name] = value
        options.given.append((option, text))
      }
    }
    return .run(options)
  }

  private func value(
    of option: OptionDeclaration, attached: String?, following rest: inout ArraySlice<String>
  ) throws(UsageError) -> (value: any Sendable, text: String?) {
    guard option.placeholder != nil else {
      if let attached {
        throw UsageError("--\(option.name) takes no value, but \(quoted(attached)) was given")
      }
      return (true, nil)
    }
    var text = attached
    // Text that begins with two dashes is the next option; a negative number begins with one.
    if text == nil, let next = rest.first, !next.hasPrefix("--") { text = rest.popFirst() }
    guard let text else {
      throw UsageError("--\(option.name) needs a value: \(option.requirement)")
    }
    guard let value = option.parse(text) else {
      throw UsageError(
        "--\(option.name) must be \(option.requirement), not \(quoted(text))"
          + (nearest(to: text, among: option.choices).map { "; did you mean \($0)?" } ?? ""))
    }
    return (value, text)
  }

  /// "; did you mean --epochs?", or nothing if no option or command is near.
  private func suggestion(for text: Substring) -> String {
    let words = commands.map(\.name)
    let name = nearest(to: String(text), among: (knobs + common).map(\.name) + words)
    return name.map { "; did you mean \(words.contains($0) ? "" : "--")\($0)?" } ?? ""
  }

  /// The given options that change what is on the page.
  func settings(among options: Options) -> [(option: OptionDeclaration, text: String?)] {
    let names = Set(knobs.map(\.name) + [Knob.seed.name])
    return options.given.filter { names.contains($0.option.name) }
  }

  /// The settings that differ from the defaults.
  func changes(among options: Options) -> [(option: OptionDeclaration, text: String?)] {
    settings(among: options).filter { option, _ in
      options.values[option.name].map { "\($0)" } != option.defaultText
    }
  }

  /// The command that brings the same page to a terminal, even if the default seed should change.
  func command(_ options: Options) -> String {
    let settings = settings(among: options).filter { $0.option.name != Knob.seed.name }
    let arguments = settings.flatMap { [String?("--\($0.option.name)"), $0.text] }
    let words =
      ["swift", "run", name] + arguments.compactMap(\.self) + ["--seed", "\(options.seed)"]
    return words.map(shellQuoted).joined(separator: " ")
  }

  /// How to call the program, and where to read more.
  public var usage: String {
    let operands = operand.map { "[\($0)...] " } ?? ""
    return usageLines("swift run \(name)", "\(operands)[OPTION...]")
  }

  /// What `--help` says of each option, all of them or those of the program alone.
  public var optionList: String { (knobs + common).map(help).joined() }

  /// The full help on how to call the chapter, at most 80 columns wide.
  func help(title: String, abstract: String) -> String {
    let options = { (options: [OptionDeclaration]) in options.map(help).joined() }
    let abstract = abstract.paragraphs.map { $0.wrapped(to: 80).joined(separator: "\n") }
    return ([title] + abstract + ["Usage: swift run \(name) [OPTION...]"]).joined(separator: "\n\n")
      + "\n\n"
      + (knobs.isEmpty ? "" : "Options of this chapter:\n\(options(knobs))\n")
        + """
        Options of every chapter:
        \(options(common))
        \(commands.map { "\($0.title):\n  swift run \(name) \($0.name) --help\n\n" }.joined())\
        Exit status:
           0  Every check holds.
           1  A check does not hold, or the chapter could not go on.
          64  The command line is wrong.
          66  A file cannot be read.
          71  The system has no memory left.
          73  A file cannot be written.

        """
  }

  private func help(for option: OptionDeclaration) -> String {
    let short = option.name == Knob.help.name ? "-h, " : ""
    let head = "  \(short)--\(option.name)" + (option.placeholder.map { " \($0)" } ?? "")
    let text = option.help + (option.details.isEmpty ? "" : " (\(option.details))")
    let lines = text.wrapped(to: 80 - 25).map { String(repeating: " ", count: 25) + $0 }
    let body = lines.joined(separator: "\n") + "\n"
    // A head that reaches into the text's column keeps the first line to itself.
    return head.columns > 23 ? "\(head)\n\(body)" : head.padded(to: 25) + body.dropFirst(25)
  }
}

/// The text as a Swift literal, so that no control character reaches the terminal; a long one is
/// cut short.
public func quoted(_ text: String) -> String {
  let isLong = text.utf8.count > 200
  return String(reflecting: isLong ? text.prefix(100) + "…" : text)
}

/// How to call a command, in the lines that follow an error.
package func usageLines(_ command: String, _ arguments: String) -> String {
  """
  Usage: \(command) \(arguments)
    See '\(command) --help' for more information.

  """
}

/// The text as one word of a shell's command line.
private func shellQuoted(_ text: String) -> String {
  isPlainWord(text) ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
}

/// Whether a shell reads the text as one word without quotes.
func isPlainWord(_ text: String) -> Bool {
  text.utf8.allSatisfy(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./,:=+@".utf8.contains)
}

/// The candidate that the text was probably meant to be: one it begins, or else one it becomes by
/// changing at most half of the letters.
public func nearest(to text: String, among candidates: [String]) -> String? {
  // A text more than twice as long as the longest candidate is far from all of them, and would take
  // long to compare.
  let length = text.count
  let candidates = candidates.filter { length <= 2 * $0.count }
  guard !text.isEmpty else { return nil }
  let begun = candidates.filter { $0.hasPrefix(text) }
  if begun.count == 1 { return begun[0] }
  let near = candidates.map { (candidate: $0, distance: levenshteinDistance(text, $0)) }
    .min { $0.distance < $1.distance }
  guard let near, 2 * near.distance <= max(length, near.candidate.count) else { return nil }
  return near.candidate
}

/// How many characters must be inserted, removed or replaced to turn one text into the other.
///
/// Takes time in proportion to the product of the lengths (Wagner and Fischer, 1974).
func levenshteinDistance(_ first: String, _ second: String) -> Int {
  let second = Array(second)
  var distances = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var diagonal = row
    distances[0] = row + 1
    for (column, other) in second.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = distances[column + 1]
      distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
    }
  }
  return distances[second.count]
}
