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
    help: "What section 1.5 learns from samples.")
  static let latent = Knob.integer(
    "latent", default: 2, in: 1...16, unit: "variables", help: "The size of z in section 1.5.")
  static let steps = Knob.integer(
    "steps", default: 500, in: 0...20_000, unit: "steps", help: "How long section 1.5 trains.")
  static let batch = Knob.integer(
    "batch", default: 200, in: 2...1000, unit: "points", help: "The samples in a training step.")

  static let chapter = Chapter(
    "Ch01-Ring", title: "Any distribution from a normal one",
    abstract: """
      Draw z from N(0, I), the simplest law there is, and send it through a function: with the \
      right function the result has any law you like. Here the function is first written down, \
      then derived, and then learned from samples.
      """,
    knobs: [count, width, target, latent, steps, batch]
  ) { page, options in
    let seed = SeededGenerator(seed: options.seed)
    var generator = seed.stream(1)
    let z = Tensor<Double>.normal([options[count], 2], using: &generator)
    transform(z, width: options[width], on: page)
    measure(ring(z, width: options[width]), width: options[width], on: page)
    changeVariables(z, width: options[width], on: page)
    generator = seed.stream(4)
    invert(
      .normal([options[count], 2], using: &generator), width: options[width], on: page)
    generator = seed.stream(5)
    let g = learn(options, using: &generator, on: page)
    generator = seed.stream(6)
    render(g, using: &generator, on: page)
  }

  static func main() { chapter.run() }

  static func transform(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.1", "A function that makes a ring")
    page.prose(
      """
      z is a point of the plane, drawn from N(0, I): two independent standard normal numbers, a \
      round cloud that is densest in the middle. g moves each point outwards by 1 and then shrinks \
      what is left of its own length to w = \(formatted(width, digits: 2)) times that.
      """)
    page.equation(#"g(z) = w z + \frac{z}{\|z\|}"#)
    let shown = Array(0..<min(600, z.shape[0]))
    page.figure(
      "The same points before and after g",
      description: """
        Left, z: a cloud with no hole. Right, g(z): a ring of radius a little above 1. No number \
        was drawn for the right side; only the function made it.
        """,
      scatter("z", [("z", z.rows(shown))], axes: ("z₁", "z₂"), reach: 3.5),
      scatter(
        "g(z)", [("g(z)", ring(z.rows(shown), width: width))], axes: ("x₁", "x₂"),
        reach: 1 + 3.5 * width))

    page.prose(
      """
      The price is a tear. However close z and −z are to each other, and so to 0, their images lie \
      on opposite sides of the hole; at 0 itself g is 0/0.
      """)
    let lengths = [1, 0.1, 0.001, 0.000_001, 0]
    let gaps = lengths.map { length -> Double in
      let image = ring(Tensor([length, 0, -length, 0], shape: [2, 2]), width: width)
      return abs(image[0, 0] - image[1, 0])
    }
    page.table(
      [.right("‖z‖"), .right("distance of z and −z"), .right("distance of g(z) and g(−z)")],
      rows: zip(lengths, gaps).map { length, gap in
        [formatted(length, digits: 1), formatted(2 * length, digits: 1), formatted(gap, digits: 7)]
      })
    page.check(
      "g is torn at 0: the distance of g(z) and g(−z) is 2 + 2w‖z‖, never below 2.",
      .equal(
        Quantity("distance at ‖z‖ = 10⁻⁶", gaps[3]), Quantity("2 + 2w‖z‖", 2 + 2e-6 * width),
        tolerance: 1e-10))
    page.check(
      "The hole is empty: no point is nearer to the centre than 1.",
      .atMost(
        Quantity("radius of the hole", 1),
        Quantity("smallest ‖g(z)‖", PolarCoordinates(ring(z, width: width)).radii.min() ?? .nan)))
  }

  /// Points of the plane, each group by itself, in a square around the origin.
  static func scatter(
    _ title: String, _ groups: [(label: String, points: Tensor<Double>)],
    axes: (x: String, y: String) = ("x₁", "x₂"), reach: Double
  ) -> Plot {
    Plot(
      title, x: Axis(axes.x, range: -reach...reach), y: Axis(axes.y, range: -reach...reach),
      hasEqualAspect: true,
      layers: groups.map { label, points in
        .points(
          Plot.Series(
            groups.count > 1 ? label : nil, x: points.slice(axis: 1, 0..<1).scalars,
            y: points.slice(axis: 1, 1..<2).scalars))
      })
  }

  static func measure(_ points: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.2", "How ring-like is it?")
    page.prose(
      """
      g leaves the angle of z alone and turns its length ‖z‖ into the radius r = 1 + w‖z‖. The \
      angle of z is uniform and its length has Rayleigh's law, so both laws are known exactly:
      """)
    page.equation(
      #"p(r) = \frac{r - 1}{w^2} \exp\left(-\frac{(r - 1)^2}{2 w^2}\right), \quad r \ge 1"#)
    let (excess, polar) = (Rayleigh(scale: width), PolarCoordinates(points))
    page.figure(
      "Radius and angle of g(z)",
      description: """
        Bars: \(polar.radii.count) samples. Lines: the exact densities. No radius is below 1, and \
        all angles are alike.
        """,
      histogram("radius r", polar.radii, over: 1...(1 + 4.5 * width)) {
        excess.density(at: $0 - 1)
      },
      histogram("angle φ", polar.angles, over: -Double.pi...Double.pi) { _ in 0.5 / .pi })

    let (mean, deviation) = (1 + excess.mean, excess.variance.squareRoot())
    let estimate = MonteCarloEstimate(polar.radii)
    let meanError = deviation / Double(estimate.count).squareRoot()
    // The delta method: a variance of n samples has the variance (kurtosis − 1)σ⁴/n.
    let deviationError = meanError * ((excess.kurtosis - 1) / 4).squareRoot()
    page.check(
      "The mean radius is 1 + w√(π/2).",
      .measured(
        Quantity("mean of the samples", estimate.mean), expected: Quantity("exact", mean),
        standardError: meanError))
    page.check(
      "Its standard deviation is w√(2 − π/2).",
      .measured(
        Quantity("deviation of the samples", estimate.variance.squareRoot()),
        expected: Quantity("exact", deviation), standardError: deviationError))

    page.prose(
      """
      A mean and a deviation do not make a law. Kolmogorov and Smirnov's distance compares all of \
      it: the largest difference, over all r, between the share of samples up to r and the \
      probability of that. The last line is a wrong guess, a normal law of the same mean and \
      deviation.
      """)
    let wrong = Normal(mean: mean, variance: excess.variance)
    let tests = [
      (
        "radius", "exact",
        KolmogorovSmirnovTest(polar.radii) {
          excess.cumulativeProbability(upTo: $0 - 1)
        }
      ),
      ("angle", "uniform", KolmogorovSmirnovTest(polar.angles) { 0.5 + $0 / (2 * .pi) }),
      (
        "radius", "normal",
        KolmogorovSmirnovTest(polar.radii) {
          wrong.cumulativeProbability(upTo: $0)
        }
      ),
    ]
    page.table(
      [.left("of the"), .left("law"), .right("distance"), .right("p-value")],
      rows: tests.map {
        [$0, $1, formatted($2.statistic, decimals: 4), formatted($2.pValue, digits: 2)]
      })
    for (name, law, test) in tests.dropLast() {
      checkLaw("The \(name) has the \(law) law.", test, count: polar.radii.count, on: page)
    }
  }

  /// Checks a distance against the one that a right law stays below as often as a right mean stays
  /// within four standard errors.
  static func checkLaw(
    _ claim: String, _ test: KolmogorovSmirnovTest, count: Int, on page: Page
  ) {
    page.check(
      claim,
      .atMost(
        Quantity("distance", test.statistic),
        Quantity(
          "passed once in 16,000",
          KolmogorovSmirnovTest.criticalValue(count: count, significance: 1 / 16_000))))
  }
}
