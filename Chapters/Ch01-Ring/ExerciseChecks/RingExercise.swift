import Datasets
import Exercises

extension Checks {
  static func ring(_ answer: @escaping ([[Double]], Double) throws -> [[Double]]) -> Exercise {
    struct Input {
      let z: [[Double]]
      let width: Double

      func mapped(_ image: (Double, Double) -> Double) -> [[Double]] {
        z.map { point in point.map { image($0, length(point)) } }
      }
    }
    var comparison = Comparison<Input, [[Double]]>(of: { try answer($0.z, $0.width) }) { input in
      let image = Datasets.ring(matrix(input.z), width: input.width)
      return rows(image)
    }
    comparison.ask("z = (3, 4) and w = 0.1", Input(z: [[3, 4]], width: 0.1))
    comparison.ask(
      "the points (0, −2) and (−0.5, 0) and w = 0.5", Input(z: [[0, -2], [-0.5, 0]], width: 0.5))
    let drawn = roundedNormals(3, 2, seed: 11)
    comparison.ask("the points \(text(drawn)) and w = 0.25", Input(z: drawn, width: 0.25))
    comparison.recognize(
      "each coordinate was divided by its own size; divide by the length of the point"
    ) {
      input in input.mapped { z, _ in input.width * z + z / abs(z) }
    }
    comparison.recognize(
      "z was divided by its squared length, z₁² + z₂²; take the square root"
    ) { input in input.mapped { z, length in input.width * z + z / (length * length) } }
    comparison.recognize("both terms were multiplied by w; only the first one should be") { input in
      input.mapped { z, length in input.width * (z + z / length) }
    }
    comparison.recognize("w z was divided by ‖z‖ as well, so that all radii are 1 + w") {
      input in input.mapped { z, length in (input.width + 1) * z / length }
    }
    comparison.recognize("one length was used for all points, but each point has its own") {
      input in
      let common = length(input.z.flatMap { $0 })
      return input.mapped { z, _ in input.width * z + z / common }
    }
    return Exercise(
      "ring", "The ring: g(z) = w z + z/‖z‖ for each point", minutes: 5,
      hints: [
        "Map each point to its image. The two coordinates of a point share one length.",
        "The length of (z₁, z₂) is (z₁ * z₁ + z₂ * z₂).squareRoot(); the first "
          + "coordinate of the image is w z₁ + z₁/length.",
      ], comparison)
  }
}
