import Autodiff
import Kernels
import Notebook
import Probability

extension KLIdentity {
  /// Rules for expectations under N(0, 1), and a grid of z: what stands on the left of an equation is
  /// computed with other points than what stands on the right.
  static let leftRule = QuadratureRule.standardNormal(434)
  static let rightRule = QuadratureRule.standardNormal(401)
  static let leftGrid = QuadratureRule.trapezoidal(3000, over: -11...11)

  /// N(μ, σ²) for each of n pairs, in the shape [n, 1, 1].
  static func normals(_ mean: [Double], deviation: [Double]) -> DiagonalNormal<Double> {
    let shape = [mean.count, 1, 1]
    return DiagonalNormal(
      mean: Tensor(mean, shape: shape), logVariance: 2 * log(Tensor(deviation, shape: shape)))
  }

  /// The left side: D[Q‖P(z|X)] from its definition, of shape [n, 1].
  static func gap(
    _ q: DiagonalNormal<Double>, _ model: ScalarLatentModel, _ x: Tensor<Double>
  ) -> Tensor<Double> {
    let evidence = model.logEvidence(of: x, by: leftGrid)
    return q.expectation(by: leftRule) { z in
      q.logProbability(of: z) - (model.logJoint(of: x, z) - evidence)
    }
  }

  /// The first term of the right side: E[log P(X|z)], of shape [n, 1].
  static func reconstruction(
    _ q: DiagonalNormal<Double>, _ model: ScalarLatentModel, _ x: Tensor<Double>,
    by rule: QuadratureRule = rightRule
  ) -> Tensor<Double> {
    q.expectation(by: rule) { z in model.logProbability(of: x, given: z) }
  }

  /// The right side: E[log P(X|z)] − D[Q‖P(z)], of shape [n, 1].
  static func bound(
    _ q: DiagonalNormal<Double>, _ model: ScalarLatentModel, _ x: Tensor<Double>,
    by rule: QuadratureRule = rightRule
  ) -> Tensor<Double> {
    reconstruction(q, model, x, by: rule) - q.klDivergenceToStandardNormal()
  }

  /// The identity from the definition of D to the end.
  static func deriveLineByLine(_ model: ScalarLatentModel, _ x: Tensor<Double>, on page: Page) {
    page.section("3.2", "The derivation, line by line")
    let q = normals([0.4], deviation: [0.5])
    let prior = DiagonalNormal<Double>.standard
    page.prose(
      """
      z is one number with P(z) = N(0, 1), and X given z is normal around \(formula(model)) with \
      σ = \(formatted(.exp(0.5 * model.logVariance.scalar), digits: 3)). The example is \
      X = \(formatted(x.scalar, digits: 3)), and Q(z) = N(0.4, 0.5²), which nobody fitted.
      """)
    let z = shown.scalars
    page.figure(
      "The decoder, and three densities of z",
      description: "P(z|X) is high where f(z) comes near X and the prior allows it.",
      Plot(
        "f(z), and the example X", x: Axis("z"), y: Axis("X"),
        layers: [
          line("f(z)", z, model.decode(shown).scalars), line("X", [-3, 3], [x.scalar, x.scalar]),
        ]),
      densities(
        "densities",
        [
          ("P(z)", prior.logProbability(of: shown)),
          ("P(z|X)", model.logPosterior(of: shown, given: x)),
          ("Q(z)", q.logProbability(of: shown)),
        ]))

    func e(_ function: (Tensor<Double>) -> Tensor<Double>) -> Double {
      q.expectation(by: rightRule, of: function).scalar
    }
    let gap = gap(q, model, x).scalar
    let evidence = model.logEvidence(of: x).scalar
    let reconstruction = reconstruction(q, model, x).scalar
    let divergence = q.klDivergenceToStandardNormal().scalar
    let left = evidence - gap
    page.prose("Line 1 begins with D = D[Q‖P(z|X)], on the left by its own quadrature:")
    let lines = [
      (
        "1  D = E[log Q − log P(z|X)]", gap,
        e { z in q.logProbability(of: z) - model.logPosterior(of: z, given: x) }
      ),
      (
        "2    = E[log Q − log P(X|z) − log P(z) + log P(X)]", gap,
        e { z in
          q.logProbability(of: z) - model.logProbability(of: x, given: z)
            - prior.logProbability(of: z) + evidence
        }
      ),
      (
        "3    = E[log Q − log P(X|z) − log P(z)] + log P(X)", gap,
        e { z in
          q.logProbability(of: z) - model.logProbability(of: x, given: z)
            - prior.logProbability(of: z)
        } + evidence
      ),
      (
        "4    = D[Q‖P(z)] − E[log P(X|z)] + log P(X)", gap, divergence - reconstruction + evidence
      ),
      ("5  log P(X) − D = E[log P(X|z)] − D[Q‖P(z)]", left, reconstruction - divergence),
    ]
    show(lines, on: page)
    checkResiduals("The two sides of every line are equal.", lines.map { $1 - $2 }, on: page)
    page.prose("One slip in line 5, and the two sides part:")
    show(
      [
        ("P(z|X) for P(z): E[log P(X|z)] − D[Q‖P(z|X)]", left, reconstruction - gap),
        (
          "no E: log P(X|z) − D[Q‖P(z)], z the mean of Q", left,
          model.logProbability(of: x, given: q.mean).scalar - divergence
        ),
        ("sign of D: E[log P(X|z)] + D[Q‖P(z)]", left, reconstruction + divergence),
        (
          "order in D: E[log P(X|z)] − D[P(z)‖Q]", left,
          reconstruction - prior.klDivergence(to: q).scalar
        ),
      ], on: page)
    letQDependOnX(model, on: page)
  }

  private static func show(
    _ lines: [(text: String, left: Double, right: Double)], on page: Page
  ) {
    page.table(
      [.left("line"), .right("left"), .right("right"), .right("residual")],
      rows: lines.map { text, left, right in
        [text] + [left, right].map { formatted($0, decimals: 5) }
          + [formatted(abs(left - right), digits: 2)]
      })
  }

  /// The same with a Q(z|X) for each of several X.
  private static func letQDependOnX(_ model: ScalarLatentModel, on page: Page) {
    let examples = [-1, -0.5, 0, 0.5, 1.0]
    let x = Tensor(examples, shape: [5, 1, 1])
    let q = normals(examples.map { 0.5 * $0 }, deviation: examples.map { 0.6 - 0.2 * $0 })
    let terms = [
      model.logEvidence(of: x), gap(q, model, x), reconstruction(q, model, x),
      q.klDivergenceToStandardNormal(),
    ].map(\.scalars)
    page.prose(
      """
      Nothing asked where Q came from, so it may be another one for each X: Q(z|X). Here its mean is \
      X/2 and its standard deviation 0.6 − X/5, an encoder that nobody trained.
      """)
    show(
      "X",
      examples.indices.map {
        (
          formatted(examples[$0], decimals: 1),
          Terms(
            evidence: terms[0][$0], gap: terms[1][$0], reconstruction: terms[2][$0],
            divergence: terms[3][$0])
        )
      }, "The identity holds for each X with its own Q(z|X).", on: page)
  }

  /// The bound and the divergence over a map of Q; returns the best Q on it.
  static func tryEveryQ(_ model: ScalarLatentModel, _ x: Tensor<Double>, on page: Page) -> Normal {
    page.section("3.3", "For every Q")
    page.prose(
      """
      The same X, and Q = N(μ, σ²) for 40 × 40 pairs of μ and σ, drawn over log₂ σ: 0 is σ = 1, and \
      each 1 below it halves σ. Look for hills of the bound \
      E[log P(X|z)] − D[Q‖P(z)]: they are the valleys of D[Q‖P(z|X)], for the two add up to log P(X) \
      wherever Q stands.
      """)
    let map = PlaneGrid(
      .trapezoidal(40, over: -3.9375...0.9375), .trapezoidal(40, over: -2.925...2.925)
    ).points
    let q = DiagonalNormal(
      mean: map.slice(axis: 1, 1..<2).reshaped([1600, 1, 1]),
      logVariance: Tensor(2 * .log(2)) * map.slice(axis: 1, 0..<1).reshaped([1600, 1, 1]))
    let gaps = gap(q, model, x).scalars
    let bounds = bound(q, model, x).scalars
    let sums = zip(bounds, gaps).map { $0 + $1 }
    let evidence = model.logEvidence(of: x).scalar
    let best = bounds.indices.max { bounds[$0] < bounds[$1] }!
    func plot(_ title: String, _ values: [Double]) -> Plot {
      let rows = (0..<40).map { Array(values[(40 * $0)..<(40 * $0 + 40)]) }
      return Plot(
        title, x: Axis("μ"), y: Axis("log₂ σ"),
        layers: [
          .heatMap(.init("nats", x: -3...3, y: -4...1, rows: rows)),
          .points(.init("best Q", x: [map[best, 1]], y: [map[best, 0]])),
        ])
    }
    page.figure(
      "The bound and the divergence over all normal Q",
      description: """
        Each hill on the left is a valley on the right. What is further than 6 nats from the best \
        possible is drawn as 6.
        """,
      plot("the bound", bounds.map { max($0, evidence - 6) }),
      plot("D[Q‖P(z|X)]", gaps.map { min($0, 6) }))
    page.table(
      [.left("over the map"), .right("least"), .right("greatest")],
      rows: [("the bound", bounds), ("D[Q‖P(z|X)]", gaps), ("their sum", sums)].map {
        [$0, formatted($1.min()!, decimals: 9), formatted($1.max()!, decimals: 9)]
      })
    let two = normals(
      [q.mean.scalars[best], 0], deviation: [q.standardDeviation.scalars[best], 1])
    let twoGaps = gap(two, model, x).scalars
    let twoBounds = bound(two, model, x).scalars
    page.table(
      [.left("Q"), .right("μ"), .right("σ"), .right("the bound"), .right("D[Q‖P(z|X)]")],
      rows: zip(["the best of these", "the prior"], 0..<2).map { name, row in
        [name]
          + [
            two.mean.scalars[row], two.standardDeviation.scalars[row], twoBounds[row], twoGaps[row],
          ].map { formatted($0, decimals: 4) }
      })
    checkResiduals(
      "The bound and D[Q‖P(z|X)] add up to log P(X) for each of \(sums.count) Q.",
      sums.map { $0 - evidence }, on: page)
    page.check(
      "The bound is nowhere above log P(X).",
      .atMost(Quantity("greatest bound", bounds[best]), Quantity("log P(X)", evidence)))
    return Normal(mean: q.mean.scalars[best], logVariance: q.logVariance.scalars[best])
  }
}
