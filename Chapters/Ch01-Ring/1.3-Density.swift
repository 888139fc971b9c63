import Autodiff
import Claims
import Notebook
import Probability

// cell: density
/// How g stretches the plane around a point z.
struct Stretch {
  let z: Tensor<Double>
  let jacobian: Tensor<Double>  // J(z)

  /// det J(z), the factor by which areas grow.
  var determinant: Double {
    jacobian[0, 0] * jacobian[1, 1] - jacobian[0, 1] * jacobian[1, 0]
  }

  /// p(z) of N(0, I).
  var priorDensity: Double {
    .exp(DiagonalNormal.standard.logProbability(of: z).scalar)
  }

  /// p(x) = p(z)/|det J(z)| at x = g(z).
  var density: Double { priorDensity / abs(determinant) }
}
// end

extension Stretch {
  init(at z: [Double], width: Double) {
    self.init(z: Tensor(z), jacobian: Self.jacobian(at: z, width: width))
  }

  // cell: jacobian
  /// J(z) from the tape: row i holds ∂gᵢ/∂z₁ and ∂gᵢ/∂z₂.
  static func jacobian(at z: [Double], width w: Double) -> Tensor<Double> {
    let rows = (0..<2).map { i in
      valueWithGradient(at: Tensor(z, shape: [1, 2])) { z in
        RingFunction.g(z, width: w).slice(axis: 1, i..<(i + 1))  // gᵢ(z)
      }.gradient
    }
    return .concatenated(rows)
  }
  // end
}

/// 1.3 The density of the ring, from the Jacobian and from a formula, and the integral of it.
struct Density: SectionContent {
  /// The integral of the density, approximated with one set of points.
  struct Integral {
    let points: String
    let value: Double
  }

  let width: Double
  /// What g does at a few points.
  let places: [Stretch]
  /// det J and p(x) there, by the formulas.
  let determinants: [Double]
  let densities: [Double]
  /// The differences between the tape's Jacobians and the formula's, element by element.
  let jacobianDifferences: [Double]
  /// How far from the centre the figures reach.
  let reach: Double
  /// p(x) in 40 × 40 cells of the plane, from the bottom row up.
  let map: [[Double]]
  /// Places along the first axis, and p(x) there.
  let ray: [Double]
  let rayDensities: [Double]
  /// The integrals of p(x) over squares.
  let squares: [Integral]
  /// The integrals in polar coordinates, of p(x) and of p(z) at x = g(z), without the determinant.
  let polar: Double
  let withoutDeterminant: Double

  init(_ points: Tensor<Double>, width w: Double) {
    width = w
    let places = (0..<5).map { Stretch(at: [points[$0, 0], points[$0, 1]], width: w) }
    let z = points.rows(Array(0..<5))
    determinants = PolarCoordinates(z).radii.map { ρ in w * (w + 1 / ρ) }
    densities = Self.density(at: RingFunction.g(z, width: w), width: w)
    jacobianDifferences = places.flatMap { place in
      (place.jacobian - Self.jacobianByFormula(at: place.z, width: w)).scalars
    }
    self.places = places

    reach = 1 + 4 * w
    let centres = QuadratureRule.trapezoidal(40, over: -reach * 39 / 40...reach * 39 / 40)
    // The second coordinate runs fastest, and a row of the picture holds the first.
    let field = Self.density(at: PlaneGrid(centres, centres).points, width: w)
    map = (0..<40).map { row in (0..<40).map { field[$0 * 40 + row] } }
    ray = edges(180, over: 0...reach)
    rayDensities = Self.density(
      at: Tensor(ray.flatMap { [$0, 0] }, shape: [ray.count, 2]), width: w)

    squares = [20, 40, 80, 160, 320].map { count in
      Integral(
        points: "square, \(count) × \(count)",
        value: Self.squareIntegral(pointsAcross: count, width: w))
    }
    polar = Self.polarIntegral(width: w) { $0.density }
    withoutDeterminant = Self.polarIntegral(width: w) { $0.priorDensity }
  }

  /// J(z) = (w + 1/‖z‖) I − zzᵀ/‖z‖³.
  private static func jacobianByFormula(at z: Tensor<Double>, width w: Double) -> Tensor<Double> {
    let (column, length) = (z.reshaped([2, 1]), sqrt(z.squared.sum()))
    return (w + 1 / length) * .identity(2)
      - matmul(column, column.transposed()) / (length * length * length)
  }

  /// p(x) = p(r)/2πr at each row of x, and 0 in the hole.
  static func density(at x: Tensor<Double>, width: Double) -> [Double] {
    let radius = RadiusDistribution(w: width)
    return PolarCoordinates(x).radii.map { r in r > 1 ? radius.density(at: r) / (2 * .pi * r) : 0 }
  }

  private static func squareIntegral(pointsAcross count: Int, width: Double) -> Double {
    let reach = 1 + 8 * width
    let rule = QuadratureRule.trapezoidal(count, over: -reach...reach)
    let grid = PlaneGrid(rule, rule)
    let terms = exp(Tensor(grid.logWeights)) * Tensor(density(at: grid.points, width: width))
    return terms.sum().scalar
  }

  // cell: integral
  /// ∬ f(x) r dr dφ over the plane, with f given at the z of x = g(z): on 8
  /// rays, at 64 lengths ρ of z each, where r = 1 + wρ and dr = w dρ.
  static func polarIntegral(
    width w: Double, of f: (Stretch) -> Double
  ) -> Double {
    let lengths = QuadratureRule.gaussLegendre(64, over: 0...10)
    let rays = (0..<8).map { ray in
      let φ = .pi * Double(ray) / 4
      let (cosine, sine) = (Double.cos(φ), Double.sin(φ))
      return lengths.integral { ρ in
        f(Stretch(at: [ρ * cosine, ρ * sine], width: w)) * (1 + w * ρ) * w
      }
    }
    return rays.reduce(0, +) * .pi / 4
  }
  // end

  func show(on page: Page) {
    page.lead(
      """
      Automatic differentiation only sees g run. Compare its determinant, and the density that \
      follows from it, with the formulas.
      """)
    page.equation(
      #"p(x) = \frac{p(z)}{|\det J(z)|} \text{ at } x = g(z), \quad J(z) = \left(w + \frac{1}{\|z\|}\right) I - \frac{z z^\top}{\|z\|^3}"#
    )
    page.code("jacobian")
    page.code("density")
    showPlaces(on: page)
    page.lead("z is densest at 0. Where is g(z) densest?")
    showMap(on: page)
    page.lead(
      """
      A density integrates to 1. Look at how slowly a square grid gets there, and at what happens \
      when the determinant is forgotten.
      """)
    page.code("integral")
    page.table(
      [.left("points"), .right("integral"), .right("error")],
      rows: (squares + [
        Integral(points: "polar, 8 × 64", value: polar),
        Integral(points: "polar, p(z) without det J", value: withoutDeterminant),
      ]).map {
        [$0.points, formatted($0.value, decimals: 9), formatted($0.value - 1, digits: 2)]
      })
    page.check(
      "The density integrates to 1.",
      .equal(Quantity("∫ p(x) dx", polar), Quantity("exact", 1), tolerance: 1e-10))
  }

  private func showPlaces(on page: Page) {
    page.table(
      [
        .right("z₁"), .right("z₂"), .right("det J, tape"), .right("formula"),
        .right("p(x), tape"), .right("formula"),
      ],
      rows: places.indices.map { index in
        let place = places[index]
        return cells(place.z.scalars[0], place.z.scalars[1], decimals: 3)
          + cells(
            place.determinant, determinants[index], place.density, densities[index], decimals: 6)
      })
    page.check(
      "The Jacobian from the tape agrees with the formula.",
      .small("largest difference", jacobianDifferences))
    page.check(
      "The determinant of the Jacobian is w(w + 1/‖z‖).",
      .small("largest difference", zip(places, determinants).map { $0.determinant - $1 }))
    page.check(
      "The density of g(z) is that of the radius divided by 2πr.",
      .small("largest difference", zip(places, densities).map { $0.density - $1 }))
  }

  private func showMap(on page: Page) {
    page.figure(
      "The density of g(z)",
      description: """
        Left, p(x) in the plane: nothing in the hole, a steep rise at radius 1, then a slower decay. \
        Right, the same along the first axis. This is not the density of the radius, which is 2πr \
        times as large.
        """,
      Plot(
        x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
        layers: [
          .heatMap(Plot.HeatMap("p(x)", x: -reach...reach, y: -reach...reach, rows: map))
        ]),
      Plot(
        x: Axis("x₁, at x₂ = 0"), y: Axis("p(x)"),
        layers: [.line(Plot.Series(meaning: .wanted, x: ray, y: rayDensities))]))
  }
}
