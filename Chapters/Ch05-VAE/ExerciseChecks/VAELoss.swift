import Autodiff
import Exercises
import Probability

extension Checks {
  static func loss(
    _ answer: @escaping ([[Double]], [[Double]], [[Double]], [[Double]], Double) throws -> Double
  ) -> Exercise {
    var comparison = Comparison<LossTask, Double>(of: {
      try answer($0.x, $0.logits, $0.mean, $0.logVariance, $0.beta)
    }) { $0.value() }
    func ask(_ task: LossTask) {
      comparison.ask(
        "X = \(exact(task.x)), the logits \(exact(task.logits)), μ = \(exact(task.mean)), "
          + "log σ² = \(exact(task.logVariance)) and β = \(exact(task.beta))", task)
    }
    ask(LossTask(x: [[1, 0]], logits: [[0, 0]], mean: [[1, 0]], logVariance: [[0, 0]], beta: 1))
    ask(
      LossTask(
        x: [[1, 0, 0, 1], [0, 1, 1, 1], [0, 0, 1, 0]], logits: roundedNormals(3, 4, seed: 52),
        mean: roundedNormals(3, 2, seed: 53), logVariance: roundedNormals(3, 2, seed: 54), beta: 1))
    ask(
      LossTask(
        x: [[0, 1, 0], [1, 1, 0]], logits: roundedNormals(2, 3, seed: 55),
        mean: roundedNormals(2, 4, seed: 56),
        logVariance: roundedNormals(2, 4, seed: 57), beta: 4))
    comparison.recognizeMistakes()
    return Exercise(
      "vae-loss", "The loss of a batch, with the weight β", minutes: 20,
      needs: ["reconstruction"],
      hints: [
        "Without β the loss is a mean over images of a sum over pixels and a sum over latent "
          + "variables. Which sign does each sum have, if the bound is to grow as the loss falls?",
        "You already have log P(X|z): the loss is the mean of β times the divergence, minus "
          + "reconstruction(of: x, logits: logits).",
      ], comparison)
  }
}

extension Comparison<LossTask, Double> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "log P(X|z) is averaged over the pixels, not summed; in effect, that multiplies β by their "
        + "number"
    ) { $0.value(reconstruction: 1 / $0.pixelCount) }
    recognize("the divergence is averaged over the latent variables; it should be a sum over them")
    {
      $0.value(divergence: $0.beta / $0.latentCount)
    }
    recognize(
      "both terms are means, over pixels and over latent variables; both have to be sums"
    ) { $0.value(reconstruction: 1 / $0.pixelCount, divergence: $0.beta / $0.latentCount) }
    recognize("that is the sum over the images; the exercise asks for their mean") {
      $0.value() * Double($0.x.count)
    }
    recognize(
      "the divergence is subtracted; training makes the loss small, so it has to be added"
    ) { $0.value(divergence: -$0.beta) }
    recognize("log P(X|z) is added; training makes the loss small, so it has to be subtracted") {
      $0.value(reconstruction: -1)
    }
    recognize("that is the bound; the loss is its negative") {
      -$0.value()
    }
    recognize("β weights log P(X|z); it is the weight of the divergence") {
      $0.value(reconstruction: $0.beta, divergence: 1)
    }
    recognize("β weights both terms; it is the weight of the divergence alone") {
      $0.value(reconstruction: $0.beta)
    }
    recognize("β is not used") { $0.value(divergence: 1) }
    recognize("the divergence lacks its ½") { $0.value(divergence: 2 * $0.beta) }
    recognize("the −1 of every latent variable is missing from the divergence") { task in
      task.value() + 0.5 * task.beta * task.latentCount
    }
    recognize(
      "the log variance was taken for the variance; σ² is its exponential"
    ) { $0.value { mean, logVariance in mean * mean + logVariance - 1 - .log(logVariance) } }
    recognize(
      "exp(½ log variance) is the standard deviation; the divergence takes the variance"
    ) { $0.value { mean, logVariance in mean * mean + .exp(logVariance / 2) - 1 - logVariance } }
  }
}

/// The input of the exercise on the loss.
private struct LossTask {
  let x: [[Double]]
  let logits: [[Double]]
  let mean: [[Double]]
  let logVariance: [[Double]]
  let beta: Double

  var pixelCount: Double { Double(x[0].count) }
  var latentCount: Double { Double(mean[0].count) }

  /// b · divergence − a · log P(X|z), with b = β unless it is given.
  func value(reconstruction a: Double = 1, divergence b: Double? = nil) -> Double {
    let q = DiagonalNormal(mean: matrix(mean), logVariance: matrix(logVariance))
    return (b ?? beta) * q.klDivergenceToStandardNormal().mean().scalar
      - a * meanLogProbability(of: x, logits: logits)
  }

  /// The loss with another term for each latent variable inside ½ Σ.
  func value(term: (_ mean: Double, _ logVariance: Double) -> Double) -> Double {
    value(divergence: 0) + 0.5 * beta
      * meanOfSums(zip(mean, logVariance).map { zip($0, $1).map(term) })
  }
}
