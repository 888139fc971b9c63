import Autodiff
import Exercises

extension Checks {
  static func radiusDensity(
    _ answer: @escaping ([Double], Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let radii: [Double]
      let width: Double

      /// A function of ρ = (r − 1)/w where r is at least 1, and 0 elsewhere.
      func density(_ function: (Double) -> Double) -> [Double] {
        radii.map { $0 < 1 ? 0 : function(($0 - 1) / width) }
      }
    }
    var comparison = Comparison<Input, [Double]>(of: { try answer($0.radii, $0.width) }) { input in
      input.radii.map(RadiusDistribution(w: input.width).density)
    }
    comparison.ask("radii 0.9 and 1.1 and w = 0.1", Input(radii: [0.9, 1.1], width: 0.1))
    comparison.ask("radii 1, 1.5 and 2 and w = 0.5", Input(radii: [1, 1.5, 2], width: 0.5))
    let drawn = roundedNormals(2, 2, seed: 12).flatMap { $0 }.map { hundredths(1 + 0.2 * abs($0)) }
    comparison.ask("radii \(text(drawn)) and w = 0.2", Input(radii: drawn, width: 0.2))
    comparison.recognize(
      "no radius is below 1, so the density is 0 there; the formula holds from r = 1 on"
    ) {
      input in
      input.radii.map { radius in
        let length = (radius - 1) / input.width
        return length * .exp(-length * length / 2) / input.width
      }
    }
    comparison.recognize(
      "that is the density of the length ρ = (r − 1)/w; an interval dr of radii is an interval "
        + "dr/w of lengths"
    ) { input in input.density { $0 * .exp(-$0 * $0 / 2) } }
    comparison.recognize("that is a normal density; the factor (r − 1)/w is missing") { input in
      input.density { .exp(-$0 * $0 / 2) / (input.width * (2 * Double.pi).squareRoot()) }
    }
    comparison.recognize("the ½ in the exponent is missing") { input in
      input.density { $0 * .exp(-$0 * $0) / input.width }
    }
    comparison.recognize(
      "that is the density of the points in the plane; the density of the radius is 2πr times as "
        + "large"
    ) { input in
      input.density { length in
        let circle: Double = 2 * .pi * (1 + input.width * length)
        return length * .exp(-length * length / 2) / (input.width * circle)
      }
    }
    return Exercise(
      "radius-density", "The density of the radius 1 + w‖z‖", minutes: 10,
      hints: [
        "Compute the length ρ = (r − 1)/w first. What if it is negative?",
        "For radii from 1 on, the density is ρ exp(−ρ²/2)/w.",
      ], comparison)
  }
}
