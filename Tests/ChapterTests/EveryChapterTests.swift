import Testing

@testable import Notebook

/// What every page must have, whatever its chapter.
@Suite struct EveryChapter {
  static let indices = 0..<5

  @Test(arguments: indices) func everyCheckHolds(_ index: Int) {
    let page = Pages.all[index]
    for check in page.checks where !check.holds { Issue.record("\(check)") }
    #expect(page.exitStatus == 0)
  }

  @Test(arguments: indices) func sectionsAreNumberedInOrder(_ index: Int) {
    let numbers = Pages.all[index].sections
    #expect(numbers == (1...max(numbers.count, 1)).map { "\(index + 1).\($0)" })
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

  @Test(arguments: indices) func aCheckFailsOnceItsClaimIsBroken(_ index: Int) {
    for check in Pages.all[index].checks {
      #expect(!check.broken.holds, "\(check.claim)")
    }
  }

  @Test(arguments: indices) func aBrokenClaimIsMarkedAndEndsWithOne(_ index: Int) {
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
  /// The check with its quantity changed by as little as a reader would notice.
  fileprivate var broken: Check {
    var check = self
    switch evidence {
    case .equal(var left, let right, let tolerance):
      // An identity that is off by one part in a thousand is not an identity.
      left.value = right.value + max(abs(right.value), 1) * 1e-3
      check.evidence = .equal(left, right, tolerance: tolerance)
    case .measured(var measured, let expected, let standardError):
      measured.value = expected.value + 5 * standardError
      check.evidence = .measured(measured, expected: expected, standardError: standardError)
    case .atMost(var left, let right):
      left.value = right.value + abs(right.value) * 1e-6 + 1e-300
      check.evidence = .atMost(left, right)
    case .sameBits(var left, let right):
      left.value = right.value.nextUp
      check.evidence = .sameBits(left, right)
    case .sameText(var left, let right):
      left.text = right.text + "x"
      check.evidence = .sameText(left, right)
    }
    return check
  }
}
