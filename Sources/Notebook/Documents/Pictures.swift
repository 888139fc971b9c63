import Foundation

/// A file to write.
public struct OutputFile: Equatable, Sendable {
  /// The file's name, or its path.
  public var name: String
  /// All of its bytes.
  public var bytes: Data
}

extension Block {
  /// The block as a picture by itself, if it is one, under a name without its extension.
  func picture(named name: String) -> OutputFile? {
    switch self {
    case .figure(let figure): OutputFile(name: name + ".svg", bytes: Data(figure.svg.utf8))
    case .graph(let graph): OutputFile(name: name + ".svg", bytes: Data(graph.svg.utf8))
    case .imageGrid(let grid):
      grid.png(scale: 2).map { OutputFile(name: name + ".png", bytes: $0) }
    default: nil
    }
  }

  /// The text that replaces a picture where it cannot be seen.
  var alternativeText: String {
    switch self {
    case .figure(let figure): figure.title
    case .graph(let graph): graph.title
    case .imageGrid(let grid): (["Pictures"] + grid.labels).joined(separator: ", ")
    default: ""
    }
  }

  /// The text below a picture.
  var pictureCaption: String {
    switch self {
    case .figure(let figure): figure.description
    case .graph(let graph): graph.description
    case .imageGrid(let grid):
      [
        grid.labels.isEmpty ? nil : "From the top: \(grid.labels.joined(separator: ", ")).",
        grid.caption,
      ]
      .compactMap { $0 }.joined(separator: " ")
    default: ""
    }
  }
}

extension ImageGrid {
  fileprivate var labels: [String] { rows.compactMap(\.label) }
}

/// The name of every picture among a page's blocks, in their order; nil for a block that is not a
/// picture.
///
/// "ch01-1.2" is the first in section 1.2 of chapter 1, "ch01-1.2-2" the second.
func pictureNames(chapter: String, _ blocks: [Block]) -> [String?] {
  var section = "0"
  var counts: [String: Int] = [:]
  return blocks.map { block in
    switch block {
    case .heading(let heading):
      section = heading.number ?? section
      return nil
    case .figure, .graph, .imageGrid:
      let name = picturePrefix(chapter: chapter) + fileName(section)
      counts[name, default: 0] += 1
      return counts[name]! == 1 ? name : "\(name)-\(counts[name]!)"
    default: return nil
    }
  }
}

/// What the names of all pictures of a chapter begin with: "ch01-".
func picturePrefix(chapter: String) -> String {
  fileName(String(chapter.prefix { $0 != "-" }).lowercased()) + "-"
}

/// The text as a part of a file's name or of an anchor.
func fileName(_ text: String) -> String {
  String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
}
