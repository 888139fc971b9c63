import Autodiff
import Kernels
import Notebook
import Probability

@main
struct NaiveMonteCarlo {
  static let sigma = Knob.real(
    "sigma", default: 0.3, in: 0.05...2,
    help: "The noise σ of the linear model in 2.2 to 2.4: the smaller, the more samples it needs.")
  static let samples = Knob.integer(
    "samples", default: 1_000_000, in: 100_000...10_000_000, unit: "draws of z",
    help: "How many the naive estimates of 2.2 and 2.6 get.")
  static let digit = Knob.integer(
    "digit", default: 2, in: 0...9, help: "The digit X of 2.5 and 2.6.")
  static let latent = Knob.integer(
    "latent", default: 10, in: 2...50, unit: "variables",
    help: "The size of z in the larger model of 2.6.")

  static let chapter = Chapter(
    "Ch02-NaiveMonteCarlo", title: "Why P(X) needs so many samples",
    abstract: """
      A model that invents a hidden z and makes X from it gives X the probability \
      P(X) = ∫ P(X|z) P(z) dz. The plain way to compute it is to draw z from P(z) and to average \
      P(X|z). It is right, and it is hopeless: here is why, and by how much. Logarithms are natural: \
      the unit is the nat.
      """,
    knobs: [sigma, samples, digit, latent], exercises: Checks.all
  ) { page, options in
    let generator = SeededGenerator(seed: options.seed)
    let example = Example(sigma: options[sigma])
    moveOutputs(on: page)
    estimate(example, sampleCount: options[samples], generator.stream(2), on: page)
    raiseDimension(sigma: options[sigma], generator.stream(3), on: page)
    showWeights(example, generator.stream(4), on: page)
    let digits = try Digits(options[digit])
    comparePixels(digits, on: page)
    try decode(digits, options, generator.stream(6), on: page)
  }

  static func main() { chapter.run() }

  /// A linear model of three numbers with two latent variables, and an X of which everything is known.
  struct Example {
    let model: LinearGaussianModel
    let x = Tensor<Double>([1.8, -0.1, -0.5], shape: [1, 3])
    /// log P(X).
    let logEvidence: Double
    /// The moments of the weight w = P(X|z)/P(X).
    let moments: WeightMoments

    init(sigma: Double) {
      model = LinearGaussianModel(
        weight: Tensor([0.9, -0.5, 0.4, 0.8, -0.3, 0.6], shape: [3, 2]),
        bias: Tensor([0.5, -0.2, 0.1]), logVariance: Tensor(2 * .log(sigma)))
      logEvidence = model.evidence.logProbability(of: x).scalar
      moments = model.weightMoments(of: x)
    }
  }

  static func moveOutputs(on page: Page) {
    page.section("2.1", "The output distribution")
    page.prose(
      """
      Let z take one of 64 values, each with probability 1/64, and let f place them on a ring. X lies \
      outside. If X = f(z) exactly (a Dirac), P(X) is the share of z that hit X: none. If \
      P(X|z) = N(X; f(z), σ²I), every z contributes a little.

      Look at what the gradient of log P(X) does with each f(z): with a large σ it pulls all \
      of them, with a small one fewer, in the end a single one, ever harder, while P(X) itself \
      fades to 0.
      """)
    let count = 64
    let angle = Tensor((0..<count).map { 2 * .pi * Double($0) / Double(count) })
      .reshaped([count, 1])
    let ring = Tensor.concatenated([cos(angle), sin(angle)], axis: 1)
    let x = Tensor<Double>([1.2, 0.9], shape: [1, 2])
    func logWeights(_ outputs: Tensor<Double>, sigma: Double) -> Tensor<Double> {
      DiagonalNormal(mean: outputs, logVariance: Tensor(2 * .log(sigma))).logProbability(of: x)
    }
    func logEvidence(_ outputs: Tensor<Double>, sigma: Double) -> Tensor<Double> {
      logWeights(outputs, sigma: sigma).logSumExp(axis: 0) - .log(Double(count))
    }

    var residual = 0.0
    let rows = [1, 0.3, 0.1, 0.03, 0.01].map { sigma in
      let result = valueWithGradient(at: ring) { logEvidence($0, sigma: sigma) }
      let weights = logWeights(ring, sigma: sigma)
      let posterior = exp(weights - weights.logSumExp(axis: 0)).reshaped([count, 1])
      let pull = posterior * (x - ring) / (sigma * sigma)
      let largest = pull.scalars.map(abs).max()!
      residual = max(residual, (result.gradient - pull).scalars.map(abs).max()! / largest)
      let length = sqrt(result.gradient.squared.sum(axis: 1)).scalars.max()!
      return [
        formatted(sigma, digits: 2), formatted(result.value, digits: 5),
        formatted(.exp(result.value), digits: 3), formatted(length, digits: 4),
        formatted(.exp(result.value) * length, digits: 3),
        formatted(effectiveSampleSize(logWeights: weights.scalars), decimals: 2),
      ]
    }
    let hits = (0..<count).count { ring[$0, 0] == x[0, 0] && ring[$0, 1] == x[0, 1] }
    page.table(
      [
        .left("σ"), .right("log P(X)"), .right("P(X)"), .right("largest ∂log P/∂f"),
        .right("largest ∂P/∂f"), .right("z at work"),
      ],
      rows: rows + [["Dirac", "-inf", "\(hits) of \(count)", "none", "0", "0"]],
      caption: "The largest over z of the gradient's length; z at work: (Σ w)²/Σ w², w = P(X|z).")
    page.equation(
      #"\frac{\partial \log P(X)}{\partial f(z)} = P(z|X) \frac{X - f(z)}{\sigma^2}"#)
    page.check(
      "The tape's gradient is this one, for every z and σ.",
      .equal(
        Quantity("largest difference, relative", residual), Quantity("zero", 0), tolerance: 1e-10))

    let sigma = 0.3
    var outputs = ring
    for _ in 0..<100 {
      let gradient = valueWithGradient(at: outputs) { logEvidence($0, sigma: sigma) }.gradient
      outputs = outputs + (0.5 * sigma * sigma) * gradient
    }
    func panel(_ title: String, _ outputs: Tensor<Double>) -> Plot {
      let columns = outputs.transposed()
      return Plot(
        title, x: Axis("f₁", range: -1.3...1.5), y: Axis("f₂", range: -1.3...1.3),
        hasEqualAspect: true,
        layers: [
          .points(.init("f(z)", x: columns.rows([0]).scalars, y: columns.rows([1]).scalars)),
          .points(.init("X", x: [x[0, 0]], y: [x[0, 1]])),
        ])
    }
    page.figure(
      "Gradient ascent on log P(X) moves f(z) towards X for some z",
      description: """
        100 steps with σ = 0.3. The z nearest to X take it over; the others, with P(z|X) next to 0, \
        stay where they are.
        """, panel("before", ring), panel("after", outputs))
    func distance(_ outputs: Tensor<Double>) -> Double {
      sqrt((outputs - x).squared.sum(axis: 1)).scalars.min()!
    }
    page.check(
      "Ascent brings the nearest f(z) to X: to a tenth of its distance, and closer.",
      .atMost(
        Quantity("nearest after", distance(outputs)),
        Quantity("a tenth of nearest before", 0.1 * distance(ring))))

    let logits = Tensor<Double>([-2, 0.3, 1, 4], shape: [1, 4])
    let images = Tensor((0..<64).map { Double(($0 / 4) >> ($0 % 4) & 1) }, shape: [16, 4])
    page.prose(
      """
      For black and white pixels P(X|z) is a Bernoulli for each pixel, whose logit is f(z): the other \
      output that leaves no X without a gradient.
      """)
    page.check(
      "Four such pixels: the probabilities of all 16 images sum to 1.",
      .equal(
        Quantity("sum", exp(Bernoulli(logits: logits).logProbability(of: images)).sum().scalar),
        Quantity("one", 1), tolerance: 1e-10))
  }
}
