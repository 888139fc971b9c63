import Autodiff
import Kernels
import Notebook
import Probability

extension NaiveMonteCarlo {
  static func showWeights(_ example: Example, _ generator: SeededGenerator, on page: Page) {
    page.section("2.4", "Most z contribute nothing")
    var generator = generator
    let count = 10_000
    let z = Tensor<Double>.normal([count, 2], using: &generator)
    let logWeights = example.model.logProbability(of: example.x, given: z)
    let weights = exp(logWeights).scalars
    let order = weights.indices.sorted { weights[$0] > weights[$1] }
    let total = weights.reduce(0, +)
    var sum = 0.0
    let shares = order.map { index in
      sum += weights[index]
      return sum / total
    }
    /// How many of the heaviest samples carry a share of the sum.
    func carriers(_ share: Double) -> Int { 1 + shares.firstIndex { $0 >= share }! }
    page.prose(
      """
      \(count) draws from the prior in the model of 2.2, sorted by their weight P(X|z). Look at how \
      few of them make up the sum: they lie where the posterior P(z|X) is, and the rest is \
      computed for nothing. Whoever knew where to look would need only these.
      """)
    page.table(
      [.right("share of the sum"), .right("samples"), .right("share of the samples")],
      rows: [0.5, 0.9, 0.99, 0.999].map { share in
        [
          "\(formatted(100 * share, digits: 3)) %", "\(carriers(share))",
          "\(formatted(Double(100 * carriers(share)) / Double(count), decimals: 2)) %",
        ]
      },
      caption: """
        Effective sample size: \(formatted(effectiveSampleSize(logWeights: logWeights.scalars), decimals: 0)) \
        of \(count).
        """)
    let posterior = example.model.posterior(given: example.x.reshaped([3]))
    let angle = Tensor((0...100).map { 2 * .pi * Double($0) / 100 }).reshaped([101, 1])
    // 99 % of a normal distribution in the plane are within this many standard deviations.
    let radius = (-2 * Double.log(0.01)).squareRoot()
    let ellipse = posterior.sample(
      noise: Tensor(radius) * Tensor.concatenated([cos(angle), sin(angle)], axis: 1))
    let heavy = Set(order.prefix(carriers(0.99)))
    func points(_ label: String, _ indices: [Int]) -> Plot.Layer {
      .points(.init(label, x: indices.map { z[$0, 0] }, y: indices.map { z[$0, 1] }))
    }
    let shown = Array(0..<600)
    page.figure(
      "600 of the draws in the plane of z",
      description: """
        The draws that carry 99 % of the sum crowd in the ellipse that holds 99 % of the true \
        posterior; the others are as good as lost.
        """,
      Plot(
        x: Axis("z₁"), y: Axis("z₂"), hasEqualAspect: true,
        layers: [
          points("carry 1 %", shown.filter { !heavy.contains($0) }),
          points("carry 99 %", shown.filter(heavy.contains)),
          .line(
            .init(
              "posterior, 99 %", x: (0...100).map { ellipse[$0, 0] },
              y: (0...100).map { ellipse[$0, 1] })),
        ]))
    // Inside the ellipse the density of the posterior is at least that on its edge.
    let edge = posterior.logProbability(of: ellipse.rows([0])).scalar
    let isInside = posterior.logProbability(of: z).scalars.map { $0 >= edge ? 1.0 : 0 }
    let inside = zip(weights, isInside).reduce(0) { $0 + $1.0 * $1.1 } / total
    let squares = zip(weights, isInside).reduce(0) { sum, pair in
      sum + pair.0 * pair.0 * (pair.1 - 0.99) * (pair.1 - 0.99)
    }
    page.check(
      "The draws inside the ellipse carry 99 % of the sum.",
      .measured(
        Quantity("share of the sum", inside), expected: Quantity("posterior mass", 0.99),
        standardError: squares.squareRoot() / total))
    page.note(
      "Mean of the logarithms",
      """
      The mean of log P(X|z) over these draws, \(formatted(logWeights.mean().scalar, decimals: 1)), is \
      not log P(X), which is \(formatted(example.logEvidence, decimals: 1)): it counts every z alike.
      """)
  }
}
