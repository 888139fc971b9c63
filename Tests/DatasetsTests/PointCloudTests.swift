import Autodiff
import Foundation
import Probability
import Testing

@testable import Datasets

/// The seeds are fixed; were they drawn anew, each of these would fail once in a million runs.
@Suite struct RingTests {
  private let points: Tensor<Double> = {
    var generator = SeededGenerator(seed: 1)
    return ring(count: 50_000, using: &generator)
  }()

  private var coordinates: [(x: Double, y: Double)] {
    let scalars = points.scalars
    return stride(from: 0, to: scalars.count, by: 2).map { (scalars[$0], scalars[$0 + 1]) }
  }

  @Test("‖z‖ has the law 1 − exp(−r²/2), and the radius is 1 + ‖z‖/10")
  func radius() {
    #expect(points.shape == [50_000, 2])
    let radii = coordinates.map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
    // The two roundings of a coordinate may bring a radius just below 1.
    #expect(radii.allSatisfy { $0 >= 1 - 2 * 1.0.ulp })
    let test = KolmogorovSmirnovTest(radii) { r in
      1 - .exp(-50 * max(r - 1, 0) * max(r - 1, 0))
    }
    #expect(test.pValue > 1e-6)
  }

  @Test("All angles on the ring are equally likely")
  func allAnglesAreAlike() {
    let turns = coordinates.map { atan2($0.y, $0.x) / (2 * .pi) + 0.5 }
    #expect(KolmogorovSmirnovTest(turns) { $0 }.pValue > 1e-6)
  }

  @Test("The ring's points are g(z) of normal points z")
  func itIsGOfNormalPoints() {
    var generators = (SeededGenerator(seed: 2), SeededGenerator(seed: 2))
    let z = Tensor<Double>.normal([100, 2], using: &generators.0).scalars
    let found = ring(count: 100, using: &generators.1).scalars
    #expect(generators.0 == generators.1)
    for i in stride(from: 0, to: 200, by: 2) {
      let norm = (z[i] * z[i] + z[i + 1] * z[i + 1]).squareRoot()
      for j in i...i + 1 {
        // Five roundings of numbers up to 2.
        #expect(abs(found[j] - (z[j] / 10 + z[j] / norm)) <= 5 * 1.0.ulp)
      }
    }
  }
}

/// The seeds are fixed; were they drawn anew, each of these would fail once in a million runs.
@Suite struct PointCloudTests {
  private func points(_ cloud: PointCloud) -> (x: [Double], y: [Double]) {
    var generator = SeededGenerator(seed: 61)
    let points = cloud.sample(count: 20_000, using: &generator)
    #expect(points.shape == [20_000, 2])
    return (
      points.slice(axis: 1, 0..<1).scalars, points.slice(axis: 1, 1..<2).scalars
    )
  }

  private func expectMean(_ values: [Double], _ expected: Double, _ name: Comment) {
    let estimate = MonteCarloEstimate(values)
    #expect(abs(estimate.mean - expected) < 4.892 * estimate.standardError, name)
  }

  /// With t uniform on [0, π]: E(cos t − ½)², E(sin t − ¼)² and E(cos t − ½)(sin t − ¼), and the
  /// noise's variance 0.05².
  @Test func momentsOfTheMoons() {
    let (x, y) = points(.moons)
    expectMean(x, 0, "x")
    expectMean(y, 0, "y")
    expectMean(x.map { $0 * $0 }, 0.75 + 0.0025, "x²")
    expectMean(y.map { $0 * $0 }, 0.5625 - 1 / .pi + 0.0025, "y²")
    expectMean(zip(x, y).map(*), 0.125 - 1 / .pi, "xy")
  }

  /// Each point is near a half circle of radius 1 around (−½, −¼) that is open below, or near the
  /// same turned around the origin. That the noise, with its deviation of 0.05, is beyond 0.25
  /// happens about once in a million points; to see it six times in 20,000 is out of the question.
  @Test func theMoonsAreHalfCircles() {
    let (x, y) = points(.moons)
    let near = zip(x, y).count { x, y in
      [1.0, -1].contains { side in
        let (u, v) = (side * x + 0.5, side * y + 0.25)
        return abs((u * u + v * v).squareRoot() - 1) < 0.25 && v > -0.25
      }
    }
    #expect(near >= 19_995)
  }

  /// With t the root of a uniform number, the point is 1.2 t (cos 3πt, sin 3πt) and noise of
  /// variance 0.04² in each direction; the density of t is 2t.
  @Test func momentsOfTheSpiral() {
    let (x, y) = points(.spiral)
    expectMean(zip(x, y).map { $0 * $0 + $1 * $1 }, 0.72 + 2 * 0.0016, "squared radius")
    expectMean(x, -2.4 * 2 / (9 * .pi * .pi), "x")
    expectMean(y, 2.4 * (1 / (3 * .pi) - 4 / (27 * .pi * .pi * .pi)), "y")
  }

  /// χ² with eight degrees of freedom passes 43 less than once in a million.
  @Test func theGridHasNineEqualSpots() {
    let (x, y) = points(.grid)
    var counts = [Int](repeating: 0, count: 9)
    for (x, y) in zip(x, y) {
      counts[Int(x.rounded() + 1) * 3 + Int(y.rounded() + 1)] += 1
    }
    let expected = 20_000 / 9.0
    #expect(counts.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected } < 43)
    let spot = Normal(mean: 0, variance: 0.0064)
    for values in [x, y] {
      let test = KolmogorovSmirnovTest(values.map { $0 - $0.rounded() }) {
        spot.cumulativeProbability(upTo: $0)
      }
      #expect(test.pValue > 1e-6)
    }
  }

  @Test(
    "A point cloud depends on the generator's seed and position alone",
    arguments: PointCloud.allCases)
  func theSeedDecides(cloud: PointCloud) {
    var generators = (0..<3).map { SeededGenerator(seed: $0 == 2 ? 2 : 1) }
    let samples = generators.indices.map { cloud.sample(count: 10, using: &generators[$0]) }
    #expect(samples[0] == samples[1] && samples[0] != samples[2])
    #expect(cloud.sample(count: 10, using: &generators[0]) != samples[0])
  }
}
