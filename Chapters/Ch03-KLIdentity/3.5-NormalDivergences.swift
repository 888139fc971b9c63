import Autodiff
import Claims
import Notebook
import Probability

/// 3.5 Divergences of normal distributions: the closed forms against the definition; D's sign, and its two
/// directions.
struct NormalDivergences: SectionContent {
  /// D[Q‖P] for one pair, and log Q(z) − log P(z) for samples z from Q.
  struct Pair {
    let name: String
    let closedForm: Double
    let logRatios: [Double]
  }

  /// A normal Q beside a posterior P that is not normal.
  struct Candidate {
    let name: String
    let mean, deviation: Double
    /// D[Q‖P] and D[P‖Q].
    let gap, reversedGap: Double
    let density: DensityCurve
  }

  let pairs: [Pair]
  /// The smallest divergence of 1,000 pairs.
  let smallest: Double
  let posterior: DensityCurve
  /// The Q that seeks a peak, and the Q that covers all of them.
  let seeking, covering: Candidate
  /// D[covers‖seeks].
  let betweenThem: Double

  init(
    _ model: ScalarLatentModel, _ x: Tensor<Double>, seeking best: Normal,
    using generator: SeededGenerator
  ) {
    var generator = generator
    pairs = Self.pairs(using: &generator)
    smallest = Self.smallestOfManyDivergences(using: &generator)

    let seeks = DiagonalNormal(means: [best.mean], deviations: [best.standardDeviation])
    let covers = model.posteriorMoments(given: x)
    posterior = DensityCurve("P(z|X)", .posterior) { model.logPosterior(of: $0, given: x) }
    seeking = Self.candidate("seeks: the best of 3.3", "seeks", .q, seeks, model, x)
    covering = Self.candidate("covers: P's mean and σ", "covers", .series(5), covers, model, x)
    betweenThem = covers.klDivergence(to: seeks).scalar
  }

  // cell: divergence
  /// D[Q‖P] for Q = N(μ₀, LLᵀ) and P = N(μ₁, MMᵀ):
  /// ½ (‖M⁻¹L‖² + ‖M⁻¹(μ₀ − μ₁)‖² − d) + log det M − log det L.
  static func divergence(
    of q: MultivariateNormal<Double>, from p: MultivariateNormal<Double>
  ) -> Double {
    let d = q.mean.count
    func logDeterminant(_ factor: Tensor<Double>) -> Tensor<Double> {
      log((factor * .identity(d)).sum(axis: 1)).sum()
    }
    let shift = (q.mean - p.mean).reshaped([d, 1])
    let whitened = matmul(
      triangularInverse(p.choleskyFactor), .concatenated([q.choleskyFactor, shift], axis: 1))
    return
      (0.5 * (whitened.squared.sum() - Double(d))
      + (logDeterminant(p.choleskyFactor) - logDeterminant(q.choleskyFactor))).scalar
  }
  // end

  private static func pairs(using generator: inout SeededGenerator) -> [Pair] {
    let q = diagonal([4], using: &generator)
    let p = diagonal([4], using: &generator)
    let standard = DiagonalNormal<Double>.standard
    let fullQ = MultivariateNormal.random(4, using: &generator)
    let fullP = MultivariateNormal.random(4, using: &generator)
    // cell: samples
    let noise = Tensor<Double>.normal([50_000, 4], using: &generator)
    let (z, fullZ) = (q.sample(noise: noise), fullQ.sample(noise: noise))  // from Q
    let toStandard = q.logProbability(of: z) - standard.logProbability(of: z)
    let toDiagonal = q.logProbability(of: z) - p.logProbability(of: z)
    let toFull = fullQ.logProbability(of: fullZ) - fullP.logProbability(of: fullZ)
    // end
    return [
      Pair(
        name: "diagonal, N(0, I)", closedForm: q.klDivergenceToStandardNormal().scalar,
        logRatios: toStandard.scalars),
      Pair(
        name: "diagonal, diagonal", closedForm: q.klDivergence(to: p).scalar,
        logRatios: toDiagonal.scalars),
      Pair(
        name: "full, full", closedForm: divergence(of: fullQ, from: fullP),
        logRatios: toFull.scalars),
    ]
  }

  private static func diagonal(
    _ shape: [Int], using generator: inout SeededGenerator
  ) -> DiagonalNormal<Double> {
    DiagonalNormal(
      mean: .normal(shape, using: &generator), logVariance: .normal(shape, using: &generator))
  }

  /// Near each other is where a divergence is small, and rounding or a slip could make it negative.
  private static func smallestOfManyDivergences(using generator: inout SeededGenerator) -> Double {
    let ones = diagonal([1000, 4], using: &generator)
    let steps = diagonal([1000, 4], using: &generator)
    let length = Tensor((0..<1000).map { $0 < 500 ? 1 : 1e-3 }, shape: [1000, 1])
    let others = DiagonalNormal(
      mean: ones.mean + length * steps.mean,
      logVariance: ones.logVariance + length * steps.logVariance)
    return ones.klDivergence(to: others).scalars.min()!
  }

  private static func candidate(
    _ name: String, _ label: String, _ meaning: Plot.Meaning, _ q: DiagonalNormal<Double>,
    _ model: ScalarLatentModel, _ x: Tensor<Double>
  ) -> Candidate {
    // cell: directions
    let gap = model.gap(q, x).scalar  // D[Q‖P]: the mean over Q
    let reversedGap = model.posteriorExpectation(given: x) { z in  // D[P‖Q]: over P
      model.logPosterior(of: z, given: x) - q.logProbability(of: z)
    }.scalar
    // end
    return Candidate(
      name: name, mean: q.mean.scalar, deviation: q.standardDeviation.scalar, gap: gap,
      reversedGap: reversedGap,
      density: DensityCurve(label, meaning) { q.logProbability(of: $0) })
  }

  func show(on page: Page) {
    page.lead(
      """
      The closed forms of D are compared with means over 50,000 samples in four dimensions. A single \
      sample may give less than 0; D itself is never negative.
      """)
    showClosedForms(on: page)
    page.lead(
      """
      D[Q‖P] and D[P‖Q] differ, and so do the normal distributions nearest to a posterior P with several \
      peaks. Look at which of them the bound prefers.
      """)
    showDirections(on: page)
  }

  private func showClosedForms(on page: Page) {
    page.code("divergence")
    page.code("samples")
    page.table(
      [.left("Q, P"), .right("closed form"), .right("samples below 0")],
      rows: pairs.map { pair in
        let below = Double(pair.logRatios.count { $0 < 0 }) / Double(pair.logRatios.count)
        return [
          pair.name, formatted(pair.closedForm, decimals: 5),
          formatted(100 * below, decimals: 1) + " %",
        ]
      })
    for pair in pairs {
      page.check(
        "The closed form is the mean over samples: \(pair.name).",
        .measured(
          "mean over samples", MonteCarloEstimate(pair.logRatios), expected: pair.closedForm,
          "closed form"))
    }
    page.check(
      "The divergence is positive for each of 1,000 random pairs, half of them nearly equal.",
      .atMost(Quantity("zero", 0), Quantity("the smallest D[Q‖P]", smallest)))
  }

  private func showDirections(on page: Page) {
    page.code("directions")
    page.table(
      [.left("Q"), .right("μ"), .right("σ"), .right("D[Q‖P]"), .right("D[P‖Q]")],
      rows: [seeking, covering].map {
        [$0.name] + cells($0.mean, $0.deviation, $0.gap, $0.reversedGap)
      })
    page.figure(
      "One posterior and two normal distributions",
      description:
        "One Q seeks the tallest peak; the other spreads over the peaks and the gaps between them.",
      Plot(densities: [posterior, seeking.density, covering.density]))
    page.check(
      "In D[P‖Q], the Q that seeks is further away than the Q that covers, by D[covers‖seeks].",
      .equal(
        Quantity("D[P‖seeks] − D[P‖covers]", seeking.reversedGap - covering.reversedGap),
        Quantity("D[covers‖seeks]", betweenThem), tolerance: 1e-10))
  }
}
