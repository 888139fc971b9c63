import Exercises

extension Checks {
  static func jacobian(_ answer: @escaping ([Double], Double) throws -> [[Double]]) -> Exercise {
    struct Input {
      let z: [Double]
      let width: Double

      /// a I + b zzᵀ.
      func matrix(_ identity: Double, _ outer: Double) -> [[Double]] {
        (0..<2).map { i in (0..<2).map { j in (i == j ? identity : 0) + outer * z[i] * z[j] } }
      }
    }
    var comparison = Comparison<Input, [[Double]]>(of: { try answer($0.z, $0.width) }) { input in
      rows(Stretch(at: input.z, width: input.width).jacobian)
    }
    comparison.ask("z = (0, −2) and w = 0.5", Input(z: [0, -2], width: 0.5))
    comparison.ask("z = (3, 4) and w = 0.1", Input(z: [3, 4], width: 0.1))
    let drawn = roundedNormals(1, 2, seed: 14)[0]
    comparison.ask("z = \(text(drawn)) and w = 0.3", Input(z: drawn, width: 0.3))
    comparison.recognize("‖z‖ was treated as a constant, but it changes with z") { input in
      input.matrix(input.width + 1 / length(input.z), 0)
    }
    comparison.recognize("zzᵀ was divided by ‖z‖²; the quotient rule gives ‖z‖³") { input in
      let length = length(input.z)
      return input.matrix(input.width + 1 / length, -1 / (length * length))
    }
    comparison.recognize("zzᵀ/‖z‖³ was added; the quotient rule subtracts it") { input in
      let length = length(input.z)
      return input.matrix(input.width + 1 / length, 1 / (length * length * length))
    }
    comparison.recognize("the term w z was left out; its derivative is w I") { input in
      let length = length(input.z)
      return input.matrix(1 / length, -1 / (length * length * length))
    }
    comparison.recognize("only the diagonal is there, but z₂ changes ‖z‖, and with it g₁") {
      input in
      var matrix = rows(Stretch(at: input.z, width: input.width).jacobian)
      (matrix[0][1], matrix[1][0]) = (0, 0)
      return matrix
    }
    return Exercise(
      "jacobian", "The Jacobian of g at a point", minutes: 15,
      hints: [
        "∂‖z‖/∂zⱼ is zⱼ/‖z‖. Which of the four derivatives of w zᵢ are not 0?",
        "By the quotient rule, ∂(zᵢ/‖z‖)/∂zⱼ is (1 if i = j, else 0)/‖z‖ − zᵢ zⱼ/‖z‖³.",
      ], comparison)
  }
}
