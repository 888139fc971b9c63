import Foundation
import Testing

@testable import Notebook

private struct Content: SectionContent {
  let word: String

  func show(on page: Page) {
    page.lead("Look at the \(word).")
    page.check("The \(word) is there.", .sameText(NamedText("a", word), NamedText("b", word)))
  }
}

/// The words that sections were computed from, in order.
private final class Computed: @unchecked Sendable { var words: [String] = [] }

/// What a run of a chapter with three sections wrote, computed, and how it ended.
private final class Run {
  var output = ""
  var errors = ""
  var status: Int32 = -1
  let computed = Computed()

  init(_ arguments: String..., next: String? = nil) {
    let computed = computed
    let chapter = Chapter(
      "Ch02-Test", title: "A title", abstract: "What it is about.", note: "02-test.md", next: next,
      commands: [Subcommand(name: "exercises", title: "The exercises") { _ in .success }],
      file: "/package/Chapters/Ch02-Test/Test.swift"
    ) { _, _ in
      let shared = Lazy {
        computed.words.append("shared")
        return "shared value"
      }
      func section(_ number: String, _ word: String) -> Section {
        Section(number, "The \(word)") {
          computed.words.append(word)
          return Content(word: word)
        }
      }
      return [
        section("2.1", "first"), Section("2.2", "The second") { Content(word: try shared()) },
        Section("2.3", "The third") { Content(word: try shared()) },
      ]
    }
    status =
      chapter.execute(
        arguments: arguments, errors: ErrorStream(.plain) { self.errors += $0 },
        output: { self.output += $0 }
      ).exitStatus
  }
}

@Suite struct SectionTests {
  @Test func aSectionIsComputedAndShownByItself() {
    let run = Run("--section", "2.1")
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.computed.words == ["first"])
    #expect(
      run.output == """
        A title
        ═══════

        2.1 The first
        ─────────────

        Look at the first.

        ✓ The first is there. (the same to the last byte)

        1 check: all hold

        """)
  }

  @Test func whatSectionsShareIsComputedOnce() {
    #expect(Run("--section", "2.3").computed.words == ["shared"])
    #expect(Run().computed.words == ["first", "shared"])
  }

  @Test(
    "Several sections are shown in the chapter's order, each once",
    arguments: ["2.1,2.3", "2.3,2.1", "2.3,2.1,2.3", "2.1, 2.3"])
  func severalSections(list: String) {
    let run = Run("--section", list)
    #expect(run.status == 0)
    #expect(run.output == Run("--section=2.1,2.3").output)
    #expect(run.output.matches(of: /(?m)^2\.\d/).map { String($0.output) } == ["2.1", "2.3"])
  }

  @Test(
    "A section that does not exist names those that do", arguments: ["2", "2.4", "2.1,x", "2.1."])
  func unknownSections(list: String) throws {
    let run = Run("--section", list)
    let unknown = try #require(list.split(separator: ",").last)
    #expect(run.status == 64 && run.output.isEmpty && run.computed.words.isEmpty)
    #expect(
      run.errors == """
        Error: there is no section "\(unknown)"; Ch02-Test has 2.1, 2.2, 2.3
        Usage: swift run Ch02-Test [OPTION...]
          See 'swift run Ch02-Test --help' for more information.

        """)
  }

  @Test("A page in a file holds the whole chapter", arguments: ["--html", "--markdown"])
  func sectionsAndFiles(option: String) throws {
    let folder = try TemporaryFolder()
    let run = Run("--section", "2.1", option, folder.path + "/page")
    #expect(run.status == 64 && run.output.isEmpty && run.computed.words.isEmpty)
    #expect(
      run.errors.hasPrefix("Error: \(option) writes a page of the whole chapter, but --section"))
    #expect(try folder.names(in: "").isEmpty)
  }

  @Test func notesShowWholeChapters() {
    let run = Run("--section", "2.1", "--update-notes")
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("Error: --update-notes shows the defaults, but --section changes"))
  }

  @Test func theLastLinesSayWhereToGoOn() {
    let end = """

      3 checks: all hold

      Read on
        The text of this chapter:  notes/02-test.md
        A page for the browser:    swift run Ch02-Test --html .
        The exercises:             swift run Ch02-Test exercises

      """
    #expect(Run().output.hasSuffix(end))
    #expect(
      Run(next: "Ch03-Test").output.hasSuffix(
        end + "  The next chapter:          swift run Ch03-Test\n"))
  }
}

@Suite struct LazyTests {
  @Test func aLazyValueIsComputedOnceAndOnlyIfAskedFor() throws {
    var count = 0
    let value = Lazy {
      count += 1
      return count
    }
    #expect(count == 0)
    #expect(try value() == 1)
    #expect(try value() == 1)
    #expect(count == 1)
  }

  @Test func aFailureIsNoValue() throws {
    var isReady = false
    let value = Lazy {
      guard isReady else { throw UsageError("not ready") }
      return 3
    }
    #expect(throws: UsageError("not ready")) { try value() }
    isReady = true
    #expect(try value() == 3)
  }
}
