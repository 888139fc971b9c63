import Exercises

/// Knothe's construction on cells, with the places where people go wrong.
struct GridConstruction {
  typealias Cells = StudentGrid.Cells

  /// What u and v are, given the point.
  var uniforms: (_ z: [Double]) -> (u: Double, v: Double) = { (uniform($0[0]), uniform($0[1])) }
  /// How large cells of x₁ are, up to a factor, and those of x₂ given x₁.
  var first: (Cells) -> [Double] = { $0.first }
  var second: (Cells, _ x₁: Double, _ u: Double) -> [Double] = { cells, x₁, _ in
    cells.midpoints.map { cells.density(x₁, $0) }
  }
  /// What the sum is before the first cell, from the cells.
  var begin: (_ cells: [Double]) -> Double = { _ in 0 }
  /// What u is multiplied by to find a cell.
  var firstTotal: (_ cells: [Double]) -> Double = { $0.reduce(0, +) }
  var secondTotal: (_ cells: [Double], _ firstCells: [Double]) -> Double = { cells, _ in
    cells.reduce(0, +)
  }
  /// The x of a fraction of a cell.
  var place: (_ cell: Int, _ fraction: Double, _ count: Int) -> Double = {
    (Double($0) + $1) / Double($2)
  }
  /// How much of a cell is needed, from what is left of the sum, the cell and the total.
  var fraction: (_ rest: Double, _ cell: Double, _ total: Double) -> Double = { rest, cell, _ in
    rest / cell
  }
  /// For what is no quantile.
  var other: ((_ u: Double, _ cells: [Double], _ total: Double) -> Double)?
  /// Whether u stands in place of x₁ in the end.
  var returnsUniform = false
  /// Where in its cell the density is evaluated.
  var offset = 0.5
  var whole: ([[Double]]) -> [[Double]] = { $0 }

  func callAsFunction(_ task: KnotheTask) -> [[Double]] {
    let grid = task.grid.cells(at: offset)
    let firstCells = first(grid)
    return whole(
      task.z.map { z in
        let (u, v) = uniforms(z)
        let x₁ = quantile(u, firstCells, firstTotal(firstCells))
        let cells = second(grid, x₁, u)
        return [returnsUniform ? u : x₁, quantile(v, cells, secondTotal(cells, firstCells))]
      })
  }

  private func quantile(_ u: Double, _ cells: [Double], _ total: Double) -> Double {
    if let other { return other(u, cells, total) }
    var rest = u * (total + begin(cells)) - begin(cells)
    if begin(cells) > 0 && rest < 0 { return 0 }
    for (index, cell) in cells.enumerated() {
      if rest <= cell { return place(index, fraction(rest, cell, total), cells.count) }
      rest -= cell
    }
    return 1
  }
}
