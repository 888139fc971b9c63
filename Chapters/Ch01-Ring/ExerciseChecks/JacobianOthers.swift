import Exercises

/// Mistakes in single derivatives and single entries, and points treated in another way.
extension RingJacobian {
  static var others: [Mistake<RingJacobian>] { lengthDerivatives + entries + exceptions }

  /// Others for ∂‖z‖/∂zⱼ = zⱼ/‖z‖, in the quotient rule.
  private static var lengthDerivatives: [Mistake<RingJacobian>] {
    let derivatives: [(String, (_ own: Double, _ other: Double, _ length: Double) -> Double)] = [
      ("1/(2‖z‖)", { _, _, length in 0.5 / length }),
      ("2zⱼ", { own, _, _ in 2 * own }),
      ("2zⱼ‖z‖", { own, _, length in 2 * own * length }),

      ("‖z‖/zⱼ", { own, _, length in length / own }),
      ("(z₁ + z₂)/‖z‖", { own, other, length in (own + other) / length }),
      ("(z₁ + z₂)/(2‖z‖)", { own, other, length in (own + other) / (2 * length) }),
      ("the one with respect to the other coordinate", { _, other, length in other / length }),
      ("−zⱼ/‖z‖³", { own, _, length in -own / (length * length * length) }),
      ("‖z‖", { _, _, length in length }),
    ]
    return derivatives.map { name, derivative in
      Mistake("∂‖z‖: \(name)", "∂‖z‖/∂zⱼ was taken to be \(name); it is zⱼ/‖z‖") { jacobian in
        jacobian.product = { z, i, j in
          z[i] * derivative(z[j], z[1 - j], length(z))
        }
        jacobian.outer = { product, length in -product / (length * length) }
      }
    }
  }

  /// What is wrong in one entry alone.
  private static var entries: [Mistake<RingJacobian>] {
    let names = ["∂g₁/∂z₁", "∂g₁/∂z₂", "∂g₂/∂z₁", "∂g₂/∂z₂"]
    typealias Term = (String, (_ z: [Double], _ width: Double) -> Double)
    let w: Term = ("w", { _, width in width })
    let inverse: Term = ("1/‖z‖", { z, _ in 1 / length(z) })
    let both: Term = ("w + 1/‖z‖", { z, width in width + 1 / length(z) })
    return names.indices.flatMap { index in
      [w, inverse, both].map { name, term in
        let (i, j) = (index / 2, index % 2)
        let message =
          i == j
          ? "\(name) is missing in \(names[index])"
          : "\(name) stands in \(names[index]); it belongs on the diagonal"
        return Mistake("\(name) in \(names[index])", message) {
          $0.change = { matrix, z, width in
            matrix[i][j] += (i == j ? -1 : 1) * term(z, width)
          }
        }
      }
        + [
          Mistake("\(names[index]) is 0", "\(names[index]) is 0, and should not be") {
            $0.change = { matrix, _, _ in matrix[index / 2][index % 2] = 0 }
          }
        ]
    }
  }

  /// Points near (0, 0) that are treated in another way, without need.
  private static var exceptions: [Mistake<RingJacobian>] {
    [1e-3, 0.1].flatMap { least in
      [
        ("w I", { (_: Double, width: Double) in width }),
        ("I", { _, _ in 1 }),
        ("0", { _, _ in 0 }),
        ("(w + 1/‖z‖) I", { length, width in width + 1 / length }),
        ("(w + 1) I", { _, width in width + 1 }),
      ].map { (name: String, diagonal: @escaping (_ length: Double, _ width: Double) -> Double) in
        Mistake(
          "short \(least) \(name)",
          "for z near (0, 0), \(name) was returned; the formula holds for every z but (0, 0) itself"
        ) {
          $0.change = { matrix, z, width in
            let length = length(z)
            guard length < least else { return }
            let value = diagonal(length, width)
            matrix = [[value, 0], [0, value]]
          }
        }
      }
    }
  }
}
