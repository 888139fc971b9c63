import Autodiff
import Exercises

extension PathwiseFormula {
  /// What is computed in place of the right numbers.
  static var mistakes: [Mistake<PathwiseFormula>] {
    factors + slopes + means
      + LogVarianceSample.mistakes.without("mean").within(\.sample, "in z, ")
  }

  private static var factors: [Mistake<PathwiseFormula>] {
    [
      withFactor(
        "no half",
        "a factor of ½ is missing in ∂σ/∂log σ²: σ = exp(½ log σ²) has the derivative ½σ",
        isCommon: true
      ) { $0.sigma * $0.noise },
      withFactor(
        "for σ", "that is the derivative with respect to σ, not with respect to log σ²",
        isCommon: true
      ) { $0.noise },
      withFactor(
        "for σ²", "that is the derivative with respect to σ², not with respect to log σ²",
        isCommon: true
      ) { $0.noise / $0.sigma / 2 },
      withFactor(
        "no ε", "the factor ∂z/∂σ = ε is missing: when σ changes, z changes by ε times as much",
        isCommon: true
      ) { $0.sigma / 2 },
      withFactor(
        "σ²", "σ² stands in place of σ: ∂σ/∂log σ² is ½σ"
      ) { $0.sigma * $0.sigma * $0.noise / 2 },
      withFactor(
        "2σ²", "the derivative of σ = exp(½ log σ²) with respect to log σ² is ½σ, not σ²"
      ) { $0.sigma * $0.sigma * $0.noise },
      withFactor(
        "no σ", "the factor σ is missing: σ = exp(½ log σ²) has the derivative ½σ"
      ) { $0.noise / 2 },
      withFactor(
        "no σ, no ε", "σ and ε are missing: ∂z/∂log σ² is ½σε, and only the ½ is there"
      ) { _ in 0.5 },
      withFactor("no half, no ε", "½ and ε are missing: ∂z/∂log σ² is ½σε, and only the σ is there")
      { $0.sigma },
      withFactor(
        "no z", "the slope 2z of h is missing in the derivative with respect to log σ²"
      ) { $0.sigma * $0.noise / $0.z / 2 },
      withFactor(
        "quarter",
        "a factor of 2 is missing in the derivative with respect to log σ²: it is 2z · ½σε"
      ) {
        $0.sigma * $0.noise / 4
      },
      withFactor("ε²", "ε occurs once too often: ∂z/∂σ is ε") {
        $0.sigma * $0.noise * $0.noise / 2
      },
      withFactor("no chain", "the factor ∂z/∂log σ² = ½σε is missing") { _ in 1 },
      withFactor("sign", "the sign of the derivative with respect to log σ² is flipped") {
        -$0.sigma * $0.noise / 2
      },
      withFactor("z", "that contains ½z in place of ½σε; μ does not change with log σ²") {
        $0.z / 2
      },
      withFactor("none", "with respect to log σ² nothing is left, but z depends on it through σ") {
        _ in 0
      },
    ]
  }

  private static var slopes: [Mistake<PathwiseFormula>] {
    [
      withSlope("no 2", "a factor of 2 is missing: the derivative of z² is 2z", isCommon: true) {
        $0.z
      },
      withSlope(
        "at μ", "the slope is taken at μ; take it at the sample, z = μ + σε", isCommon: true
      ) { 2 * $0.mean },
      withSlope("at ε", "the slope is taken at ε; take it at the sample, z = μ + σε") {
        2 * $0.noise
      },
      withSlope("square", "z² itself stands in place of its derivative, 2z") { $0.z * $0.z },
      withSlope("size", "the slope 2z has lost its sign") { 2 * abs($0.z) },
      withSlope("one", "the slope of h is 2z; it is missing") { _ in 1 },
      withSlope("two", "the slope of h is 2z; the z is missing") { _ in 2 },
      Mistake("σ in ∂μ", "∂z/∂μ is 1; there is a σ too much in the derivative with respect to μ") {
        $0.meanFactor = { $0.sigma }
      },
      Mistake("ε in ∂μ", "∂z/∂μ is 1; there is an ε too much in the derivative with respect to μ") {
        $0.meanFactor = { $0.noise }
      },
      Mistake(
        "∂μ halved", "a factor of 2 is missing in the derivative with respect to μ, which is 2z"
      ) {
        $0.meanFactor = { _ in 0.5 }
      },
      Mistake("z² for ∂μ", "with respect to μ, z² itself stands in place of its derivative, 2z") {
        $0.meanFactor = { $0.z / 2 }
      },
      Mistake("size for ∂μ", "with respect to μ, 2z has lost its sign") {
        $0.meanFactor = { abs($0.z) / $0.z }
      },
      Mistake(
        "∂μ at the mean",
        "the derivative with respect to μ is taken at μ; take it at the sample, z = μ + σε"
      ) { $0.meanFactor = { $0.mean / $0.z } },
    ]
  }

  private static var means: [Mistake<PathwiseFormula>] {
    [
      Mistake(
        "sum", "those are sums over the samples; the estimate is the mean", isCommon: true
      ) { $0.divisor = { _, _ in 1 } },
      Mistake(
        "mean over d too",
        "those were divided by d as well; ‖z‖² is a sum over the d components", isCommon: true
      ) { $0.divisor = { $0 * $1 } },
      Mistake("d", "those were divided by d; divide by the number of samples, n") {
        $0.divisor = { _, d in d }
      },
      Mistake("n − 1", "those were divided by n − 1; the estimate is the mean over n samples") {
        $0.divisor = { n, _ in n - 1 }
      },
      Mistake("sum for μ", "with respect to μ, that is the sum over the samples, not the mean") {
        $0.meanIsSum = true
      },
      Mistake(
        "sum for log σ²", "with respect to log σ², that is the sum over the samples, not the mean"
      ) { $0.logVarianceIsSum = true },
      Mistake(
        "last for μ",
        "with respect to μ, only the last sample counts: is there an = in place of +=?"
      ) { $0.meanIsLast = true },
      Mistake(
        "last for log σ²",
        "with respect to log σ², only the last sample counts: is there an = in place of +=?"
      ) { $0.logVarianceIsLast = true },
      Mistake("first noise in z", "z was computed with the first sample of ε every time") {
        $0.noise = { noise, _ in noise[0] }
      },
      Mistake("n²", "those were divided by n twice") { $0.divisor = { n, _ in n * n } },
      Mistake(
        "exact",
        "that is the exact gradient of E[h] = ‖μ‖² + Σσ², not the estimate from these samples"
      ) {
        $0.slope = { _ in 1 }
        $0.meanFactor = { 2 * $0.mean }
        $0.logVarianceFactor = { $0.sigma * $0.sigma }
      },
    ]
  }

  private static func withFactor(
    _ name: String, _ message: String, isCommon: Bool = false, _ factor: @escaping (Draw) -> Double
  ) -> Mistake<PathwiseFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.logVarianceFactor = factor }
  }

  private static func withSlope(
    _ name: String, _ message: String, isCommon: Bool = false, _ slope: @escaping (Draw) -> Double
  ) -> Mistake<PathwiseFormula> {
    Mistake(name, message, isCommon: isCommon) { $0.slope = slope }
  }
}
