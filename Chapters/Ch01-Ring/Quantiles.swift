import Autodiff
import Datasets
import Notebook
import Probability

// Section 1.4.

extension Ring {
  /// A law with two humps: a mixture of two normal ones.
  enum TwoHumps {
    static let parts = [
      (weight: 0.3, law: Normal(mean: -1.5, variance: 0.16)),
      (weight: 0.7, law: Normal(mean: 1, variance: 0.49)),
    ]

    static func density(at x: Double) -> Double {
      parts.reduce(0) { $0 + $1.weight * $1.law.density(at: x) }
    }

    static func cumulativeProbability(upTo x: Double) -> Double {
      parts.reduce(0) { $0 + $1.weight * $1.law.cumulativeProbability(upTo: x) }
    }

    static func quantile(_ probability: Double) -> Double {
      Probability.quantile(
        probability, in: -10...10, cumulativeProbability: cumulativeProbability(upTo:))
    }
  }

  static func invert(_ options: Options, on page: Page) {
    page.section("1.4", "Any law, in one dimension and in more")
    page.prose(
      """
      The ring was a lucky find. In one dimension there is a recipe for every law. Φ(z), the \
      probability of a standard normal number up to z, makes z uniform: u = Φ(z) lies between 0 \
      and 1, anywhere alike. The quantile function F⁻¹ of the law that is wanted, the inverse of \
      F(x) = P(X ≤ x), gives a uniform number that law:
      """)
    page.equation(#"x = g(z) = F^{-1}(\Phi(z))"#)
    var generator = SeededGenerator(seed: options.seed).stream(4)
    let z = generator.normal(count: options[count])
    let u = z.map(Normal.standard.cumulativeProbability)
    let x = u.map(TwoHumps.quantile)
    page.figure(
      "Normal, uniform, two humps",
      description: """
        The same \(z.count) numbers three times: z as it was drawn, u = Φ(z), and x = F⁻¹(u) for a \
        law with two humps. The lines are the exact densities.
        """,
      histogram("z", z, over: -4...4, density: Normal.standard.density),
      histogram("u", u, over: 0...1) { _ in 1 },
      histogram("x", x, over: -4...4, density: TwoHumps.density))
    checkLaw(
      "F⁻¹(Φ(z)) has the law with two humps.",
      KolmogorovSmirnovTest(x, cumulativeProbability: TwoHumps.cumulativeProbability),
      count: x.count, on: page)

    page.prose(
      """
      A law may have jumps. A loaded die shows a six with probability 1/2 and each other number \
      with probability 1/10: it is 1 + ⌊10u⌋ for u < 1/2, and else 6.
      """)
    let sixes = MonteCarloEstimate(u.map { $0 < 0.5 ? 0 : 1 })
    page.check(
      "The die shows a six with probability 1/2.",
      .measured(
        Quantity("share of sixes", sixes.mean), expected: Quantity("exact", 0.5),
        standardError: (0.25 / Double(u.count)).squareRoot()))

    page.prose("Without jumps there is a way back: z = Φ⁻¹(F(x)). Here are three laws:")
    let places = [-3.0, 0, 3, 6, 8, 9]
    let laws: [(name: String, quantile: (Double) -> Double, probability: (Double) -> Double)] = [
      ("exponential", { -.log1p(-$0) }, { 1 - .exp(-$0) }),
      ("logistic", { .log($0) - .log1p(-$0) }, Double.sigmoid),
      ("two humps", TwoHumps.quantile, TwoHumps.cumulativeProbability),
    ]
    let returns = laws.map { law in
      places.map { z in
        let x = law.quantile(Normal.standard.cumulativeProbability(upTo: z))
        return Normal.standard.quantile(law.probability(x))
      }
    }
    page.table(
      [.left("z there and back")] + places.map { .right(formatted($0, decimals: 0)) },
      rows: zip(laws, returns).map { law, values in
        [law.name] + values.map { formatted($0, decimals: 6) }
      },
      caption: """
        On paper every row is the first one. On a computer u = Φ(z) keeps few digits of how far it \
        is from 1, and from 8.3 on none.
        """)
    checkSmall(
      "There and back, −3, 0 and 3 are what they were.",
      returns.flatMap { zip($0, places.prefix(3)).map { $0 - $1 } }, on: page)
    compose(.normal([options[count], 2], using: &generator), width: options[width], on: page)
  }

  /// The ring by quantile functions, one coordinate after the other.
  static func compose(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.prose(
      """
      In more dimensions, take one coordinate after the other, each with the quantile function of \
      its law given the ones before. In polar coordinates that is easy for the ring, whose radius \
      does not depend on the angle: z₁ makes the angle, z₂ the radius.
      """)
    page.equation(
      #"\varphi = 2 \pi \left(\Phi(z_1) - \frac{1}{2}\right), \quad r = 1 + w \sqrt{-2 \log(1 - \Phi(z_2))}"#
    )
    let excess = Rayleigh(scale: width)
    let u = Tensor(z.scalars.map(Normal.standard.cumulativeProbability), shape: z.shape)
    let angle = (u.slice(axis: 1, 0..<1) - 0.5) * (2 * .pi)
    let radius =
      1 + Tensor(u.slice(axis: 1, 1..<2).scalars.map(excess.quantile), shape: angle.shape)
    let x = radius * .concatenated([cos(angle), sin(angle)], axis: 1)

    let shown = 0..<min(600, z.shape[0])
    let halves = { (points: Tensor<Double>) -> [(label: String?, points: Tensor<Double>)] in
      [
        ("z₁ < 0", points.rows(shown.filter { z[$0, 0] < 0 })),
        ("z₁ ≥ 0", points.rows(shown.filter { z[$0, 0] >= 0 })),
      ]
    }
    page.figure(
      "Two functions, one law",
      description: """
        The same z through g of section 1.1 and through quantiles, z₁ < 0 and z₁ ≥ 0 apart. Each \
        point goes elsewhere, and yet both clouds have the same law: a law does not tell which \
        function made it.
        """,
      scatter("wz + z/‖z‖", halves(ring(z, width: width)), reach: 1 + 3.5 * width),
      scatter("by quantiles", halves(x), reach: 1 + 3.5 * width))
    let polar = PolarCoordinates(x)
    checkLaw(
      "By quantiles, too, the radius has the law of 1 + w‖z‖.",
      KolmogorovSmirnovTest(polar.radii) { excess.cumulativeProbability(upTo: $0 - 1) },
      count: z.shape[0], on: page)
    checkLaw(
      "By quantiles, too, the angle is uniform.",
      KolmogorovSmirnovTest(polar.angles) { 0.5 + $0 / (2 * .pi) }, count: z.shape[0], on: page)
  }
}
