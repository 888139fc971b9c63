import Autodiff
import Exercises

/// The derivative of t = tanh u, of section 0.2, and what people take it for.
struct TanhDerivative {
  var formula: (_ u: Double, _ t: Double) -> Double = { _, t in 1 - t * t }

  func callAsFunction(_ u: Double) -> Double { formula(u, .tanh(u)) }

  static var mistakes: [Mistake<TanhDerivative>] {
    [
      Mistake("none", "the derivative of tanh is missing: 1 − t²", isCommon: true) {
        $0.formula = { _, _ in 1 }
      },
      Mistake("1 − t", "1 − t is not the derivative of tanh; 1 − t² is", isCommon: true) {
        $0.formula = { _, t in 1 - t }
      },
      Mistake("1 + t²", "the derivative of tanh is 1 − t², not 1 + t²", isCommon: true) {
        $0.formula = { _, t in 1 + t * t }
      },
      Mistake("1 − u²", "the derivative of tanh is 1 − t², with t = tanh u, not 1 − u²") {
        $0.formula = { u, _ in 1 - u * u }
      },
      Mistake(
        "1/(1 + u²)", "1/(1 + u²) is the derivative of arctan u; that of tanh u is 1 − tanh² u"
      ) { $0.formula = { u, _ in 1 / (1 + u * u) } },
      Mistake("1 − tanh² t", "tanh was applied twice: 1 − t² with t = tanh u, not 1 − tanh² t") {
        $0.formula = { _, t in 1 - .tanh(t) * .tanh(t) }
      },
      Mistake("t (1 − t)", "t (1 − t) is the derivative of the sigmoid; that of tanh is 1 − t²") {
        $0.formula = { _, t in t * (1 - t) }
      },
      Mistake("t² − 1", "the derivative of tanh has the wrong sign: it is 1 − t², not t² − 1") {
        $0.formula = { _, t in t * t - 1 }
      },
      Mistake("t", "t was taken for the derivative of tanh, which is 1 − t²") {
        $0.formula = { _, t in t }
      },
      Mistake("t²", "t² was taken for the derivative of tanh, which is 1 − t²") {
        $0.formula = { _, t in t * t }
      },
      Mistake("−t²", "the 1 is missing: −t² is not the derivative of tanh; 1 − t² is") {
        $0.formula = { _, t in -t * t }
      },
      Mistake("(1 − t)²", "(1 − t)² is not the derivative of tanh; 1 − t² is") {
        $0.formula = { _, t in (1 - t) * (1 - t) }
      },
      Mistake("1 − 2t", "1 − 2t is not the derivative of tanh; 1 − t² is") {
        $0.formula = { _, t in 1 - 2 * t }
      },
      Mistake("1/cosh", "the derivative of tanh is 1/cosh² u, the square of 1/cosh u") {
        $0.formula = { u, _ in 2 / (.exp(u) + .exp(-u)) }
      },
      Mistake("cosh²", "the derivative of tanh is 1/cosh² u, not cosh² u") {
        $0.formula = { _, t in 1 / (1 - t * t) }
      },
      Mistake("squared", "1 − t² counts twice; it is the derivative of tanh as it stands") {
        $0.formula = { _, t in (1 - t * t) * (1 - t * t) }
      },
      Mistake("tanh u²", "1 − tanh(u²) is not 1 − tanh² u: square the tanh, not u") {
        $0.formula = { u, _ in 1 - .tanh(u * u) }
      },
      Mistake("1 − u", "the derivative of tanh is 1 − t², with t = tanh u, not 1 − u") {
        $0.formula = { u, _ in 1 - u }
      },
      Mistake(
        "second", "that is the second derivative of tanh, −2t(1 − t²); the first is 1 − t²"
      ) { $0.formula = { _, t in -2 * t * (1 - t * t) } },
      Mistake("2t", "−2t is the derivative of 1 − t²; that of tanh is 1 − t² itself") {
        $0.formula = { _, t in -2 * t }
      },
    ]
  }
}
