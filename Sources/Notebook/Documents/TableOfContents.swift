import Foundation

/// The notes of the package and the pages that they become: chapters in order, and the other notes.
public struct TableOfContents: Sendable {
  /// A chapter with its note and its page.
  public struct Entry: Sendable {
    /// The name of the executable: "Ch02-NaiveMonteCarlo".
    public let chapter: String
    /// The note's name in `notes/`: "02-naive-monte-carlo.md".
    public let note: String
    /// The note's title: "2. Why P(X) needs so many samples".
    let title: String

    /// The page's name: "Ch02-NaiveMonteCarlo.html".
    public var page: String { chapter + ".html" }
  }

  /// The folder of the package.
  public let root: String
  /// The chapters that have a note, in order.
  public let entries: [Entry]
  /// The names of the other notes, the first page among them.
  public let otherNotes: [String]

  /// Looks for the notes and the chapters of a package; missing ones are left out.
  public init(root: String) {
    let names = { (folder: String) in
      ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []).sorted()
    }
    let notes = names("notes").filter { $0.hasSuffix(".md") }
    let chapters = names("Chapters")
    self.root = root
    entries = notes.compactMap { note in
      let number = note.prefix { $0.isNumber }
      guard !number.isEmpty,
        let chapter = chapters.first(where: { $0.hasPrefix("Ch\(number)-") }),
        let text = try? String(contentsOfFile: root + "/notes/" + note, encoding: .utf8)
      else { return nil }
      let title = text.prefix { !$0.isNewline }.drop { $0 == "#" || $0 == " " }
      return Entry(chapter: chapter, note: note, title: String(title))
    }
    let chapterNotes = entries.map(\.note)
    otherNotes = notes.filter { !chapterNotes.contains($0) }
  }

  /// The page that a note becomes; nil for a file that is not a note.
  public func page(of note: String) -> String? {
    if let entry = entries.first(where: { $0.note == note }) { return entry.page }
    guard otherNotes.contains(note) else { return nil }
    return note == "README.md" ? "index.html" : note.dropLast(".md".count) + ".html"
  }

  /// The chapters before and after one.
  func neighbours(of chapter: String) -> (previous: Entry?, next: Entry?) {
    guard let index = entries.firstIndex(where: { $0.chapter == chapter }) else {
      return (nil, nil)
    }
    return (
      index > 0 ? entries[index - 1] : nil,
      index + 1 < entries.count ? entries[index + 1] : nil
    )
  }
}

/// Where the links of a note lead from a page.
struct PageLinks: Sendable {
  /// The notes and their pages.
  let contents: TableOfContents
  /// The folder that the page is written to.
  let folder: String

  /// The target of a link in a note as one in the page: a link to a note leads to its page, a link
  /// to any other file to its place in the package.
  func target(_ link: String) -> String {
    let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts[0])
    guard !path.isEmpty, !link.contains("://"), !link.hasPrefix("mailto:") else { return link }
    let fragment = parts.count == 2 ? "#\(parts[1])" : ""
    return (contents.page(of: path) ?? file("notes/" + path)) + fragment
  }

  /// The way to a file of the package.
  func file(_ path: String) -> String {
    let path = relativePath(of: contents.root + "/" + path, from: folder)
    return path.addingPercentEncoding(withAllowedCharacters: .plainPath)!
  }

  /// The contents of a file in `notes/`; nil if it cannot be read.
  func bytes(of path: String) -> Data? {
    FileManager.default.contents(atPath: contents.root + "/notes/" + path)
  }
}

extension CharacterSet {
  /// The characters that need no escape in the path of a link, whatever reads it.
  static let plainPath = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
}

/// How to go from one folder to another: "../pictures".
func relativePath(of path: String, from start: String) -> String {
  func components(_ path: String) -> [Substring] {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path.split(
      separator: "/")
  }
  let (path, start) = (components(path), components(start))
  let shared = zip(path, start).prefix { $0 == $1 }.count
  return (start.dropFirst(shared).map { _ in ".." } + path.dropFirst(shared))
    .joined(separator: "/")
}
