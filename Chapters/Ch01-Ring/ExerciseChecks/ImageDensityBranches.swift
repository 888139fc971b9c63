import Autodiff
import Exercises
import Notebook

extension ImageDensity {
  /// Guards, and other areas and densities.
  static var otherwise: [Mistake<ImageDensity>] { guards + otherAreas + otherDensities }

  private static var guards: [Mistake<ImageDensity>] {
    let results: [(String, area: Double)] = [
      ("0", .infinity), ("p(z)", 1), ("∞", 0), ("NaN", .nan),
    ]
    return results.flatMap { name, area in
      [
        Mistake(
          "\(name) if small",
          "a small determinant gives \(name); it is small but not 0: divide by it as it is"
        ) { $0.area = { abs($0 * $3 - $1 * $2) < 1e-4 ? area : abs($0 * $3 - $1 * $2) } }
      ]
        + (name == "∞" || name == "NaN"
          ? []
          : [
            Mistake(
              "\(name) if negative", "a negative determinant gives \(name); divide by its size"
            ) { $0.area = { $0 * $3 - $1 * $2 < 0 ? area : $0 * $3 - $1 * $2 } }
          ])
    } + [
      Mistake("at least 1", "|det J| was cut to at least 1; it may be smaller") {
        $0.area = { max(abs($0 * $3 - $1 * $2), 1) }
      },
      Mistake("at most 1", "p(x) was cut to at most 1; a density may be larger") {
        $0.whole = { min($0 / $1, 1) }
      },
      Mistake(
        "root of a negative", "that is divided by √(det J), NaN if it is negative; use |det J|"
      ) {
        $0.area = {
          let determinant = $0 * $3 - $1 * $2
          return determinant < 0 ? .nan : determinant.squareRoot()
        }
      },
    ]
  }

  private static var otherAreas: [Mistake<ImageDensity>] {
    [
      Mistake("squares", "that is the sum of all squares; the area grows by |a d − b c|") {
        $0.area = { $0 * $0 + $1 * $1 + $2 * $2 + $3 * $3 }
      },
      Mistake("entries", "that is the sum of all entries; the area grows by |a d − b c|") {
        $0.area = { abs($0 + $1 + $2 + $3) }
      },
      Mistake("row", "that is the length of the longer row; the area grows by |a d − b c|") {
        $0.area = { max(length([$0, $1]), length([$2, $3])) }
      },
      Mistake("column", "that is the length of the longer column; the area grows by |a d − b c|") {
        $0.area = { max(length([$0, $2]), length([$1, $3])) }
      },
      Mistake("outer sizes", "the entries have to keep their signs: |a d − b c|") {
        $0.area = { abs(abs($0 * $3) - abs($1 * $2)) }
      },
      Mistake("symmetric", "b and c were replaced by their mean; the determinant is a d − b c") {
        $0.area = { abs($0 * $3 - ($1 + $2) * ($1 + $2) / 4) }
      },
    ]
  }

  private static var otherDensities: [Mistake<ImageDensity>] {
    [
      Mistake("ρ", "a factor ‖z‖ is too much: that is for the radius; p(z) has none") {
        $0.exponent = { .log(length($0)) - length($0) * length($0) / 2 }
      },
      Mistake("radius", "that is the density of ‖z‖; the point z has exp(−‖z‖²/2)/(2π)") {
        $0.exponent = { .log(length($0)) - length($0) * length($0) / 2 }
        $0.constant = 1
      },
      Mistake("largest", "the exponent has only the larger coordinate; it is −(z₁² + z₂²)/2") {
        $0.exponent = { -max($0[0] * $0[0], $0[1] * $0[1]) / 2 }
      },
      Mistake("sizes in all", "the exponent contains (|z₁| + |z₂|)²; it is −(z₁² + z₂²)/2") {
        let sum = { (z: [Double]) in abs(z[0]) + abs(z[1]) }
        $0.exponent = { -sum($0) * sum($0) / 2 }
      },
      Mistake("no half twice", "exp(−‖z‖²)/π has variance ½; p(z) is exp(−‖z‖²/2)/(2π)") {
        $0.exponent = { -($0[0] * $0[0] + $0[1] * $0[1]) }
        $0.constant = 1 / Double.pi
      },
    ]
  }
}
