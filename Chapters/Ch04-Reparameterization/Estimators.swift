import Autodiff
import Datasets
import Kernels
import Notebook
import Probability

/// The worked example of section 4.3: h(z) = ‖z‖² in d dimensions, z from N(μ, σ²I) with
/// μ = (1, …, 1), and the derivative of E[h] with respect to μ₁, which is 2.
struct SquaredNorm {
  let dimension: Int
  let sigma: Double

  let derivative = 2.0
  private var d: Double { Double(dimension) }
  private var variance: Double { sigma * sigma }

  /// E[h ε₁²], which is E[h] + 2σ².
  var bestBaseline: Double { d * (1 + variance) + 2 * variance }
  /// The variance of one pathwise estimate, 2z₁.
  var pathwiseVariance: Double { 4 * variance }
  /// The variance of one score function estimate, (h − b) ε₁/σ.
  func scoreVariance(baseline b: Double) -> Double {
    let excess = b - bestBaseline
    return 4 * (1 + variance) + d * (4 + 2 * variance) + excess * excess / variance
  }

  private var q: DiagonalNormal<Double> {
    DiagonalNormal(
      mean: Tensor(repeating: 1, shape: [dimension]),
      logVariance: Tensor(repeating: .log(variance), shape: [dimension]))
  }

  private static func h(_ z: Tensor<Double>) -> Tensor<Double> { z.squared.sum(axis: 1) }

  /// h(z), the pathwise estimate ∂h/∂μ₁ and the score ∂log Q/∂μ₁ of each draw.
  func sample(noise: Tensor<Double>)
    -> (h: Tensor<Double>, pathwise: Tensor<Double>, score: Tensor<Double>)
  {
    let ones = Tensor<Double>(repeating: 1, shape: [noise.shape[0]])
    let first = { (gradient: DiagonalNormal<Double>) in
      gradient.mean.slice(axis: 1, 0..<1).reshaped(ones.shape)
    }
    return (
      Self.h(q.sample(noise: noise)),
      first(q.pathwiseGradients(noise: noise, of: Self.h)),
      first(q.scoreFunctionGradients(noise: noise, weights: ones))
    )
  }
}

extension Reparameterization {
  static func compareEstimators(
    sigma: Double, _ count: Int, largestDimension: Int, _ generator: SeededGenerator,
    on page: Page
  ) {
    page.section("4.3", "The score function, and what it costs")
    page.prose(
      """
      There is another unbiased gradient, which needs no way through z: the score ∇log Q(z), \
      weighted with the value h(z) less a baseline b that the draw had no part in.
      """)
    page.equation(
      #"\nabla \mathbb{E}_{z \sim Q}[h(z)] = \mathbb{E}_{z \sim Q}[(h(z) - b) \nabla \log Q(z)]"#)
    page.prose(
      """
      Here h(z) = ‖z‖² in d dimensions, z from N(μ, σ²I) with μ = (1, …, 1) and σ = \(sigma), and \
      the derivative with respect to μ₁ is 2. Look at how the variance of a single draw's estimate \
      grows with d: not at all; in proportion; with the square.
      """)
    var generator = generator
    let dimensions = [1, 4, 16, 64, 256].filter { $0 < largestDimension } + [largestDimension]
    let names = ["pathwise", "score, best b", "score, b = 0"]
    var checks: [(String, Check.Evidence)] = []
    var (measured, exact) = ([[Double]](), [[Double]]())
    for d in dimensions {
      let example = SquaredNorm(dimension: d, sigma: sigma)
      let best = example.bestBaseline
      let (h, pathwise, score) = example.sample(
        noise: .normal([min(count, (1 << 20) / d), d], using: &generator))
      let estimates = [pathwise, (h - Tensor(best)) * score, h * score]
      // The mean is known, so that the squared deviations are independent and unbiased.
      let squares = estimates.map { ($0 - Tensor(example.derivative)).squared }
      let variances = squares.map { MonteCarloEstimate($0.scalars) }
      measured.append(variances.map(\.mean))
      exact.append(
        [example.pathwiseVariance]
          + [best, 0].map { example.scoreVariance(baseline: $0) })
      guard d == largestDimension else { continue }
      for (name, values) in zip(names, estimates) {
        checks.append(
          (
            "Unbiased in \(d) dimensions: \(name).",
            .measured("mean", MonteCarloEstimate(values.scalars), "exact", example.derivative)
          ))
      }
      for index in 1...2 {
        // Both come from the same draws: the error of a ratio r = a/b is that of a − rb, over b.
        let ratio = exact.last![index] / exact.last![0]
        let error = MonteCarloEstimate((squares[index] - Tensor(ratio) * squares[0]).scalars)
        checks.append(
          (
            "In \(d) dimensions its variance is so many times the pathwise one's: \(names[index]).",
            .measured(
              Quantity("ratio, measured", variances[index].mean / variances[0].mean),
              expected: Quantity("closed form", ratio),
              standardError: error.standardError / variances[0].mean)
          ))
      }
    }
    page.table(
      [.right("d")] + names.flatMap { [.right($0), .right("exact")] },
      rows: dimensions.indices.map { row in
        ["\(dimensions[row])"]
          + zip(measured[row], exact[row]).flatMap {
            [formatted($0, digits: 4), formatted($1, digits: 4)]
          }
      }, caption: "The variance of one draw's estimate, measured and in closed form.")
    for (claim, evidence) in checks { page.check(claim, evidence) }

    let one = SquaredNorm(dimension: 1, sigma: sigma)
    let secondMoment = Normal.standard.expectation { e in
      let z = 1 + sigma * e
      return (z * z * e / sigma) * (z * z * e / sigma)
    }
    page.check(
      "With d = 1 and b = 0 quadrature agrees with the closed form.",
      .equal(
        Quantity("variance by quadrature", secondMoment - one.derivative * one.derivative),
        Quantity("closed form", one.scoreVariance(baseline: 0)), tolerance: 1e-10))
    let batches = averageBatches(sigma: sigma, count, &generator, on: page)
    page.figure(
      "What a gradient estimate costs",
      description: """
        The variance on logarithmic axes, measured (points) and in closed form (lines). Left, of one \
        draw against d: the score function's rises with slope 1 or 2, the pathwise one's not at \
        all. Right, of the mean of n draws in 16 dimensions: all fall with slope −1, but from \
        where?
        """,
      variancePlot("one draw", "d", dimensions, measured, exact, names),
      variancePlot("n draws, d = 16", "n", batches.sizes, batches.measured, batches.exact, names))
  }

  /// Means over batches of n draws, and what becomes of the bias if the batch is its own baseline.
  static func averageBatches(
    sigma: Double, _ count: Int, _ generator: inout SeededGenerator, on page: Page
  ) -> (sizes: [Int], measured: [[Double]], exact: [[Double]]) {
    let example = SquaredNorm(dimension: 16, sigma: sigma)
    let best = example.bestBaseline
    let sizes = [2, 8, 32, 128, 512]
    let total = min(count, 1 << 16) / 512 * 512
    let (h, pathwise, score) = example.sample(
      noise: .normal([total, example.dimension], using: &generator))
    var (measured, exact) = ([[Double]](), [[Double]]())
    var rows: [[String]] = []
    var own: [MonteCarloEstimate] = []
    var others: [MonteCarloEstimate] = []
    for n in sizes {
      let batched = { (x: Tensor<Double>) in x.reshaped([total / n, n]) }
      let overBatches = { (x: Tensor<Double>) in
        MonteCarloEstimate(batched(x).mean(axis: 1).scalars)
      }
      let mean = batched(h).mean(axis: 1, keepingAxis: true)
      own.append(overBatches((batched(h) - mean) * batched(score)))
      // The mean of the n − 1 others is m + (m − h)/(n − 1), with the batch's mean m.
      let ofOthers = mean + (mean - batched(h)) / Tensor(Double(n - 1))
      others.append(overBatches((batched(h) - ofOthers) * batched(score)))
      let estimates = [pathwise, (h - Tensor(best)) * score, h * score].map(overBatches)
      measured.append(estimates.map(\.variance))
      exact.append(
        ([example.pathwiseVariance] + [best, 0].map { example.scoreVariance(baseline: $0) })
          .map { $0 / Double(n) })
      rows.append(
        [
          "\(n)", formatted(own.last!.mean, decimals: 3),
          formatted(example.derivative * (1 - 1 / Double(n)), decimals: 3),
          formatted(own.last!.standardError, decimals: 3),
          formatted(others.last!.mean, decimals: 3),
          formatted(others.last!.standardError, decimals: 3),
        ])
    }
    page.prose(
      """
      In practice b has to be estimated, and the mean of h over the batch comes to mind. But each \
      draw's own h is in it, and 1/n of the gradient goes. Without it, the mean of the others is \
      a proper baseline. In 16 dimensions:
      """)
    page.table(
      [
        .right("n"), .right("b: mean of all"), .right("2(1 − 1/n)"), .right("± se"),
        .right("b: mean of others"), .right("± se"),
      ], rows: rows, caption: "The estimate's mean over all batches; the derivative is 2.")
    page.check(
      "With n = 2 and the batch's own mean as baseline, half of the gradient is missing.",
      .measured("mean", own[0], "2 (1 − 1/2)", example.derivative / 2))
    page.check(
      "With the mean of the others nothing is.",
      .measured("mean", others[0], "exact", example.derivative))
    return (sizes, measured, exact)
  }

  static func variancePlot(
    _ title: String, _ x: String, _ sizes: [Int], _ measured: [[Double]], _ exact: [[Double]],
    _ names: [String]
  ) -> Plot {
    let sizes = sizes.map(Double.init)
    return Plot(
      title, x: Axis(x, scale: .logarithmic), y: Axis("variance", scale: .logarithmic),
      layers: names.indices.flatMap { index -> [Plot.Layer] in
        [
          .line(.init(names[index], x: sizes, y: exact.map { $0[index] })),
          .points(.init(x: sizes, y: measured.map { $0[index] })),
        ]
      })
  }
}
