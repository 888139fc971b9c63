/// Lines between the boxes of a graph, along rows and columns of characters.
///
/// Lines of one net, which leave the same box, join where they meet, and so do different nets unless
/// they cross at right angles: then one passes under the other.
struct WireGrid {
  private struct Sides: OptionSet, Hashable {
    let rawValue: UInt8
    static let up = Sides(rawValue: 1)
    static let down = Sides(rawValue: 2)
    static let left = Sides(rawValue: 4)
    static let right = Sides(rawValue: 8)
  }

  private struct Crossing {
    /// The sides that the lines of each net lead to.
    var nets: [Int: Sides] = [:]
    /// Whether every line here is dashed.
    var isBroken = true
  }

  private var cells: [[Crossing]]
  private let width: Int

  init(width: Int, height: Int) {
    self.width = width
    cells = Array(repeating: Array(repeating: Crossing(), count: width), count: height)
  }

  /// Draws a line within a row.
  mutating func drawRow(_ row: Int, from start: Int, to end: Int, net: Int, isBroken: Bool) {
    for column in start..<max(start, end) {
      add(.right, row, column, net, isBroken)
      add(.left, row, column + 1, net, isBroken)
    }
  }

  /// Draws a line within a column, up or down.
  mutating func drawColumn(_ column: Int, from start: Int, to end: Int, net: Int, isBroken: Bool) {
    for row in min(start, end)..<max(start, end) {
      add(.down, row, column, net, isBroken)
      add(.up, row + 1, column, net, isBroken)
    }
  }

  private mutating func add(_ side: Sides, _ row: Int, _ column: Int, _ net: Int, _ isBroken: Bool)
  {
    guard cells.indices.contains(row), (0..<width).contains(column) else { return }
    cells[row][column].nets[net, default: []].insert(side)
    cells[row][column].isBroken = cells[row][column].isBroken && isBroken
  }

  /// The lines in characters.
  func grid(isASCII: Bool, brokenColor: Int) -> CharacterGrid {
    var grid = CharacterGrid(width: width, height: cells.count)
    for (row, line) in cells.enumerated() {
      for (column, cell) in line.enumerated() where !cell.nets.isEmpty {
        grid[row, column] = Cell(
          character: Self.character(for: cell, isASCII: isASCII),
          color: cell.isBroken ? brokenColor : nil)
      }
    }
    return grid
  }

  private static func character(for cell: Crossing, isASCII: Bool) -> Character {
    var sides = cell.nets.values.reduce(into: Sides()) { $0.formUnion($1) }
    if cell.nets.count == 2, Set(cell.nets.values) == [[.up, .down], [.left, .right]] {
      sides = [.up, .down]
    }
    if sides.isSubset(of: [.up, .down]) {
      return cell.isBroken ? (isASCII ? ":" : "╎") : (isASCII ? "|" : "│")
    }
    if sides.isSubset(of: [.left, .right]) {
      return cell.isBroken ? (isASCII ? "." : "╌") : (isASCII ? "-" : "─")
    }
    // In the order of the sets' numbers; those in only one direction have been handled above.
    return isASCII ? "+" : Array("     ┘┐┤ └┌├ ┴┬┼")[Int(sides.rawValue)]
  }
}
