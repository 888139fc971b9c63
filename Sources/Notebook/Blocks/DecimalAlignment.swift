extension Table {
  /// How many characters each cell lacks after its decimal point (the point is one of them), for
  /// the decimal points of its column to line up.
  ///
  /// It is 0 except in right-aligned columns of plain numbers: a power of ten or a word has no
  /// point to align by.
  var missingDecimals: [[Int]] {
    var missing = rows.map { $0.map { _ in 0 } }
    for column in columns.indices where columns[column].alignment == .right {
      let decimals = rows.map { Self.decimals(of: $0[column]) }
      guard !decimals.contains(nil), let most = decimals.compactMap(\.self).max() else { continue }
      for row in rows.indices where !rows[row][column].isEmpty {
        missing[row][column] = most - decimals[row]!
      }
    }
    return missing
  }

  /// How many characters a plain number has from its point on; nil if the cell is something else.
  private static func decimals(of cell: String) -> Int? {
    guard cell.wholeMatch(of: /(?:[−+]?[0-9,]+(?:\.[0-9]+)?)?/) != nil else { return nil }
    return cell.firstIndex(of: ".").map { cell[$0...].count } ?? 0
  }
}
