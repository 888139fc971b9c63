import Autodiff
import Exercises

extension CosineFormula {
  /// What is computed in place of the right numbers.
  static var mistakes: [Mistake<CosineFormula>] {
    derivatives + doubles + pathwises + scores + squares
  }

  private static var derivatives: [Mistake<CosineFormula>] {
    [
      withDerivative("sign", "the sign of the derivative is flipped: that of cos is −sin") {
        $0.k * $1 * .sin($0.k * $0.mean)
      },
      withDerivative("no k", "the inner derivative k is missing in the derivative") {
        -$1 * .sin($0.k * $0.mean)
      },
      Mistake(
        "no k anywhere",
        "the inner derivative k is missing: the derivative of cos kz is −k sin kz, in the "
          + "derivative and in the pathwise estimate, in whose variance k is squared"
      ) {
        $0.derivative = { -$1 * .sin($0.k * $0.mean) }
        $0.pathwise = { (1 - $0.c) / 2 }
      },
      withDerivative("sine’s", "that is the derivative for sin kz; h is cos kz") {
        $0.k * $1 * .cos($0.k * $0.mean)
      },
      withDerivative(
        "expectation", "that is E[cos kz] itself; its derivative with respect to μ is asked for"
      ) { $1 * .cos($0.k * $0.mean) },
      withDerivative("slope at μ", "that is the slope of cos kz at μ, without the average over z") {
        values, _ in -values.k * .sin(values.k * values.mean)
      },
      withDerivative("k inside", "the k inside the sine is missing") { -$0.k * $1 * .sin($0.mean) },
      Mistake("σ for σ²", "the argument is σ, and it was used as σ²") {
        $0.standardDeviation = { $0.squareRoot() }
      },
      Mistake("log σ²", "the argument is σ, and it was used as log σ²") {
        $0.standardDeviation = { .exp($0 / 2) }
      },
      withDerivative("−cosine", "the derivative of cos is −sin; there is a cosine in it") {
        -$0.k * $1 * .cos($0.k * $0.mean)
      },
      withExponent("2kσ", "in the derivative, β is kσ, not 2kσ") {
        4 * $0.k * $0.k * $0.sigma * $0.sigma
      },
      withExponent("no half", "the exponent is −½k²σ²; the ½ is missing") {
        2 * $0.k * $0.k * $0.sigma * $0.sigma
      },
      withExponent("no k", "the exponent is −½k²σ²; the k² is missing") { $0.sigma * $0.sigma },
      withExponent("k", "the exponent is −½k²σ², with the square of k") {
        $0.k * $0.sigma * $0.sigma
      },
      withExponent("σ", "the exponent is −½k²σ², with the square of σ") {
        $0.k * $0.k * $0.sigma
      },
      withExponent("kσ", "the exponent is −½k²σ², with both squares") { $0.k * $0.sigma },
      withExponent("plus", "the exponent is −½k²σ², with a minus sign") {
        -$0.k * $0.k * $0.sigma * $0.sigma
      },
    ]
  }

  private static var doubles: [Mistake<CosineFormula>] {
    [
      withDouble("β = kσ", "in E[cos 2kz], β is 2kσ, not kσ") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma / 2) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("2 not squared", "in E[cos 2kz], ½β² is ½(2kσ)² = 2k²σ²: square the 2 as well") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("no half", "in E[cos 2kz], the exponent is −½β²; the ½ is missing") {
        .exp(-4 * $0.k * $0.k * $0.sigma * $0.sigma) * .cos(2 * $0.k * $0.mean)
      },
      withDouble("α = kμ", "in E[cos 2kz], α is 2kμ, not kμ") {
        .exp(-2 * $0.k * $0.k * $0.sigma * $0.sigma) * .cos($0.k * $0.mean)
      },
      withDouble("kz", "that uses E[cos kz] in place of E[cos 2kz]") {
        .exp(-$0.k * $0.k * $0.sigma * $0.sigma / 2) * .cos($0.k * $0.mean)
      },
      withDouble("at μ", "that uses cos 2kμ in place of E[cos 2kz]: its exponential is missing") {
        .cos(2 * $0.k * $0.mean)
      },
      withDouble("sine", "E[cos 2kz] contains cos 2kμ, not the sine") {
        .exp(-2 * $0.k * $0.k * $0.sigma * $0.sigma) * .sin(2 * $0.k * $0.mean)
      },
    ]
  }

  private static var pathwises: [Mistake<CosineFormula>] {
    let place = "in the pathwise variance, "
    return [
      withPathwise("sine’s", "that is the pathwise variance for sin kz: sin² x is ½(1 − cos 2x)") {
        $0.k * $0.k / 2 * (1 + $0.c)
      },
      withPathwise("k", place + "the k of the slope is to be squared") { $0.k / 2 * (1 - $0.c) },
      withPathwise("no k²", place + "the factor k² is missing") { (1 - $0.c) / 2 },
      withPathwise("no half", place + "the ½ of sin² x = ½(1 − cos 2x) is missing") {
        $0.k * $0.k * (1 - $0.c)
      },
      withPathwise("brackets", place + "the brackets around 1 − E[cos 2kz] are missing") {
        $0.k * $0.k / 2 - $0.c
      },
      withPathwise("by σ²", place + "there is no σ²: the slope is −k sin kz") {
        $0.k * $0.k / 2 * (1 - $0.c) / ($0.sigma * $0.sigma)
      },
      withPathwise("not subtracted", place + "the square of the derivative is not subtracted") {
        $0.k * $0.k / 2 * (1 - $0.c) + $0.g * $0.g
      },
      withPathwise("g", place + "the derivative is subtracted; subtract its square") {
        $0.k * $0.k / 2 * (1 - $0.c) + $0.g * $0.g - $0.g
      },
      withPathwise("plus", place + "the square of the derivative is added; subtract it") {
        $0.k * $0.k / 2 * (1 - $0.c) + 2 * $0.g * $0.g
      },
    ]
  }

  private static var scores: [Mistake<CosineFormula>] {
    let place = "in the score function’s variance, "
    func withC(_ factor: @escaping Part) -> Part {
      { (1 + factor($0) * $0.c) / (2 * $0.sigma * $0.sigma) }
    }
    let right = CosineFormula().score
    return [
      withScore(
        "sine’s",
        place
          + "the sign of E[ε² cos 2kz] is wrong (cos² x is ½(1 + cos 2x), and the factor 1 − β²)"
      ) {
        (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
      },
      withScore(
        "no ε²", place + "the ε² is left out of E[ε² cos 2kz] = (1 − β²) E[cos 2kz]",
        withC { _ in 1 }
      ),
      withScore(
        "β = kσ", place + "β² is (2kσ)²: the factor is 1 − 4k²σ²",
        withC { 1 - $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "2 not squared", place + "β² is (2kσ)² = 4k²σ²: square the 2 as well",
        withC { 1 - 2 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "plus β²", place + "E[ε² cos(α + βε)] has the factor 1 − β², with a minus sign",
        withC { 1 + 4 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "only −β²", place + "the factor is 1 − β²; the 1 is missing",
        withC { -4 * $0.k * $0.k * $0.sigma * $0.sigma }),
      withScore(
        "no σ² in β²", place + "β² is 4k²σ²; the σ² is missing",
        withC { 1 - 4 * $0.k * $0.k }),
      withScore("outer brackets", place + "1/(2σ²) multiplies the whole sum: brackets are missing")
      {
        0.5 / ($0.sigma * $0.sigma) + (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c
      },
      withScore("1/σ⁴", place + "ε/σ is squared once: the factor is 1/σ²") {
        right($0) / ($0.sigma * $0.sigma)
      },
      withScore("no σ²", place + "the factor 1/σ² of the square of ε/σ is missing") {
        right($0) * $0.sigma * $0.sigma
      },
      withScore("1/σ", place + "the σ of ε/σ is to be squared") { right($0) * $0.sigma },
      withScore(
        "brackets", place + "/ 2 * s * s multiplies by σ²; to divide by 2σ² put it in brackets"
      ) {
        (1 + (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / 2 * $0.sigma * $0.sigma
      },
      withScore("no half", place + "the ½ of cos² x = ½(1 + cos 2x) is missing") { 2 * right($0) },
      withScore("4σ²", place + "the factor is 1/(2σ²), and (2σ)² is 4σ²") { right($0) / 2 },
      withScore("not subtracted", place + "the square of the derivative is not subtracted") {
        right($0) + $0.g * $0.g
      },
      withScore("g", place + "the derivative is subtracted; subtract its square") {
        right($0) + $0.g * $0.g - $0.g
      },
      withScore("plus", place + "the square of the derivative is added; subtract it") {
        right($0) + 2 * $0.g * $0.g
      },
    ]
  }

  private static var squares: [Mistake<CosineFormula>] {
    [
      Mistake(
        "no g²",
        "those are the means of the squares; a variance is that minus the square of the mean",
        isCommon: true
      ) { $0.square = { _ in 0 } },
      Mistake("g", "the derivative itself is subtracted; subtract its square") {
        $0.square = { $0.g }
      },
      Mistake("plus g²", "the square of the derivative is added; subtract it") {
        $0.square = { -$0.g * $0.g }
      },
      Mistake("sine", "those are the numbers for sin kz; h is cos kz") {
        $0.derivative = { $0.k * $1 * .cos($0.k * $0.mean) }
        $0.pathwise = { $0.k * $0.k / 2 * (1 + $0.c) }
        $0.score = {
          (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
        }
      },
      Mistake("sine’s variances", "those are the variances for sin kz; h is cos kz") {
        $0.pathwise = { $0.k * $0.k / 2 * (1 + $0.c) }
        $0.score = {
          (1 - (1 - 4 * $0.k * $0.k * $0.sigma * $0.sigma) * $0.c) / (2 * $0.sigma * $0.sigma)
        }
      },
    ]
  }

  private static func withDerivative(
    _ name: String, _ message: String, _ derivative: @escaping (Values, Double) -> Double
  ) -> Mistake<CosineFormula> {
    Mistake(name, message, isCommon: ["sign", "no k"].contains(name)) {
      $0.derivative = derivative
    }
  }

  private static func withExponent(
    _ name: String, _ message: String, _ exponent: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message) { $0.exponent = exponent }
  }

  private static func withDouble(
    _ name: String, _ message: String, _ doubled: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message, isCommon: ["2 not squared", "β = kσ", "no half"].contains(name)) {
      $0.doubled = doubled
    }
  }

  private static func withPathwise(
    _ name: String, _ message: String, _ pathwise: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message, isCommon: ["no half", "k"].contains(name)) { $0.pathwise = pathwise }
  }

  private static func withScore(
    _ name: String, _ message: String, _ score: @escaping Part
  ) -> Mistake<CosineFormula> {
    Mistake(name, message, isCommon: ["no half", "no σ²"].contains(name)) { $0.score = score }
  }
}
