import Autodiff
import Exercises

// What goes wrong around the formula: for which radii it is taken, and by which way.

extension RadiusFormula {
  /// The density is 0 for r < 1, and follows the formula from there on.
  static var limits: [Mistake<RadiusFormula>] {
    let everywhere = { (_: Double, _: Double) in false }
    let belows: [(String, (_ r: Double, _ w: Double) -> Bool)] = [
      ("the density is 0 for every r < 1, not only for negative r", { r, _ in r < 0 }),
      ("the density is 0 for r < 1, not for r < w", { r, w in r < w }),
      ("the density is 0 for r < 1, not for r < 1 + w", { r, w in r < 1 + w }),
      ("the density is 0 for r < 1, not for r < 1 − w", { r, w in r < 1 - w }),
      ("the density is 0 for r < 1, not for r − 1 < w²", { r, w in r - 1 < w * w }),
      ("the density is 0 for r < 1; the condition is the wrong way round", { r, _ in r > 1 }),
      (
        "the density is not 0 far out: it is 0 for r < 1 only",
        { r, w in r < 1 || r > 1 + 3 * w }
      ),
      (
        "the density is 0 for r < 1, not for r < 2; is (r − 1) in place of r compared with 1?",
        { r, _ in r < 2 }
      ),
      (
        "the density is 0 only for r < 1; with | | it became 0 for some r above 1 as well",
        { r, w in abs(r - 1) < w }
      ),
    ]
    return [
      Mistake(
        "negative",
        "no radius is below 1, so the density is 0 there; the formula holds from r = 1 on",
        isCommon: true
      ) { $0.isBelow = everywhere },
      Mistake(
        "max(r, 0)", "r was limited to 0; for r < 1 the density is 0, or r is limited to 1"
      ) {
        $0.isBelow = everywhere
        $0.radius = { r, _ in max(r, 0) }
      },
      Mistake("mirrored", "below r = 1 the density is 0; |r − 1| makes it the same on both sides") {
        $0.isBelow = everywhere
        $0.factor = { r, w in abs(r - 1) / (w * w) }
      },
      Mistake(
        "clamped to w", "r − 1 was limited from below by a number above 0; below r = 1 it is 0"
      ) {
        $0.isBelow = everywhere
        $0.radius = { r, w in max(r, 1 + w) }
      },
      Mistake("1 below", "below r = 1 the density is 0, not 1") { $0.below = 1 },
      Mistake("infinite below", "below r = 1 the density is 0, not infinite") {
        $0.below = .infinity
      },
      Mistake("−∞ below", "below r = 1 the density is 0, not −∞, which is its log") {
        $0.below = -.infinity
      },
      Mistake(
        "NaN below",
        "for r < 1, r − 1 is negative, and the log or root of it is NaN; the density is 0 there, so "
          + "return 0 before that", isCommon: true
      ) { $0.below = .nan },
      Mistake("1/w below", "below r = 1 the density is 0, not 1/w") { formula in
        formula.isBelow = everywhere
        formula.factor = { r, w in r < 1 ? 1 / w : (r - 1) / (w * w) }
        formula.exponent = { r, w in r < 1 ? 0 : -(r - 1) * (r - 1) / (2 * w * w) }
      },
    ]
      + belows.map { message, isBelow in
        Mistake(message, message, isCommon: message.contains("negative r")) {
          $0.isBelow = isBelow
        }
      }
      + [1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1].map { small in
        Mistake(
          "below \(small)",
          "the density is 0 for r < 1, not yet from there on; is the limit a little above 1?"
        ) { $0.isBelow = { r, _ in r - 1 < small } }
      }
  }

  /// The derivative of P(R ≤ r), by differences.
  static var differences: [Mistake<RadiusFormula>] {
    func quotient(
      _ message: String, from back: Double, to front: Double, over width: Double
    ) -> Mistake<RadiusFormula> {
      Mistake("\(message), \(back), \(front)", message) {
        $0.isBelow = { _, _ in false }
        $0.factor = { r, w in
          func probability(_ r: Double) -> Double {
            r < 1 ? 0 : 1 - .exp(-(r - 1) * (r - 1) / (2 * w * w))
          }
          return (probability(r + front) - probability(r + back)) / width
        }
        $0.whole = { factor, _ in factor }
      }
    }
    let coarse =
      "that is a difference quotient of P(R ≤ r), which is not exact; use the formula of the density"
    let half =
      "that is twice the density: P(R ≤ r + h) − P(R ≤ r − h) has to be divided by 2h"
    return [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6].flatMap { h in
      [
        quotient(coarse, from: 0, to: h, over: h),
        quotient(coarse, from: -h, to: 0, over: h),
        quotient(coarse, from: -h, to: h, over: 2 * h),
        quotient(half, from: -h, to: h, over: h),
      ]
    }
  }

  /// The density by way of its logarithm.
  static var logarithms: [Mistake<RadiusFormula>] {
    [
      Mistake("log", "that is the logarithm of the density") { $0.whole = { .log($0) + $1 } },
      Mistake("log, −∞ below", "that is the logarithm of the density") {
        $0.whole = { .log($0) + $1 }
        $0.below = -.infinity
      },
      Mistake(
        "log, NaN below",
        "that is the logarithm of the density, and for r < 1 that of a negative number, NaN"
      ) {
        $0.whole = { .log($0) + $1 }
        $0.below = .nan
      },
      Mistake("no log w²", "in log p(r), −2 log w is missing") {
        $0.factor = { r, _ in r - 1 }
        $0.below = .nan
      },
      Mistake("log w once", "in log p(r), log w counts twice: −2 log w") {
        $0.factor = { r, w in (r - 1) / w }
        $0.below = .nan
      },
      Mistake("log w added", "in log p(r), 2 log w was added; subtract it") {
        $0.factor = { r, w in (r - 1) * w * w }
        $0.below = .nan
      },
      Mistake(
        "log of |r − 1|",
        "the log of |r − 1| makes the density the same on both sides of 1; below r = 1 it is 0"
      ) {
        $0.isBelow = { _, _ in false }
        $0.factor = { r, w in abs(r - 1) / (w * w) }
      },
      Mistake("factor outside", "log(r − 1) was not put into exp: the factor is r − 1 itself") {
        $0.factor = { r, w in .log(r - 1) / (w * w) }
      },
    ]
  }

  /// One of the quantities is replaced by another wherever it stands.
  static var quantities: [Mistake<RadiusFormula>] {
    let widths: [(String, (Double) -> Double)] = [
      ("w was taken for a variance: √w stands in place of w", { $0.squareRoot() }),
      ("w was squared before it was squared: w² stands in place of w", { $0 * $0 }),
      ("1/w stands in place of w", { 1 / $0 }),
      ("w is left out", { _ in 1 }),
      ("w was halved", { $0 / 2 }),
      ("w was doubled", { 2 * $0 }),
      ("e^w stands in place of w, as if it were a log", { .exp($0) }),
    ]
    let radii: [(String, (_ r: Double, _ w: Double) -> Double)] = [
      (
        "r stands where r − 1 should be, in the factor and in the exponent",
        { r, _ in r + 1 }
      ),
      ("r + 1 stands where r − 1 should be", { r, _ in r + 2 }),
      ("r − w stands where r − 1 should be", { r, w in r - w + 1 }),
      ("r − 1 − w stands where r − 1 should be", { r, w in r - w }),
      ("w r − 1 stands where r − 1 should be", { r, w in w * r }),
      ("1 + w r stands where r should be: the r given is 1 + w‖z‖ already", { r, w in 1 + w * r }),
      ("r² stands where r should be", { r, _ in r * r }),
    ]
    return widths.map { message, width in Mistake(message, message) { $0.width = width } }
      + radii.map { message, radius in Mistake(message, message) { $0.radius = radius } }
      + [
        Mistake(
          "cut", "r was cut to a whole number; is there an Int where Double belongs?"
        ) { $0.radius = { r, _ in r.rounded(.towardZero) } },
        Mistake("rounded", "r was rounded to a whole number") {
          $0.radius = { r, _ in r.rounded() }
        },
        Mistake("cut excess", "r − 1 was cut to a whole number; is it made an Int?") {
          $0.radius = { r, _ in 1 + (r - 1).rounded(.towardZero) }
        },
        Mistake("Float", "that was computed in Float, which has 7 digits") {
          $0.radius = { r, _ in Double(Float(r)) }
        },
      ]
  }
}
