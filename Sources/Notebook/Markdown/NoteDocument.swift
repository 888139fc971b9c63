import Files
import Foundation

/// A parsed note: its text, with the places for the output of chapters.
struct NoteDocument: Equatable, Sendable {
  /// A stretch of the note.
  enum Part: Equatable, Sendable {
    case text([Markdown.Block])
    /// The place for a section of a chapter, or for a part of one, and what the note shows there now.
    case output(chapter: String, section: String, place: Int, recorded: [Markdown.Block])
  }

  /// The note's name, for errors.
  let name: String
  /// The stretches, in order.
  private(set) var parts: [Part] = []

  /// Reads a text.
  ///
  /// - Throws: `FileError` for Markdown that the notes do not use.
  init(_ text: String, of name: String) throws(FileError) {
    self.name = name
    let text = text.replacing("\r\n", with: "\n")
    var lines: [String] = []
    var number = 1
    var shown: [[String]: Int] = [:]
    func markdown(_ lines: [String]) throws(FileError) -> [Markdown.Block] {
      try Markdown(lines.joined(separator: "\n"), of: name, firstLine: number - lines.count).blocks
    }
    for part in try NoteText(text, of: name).parts {
      switch part {
      case .line(let line):
        // The markers themselves are not part of the text.
        lines.append(line.contains("<!--") && NoteText.isMarker(line) ? "" : line)
        number += 1
      case .output(let chapter, let section, let recorded):
        parts.append(.text(try markdown(lines)))
        lines = []
        number += recorded.count
        let place = shown[[chapter, section], default: 0]
        shown[[chapter, section]] = place + 1
        parts.append(
          .output(
            chapter: chapter, section: section, place: place, recorded: try markdown(recorded)))
      }
    }
    parts.append(.text(try markdown(lines)))
  }

  /// Reads a file; nil if there is none.
  ///
  /// - Throws: `FileError` if it cannot be read, if it is not UTF-8, or for Markdown that the notes do
  ///   not use.
  init?(contentsOf path: String) throws(FileError) {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let text = String(data: try readFile(path), encoding: .utf8) else {
      throw FileError(.read, path, "it is not UTF-8")
    }
    try self.init(text, of: path)
  }

  /// In how many places the note shows a section of a chapter.
  func count(of section: String, in chapter: String) -> Int {
    parts.count {
      if case .output(chapter, section, _, _) = $0 { true } else { false }
    }
  }
}
