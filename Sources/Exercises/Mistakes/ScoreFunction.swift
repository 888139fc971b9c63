import Autodiff

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
  /// What all the weights are divided by, from h at all samples.
  public var scale: (_ values: [Double]) -> Double = { _ in 1 }
  /// What the sum over n samples of d numbers is divided by.
  public var divisor: (_ n: Int, _ d: Int) -> Double = { n, _ in Double(n) }
  /// What happens in the estimate with respect to μ alone.
  public var ofMean = Part()
  /// What happens in the estimate with respect to log σ² alone.
  public var ofLogVariance = Part()

  /// What can go wrong in one of the two estimates.
  public struct Part {
    /// Whether the baseline is subtracted.
    public var hasBaseline = true
    /// Whether the sum is divided.
    public var isMean = true
    /// Whether only the last sample counts.
    public var isLast = false
  }

  /// The right formula.
  public init() {}

  /// What multiplies the score of each sample, from h at all of them.
  public func weights(of values: [Double], hasBaseline: Bool = true) -> [Double] {
    let scale = scale(values)
    return values.indices.map {
      weight(values[$0], hasBaseline ? baseline(values, $0) : 0) / scale
    }
  }

  /// The estimates with respect to μ, and those with respect to log σ².
  public func callAsFunction(
    samples: [[Double]], values: [Double], mean: [Double], logVariance: [Double]
  ) -> [[Double]] {
    func estimates(_ part: Part, _ score: (Double, Double) -> Double) -> [Double] {
      let weights = weights(of: values, hasBaseline: part.hasBaseline)
      return mean.indices.map { k in
        let sigma = self.score.standardDeviation(logVariance[k])
        let terms = samples.indices.map { i in
          weights[i] * score(self.score.deviation(samples[i][k], mean[k]), sigma)
        }
        return terms.suffix(part.isLast ? 1 : terms.count).reduce(0, +)
          / (part.isMean ? divisor(samples.count, mean.count) : 1)
      }
    }
    return [estimates(ofMean, score.mean), estimates(ofLogVariance, score.logVariance)]
  }

  /// What is computed in place of the estimate.
  public static var mistakes: [Mistake<ScoreFunctionEstimate>] {
    mistakesInWeights + divisors + parts + NormalScore.mistakes.within(\.score)
      + StandardDeviation.mistakes.within(\.score.standardDeviation)
  }

  /// What multiplies the score in place of h − b.
  public static var mistakesInWeights: [Mistake<ScoreFunctionEstimate>] {
    baselines + weights + scales
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
      withBaseline(
        "brackets", "only the sample’s own value was divided by n − 1; put brackets around the sum"
      ) { values, sample in
        values.reduce(0, +) - values[sample] / Double(values.count - 1)
      },
      withBaseline("n, less 1", "/ n - 1 subtracts 1 from the quotient; divide by (n - 1)") {
        values, sample in (values.reduce(0, +) - values[sample]) / Double(values.count) - 1
      },
      withBaseline("previous", "the baseline is the value before; take the mean of all the others")
      {
        values, sample in sample == 0 ? 0 : values[sample - 1]
      },
      withBaseline("next", "the baseline is the next value; take the mean of all the others") {
        values, sample in values[(sample + 1) % values.count]
      },
      withBaseline("first", "the first value was the baseline of every sample") { values, _ in
        values[0]
      },
      withBaseline(
        "without the first",
        "every baseline leaves out the first value; it should leave out the sample’s own"
      ) { values, _ in (values.reduce(0, +) - values[0]) / Double(values.count - 1) },
      withBaseline(
        "before", "the baseline is the mean of the values before; take all the others"
      ) { values, sample in
        sample == 0 ? 0 : values.prefix(sample).reduce(0, +) / Double(sample)
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
      withWeight("sign", "the sign is flipped, as in a loss; the weight of a score is h − b") {
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

  /// Differences that are made to have the variance 1, with the sample's own value in the mean that
  /// is subtracted or without, and often with a small number that keeps the divisor from 0.
  private static var scales: [Mistake<ScoreFunctionEstimate>] {
    let message =
      "the differences were divided by their standard deviation, which changes the length of the "
      + "gradient; leave it out"
    return [0, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].flatMap { (small: Double) in
      [0, 1].flatMap { (lost: Int) -> [Mistake<ScoreFunctionEstimate>] in
        let scale = { (values: [Double]) -> Double in
          let n = Double(values.count)
          let center = values.reduce(0, +) / n
          let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
          return (squares / (n - Double(lost))).squareRoot() + small
        }
        return [
          Mistake("own, by σ of n − \(lost) plus \(small)", message) {
            $0.baseline = { values, _ in values.reduce(0, +) / Double(values.count) }
            $0.scale = scale
          },
          Mistake("by σ of n − \(lost) plus \(small)", message) { $0.scale = scale },
        ]
      }
    }
  }

  private static var divisors: [Mistake<ScoreFunctionEstimate>] {
    [
      Mistake(
        "sum over samples", "those are sums over the samples; the estimate is the mean",
        isCommon: true
      ) { $0.divisor = { _, _ in 1 } },
      Mistake("n − 1", "those were divided by n − 1; the estimate is the mean over n samples") {
        $0.divisor = { n, _ in Double(n - 1) }
      },
      Mistake("n²", "those were divided by n twice") { $0.divisor = { n, _ in Double(n * n) } },
      Mistake("d too", "those were divided by d as well; the estimate is the mean over n samples") {
        $0.divisor = { Double($0 * $1) }
      },
      Mistake("d", "those were divided by d; divide by the number of samples, n") {
        $0.divisor = { _, d in Double(d) }
      },
      Mistake(
        "zero",
        "all are 0: the weights h − b have the sum 0, so multiply each by the score of its own sample "
          + "before you add up; or does a part of your score cancel another?"
      ) { $0.divisor = { _, _ in .infinity } },
    ]
  }

  /// Mistakes in one of the two estimates.
  private static var parts: [Mistake<ScoreFunctionEstimate>] {
    let places: [(name: String, part: WritableKeyPath<ScoreFunctionEstimate, Part>)] = [
      ("μ", \.ofMean), ("log σ²", \.ofLogVariance),
    ]
    return places.flatMap { name, part in
      [
        Mistake("no baseline for \(name)", "with respect to \(name), no baseline is subtracted") {
          $0[keyPath: part].hasBaseline = false
        },
        Mistake(
          "sum for \(name)",
          "with respect to \(name), that is the sum over the samples, not the mean"
        ) { $0[keyPath: part].isMean = false },
        Mistake(
          "last for \(name)",
          "with respect to \(name), only the last sample counts: is there an = in place of +=?"
        ) { $0[keyPath: part].isLast = true },
      ]
    }
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
