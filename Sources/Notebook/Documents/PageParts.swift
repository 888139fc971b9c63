import Files

/// A block of a page with its name: that of a picture's file or of a check, and empty for the rest.
struct NamedBlock {
  let block: Block
  let name: String
}

/// The blocks of a page with their names: "ch01-1.2" is the first picture of section 1.2, and "check-3" the
/// page's third check.
func namedBlocks(chapter: String, _ blocks: [Block]) -> [NamedBlock] {
  var checkCount = 0
  return zip(blocks, pictureNames(chapter: chapter, blocks)).map { block, picture in
    guard case .check = block else { return NamedBlock(block: block, name: picture ?? "") }
    checkCount += 1
    return NamedBlock(block: block, name: "check-\(checkCount)")
  }
}

/// What the sections of a page contribute to its note: their blocks without the leads, which only
/// stand in for the note's text, and without the equations, which the note derives.
///
/// A section has a part for each of its leads. A note shows all of a section in one place, or each
/// part in a place of its own, in order.
struct PageParts {
  private let chapter: String
  private var sections: [String: [[NamedBlock]]] = [:]

  init(chapter: String, _ blocks: [Block]) {
    self.chapter = chapter
    var section: String?
    for named in namedBlocks(chapter: chapter, blocks) {
      switch named.block {
      case .heading(let heading):
        section = heading.number
        if let section { sections[section] = [[]] }
      case .lead:
        guard let section, !sections[section]!.joined().isEmpty else { continue }
        sections[section]!.append([])
      case .equation: continue
      default:
        guard let section else { continue }
        sections[section]![sections[section]!.count - 1].append(named)
      }
    }
  }

  /// The parts of a section; nil if the page has no such section.
  func parts(of section: String) -> [[NamedBlock]]? { sections[section] }

  /// The blocks for one of the places where a note shows a section.
  ///
  /// - Parameters:
  ///   - place: Which of them, from 0.
  ///   - count: How many there are.
  ///   - note: The note's name, for errors.
  /// - Throws: `FileError` if there is no such section, or if it does not have as many parts as
  ///   there are places.
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
