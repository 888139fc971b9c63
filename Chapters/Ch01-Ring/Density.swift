import Autodiff
import Datasets
import Notebook
import Probability

// Section 1.3.

extension Ring {
  static func changeVariables(_ z: Tensor<Double>, width: Double, on page: Page) {
    page.section("1.3", "The density of the ring")
    page.prose(
      """
      Where g stretches the plane, points become sparse. By how much it stretches areas near z is \
      the determinant of its Jacobian, the matrix of derivatives J(z) = ∂g/∂z, and so
      """)
    page.equation(
      #"p(x) = \frac{p(z)}{|\det J(z)|} \quad \text{at } x = g(z), \quad J(z) = \left(w + \frac{1}{\|z\|}\right) I - \frac{z z^\top}{\|z\|^3}"#
    )
    page.prose(
      """
      Below, J comes from the tape of the autodiff core, which has seen only the code of g. Its \
      determinant must be w(w + 1/‖z‖), and p(x) the density of the radius r over the length 2πr \
      of its circle.
      """)
    let places = (0..<5).map { Stretch(at: [z[$0, 0], z[$0, 1]], width: width) }
    let lengths = PolarCoordinates(z.rows(Array(0..<5))).radii
    let determinants = lengths.map { width * (width + 1 / $0) }
    let densities = density(at: ring(z.rows(Array(0..<5)), width: width), width: width)
    page.table(
      [
        .right("z₁"), .right("z₂"), .right("det J: tape"), .right("formula"),
        .right("p(x): tape"), .right("formula"),
      ],
      rows: places.indices.map { index in
        [z[index, 0], z[index, 1]].map { formatted($0, decimals: 3) }
          + [
            places[index].determinant, determinants[index], places[index].density, densities[index],
          ].map { formatted($0, digits: 6) }
      })
    let formulas = places.map { place in
      let z = place.z.reshaped([2, 1])
      let length = sqrt(z.squared.sum())
      return (Tensor(width) + 1 / length) * .identity(2)
        - matmul(z, z.transposed()) / (length * length * length)
    }
    checkSmall(
      "The tape's Jacobian is that of the formula.",
      zip(places, formulas).flatMap { ($0.jacobian - $1).scalars }, on: page)
    checkSmall(
      "Its determinant is w(w + 1/‖z‖).",
      zip(places, determinants).map { $0.determinant - $1 }, on: page)
    checkSmall(
      "The density of g(z) is that of its radius over 2πr.",
      zip(places, densities).map { $0.density - $1 }, on: page)

    let reach = 1 + 4 * width
    let cell = 2 * reach / 40
    let centres = QuadratureRule.trapezoidal(40, over: (cell / 2 - reach)...(reach - cell / 2))
    let field = density(at: PlaneGrid(centres, centres).points, width: width)
    let ray = (0...200).map { reach * Double($0) / 200 }
    page.figure(
      "The density of g(z)",
      description: """
        Left, p(x) in the plane: nothing inside, a steep rise at radius 1, a slow decay. Right, p(x) \
        along the first axis, which is not the density of the radius: that is 2πr times as high.
        """,
      Plot(
        "plane", x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
        layers: [
          .heatMap(
            Plot.HeatMap(
              "p(x)", x: -reach...reach, y: -reach...reach,
              rows: (0..<40).map { row in (0..<40).map { field[$0 * 40 + row] } }))
        ]),
      Plot(
        "along x₂ = 0", x: Axis("x₁"), y: Axis("p(x)"),
        layers: [
          .line(
            Plot.Series(
              x: ray,
              y: density(at: Tensor(ray.flatMap { [$0, 0] }, shape: [201, 2]), width: width)
            ))
        ]))
    integrate(width: width, on: page)
  }

  /// The Jacobian of g at a point, from the tape.
  struct Stretch {
    let z: Tensor<Double>
    let jacobian: Tensor<Double>

    init(at z: [Double], width: Double) {
      self.z = Tensor(z)
      jacobian = Autodiff.jacobian(
        of: { ring($0.reshaped([1, 2]), width: width) }, at: self.z)
    }

    var determinant: Double { jacobian[0, 0] * jacobian[1, 1] - jacobian[0, 1] * jacobian[1, 0] }

    /// p(x) at x = g(z).
    var density: Double {
      .exp(DiagonalNormal.standard.logProbability(of: z).scalar) / abs(determinant)
    }
  }

  /// The density of g(z) in the plane by the formula, at each row of x.
  static func density(at x: Tensor<Double>, width: Double) -> [Double] {
    let excess = Rayleigh(scale: width)
    return PolarCoordinates(x).radii.map { excess.density(at: $0 - 1) / (2 * .pi * $0) }
  }

  static func integrate(width: Double, on page: Page) {
    page.prose(
      """
      A density integrates to 1. A sum over n × n points of a square comes near it slowly: the \
      density has an edge at radius 1, on which no square grid has its points. In polar coordinates \
      the edge is where the integral begins, and few points give all digits: p(x) from the tape on 8 \
      rays times 64 radii.
      """)
    let reach = 1 + 8 * width
    let sums = [20, 40, 80, 160, 320].map { count in
      let rule = QuadratureRule.trapezoidal(count, over: -reach...reach)
      let grid = PlaneGrid(rule, rule)
      let weights = exp(Tensor(grid.logWeights))
      return (
        "square, \(count) × \(count)",
        (weights * Tensor(density(at: grid.points, width: width))).sum().scalar
      )
    }
    let excesses = QuadratureRule.gaussLegendre(64, over: 0...10)
    let polar = (0..<8).reduce(0) { sum, ray in
      let angle = 2 * Double.pi * Double(ray) / 8
      let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
      // r = 1 + wρ and dr = w dρ, where ρ is the length of z.
      return sum + 2 * .pi / 8
        * excesses.integral {
          Stretch(at: [$0 * cosine, $0 * sine], width: width).density * (1 + width * $0) * width
        }
    }
    page.table(
      [.left("points"), .right("integral"), .right("error")],
      rows: (sums + [("polar, 8 × 64", polar)]).map {
        [$0, formatted($1, decimals: 9), formatted($1 - 1, digits: 2)]
      })
    page.check(
      "The density integrates to 1.",
      .equal(Quantity("∫ p(x) dx", polar), Quantity("exact", 1), tolerance: 1e-10))
  }

  /// Checks that no difference is larger than 10⁻¹⁰.
  static func checkSmall(_ claim: String, _ differences: [Double], on page: Page) {
    page.check(
      claim,
      .atMost(
        // A difference that is no number must not get lost among others.
        Quantity("largest difference", differences.map(abs).reduce(0) { $1 <= $0 ? $0 : $1 }),
        Quantity("tolerance", 1e-10)))
  }
}
