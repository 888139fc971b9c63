/// The points at which a student's function evaluates a density. They tell how many cells it has,
/// and only with these can its mistakes be computed again.
final class StudentGrid {
  private let density: (Double, Double) -> Double
  private var places: [Double] = []
  private var known: [Double: Cells] = [:]

  init(_ density: @escaping (Double, Double) -> Double) { self.density = density }

  func forget() { (places, known) = ([], [:]) }

  func value(_ x₁: Double, _ x₂: Double) -> Double {
    if places.count < 5000 { places.append(x₂) }
    return density(x₁, x₂)
  }

  /// The density in the student's cells, evaluated at a fraction of each.
  func cells(at offset: Double) -> Cells {
    let cells = known[offset] ?? Cells(cellCount, at: offset, density)
    known[offset] = cells
    return cells
  }

  /// How many cells there are on [0, 1]: most places are as far apart as cells are wide. Few, if
  /// nothing is known.
  private var cellCount: Int {
    let sorted = places.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { (1e6 * ($0 - $1)).rounded() }.filter { $0 > 0 }
    let counts = Dictionary(grouping: gaps) { $0 }.mapValues(\.count)
    let gap = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 250_000
    return min(max(Int((1e6 / gap).rounded()), 2), 1000)
  }

  /// A density summed over cells.
  struct Cells {
    let midpoints: [Double]
    let density: (Double, Double) -> Double
    /// For each cell of x₁ the sum over x₂, and the other way round.
    let first: [Double]
    let second: [Double]

    init(_ count: Int, at offset: Double, _ density: @escaping (Double, Double) -> Double) {
      let midpoints = (0..<count).map { (Double($0) + offset) / Double(count) }
      self.midpoints = midpoints
      self.density = density
      first = midpoints.map { x₁ in midpoints.reduce(0) { $0 + density(x₁, $1) } }
      second = midpoints.map { x₂ in midpoints.reduce(0) { $0 + density($1, x₂) } }
    }
  }
}
