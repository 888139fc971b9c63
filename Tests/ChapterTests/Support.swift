import Notebook

@testable import Ch00_Autodiff
@testable import Ch01_Ring
@testable import Ch02_NaiveMonteCarlo
@testable import Ch03_KLIdentity
@testable import Ch04_Reparameterization
@testable import Ch05_VAE

/// Every chapter, run once with its default options: what is on its page, in order.
enum Pages {
  static let autodiff = Record(AutodiffFromNothing.chapter)
  static let ring = Record(Ring.chapter)
  static let naiveMonteCarlo = Record(NaiveMonteCarlo.chapter)
  static let klIdentity = Record(KLIdentity.chapter)
  static let reparameterization = Record(Reparameterization.chapter)
  static let vae = Record(VAE.chapter)

  static var all: [Record] {
    [autodiff, ring, naiveMonteCarlo, klIdentity, reparameterization, vae]
  }
}

/// A chapter, what it put on its page, and how it ended.
struct Record: Sendable {
  let chapter: Chapter
  let blocks: [Block]
  let exitStatus: Int32

  init(_ chapter: Chapter, arguments: [String] = []) {
    let outcome = chapter.execute(arguments: arguments)
    self.chapter = chapter
    blocks = outcome.blocks
    exitStatus = outcome.exitStatus
  }

  /// The blocks of a section, without its heading.
  func section(_ number: String) -> [Block] {
    let start = blocks.firstIndex {
      if case .heading(let heading) = $0 { heading.number == number } else { false }
    }
    guard let start else { return [] }
    return Array(
      blocks[(start + 1)...].prefix { if case .heading = $0 { false } else { true } })
  }

  /// The numbers of the sections, in order.
  var sections: [String] {
    blocks.compactMap { if case .heading(let heading) = $0 { heading.number } else { nil } }
  }

  /// All checks, in order.
  var checks: [Check] { Self.checks(in: blocks) }

  /// The checks of a section, in order.
  func checks(_ number: String) -> [Check] { Self.checks(in: section(number)) }

  private static func checks(in blocks: [Block]) -> [Check] {
    blocks.compactMap { if case .check(let check) = $0 { check } else { nil } }
  }
}
