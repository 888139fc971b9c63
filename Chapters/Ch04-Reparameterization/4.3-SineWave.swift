import Autodiff
import Claims
import Notebook
import Probability

/// The last part of 4.3: h(z) = sin kz, for which the pathwise estimate is the worse one as soon as h
/// oscillates within the width of Q.
struct SineWave {
  /// The two estimates of the derivative with respect to μ, for one frequency k.
  struct Row {
    let frequency: Double
    /// The squared deviations of each estimate from the true derivative: their means are the
    /// variances.
    let squares: [Tensor<Double>]
    let exact: ClosedForm

    var measured: [MonteCarloEstimate] { squares.map { MonteCarloEstimate($0.scalars) } }
  }

  // cell: closed
  /// The derivative of 𝔼[sin kz] with respect to μ, and the variances of two estimates.
  struct ClosedForm {
    let derivative, pathwise, score: Double

    init(k: Double, μ: Double, σ: Double) {
      let β² = 4 * k * k * σ * σ
      let c = Double.exp(-β² / 2) * .cos(2 * k * μ)  // 𝔼[cos 2kz]
      let g = k * Double.exp(-β² / 8) * .cos(k * μ)  // the derivative
      pathwise = k * k / 2 * (1 + c) - g * g
      score = (1 - (1 - β²) * c) / (2 * σ * σ) - g * g
      derivative = g
    }
  }
  // end

  static let names = ["pathwise", "score"]
  let mean = 0.1
  let standardDeviation = 1.0
  let count: Int
  let rows: [Row]
  /// By how much the closed forms miss the integrals over ε, relatively, for every frequency.
  let differences: [Double]

  init(count: Int, using generator: inout SeededGenerator) {
    self.count = count
    let (μ, σ) = (mean, standardDeviation)
    let ε = Tensor<Double>.normal([count], using: &generator)
    let rows = [0.5, 1, 2, 5, 10].map { k in
      let exact = ClosedForm(k: k, μ: μ, σ: σ)
      // cell: sine
      let z = μ + σ * ε
      let pathwise = k * cos(k * z)  // h′(z)
      let score = sin(k * z) * ε / σ  // h(z) ∂log Q/∂μ
      // end
      let squares = [pathwise, score].map { ($0 - exact.derivative).squared }
      return Row(frequency: k, squares: squares, exact: exact)
    }
    self.rows = rows
    let rule = QuadratureRule.trapezoidal(2001, over: -10...10)
    differences = rows.flatMap { row in
      let k = row.frequency
      let estimates: [(Double) -> Double] = [
        { ε in k * .cos(k * (μ + σ * ε)) }, { ε in .sin(k * (μ + σ * ε)) * ε / σ },
      ]
      return zip(estimates, [row.exact.pathwise, row.exact.score]).map { estimate, variance in
        rule.integral { ε in
          let deviation = estimate(ε) - row.exact.derivative
          return deviation * deviation * Normal.standard.density(at: ε)
        } / variance - 1
      }
    }
  }

  /// By how much the pathwise estimate varies more than the score function's at the highest
  /// frequency.
  var excess: MonteCarloEstimate {
    MonteCarloEstimate((rows.last!.squares[0] - rows.last!.squares[1]).scalars)
  }

  func show(on page: Page) {
    let last = rows.last!
    let k = formatted(last.frequency, decimals: 0)
    page.lead(
      """
      The pathwise estimate is not always better. Take h(z) = sin kz in one dimension, with μ = 0.1 \
      and σ = 1, and see which estimate varies less as h oscillates faster.
      """)
    page.code("sine")
    page.code("closed")
    page.table(
      [.right("k"), .right("derivative")]
        + Self.names.flatMap { [.right($0), .right("exact")] },
      rows: rows.map { row in
        let exact = [row.exact.pathwise, row.exact.score]
        return [
          formatted(row.frequency, decimals: 1), formatted(row.exact.derivative, digits: 3),
        ]
          + zip(row.measured, exact).flatMap {
            [formatted($0.mean, digits: 4), formatted($1, digits: 4)]
          }
      },
      caption: """
        The variance of each estimate from one sample, measured from \(formatted(count)) samples and \
        in closed form.
        """)
    for (index, name) in ["the pathwise estimate", "the score function’s estimate"].enumerated() {
      page.check(
        "For k = \(k) the variance of \(name) agrees with the closed form.",
        .measured(
          "measured", last.measured[index],
          expected: [last.exact.pathwise, last.exact.score][index], "closed form"))
    }
    page.check(
      "For k = \(k) the pathwise estimate has the larger variance.",
      .greater(
        Quantity("the pathwise variance", last.measured[0].mean),
        than: Quantity("the score function’s", last.measured[1].mean),
        standardError: excess.standardError))
    page.check(
      "For every k the closed forms agree with quadrature.",
      .small("largest relative difference", differences))
    showFigure(on: page)
  }

  private func showFigure(on page: Page) {
    let frequencies = (0...60).map { Double.exp(.log(0.3) + Double($0) / 60 * .log(50)) }
    let curves = frequencies.map { ClosedForm(k: $0, μ: mean, σ: standardDeviation) }
    let lines = [curves.map(\.pathwise), curves.map(\.score)]
    page.figure(
      "Where the pathwise estimate is worse",
      description: """
        The variance of the two estimates of the derivative of E[sin kz], against k: in closed form \
        (lines) and measured (points). The lines cross where h begins to oscillate within the width \
        of Q.
        """,
      Plot(
        x: Axis("k", scale: .logarithmic), y: Axis("variance", scale: .logarithmic),
        layers: Self.names.indices.flatMap { index -> [Plot.Layer] in
          [
            .line(
              .init(
                Self.names[index], meaning: .series(index), x: frequencies, y: lines[index])),
            .points(
              .init(
                meaning: .series(index), x: rows.map(\.frequency),
                y: rows.map { $0.measured[index].mean })),
          ]
        }))
  }
}
