import Files
import Foundation
import Testing

@testable import Notebook

/// What a run wrote, and how it ended.
private final class Run {
  var output = ""
  var errors = ""
  var status: Int32 = -1

  init(
    _ arguments: [String] = [], environment: LaunchEnvironment = LaunchEnvironment(),
    errors kind: ErrorStream.Kind = .plain, abstract: String = "",
    body: @escaping @Sendable (Page, Options) throws -> Void = { _, _ in }
  ) {
    let chapter = Chapter("Ch00-Test", title: "A title", abstract: abstract, body: body)
    status =
      chapter.execute(
        arguments: arguments, environment: environment,
        errors: ErrorStream(kind) { self.errors += $0 }, output: { self.output += $0 }
      ).exitStatus
  }
}

private struct OddError: Error, CustomStringConvertible {
  var description: String { "something odd" }
}

@Test("A chapter whose checks all hold exits with status 0")
func aPageThatHoldsEndsWithZero() {
  let run = Run(abstract: "What it is about.") { page, _ in
    page.section("0.1", "First")
    page.check("Two is two.", .equal(Quantity("two", 2), Quantity("2", 2), tolerance: 0))
  }
  #expect(run.status == 0)
  #expect(run.errors.isEmpty)
  #expect(
    run.output == """
      A title
      ═══════

      What it is about.

      0.1 First
      ─────────

      ✓ Two is two. (difference 0)

      1 check: all hold

      """)
}

@Test("A failed check is named, and the chapter exits with status 1")
func aFailedCheckEndsWithOneAndIsNamed() {
  let run = Run { page, _ in
    page.check("Less.", .atMost(Quantity("a", 1), Quantity("b", 2)))
    page.check("More.", .atMost(Quantity("a", 2), Quantity("b", 1)))
  }
  #expect(run.status == 1)
  #expect(run.output.hasSuffix("\n1 of 2 checks hold; these do not:\n✗ More.\n"))
}

@Test func aPageWithoutChecksHasNoSummary() {
  let run = Run()
  #expect(run.status == 0)
  #expect(run.output == "A title\n═══════\n")
}

@Test("An error in a chapter decides its exit status")
func errorsOfTheBodyEndWithTheirStatus() {
  let unreadable = Run { _, _ in throw FileError(.read, "a.idx", "it is empty") }
  #expect(unreadable.status == 66)
  #expect(unreadable.errors == "Error: cannot read a.idx: it is empty\n")
  let unwritable = Run { _, _ in throw FileError(.write, "b", "the disk is full") }
  #expect(unwritable.status == 73)
  let odd = Run { _, _ in throw OddError() }
  #expect(odd.status == 1)
  #expect(odd.errors == "Error: something odd\n")
  let usage = Run { _, _ in throw UsageError("--a does not go with --b") }
  #expect(usage.status == 64)
  #expect(
    usage.errors == """
      Error: --a does not go with --b
      Usage: swift run Ch00-Test [OPTION...]
        See 'swift run Ch00-Test --help' for more information.

      """)
}

@Test func anErrorHasNoSummary() {
  let run = Run { page, _ in
    page.check("Less.", .atMost(Quantity("a", 1), Quantity("b", 2)))
    throw OddError()
  }
  #expect(!run.output.contains("all hold"))
}

@Test("With a wrong command line nothing runs")
func aWrongCommandLineRunsNothing() {
  let run = Run(["--sede", "3"]) { _, _ in Issue.record("the body ran") }
  #expect(run.status == 64)
  #expect(run.output.isEmpty)
  #expect(
    run.errors.hasPrefix("Error: unknown option \"--sede\"; did you mean --seed?\nUsage:"))
}

@Test func helpAndVersionGoToStandardOutput() {
  let lacking = LaunchEnvironment(missingProcessorFeatures: ["avx2"])
  let help = Run(["--help"], environment: lacking) { _, _ in Issue.record("the body ran") }
  #expect(help.status == 0)
  #expect(help.errors.isEmpty)
  #expect(
    help.output.hasPrefix("A title\n\nUsage: swift run Ch00-Test [OPTION...]\n\nOptions of every"))
  let version = Run(["--version"]) { _, _ in Issue.record("the body ran") }
  #expect(version.status == 0)
  #expect(version.output == "Ch00-Test \(Chapter.version)\n")
}

@Test("A processor without the needed instructions is refused with a sentence")
func aProcessorThatWillNotDoGetsASentence() {
  let run = Run(environment: LaunchEnvironment(missingProcessorFeatures: ["avx2", "fma"])) { _, _ in
    Issue.record("the body ran")
  }
  #expect(run.status == 1)
  #expect(run.output.isEmpty)
  #expect(
    run.errors == "Error: this build needs a processor with AVX2 and FMA (x86-64-v3); yours "
      + "lacks avx2, fma. Build for any processor with: PORTABLE=1 swift run Ch00-Test\n")
}

@Test func missingFeaturesAreReadFromTheFlags() {
  let complete = "flags\t\t: fpu avx avx2 bmi1 bmi2 f16c fma abm movbe\nbugs : none\n"
  #expect(Processor.missingFeatures(cpuinfo: complete) == [])
  // "avx" must not be found in "avx512f", nor anything in another line.
  let old = "vmx flags : avx2 fma\nflags : fpu avx512f movbe bmi1\n"
  #expect(
    Processor.missingFeatures(cpuinfo: old) == ["avx", "avx2", "bmi2", "f16c", "fma", "abm"])
  #expect(Processor.missingFeatures(cpuinfo: "Features : fp asimd\n") == [])
  #expect(Processor.missingFeatures(cpuinfo: "") == [])
}

@Test func asciiAndColourReachTheRenderer() {
  let body: @Sendable (Page, Options) throws -> Void = { page, _ in
    page.check("σ² ≤ 1", .atMost(Quantity("σ²", 0.5), Quantity("1", 1)))
  }
  let plain = Run(body: body).output
  #expect(plain.contains("✓ σ² ≤ 1"))
  #expect(!plain.contains("\u{1B}"))
  let ascii = Run(["--ascii"], body: body).output
  #expect(ascii.utf8.allSatisfy { $0 < 128 })
  #expect(ascii.contains("ok sigma^2 <= 1"))
  let terminal = LaunchEnvironment(terminalColumns: 40)
  #expect(Run(environment: terminal, body: body).output.contains("\u{1B}[32m✓\u{1B}[0m"))
  #expect(!Run(["--no-color"], environment: terminal, body: body).output.contains("\u{1B}"))
  #expect(Run(["--color"], body: body).output.contains("\u{1B}[32m✓\u{1B}[0m"))
  let both = Run(["--color", "--no-color"], body: body)
  #expect(both.status == 64 && both.output.isEmpty)
  #expect(both.errors.hasPrefix("Error: --color and --no-color contradict each other\n"))
}

@Test func thePageKeepsItsBlocksAndWritesThemAtOnce() throws {
  var written: [String] = []
  let page = Page { written.append($0) }
  page.section("1", "One")
  page.prose("Text.")
  page.equation("x^2")
  page.table([.left("a")], rows: [["b"]])
  page.images([.init([GrayImage(width: 1, height: 1, pixels: [1])])])
  page.note("Beware", "Of this.")
  page.check("Same.", .sameText(NamedText("a", "x"), NamedText("b", "x")))
  #expect(written.count == 7)
  #expect(
    page.blocks == [
      .heading(Heading(number: "1", title: "One")), .prose(Prose("Text.")),
      .equation(try Equation(tex: "x^2")), .table(Table([.left("a")], rows: [["b"]])),
      .imageGrid(ImageGrid([.init([GrayImage(width: 1, height: 1, pixels: [1])])])),
      .note(Note("Beware", "Of this.")),
      .check(Check("Same.", .sameText(NamedText("a", "x"), NamedText("b", "x")))),
    ])
  #expect(page.checks.count == 1)
}

@Test("Progress that does not go to a terminal is a line for each ten per cent")
func progressElsewhereIsALineEachTenPercent() {
  let body: @Sendable (Page, Options) throws -> Void = { page, _ in
    let progress = page.progress("Training", total: 30)
    for epoch in 1...30 { progress.advance("epoch \(epoch)/30") }
    page.prose("Done.")
  }
  let run = Run(body: body)
  let lines = run.errors.split(separator: "\n")
  #expect(lines.count == 10)
  #expect(lines.first == "Training 10 %: epoch 3/30")
  #expect(lines.last == "Training 100 %: epoch 30/30")
  // The page is the same whether or not anyone watches.
  let watched = Run(errors: .terminal(columns: 80), body: body)
  let silent = Run(errors: .silent, body: body)
  #expect(run.output == watched.output)
  #expect(run.output == silent.output)
  #expect(silent.errors.isEmpty)
}

@Test func progressOnATerminalIsOneLineThatGoesAway() {
  let run = Run(errors: .terminal(columns: 20)) { page, _ in
    let progress = page.progress("Training", total: 2)
    progress.advance("with a message that is too long")
    page.prose("A block clears the line.")
    progress.advance()
    progress.finish()
    progress.advance()
  }
  let clear = "\r\u{1B}[K"
  #expect(
    run.errors == "\rTraining 50 %: with\u{1B}[K" + clear + "\rTraining 100 %\u{1B}[K" + clear)
}

@Test func progressIsClearedWhenTheBodyThrows() {
  let run = Run(errors: .terminal(columns: 80)) { page, _ in
    page.progress("Training", total: 2).advance()
    throw OddError()
  }
  #expect(run.errors == "\rTraining 50 %\u{1B}[K\r\u{1B}[KError: something odd\n")
}

@Test("Progress over nothing does not divide by zero")
func progressOfNothingDivides() {
  let run = Run { page, _ in page.progress("Nothing", total: 0).advance() }
  #expect(run.errors == "Nothing 100 %\n")
}

@Test("A chapter for which there is no memory ends with a sentence, and no page of registers")
func noMemory() async throws {
  let result = try #require(
    await #expect(processExitsWith: .exitCode(EX_OSERR), observing: [\.standardErrorContent]) {
      endCalmlyOnAbort()
      print([UInt8](repeating: 1, count: 1 << 48).count)
    })
  let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
  #expect(lines.contains { $0.hasPrefix("Fatal error: failed to allocate 28147497671") })
  #expect(!lines.contains { $0.contains("rip") || $0.contains("Thread") })
}

@Test func aStreamThatCannotBeWrittenThrows() throws {
  // A descriptor opened for reading refuses every write.
  let file = try #require(FileHandle(forReadingAtPath: "/dev/null"))
  let stream = StandardStream(name: "standard output", descriptor: file.fileDescriptor)
  let error = #expect(throws: FileError.self) { try stream.send("text") }
  #expect(error?.operation == .write)
  #expect(error?.path == "standard output")
  #expect(ExitStatus(of: try #require(error)) == .unwritable)
}

@Test("A command runs in place of the page, with the arguments after its name")
func subcommands() {
  let echo = Subcommand(name: "echo", title: "An echo") { call in
    call.output("\(call.chapter.name): \(call.arguments.joined(separator: " "))")
    return .unreadable
  }
  let chapter = Chapter("Ch00-Test", title: "A title", commands: [echo]) { _, _ in
    Issue.record("the body ran")
  }
  var output = ""
  #expect(chapter.execute(arguments: ["echo", "a", "-b"]) { output += $0 }.exitStatus == 66)
  #expect(chapter.execute(arguments: ["help", "echo"]) { output += "|" + $0 }.exitStatus == 66)
  #expect(output == "Ch00-Test: a -b|Ch00-Test: help")
  output = ""
  #expect(chapter.execute(arguments: ["--help"]) { output += $0 }.exitStatus == 0)
  #expect(output.contains("\n\nAn echo:\n  swift run Ch00-Test echo --help\n\nExit status:\n"))
}
