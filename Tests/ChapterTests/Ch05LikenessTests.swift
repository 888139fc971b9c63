import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05Likeness {
  private let size = PictureSize(rows: 3, columns: 4)
  private let picture = Tensor<Float>((0..<12).map { Float($0) / 12 }, shape: [1, 12])

  @Test("A picture that is moved keeps its pixels, and what comes in is black")
  func moving() {
    #expect(size.moved(picture, by: 0).scalars == picture.scalars)
    let moved = size.moved(picture, by: 1)
    for row in 0..<3 {
      #expect(moved[0, 4 * row] == 0)
      for column in 1..<4 {
        #expect(moved[0, 4 * row + column] == picture[0, 4 * row + column - 1])
      }
    }
    #expect(size.moved(picture, by: 4).scalars.allSatisfy { $0 == 0 })
  }

  @Test("Between pixels a picture is the average of its neighbours")
  func averaging() {
    let half = size.resampled(picture) { ($0 + 0.5, $1) }
    // Rows 0 and 1 in equal parts; below the last there is black.
    #expect(abs(half[0, 1] - (picture[0, 1] + picture[0, 5]) / 2) < 1e-6)
    #expect(abs(half[0, 9] - picture[0, 9] / 2) < 1e-6)
  }

  @Test("A quarter turn is clockwise, and four of them are none")
  func turning() {
    let square = PictureSize(rows: 3, columns: 3)
    let top = Tensor<Float>([0, 1, 0, 0, 0, 0, 0, 0, 0], shape: [1, 9])
    var turned = square.turned(top, by: 90)
    #expect(abs(turned[0, 5] - 1) < 1e-6 && abs(turned.sum().scalar - 1) < 1e-6)
    for _ in 0..<3 { turned = square.turned(turned, by: 90) }
    for (found, expected) in zip(turned.scalars, top.scalars) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test("A pen draws white on the line, and black away from it")
  func drawing() {
    let size = PictureSize(rows: 28, columns: 28)
    let one = size.drawing("1")
    // A line down the middle, from row 3.5 to row 23.5.
    #expect(one[14 * 28 + 13] == 1 && one[14 * 28 + 14] == 1)
    #expect(one[14 * 28 + 5] == 0 && one[0] == 0)
    #expect(one.reduce(0, +) > 40 && one.reduce(0, +) < 80)
    #expect(size.drawing("H") != size.drawing("A"))
  }

  @Test("If the decoder ignores z, the sum over the grid is log P of its coins")
  func gridOfADecoderThatIgnoresZ() {
    var generator = SeededGenerator(seed: 1)
    var model = VariationalAutoencoder<Float>(
      Configuration(inputSize: 12, hiddenSizes: [4], latentSize: 2), using: &generator)
    model.decoder.output.weight = Tensor(zeros: [4, 12])
    model.decoder.output.bias = Tensor.normal([12], using: &generator)
    let x = Tensor<Float>.bernoulli(.init(repeating: 0.5, shape: [5, 12]), using: &generator)
    let coins = Bernoulli(logits: model.decoder.output.bias).logProbability(of: x)
    func sums(reach: Double) -> [Double] {
      PictureComparison.logEvidence(model.decoder, x, spacing: 0.2, reach: reach)
    }
    for (found, expected) in zip(sums(reach: 8), coins.scalars) {
      #expect(abs(found - Double(expected)) < 1e-4)
    }
    // A grid that ends at 1 misses more than half of the prior.
    for (found, expected) in zip(sums(reach: 1), coins.scalars) {
      #expect(found < Double(expected) - 0.5)
    }
  }

  @Test("Coins draw pictures whose log P is minus the entropy, far below that of the best")
  func coins() throws {
    let source = try Source("mnist", decoder: "auto", seed: 1)
    var generator = SeededGenerator(seed: 1)
    let coins = CoinPictures(source.boundedTrain, using: &generator)
    func holds(_ expected: Double) -> Bool {
      Check("", .measured("", coins.drawn, expected: expected)).holds
    }
    #expect(holds(-coins.entropy) && !holds(coins.mode))
    #expect(coins.mode > coins.black && coins.black > coins.highestDrawn)
    #expect(coins.fewestWhitePixels > coins.modeWhitePixels)
    // Drawn all at once they are the same.
    var again = SeededGenerator(seed: 1)
    #expect(CoinPictures(source.boundedTrain, pieceLength: 10_000, using: &again) == coins)
    #expect(again == generator)
  }

  @Test("The fewest white pixels are the same if the samples are drawn by pieces")
  func pieces() {
    var generator = SeededGenerator(seed: 1)
    let decoder = VariationalAutoencoder<Float>(
      Configuration(inputSize: 13, hiddenSizes: [4], latentSize: 2), using: &generator
    ).decoder
    let z = Tensor<Float>.normal([50, 2], using: &generator)
    let results = [2, 16, 50].map { length in
      var generator = generator
      let fewest = PictureComparison.fewestWhitePixels(
        of: decoder, at: z, pieceLength: length, using: &generator)
      return [UInt64(fewest), generator.position]
    }
    #expect(Set(results).count == 1)
  }

  @Test("Every kind of picture is compared, and numerals only beside digits")
  func kinds() throws {
    try Collection(train: 640, test: 200, isPatterned: true).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 1), seed: 1, isOfTheNote: true)
      let model = try lesson.train(lesson.configuration(.bernoulli), for: "").model
      let plane = try Plane.train(lesson)
      let comparison = try #require(Likeness(model, plane: plane, lesson).comparison)
      #expect(comparison.entries.map(\.kind) == PictureKind.all(lesson.source))
      #expect(!comparison.entries.contains { $0.kind == .numerals })
      #expect(comparison[.black].whitePixels == 0 && comparison[.black].logEvidence.count == 1)
      #expect(abs(comparison[.fairCoins].noise - 30 * .log(2)) < 1e-4)
      #expect(comparison[.inverted].whitePixels > comparison[.test].whitePixels)
      func mean(_ kind: PictureKind) -> Double { MonteCarloEstimate(comparison[kind].bounds).mean }
      #expect(mean(.test) > mean(.moved(1)) && mean(.test) > mean(.inverted))
    }
    let digits = PictureKind.all(try Source("mnist", decoder: "auto", seed: 1))
    #expect(digits.contains(.numerals))
  }
}
