import Exercises

extension Checks {
  static func meanRadius(_ answer: @escaping (Double) throws -> Double) -> Exercise {
    var comparison = Comparison<Double, Double>(of: answer) { RadiusDistribution(w: $0).mean }
    comparison.ask("w = 0.1", 0.1)
    comparison.ask("w = 1", 1)
    let drawn = hundredths(abs(roundedNormals(1, 2, seed: 13)[0][0]) + 0.05)
    comparison.ask("w = \(text(drawn))", drawn)
    comparison.recognize("that is the mean of w‖z‖ alone; the radius is 1 + w‖z‖") {
      RadiusDistribution(w: $0).mean - 1
    }
    comparison.recognize(
      "the mean of ‖z‖² is 2, but the mean of a root is not the root of the mean"
    ) { 1 + $0 * 2.0.squareRoot() }
    comparison.recognize("that is the radius at which the density is largest, not the mean") {
      1 + $0
    }
    comparison.recognize(
      "√(2/π) is the mean of |z₁|, the size of one coordinate; ‖z‖ is the length of a point in the "
        + "plane"
    ) { 1 + $0 * (2 / Double.pi).squareRoot() }
    return Exercise(
      "mean-radius", "The mean radius of the ring", minutes: 10,
      hints: [
        "The mean of 1 + w‖z‖ is 1 + w times the mean of ‖z‖, which does not depend on w.",
        "The integral of ρ² exp(−ρ²/2) from 0 to ∞ is half of that over the whole line, and that "
          + "is √(2π) times the variance of a standard normal number.",
      ], comparison)
  }
}
