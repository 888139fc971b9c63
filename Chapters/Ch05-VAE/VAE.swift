import Autodiff
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

@main
struct VAE {
  static let data = Knob.text(
    "data", default: "mnist", placeholder: "mnist|ring|DIR",
    help: """
      The 5,000 embedded digits, points on a ring, or the images of a folder: the IDX files of a \
      data set in the format of MNIST, gzipped or not, or PGM files of one size, in a subfolder for \
      each class if there are classes. ImageMagick makes a PGM file of any picture: convert cat.jpg \
      -colorspace Gray -resize '28x28!' cat.pgm. One in ten is kept back for testing.
      """)
  static let latent = Knob.integer(
    "latent", default: 20, in: 1...1000, unit: "variables", help: "The size of z.")
  static let hidden = Knob.integers(
    "hidden", default: [400], in: 1...4000, count: 1...8, unit: "units",
    help: "The encoder's hidden layers; the decoder has them in reverse.")
  static let epochs = Knob.integer(
    "epochs", default: 40, in: 0...100_000, unit: "passes",
    help: "How often training sees every example.")
  static let batch = Knob.integer(
    "batch", default: 128, in: 1...100_000, unit: "examples", help: "The examples in a step.")
  static let learningRate = Knob.real(
    "learning-rate", default: 0.001, in: 0...1000, help: "Adam's step size.")
  static let decoder = Knob.choice(
    "decoder", default: "auto", of: ["auto", "bernoulli", "gaussian"],
    help: "P(X|z): for black and white pixels, for real numbers, or whichever suits the data.")
  static let beta = Knob.real(
    "beta", default: 1, in: 0...1000,
    help: "The weight of the divergence in the loss; the evidence lower bound has 1.")
  static let checkpoint = Knob.file(
    "checkpoint", help: "Saves training here after each epoch, and goes on from what is there.")

  static let chapter = Chapter(
    "Ch05-VAE", title: "The full model on digits",
    abstract: """
      An encoder, a decoder, and the bound of chapter 3 as the loss: the variational autoencoder, \
      trained while you watch, on real handwritten digits unless you say otherwise. All numbers \
      are in nats an example.
      """,
    knobs: [data, latent, hidden, epochs, batch, learningRate, decoder, beta, checkpoint],
    exercises: Checks.all
  ) { page, options in
    let source = try Source(options[data], decoder: options[decoder], seed: options.seed)
    let lesson = Lesson(source: source, seed: options.seed, isOfTheNote: isOfTheNote(options))
    let configuration = Configuration(
      inputSize: source.train.size, hiddenSizes: options[hidden],
      latentSize: options[latent], output: source.output)
    guard configuration.parameterCount <= mostParameters else {
      throw UsageError(
        "--hidden and --latent make a model of \(configuration.parameterCount) parameters; "
          + "at most \(mostParameters) are trained here")
    }
    let settings = TrainingSettings(
      batchSize: options[batch], learningRate: options[learningRate], beta: options[beta],
      seed: options.seed)
    var training = Training(configuration, settings)
    let file = try options[checkpoint].map { try resume(&training, from: $0, lesson, options) }

    describe(training.model, lesson, on: page)
    takeApart(configuration, settings, lesson, on: page)
    try train(&training, epochs: options[epochs], lesson, savingTo: file, on: page)
    reconstruct(training.model, lesson, on: page)
    sample(training.model, lesson, on: page)
    let small = try layOut(lesson, on: page)
    let medium = try interpolate(training.model, lesson, on: page)
    measureTightness(of: training.model, and: small, lesson, on: page)
    try learnVariance(lesson, on: page)
    try compareWithAutoencoder(medium, judge: small, lesson, on: page)
  }

  /// Enough for any layers that a lesson needs, and few enough for any machine.
  static let mostParameters = 10_000_000

  static func isOfTheNote(_ options: Options) -> Bool {
    func isUntouched<Value: Equatable>(_ knob: Knob<Value>) -> Bool {
      options[knob] == knob.defaultValue
    }
    return [data, decoder].allSatisfy(isUntouched)
      && [latent, epochs, batch].allSatisfy(isUntouched)
      && [learningRate, beta].allSatisfy(isUntouched) && isUntouched(hidden)
  }

  static func main() { chapter.run() }

  static func describe(
    _ model: VariationalAutoencoder<Float>, _ lesson: Lesson, on page: Page
  ) {
    let (example, elements) = (lesson.source.example, lesson.source.elements)
    page.section("5.1", "Encoder, decoder, and the loss")
    if let description = lesson.source.description { page.prose(description) }
    let here =
      switch lesson.source.kind {
      case .digits: "an image of a handwritten digit"
      case .images: "an image"
      case .points: "a point near a ring"
      }
    page.prose(
      """
      X is an example, here \(here). The encoder reads X and answers with Q(z|X): a mean and a log \
      variance for each latent variable. The decoder reads z and answers with P(X|z): \
      \(model.decoder.logVariance == nil
        ? "the logit of the probability that a pixel is white."
        : "a mean for each of the \(elements), beside one learned variance for all.")
      """)
    page.graph(diagram(of: model.configuration))
    var rows = zip(model.parameterNames, model.parameters).map { name, parameter in
      let shape = parameter.shape.map(String.init).joined(separator: " × ")
      return [name, shape, "\(parameter.count)"]
    }
    rows.append(["all", "", "\(model.parameterCount)"])
    page.table([.left("parameter"), .right("shape"), .right("numbers")], rows: rows)
    page.equation(
      #"-\mathcal{L} = \frac{1}{N} \sum_{i=1}^{N} \left( D[Q(z|X_i) \| P(z)] - \mathbb{E}_{z \sim Q} \log P(X_i|z) \right)"#
    )
    page.note(
      "Sum or mean",
      """
      The loss is a sum over \(elements) and a sum over latent variables, and a mean over the \
      \(example)s of the batch. A mean over the \(elements) would divide log P(X|z) by \
      \(model.configuration.inputSize) and leave the divergence as it is: the same as training with \
      β = \(model.configuration.inputSize).
      """)
    let size = model.configuration.inputSize
    let (black, zero) = (Tensor<Double>(zeros: [1, size]), Tensor<Double>(zeros: [1, size]))
    if model.decoder.logVariance == nil {
      page.check(
        "A decoder that knows nothing (logits 0) pays log 2 for every pixel.",
        .equal(
          Quantity("log P(X|z)", Bernoulli(logits: zero).logProbability(of: black).scalar),
          Quantity("−\(size) · log 2", -Double(size) * .log(2)),
          tolerance: 1e-10 * lesson.source.roundingScale))
    } else {
      let unit = DiagonalNormal(mean: zero, logVariance: zero)
      page.check(
        "At its own mean a Gaussian with σ = 1 has log density −½ log 2π in every number.",
        .equal(
          Quantity("log P(X|z)", unit.logProbability(of: black).scalar),
          Quantity("−½ · \(size) · log 2π", -0.5 * Double(size) * logTwoPi),
          tolerance: 1e-10 * lesson.source.roundingScale))
    }
  }

  /// The whole model, from X to P(X|z).
  private static func diagram(of configuration: Configuration) -> Graph {
    let hidden = configuration.hiddenSizes
    func sizes(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: "–") }
    return Graph(
      "The model",
      description: """
        The number of values in each box. Chance enters at ε alone, so the gradient comes back from \
        P(X|z) to every weight of both networks.
        """,
      nodes: [
        .init("x", "X", detail: "\(configuration.inputSize)", kind: .input),
        .init("encoder", "encoder", detail: sizes(hidden)),
        .init("mean", "μ(X)", detail: "\(configuration.latentSize)"),
        .init("variance", "log σ²(X)", detail: "\(configuration.latentSize)"),
        .init("noise", "ε", detail: "\(configuration.latentSize)", kind: .sample),
        .init("z", "μ + σε", detail: "\(configuration.latentSize)"),
        .init("decoder", "decoder", detail: sizes(hidden.reversed())),
        .init("output", "P(X|z)", detail: "\(configuration.inputSize)", kind: .result),
      ],
      edges: [
        .init(from: "x", to: "encoder"), .init(from: "encoder", to: "mean"),
        .init(from: "encoder", to: "variance"), .init(from: "mean", to: "z"),
        .init(from: "variance", to: "z"), .init(from: "noise", to: "z"),
        .init(from: "z", to: "decoder"), .init(from: "decoder", to: "output"),
      ])
  }

  /// The loss of an untrained model on one batch, in double precision.
  static func takeApart(
    _ configuration: Configuration, _ settings: TrainingSettings, _ lesson: Lesson, on page: Page
  ) {
    let examples = lesson.source
    page.section("5.2", "One batch taken apart")
    var generator = SeededGenerator(seed: settings.seed).stream(0)
    var model = VariationalAutoencoder<Double>(configuration, using: &generator)
    let values = examples.train[Array(0..<min(16, examples.train.count))]
      .converted(to: Double.self)
    let x = examples.output == .bernoulli ? .bernoulli(values, using: &generator) : values
    let posterior = model.encoder(x)
    let noise = Tensor<Double>.normal(posterior.mean.shape, using: &generator)
    let bound = model.evidenceLowerBound(of: x, noise: noise)
    page.prose(
      """
      The first \(x.shape[0]) examples under the weights that training begins with. The numbers are \
      sums over \(examples.elements) and latent variables.
      """)
    page.table(
      [.left("example"), .right("log P(X|z)"), .right("D[Q‖P(z)]"), .right("bound")],
      rows: (0..<min(4, x.shape[0])).map { row in
        ["\(row + 1)"]
          + [bound.reconstruction, bound.divergence, bound.value].map {
            formatted($0[row], decimals: 3)
          }
      } + [
        ["mean"]
          + [bound.reconstruction, bound.divergence, bound.value].map {
            formatted($0.mean().scalar, decimals: 3)
          }
      ])
    page.check(
      "The loss at β = 1 is the negative mean of the bound.",
      .equal(
        Quantity("loss", bound.loss().scalar), Quantity("−mean", -bound.value.mean().scalar),
        tolerance: 1e-10 * lesson.source.roundingScale))

    let first = posterior.rows([0])
    let prior = DiagonalNormal<Double>.standard
    var estimate = MonteCarloEstimate()
    for _ in 0..<20 {
      let draws = first.sample(
        noise: .normal([1000, configuration.latentSize], using: &generator))
      let logRatios = first.logProbability(of: draws) - prior.logProbability(of: draws)
      for logRatio in logRatios.scalars { estimate.add(logRatio) }
    }
    page.check(
      "The divergence is what 20,000 draws from Q say it is.",
      .measured(
        Quantity("mean of log Q − log P", estimate.mean),
        expected: Quantity("closed form", bound.divergence[0]),
        standardError: estimate.standardError))
    // Biases of 0 would put the ReLUs of a black image exactly on their kink, where there is no slope;
    // so small a step hardly ever crosses one elsewhere.
    model = model.replacingParameters { _, parameter in
      parameter + 0.05 * Tensor.normal(parameter.shape, using: &generator)
    }
    let gradient = checkGradient(at: model, directions: 4, step: 1e-5, using: &generator) {
      model in
      model.evidenceLowerBound(of: x, noise: noise).loss(beta: settings.beta)
    }
    page.check(
      "The gradient of this loss agrees with differences in \(gradient.directions) random directions.",
      .atMost(
        Quantity("largest relative error", gradient.relativeError),
        Quantity("tolerance", 1e-7 * lesson.source.roundingScale)))
  }
}
