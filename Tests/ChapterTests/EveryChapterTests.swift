import Testing

@testable import Notebook

/// What every page must have, whatever its chapter.
@Suite struct EveryChapter {
  static let indices = 0..<6

  @Test(arguments: indices) func everyCheckHolds(_ index: Int) {
    let page = Pages.all[index]
    for check in page.checks where !check.holds { Issue.record("\(check)") }
    #expect(page.exitStatus == 0)
  }

  @Test func eachChapterNamesTheOneAfterIt() {
    let chapters = Pages.all.map(\.chapter)
    #expect(chapters.map(\.next) == chapters.dropFirst().map(\.name) + [nil])
  }

  @Test(arguments: indices) func sectionsAreNumberedInOrder(_ index: Int) {
    let numbers = Pages.all[index].sections
    #expect(numbers == (1...max(numbers.count, 1)).map { "\(index).\($0)" })
  }

  @Test(arguments: indices) func everySectionEndsInAPictureOrACheck(_ index: Int) {
    for number in Pages.all[index].sections {
      let evidence = Pages.all[index].section(number).filter {
        switch $0 {
        case .check, .figure, .graph, .imageGrid: true
        default: false
        }
      }
      #expect(!evidence.isEmpty, "\(number)")
    }
  }

  /// A tolerance that is wide enough for an error that a reader would notice checks nothing. (What is
  /// measured has no such tolerance, and what is at most something or the same is so or not.)
  @Test(arguments: indices) func noToleranceHidesAnErrorOfOneInAThousand(_ index: Int) {
    for check in Pages.all[index].checks {
      guard case .equal(let left, let right, let tolerance) = check.evidence else { continue }
      let size = max(abs(left.value), abs(right.value), 1)
      #expect(tolerance < 1e-3 * size, "\(check.claim)")
    }
  }

  @Test(arguments: indices) func aPageWithOneBrokenClaimMarksItAndEndsWithStatusOne(_ index: Int) {
    let page = Pages.all[index]
    guard let victim = page.checks.last else { return }
    let chapter = Chapter("Ch00-Broken", title: "Broken") { broken, _ in
      for block in page.blocks {
        broken.emit(block == .check(victim) ? .check(victim.broken) : block)
      }
    }
    var output = ""
    let outcome = chapter.execute { output += $0 }
    #expect(outcome.exitStatus == 1)
    #expect(output.contains("✗"))
  }
}

extension Check {
  /// The check with a claim that does not hold.
  fileprivate var broken: Check {
    Check(claim, .atMost(Quantity("more", 1), Quantity("less", 0)))
  }
}
