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

extension GridConstruction {
  static var mistakes: [Mistake<GridConstruction>] { wholes + inputs + places + cells + totals }

  private static var inputs: [Mistake<GridConstruction>] {
    [
      Mistake(
        "one u", "Φ(z₁) was used for both coordinates; x₂ is made from Φ(z₂)", isCommon: true
      ) { $0.uniforms = { (uniform($0[0]), uniform($0[0])) } },
      Mistake("other u", "z₁ and z₂ are exchanged: x₁ is made from Φ(z₁)", isCommon: true) {
        $0.uniforms = { (uniform($0[1]), uniform($0[0])) }
      },
      Mistake("z", "z itself was used in place of Φ(z), which is uniform", isCommon: true) {
        $0.uniforms = { ($0[0], $0[1]) }
      },
      Mistake("1 − u", "as z grows, so should x; was 1 − Φ(z) used, or the sum taken from the end?")
      {
        $0.uniforms = { (1 - uniform($0[0]), 1 - uniform($0[1])) }
      },
      Mistake("Φ of Φ", "Φ was applied twice; Φ(z₁) and Φ(z₂) are uniform already") {
        $0.uniforms = { (uniform(uniform($0[0])), uniform(uniform($0[1]))) }
      },
      Mistake("z₂", "z₂ itself was used in place of Φ(z₂), which is uniform") {
        $0.uniforms = { (uniform($0[0]), $0[1]) }
      },
      Mistake("z₁", "z₁ itself was used in place of Φ(z₁), which is uniform") {
        $0.uniforms = { ($0[0], uniform($0[1])) }
      },
      Mistake("1 − u alone", "as z₁ grows, so should x₁; was 1 − Φ(z₁) used?") {
        $0.uniforms = { (1 - uniform($0[0]), uniform($0[1])) }
      },
      Mistake("1 − v", "as z₂ grows, so should x₂; was 1 − Φ(z₂) used?") {
        $0.uniforms = { (uniform($0[0]), 1 - uniform($0[1])) }
      },
    ]
  }

  private static var places: [Mistake<GridConstruction>] {
    let places: [(String, String, (Double, Double) -> Double)] = [
      (
        "right end",
        "that is the right end of the cell; take only the fraction of it that is needed",
        { cell, _ in cell + 1 }
      ),
      (
        "left end", "that is the left end of the cell; go on by the fraction of it that is needed",
        { cell, _ in cell }
      ),
      (
        "middle",
        "that is the middle of the cell, which is not accurate enough; take the fraction of "
          + "it that is needed", { cell, _ in cell + 0.5 }
      ),
      (
        "half low",
        "x is half a cell too small: cell i reaches from i/m to (i + 1)/m, and its middle "
          + "is (i + ½)/m", { cell, fraction in cell - 0.5 + fraction }
      ),
      (
        "half high",
        "x is half a cell too large: cell i reaches from i/m to (i + 1)/m, and its middle "
          + "is (i + ½)/m", { cell, fraction in cell + 0.5 + fraction }
      ),
      (
        "nearest middle",
        "that is the middle of the cell whose cumulative sum is nearest; interpolate between two sums",
        { cell, fraction in max(cell + fraction.rounded() - 0.5, 0.5) }
      ),
      (
        "nearest end",
        "that is the end of the cell whose cumulative sum is nearest; interpolate between two sums",
        { cell, fraction in cell + fraction.rounded() }
      ),
      ("cell low", "x is one cell too small", { cell, fraction in cell - 1 + fraction }),
      ("cell high", "x is one cell too large", { cell, fraction in cell + 1 + fraction }),
      ("next cell's end", "x is the end of the next cell, one too far", { cell, _ in cell + 2 }),
      (
        "cell before", "x is the beginning of the cell before, one too early",
        { cell, _ in cell - 1 }
      ),
      (
        "rest", "the fraction is taken from the wrong end of the cell",
        { cell, fraction in cell + 1 - fraction }
      ),
    ]
    return places.map { name, message, place in
      Mistake(name, message, isCommon: ["right end", "left end"].contains(name)) {
        $0.place = { cell, fraction, count in place(Double(cell), fraction) / Double(count) }
      }
    } + [
      Mistake(
        "first cell twice",
        "the first cell counts twice: the cumulative sum begins with 0, not with the first cell"
      ) { $0.begin = { $0[0] } },
      Mistake(
        "no first cell",
        "the first cell is left out of the sum, so that x never comes near 0; does a loop begin too "
          + "late?"
      ) { $0.begin = { -$0[0] } },
      Mistake(
        "left ends", "the density was evaluated at the left ends of the cells; take their middles"
      ) { $0.offset = 0 },
      Mistake(
        "right ends", "the density was evaluated at the right ends of the cells; take their middles"
      ) { $0.offset = 1 },
      Mistake("rest of the sum", "what is left of the sum has to be divided by the cell's share") {
        $0.fraction = { rest, _, _ in rest }
      },
      Mistake("share of the sum", "what is left of the sum has to be divided by the cell's share") {
        $0.fraction = { rest, _, total in rest / total }
      },
      Mistake("count − 1", "the cells are 1/m wide, not 1/(m − 1)") {
        $0.place = { (Double($0) + $1) / Double($2 - 1) }
      },
      Mistake(
        "coarse", "the construction is right, but there are too few cells for an error below 0.001"
      ) { $0.place = { (Double($0) + $1) / Double($2) } },
    ]
  }

  private static var cells: [Mistake<GridConstruction>] {
    [
      Mistake(
        "marginal",
        "x₂ has its marginal distribution, whatever x₁ is; it should have its "
          + "distribution given x₁", isCommon: true
      ) { $0.second = { cells, _, _ in cells.second } },
      Mistake(
        "given u", "x₂ has its distribution given Φ(z₁); it should have the one given x₁",
        isCommon: true
      ) {
        $0.second = { cells, _, u in cells.midpoints.map { cells.density(u, $0) } }
      },
      Mistake(
        "given less",
        "x₂ has its distribution given that the first coordinate is at most x₁; take the density at "
          + "x₁ itself"
      ) {
        $0.second = { cells, x₁, _ in
          // The mean over [0, x₁], by twenty midpoints.
          cells.midpoints.map { x₂ in
            (0..<20).reduce(0) { $0 + cells.density(x₁ * (Double($1) + 0.5) / 20, x₂) }
          }
        }
      },
      Mistake(
        "over marginal of x₂",
        "p(x₁, x₂) was divided by the density of x₂; for x₂ given x₁, divide by that of x₁"
      ) {
        $0.second = { cells, x₁, _ in
          zip(cells.midpoints, cells.second).map { cells.density(x₁, $0) / $1 }
        }
      },
      Mistake("times marginal of x₂", "p(x₁, x₂) was multiplied by the density of x₂; use it alone")
      {
        $0.second = { cells, x₁, _ in
          zip(cells.midpoints, cells.second).map { cells.density(x₁, $0) * $1 }
        }
      },
      Mistake(
        "times marginal of x₁",
        "p(x₁, x₂) was multiplied by the cells of x₁ one by one; for one x₁ use it alone"
      ) {
        $0.second = { cells, x₁, _ in
          zip(cells.midpoints, cells.first).map { cells.density(x₁, $0) * $1 }
        }
      },
      Mistake(
        "over marginal of x₁",
        "p(x₁, x₂) was divided by the cells of x₁ one by one; for one x₁ divide by one total"
      ) {
        $0.second = { cells, x₁, _ in
          zip(cells.midpoints, cells.first).map { cells.density(x₁, $0) / $1 }
        }
      },
      Mistake("given 0", "x₂ has its distribution given x₁ = 0; take the x₁ just found") {
        $0.second = { cells, _, _ in cells.midpoints.map { cells.density(0, $0) } }
      },
      Mistake("given ½", "x₂ has its distribution given x₁ = ½; take the x₁ just found") {
        $0.second = { cells, _, _ in cells.midpoints.map { cells.density(0.5, $0) } }
      },
      Mistake("given 1", "x₂ has its distribution given x₁ = 1; take the x₁ just found") {
        $0.second = { cells, _, _ in cells.midpoints.map { cells.density(1, $0) } }
      },
      Mistake(
        "second exchanged", "for x₂ the arguments of the density are exchanged: it is p(x₁, x₂)",
        isCommon: true
      ) { $0.second = { cells, x₁, _ in cells.midpoints.map { cells.density($0, x₁) } } },
      Mistake(
        "first exchanged",
        "x₁ has the distribution of x₂: are the arguments of the density exchanged, or was the sum "
          + "taken over x₁?", isCommon: true
      ) { $0.first = { $0.second } },
      Mistake("both exchanged", "the arguments of the density are exchanged: it is p(x₁, x₂)") {
        $0.first = { $0.second }
        $0.second = { cells, x₁, _ in cells.midpoints.map { cells.density($0, x₁) } }
      },
      Mistake(
        "edge",
        "x₁ has its distribution along the edge x₂ = 0; its density is the integral over all x₂",
        isCommon: true
      ) { $0.first = { cells in cells.midpoints.map { cells.density($0, 0) } } },
      Mistake(
        "along ½", "x₁ has its distribution given x₂ = ½; its density is the integral over x₂"
      ) {
        $0.first = { cells in cells.midpoints.map { cells.density($0, 0.5) } }
      },
      Mistake(
        "along 1", "x₁ has its distribution given x₂ = 1; its density is the integral over x₂"
      ) {
        $0.first = { cells in cells.midpoints.map { cells.density($0, 1) } }
      },
      Mistake(
        "no last cell",
        "the last cells below 1 are left out, so that x never comes near 1; does a loop end too "
          + "early?"
      ) {
        $0.first = { cells in cells.cut(cells.first) }
        $0.second = { cells, x₁, _ in
          cells.cut(cells.midpoints.map { cells.density(x₁, $0) })
        }
      },
      Mistake(
        "no last cell of x₁",
        "the last cells of x₁ below 1 are left out, so that x₁ never comes near 1; does a loop end "
          + "too early?"
      ) { $0.first = { cells in cells.cut(cells.first) } },
      Mistake("diagonal", "x₁ has its distribution along the diagonal; integrate over all x₂") {
        $0.first = { cells in cells.midpoints.map { cells.density($0, $0) } }
      },
    ]
  }

  private static var totals: [Mistake<GridConstruction>] {
    [
      Mistake(
        "no totals",
        "the density was not divided by its total; it is only known up to a constant factor"
      ) {
        $0.firstTotal = { Double($0.count * $0.count) }
        $0.secondTotal = { cells, _ in Double(cells.count) }
      },
      Mistake("no total of x₁", "the density of x₁ was not divided by its total") {
        $0.firstTotal = { Double($0.count * $0.count) }
      },
      Mistake(
        "no total of x₂", "the density of x₂ was not divided by its total, the integral over x₂"
      ) { $0.secondTotal = { cells, _ in Double(cells.count) } },
      Mistake(
        "total of all",
        "p(x₁, x₂) was divided by the total over the whole square; given x₁, it is the one over x₂ alone"
      ) { $0.secondTotal = { cells, first in first.reduce(0, +) / Double(cells.count) } },
    ]
  }

  private static var wholes: [Mistake<GridConstruction>] {
    [
      Mistake("uniform", "that is Φ(z), which is uniform whatever the density is") {
        $0.first = { $0.midpoints.map { _ in 1 } }
        $0.second = { cells, _, _ in cells.midpoints.map { _ in 1 } }
      },
      Mistake("F", "that is F(Φ(z)); the inverse of F is needed") {
        $0.other = { u, cells, total in
          let position = min(max(u, 0), 1) * Double(cells.count)
          let cell = min(Int(position), cells.count - 1)
          let below = cells[..<cell].reduce(0, +)
          return (below + (position - Double(cell)) * cells[cell]) / total
        }
      },
      Mistake("largest", "that is where the density is largest, whatever z is") {
        $0.other = { _, cells, _ in
          let largest = cells.indices.max { cells[$0] < cells[$1] } ?? 0
          return (Double(largest) + 0.5) / Double(cells.count)
        }
      },
      Mistake("halves", "the halves of the bisection are exchanged: where F(x) > u, x is too large")
      {
        $0.other = { u, cells, total in
          cells[..<(cells.count / 2)].reduce(0, +) > u * total ? 1 : 0
        }
      },
      Mistake("density for F", "u was looked for among the densities; look among their sums, F") {
        $0.other = { u, cells, total in
          let goal = u * total / Double(cells.count)
          let nearest = cells.indices.min { abs(cells[$0] - goal) < abs(cells[$1] - goal) } ?? 0
          return (Double(nearest) + 0.5) / Double(cells.count)
        }
      },
      Mistake("Φ of x", "Φ was applied to the x that were found; return x itself") {
        $0.whole = { $0.map { $0.map(uniform) } }
      },
      Mistake("mean", "that is the mean of x, whatever z is") {
        $0.other = { _, cells, total in
          cells.indices.reduce(0) { $0 + (Double($1) + 0.5) * cells[$1] } / Double(cells.count)
            / total
        }
      },
      Mistake("Φ(z₁) first", "the first number is Φ(z₁), which is uniform; return x₁") {
        $0.returnsUniform = true
      },
      Mistake("first uniform", "x₁ is Φ(z₁), which is uniform; it should have the distribution F₁")
      {
        $0.first = { $0.midpoints.map { _ in 1 } }
        $0.second = { cells, x₁, _ in cells.midpoints.map { cells.density(x₁, $0) } }
      },
      Mistake("second uniform", "x₂ is Φ(z₂), which is uniform; it should have the one given x₁") {
        $0.second = { cells, _, _ in cells.midpoints.map { _ in 1 } }
      },
      Mistake("exchanged", "x₁ and x₂ are right, but stand in the wrong order") {
        $0.whole = { $0.map { $0.reversed() } }
      },
      Mistake("one point", "all points are the image of the first; each has its own z") {
        $0.whole = { points in points.map { _ in points[0] } }
      },
      Mistake(
        "other order",
        "x₂ was computed first, and then x₁ given x₂; the exercise asks for the other "
          + "order"
      ) {
        $0.uniforms = { (uniform($0[1]), uniform($0[0])) }
        $0.first = { $0.second }
        $0.second = { cells, x₂, _ in cells.midpoints.map { cells.density($0, x₂) } }
        $0.whole = { $0.map { $0.reversed() } }
      },
    ]
  }
}
