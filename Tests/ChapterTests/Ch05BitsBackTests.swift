import Autodiff
import Claims
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05BitsBack {
  @Test("What goes onto the stack comes off in reverse order, whatever its probability")
  func stack() {
    var generator = SeededGenerator(seed: 1)
    let initial = BitsBack.initialStack(SeededGenerator(seed: 2))
    var stack = initial
    var symbols: [(start: UInt64, width: UInt64)] = []
    var expected = 0.0
    for index in 0..<5000 {
      // From one number to all of them.
      let width = UInt64(1) << UInt64(index % 25)
      let start = UInt64(generator.integer(below: 1 << 24 - Int(width) + 1))
      stack.push(start, width)
      symbols.append((start, width))
      expected += 24 - Double(index % 25)
    }
    #expect(abs(stack.length - initial.length - expected) < 5)
    for (start, width) in symbols.reversed() {
      #expect((start..<start + width).contains(stack.top))
      stack.pop(start, width)
    }
    #expect(stack == initial)
  }

  @Test("Pixels cost log₂ 1/P, and come off as they went on")
  func demonstration() throws {
    let section = BitsBack(model([4]), try lesson("ring"))
    #expect(section.result == nil && section.demonstration.differing == 0)
    #expect(abs(section.demonstration.bits - section.demonstration.expected) < 1)
    #expect(section.demonstration.expected > 4000)
  }

  @Test("Random bits draw each bin as often as Q says")
  func bins() {
    let bins = LatentBins(bits: 3)
    let Q = Normal(mean: 0.4, variance: 0.5)
    #expect(bins.edges.first == -.infinity && bins.edges.last == .infinity && bins.edges[4] == 0)
    var generator = SeededGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 8)
    let n = 20_000
    for _ in 0..<n {
      var stack = BitStack(head: generator.next() | 1 << 63, words: [0, 0])
      counts[stack.popBin(of: bins, Q)] += 1
    }
    for (index, count) in counts.enumerated() {
      let p =
        Q.cumulativeProbability(upTo: bins.edges[index + 1])
        - Q.cumulativeProbability(upTo: bins.edges[index])
      let error = (p * (1 - p) / Double(n)).squareRoot()
      #expect(abs(Double(count) / Double(n) - p) < 5 * error)
    }
  }

  @Test(
    "Images are read back, and the stack is as it was, with coarse bins and with strange codes",
    arguments: [(1, 1), (5, 1), (12, 1), (14, 30)] as [(Int, Float)])
  func codec(bits: Int, stretch: Float) {
    var generator = SeededGenerator(seed: 4)
    var model = model([8])
    // Codes far beyond the outer bins, and narrow ones.
    model.encoder.mean.weight = stretch * model.encoder.mean.weight
    model.encoder.logVariance.bias = model.encoder.logVariance.bias - (stretch - 1) / 3
    let x = Tensor<Float>.bernoulli(.init(repeating: 0.4, shape: [20, 30]), using: &generator)
    let images = (0..<20).map { x.rows([$0]) }
    let initial = BitsBack.initialStack(generator)
    var stack = initial
    let codec = Codec(model: model, bins: LatentBins(bits: bits))
    let coded = codec.encode(images, onto: &stack)
    let bitsOfAll = coded.map(\.bits).reduce(0, +)
    #expect(abs(stack.length - initial.length - bitsOfAll) < 1e-6)
    #expect(coded.allSatisfy { abs($0.byPrior - Double(4 * bits)) < 0.1 && $0.byPixels > 0 })
    #expect(codec.decode(20, from: &stack) == images.map(\.scalars))
    #expect(stack == initial)
  }

  @Test("The entropy of bins is b where Q is the prior, and less where Q knows more")
  func entropies() {
    let bins = LatentBins(bits: 6)
    func entropy(_ mean: Float, _ variance: Double) -> Double {
      let Q = DiagonalNormal<Float>(
        mean: Tensor([mean, mean], shape: [1, 2]),
        logVariance: Tensor(repeating: Float(.log(variance)), shape: [1, 2]))
      return BitsBack.entropies(Q, bins)[0]
    }
    #expect(abs(entropy(0, 1) - 12) < 1e-9)
    #expect(entropy(0, 0.01) < 7)
    // All of it is in one bin.
    #expect(abs(entropy(50, 0.01)) < 1e-9)
  }

  @Test("Bits back meet the bound; without them z costs as much more as Q has entropy")
  func section() throws {
    try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
      let lesson = try lesson(folder)
      let second = try lesson.train(lesson.configuration(.bernoulli), for: "").model
      let result = try #require(BitsBack(second, lesson).result)
      #expect(result.coded.count == 100 && result.differing == 0 && result.isRestored)
      func holds(_ left: [Double], _ right: [Double]) -> Bool {
        let difference = MonteCarloEstimate(zip(left, right).map { $0 - $1 })
        return Check("", .measured("", difference, expected: 0)).holds
      }
      let bits = result.coded.map(\.bits)
      #expect(holds(bits, result.bounds))
      #expect(holds(result.coded.map { -$0.byPosterior }, result.entropies))
      #expect(!holds(result.coded.map { $0.byPixels + $0.byPrior }, result.bounds))
      #expect(result.borrowed > 0 && result.borrowed < 120)
      #expect(result.precisions.map(\.bits) == [1, 2, 3, 4, 5, 6, 8, 10, 12, 14])
      let fine = try #require(result.precisions.first { $0.bits == BitsBack.latentBits })
      #expect(fine.withBitsBack == bits)
    }
  }

  private func lesson(_ data: String) throws -> Lesson {
    Lesson(source: try Source(data, decoder: "auto", seed: 1), seed: 1, isOfTheNote: false)
  }

  /// A model of thirty pixels that has learnt nothing.
  private func model(_ hiddenSizes: [Int]) -> VariationalAutoencoder<Float> {
    var generator = SeededGenerator(seed: 5)
    return VariationalAutoencoder(
      Configuration(inputSize: 30, hiddenSizes: hiddenSizes, latentSize: 4), using: &generator)
  }
}
