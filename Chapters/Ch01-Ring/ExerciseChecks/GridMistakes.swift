import Exercises

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
