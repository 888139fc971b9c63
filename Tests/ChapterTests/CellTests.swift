import Foundation
import Testing

@testable import Notebook

/// A source file of a section: `Chapters/Ch02-NaiveMonteCarlo/2.2-Estimator.swift`.
struct SectionSource: CustomTestStringConvertible, Sendable {
  /// The path from the root of the package.
  let path: String
  let text: String

  var testDescription: String { path }

  /// The files of all sections, in order.
  static let all: [SectionSource] = {
    let files = FileManager.default
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let paths = try! files.contentsOfDirectory(atPath: root.path + "/Chapters").sorted()
      .filter { $0.hasPrefix("Ch") }
      .flatMap { chapter in
        try! files.contentsOfDirectory(atPath: "\(root.path)/Chapters/\(chapter)").sorted()
          .filter { $0.wholeMatch(of: /\d+\.\d+-\w+\.swift/) != nil }
          .map { "Chapters/\(chapter)/\($0)" }
      }
    return paths.map {
      try! SectionSource(
        path: $0, text: String(contentsOf: root.appending(path: $0), encoding: .utf8))
    }
  }()

  var cells: [CodeCell] { CodeCell.cells(in: text) }

  /// The names of the cells that the section shows.
  var shownNames: [String] { text.matches(of: /page\.code\("([^"]*)"\)/).map { String($0.1) } }
}

@Suite struct CellTests {
  @Test func thereAreSectionsWithFilesOfTheirOwn() { #expect(!SectionSource.all.isEmpty) }

  @Test(arguments: SectionSource.all) func everyCellIsClosedAndNamedOnce(_ source: SectionSource) {
    let marks = source.text.matches(of: /(?m)^ *\/\/ cell: (\S.*)$/).map { String($0.1) }
    #expect(!marks.isEmpty)
    #expect(source.cells.map(\.name) == marks)
    #expect(source.text.matches(of: /(?m)^ *\/\/ end$/).count == marks.count)
    #expect(Set(marks).count == marks.count)
  }

  @Test(arguments: SectionSource.all) func aCellHasAtMost25Lines(_ source: SectionSource) {
    for cell in source.cells {
      let count = cell.text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(!cell.text.isEmpty && count <= 25, "\(cell.name): \(count) lines")
    }
  }

  @Test(arguments: SectionSource.all) func everyCellIsShownAndNothingElse(_ source: SectionSource) {
    // A section that has less to show for some data names a cell in both places.
    #expect(Set(source.shownNames) == Set(source.cells.map(\.name)))
  }

  @Test(arguments: EveryChapter.indices) func everySectionShowsCodeOfItsOwnFile(_ index: Int) {
    let page = Pages.all[index]
    // The chapters that are a table of contents have a note.
    guard page.chapter.note != nil else { return }
    for number in page.sections {
      let cells = page.section(number).compactMap { block in
        if case .code(let code) = block { code } else { nil }
      }
      let own = cells.filter { $0.file.hasPrefix("Chapters/\(page.chapter.name)/\(number)-") }
      #expect(!own.isEmpty, "\(number) shows no code of its own")
      for cell in cells {
        let lines = cell.text?.split(separator: "\n", omittingEmptySubsequences: false)
        #expect((1...25).contains(lines?.count ?? 0), "\(number): \(cell.name)")
        // What is not its own is the core's.
        #expect(own.contains(cell) || cell.file.hasPrefix("Sources/Autodiff/"), "\(cell.file)")
      }
    }
  }
}
