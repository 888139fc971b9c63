import Autodiff
import Calculations
import Exercises

extension Checks {
  static func radiusDensity(
    _ answer: @escaping ([Double], Double) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<RadiusTask, [Double]>(of: { try answer($0.radii, $0.width) }) {
      input in
      input.radii.map(RadiusDistribution(w: input.width).density)
    }
    func ask(_ radii: [Double], _ width: Double) {
      comparison.ask(
        "radii \(text(radii)) and w = \(text(width))", RadiusTask(radii: radii, width: width))
    }
    ask([0.9, 1.1], 0.1)
    ask([1, 1.5, 2], 0.5)
    let drawn = roundedNormals(2, 2, seed: 12).flatMap { $0 }.map { hundredths(1 + 0.2 * abs($0)) }
    ask(drawn, 0.2)
    ask([2.5, 0.4, 1.8, -0.3, 4.2], 1.3)
    comparison.argument("radii", \.radii, change: { $0 + 0.05 })
    comparison.argument("width", \.width, change: { $0 + 0.05 })
    comparison.recognize(RadiusFormula.mistakes, in: RadiusFormula()) { $1($0) }
    comparison.recognize("the density is 0 below r = 1; the condition is the wrong way round") {
      task in
      task.radii.map { r in
        r > 1
          ? 0
          : RadiusFormula().factor(r, task.width) * .exp(RadiusFormula().exponent(r, task.width))
      }
    }
    comparison.recognize("the density is 0 for r < 1, not for r < w") { task in
      var formula = RadiusFormula()
      formula.least = task.width
      return formula(task)
    }
    comparison.recognize(
      "the numbers were divided by their sum; it is the integral of a density that is 1"
    ) { task in
      let densities = RadiusFormula()(task)
      return densities.map { $0 / densities.reduce(0, +) }
    }
    comparison.calculation { task in
      task.density { r, width in
        let excess = r - 1
        return (r - 1) / (width * width) * exp(-(excess * excess) / (2 * (width * width)))
      }
    }
    comparison.calculation { task in
      task.density { r, width in
        let length = ((r - 1) / width).named("ρ")
        return length * exp(-0.5 * square(length)) / width
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

/// What is given in the exercise on the density of the radius.
private struct RadiusTask {
  var radii: [Double]
  var width: Double
}

extension RadiusTask {
  /// How the density is calculated, with a formula from r = 1 on.
  fileprivate func density(
    _ formula: (_ r: Calculation, _ width: Calculation) -> Calculation
  ) -> Calculation {
    let r = Calculation.argument("r", radii)
    return zero(formula(r, .argument("width", width)), where: r, below: 1).named("p(r)")
  }
}

/// (r − 1)/w² · exp(−(r − 1)²/(2w²)) from r = 1 on.
private struct RadiusFormula {
  var factor: (_ r: Double, _ w: Double) -> Double = { r, w in (r - 1) / (w * w) }
  var exponent: (_ r: Double, _ w: Double) -> Double = { r, w in -(r - 1) * (r - 1) / (2 * w * w) }
  var whole: (_ factor: Double, _ exponent: Double) -> Double = { $0 * .exp($1) }
  /// Below this radius, the density is …
  var least = 1.0
  var below = 0.0

  func callAsFunction(_ task: RadiusTask) -> [Double] {
    task.radii.map { r in
      r < least ? below : whole(factor(r, task.width), exponent(r, task.width))
    }
  }

  static var mistakes: [Mistake<RadiusFormula>] { limits + factors + exponents + others }

  private static var limits: [Mistake<RadiusFormula>] {
    [
      Mistake(
        "negative",
        "no radius is below 1, so the density is 0 there; the formula holds from r = 1 on",
        isCommon: true
      ) { $0.least = -.infinity },
      Mistake(
        "from 0", "the density is 0 for every r < 1, not only for negative r", isCommon: true
      ) { $0.least = 0 },
      Mistake("1 below", "below r = 1 the density is 0, not 1") { $0.below = 1 },
      Mistake("mirrored", "below r = 1 the density is 0; |r − 1| makes it the same on both sides") {
        $0.least = -.infinity
        $0.factor = { r, w in abs(r - 1) / (w * w) }
      },
    ]
  }

  private static var factors: [Mistake<RadiusFormula>] {
    [
      Mistake(
        "length",
        "that is the density of the length ρ = (r − 1)/w; an interval dr of radii is an interval "
          + "dr/w of lengths", isCommon: true
      ) { $0.factor = { r, w in (r - 1) / w } },
      Mistake(
        "precedence", "/ w * w divides by w and multiplies by it again; write / (w * w)",
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
      Mistake("r throughout", "r stands where r − 1 should be, in the factor and in the exponent") {
        $0.factor = { r, w in r / (w * w) }
        $0.exponent = { r, w in -r * r / (2 * w * w) }
      },
      Mistake("double", "the exponent is four times as large: / 2 became * 2") {
        $0.exponent = { r, w in -(r - 1) * (r - 1) * 2 / (w * w) }
      },
      Mistake("none", "the exponential is missing", isCommon: true) { $0.exponent = { _, _ in 0 } },
    ]
  }

  private static var others: [Mistake<RadiusFormula>] {
    [
      Mistake("log", "that is the logarithm of the density") { $0.whole = { .log($0) + $1 } },
      Mistake("distribution function", "that is P(R ≤ r), the distribution function") {
        $0.whole = { 1 - .exp($1) }
      },
      Mistake("survival", "that is P(R > r); the density is its derivative, without its sign") {
        $0.whole = { .exp($1) }
        $0.below = 1
      },
      Mistake("exponent alone", "the exponential is missing: that is the exponent itself") {
        $0.whole = { $1 }
      },
      Mistake("factor times exponent", "the exponent is there, but exp is missing") {
        $0.whole = { $0 * $1 }
      },
      Mistake("sum", "the factor and the exponential were added; multiply them") {
        $0.whole = { $0 + .exp($1) }
      },
    ]
  }
}
