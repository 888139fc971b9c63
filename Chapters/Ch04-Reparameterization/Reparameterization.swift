import Autodiff
import Kernels
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
    "batch", default: 20, in: 1...100, unit: "examples",
    help: "The size M of the minibatches of section 4.5, out of 1000 examples.")

  static let chapter = Chapter(
    "Ch04-Reparameterization", title: "Moving the sampling out of the way",
    abstract: """
      The bound of chapter 3 is an expectation over z from Q(z|X), and training needs its gradient \
      with respect to Q's own parameters. A z that is drawn inside the network has none to give. \
      Drawn outside, it has.
      """,
    knobs: [deviation, draws, dimension, batch]
  ) { page, options in
    let (sigma, count) = (options[deviation], options[draws])
    let streams = (0..<7).map { SeededGenerator(seed: options.seed).stream($0) }
    sampleInside(Autoencoder(sigma: sigma), count, streams[1], on: page)
    sampleOutside(Autoencoder(sigma: sigma), count, streams[2], on: page)
    compareEstimators(
      sigma: sigma, count, largestDimension: options[dimension], streams[3], on: page)
    takeTheRoot(sigma: sigma, count, streams[4], on: page)
    takeMinibatches(of: options[batch], sigma: sigma, streams[5], on: page)
    goFurther(count, streams[6], on: page)
  }

  static func main() { chapter.run() }
}

/// The smallest autoencoder that draws: for one example X, Q(z|X) = N(μ, σ²) and
/// P(X|z) = N(wz, ½), so that −log P(X|z) is the squared error (X − wz)², up to a constant.
struct Autoencoder: Differentiable {
  static let x = 1.5
  var mean: Tensor<Double> = 0.5
  var standardDeviation: Tensor<Double>
  var weight: Tensor<Double> = 1.2

  init(sigma: Double) { standardDeviation = Tensor(sigma) }

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
    visitor.visit("μ", &mean)
    visitor.visit("σ", &standardDeviation)
    visitor.visit("w", &weight)
  }

  func error(_ z: Tensor<Double>) -> Tensor<Double> { (Tensor(Self.x) - weight * z).squared }

  /// The derivatives of E[(X − wz)²] = (X − wμ)² + w²σ² with respect to μ, σ and w.
  var exactGradient: [Double] {
    let (m, s, w) = (mean.scalar, standardDeviation.scalar, weight.scalar)
    let rest = Self.x - w * m
    return [-2 * w * rest, 2 * w * w * s, -2 * m * rest + 2 * w * s * s]
  }

  /// A gradient for each of many draws: every draw has a copy of the parameters to itself.
  func gradients(
    _ count: Int, of error: (Autoencoder) -> Tensor<Double>
  ) -> [MonteCarloEstimate] {
    var copies = self
    copies.forEachParameter { _, parameter in parameter = parameter.broadcast(to: [count]) }
    return valueWithGradient(at: copies) { error($0).sum() }.gradient.parameters
      .map { MonteCarloEstimate($0.scalars) }
  }
}

extension Reparameterization {
  static let parameterNames = ["μ", "σ", "w"]

  /// A sampling unit as libraries have them: numbers go in, numbers come out.
  static func draw(
    _ count: Int, from model: Autoencoder, using generator: inout SeededGenerator
  ) -> [Double] {
    let (mean, deviation) = (model.mean.scalars[0], model.standardDeviation.scalars[0])
    return generator.normal(count: count).map { mean + deviation * $0 }
  }

  static func sampleInside(
    _ model: Autoencoder, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.1", "A sampling unit has no gradient")
    page.prose(
      """
      The smallest autoencoder that draws. For one example X = \(Autoencoder.x) the encoder says \
      μ = \(model.mean.scalar) and σ = \(model.standardDeviation.scalar); z is drawn from N(μ, σ²); \
      the decoder answers wz with w = \(model.weight.scalar), and the error is (X − wz)². Here is \
      the tape that the core records if z is drawn on the way. Look for arrows that lead to μ and \
      σ: there are none.
      """)
    var generator = generator
    let tape = recordedSteps(at: model) {
      $0.error(Tensor(draw(1, from: $0, using: &generator)[0]))
    }
    page.graph(
      Graph(
        "The tape, with z drawn inside",
        description: """
          ∂ is the derivative of the error with respect to what a box holds. No gradient comes back \
          along a broken arrow: to the tape, z is a constant, as X is.
          """,
        tape: tape, values: parameterNames + ["wz", "X − wz", "error"],
        constants: [
          .init("z", "z", detail: "drawn", kind: .sample), .init("X", "X", kind: .input),
        ],
        brokenArrows: [("μ", "z"), ("σ", "z"), ("z", "wz"), ("X", "X − wz")]))

    let estimates = model.gradients(count) {
      $0.error(Tensor(draw(count, from: $0, using: &generator)))
    }
    page.prose(
      """
      Nor do \(count) draws help. The expected error is (X − wμ)² + w²σ²: it does depend on μ and \
      σ. Yet the tape says that it does not.
      """)
    page.table(
      [.left("derivative"), .right("mean on the tape"), .right("standard error"), .right("true")],
      rows: zip(parameterNames, zip(estimates, model.exactGradient)).map { name, pair in
        row(name, pair.0) + [formatted(pair.1, decimals: 4)]
      })
    for index in 0..<2 {
      page.check(
        "No gradient reaches \(parameterNames[index]).",
        .sameBits(
          Quantity("∂ on the tape, mean", estimates[index].mean), Quantity("nothing", 0)))
    }
    page.check(
      "A random input is no obstacle: to w, which z only passes by, the gradient is right.",
      .measured("∂ for w, mean", estimates[2], "exact", model.exactGradient[2]))
  }

  static func sampleOutside(
    _ model: Autoencoder, _ count: Int, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.2", "z = μ + σε")
    page.prose(
      """
      The same draw, but ε comes from N(0, 1) and is handed in like X, and z = μ + σε is computed \
      on the tape. Look at the boxes of μ and σ: the gradient has arrived.
      """)
    var generator = generator
    let one = Tensor(generator.normal(count: 1)[0])
    let error = { (model: Autoencoder, noise: Tensor<Double>) in
      model.error(model.mean + model.standardDeviation * noise)
    }
    page.graph(
      Graph(
        "The tape, with ε drawn outside",
        description: """
          The draw has moved to an input, ε = \(formatted(one.scalar, decimals: 3)). From the error \
          an unbroken way leads back to each of μ, σ and w.
          """,
        tape: recordedSteps(at: model) { error($0, one) },
        values: parameterNames + ["σε", "z", "wz", "X − wz", "error"],
        constants: [.init("ε", "ε", kind: .sample), .init("X", "X", kind: .input)],
        brokenArrows: [("ε", "σε"), ("X", "X − wz")]))

    let noise = Tensor<Double>.normal([count], using: &generator)
    let estimates = model.gradients(count) { error($0, noise) }
    let rule = QuadratureRule.gaussHermite(8)
    let integrated = valueWithGradient(at: model) {
      (error($0, Tensor(rule.nodes)) * Tensor(rule.weights)).sum()
    }.gradient.parameters.map(\.scalar)
    let exact = model.exactGradient
    page.prose("The same table again: \(count) draws of ε, and the integral over ε by quadrature.")
    page.table(
      [
        .left("derivative"), .right("mean on the tape"), .right("standard error"),
        .right("by quadrature"), .right("true"),
      ],
      rows: exact.indices.map {
        row(parameterNames[$0], estimates[$0])
          + [integrated[$0], exact[$0]].map { formatted($0, decimals: 4) }
      })
    for index in exact.indices {
      page.check(
        "The mean gradient for \(parameterNames[index]) is that of the expectation.",
        .measured("∂, mean", estimates[index], "exact", exact[index]))
    }
    page.check(
      "The expectation of the gradient, by quadrature, is the gradient of the expectation.",
      .atMost(
        Quantity("largest difference", zip(exact, integrated).map { abs($0 - $1) }.max()!),
        Quantity("tolerance", 1e-10)))
    let difference = checkGradient(at: model, using: &generator) { error($0, one) }
    page.check(
      "With ε held fixed the error is an ordinary function: its differences agree with the tape.",
      .atMost(
        Quantity("largest relative error", difference.relativeError), Quantity("tolerance", 1e-9)))

    let means = (0...60).map { Double($0) / 15 - 2 }
    let fixed = [-1.5, -0.5, 0.5, 1.5]
    let sigma = model.standardDeviation.scalar
    let fresh = generator.normal(count: means.count)
    page.figure(
      "z as a function of μ",
      description: """
        Left, z drawn anew at each μ: there is no curve, and so no slope. Right, z = μ + σε for four \
        values of ε that are held fixed: straight lines of slope 1.
        """,
      Plot(
        "drawn inside", x: Axis("μ"), y: Axis("z"),
        layers: [.points(.init(x: means, y: zip(means, fresh).map { $0 + sigma * $1 }))]),
      Plot(
        "drawn outside", x: Axis("μ"), y: Axis("z"),
        layers: fixed.map { e in
          .line(.init("ε = \(e)", x: means, y: means.map { $0 + sigma * e }))
        }))
  }

  /// The first cells of a table's row: a name, a mean and its standard error.
  static func row(_ name: String, _ estimate: MonteCarloEstimate) -> [String] {
    [
      name, formatted(estimate.mean, decimals: 4), formatted(estimate.standardError, decimals: 4),
    ]
  }
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

extension Graph {
  /// A tape: a box for each recorded step with its gradient ∂, named by `values`; an arrow for each
  /// way back; and the constants, which are on no tape.
  init(
    _ title: String, description: String, tape: [RecordedStep<Double>], values: [String],
    constants: [Node], brokenArrows: [(from: String, to: String)]
  ) {
    let steps = zip(tape, values).map { step, value in
      let isParameter = step.operands.isEmpty
      return Node(
        value, isParameter ? value : "\(step.name) ↦ \(value)",
        detail: "∂ = \(formatted(step.gradient.scalar, decimals: 3))",
        kind: isParameter ? .parameter : value == values.last ? .result : .operation)
    }
    let arrows = zip(tape, values).flatMap { step, value in
      Set(step.operands).sorted().map { Edge(from: values[$0], to: value) }
    }
    self.init(
      title, description: description, nodes: steps + constants,
      edges: arrows + brokenArrows.map { Edge(from: $0.from, to: $0.to, isBlocked: true) })
  }
}
