import Autodiff
import Exercises

extension RadiusFormula {
  static var mistakes: [Mistake<RadiusFormula>] {
    limits + logarithms + quantities + factors + exponents + others + loops + differences
  }

  private static var factors: [Mistake<RadiusFormula>] {
    [
      Mistake(
        "length",
        "that is the density of the length ρ = (r − 1)/w; an interval dr of radii is an interval "
          + "dr/w of lengths", isCommon: true
      ) { $0.factor = { r, w in (r - 1) / w } },
      Mistake(
        "precedence",
        "w cancels from the factor: / w * w divides by w and multiplies by it again; write "
          + "/ (w * w), and divide the density of ρ by w",
        isCommon: true
      ) { $0.factor = { r, _ in r - 1 } },
      Mistake("times w²", "r − 1 was multiplied by w²; divide by it") {
        $0.factor = { r, w in (r - 1) * w * w }
      },
      Mistake("times w", "r − 1 was multiplied by w; divide by w²") {
        $0.factor = { r, w in (r - 1) * w }
      },
      Mistake("r", "the factor is (r − 1)/w², not r/w²", isCommon: true) {
        $0.factor = { r, w in r / (w * w) }
      },
      Mistake("r/w", "the factor is (r − 1)/w², not r/w") { $0.factor = { r, w in r / w } },
      Mistake("brackets", "brackets are missing: r - 1 / (w * w) in place of (r - 1) / (w * w)") {
        $0.factor = { r, w in r - 1 / (w * w) }
      },
      Mistake("half", "½ is too much in the factor: it is (r − 1)/w²", isCommon: true) {
        $0.factor = { r, w in (r - 1) / (2 * w * w) }
      },
      Mistake("1", "the factor (r − 1)/w² is missing") { $0.factor = { _, _ in 1 } },
      Mistake(
        "½", "½ stands where the factor (r − 1)/w² belongs, as in the density of ρ², not of r"
      ) { $0.factor = { _, _ in 0.5 } },
      Mistake("1/w²", "the factor r − 1 is missing") { $0.factor = { _, w in 1 / (w * w) } },
      Mistake("1/w", "the factor (r − 1)/w is missing") { $0.factor = { _, w in 1 / w } },
      Mistake("square", "(r − 1)² stands before the exponential; it is (r − 1)/w²") {
        $0.factor = { r, w in (r - 1) * (r - 1) / (w * w) }
      },
      Mistake("w³", "the factor is (r − 1)/w²; w is in it three times") {
        $0.factor = { r, w in (r - 1) / (w * w * w) }
      },
      Mistake("w⁴", "the factor is (r − 1)/w²; w is in it four times") {
        $0.factor = { r, w in (r - 1) / (w * w * w * w) }
      },
      Mistake("sign", "the sign of the factor is flipped: it is (r − 1)/w²") {
        $0.factor = { r, w in (1 - r) / (w * w) }
      },
      Mistake(
        "normal", "that is a normal density; the factor (r − 1)/w is missing"
      ) { $0.factor = { _, w in 1 / (w * (2 * Double.pi).squareRoot()) } },
      Mistake(
        "√(2π) below",
        "√(2π) is too much: 2πρ belongs to the normal density of the plane, "
          + "which has 1/(2π)"
      ) {
        $0.factor = { r, w in (r - 1) * (2 * Double.pi).squareRoot() / (w * w) }
      },
      Mistake("2π above", "2π is too much: the density of the plane has 1/(2π), which cancels it") {
        $0.factor = { r, w in 2 * .pi * (r - 1) / (w * w) }
      },
      Mistake("2πr", "the factor 2πr is too much: the formula is that of the radius already") {
        $0.factor = { r, w in 2 * .pi * r * (r - 1) / (w * w) }
      },
      Mistake("half normal", "that is twice a normal density, which is the one of |z₁|, not of ‖z‖")
      {
        $0.factor = { _, w in 2 / (w * (2 * Double.pi).squareRoot()) }
      },
      Mistake("space", "that is the density of a length in space; z is in the plane") {
        $0.factor = { r, w in (2 / Double.pi).squareRoot() * (r - 1) * (r - 1) / (w * w * w) }
      },
      Mistake("2π", "1/(2π) is too much: the integral over all angles has already been taken") {
        $0.factor = { r, w in (r - 1) / (2 * .pi * w * w) }
      },
      Mistake("√(2π)", "1/√(2π) is too much: the density of the radius is not a normal one") {
        $0.factor = { r, w in (r - 1) / (w * w * (2 * Double.pi).squareRoot()) }
      },
      Mistake(
        "plane",
        "that is the density of the points in the plane; the density of the radius is 2πr times as "
          + "large"
      ) { $0.factor = { r, w in (r - 1) / (2 * .pi * r * w * w) } },
    ]
  }

  private static var exponents: [Mistake<RadiusFormula>] {
    [
      Mistake("no half", "the ½ in the exponent is missing", isCommon: true) {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (w * w) }
      },
      Mistake(
        "precedence", "/ 2 * w * w multiplies the exponent by w²; write / (2 * w * w)",
        isCommon: true
      ) { $0.exponent = { r, w in -(r - 1) * (r - 1) / 2 * w * w } },
      Mistake(
        "precedence of w", "/ (2 * w) * w leaves w out of the exponent; write / (2 * w * w)"
      ) { $0.exponent = { r, _ in -(r - 1) * (r - 1) / 2 } },
      Mistake("/ 2 * w", "/ 2 * w multiplies the exponent by w; write / (2 * w * w)") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / 2 * w }
      },
      Mistake("w", "w is not squared in the exponent", isCommon: true) {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (2 * w) }
      },
      Mistake("(2w)²", "the exponent was divided by (2w)²; divide by 2w²") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (4 * w * w) }
      },
      Mistake("sign", "the minus sign in the exponent is missing", isCommon: true) {
        $0.exponent = { r, w in (r - 1) * (r - 1) / (2 * w * w) }
      },
      Mistake("w³", "the exponent was divided by w³; divide by 2w²") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (2 * w * w * w) }
      },
      Mistake("w⁴", "the exponent was divided by w⁴; divide by 2w²") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (2 * w * w * w * w) }
      },
      Mistake("10", "that is a power of 10; exp is a power of e") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (2 * w * w) * .log(10) }
      },
      Mistake("2", "that is a power of 2; exp is a power of e") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (2 * w * w) * .log(2) }
      },
      Mistake("not squared", "r − 1 is not squared in the exponent", isCommon: true) {
        $0.exponent = { r, w in -(r - 1) / (2 * w * w) }
      },
      Mistake("ρ not squared", "(r − 1)/w is not squared in the exponent") {
        $0.exponent = { r, w in -(r - 1) / (2 * w) }
      },
      Mistake("r²", "the exponent contains r² in place of (r − 1)²", isCommon: true) {
        $0.exponent = { r, w in -r * r / (2 * w * w) }
      },
      Mistake("r² − 1", "the exponent contains r² − 1 in place of (r − 1)²") {
        $0.exponent = { r, w in -(r * r - 1) / (2 * w * w) }
      },
      Mistake("half outside", "the ½ stands outside of exp; it belongs in the exponent") {
        $0.factor = { r, w in (r - 1) / (2 * w * w) }
        $0.exponent = { r, w in -(r - 1) * (r - 1) / (w * w) }
      },
      Mistake("double", "the exponent is four times as large: / 2 became * 2") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) * 2 / (w * w) }
      },
      Mistake(
        "none",
        "the exponential is missing, or its exponent is 0 (does one Int divide another, as in "
          + "1 / 2?)", isCommon: true
      ) { $0.exponent = { _, _ in 0 } },
    ]
  }

  private static var others: [Mistake<RadiusFormula>] {
    [
      Mistake("distribution function", "that is P(R ≤ r), the distribution function") {
        $0.whole = { 1 - .exp($1) }
      },
      Mistake("survival", "that is P(R > r); the density is its derivative, without its sign") {
        $0.whole = { .exp($1) }
        $0.below = 1
      },
      Mistake(
        "survival, 0 below", "that is P(R > r), and below 1 it is 1; here the density is asked"
      ) {
        $0.whole = { .exp($1) }
      },
      Mistake("exponent alone", "the exponential is missing: that is the exponent itself") {
        $0.whole = { $1 }
      },
      Mistake("factor times exponent", "the exponent is there, but exp is missing") {
        $0.whole = { $0 * $1 }
      },
      Mistake("quotient", "the factor was divided by the exponential; multiply them") {
        $0.whole = { $0 / .exp($1) }
      },
      Mistake("difference", "the exponential was subtracted from the factor; multiply them") {
        $0.whole = { $0 - .exp($1) }
      },
      Mistake("factor inside", "the factor stands inside of exp; multiply exp by it") {
        $0.whole = { .exp($0 * $1) }
      },
      Mistake("factor squared", "the factor was squared") { $0.whole = { $0 * $0 * .exp($1) } },
      Mistake("factor inverted", "1 over the factor stands before the exponential") {
        $0.whole = { .exp($1) / $0 }
      },
      Mistake("sum", "the factor and the exponential were added; multiply them") {
        $0.whole = { $0 + .exp($1) }
      },
    ]
  }
}
