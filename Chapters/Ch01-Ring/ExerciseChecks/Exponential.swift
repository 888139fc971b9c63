import Autodiff
import Exercises
import Probability

extension Checks {
  static func exponential(
    _ answer: @escaping ([Double], Double, (Double) -> Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let z: [Double]
      let rate: Double

      func mapped(_ function: (_ u: Double) -> Double) -> [Double] {
        z.map { function(Normal.standard.cumulativeProbability(upTo: $0)) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: {
      try answer($0.z, $0.rate, Normal.standard.cumulativeProbability)
    }) { input in input.mapped { -.log1p(-$0) / input.rate } }
    comparison.ask("z = (0) and λ = 2", Input(z: [0], rate: 2))
    comparison.ask("z = (−1, 0, 1) and λ = 0.5", Input(z: [-1, 0, 1], rate: 0.5))
    let drawn = roundedNormals(2, 2, seed: 16).flatMap { $0 }
    comparison.ask("z = \(text(drawn)) and λ = 3", Input(z: drawn, rate: 3))
    comparison.recognize(
      "that is −log Φ(z)/λ; it has the right distribution, since 1 − u is uniform if u is, "
        + "but it falls as z grows: F⁻¹(u) is −log(1 − u)/λ"
    ) { input in input.mapped { -.log($0) / input.rate } }
    comparison.recognize("that is F(Φ(z)); the inverse of F is needed") { input in
      input.mapped { 1 - .exp(-input.rate * $0) }
    }
    comparison.recognize("that is Φ(z), still uniform; F⁻¹ was not applied") { input in
      input.mapped { $0 }
    }
    comparison.recognize("the result was multiplied by λ; a larger rate makes smaller numbers") {
      input in
      input.mapped { -.log1p(-$0) * input.rate }
    }
    comparison.recognize("the logarithm of a probability is negative: the sign is missing") {
      input in input.mapped { .log1p(-$0) / input.rate }
    }
    comparison.recognize("F⁻¹ was applied to z itself; it needs Φ(z), which is uniform") { input in
      input.z.map { .log(1 - $0) / -input.rate }
    }
    return Exercise(
      "exponential", "Exponential numbers from normal ones", minutes: 10,
      hints: [
        "Solve u = 1 − e^(−λx) for x.",
        "x = −log(1 − u)/λ. What is u?",
      ], comparison)
  }
}
