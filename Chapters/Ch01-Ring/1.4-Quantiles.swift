import Autodiff
import Claims
import Notebook
import Probability

/// A distribution with two humps: a mixture of two normal distributions.
enum TwoHumps {
  static let parts = [
    (weight: 0.3, normal: Normal(mean: -1.5, variance: 0.16)),
    (weight: 0.7, normal: Normal(mean: 1, variance: 0.49)),
  ]

  static func density(at x: Double) -> Double {
    parts.reduce(0) { $0 + $1.weight * $1.normal.density(at: x) }
  }

  static func cumulativeProbability(upTo x: Double) -> Double {
    parts.reduce(0) { $0 + $1.weight * $1.normal.cumulativeProbability(upTo: x) }
  }

  static func quantile(_ u: Double) -> Double {
    Quantiles.quantile(u, in: -10...10, of: cumulativeProbability)
  }
}

/// 1.4 Any distribution, in one dimension and in more: g from quantile functions.
struct Quantiles: SectionContent {
  /// A distribution, with the functions that lead to it and back.
  struct Target: Sendable {
    let name: String
    let quantile: @Sendable (Double) -> Double
    let cumulativeProbability: @Sendable (Double) -> Double
  }

  /// What each z became on its way to a distribution and back.
  struct Return {
    let name: String
    let values: [Double]
  }

  let width: Double
  /// The same numbers three times: normal, uniform and with two humps.
  let z: [Double]
  let u: [Double]
  let x: [Double]
  let humpsTest: KolmogorovSmirnovTest
  /// The proportion of sixes that the die shows.
  let sixes: MonteCarloEstimate
  /// The z that are sent there and back, and what returns.
  let places = [-3.0, 0, 3, 6, 8, 9]
  let returns: [Return]
  let pair: DependentPair
  /// Points in the plane and their images under g of section 1.1 and under quantile functions, all of
  /// shape [count, 2].
  let points: Tensor<Double>
  let ringByFormula: Tensor<Double>
  let ringByQuantiles: Tensor<Double>
  let radiusTest: KolmogorovSmirnovTest
  let angleTest: KolmogorovSmirnovTest

  init(count: Int, width: Double, using generator: SeededGenerator) {
    self.width = width
    var generator = generator
    let z = generator.normal(count: count)
    // cell: humps
    let u = z.map(Normal.standard.cumulativeProbability)  // u = Φ(z)
    let x = u.map(TwoHumps.quantile)  // x = F⁻¹(u)
    // end
    (self.z, self.u, self.x) = (z, u, x)
    humpsTest = KolmogorovSmirnovTest(x, cumulativeProbability: TwoHumps.cumulativeProbability)

    // cell: die
    let die = u.map { u in u < 0.5 ? 1 + (10 * u).rounded(.down) : 6 }
    let sixes = MonteCarloEstimate(die.map { $0 == 6 ? 1 : 0 })
    // end
    self.sixes = sixes

    returns = Self.targets.map { [places] target in
      Return(name: target.name, values: places.map { Self.thereAndBack($0, target) })
    }

    points = .normal([count, 2], using: &generator)
    ringByFormula = RingFunction.g(points, width: width)
    ringByQuantiles = Self.ring(points, width: width)
    let (polar, radius) = (PolarCoordinates(ringByQuantiles), RadiusDistribution(w: width))
    radiusTest = KolmogorovSmirnovTest(
      polar.radii, cumulativeProbability: radius.cumulativeProbability)
    angleTest = KolmogorovSmirnovTest(polar.angles) { φ in 0.5 + φ / (2 * .pi) }
    pair = DependentPair(.normal([count, 2], using: &generator))
  }

  private static let targets = [
    Target(
      name: "exponential", quantile: { -.log1p(-$0) }, cumulativeProbability: { 1 - .exp(-$0) }),
    Target(
      name: "logistic", quantile: { .log($0) - .log1p(-$0) },
      cumulativeProbability: Double.sigmoid),
    Target(
      name: "two humps", quantile: TwoHumps.quantile,
      cumulativeProbability: TwoHumps.cumulativeProbability),
  ]

  // cell: quantile
  /// F⁻¹(u), the smallest x with F(x) ≥ u, by halving a range that holds it.
  static func quantile(
    _ u: Double, in range: ClosedRange<Double>, of F: (Double) -> Double
  ) -> Double {
    var (below, above) = (range.lowerBound, range.upperBound)
    for _ in 0..<64 {
      let middle = below + (above - below) / 2
      if F(middle) >= u { above = middle } else { below = middle }
    }
    return above
  }
  // end

  private static func thereAndBack(_ z: Double, _ target: Target) -> Double {
    // cell: back
    let normal = Normal.standard
    let x = target.quantile(normal.cumulativeProbability(upTo: z))  // F⁻¹(Φ(z))
    let back = normal.quantile(target.cumulativeProbability(x))  // Φ⁻¹(F(x))
    // end
    return back
  }

  // cell: ring
  /// The ring by quantile functions: z₁ makes the angle φ, z₂ the radius r.
  static func ring(_ z: Tensor<Double>, width w: Double) -> Tensor<Double> {
    let u = Tensor(  // u = Φ(z)
      z.scalars.map(Normal.standard.cumulativeProbability), shape: z.shape)
    let (u₁, u₂) = (u.slice(axis: 1, 0..<1), u.slice(axis: 1, 1..<2))
    let φ = (u₁ - 0.5) * (2 * .pi)
    let r = 1 + w * sqrt(-2 * log1p(-u₂))  // 1 − exp(−(r − 1)²/2w²) = u₂
    return r * .concatenated([cos(φ), sin(φ)], axis: 1)
  }
  // end

  func show(on page: Page) {
    page.lead("There is almost nothing between the humps. What must g do there?")
    page.equation(#"x = g(z) = F^{-1}(\Phi(z))"#)
    page.code("quantile")
    page.code("humps")
    showHumps(on: page)

    page.lead("A distribution function may jump. Look at how often this loaded die shows a six.")
    page.code("die")
    page.check(
      "The die shows a six half of the time.",
      .measured(
        Quantity("proportion of sixes", sixes.mean), expected: Quantity("exact", 0.5),
        standardError: (0.25 / Double(sixes.count)).squareRoot()))

    page.lead("Where F has no jumps, z = Φ⁻¹(F(x)) leads back. See how far it can be trusted.")
    page.code("back")
    showReturns(on: page)

    pair.show(on: page)

    page.lead(
      """
      The ring can be made in the same way, one coordinate after the other. Compare where this \
      function and g of section 1.1 send the same z.
      """)
    page.equation(
      #"\varphi = 2 \pi \left(\Phi(z_1) - \frac{1}{2}\right), \quad r = 1 + w \sqrt{-2 \log(1 - \Phi(z_2))}"#
    )
    page.code("ring")
    showRings(on: page)
  }

  private func showHumps(on page: Page) {
    page.figure(
      "Normal, uniform, two humps",
      description: """
        The same \(formatted(z.count)) numbers three times: z as it was drawn, u = Φ(z), which is \
        uniform, and x = F⁻¹(u), which has two humps. Lines: the exact densities.
        """,
      histogram("z", z, over: -4...4, density: Normal.standard.density),
      histogram("u", u, over: 0...1) { _ in 1 },
      histogram("x", x, over: -4...4, density: TwoHumps.density))
    page.check(
      "F⁻¹(Φ(z)) has the distribution with two humps.", .distributed(humpsTest, count: x.count))
  }

  private func showReturns(on page: Page) {
    page.table(
      [.left("z there and back")] + places.map { .right(formatted($0, decimals: 0)) },
      rows: returns.map { row in
        [row.name] + row.values.map { formatted($0, decimals: 6) }
      },
      caption: "Φ⁻¹(F(F⁻¹(Φ(z)))) for the z at the head of each column.")
    page.check(
      "−3, 0 and 3 come back unchanged.",
      .small(
        "largest difference",
        returns.flatMap { zip($0.values, places.prefix(3)).map { $0 - $1 } }))
  }

  private func showRings(on page: Page) {
    page.figure(
      "Two functions, one distribution",
      description: """
        The same z sent through g of section 1.1 and through quantile functions, in one colour where \
        z₁ < 0 and in another where z₁ ≥ 0. The two functions send a point to different places, and \
        yet both clouds have the same distribution.
        """,
      scatter("wz + z/‖z‖", halves(ringByFormula), reach: 1 + 3.5 * width),
      scatter("by quantile functions", halves(ringByQuantiles), reach: 1 + 3.5 * width))
    page.check(
      "The radius made by quantile functions also has the distribution of 1 + w‖z‖.",
      .distributed(radiusTest, count: points.shape[0]))
    page.check(
      "The angle made by quantile functions is also uniformly distributed.",
      .distributed(angleTest, count: points.shape[0]))
  }

  /// The first 400 images, separated by the sign of z₁.
  private func halves(_ x: Tensor<Double>) -> [Plot.Series] {
    let shown = 0..<min(400, points.shape[0])
    return [
      Plot.Series(
        "z₁ < 0", meaning: .series(0), points: x.rows(shown.filter { points[$0, 0] < 0 })),
      Plot.Series(
        "z₁ ≥ 0", meaning: .series(1), points: x.rows(shown.filter { points[$0, 0] >= 0 })),
    ]
  }
}
