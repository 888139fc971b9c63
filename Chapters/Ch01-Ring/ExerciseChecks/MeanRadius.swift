import Autodiff
import Calculations
import Exercises

extension Checks {
  static func meanRadius(_ answer: @escaping (Double) throws -> Double) -> Exercise {
    var comparison = Comparison<Double, Double>(of: answer) { RadiusDistribution(w: $0).mean }
    comparison.ask("w = 0.1", 0.1)
    comparison.ask("w = 1", 1)
    let drawn = hundredths(abs(roundedNormals(1, 2, seed: 13)[0][0]) + 0.05)
    comparison.ask("w = \(text(drawn))", drawn)
    comparison.ask("w = 2.7", 2.7)
    comparison.argument("width", \.self)
    comparison.recognize(RadiusMean.mistakes, in: RadiusMean()) { $1($0) }
    let π = { Calculation("pi", .pi) }
    comparison.calculation { width in
      1 + .argument("width", width) * sqrt(π() / 2)
    }
    comparison.calculation { width in
      1 + .argument("width", width) * sqrt(2 * π()) / 2
    }
    comparison.calculation { width in
      1 + .argument("width", width) * (sqrt(π()) / sqrt(2))
    }
    return Exercise(
      "mean-radius", "The mean radius of the ring", minutes: 10,
      hints: [
        "The mean of 1 + w‖z‖ is 1 + w times the mean of ‖z‖, which does not depend on w.",
        "The integral of ρ² exp(−ρ²/2) from 0 to ∞ is half of that over the whole line, and that "
          + "is √(2π) times the variance of a standard normal number.",
      ], comparison)
  }
}

/// 1 + w times the mean length of a point.
struct RadiusMean {
  var length = (Double.pi / 2).squareRoot()
  var radius: (_ length: Double, _ w: Double) -> Double = { 1 + $1 * $0 }

  func callAsFunction(_ w: Double) -> Double { radius(length, w) }

  static var mistakes: [Mistake<RadiusMean>] { radii + lengths + grids }

  private static var radii: [Mistake<RadiusMean>] {
    [
      Mistake(
        "no 1", "that is the mean of w‖z‖ alone; the radius is 1 + w‖z‖", isCommon: true
      ) { $0.radius = { $1 * $0 } },
      Mistake(
        "1 times w", "that is w(1 + E‖z‖): w multiplies only ‖z‖, not the 1", isCommon: true
      ) { $0.radius = { $1 * (1 + $0) } },
      Mistake("no w", "w is missing: the radius is 1 + w‖z‖") {
        $0.radius = { length, _ in 1 + length }
      },
      Mistake("w + length", "w was added to the mean of ‖z‖; the radius is 1 + w‖z‖") {
        $0.radius = { $1 + $0 }
      },
      Mistake("w²", "w is squared; the radius is 1 + w‖z‖", isCommon: true) {
        $0.radius = { 1 + $1 * $1 * $0 }
      },
      Mistake("1/w", "the mean of ‖z‖ was divided by w; the radius is 1 + w‖z‖", isCommon: true) {
        $0.radius = { 1 + $0 / $1 }
      },
      Mistake("√w", "w stands inside the root; the radius is 1 + w‖z‖") {
        $0.radius = { 1 + $1.squareRoot() * $0 }
      },
      Mistake("minus", "w E‖z‖ was subtracted; the radius is 1 + w‖z‖") {
        $0.radius = { 1 - $1 * $0 }
      },
      Mistake("1 inside", "the 1 stands inside the root") {
        $0.radius = { (1 + $1 * $0 * $0).squareRoot() }
      },
      Mistake("squares", "that is √(1 + w² E‖z‖²), of lengths at right angles; add 1 and w E‖z‖") {
        $0.radius = { (1 + $1 * $1 * $0 * $0).squareRoot() }
      },
      Mistake(
        "root mean square",
        "that is the root of the mean of r²; the exercise asks for the mean of r"
      ) { $0.radius = { (1 + 2 * $1 * $0 + 2 * $1 * $1).squareRoot() } },
      Mistake(
        "root of 1 + 2w²",
        "that is √(1 + 2w²), the length of a sum at right angles; the radius is 1 + w‖z‖"
      ) { $0.radius = { _, w in (1 + 2 * w * w).squareRoot() } },
      Mistake("length alone", "that is the mean of ‖z‖; the radius is 1 + w‖z‖") {
        $0.radius = { length, _ in length }
      },
      Mistake(
        "1",
        "that is 1, with 0 for the mean of ‖z‖: is it the length of the mean of z, or does one Int "
          + "divide another, as in 1 / 2?"
      ) {
        $0.radius = { _, _ in 1 }
      },
    ]
  }

  private static var lengths: [Mistake<RadiusMean>] {
    let π = Double.pi
    let lengths: [(String, String, Double)] = [
      (
        "√2", "√2 is the root of the mean of ‖z‖²: the mean of a root is not the root of the mean",
        2.0.squareRoot()
      ),
      (
        "1",
        "1 was taken for the mean of ‖z‖. It is the integral of ρ exp(−ρ²/2), without the ρ that is "
          + "averaged, and also the length whose density is largest", 1
      ),
      (
        "√(2/π)",
        "√(2/π) stands where √(π/2) should be: is π/2 upside down, or w divided by its root? "
          + "(√(2/π) is also the mean of |z₁|, the size of one coordinate; ‖z‖ is the length of a "
          + "point in the plane)", (2 / π).squareRoot()
      ),
      (
        "√π/2",
        "√π/2 stands where √(π/2) should be: is the 2 outside the root, or the ½ in the "
          + "exponent missing?", π.squareRoot() / 2
      ),
      ("π/2", "the root is missing: the mean of ‖z‖ is √(π/2)", π / 2),
      (
        "√(2π)",
        "√(2π) stands where √(π/2) should be: is that the integral over the whole line? ρ is never "
          + "negative", (2 * π).squareRoot()
      ),
      ("√π", "√π stands where √(π/2) should be: is that the integral of exp(−ρ²)?", π.squareRoot()),
      (
        "2", "2 is the mean of ‖z‖², not of ‖z‖; it is also the integral of ρ³ exp(−ρ²/2)", 2
      ),
      (
        "median",
        "√(2 log 2) is the median of ‖z‖: half of all lengths are below it; the mean is "
          + "larger", (2 * Double.log(2)).squareRoot()
      ),
      (
        "three dimensions",
        "√(8/π) is the mean length of a point in space; here it is in the plane",
        (8 / π).squareRoot()
      ),
      (
        "√(π/8)",
        "√(π/8) stands where √(π/2) should be: a ½ is too much, or a number divides that should "
          + "multiply", (π / 8).squareRoot()
      ),
      (
        "density constant", "1/√(2π) was taken for the mean of ‖z‖; is it the density's constant?",
        1 / (2 * π).squareRoot()
      ),
      ("variance", "2 − π/2 is the variance of ‖z‖, not its mean", 2 - π / 2),
      (
        "standard deviation", "√(2 − π/2) is the standard deviation of ‖z‖, not its mean",
        (2 - π / 2).squareRoot()
      ),
      (
        "½", "½ was taken for the mean of ‖z‖; does one Int divide another? The mean is √(π/2)", 0.5
      ),
      ("π", "π was taken for the mean of ‖z‖, which is √(π/2)", π),
      ("π/4", "π/4 was taken for the mean of ‖z‖, which is √(π/2)", π / 4),
      (
        "3√(π/2)", "3√(π/2) stands where √(π/2) should be; is that the integral of ρ⁴?",
        3 * (π / 2).squareRoot()
      ),
      (
        "2π√(π/2)", "a 2π is too much: the density of ρ is ρ exp(−ρ²/2), over all angles already",
        2 * π * (π / 2).squareRoot()
      ),
      (
        "√(π/2)/2π",
        "a 1/(2π) is too much: the density of ρ is ρ exp(−ρ²/2), over all angles already",
        (π / 2).squareRoot() / (2 * π)
      ),
      ("3.14", "3.14 is not π; write Double.pi", (3.14 / 2).squareRoot()),
      ("1.25", "the mean of ‖z‖ was rounded to 1.25; it is √(π/2)", 1.25),
      ("1.253", "the mean of ‖z‖ was rounded to 1.253; it is √(π/2)", 1.253),
    ]
    return lengths.map { name, message, length in
      Mistake(
        name, message, isCommon: ["√2", "1", "√(2/π)", "√π/2", "√(2π)", "π/2"].contains(name)
      ) {
        $0.length = length
      }
    }
  }
}
