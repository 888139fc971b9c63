import Foundation
import Testing

/// What a program owes the system around it, whatever the chapter.
@Suite struct ProcessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Signals

  /// A chapter that trains without end.
  private static let endless = (
    program: Program(name: "Ch05-VAE"),
    arguments: ["--data", "ring", "--hidden", "64", "--epochs", "100000", "--threads", "1"]
  )

  /// The process of a chapter that trains without end, and what it writes to.
  private func endlessTraining(errors: FileHandle = .nullDevice) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Self.endless.program.path)
    process.arguments = Self.endless.arguments + ["--checkpoint", "saved"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ["TERM": "xterm"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    return process
  }

  @Test(
    "A signal ends a chapter, and leaves the checkpoint and nothing unfinished",
    .timeLimit(.minutes(5)), arguments: [SIGHUP, SIGINT, SIGTERM])
  func signals(number: Int32) throws {
    // The tests may have been started with the signal ignored, and the chapter would inherit that.
    signal(number, SIG_DFL)
    let process = endlessTraining()
    try process.run()
    while try !folder.names.contains("saved") { usleep(10_000) }
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
    #expect(try folder.names == ["saved"])
  }

  @Test func aSignalThatTheCallerIgnoresStaysIgnored() throws {
    let (program, arguments) = Program.brief
    let script = """
      trap '' INT
      "$0" "$@" >page &
      while [ ! -s page ]; do sleep 0.02; done
      kill -INT $!
      wait $!
      """
    let run = try Run(script: script, [program.path] + arguments, in: folder)
    #expect(run.status == 0)
    #expect(try folder.text(of: "page").contains(": all hold"))
  }

  @Test(.timeLimit(.minutes(5))) func aSignalTakesTheProgressLineOffTheTerminal() throws {
    var (master, slave): (Int32, Int32) = (0, 0)
    try unsafe #require(openpty(&master, &slave, nil, nil, nil) == 0)
    let terminal = FileHandle(fileDescriptor: master, closeOnDealloc: true)
    let process = endlessTraining(
      errors: FileHandle(fileDescriptor: slave, closeOnDealloc: true))
    try process.run()
    var shown = Data()
    while !shown.contains(UInt8(ascii: "%")) { shown += terminal.availableData }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
    // The terminal holds what was written last.
    shown += terminal.availableData
    #expect(String(decoding: shown, as: UTF8.self).hasSuffix("\r\u{1B}[K"))
  }

  // MARK: Streams

  @Test("A closed standard output ends the program with one sentence", arguments: Program.all)
  func aClosedStandardOutputIsASentence(_ program: Program) throws {
    let run = try program.run(["--help"], in: folder, redirections: ">&-")
    #expect(run.status == 73)
    #expect(run.errors == "Error: cannot write standard output: bad file descriptor\n")
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"),
    arguments: Program.all)
  func aFullDiskIsASentence(_ program: Program) throws {
    let run = try program.run(["--version"], in: folder, redirections: ">/dev/full")
    #expect(run.status == 73)
    #expect(
      run.errors == "Error: cannot write standard output: no space left on device\n")
  }

  /// A file opened after a standard stream was closed gets its number, and what is meant for the stream.
  @Test(arguments: ["<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
  func closedStreamsLeaveNothingInFiles(redirections: String) throws {
    let (program, arguments) = Program.brief
    let files = ["--html", "page.html", "--markdown", "page.md"]
    let run = try program.run(arguments + files, in: folder, redirections: redirections)
    let isOutputClosed = redirections.contains(">&- ")
    #expect(run.status == (isOutputClosed ? 73 : 0))
    guard !isOutputClosed else { return }
    #expect(run.output.contains(": all hold\n"))
    let page = try folder.text(of: "page.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(try folder.text(of: "page.md").hasPrefix("# "))
  }

  @Test("A file beyond the system's size limit ends the program with one sentence")
  func aFileBeyondTheSizeLimitIsASentence() throws {
    let (program, arguments) = Program.brief
    let run = try program.run(
      arguments + ["--html", "page.html"], in: folder, setup: "ulimit -f 10",
      redirections: ">/dev/null")
    #expect(run.status == 73)
    #expect(run.errors == "Error: cannot write page.html: file too large\n")
    #expect(try folder.names.isEmpty)
  }

  // MARK: Pager

  /// How a chapter ends on a terminal of 24 rows, and what it shows there.
  private func runOnTerminal(
    _ chapter: (program: Program, arguments: [String]) = Program.brief, pager: String,
    _ arguments: String...
  ) throws -> (process: Process, shown: String) {
    var (master, slave): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try unsafe #require(openpty(&master, &slave, nil, nil, &size) == 0)
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    let process = Process()
    process.executableURL = URL(filePath: chapter.program.path)
    process.arguments = chapter.arguments + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ["TERM": "xterm", "PATH": "/usr/bin:/bin", "PAGER": pager]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = terminal
    process.standardError = FileHandle.nullDevice
    try process.run()
    try terminal.close()
    // Reading fails when the last process has closed the terminal.
    var shown = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      shown += buffer[..<count]
    }
    close(master)
    process.waitUntilExit()
    return (process, String(decoding: shown, as: UTF8.self).replacing("\r\n", with: "\n"))
  }

  @Test(.timeLimit(.minutes(5))) func aLongPageGoesThroughThePagerAsItIsPrinted() throws {
    let direct = try runOnTerminal(pager: "cat >paged", "--no-pager")
    #expect(direct.process.terminationStatus == 0)
    #expect(direct.shown.contains(": all hold"))
    #expect(try folder.names.isEmpty)
    let paged = try runOnTerminal(pager: "cat >paged")
    #expect(paged.process.terminationReason == .exit && paged.process.terminationStatus == 0)
    #expect(paged.shown.isEmpty)
    #expect(try folder.text(of: "paged") == direct.shown)
  }

  @Test(.timeLimit(.minutes(5))) func whoLeavesThePagerEarlyEndsTheChapterAsAClosedPipeDoes() throws
  {
    let run = try runOnTerminal(Self.endless, pager: "head -n 1 >paged")
    #expect(run.process.terminationReason == .uncaughtSignal)
    #expect(run.process.terminationStatus == SIGPIPE)
    #expect(run.shown.isEmpty)
  }

  @Test(.timeLimit(.minutes(5))) func withoutThePagerThePageIsPrinted() throws {
    let run = try runOnTerminal(pager: "no-such-pager")
    #expect(run.process.terminationReason == .exit && run.process.terminationStatus == 0)
    #expect(run.shown.contains(": all hold"))
  }

  // MARK: Surroundings

  @Test(
    "In a deleted folder nothing can be written, and no notes are found",
    arguments: [
      (["--html", "x"], 73), (["--markdown", "x"], 73), (["--markdown", "/"], 73),
      (["--update-notes"], 66),
    ] as [([String], Int32)])
  func deletedFolder(arguments: [String], status: Int32) throws {
    let setup = "mkdir gone && cd gone && rmdir ../gone"
    let run = try Program.brief.program.run(arguments, in: folder, setup: setup)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: cannot "))
    #expect(!run.didHang)
  }

  @Test(
    "The page is the same whatever the environment",
    arguments: [
      "unset HOME TMPDIR PATH LANG TERM", "export HOME= TMPDIR=/none LANG=C COLUMNS=0",
      "export LANG=tr_TR.UTF-8 LC_ALL=xx COLUMNS=99999999999999999999 TERM=dumb",
    ])
  func environments(setup: String) throws {
    let (program, arguments) = Program.brief
    let plain = try program.run(arguments, in: folder)
    let odd = try program.run(arguments + ["--html", "page.html"], in: folder, setup: setup)
    #expect(plain.status == 0 && odd.status == 0, "\(odd.errors)")
    #expect(plain.output == odd.output && plain.errors == odd.errors)
  }

  @Test(arguments: Program.chapters) func aNameThatIsNotUTF8IsRefused(_ program: Program) throws {
    // Some file systems would take the name.
    let setup = #"set -- --html "$(printf 'caf\351.html')""#
    let run = try program.run([], in: folder, setup: setup)
    #expect(run.status == 64)
    #expect(
      run.errors.hasPrefix("Error: the argument \"caf\u{FFFD}.html\" is not UTF-8\n"))
    #expect(try folder.names.isEmpty)
  }

  // MARK: Benchmark

  @Test(
    "Benchmark refuses what it cannot do with a sentence",
    arguments: [
      (["matmull"], #"unknown row "matmull"; did you mean matmul?"#),
      (["inconceivable"], #"unknown row "inconceivable"; --list shows all"#),
      (["--thread", "2"], #"unknown option "--thread"; did you mean --threads?"#),
      (["--threads=0"], #"--threads must be an integer from 1 to 256, not "0""#),
      (
        ["--peers", "/etc/passwd"],
        #"--peers must be a Python that can be run, not "/etc/passwd""#
      ),
      (
        ["--peers", "/bin/echo"],
        #"--peers must be a Python that can be run, not "/bin/echo""#
      ),
    ])
  func benchmarkRefuses(arguments: [String], complaint: String) throws {
    let run = try Program.benchmark.run(arguments, in: folder)
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: \(complaint)\nUsage: swift run Benchmark "))
  }

  @Test func benchmarkListsTheRowsOfAGroup() throws {
    let run = try Program.benchmark.run(["exp", "--threads=1", "--list"], in: folder)
    #expect(run.status == 0 && run.output == "exp/float\nexp/double\n")
  }

  // MARK: Book

  @Test(
    "Book refuses what it cannot do with a sentence, before any chapter runs",
    arguments: [
      ([], 64, "--html DIR is missing"), (["--htm", "x"], 64, "--htm"),
      (["page"], 64, "page"), (["--html", "a/b"], 73, "there is no folder a"),
      (["--html", "/dev/null"], 73, "it is not a folder"),
    ] as [([String], Int32, String)])
  func bookRefuses(arguments: [String], status: Int32, complaint: String) throws {
    let run = try Program.book.run(arguments, in: folder)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.errors.contains(complaint))
    #expect(try folder.names.isEmpty)
  }
}
