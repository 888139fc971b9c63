import Autodiff
import Exercises
import NeuralNetworks
import Notebook
import Probability

/// The layers of a variational autoencoder, all of them linear.
struct SmallAutoencoder: Parameterized {
  /// From the pixels to the encoder's hidden units.
  var hidden: Dense<Double>
  /// From there to μ(X).
  var mean: Dense<Double>
  /// From there to log σ²(X).
  var logVariance: Dense<Double>
  /// From z to the decoder's hidden units.
  var decoderHidden: Dense<Double>
  /// From there to the logits of the pixels.
  var output: Dense<Double>

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
    visitor.visit("decoderHidden", &decoderHidden)
    visitor.visit("output", &output)
  }
}

extension Checks {
  static func differentiableLoss(
    _ answer:
      @escaping (SmallAutoencoder, Tensor<Double>, Tensor<Double>, Double) throws -> Tensor<Double>
  ) -> Exercise {
    func answered(_ task: ModelTask) throws -> Tensor<Double> {
      try answer(task.model, task.x, task.noise, task.beta)
    }
    var comparison = Comparison<ModelTask, Answer>(of: { task in
      let loss = try answered(task)
      return Answer(shape: loss.shape, values: loss.scalars)
    }) { $0.loss() }
    let zero = ModelTask(seed: 67, imageCount: 1, latentCount: 2, beta: 1, scale: 0)
    let first = ModelTask(seed: 68, imageCount: 3, latentCount: 2, beta: 1, scale: 1)
    let second = ModelTask(seed: 69, imageCount: 2, latentCount: 3, beta: 4, scale: 1)
    comparison.ask("one image of 4 pixels, and weights that are all 0", zero)
    comparison.ask("3 images of 5 pixels, 2 latent variables, random weights and β = 1", first)
    comparison.ask("2 images of 5 pixels, 3 latent variables, random weights and β = 4", second)
    comparison.recognizeMistakes()
    return Exercise(
      "differentiable-loss", "The whole model, and its gradient", minutes: 60,
      hints: [
        "Write one line for each equation. h has the shape [images, hidden units], and every step "
          + "up to the logits keeps a row for each image.",
        "The divergence is 0.5 * (mean.squared + exp(logVariance) - 1 - logVariance).sum(axis: 1), "
          + "one number for each image; log P(X|z) is computed in the same way with "
          + "softplus(logits).",
        "If the value is right and the gradient is not, something that depends on the weights "
          + "reached the loss as a plain number. Follow each of the five layers from its output to "
          + "the loss.",
      ], comparison
    )
    .judged(
      "the gradient with respect to the weights of all layers",
      answer: { () -> Double in
        let loss = try answered(second)
        // What has the wrong shape, or is not finite, is wrong already, and has no gradient.
        guard loss.shape.isEmpty, loss.scalar.isFinite else { return 0 }
        var generator = SeededGenerator(seed: 70)
        return checkGradient(at: second.model, using: &generator) { model in
          var moved = second
          moved.model = model
          return (try? answered(moved)) ?? Tensor(.nan)
        }.relativeError
      }
    ) { error in
      // A fourth-order difference with step h = 10⁻³ is itself off by h⁴ = 10⁻¹², and by a rounding
      // error of about 10⁻¹⁶/h = 10⁻¹³ of the loss.
      error.values[0] < 1e-8
        ? nil
        : "checkGradient compared the gradient with differences of the loss, and found a relative "
          + "error of \(formatted(error.values[0], digits: 2)); is something that depends on the "
          + "weights read out of a tensor, by .scalars or .detached?"
    }
  }
}

extension Comparison<ModelTask, Answer> {
  fileprivate mutating func recognizeMistakes() {
    recognize(
      "log P(X|z) is averaged over the pixels, not summed; in effect, that multiplies β by their "
        + "number"
    ) { $0.loss(reconstruction: 1 / Double($0.x.shape[1])) }
    recognize("the divergence is averaged over the latent variables; it should be a sum over them")
    {
      $0.loss(divergence: $0.beta / Double($0.noise.shape[1]))
    }
    recognize("that is the sum over the images; the exercise asks for their mean") {
      let count = Double($0.x.shape[0])
      return $0.loss(reconstruction: count, divergence: count * $0.beta)
    }
    recognize(
      "the divergence is subtracted; training makes the loss small, so it has to be added"
    ) { $0.loss(divergence: -$0.beta) }
    recognize("that is the bound; the loss is its negative") {
      $0.loss(reconstruction: -1, divergence: -$0.beta)
    }
    recognize("β weights log P(X|z); it is the weight of the divergence") {
      $0.loss(reconstruction: $0.beta, divergence: 1)
    }
    recognize("β is not used") { $0.loss(divergence: 1) }
    recognize("the divergence lacks its ½") { $0.loss(divergence: 2 * $0.beta) }
    recognize("z was computed as (ε + μ)σ, which scales μ as well; z = μ + σε") {
      $0.loss { q, noise in (noise + q.mean) * q.standardDeviation }
    }
    recognize(
      "the noise was scaled by the variance; z = μ + σε needs the standard deviation, exp(½ log "
        + "variance)"
    ) { $0.loss { q, noise in q.mean + exp(q.logVariance) * noise } }
    recognize("the noise was scaled by the log variance; σ is exp(½ log variance)") {
      $0.loss { q, noise in q.mean + q.logVariance * noise }
    }
    recognize("z is the mean of Q, as in an autoencoder without noise; z = μ + σε") {
      $0.loss { q, _ in q.mean }
    }
    recognize("z is the noise itself, as when sampling from the prior; z = μ + σε") {
      $0.loss { _, noise in noise }
    }
    recognize("the hidden units lack their tanh") {
      $0.loss(activation: .identity)
    }
    recognize("the hidden units are rectifiers, as in section 5.1; here they use tanh") {
      $0.loss(activation: .relu)
    }
  }
}

/// The input of the exercise on the whole model.
private struct ModelTask {
  var model: SmallAutoencoder
  let x: Tensor<Double>
  let noise: Tensor<Double>
  let beta: Double

  /// Random weights, images and noise; the weights are multiplied by `scale`.
  init(seed: UInt64, imageCount: Int, latentCount: Int, beta: Double, scale: Double) {
    let (pixelCount, hiddenCount) = (scale == 0 ? 4 : 5, 3)
    var generator = SeededGenerator(seed: seed)
    func layer(_ inputSize: Int, _ outputSize: Int) -> Dense<Double> {
      Dense(inputSize: inputSize, outputSize: outputSize, using: &generator)
    }
    model = SmallAutoencoder(
      hidden: layer(pixelCount, hiddenCount), mean: layer(hiddenCount, latentCount),
      logVariance: layer(hiddenCount, latentCount),
      decoderHidden: layer(latentCount, hiddenCount), output: layer(hiddenCount, pixelCount))
    // Biases are random, too: layers start with biases of 0.
    model.updateParameters { _, parameter in
      parameter = scale * (parameter + 0.3 * Tensor.normal(parameter.shape, using: &generator))
    }
    x = .bernoulli(Tensor(repeating: 0.5, shape: [imageCount, pixelCount]), using: &generator)
    noise = .normal([imageCount, latentCount], using: &generator)
    self.beta = beta
  }

  /// b · divergence − a · log P(X|z), by the library, with b = β unless it is given.
  func loss(
    reconstruction a: Double = 1, divergence b: Double? = nil, activation: Activation = .tanh,
    sample: (_ q: DiagonalNormal<Double>, _ noise: Tensor<Double>) -> Tensor<Double> = {
      $0.sample(noise: $1)
    }
  ) -> Answer {
    let features = activation(model.hidden(x))
    let q = DiagonalNormal(mean: model.mean(features), logVariance: model.logVariance(features))
    let logits = model.output(activation(model.decoderHidden(sample(q, noise))))
    let reconstruction = Bernoulli(logits: logits).logProbability(of: x).mean().scalar
    let divergence = q.klDivergenceToStandardNormal().mean().scalar
    return ((b ?? beta) * divergence - a * reconstruction).answer
  }
}
