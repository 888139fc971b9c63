import Autodiff
import Claims
import Notebook
import Probability

/// Why X scatters around f(z): z takes one of K values, so that P(X) is a finite sum, and the gradient of
/// log P(X) pulls each f(z) towards X.
struct OutputDistribution {
  /// The gradient at one σ.
  struct Row {
    let sigma: Double
    let logEvidence: Double
    /// The length of the longest ∂ log P(X)/∂f(z) of all z.
    let largestGradient: Double
    let effectiveSampleSize: Double
    /// The largest difference, over z, between the tape's gradient and the formula, relative to the
    /// largest gradient.
    let difference: Double
  }

  let x = Tensor<Double>([1.2, 0.9], shape: [1, 2])
  /// f(z) for each z, of shape [64, 2]: on a ring, and after gradient ascent on log P(X).
  let ring: Tensor<Double>
  let ascended: Tensor<Double>
  let rows: [Row]
  /// The sum of the probabilities of all 16 images of four pixels.
  let sumOverImages: Double

  init() {
    let count = 64
    let angle = Tensor((0..<count).map { 2 * .pi * Double($0) / Double(count) })
      .reshaped([count, 1])
    let ring = Tensor.concatenated([cos(angle), sin(angle)], axis: 1)
    let x = x
    rows = [1, 0.3, 0.1, 0.03, 0.01].map { Self.gradient(at: ring, sigma: $0, x) }

    // cell: ascent
    let σ = 0.3
    var f = ring
    for _ in 0..<100 {
      let slope = valueWithGradient(at: f) { Self.logEvidence($0, sigma: σ, x) }.gradient
      f = f + 0.5 * σ * σ * slope  // each f(z) moves towards X, by half of P(z|X) of the way
    }
    // end
    (self.ring, ascended) = (ring, f)
    sumOverImages = Self.sumOverImages()
  }

  // cell: evidence
  /// log P(X|z) = log N(X; f(z), σ²I) for each z.
  static func logLikelihood(
    _ f: Tensor<Double>, sigma σ: Double, _ x: Tensor<Double>
  ) -> Tensor<Double> {
    DiagonalNormal(mean: f, logVariance: Tensor(2 * .log(σ))).logProbability(of: x)
  }

  /// log P(X) = log 1/K ∑ P(X|z).
  static func logEvidence(
    _ f: Tensor<Double>, sigma σ: Double, _ x: Tensor<Double>
  ) -> Tensor<Double> {
    logLikelihood(f, sigma: σ, x).logSumExp(axis: 0) - .log(Double(f.shape[0]))
  }
  // end

  private static func gradient(
    at f: Tensor<Double>, sigma: Double, _ x: Tensor<Double>
  ) -> Row {
    let (σ, count) = (sigma, f.shape[0])
    // cell: pull
    let result = valueWithGradient(at: f) { logEvidence($0, sigma: σ, x) }
    let logWeights = logLikelihood(f, sigma: σ, x)
    let posterior = exp(logWeights - logWeights.logSumExp(axis: 0))  // P(z|X)
    let pull = posterior.reshaped([count, 1]) * (x - f) / (σ * σ)  // ∂ log P(X)/∂f(z)
    // end
    return Row(
      sigma: sigma, logEvidence: result.value,
      largestGradient: sqrt(result.gradient.squared.sum(axis: 1)).scalars.max()!,
      effectiveSampleSize: effectiveSampleSize(logWeights: logWeights.scalars),
      difference: (result.gradient - pull).scalars.map(abs).max()!
        / pull.scalars.map(abs).max()!)
  }

  private static func sumOverImages() -> Double {
    // cell: pixels
    let f = Tensor<Double>([-2, 0.3, 1, 4], shape: [1, 4])  // log(p/(1 − p)) of each pixel
    let images = Tensor((0..<64).map { Double(($0 / 4) >> ($0 % 4) & 1) }, shape: [16, 4])
    // log P(X|z) = ∑ X log p + (1 − X) log(1 − p), over the pixels of each image
    let logProbabilities = Bernoulli(logits: f).logProbability(of: images)
    let sum = exp(logProbabilities).sum().scalar
    // end
    return sum
  }

  /// The number of z with f(z) = X exactly.
  var hits: Int {
    (0..<ring.shape[0]).count { ring[$0, 0] == x[0, 0] && ring[$0, 1] == x[0, 1] }
  }

  /// The distance from X to the nearest f(z).
  func nearestDistance(_ f: Tensor<Double>) -> Double {
    sqrt((f - x).squared.sum(axis: 1)).scalars.min()!
  }

  func show(on page: Page) {
    page.lead(
      """
      The f(z) of 64 values of z lie on a ring, and X lies outside. Look at how strongly the gradient \
      of log P(X) pulls on them as σ shrinks.
      """)
    page.code("evidence")
    page.code("pull")
    page.table(
      [
        .right("σ"), .right("log P(X)"), .right("P(X)"), .right("‖∂ log P/∂f‖"),
        .right("‖∂P/∂f‖"), .right("effective number of z"),
      ],
      rows: rows.map { row in
        [
          formatted(row.sigma, decimals: 2), formatted(row.logEvidence, decimals: 2),
          formatted(exponentialOf: row.logEvidence),
          formatted(row.largestGradient, digits: 4),
          formatted(exponentialOf: row.logEvidence + .log(row.largestGradient)),
          formatted(row.effectiveSampleSize, decimals: 2),
        ]
      } + [["Dirac", "−∞", "\(hits) of \(ring.shape[0])", "none", "0", "0"]],
      caption: """
        ‖·‖: the length of the gradient at one z, the largest over all z. Effective number of z: \
        (∑ w)²/∑ w² with w = P(X|z).
        """)
    page.check(
      "The gradient on the tape is P(z|X) (X − f(z))/σ², for every z and every σ.",
      .small("largest relative difference", rows.map(\.difference)))

    page.lead(
      "With a σ that is neither large nor small, several f(z) move. See which of them reach X.")
    page.code("ascent")
    page.figure(
      "Gradient ascent on log P(X) moves f(z) towards X for some z",
      description: """
        100 steps with σ = 0.3. The f(z) nearest to X move onto it, and their neighbours part of the \
        way. For all others P(z|X) is nearly 0, and they hardly move.
        """, panel("before", ring), panel("after", ascended))
    page.check(
      "The ascent takes the nearest f(z) to within a tenth of its first distance from X.",
      .atMost(
        Quantity("the distance after", nearestDistance(ascended)),
        Quantity("a tenth of the distance before", 0.1 * nearestDistance(ring))))

    page.lead("The other common output is a Bernoulli distribution for each black or white pixel.")
    page.code("pixels")
    page.check(
      "With a Bernoulli for each of four pixels, the probabilities of all 16 images sum to 1.",
      .equal(Quantity("sum", sumOverImages), Quantity("one", 1), tolerance: 1e-10))
  }

  private func panel(_ title: String, _ f: Tensor<Double>) -> Plot {
    let columns = f.transposed()
    return Plot(
      title, x: Axis("f₁", range: -1.3...1.5), y: Axis("f₂", range: -1.3...1.3),
      hasEqualAspect: true,
      layers: [
        .points(
          .init(
            "f(z)", meaning: .prior, x: columns.rows([0]).scalars, y: columns.rows([1]).scalars)),
        .points(.init("X", meaning: .series(5), x: [x[0, 0]], y: [x[0, 1]])),
      ])
  }
}
