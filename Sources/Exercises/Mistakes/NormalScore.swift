import Autodiff

/// The score of N(μ, diag(σ²)): the derivatives of log Q(z) with respect to a μ and a log σ².
public struct NormalScore {
  /// σ from log σ².
  public var standardDeviation = StandardDeviation()
  /// z − μ.
  public var deviation: (_ z: Double, _ mean: Double) -> Double = { $0 - $1 }
  /// ∂log Q/∂μ from z − μ and σ.
  public var mean: (_ deviation: Double, _ standardDeviation: Double) -> Double = { $0 / ($1 * $1) }
  /// ∂log Q/∂log σ² from z − μ and σ.
  public var logVariance: (_ deviation: Double, _ standardDeviation: Double) -> Double = {
    ($0 * $0 / ($1 * $1) - 1) / 2
  }

  /// The right formula.
  public init() {}

  /// What is computed in place of the two derivatives.
  public static var mistakes: [Mistake<NormalScore>] {
    both + means + logVariances + parameters
  }

  private static var means: [Mistake<NormalScore>] {
    let place = "in the score with respect to μ, "
    return [
      ofMean("not divided", place + "z − μ was not divided by σ² (d / s * s multiplies again)") {
        deviation, _ in deviation
      },
      ofMean("divided by σ", place + "z − μ was divided by σ in place of σ²", isCommon: true) {
        $0 / $1
      },
      ofMean("divided by σ³", place + "z − μ was divided by σ³ in place of σ²") {
        $0 / ($1 * $1 * $1)
      },
      ofMean("divided by σ⁴", place + "z − μ was divided by σ⁴ in place of σ²") {
        $0 / ($1 * $1 * $1 * $1)
      },
      ofMean("multiplied", place + "z − μ was multiplied by σ², not divided") { $0 * $1 * $1 },
      ofMean("multiplied by σ", place + "z − μ was multiplied by σ in place of divided by σ²") {
        $0 * $1
      },
      ofMean(
        "sign of the mean", "the sign of the score with respect to μ is wrong: it contains z − μ",
        isCommon: true
      ) { -$0 / ($1 * $1) },
      ofMean("half of the mean", place + "there is a ½ too much: ½(z − μ)² has the slope z − μ") {
        $0 / ($1 * $1) / 2
      },
      ofMean(
        "twice the mean", place + "there is a 2 too much: the ½ in log Q cancels that of the square"
      ) { 2 * $0 / ($1 * $1) },
      ofMean("square", place + "z − μ is not squared: it is the slope of ½(z − μ)²") {
        $0 * $0 / ($1 * $1)
      },
    ]
  }

  private static var logVariances: [Mistake<NormalScore>] {
    let place = "in the score with respect to log σ², "
    return [
      ofLogVariance(
        "no half",
        place + "the ½ is missing (the score with respect to log σ is twice as large)",
        isCommon: true
      ) { $0 * $0 / ($1 * $1) - 1 },
      ofLogVariance(
        "quarter", place + "the ½ was applied twice"
      ) { ($0 * $0 / ($1 * $1) - 1) / 4 },
      ofLogVariance(
        "sign of the log variance",
        "the sign of the score with respect to log σ² is wrong: the larger (z − μ)², the larger "
          + "the σ² that fits it", isCommon: true
      ) { (1 - $0 * $0 / ($1 * $1)) / 2 },
      ofLogVariance(
        "not squared", place + "z − μ is to be squared"
      ) { ($0 / ($1 * $1) - 1) / 2 },
      ofLogVariance(
        "σ and not squared", place + "(z − μ)/σ is to be squared"
      ) { ($0 / $1 - 1) / 2 },
      ofLogVariance(
        "square divided by σ", place + "(z − μ)² was divided by σ in place of σ²"
      ) { ($0 * $0 / $1 - 1) / 2 },
      ofLogVariance(
        "square not divided",
        place + "(z − μ)² was not divided by σ² (d * d / s * s multiplies again)"
      ) { deviation, _ in (deviation * deviation - 1) / 2 },
      ofLogVariance(
        "square multiplied", place + "(z − μ)² was multiplied by σ², not divided"
      ) { ($0 * $0 * $1 * $1 - 1) / 2 },
    ]
  }

  /// Derivatives with respect to another parameter.
  private static var parameters: [Mistake<NormalScore>] {
    [
      ofLogVariance(
        "for σ", "that is the score with respect to σ, not with respect to log σ²", isCommon: true
      ) { ($0 * $0 / ($1 * $1) - 1) / $1 },
      ofLogVariance(
        "for σ²",
        "that is the score with respect to σ², not with respect to log σ² (in which (z − μ)² is "
          + "divided by σ², not by σ⁴)",
        isCommon: true
      ) { ($0 * $0 / ($1 * $1) - 1) / (2 * $1 * $1) },
      ofLogVariance(
        "only noise", "the score with respect to log σ² is ½(ε² − 1), with ε = (z − μ)/σ, and not ε"
      ) { $0 / $1 },
    ]
  }

  private static var both: [Mistake<NormalScore>] {
    [
      Mistake("σ for σ²", "σ stands where σ² belongs", isCommon: true) {
        $0.mean = { $0 / $1 }
        $0.logVariance = { ($0 * $0 / $1 - 1) / 2 }
      },
      Mistake(
        "σ⁴ for σ²", "σ⁴ stands where σ² belongs: the exponential of log σ² is σ² already",
        isCommon: true
      ) {
        $0.mean = { $0 / ($1 * $1 * $1 * $1) }
        $0.logVariance = { ($0 * $0 / ($1 * $1 * $1 * $1) - 1) / 2 }
      },
      Mistake("log for σ²", "log σ² was used in place of σ², which is its exponential") {
        $0.mean = { $0 / (2 * .log($1)) }
        $0.logVariance = { ($0 * $0 / (2 * .log($1)) - 1) / 2 }
      },
      Mistake(
        "exchanged", "the scores (or gradients) with respect to μ and log σ² have changed places"
      ) {
        let (mean, logVariance) = ($0.mean, $0.logVariance)
        $0.mean = logVariance
        $0.logVariance = mean
      },
      Mistake("log Q", "log Q itself stands in place of its derivatives, which are the scores") {
        func logQ(_ deviation: Double, _ sigma: Double) -> Double {
          let noise = deviation / sigma
          return -Double.log(sigma) - 0.5 * (noise * noise + Double.log(2 * .pi))
        }
        $0.mean = logQ
        $0.logVariance = logQ
      },
      Mistake("z for z − μ", "the scores contain z − μ, not z itself") {
        $0.deviation = { z, _ in z }
      },
    ]
  }

  private static func ofMean(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ score: @escaping (Double, Double) -> Double
  ) -> Mistake<NormalScore> {
    Mistake(name, message, isCommon: isCommon) { $0.mean = score }
  }

  private static func ofLogVariance(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ score: @escaping (Double, Double) -> Double
  ) -> Mistake<NormalScore> {
    Mistake(name, message, isCommon: isCommon) { $0.logVariance = score }
  }
}
