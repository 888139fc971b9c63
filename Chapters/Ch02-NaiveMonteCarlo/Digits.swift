import Autodiff
import Datasets
import Kernels
import Notebook
import Probability
import VariationalAutoencoder

/// The digits, and the one that is X.
struct Digits {
  let train, test: Examples
  /// The first test image of the class, grey, of shape [1, 784].
  let x: Tensor<Float>

  init(_ digit: Int) throws {
    let data = try DigitData.embedded()
    (train, test) = (Examples(data.train), Examples(data.test))
    x = test[[data.test.labels.firstIndex(of: UInt8(digit))!]]
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
    let x = digits.x
    func distance(_ image: Tensor<Float>) -> Double { Double((image - x).squared.sum().scalar) }
    let broken = distance(digits.cut)
    // −‖X − f‖²/2σ² = −10 nats for the broken digit.
    let variance = broken / 20
    // The squared distances of 500 digits to 4,500 others, and of X.
    func distances(_ images: Tensor<Float>) -> Tensor<Float> {
      images.squared.sum(axis: 1, keepingAxis: true)
        - 2 * matmul(images, digits.train.values.transposed())
        + digits.train.values.squared.sum(axis: 1)
    }
    func nearest(_ distances: Tensor<Float>, of count: Int) -> [Float] {
      (-((-distances.slice(axis: 1, 0..<count)).maximum(axis: 1))).scalars
    }
    let own = distances(x)
    let nearestIndex = own.scalars.firstIndex(of: own.scalars.min()!)!
    let images = [
      ("X", x), ("two rows missing", digits.cut), ("shifted by half a pixel", digits.halfShifted),
      ("shifted by a pixel", digits.shifted), ("nearest of 4500", digits.train[[nearestIndex]]),
    ]
    page.prose(
      """
      A Gaussian output measures likeness by the squared distance of pixels. Here is a digit with a \
      piece missing, the same digit shifted down and right, and the nearest of 4,500 others. Look at \
      which of them the distance takes for X. If the broken one is not to pass, σ must be so small \
      that it costs, say, 10 nats: σ = \(formatted(variance.squareRoot(), digits: 3)). Then the \
      good ones do not pass either.
      """)
    page.images([
      ImageGrid.Row(
        images.map { GrayImage(width: 28, height: 28, pixels: $0.1.scalars) },
        label: images.map(\.0).joined(separator: ", "))
    ])
    page.table(
      [.left("image"), .right("‖X − f‖²"), .right("‖X − f‖²/2σ², nats")],
      rows: images.map { name, image in
        [
          name, formatted(distance(image), decimals: 2),
          formatted(distance(image) / (2 * variance), decimals: 1),
        ]
      })
    page.check(
      "The broken digit is nearer than the one shifted by half a pixel.",
      .atMost(
        Quantity("broken", broken),
        Quantity("shifted by half a pixel", distance(digits.halfShifted))))

    let counts = [1, 3, 10, 30, 100, 300, 1000, 3000, 4500]
    let all = distances(digits.test.values)
    let means = counts.map { count in
      MonteCarloEstimate(nearest(all, of: count).map(Double.init)).mean
    }
    page.figure(
      "The nearest of n digits",
      description: """
        The mean over 500 digits X of the least squared distance to n others: real digits, as a \
        perfect model would draw them. It falls, but slowly.
        """,
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("‖X − nearest‖²", scale: .logarithmic),
        layers: [
          .line(.init("nearest of n", x: counts.map(Double.init), y: means)),
          .line(.init("the broken digit", x: [1, 4500], y: [broken, broken])),
        ]))
    // The line through the means at 300 and 3000, extended.
    let slope = (Double.log(means[7]) - .log(means[5])) / .log(10)
    let logCount = .log(3000) + (.log(broken) - .log(means[7])) / slope
    page.prose(
      """
      If the line goes on as it ends, it takes about \(formatted(.exp(logCount), digits: 2)) digits \
      from a perfect model to come as near to X as the broken one is.
      """)
    page.check(
      "Not one of 4,500 real digits is as near to X as the broken one.",
      .atMost(
        Quantity("broken", broken), Quantity("nearest", Double(own.scalars.min()!))))
  }

  static func decode(
    _ digits: Digits, _ options: Options, _ generator: SeededGenerator, on page: Page
  ) throws {
    page.section("2.6", "P(X) of a digit under a trained decoder")
    let (latentSize, sampleCount) = (options[latent], options[samples])
    page.prose(
      """
      Two decoders P(X|z) of black and white pixels, with 2 and with \(latentSize) latent variables, \
      each trained for ten epochs beside an encoder Q(z|X), which guesses where the z of X lie. P(X) \
      is the mean of P(X|z) over z from the prior, and just as well the mean of \
      P(X|z) P(z)/Q(z|X) over z from Q. Look at the effective sample sizes.
      """)
    page.equation(
      #"P(X) = \mathbb{E}_{z \sim P(z)} P(X|z) = \mathbb{E}_{z \sim Q(z|X)} \frac{P(X|z) P(z)}{Q(z|X)}"#
    )
    var generator = generator
    let x = Tensor.bernoulli(digits.x, using: &generator)
    var rows: [[String]] = []
    func add(_ latentSize: Int, _ method: String, _ estimate: LogMeanEstimate) {
      rows.append([
        "\(latentSize)", method, "\(estimate.count)", formatted(estimate.logMean, decimals: 3),
        formatted(estimate.standardError, decimals: 3),
        formatted(estimate.effectiveSampleSize, decimals: 1),
      ])
    }

    let small = try train(latentSize: 2, digits, options, on: page)
    let fromPrior = small.decoder.naiveLogEvidence(of: x, sampleCount: 100_000, using: &generator)
    let fromQ = small.importanceSampledLogEvidence(of: x, sampleCount: 100, using: &generator)
    let grid = small.converted().gridPosterior(of: x.converted(to: Double.self))[0]
    rows.append(["2", "quadrature", "", formatted(grid.logEvidence, decimals: 3), "", ""])
    add(2, "prior", fromPrior)
    add(2, "Q", fromQ)

    let large = try train(latentSize: latentSize, digits, options, on: page)
    var run = LogMeanEstimate(logWeights: [])
    var runs: [LogMeanEstimate] = []
    let progress = page.progress("drawing z from the prior", total: sampleCount)
    while run.count < sampleCount {
      let next = min(max(1000, run.count), 100_000, sampleCount - run.count)
      run.merge(large.decoder.naiveLogEvidence(of: x, sampleCount: next, using: &generator))
      runs.append(run)
      progress.advance(by: next)
    }
    progress.finish()
    let few = large.importanceSampledLogEvidence(of: x, sampleCount: 100, using: &generator)
    let many = large.importanceSampledLogEvidence(of: x, sampleCount: 10_000, using: &generator)
    add(latentSize, "prior", run)
    add(latentSize, "Q", few)
    add(latentSize, "Q", many)
    page.table(
      [
        .right("latents"), .left("z from"), .right("n"), .right("log P(X)"), .right("s.e."),
        .right("effective n"),
      ], rows: rows, caption: "In nats. s.e.: the standard error by the delta method.")
    page.figure(
      "\(latentSize) latent variables: the naive estimate as n grows",
      description:
        "It climbs by jumps, each a z luckier than all before, towards what Q finds at once.",
      Plot(
        x: Axis("n", scale: .logarithmic), y: Axis("log of the mean"),
        layers: [
          .line(.init("prior", x: runs.map { Double($0.count) }, y: runs.map(\.logMean))),
          .line(
            .init("Q, n = 10000", x: [1000, Double(sampleCount)], y: [many.logMean, many.logMean])),
          .points(.init("Q, n = 100", x: [1000], y: [few.logMean], errors: [few.standardError])),
        ]))
    for (name, estimate) in [("100,000 z from the prior", fromPrior), ("100 z from Q", fromQ)] {
      page.check(
        "With two latent variables, \(name) agree with quadrature.",
        .measured(
          Quantity("log of the mean", estimate.logMean),
          expected: Quantity("log P(X)", grid.logEvidence), standardError: estimate.standardError))
    }
    let divergence = Double(large.encoder(x).klDivergenceToStandardNormal().scalar)
    page.prose(
      """
      D[Q(z|X) ‖ P(z)] is \(formatted(divergence, decimals: 1)) nats for this X: about one z in \
      \(formatted(.exp(divergence), digits: 2)) from the prior lands where Q draws all of its own.
      """)
    if latentSize >= 10 {
      page.check(
        "With \(latentSize), 100 z from Q are worth more than \(sampleCount) from the prior.",
        .atMost(
          Quantity("effective n, prior", run.effectiveSampleSize),
          Quantity("effective n, Q", few.effectiveSampleSize)))
    } else {
      page.note("No check", "With so few latent variables the prior may be as good as Q.")
    }
  }

  private static func train(
    latentSize: Int, _ digits: Digits, _ options: Options, on page: Page
  ) throws -> VariationalAutoencoder<Float> {
    // tanh, so that the integrands are smooth and quadrature converges.
    var training = Training(
      Configuration(hiddenSizes: [64], latentSize: latentSize, activation: .tanh),
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
