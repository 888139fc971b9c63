import Autodiff
import Claims
import Notebook

/// 1.1 A function that makes a ring: points in the plane before and after g.
struct RingFunction: SectionContent {
  /// How far apart g(z) and g(−z) are for one length of z.
  struct Gap {
    /// ‖z‖.
    let length: Double
    /// ‖g(z) − g(−z)‖.
    let distance: Double
  }

  let width: Double
  /// The points and their images, both of shape [count, 2].
  let z: Tensor<Double>
  let x: Tensor<Double>
  /// The angle of each point, which its image shares.
  let angles: [Double]
  /// The smallest ‖g(z)‖.
  let smallestRadius: Double
  let gaps: [Gap]

  init(_ z: Tensor<Double>, width w: Double) {
    (self.z, width) = (z, w)
    x = Self.g(z, width: w)
    angles = PolarCoordinates(z).angles
    smallestRadius = PolarCoordinates(x).radii.min() ?? .nan
    gaps = [1, 0.1, 0.001, 0.000_001, 0].map { ρ in
      // cell: tear
      let z = Tensor([ρ, 0, -ρ, 0], shape: [2, 2])  // z and −z, with ‖z‖ = ρ
      let x = Self.g(z, width: w)
      let distance = x[0, 0] - x[1, 0]  // from g(z) to g(−z)
      // end
      return Gap(length: ρ, distance: distance)
    }
  }

  // cell: g
  /// g(z) = w z + z/‖z‖ for each row of z, whose length ‖z‖ is √(z₁² + z₂²).
  static func g(_ z: Tensor<Double>, width w: Double) -> Tensor<Double> {
    w * z + z / sqrt(z.squared.sum(axis: 1, keepingAxis: true))
  }
  // end

  func show(on page: Page) {
    page.lead(
      """
      z is drawn from N(0, I) in the plane, so most of its points lie near 0. Where does g send them?
      """)
    page.equation(#"g(z) = w z + \frac{z}{\|z\|}"#)
    page.code("g")
    let shown = Array(0..<min(400, z.shape[0]))
    let angles = shown.map { self.angles[$0] }
    page.figure(
      "The same points before and after g",
      description: """
        Left, z: a round cloud, densest in the middle. Right, g(z): a ring around an empty disc. No \
        further random numbers were drawn: the function alone made the ring. In the browser each \
        point is coloured by its angle, which g does not change.
        """,
      scatter(
        "z", [Plot.Series(meaning: .prior, points: z.rows(shown), angles: angles)],
        axes: ("z₁", "z₂"), reach: 3.5),
      scatter(
        "g(z)", [Plot.Series(meaning: .made, points: x.rows(shown), angles: angles)],
        reach: 1 + 3.5 * width))
    page.interactive(
      "ring", "Drag z, or paint",
      description: """
        Drag the large point through the cloud, and once across 0. Or clear the plane and paint points of your own: \
        what does g make of a line, or of a circle around 0? Colours show the angle, which g does not change.
        """,
      data: Touchable(
        width: width, cloud: z.rows(shown), checked: z.rows([0, 1, 2]),
        images: x.rows([0, 1, 2])))
    page.check(
      "No point of the ring is closer to the centre than 1.",
      .atMost(
        Quantity("the radius of the hole", 1), Quantity("the smallest ‖g(z)‖", smallestRadius)))

    page.lead("g tears the plane at 0: see how far apart g(z) and g(−z) stay as z approaches 0.")
    page.code("tear")
    page.table(
      [.right("‖z‖"), .right("from z to −z"), .right("from g(z) to g(−z)")],
      rows: gaps.map { gap in
        [
          formatted(gap.length, digits: 1), formatted(2 * gap.length, digits: 1),
          formatted(gap.distance, decimals: 7),
        ]
      })
    page.check(
      "For every z other than 0, g(z) and g(−z) are 2 + 2w‖z‖ apart, which is more than 2.",
      .small(
        "largest difference",
        gaps.filter { $0.length > 0 }.map { $0.distance - (2 + 2 * width * $0.length) }))
  }
}

/// What the figure of 1.1 has in a browser.
private struct Touchable: Encodable {
  /// A point and its image, which the figure must compute.
  struct Pair: Encodable {
    let z: [Double]
    let x: [Double]
  }

  let width: Double
  let cloud: [[Double]]
  let checks: [Pair]

  init(width: Double, cloud: Tensor<Double>, checked: Tensor<Double>, images: Tensor<Double>) {
    self.width = width
    self.cloud = (0..<cloud.shape[0]).map { i in
      [cloud[i, 0], cloud[i, 1]].map { (1000 * $0).rounded() / 1000 }
    }
    checks = (0..<checked.shape[0]).map { i in
      Pair(z: [checked[i, 0], checked[i, 1]], x: [images[i, 0], images[i, 1]])
    }
  }
}
