import Foundation
import Testing

@testable import Notebook

@Suite struct PagerCommandTests {
  private func words(_ variables: [String: String]) -> [String]? {
    PagerCommand(variables)?.words
  }

  @Test func lessIsThePagerUnlessTheEnvironmentNamesAnother() {
    #expect(words([:]) == ["less"])
    #expect(words(["PAGER": "more"]) == ["more"])
    #expect(words(["PAGER": "/usr/bin/less"]) == ["/usr/bin/less"])
    #expect(words(["PAGER": "less -S"]) == ["/bin/sh", "-c", "less -S"])
    #expect(words(["PAGER": "col -b | more"]) == ["/bin/sh", "-c", "col -b | more"])
  }

  @Test(
    "An empty PAGER, cat and a dumb terminal mean none",
    arguments: [
      ["PAGER": ""], ["PAGER": " "], ["PAGER": "cat"], ["TERM": "dumb"],
      ["PAGER": "less", "TERM": "dumb"],
    ])
  func noPager(variables: [String: String]) {
    #expect(words(variables) == nil)
  }

  @Test func lessIsToldWhatGitTellsIt() {
    #expect(PagerCommand(["A": "b"])?.variables == ["A": "b", "LESS": "FRX", "LV": "-c"])
    #expect(PagerCommand(["LESS": "-S"])?.variables["LESS"] == "-S")
    #expect(PagerCommand(["LESS": ""])?.variables["LESS"] == "")
  }
}

/// What went which way from a screen of 5 rows and 10 columns.
private final class Screen {
  var printed = ""
  var paged = ""
  var events: [String] = []

  init(hasPager: Bool = true, _ texts: String...) {
    let output = PagedOutput(rows: 5, columns: 10, direct: { self.printed += $0 }) {
      self.events.append("start")
      return hasPager
        ? Pager(send: { self.paged += $0 }, finish: { self.events.append("finish") }) : nil
    }
    for text in texts { output.write(text) { events.append("will page") } }
    output.finish()
  }
}

@Suite struct PagedOutputTests {
  @Test func whatFitsIsPrinted() {
    let screen = Screen("1\n2\n", "3\n4\n")
    #expect(screen.printed == "1\n2\n3\n4\n")
    #expect(screen.paged.isEmpty && screen.events.isEmpty)
  }

  @Test func whatDoesNotFitGoesThroughThePager() {
    let screen = Screen("1\n2\n", "3\n4\n5\n", "6\n")
    #expect(screen.paged == "1\n2\n3\n4\n5\n6\n")
    #expect(screen.printed.isEmpty)
    #expect(screen.events == ["will page", "start", "finish"])
  }

  @Test func withoutAPagerAllIsPrinted() {
    let screen = Screen(hasPager: false, "1\n2\n3\n4\n5\n", "6\n")
    #expect(screen.printed == "1\n2\n3\n4\n5\n6\n")
    #expect(screen.events == ["will page", "start"])
  }

  @Test func longLinesTakeSeveralRows() {
    #expect(Screen("1234567890\n\n\n\n").paged.isEmpty)
    #expect(!Screen("12345678901\n\n\n\n").paged.isEmpty)
    // Colours take no room.
    #expect(Screen("\u{1B}[38;5;16;48;5;231m123456789\u{1B}[0m\n\n\n\n").paged.isEmpty)
  }
}

@Suite struct ProgressBesideAPagerTests {
  private func errors(_ kind: ErrorStream.Kind) -> String {
    var errors = ""
    let display = ProgressDisplay(on: ErrorStream(kind) { errors += $0 })
    let running = display.begin("one", total: 2)
    running.advance()
    display.yieldTerminal()
    running.advance()
    display.begin("two", total: 1).advance()
    return errors
  }

  @Test func progressLeavesTheTerminalToThePager() {
    #expect(errors(.terminal(columns: 80)) == "\rone 50 %\u{1B}[K\r\u{1B}[K")
  }

  @Test func progressInAFileGoesOn() {
    #expect(errors(.plain) == "one 50 %\none 100 %\ntwo 100 %\n")
  }
}

@Suite struct PagedChapterTests {
  /// Whether a run of a long chapter goes through the pager.
  private func isPaged(_ arguments: String...) -> Bool {
    let chapter = Chapter("Ch00-Test", title: "A title") { page, _ in
      for _ in 0..<5 { page.prose("Text.") }
    }
    var (paged, printed) = ("", "")
    let pages = PagedOutput(rows: 5, columns: 80, direct: { printed += $0 }) {
      Pager(send: { paged += $0 }, finish: {})
    }
    let outcome = chapter.execute(
      arguments: arguments, environment: LaunchEnvironment(), errors: .silent, pages: pages
    ) { printed += $0 }
    #expect(outcome.exitStatus == 0)
    #expect(paged.isEmpty != printed.isEmpty)
    return !paged.isEmpty
  }

  @Test func onlyAChaptersPageIsPaged() {
    #expect(isPaged())
    #expect(!isPaged("--no-pager"))
    #expect(!isPaged("--help"))
  }

  @Test("A run that writes files is not cut short by whoever leaves the pager")
  func filesAndPager() throws {
    let folder = try TemporaryFolder()
    #expect(!isPaged("--markdown", folder.path + "/page.md"))
  }
}
