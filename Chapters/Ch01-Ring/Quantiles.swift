import Autodiff
import Datasets
import Notebook
import Probability

// Section 1.4.

extension Ring {
  static func invert(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.4", "Any law, in one dimension and in more")
    page.prose(
      """
      The ring was a lucky find; in one dimension there is a recipe for every law. Φ, the \
      probability of a standard normal number up to z, makes z uniform: u = Φ(z) lies between 0 \
      and 1. The quantile function F⁻¹ of the law that is wanted, the inverse of its F(x) = \
      P(X ≤ x), gives a uniform number that law:
      """)
    page.equation(#"x = g(z) = F^{-1}(\Phi(z))"#)
    let first = z.slice(axis: 1, 0..<1).scalars
    let u = first.map(Normal.standard.cumulativeProbability)
    let humps = [(0.3, Normal(mean: -1.5, variance: 0.16)), (0.7, Normal(mean: 1, variance: 0.49))]
    let twoHumps = { (x: Double) in
      humps.reduce(0) { $0 + $1.0 * $1.1.cumulativeProbability(upTo: x) }
    }
    let x = u.map { quantile($0, in: -10...10, cumulativeProbability: twoHumps) }
    page.figure(
      "Normal, uniform, two humps",
      description: """
        The same \(u.count) numbers three times: z as it was drawn, u = Φ(z), and x = F⁻¹(u) for a \
        law with two humps. The lines are the exact densities.
        """,
      histogram("z", first, over: -4...4, density: Normal.standard.density),
      histogram("u", u, over: 0...1, density: { _ in 1 }),
      histogram("x", x, over: -4...4) { x in
        humps.reduce(0) { $0 + $1.0 * $1.1.density(at: x) }
      })
    checkLaw(
      "F⁻¹(Φ(z)) has the law with two humps.",
      KolmogorovSmirnovTest(x, cumulativeProbability: twoHumps), count: u.count, on: page)

    page.prose(
      """
      It works for every law, also one with jumps: a die that is loaded, with probability 1/2 for \
      a six and 1/10 for every other number, shows 1 + ⌊10u⌋ for u < 1/2 and else 6. Where F has no \
      jumps the way back is open, too: Φ⁻¹(F(x)) is z again.
      """)
    let sixes = MonteCarloEstimate(u.map { $0 < 0.5 ? 0 : 1 })
    page.check(
      "The die shows a six with probability 1/2.",
      .measured(
        Quantity("share of sixes", sixes.mean), expected: Quantity("exact", 0.5),
        standardError: (0.25 / Double(u.count)).squareRoot()))
    let laws: [(name: String, quantile: (Double) -> Double, probability: (Double) -> Double)] = [
      ("exponential", { -.log1p(-$0) }, { 1 - .exp(-$0) }),
      ("logistic", { .log($0) - .log1p(-$0) }, { .sigmoid($0) }),
      ("two humps", { quantile($0, in: -10...10, cumulativeProbability: twoHumps) }, twoHumps),
    ]
    let returned = laws.map { law in
      [-3, 0, 3, 6, 8, 9].map { z in
        let x = law.quantile(Normal.standard.cumulativeProbability(upTo: z))
        return Normal.standard.quantile(law.probability(x))
      }
    }
    page.table(
      [
        .left("z →"), .right("-3"), .right("0"), .right("3"), .right("6"), .right("8"), .right("9"),
      ],
      rows: zip(laws, returned).map { law, values in
        [law.name] + values.map { formatted($0, decimals: 8) }
      },
      caption: """
        Φ⁻¹(F(F⁻¹(Φ(z)))): exact on paper. On a computer 1 − u keeps few digits far out, and beyond \
        8.3 none: there Φ(z) is rounded to 1.
        """)
    checkSmall(
      "There and back is where z was, for z = −3, 0 and 3.",
      returned.flatMap { zip($0, [-3, 0, 3]).map { $0 - $1 } }, on: page)
    makeRing(z, width: width, on: page)
  }

  /// A histogram over the density that it should have.
  static func histogram(
    _ name: String, _ values: [Double], binCount: Int = 32, over range: ClosedRange<Double>,
    density: (Double) -> Double
  ) -> Plot {
    let histogram = Histogram(values, binCount: binCount, over: range)
    let line = (0...150).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 150
    }
    return Plot(
      x: Axis(name), y: Axis("density"),
      layers: [
        .histogram(
          Plot.Histogram("samples", edges: histogram.edges, heights: histogram.densities)),
        .line(Plot.Series("exact", x: line, y: line.map(density))),
      ])
  }

  /// The ring by quantile functions, one coordinate after the other.
  static func makeRing(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.prose(
      """
      In more dimensions, take one coordinate after the other, each with the quantile function of \
      its law given those before it. For the ring that is easy in polar coordinates, where the \
      second law does not depend on the first: z₁ makes the angle, z₂ the radius.
      """)
    page.equation(
      #"\varphi = 2 \pi \left(\Phi(z_1) - \frac{1}{2}\right), \quad r = 1 + w \sqrt{-2 \log(1 - \Phi(z_2))}"#
    )
    let excess = Rayleigh(scale: width)
    let angle = z.slice(axis: 1, 0..<1).scalars.map {
      2 * .pi * (Normal.standard.cumulativeProbability(upTo: $0) - 0.5)
    }
    let radius = z.slice(axis: 1, 1..<2).scalars.map {
      1 + excess.quantile(Normal.standard.cumulativeProbability(upTo: $0))
    }
    let column = [angle.count, 1]
    let x =
      Tensor(radius, shape: column)
      * .concatenated(
        [cos(Tensor(angle, shape: column)), sin(Tensor(angle, shape: column))], axis: 1)
    let shown = 0..<min(600, angle.count)
    let left = shown.filter { z[$0, 0] < 0 }
    let right = shown.filter { z[$0, 0] >= 0 }
    let halves = { (points: Tensor<Double>) in
      [("z₁ < 0", points.rows(left)), ("z₁ ≥ 0", points.rows(right))]
    }
    page.figure(
      "Two functions, one law",
      description: """
        The same z, with z₁ < 0 and z₁ ≥ 0 apart, through g of section 1.1 and through quantiles. \
        The points go elsewhere, yet the two clouds have the same law: a law does not tell which \
        function made it.
        """,
      scatter("z/10 + z/‖z‖", halves(ring(z, width: width)), reach: 1 + 3.5 * width),
      scatter("quantiles", halves(x), reach: 1 + 3.5 * width))
    let polar = PolarCoordinates(x)
    checkLaw(
      "By quantiles, the radius has the law of section 1.2.",
      KolmogorovSmirnovTest(polar.radii) { excess.cumulativeProbability(upTo: $0 - 1) },
      count: angle.count, on: page)
    checkLaw(
      "By quantiles, the angle is uniform.",
      KolmogorovSmirnovTest(polar.angles) { 0.5 + $0 / (2 * .pi) }, count: angle.count, on: page)
  }
}
