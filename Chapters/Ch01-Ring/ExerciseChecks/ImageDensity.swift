import Autodiff
import Exercises
import Probability

extension Checks {
  static func imageDensity(_ answer: @escaping ([Double], [[Double]]) throws -> Double) -> Exercise
  {
    struct Input {
      let z: [Double]
      let jacobian: [[Double]]

      var density: Double {
        .exp(DiagonalNormal.standard.logProbability(of: Tensor(z)).scalar)
      }
      var diagonal: Double { jacobian[0][0] * jacobian[1][1] }
      var antidiagonal: Double { jacobian[0][1] * jacobian[1][0] }
      var determinant: Double { diagonal - antidiagonal }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.z, $0.jacobian) }) {
      $0.density / abs($0.determinant)
    }
    comparison.ask(
      "z = (0, 0) and the Jacobian (2, 0; 0, 3)", Input(z: [0, 0], jacobian: [[2, 0], [0, 3]]))
    comparison.ask(
      "z = (1, 0) and the Jacobian (1, 4; 2, 3), whose determinant is −5",
      Input(z: [1, 0], jacobian: [[1, 4], [2, 3]]))
    comparison.ask(
      "z = (0.6, 0.8) and the Jacobian of the ring, w = 0.1, there",
      Input(z: [0.6, 0.8], jacobian: rows(Stretch(at: [0.6, 0.8], width: 0.1).jacobian)))
    let drawn = roundedNormals(3, 2, seed: 15)
    comparison.ask(
      "z = \(text(drawn[0])) and the Jacobian with rows \(text(Array(drawn[1...])))",
      Input(z: drawn[0], jacobian: Array(drawn[1...])))
    comparison.recognize(
      "that is p(z), the density before g; where g stretches areas, the points become sparser"
    ) { $0.density }
    comparison.recognize(
      "p(z) was multiplied by |det J|; the same probability is spread over an area |det J| times "
        + "as large"
    ) { $0.density * abs($0.determinant) }
    comparison.recognize(
      "a density is never negative; an area grows by the absolute value of the determinant"
    ) { $0.density / $0.determinant }
    comparison.recognize("the determinant is a d − b c, not a d + b c") {
      $0.density / abs($0.diagonal + $0.antidiagonal)
    }
    comparison.recognize("that is the product of the diagonal; the determinant is a d − b c") {
      $0.density / abs($0.diagonal)
    }
    comparison.recognize(
      "1/√(2π) is the constant of one normal number; in the plane it is 1/(2π)"
    ) { $0.density * (2 * Double.pi).squareRoot() / abs($0.determinant) }
    return Exercise(
      "image-density", "The density of g(z) by a change of variables", minutes: 15,
      hints: [
        "The answer depends on two numbers: the density at z, and how much the area around z "
          + "grows.",
        "p(z) = exp(−(z₁² + z₂²)/2)/(2π). Only the absolute value of the determinant counts.",
      ], comparison)
  }
}
