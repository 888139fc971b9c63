import Autodiff
import Exercises

extension EncoderFormula {
  /// What is computed in place of the right numbers.
  static var mistakes: [Mistake<EncoderFormula>] {
    divergences + errors + inputs + weights + shares + sums
      + ScoreFunctionEstimate.mistakesInWeights.without("sign").within(
        \.estimate, "in the weight h − b, ")
      + NormalScore.mistakes.without("z for z − μ").within(\.estimate.score)
      + StandardDeviation.wrongFunctions.within(\.sample.standardDeviation)
      + LogVarianceSample.mistakes.within(\.sample, "in z, ")
  }

  private static var divergences: [Mistake<EncoderFormula>] {
    [
      Mistake("no divergence", "the divergence is missing in the encoder’s gradients") {
        $0.divergenceShare = 0
      },
      Mistake("sign of divergence", "the sign of the divergence is flipped: −ℒ contains + D") {
        $0.divergenceShare = -1
      },
      Mistake("doubled divergence", "the ½ of the divergence is missing", isCommon: true) {
        $0.divergenceShare = 2
      },
      Mistake("halved divergence", "the ½ of the divergence was applied twice") {
        $0.divergenceShare = 0.5
      },
      Mistake("only at first", "the divergence belongs to all three gradients, not only the first")
      {
        $0.laterDivergenceShare = 0
      },
      Mistake("2μ", "½μ² in the divergence has the derivative μ, not 2μ") {
        $0.divergenceMean = { 2 * $0.mean }
      },
      Mistake("½μ", "½μ² in the divergence has the derivative μ, not ½μ") {
        $0.divergenceMean = { $0.mean / 2 }
      },
      Mistake("no a", "½μ² = ½(aX)² has the derivative aX²; the a is missing") {
        $0.divergenceMean = { $0.x }
      },
      Mistake("no μ", "the derivative of ½μ² in the divergence is missing") {
        $0.divergenceMean = { _ in 0 }
      },
      ofLogVariance(
        "no half", "½(σ² − 1) is the derivative of D with respect to c; the ½ is missing"
      ) { $0.sigma * $0.sigma - 1 },
      ofLogVariance("no −1", "the derivative of −½ log σ² in the divergence, −½, is missing") {
        $0.sigma * $0.sigma / 2
      },
      ofLogVariance("σ for σ²", "the divergence contains ½σ², with the derivative ½σ², not ½σ") {
        ($0.sigma - 1) / 2
      },
      ofLogVariance("only −1", "the derivative of ½σ² in the divergence is missing") { _ in -0.5 },
      ofLogVariance("plus 1", "−½ log σ² in the divergence has the derivative −½, not +½") {
        ($0.sigma * $0.sigma + 1) / 2
      },
      ofLogVariance("−1 whole", "−½ log σ² in the divergence has the derivative −½, not −1") {
        $0.sigma * $0.sigma / 2 - 1
      },
      ofLogVariance("for σ", "σ − 1/σ is the derivative of D with respect to σ, and c is log σ²") {
        $0.sigma - 1 / $0.sigma
      },
      ofLogVariance(
        "for σ²", "½(1 − 1/σ²) is the derivative of D with respect to σ², and c is log σ²"
      ) { (1 - 1 / ($0.sigma * $0.sigma)) / 2 },
    ]
  }

  private static var errors: [Mistake<EncoderFormula>] {
    [
      ofWeight("sign of w", "the sign of the derivative with respect to w is flipped") {
        2 * $0.z * $0.residual
      },
      ofWeight("no 2 in w", "the 2 is missing in the derivative of (X − wz)² with respect to w") {
        -$0.z * $0.residual
      },
      ofWeight("no z", "the derivative of wz with respect to w is z; the factor is missing") {
        -2 * $0.residual
      },
      ofWeight("w for z", "the derivative of wz with respect to w is z, not w") {
        -2 * $0.w * $0.residual
      },
      ofWeight("μ for z", "the derivative with respect to w is taken at μ in place of z") {
        -2 * $0.mean * ($0.x - $0.w * $0.mean)
      },
      ofSample("sign of z", "the sign of the derivative of (X − wz)² with respect to z is flipped")
      {
        2 * $0.w * $0.residual
      },
      ofSample("no 2 in z", "the 2 is missing in the derivative of (X − wz)² with respect to z") {
        -$0.w * $0.residual
      },
      ofSample("no w", "the derivative of wz with respect to z is w; the factor is missing") {
        -2 * $0.residual
      },
      ofSample("z for w", "the derivative of wz with respect to z is w, not z") {
        -2 * $0.z * $0.residual
      },
      ofSample("at μ", "the derivative of the error along the path is taken at μ in place of z") {
        -2 * $0.w * ($0.x - $0.w * $0.mean)
      },
      Mistake("no 2", "the 2 is missing in the derivatives of (X − wz)²", isCommon: true) {
        $0.errorSample = { -$0.w * $0.residual }
        $0.errorWeight = { -$0.z * $0.residual }
      },
      Mistake("both signs", "the sign of the derivatives of (X − wz)² is flipped", isCommon: true) {
        $0.errorSample = { 2 * $0.w * $0.residual }
        $0.errorWeight = { 2 * $0.z * $0.residual }
      },
      ofPath("no half", "along the path, ∂σ/∂c is ½σ; the ½ is missing", isCommon: true) {
        $0.sigma * $0.noise
      },
      ofPath("for σ", "along the path, that is the derivative with respect to σ, and c is log σ²") {
        $0.noise
      },
      ofPath("for σ²", "along the path, that is the derivative with respect to σ², and c is log σ²")
      { $0.noise / $0.sigma / 2 },
      ofPath("no σ", "along the path, ∂σ/∂c is ½σ; the σ is missing") { $0.noise / 2 },
      ofPath("no w", "along the path, ∂(wz)/∂z = w is missing with respect to c") {
        $0.sigma * $0.noise / $0.w / 2
      },
      ofPath("no ε", "along the path, ∂z/∂σ = ε is missing") { $0.sigma / 2 },
      ofPath("no σ, no ε", "along the path, ∂z/∂c is ½σε; σ and ε are missing") { _ in 0.5 },
      ofPath("no chain", "along the path, ∂z/∂c = ½σε is missing") { _ in 1 },
      ofPath("variance", "along the path, ∂σ/∂c is ½σ, not ½σ²") {
        $0.sigma * $0.sigma * $0.noise / 2
      },
      ofPath("no path", "along the path, nothing is left with respect to c") { _ in 0 },
    ]
  }

  private static var inputs: [Mistake<EncoderFormula>] {
    [
      Mistake(
        "no X", "∂μ/∂a = X is missing: those are derivatives with respect to μ", isCommon: true
      ) {
        $0.divergenceInput = { _ in 1 }
        $0.pathInput = { _ in 1 }
        $0.scoreInput = { _ in 1 }
      },
      Mistake("no w for a", "∂(wz)/∂z = w is missing in the pathwise gradient with respect to a") {
        $0.pathInput = { $0.x / $0.w }
      },
      Mistake(
        "no X in D", "∂μ/∂a = X is missing in the derivative of the divergence", isCommon: true
      ) {
        $0.divergenceInput = { _ in 1 }
      },
      Mistake(
        "no X on the path", "∂μ/∂a = X is missing in the pathwise gradient", isCommon: true
      ) {
        $0.pathInput = { _ in 1 }
      },
      Mistake("no X in the score", "∂μ/∂a = X is missing in the score") {
        $0.scoreInput = { _ in 1 }
      },
    ]
  }

  private static var weights: [Mistake<EncoderFormula>] {
    [
      Mistake(
        "log-likelihood",
        "the score’s term has the wrong sign: the loss contains h = (X − wz)², with "
          + "a plus", isCommon: true
      ) { $0.scoreShare = -1 },
      Mistake("root", "h is (X − wz)²; the square is missing") { $0.value = { $0.residual } },
      Mistake("halved h", "h is (X − wz)², without a ½") {
        $0.value = { $0.residual * $0.residual / 2 }
      },
      Mistake("h at μ", "h is taken at z, not at μ: (X − wz)²") {
        $0.value = { ($0.x - $0.w * $0.mean) * ($0.x - $0.w * $0.mean) }
      },
      Mistake("score by n twice", "the score’s term is divided by n twice") {
        $0.estimate.scale = { Double($0.count) }
      },
      Mistake("whole loss", "h is the error alone; the divergence does not belong to it") {
        $0.value = { example in
          let variance = example.sigma * example.sigma
          return example.residual * example.residual
            + (example.mean * example.mean + variance - 1 - .log(variance)) / 2
        }
      },
    ]
  }

  private static var shares: [Mistake<EncoderFormula>] {
    [
      Mistake("no score", "the score’s term is missing in the score function’s gradient") {
        $0.scoreShare = 0
      },
      Mistake("no path", "in the pathwise gradient, the path through z is missing") {
        $0.pathShare = 0
      },
      Mistake("path in score", "the score function’s gradient has no path through z") {
        $0.pathInScore = 1
      },
      Mistake("path inside", "with z drawn inside, z is a constant: no path leads through it") {
        $0.pathInside = 1
      },
      Mistake("path everywhere", "only the pathwise gradient has a path through z") {
        $0.pathInside = 1
        $0.pathInScore = 1
      },
    ]
  }

  private static var sums: [Mistake<EncoderFormula>] {
    (names + ["the path", "the score"]).flatMap { name in
      [
        Mistake(
          "last of \(name)",
          "in \(name), only the last example counts: is there an = in place of +=?"
        ) { $0.last = name },
        Mistake("undivided \(name)", "in \(name), the sum over the examples is not divided by n") {
          $0.undivided = name
        },
      ]
    } + [
      Mistake("sum", "those are sums over the examples; the mean is asked for", isCommon: true) {
        $0.divisor = { _ in 1 }
      },
      Mistake("first left out", "the first example is left out: does a loop begin too late?") {
        $0.selection = { $0.dropFirst() }
        $0.divergenceIsConstant = true
      },
      Mistake("last left out", "the last example is left out: does a loop end too early?") {
        $0.selection = { $0.dropLast() }
        $0.divergenceIsConstant = true
      },
      Mistake("sums but for one", "those are sums over the examples; the mean is asked for") {
        $0.divisor = { _ in 1 }
        $0.divergenceIsConstant = true
      },
      Mistake("n − 1", "those are divided by n − 1; the mean is asked for") {
        $0.divisor = { $0 - 1 }
      },
    ]
  }

  private static func ofLogVariance(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.divergenceLogVariance = part }
  }

  private static func ofWeight(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.errorWeight = part }
  }

  private static func ofSample(
    _ name: String, _ message: String, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message) { $0.errorSample = part }
  }

  private static func ofPath(
    _ name: String, _ message: String, isCommon: Bool = false, _ part: @escaping Part
  ) -> Mistake<EncoderFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.path = part }
  }
}
