import Autodiff
import Claims
import Notebook
import Probability

/// P(X) of the spiral, as a sum over cells of z: a map of the plane, with the posterior of one X.
struct Density {
  /// The half side of the square that the map shows, and its pixels in each direction.
  static let reach = 2.5
  static let pixels = 50

  /// log P(X) at the middle of each pixel of the map, row by row from the bottom.
  let map: [[Double]]
  /// The integral of P(X) over the plane.
  let integral: Double
  /// The X that is marked in the map.
  static var marked: Tensor<Double> { Tensor([-1.05, 0.1], shape: [1, 2]) }
  let posterior: Posterior
  /// The mean of P(X|z)/P(X) of the marked X over samples of z from the prior.
  let meanWeight: MonteCarloEstimate
  /// How many X the model drew, the share of them in the square of side 1 around the marked X, and the
  /// integral of P(X) over that square.
  let sampleCount: Int
  let shareInSquare, integralOverSquare: Double
  /// At several X, log P(X) with the prior N(m, s²) and f(z), less that with N(0, 1) and f(m + sz).
  let priorDifferences: [Double]

  /// - Parameters:
  ///   - samples: Samples of z from the prior, of shape [n, 1].
  ///   - observed: The X that the model made of them, of shape [n, 2].
  init(_ model: Spiral, _ samples: Tensor<Double>, _ observed: Tensor<Double>) {
    let (x, cells) = (Self.marked, Cells())
    func p(_ x: Double, _ y: Double) -> Double {
      .exp(Self.logEvidence(model, Tensor([x, y], shape: [1, 2]), cells))
    }
    let centers = (0..<Self.pixels).map {
      Self.reach * ((2 * Double($0) + 1) / Double(Self.pixels) - 1)
    }
    map = centers.map { y in centers.map { x in p(x, y) } }

    // cell: plane
    // ∬ P(X) dX₁ dX₂ by the trapezoidal rule, at points less than σ apart
    let axis = QuadratureRule.trapezoidal(61, over: -5.5...5.5)
    integral = axis.integral { x₁ in axis.integral { x₂ in p(x₁, x₂) } }
    // end

    posterior = Posterior(model, x, cells, samples)
    let logWeights = model.logProbability(of: x, given: samples) - posterior.logEvidence
    meanWeight = MonteCarloEstimate(exp(logWeights).scalars)

    let (x₁, x₂) = (x[0, 0], x[0, 1])
    sampleCount = observed.shape[0]
    let inSquare = (0..<sampleCount).count {
      abs(observed[$0, 0] - x₁) < 0.5 && abs(observed[$0, 1] - x₂) < 0.5
    }
    shareInSquare = Double(inSquare) / Double(sampleCount)
    let side = QuadratureRule.gaussLegendre(20, over: -0.5...0.5)
    integralOverSquare = side.integral { dx in side.integral { dy in p(x₁ + dx, x₂ + dy) } }
    priorDifferences = [[-1.05, 0.1], [0, 1], [1.5, -0.5]].map { x in
      Self.priorDifference(model, Tensor(x, shape: [1, 2]), cells)
    }
  }

  /// Cells of z of one width.
  struct Cells {
    let Δ: Double
    /// The middles of the cells, as a column, and log P(z) there.
    let z, logPrior: Tensor<Double>

    init() {
      // cell: cells
      let Δ = 0.02  // 800 cells from z = −8 to 8; the probability of a z outside is 10⁻¹⁵
      let middles = (0..<800).map { -8 + Δ * (Double($0) + 0.5) }
      let z = Tensor(middles, shape: [800, 1])
      let logPrior = DiagonalNormal.standard.logProbability(of: z)  // log P(z)
      // end
      (self.Δ, self.z, self.logPrior) = (Δ, z, logPrior)
    }
  }

  static func logEvidence(_ model: Spiral, _ x: Tensor<Double>, _ cells: Cells) -> Double {
    let (z, logPrior, Δ) = (cells.z, cells.logPrior, cells.Δ)
    // cell: evidence
    // log P(X) = log ∑ₙ P(X|zₙ) P(zₙ) Δ, with zₙ in the middle of the nth cell
    let logJoint = model.logProbability(of: x, given: z) + logPrior
    let logEvidence = logJoint.logSumExp(axis: 0).scalar + .log(Δ)
    // end
    return logEvidence
  }

  private static func priorDifference(
    _ model: Spiral, _ x: Tensor<Double>, _ cells: Cells
  ) -> Double {
    let (z, logPrior, Δ) = (cells.z, cells.logPrior, cells.Δ)
    // cell: prior
    let (m, s) = (0.5, 0.6)
    let prior = DiagonalNormal<Double>(mean: Tensor([m]), logVariance: Tensor([2 * .log(s)]))
    // log P(X) with the prior N(m, s²) and f(z) …
    let logTerms = model.logProbability(of: x, given: z) + prior.logProbability(of: z)
    let learned = logTerms.logSumExp(axis: 0).scalar + .log(Δ)
    // … and with the prior N(0, 1) and f(m + sz)
    let otherLogTerms = model.logProbability(of: x, given: m + s * z) + logPrior
    let standard = otherLogTerms.logSumExp(axis: 0).scalar + .log(Δ)
    // end
    return learned - standard
  }

  /// Shows the map, the posterior and what was checked.
  func show(on page: Page, samples: Tensor<Double>) {
    page.lead(
      """
      P(X) is computed as a sum over cells of z. Look at its map, and at the two ranges of z that may \
      have produced the marked X.
      """)
    page.code("cells")
    page.code("evidence")
    page.code("plane")
    posterior.showCode(on: page)
    showMap(on: page, samples)
    page.check(
      "P(X) integrates to 1 over the plane.",
      .equal(Quantity("integral", integral), Quantity("one", 1), tolerance: 1e-10))
    let share = integralOverSquare
    page.check(
      """
      Of \(formatted(sampleCount)) X that the model draws, the share in a square around the marked X \
      is the integral of P(X) over it.
      """,
      .measured(
        Quantity("share in the square", shareInSquare), expected: Quantity("integral", share),
        standardError: (share * (1 - share) / Double(sampleCount)).squareRoot()))
    page.check(
      """
      For the marked X, the mean of P(X|z)/P(X) over \(formatted(sampleCount)) z from the prior \
      is 1.
      """, .measured("mean of P(X|z)/P(X)", meanWeight, expected: 1))
    posterior.showChecks(on: page)

    page.lead("Would a prior with parameters help? Whatever it can do, f can do as well.")
    page.code("prior")
    page.check(
      "The prior N(m, s²) with f(z) gives the same P(X) as N(0, 1) with f(m + sz).",
      .small("largest difference of log P(X)", priorDifferences))
  }

  private func showMap(on page: Page, _ samples: Tensor<Double>) {
    let range = -Self.reach...Self.reach
    let shown = 0..<500
    let mark = Plot.Layer.points(
      .init("the marked X", meaning: .series(5), x: [Self.marked[0, 0]], y: [Self.marked[0, 1]]))
    page.figure(
      "A model of points in the plane, its P(X), and the posterior of one X",
      description: """
        Left: 500 points that the model draws. Middle: its P(X). Right: the prior and the posterior \
        of the marked X. This X lies between two turns of the spiral, so two separate ranges of z may \
        have produced it.
        """,
      Plot(
        "X = f(z) + σε", x: Axis("X₁", range: range), y: Axis("X₂", range: range),
        hasEqualAspect: true,
        layers: [
          .points(
            .init(
              "drawn", meaning: .prior, x: shown.map { samples[$0, 0] },
              y: shown.map { samples[$0, 1] })), mark,
        ]),
      Plot(
        "P(X)", x: Axis("X₁", range: range), y: Axis("X₂", range: range), hasEqualAspect: true,
        layers: [.heatMap(.init("P(X)", x: range, y: range, rows: map)), mark]),
      posterior.plot)
  }
}
