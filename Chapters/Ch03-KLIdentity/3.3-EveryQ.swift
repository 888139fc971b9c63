import Autodiff
import Claims
import Notebook
import Probability

/// 3.3 For every Q: the bound and the divergence over a map of normal distributions.
struct EveryQ: SectionContent {
  /// One Q on the map.
  struct Candidate {
    let name: String
    let mean, deviation, bound, gap: Double
  }

  /// log P(X).
  let logEvidence: Double
  /// The bound, D[Q‖P(z|X)] and their sum: 40 rows from log₂ σ = −4 to 1, in each 40 μ from −3 to 3.
  let bounds, gaps, sums: [Double]
  /// The Q with the greatest bound on the map.
  let best: Normal
  /// μ and log₂ σ of the best.
  let bestPlace: [Double]
  let candidates: [Candidate]
  let touchable: TouchableIdentity

  init(_ model: ScalarLatentModel, _ x: Tensor<Double>) {
    let map = PlaneGrid(
      .trapezoidal(40, over: -3.9375...0.9375), .trapezoidal(40, over: -2.925...2.925)
    ).points
    // cell: map
    let log2σ = map.slice(axis: 1, 0..<1).reshaped([1600, 1, 1])
    let μ = map.slice(axis: 1, 1..<2).reshaped([1600, 1, 1])
    let q = DiagonalNormal(mean: μ, logVariance: Tensor(2 * .log(2)) * log2σ)  // 1,600 of them
    bounds = model.bound(q, x).scalars
    gaps = model.gap(q, x).scalars
    sums = zip(bounds, gaps).map { bound, gap in bound + gap }  // is each of them log P(X)?
    // end
    logEvidence = model.logEvidence(of: x).scalar
    touchable = TouchableIdentity(model, x)
    let bounds = bounds
    let index = bounds.indices.max { bounds[$0] < bounds[$1] }!
    best = Normal(mean: q.mean.scalars[index], logVariance: q.logVariance.scalars[index])
    bestPlace = [map[index, 1], map[index, 0]]

    let two = DiagonalNormal(
      means: [best.mean, 0], deviations: [q.standardDeviation.scalars[index], 1])
    let (twoBounds, twoGaps) = (model.bound(two, x).scalars, model.gap(two, x).scalars)
    candidates = zip(["the best on the map", "the prior"], 0..<2).map { name, row in
      Candidate(
        name: name, mean: two.mean.scalars[row], deviation: two.standardDeviation.scalars[row],
        bound: twoBounds[row], gap: twoGaps[row])
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      The same X, and 40 × 40 normal distributions Q. Look for the hills of the bound: they are the \
      valleys of D[Q‖P(z|X)], because the two add up to log P(X).
      """)
    page.code("bound")
    page.code("map")
    page.figure(
      "The bound and the divergence over all normal Q",
      description: """
        The vertical axis is log₂ σ: 0 is σ = 1, and each step of 1 down halves σ. Each hill on the left is \
        a valley on the right. Values more than 6 nats from the best possible are drawn as 6.
        """,
      plot("the bound", bounds.map { max($0, logEvidence - 6) }),
      plot("D[Q‖P(z|X)]", gaps.map { min($0, 6) }))
    page.interactive(
      "identity", "Drag Q",
      description: """
        Drag Q over the map. The bound and D[Q‖P(z|X)] change, and their sum, log P(X), does not. Then follow the \
        gradient of the bound from several places: which hill is found depends on where it starts.
        """, data: touchable)
    page.table(
      [.left("over the map"), .right("smallest"), .right("largest")],
      rows: [("the bound", bounds), ("D[Q‖P(z|X)]", gaps), ("their sum", sums)].map {
        [$0] + cells($1.min()!, $1.max()!, decimals: 9)
      })
    page.table(
      [.left("Q"), .right("μ"), .right("σ"), .right("the bound"), .right("D[Q‖P(z|X)]")],
      rows: candidates.map { [$0.name] + cells($0.mean, $0.deviation, $0.bound, $0.gap) })
    page.check(
      "The bound and D[Q‖P(z|X)] add up to log P(X) for each of the \(formatted(sums.count)) Q.",
      .small("largest difference", sums.map { $0 - logEvidence }))
    page.check(
      "The bound is at most log P(X) everywhere on the map.",
      .atMost(Quantity("the largest bound", bounds.max()!), Quantity("log P(X)", logEvidence)))
  }

  private func plot(_ title: String, _ values: [Double]) -> Plot {
    let rows = (0..<40).map { Array(values[(40 * $0)..<(40 * $0 + 40)]) }
    return Plot(
      title, x: Axis("μ"), y: Axis("log₂ σ"),
      layers: [
        .heatMap(.init("nats", x: -3...3, y: -4...1, rows: rows)),
        .points(.init("best Q", meaning: .q, x: [bestPlace[0]], y: [bestPlace[1]])),
      ])
  }
}

extension ScalarLatentModel {
  // cell: bound
  /// ℒ = E[log P(X|z)] − D[Q‖P(z)], the right side: the posterior does not occur in it.
  func bound(
    _ q: DiagonalNormal<Double>, _ x: Tensor<Double>, by rule: QuadratureRule = .right
  ) -> Tensor<Double> {
    reconstruction(q, x, by: rule) - q.klDivergenceToStandardNormal()
  }
  // end
}
