import Autodiff
import Claims
import Datasets
import Notebook
import Probability
import VariationalAutoencoders

/// 5.13 Similar likely, dissimilar unlikely: what two models say of pictures that are like their training
/// images, nearly so, or not at all.
struct Likeness: SectionContent {
  let lesson: Lesson
  /// Nil where the examples are not black and white pictures.
  let comparison: PictureComparison?
  let coins: CoinPictures?

  init(
    _ model: VariationalAutoencoder<Float>, plane: VariationalAutoencoder<Float>, _ lesson: Lesson
  ) {
    self.lesson = lesson
    guard lesson.source.output == .bernoulli else {
      (comparison, coins) = (nil, nil)
      return
    }
    var generator = lesson.generator(section: 13)
    comparison = PictureComparison(model, plane: plane, lesson.source, using: &generator)
    coins = CoinPictures(lesson.source.boundedTrain, using: &generator)
  }

  func show(on page: Page) {
    guard let comparison, let coins else {
      page.note(
        "Left out",
        "The pictures compared are black and white; here every pixel is a real number.")
      return
    }
    page.lead(
      "Pictures like the test images, less like them, and not like them at all. How will the model rank them?"
    )
    PictureSize.showCode(on: page)
    showPictures(comparison, on: page)
    page.lead("Is what is similar likely, and what is dissimilar unlikely? Look for the exception.")
    PictureComparison.showCode(on: page)
    showTable(comparison, on: page)
    showHistogram(comparison, on: page)
    showClaims(comparison, on: page)
    page.lead("Why a black picture is so probable, and yet is never drawn.")
    page.code("coins")
    showBlack(comparison, coins, on: page)
  }

  private func showPictures(_ comparison: PictureComparison, on page: Page) {
    let shown: [PictureKind] = [
      .test, .moved(4), .turned(30), .turnedAndBack(30), .inverted, .letters, .numerals, .coins,
    ]
    page.images(
      comparison.entries.filter { shown.contains($0.kind) }.map {
        ImageGrid.Row(
          lesson.source.pictures($0.shown), label: $0.kind.name(lesson.source))
      },
      caption: """
        Five pictures of most kinds. Each pixel is drawn black or white with its grey value as the \
        probability, after the picture was changed.
        """)
  }

  private func showTable(_ comparison: PictureComparison, on page: Page) {
    page.table(
      [
        .left("pictures"), .right("white"), .right("noise"), .right("L₁₀₀, model of 5.3"),
        .right("log P(X), model of 5.6"),
      ],
      rows: comparison.entries.map { entry in
        [
          entry.kind.name(lesson.source), formatted(entry.whitePixels, decimals: 0),
          formatted(entry.noise, decimals: 1), MonteCarloEstimate(entry.bounds).text(decimals: 1),
          (entry.isCutOff ? "≥ " : "") + MonteCarloEstimate(entry.logEvidence).text(decimals: 1),
        ]
      },
      caption: """
        Means over up to 100 pictures of a kind, and over half as many in the last column. White: the number \
        of white pixels. Noise: the entropy, in nats, of drawing the pixels from their grey values. ≥: for \
        some of the pictures the integral extends beyond the grid. Samples are each model’s own.
        """)
    lesson.claim(
      "Where the grid reaches far enough, doubling its spacing changes no mean by half a nat.",
      .small(
        "largest difference",
        comparison.entries.filter { !$0.isCutOff }.map(\.gridDifference), tolerance: 0.5), on: page)
  }

  private func showHistogram(_ comparison: PictureComparison, on page: Page) {
    let (least, width) = (-500.0, 20.0)
    let edges = (0...25).map { least + width * Double($0) }
    func histogram(_ kind: PictureKind, _ meaning: Plot.Meaning) -> Plot.Layer {
      let bounds = comparison[kind].bounds
      let heights = zip(edges, edges.dropFirst()).map { lower, upper in
        Double(bounds.count { lower <= $0 && $0 < upper }) / Double(bounds.count)
      }
      return .histogram(
        .init(kind.name(lesson.source), meaning: meaning, edges: edges, heights: heights))
    }
    let black = MonteCarloEstimate(comparison[.black].bounds).mean
    page.figure(
      "How probable are pictures?",
      description: """
        The shares of test \(lesson.source.example)s, of the model’s own samples and of letters with an \
        L₁₀₀ in each interval of 20 nats, under the model of 5.3; and the one black picture. What lies \
        below −500 is left out.
        """,
      Plot(
        x: Axis("L₁₀₀ in nats", range: least...0), y: Axis("share"),
        layers: [
          histogram(.test, .evidence), histogram(.samples, .prior),
          histogram(.letters, .series(5)),
          .line(.init("all black", meaning: .bound, x: [black, black], y: [0, 0.4])),
        ]))
  }

  private func showClaims(_ comparison: PictureComparison, on page: Page) {
    func gain(_ more: PictureKind, over less: PictureKind) -> MonteCarloEstimate {
      MonteCarloEstimate(zip(comparison[more].bounds, comparison[less].bounds).map { $0 - $1 })
    }
    func claimDifference(_ claim: String, _ more: PictureKind, _ less: PictureKind) {
      let estimates = [more, less].map { MonteCarloEstimate(comparison[$0].bounds) }
      let squaredErrors = estimates.map { $0.standardError * $0.standardError }
      lesson.claim(
        claim,
        .greater(
          Quantity("the mean L₁₀₀ of “\(more.name(lesson.source))”", estimates[0].mean),
          than: Quantity("that of “\(less.name(lesson.source))”", estimates[1].mean),
          standardError: squaredErrors.reduce(0, +).squareRoot()), on: page)
    }
    lesson.claim(
      "Moved by four pixels, a test \(lesson.source.example) is less probable than in its place.",
      .positive("mean loss", gain(.test, over: .moved(4))), on: page)
    lesson.claim(
      "Turned by 90°, it is less probable than upright.",
      .positive("mean loss", gain(.test, over: .turned(90))), on: page)
    claimDifference(
      "Independent pixels, each as often white as in training, are less probable than test \(lesson.source.example)s.",
      .test, .coins)
    if lesson.source.kind == .digits {
      claimDifference(
        "Letters are less probable than digits drawn with the same pen.", .numerals, .letters)
    }
    let test = MonteCarloEstimate(comparison[.test].logEvidence)
    lesson.claim(
      "A black picture is more probable than a test \(lesson.source.example) is on average.",
      .greater(
        Quantity("log P(X) of the black picture", comparison[.black].logEvidence[0]),
        than: Quantity("the mean of the test \(lesson.source.example)s", test.mean),
        standardError: test.standardError), on: page)
  }

  private func showBlack(
    _ comparison: PictureComparison, _ coins: CoinPictures, on page: Page
  ) {
    page.table(
      [.left("coins of 5.3"), .right("white"), .right("log P")],
      rows: [
        [
          "the most probable picture", formatted(coins.modeWhitePixels),
          formatted(coins.mode, decimals: 1),
        ],
        ["all black", "0", formatted(coins.black, decimals: 1)],
        [
          "the most probable of \(formatted(coins.drawn.count)) drawn", "",
          formatted(coins.highestDrawn, decimals: 1),
        ],
        ["their mean", "", coins.drawn.text(decimals: 1)],
        ["minus the entropy", "", formatted(-coins.entropy, decimals: 1)],
      ],
      caption: """
        The fewest white pixels among the \(formatted(coins.drawn.count)) pictures that were drawn: \
        \(formatted(coins.fewestWhitePixels)).
        """)
    page.check(
      "The mean of log P over pictures drawn from P is minus the entropy of P.",
      .measured("mean log P", coins.drawn, expected: -coins.entropy))
    page.check(
      "No picture that was drawn is more probable than the one in which each pixel is as it usually is.",
      .atMost(
        Quantity("the highest log P of those drawn", coins.highestDrawn),
        Quantity("log P of the most probable", coins.mode)))
    let black = comparison[.black].logEvidence[0]
    page.table(
      [.left("model of 5.3"), .right("log P(X|z)"), .right("D[Q‖P(z)]"), .right("bound")],
      rows: zip(["test \(lesson.source.example)s", "all black"], comparison.terms).map {
        name, terms in
        [name]
          + cells(
            terms.logLikelihood, terms.divergence, terms.logLikelihood - terms.divergence,
            decimals: 1)
      })
    page.prose(
      """
      Under the model of 5.6 the black picture has a probability of \
      \(formatted(exponentialOf: black)); the fewest white pixels among \
      \(formatted(comparison.sampleCount)) of its samples are \
      \(formatted(comparison.fewestWhitePixels)).
      """)
  }
}

/// The pictures of coins, where everything can be computed: one for each pixel, as often white as the pixel
/// is in training.
struct CoinPictures: Equatable {
  /// The entropy of the pictures, in nats.
  let entropy: Double
  /// log P of pictures that were drawn.
  private(set) var logProbabilities: [Double]
  /// The fewest white pixels among them.
  private(set) var fewestWhitePixels: Int
  /// log P of the most probable picture, and how many of its pixels are white.
  let mode: Double
  let modeWhitePixels: Int
  let black: Double

  /// - Parameter pieceLength: How many pictures are in memory at a time. The generator draws the same for
  ///   every even number.
  init(_ train: Examples, pieceLength: Int = 500, using generator: inout SeededGenerator) {
    let sum = train.values.sum(axis: 0).converted(to: Double.self)
    let white = (sum + 1) / Double(train.count + 2)
    let count = max(1000, min(10_000, 10_000 * 784 / white.count))
    self.init(white, count: min(pieceLength, count), using: &generator)
    while logProbabilities.count < count {
      let rest = count - logProbabilities.count
      let piece = CoinPictures(white, count: min(pieceLength, rest), using: &generator)
      logProbabilities += piece.logProbabilities
      fewestWhitePixels = min(fewestWhitePixels, piece.fewestWhitePixels)
    }
  }

  /// `count` pictures, from the probability of white of each pixel.
  private init(_ white: Tensor<Double>, count: Int, using generator: inout SeededGenerator) {
    // cell: coins
    let coins = Bernoulli(logits: log(white) - log(1 - white))
    let all = white.broadcast(to: [count, white.count])
    let samples = Tensor.bernoulli(all, using: &generator)
    let ofSamples = coins.logProbability(of: samples)
    let mostProbable = Tensor(white.scalars.map { $0 > 0.5 ? 1 : 0 })  // each as it usually is
    let ofMostProbable = coins.logProbability(of: mostProbable)
    let ofBlack = coins.logProbability(of: Tensor(zeros: white.shape))
    // end
    entropy = coins.entropy.scalar
    logProbabilities = ofSamples.scalars
    fewestWhitePixels = Int(samples.sum(axis: 1).scalars.min()!)
    (mode, black) = (ofMostProbable.scalar, ofBlack.scalar)
    modeWhitePixels = Int(mostProbable.sum().scalar)
  }

  /// Their mean log P, with its standard error.
  var drawn: MonteCarloEstimate { MonteCarloEstimate(logProbabilities) }

  var highestDrawn: Double { logProbabilities.max()! }
}
