import Autodiff
import Datasets
import Notebook
import Probability

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

  /// How batches are taken: M examples, L draws of ε for each.
  struct Scheme {
    let size: Int
    let draws: Int
    var mayRepeat = false
  }

  /// The derivatives of the examples' expected losses with respect to a.
  var slopes: MonteCarloEstimate {
    let factor = Self.a * (1 + 2 * Self.w * Self.w) - 2 * Self.w
    return MonteCarloEstimate(data.squared.scalars.map { factor * $0 })
  }

  /// What ε adds to the variance of an example's derivative, (2w²σX)², on average.
  var noiseVariance: Double {
    ((2 * Self.w * Self.w * sigma) * data).squared.mean().scalar
  }

  /// The variance of a batch's estimate.
  func variance(_ scheme: Scheme) -> Double {
    let (n, m, l) = (Double(Self.count), Double(scheme.size), Double(scheme.draws))
    let correction = scheme.mayRepeat ? (n - 1) / n : 1 - m / n
    return n * n / m * (correction * slopes.variance + noiseVariance / l)
  }

  /// The estimates of many batches: N/M times the sum of each.
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
    let x = data.rows(examples).reshaped([repeats, taken])
    let noise = Tensor<Double>.normal([repeats, taken], using: &generator)
    let sums = valueWithGradient(at: Tensor(repeating: Self.a, shape: [repeats, 1])) { a in
      let mean = a * x
      let error = (x - Self.w * (mean + sigma * noise)).squared
      // Of the divergence, ½μ² is what depends on a.
      return (error + 0.5 * mean.squared).sum()
    }.gradient
    return (sums * (Double(Self.count) / Double(taken))).scalars
  }
}

extension Reparameterization {
  static func takeMinibatches(
    of size: Int, sigma: Double, _ generator: SeededGenerator, on page: Page
  ) {
    page.section("4.5", "Minibatches")
    page.prose(
      """
      The loss is a sum over N = \(Minibatches.count) examples. A minibatch takes M of them, L draws \
      of ε for each, and multiplies by N/M. Here is the gradient with respect to a, for μ(X) = aX. \
      Look at what ten times as many draws an example buy, and what ten times as many examples.
      """)
    var generator = generator
    let minibatches = Minibatches(sigma: sigma, using: &generator)
    let total = Double(Minibatches.count) * minibatches.slopes.mean
    let schemes: [Minibatches.Scheme] = [
      .init(size: size, draws: 1), .init(size: size, draws: 10),
      .init(size: 10 * size, draws: 1), .init(size: 10 * size, draws: 1, mayRepeat: true),
    ]
    let gradients = schemes.map { minibatches.gradients($0, repeats: 2000, using: &generator) }
    let variances = gradients.map { values in
      MonteCarloEstimate(values.map { ($0 - total) * ($0 - total) })
    }
    page.table(
      [
        .right("M"), .right("L"), .left("an example twice?"), .right("variance"), .right("± se"),
        .right("closed form"),
      ],
      rows: zip(schemes, variances).map { scheme, variance in
        ["\(scheme.size)", "\(scheme.draws)", scheme.mayRepeat ? "maybe" : "never"]
          + [variance.mean, variance.standardError, minibatches.variance(scheme)].map {
            formatted($0, digits: 4)
          }
      }, caption: "From \(gradients[0].count) batches of each kind.")
    page.check(
      "The scaled minibatch is unbiased.",
      .measured(
        "mean over batches", MonteCarloEstimate(gradients[0]), "sum over all examples", total))
    for (scheme, variance) in zip(schemes, variances) {
      page.check(
        """
        M = \(scheme.size), L = \(scheme.draws)\(scheme.mayRepeat ? ", with replacement" : ""): the \
        variance is the closed form's.
        """, .measured("measured", variance, "closed form", minibatches.variance(scheme)))
    }
  }
}
