/// Where the boxes of a graph are, for all renderers: columns from left to right, so that arrows
/// point onwards, and rows within them.
struct GraphLayout: Equatable, Sendable {
  /// A place in the plane.
  struct Place: Equatable, Sendable {
    /// From 0 at the left.
    var column: Int
    /// From 0 at the top, in half rows: neighbours in a column are at least 2 apart, so that a box
    /// can be midway between two others.
    var row: Int
  }

  /// The places of the boxes, in the order of the graph's nodes.
  let places: [Place]
  /// The places that each arrow passes, in the order of the graph's edges: from its source, by one
  /// in each column that it crosses, where it hits no box, to its target.
  let routes: [[Place]]
  /// How many columns there are.
  var columns: Int { (places.map(\.column).max() ?? -1) + 1 }
  /// How many half rows there are from the highest place to the lowest, both included.
  var rows: Int { ((places + routes.joined()).map(\.row).max() ?? -1) + 1 }

  /// Lays out a graph of up to some dozens of nodes (Sugiyama, Tagawa and Toda, 1981): columns by
  /// longest paths, order by the mean place of neighbours, rows by least squares.
  init(_ graph: Graph) {
    let index = Dictionary(uniqueKeysWithValues: zip(graph.nodes.map(\.name), graph.nodes.indices))
    let arrows = graph.edges.map { (from: index[$0.source]!, to: index[$0.target]!) }
    let inside = Set((graph.plate?.nodes ?? []).compactMap { index[$0] })
    var layers = Layers(columns: Self.columns(arrows, count: graph.nodes.count, inside: inside))
    let paths = arrows.map { layers.addPath(from: $0.from, to: $0.to) }
    layers.reduceCrossings()
    let rows = layers.rows()
    let place = { Place(column: layers.column[$0], row: rows[$0]) }
    places = graph.nodes.indices.map(place)
    routes = paths.map { $0.map(place) }
  }

  /// The longest path to each node; a node that no arrow enters moves to just before its first target.
  /// Whatever is inside a plate comes after everything outside.
  private static func columns(
    _ arrows: [(from: Int, to: Int)], count: Int, inside: Set<Int>
  ) -> [Int] {
    let arrows =
      arrows
      + (0..<count).filter { !inside.contains($0) }.flatMap { outside in
        inside.map { (from: outside, to: $0) }
      }
    var columns = Array(repeating: 0, count: count)
    // A path has fewer steps than there are nodes.
    for _ in 0..<count {
      for arrow in arrows { columns[arrow.to] = max(columns[arrow.to], columns[arrow.from] + 1) }
    }
    for node in 0..<count where !arrows.contains(where: { $0.to == node }) {
      let targets = arrows.filter { $0.from == node }.map { columns[$0.to] }
      columns[node] = max((targets.min() ?? 1) - 1, 0)
    }
    return columns
  }
}

/// Vertices in columns: the nodes, and the points at which arrows pass a column.
private struct Layers {
  /// The column of each vertex.
  private(set) var column: [Int]
  /// The vertices of each column from top to bottom.
  private var order: [[Int]]
  private var left: [[Int]]
  private var right: [[Int]]

  init(columns: [Int]) {
    column = columns
    left = Array(repeating: [], count: columns.count)
    right = left
    order = (0..<((columns.max() ?? -1) + 1)).map { column in
      columns.indices.filter { columns[$0] == column }
    }
  }

  /// Joins two vertices by way of new ones in the columns between them.
  mutating func addPath(from source: Int, to target: Int) -> [Int] {
    var path = [source]
    for between in column[source]..<max(column[target], column[source])
    where between > column[source] {
      path.append(column.count)
      order[between].append(column.count)
      column.append(between)
      left.append([])
      right.append([])
    }
    path.append(target)
    for (from, to) in zip(path, path.dropFirst()) {
      right[from].append(to)
      left[to].append(from)
    }
    return path
  }

  /// Orders each column by the mean place of the neighbours to the left, then to the right, and so
  /// on, and keeps the order in which the fewest arrows cross.
  mutating func reduceCrossings() {
    var best = order
    var fewest = crossings
    for sweep in 0..<8 where fewest > 0 {
      let isForward = sweep % 2 == 0
      for index in isForward ? Array(order.indices) : order.indices.reversed() {
        sort(index, by: isForward ? left : right)
      }
      if crossings < fewest { (best, fewest) = (order, crossings) }
    }
    order = best
  }

  private mutating func sort(_ column: Int, by neighbours: [[Int]]) {
    let rank = ranks
    let keys = order[column].map { vertex -> Double in
      let near = neighbours[vertex]
      return near.isEmpty
        ? Double(rank[vertex])
        : Double(near.reduce(0) { $0 + rank[$1] }) / Double(near.count)
    }
    order[column] = order[column].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      .map { order[column][$0] }
  }

  /// The place of each vertex in its column.
  private var ranks: [Int] {
    var ranks = Array(repeating: 0, count: column.count)
    for vertices in order {
      for (rank, vertex) in vertices.enumerated() { ranks[vertex] = rank }
    }
    return ranks
  }

  private var crossings: Int {
    let rank = ranks
    return order.reduce(0) { count, vertices in
      let arrows = vertices.flatMap { from in right[from].map { (rank[from], rank[$0]) } }
      return count
        + arrows.indices.reduce(0) { count, one in
          count
            + arrows[..<one].count { other in
              (other.0 - arrows[one].0) * (other.1 - arrows[one].1) < 0
            }
        }
    }
  }

  /// The row of each vertex in half rows: as near to the mean of its neighbours as the others in its
  /// column allow.
  func rows() -> [Int] {
    var rows = ranks.map { 2 * Double($0) }
    for sweep in 0..<8 {
      for vertices in sweep % 2 == 0 ? order : order.reversed() {
        let wishes = vertices.map { vertex -> Double in
          let near = left[vertex] + right[vertex]
          return near.isEmpty ? rows[vertex] : near.reduce(0) { $0 + rows[$1] } / Double(near.count)
        }
        // Two rows apart means ascending once two rows are taken off for each above.
        let free = ascending(wishes.enumerated().map { $1 - 2 * Double($0) })
        for (rank, vertex) in vertices.enumerated() { rows[vertex] = free[rank] + 2 * Double(rank) }
      }
    }
    let whole = rows.map { Int($0.rounded(.down)) }
    let top = whole.min() ?? 0
    return whole.map { $0 - top }
  }
}

/// The ascending numbers nearest to some others in least squares, by pooling neighbours that
/// violate the order into their mean (Ayer and others, 1955).
private func ascending(_ wishes: [Double]) -> [Double] {
  var pools: [(mean: Double, count: Int)] = []
  for wish in wishes {
    var pool = (mean: wish, count: 1)
    while let last = pools.last, last.mean > pool.mean {
      pools.removeLast()
      let count = last.count + pool.count
      pool.mean =
        (last.mean * Double(last.count) + pool.mean * Double(pool.count)) / Double(count)
      pool.count = count
    }
    pools.append(pool)
  }
  return pools.flatMap { Array(repeating: $0.mean, count: $0.count) }
}
