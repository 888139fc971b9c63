/// How a layer is drawn where there are only characters.
struct Ink: Equatable, Sendable {
  /// Its colour in the terminal's palette of 256.
  let color: Int
  /// The character that stands for a stretch of its line in ASCII.
  let letter: Character
  /// Which of its line's dots are lit, over and over.
  let dashes: [Bool]
}

/// The dots of braille characters, eight a character, or, where there is only ASCII, one letter in
/// place of all eight.
struct DotCanvas {
  let isASCII: Bool
  /// How many dots there are side by side.
  let width: Int
  /// How many dots there are one above the other.
  let height: Int
  private let columns: Int
  private var cells: [(dots: UInt64, ink: Ink?)]

  /// Creates a canvas of this many characters.
  init(columns: Int, rows: Int, isASCII: Bool) {
    self.isASCII = isASCII
    self.columns = columns
    width = columns * (isASCII ? 1 : 2)
    height = rows * (isASCII ? 1 : 4)
    cells = Array(repeating: (0, nil), count: columns * rows)
  }

  /// The length of a dot's side in widths of a character, which is twice as high as wide: across
  /// and down.
  var dotSize: (width: Double, height: Double) { isASCII ? (1, 2) : (0.5, 0.5) }

  /// Lights the dot nearest to a point.
  mutating func light(_ point: UnitPoint, ink: Ink) {
    let dot = dot(at: point)
    light(dot.x, dot.y, ink)
  }

  private mutating func light(_ x: Int, _ y: Int, _ ink: Ink) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let across = isASCII ? 1 : 2
    let down = isASCII ? 1 : 4
    let cell = y / down * columns + x / across
    cells[cell].dots |= 1 << UInt64(y % down * 2 + x % across)
    cells[cell].ink = ink
  }

  /// Draws a line through points. Nil leaves a gap, and anything outside is cut off.
  mutating func draw(_ points: some Sequence<UnitPoint?>, ink: Ink) {
    var dash = 0
    var last: UnitPoint?
    var lastDot: (x: Int, y: Int)?
    for point in points {
      defer { last = point }
      guard let from = last, let point, let (start, end) = clipped(from, point) else { continue }
      let (a, b) = (dot(at: start), dot(at: end))
      let steps = max(abs(b.x - a.x), abs(b.y - a.y))
      for step in 0...steps {
        let share = steps == 0 ? 0 : Double(step) / Double(steps)
        let x = a.x + Int((share * Double(b.x - a.x)).rounded())
        let y = a.y + Int((share * Double(b.y - a.y)).rounded())
        // Where segments meet, a dot must not count as two of a dash.
        if let lastDot, lastDot == (x, y) { continue }
        lastDot = (x, y)
        if isASCII || ink.dashes[dash % ink.dashes.count] { light(x, y, ink) }
        dash += 1
      }
    }
  }

  private func dot(at point: UnitPoint) -> (x: Int, y: Int) {
    (
      x: Int((point.x * Double(width - 1)).rounded()),
      y: Int(((1 - point.y) * Double(height - 1)).rounded())
    )
  }

  /// What is lit in a character's place, if anything is.
  func cell(row: Int, column: Int) -> (character: Character, ink: Ink)? {
    let cell = cells[row * columns + column]
    guard let ink = cell.ink else { return nil }
    if isASCII { return (ink.letter, ink) }
    return (BrailleDot.character { cell.dots & 1 << UInt64($0.y * 2 + $0.x) != 0 }, ink)
  }
}

/// The part of a line inside the square from 0 to 1 (Liang and Barsky, 1984), if there is any.
private func clipped(_ from: UnitPoint, _ to: UnitPoint) -> (UnitPoint, UnitPoint)? {
  let delta = UnitPoint(x: to.x - from.x, y: to.y - from.y)
  var (first, last) = (0.0, 1.0)
  for (speed, room) in [
    (-delta.x, from.x), (delta.x, 1 - from.x), (-delta.y, from.y), (delta.y, 1 - from.y),
  ] {
    if speed == 0, room < 0 { return nil }
    if speed < 0 { first = max(first, room / speed) }
    if speed > 0 { last = min(last, room / speed) }
  }
  guard first <= last else { return nil }
  let point = { (share: Double) in
    UnitPoint(x: from.x + share * delta.x, y: from.y + share * delta.y)
  }
  return (point(first), point(last))
}
