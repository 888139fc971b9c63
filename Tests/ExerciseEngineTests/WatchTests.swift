import Foundation
import Notebook
import Testing

@testable import Exercises

private var exercises: [Exercise] {
  ["first-step", "second-step"].map {
    Exercise($0, "The \($0)", minutes: 10, hints: ["Think of σ.", "Write it."])
  }
}

/// A student's file, and programs that build and check it as its words say.
private final class Classroom {
  let root = NSTemporaryDirectory() + "watch-tests-" + UUID().uuidString
  let place: ChapterPlace
  /// The screens so far.
  var screens: [String] = []
  private let keys = Pipe()

  init() throws {
    place = ChapterPlace(
      chapter: "Ch01-Test", title: "A title", next: "Ch02-Next", root: root)
    try FileManager.default.createDirectory(
      atPath: root + "/Chapters/Ch01-Test", withIntermediateDirectories: true)
    write("stub")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ text: String) {
    try? Data(text.utf8).write(to: URL(filePath: place.absolute(place.file)))
  }

  func press(_ key: String) { keys.fileHandleForWriting.write(Data(key.utf8)) }

  private func row(_ id: String, _ status: String, _ message: String = "") -> String {
    #"{"id":"\#(id)","title":"T","status":"\#(status)","message":"\#(message)","needs":[],"#
      + #""printed":[],"seconds":0.1}"#
  }

  private var commands: Watch.Commands {
    let file = place.absolute(place.file)
    let build = """
      if grep -q queue \(file); then
        echo "Another instance of SwiftPM (PID: 7) is already running using '.build'"
        while grep -q queue \(file); do sleep 0.05; done
        echo Building
      fi
      if grep -q typo \(file); then
        echo '\(file):1:1: error: cannot find the typo in scope'; exit 1
      fi
      """
    let first = { self.row("first-step", $0, $1) }
    let results = { (rows: [String]) in "echo '[\(rows.joined(separator: ","))]'" }
    let check = """
      case "$(cat \(file))" in
        stub) \(results([first("not started", "todo() stands."), row("second-step", "wrong", "No.")]));;
        half) \(results([first("passed", ""), row("second-step", "wrong", "No.")])); exit 1;;
        all) \(results([first("passed", ""), row("second-step", "passed")]));;
      esac
      """
    return Watch.Commands(
      build: ["/bin/sh", "-c", build], check: ["/bin/sh", "-c", check],
      others: [
        ("Ch00-Other", ["/bin/sh", "-c", results([first("passed", ""), first("wrong", "")])]),
        ("Ch02-Next", nil),
      ])
  }

  /// Watches, and takes the next step whenever the screen shows what the step waits for. Without
  /// steps, `q` is pressed.
  func watch(_ steps: [(until: String, then: (Classroom) -> Void)]) throws {
    var rest = steps[...]
    var watch = Watch(
      place: place, exercises: exercises, commands: commands,
      renderer: TerminalRenderer(width: 80), input: keys.fileHandleForReading.fileDescriptor
    ) { screen in
      self.screens.append(screen)
      guard let step = rest.first else { return self.press("q") }
      guard screen.contains(step.until) else { return }
      rest.removeFirst()
      step.then(self)
      if rest.isEmpty { self.press("q") }
    }
    // A step that waits in vain must not hold the tests up.
    let end = keys.fileHandleForWriting
    let limit = DispatchWorkItem { end.write(Data("q".utf8)) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: limit)
    try watch.run()
    limit.cancel()
    #expect(rest.isEmpty, "\(rest.first?.until ?? "") is not in \(screens.last ?? "")")
  }
}

@Suite struct WatchTests {
  @Test("From a stub to the end of a chapter", .timeLimit(.minutes(15)))
  func aWholeChapter() throws {
    let room = try Classroom()
    try room.watch([
      ("todo() stands.", { $0.press("h") }),
      ("Hint 1 of 2\nThink of σ.\n", { $0.press("hh") }),
      ("Hint 2 of 2\nWrite it.\n", { $0.press("n") }),
      ("second-step: The second-step\nNo.\n", { $0.press("n") }),
      ("first-step: The first-step", { $0.write("typo") }),
      ("Exercises.swift:1: cannot find the typo in scope\n", { $0.write("half") }),
      ("first-step passes now.\n\nsecond-step: The second-step\nNo.\n", { $0.press("r") }),
      ("Building …", { _ in }),
      ("2 of 4 (not built: 2)", { $0.write("all") }),
      ("All 2 passed.\n\nThe next chapter, and its exercises:\n  swift run Ch02-Next\n", { _ in }),
    ])
    let last = try #require(room.screens.last)
    #expect(last.contains("This chapter  ████████████████████  2 of 2\n"))
    // A slow machine may still be at the build that r asked for.
    #expect(last.hasSuffix("\nr run again   q quit\n"))
  }

  @Test("Ctrl-C, Ctrl-D and the end of the keys end the watch", arguments: ["\u{3}", "\u{4}", "q"])
  func end(key: String) throws {
    try Classroom().watch([("Ch01-Test", { $0.press(key) })])
  }

  @Test("A build that waits for another one says so", .timeLimit(.minutes(2)))
  func queued() throws {
    try Classroom().watch([
      ("todo() stands.", { $0.write("queue") }),
      ("Waiting for another swift command", { $0.write("half") }),
      ("first-step passes now.", { _ in }),
    ])
  }

  @Test("A check that ends without a result is not taken for one")
  func trouble() throws {
    let room = try Classroom()
    try room.watch([
      ("todo() stands.", { $0.write("neither") }),
      ("The check ended without a result. Press r to run it again.", { $0.write("half") }),
      (
        "first-step passes now.",
        { #expect($0.screens.last?.contains("without a result") == false) }
      ),
    ])
  }

  @Test(
    "A screen is at most as wide as the terminal", arguments: [(40, true), (80, true), (80, false)])
  func width(width: Int, isASCII: Bool) {
    var state = WatchState(
      place: ChapterPlace(chapter: "Ch01-Test", title: "A title"), exercises: exercises)
    let long = String(repeating: "a long “message” of σ ", count: 20)
    let renderer = TerminalRenderer(width: width, isASCII: isASCII)
    func check() {
      let screen = renderer.screen(state).joined(separator: "\n")
      #expect(screen.split(separator: "\n").allSatisfy { $0.count <= width || $0.hasPrefix("  ") })
      #expect(!isASCII || screen.allSatisfy(\.isASCII))
    }
    check()
    state.others = (0...9).map { ("Ch0\($0)-Other", .notBuilt) }
    state.complaints = [BuildComplaint(place: "Exercises.swift:1", message: long, advice: long)]
    check()
    state.trouble = long
    state.update([])
    check()
  }

  @Test("The bar is full only at the end")
  func bar() {
    let renderer = TerminalRenderer(isASCII: true)
    #expect(renderer.bar(0, of: 0) == "[....................]")
    #expect(renderer.bar(1, of: 3) == "[######..............]")
    #expect(renderer.bar(40, of: 41) == "[###################.]")
    #expect(renderer.bar(41, of: 41) == "[####################]")
  }

  @Test("The chapter is built again as it was built before")
  func commands() {
    let place = ChapterPlace(chapter: "Ch01-Test", root: "/book")
    func build(_ program: String) -> [String] {
      Array(
        Watch.Commands(program: URL(filePath: program), place: place, timeLimit: 5).build.dropFirst(
          3))
    }
    #expect(
      build("/book/.build/x86_64-unknown-linux-gnu/debug/Ch01-Test") == ["--product", "Ch01-Test"])
    #expect(
      build("/book/.build/x86_64-unknown-linux-gnu/release/Ch01-Test")
        == ["--product", "Ch01-Test", "-c", "release"])
    #expect(
      build("/tmp/b/x86_64-unknown-linux-gnu/debug/Ch01-Test")
        == ["--product", "Ch01-Test", "--scratch-path", "/tmp/b"])
  }

  #if os(Linux)
    @Test("A terminal hands over keys at once, and is given back as it was")
    func terminal() throws {
      // The C library hides `posix_openpt` from Swift, so this asks the system as it does.
      let main = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (number, unlocked): (Int32, Int32) = (0, 0)
      let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
      _ = unsafe ioctl(main, unlock, &unlocked)
      _ = unsafe ioctl(main, getNumber, &number)
      let terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      defer {
        close(terminal)
        close(main)
      }
      func flags() -> tcflag_t {
        var settings = termios()
        unsafe tcgetattr(terminal, &settings)
        return settings.c_lflag
      }
      let before = flags()
      let raw = try #require(RawTerminal(terminal))
      #expect(flags() & tcflag_t(ICANON | ECHO | ISIG) == 0)
      raw.restore()
      #expect(flags() == before)
      let pipe = Pipe()
      #expect(RawTerminal(pipe.fileHandleForReading.fileDescriptor) == nil)
    }
  #endif
}
