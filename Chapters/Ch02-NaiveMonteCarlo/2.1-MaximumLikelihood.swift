import Autodiff
import Claims
import Notebook
import Probability

/// What maximum likelihood finds: in a family that is too small, the P nearest to P_gt; in a family
/// without limits, the training examples learned by heart.
struct MaximumLikelihood {
  /// The maximum of the mean log-likelihood of n examples.
  struct Fit {
    let n: Int
    let θ: Double
    /// The mean log-likelihood of the examples at each of ``parameters``.
    let curve: [Double]
  }

  /// A mixture of one N(x; xᵢ, σ²) for each training example.
  struct Kernels {
    let σ: Double
    /// The mean log-likelihood of the training examples, and of fresh ones.
    let training: Double
    let fresh: MonteCarloEstimate
  }

  let family = OneParameterFamily()
  /// The θ at which the curves are drawn.
  let parameters = (0...30).map { 0.2 + 0.06 * Double($0) }
  /// D[P_gt‖P] and E[log P(x)], at each of these.
  let divergences, expectations: [Double]
  /// The entropy of P_gt.
  let entropy: Double
  /// The θ for which D[P_gt‖P] is smallest.
  let best: Double
  let fits: [Fit]
  let trainingCount = 50
  let kernels: [Kernels]

  init(using generator: inout SeededGenerator) {
    let (family, parameters) = (family, parameters)
    divergences = parameters.map { family.divergence(Tensor($0)).scalar }
    expectations = parameters.map { family.expectedLogLikelihood($0) }
    entropy = family.entropy
    best = Self.ascend { -family.divergence($0) }
    let examples = family.samples(100_000, using: &generator)
    fits = [10, 100, 1000, 10_000, 100_000].map { n in
      let x = Tensor(Array(examples.prefix(n)))
      let fit = Self.ascend { θ in family.logLikelihood(x, θ).mean() }
      return Fit(
        n: n, θ: fit, curve: parameters.map { family.logLikelihood(x, Tensor($0)).mean().scalar })
    }
    let training = Array(examples.prefix(trainingCount))
    let fresh = family.samples(10_000, using: &generator)
    kernels = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001].map { σ in
      Kernels(
        σ: σ, training: mean(Self.logLikelihood(training, of: training, σ)),
        fresh: MonteCarloEstimate(Self.logLikelihood(fresh, of: training, σ)))
    }
  }

  /// The θ at which a function has its maximum, by gradient ascent.
  static func ascend(_ objective: (Tensor<Double>) -> Tensor<Double>) -> Double {
    // cell: ascend
    var θ = Tensor<Double>(1)
    for _ in 0..<100 {
      θ = θ + 0.3 * valueWithGradient(at: θ, of: objective).gradient
    }
    // end
    return θ.scalar
  }

  /// log P(x) under the mixture of one N(x; xᵢ, σ²) for each training example.
  private static func logLikelihood(
    _ points: [Double], of training: [Double], _ σ: Double
  ) -> [Double] {
    // cell: kernels
    // P(x) = 1/n ∑ᵢ N(x; xᵢ, σ²): z chooses one of the n training examples, and f(z) is that one
    let (x, examples) = (Tensor(points, shape: [points.count, 1, 1]), Tensor(training))
    let logNormals = DiagonalNormal(
      mean: examples.reshaped([training.count, 1]), logVariance: Tensor([2 * .log(σ)])
    ).logProbability(of: x)
    let logP = logNormals.logSumExp(axis: 1) - .log(Double(training.count))
    // end
    return logP.scalars
  }

  func show(on page: Page) {
    page.lead(
      """
      Maximum likelihood looks for the P of a family that is nearest to P_gt, from which the data \
      come. This family has one parameter, and P_gt is not in it.
      """)
    page.code("family")
    page.code("objectives")
    page.code("ascend")
    showFits(on: page)

    page.lead(
      """
      Now a family that is too large: a narrow normal distribution around each training example. Look \
      at what happens to fresh examples.
      """)
    page.code("kernels")
    showKernels(on: page)
  }

  private func showFits(on page: Page) {
    page.table(
      [.right("n"), .right("θ of maximum likelihood"), .right("D[P_gt‖P] there, nats")],
      rows: fits.map {
        [formatted($0.n)] + cells($0.θ, family.divergence(Tensor($0.θ)).scalar)
      } + [["∞"] + cells(best, family.divergence(Tensor(best)).scalar)],
      caption: """
        For n examples from P_gt. The last row has the θ that minimises D[P_gt‖P].
        """)
    page.figure(
      "Maximum likelihood, and the P that it finds",
      description: """
        Left: minus the mean log-likelihood of n examples, and D[P_gt‖P] + H, to which it tends as n \
        grows. Right: P_gt, and the nearest P of the family. To cover both groups, it has to cover \
        the gap between them.
        """, objectives, densities)
    page.check(
      "−E[log P(x)] is D[P_gt‖P] plus the entropy of P_gt, for \(parameters.count) values of θ.",
      .small(
        "largest difference",
        zip(divergences, expectations).map { divergence, expectation in
          -expectation - (divergence + entropy)
        }))
    let last = fits.last!
    page.check(
      """
      The θ of maximum likelihood for \(formatted(last.n)) examples is the θ that minimises D[P_gt‖P].
      """,
      .measured(
        Quantity("θ² + σ² of maximum likelihood", family.variance(last.θ)),
        expected: Quantity("that of the minimum", family.variance(best)),
        standardError: family.varianceError(n: last.n)))
    page.prose(
      """
      In the middle of the gap, at x = 0, the density of P_gt is \
      \(formatted(family.truth(0), digits: 2)) and that of P is \
      \(formatted(family.density(0, best), digits: 2)). In the middle of a group, at x = 1, they are \
      \(formatted(family.truth(1), digits: 2)) and \(formatted(family.density(1, best), digits: 2)).
      """)
  }

  private var objectives: Plot {
    let shown = fits.filter { $0.n <= 100 }
    return Plot(
      "the objective", x: Axis("θ"), y: Axis("nats", range: 1.3...2.4),
      layers: shown.enumerated().map { index, fit in
        .line(
          .init(
            "n = \(formatted(fit.n))", meaning: .series(index + 5), x: parameters,
            y: fit.curve.map { -$0 }))
      } + [
        .line(
          .init(
            "D[P_gt‖P] + H", meaning: .evidence, x: parameters, y: divergences.map { $0 + entropy })
        )
      ])
  }

  private var densities: Plot {
    let x = (0...120).map { -3 + 0.05 * Double($0) }
    return Plot(
      "the densities", x: Axis("x"), y: Axis("density"),
      layers: [
        .line(.init("P_gt", meaning: .series(5), x: x, y: x.map { family.truth($0) })),
        .line(.init("P", meaning: .evidence, x: x, y: x.map { family.density($0, best) })),
      ])
  }

  private func showKernels(on page: Page) {
    page.table(
      [.right("σ"), .right("training examples"), .right("fresh examples"), .right("s.e.")],
      rows: kernels.map {
        [formatted($0.σ, decimals: 3), formatted($0.training, decimals: 2)]
          + cells($0.fresh, decimals: 2)
      },
      caption: """
        The mean of log P(x) over \(trainingCount) training examples and over \
        \(formatted(kernels[0].fresh.count)) fresh ones. s.e.: the standard error of the latter.
        """)
    let (wide, narrow) = (kernels[1], kernels.last!)
    page.check(
      "With σ = \(formatted(narrow.σ, decimals: 3)) the training examples are more probable than "
        + "with σ = \(formatted(wide.σ, decimals: 1)) …",
      .greater(
        Quantity("mean log P(x) with the narrower σ", narrow.training),
        than: Quantity("that with the wider σ", wide.training),
        standardError: 0))
    page.check(
      "… and fresh examples are less probable.",
      .greater(
        Quantity("mean log P(x) with the wider σ", wide.fresh.mean),
        than: Quantity("that with the narrower", narrow.fresh.mean),
        standardError: wide.fresh.standardError + narrow.fresh.standardError))
  }
}

/// The model x = θz + σε of one number, whose P(x) = N(x; 0, θ² + σ²), and a P_gt that is not in it:
/// two groups, around −1 and 1.
struct OneParameterFamily {
  /// The noise of the model, and the standard deviation of each group of P_gt.
  let σ = 0.5, s = 0.3
  private let rule = QuadratureRule.trapezoidal(241, over: -6...6)
  private var nodes: Tensor<Double> { Tensor(rule.nodes) }
  private var weights: Tensor<Double> { Tensor(rule.weights) }

  // cell: family
  /// log P(x) = log N(x; 0, θ² + σ²): the model x = θz + σε, with z integrated out.
  func logLikelihood(_ x: Tensor<Double>, _ θ: Tensor<Double>) -> Tensor<Double> {
    let variance = θ * θ + σ * σ
    return -0.5 * (log(variance) + logTwoPi + x * x / variance)
  }

  /// log P_gt(x): half of the x are from N(−1, s²), and half from N(1, s²).
  func logTruth(_ x: Tensor<Double>) -> Tensor<Double> {
    let groups = DiagonalNormal<Double>(
      mean: Tensor([-1, 1], shape: [2, 1]), logVariance: Tensor([2 * .log(s)]))
    return groups.logProbability(of: x.reshaped([x.count, 1, 1])).logSumExp(axis: 1) - .log(2)
  }
  // end

  // cell: objectives
  /// D[P_gt‖P] = ∫ P_gt(x) log (P_gt(x)/P(x)) dx, by quadrature.
  func divergence(_ θ: Tensor<Double>) -> Tensor<Double> {
    let logTruth = logTruth(nodes)
    return (weights * exp(logTruth) * (logTruth - logLikelihood(nodes, θ))).sum()
  }

  /// E[log P(x)] over x from P_gt, whose mean square is 1 + s².
  func expectedLogLikelihood(_ θ: Double) -> Double {
    -0.5 * (.log(variance(θ)) + logTwoPi + (1 + s * s) / variance(θ))
  }

  /// The entropy H = −∫ P_gt(x) log P_gt(x) dx.
  var entropy: Double { -(weights * exp(logTruth(nodes)) * logTruth(nodes)).sum().scalar }
  // end

  func variance(_ θ: Double) -> Double { θ * θ + σ * σ }

  /// The standard error of the variance that fits n examples best, which is their mean square.
  func varianceError(n: Int) -> Double {
    // E[x⁴] − E[x²]² for x = ±1 + s ε
    ((4 * s * s + 2 * s * s * s * s) / Double(n)).squareRoot()
  }

  func truth(_ x: Double) -> Double { .exp(logTruth(Tensor([x])).scalars[0]) }

  func density(_ x: Double, _ θ: Double) -> Double {
    .exp(logLikelihood(Tensor([x]), Tensor(θ)).scalars[0])
  }

  func samples(_ n: Int, using generator: inout SeededGenerator) -> [Double] {
    let signs = generator.uniform(count: n).map { $0 < 0.5 ? -1.0 : 1 }
    return zip(signs, generator.normal(count: n)).map { sign, ε in sign + s * ε }
  }
}
