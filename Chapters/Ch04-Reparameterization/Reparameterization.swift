import Autodiff
import Notebook
import Probability

@main
struct Reparameterization {
  static let deviation = Knob.real(
    "sigma", default: 0.5, in: 0.1...3, help: "The standard deviation σ of Q(z|X).")
  static let draws = Knob.integer(
    "draws", default: 100_000, in: 10_000...1_000_000, unit: "draws",
    help: "How many draws a mean is taken over.")
  static let dimension = Knob.integer(
    "dimension", default: 256, in: 16...1024, unit: "variables",
    help: "The largest size of z in section 4.3.")
  static let batch = Knob.integer(
    "batch", default: 20, in: 1...50, unit: "examples",
    help: "The size M of the minibatches in section 4.5, out of 500 examples.")

  static let chapter = Chapter(
    "Ch04-Reparameterization", title: "Moving the sampling out of the way",
    abstract: """
      The bound of chapter 3 is an expectation over z from Q(z|X), and training needs its gradient \
      with respect to Q's own parameters. A z that is drawn inside the network lets no gradient \
      through. Drawn outside, it does.
      """,
    knobs: [deviation, draws, dimension, batch], exercises: Checks.all
  ) { page, options in
    let (sigma, count) = (options[deviation], options[draws])
    let seed = SeededGenerator(seed: options.seed)
    sampleInside(Autoencoder(sigma: sigma), count, seed.stream(1), on: page)
    sampleOutside(Autoencoder(sigma: sigma), count, seed.stream(2), on: page)
    compareEstimators(
      sigma: sigma, count, largest: options[dimension], seed.stream(3), on: page)
    try takeTheRoot(sigma: sigma, count, seed.stream(4), on: page)
    takeMinibatches(of: options[batch], sigma: sigma, seed.stream(5), on: page)
    try goFurther(count, seed.stream(6), on: page)
  }

  static func main() { chapter.run() }
}

/// The smallest autoencoder that draws: for one example X, Q(z|X) = N(μ, σ²) and
/// P(X|z) = N(wz, ½), so that −log P(X|z) is the squared error (X − wz)², up to a constant.
struct Autoencoder: Parameterized {
  static let x = 1.5
  static let parameterNames = ["μ", "σ", "w"]
  var mean = Tensor(0.5)
  var standardDeviation: Tensor<Double>
  var weight = Tensor(1.2)

  init(sigma: Double) { standardDeviation = Tensor(sigma) }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("μ", &mean)
    visitor.visit("σ", &standardDeviation)
    visitor.visit("w", &weight)
  }

  func error(_ z: Tensor<Double>) -> Tensor<Double> { (Self.x - weight * z).squared }

  /// A sampling unit as libraries have them: numbers go in, numbers come out.
  func drawInside(_ count: Int, using generator: inout SeededGenerator) -> Tensor<Double> {
    let (mean, deviation) = (mean.scalars[0], standardDeviation.scalars[0])
    return Tensor(generator.normal(count: count).map { mean + deviation * $0 })
  }

  /// The same, as an operation on the tape; what is random comes from outside.
  func sample(noise: Tensor<Double>) -> Tensor<Double> { mean + standardDeviation * noise }

  /// The derivatives of E[(X − wz)²] = (X − wμ)² + w²σ² with respect to μ, σ and w.
  var exactGradient: [Double] {
    let (m, s, w) = (mean.scalar, standardDeviation.scalar, weight.scalar)
    let rest = Self.x - w * m
    return [-2 * w * rest, 2 * w * w * s, -2 * m * rest + 2 * w * s * s]
  }
}

extension Reparameterization {
  static func sampleInside(
    _ model: Autoencoder, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.1", "A sampling unit has no gradient")
    page.prose(
      """
      The smallest autoencoder that draws. For one example X = \(Autoencoder.x) the encoder says \
      μ = \(model.mean.scalar) and σ = \(model.standardDeviation.scalar); z is drawn from N(μ, σ²); \
      the decoder answers wz, with w = \(model.weight.scalar); the error is (X − wz)². Here is the \
      tape if z is drawn on the way. Look for a way back from the error to μ or σ: there is none.
      """)
    var generator = generator
    page.graph(
      Graph(
        "The tape, with z drawn inside",
        description: """
          ∂ is the derivative of the error with respect to what a box holds. No gradient comes back \
          along a broken arrow: z is a constant to the tape, as X is.
          """,
        tape: recordedSteps(at: model) { $0.error($0.drawInside(1, using: &generator)) },
        values: Autoencoder.parameterNames + ["wz", "X − wz", "error"],
        constants: [
          .init("z", "z", detail: "drawn", kind: .sample), .init("X", "X", kind: .input),
        ],
        brokenArrows: [("μ", "z"), ("σ", "z"), ("z", "wz"), ("X", "X − wz")]))

    let estimates = derivativeEstimates(at: model, count: count) {
      $0.error($0.drawInside(count, using: &generator))
    }
    let exact = model.exactGradient
    page.prose(
      """
      Nor do \(count) draws help. The expected error is (X − wμ)² + w²σ², which depends on μ and σ \
      very well. The tape says that it does not.
      """)
    page.table(
      [.left("derivative"), .right("mean on the tape"), .right("± se"), .right("true")],
      rows: exact.indices.map {
        [Autoencoder.parameterNames[$0]] + cells(estimates[$0]) + cells(exact[$0])
      })
    for index in 0..<2 {
      page.check(
        "No gradient reaches \(Autoencoder.parameterNames[index]).",
        .sameBits(Quantity("mean on the tape", estimates[index].mean), Quantity("nothing", 0)))
    }
    page.check(
      "A random input is no obstacle: w, which z comes into from outside, has its gradient.",
      .measured("mean for w", estimates[2], "true", exact[2]))
  }

  static func sampleOutside(
    _ model: Autoencoder, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.2", "z = μ + σε")
    page.prose(
      """
      The same law for z; but ε from N(0, 1) is handed in like X, and z = μ + σε is computed on the \
      tape. Look at the boxes of μ and σ: the gradient has arrived.
      """)
    var generator = generator
    let one = Tensor<Double>.normal([], using: &generator)
    page.graph(
      Graph(
        "The tape, with ε drawn outside",
        description: """
          The draw has moved to an input, ε = \(formatted(one.scalar, decimals: 3)). An unbroken way \
          leads from the error back to each of μ, σ and w.
          """,
        tape: recordedSteps(at: model) { $0.error($0.sample(noise: one)) },
        values: Autoencoder.parameterNames + ["σε", "z", "wz", "X − wz", "error"],
        constants: [.init("ε", "ε", kind: .sample), .init("X", "X", kind: .input)],
        brokenArrows: [("ε", "σε"), ("X", "X − wz")]))

    let noise = Tensor<Double>.normal([count], using: &generator)
    let estimates = derivativeEstimates(at: model, count: count) {
      $0.error($0.sample(noise: noise))
    }
    let rule = QuadratureRule.gaussHermite(8)
    // A copy of the parameters for each node: first the gradients, then their expectation.
    let copies = model.replacingParameters { _, parameter in
      parameter.broadcast(to: [rule.nodes.count])
    }
    let integrated = valueWithGradient(at: copies) {
      $0.error($0.sample(noise: Tensor(rule.nodes))).sum()
    }.gradient.parameters.map { ($0 * Tensor(rule.weights)).sum().scalar }
    let exact = model.exactGradient
    page.prose("The table again, with \(count) draws of ε, and with the integral over ε:")
    page.table(
      [
        .left("derivative"), .right("mean on the tape"), .right("± se"), .right("integral"),
        .right("true"),
      ],
      rows: exact.indices.map {
        [Autoencoder.parameterNames[$0]] + cells(estimates[$0]) + cells(integrated[$0], exact[$0])
      })
    for index in exact.indices {
      page.check(
        "The mean gradient for \(Autoencoder.parameterNames[index]) is that of the expected error.",
        .measured("mean on the tape", estimates[index], "true", exact[index]))
    }
    page.check(
      "The expectation of the gradient, as an integral, is the gradient of the expectation.",
      .atMost(
        Quantity("largest difference", zip(exact, integrated).map { abs($0 - $1) }.max()!),
        Quantity("tolerance", 1e-10)))
    let differences = checkGradient(at: model, using: &generator) {
      $0.error($0.sample(noise: one))
    }
    page.check(
      "For a fixed ε the error is a smooth function of μ, σ and w: its differences agree.",
      .atMost(
        Quantity("largest relative error", differences.relativeError), Quantity("tolerance", 1e-9)))
    drawAgainstMean(sigma: model.standardDeviation.scalar, &generator, on: page)
    page.prose("So this is what training differentiates, with both expectations outside:")
    page.equation(
      #"\mathbb{E}_{X \sim D}[\mathbb{E}_{\varepsilon \sim \mathcal{N}(0, I)}[\log P(X|z = \mu(X) + \Sigma^{1/2}(X) \cdot \varepsilon)] - D[Q(z|X) \| P(z)]]"#
    )
  }

  static func drawAgainstMean(
    sigma: Double, _ generator: inout SeededGenerator, on page: Page
  ) {
    let means = (0...60).map { Double($0) / 15 - 2 }
    let fresh = generator.normal(count: means.count)
    page.figure(
      "z as a function of μ",
      description: """
        Left, z drawn anew for each μ: there is no curve, and so no slope. Right, z = μ + σε for four \
        values of ε, each held fixed: lines of slope 1.
        """,
      Plot(
        "drawn inside", x: Axis("μ"), y: Axis("z"),
        layers: [.points(.init(x: means, y: zip(means, fresh).map { $0 + sigma * $1 }))]),
      Plot(
        "drawn outside", x: Axis("μ"), y: Axis("z"),
        layers: [-1.5, -0.5, 0.5, 1.5].map { e in
          .line(.init("ε = \(e)", x: means, y: means.map { $0 + sigma * e }))
        }))
  }
}

/// Numbers as cells of a table.
func cells(_ numbers: Double...) -> [String] { numbers.map { formatted($0, decimals: 4) } }

/// A mean and its standard error as cells of a table.
func cells(_ estimate: MonteCarloEstimate) -> [String] {
  cells(estimate.mean, estimate.standardError)
}

extension Check.Evidence {
  /// An estimate beside what it should be.
  static func measured(
    _ label: String, _ estimate: MonteCarloEstimate, _ expectedLabel: String, _ expected: Double
  ) -> Check.Evidence {
    .measured(
      Quantity(label, estimate.mean), expected: Quantity(expectedLabel, expected),
      standardError: estimate.standardError)
  }
}
