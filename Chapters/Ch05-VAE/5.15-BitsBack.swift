import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.15 Bits back: what the bound is worth, in bits that are written and read.
struct BitsBack: SectionContent {
  /// Pixels on a stack, without latent variables.
  struct Demonstration {
    static let count = 10_000
    /// −log₂ P of all pixels, and how much the stack grew.
    let expected: Double
    let bits: Double
    /// How many pixels came off the stack as others than went on.
    let differing: Int
  }

  /// The images, coded by a Bernoulli decoder.
  struct Result {
    let coded: [Codec.Coded]
    /// The negative bound of each image, the mean over draws from Q(z|X), in bits.
    let bounds: [Double]
    /// The same with each z moved to the middle of its bin, and D[Q‖P] that of the bins.
    let boundsInBins: [Double]
    /// The entropy of the bins of z under Q(z|X), for each image, in bits.
    let entropies: [Double]
    /// The bits of each image if each pixel is a coin.
    let coins: [Double]
    /// How many pixels differ in the images that were read back.
    let differing: Int
    /// Whether the stack was as before, to the last bit.
    let isRestored: Bool
    /// The most bits that were missing from the initial stack on the way.
    let borrowed: Double
    let precisions: [Precision]
  }

  let lesson: Lesson
  let demonstration: Demonstration
  /// Nil of real numbers.
  let result: Result?

  /// b, the bits of each latent variable.
  static let latentBits = 12

  /// Over how many z of each image the bound is averaged.
  private static let draws = 100

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    demonstration = Self.demonstration(lesson.generator(section: 15).stream(1))
    guard lesson.source.output == .bernoulli else {
      result = nil
      return
    }
    var generator = lesson.generator(section: 15)
    // Fewer of large images, on each of which a coder takes longer.
    let count = max(5, min(100, 100 * 784 / lesson.source.train.size))
    let x = model.observed(lesson.source.fewTest.prefix(count).values, using: &generator)
    result = Self.result(model, x, lesson, using: &generator)
  }

  /// A stack that holds random bits, of which there are enough.
  static func initialStack(_ generator: SeededGenerator) -> BitStack {
    var generator = generator
    let words = (0..<100).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    return BitStack(head: 1 << 32, words: words)
  }

  private static func demonstration(_ generator: SeededGenerator) -> Demonstration {
    var generator = generator
    let count = Demonstration.count
    let x = Tensor<Float>.bernoulli(Tensor(repeating: 0.1, shape: [count]), using: &generator)
    let white = [UInt64](repeating: 1_677_722, count: count)  // 0.1 of 2²⁴
    let initial = initialStack(generator)
    var stack = initial
    stack.push(x.scalars, white: white)
    let bits = stack.length - initial.length
    let popped = stack.popPixels(white: white)
    let probability = 1_677_722 / 0x1p24
    let whites = Double(x.sum().scalar)
    let nats = -whites * .log(probability) - (Double(count) - whites) * .log1p(-probability)
    return Demonstration(
      expected: nats / .log(2), bits: bits,
      differing: zip(popped, x.scalars).count { $0 != $1 } + (stack == initial ? 0 : 1))
  }

  private static func result(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, _ lesson: Lesson,
    using generator: inout SeededGenerator
  ) -> Result {
    let images = (0..<x.shape[0]).map { x.rows([$0]) }
    let initial = initialStack(lesson.generator(section: 15).stream(2))
    var stack = initial
    let codec = Codec(model: model, bins: LatentBins(bits: latentBits))
    let coded = codec.encode(images, onto: &stack)
    let decoded = codec.decode(images.count, from: &stack)

    let Q = model.encoder(x)
    let entropies = Self.entropies(Q, codec.bins)
    var (logLikelihood, inBins) = (
      Tensor<Float>(zeros: [x.shape[0]]), Tensor<Float>(zeros: [x.shape[0]])
    )
    for _ in 0..<draws {
      let z = Q.sample(noise: .normal(Q.mean.shape, using: &generator))
      let middles = Tensor(
        Φ(z.converted(to: Double.self)).scalars.map { codec.bins.middle(atProbability: $0) },
        shape: z.shape)
      logLikelihood = logLikelihood + model.decoder.logProbability(of: x, given: z)
      inBins = inBins + model.decoder.logProbability(of: x, given: middles)
    }
    func inBits(_ nats: Tensor<Float>) -> [Double] { nats.scalars.map { Double($0) / .log(2) } }
    var (length, borrowed) = (0.0, 0.0)
    for image in coded {
      borrowed = max(borrowed, -(length + image.byPosterior))
      length += image.bits
    }
    return Result(
      coded: coded,
      bounds: inBits(Q.klDivergenceToStandardNormal() - logLikelihood / Float(draws)),
      boundsInBins: zip(inBits(-inBins / Float(draws)), entropies).map {
        $0 + Double(latentBits * Q.mean.shape[1]) - $1
      }, entropies: entropies,
      coins: inBits(-LearningCurve.coinLogProbability(of: x, lesson.source.train)),
      differing: zip(decoded, images).map { left, right in
        zip(left, right.scalars).count { $0 != $1 }
      }.reduce(0, +), isRestored: stack == initial, borrowed: borrowed,
      precisions: [1, 2, 3, 4, 5, 6, 8, 10, 12, 14].map { Precision($0, model, x, images, initial) }
    )
  }

  /// The entropy of Q(z|X) in bins, for each image, in bits.
  static func entropies(_ Q: DiagonalNormal<Float>, _ bins: LatentBins) -> [Double] {
    // One by one: the bins of all images together take much memory.
    (0..<Q.mean.shape[0]).map { image in
      let Q = Q.rows([image])
      let shape = [Q.mean.count, 1]
      let μ = Q.mean.converted(to: Double.self).reshaped(shape)
      let σ = Q.standardDeviation.converted(to: Double.self).reshaped(shape)
      // cell: entropy
      let below = Φ((Tensor(bins.edges) - μ) / σ)  // of each latent variable and each edge
      let count = bins.count
      let q = relu(below.slice(axis: 1, 1..<count + 1) - below.slice(axis: 1, 0..<count))
      let entropy = -(q * log(q + 1e-300)).sum(axis: 1) / .log(2)  // −∑ q log₂ q over the bins
      // end
      return entropy.sum().scalar
    }
  }
}

extension BitsBack {
  func show(on page: Page) {
    page.lead(
      """
      A stack of bits: a symbol of probability P adds log₂ 1/P bits, and the last that went on comes off \
      first.
      """)
    BitStack.show(on: page)
    showDemonstration(on: page)
    guard let result else {
      page.note(
        "Left out",
        "Images as bits: a real number has a density but no probability, and no finite code.")
      return
    }
    page.lead(
      """
      z is taken off the stack, X and z are put on it. Compare the bits of an image with the bound, and \
      with what they are without bits back.
      """)
    Codec.show(on: page)
    page.code("entropy")
    showCosts(result, on: page)
    page.lead("How fine must the bins be? With bits back, and without.")
    Precision.show(result, lesson, on: page)
  }

  private func showDemonstration(on page: Page) {
    let count = formatted(Demonstration.count)
    page.prose(
      """
      \(count) pixels, each white with probability 0.1: −log₂ P is \(formatted(demonstration.expected, decimals: 2)) \
      bits, and the stack grew by \(formatted(demonstration.bits, decimals: 2)).
      """)
    page.check(
      "The stack grows by log₂ 1/P, to within one bit in \(count) pixels.",
      .atMost(
        Quantity("the difference in bits", abs(demonstration.bits - demonstration.expected)),
        Quantity("one bit", 1)))
    page.check(
      "The same pixels come off again, and leave the stack as it was.",
      .small(Quantity("differences", Double(demonstration.differing)), tolerance: 0))
  }

  private func showCosts(_ result: Result, on page: Page) {
    let (coded, count) = (result.coded, result.coded.count)
    func row(_ name: String, _ bits: [Double]) -> [String] {
      [name, MonteCarloEstimate(bits).text(decimals: 2)]
    }
    func difference(_ left: [Double], _ right: [Double]) -> MonteCarloEstimate {
      MonteCarloEstimate(zip(left, right).map { $0 - $1 })
    }
    let bits = coded.map(\.bits)
    page.table(
      [.left(""), .right("bits per image")],
      rows: [
        row("z off the stack, with Q(z|X)", coded.map(\.byPosterior)),
        row("X onto the stack, with P(X|z)", coded.map(\.byPixels)),
        row("z onto the stack, with P(z)", coded.map(\.byPrior)),
        row("together, with bits back", bits),
        row("the negative bound", result.bounds),
        row("the last two steps, without bits back", coded.map { $0.byPixels + $0.byPrior }),
        row("each pixel a coin", result.coins),
      ],
      caption: """
        \(formatted(count)) test \(lesson.source.example)\(count == 1 ? "" : "s"), \
        \(formatted(lesson.source.train.size)) pixels each. Using \
        bins changes the bound by \(difference(result.boundsInBins, result.bounds).text(decimals: 3)) bits. \
        At most \(formatted(result.borrowed, decimals: 0)) of the bits that were on the stack at the start \
        were in use at a time.
        """)
    page.check(
      "What is read back is the same, pixel by pixel.",
      .small(Quantity("pixels that differ", Double(result.differing)), tolerance: 0))
    page.check(
      "And the stack again holds the bits that it held before.",
      .small(Quantity("stacks that differ", result.isRestored ? 0 : 1), tolerance: 0))
    guard count >= 30 else {
      page.note(
        "Left out",
        "The standard error over fewer than 30 examples says little, so the costs are not compared."
      )
      return
    }
    lesson.claim(
      "With bits back, an image takes as many bits as the negative bound says.",
      .measured("bits above the bound", difference(bits, result.bounds), expected: 0), on: page)
    lesson.claim(
      "The bits that come back are the entropy of Q(z|X) in bins.",
      .measured(
        "bits back less the entropy",
        MonteCarloEstimate(zip(coded, result.entropies).map { -$0.byPosterior - $1 }), expected: 0),
      on: page)
    lesson.claim(
      "With bits back, the model takes fewer bits than coins.",
      .positive("bits saved", difference(result.coins, bits)), on: page)
  }
}
