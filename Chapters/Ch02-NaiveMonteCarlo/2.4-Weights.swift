import Autodiff
import Claims
import Notebook
import Probability

/// 2.4 Most z contribute nothing: how few samples from the prior make up the sum, and where they lie.
struct Weights: SectionContent {
  /// How many of the heaviest samples make up a share of the sum.
  struct Carriers {
    let share: Double
    let count: Int
  }

  let example: Example
  /// Samples from the prior, of shape [10000, 2].
  let z: Tensor<Double>
  /// Their indices, from the largest weight P(X|z) to the smallest.
  let heaviestFirst: [Int]
  let carriers: [Carriers]
  let effectiveSampleSize: Double
  /// The mean of log P(X|z).
  let meanLogLikelihood: Double
  /// The edge of the ellipse that contains 99 % of the posterior, of shape [101, 2].
  let ellipse: Tensor<Double>
  /// The share of the sum that the samples in the ellipse make up, and its standard error.
  let shareInside, shareStandardError: Double
  let touchable: TouchableEstimate

  init(_ example: Example, using generator: SeededGenerator) {
    self.example = example
    let (model, x) = (example.model, example.x)
    var generator = generator
    // cell: weights
    let z = Tensor<Double>.normal([10_000, 2], using: &generator)  // z ∼ P(z)
    let logWeights = model.logProbability(of: x, given: z)  // log P(X|z)
    let w = exp(logWeights).scalars
    let heaviestFirst = w.indices.sorted { w[$0] > w[$1] }
    let total = w.reduce(0, +)
    // end
    self.z = z
    touchable = TouchableEstimate(
      sigma: example.sigma, z.rows(Array(0..<20)), sigmas: 0.1...1, dimensions: 1...10)
    self.heaviestFirst = heaviestFirst
    meanLogLikelihood = logWeights.mean().scalar

    // cell: carriers
    var sum = 0.0
    let shares = heaviestFirst.map { i in
      sum += w[i]
      return sum / total
    }
    carriers = [0.5, 0.9, 0.99, 0.999].map { share in
      Carriers(share: share, count: 1 + shares.firstIndex { $0 >= share }!)
    }
    // end

    // cell: effective
    // (∑ w)²/∑ w², by its logarithm: a sum of very small weights would round to 0
    let logSum = logSumExp(logWeights.scalars)
    let logSumOfSquares = logSumExp(logWeights.scalars.map { 2 * $0 })
    effectiveSampleSize = .exp(2 * logSum - logSumOfSquares)
    // end

    let circle = Self.circle
    // cell: ellipse
    let posterior = model.posterior(given: x.reshaped([3]))  // P(z|X) = N(μ, LLᵀ)
    let radius = (-2 * Double.log(0.01)).squareRoot()  // P(‖ε‖² > t) = e^(−t/2) = 1 %
    ellipse = posterior.sample(noise: radius * circle)  // μ + Lε for ε on the circle
    // Inside the ellipse the posterior's density is larger than on the edge.
    let edge = posterior.logProbability(of: ellipse.rows([0])).scalar
    let isInside = posterior.logProbability(of: z).scalars.map { $0 >= edge }
    // end

    let weights = Tensor(w)
    // cell: share
    let a = Tensor(isInside.map { $0 ? 1.0 : 0 })
    let share = (weights * a).sum().scalar / total  // R = ∑ w a/∑ w, where r = 0.99 is expected
    let squares = (weights * (a - 0.99)).squared.sum().scalar
    let standardError = squares.squareRoot() / total  // √(∑ w² (a − r)²)/∑ w
    // end
    (shareInside, shareStandardError) = (share, standardError)
  }

  /// 100 points on the unit circle, and the first one again.
  private static var circle: Tensor<Double> {
    let angle = Tensor((0...100).map { 2 * .pi * Double($0) / 100 }).reshaped([101, 1])
    return .concatenated([cos(angle), sin(angle)], axis: 1)
  }

  func show(on page: Page) {
    let count = z.shape[0]
    page.lead(
      """
      \(formatted(count)) samples from the prior in the model of 2.2 are sorted by their weight \
      P(X|z). Look at how few of them make up half of the sum.
      """)
    page.code("weights")
    page.code("carriers")
    page.code("effective")
    page.table(
      [.right("share of the sum, %"), .right("samples"), .right("share of the samples, %")],
      rows: carriers.map { row in
        [
          formatted(100 * row.share, decimals: 1), formatted(row.count),
          formatted(Double(100 * row.count) / Double(count), decimals: 2),
        ]
      },
      caption: """
        The effective sample size is \(formatted(effectiveSampleSize, decimals: 0)) of \
        \(formatted(count)).
        """)
    page.prose(
      """
      The mean of log P(X|z) over these samples is \(formatted(meanLogLikelihood, decimals: 1)); \
      log P(X) is \(formatted(example.logEvidence, decimals: 1)).
      """)

    page.lead("The samples that count lie where the posterior P(z|X) is large.")
    page.code("ellipse")
    page.code("share")
    showPlane(on: page)
    page.check(
      "The samples inside the ellipse make up 99 % of the sum.",
      .measured(
        Quantity("share of the sum", shareInside),
        expected: Quantity("the posterior's probability of the ellipse", 0.99),
        standardError: shareStandardError))
    page.interactive(
      "naive", "Draw samples",
      description: """
        This is the model of 2.3. Each z drawn from the prior is a dot, as large as its weight. Make σ smaller, or d \
        larger, and draw again: fewer and fewer dots carry the mean, and the effective sample size falls.
        """, data: touchable)
  }

  private func showPlane(on page: Page) {
    let heavy = Set(heaviestFirst.prefix(carriers.first { $0.share == 0.99 }!.count))
    func points(_ label: String, _ meaning: Plot.Meaning, _ indices: [Int]) -> Plot.Layer {
      .points(
        .init(
          label, meaning: meaning, x: indices.map { z[$0, 0] }, y: indices.map { z[$0, 1] }))
    }
    let shown = Array(0..<600)
    page.figure(
      "600 of the samples in the plane of z",
      description: """
        Nearly all samples that make up 99 % of the sum lie in the ellipse that contains 99 % of the \
        posterior. All others together contribute 1 %.
        """,
      Plot(
        x: Axis("z₁"), y: Axis("z₂"), hasEqualAspect: true,
        layers: [
          points("the other 1 % of the sum", .prior, shown.filter { !heavy.contains($0) }),
          points("99 % of the sum", .posterior, shown.filter(heavy.contains)),
          .line(
            .init(
              "posterior, 99 %", meaning: .posterior, x: (0...100).map { ellipse[$0, 0] },
              y: (0...100).map { ellipse[$0, 1] })),
        ]))
  }
}
