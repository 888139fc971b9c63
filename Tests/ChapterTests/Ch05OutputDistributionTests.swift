import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05OutputDistributions {
  private let configuration = Configuration(inputSize: 6, hiddenSizes: [5], latentSize: 3)

  private func decoder(spreads: Int, floor: Double = 0.05) -> DeviationDecoder {
    var generator = SeededGenerator(seed: 1)
    return DeviationDecoder(configuration, spreads: spreads, floor: floor, using: &generator)
  }

  @Test(
    "The density with a σ of z is the library’s, for each pixel and for an image",
    arguments: [1, 6])
  func density(spreads: Int) {
    var generator = SeededGenerator(seed: 2)
    let decoder = decoder(spreads: spreads)
    let z = Tensor<Float>.normal([4, 3], using: &generator)
    let x = Tensor<Float>.normal([4, 6], using: &generator)
    let (f, logσ²) = decoder(z)
    #expect(logσ².shape == [4, spreads])
    let expected = DiagonalNormal(mean: f, logVariance: logσ²).logProbability(of: x)
    let found = decoder.logProbability(of: x, given: z)
    // Six squares of up to a few hundred.
    #expect(
      zip(found.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-6 * abs($1) + 1e-4 })
  }

  @Test("σ begins at e⁻², and falls to its floor but not below")
  func floor() {
    var decoder = decoder(spreads: 6)
    decoder.spread.weight = Tensor(zeros: decoder.spread.weight.shape)
    let z = Tensor<Float>(zeros: [1, 3])
    #expect(decoder(z).logσ².scalars.allSatisfy { abs($0 + 4) < 1e-5 })
    decoder.spread.bias = Tensor(repeating: -50, shape: [6])
    #expect(decoder(z).logσ².scalars.allSatisfy { $0 == Float(2 * .log(0.05)) })
  }

  @Test("Φ is the normal distribution function, and its derivative the density")
  func cumulative() {
    let t = Tensor<Double>([-3, -0.5, 0, 1.2, 4])
    let expected = t.scalars.map { Normal.standard.cumulativeProbability(upTo: $0) }
    #expect(zip(Φ(t).scalars, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    let slope = valueWithGradient(at: t) { Φ($0).sum() }.gradient
    let density = t.scalars.map { Normal.standard.density(at: $0) }
    #expect(zip(slope.scalars, density).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test("The first and the last level take what a Gaussian has beyond black and white")
  func tails() {
    func probability(_ level: Int, mean: Double, σ: Double) -> Double {
      GaussianLevelDecoder.probability(
        ofLevel: Tensor([(Double(level) + 0.5) / 16]), Tensor([mean]), Tensor([2 * .log(σ)])
      ).scalar
    }
    func expected(_ mass: Double) -> Double { 0.999 * mass + 0.001 / 16 }
    // A level of a narrow Gaussian in its middle; half of one at an edge; all of one beyond white.
    #expect(abs(probability(7, mean: 7.5 / 16, σ: 1e-3) - expected(1)) < 1e-12)
    #expect(abs(probability(8, mean: 8.0 / 16, σ: 1e-3) - expected(0.5)) < 1e-12)
    #expect(abs(probability(15, mean: 3, σ: 0.1) - expected(1)) < 1e-12)
    #expect(abs(probability(0, mean: 0, σ: 1 / 16) - expected(0.841_344_746_068_543)) < 1e-12)
  }

  @Test("A categorical decoder’s probabilities of the sixteen levels add up to 1")
  func categorical() {
    var generator = SeededGenerator(seed: 3)
    let decoder = LevelDecoder(
      Configuration(inputSize: 1, hiddenSizes: [5], latentSize: 3), using: &generator)
    let z = Tensor<Float>.normal([1, 3], using: &generator).broadcast(to: [16, 3])
    let x = Tensor<Float>((0..<16).map { (Float($0) + 0.5) / 16 }, shape: [16, 1])
    let probabilities = exp(decoder.logProbability(of: x, given: z)).scalars
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
    // Samples come as often as their probabilities say, within five standard errors.
    let samples = decoder.sample(given: z.rows(Array(repeating: 0, count: 4000)), using: &generator)
    for (level, p) in zip(x.scalars, probabilities) {
      let share = Float(samples.scalars.count { $0 == level }) / 4000
      #expect(abs(share - p) < 5 * (p * (1 - p) / 4000).squareRoot())
    }
  }

  @Test("Grey values fall into sixteen levels, those beyond the scale into the outer ones")
  func levels() {
    let x = Tensor<Float>([0, 0.0624, 0.0625, 0.5, 1, -0.3, 1.7])
    #expect(LevelImages.levels(of: x).scalars.map { 16 * $0 - 0.5 } == [0, 0, 1, 8, 15, 0, 15])
  }

  @Test("Lower floors give more density but no level a negative cost")
  func comparison() throws {
    try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
      let second = try lesson.train(lesson.configuration(.bernoulli), for: "").model
      let section = OutputDistributions(lesson, second: second)
      let floors = section.deviations.floors
      #expect(floors.map(\.floor) == [0.1, 0.03, 0.01])
      #expect(section.deviations.constantCount == 0 && floors[0].constantPart == 0)
      let levels = try #require(section.levels)
      #expect(levels.excess.allSatisfy { abs($0) < 1e-10 })
      for contender in levels.densities + [levels.frequencies, levels.gaussian, levels.categorical]
      {
        #expect(contender.bits.count == 200 && contender.bits.allSatisfy { $0 > 0 })
      }
      let fewer = levels.densities.map { $0.bits(above: levels.gaussian).mean }
      #expect(fewer.allSatisfy { $0 > 0 })
      #expect(try #require(levels.blackAndWhiteBits) > 0)
    }
  }

  @Test("Pixels that are always black add at most what their floor allows")
  func constantPixels() throws {
    try Collection(train: 300, test: 20, brightest: 0).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: false)
      let course = Course(lesson)
      let section = Deviations(GaussianModels(course), course)
      #expect(section.constantCount == 30)
      for floor in section.floors {
        #expect(floor.constantPart <= floor.constantLimit)
        let density = 1 / (floor.floor * (2 * .pi).squareRoot())
        #expect(abs(floor.constantLimit - 30 * .log(density)) < 1e-9)
      }
    }
  }

  @Test("Points have a σ of z but no grey levels")
  func points() throws {
    let lesson = Lesson(
      source: try Source("ring", decoder: "auto", seed: 1), seed: 1, isOfTheNote: false)
    let second = VariationalAutoencoder<Float>(
      lesson.configuration(.gaussian), seed: 1)
    let section = OutputDistributions(lesson, second: second)
    #expect(section.levels == nil && section.deviations.kinds.count == 3)
    let page = Page()
    section.show(on: page)
    #expect(
      page.blocks.contains {
        if case .note(let note) = $0 { note.label == "Left out" } else { false }
      })
  }
}

extension VariationalAutoencoder<Float> {
  /// A model before training.
  fileprivate init(_ configuration: Configuration, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    self.init(configuration, using: &generator)
  }
}
