import Autodiff
import Claims
import Notebook
import Probability

/// The part of 3.6 about a Q with independent components: z has two components that are correlated under
/// the posterior, although they are independent under the prior.
struct CorrelatedPosterior {
  /// One noise σ of X = z₁ + z₂ + noise.
  struct Row {
    let noise: Double
    /// The correlation of z₁ and z₂ under P(z|X).
    let correlation: Double
    /// D[Q‖P(z|X)] along the ascent, every 10 steps, for diagonal and for full covariance.
    let diagonalGaps, fullGaps: [Double]
    /// The standard deviation of z₁: Q's, with independent components, divided by the posterior's.
    let relativeDeviation: Double
    let posterior, diagonal, full: Ellipse

    /// −½ log(1 − ρ²).
    var floor: Double { -0.5 * .log(1 - correlation * correlation) }
  }

  /// Points two standard deviations from the mean of a normal distribution.
  struct Ellipse {
    let x, y: [Double]

    init(_ normal: MultivariateNormal<Double>) {
      let angle = Tensor((0...40).map { 2 * .pi * Double($0) / 40 }, shape: [41, 1])
      let points = normal.sample(noise: 2 * .concatenated([cos(angle), sin(angle)], axis: 1))
        .transposed()
      (x, y) = (points.rows([0]).scalars, points.rows([1]).scalars)
    }
  }

  /// A normal distribution whose L is moved by gradient ascent.
  private struct FullNormal: Parameterized {
    var mean, factor: Tensor<Double>
    var normal: MultivariateNormal<Double> {
      MultivariateNormal(mean: mean, choleskyFactor: factor)
    }

    mutating func visitParameters(_ visitor: inout ParameterVisitor<Double>) {
      visitor.visit("mean", &mean)
      visitor.visit("factor", &factor)
    }
  }

  static let steps = Array(stride(from: 0, through: 400, by: 10))
  let rows = [1, 0.5, 0.25].map { Self.row(noise: $0) }

  private static func row(noise: Double) -> Row {
    let x = Tensor([1.0])
    let prior = MultivariateNormal<Double>(mean: Tensor(zeros: [2]), choleskyFactor: .identity(2))
    // cell: ascent
    let model = LinearGaussianModel(  // X = z₁ + z₂ + noise
      weight: Tensor([1, 1], shape: [1, 2]), bias: Tensor([0]), logVariance: Tensor(2 * .log(noise))
    )
    func bound(_ q: MultivariateNormal<Double>) -> Tensor<Double> {
      model.expectedLogProbability(of: x, under: q) - q.klDivergence(to: prior)
    }
    let diagonal = gradientAscent(
      from: DiagonalNormal(mean: Tensor(zeros: [2]), logVariance: Tensor(zeros: [2])), steps: 400
    ) { q in bound(MultivariateNormal(q)) }.map { MultivariateNormal($0) }
    let full = gradientAscent(
      from: FullNormal(mean: Tensor(zeros: [2]), factor: .identity(2)), steps: 400
    ) { q in bound(q.normal) }.map(\.normal)
    let posterior = model.posterior(given: x)
    // end
    let (covariance, q) = (posterior.covariance, diagonal.last!)
    return Row(
      noise: noise,
      correlation: covariance[0, 1] / (covariance[0, 0] * covariance[1, 1]).squareRoot(),
      diagonalGaps: steps.map { diagonal[$0].klDivergence(to: posterior).scalar },
      fullGaps: steps.map { full[$0].klDivergence(to: posterior).scalar },
      relativeDeviation: (q.covariance[0, 0] / covariance[0, 0]).squareRoot(),
      posterior: Ellipse(posterior), diagonal: Ellipse(q), full: Ellipse(full.last!))
  }
}

extension CorrelatedPosterior {
  func show(on page: Page) {
    page.lead(
      """
      X = z₁ + z₂ + noise makes z₁ and z₂ dependent once X is known. Compare a Q with independent \
      components with one that has a full covariance.
      """)
    page.code("ascent")
    page.table(
      [
        .right("noise"), .right("ρ"), .right("−½ log(1 − ρ²)"), .right("D, diagonal Q"),
        .right("D, full Q"), .right("relative σ"),
      ],
      rows: rows.map { row in
        cells(row.noise, decimals: 2) + cells(row.correlation, row.floor, row.diagonalGaps.last!)
          + [formatted(abs(row.fullGaps.last!), digits: 2)]
          + cells(row.relativeDeviation)
      },
      caption: """
        ρ is the correlation of z₁ and z₂ under P(z|X), where X = 1. Relative σ: the standard deviation \
        of z₁ under the diagonal Q, divided by that under P(z|X).
        """)
    let row = rows[1]
    func path(_ name: String, _ meaning: Plot.Meaning, _ gaps: [Double]) -> Plot.Layer {
      .line(
        .init(
          name, meaning: meaning, x: Self.steps.map(Double.init), y: gaps.map { max($0, 1e-8) }))
    }
    page.figure(
      "A correlated posterior, a diagonal Q and a Q with full covariance",
      description: """
        On the left, each curve is two standard deviations from the mean. Along the posterior's \
        long axis the diagonal Q is far too narrow; across it, somewhat too wide. The full Q coincides with \
        the posterior. On the right, anything below 10⁻⁸ is drawn at 10⁻⁸.
        """,
      Plot(
        "two standard deviations, noise \(formatted(row.noise, decimals: 1))",
        x: Axis("z₁"), y: Axis("z₂"), hasEqualAspect: true,
        layers: [
          line("P(z|X)", .posterior, row.posterior),
          line("diagonal Q", .q, row.diagonal), line("full Q", .series(5), row.full),
        ]),
      Plot(
        "D[Q‖P(z|X)]", x: Axis("steps"), y: Axis("D[Q‖P(z|X)]", scale: .logarithmic),
        layers: [
          path("diagonal Q", .q, row.diagonalGaps), path("full Q", .series(5), row.fullGaps),
          path("−½ log(1 − ρ²)", .series(0), Self.steps.map { _ in row.floor }),
        ]))
    page.check(
      "With independent components, D[Q‖P(z|X)] ends at −½ log(1 − ρ²).",
      .small(
        "largest difference", rows.map { $0.diagonalGaps.last! - $0.floor }, tolerance: 1e-8))
    page.check(
      "With a full covariance it falls to 0.",
      .small("largest D[Q‖P(z|X)]", rows.map { $0.fullGaps.last! }, tolerance: 1e-8))
  }

  private func line(
    _ label: String, _ meaning: Plot.Meaning, _ ellipse: Ellipse
  ) -> Plot.Layer {
    .line(.init(label, meaning: meaning, x: ellipse.x, y: ellipse.y))
  }
}
