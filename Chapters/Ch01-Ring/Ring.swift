import Autodiff
import Datasets
import Notebook
import Probability

@main
struct Ring {
  static let count = Knob.integer(
    "count", default: 10_000, in: 100...100_000, unit: "points",
    help: "The samples behind each histogram and test.")
  static let width = Knob.real(
    "width", default: 0.1, in: 0.01...1, help: "w in g(z) = wz + z/‖z‖: how thick the ring is.")
  static let target = Knob.choice(
    "target", default: "ring", of: PointCloud.allCases.map(\.rawValue),
    help: "The law that section 1.5 learns from samples.")
  static let latent = Knob.integer(
    "latent", default: 2, in: 1...16, unit: "variables", help: "The size of z in section 1.5.")
  static let steps = Knob.integer(
    "steps", default: 600, in: 0...10_000, unit: "steps", help: "How long section 1.5 trains.")
  static let batch = Knob.integer(
    "batch", default: 200, in: 2...1000, unit: "points", help: "The samples in a training step.")

  static let chapter = Chapter(
    "Ch01-Ring", title: "Any distribution from a normal one",
    abstract: """
      Draw z from N(0, I), the simplest law there is, and send it through a function: with the \
      right function, the result has any law you like. Here that function is first written down, \
      then derived, and then learned from samples.
      """,
    knobs: [count, width, target, latent, steps, batch], exercises: Checks.all
  ) { page, options in
    var generator = SeededGenerator(seed: options.seed).stream(1)
    let z = Tensor<Double>.normal([options[count], 2], using: &generator)
    transform(z, width: options[width], on: page)
    measure(ring(z, width: options[width]), width: options[width], on: page)
    changeVariables(z, width: options[width], on: page)
    invert(options, on: page)
    let g = learn(options, on: page)
    render(g, seed: options.seed, on: page)
  }

  static func main() { chapter.run() }

  static func transform(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.1", "A function that makes a ring")
    page.prose(
      """
      z is a point of the plane, drawn from N(0, I): two independent standard normal numbers, a \
      round cloud that is densest in the middle. g keeps the direction of z and turns its length \
      ‖z‖ into 1 + w‖z‖, here with w = \(formatted(width, digits: 2)).
      """)
    page.equation(#"g(z) = w z + \frac{z}{\|z\|}"#)
    let shown = z.rows(Array(0..<min(600, z.shape[0])))
    page.figure(
      "The same points before and after g",
      description: """
        Left, z: a cloud without a hole. Right, g(z): a ring. No number was drawn for the right \
        side; the function alone made it.
        """,
      scatter("z", [(nil, shown)], axes: ("z₁", "z₂"), reach: 3.5),
      scatter("g(z)", [(nil, ring(shown, width: width))], reach: 1 + 3.5 * width))

    page.prose(
      """
      The price is a tear. However close z and −z are to each other, and so to 0, their images lie \
      on opposite sides of the hole; at 0 itself g is 0/0.
      """)
    let lengths = [1, 0.1, 0.001, 0.000_001, 0]
    let gaps = lengths.map { length in
      let image = ring(Tensor([length, 0, -length, 0], shape: [2, 2]), width: width)
      return image[0, 0] - image[1, 0]
    }
    page.table(
      [.right("‖z‖"), .right("from z to −z"), .right("from g(z) to g(−z)")],
      rows: zip(lengths, gaps).map { length, gap in
        [formatted(length, digits: 1), formatted(2 * length, digits: 1), formatted(gap, digits: 8)]
      })
    page.check(
      "g(z) and g(−z) are 2 + 2w‖z‖ apart: never less than 2.",
      .equal(
        Quantity("at ‖z‖ = 10⁻⁶", gaps[3]), Quantity("2 + 2w‖z‖", 2 + 2e-6 * width),
        tolerance: 1e-10))
    page.check(
      "The hole is empty: no point is nearer to its centre than 1.",
      .atMost(
        Quantity("radius of the hole", 1),
        Quantity("smallest ‖g(z)‖", PolarCoordinates(ring(z, width: width)).radii.min() ?? .nan)))
  }

  static func measure(_ x: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.2", "How ring-like is it?")
    page.prose(
      """
      The angle of z is uniform, and g leaves it alone. The length of z has Rayleigh's law, and g \
      makes it the radius r = 1 + w‖z‖, whose density is therefore known exactly:
      """)
    page.equation(
      #"p(r) = \frac{r - 1}{w^2} \exp\left(-\frac{(r - 1)^2}{2 w^2}\right), \quad r \ge 1"#)
    let (excess, polar) = (Rayleigh(scale: width), PolarCoordinates(x))
    page.figure(
      "Radius and angle of g(z)",
      description: """
        Bars: \(x.shape[0]) samples. Lines: the exact densities. No radius is below 1, and no \
        angle is preferred.
        """,
      histogram("radius r", polar.radii, over: 1...(1 + 4.5 * width)) {
        excess.density(at: $0 - 1)
      },
      histogram("angle φ", polar.angles, over: -Double.pi...Double.pi) { _ in 0.5 / .pi })

    let (mean, deviation) = (1 + excess.mean, excess.variance.squareRoot())
    let estimate = MonteCarloEstimate(polar.radii)
    let meanError = deviation / Double(estimate.count).squareRoot()
    page.check(
      "The mean radius is 1 + w√(π/2).",
      .measured(
        Quantity("samples", estimate.mean), expected: Quantity("exact", mean),
        standardError: meanError))
    page.check(
      "Its standard deviation is w√(2 − π/2).",
      .measured(
        Quantity("samples", estimate.variance.squareRoot()), expected: Quantity("exact", deviation),
        // The delta method: the variance of n samples has the variance (kurtosis − 1)σ⁴/n.
        standardError: meanError * ((excess.kurtosis - 1) / 4).squareRoot()))

    page.prose(
      """
      A mean and a deviation do not make a law. Kolmogorov and Smirnov's distance compares all of \
      it: it is the largest difference, over all r, between the share of samples up to r and the \
      probability of that. The last line holds the samples against a wrong law, the normal one of \
      the same mean and deviation.
      """)
    let wrong = Normal(mean: mean, variance: excess.variance)
    let radius = KolmogorovSmirnovTest(polar.radii) { excess.cumulativeProbability(upTo: $0 - 1) }
    let angle = KolmogorovSmirnovTest(polar.angles) { 0.5 + $0 / (2 * .pi) }
    let normal = KolmogorovSmirnovTest(polar.radii) { wrong.cumulativeProbability(upTo: $0) }
    page.table(
      [.left("samples"), .left("law"), .right("distance"), .right("p-value")],
      rows: [
        ("radius", "1 + w‖z‖", radius), ("angle", "uniform", angle), ("radius", "normal", normal),
      ]
      .map { [$0, $1, formatted($2.statistic, decimals: 4), formatted($2.pValue, digits: 2)] })
    checkLaw("The radius has the law of 1 + w‖z‖.", radius, count: x.shape[0], on: page)
    checkLaw("The angle is uniform.", angle, count: x.shape[0], on: page)
  }
}

// What several sections use.

extension Ring {
  /// Points of the plane, each group in a colour of its own, in a square around the origin.
  static func scatter(
    _ title: String, _ groups: [(label: String?, points: Tensor<Double>)],
    axes: (x: String, y: String) = ("x₁", "x₂"), reach: Double
  ) -> Plot {
    Plot(
      title, x: Axis(axes.x, range: -reach...reach), y: Axis(axes.y, range: -reach...reach),
      hasEqualAspect: true,
      layers: groups.map { label, points in
        .points(
          Plot.Series(
            label, x: points.slice(axis: 1, 0..<1).scalars, y: points.slice(axis: 1, 1..<2).scalars)
        )
      })
  }

  /// A histogram under the density that it should have.
  static func histogram(
    _ name: String, _ values: [Double], over range: ClosedRange<Double>,
    density: (Double) -> Double
  ) -> Plot {
    let histogram = Histogram(values, binCount: 32, over: range)
    let line = Histogram(binCount: 150, over: range).edges
    return Plot(
      x: Axis(name), y: Axis("density"),
      layers: [
        .histogram(
          Plot.Histogram("samples", edges: histogram.edges, heights: histogram.densities)),
        .line(Plot.Series("exact", x: line, y: line.map(density))),
      ])
  }

  /// Checks that a distance is not larger than what a right law reaches as seldom as a right mean
  /// is four standard errors off.
  static func checkLaw(
    _ claim: String, _ test: KolmogorovSmirnovTest, count: Int, on page: Page
  ) {
    page.check(
      claim,
      .atMost(
        Quantity("distance", test.statistic),
        Quantity(
          "reached once in 16,000",
          KolmogorovSmirnovTest.criticalValue(count: count, significance: 1 / 16_000))))
  }

  /// Checks that no difference is larger than 10⁻¹⁰.
  static func checkSmall(_ claim: String, _ differences: [Double], on page: Page) {
    // The largest of several numbers may hide one that is none.
    let largest =
      differences.contains(where: \.isNaN) ? .nan : differences.map(abs).max() ?? .nan
    page.check(
      claim, .atMost(Quantity("largest difference", largest), Quantity("tolerance", 1e-10)))
  }
}
