import Autodiff
import Calculations
import Exercises
import NeuralNetworks
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
    func answered(_ task: ModelTask, _ model: SmallAutoencoder) throws -> Tensor<Double> {
      try answer(model, task.input.x, task.input.noise, task.input.beta)
    }
    var comparison = Comparison<ModelTask, Answer>(of: { task in
      let loss = try answered(task, task.input.model)
      return Answer(shape: loss.shape, values: loss.scalars)
    }) { $0.right.value.answer }
    let four = ModelTask(seed: 69, imageCount: 2, latentCount: 3, beta: 4)
    let tasks = ModelTask.others + [four]
    for task in tasks { comparison.ask(task.description, task) }
    comparison.recognize(ForwardPass.mistakes, in: ForwardPass()) { VAELoss()($1($0.input)).answer }
    let mistakes = VAELoss.mistakes(showingIn: tasks.map(\.right))
    comparison.recognize(mistakes, in: VAELoss()) { $1($0.right).answer }
    comparison.terms(LossTask.termNames) { $0.right.terms.map(\.answer) }
    for logLikelihood in LogLikelihoodCalculation.allCases {
      comparison.calculation { $0.input.calculation(logLikelihood) }
    }
    comparison.recognize(
      "log Q(z|X) − log P(z) at one z stands in place of the divergence, which is their mean over "
        + "Q: 0.5 * (mean.squared + exp(logVariance) - 1 - logVariance).sum(axis: 1)"
    ) { $0.input.lossWithSampledDivergence.answer }
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
      "the gradient with respect to the weights, where \(four.description)",
      shape: four.input.gradient { four.input.loss(at: $0) }.answer.shape,
      answer: {
        // What has the wrong shape, or is not finite, is wrong already, and has no gradient.
        let loss = try answered(four, four.input.model)
        guard loss.shape.isEmpty, loss.scalar.isFinite else {
          return four.input.gradient { _ in Tensor(0) }
        }
        return four.input.gradient { (try? answered(four, $0)) ?? Tensor(0) }
      }
    ) { four.input.complaint(aboutGradient: $0) }
  }
}

/// What the student's function is called with.
struct ModelInput {
  var model: SmallAutoencoder
  var x: Tensor<Double>
  let noise: Tensor<Double>
  let beta: Double

  /// Random images and noise, and random weights that are multiplied by `scale`.
  init(
    seed: UInt64, imageCount: Int, pixelCount: Int, latentCount: Int, beta: Double, scale: Double
  ) {
    var generator = SeededGenerator(seed: seed)
    func layer(_ inputSize: Int, _ outputSize: Int) -> Dense<Double> {
      Dense(inputSize: inputSize, outputSize: outputSize, using: &generator)
    }
    let hiddenCount = 3
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
}

/// The input of the exercise on the whole model, with what is expected.
struct ModelTask {
  let description: String
  let input: ModelInput
  /// What the loss depends on, with the right z.
  let right: LossTask

  private init(_ description: String, _ input: ModelInput) {
    self.description = description
    self.input = input
    right = ForwardPass()(input)
  }

  /// A batch at random, with random weights that are multiplied by `scale`.
  init(
    seed: UInt64, imageCount: Int, pixelCount: Int = 5, latentCount: Int, beta: Double,
    scale: Double = 1
  ) {
    let weights = scale == 0 ? "all weights 0" : "random weights"
    self.init(
      "a batch of \(imageCount) of \(pixelCount) pixels, \(latentCount) latent variables, "
        + "\(weights), β = \(exact(beta))",
      ModelInput(
        seed: seed, imageCount: imageCount, pixelCount: pixelCount, latentCount: latentCount,
        beta: beta, scale: scale))
  }

  /// An image with random noise and weights, apart from the biases of the output, which are near
  /// the logits.
  init(seed: UInt64, latentCount: Int, beta: Double, outputBias: [Double], x: [Double]) {
    var input = ModelInput(
      seed: seed, imageCount: 1, pixelCount: x.count, latentCount: latentCount, beta: beta,
      scale: 1)
    input.model.output.bias = Tensor(outputBias)
    input.x = matrix([x])
    self.init("the image \(exact(x)) with logits near \(exact(outputBias))", input)
  }

  static var others: [ModelTask] {
    [
      ModelTask(seed: 67, imageCount: 1, pixelCount: 4, latentCount: 2, beta: 1, scale: 0),
      ModelTask(seed: 68, imageCount: 3, latentCount: 2, beta: 1),
      ModelTask(seed: 76, imageCount: 4, pixelCount: 3, latentCount: 5, beta: 0.5),
      ModelTask(seed: 90, imageCount: 1, pixelCount: 6, latentCount: 1, beta: 3),
      ModelTask(seed: 91, imageCount: 2, pixelCount: 2, latentCount: 4, beta: 2),
      ModelTask(seed: 92, imageCount: 3, pixelCount: 4, latentCount: 3, beta: 0.25),
      // Where e^l is infinite, where p is 0 or 1, and where 1 − p is 0.
      ModelTask(seed: 77, latentCount: 2, beta: 2, outputBias: [800, -900], x: [1, 0]),
      ModelTask(seed: 93, latentCount: 2, beta: 2, outputBias: [-800, -2], x: [1, 0]),
      ModelTask(seed: 94, latentCount: 1, beta: 1, outputBias: [900, 2], x: [0, 1]),
      ModelTask(seed: 95, latentCount: 1, beta: 1, outputBias: [40, 2], x: [0, 1]),
      ModelTask(seed: 96, latentCount: 1, beta: 1, outputBias: [-400, -500], x: [1, 1]),
    ]
  }
}

extension ModelInput {
  /// The loss, step by step.
  func calculation(_ logLikelihood: LogLikelihoodCalculation) -> Calculation {
    func layer(
      _ name: String, _ path: KeyPath<SmallAutoencoder, Dense<Double>>, _ x: Calculation
    ) -> Calculation {
      .function("model." + name, of: [x]) { [model] in model[keyPath: path]($0[0]) }
    }
    let x = Calculation.argument("x", x)
    let h = tanh(layer("hidden", \.hidden, x)).named("h")
    let mean = layer("mean", \.mean, h).named("μ")
    let logVariance = layer("logVariance", \.logVariance, h).named("log σ²")
    let z = (mean + exp(0.5 * logVariance).named("σ") * .argument("noise", noise)).named("z")
    let decoded = tanh(layer("decoderHidden", \.decoderHidden, z)).named("h′")
    let logits = layer("output", \.output, decoded)
    let divergence = divergenceCalculation(mean: mean, logVariance: logVariance)
    return Calculations.mean(
      .argument("beta", beta) * divergence.named("the divergence")
        - logLikelihood(of: x, logits: logits.named("logits")).named("log P(X|z)"),
      over: "images")
  }

  /// The loss on the tape, with a place that is cut off from it.
  func loss(at model: SmallAutoencoder, without cut: Cut? = nil) -> Tensor<Double> {
    func value(_ tensor: Tensor<Double>, _ places: Cut...) -> Tensor<Double> {
      places.contains { $0 == cut } ? tensor.detached : tensor
    }
    let h = value(tanh(model.hidden(x)), .features)
    let mean = value(model.mean(h), .mean)
    let logVariance = value(model.logVariance(h), .logVariance)
    let sigma = value(exp(0.5 * logVariance), .deviation)
    let z = value(value(mean, .meanInSample) + sigma * noise, .sample)
    let logits = model.output(value(tanh(model.decoderHidden(z)), .decoderFeatures))
    let likelihood = value(
      Bernoulli(logits: logits).logProbability(of: x).mean(), .likelihood, .all)
    let q = DiagonalNormal(
      mean: value(mean, .meanInDivergence),
      logVariance: value(logVariance, .logVarianceInDivergence))
    let divergence = value(q.klDivergenceToStandardNormal().mean(), .divergence, .all)
    return beta * divergence - likelihood
  }

  /// The loss with log Q(z|X) − log P(z) in place of the divergence.
  var lossWithSampledDivergence: Double {
    let h = tanh(model.hidden(x))
    let q = DiagonalNormal(mean: model.mean(h), logVariance: model.logVariance(h))
    let z = q.mean + exp(0.5 * q.logVariance) * noise
    let logits = model.output(tanh(model.decoderHidden(z)))
    let sampled = q.logProbability(of: z) - DiagonalNormal.standard.logProbability(of: z)
    return (beta * sampled - Bernoulli(logits: logits).logProbability(of: x)).mean().scalar
  }

  /// The gradient of a loss by the weights and biases of each layer.
  func gradient(of loss: (SmallAutoencoder) -> Tensor<Double>) -> Answer {
    let gradient = valueWithGradient(at: model, of: loss).gradient
    func numbers(_ layer: Dense<Double>) -> [Double] { layer.weight.scalars + layer.bias.scalars }
    return Answer(parts: [
      ("hidden", numbers(gradient.hidden)), ("mean", numbers(gradient.mean)),
      ("logVariance", numbers(gradient.logVariance)),
      ("decoderHidden", numbers(gradient.decoderHidden)), ("output", numbers(gradient.output)),
    ])
  }

  /// What is wrong with a gradient, if it is not the right one.
  func complaint(aboutGradient answer: Answer) -> String? {
    func isGradient(without cut: Cut?) -> Bool {
      let gradient = gradient { loss(at: $0, without: cut) }.values
      let largest = gradient.map(abs).max() ?? 0
      return zip(answer.values, gradient).allSatisfy { abs($0 - $1) <= 1e-9 * max(largest, 1) }
    }
    if isGradient(without: nil) { return nil }
    let question = "is it read out of a tensor, by .scalars or .detached?"
    if let cut = Cut.allCases.first(where: isGradient) {
      return "the loss is right, but for the tape \(cut.rawValue) a constant; \(question)"
    }
    return "the loss is right and its gradient is not: something that depends on the weights "
      + "counts as a constant; \(question)"
  }
}

/// What may be a constant for the tape that should not be.
enum Cut: String, CaseIterable {
  case all = "the whole loss is"
  case features = "h is"
  case mean = "μ is"
  case logVariance = "log σ² is"
  case deviation = "σ in z = μ + σε is"
  case meanInSample = "μ in z = μ + σε is"
  case sample = "z is"
  case decoderFeatures = "h′ is"
  case likelihood = "log P(X|z) is"
  case meanInDivergence = "μ in the divergence is"
  case logVarianceInDivergence = "log σ² in the divergence is"
  case divergence = "the divergence is"
}
