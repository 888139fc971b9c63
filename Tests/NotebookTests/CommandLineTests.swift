import Foundation
import Testing

@testable import Notebook

private let epochs = Knob.integer(
  "epochs", default: 20, in: 0...10_000, unit: "passes", help: "How long to train.")
private let offset = Knob.integer("offset", default: 0, in: -5...5, help: "A shift.")
private let rate = Knob.real("learning-rate", default: 0.001, in: -1...1, help: "The step.")
private let hidden = Knob.integers(
  "hidden", default: [400], in: 1...4096, count: 1...3, unit: "units", help: "The widths.")
private let decoder = Knob.choice(
  "decoder", default: "bernoulli", of: ["bernoulli", "gaussian"], help: "The law of a pixel.")
private let data = Knob.text(
  "data", default: "mnist", placeholder: "mnist|ring|DIR", help: "What to learn from.")
private let checkpoint = Knob.file("checkpoint", help: "Where to save.")
private let quick = Knob.flag("quick", help: "Skips the slow parts.")

private let exercises = Subcommand(name: "exercises", title: "The exercises") { _ in .failure }

private let commandLine = CommandLineInterface(
  name: "Ch00-Test", knobs: [epochs, offset, rate, hidden, decoder, data, checkpoint, quick],
  commands: [exercises])

private func options(_ arguments: String...) throws -> Options {
  guard case .run(let options) = try commandLine.parse(arguments) else {
    throw UsageError("these are no options")
  }
  return options
}

@Test func defaultsStandWithoutArguments() throws {
  let options = try options()
  #expect(options[epochs] == 20)
  #expect(options[rate] == 0.001)
  #expect(options[hidden] == [400])
  #expect(options[decoder] == "bernoulli")
  #expect(options[data] == "mnist")
  #expect(options[checkpoint] == nil)
  #expect(options[quick] == false)
  #expect(options.seed == 2013)
  #expect(options.threads == nil)
}

@Test func everyKindOfKnobReadsItsValue() throws {
  let options = try options(
    "--epochs", "0", "--offset", "-5", "--learning-rate=-2.5e-1", "--hidden", "400,200",
    "--decoder=gaussian", "--data", "a=b", "--checkpoint", "-", "--quick", "--seed",
    "18446744073709551615", "--threads=256")
  #expect(options[epochs] == 0)
  #expect(options[offset] == -5)
  #expect(options[rate] == -0.25)
  #expect(options[hidden] == [400, 200])
  #expect(options[decoder] == "gaussian")
  #expect(options[data] == "a=b")
  #expect(options[checkpoint] == "-")
  #expect(options[quick])
  #expect(options.seed == .max)
  #expect(options.threads == 256)
}

struct BadArguments: CustomTestStringConvertible {
  let arguments: [String]
  let complaint: String

  init(_ arguments: String..., complaint: String) {
    self.arguments = arguments
    self.complaint = complaint
  }

  var testDescription: String { arguments.joined(separator: " ") }

  static let epochs = [
    "1e3", "١٢", " 5", "5 ", "5x", "", "-1", "10001", "99999999999999999999", "0x10", "3.0", "nan",
  ].map {
    BadArguments(
      "--epochs", $0,
      complaint: "--epochs must be an integer from 0 to 10000, not \(String(reflecting: $0))")
  }

  static let rates = ["nan", "inf", "-inf", "0x1p-2", "1e999", "1.5", "", "0,5", " 0", "1e", "--"]
    .map {
      BadArguments(
        "--learning-rate=\($0)",
        complaint: "--learning-rate must be a number from -1.0 to 1.0, not \"\($0)\"")
    }

  static let hidden = ["", "400,", ",400", "400,,2", "400;200", "0", "4097", "1,2,3,4", "1, 2"]
    .map {
      BadArguments(
        "--hidden=\($0)",
        complaint: "--hidden must be 1 to 3 integers from 1 to 4096, separated by commas, "
          + "not \"\($0)\"")
    }

  static let others = [
    BadArguments(
      "--epochs", complaint: "--epochs needs a value: an integer from 0 to 10000"),
    BadArguments(
      "--epochs", "--quick", complaint: "--epochs needs a value: an integer from 0 to 10000"),
    BadArguments("--epochs", "3", "--epochs=3", complaint: "--epochs is given twice"),
    BadArguments("--quick", "--quick", complaint: "--quick is given twice"),
    BadArguments("--quick=yes", complaint: "--quick takes no value, but \"yes\" was given"),
    BadArguments(
      "--epocs", "3", complaint: "unknown option \"--epocs\"; did you mean --epochs?"),
    BadArguments(
      "--check", "x", complaint: "unknown option \"--check\"; did you mean --checkpoint?"),
    BadArguments("--wormhole", complaint: "unknown option \"--wormhole\""),
    BadArguments("--", complaint: "unknown option \"--\""),
    BadArguments("epochs", complaint: "unexpected argument \"epochs\"; did you mean --epochs?"),
    BadArguments(
      "exercise", complaint: "unexpected argument \"exercise\"; did you mean exercises?"),
    BadArguments(
      "--exercises", complaint: "unknown option \"--exercises\"; did you mean exercises?"),
    BadArguments("hlep", complaint: "unexpected argument \"hlep\"; did you mean --help?"),
    BadArguments(
      "--sction", "2.1", complaint: "unknown option \"--sction\"; did you mean --section?"),
    BadArguments(
      "--section", "2.1,",
      complaint: "--section must be the number of a section, or several separated by commas, "
        + "not \"2.1,\""),
    BadArguments("-epochs", complaint: "unexpected argument \"-epochs\"; did you mean --epochs?"),
    BadArguments("", complaint: "unexpected argument \"\""),
    BadArguments(
      "--checkpoint", "caf\u{FFFD}", complaint: "the argument \"caf\u{FFFD}\" is not UTF-8"),
    BadArguments(
      String(repeating: "x", count: 20_000),
      complaint: "unexpected argument \"\(String(repeating: "x", count: 100))…\""),
    BadArguments("\u{1B}[31m", complaint: "unexpected argument \"\\u{1B}[31m\""),
    BadArguments(
      "--decoder", "gausian",
      complaint: "--decoder must be one of bernoulli, gaussian, not \"gausian\"; "
        + "did you mean gaussian?"),
    BadArguments(
      "--decoder", "x", complaint: "--decoder must be one of bernoulli, gaussian, not \"x\""),
    BadArguments("--data=", complaint: "--data must be a non-empty text, not \"\""),
    BadArguments(
      "--checkpoint=", complaint: "--checkpoint must be the path of a file, not \"\""),
    BadArguments(
      "--seed", "-1",
      complaint: "--seed must be an integer from 0 to 18446744073709551615, not \"-1\""),
    BadArguments(
      "--threads", "257", complaint: "--threads must be an integer from 1 to 256, not \"257\""),
  ]
}

@Test(
  arguments: BadArguments.epochs + BadArguments.rates + BadArguments.hidden + BadArguments.others)
func badArgumentsAreNamed(_ bad: BadArguments) {
  #expect(throws: UsageError(bad.complaint)) { try commandLine.parse(bad.arguments) }
}

@Test(arguments: [
  ["--help"], ["-h"], ["help"], ["help", "me"], ["--epochs", "3", "--help", "--nonsense"],
])
func helpIsAskedFor(_ arguments: [String]) throws {
  guard case .help = try commandLine.parse(arguments) else {
    Issue.record("\(arguments) is not understood as a question for help")
    return
  }
}

@Test func helpNamesEveryOptionInEightyColumns() {
  let help = commandLine.help(
    title: "A title", abstract: String(repeating: "An abstract of many words. ", count: 9))
  for option in commandLine.knobs + commandLine.common {
    #expect(help.contains("--\(option.name)"))
    #expect(help.contains(option.help.prefix(20)))
  }
  for detail in ["0 to 10000 passes; default 20", "default mnist", "one per core", "64  ", "73  "] {
    #expect(help.contains(detail))
  }
  #expect(help.split(separator: "\n").allSatisfy { $0.columns <= 80 })
}

@Test func aProgramThatTakesOperandsReadsThemBetweenItsOptions() throws {
  let interface = CommandLineInterface(name: "Test", knobs: [epochs, quick], operand: "NAME")
  let request = try interface.parse(["one", "--epochs=3", "two", "--quick", "three"])
  guard case .run(let options) = request else {
    Issue.record("these are options")
    return
  }
  #expect(options.operands == ["one", "two", "three"])
  #expect(options[epochs] == 3 && options[quick])
  #expect(throws: UsageError("unexpected argument \"-z\"")) { try interface.parse(["one", "-z"]) }
  #expect(
    interface.usage == """
      Usage: swift run Test [NAME...] [OPTION...]
        See 'swift run Test --help' for more information.

      """)
  for option in ["--epochs N", "--quick", "--version", "-h, --help"] {
    #expect(interface.optionList.contains("  \(option) "))
  }
  #expect(!interface.optionList.contains("--seed"))
}

@Test("No name is near a text of any length, and that is soon known", .timeLimit(.minutes(5)))
func longTextsHaveNoNearestName() {
  let text = String(repeating: "x", count: 1 << 20)
  #expect(nearest(to: text, among: ["seed", "threads"]) == nil)
}

@Test func nearestNames() {
  let names = ["seed", "threads", "epochs", "latent"]
  #expect(nearest(to: "sede", among: names) == "seed")
  #expect(nearest(to: "thread", among: names) == "threads")
  #expect(nearest(to: "e", among: names) == "epochs")
  #expect(nearest(to: "figures", among: names) == nil)
  #expect(nearest(to: "", among: names) == nil)
  #expect(nearest(to: "seed", among: []) == nil)
  // Half of the letters may change, and no more.
  #expect(nearest(to: "sdxxxxxx", among: ["sdyy"]) == nil)
  #expect(nearest(to: "sdyyxxxx", among: ["sdyy"]) == "sdyy")
  #expect(levenshteinDistance("kitten", "sitting") == 3)
  #expect(levenshteinDistance("", "abc") == 3)
  #expect(levenshteinDistance("abc", "") == 3)
}

@Test func colourPrecedence() {
  func colour(
    _ variables: [String: String], columns: Int? = 80, choice: Bool? = nil
  ) -> Bool {
    LaunchEnvironment(variables: variables, terminalColumns: columns).wantsColor(choice)
  }
  #expect(colour([:]))
  #expect(colour(["TERM": "xterm"]))
  #expect(!colour(["TERM": "dumb"]))
  #expect(!colour([:], columns: nil))
  #expect(colour(["CLICOLOR_FORCE": "1"], columns: nil))
  #expect(colour(["CLICOLOR_FORCE": "1", "TERM": "dumb"]))
  #expect(!colour(["CLICOLOR_FORCE": "0"], columns: nil))
  #expect(!colour(["CLICOLOR_FORCE": ""], columns: nil))
  #expect(!colour(["NO_COLOR": "1", "CLICOLOR_FORCE": "1"]))
  #expect(colour(["NO_COLOR": ""]))
  #expect(!colour(["CLICOLOR_FORCE": "1"], choice: false))
  #expect(colour(["NO_COLOR": "1", "TERM": "dumb"], columns: nil, choice: true))
}

@Test("Closed standard streams are occupied, so that no file takes their place")
func closedStandardStreams() async {
  await #expect(processExitsWith: .success) {
    for descriptor in Int32(0)...2 { close(descriptor) }
    StandardStream.occupyClosed()
    let next = unsafe open("/dev/null", O_RDONLY)
    // They still fail, so that nobody takes what is lost for written.
    guard next > 2, unsafe write(1, [7], 1) < 0, unsafe write(2, [7], 1) < 0 else { exit(1) }
    // Streams that are open stay what they are.
    dup2(unsafe open("/dev/null", O_WRONLY), 1)
    StandardStream.occupyClosed()
    guard unsafe write(1, [7], 1) == 1 else { exit(2) }
  }
}
