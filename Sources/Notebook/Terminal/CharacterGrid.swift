/// One column of a line in a terminal.
struct Cell: Equatable, Sendable {
  /// The character there; nil after a character that takes two columns.
  var character: Character? = " "
  /// The text colour, in the terminal's palette of 256 colours; nil for the default.
  var color: Int?
  /// The background colour, in the same palette.
  var background: Int?
}

/// Characters in rows and columns, onto which pictures are drawn before they become text.
struct CharacterGrid: Equatable, Sendable {
  /// How many columns there are.
  let width: Int
  private(set) var rows: [[Cell]]

  /// Creates an empty grid.
  init(width: Int, height: Int = 0) {
    self.width = max(width, 0)
    rows = Array(repeating: Array(repeating: Cell(), count: self.width), count: max(height, 0))
  }

  var height: Int { rows.count }

  /// The cell in a row and a column. Outside the grid all cells are empty, and anything written
  /// there is lost.
  subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? rows[row][column] : Cell() }
    set { if contains(row, column) { rows[row][column] = newValue } }
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    rows.indices.contains(row) && (0..<width).contains(column)
  }

  /// Writes a line of text from a column on, as far as there is room.
  mutating func write(_ text: String, row: Int, column: Int, color: Int? = nil) {
    var column = column
    for character in text where character.columns > 0 {
      guard column + character.columns <= width else { return }
      self[row, column] = Cell(character: character, color: color)
      if character.columns == 2 { self[row, column + 1] = Cell(character: nil, color: color) }
      column += character.columns
    }
  }

  /// Adds rows below, whose first columns are those of `other`.
  mutating func append(_ other: CharacterGrid) {
    for row in other.rows {
      let missing = max(0, width - row.count)
      rows.append(Array(row.prefix(width)) + Array(repeating: Cell(), count: missing))
    }
  }

  /// Adds a row of text below.
  mutating func append(_ text: String, indent: Int = 0, color: Int? = nil) {
    var row = CharacterGrid(width: width, height: 1)
    row.write(text, row: 0, column: indent, color: color)
    append(row)
  }

  /// Grids side by side, their first rows in one line.
  init(_ grids: [CharacterGrid], gap: Int) {
    let starts = grids.reduce(into: [0]) { $0.append($0.last! + $1.width + gap) }
    self.init(width: starts.last! - gap, height: grids.map(\.height).max() ?? 0)
    for (grid, start) in zip(grids, starts) {
      for (row, cells) in grid.rows.enumerated() {
        for (column, cell) in cells.enumerated() { self[row, start + column] = cell }
      }
    }
  }

  /// The rows as text without trailing spaces.
  func lines(hasColor: Bool) -> [String] {
    rows.map { row in
      guard hasColor else { return String(row.compactMap(\.character)).withoutTrailingSpaces }
      let end = row.lastIndex { $0.character != " " || $0.background != nil }
      var line = ""
      var last = Cell()
      for cell in row[...(end ?? -1)] {
        if cell.color != last.color || cell.background != last.background {
          line += "\u{1B}[0m" + Self.escape(38, cell.color) + Self.escape(48, cell.background)
        }
        last = cell
        if let character = cell.character { line.append(character) }
      }
      return last.color ?? last.background == nil ? line : line + "\u{1B}[0m"
    }
  }

  private static func escape(_ code: Int, _ color: Int?) -> String {
    color.map { "\u{1B}[\(code);5;\($0)m" } ?? ""
  }
}
