import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability

/// How steep the learned g is, and how steep it would have to be to empty the hole of the ring: a part
/// of section 1.5, for the ring and two latent variables.
struct Steepness {
  /// One function that makes a ring of normal points.
  struct Function {
    let name: String
    /// The largest slope at any of the points z.
    let largestSlope: Double
    /// The smallest radius of an image, and the proportion of radii below 0.9.
    let smallestRadius: Double
    let shareInHole: Double
  }

  /// The learned g, the quantile functions of section 1.4 and g of section 1.1, on the same z.
  let network: Function
  let quantiles: Function
  let formula: Function
  /// The z that the network sends nearest to the centre of the hole, of shape [1, 2].
  let centre: Tensor<Double>
  /// The proportion of all z that a g with the network's largest slope must send into the hole.
  let trappedShare: Double
  /// Proportions of points in the hole, and the slope that g needs to have no more there.
  let wantedShares = [0.01, 0.001, 0.0001]
  let neededSlopes: [Double]
  /// The radius of g(z) for z on a line through the centre, by the network and as in section 1.1.
  let line = edges(80, over: -1.5...1.5)
  let networkRadii: [Double]
  let formulaRadii: [Double]

  init(_ g: MultilayerPerceptron<Double>, at z: Tensor<Double>) {
    let (radii, slopes) = (PolarCoordinates(g(z)).radii, Self.slopes(of: g, at: z))
    network = Function("the network", slopes, radii)
    quantiles = Self.quantiles(at: z)
    let lengths = PolarCoordinates(z).radii
    formula = Function(
      "wz + z/‖z‖ of 1.1", lengths.map { 0.1 + 1 / $0 }, lengths.map { 1 + 0.1 * $0 })

    // cell: trapped
    let L = slopes.max()!
    let nearest = radii.indices.min { radii[$0] < radii[$1] }!
    let z₀ = z.rows([nearest])  // of all z the one with the smallest ‖g(z)‖
    let reach = max(0.9 - radii[nearest], 0) / L  // closer z stay below 0.9
    let trapped = PolarCoordinates(z - z₀).radii.count { $0 < reach }
    let logDensity = DiagonalNormal.standard.logProbability(of: z₀).scalar
    let needed = wantedShares.map { share in
      // p(z₀) · π(0.9/L)² = share, solved for L
      0.9 * (.pi * .exp(logDensity) / share).squareRoot()
    }
    // end
    centre = z₀
    trappedShare = Double(trapped) / Double(radii.count)
    neededSlopes = needed

    let path = Tensor(line.flatMap { [$0, 0] }, shape: [line.count, 2])
    networkRadii = PolarCoordinates(g(path + z₀)).radii
    formulaRadii = line.map { 1 + 0.1 * abs($0) }
  }

  // cell: slope
  /// The slope of g at each z: the largest singular value of J(z), which is
  /// the root of the larger eigenvalue of the 2 × 2 matrix JJᵀ = (a c; c b).
  static func slopes(
    of g: MultilayerPerceptron<Double>, at z: Tensor<Double>
  ) -> [Double] {
    let J = (0..<2).map { i in  // ∂gᵢ/∂z, a row for each z
      valueWithGradient(at: z) { z in
        g(z).slice(axis: 1, i..<(i + 1)).sum()
      }.gradient
    }
    let (a, b) = (J[0].squared.sum(axis: 1), J[1].squared.sum(axis: 1))
    let c = (J[0] * J[1]).sum(axis: 1)
    let root = sqrt((0.5 * (a - b)).squared + c.squared)
    return sqrt(0.5 * (a + b) + root).scalars
  }
  // end

  /// The ring by quantile functions: z₁ moves its image around, z₂ outwards, so that the slope is the
  /// larger of r dφ/dz₁ = 2πr p(z₁) and dr/dz₂ = p(z₂)/p(r).
  private static func quantiles(at z: Tensor<Double>) -> Function {
    let (radii, distribution) = (
      PolarCoordinates(Quantiles.ring(z, width: 0.1)).radii, RadiusDistribution(w: 0.1)
    )
    let slopes = radii.indices.map { index in
      let (around, outwards) = (
        2 * .pi * radii[index] * Normal.standard.density(at: z[index, 0]),
        Normal.standard.density(at: z[index, 1]) / distribution.density(at: radii[index])
      )
      return max(around, outwards)
    }
    return Function("quantile functions of 1.4", slopes, radii)
  }

  func show(on page: Page) {
    page.lead(
      """
      Why are there points in the hole? Compare how steep three functions are, and then the slope \
      of the network with the slope that an emptier hole needs.
      """)
    page.code("slope")
    page.table(
      [.left("g"), .right("largest slope"), .right("in the hole")],
      rows: [network, quantiles, formula].map {
        [
          $0.name, formatted($0.largestSlope, digits: 3),
          formatted(100 * $0.shareInHole, decimals: 2) + " %",
        ]
      },
      caption: "In the hole: a radius below 0.9. All three functions are given the same 20,000 z.")
    page.figure(
      "Across the hole",
      description: """
        The radius of g(z): for the network, along a line through z₀, the z that it sends closest \
        to the centre of the hole; for g of section 1.1, along a line through 0. The formula jumps \
        from one side of the hole to the other. The network has to cross.
        """,
      Plot(
        x: Axis("distance from z₀ along the first axis"), y: Axis("‖g(z)‖"),
        layers: [
          .line(
            Plot.Series("wz + z/‖z‖", meaning: .wanted, x: line, y: formulaRadii)),
          .line(Plot.Series("the network", meaning: .made, x: line, y: networkRadii)),
        ]))
    page.code("trapped")
    page.table(
      [.right("in the hole"), .right("slope needed")],
      rows: zip(wantedShares, neededSlopes).map {
        ["\(formatted(100 * $0, digits: 1)) %", formatted($1, decimals: 1)]
      })
    page.check(
      "At least as many points lie in the hole as the largest slope forces into it.",
      .atMost(
        Quantity("the proportion of z too close to z₀ to get out", trappedShare),
        Quantity("the proportion in the hole", network.shareInHole)))
    page.check(
      "The quantile functions of 1.4 leave the hole empty.",
      .atMost(
        Quantity("the radius of the hole", 1),
        Quantity("their smallest radius", quantiles.smallestRadius)))
  }
}

extension Steepness.Function {
  fileprivate init(_ name: String, _ slopes: [Double], _ radii: [Double]) {
    self.init(
      name: name, largestSlope: slopes.max()!, smallestRadius: radii.min()!,
      shareInHole: Double(radii.count { $0 < 0.9 }) / Double(radii.count))
  }
}
