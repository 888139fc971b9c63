import Autodiff
import Claims
import Notebook
import Probability

/// 3.2 The derivation, line by line: both sides of every line, a Q for each X, what its terms cost in bits,
/// and what slips cost.
struct Derivation: SectionContent {
  /// The two sides of an equation.
  struct Line {
    let name: String
    let left, right: Double
    var difference: Double { left - right }
  }

  /// An X with the four terms for its own Q(z|X).
  struct Encoded {
    let x: Double
    let terms: Terms
  }

  let model: ScalarLatentModel
  let x: Tensor<Double>
  let densities: [DensityCurve]
  /// Where P(z|X) has a peak between −3 and 3, of a density of at least 0.001.
  let peaks: [Double]
  let lines, slips: [Line]
  let encoded: [Encoded]
  let bitsBack: BitsBack

  init(_ model: ScalarLatentModel, _ x: Tensor<Double>, using generator: SeededGenerator) {
    (self.model, self.x) = (model, x)
    var generator = generator
    bitsBack = BitsBack(messageLength: 48_000, using: &generator)
    let q = DiagonalNormal(means: [0.4], deviations: [0.5])
    let prior = DiagonalNormal<Double>.standard
    densities = [
      DensityCurve("P(z)", .prior) { prior.logProbability(of: $0) },
      DensityCurve("P(z|X)", .posterior) { model.logPosterior(of: $0, given: x) },
      DensityCurve("Q(z)", .q) { q.logProbability(of: $0) },
    ]
    peaks = Self.peaks(model, x)
    lines = Self.lines(q, prior, model, x)
    slips = Self.slips(q, prior, model, x)
    encoded = Self.encoded(model)
  }

  private static func peaks(_ model: ScalarLatentModel, _ x: Tensor<Double>) -> [Double] {
    let z = (-300...300).map { Double($0) / 100 }
    let density = exp(model.logPosterior(of: Tensor(z, shape: [z.count, 1]), given: x)).scalars
    return z.indices.dropFirst().dropLast().filter {
      density[$0] > max(density[$0 - 1], density[$0 + 1], 1e-3)
    }.map { z[$0] }
  }

  private static func lines(
    _ q: DiagonalNormal<Double>, _ prior: DiagonalNormal<Double>, _ model: ScalarLatentModel,
    _ x: Tensor<Double>
  ) -> [Line] {
    func mean(of function: (Tensor<Double>) -> Tensor<Double>) -> Double {
      q.expectation(by: .right, of: function).scalar
    }
    // cell: lines
    let gap = model.gap(q, x).scalar  // D[Q‖P(z|X)]
    let logPX = model.logEvidence(of: x).scalar  // log P(X)
    func logQ(_ z: Tensor<Double>) -> Tensor<Double> { q.logProbability(of: z) }
    func logPz(_ z: Tensor<Double>) -> Tensor<Double> { prior.logProbability(of: z) }
    func logPXz(_ z: Tensor<Double>) -> Tensor<Double> { model.logProbability(of: x, given: z) }

    let line1 = mean { z in logQ(z) - model.logPosterior(of: z, given: x) }
    let line2 = mean { z in logQ(z) - logPXz(z) - logPz(z) + logPX }
    let line3 = mean { z in logQ(z) - logPXz(z) - logPz(z) } + logPX
    let line4 = q.klDivergenceToStandardNormal().scalar - mean(of: logPXz) + logPX
    let line5 = mean(of: logPXz) - q.klDivergenceToStandardNormal().scalar
    // end
    return [
      Line(name: "1, the definition of D", left: gap, right: line1),
      Line(name: "2, Bayes' rule", left: gap, right: line2),
      Line(name: "3, log P(X) taken out of the mean", left: gap, right: line3),
      Line(name: "4, D[Q‖P(z)] by its closed form", left: gap, right: line4),
      Line(name: "5, two terms moved", left: logPX - gap, right: line5),
    ]
  }

  private static func slips(
    _ q: DiagonalNormal<Double>, _ prior: DiagonalNormal<Double>, _ model: ScalarLatentModel,
    _ x: Tensor<Double>
  ) -> [Line] {
    let gap = model.gap(q, x).scalar
    let left = model.logEvidence(of: x).scalar - gap
    // cell: slips
    let reconstruction = model.reconstruction(q, x).scalar  // E[log P(X|z)]
    let divergence = q.klDivergenceToStandardNormal().scalar  // D[Q‖P(z)]

    let posterior = reconstruction - gap  // D[Q‖P(z|X)] in place of D[Q‖P(z)]
    let noMean = model.logProbability(of: x, given: q.mean).scalar - divergence
    let sign = reconstruction + divergence
    let order = reconstruction - prior.klDivergence(to: q).scalar  // D[P(z)‖Q]
    // end
    return [
      Line(name: "the posterior, not the prior", left: left, right: posterior),
      Line(name: "no mean: log P(X|z) at one z", left: left, right: noMean),
      Line(name: "the sign of D", left: left, right: sign),
      Line(name: "the order in D", left: left, right: order),
    ]
  }

  private static func encoded(_ model: ScalarLatentModel) -> [Encoded] {
    // cell: encoder
    let examples = [-1, -0.5, 0, 0.5, 1.0]
    let x = Tensor(examples, shape: [5, 1, 1])
    let q = DiagonalNormal(  // Q(z|X) = N(X/2, (0.6 − X/5)²)
      means: examples.map { 0.5 * $0 }, deviations: examples.map { 0.6 - 0.2 * $0 })
    let (evidences, gaps) = (model.logEvidence(of: x), model.gap(q, x))
    let (reconstructions, divergences) = (
      model.reconstruction(q, x), q.klDivergenceToStandardNormal()
    )
    // end
    return examples.indices.map { row in
      Encoded(
        x: examples[row],
        terms: Terms(
          logEvidence: evidences.scalars[row], gap: gaps.scalars[row],
          reconstruction: reconstructions.scalars[row], divergence: divergences.scalars[row]))
    }
  }

  func show(on page: Page) {
    page.lead(
      """
      z is one number, and Q is a normal distribution that was not fitted to the posterior. Count the \
      peaks of P(z|X).
      """)
    page.code("expectation")
    page.code("terms")
    showDensities(on: page)

    page.lead(
      "Both sides of every line of the derivation are computed, each by its own quadrature rule.")
    page.equation(
      #"\log P(X) - D[Q \| P(z|X)] = \mathbb{E}_{z \sim Q}[\log P(X|z)] - D[Q \| P(z)]"#)
    page.code("lines")
    page.table(Self.columns("line"), rows: lines.map(Self.cells))
    page.check(
      "The two sides of every line are equal.",
      .small("largest difference", lines.map(\.difference)))

    page.lead(
      "Q may be a different distribution for each X. Here it is an encoder that nobody trained.")
    page.code("encoder")
    page.table(
      [.right("X")] + Terms.columns,
      rows: encoded.map { [formatted($0.x, decimals: 1)] + $0.terms.cells },
      caption: "Q(z|X) has the mean X/2 and the standard deviation 0.6 − X/5.")
    page.check(
      "The identity holds for each X with its own Q(z|X).",
      .small("largest difference", encoded.map(\.terms.difference)))

    bitsBack.show(on: page)

    page.lead("Now we make one slip in line 5 at a time, and see by how much the two sides differ.")
    page.code("slips")
    page.table(Self.columns("slip in line 5"), rows: slips.map(Self.cells))
  }

  private func showDensities(on page: Page) {
    let z = DensityCurve.points
    let (sigma, example) = (exp(0.5 * model.logVariance).scalar, x.scalar)
    page.figure(
      "The decoder, and three densities of z",
      description: """
        \(model.curve.formula), X = \(formatted(example, decimals: 2)), and X given z has the standard \
        deviation σ = \(formatted(sigma, decimals: 2)). P(z|X) is large where f(z) is near X and the \
        prior is not small. Q = N(0.4, 0.5²).
        """,
      Plot(
        "f(z), and the example X", x: Axis("z"), y: Axis("X"),
        layers: [
          .line(
            .init("f(z)", meaning: .series(5), x: z.scalars, y: model.decode(z).scalars)),
          .line(.init("X", meaning: .series(3), x: [-3, 3], y: [example, example])),
        ]),
      Plot("densities", densities: densities))
    let places = peaks.map { formatted($0, decimals: 2) }.joined(separator: ", ")
    let noun = peaks.count == 1 ? "a peak" : "peaks"
    page.prose("Between −3 and 3, P(z|X) has \(noun) at z = \(places).")
  }

  private static func columns(_ title: String) -> [Table.Column] {
    [.left(title), .right("left"), .right("right"), .right("difference")]
  }

  private static func cells(_ line: Line) -> [String] {
    // A rounding error and a mistake differ by a dozen powers of ten.
    let difference = abs(line.difference)
    return [line.name] + Claims.cells(line.left, line.right, decimals: 5)
      + [difference < 1e-5 ? formatted(difference, digits: 2) : formatted(difference, decimals: 5)]
  }
}

extension DiagonalNormal<Double> {
  // cell: expectation
  /// E[f(z)] for z from Q = N(μ, σ²): the sum of weight · f(z) over z = μ + σ · node.
  func expectation(
    by rule: QuadratureRule, of f: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double> {
    let z = sample(noise: Tensor(rule.nodes, shape: [rule.nodes.count, 1]))
    return (f(z) * Tensor(rule.weights)).sum(axis: -1, keepingAxis: true)
  }
  // end
}

extension ScalarLatentModel {
  // cell: terms
  /// D[Q‖P(z|X)] = E[log Q(z) − log P(z|X)], by quadrature from its definition.
  func gap(_ q: DiagonalNormal<Double>, _ x: Tensor<Double>) -> Tensor<Double> {
    let logPX = logEvidence(of: x, by: .leftGrid)  // log ∫ P(X|z) P(z) dz, on a grid
    return q.expectation(by: .left) { z in
      q.logProbability(of: z) - (logJoint(of: x, z) - logPX)  // Bayes' rule
    }
  }

  /// E[log P(X|z)], by a rule of its own.
  func reconstruction(
    _ q: DiagonalNormal<Double>, _ x: Tensor<Double>, by rule: QuadratureRule = .right
  ) -> Tensor<Double> {
    q.expectation(by: rule) { z in logProbability(of: x, given: z) }
  }
  // end
}
