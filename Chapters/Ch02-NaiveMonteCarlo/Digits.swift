import Autodiff
import Datasets
import Kernels
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// The digits, and the one that is X.
struct Digits {
  let train, test: Examples
  /// The first test image of the class, grey, of shape [1, 784].
  let x: Tensor<Float>

  init(_ digit: Int) throws {
    let data = try ImageData.embeddedDigits()
    (train, test) = (Examples(data.train), Examples(data.test))
    x = test[[test.classes!.firstIndex(of: digit)!]]
  }

  /// The pixel at a row and a column of X: 0 outside.
  private func pixel(_ row: Int, _ column: Int) -> Float {
    row >= 0 && column >= 0 ? x[0, 28 * row + column] : 0
  }

  /// X without two rows through its middle.
  var cut: Tensor<Float> {
    image { row, column in (13...14).contains(row) ? 0 : pixel(row, column) }
  }

  /// X half a pixel lower and further right: each pixel the mean of four.
  var halfShifted: Tensor<Float> {
    image { row, column in
      (pixel(row, column) + pixel(row - 1, column) + pixel(row, column - 1)
        + pixel(row - 1, column - 1)) / 4
    }
  }

  /// X a pixel lower and further right.
  var shifted: Tensor<Float> { image { pixel($0 - 1, $1 - 1) } }

  private func image(_ pixel: (_ row: Int, _ column: Int) -> Float) -> Tensor<Float> {
    Tensor((0..<784).map { pixel($0 / 28, $0 % 28) }, shape: [1, 784])
  }
}

extension NaiveMonteCarlo {
  static func comparePixels(_ digits: Digits, on page: Page) {
    page.section("2.5", "The metric")
    func distances(_ images: Tensor<Float>, to others: Tensor<Float>) -> Tensor<Float> {
      images.squared.sum(axis: 1, keepingAxis: true) + others.squared.sum(axis: 1)
        - 2 * matmul(images, others.transposed())
    }
    let toTrain = distances(digits.x, to: digits.train.values).scalars
    let nearest = toTrain.firstIndex(of: toTrain.min()!)!
    let images = [
      ("X", digits.x), ("two rows missing", digits.cut), ("half a pixel off", digits.halfShifted),
      ("a pixel off", digits.shifted), ("nearest of 4500", digits.train[[nearest]]),
    ]
    let squares = images.map { Double(($0.1 - digits.x).squared.sum().scalar) }
    // (X − f)²/2σ² is 10 nats for the broken digit.
    let variance = squares[1] / 20
    page.prose(
      """
      A Gaussian output measures likeness by squared distances of pixels. Here are a digit, the same \
      with a piece missing, the same half a pixel and a pixel further down and right, and the nearest \
      of 4,500 others. Look at which of them the distance takes for X. If the broken one is not to \
      pass for X, σ must be small enough to make it cost, say, 10 nats: σ = \
      \(formatted(variance.squareRoot(), digits: 3)). Then the good ones do not pass either.
      """)
    page.images([
      ImageGrid.Row(
        images.map { GrayImage(width: 28, height: 28, pixels: $0.1.scalars) },
        label: images.map(\.0).joined(separator: " · "))
    ])
    page.table(
      [.left("image f"), .right("‖X − f‖²"), .right("‖X − f‖²/2σ², nats")],
      rows: zip(images, squares).map { image, square in
        [
          image.0, formatted(square, decimals: 2), formatted(square / (2 * variance), decimals: 1),
        ]
      })
    page.check(
      "The broken digit is nearer than the same digit half a pixel off.",
      .atMost(Quantity("broken", squares[1]), Quantity("half a pixel off", squares[2])))

    let counts = [1, 3, 10, 30, 100, 300, 1000, 3000, 4500]
    let all = distances(digits.test.values, to: digits.train.values)
    let means = counts.map { count in
      -Double((-all.slice(axis: 1, 0..<count)).maximum(axis: 1).mean().scalar)
    }
    page.figure(
      "The nearest of n digits",
      description: """
        The squared distance from a digit to the nearest of n others, the mean over 500 digits: real \
        ones, as a perfect model would draw them. It falls, but slowly.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("‖X − nearest‖²", scale: .logarithmic),
        layers: [
          .line(.init("nearest of n", x: counts.map(Double.init), y: means)),
          .line(.init("the broken digit", x: [1, 4500], y: [squares[1], squares[1]])),
        ]))
    // The line through the means at 300 and 3000, extended.
    let slope = (Double.log(means[7]) - .log(means[5])) / .log(10)
    let logCount = .log(3000) + (.log(squares[1]) - .log(means[7])) / slope
    page.prose(
      """
      If the curve goes on as straight as it ends, it takes \(formatted(.exp(logCount), digits: 2)) \
      digits from a perfect model before one comes as near to an average digit as the broken one is \
      to X.
      """)
    page.check(
      "Not one of 4,500 real digits is as near to X as the broken one.",
      .atMost(Quantity("broken", squares[1]), Quantity("nearest", squares[4])))
  }

  static func decode(
    _ digits: Digits, _ options: Options, _ stream: SeededGenerator, on page: Page
  ) throws {
    page.section("2.6", "P(X) of a digit under a trained decoder")
    let (latentSize, sampleCount) = (options[latent], options[samples])
    page.prose(
      """
      Two decoders P(X|z) of black and white pixels, with 2 latent variables and with \
      \(latentSize), each trained beside an encoder, as in chapter 5. P(X) is the mean of P(X|z) over \
      z from the prior, and just as well the mean of P(X|z) P(z)/Q(z|X) over z from any Q(z|X) that \
      leaves no z out. The encoder proposes a Q; fitting it to this one X (chapter 3) and widening it \
      a little makes a better one. Look at the effective sample sizes.
      """)
    page.equation(
      #"P(X) = \mathbb{E}_{z \sim P(z)}[P(X|z)] = \mathbb{E}_{z \sim Q(z|X)}\left[\frac{P(X|z) P(z)}{Q(z|X)}\right]"#
    )
    var generator = stream
    let x = Tensor.bernoulli(digits.x, using: &generator)
    var rows: [[String]] = []
    func add(_ model: VariationalAutoencoder<Float>, _ source: String, _ estimate: LogMeanEstimate)
    {
      rows.append([
        "\(model.configuration.latentSize)", source, "\(estimate.count)",
        formatted(estimate.logMean, decimals: 2), formatted(estimate.standardError, decimals: 2),
        formatted(estimate.effectiveSampleSize, decimals: 1),
      ])
    }
    /// The encoder's answer, fitted to X, with a σ that is e^¼ = 1.28 times as large.
    func fitted(_ model: VariationalAutoencoder<Float>) -> DiagonalNormal<Float> {
      let q = model.decoder.fittedPosterior(of: x, from: model.encoder(x), using: &generator)
      return DiagonalNormal(mean: q.mean, logVariance: q.logVariance + 0.5)
    }

    let small = try train(latentSize: 2, digits, options, on: page)
    let grid = try small.converted().gridPosterior(of: x.converted(to: Double.self))[0].logEvidence
    let naive = small.decoder.naiveLogEvidence(of: x, sampleCount: 100_000, using: &generator)
    let sampled = small.decoder.importanceSampledLogEvidence(
      of: x, proposal: fitted(small), sampleCount: 100, using: &generator)
    rows.append(["2", "quadrature", "", formatted(grid, decimals: 2), "", ""])
    add(small, "prior", naive)
    add(small, "fitted Q", sampled)

    let large = try train(latentSize: latentSize, digits, options, on: page)
    let q = fitted(large)
    var run = LogMeanEstimate(logWeights: [])
    var runs: [LogMeanEstimate] = []
    let progress = page.progress("drawing z from the prior", total: sampleCount)
    while run.count < sampleCount {
      let next = min(max(100, run.count / 4), 100_000, sampleCount - run.count)
      run.merge(large.decoder.naiveLogEvidence(of: x, sampleCount: next, using: &generator))
      runs.append(run)
      progress.advance(by: next)
    }
    progress.finish()
    add(large, "prior", run)
    var estimates: [LogMeanEstimate] = []
    for (name, proposal, count) in [
      ("encoder's Q", large.encoder(x), 100), ("fitted Q", q, 100), ("fitted Q", q, 10_000),
    ] {
      estimates.append(
        large.decoder.importanceSampledLogEvidence(
          of: x, proposal: proposal, sampleCount: count, using: &generator))
      add(large, name, estimates.last!)
    }
    page.table(
      [
        .right("latents"), .left("z from"), .right("n"), .right("log P(X)"), .right("s.e."),
        .right("effective n"),
      ], rows: rows, caption: "In nats. s.e.: the standard error by the delta method.")
    for (name, estimate) in [("100000 z from the prior", naive), ("100 z from Q", sampled)] {
      page.check(
        "With two latent variables, \(name) agree with quadrature.",
        .measured(
          Quantity("log of the mean", estimate.logMean), expected: Quantity("log P(X)", grid),
          standardError: estimate.standardError))
    }
    let best = estimates.last!
    page.figure(
      "\(latentSize) latent variables: the naive estimate as n grows",
      description: """
        It climbs by leaps, each a z luckier than all before it, and sinks in between. Q finds the \
        right level with 100 draws.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("log of the mean"),
        layers: [
          .line(.init("prior", x: runs.map { Double($0.count) }, y: runs.map(\.logMean))),
          .line(
            .init(
              "fitted Q, n = 10000", x: [100, Double(sampleCount)], y: [best.logMean, best.logMean])
          ),
          .points(
            .init(
              "fitted Q, n = 100", x: [100], y: [estimates[1].logMean],
              errors: [estimates[1].standardError])),
        ]))
    let divergence = Double(q.klDivergenceToStandardNormal().scalar)
    page.prose(
      """
      D[Q(z|X) ‖ P(z)] is \(formatted(divergence, decimals: 1)) nats: only one z from the prior in \
      about \(formatted(.exp(divergence), digits: 2)) lands where those of Q lie.
      """)
    page.check(
      "A z from Q is worth more than one from the prior.",
      .atMost(
        Quantity(
          "effective share, prior (at least 1/n)", run.effectiveSampleSize / Double(run.count)),
        Quantity("effective share, Q", best.effectiveSampleSize / Double(best.count))))
  }

  private static func train(
    latentSize: Int, _ digits: Digits, _ options: Options, on page: Page
  ) throws -> VariationalAutoencoder<Float> {
    // With two, tanh makes the integrand smooth, so that quadrature is exact.
    var training = Training(
      Configuration(
        hiddenSizes: [64], latentSize: latentSize, activation: latentSize == 2 ? .tanh : .relu),
      TrainingSettings(learningRate: 0.003, seed: options.seed))
    let progress = page.progress("training with \(latentSize) latent variables", total: 10)
    for _ in 0..<10 {
      try training.runEpoch(on: digits.train, test: digits.test)
      progress.advance()
    }
    progress.finish()
    return training.model
  }
}
