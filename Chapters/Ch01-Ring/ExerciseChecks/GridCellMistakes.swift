import Exercises

/// Mistakes in what the cells hold, and in what they are divided by.
extension GridConstruction {
  static var cells: [Mistake<GridConstruction>] {
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

  static var totals: [Mistake<GridConstruction>] {
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
}
