import Foundation
import Probability
import Testing

/// Whatever stands on the command line, a program says in a sentence what is wrong with it.
@Suite struct CommandLineFuzz {
  /// Another seed makes other lines: `FUZZ_SEED=7 swift test --filter CommandLineFuzz`.
  private static let seed = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap(UInt64.init)

  @Test("500 odd command lines end in help or in a sentence", .timeLimit(.minutes(5)))
  func oddLines() throws {
    var generator = SeededGenerator(seed: Self.seed ?? 1)
    let grammars = try Program.all.map(Grammar.init)
    for index in 0..<500 {
      let grammar = grammars[index % grammars.count]
      let line = grammar.line(using: &generator)
      let folder = try Self.folder()
      let run = try grammar.program.run(line, in: folder)
      let fault = run.fault
      #expect(fault == nil, "\(grammar.program.name) \(line.map { String(reflecting: $0) })")
    }
  }

  /// A folder with one thing of each kind that a path may lead to.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try Data("text".utf8).write(to: URL(filePath: folder.path + "/file"))
    try files.createDirectory(atPath: folder.path + "/folder", withIntermediateDirectories: false)
    for (link, target) in [("link", "file"), ("lost", "missing"), ("circle", "circle")] {
      try files.createSymbolicLink(
        atPath: folder.path + "/" + link, withDestinationPath: target)
    }
    return folder
  }

  @Test(
    "The fuzz finds each kind of fault",
    arguments: [
      ("kill -ILL $$", "signal"), ("exec sleep 100", "hang"), ("exit 64", "says nothing"),
      ("echo Error: no >&2; exit 65", "status"), ("echo no >&2; exit 64", "begin"),
      ("echo 'Error: NSCocoaErrorDomain error 256' >&2; exit 66", "raw"),
      ("echo 'Error: Fatal error: no' >&2; exit 66", "raw"),
      ("printf 'Error: \\033[31m\\n' >&2; exit 66", "control"), ("exit 0", "says nothing"),
    ])
  func faults(script: String, fault: String) throws {
    let run = try Run(script: script, [], in: TemporaryFolder(), timeLimit: 1)
    let found = try #require(run.fault)
    #expect(found.contains(fault))
  }

  @Test("The fuzz test accepts a proper error message and a page of help")
  func theFuzzHasNoObjectionToAGoodRefusal() throws {
    let refusal = try Run(
      script: "echo 'Error: a sentence' >&2; exit 64", [], in: TemporaryFolder())
    #expect(refusal.fault == nil)
    let help = try Run(script: "echo help", [], in: TemporaryFolder())
    #expect(help.fault == nil)
  }
}

extension Run {
  /// What is wrong with how a program answered a line that it had to refuse, or to answer with help.
  fileprivate var fault: String? {
    if didHang { return "it hangs" }
    if let signal { return "signal \(signal) ended it" }
    guard let status, [0, 64, 66, 73].contains(status) else { return "undocumented status" }
    if status == 0 { return output.isEmpty ? "it says nothing" : nil }
    if errors.isEmpty { return "it says nothing" }
    if errors.contains(/Error ?Domain|Fatal error|[Ee]rror [0-9]|couldn.t be completed/) {
      return "a raw error: \(errors)"
    }
    if errors.unicodeScalars.contains(where: {
      $0.properties.generalCategory == .control && $0 != "\n"
    }) {
      return "control characters: \(String(reflecting: errors))"
    }
    return errors.hasPrefix("Error: ") ? nil : "it does not begin as errors do: \(errors)"
  }
}

/// The lines that may be written for a program, from what its `--help` says.
private struct Grammar {
  let program: Program
  private let options: [Substring]

  init(_ program: Program) throws {
    self.program = program
    let help = try program.run(["--help"], in: TemporaryFolder()).output
    options = help.matches(of: /(?m)^ +(?:-h, )?(--[a-z-]+)/).map(\.output.1)
    try #require(options.count > 5)
  }

  /// Some options and values, right and wrong; the last makes sure that nothing is computed.
  func line(using generator: inout SeededGenerator) -> [String] {
    var line: [String] = []
    if Int.random(in: 0..<8, using: &generator) == 0 {
      line.append("exercises")
      if Bool.random(using: &generator) {
        line.append(
          ["list", "hint", "all", "", "--json", "--child"].randomElement(using: &generator)!)
      }
    }
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let option = String(options.randomElement(using: &generator)!)
      let value = value(using: &generator)
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: line.append(value)
      case 1: line.append(option)
      case 2: line.append(mangled(option, using: &generator))
      case 3...5: line.append("\(option)=\(value)")
      default: line += [option, value]
      }
    }
    return line + Self.ends.randomElement(using: &generator)!
  }

  private static let ends = [
    ["--help"], ["-h"], ["--version"], ["--wormhole"], ["--seed=x"], ["--seed", "-1"], ["--"],
    ["--markdown", "missing/page"], ["--html", "missing/page"], ["--html", "file/"],
    ["--markdown", "page", "--html", "page"], ["--markdown", "circle"],
    ["--figures", "missing/figures"],
    ["--update-notes"], ["--threads", "0"], ["--section", "0.0"], ["help"],
  ]

  private func value(using generator: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: "\(Int.random(in: -2...1_000, using: &generator))"
    case 1: "\(Double.random(in: 0...1, using: &generator))"
    default: Self.values.randomElement(using: &generator)!
    }
  }

  private static let values = [
    "", " ", "a", "x/", ".", "..", "~", "~/x", "/", "//", "./a", "-", "--", "=", "-1", "+1",
    "1e999",
    "0x10", "nan", "inf", "9223372036854775808", "99999999999999999999", "1,2", ",", "file",
    "folder", "folder/", "folder/a", "file/a", "link", "lost", "circle", "missing/a", "/dev/null",
    "/dev/full", "/etc/passwd", "/proc/self/mem", "figures", "ring", "mnist", "sine", "gaussian",
    "\u{1B}[31mred", "a\nb", "\u{7}", "caf\u{E9}", "\u{202E}", "\u{FFFD}", "🎲", "%s%n", "$HOME",
    "*",
    "'", "\"", String(repeating: "x", count: 300), String(repeating: "y", count: 20_000),
    String(repeating: "/", count: 5_000),
  ]

  /// The option with a letter lost, doubled or changed, or with a dash too few or too many.
  private func mangled(_ option: String, using generator: inout SeededGenerator) -> String {
    var letters = Array(option)
    let index = letters.indices.randomElement(using: &generator)!
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: letters.remove(at: index)
    case 1: letters.insert(letters[index], at: index)
    case 2: letters[index] = "é"
    default: letters.swapAt(index, letters.indices.last!)
    }
    return String(letters)
  }
}
