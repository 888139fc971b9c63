/// The points at which a student's function evaluates a density. They tell how many cells it has,
/// and only with these can its mistakes be computed again.
final class StudentGrid {
  private let density: (Double, Double) -> Double
  private var firstPlaces: [Double] = []
  private var places: [Double] = []
  private var largestFirst = 0.0
  private var known: [Double: Cells] = [:]

  init(_ density: @escaping (Double, Double) -> Double) { self.density = density }

  func forget() { (firstPlaces, places, largestFirst, known) = ([], [], 0, [:]) }

  func value(_ x₁: Double, _ x₂: Double) -> Double {
    if places.count < 5000 {
      firstPlaces.append(x₁)
      places.append(x₂)
    }
    largestFirst = max(largestFirst, x₁)
    return density(x₁, x₂)
  }

  /// The density in the student's cells, evaluated at a fraction of each.
  func cells(at offset: Double) -> Cells {
    let cells =
      known[offset] ?? Cells(Self.cellCount(places), at: offset, upTo: lastEnd, density)
    known[offset] = cells
    return cells
  }

  /// How many cells there are on [0, 1]: most places are as far apart as cells are wide. Few, if
  /// nothing is known.
  private static func cellCount(_ places: [Double]) -> Int {
    let sorted = places.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { (1e6 * ($0 - $1)).rounded() }.filter { $0 > 0 }
    let counts = Dictionary(grouping: gaps) { $0 }.mapValues(\.count)
    let gap = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 250_000
    return min(max(Int((1e6 / gap).rounded()), 2), 1000)
  }

  /// Where the student's last cell of x₁ ends, if any are left out at 1; otherwise where the one
  /// before the last does.
  private var lastEnd: Double {
    let count = Double(Self.cellCount(firstPlaces))
    let cells = largestFirst > 0 ? (largestFirst * count - 1e-6).rounded(.up) : count
    return min(cells, count - 1) / count
  }

  /// A density summed over cells.
  struct Cells {
    let midpoints: [Double]
    let density: (Double, Double) -> Double
    /// For each cell of x₁ the sum over x₂, and the other way round.
    let first: [Double]
    let second: [Double]
    /// Where the cells end for those who leave some out.
    let lastEnd: Double

    init(
      _ count: Int, at offset: Double, upTo lastEnd: Double,
      _ density: @escaping (Double, Double) -> Double
    ) {
      self.lastEnd = lastEnd
      let midpoints = (0..<count).map { (Double($0) + offset) / Double(count) }
      self.midpoints = midpoints
      self.density = density
      first = midpoints.map { x₁ in midpoints.reduce(0) { $0 + density(x₁, $1) } }
      second = midpoints.map { x₂ in midpoints.reduce(0) { $0 + density($1, x₂) } }
    }

    /// Cells of one coordinate, empty from the end on.
    func cut(_ cells: [Double]) -> [Double] {
      let whole = lastEnd * Double(cells.count)
      return cells.enumerated().map { $1 * min(max(whole - Double($0), 0), 1) }
    }
  }
}
