extension Plot {
  /// The numbers that the plot shows, one table a layer.
  var dataTables: [Table] { layers.map(table) }

  /// The most rows that a table has; they are enough to look something up.
  private static let rowLimit = 100
  /// The most rows and columns that the table of a field has.
  private static let cellLimit = 40

  private func table(of layer: Layer) -> Table {
    let name: String?
    let columns: [String]
    let rows: [[String]]
    var every = 1
    switch layer {
    case .line(let series), .points(let series):
      name = series.label
      columns = [x.label, y.label] + (series.errors == nil ? [] : ["±"])
      rows = series.x.indices.map { index in
        [series.x[index], series.y[index]].map { formatted($0) }
          + (series.errors.map { [formatted($0[index], digits: 2)] } ?? [])
      }
    case .bars(let bars):
      name = bars.label
      columns = [x.label, y.label] + (bars.errors == nil ? [] : ["±"])
      rows = bars.heights.indices.map { index in
        [bars.categories[index], formatted(bars.heights[index])]
          + (bars.errors.map { [formatted($0[index], digits: 2)] } ?? [])
      }
    case .histogram(let histogram):
      name = histogram.label
      columns = ["from", "to", y.label]
      rows = histogram.heights.indices.map { index in
        [histogram.edges[index], histogram.edges[index + 1], histogram.heights[index]].map {
          formatted($0)
        }
      }
    case .heatMap(let map):
      name = map.label
      // A field is smooth: of a fine one every second or third cell each way is enough to look something up.
      let (height, width) = (map.rows.count, map.rows[0].count)
      let step = (max(height, width) + Self.cellLimit - 1) / Self.cellLimit
      let shown = stride(from: step / 2, to: width, by: step)
      columns =
        ["\(y.label) \\ \(x.label)"]
        + shown.map { formatted(map.x.middle(of: $0, in: width), digits: 4) }
      // From the top down, as in the plot.
      rows = stride(from: step / 2, to: height, by: step).reversed().map { row in
        [formatted(map.y.middle(of: row, in: height), digits: 4)]
          + shown.map { formatted(map.rows[row][$0], digits: 4) }
      }
      every = step
    }
    let left = rows.count - Self.rowLimit
    let remark =
      left > 0
      ? "the first \(Self.rowLimit) of \(rows.count) rows"
      : every > 1 ? "one in \(every) rows and columns" : nil
    let caption = [title, name, remark].compactMap(\.self).joined(separator: ", ")
    return Table(
      columns.map(Table.Column.right), rows: Array(rows.prefix(Self.rowLimit)),
      caption: caption.isEmpty ? nil : caption)
  }
}

extension ClosedRange<Double> {
  /// The middle of one of a number of equal parts.
  fileprivate func middle(of index: Int, in count: Int) -> Double {
    lowerBound + (upperBound - lowerBound) * (Double(index) + 0.5) / Double(count)
  }
}
