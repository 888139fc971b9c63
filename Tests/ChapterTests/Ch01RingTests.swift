import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import Testing

@testable import Ch01_Ring

@Suite struct RingChapterTests {
  static func points(_ count: Int, seed: UInt64) -> Tensor<Double> {
    var generator = SeededGenerator(seed: seed)
    return .normal([count, 2], using: &generator)
  }

  // MARK: - 1.1

  @Test("g keeps the direction of z and makes its length 1 + w‖z‖", arguments: [0.01, 0.1, 1])
  func ringOfPoints(width: Double) {
    let ring = RingFunction(Self.points(500, seed: 1), width: width)
    let (before, after) = (PolarCoordinates(ring.z), PolarCoordinates(ring.x))
    #expect(ring.angles == before.angles)
    for index in 0..<500 {
      #expect(abs(after.radii[index] - (1 + width * before.radii[index])) < 1e-12)
      #expect(abs(after.angles[index] - before.angles[index]) < 1e-12)
    }
    #expect(ring.smallestRadius == after.radii.min())
  }

  @Test("The data set's ring is g of normal points, to the last bit")
  func dataset() {
    let z = Self.points(100, seed: 5)
    #expect(RingFunction.g(z, width: 0.1) == Datasets.ring(z, width: 0.1))
  }

  @Test("g(z) and g(−z) stay more than 2 apart as z approaches 0, where g is no number")
  func tear() {
    let gaps = RingFunction(Self.points(1, seed: 1), width: 0.1).gaps
    for (gap, expected) in zip(gaps, [2.2, 2.02, 2.0002, 2.0000002]) {
      #expect(abs(gap.distance - expected) < 1e-12)
    }
    #expect(gaps.count == 5 && gaps[4].length == 0 && gaps[4].distance.isNaN)
  }

  // MARK: - 1.3

  @Test("At ‖z‖ = 1 g stretches by w outwards and by w + 1 around", arguments: [0.01, 0.1, 1])
  func stretch(width: Double) {
    let place = Stretch(at: [0.6, -0.8], width: width)
    let expected = [width + 0.64, 0.48, 0.48, width + 0.36]
    for (found, expected) in zip(place.jacobian.scalars, expected) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(place.determinant - width * (width + 1)) < 1e-12)
  }

  /// ∫ p(g⁻¹(x)) dx is the mean of |det J|, w² + w E(1/ρ) = w² + w √(π/2).
  @Test(
    "The density integrates to 1, and without the determinant to w² + w√(π/2)",
    arguments: [0.01, 0.1, 1])
  func integrals(width: Double) {
    let density = Density(Self.points(5, seed: 2), width: width)
    #expect(abs(density.polar - 1) < 1e-12)
    let forgotten = width * width + width * (Double.pi / 2).squareRoot()
    #expect(abs(density.withoutDeterminant - forgotten) < 1e-12)
    #expect(abs(density.withoutDeterminant - 1) > 0.1)
  }

  @Test("The tape's Jacobian and density are those of the formulas, and not those of another width")
  func formulas() {
    let density = Density(Self.points(5, seed: 2), width: 0.1)
    #expect(density.jacobianDifferences.count == 20)
    #expect(Check("", .small("", density.jacobianDifferences)).holds)
    for index in 0..<5 {
      let place = density.places[index]
      #expect(abs(place.determinant - density.determinants[index]) < 1e-12)
      #expect(abs(place.density - density.densities[index]) < 1e-12)
    }
    let other = Density(Self.points(5, seed: 2), width: 0.100_001)
    #expect(abs(other.places[0].determinant - density.determinants[0]) > 1e-8)
  }

  @Test("The map of the density has a hole, and its cells add up to 1")
  func map() {
    let density = Density(Self.points(5, seed: 2), width: 0.1)
    #expect(density.map.map(\.count) == Array(repeating: 40, count: 40))
    #expect(density.map[20][20] == 0 && density.map.joined().max()! > 0.8)
    // The square holds all of the probability but exp(−8).
    let cell = 2 * density.reach / 40
    #expect(abs(density.map.joined().reduce(0, +) * cell * cell - 1) < 0.01)
  }

  // MARK: - 1.4

  /// The distribution function is right to some 10⁻¹⁶ and the density at these places above 0.01.
  @Test("The two humps' density, distribution function and quantiles agree")
  func humps() {
    for x in [-2, -1.5, -1, 0.5, 1, 2] {
      let probability = TwoHumps.cumulativeProbability(upTo: x)
      #expect(abs(TwoHumps.quantile(probability) - x) < 1e-13)
      let integral = Probability.integrate(TwoHumps.density, from: -10, to: x)
      #expect(abs(integral.value - probability) < 1e-11)
    }
  }

  /// The cumulative probability is right to some 10⁻¹⁶, so the quantile to that over the density,
  /// which is above 0.004 here.
  @Test("Halving a range finds the quantiles of a normal distribution")
  func normalQuantiles() {
    for probability in stride(from: 0.0015, to: 1, by: 0.01) {
      let found = Quantiles.quantile(
        probability, in: -10...10, of: Normal.standard.cumulativeProbability)
      #expect(abs(found - Normal.standard.quantile(probability)) < 1e-13)
    }
  }

  @Test("At a jump the quantile is the place of the jump")
  func jumps() {
    let coin = { (x: Double) in x < 0 ? 0 : x < 1 ? 0.25 : 1 }
    // −1 itself has probability 0, which is all that is asked for.
    #expect(Quantiles.quantile(0, in: -1...2, of: coin) <= -1 + 0x1p-52)
    #expect(abs(Quantiles.quantile(0.25, in: -1...2, of: coin)) < 0x1p-62)
    #expect(Quantiles.quantile(0.26, in: -1...2, of: coin) == 1)
    #expect(Quantiles.quantile(1, in: -1...2, of: coin) == 1)
  }

  static var quantiles: Quantiles {
    Quantiles(count: 500, width: 0.1, using: SeededGenerator(seed: 4))
  }

  @Test("z comes back from every distribution, until Φ(z) runs out of digits")
  func thereAndBack() {
    let returns = Self.quantiles.returns
    #expect(returns.count == 3)
    for row in returns {
      for (back, z) in zip(row.values, [-3.0, 0, 3]) { #expect(abs(back - z) < 1e-12) }
      #expect(abs(row.values[4] - 8) > 1e-3)
      #expect(row.values[5] == .infinity)
    }
  }

  @Test(
    "The moons' conditional distribution has one hump where one moon is, and two where both are")
  func moons() {
    let height = 0.75.squareRoot() - 0.25
    #expect([-1.5, -0.5, 0, 1.5].map(Moons.first) == [0, 0.25, 0.5, 1])
    #expect(abs(Moons.second(upTo: height, given: -1) - 0.5) < 1e-12)
    #expect(abs(Moons.second(upTo: -height, given: 1) - 0.5) < 1e-12)
    // Between the two humps, six standard deviations away, the distribution function is flat.
    for x in [-0.1, 0, 0.1] { #expect(abs(Moons.second(upTo: x, given: 0) - 0.5) < 1e-6) }
    #expect(abs(Moons.second(upTo: height, given: 0) - 0.75) < 1e-12)
  }

  /// On the arch, x₁ is sin φ − 1/2, and x₂ is cos φ − 1/4 on average.
  @Test("The moons' covariance is the integral of x₁ times the mean of x₂ given x₁")
  func covariance() {
    let integral = Probability.integrate(
      { φ in (.sin(φ) - 0.5) * (.cos(φ) - 0.25) * .cos(φ) / 2 }, from: -.pi / 2, to: .pi / 2)
    #expect(abs(integral.value - DependentPair.covariance) < 1e-12)
  }

  @Test("The same numbers paired without regard to each other fail the checks of the moons")
  func independentPair() {
    let pair = Self.quantiles.pair
    func holds(_ pairs: DependentPair.Pairs) -> (distribution: Bool, covariance: Bool) {
      (
        Check("", .distributed(pairs.secondTest, count: 500)).holds,
        Check("", .measured("", pairs.covariance, expected: DependentPair.covariance)).holds
      )
    }
    #expect(holds(pair.dependent) == (true, true))
    #expect(holds(pair.independent) == (false, false))
    #expect(pair.independent.firstTest == pair.dependent.firstTest)
  }

  @Test("The two functions send the half z₁ < 0 to different halves of the ring")
  func halves() {
    let quantiles = Self.quantiles
    for index in 0..<500 where quantiles.points[index, 0] < 0 {
      #expect(quantiles.ringByFormula[index, 0] < 0)
      #expect(quantiles.ringByQuantiles[index, 1] <= 0)
    }
  }

  // MARK: - 1.5

  @Test("A trained network comes as near as samples do, and still leaves points in the hole")
  func training() throws {
    let learned = Learning(
      .ring, latentSize: 2, steps: 600, batchSize: 200, using: SeededGenerator(seed: 5),
      ProgressDisplay(on: .silent))
    let linear = learned.linearDistance.mean
    #expect(learned.untrainedDistance.mean > 0.1 && linear > 0.02)
    #expect(abs(learned.networkDistance.mean) < linear / 5)
    #expect(abs(learned.sampleDistance.mean) < linear / 5)
    let steepness = try #require(learned.steepness)
    let (network, quantiles) = (steepness.network, steepness.quantiles)
    #expect((0.005...0.2).contains(network.shareInHole))
    // What its slope forces into the hole is a good part of what is there.
    #expect((network.shareInHole / 10...network.shareInHole).contains(steepness.trappedShare))
    // It would have to be steeper for an empty hole, and another function need not be.
    #expect(network.largestSlope < steepness.neededSlopes[1])
    #expect(quantiles.largestSlope < 5 && quantiles.shareInHole == 0)
  }

  @Test("The slope of a matrix is its largest singular value")
  func slopeOfMatrix() {
    var generator = SeededGenerator(seed: 8)
    var g = MultilayerPerceptron<Double>(sizes: [2, 2], using: &generator)
    // Its product with its transpose has the eigenvalues 45 and 5.
    g.layers[0].weight = Tensor([3, 0, 4, 5], shape: [2, 2])
    for slope in Steepness.slopes(of: g, at: Self.points(3, seed: 9)) {
      #expect(abs(slope - 45.0.squareRoot()) < 1e-12)
    }
  }

  /// 64 directions miss the steepest one by at most a 128th of a turn, whose cosine is 0.9988.
  @Test("The slope of a network is the largest quotient of differences over all directions")
  func slopeOfNetwork() {
    var generator = SeededGenerator(seed: 10)
    let g = MultilayerPerceptron<Double>(sizes: [2, 16, 2], activation: .tanh, using: &generator)
    let z = Self.points(1, seed: 11)
    let h = 1e-6
    let quotients = (0..<64).map { direction in
      let φ = Double(direction) * .pi / 32
      let step = Tensor([h * .cos(φ), h * .sin(φ)], shape: [1, 2])
      return PolarCoordinates(g(z + step) - g(z)).radii[0] / h
    }
    let slope = Steepness.slopes(of: g, at: z)[0]
    #expect(quotients.max()! <= slope * 1.0001 && quotients.max()! >= slope * 0.998)
  }

  // MARK: - 1.6

  @Test("The last layer draws a spot at x, and the encoder finds it")
  func renderer() {
    let renderer = Renderer()
    let places = Tensor<Double>([0, 0, 0.9, -0.45, -3, 5], shape: [3, 2])
    let logarithms = renderer(places)
    #expect(logarithms.shape == [3, 256])
    for ink in exp(logarithms).sum(axis: 1).scalars { #expect(abs(ink - 1) < 1e-12) }
    // Each pixel compared with the first, by the definition of a spot.
    for pixel in stride(from: 0, to: 256, by: 17) {
      let (u, v) = (renderer.places[pixel, 0] - 0.9, renderer.places[pixel, 1] + 0.45)
      let (s, t) = (renderer.places[0, 0] - 0.9, renderer.places[0, 1] + 0.45)
      let expected = (s * s + t * t - u * u - v * v) / (2 * 0.25 * 0.25)
      #expect(abs(logarithms[1, pixel] - logarithms[1, 0] - expected) < 1e-10)
    }
    // From the top left: x grows to the right, y falls.
    #expect(renderer.places[0, 0] < 0 && renderer.places[0, 1] > 0)
    #expect(renderer.places[1, 0] > renderer.places[0, 0])
    for difference in (renderer.encode(logarithms) - places).scalars {
      #expect(abs(difference) < 1e-12)
    }
  }

  @Test("A latent that the next layer does not undo makes other pictures")
  func otherLatent() {
    let renderer = Renderer()
    let x = Tensor<Double>([0.5, -0.2], shape: [1, 2])
    let mix = Tensor<Double>([2, 1, 0, 1], shape: [2, 2])
    func holds(_ undo: Tensor<Double>) -> Bool {
      let other = exp(renderer(matmul(x, mix), after: undo))
      return Check("", .small("", (other - exp(renderer(x))).scalars)).holds
    }
    #expect(holds(Tensor([0.5, -0.5, 0, 1], shape: [2, 2])))
    #expect(!holds(Tensor([0.5, 0, -0.5, 1], shape: [2, 2])))
    #expect(!holds(.identity(2)))
  }

  @Test("A spot inside the picture is white in its middle")
  func pictures() {
    var generator = SeededGenerator(seed: 6)
    // A layer that makes only small numbers.
    let g = MultilayerPerceptron<Double>(sizes: [2, 2], using: &generator)
    let rendering = Rendering(g, using: generator)
    for row in 0..<8 { #expect(rendering.around.rows([row]).scalars.max()! > 0.7) }
    #expect(rendering.across.shape == [8, 256] && rendering.noisy.shape == [8, 256])
    #expect(rendering.noisy != rendering.around)
  }

  // MARK: - The whole chapter

  @Test(
    "Knobs refuse what they cannot do",
    arguments: [
      ["--count", "99"], ["--count", "100001"], ["--width", "0"], ["--width", "1.1"],
      ["--target", "square"], ["--latent", "0"], ["--latent", "17"], ["--steps", "-1"],
      ["--steps", "10001"], ["--batch", "1"], ["--batch", "1001"],
    ]) func badKnobs(arguments: [String])
  {
    let record = Record(Ring.chapter, arguments: arguments)
    #expect(record.exitStatus == 64 && record.blocks.isEmpty)
  }

  @Test(
    "All checks hold at the ends of the knobs",
    arguments: [
      "--width 0.01", "--width 1 --seed 2", "--latent 1 --target moons",
      "--latent 16 --target spiral --seed 3", "--target grid --batch 2",
    ]) func extremeKnobs(arguments: String)
  {
    let record = Record(
      Ring.chapter,
      arguments: ["--count", "100", "--steps", "0"]
        + arguments.split(separator: " ").map(String.init)
    )
    #expect(record.exitStatus == 0)
    // A network that was not trained is not said to be better than a linear function.
    #expect(!record.checks("1.5").contains { $0.claim.contains("linear") })
  }

  private static let quick = ["--count", "500", "--steps", "20"]

  @Test("Two threads give what one gives, and another seed does not")
  func threads() {
    let one = Record(Ring.chapter, arguments: Self.quick + ["--threads", "1"])
    let two = Record(Ring.chapter, arguments: Self.quick + ["--threads", "2"])
    // A difference in full would fill many screens.
    let isSame = one.blocks == two.blocks
    #expect(isSame)
    let other = Record(Ring.chapter, arguments: Self.quick + ["--threads", "2", "--seed", "9"])
    let isOther = other.blocks != two.blocks
    #expect(isOther)
  }

  @Test("A section by itself is the same as in the whole chapter")
  func singleSections() {
    let whole = Record(Ring.chapter, arguments: Self.quick)
    for number in whole.sections {
      let single = Record(Ring.chapter, arguments: Self.quick + ["--section", number])
      #expect(single.sections == [number])
      let isSame = single.section(number) == whole.section(number)
      #expect(isSame, "\(number)")
    }
  }
}
