import Autodiff
import Exercises

/// log cosh as an operation: its value, and its pullback.
struct LogCosh {
  var value: (Double) -> Double = LogCosh.right
  /// The gradient with respect to x, from x, the value y and the gradient g that comes in.
  var pullback: (_ x: Double, _ y: Double, _ g: Double) -> Double = { x, _, g in g * .tanh(x) }

  static func right(_ x: Double) -> Double { .softplus(2 * x) - x - .log(2) }

  static func cosh(_ x: Double) -> Double { 0.5 * (.exp(x) + .exp(-x)) }

  static func sinh(_ x: Double) -> Double { 0.5 * (.exp(x) - .exp(-x)) }

  static var mistakes: [Mistake<LogCosh>] {
    composed + chains + slopes + values + overflows
      + branches
  }

  private static var composed: [Mistake<LogCosh>] {
    [
      Mistake(
        "overflow throughout",
        "cosh x became infinite, and its gradient is ∞/∞; that is why this is one operation, not "
          + "several"
      ) {
        $0.value = { .log(cosh($0)) }
        $0.pullback = { x, _, g in abs(x) > 700 ? .nan : g * .tanh(x) }
      },
      Mistake(
        "log 0",
        "log 0 is −∞, and one Int divided by another, as in 1 / 2, is 0: log ½ is −log 2"
      ) { $0.value = { _ in -.infinity } },
      Mistake("cosh", "that is cosh x; its logarithm is missing") {
        $0.value = cosh
        $0.pullback = { x, _, g in g * sinh(x) }
      },
      Mistake("tanh", "that is tanh x, the derivative, with a derivative of its own") {
        $0.value = { .tanh($0) }
        $0.pullback = { x, _, g in g * (1 - .tanh(x) * .tanh(x)) }
      },
    ]
  }

  private static var chains: [Mistake<LogCosh>] {
    [
      Mistake(
        "off the tape",
        "no gradient came back: do you return the result of `recorded`, and is it recorded from x "
          + "itself, not from `x.detached`?"
      ) { $0.pullback = { _, _, _ in 0 } },
      Mistake(
        "no g", "the pullback leaves out g, the gradient so far; the chain rule multiplies by it"
      ) { $0.pullback = { x, _, _ in .tanh(x) } },
      Mistake("g", "the pullback returns g as it is; the operation's derivative is missing") {
        $0.pullback = { _, _, g in g }
      },
      Mistake("sum", "the pullback adds g and the derivative; the chain rule multiplies them") {
        $0.pullback = { x, _, g in g + .tanh(x) }
      },
      Mistake(
        "quotient",
        "the pullback divides by tanh x, or multiplies by cosh x/sinh x; the derivative is tanh x"
      ) {
        $0.pullback = { x, _, g in g / .tanh(x) }
      },
      Mistake("inside", "the pullback takes tanh of g x; it is g times tanh x") {
        $0.pullback = { x, _, g in .tanh(g * x) }
      },
      Mistake("x tanh g", "the pullback multiplies x by tanh g; it is g times tanh x") {
        $0.pullback = { x, _, g in x * .tanh(g) }
      },
      Mistake("− without g", "the pullback leaves out g, and its sign is wrong: it is g tanh x") {
        $0.pullback = { x, _, _ in -.tanh(x) }
      },
      Mistake("of g", "the pullback takes tanh of g; the derivative is taken at x") {
        $0.pullback = { _, _, g in .tanh(g) }
      },
      Mistake("g twice", "the pullback multiplies by g tanh g; the derivative is taken at x") {
        $0.pullback = { _, _, g in g * .tanh(g) }
      },
    ]
  }

  private static var slopes: [Mistake<LogCosh>] {
    let slopes: [(String, String, (_ x: Double, _ y: Double) -> Double)] = [
      (
        "sign", "has the wrong sign: the derivative of log cosh x is +tanh x", { x, _ in -.tanh(x) }
      ),
      (
        "1/cosh",
        "uses 1/cosh x, which comes from the log alone; multiply it by the derivative of "
          + "cosh x", { x, _ in 1 / cosh(x) }
      ),
      ("sinh", "uses the derivative of cosh x, before the log was taken", { x, _ in sinh(x) }),
      ("cosh", "uses cosh x; the derivative is sinh x/cosh x", { x, _ in cosh(x) }),
      (
        "second derivative",
        "uses 1 − tanh² x, the derivative of tanh x: that is the second derivative",
        { x, _ in 1 - .tanh(x) * .tanh(x) }
      ),
      ("value", "multiplies g by the value, which is right for exp alone", { _, y in y }),
      ("1/value", "divides g by the value; the derivative of log cosh x is tanh x", { 1 / $1 }),
      ("1/x", "uses 1/x, the derivative of log x; the log is taken of cosh x", { x, _ in 1 / x }),
      ("x", "uses x, which is right only near 0; the derivative is tanh x", { x, _ in x }),
      (
        "sign of x", "uses the sign of x, which is right only far from 0; the derivative is tanh x",
        { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 }
      ),
      ("tanh of y", "takes tanh of the value; the derivative is tanh of x", { .tanh($1) }),
      ("tanh of |x|", "takes tanh of |x|; the derivative is tanh x", { x, _ in .tanh(abs(x)) }),
      ("tanh²", "uses tanh² x; the derivative is tanh x", { x, _ in .tanh(x) * .tanh(x) }),
      ("2x", "takes tanh of 2x; the derivative is tanh x", { x, _ in .tanh(2 * x) }),
      (
        "sigmoid", "uses the sigmoid; the derivative of log cosh x is tanh x",
        { x, _ in .sigmoid(x) }
      ),
      (
        "σ(2x)", "uses σ(2x), with half of the derivative of softplus(2x) and without that of −x",
        { x, _ in .sigmoid(2 * x) }
      ),
      (
        "2σ(2x)",
        "uses the derivative of softplus(2x) alone; that of −x is missing: tanh x is "
          + "2σ(2x) − 1", { x, _ in 2 * .sigmoid(2 * x) }
      ),
      (
        "no inner derivative",
        "lacks a factor 2: the derivative of softplus(2x) is 2σ(2x); in the end it is tanh x",
        { x, _ in .sigmoid(2 * x) - 1 }
      ),
      (
        "1 − y²", "uses 1 − y², which is right for y = tanh x; this y is log cosh x",
        { 1 - $1 * $1 }
      ),
      ("half", "has a ½ that is too much", { x, _ in .tanh(x) / 2 }),
      ("double", "has a 2 that is too much", { x, _ in 2 * .tanh(x) }),
    ]
    return slopes.map { name, message, slope in
      Mistake(
        name, "the pullback " + message, isCommon: ["sign", "second derivative"].contains(name)
      ) { $0.pullback = { x, y, g in g * slope(x, y) } }
    }
  }

  private static var values: [Mistake<LogCosh>] {
    let values: [(String, String, (Double) -> Double)] = [
      ("log 2", "log 2 is missing: cosh x is half of eˣ + e⁻ˣ", { right($0) + .log(2) }),
      (
        "+ log 2", "log 2 was added; subtract it, since cosh x is half", { right($0) + 2 * .log(2) }
      ),
      ("½", "the value was multiplied by ½; the half is inside the log", { right($0) / 2 }),
      (
        "½ outside", "½ stands outside the log; cosh x is ½(eˣ + e⁻ˣ), inside it",
        { (right($0) + .log(2)) / 2 }
      ),
      (
        "sinh", "that is log |sinh x|: cosh x is (eˣ + e⁻ˣ)/2, with a plus", { .log(abs(sinh($0))) }
      ),
      (
        "far", "that is |x| − log 2, which is right only far from 0; log(1 + e^(−2|x|)) is missing",
        { abs($0) - .log(2) }
      ),
      ("|x|", "that is |x|, which is only nearly right far from 0", { abs($0) }),
      ("near", "that is ½x², which is right only near 0", { $0 * $0 / 2 }),
      (
        "e⁻ˣ", "e^(−|x|) stands where e^(−2|x|) should be: cosh x is e^|x| (1 + e^(−2|x|))/2",
        { abs($0) + .softplus(-abs($0)) - .log(2) }
      ),
      (
        "x for |x|", "x stands where |x| should be: negative x come out wrong",
        { $0 + .softplus(-2 * abs($0)) - .log(2) }
      ),
      (
        "sign of 2|x|", "e^(2|x|) stands where e^(−2|x|) should be",
        { abs($0) + .softplus(2 * abs($0)) - .log(2) }
      ),
      (
        "no x", "x is missing: log cosh x is softplus(2x) − x − log 2",
        { .softplus(2 * $0) - .log(2) }
      ),
      (
        "no |x|", "|x| is missing: log cosh x is |x| + log(1 + e^(−2|x|)) − log 2",
        { .softplus(-2 * abs($0)) - .log(2) }
      ),
      (
        "softplus(x)", "softplus(x) stands where softplus(2x) should be",
        { .softplus($0) - $0 - .log(2) }
      ),
      (
        "2 softplus(x)", "that is 2 softplus(x) − x − log 2; the 2 belongs inside: softplus(2x)",
        { 2 * .softplus($0) - $0 - .log(2) }
      ),
      ("cosh", "the value is cosh x; its logarithm is missing", { cosh($0) }),
      (
        "− x", "−x stands where x should be: it is softplus(−2x) + x − log 2",
        { .softplus(-2 * $0) - $0 - .log(2) }
      ),
      ("plus x", "x was added; it is softplus(2x) − x − log 2", { right($0) + 2 * $0 }),
      ("− sign", "the sign of the value is flipped", { -right($0) }),
      (
        "log10", "that is the logarithm to base 10; log is the natural one",
        { right($0) / .log(10) }
      ),
      ("log2", "that is the logarithm to base 2; log is the natural one", { right($0) / .log(2) }),
      ("tanh", "the value is tanh x, which is the derivative", { .tanh($0) }),
    ]
    return values.map { name, message, value in
      Mistake(name, message, isCommon: ["log 2"].contains(name)) { $0.value = value }
    }
      + [10, 20, 30, 50, 80, 88, 100, 500, 700].map { (limit: Double) in
        Mistake(
          "cut to \(limit)",
          "x was cut to between −\(exact(limit)) and \(exact(limit)); log cosh x grows on with |x|"
        ) { $0.value = { right(min(max($0, -limit), limit)) } }
      }
      + [10, 20, 30, 50, 80, 88, 100, 500, 700].map { (limit: Double) in
        Mistake(
          "cut to \(limit), gradient as well",
          "x was cut to between −\(exact(limit)) and \(exact(limit)), beyond which the gradient is 0"
        ) {
          $0.value = { right(min(max($0, -limit), limit)) }
          $0.pullback = { x, _, g in abs(x) > limit ? 0 : g * .tanh(x) }
        }
      }
      + [0.69, 0.693, 0.7, 0.6931, 0.69315, 0.693147, 0.6931472].map { (rounded: Double) in
        Mistake("\(rounded)", "log 2 was rounded to \(rounded); write log(2.0)") {
          $0.value = { right($0) + .log(2) - rounded }
        }
      }
  }

  private static var overflows: [Mistake<LogCosh>] {
    [
      Mistake(
        "overflow", "cosh x became infinite; its factor e^|x| can be taken out of the log"
      ) { $0.value = { .log(cosh($0)) } },
      Mistake(
        "overflow of the slope",
        "the derivative was computed as sinh x/cosh x, which is ∞/∞ here; use tanh"
      ) { $0.pullback = { x, _, g in abs(x) > 700 ? .nan : g * .tanh(x) } },
      Mistake(
        "overflow of exp(2x)",
        "e^(2x) became infinite; softplus computes log(1 + e^(2x)) without it"
      ) { $0.value = { $0 > 350 ? .infinity : right($0) } },
      Mistake(
        "overflow of exp(−2x)",
        "e^(−2x) became infinite for negative x; use |x|, or softplus(−2x)"
      ) { $0.value = { $0 < -350 ? .infinity : right($0) } },
    ]
  }
}
