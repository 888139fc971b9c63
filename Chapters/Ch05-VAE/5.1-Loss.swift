import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.1 Encoder, decoder, and the loss: what is trained, and which number training makes small.
struct Loss: SectionContent {
  let source: Source
  let configuration: Configuration
  /// The name and the shape of each parameter.
  let parameters: [(name: String, shape: [Int])]
  /// log P(X|z) under a decoder that knows nothing: its logits are 0, or its mean is X and its variance 1.
  let uninformed: Double

  init(_ configuration: Configuration, _ lesson: Lesson) {
    (source, self.configuration) = (lesson.source, configuration)
    var generator = lesson.generator(section: 1)
    let model = VariationalAutoencoder<Float>(configuration, using: &generator)
    parameters = zip(model.parameterNames, model.parameters).map { ($0, $1.shape) }
    let zeros = Tensor<Double>(zeros: [1, configuration.inputSize])
    uninformed =
      configuration.output == .bernoulli
      ? Self.logLikelihood(zeros, logits: zeros).scalar
      : GaussianDecoder.logLikelihood(zeros, means: zeros, logVariance: Tensor(0)).scalar
  }

  // cell: bernoulli
  /// log P(X|z) of pixels x that are 0 or 1: the sum of x l − log(1 + eˡ), from logits l.
  static func logLikelihood(_ x: Tensor<Double>, logits l: Tensor<Double>) -> Tensor<Double> {
    (x * l - softplus(l)).sum(axis: 1)
  }
  // end

  /// The two terms of the bound for each example of a batch, and the loss of the batch.
  struct Terms {
    let logLikelihood: Tensor<Double>
    let divergence: Tensor<Double>
    let loss: Double
  }

  /// The terms under a model, with z = μ + σε.
  static func terms(
    of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, noise ε: Tensor<Double>
  ) -> Terms {
    let decoder = model.decoder
    func logLikelihood(_ x: Tensor<Double>, _ f: Tensor<Double>) -> Tensor<Double> {
      decoder.logVariance.map { GaussianDecoder.logLikelihood(x, means: f, logVariance: $0) }
        ?? self.logLikelihood(x, logits: f)
    }
    // cell: loss
    let Q = model.encoder(x)  // Q(z|X)
    let (μ, logσ²) = (Q.mean, Q.logVariance)
    let z = μ + exp(0.5 * logσ²) * ε  // σ = exp(½ log σ²)
    let reconstruction = logLikelihood(x, decoder(z))  // log P(X|z)
    let divergence = 0.5 * (μ.squared + exp(logσ²) - 1 - logσ²).sum(axis: 1)  // D[Q‖P(z)]
    let loss = (divergence - reconstruction).mean()  // −ℒ, the mean over the batch
    // end
    return Terms(logLikelihood: reconstruction, divergence: divergence, loss: loss.scalar)
  }

  func show(on page: Page) {
    page.lead(
      "Two networks with a random z between them. Look at where most of the parameters are.")
    if let description = source.description { page.prose(description) }
    page.graph(diagram)
    page.table(
      [.left("parameter"), .right("shape"), .right("numbers")],
      rows: parameters.map { name, shape in
        [name, shape.map(formatted).joined(separator: " × "), formatted(shape.reduce(1, *))]
      } + [["all", "", formatted(configuration.parameterCount)]])

    let isBernoulli = configuration.output == .bernoulli
    let size = configuration.inputSize
    page.lead(
      isBernoulli
        ? "The decoder gives a logit for each pixel: the logarithm of the odds that it is white."
        : "The decoder gives a mean for each of the \(source.elements); one σ for all of them is learned (5.9)."
    )
    if isBernoulli {
      page.code("bernoulli")
      page.check(
        "A decoder whose logits are all 0 loses log 2 nats for every pixel.",
        .equal(
          Quantity("log P(X|z)", uninformed),
          Quantity("−\(formatted(size)) · log 2", -Double(size) * .log(2)),
          tolerance: 1e-10 * source.roundingScale))
    } else {
      page.check(
        "At its mean, a Gaussian with σ = 1 has the log density −½ log 2π for each number.",
        .equal(
          Quantity("log P(X|z)", uninformed),
          Quantity("−½ · \(formatted(size)) · log 2π", -0.5 * Double(size) * logTwoPi),
          tolerance: 1e-10 * source.roundingScale))
    }

    page.lead(
      "The loss of a batch sums over pixels and latent variables, and averages over examples.")
    page.equation(
      #"-\mathcal{L} = \frac{1}{N} \sum_{i=1}^{N} \left( D[Q(z|X_i) \| P(z)] - \mathbb{E}_{z \sim Q} \log P(X_i|z) \right)"#
    )
    page.code("loss")
  }

  /// The whole model, from X to P(X|z).
  private var diagram: Graph {
    let hidden = configuration.hiddenSizes
    func sizes(_ sizes: [Int]) -> String { sizes.map(formatted).joined(separator: "–") }
    let (input, latent) = (formatted(configuration.inputSize), formatted(configuration.latentSize))
    return Graph(
      "The model",
      description: """
        Each box says how many values it holds. The only random input is ε, so the gradient can pass \
        back from P(X|z) to every weight of both networks.
        """,
      nodes: [
        .init("x", "X", detail: input, kind: .input),
        .init("encoder", "encoder", detail: sizes(hidden)),
        .init("mean", "μ(X)", detail: latent),
        .init("variance", "log σ²(X)", detail: latent),
        .init("noise", "ε", detail: latent, kind: .sample),
        .init("z", "μ + σε", detail: latent),
        .init("decoder", "decoder", detail: sizes(hidden.reversed())),
        .init("output", "P(X|z)", detail: input, kind: .result),
      ],
      edges: [
        .init(from: "x", to: "encoder"), .init(from: "encoder", to: "mean"),
        .init(from: "encoder", to: "variance"), .init(from: "mean", to: "z"),
        .init(from: "variance", to: "z"), .init(from: "noise", to: "z"),
        .init(from: "z", to: "decoder"), .init(from: "decoder", to: "output"),
      ])
  }
}
