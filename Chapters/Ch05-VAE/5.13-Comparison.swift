import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// What may be done to test images, or drawn in their place.
enum PictureKind: Hashable {
  case test
  case moved(Int)
  case turned(Int)
  case turnedAndBack(Int)
  case inverted
  case black
  case coins
  case fairCoins
  case letters
  case numerals
  case samples

  /// All of them; numerals only beside digits.
  static func all(_ source: Source) -> [PictureKind] {
    [
      .test, .moved(1), .moved(2), .moved(4), .turned(10), .turned(30), .turnedAndBack(30),
      .turned(90), .inverted, .letters,
    ] + (source.kind == .digits ? [.numerals] : []) + [.coins, .fairCoins, .black, .samples]
  }

  func name(_ source: Source) -> String {
    switch self {
    case .test: "test \(source.example)s"
    case .moved(let distance): "moved by \(distance) pixel\(distance == 1 ? "" : "s")"
    case .turned(let angle): "turned by \(angle)°"
    case .turnedAndBack(let angle): "turned by \(angle)°, and back"
    case .inverted: "inverted"
    case .black: "all black"
    case .coins: "noise, coins of 5.3"
    case .fairCoins: "noise, fair coins"
    case .letters: "A, E, H, K and X"
    case .numerals: "1, 4 and 7, same pen"
    case .samples: "the model’s samples"
    }
  }

  /// The grey values of pictures of this kind, one for each test image or `count` of their own. Samples
  /// come from their model.
  func values(_ test: Tensor<Float>, count: Int, _ source: Source) -> Tensor<Float> {
    let size = PictureSize(rows: source.rows!, columns: source.columns!)
    let shape = [count, source.train.size]
    func drawings(_ characters: [Character]) -> Tensor<Float> {
      let all = Tensor(characters.flatMap(size.drawing), shape: [characters.count, shape[1]])
      return all.rows((0..<count).map { $0 % characters.count })
    }
    return switch self {
    case .test, .samples: test
    case .moved(let distance): size.moved(test, by: distance)
    case .turned(let angle): size.turned(test, by: angle)
    case .turnedAndBack(let angle): size.turned(size.turned(test, by: angle), by: -angle)
    case .inverted: 1 - test
    case .black: Tensor(zeros: shape)
    case .coins: source.boundedTrain.values.mean(axis: 0).broadcast(to: shape)
    case .fairCoins: Tensor(repeating: 0.5, shape: shape)
    case .letters: drawings(["A", "E", "H", "K", "X"])
    case .numerals: drawings(["1", "4", "7"])
    }
  }
}

/// Pictures of several kinds under two models.
struct PictureComparison {
  /// Pictures of one kind.
  struct Entry {
    let kind: PictureKind
    /// The first few, black and white.
    let shown: Tensor<Float>
    /// The mean number of white pixels.
    let whitePixels: Double
    /// The mean entropy of drawing the pixels black or white, in nats: what no model can foresee.
    let noise: Double
    /// L₁₀₀ of each picture under the chapter's own model.
    let bounds: [Double]
    /// log P(X) of the first half of the pictures, or of the one black picture, under the model of 5.6.
    let logEvidence: [Double]
    /// What twice the spacing of the grid changes in their mean.
    let gridDifference: Double
    /// Whether, for some of them, there is more of the integral beyond the grid, so that log P(X) is larger.
    let isCutOff: Bool
  }

  let entries: [Entry]
  /// The terms of the bound on the test images and on the black one, under the chapter's own model.
  let terms: [(logLikelihood: Double, divergence: Double)]
  /// How many samples of the model of 5.6 were looked at, and the fewest white pixels among them.
  let sampleCount: Int
  let fewestWhitePixels: Int

  subscript(kind: PictureKind) -> Entry { entries.first { $0.kind == kind }! }

  init(
    _ model: VariationalAutoencoder<Float>, plane: VariationalAutoencoder<Float>, _ source: Source,
    using generator: inout SeededGenerator
  ) {
    // Of large images fewer, on each of which a decoder takes longer.
    let count = max(10, min(100, 100 * 784 / source.train.size))
    let test = source.fewTest.prefix(count).values
    // The grey values and the pixels of each kind, and the pixels for the model of 5.6.
    var drawn: [(kind: PictureKind, grey: Tensor<Float>, x: Tensor<Float>, few: Tensor<Float>)] = []
    for kind in PictureKind.all(source) {
      let isSample = kind == .samples
      let grey =
        isSample
        ? Self.samples(of: model, count, using: &generator)
        : kind.values(test, count: count, source)
      let x = model.observed(grey, using: &generator)
      let rows = Array(0..<(kind == .black ? 1 : min(count / 2, x.shape[0])))
      let few =
        isSample
        ? plane.observed(Self.samples(of: plane, rows.count, using: &generator), using: &generator)
        : x.rows(rows)
      drawn.append((kind, grey, x, few))
    }
    let onPlane = Tensor.concatenated(drawn.map(\.few))
    let fine = Self.logEvidence(plane.decoder, onPlane, spacing: 0.1, reach: 8)
    let coarse = Self.logEvidence(plane.decoder, onPlane, spacing: 0.2, reach: 8)
    let narrow = Self.logEvidence(plane.decoder, onPlane, spacing: 0.2, reach: 6)
    let ends = drawn.reduce(into: [0]) { $0.append($0.last! + $1.few.shape[0]) }
    entries = drawn.enumerated().map { index, drawn in
      let range = ends[index]..<ends[index + 1]
      return Entry(
        kind: drawn.kind, shown: drawn.x.rows(Array(0..<min(5, drawn.x.shape[0]))),
        whitePixels: Double(drawn.x.sum(axis: 1).mean().scalar), noise: Self.entropy(drawn.grey),
        bounds: model.importanceWeightedBound(of: drawn.x, sampleCount: 100, using: &generator),
        logEvidence: Array(fine[range]),
        gridDifference: MonteCarloEstimate(range.map { fine[$0] - coarse[$0] }).mean,
        isCutOff: range.contains { coarse[$0] - narrow[$0] > 0.1 })
    }
    terms = [PictureKind.test, .black].map { kind in
      Self.terms(of: model, drawn.first { $0.kind == kind }!.x, using: &generator)
    }
    sampleCount = 100 * count
    let z = Tensor<Float>.normal([sampleCount, 2], using: &generator)
    fewestWhitePixels = Self.fewestWhitePixels(of: plane.decoder, at: z, using: &generator)
  }

  /// The fewest white pixels among samples of a decoder, one for each z.
  ///
  /// - Parameter pieceLength: How many samples are in memory at a time. The generator draws the same for
  ///   every even number.
  static func fewestWhitePixels(
    of decoder: Decoder<Float>, at z: Tensor<Float>, pieceLength: Int = 500,
    using generator: inout SeededGenerator
  ) -> Int {
    let counts = stride(from: 0, to: z.shape[0], by: pieceLength).flatMap { first in
      let z = z.rows(Array(first..<min(first + pieceLength, z.shape[0])))
      return decoder.sample(given: z, using: &generator).sum(axis: 1).scalars
    }
    return Int(counts.min()!)
  }

  /// The expected pixels of samples of a model.
  private static func samples(
    of model: VariationalAutoencoder<Float>, _ count: Int, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    model.decoder.mean(of: .normal([count, model.decoder.latentSize], using: &generator))
  }

  private static func terms(
    of model: VariationalAutoencoder<Float>, _ x: Tensor<Float>,
    using generator: inout SeededGenerator
  ) -> (logLikelihood: Double, divergence: Double) {
    let ε = Tensor<Float>.normal([x.shape[0], model.decoder.latentSize], using: &generator)
    let bound = model.evidenceLowerBound(of: x, noise: ε)
    return (Double(bound.reconstruction.mean().scalar), Double(bound.divergence.mean().scalar))
  }

  // cell: grid
  /// log P(X) for each row of x as a sum over a grid of z: no encoder has a say in it.
  static func logEvidence(
    _ decoder: Decoder<Float>, _ x: Tensor<Float>, spacing: Double, reach: Double
  ) -> [Double] {
    let count = Int((2 * reach / spacing).rounded()) + 1
    let axis = QuadratureRule.trapezoidal(count, over: -reach...reach)
    let grid = PlaneGrid(axis, axis)
    let (z, logArea) = (grid.points.converted(to: Float.self), grid.logWeights.map(Float.init))
    let sums = stride(from: 0, to: logArea.count, by: 1000).map { start in
      let piece = Array(start..<min(start + 1000, logArea.count))
      let (z, logArea) = (z.rows(piece), Tensor(piece.map { logArea[$0] }))
      let l = decoder(z)  // the logits of all pixels, for each z
      let logLikelihood = matmul(x, l.transposed()) - softplus(l).sum(axis: 1)
      let logPrior = DiagonalNormal<Float>.standard.logProbability(of: z)
      return (logLikelihood + logPrior + logArea).logSumExp(axis: 1)  // log ∑ P(X, z) Δz
    }
    return (0..<x.shape[0]).map { row in logSumExp(sums.map { Double($0[row]) }) }
  }
  // end

  /// The mean over pictures of −∑ (g log g + (1 − g) log(1 − g)) over their grey values g.
  private static func entropy(_ grey: Tensor<Float>) -> Double {
    func term(_ g: Tensor<Float>) -> Tensor<Float> { g * log(g + .leastNormalMagnitude) }
    return Double(-(term(grey) + term(relu(1 - grey))).sum(axis: 1).mean().scalar)
  }

  /// Shows the sum over the grid.
  static func showCode(on page: Page) { page.code("grid") }
}
