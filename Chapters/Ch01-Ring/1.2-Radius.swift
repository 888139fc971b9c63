import Autodiff
import Claims
import Notebook
import Probability

// cell: distribution
/// The distribution of the radius r = 1 + wρ of g(z), where ρ = ‖z‖.
struct RadiusDistribution {
  let w: Double

  /// p(r) = p(ρ)/w, with the density p(ρ) = ρ exp(−ρ²/2) of the length.
  func density(at r: Double) -> Double {
    let ρ = max(r - 1, 0) / w
    return ρ * .exp(-ρ * ρ / 2) / w
  }

  /// The probability of a radius up to r, which is that of a length up to ρ.
  func cumulativeProbability(upTo r: Double) -> Double {
    let ρ = max(r - 1, 0) / w
    return 1 - .exp(-ρ * ρ / 2)
  }

  var mean: Double { 1 + w * (.pi / 2).squareRoot() }
  var variance: Double { w * w * (2 - .pi / 2) }
}
// end

extension RadiusDistribution {
  /// E(r − mean)⁴ / variance².
  var kurtosis: Double { (32 - 3 * .pi * .pi) / ((4 - .pi) * (4 - .pi)) }
}

/// 1.2 How ring-like is it? The radius and the angle of g(z), with their exact distributions.
struct Radius: SectionContent {
  let width: Double
  let distribution: RadiusDistribution
  /// The radii and the angles of the points g(z).
  let radii: [Double]
  let angles: [Double]
  let mean: MonteCarloEstimate
  /// The tests of the radii, of the angles, and of the radii against a normal distribution.
  let radiusTest: KolmogorovSmirnovTest
  let angleTest: KolmogorovSmirnovTest
  let normalTest: KolmogorovSmirnovTest

  init(_ x: Tensor<Double>, width: Double) {
    let (polar, distribution) = (PolarCoordinates(x), RadiusDistribution(w: width))
    let (radii, angles) = (polar.radii, polar.angles)
    (self.radii, self.angles, self.distribution, self.width) = (radii, angles, distribution, width)
    mean = MonteCarloEstimate(radii)

    // cell: tests
    let radius = KolmogorovSmirnovTest(
      radii, cumulativeProbability: distribution.cumulativeProbability)
    let angle = KolmogorovSmirnovTest(angles) { φ in 0.5 + φ / (2 * .pi) }
    // A wrong distribution with the right mean and the right variance.
    let wrong = Normal(mean: distribution.mean, variance: distribution.variance)
    let normal = KolmogorovSmirnovTest(
      radii, cumulativeProbability: wrong.cumulativeProbability)
    // end
    (radiusTest, angleTest, normalTest) = (radius, angle, normal)
  }

  /// The standard error of the mean radius.
  var meanError: Double { (distribution.variance / Double(radii.count)).squareRoot() }

  /// The standard error of the standard deviation, by the delta method: the variance of n samples has
  /// itself a variance of (kurtosis − 1)σ⁴/n.
  var deviationError: Double { meanError * ((distribution.kurtosis - 1) / 4).squareRoot() }

  func show(on page: Page) {
    page.lead("Is the density of the radius symmetric? Look at how it starts and how it ends.")
    page.equation(
      #"p(r) = \frac{r - 1}{w^2} \exp\left(-\frac{(r - 1)^2}{2 w^2}\right), \quad r \ge 1"#)
    page.code("distribution")
    page.figure(
      "Radius and angle of g(z)",
      description: """
        Bars: \(formatted(radii.count)) samples. Lines: the exact densities. The radius is never \
        below 1, and every angle is equally likely.
        """,
      histogram(
        "radius r", radii, over: 1...(1 + 4.5 * width), density: distribution.density),
      histogram("angle φ", angles, over: -Double.pi...Double.pi) { _ in 0.5 / .pi })
    page.check(
      "The mean radius is 1 + w√(π/2).",
      .measured(
        Quantity("samples", mean.mean), expected: Quantity("exact", distribution.mean),
        standardError: meanError))
    page.check(
      "The standard deviation of the radius is w√(2 − π/2).",
      .measured(
        Quantity("samples", mean.variance.squareRoot()),
        expected: Quantity("exact", distribution.variance.squareRoot()),
        standardError: deviationError))

    page.lead(
      """
      A mean and a standard deviation do not determine a distribution. Compare the p-values: the \
      last row tests a wrong distribution that gets both of them right.
      """)
    page.code("tests")
    page.table(
      [.left("samples of the"), .left("tested against"), .right("distance"), .right("p-value")],
      rows: [
        ("radius", "1 + w‖z‖", radiusTest), ("angle", "uniform", angleTest),
        ("radius", "normal", normalTest),
      ]
      .map { [$0, $1, formatted($2.statistic, decimals: 4), formatted($2.pValue, digits: 2)] })
    page.check(
      "The radius has the distribution of 1 + w‖z‖.",
      .distributed(radiusTest, count: radii.count))
    page.check(
      "The angle is uniformly distributed.", .distributed(angleTest, count: angles.count))
  }
}
