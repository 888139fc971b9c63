import Calculations
import Exercises

extension Checks {
  static func slope(_ answer: @escaping ([[Double]]) throws -> Double) -> Exercise {
    var comparison = Comparison<[[Double]], Double>(of: answer) { LargestStretch()($0) }
    comparison.ask("the Jacobian (0, −2; 0.5, 0)", [[0, -2], [0.5, 0]])
    comparison.ask("the Jacobian (3, 0; 4, 5)", [[3, 0], [4, 5]])
    comparison.ask("the Jacobian (1, 2; 2, 4), whose determinant is 0", [[1, 2], [2, 4]])
    // A rotation and a scaling: both singular values are 5, and the inner root is 0.
    comparison.ask("the Jacobian (3, −4; 4, 3)", [[3, -4], [4, 3]])
    comparison.ask(
      "a turn and a scaling, (0.167, 0.312; −0.312, 0.167) with more digits",
      LargestStretch.turn, tolerance: Tolerance(relative: 1e-6))
    // Perpendicular rows, of which the second is longer, and a diagonal matrix.
    comparison.ask("the Jacobian (0, 0.7; 3, 0)", [[0, 0.7], [3, 0]])
    comparison.ask("the Jacobian (−4, 0; 0, −0.6)", [[-4, 0], [0, -0.6]])
    comparison.ask("the Jacobian (−2, 1; 1, −2)", [[-2, 1], [1, -2]])
    for seed in [26, 28] as [UInt64] {
      let drawn = roundedNormals(2, 2, seed: seed)
      comparison.ask("the Jacobian with rows \(text(drawn))", drawn)
    }
    comparison.argument("jacobian", \.self, change: { 1.5 * $0 + 0.25 })
    comparison.recognize(LargestStretch.mistakes, in: LargestStretch()) { $1($0) }
    comparison.recognize(StretchAlgorithm.mistakes, in: StretchAlgorithm()) { $1($0) }
    comparison.recognizeSlips()
    return Exercise(
      "slope", "How steep a function is at a point", minutes: 20,
      hints: [
        "Compute the three different entries of JJᵀ = (p, r; r, q): p and q are the squared lengths "
          + "of the rows of J, and r is their dot product.",
        "The eigenvalues of (p, r; r, q) are (p + q)/2 ± √((p − q)²/4 + r²). The slope is the root "
          + "of the larger one.",
      ], comparison)
  }
}

extension Comparison<[[Double]], Double> {
  /// The usual ways to the slope of (a, b; c, d).
  fileprivate mutating func recognizeSlips() {
    calculation {
      entries($0) { a, b, c, d in
        largest(a * a + b * b, c * c + d * d, a * c + b * d)
      }
    }
    calculation {
      entries($0) { a, b, c, d in
        let trace = (square(a) + square(b) + square(c) + square(d)).named("the trace of JJᵀ")
        let determinant = square((a * d - b * c).named("det J")).named("det JJᵀ")
        return sqrt((trace + sqrt(square(trace) - 4 * determinant)) / 2)
      }
    }
    calculation {
      entries($0) { a, b, c, d in
        let p = (square(a) + square(b)).named("p")
        let q = (square(c) + square(d)).named("q")
        let r = (a * c + b * d).named("r")
        let half = ((p + q) / 2).named("half of the trace of JJᵀ")
        let determinant = (p * q - square(r)).named("det JJᵀ")
        return sqrt(half + sqrt(square(half) - determinant))
      }
    }
  }
}

/// The four entries as the beginning of a calculation.
private func entries(
  _ jacobian: [[Double]],
  _ formula: (_ a: Calculation, _ b: Calculation, _ c: Calculation, _ d: Calculation) -> Calculation
) -> Calculation {
  let entries = (0..<4).map { index -> Calculation in
    let (row, column) = (index / 2, index % 2)
    return .argument("jacobian[\(row)][\(column)]", jacobian[row][column])
  }
  return formula(entries[0], entries[1], entries[2], entries[3])
}

/// The root of the larger eigenvalue of (p, r; r, q).
private func largest(_ p: Calculation, _ q: Calculation, _ r: Calculation) -> Calculation {
  let (p, q, r) = (p.named("p"), q.named("q"), r.named("r"))
  return sqrt((p + q) / 2 + sqrt(square(p - q) / 4 + square(r)))
}
