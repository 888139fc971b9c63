import Autodiff
import Claims
import Datasets
import Notebook
import Probability

/// 4.5 Minibatches: the gradient of a sum over all examples, estimated from a few of them, and the
/// variance of the estimate, which comes from the choice of the examples and from ε.
struct MinibatchGradients: SectionContent {
  /// What was measured for one way of choosing batches.
  struct Result {
    let scheme: Minibatches.Scheme
    let mean: MonteCarloEstimate
    /// The squared deviations from the true gradient.
    let variance: MonteCarloEstimate
    let exactVariance: Double
  }

  let results: [Result]
  /// The gradient of the loss of all examples.
  let total: Double
  let batchCount = 2000

  init(of size: Int, sigma: Double, using generator: SeededGenerator) {
    var generator = generator
    let minibatches = Minibatches(sigma: sigma, using: &generator)
    let total = Double(Minibatches.count) * minibatches.slopes.mean
    let schemes: [Minibatches.Scheme] = [
      .init(size: size, draws: 1), .init(size: size, draws: 10),
      .init(size: 10 * size, draws: 1), .init(size: 10 * size, draws: 1, mayRepeat: true),
    ]
    results = schemes.map { [batchCount] scheme in
      let gradients = minibatches.gradients(scheme, repeats: batchCount, using: &generator)
      return Result(
        scheme: scheme, mean: MonteCarloEstimate(gradients),
        variance: MonteCarloEstimate(gradients.map { ($0 - total) * ($0 - total) }),
        exactVariance: minibatches.variance(scheme))
    }
    self.total = total
  }

  func show(on page: Page) {
    page.lead(
      """
      The gradient of a sum over N = \(Minibatches.count) examples, estimated from M of them with L \
      values of ε each. Compare what ten times as many ε buy with what ten times as many examples buy.
      """)
    page.code("minibatch")
    page.code("variance")
    page.table(
      [
        .right("M"), .right("L"), .left("replacement"), .right("variance"), .right("± s.e."),
        .right("closed form"),
      ],
      rows: results.map {
        [
          formatted($0.scheme.size), formatted($0.scheme.draws),
          $0.scheme.mayRepeat ? "with" : "without",
        ] + cells($0.variance, decimals: 0) + cells($0.exactVariance, decimals: 0)
      }, caption: "The variance of the estimate over \(formatted(batchCount)) batches of each kind."
    )
    page.check(
      "N/M times the sum over a minibatch is an unbiased estimate.",
      .measured("mean over batches", results[0].mean, expected: total, "sum over all examples"))
    for result in results {
      let (size, draws) = (formatted(result.scheme.size), formatted(result.scheme.draws))
      page.check(
        """
        For M = \(size) and L = \(draws)\(result.scheme.mayRepeat ? ", with replacement," : "") the \
        variance agrees with the closed form.
        """,
        .measured("measured", result.variance, expected: result.exactVariance, "closed form"))
    }
  }
}

/// N examples, each with the loss (X − wz)² + D[Q‖P(z)], and an encoder μ(X) = aX.
struct Minibatches {
  static let count = 500
  static let (a, w) = (0.1, 1.2)
  let sigma: Double
  let data: Tensor<Double>

  init(sigma: Double, using generator: inout SeededGenerator) {
    self.sigma = sigma
    data = 4 * Tensor.uniform([Self.count, 1], using: &generator) - 2
  }

  /// How a batch is chosen: M examples, with L values of ε each.
  struct Scheme {
    let size: Int
    let draws: Int
    var mayRepeat = false
  }

  /// The derivatives of the examples’ expected losses with respect to a.
  var slopes: MonteCarloEstimate {
    let factor = Self.a * (1 + 2 * Self.w * Self.w) - 2 * Self.w
    return MonteCarloEstimate(data.squared.scalars.map { factor * $0 })
  }

  /// What ε adds to the variance of an example’s derivative, (2w²σX)², on average.
  var noiseVariance: Double {
    ((2 * Self.w * Self.w * sigma) * data).squared.mean().scalar
  }

  // cell: variance
  /// The variance of the estimate from a minibatch.
  func variance(_ scheme: Scheme) -> Double {
    let (N, M, L) = (Double(Self.count), Double(scheme.size), Double(scheme.draws))
    let correction = scheme.mayRepeat ? (N - 1) / N : 1 - M / N  // for a finite population
    return N * N / M * (correction * slopes.variance + noiseVariance / L)
  }
  // end

  /// The estimates from many batches: N/M times the sum over each.
  func gradients(
    _ scheme: Scheme, repeats: Int, using generator: inout SeededGenerator
  ) -> [Double] {
    let examples = (0..<repeats).flatMap { _ in
      let batch =
        scheme.mayRepeat
        ? (0..<scheme.size).map { _ in generator.integer(below: Self.count) }
        : shuffledBatches(of: Self.count, size: scheme.size, using: &generator)[0]
      return repeatElement(batch, count: scheme.draws).joined()
    }
    let taken = scheme.size * scheme.draws
    let (w, σ, N) = (Self.w, sigma, Double(Self.count))
    // cell: minibatch
    // A row for each batch: its M examples, L times each, with a fresh ε every time.
    let x = data.rows(examples).reshaped([repeats, taken])
    let ε = Tensor<Double>.normal([repeats, taken], using: &generator)
    let sums = valueWithGradient(at: Tensor(repeating: Self.a, shape: [repeats, 1])) { a in
      let μ = a * x
      let error = (x - w * (μ + σ * ε)).squared
      return (error + 0.5 * μ.squared).sum()  // ½μ² is the part of the divergence that depends on a
    }.gradient
    let gradients = sums * (N / Double(taken))  // N/M times the mean over the L values of ε
    // end
    return gradients.scalars
  }
}
