import Files
import Foundation

/// What a chapter puts into the notes. The text between `<!-- output: Ch02-NaiveMonteCarlo 2.2 -->`
/// and `<!-- end -->` in one of `notes/*.md` is the output of section 2.2 of that chapter. Its
/// pictures are files in `notes/figures`.
public struct NotesUpdate: Sendable {
  /// The chapter's pictures, by their names in `notes/figures`.
  public let figures: [OutputFile]
  private let chapter: String
  private let parts: PageParts

  /// Prepares the blocks of a whole page for the notes.
  public init(chapter: String, blocks: [Block]) {
    self.chapter = chapter
    figures = MarkdownRenderer(chapter: chapter, command: "").pictures(blocks)
    parts = PageParts(chapter: chapter, blocks)
  }

  /// Some blocks of a section: code as code, pictures as links, and the rest as it is printed.
  private func text(of blocks: [NamedBlock]) -> String {
    let markdown = MarkdownRenderer(chapter: chapter, command: "")
    let terminal = TerminalRenderer(width: 80)
    var parts: [String] = []
    var printed: [Block] = []
    func endFence() {
      guard !printed.isEmpty else { return }
      let lines = printed.indices.map { terminal.render(printed[$0], after: printed[..<$0]) }
      parts.append("```\n\(lines.joined())```")
      printed = []
    }
    for block in blocks {
      switch block.block {
      case .figure, .graph, .imageGrid:
        endFence()
        parts.append(markdown.image(block.block, named: block.name))
      case .code(let code):
        endFence()
        parts.append(markdown.render(code))
      case .interactive: break
      default: printed.append(block.block)
      }
    }
    endFence()
    return parts.joined(separator: "\n\n")
  }

  /// The text of a note in which everything that this chapter generates is up to date.
  ///
  /// - Parameter note: The note's name, for errors.
  /// - Throws: `FileError` if the note asks for a section that the chapter does not have, or if a
  ///   generated block does not end.
  public func apply(to text: String, of note: String) throws(FileError) -> String {
    let note = try NoteText(text, of: note)
    var lines: [String] = []
    var shown: [String: Int] = [:]
    for part in note.parts {
      switch part {
      case .output(let source, let section, _) where source == chapter:
        let blocks = try parts.blocks(
          of: section, in: shown[section, default: 0], of: note.count(of: section, in: chapter),
          note: note.name)
        shown[section, default: 0] += 1
        let text = self.text(of: blocks)
        if !text.isEmpty { lines.append(text) }
      case .output(_, _, let old): lines += old
      case .line(let line): lines.append(line)
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// A note split into the written and the generated parts.
struct NoteText {
  enum Part {
    case line(String)
    /// The lines between the two markers, which are lines themselves.
    case output(chapter: String, section: String, [String])
  }

  private static let start = "<!-- output:"
  private static let end = "<!-- end -->"

  /// The note's name, for errors.
  let name: String
  private(set) var parts: [Part] = []

  init(_ text: String, of note: String) throws(FileError) {
    name = note
    let failure = { (reason: String) in FileError(.read, note, reason) }
    var lines = text.components(separatedBy: "\n")[...]
    while let line = lines.popFirst() {
      parts.append(.line(line))
      let marker = line.trimmingCharacters(in: .whitespaces)
      if marker == Self.end { throw failure("an \(Self.end) has no beginning") }
      guard marker.hasPrefix(Self.start) else { continue }
      let words = marker.dropFirst(Self.start.count).split(separator: " ")
      guard words.count == 3, words[2] == "-->" else {
        throw failure("\(marker) does not name a chapter and a section")
      }
      let old = Array(
        lines.prefix { line in
          let line = line.trimmingCharacters(in: .whitespaces)
          return line != Self.end && !line.hasPrefix(Self.start)
        })
      lines = lines.dropFirst(old.count)
      guard let last = lines.first, !last.contains(Self.start) else {
        throw failure("\(marker) is not followed by \(Self.end)")
      }
      parts.append(.output(chapter: String(words[0]), section: String(words[1]), old))
      parts.append(.line(lines.removeFirst()))
    }
  }

  /// Whether a line is a marker and not text.
  static func isMarker(_ line: String) -> Bool {
    let line = line.trimmingCharacters(in: .whitespaces)
    return line == end || line.hasPrefix(start)
  }

  /// In how many places the note shows a section of a chapter.
  func count(of section: String, in chapter: String) -> Int {
    parts.count {
      if case .output(chapter, section, _) = $0 { true } else { false }
    }
  }
}

/// The folder of notes that `--update-notes` works on.
struct NotesFolder {
  private let path: String
  private let notes: [OutputFile]

  /// Finds the notes of the package that a folder lies in, and reads them.
  ///
  /// - Throws: `FileError` if there are none, or if they could not be written.
  init(around folder: String) throws(FileError) {
    let files = FileManager.default
    // A deleted folder has no path at all.
    guard folder.hasPrefix("/") else {
      throw FileError(.read, "notes", "the working folder no longer exists")
    }
    var root = folder
    while !["Package.swift", "notes"].allSatisfy({ files.fileExists(atPath: "\(root)/\($0)") }) {
      guard let slash = root.lastIndex(of: "/") else {
        throw FileError(.read, "notes", "neither \(folder) nor a folder around it is the package")
      }
      root = String(root[..<slash])
    }
    path = root + "/notes"
    let names: [String]
    do {
      names = try files.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".md") }.sorted()
    } catch {
      throw FileError(.read, path, "its files cannot be listed")
    }
    var notes: [OutputFile] = []
    for name in names {
      try requireWritableFile(path + "/" + name)
      let bytes = try readFile(path + "/" + name)
      // Errors in its markers must be reported before the work.
      _ = try NoteText(String(decoding: bytes, as: UTF8.self), of: "notes/\(name)")
      notes.append(OutputFile(name: name, bytes: bytes))
    }
    try requireWritableFolder(path + "/figures")
    self.notes = notes
  }

  /// Rewrites what the chapter generates, and says what changed, a clause each.
  func update(with update: NotesUpdate, chapter: String) throws(FileError) -> [String] {
    var changed: [OutputFile] = []
    for note in notes {
      let text = String(decoding: note.bytes, as: UTF8.self)
      let bytes = Data(try update.apply(to: text, of: "notes/\(note.name)").utf8)
      if bytes != note.bytes { changed.append(OutputFile(name: note.name, bytes: bytes)) }
    }
    let folder = path + "/figures"
    try writePictures(update.figures, to: folder)
    for note in changed { try replaceFile(path + "/" + note.name, with: note.bytes) }
    let stale = stalePictures(in: folder, chapter: chapter, made: update.figures)
    for name in stale { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
    return changed.map { "rewrote notes/\($0.name)" } + stale.map { "removed notes/figures/\($0)" }
  }

  private func stalePictures(
    in folder: String, chapter: String, made: [OutputFile]
  ) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      name.hasPrefix(picturePrefix(chapter: chapter)) && !made.contains { $0.name == name }
    }.sorted()
  }
}
