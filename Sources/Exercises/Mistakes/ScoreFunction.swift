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
    means + logVariances + parameters + both
  }

  private static var means: [Mistake<NormalScore>] {
    let place = "in the score with respect to μ, "
    return [
      ofMean("not divided", place + "z − μ was not divided by σ²") { deviation, _ in deviation },
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
        place
          + "the ½ is missing (or it is the one with respect to log σ, which is twice as large)",
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
        "square not divided", place + "(z − μ)² was not divided by σ²"
      ) { deviation, _ in (deviation * deviation - 1) / 2 },
      ofLogVariance(
        "square multiplied", place + "(z − μ)² was multiplied by σ², not divided"
      ) { ($0 * $0 * $1 * $1 - 1) / 2 },
      ofLogVariance(
        "square divided by σ⁴", place + "(z − μ)² was divided by σ⁴ in place of σ²"
      ) { ($0 * $0 / ($1 * $1 * $1 * $1) - 1) / 2 },
    ]
  }

  /// Derivatives with respect to another parameter.
  private static var parameters: [Mistake<NormalScore>] {
    [
      ofLogVariance(
        "for σ", "that is the score with respect to σ, not with respect to log σ²", isCommon: true
      ) { ($0 * $0 / ($1 * $1) - 1) / $1 },
      ofLogVariance(
        "for σ²", "that is the score with respect to σ², not with respect to log σ²",
        isCommon: true
      ) { ($0 * $0 / ($1 * $1) - 1) / (2 * $1 * $1) },
      ofLogVariance(
        "only noise", "the score with respect to log σ² is ½(ε² − 1), with ε = (z − μ)/σ, and not ε"
      ) { $0 / $1 },
      ofLogVariance(
        "times σ", "the score with respect to log σ² was multiplied by σ"
      ) { ($0 * $0 / ($1 * $1) - 1) / 2 * $1 },
      ofLogVariance(
        "times σ²", "the score with respect to log σ² was multiplied by σ²"
      ) { ($0 * $0 / ($1 * $1) - 1) / 2 * $1 * $1 },
    ]
  }

  private static var both: [Mistake<NormalScore>] {
    [
      Mistake("exchanged", "the scores with respect to μ and log σ² have changed places") {
        let (mean, logVariance) = ($0.mean, $0.logVariance)
        $0.mean = logVariance
        $0.logVariance = mean
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

/// The score function's estimate of the gradient of E[h(z)]: the mean of (h − b) ∇log Q(z) over
/// samples, where each sample's baseline b is the mean of h over the others.
public struct ScoreFunctionEstimate {
  /// ∇log Q.
  public var score = NormalScore()
  /// The baseline of a sample, from h at all samples.
  public var baseline: (_ values: [Double], _ sample: Int) -> Double = { values, sample in
    (values.reduce(0, +) - values[sample]) / Double(values.count - 1)
  }
  /// What multiplies the score, from h and b.
  public var weight: (_ value: Double, _ baseline: Double) -> Double = { $0 - $1 }
  /// What the sum over the samples is divided by.
  public var divisor: (_ count: Int) -> Double = { Double($0) }

  /// The right formula.
  public init() {}

  /// The estimates with respect to μ, and those with respect to log σ².
  public func callAsFunction(
    samples: [[Double]], values: [Double], mean: [Double], logVariance: [Double]
  ) -> [[Double]] {
    let weights = values.indices.map { weight(values[$0], baseline(values, $0)) }
    func estimates(_ score: (Double, Double) -> Double) -> [Double] {
      mean.indices.map { k in
        let sigma = self.score.standardDeviation(logVariance[k])
        return zip(weights, samples).reduce(0) { sum, pair in
          sum + pair.0 * score(self.score.deviation(pair.1[k], mean[k]), sigma)
        } / divisor(samples.count)
      }
    }
    return [estimates(score.mean), estimates(score.logVariance)]
  }

  /// What is computed in place of the estimate.
  public static var mistakes: [Mistake<ScoreFunctionEstimate>] {
    baselines + weights + divisors + NormalScore.mistakes.within(\.score)
      + StandardDeviation.mistakes.within(\.score.standardDeviation)
  }

  private static var baselines: [Mistake<ScoreFunctionEstimate>] {
    [
      withBaseline(
        "own",
        "each sample’s own value is in its baseline, which loses 1/n of the gradient; leave it out",
        isCommon: true
      ) { values, _ in values.reduce(0, +) / Double(values.count) },
      withBaseline(
        "none", "there is no baseline: subtract the mean of the other values", isCommon: true
      ) { _, _ in 0 },
      withBaseline("sum", "the baseline is the sum of the other values; it should be their mean") {
        values, sample in values.reduce(0, +) - values[sample]
      },
      withBaseline("n", "the sum of the other n − 1 values was divided by n in place of n − 1") {
        values, sample in (values.reduce(0, +) - values[sample]) / Double(values.count)
      },
      withBaseline(
        "all over n − 1", "the sum in the baseline holds all n values; leave the sample’s own out"
      ) { values, _ in values.reduce(0, +) / Double(values.count - 1) },
      withBaseline("sum of all", "the baseline is the sum of all values; take the others’ mean") {
        values, _ in values.reduce(0, +)
      },
      withBaseline("first", "the first value was the baseline of every sample") { values, _ in
        values[0]
      },
      withBaseline("least", "the baseline is the smallest value; take the mean of the others") {
        values, _ in values.min() ?? .nan
      },
      withBaseline("largest", "the baseline is the largest value; take the mean of the others") {
        values, _ in values.max() ?? .nan
      },
    ]
  }

  private static var weights: [Mistake<ScoreFunctionEstimate>] {
    [
      withWeight("added", "the baseline was added; subtract it") { $0 + $1 },
      withWeight("sign", "the sign is that of b − h, or of a loss; the weight is h − b") {
        $1 - $0
      },
      withWeight("baseline only", "the weight is b alone; it should be h − b") { $1 },
      withWeight("product", "h was multiplied by b; subtract b") { $0 * $1 },
      withWeight("ratio", "h was divided by b; subtract b") { $0 / $1 },
      withWeight("square", "the weight was squared; it is h − b") { ($0 - $1) * ($0 - $1) },
      withWeight("size", "the weight has lost its sign; it is h − b") { abs($0 - $1) },
      withWeight("no values", "the scores were not multiplied by h − b") { _, _ in 1 },
      withWeight("log", "the logarithm of h was taken; the weight is h − b") {
        .log($0) - .log($1)
      },
    ]
  }

  private static var divisors: [Mistake<ScoreFunctionEstimate>] {
    [
      Mistake(
        "sum over samples", "those are sums over the samples; the estimate is the mean",
        isCommon: true
      ) { $0.divisor = { _ in 1 } },
      Mistake("n − 1", "those were divided by n − 1; the estimate is the mean over n samples") {
        $0.divisor = { Double($0 - 1) }
      },
      Mistake("n²", "those were divided by n twice") { $0.divisor = { Double($0 * $0) } },
      Mistake(
        "zero",
        "all are 0, because the weights h − b have the sum 0: multiply each by the score of its own "
          + "sample before you add up"
      ) { $0.divisor = { _ in .infinity } },
    ]
  }

  private static func withBaseline(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ baseline: @escaping ([Double], Int) -> Double
  ) -> Mistake<ScoreFunctionEstimate> {
    Mistake(name, message, isCommon: isCommon) { $0.baseline = baseline }
  }

  private static func withWeight(
    _ name: String, _ message: String, _ weight: @escaping (Double, Double) -> Double
  ) -> Mistake<ScoreFunctionEstimate> {
    Mistake(name, message) { $0.weight = weight }
  }
}
