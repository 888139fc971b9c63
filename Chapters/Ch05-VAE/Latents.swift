import Autodiff
import Datasets
import Kernels
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

extension VAE {
  /// - Returns: The small model with two latent variables, for the sections after.
  static func layOut(_ lesson: Lesson, on page: Page) throws -> VariationalAutoencoder<Float> {
    page.section("5.6", "Two latent variables: all of them on a plane")
    let source = lesson.source
    // A ReLU's kinks would cost the sums over grids eight digits.
    let configuration = Configuration(
      inputSize: source.train.size, hiddenSizes: [128, 64], latentSize: 2, output: source.output,
      activation: .tanh)
    let model = try lesson.train(
      configuration, learningRate: 0.003, for: "with two latent variables", on: page
    ).model
    let fewTrain =
      source.fewTrain.count < source.train.count
      ? " Like the other small models, it learns from \(source.fewTrain.count) of the "
        + "\(source.train.count) training images, chosen at random." : ""
    page.prose(
      """
      A small model with two latent variables, \(configuration.inputSize)–128–64–2–64–128–\
      \(configuration.inputSize), can be shown whole.\(fewTrain) The prior gives each of the 7 × 7 cells \
      between its quantiles the same probability, and below is what the decoder makes of the cells' \
      centres, z₁ = Φ⁻¹(1/14), Φ⁻¹(3/14), …, Φ⁻¹(13/14) from left to right and z₂ upwards: a map of \
      all that the model can say.
      """)
    showManifold(of: model, source, on: page)
    var generator = lesson.generator(section: 6)
    let x = model.observed(source.fewTest.values, using: &generator)
    let means = model.encoder(x).mean
    showPlane(means, source, on: page)
    compareNeighbors(means, lesson, on: page)
    splitDivergence(of: model.converted(), x.converted(to: Double.self), on: page)
    return model
  }

  private static func showManifold(
    of model: VariationalAutoencoder<Float>, _ source: Source, on page: Page
  ) {
    let side = 7
    let quantiles = (0..<side).map {
      Float(Double.normalQuantile((Double($0) + 0.5) / Double(side)))
    }
    let z = Tensor(
      quantiles.reversed().flatMap { z₂ in quantiles.flatMap { z₁ in [z₁, z₂] } },
      shape: [side * side, 2])
    let means = model.decoder.mean(of: z)
    guard source.kind != .points else {
      page.figure(
        "The decoder's map", description: "The cells' centres, decoded, among the test points.",
        Plot(
          x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
          layers: [
            source.points("test points", source.fewTest.values), source.points("decoded", means),
          ]))
      return
    }
    let pictures = source.pictures(means, cropped: true)
    page.images(
      (0..<side).map { ImageGrid.Row(Array(pictures[$0 * side..<($0 + 1) * side])) },
      caption: source.classes.count > 1
        ? "Neighbours are alike, and every class has its region, or has to share one."
        : "Neighbours are alike.")
  }

  /// `means` are those of Q(z|X) for the small models' test examples.
  private static func showPlane(_ means: Tensor<Float>, _ source: Source, on page: Page) {
    let reach = reach(of: means, usually: 4)
    func panel(_ layers: [Plot.Layer]) -> Plot {
      Plot(
        x: Axis("z₁", range: -reach...reach), y: Axis("z₂", range: -reach...reach),
        hasEqualAspect: true, layers: layers)
    }
    let title = "Where the encoder puts the test examples"
    let what = "The means μ(X) of \(source.fewTestInWords)"
    guard let classes = source.fewTest.classes else {
      page.figure(title, description: what + ".", panel([source.points("", means)]))
      return
    }
    let shown = source.classes.prefix(10)
    let layers = shown.map { label in
      source.points(
        source.name(ofClass: label), means.rows(classes.indices.filter { classes[$0] == label }))
    }
    let which =
      switch source.kind {
      case .digits: ": the digits 0 to 4, and 5 to 9"
      case .points: ": the eighths of the ring"
      case .images where shown.count < source.classes.count:
        ": the first \(shown.count) of \(source.classes.count)"
      case .images: ""
      }
    let description = "\(what), by class\(which). No class was ever shown to the model."
    // More than a few marks cannot be told apart in one plot.
    if layers.count > 5 {
      page.figure(
        title, description: description, panel([Plot.Layer](layers.prefix(5))),
        panel([Plot.Layer](layers.dropFirst(5))))
    } else {
      page.figure(title, description: description, panel(layers))
    }
  }

  /// How far a plot of the first two latent variables should reach: as usual, unless that would cut
  /// off more than one code in a hundred.
  static func reach(of codes: Tensor<Float>, usually usual: Double) -> Double {
    let distances = zip(codes.column(0), codes.column(1)).map { max(abs($0), abs($1)) }
    let cutOff = distances.count { $0 > usual }
    return 100 * cutOff > distances.count ? distances.max()!.rounded(.up) : usual
  }

  /// Whether neighbours in the plane are of one class.
  private static func compareNeighbors(
    _ means: Tensor<Float>, _ lesson: Lesson, on page: Page
  ) {
    // Data without labels are said to be so in 5.1.
    guard let classes = lesson.source.fewTest.classes else { return }
    let count = classes.count
    // The probability that another example, chosen blindly, has the same class.
    let pairs = Dictionary(grouping: classes) { $0 }.values
      .reduce(0) { $0 + $1.count * ($1.count - 1) }
    guard pairs > 0, pairs < count * (count - 1) else {
      page.prose(
        """
        Whether neighbours in the plane are of one class is not asked: among \
        \(lesson.source.fewTestInWords), \(pairs == 0 ? "no two are" : "all are").
        """)
      return
    }
    let agreements = nearestNeighbors(of: means).enumerated().count {
      classes[$0.offset] == classes[$0.element.index]
    }
    let chance = Double(pairs) / Double(count * (count - 1))
    let margin = 4 * (chance * (1 - chance) / Double(count)).squareRoot()
    lesson.claim(
      "The nearest neighbour in the plane is of the same class, far more often than by chance.",
      Quantity("chance + 4 standard errors", chance + margin),
      atMost: Quantity("share of the \(count)", Double(agreements) / Double(count)), on: page)
  }

  /// The divergence that is paid, as what codes tell and what they miss the prior by.
  private static func splitDivergence(
    of model: VariationalAutoencoder<Double>, _ x: Tensor<Double>, on page: Page
  ) {
    page.prose(
      """
      Q(z), the average of Q(z|X) over the test examples, should look like the prior: that is where \
      5.5 draws z from. The divergence that the bound charges splits into I, what z tells about \
      which example it is of, and D[Q(z) ‖ P(z)], what the codes all together miss the prior by:
      """)
    page.equation(
      #"\frac{1}{N} \sum_{i=1}^{N} D[Q(z|X_i) \| P(z)] = I + D[Q(z) \| P(z)], \quad I \le \log N"#)
    do {
      let aggregate = try model.aggregatePosterior(of: x)
      page.table(
        [.left("Q(z)"), .right("mean"), .right("variance")],
        rows: (0..<2).map { index in
          [
            index == 0 ? "z₁" : "z₂", formatted(aggregate.mean[index], decimals: 3),
            formatted(aggregate.variance[index], decimals: 3),
          ]
        } + [["the prior", "0.000", "1.000"]])
      let (information, gap) = (aggregate.mutualInformation, aggregate.divergence)
      page.prose(
        """
        I = \(formatted(information, decimals: 3)) nats, of at most log \(x.shape[0]) = \
        \(formatted(.log(Double(x.shape[0])), decimals: 3)); D[Q(z) ‖ P(z)] = \
        \(formatted(gap, decimals: 3)) nats.
        """)
      page.check(
        "The two parts, by sums over a grid, are the divergence in closed form.",
        .equal(
          Quantity("I + D[Q(z)‖P(z)]", information + gap),
          Quantity(
            "mean of D[Q(z|X)‖P(z)]",
            model.encoder(x).klDivergenceToStandardNormal().mean().scalar), tolerance: 1e-10))
    } catch {
      page.note("Not in this run", "\(error).")
    }
  }

  /// - Returns: The second VAE, which judges the ways, for 5.10.
  static func interpolate(
    _ model: VariationalAutoencoder<Float>, _ lesson: Lesson, on page: Page
  ) throws -> VariationalAutoencoder<Float> {
    page.section("5.7", "Between two examples")
    let source = lesson.source
    let judge = try lesson.train(
      lesson.configuration(source.output), for: "a second VAE", on: page
    ).model
    var generator = lesson.generator(section: 7)
    let x = model.observed(source.fewTest.values, using: &generator)
    let codes = model.encoder(x).mean
    guard x.shape[0] > 1 else {
      page.prose("There is one test image, and so no other to go to.")
      return judge
    }
    // The first example and the first of another class, or, for want of classes, the second.
    let otherClass = source.fewTest.classes.flatMap { classes in
      classes.firstIndex { $0 != classes[0] }
    }
    let ends = [0, otherClass ?? 1]
    let places: [Float] = [0, 0.25, 0.5, 0.75, 1]
    func line(_ from: Tensor<Float>, _ to: Tensor<Float>, _ t: Float) -> Tensor<Float> {
      from * Tensor(1 - t) + to * Tensor(t)
    }
    func path(_ values: Tensor<Float>) -> Tensor<Float> {
      .concatenated(places.map { line(values.rows([ends[0]]), values.rows([ends[1]]), $0) })
    }
    let throughLatents = model.decoder.mean(of: path(codes))
    let throughPixels = path(x)
    guard source.kind != .points else {
      page.prose(
        """
        From one point to another: a straight line between their codes, decoded, and a straight line \
        in the plane. With so many latent variables the model may keep the plane's own geometry, and \
        then cut across the ring as well: straight lines between codes are no promise.
        """)
      page.figure(
        "Two ways", description: "Five steps each way, among the test points.",
        Plot(
          x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
          layers: [
            source.points("test points", source.fewTest.values),
            source.points("line between codes", throughLatents),
            source.points("line between points", throughPixels),
          ]))
      return judge
    }
    page.prose(
      """
      From one test image to another\(otherClass == nil ? "" : " of another class"): the straight line from code to code, \
      (1 − t) μ(X) + t μ(X′), decoded, and the straight line from image to image, (1 − t) X + t X′. \
      On the way one becomes the other, or fades into it.
      """)
    page.images(
      [
        ImageGrid.Row(
          source.pictures(throughLatents), label: "between codes, t = 0, 0.25, 0.5, 0.75, 1"),
        ImageGrid.Row(source.pictures(throughPixels), label: "between pixels"),
      ])
    // Both ways are seen as all data are, and judged by the second model, which made neither.
    let ways: [(Float) -> Tensor<Float>] = [
      { model.decoder.mean(of: line(codes, codes.rotated(), $0)) }, { line(x, x.rotated(), $0) },
    ]
    let judged = ways.map { way in
      places.map { t in
        judge.importanceWeightedBound(
          of: judge.observed(way(t), using: &generator), sampleCount: 10, using: &generator)
      }
    }
    let t = places.map(Double.init)
    let layers = zip(["between codes", "between pixels"], judged).map { label, way in
      let estimates = way.map { MonteCarloEstimate($0) }
      return Plot.Layer.line(
        .init(label, x: t, y: estimates.map(\.mean), errors: estimates.map(\.standardError)))
    }
    page.figure(
      "How likely are the pictures on the way?",
      description: """
        L₁₀ of 5.8 on the ways from each of \(x.shape[0]) test images to the next, with standard \
        errors, under a second VAE, \(x.shape[1])–128–10–128–\(x.shape[1]), which made none of the \
        pictures.\(source.kind == .digits ? " Half of one digit upon half of another is no digit." : "")
        """,
      Plot(x: Axis("t"), y: Axis("nats an image"), layers: layers))
    lesson.claim(
      "Half way, a picture between codes is likelier than one between pixels.", "mean gain",
      above: MonteCarloEstimate(zip(judged[0][2], judged[1][2]).map { $0 - $1 }), on: page)
    return judge
  }
}
