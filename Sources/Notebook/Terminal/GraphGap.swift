/// What lies between two columns of boxes: the lines that cross from one to the other.
struct GraphGap {
  /// A line from a row at the left to a row at the right.
  struct Wire {
    /// The box at which the arrow starts, perhaps some columns before.
    let net: Int
    let from: Int
    let to: Int
    /// Whether the arrow ends here.
    let entersBox: Bool
    let isBlocked: Bool
  }

  private(set) var wires: [Wire] = []
  /// What is written on lines before they turn, by row.
  private var sourceLabels: [Int: String] = [:]
  /// What is written on lines after they have turned, by row.
  private var targetLabels: [Int: String] = [:]
  /// In which track the lines of a net turn.
  private var tracks: [Int: Int] = [:]

  mutating func add(_ wire: Wire) { wires.append(wire) }

  /// Writes a label on a line before or after it turns. Returns false if another label is there.
  mutating func add(_ label: String, row: Int, isBeforeTurn: Bool) -> Bool {
    let old =
      isBeforeTurn
      ? sourceLabels.updateValue(label, forKey: row) : targetLabels.updateValue(label, forKey: row)
    return old == nil || old == label
  }

  private var left: Int { 1 + (sourceLabels.values.map { $0.columns + 3 }.max() ?? 0) }
  private var turns: Int { tracks.values.max().map { 2 * $0 + 1 } ?? 0 }
  private var right: Int { 2 + (targetLabels.values.map { $0.columns + 2 }.max() ?? 0) }

  /// How many columns the gap takes.
  var width: Int { left + turns + right }

  /// Gives each net a track to turn in, so that no two nets seem to be one: a net that arrives in
  /// the row in which another leaves turns behind it, and nets whose turns overlap keep apart unless
  /// all go to one row.
  mutating func assignTracks() {
    let nets = Dictionary(grouping: wires, by: \.net).mapValues(Net.init)
      .filter { $0.value.turns }.sorted { $0.key < $1.key }
    var waiting = nets
    while !waiting.isEmpty {
      let isFree = { (net: Net) in !waiting.contains { $0.value.mustPrecede(net) } }
      let next = waiting.firstIndex { isFree($0.value) } ?? 0
      let (key, net) = waiting.remove(at: next)
      let done = nets.filter { tracks[$0.key] != nil }
      let first = done.filter { $0.value.mustPrecede(net) }.map { tracks[$0.key]! + 1 }.max() ?? 0
      let taken = Set(done.filter { $0.value.overlaps(net) }.map { tracks[$0.key]! })
      tracks[key] = (first...).first { !taken.contains($0) }!
    }
  }

  /// Draws the lines from the boxes that end before `start`.
  func draw(into wiring: inout WireGrid, start: Int) {
    let end = start + width
    for wire in wires {
      let turn = wire.from == wire.to ? end : start + left + 2 * (tracks[wire.net] ?? 0)
      wiring.drawRow(wire.from, from: start - 1, to: turn, net: wire.net, isBroken: wire.isBlocked)
      wiring.drawColumn(turn, from: wire.from, to: wire.to, net: wire.net, isBroken: wire.isBlocked)
      wiring.drawRow(wire.to, from: turn, to: end, net: wire.net, isBroken: wire.isBlocked)
    }
  }

  /// Writes labels and the heads of arrows over the lines.
  func write(into grid: inout CharacterGrid, start: Int, isASCII: Bool, blockedColor: Int) {
    let end = start + width - 1
    for wire in wires where wire.entersBox {
      grid.write(isASCII ? ">" : "▶", row: wire.to, column: end)
    }
    let blocked = wires.filter(\.isBlocked)
    for (row, label) in sourceLabels {
      let color = blocked.contains { $0.from == row } ? blockedColor : nil
      grid.write(" \(label) ", row: row, column: start + 1, color: color)
    }
    for (row, label) in targetLabels {
      let color = blocked.contains { $0.to == row } ? blockedColor : nil
      grid.write(" \(label) ", row: row, column: end - 3 - label.columns, color: color)
    }
  }
}

/// The lines of one net in a gap.
private struct Net: Equatable {
  let sources: Set<Int>
  let targets: Set<Int>
  let turns: Bool

  init(_ wires: [GraphGap.Wire]) {
    sources = Set(wires.map(\.from))
    targets = Set(wires.map(\.to))
    turns = wires.contains { $0.from != $0.to }
  }

  private var range: ClosedRange<Int> {
    let rows = sources.union(targets)
    return rows.min()!...rows.max()!
  }

  /// Whether the other's end would run into this one's beginning if it turned first.
  func mustPrecede(_ other: Net) -> Bool {
    self != other && !sources.isDisjoint(with: other.targets) && sources.isDisjoint(with: targets)
  }

  func overlaps(_ other: Net) -> Bool {
    range.overlaps(other.range) && !(targets.count == 1 && targets == other.targets)
  }
}
