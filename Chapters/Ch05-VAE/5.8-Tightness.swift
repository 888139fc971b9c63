import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

extension VariationalAutoencoder<Float> {
  // cell: weights
  /// log P(X, z)/Q(z|X) of each row X of x, at K samples z from its Q(z|X).
  func logWeights(
    of x: Tensor<Float>, sampleCount K: Int, using generator: inout SeededGenerator
  ) -> [[Double]] {
    let (Q, prior) = (encoder(x), DiagonalNormal<Float>.standard)
    var logWeights = [[Double]](repeating: [], count: x.shape[0])
    for _ in 0..<K {
      let z = Q.sample(noise: .normal(Q.mean.shape, using: &generator))  // z ∼ Q(z|X)
      // log P(X|z) + log P(z) − log Q(z|X)
      let logJoint = decoder.logProbability(of: x, given: z) + prior.logProbability(of: z)
      let logWeight = logJoint - Q.logProbability(of: z)
      for (row, w) in logWeight.scalars.enumerated() { logWeights[row].append(Double(w)) }
    }
    return logWeights
  }
  // end

  // cell: bound
  /// L_K of each row X of x, from one draw of K weights w: log 1/K ∑ w.
  func importanceWeightedBound(
    of x: Tensor<Float>, sampleCount K: Int, using generator: inout SeededGenerator
  ) -> [Double] {
    logWeights(of: x, sampleCount: K, using: &generator).map { logMeanExp($0) }
  }
  // end
}

/// 5.8 How tight is the bound? Measured by more samples, exactly where z has two dimensions, and split
/// into what the family of Q loses and what the encoder loses.
struct Tightness: SectionContent {
  /// The bound L_K of the same test examples, from the same weights for every K.
  struct Bound {
    let count: Int
    let mean: MonteCarloEstimate
    /// How much it is above that with one weight.
    let gain: MonteCarloEstimate
    /// How much it is above the bound before, on the example where this is least.
    let leastStep: Double
  }

  /// The three numbers of the identity log P(X) = bound + D[Q ‖ P(z|X)], for one example.
  struct Identity {
    let logEvidence: Double
    let bound: Double
    let divergence: Double

    var residual: Double { abs(logEvidence - (bound + divergence)) }
  }

  let lesson: Lesson
  let bounds: [Bound]
  let identities: Result<[Identity], GridError>
  /// What becomes of the gap when each example has a Q of its own.
  let ownQ: OwnQ
  private static let tolerance = 1e-8

  /// - Parameters:
  ///   - plane: The model with two latent variables.
  ///   - early: The same model after its first epoch.
  init(
    _ model: VariationalAutoencoder<Float>, plane: VariationalAutoencoder<Float>,
    early: VariationalAutoencoder<Float>, _ lesson: Lesson
  ) {
    self.lesson = lesson
    var generator = lesson.generator(section: 8)
    let x = model.observed(lesson.source.fewTest.prefix(100).values, using: &generator)
    // cell: groups
    let logWeights = model.logWeights(of: x, sampleCount: 100, using: &generator)
    /// L_K of each image: its 100 weights in 100/K groups of K, and the mean over the groups.
    func bound(_ K: Int) -> [Double] {
      let groups = stride(from: 0, to: 100, by: K).map { $0..<$0 + K }
      return logWeights.map { w in mean(groups.map { logMeanExp(Array(w[$0])) }) }
    }
    // end
    let counts = [1, 10, 100]
    let values = counts.map(bound)
    func differences(_ left: Int, _ right: Int) -> [Double] {
      zip(values[left], values[right]).map { $0 - $1 }
    }
    bounds = counts.indices.map {
      Bound(
        count: counts[$0], mean: MonteCarloEstimate(values[$0]),
        gain: MonteCarloEstimate(differences($0, 0)),
        leastStep: differences($0, max(0, $0 - 1)).min()!)
    }
    // Fewer of large images, on each of which a decoder takes longer.
    let few = min(x.shape[0], max(5, min(50, 50 * 784 / lesson.source.train.size)))
    let fewX = x.rows(Array(0..<few)).converted(to: Double.self)
    let double = plane.converted()
    identities = Result { () throws(GridError) in try Self.identities(double, fewX) }
    ownQ = OwnQ(double, after: early.converted(), fewX)
  }

  private static func identities(
    _ model: VariationalAutoencoder<Double>, _ x: Tensor<Double>
  ) throws(GridError) -> [Identity] {
    // cell: identity
    // log P(X) and D[Q‖P(z|X)] are sums over a grid of z.
    let grid = try model.gridPosterior(of: x)
    func compared(nodes: Int) -> [Identity] {
      // E[log P(X|z)] − D[Q‖P(z)], by a Gauss–Hermite rule around μ(X).
      let bounds = model.quadratureBound(of: x, nodes: nodes)
      return zip(grid, bounds).map { grid, bound in
        Identity(logEvidence: grid.logEvidence, bound: bound, divergence: grid.divergence)
      }
    }
    // end
    let identities = compared(nodes: 48)
    // With some seeds the decoder bends so much within Q that it takes a finer rule.
    return identities.contains { $0.residual > tolerance } ? compared(nodes: 144) : identities
  }

  func show(on page: Page) {
    let count = bounds[0].mean.count
    page.lead(
      """
      Averaging K weights P(X, z)/Q(z|X) inside the logarithm raises the bound towards log P(X). Look \
      at how much the bound with one weight missed.
      """)
    page.code("weights")
    page.code("bound")
    page.code("groups")
    page.table(
      [.right("K"), .right("mean bound"), .right("above K = 1")],
      rows: bounds.map {
        [
          formatted($0.count), $0.mean.text(decimals: 2),
          $0.count == 1 ? "" : $0.gain.text(decimals: 2),
        ]
      },
      caption: count == 1
        ? "On one test example." : "Means over \(count) test examples, with standard errors.")
    page.check(
      count == 1
        ? "Larger groups of the same weights do not lower the bound."
        : "For none of \(count) test examples do larger groups of the same weights lower the bound.",
      .small("largest fall", bounds.map { max(0, -$0.leastStep) }))
    showIdentities(on: page)
    page.lead(
      """
      Two reasons for the gap: Q has to be diagonal, and one encoder answers for all examples. Give one \
      example a Q of its own, and look at how much of the gap remains.
      """)
    ownQ.show(on: page, lesson)
  }

  private func showIdentities(on page: Page) {
    page.lead(
      """
      With two latent variables, as in the model of 5.6, log P(X) and D[Q‖P(z|X)] are sums over a \
      grid: the identity of chapter 3, one test example at a time.
      """)
    page.code("identity")
    let identities: [Identity]
    do {
      identities = try self.identities.get()
    } catch {
      page.note("Not in this run", "\(error).")
      return
    }
    func mean(_ value: (Identity) -> Double) -> Double {
      MonteCarloEstimate(identities.map(value)).mean
    }
    page.table(
      [
        .right("example"), .right("log P(X)"), .right("bound"), .right("D[Q‖P(z|X)]"),
        .right("residual"),
      ],
      rows: zip(1..., identities.prefix(5)).map { number, identity in
        ["\(number)"] + cells(identity.logEvidence, identity.bound, identity.divergence)
          + [formatted(identity.residual, digits: 2)]
      } + [
        ["mean of \(identities.count)"]
          + cells(mean(\.logEvidence), mean(\.bound), mean(\.divergence)) + [""]
      ])
    // On other data P(z|X) may have edges that are too sharp for the grid, which only looks at Q.
    lesson.claim(
      "log P(X) = bound + D[Q‖P(z|X)] on each of \(identities.count) test examples.",
      .small("largest residual", identities.map(\.residual), tolerance: Self.tolerance), on: page)
  }
}
