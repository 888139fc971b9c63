import Autodiff

extension NormalDivergence {
  /// The mistakes in D[Q‖P].
  public static var mistakes: [Mistake<Self>] {
    shared + [
      .init("reversed", "Q and P are exchanged: that is D[P‖Q]", isCommon: true) {
        $0.isReversed = true
      },
      .init("fraction", "brackets are missing: it is (σ₀² + (μ₀ − μ₁)²)/(2σ₁²), with all above") {
        $0.ratio = { v, _ in 2 * v }
      },
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
      .init("ratio of logs", "the logs were divided; exp(log σ₀² − log σ₁²) is σ₀²/σ₁²") {
        $0.ratio = { .exp(.log($0) / .log($1)) }
      },
      .init("P's variance squared below the means", "the square is divided by P's variance once") {
        $0.shift = { m, n, _, w in (m - n) * (m - n) / (w * w) }
      },
      .init("sum of variances", "the squared difference is divided by P's variance, not by the sum")
      {
        $0.shift = { m, n, v, w in (m - n) * (m - n) / (v + w) }
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
    ] + ofTheRatio
  }

  /// The mistakes in σ₀²/σ₁² alone.
  private static var ofTheRatio: [Mistake<Self>] {
    [
      .init("P's variance twice", "Q's variance was divided by P's variance twice; divide it once")
      { $0.ratio = { $0 / ($1 * $1) } },
      .init("ratio squared", "the ratio σ₀²/σ₁² was squared; σ₀² and σ₁² are squares already") {
        $0.ratio = { $0 / $1 * ($0 / $1) }
      },
      .init("root of the ratio", "σ₀/σ₁ stands in place of σ₀²/σ₁²") {
        $0.ratio = { ($0 / $1).squareRoot() }
      },
      .init("P's σ below Q's variance", "Q's variance was divided by P's σ; divide it by σ₁²") {
        $0.ratio = { $0 / $1.squareRoot() }
      },
    ]
  }

  /// The mistakes in D[Q‖N(0, I)].
  public static var mistakesFromStandard: [Mistake<Self>] {
    shared + [
      .init(
        "mean", "the terms were averaged over the latent variables; D sums over them",
        isCommon: true
      ) { $0.result = { $0 / Double($1) } },
      .init("n − 1", "the sum was divided by k − 1; D sums over the latent variables") {
        $0.result = { $0 / Double($1 - 1) }
      },
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
      .init("from 1", "the means were compared with 1; those of N(0, I) are 0") {
        $0.shift = { m, _, _, _ in (m - 1) * (m - 1) }
      },
      .init("one exponential", "exp belongs to log σ² alone; μ² stands outside") {
        $0.ratioFactor = 0
        $0.shift = { m, _, v, _ in .exp(m * m) * v }
      },
      .init("fourth power", "μ² was squared once more") {
        $0.shift = { m, _, _, _ in m * m * m * m }
      },
      .init("length of means", "the root of Σ μ² stands where Σ μ² should") {
        $0.squares = { $0.squareRoot() }
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
    ] + ofTheStandard + freeBits
  }

  /// The mistakes in what N(0, I) contributes, and in what only stands alone if P is N(0, I).
  private static var ofTheStandard: [Mistake<Self>] {
    let message = "the log variance of N(0, I) was taken to be 1; it is 0, and its variance is 1"
    return [
      .init("log variance 1", message) {
        ($0.standardVariance, $0.standardLogVariance) = (.exp(1), 1)
      },
      .init("variance e", message) { $0.standardVariance = .exp(1) },
      .init("2π for σ²", "log 2π stands in place of log σ²; D has no log 2π") {
        $0.logVariance = { _ in .log(2 * .pi) }
      },
      .init(
        "as variance, subtracted",
        "the log variance was used as the variance, and subtracted; the bracket has + σ² − log σ², "
          + "where σ² is exp(log σ²)"
      ) { ($0.variance, $0.logVariance) = ({ -$0 }, Double.log) },
    ]
  }

  /// Divergences of single latent variables that are not added as they are.
  private static var freeBits: [Mistake<Self>] {
    let message =
      "the divergence of a latent variable was kept above a limit (“free bits”), or was set to 0 "
      + "below it; add it as it is"
    return [0.01, 0.02, 0.05, 0.1, 0.125, 0.2, 0.25, 0.3, 0.5, 1, 2, 3].flatMap { (limit: Double) in
      [
        Mistake<Self>("at least \(limit)", message) { $0.ofComponent = { max($0, limit) } },
        Mistake<Self>("0 up to \(limit)", message) { $0.ofComponent = { $0 > limit ? $0 : 0 } },
        Mistake<Self>("beyond \(limit)", message) { $0.ofComponent = { max($0 - limit, 0) } },
      ]
    }
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
      .init("2π", "log 2π has no place in D: it cancels between log Q and log P") {
        $0.result = { $0 + 0.5 * .log(2 * .pi) * Double($1) }
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
      .init("brackets", "brackets are missing: −½ stands before all of 1 + log σ² − μ² − σ²") {
        $0.setFactors(-1, -1, 0.5, -1)
      },
      .init("half last", "the ½ belongs before the whole bracket, not before the log only") {
        $0.setFactors(1, 1, 1, 0.5)
      },
      .init("half one", "the ½ belongs before the whole bracket, not before the 1 only") {
        $0.setFactors(1, 1, 0.5, 1)
      },
      .init("two halves", "all but the 1 is halved twice; the ½ belongs before the bracket, once") {
        $0.setFactors(0.25, 0.25, 0.5, 0.25)
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
      .init("softplus in the log", "log(1 + e^l) was used in place of e^l, where l is log σ²") {
        $0.variance = Double.softplus
        $0.logVariance = { .log(.softplus($0)) }
      },
      .init("negative logs", "negative log variances became 0; log σ² may be negative") {
        ($0.variance, $0.logVariance) = ({ .exp(max($0, 0)) }, { max($0, 0) })
      },
      .init("log of log", "the logarithm of log σ² was taken; log σ² is what is given") {
        $0.logVariance = Double.log
      },
      .init("square of the log", "log σ² was squared; it stands in the bracket as it is") {
        $0.logVariance = { $0 * $0 }
      },
      .init("size of the log", "the log of the variance was taken without its sign") {
        $0.logVariance = { abs($0) }
      },
      .init("log σ squared", "the square of log σ stands in place of log σ²; log σ² is 2 log σ") {
        $0.logVariance = { 0.25 * $0 * $0 }
      },
      .init("base 2", "the logarithm has base 2; take the natural logarithm") {
        $0.logVariance = { $0 / .log(2) }
      },
      .init("base 10", "the logarithm has base 10; take the natural logarithm") {
        $0.logVariance = { $0 / .log(10) }
      },
    ]
  }
}
