import Autodiff
import Kernels
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
    page.prose(
      """
      A small model with two latent variables, \(configuration.inputSize)–128–64–2–64–128–\
      \(configuration.inputSize), can be shown whole. The prior gives each of the 7 × 7 cells \
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
    guard let rows = source.rows else {
      page.figure(
        "The decoder's map", description: "The cells' centres, decoded, among the test points.",
        Plot(
          x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
          layers: [
            source.points("test points", source.fewTest.values), source.points("decoded", means),
          ]))
      return
    }
    // The border of a digit is black.
    let pictures = source.pictures(means, margin: min(rows, means.shape[1] / rows) / 7)
    page.images(
      (0..<side).map { ImageGrid.Row(Array(pictures[$0 * side..<($0 + 1) * side])) },
      caption: "Neighbours are alike, and every class has its region, or has to share one.")
  }

  private static func showPlane(_ means: Tensor<Float>, _ source: Source, on page: Page) {
    let panels = [0..<5, 5..<10].map { classes in
      Plot(
        x: Axis("z₁", range: -4...4), y: Axis("z₂", range: -4...4), hasEqualAspect: true,
        layers: classes.compactMap { label in
          let rows = means.rows(
            source.testClasses.indices.filter { source.testClasses[$0] == label })
          return rows.count == 0 ? nil : source.points("\(label)", rows)
        })
    }
    page.figure(
      "Where the encoder puts the test examples",
      description: """
        The means μ(X) of \(means.shape[0]) test examples, by class: \
        \(source.rows == nil ? "the eighths of the ring" : "the digits 0 to 4, and 5 to 9"). No \
        class was ever shown to the model.
        """,
      panels[0], panels[1])
  }

  /// Whether neighbours in the plane are of one class.
  private static func compareNeighbors(
    _ means: Tensor<Float>, _ lesson: Lesson, on page: Page
  ) {
    let classes = lesson.source.testClasses
    let count = means.shape[0]
    guard count > 1 else { return }
    let agreements = nearestNeighbors(of: means).enumerated().count {
      classes[$0.offset] == classes[$0.element.index]
    }
    // The probability that another example, chosen blindly, has the same class.
    let pairs = Dictionary(grouping: classes.prefix(count)) { $0 }.values
      .reduce(0) { $0 + $1.count * ($1.count - 1) }
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
    // The first example and the first of another class.
    let other = source.testClasses.firstIndex { $0 != source.testClasses[0] } ?? 0
    let ends = [0, other < x.shape[0] ? other : 0]
    let places: [Float] = [0, 0.25, 0.5, 0.75, 1]
    func line(_ from: Tensor<Float>, _ to: Tensor<Float>, _ t: Float) -> Tensor<Float> {
      from * Tensor(1 - t) + to * Tensor(t)
    }
    func path(_ values: Tensor<Float>) -> Tensor<Float> {
      .concatenated(places.map { line(values.rows([ends[0]]), values.rows([ends[1]]), $0) })
    }
    let throughLatents = model.decoder.mean(of: path(codes))
    let throughPixels = path(x)
    guard source.rows != nil else {
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
      From one test image to another of another class: the straight line from code to code, \
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
    let judged = [
      places.map { model.decoder.mean(of: line(codes, codes.rotated(), $0)) },
      places.map { line(x, x.rotated(), $0) },
    ].map { way in
      way.map { images in
        judge.importanceWeightedBound(
          of: judge.observed(images, using: &generator), sampleCount: 10, using: &generator)
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
        pictures. Half of one digit upon half of another is no digit.
        """,
      Plot(x: Axis("t"), y: Axis("nats an image"), layers: layers))
    lesson.claim(
      "Half way, a picture between codes is likelier than one between pixels.", "mean gain",
      above: MonteCarloEstimate(zip(judged[0][2], judged[1][2]).map { $0 - $1 }), on: page)
    return judge
  }
}
