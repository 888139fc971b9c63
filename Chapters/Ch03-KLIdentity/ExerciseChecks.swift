import Autodiff
import Notebook
import Probability

/// What the exercises of this chapter ask, and the mistakes that they know.
enum Checks {
  static var all: [Exercise] {
    [
      divergence(Exercises.divergence), logPosterior(Exercises.logPosterior),
      bound(Exercises.bound), identity(Exercises.identity),
      normalDivergence(Exercises.normalDivergence),
      standardDivergence(Exercises.standardDivergence), boundGradient(Exercises.boundGradient),
    ]
  }

  // MARK: - Section 3.1

  static func divergence(_ answer: @escaping ([Double], [Double]) throws -> Double) -> Exercise {
    struct Input {
      let q, p: [Double]

      var divergence: Double { Categorical(q).klDivergence(to: Categorical(p)) }

      /// The sum of a function of Q(z) and P(z) over all z at which Q is not 0.
      func sum(_ term: (_ q: Double, _ p: Double) -> Double) -> Double {
        zip(q, p).reduce(0) { $1.0 > 0 ? $0 + term($1.0, $1.1) : $0 }
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.q, $0.p) }) { $0.divergence }
    func ask(_ q: [Double], _ p: [Double]) {
      comparison.ask("Q = \(text(q)) and P = \(text(p))", Input(q: q, p: p))
    }
    ask([0.5, 0.5], [0.25, 0.75])
    ask(probabilities(4, seed: 31), probabilities(4, seed: 32))
    ask([0.25, 0, 0.75], [0.5, 0.25, 0.25])
    ask([0.25, 0.25, 0.5], [0.75, 0, 0.25])
    comparison.recognize("that is D[P‖Q]; the mean is over the first, Q") {
      Input(q: $0.p, p: $0.q).divergence
    }
    comparison.recognize("the sign is flipped; log Q comes first, and D is never negative") {
      -$0.divergence
    }
    comparison.recognize("that is in bits; a nat is the unit of the natural log") {
      $0.divergence / .log(2)
    }
    comparison.recognize("that is the mean over the values of z; their Q(z) is their only weight") {
      $0.divergence / Double($0.q.count)
    }
    comparison.recognize("the differences of logs were added as they are; each has the weight Q(z)")
    { input in zip(input.q, input.p).reduce(0) { $0 + (.log($1.0) - .log($1.1)) } }
    comparison.recognize("that is −Σ Q log P, the length of the words; Σ Q log Q is to be added") {
      $0.sum { q, p in -q * .log(p) }
    }
    comparison.recognize("the weights are P(z); the mean is over Q") { input in
      zip(input.q, input.p).reduce(0) { sum, pair in
        let (q, p) = pair
        return p > 0 ? sum + p * (.log(q) - .log(p)) : sum
      }
    }
    comparison.recognize("0 · log 0 is no number; where Q is 0, nothing is added") { input in
      zip(input.q, input.p).reduce(0) { $0 + $1.0 * (.log($1.0) - .log($1.1)) }
    }
    comparison.recognize(
      "the z that P excludes were left out; if Q gives one of them a chance, D is infinite"
    ) { $0.sum { q, p in p > 0 ? q * (.log(q) - .log(p)) : 0 } }
    return Exercise(
      "divergence", "D[Q‖P] of a few probabilities", minutes: 5,
      hints: [
        "It is a sum over z. What is its term where Q(z) is 0, and what does 0 * log(0) give?",
        "Add q * (log(q) - log(p)) for every z at which q is positive. log(0) is -infinity, and takes "
          + "care of P(z) = 0.",
      ], comparison)
  }

  // MARK: - Section 3.2

  static func logPosterior(
    _ answer: @escaping ([Double], [Double], Double) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let logLikelihoods, logPrior: [Double]
      let spacing: Double

      var logJoint: [Double] { zip(logLikelihoods, logPrior).map { $0 + $1 } }

      /// log P(z|X), where the log of the sum over the grid becomes log P(X) by adding a number.
      func logPosterior(adding logFactor: Double) -> [Double] {
        let logEvidence = logSumExp(logJoint) + logFactor
        return logJoint.map { $0 - logEvidence }
      }

      var logPosterior: [Double] { logPosterior(adding: .log(spacing)) }
    }
    var comparison = Comparison<Input, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.spacing) }) { $0.logPosterior }
    comparison.ask(
      "log P(X|z) = (log 0.2, log 0.6), log P(z) = (0, 0) and the spacing 0.5",
      Input(logLikelihoods: [.log(0.2), .log(0.6)], logPrior: [0, 0], spacing: 0.5))
    let tables = Tables(4, seed: 33)
    comparison.ask(
      "log P(X|z) = \(text(tables.logLikelihoods)), P(z) = \(text(tables.prior)) / 0.2 and the "
        + "spacing 0.2",
      Input(
        logLikelihoods: tables.logLikelihoods, logPrior: tables.prior.map { .log($0 / 0.2) },
        spacing: 0.2))
    comparison.ask(
      "log P(X|z) = (-2001, -2000, -2003), P(z) = N(0, 1) at -1, 0 and 1, and the spacing 1",
      Input(
        logLikelihoods: [-2001, -2000, -2003],
        logPrior: [-1, 0, 1].map(Normal.standard.logProbability), spacing: 1))
    comparison.recognize("that is log P(X|z) + log P(z), whose densities do not sum up to 1") {
      $0.logJoint
    }
    comparison.recognize("that is the prior; the posterior also knows X") { $0.logPrior }
    comparison.recognize("the prior was left out, or is flat") { input in
      Input(
        logLikelihoods: input.logLikelihoods, logPrior: input.logPrior.map { _ in 0 },
        spacing: input.spacing
      ).logPosterior
    }
    comparison.recognize(
      "those are probabilities of points, which sum to 1; of a density, the sum times the spacing is 1"
    ) { $0.logPosterior(adding: 0) }
    comparison.recognize("the sum was divided by the spacing; the integral is the sum times it") {
      $0.logPosterior(adding: -.log($0.spacing))
    }
    comparison.recognize(
      "the mean over the points was taken for P(X); the integral is the sum times the spacing"
    ) { $0.logPosterior(adding: -.log(Double($0.logPrior.count))) }
    comparison.recognize("that is the density itself; wanted is its log") {
      $0.logPosterior.map(Double.exp)
    }
    let underflow =
      "exp(-2000) is 0 in Double, and so is a sum of such; subtract the largest before exp"
    comparison.recognize(underflow) { input in
      let evidence = input.logJoint.reduce(0) { $0 + .exp($1) } * input.spacing
      return input.logJoint.map { $0 - .log(evidence) }
    }
    comparison.recognize(underflow) { input in
      let evidence = input.logJoint.reduce(0) { $0 + .exp($1) } * input.spacing
      return input.logJoint.map { .log(.exp($0) / evidence) }
    }
    return Exercise(
      "log-posterior", "The posterior on a grid, in logs", minutes: 15,
      hints: [
        "log P(X|z) + log P(z) is right up to a number that is the same for all z. Which?",
        "log P(X) is the log of a sum of exponentials, plus log(spacing). Which of the exponentials "
          + "become 0 if all logs are near -2000?",
        "With m the largest of the logs, log Σ exp(a) = m + log Σ exp(a − m).",
      ], comparison)
  }

  static func bound(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<Tables, Double>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) }
    ) { $0.reconstruction - $0.divergence }
    for tables in [.byHand, Tables(3, seed: 34), Tables(4, seed: 35), .withZero] {
      comparison.ask(tables.description, tables)
    }
    comparison.recognize("D was added; the bound subtracts it") {
      $0.reconstruction + $0.divergence
    }
    comparison.recognize("that is −ℒ, the loss; the bound is what should become large") {
      $0.divergence - $0.reconstruction
    }
    comparison.recognize("that is E[log P(X|z)] alone; D[Q‖P(z)] is to be subtracted") {
      $0.reconstruction
    }
    comparison.recognize("−Σ Q log Q is missing: that is the mean of log P(X|z) + log P(z)") {
      tables in tables.mean { tables.logLikelihoods[$0] + tables.logPrior[$0] }
    }
    comparison.recognize("log Q has the wrong sign; D is the mean of log Q(z) − log P(z)") {
      tables in
      tables.mean {
        tables.logLikelihoods[$0] + tables.logPrior[$0] + .log(tables.q[$0])
      }
    }
    comparison.recognize("that is D[P(z)‖Q]; the bound has D[Q‖P(z)]") {
      $0.reconstruction - $0.reversedDivergence
    }
    comparison.recognize("that is D from the posterior; the bound has D from the prior") {
      $0.reconstruction - $0.gap
    }
    comparison.recognize("that is log P(X), which the bound is below unless Q is the posterior") {
      $0.logEvidence
    }
    comparison.recognize("z came from the prior in the first term; E is the mean over z from Q") {
      $0.mean(under: $0.prior, $0.logLikelihoods) - $0.divergence
    }
    comparison.recognize("log P(X|z) was averaged without weights; E weighs each z with Q(z)") {
      $0.logLikelihoods.reduce(0, +) / Double($0.q.count) - $0.divergence
    }
    comparison.recognize("that has the log of the mean of P(X|z); E is the mean of the logs") {
      tables in Double.log(tables.mean { .exp(tables.logLikelihoods[$0]) }) - tables.divergence
    }
    comparison.recognize("that is in bits; a nat is the unit of the natural log") {
      ($0.reconstruction - $0.divergence) / .log(2)
    }
    comparison.recognize("0 · log 0 is no number; where Q is 0, nothing is added") { tables in
      tables.q.contains(0) ? .nan : tables.reconstruction - tables.divergence
    }
    return Exercise(
      "bound", "The evidence lower bound from tables", minutes: 10,
      hints: [
        "E[f(z)] is the sum of q times f(z) over all z. Both terms are such means.",
        "Put together, it is the sum of q * (logLikelihood + logPrior - log(q)) over the z with q > 0.",
      ], comparison)
  }

  static func identity(
    _ answer: @escaping ([Double], [Double], [Double]) throws -> [Double]
  ) -> Exercise {
    var comparison = Comparison<Tables, [Double]>(
      of: { try answer($0.logLikelihoods, $0.logPrior, $0.q) }) { $0.terms }
    let drawn = Tables(4, seed: 37)
    for tables in [.byHand, Tables(3, seed: 36), drawn] {
      comparison.ask(tables.description, tables)
    }
    func recognize(
      _ message: String, at index: Int, _ term: @escaping (Tables) -> Double
    ) {
      comparison.recognize(message) { tables in
        var terms = tables.terms
        terms[index] = term(tables)
        return terms
      }
    }
    recognize("that is log Σ Q P(X|z); P(X) is the mean of P(X|z) over the prior", at: 0) {
      tables in .log(tables.mean { .exp(tables.logLikelihoods[$0]) })
    }
    recognize("that is the mean of log P(X|z) over the prior; log P(X) is the log of a mean", at: 0)
    { $0.mean(under: $0.prior, $0.logLikelihoods) }
    recognize("that is log Σ P(X|z), without the prior's weights", at: 0) {
      logSumExp($0.logLikelihoods)
    }
    recognize("that is P(X) itself; wanted is its log", at: 0) { .exp($0.logEvidence) }
    recognize(
      "that is D from P(X|z) P(z), which is no distribution before it is divided by P(X)", at: 1
    ) { $0.gap - $0.logEvidence }
    recognize("the second is D[Q‖P(z)], from the prior; wanted is D from the posterior", at: 1) {
      $0.divergence
    }
    recognize("the second is D[P(z|X)‖Q]; wanted is D[Q‖P(z|X)]", at: 1) { $0.reversedGap }
    recognize("the third is a mean over z from the prior; wanted is z from Q", at: 2) {
      $0.mean(under: $0.prior, $0.logLikelihoods)
    }
    recognize("the third is a mean over z from the posterior; wanted is z from Q", at: 2) {
      $0.mean(under: $0.posterior, $0.logLikelihoods)
    }
    recognize("the third is the log of the mean of P(X|z); wanted is the mean of its log", at: 2) {
      tables in .log(tables.mean { .exp(tables.logLikelihoods[$0]) })
    }
    recognize("the fourth is D[Q‖P(z|X)], from the posterior; wanted is D from the prior", at: 3) {
      $0.gap
    }
    recognize("the fourth is D[P(z)‖Q]; wanted is D[Q‖P(z)]", at: 3) { $0.reversedDivergence }
    comparison.recognize(
      "the two divergences are exchanged: the posterior is left, the prior right"
    ) { [$0.logEvidence, $0.divergence, $0.reconstruction, $0.gap] }
    comparison.recognize("both divergences have their arguments exchanged; Q comes first") {
      [$0.logEvidence, $0.reversedGap, $0.reconstruction, $0.reversedDivergence]
    }
    comparison.recognize("both divergences have the wrong sign; they are never negative") {
      [$0.logEvidence, -$0.gap, $0.reconstruction, -$0.divergence]
    }
    comparison.recognize("those are bits; a nat is the unit of the natural log") {
      $0.terms.map { $0 / .log(2) }
    }
    return Exercise(
      "identity", "The four terms of the identity", minutes: 20,
      hints: [
        "Find P(X) and the posterior first. Which of your functions has the two divergences?",
        "P(X) is the sum of exp(logLikelihood + logPrior) over z, and P(z|X) each of its terms, "
          + "divided by it.",
        "They are log P(X), divergence(of: q, from: posterior), the sum of q times logLikelihood, "
          + "and divergence(of: q, from: prior).",
      ], comparison
    ).judged(
      "the residual of \(drawn.description)", shape: [4],
      answer: { try answer(drawn.logLikelihoods, drawn.logPrior, drawn.q) },
      complaint: { answer in
        let terms = answer.values
        let residual = terms[0] - terms[1] - (terms[2] - terms[3])
        // Some ten terms below 10 nats, rounded to 10⁻¹⁵ of themselves, and much room.
        return abs(residual) <= 1e-9
          ? nil
          : "your four terms leave \(formatted(residual, digits: 5)) nats, and the identity says 0: "
            + "one of them is not from its definition"
      })
  }

  // MARK: - Section 3.5

  static func normalDivergence(
    _ answer: @escaping (Exercises.Gaussian, Exercises.Gaussian) throws -> Double
  ) -> Exercise {
    struct Input {
      let q, p: Normal

      /// ½ (ratio − 1 − log ratio + shift²/variance) from the two variances and their logs.
      func divergence(
        _ qVariance: Double, _ qLog: Double, _ pVariance: Double, _ pLog: Double,
        shift: Double? = nil
      ) -> Double {
        let shift = shift ?? (q.mean - p.mean) * (q.mean - p.mean) / pVariance
        return 0.5 * (qVariance / pVariance - 1 - (qLog - pLog) + shift)
      }

      /// The same with σ² and log σ² got from log σ² in another way.
      func divergence(
        variance: (Double) -> Double, log: (Double) -> Double
      ) -> Double {
        divergence(
          variance(q.logVariance), log(q.logVariance), variance(p.logVariance), log(p.logVariance))
      }

      var squaredShift: Double { (q.mean - p.mean) * (q.mean - p.mean) }
    }
    var comparison = Comparison<Input, Double>(
      of: {
        try answer(($0.q.mean, $0.q.logVariance), ($0.p.mean, $0.p.logVariance))
      }
    ) { $0.q.klDivergence(to: $0.p) }
    comparison.ask(
      "Q = N(1, 1), log variance 0, and P = N(0, 4), log variance log 4",
      Input(q: Normal(mean: 1, logVariance: 0), p: Normal(mean: 0, variance: 4)))
    // Both log variances positive, then only one: what else a student may take a log of then gives
    // a number, or nan, however it is written.
    let (first, second) = (normals(4, seed: 38), normals(4, seed: 39))
    for (index, sign) in [1.0, -1.0].enumerated() {
      var (q, p) = (first[index], second[index])
      q.logVariance = sign * abs(q.logVariance)
      p.logVariance = abs(p.logVariance) + 0.5
      comparison.ask(
        "means \(text(q.mean)) of Q and \(text(p.mean)) of P, log variances \(text(q.logVariance)) "
          + "and \(text(p.logVariance))",
        Input(q: q, p: p))
    }
    comparison.recognize("that is D[P‖Q]; wanted is D[Q‖P]") { $0.p.klDivergence(to: $0.q) }
    comparison.recognize("the sign is flipped; D is never negative") {
      -$0.q.klDivergence(to: $0.p)
    }
    comparison.recognize("the ½ is missing") { 2 * $0.q.klDivergence(to: $0.p) }
    comparison.recognize("the −d is missing, −1 within the bracket: of P itself, D must be 0") {
      $0.q.klDivergence(to: $0.p) + 0.5
    }
    comparison.recognize("the log of the ratio has the wrong sign: it is log σ₁² − log σ₀²") {
      $0.q.klDivergence(to: $0.p) + ($0.q.logVariance - $0.p.logVariance)
    }
    comparison.recognize("the logs of the variances are missing") {
      $0.q.klDivergence(to: $0.p) + 0.5 * ($0.q.logVariance - $0.p.logVariance)
    }
    comparison.recognize("the squared difference of the means is divided by P's variance") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance, shift: $0.squaredShift)
    }
    comparison.recognize("the difference of the means was divided by Q's variance; it is P's") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance,
        shift: $0.squaredShift / $0.q.variance)
    }
    comparison.recognize("the difference of the means is not squared") {
      $0.divergence(
        $0.q.variance, $0.q.logVariance, $0.p.variance, $0.p.logVariance,
        shift: ($0.q.mean - $0.p.mean) / $0.p.variance)
    }
    comparison.recognize("the log variance was taken for the variance; σ² is its exponential") {
      $0.divergence(variance: { $0 }, log: { .log($0) })
    }
    comparison.recognize("exp is missing: log σ² stands where σ² should") {
      $0.divergence(variance: { $0 }, log: { $0 })
    }
    comparison.recognize(
      "the log variance was taken for the standard deviation; σ is exp(½ log σ²)"
    ) { $0.divergence(variance: { $0 * $0 }, log: { 2 * .log($0) }) }
    comparison.recognize("exp(log σ²) was squared, as if it were σ; it is σ²") {
      $0.divergence(variance: { .exp(2 * $0) }, log: { 2 * $0 })
    }
    comparison.recognize("that is in bits; a nat is the unit of the natural log") {
      $0.q.klDivergence(to: $0.p) / .log(2)
    }
    return Exercise(
      "normal-divergence", "D[Q‖P] of two normal distributions", minutes: 10,
      hints: [
        "With one component all matrices are numbers: Σ₀ is Q's variance and Σ₁ is P's.",
        "D = ½ (σ₀²/σ₁² + (μ₁ − μ₀)²/σ₁² − 1 + log σ₁² − log σ₀²). Which of these are you given?",
      ], comparison)
  }

  static func standardDivergence(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    struct Input {
      let mean, logVariance: [Double]

      var normal: DiagonalNormal<Double> {
        DiagonalNormal(mean: Tensor(mean), logVariance: Tensor(logVariance))
      }
      var divergence: Double { normal.klDivergenceToStandardNormal().scalar }

      /// ½ Σ of a function of μ and log σ².
      func halfSum(_ term: (_ mean: Double, _ logVariance: Double) -> Double) -> Double {
        0.5 * zip(mean, logVariance).reduce(0) { $0 + term($1.0, $1.1) }
      }
    }
    var comparison = Comparison<Input, Double>(of: { try answer($0.mean, $0.logVariance) }) {
      $0.divergence
    }
    comparison.ask(
      "means (1, 0) and variances (1, 4), log variances (0, log 4)",
      Input(mean: [1, 0], logVariance: [0, .log(4)]))
    // Where the log variances are positive, those who take their logarithms get numbers.
    comparison.ask(
      "means (1, 0.5) and log variances (1, 0.5)", Input(mean: [1, 0.5], logVariance: [1, 0.5]))
    for (count, seed) in [(3, 40), (4, 41)] as [(Int, UInt64)] {
      let drawn = normals(count, seed: seed)
      let (means, logVariances) = (drawn.map(\.mean), drawn.map(\.logVariance))
      comparison.ask(
        "means \(text(means)) and log variances \(text(logVariances))",
        Input(mean: means, logVariance: logVariances))
    }
    comparison.recognize("that is the mean over the latent variables; D sums over them") {
      $0.divergence / Double($0.mean.count)
    }
    comparison.recognize("the ½ is missing") { 2 * $0.divergence }
    comparison.recognize("the sign is flipped; D is never negative") { -$0.divergence }
    comparison.recognize("that is D[N(0, I)‖Q]; Q comes first") { input in
      DiagonalNormal.standard.klDivergence(to: input.normal).scalar
    }
    comparison.recognize("the −1 is there once; every latent variable has one") {
      $0.divergence + 0.5 * Double($0.mean.count - 1)
    }
    comparison.recognize("the −1 is missing: of N(0, I) itself, D must be 0") {
      $0.divergence + 0.5 * Double($0.mean.count)
    }
    comparison.recognize("log σ² was added; it is subtracted") { input in
      input.divergence + input.logVariance.reduce(0, +)
    }
    comparison.recognize("the means are not squared") {
      $0.halfSum { $0 + .exp($1) - 1 - $1 }
    }
    comparison.recognize("the means are missing") { $0.halfSum { .exp($1) - 1 - $1 } }
    comparison.recognize("exp is missing: log σ² stands where σ² should") {
      $0.halfSum { $0 * $0 + $1 - 1 - $1 }
    }
    comparison.recognize("the log variance was taken for the variance; σ² is its exponential") {
      $0.halfSum { $0 * $0 + $1 - 1 - .log($1) }
    }
    let deviation = "the log variance was taken for the standard deviation; σ is exp(½ log σ²)"
    comparison.recognize(deviation) { $0.halfSum { $0 * $0 + $1 * $1 - 1 - .log($1 * $1) } }
    comparison.recognize(deviation) { $0.halfSum { $0 * $0 + $1 * $1 - 1 - 2 * .log($1) } }
    comparison.recognize("that has σ in place of σ²: exp(log σ²) is σ², without a ½") {
      $0.halfSum { $0 * $0 + .exp(0.5 * $1) - 1 - $1 }
    }
    comparison.recognize("exp(log σ²) was squared, as if it were σ; it is σ²") {
      $0.halfSum { $0 * $0 + .exp(2 * $1) - 1 - $1 }
    }
    comparison.recognize("the log variance was taken for log σ: σ² became exp(2 log σ²)") {
      $0.halfSum { $0 * $0 + .exp(2 * $1) - 1 - 2 * $1 }
    }
    comparison.recognize("that is in bits; a nat is the unit of the natural log") {
      $0.divergence / .log(2)
    }
    return Exercise(
      "standard-divergence", "D[Q‖N(0, I)], as a VAE has it", minutes: 5,
      hints: [
        "It is a sum over the latent variables, each with a bracket of four terms.",
        "σ² is exp(logVariance), and log σ² is what you are given.",
      ], comparison)
  }

  // MARK: - Section 3.6

  static func boundGradient(
    _ answer: @escaping ([Double], [Double], Double, Exercises.Gaussian) throws -> [Double]
  ) -> Exercise {
    struct Input {
      let x, weight: [Double]
      let noiseLogVariance: Double
      let q: Normal

      /// The gradient by the core, on the library's closed form of the bound.
      var gradient: [Double] {
        let model = LinearGaussianModel(
          weight: Tensor(weight, shape: [weight.count, 1]),
          bias: Tensor(zeros: [weight.count]), logVariance: Tensor(noiseLogVariance))
        let start = DiagonalNormal(
          mean: Tensor([q.mean]), logVariance: Tensor([q.logVariance]))
        let gradient = valueWithGradient(at: start) { q in
          model.expectedLogProbability(
            of: Tensor(x),
            under: MultivariateNormal(
              mean: q.mean, choleskyFactor: q.standardDeviation.reshaped([1, 1])))
            - q.klDivergenceToStandardNormal()
        }.gradient
        return [gradient.mean.scalar, gradient.logVariance.scalar]
      }

      var overlap: Double { zip(weight, x).reduce(0) { $0 + $1.0 * $1.1 } }
      var squaredNorm: Double { weight.reduce(0) { $0 + $1 * $1 } }

      /// The derivatives of E[log P(X|z)], if 1/s² and σ² are these.
      func reconstruction(precision: Double, variance: Double) -> [Double] {
        [
          precision * (overlap - squaredNorm * q.mean), -0.5 * precision * squaredNorm * variance,
        ]
      }

      var reconstruction: [Double] {
        reconstruction(precision: .exp(-noiseLogVariance), variance: q.variance)
      }

      /// The derivatives of D[Q‖P(z)], if σ² is this.
      func divergence(variance: Double) -> [Double] { [q.mean, 0.5 * (variance - 1)] }

      var divergence: [Double] { divergence(variance: q.variance) }

      /// The gradient if 1/s² is this.
      func gradient(precision: Double) -> [Double] {
        reconstruction(precision: precision, variance: q.variance) - divergence
      }

      /// The gradient with its second number multiplied.
      func gradient(times factor: Double) -> [Double] { [gradient[0], factor * gradient[1]] }
    }
    var comparison = Comparison<Input, [Double]>(
      of: {
        try answer(
          $0.x, $0.weight, $0.noiseLogVariance, ($0.q.mean, $0.q.logVariance))
      }
    ) { $0.gradient }
    comparison.ask(
      "X = (2), w = (1), log s² = 0, μ = 0 and log σ² = 0",
      Input(x: [2], weight: [1], noiseLogVariance: 0, q: .standard))
    for (size, seed) in [(1, 42), (3, 43)] as [(Int, UInt64)] {
      var generator = SeededGenerator(seed: seed)
      let (x, weight) = (hundredths(size, using: &generator), hundredths(size, using: &generator))
      let rest = hundredths(3, using: &generator)
      comparison.ask(
        "X = \(text(x)), w = \(text(weight)), log s² = \(text(rest[0])), μ = \(text(rest[1])) and "
          + "log σ² = \(text(rest[2]))",
        Input(
          x: x, weight: weight, noiseLogVariance: rest[0],
          q: Normal(mean: rest[1], logVariance: rest[2])))
    }
    comparison.recognize("both signs are flipped: that is the gradient of −ℒ, the loss") {
      $0.gradient.map { -$0 }
    }
    comparison.recognize("the derivatives of D were added; the bound subtracts D") {
      zip($0.reconstruction, $0.divergence).map { $0 + $1 }
    }
    comparison.recognize("those are the derivatives of E[log P(X|z)] alone; D has some, too") {
      $0.reconstruction
    }
    comparison.recognize("those are the derivatives of −D alone; E[log P(X|z)] has some, too") {
      $0.divergence.map { -$0 }
    }
    comparison.recognize(
      "log P(X|z) was taken at the mean of Q; E[(X − wz)²] is (X − wμ)² + w²σ², which σ² changes"
    ) { [$0.gradient[0], -$0.divergence[1]] }
    comparison.recognize(
      "that is the derivative by σ²; by log σ², the chain rule gives σ² times it"
    ) { $0.gradient(times: .exp(-$0.q.logVariance)) }
    comparison.recognize(
      "that is the derivative by σ; by log σ², the chain rule gives σ/2 times it"
    ) { $0.gradient(times: 2 / $0.q.standardDeviation) }
    comparison.recognize("that is the derivative by log σ, twice that by log σ²: a ½ is missing") {
      $0.gradient(times: 2)
    }
    comparison.recognize("the derivative of wz by z was forgotten: each X − wμ has a factor w") {
      input in
      let residual = input.x.reduce(0, +) - input.weight.reduce(0, +) * input.q.mean
      return [
        .exp(-input.noiseLogVariance) * residual - input.q.mean, input.gradient[1],
      ]
    }
    comparison.recognize("the factor 1/s² is missing") { $0.gradient(precision: 1) }
    comparison.recognize("log s² was taken for s²") {
      $0.gradient(precision: 1 / $0.noiseLogVariance)
    }
    comparison.recognize("exp(log s²) was squared, as if it were s; it is s²") {
      $0.gradient(precision: .exp(-2 * $0.noiseLogVariance))
    }
    comparison.recognize("log σ² was taken for σ²") {
      $0.reconstruction(
        precision: .exp(-$0.noiseLogVariance), variance: $0.q.logVariance)
        - $0.divergence(variance: $0.q.logVariance)
    }
    comparison.recognize("that is the mean over the numbers of X; log P(X|z) sums over them") {
      $0.gradient(precision: .exp(-$0.noiseLogVariance) / Double($0.x.count))
    }
    return Exercise(
      "bound-gradient", "The gradient of the bound by hand", minutes: 60,
      hints: [
        "log P(X|z) is −Σ (X − wz)²/(2s²) and what does not depend on z. Take the mean of "
          + "(X − wz)² over z from N(μ, σ²) before you differentiate.",
        "E[(X − wz)²] = (X − wμ)² + w²σ², and D = ½ (μ² + σ² − 1 − log σ²). The derivative of σ² "
          + "with respect to log σ² is σ².",
        "∂ℒ/∂μ = Σ w (X − wμ)/s² − μ. For log σ², three terms of ℒ have a derivative: −½ Σ w²σ²/s², "
          + "−½ σ² and ½ log σ².",
      ], comparison)
  }
}

/// P(X|z), P(z) and Q(z|X) for a z with a few values, and what can be had from them.
private struct Tables {
  let logLikelihoods, prior, q: [Double]
  let description: String

  init(logLikelihoods: [Double], prior: [Double], q: [Double], description: String? = nil) {
    self.logLikelihoods = logLikelihoods
    self.prior = prior
    self.q = q
    self.description =
      description
      ?? "log P(X|z) = \(text(logLikelihoods)), P(z) = \(text(prior)) and Q = \(text(q))"
  }

  /// Drawn, with two decimals.
  init(_ count: Int, seed: UInt64) {
    let generator = SeededGenerator(seed: seed)
    var first = generator.stream(1)
    self.init(
      logLikelihoods: hundredths(count, using: &first).map { -3 * abs($0) },
      prior: probabilities(count, using: generator.stream(2)),
      q: probabilities(count, using: generator.stream(3)))
  }

  static let byHand = Tables(
    logLikelihoods: [.log(0.2), .log(0.6)], prior: [0.5, 0.5], q: [0.5, 0.5],
    description: "P(X|z) = (0.2, 0.6), P(z) = (0.5, 0.5) and Q = (0.5, 0.5)")

  static let withZero = Tables(
    logLikelihoods: [-1, -2, -3], prior: [0.5, 0.25, 0.25], q: [0.75, 0, 0.25])

  var logPrior: [Double] { prior.map(Double.log) }

  var logEvidence: Double { logSumExp(zip(logLikelihoods, logPrior).map { $0 + $1 }) }

  var posterior: [Double] {
    zip(logLikelihoods, logPrior).map { .exp($0 + $1 - logEvidence) }
  }

  /// D[Q‖P(z|X)].
  var gap: Double { Categorical(q).klDivergence(to: Categorical(posterior)) }

  /// D[P(z|X)‖Q].
  var reversedGap: Double { Categorical(posterior).klDivergence(to: Categorical(q)) }

  /// E[log P(X|z)].
  var reconstruction: Double { mean(under: q, logLikelihoods) }

  /// D[Q‖P(z)].
  var divergence: Double { Categorical(q).klDivergence(to: Categorical(prior)) }

  /// D[P(z)‖Q].
  var reversedDivergence: Double { Categorical(prior).klDivergence(to: Categorical(q)) }

  /// The four terms of the identity.
  var terms: [Double] { [logEvidence, gap, reconstruction, divergence] }

  func mean(under weights: [Double], _ values: [Double]) -> Double {
    zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The mean over Q of a function of z's number; where Q is 0 nothing is added.
  func mean(_ function: (Int) -> Double) -> Double {
    q.indices.reduce(0) { q[$1] > 0 ? $0 + q[$1] * function($1) : $0 }
  }
}

// MARK: - Drawn inputs

/// Positive multiples of 0.05 that sum to 1, so that they can be shown in full.
private func probabilities(_ count: Int, using generator: SeededGenerator) -> [Double] {
  var generator = generator
  var shares = Array(repeating: 1, count: count)
  for _ in count..<20 { shares[generator.integer(below: count)] += 1 }
  return shares.map { Double($0) / 20 }
}

private func probabilities(_ count: Int, seed: UInt64) -> [Double] {
  probabilities(count, using: SeededGenerator(seed: seed))
}

/// Numbers from N(0, 1), with two decimals, so that they can be shown in full.
private func hundredths(_ count: Int, using generator: inout SeededGenerator) -> [Double] {
  generator.normal(count: count).map { (100 * $0).rounded() / 100 }
}

/// Normal distributions whose means and log variances are from N(0, 1).
private func normals(_ count: Int, seed: UInt64) -> [Normal] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    let drawn = hundredths(2, using: &generator)
    return Normal(mean: drawn[0], logVariance: drawn[1])
  }
}

private func text(_ number: Double) -> String { formatted(number, decimals: 2) }

private func text(_ numbers: [Double]) -> String {
  "(" + numbers.map { text($0) }.joined(separator: ", ") + ")"
}

/// The numbers of two arrays, subtracted.
private func - (_ first: [Double], _ second: [Double]) -> [Double] {
  zip(first, second).map { $0 - $1 }
}
