extension TerminalRenderer {
  /// Columns two spaces apart under their titles. Where they are too wide, the widest are wrapped
  /// between words; where even that is not enough, every row becomes a list of titles and cells.
  func lines(of table: Table) -> [String] {
    let titles = table.columns.map { text($0.title) }
    // Spaces at which no line is broken, until it is written.
    let rows = zip(table.rows, table.missingDecimals).map { cells, missing in
      zip(cells, missing).map { text($0) + String(repeating: "\u{2007}", count: $1) }
    }
    let columns = titles.indices.map { index in
      ColumnWidth(cells: [titles[index]] + rows.map { $0[index] })
    }
    guard let widths = fitted(columns, into: width - 2 * max(0, columns.count - 1)) else {
      return list(titles, rows) + lines(ofCaption: table.caption)
    }
    let format = { (cells: [String]) -> [String] in
      let wrapped = zip(cells, widths).map { $0.wrapped(to: $1) }
      return (0..<(wrapped.map(\.count).max() ?? 0)).map { line in
        let parts = zip(table.columns, zip(wrapped, widths)).map { column, cell in
          (line < cell.0.count ? cell.0[line] : "").padded(to: cell.1, column.alignment)
        }
        return parts.joined(separator: "  ").replacing("\u{2007}", with: " ").withoutTrailingSpaces
      }
    }
    let rule = widths.map { String(repeating: isASCII ? "-" : "─", count: $0) }
    return format(titles).map { colored($0, .bold) } + [rule.joined(separator: "  ")]
      + rows.flatMap(format) + lines(ofCaption: table.caption)
  }

  private func list(_ titles: [String], _ rows: [[String]]) -> [String] {
    let records = rows.map { row in
      zip(titles, row).flatMap { title, cell in
        let cell = cell.replacing("\u{2007}", with: "")
        return (title.isEmpty ? cell : "\(title): \(cell)").wrapped(to: width)
      }
    }
    return Array(records.joined(separator: [""]))
  }

  /// The widths of columns that together take at most `room`, or nil if words would have to break.
  private func fitted(_ columns: [ColumnWidth], into room: Int) -> [Int]? {
    guard columns.reduce(0, { $0 + $1.smallest }) <= room else { return nil }
    var widths = columns.map(\.natural)
    while widths.reduce(0, +) > room {
      let shrinkable = widths.indices.filter { widths[$0] > columns[$0].smallest }
      widths[shrinkable.max { widths[$0] < widths[$1] }!] -= 1
    }
    return widths
  }
}

/// How wide a column wants to be.
private struct ColumnWidth {
  /// The width of the longest cell.
  let natural: Int
  /// The width of the longest word.
  let smallest: Int

  init(cells: [String]) {
    natural = max(1, cells.map(\.columns).max() ?? 0)
    smallest = max(1, cells.flatMap { $0.split(separator: " ") }.map(\.columns).max() ?? 0)
  }
}
