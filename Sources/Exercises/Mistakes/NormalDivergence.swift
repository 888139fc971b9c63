import Autodiff

/// The divergence of two normal distributions with independent components, in nats:
/// D[Q‖P] = ½ Σ (σ₀²/σ₁² + (μ₀ − μ₁)²/σ₁² − 1 − log σ₀² + log σ₁²), with 0 for Q and 1 for P.
///
/// The places where people go wrong are its fields.
public struct NormalDivergence {
  /// σ² from log σ².
  public var variance: (_ logVariance: Double) -> Double = Double.exp
  /// log σ² from log σ².
  public var logVariance: (_ logVariance: Double) -> Double = { $0 }
  /// From σ₀² and σ₁².
  public var ratio: (Double, Double) -> Double = { $0 / $1 }
  /// From μ₀, μ₁, σ₀² and σ₁².
  public var shift: (Double, Double, Double, Double) -> Double = { q, p, _, variance in
    (q - p) * (q - p) / variance
  }
  /// How often the 1 is subtracted for so many components.
  public var ones: (Int) -> Double = { Double($0) }
  /// What each of the four terms is multiplied by.
  public var ratioFactor = 0.5, shiftFactor = 0.5, oneFactor = 0.5, logFactor = 0.5
  /// What is made of the four sums for so many components.
  public var result: (_ sum: Double, _ count: Int) -> Double = { sum, _ in sum }
  /// Whether it is D[P‖Q].
  public var isReversed = false

  /// The right formula.
  public init() {}

  private struct Component {
    let mean, variance, logVariance: Double
  }

  /// D[Q‖N(0, I)].
  public func callAsFunction(means: [Double], logVariances: [Double]) -> Double {
    // Nobody computes the variance of N(0, I) from its logarithm.
    let standard = Component(mean: 0, variance: 1, logVariance: 0)
    return divergence(components(means, logVariances), means.map { _ in standard })
  }

  /// D[Q‖P].
  public func callAsFunction(
    means: [Double], logVariances: [Double], fromMeans: [Double], fromLogVariances: [Double]
  ) -> Double {
    divergence(components(means, logVariances), components(fromMeans, fromLogVariances))
  }

  private func components(_ means: [Double], _ logVariances: [Double]) -> [Component] {
    zip(means, logVariances).map {
      Component(mean: $0, variance: variance($1), logVariance: logVariance($1))
    }
  }

  private func divergence(_ q: [Component], _ p: [Component]) -> Double {
    var sum = -oneFactor * ones(q.count)
    for (q, p) in isReversed ? zip(p, q) : zip(q, p) {
      sum += ratioFactor * ratio(q.variance, p.variance)
      sum += shiftFactor * shift(q.mean, p.mean, q.variance, p.variance)
      sum -= logFactor * (q.logVariance - p.logVariance)
    }
    return result(sum, q.count)
  }

  fileprivate mutating func setFactors(
    _ ratio: Double, _ shift: Double, _ one: Double, _ log: Double
  ) {
    (ratioFactor, shiftFactor, oneFactor, logFactor) = (ratio, shift, one, log)
  }
}

extension NormalDivergence {
  /// The mistakes in D[Q‖P].
  public static var mistakes: [Mistake<Self>] {
    shared + [
      .init("reversed", "Q and P are exchanged: that is D[P‖Q]") { $0.isReversed = true },
      .init(
        "no quotient", "the variance of Q has to be divided by P's variance",
        { $0.ratio = { v, _ in v } }),
      .init(
        "inverse", "the ratio of the variances is upside down: it is σ₀²/σ₁², Q's over P's",
        { $0.ratio = { $1 / $0 } }),
      .init(
        "product", "the variances were multiplied; divide Q's by P's", { $0.ratio = { $0 * $1 } }),
      .init("no division", "the squared difference of the means has to be divided by P's variance")
      { $0.shift = { m, n, _, _ in (m - n) * (m - n) } },
      .init("division by Q", "the difference of the means was divided by Q's variance, not by P's")
      { $0.shift = { m, n, v, _ in (m - n) * (m - n) / v } },
      .init("division by σ", "the squared difference was divided by P's σ; divide it by σ²") {
        $0.shift = { m, n, _, w in (m - n) * (m - n) / w.squareRoot() }
      },
      .init("difference", "the difference of the means is not squared") {
        $0.shift = { m, n, _, w in (m - n) / w }
      },
      .init("sum of means", "the means were added; it is their difference that is squared") {
        $0.shift = { m, n, _, w in (m + n) * (m + n) / w }
      },
      .init("squares", "each mean was squared on its own; square their difference") {
        $0.shift = { m, n, _, w in (m * m - n * n) / w }
      },
      .init("no shift", "the term of the means, (μ₀ − μ₁)²/σ₁², is missing") {
        $0.shiftFactor = 0
      },
      .init("size", "the difference of the means was taken without its sign, but not squared") {
        $0.shift = { m, n, _, w in abs(m - n) / w }
      },
      .init("precedence", "brackets are missing: a / 2 * b is (a / 2) · b; write a / (2 * b)") {
        $0.ratio = { $0 * $1 }
        $0.shift = { m, n, _, w in (m - n) * (m - n) * w }
      },
      .init("P's variance squared", "P's variance was squared; divide by it once") {
        $0.ratio = { $0 / ($1 * $1) }
        $0.shift = { m, n, _, w in (m - n) * (m - n) / (w * w) }
      },
      .init("P's σ", "P's σ stands where its variance should, below Q's variance and the means") {
        $0.ratio = { $0 / $1.squareRoot() }
        $0.shift = { m, n, _, w in (m - n) * (m - n) / w.squareRoot() }
      },
      .init("no P", "Q's variance and the squared difference were not divided by P's variance") {
        $0.ratio = { v, _ in v }
        $0.shift = { m, n, _, _ in (m - n) * (m - n) }
      },
      .init("Q's σ", "Q's σ stands where its variance should") {
        $0.ratio = { $0.squareRoot() / $1 }
      },
      .init("Q's variance squared", "Q's variance was squared; it is a variance already") {
        $0.ratio = { $0 * $0 / $1 }
      },
      .init("Q below", "all was divided by Q's variance; divide by P's") {
        $0.ratio = { $1 / $0 }
        $0.shift = { m, n, v, _ in (m - n) * (m - n) / v }
      },
      .init(
        "multiplied", "the squared difference was multiplied by P's variance; divide by it",
        { $0.shift = { m, n, _, w in (m - n) * (m - n) * w } }),
    ]
  }

  /// The mistakes in D[Q‖N(0, I)].
  public static var mistakesFromStandard: [Mistake<Self>] {
    shared + [
      .init(
        "mean", "the terms were averaged over the latent variables; D sums over them",
        isCommon: true
      ) { $0.result = { $0 / Double($1) } },
      .init("reversed", "the two are exchanged: that is D[N(0, I)‖Q]") { $0.isReversed = true },
      .init("one", "the −1 occurs only once; every latent variable has one") {
        $0.ones = { _ in 1 }
      },
      .init("halves of Int", "k / 2 of two Ints is a whole number; every latent variable has a −½")
      { $0.ones = { Double($0 / 2 * 2) } },
      .init("means", "the means are not squared") { $0.shift = { m, _, _, _ in m } },
      .init("size of means", "the means are not squared, but taken without their sign") {
        $0.shift = { m, _, _, _ in abs(m) }
      },
      .init("doubled means", "the means were doubled, not squared") {
        $0.shift = { m, _, _, _ in 2 * m }
      },
      .init("fourth power", "μ² was squared once more") {
        $0.shift = { m, _, _, _ in m * m * m * m }
      },
      .init("no means", "the means are missing") { $0.shiftFactor = 0 },
      .init("means' sign", "μ² was subtracted; add it") { $0.shiftFactor = -0.5 },
      .init("means by σ²", "μ² was divided by σ²; P's variance is 1") {
        $0.shift = { m, _, v, _ in m * m / v }
      },
      .init("means times σ²", "μ² was multiplied by σ²; the two are added") {
        $0.ratioFactor = 0
        $0.shift = { m, _, v, _ in m * m * v }
      },
    ]
  }

  /// The mistakes that both forms allow.
  private static var shared: [Mistake<Self>] {
    [
      .init("no half", "the ½ is missing", isCommon: true) { $0.setFactors(1, 1, 1, 1) },
      .init("zero", "it is 0 for every input; is 1/2 a division of two Ints, which is 0?") {
        $0.setFactors(0, 0, 0, 0)
      },
      .init("sign", "the sign is flipped; D is never negative", isCommon: true) {
        let result = $0.result
        $0.result = { -result($0, $1) }
      },
      .init("no one", "the −1 is missing: if Q is P, D must be 0", isCommon: true) {
        $0.oneFactor = 0
      },
      .init("plus one", "the 1 was added; subtract it: if Q is P, D must be 0") {
        $0.oneFactor *= -1
      },
      .init("whole one", "1 was subtracted in place of ½: the −1 belongs into the bracket") {
        $0.oneFactor = 1
      },
      .init(
        "log's sign", "the log of the variance has the wrong sign: it is − log σ² for Q",
        isCommon: true
      ) { $0.logFactor *= -1 },
      .init("no log", "the log of the variance is missing") { $0.logFactor = 0 },
      .init("whole log", "the log of the variance is not halved") { $0.logFactor = 1 },
      .init("half log", "the log of the variance is halved twice, or log σ stands for log σ²") {
        $0.logFactor = 0.25
      },
      .init("no ratio", "the variance of Q itself, σ², is missing; only its log is there") {
        $0.ratioFactor = 0
      },
      .init("ratio's sign", "σ² was subtracted; add it") { $0.ratioFactor = -0.5 },
      .init("whole ratio", "the variance is not halved") { $0.ratioFactor = 1 },
      .init("whole shift", "the square of the means is not halved") { $0.shiftFactor = 1 },
      .init("half shift", "the square of the means is halved twice") { $0.shiftFactor = 0.25 },
      .init("half ratio", "the variance is halved twice") { $0.ratioFactor = 0.25 },
      .init("half first", "the ½ belongs before the whole bracket; here it reaches one term only") {
        $0.setFactors(0.5, 1, 1, 1)
      },
      .init("half mean", "the ½ belongs before the whole bracket, not before the means only") {
        $0.setFactors(1, 0.5, 1, 1)
      },
      .init("half last", "the ½ belongs before the whole bracket, not before the log only") {
        $0.setFactors(1, 1, 1, 0.5)
      },
      .init("half one", "the ½ belongs before the whole bracket, not before the 1 only") {
        $0.setFactors(1, 1, 0.5, 1)
      },
    ] + ofVariances
  }

  /// The mistakes in σ² and its log.
  private static var ofVariances: [Mistake<Self>] {
    let deviation = "the log variance was used as the standard deviation; σ is exp(½ log σ²)"
    return [
      .init("no exp", "exp is missing: log σ² stands where σ² should", isCommon: true) {
        $0.variance = { $0 }
      },
      .init("as variance", "the log variance was used as the variance; σ² is exp(log σ²)") {
        ($0.variance, $0.logVariance) = ({ $0 }, Double.log)
      },
      .init("as deviation", deviation) {
        ($0.variance, $0.logVariance) = ({ $0 * $0 }, { .log($0 * $0) })
      },
      .init("as deviation, 2 log", deviation) {
        ($0.variance, $0.logVariance) = ({ $0 * $0 }, { 2 * .log($0) })
      },
      .init("squared", "the log variance was squared; σ² is exp(log σ²)") {
        $0.variance = { $0 * $0 }
      },
      .init("σ", "σ stands in place of σ²: exp(log σ²) is σ², without a ½") {
        $0.variance = { .exp(0.5 * $0) }
      },
      .init("σ and log σ", "σ and log σ stand in place of σ² and log σ²") {
        ($0.variance, $0.logVariance) = ({ .exp(0.5 * $0) }, { 0.5 * $0 })
      },
      .init("σ⁴", "exp(log σ²) was squared, as if it were σ; it is σ²") {
        $0.variance = { .exp(2 * $0) }
      },
      .init("as log σ", "the log variance was used as log σ: σ² became exp(2 log σ²)") {
        ($0.variance, $0.logVariance) = ({ .exp(2 * $0) }, { 2 * $0 })
      },
      .init("minus", "exp(−log σ²) is 1/σ²; σ² is exp(log σ²)") { $0.variance = { .exp(-$0) } },
      .init("softplus", "log(1 + e^l) was used in place of e^l, where l is log σ²") {
        $0.variance = Double.softplus
      },
      .init("log of log", "the logarithm of log σ² was taken; log σ² is what is given") {
        $0.logVariance = Double.log
      },
      .init("base 2", "the logarithm has base 2; take the natural logarithm") {
        $0.logVariance = { $0 / .log(2) }
      },
      .init("base 10", "the logarithm has base 10; take the natural logarithm") {
        $0.logVariance = { $0 / .log(10) }
      },
    ] + addends
  }

  /// A small number added to σ², large enough to show everywhere.
  private static var addends: [Mistake<Self>] {
    let message = "a small number was added to σ²; the log of σ² is what is given"
    return (3...7).flatMap { digits in
      let small = Double("1e-\(digits)") ?? 0
      return [
        Mistake<Self>("1e-\(digits) in the log", message) {
          $0.logVariance = { .log(.exp($0) + small) }
        },
        Mistake<Self>("1e-\(digits)", message) {
          $0.variance = { .exp($0) + small }
          $0.logVariance = { .log(.exp($0) + small) }
        },
      ]
    }
  }

  /// What is wrong with a divergence that contains a very large or small log variance, such as 25 or
  /// −40, if anything is: the log variance was perhaps limited.
  ///
  /// - Parameters:
  ///   - answer: The student's divergence.
  ///   - divergence: The divergence by a formula.
  public static func complaint(
    about answer: Double, _ divergence: (NormalDivergence) -> Double
  ) -> String? {
    let right = divergence(NormalDivergence())
    func isNear(_ other: Double) -> Bool {
      abs(answer - other) <= 1e-9 * max(abs(other), abs(right))
    }
    guard !isNear(right) else { return nil }
    let named = limits.first { isNear(divergence($0.made(in: NormalDivergence()))) }
    let numbers = distinguished([right, answer])
    return "expected \(numbers[0]), got \(numbers[1])" + (named.map { ": \($0.message)" } ?? "")
  }

  /// Mistakes that show only where a log variance is very large or small.
  private static var limits: [Mistake<Self>] {
    let ranges: [(Double, Double)] = [
      (-5, 5), (-6, 2), (-8, 8), (-10, 2), (-10, 10), (-20, 2), (-20, 20), (-30, 20), (-4, 4),
      (-7, 7), (-15, 15), (-12, 12), (-3, 3), (-30, 30), (-10, 5), (-20, 10),
    ]
    let ofLogs = ranges.map { least, most in
      Mistake<Self>(
        "\(least) to \(most)", "the log variance was limited to a range; it may be any number"
      ) {
        let limited = { (l: Double) in min(max(l, least), most) }
        ($0.variance, $0.logVariance) = ({ .exp(limited($0)) }, limited)
      }
    }
    let small = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16]
    let ofVariances = small.map { small in
      Mistake<Self>(
        "\(small) added",
        "a small number was added to σ², or put in its place; the log of σ² is what is given"
      ) { $0.logVariance = { .log(.exp($0) + small) } }
    }
    return ofLogs + ofVariances
  }
}
