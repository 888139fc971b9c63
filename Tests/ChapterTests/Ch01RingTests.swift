import Autodiff
import Datasets
import Notebook
import Probability
import Testing

@testable import Ch01_Ring

@Suite struct RingChapterTests {
  static let record = Pages.ring

  static func figures(_ number: String, of record: Record = record) -> [Figure] {
    record.section(number).compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }

  static func tables(_ number: String) -> [Table] {
    record.section(number).compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  static func points(_ layer: Plot.Layer) -> Plot.Series? {
    if case .points(let series) = layer { series } else { nil }
  }

  /// The checks that a section's helper puts on a page.
  static func checks(_ body: (Page) -> Void) -> [Check] {
    let page = Page()
    body(page)
    return page.checks
  }

  @Test func theRingIsDrawnRound() throws {
    let panels = try #require(Self.figures("1.1").first).panels
    #expect(panels.map(\.hasEqualAspect) == [true, true])
    let clouds = try panels.map { try #require(Self.points($0.layers[0])) }
    for (before, after) in zip(zip(clouds[0].x, clouds[0].y), zip(clouds[1].x, clouds[1].y)) {
      let length = (before.0 * before.0 + before.1 * before.1).squareRoot()
      #expect(abs(after.0 - before.0 * (0.1 + 1 / length)) < 1e-12)
      #expect(abs(after.1 - before.1 * (0.1 + 1 / length)) < 1e-12)
    }
  }

  @Test("Section 1.1 shows that g sends close points on either side of the origin far apart")
  func theTearIsShown() {
    let gaps = Self.tables("1.1")[0].rows.map { $0[2] }
    #expect(gaps == ["2.2000000", "2.0200000", "2.0002000", "2.0000002", "nan"])
  }

  @Test("The checks of section 1.2 fail for radii of another distribution")
  func aWrongLawIsFound() {
    let rows = Self.tables("1.2")[0].rows.compactMap { Double($0[3]) }
    #expect(rows.count == 3 && rows[0] > 1e-3 && rows[1] > 1e-3 && rows[2] < 1e-10)
    var generator = SeededGenerator(seed: 3)
    let radii = PolarCoordinates(ring(count: 10_000, using: &generator)).radii
    func holds(width: Double, from start: Double) -> [Bool] {
      Self.checks { page in
        let law = Rayleigh(scale: width)
        let test = KolmogorovSmirnovTest(radii) { law.cumulativeProbability(upTo: $0 - start) }
        Ring.checkLaw("", test, count: radii.count, on: page)
      }.map(\.holds)
    }
    #expect(holds(width: 0.1, from: 1) == [true])
    #expect(holds(width: 0.095, from: 1) == [false])
    #expect(holds(width: 0.1, from: 1.01) == [false])
  }

  @Test(arguments: [0.0, 9e-11, 2e-10, -2e-10, .nan, .infinity])
  func aDifferenceIsSmallOrSeen(difference: Double) {
    let checks = Self.checks { Ring.checkSmall("", [0, difference, 0], on: $0) }
    #expect(checks.map(\.holds) == [abs(difference) <= 1e-10])
  }

  @Test("The Jacobian and its determinant are those of the formula", arguments: [0.01, 0.1, 1])
  func theJacobianIsThatOfTheFormula(width: Double) {
    let place = Ring.Stretch(at: [0.6, -0.8], width: width)
    // At ‖z‖ = 1: outwards w, around w + 1.
    let expected = [width + 0.64, 0.48, 0.48, width + 0.36]
    for (found, expected) in zip(place.jacobian.scalars, expected) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(place.determinant - width * (width + 1)) < 1e-12)
    #expect(abs(place.determinant - width * width) > 1e-3)
  }

  /// ∫ p(g⁻¹(x)) dx is the mean of |det J|, w² + w E(1/ρ) = w² + w √(π/2).
  @Test(
    "Without the determinant the density of section 1.3 does not integrate to 1",
    arguments: [0.01, 0.1, 1])
  func onlyWithTheDeterminantItIsADensity(width: Double) {
    #expect(abs(Ring.polarIntegral(width: width) { $0.density } - 1) < 1e-12)
    let forgotten = Ring.polarIntegral(width: width) { $0.priorDensity }
    #expect(abs(forgotten - (width * width + width * (Double.pi / 2).squareRoot())) < 1e-12)
  }

  @Test("The heat map of section 1.3 is 0 in the middle of the ring")
  func theMapHasAHole() throws {
    let panel = try #require(Self.figures("1.3").first).panels[0]
    guard case .heatMap(let map) = panel.layers[0] else {
      Issue.record("no heat map")
      return
    }
    #expect(map.rows.map(\.count) == Array(repeating: 40, count: 40))
    #expect(map.rows[20][20] == 0 && map.rows.joined().max()! > 0.8)
    // The cells' sum is the square's share of the probability, all but exp(−8).
    let cell = (map.x.upperBound - map.x.lowerBound) / 40
    #expect(abs(map.rows.joined().reduce(0, +) * cell * cell - 1) < 0.01)
  }

  /// The humps' distribution function is right to some 10⁻¹⁶ and the density at these places above
  /// 0.01.
  @Test("The density, probabilities and quantiles of the two humps agree")
  func theHumpsAgreeWithEachOther() {
    for x in [-2, -1.5, -1, 0.5, 1, 2] {
      let probability = Ring.TwoHumps.cumulativeProbability(upTo: x)
      #expect(abs(Ring.TwoHumps.quantile(probability) - x) < 1e-13)
      let integral = Probability.integrate(Ring.TwoHumps.density, from: -10, to: x)
      #expect(abs(integral.value - probability) < 1e-11)
    }
  }

  @Test("Section 1.4 maps numbers there and back until a Double has no digits left")
  func thereAndBackFailsWhereDigitsEnd() throws {
    let table = Self.tables("1.4")[0]
    #expect(table.rows.count == 3)
    for row in table.rows {
      #expect(row[1...3] == ["-3.000000", "0.000000", "3.000000"])
      #expect(abs(try #require(Double(row[5])) - 8) > 1e-3)
      #expect(row[6] == "inf")
    }
  }

  @Test("The two functions of section 1.4 send the same points to different places")
  func theTwoFunctionsSendPointsElsewhere() throws {
    let panels = try #require(Self.figures("1.4").last).panels
    for panel in panels {
      let groups = panel.layers.compactMap(Self.points)
      #expect(groups.map(\.label) == ["z₁ < 0", "z₁ ≥ 0"])
      #expect(groups.map(\.x.count).reduce(0, +) == 600)
    }
    let (left, lower) = (Self.points(panels[0].layers[0]), Self.points(panels[1].layers[0]))
    #expect(try #require(left).x.allSatisfy { $0 < 0 })
    #expect(try #require(lower).y.allSatisfy { $0 <= 0 })
  }

  @Test("Training brings the network's outputs to the distribution of the ring")
  func trainingBringsTheNetworkToTheLaw() throws {
    let distances = try Self.tables("1.5")[0].rows.map { try #require(Double($0[1])) }
    let (linear, untrained, network, law) = (
      distances[0], distances[1], distances[2], distances[3]
    )
    #expect(untrained > 0.1 && linear > 0.02)
    #expect(abs(network) < linear / 5 && abs(law) < linear / 5)
    #expect(try #require(Self.figures("1.5").first).panels.count == 3)
  }

  @Test("A rendered picture is a spot of ink at its place")
  func pictureIsASpotAtItsPlace() {
    let renderer = Ring.Renderer()
    let places = Tensor<Double>([0, 0, 0.9, -0.45, -3, 5], shape: [3, 2])
    let logarithms = renderer(places)
    #expect(logarithms.shape == [3, 256])
    for ink in exp(logarithms).sum(axis: 1).scalars { #expect(abs(ink - 1) < 1e-12) }
    // Each pixel against the one it is named after, by the definition of a spot.
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

  @Test("Pictures differ if the renderer does not undo a change of the latent variables")
  func aLatentThatIsNotUndoneMakesOtherPictures() {
    let renderer = Ring.Renderer()
    let x = Tensor<Double>([0.5, -0.2], shape: [1, 2])
    let mix = Tensor<Double>([2, 1, 0, 1], shape: [2, 2])
    func check(_ undo: Tensor<Double>) -> [Bool] {
      Self.checks { page in
        let other = exp(renderer(matmul(x, mix), after: undo))
        Ring.checkSmall("", (other - exp(renderer(x))).scalars, on: page)
      }.map(\.holds)
    }
    #expect(check(Tensor([0.5, -0.5, 0, 1], shape: [2, 2])) == [true])
    #expect(check(Tensor([0.5, 0, -0.5, 1], shape: [2, 2])) == [false])
    #expect(check(.identity(2)) == [false])
  }

  @Test func picturesAreShownInThreeRows() throws {
    let grids = Self.record.section("1.6").compactMap { block in
      if case .imageGrid(let grid) = block { grid } else { nil }
    }
    #expect(try #require(grids.first).rows.map(\.images.count) == [8, 8, 8])
    // A spot that is inside the picture is white in its middle.
    for image in grids[0].rows[0].images { #expect(image.pixels.max()! > 0.7) }
  }

  @Test(arguments: [
    ["--count", "99"], ["--count", "100001"], ["--width", "0"], ["--width", "1.1"],
    ["--target", "square"], ["--latent", "0"], ["--latent", "17"], ["--steps", "-1"],
    ["--steps", "10001"], ["--batch", "1"], ["--batch", "1001"],
  ]) func knobsRefuseWhatTheyCannotDo(arguments: [String]) {
    let record = Record(Ring.chapter, arguments: arguments)
    #expect(record.exitStatus == 64 && record.blocks.isEmpty)
  }

  @Test(arguments: [
    "--width 0.01", "--width 1 --seed 2", "--latent 1 --target moons",
    "--latent 16 --target spiral --seed 3", "--target grid --batch 2",
  ]) func theEndsOfTheKnobsHold(arguments: String) {
    let record = Record(
      Ring.chapter,
      arguments: ["--count", "100", "--steps", "0"]
        + arguments.split(separator: " ").map(String.init)
    )
    #expect(record.exitStatus == 0)
    // A network that was not trained is not held to be better than a linear one.
    #expect(record.checks("1.5").count == 1)
  }

  @Test func threadsDoNotChangeAnything() {
    let arguments = ["--count", "1000", "--steps", "20", "--threads"]
    let one = Record(Ring.chapter, arguments: arguments + ["1"])
    let two = Record(Ring.chapter, arguments: arguments + ["2"])
    // What prints as "nan" is not equal to itself.
    #expect(one.blocks.map { "\($0)" } == two.blocks.map { "\($0)" })
    #expect(Record(Ring.chapter, arguments: arguments + ["2", "--seed", "9"]).blocks != two.blocks)
  }
}
