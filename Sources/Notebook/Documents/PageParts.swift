import Files

/// A block of a page with the name of its picture, if it is one.
struct NamedBlock {
  let block: Block
  let name: String?
}

/// What the sections of a page bring into its note: their blocks without the leads, which only stand in
/// for the note's text, and without the equations, which the note derives.
///
/// A section has a part for each of its leads. A note shows all of a section in one place, or each
/// part in a place of its own, in their order.
struct PageParts {
  private let chapter: String
  private var sections: [String: [[NamedBlock]]] = [:]

  init(chapter: String, _ blocks: [Block]) {
    self.chapter = chapter
    var section: String?
    for (block, name) in zip(blocks, pictureNames(chapter: chapter, blocks)) {
      switch block {
      case .heading(let heading):
        section = heading.number
        if let section { sections[section] = [[]] }
      case .lead:
        guard let section, !sections[section]!.joined().isEmpty else { continue }
        sections[section]!.append([])
      case .equation: continue
      default:
        guard let section else { continue }
        sections[section]![sections[section]!.count - 1].append(
          NamedBlock(block: block, name: name))
      }
    }
  }

  /// The blocks for one of the places where a note shows a section.
  ///
  /// - Parameters:
  ///   - place: Which of them, from 0.
  ///   - count: How many there are.
  ///   - note: The note's name, for errors.
  /// - Throws: `FileError` if there is no such section, or as many parts as places.
  func blocks(
    of section: String, in place: Int, of count: Int, note: String
  ) throws(FileError) -> [NamedBlock] {
    guard let parts = sections[section] else {
      throw FileError(.read, note, "\(chapter) has no section \(section) to show there")
    }
    if count == 1 { return Array(parts.joined()) }
    guard count == parts.count else {
      throw FileError(
        .read, note,
        "it shows section \(section) in \(count) places, but \(chapter) has it in \(parts.count) parts"
      )
    }
    return parts[place]
  }
}
