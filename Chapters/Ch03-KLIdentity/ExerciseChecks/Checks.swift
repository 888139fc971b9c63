import Autodiff
import Calculations
import Exercises
import Probability

/// What the exercises of this chapter ask, and the mistakes that they recognise.
enum Checks {
  static var all: [Exercise] {
    [
      divergence(Exercises.divergence), logPosterior(Exercises.logPosterior),
      bound(Exercises.bound), identity(Exercises.identity), bitsBack(Exercises.bitsBack),
      normalDivergence(Exercises.normalDivergence),
      standardDivergence(Exercises.standardDivergence), boundGradient(Exercises.boundGradient),
      sharedQ(Exercises.sharedQ), fitNormal(Exercises.fitNormal),
    ]
  }
}

/// P(X|z), P(z) and Q(z|X) for a z with a few values, and what follows from them.
struct Tables {
  var logLikelihoods, logPrior, q: [Double]
  let description: String

  init(logLikelihoods: [Double], prior: [Double], q: [Double], description: String? = nil) {
    self.logLikelihoods = logLikelihoods
    logPrior = prior.map(Double.log)
    self.q = q
    self.description =
      description
      ?? "log P(X|z) = \(exact(logLikelihoods)), P(z) = \(exact(prior)) and Q = \(exact(q))"
  }

  /// Random tables, with two decimals.
  init(_ count: Int, seed: UInt64) {
    let generator = SeededGenerator(seed: seed)
    var first = generator.stream(1)
    self.init(
      logLikelihoods: roundedNormals(count, using: &first).map { -3 * abs($0) },
      prior: probabilities(count, using: generator.stream(2)),
      q: probabilities(count, using: generator.stream(3)))
  }

  static let byHand = Tables(
    logLikelihoods: [.log(0.2), .log(0.6)], prior: [0.5, 0.5], q: [0.5, 0.5],
    description: "P(X|z) = (0.2, 0.6), P(z) = (0.5, 0.5) and Q = (0.5, 0.5)")

  static let withZero = Tables(
    logLikelihoods: [-1, -2, -3], prior: [0.5, 0.25, 0.25], q: [0.75, 0, 0.25])

  /// The exponentials of these log-likelihoods are 0 in `Double`.
  static let underflowing = Tables(
    logLikelihoods: [-2001, -2000, -2003, -2002], prior: [0.25, 0.25, 0.3, 0.2],
    q: [0.25, 0.5, 0.15, 0.1])

  var prior: [Double] { logPrior.map(Double.exp) }

  /// log P(X|z) + log P(z).
  var logJoint: [Double] { zip(logLikelihoods, logPrior).map { $0 + $1 } }

  var logEvidence: Double { logSumExp(logJoint) }

  var posterior: [Double] {
    let logEvidence = logEvidence
    return logJoint.map { .exp($0 - logEvidence) }
  }

  /// D[Q‖P(z|X)].
  var gap: Double { Categorical(q).klDivergence(to: Categorical(posterior)) }

  /// E[log P(X|z)].
  var reconstruction: Double { mean(under: q, logLikelihoods) }

  /// log E[P(X|z)], the log of the mean and not the mean of the logs.
  var logMeanLikelihood: Double {
    logSumExp(zip(q, logLikelihoods).map { Double.log($0) + $1 })
  }

  /// D[Q‖P(z)].
  var divergence: Double { Categorical(q).klDivergence(to: Categorical(prior)) }

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

extension Tables {
  /// The arguments where Q is positive.
  var arguments: (logLikelihoods: Calculation, logPrior: Calculation, q: Calculation) {
    (
      .argument("logLikelihoods", logLikelihoods, where: q),
      .argument("logPrior", logPrior, where: q), .argument("q", q, where: q)
    )
  }
}

extension Calculation {
  /// The numbers of an argument where those of another are positive.
  static func argument(
    _ name: String, _ numbers: [Double], where other: [Double]
  ) -> Calculation {
    argument(
      name, Tensor(zip(numbers, other).filter { $1 > 0 }.map { $0.0 }),
      counts: [("\(name).count", Double(numbers.count))])
  }
}

/// Random probabilities. They are multiples of 0.05, so that they can be shown in full.
func probabilities(_ count: Int, using generator: SeededGenerator) -> [Double] {
  var generator = generator
  var shares = Array(repeating: 1, count: count)
  for _ in count..<20 { shares[generator.integer(below: count)] += 1 }
  return shares.map { Double($0) / 20 }
}

/// Random probabilities from a generator of their own.
func probabilities(_ count: Int, seed: UInt64) -> [Double] {
  probabilities(count, using: SeededGenerator(seed: seed))
}
