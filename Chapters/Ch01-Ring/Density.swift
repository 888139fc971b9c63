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
      Where g stretches the plane, points become sparse. How much it stretches areas near z is the \
      determinant of its Jacobian, the matrix J(z) = ∂g/∂z of derivatives:
      """)
    page.equation(
      #"p(x) = \frac{p(z)}{|\det J(z)|} \text{ at } x = g(z), \quad J(z) = \left(w + \frac{1}{\|z\|}\right) I - \frac{z z^\top}{\|z\|^3}"#
    )
    page.prose(
      """
      Here J comes from the tape of the autodiff core, which has only seen g run. Its determinant \
      must be w(w + 1/‖z‖), and p(x) must be the density of the radius r over the length 2πr of \
      its circle.
      """)
    let points = z.rows(Array(0..<5))
    let places = (0..<5).map { Stretch(at: [points[$0, 0], points[$0, 1]], width: width) }
    let determinants = PolarCoordinates(points).radii.map { width * (width + 1 / $0) }
    let densities = density(at: ring(points, width: width), width: width)
    page.table(
      [
        .right("z₁"), .right("z₂"), .right("det J: tape"), .right("formula"),
        .right("p(x): tape"), .right("formula"),
      ],
      rows: places.indices.map { index in
        let place = places[index]
        return [points[index, 0], points[index, 1]].map { formatted($0, decimals: 3) }
          + [place.determinant, determinants[index], place.density, densities[index]].map {
            formatted($0, digits: 6)
          }
      })
    checkSmall(
      "The tape's Jacobian is that of the formula.",
      places.flatMap { place in
        let z = place.z.reshaped([2, 1])
        let length = sqrt(z.squared.sum())
        let formula =
          (width + 1 / length) * .identity(2)
          - matmul(z, z.transposed()) / (length * length * length)
        return (place.jacobian - formula).scalars
      }, on: page)
    checkSmall(
      "Its determinant is w(w + 1/‖z‖).",
      zip(places, determinants).map { $0.determinant - $1 }, on: page)
    checkSmall(
      "The density is that of the radius over 2πr.",
      zip(places, densities).map { $0.density - $1 }, on: page)
    showDensity(width: width, on: page)
    integrate(width: width, on: page)
  }

  /// How g stretches the plane at a point.
  struct Stretch {
    /// The point, of shape [2].
    let z: Tensor<Double>
    /// ∂g/∂z from the tape, of shape [2, 2].
    let jacobian: Tensor<Double>

    init(at z: [Double], width: Double) {
      self.z = Tensor(z)
      jacobian = Probability.jacobian(of: { ring($0.reshaped([1, 2]), width: width) }, at: self.z)
    }

    var determinant: Double { jacobian[0, 0] * jacobian[1, 1] - jacobian[0, 1] * jacobian[1, 0] }

    /// p(z).
    var priorDensity: Double { .exp(DiagonalNormal.standard.logProbability(of: z).scalar) }

    /// p(x) at x = g(z).
    var density: Double { priorDensity / abs(determinant) }
  }

  /// p(x) by the formula, at each row of x.
  static func density(at x: Tensor<Double>, width: Double) -> [Double] {
    let excess = Rayleigh(scale: width)
    return PolarCoordinates(x).radii.map { excess.density(at: $0 - 1) / (2 * .pi * $0) }
  }

  static func showDensity(width: Double, on page: Page) {
    let reach = 1 + 4 * width
    let edge = reach * 39 / 40
    let centres = QuadratureRule.trapezoidal(40, over: -edge...edge)
    // The second coordinate runs fastest, and a row of the picture holds the first.
    let field = density(at: PlaneGrid(centres, centres).points, width: width)
    let ray = Histogram(binCount: 180, over: 0...reach).edges
    page.figure(
      "The density of g(z)",
      description: """
        Left, p(x) in the plane: nothing in the hole, a steep rise at radius 1, a slow decay. \
        Right, the same along the first axis. It is no density of the radius: that is 2πr times it.
        """,
      Plot(
        x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
        layers: [
          .heatMap(
            Plot.HeatMap(
              "p(x)", x: -reach...reach, y: -reach...reach,
              rows: (0..<40).map { row in (0..<40).map { field[$0 * 40 + row] } }))
        ]),
      Plot(
        x: Axis("x₁, at x₂ = 0"), y: Axis("p(x)"),
        layers: [
          .line(
            Plot.Series(
              x: ray,
              y: density(
                at: Tensor(ray.flatMap { [$0, 0] }, shape: [ray.count, 2]), width: width)))
        ]))
  }

  static func integrate(width: Double, on page: Page) {
    page.prose(
      """
      A density integrates to 1. A sum over the n × n points of a square gets there slowly: at \
      radius 1 the density has an edge, which no such points follow. In polar coordinates the \
      integral begins at the edge, and p(x) from the tape on 8 rays, 64 points each, gives all \
      digits.
      """)
    let reach = 1 + 8 * width
    let squares = [20, 40, 80, 160, 320].map { count in
      let rule = QuadratureRule.trapezoidal(count, over: -reach...reach)
      let grid = PlaneGrid(rule, rule)
      let terms = exp(Tensor(grid.logWeights)) * Tensor(density(at: grid.points, width: width))
      return ("square, \(count) × \(count)", terms.sum().scalar)
    }
    let polar = polarIntegral(width: width) { $0.density }
    let rows =
      squares + [
        ("polar, 8 × 64", polar),
        ("polar, p(z) without det J", polarIntegral(width: width) { $0.priorDensity }),
      ]
    page.table(
      [.left("points"), .right("integral"), .right("error")],
      rows: rows.map { [$0, formatted($1, decimals: 9), formatted($1 - 1, digits: 2)] })
    page.check(
      "The density integrates to 1.",
      .equal(Quantity("∫ p(x) dx", polar), Quantity("exact", 1), tolerance: 1e-10))
  }

  /// The integral over the plane of a function of x, which is given at z with x = g(z).
  static func polarIntegral(width: Double, of function: (Stretch) -> Double) -> Double {
    let lengths = QuadratureRule.gaussLegendre(64, over: 0...10)
    let rays = (0..<8).map { ray in
      let (cosine, sine) = (Double.cos(.pi * Double(ray) / 4), Double.sin(.pi * Double(ray) / 4))
      // With the length ρ of z, r = 1 + wρ and dr = w dρ.
      return lengths.integral {
        function(Stretch(at: [$0 * cosine, $0 * sine], width: width)) * (1 + width * $0) * width
      }
    }
    return rays.reduce(0, +) * .pi / 4
  }
}
