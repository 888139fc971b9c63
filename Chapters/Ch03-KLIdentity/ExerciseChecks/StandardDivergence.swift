import Autodiff
import Exercises
import Probability

extension Checks {
  static func standardDivergence(
    _ answer: @escaping ([Double], [Double]) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<StandardDivergenceTask, Double>(of: {
      try answer($0.mean, $0.logVariance)
    }) {
      $0.divergence
    }
    comparison.ask(
      "means (1, 0) and variances (1, 4), log variances (0, log 4)",
      StandardDivergenceTask(mean: [1, 0], logVariance: [0, .log(4)]))
    // Where the log variances are positive, those who take their logarithms get numbers.
    comparison.ask(
      "means (1, 0.5) and log variances (1, 0.5)",
      StandardDivergenceTask(mean: [1, 0.5], logVariance: [1, 0.5]))
    for (count, seed) in [(3, 40), (4, 41)] as [(Int, UInt64)] {
      let drawn = normals(count, seed: seed)
      let (means, logVariances) = (drawn.map(\.mean), drawn.map(\.logVariance))
      comparison.ask(
        "means \(text(means)) and log variances \(text(logVariances))",
        StandardDivergenceTask(mean: means, logVariance: logVariances))
    }
    comparison.recognizeMistakes()
    return Exercise(
      "standard-divergence", "D[Q‖N(0, I)], as in the loss of a VAE", minutes: 5,
      hints: [
        "D is a sum over the latent variables: for each, ½ times a bracket of four terms.",
        "σ² is exp(logVariance), and log σ² is what you are given.",
      ], comparison)
  }
}

/// What is given in the exercise on D[Q‖N(0, I)].
private struct StandardDivergenceTask {
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

extension Comparison<StandardDivergenceTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize("that is the mean over the latent variables; D sums over them") {
      $0.divergence / Double($0.mean.count)
    }
    recognize("the ½ is missing") { 2 * $0.divergence }
    recognize("the sign is flipped; D is never negative") { -$0.divergence }
    recognize("that is D[N(0, I)‖Q]; Q comes first") { input in
      DiagonalNormal.standard.klDivergence(to: input.normal).scalar
    }
    recognize("the −1 occurs only once; every latent variable has one") {
      $0.divergence + 0.5 * Double($0.mean.count - 1)
    }
    recognize("the −1 is missing: if Q is N(0, I), D must be 0") {
      $0.divergence + 0.5 * Double($0.mean.count)
    }
    recognize("log σ² was added; subtract it") { input in
      input.divergence + input.logVariance.reduce(0, +)
    }
    recognize("the means are not squared") {
      $0.halfSum { $0 + .exp($1) - 1 - $1 }
    }
    recognize("the means are missing") { $0.halfSum { .exp($1) - 1 - $1 } }
    recognize("exp is missing: log σ² stands where σ² should") {
      $0.halfSum { $0 * $0 + $1 - 1 - $1 }
    }
    recognize("the log variance was used as the variance; σ² is exp(log σ²)") {
      $0.halfSum { $0 * $0 + $1 - 1 - .log($1) }
    }
    let deviation = "the log variance was used as the standard deviation; σ is exp(½ log σ²)"
    recognize(deviation) { $0.halfSum { $0 * $0 + $1 * $1 - 1 - .log($1 * $1) } }
    recognize(deviation) { $0.halfSum { $0 * $0 + $1 * $1 - 1 - 2 * .log($1) } }
    recognize("that uses σ in place of σ²: exp(log σ²) is σ², without a ½") {
      $0.halfSum { $0 * $0 + .exp(0.5 * $1) - 1 - $1 }
    }
    recognize("exp(log σ²) was squared, as if it were σ; it is σ²") {
      $0.halfSum { $0 * $0 + .exp(2 * $1) - 1 - $1 }
    }
    recognize("the log variance was used as log σ: σ² became exp(2 log σ²)") {
      $0.halfSum { $0 * $0 + .exp(2 * $1) - 1 - 2 * $1 }
    }
    recognize("that is in bits; take the natural logarithm to get nats") {
      $0.divergence / .log(2)
    }
  }
}
