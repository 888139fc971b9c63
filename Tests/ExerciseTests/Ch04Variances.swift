import Exercises
import Foundation

@testable import Ch04_Reparameterization

extension Ch04Exercises {
  static var gradientVariances: [Attempt] {
    /// Typed as a student would; a nil part is the right one.
    func exercise(
      g: ((Double, Double, Double) -> Double)? = nil,
      c: ((Double, Double, Double) -> Double)? = nil,
      path: ((Double, Double, Double, Double) -> Double)? = nil,
      score: ((Double, Double, Double, Double) -> Double)? = nil
    ) -> Exercise {
      Checks.gradientVariances { k, mean, s in
        let rightG = -k * exp(-0.5 * k * k * s * s) * sin(k * mean)
        let derivative = g?(k, mean, s) ?? rightG
        let double = c?(k, mean, s) ?? exp(-2 * k * k * s * s) * cos(2 * k * mean)
        let rightPath = k * k * (1 - double) / 2 - derivative * derivative
        let rightScore =
          (1 + (1 - 4 * k * k * s * s) * double) / (2 * s * s) - derivative * derivative
        return GradientVariances(
          derivative: derivative, pathwise: path?(k, s, double, derivative) ?? rightPath,
          score: score?(k, s, double, derivative) ?? rightScore)
      }
    }
    return [
      .solution(exercise()),
      .stub(Checks.gradientVariances { _, _, _ in try todo() }),
      .mistake(
        "plus sign", exercise(g: { k, m, s in k * exp(-0.5 * k * k * s * s) * sin(k * m) }),
        says: "that of cos is −sin"),
      .mistake(
        "no k", exercise(g: { k, m, s in -exp(-0.5 * k * k * s * s) * sin(k * m) }),
        says: "the inner derivative k"),
      .mistake(
        "no k anywhere",
        Checks.gradientVariances { k, mean, s in
          let slope = -exp(-k * k * s * s / 2) * sin(k * mean)
          let double = exp(-2 * k * k * s * s) * cos(2 * k * mean)
          return GradientVariances(
            derivative: slope, pathwise: (1 - double) / 2 - slope * slope,
            score: (1 + (1 - 4 * k * k * s * s) * double) / (2 * s * s) - slope * slope)
        }, says: "in the derivative and in the pathwise estimate"),
      .mistake(
        "cosine", exercise(g: { k, m, s in exp(-0.5 * k * k * s * s) * cos(k * m) }),
        says: "E[cos kz] itself"),
      .mistake(
        "no ½", exercise(g: { k, m, s in -k * exp(-k * k * s * s) * sin(k * m) }),
        says: "the ½ is missing"),
      .mistake(
        "σ for σ²", exercise(g: { k, m, s in -k * exp(-0.5 * k * k * s) * sin(k * m) }),
        says: "with the square of σ"),
      .mistake(
        "c of kz", exercise(c: { k, m, s in exp(-0.5 * k * k * s * s) * cos(k * m) }),
        says: "in place of E[cos 2kz]"),
      .mistake(
        "β² without the 4", exercise(c: { k, m, s in exp(-k * k * s * s) * cos(2 * k * m) }),
        says: "square the 2 as well"),
      .mistake(
        "sine’s path", exercise(path: { k, _, c, g in k * k / 2 * (1 + c) - g * g }),
        says: "the pathwise variance for sin kz"),
      .mistake(
        "k once", exercise(path: { k, _, c, g in k / 2 * (1 - c) - g * g }), says: "to be squared"),
      .mistake(
        "path without g²", exercise(path: { k, _, c, _ in k * k / 2 * (1 - c) }),
        says: "in the pathwise variance, the square of the derivative is not subtracted"),
      .mistake(
        "precedence", exercise(path: { k, _, c, g in k * k * 1 - c / 2 - g * g }),
        says: "expected"),
      .mistake(
        "sine’s score",
        exercise(score: { k, s, c, g in (1 - (1 - 4 * k * k * s * s) * c) / (2 * s * s) - g * g }),
        says: "the sign of E[ε² cos 2kz]"),
      .mistake(
        "no ε²", exercise(score: { _, s, c, g in (1 + c) / (2 * s * s) - g * g }),
        says: "the ε² is left out"),
      .mistake(
        "β = kσ",
        exercise(score: { k, s, c, g in (1 + (1 - k * k * s * s) * c) / (2 * s * s) - g * g }),
        says: "1 − 4k²σ²"),
      .mistake(
        "/ 2 * s * s",
        exercise(score: { k, s, c, g in (1 + (1 - 4 * k * k * s * s) * c) / 2 * s * s - g * g }),
        says: "brackets"),
      .mistake(
        "second moments",
        exercise(
          path: { k, _, c, _ in k * k / 2 * (1 - c) },
          score: { k, s, c, _ in (1 + (1 - 4 * k * k * s * s) * c) / (2 * s * s) }),
        says: "the means of the squares"),
      .mistake(
        "minus g",
        exercise(
          path: { k, _, c, g in k * k / 2 * (1 - c) - g },
          score: { k, s, c, g in (1 + (1 - 4 * k * k * s * s) * c) / (2 * s * s) - g }),
        says: "subtract its square"),
      .mistake(
        "exchanged",
        exercise(
          path: { k, s, c, g in (1 + (1 - 4 * k * k * s * s) * c) / (2 * s * s) - g * g },
          score: { k, _, c, g in k * k / 2 * (1 - c) - g * g }), says: "changed places"),
      .mistake(
        "roots",
        exercise(
          path: { k, _, c, g in sqrt(k * k / 2 * (1 - c) - g * g) },
          score: { k, s, c, g in sqrt((1 + (1 - 4 * k * k * s * s) * c) / (2 * s * s) - g * g) }),
        says: "standard deviations"),
    ]
  }
}
