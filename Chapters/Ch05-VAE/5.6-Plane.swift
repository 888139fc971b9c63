import Autodiff
import Claims
import Datasets
import Kernels
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// 5.6 Two latent variables: all of z on a plane, and the codes of the test examples there.
struct Plane: SectionContent {
  /// How many test examples have a nearest neighbour of their own class.
  struct Agreement {
    let count: Int
    let agreeing: Int
    /// The probability that another example, chosen at random, is of the same class.
    let byChance: Double
  }

  let lesson: Lesson
  let configuration: Configuration
  /// The centres of the cells along each axis.
  let quantiles: [Float]
  /// The cells' centres, decoded, row by row from the largest z₂ down.
  let map: Tensor<Float>
  /// μ(X) of the test examples.
  let codes: Tensor<Float>
  /// For the figure that answers; nil unless pixels are black or white.
  let touchable: TouchablePlane?
  /// Nil for examples without classes, and where no two or all are of the same class.
  let agreement: Agreement?
  let aggregate: Result<AggregatePosterior, GridError>
  /// The mean of D[Q(z|X) ‖ P(z)] over the test examples, in closed form.
  let meanDivergence: Double

  /// A small model with two latent variables.
  static func train(
    _ lesson: Lesson, epochs: Int? = nil
  ) throws -> VariationalAutoencoder<Float> {
    try trained(lesson, epochs: epochs).model
  }

  /// The same with a film of its map, of five by five pictures.
  static func trained(_ lesson: Lesson, epochs: Int? = nil) throws -> TrainedModel {
    // The kinks of a rectifier would cost the sums over grids eight digits.
    let configuration = Configuration(
      inputSize: lesson.source.train.size, hiddenSizes: [128, 64], latentSize: 2,
      output: lesson.source.output, activation: .tanh)
    let places = (0..<5).map { Float(Double.normalQuantile((Double($0) + 0.5) / 5)) }
    let z = Tensor(
      places.reversed().flatMap { z₂ in places.flatMap { z₁ in [z₁, z₂] } }, shape: [25, 2])
    return try lesson.train(
      configuration, learningRate: 0.003, epochs: epochs,
      film: Film(z, across: 5, epochs: epochs ?? lesson.epochs, lesson),
      for: "with two latent variables")
  }

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    configuration = model.configuration
    // cell: map
    let side = 7
    let quantiles = (0..<side).map {  // Φ⁻¹(1/14), Φ⁻¹(3/14), …, Φ⁻¹(13/14)
      Float(Double.normalQuantile((Double($0) + 0.5) / Double(side)))
    }
    let z = Tensor(
      quantiles.reversed().flatMap { z₂ in quantiles.flatMap { z₁ in [z₁, z₂] } },
      shape: [side * side, 2])
    let map = model.decoder.mean(of: z)
    // end
    (self.quantiles, self.map) = (quantiles, map)

    var generator = lesson.generator(section: 6)
    let x = model.observed(lesson.source.fewTest.values, using: &generator)
    codes = model.encoder(x).mean
    touchable = TouchablePlane(model, x, codes: codes, lesson)
    agreement = Self.agreement(codes, lesson.source.fewTest.classes)
    let double = model.converted()
    let Q = double.encoder(x.converted(to: Double.self))
    aggregate = Result { () throws(GridError) in try AggregatePosterior(of: Q, double) }
    meanDivergence = Q.klDivergenceToStandardNormal().mean().scalar
  }

  private static func agreement(_ codes: Tensor<Float>, _ classes: [Int]?) -> Agreement? {
    guard let classes else { return nil }
    let count = classes.count
    let pairs = Dictionary(grouping: classes) { $0 }.values
      .reduce(0) { $0 + $1.count * ($1.count - 1) }
    guard pairs > 0, pairs < count * (count - 1) else { return nil }
    // cell: neighbours
    let neighbors = nearestNeighbors(of: codes)  // the nearest other μ(X)
    let agreeing = classes.indices.count { classes[$0] == classes[neighbors[$0].index] }
    // end
    return Agreement(
      count: count, agreeing: agreeing, byChance: Double(pairs) / Double(count * (count - 1)))
  }
}

/// The codes of a whole data set: Q(z) = 1/N ∑ Q(z|Xᵢ), a mixture with one component for each example.
///
/// The divergence that training pays splits in two (Hoffman and Johnson, "ELBO surgery", NIPS
/// workshop on advances in approximate Bayesian inference, 2016):
/// 1/N ∑ D[Q(z|Xᵢ) ‖ P(z)] = I + D[Q(z) ‖ P(z)].
struct AggregatePosterior: Equatable {
  /// The mean of each latent variable.
  let mean: [Double]
  /// The variance of each latent variable: that of the means μ(X), plus the mean of the σ²(X).
  let variance: [Double]
  /// I = 1/N ∑ D[Q(z|Xᵢ) ‖ Q(z)] in nats: what a code tells about which example it is of; at most
  /// log N.
  let mutualInformation: Double
  /// D[Q(z) ‖ P(z)] in nats: how far the codes, taken together, are from the prior.
  let divergence: Double

  /// The average of a batch of distributions over the two latent variables of a model, by sums over
  /// the grid of `latentGrid(for:valuesPerPoint:)`.
  ///
  /// - Throws: `GridError` where the grid would be too fine.
  init(of Q: DiagonalNormal<Double>, _ model: VariationalAutoencoder<Double>) throws(GridError) {
    let grid = try model.latentGrid(for: Q, valuesPerPoint: Q.mean.shape[0])
    let prior = DiagonalNormal<Double>.standard
    let logDensities = Self.logDensities(of: Q)
    var (information, divergence) = (0.0, 0.0)
    // cell: aggregate
    let N = Double(Q.mean.shape[0])
    for (z, logArea) in grid.pieces {  // ∫ … dz as a sum over a grid
      let logQᵢ = logDensities(z)  // log Q(z|Xᵢ) of each z, a row, and each i
      let logQ = logQᵢ.logSumExp(axis: 1) - .log(N)  // log Q(z) = log 1/N ∑ Q(z|Xᵢ)
      let logRatios = logQᵢ - logQ.reshaped([z.shape[0], 1])
      let area = exp(logArea)
      information += ((exp(logQᵢ) * logRatios).sum(axis: 1) * area).sum().scalar
      divergence += (exp(logQ) * (logQ - prior.logProbability(of: z)) * area).sum().scalar
    }
    mutualInformation = information / N  // I
    // end
    self.divergence = divergence
    let center = Q.mean.mean(axis: 0)
    mean = center.scalars
    variance = ((Q.mean - center).squared + exp(Q.logVariance)).mean(axis: 0).scalars
  }

  /// log Q(z|Xᵢ) for all z and i as products of matrices: ∑ (z − μ)²/σ², multiplied out.
  private static func logDensities(
    of Q: DiagonalNormal<Double>
  ) -> (Tensor<Double>) -> Tensor<Double> {
    let precision = exp(-Q.logVariance)
    let squares = precision.transposed()
    let products = (Q.mean * precision).transposed()
    let constants = (Q.mean.squared * precision + Q.logVariance + logTwoPi).sum(axis: 1)
    return { z in -0.5 * (matmul(z.squared, squares) - 2 * matmul(z, products) + constants) }
  }
}

extension Plane {
  func show(on page: Page) {
    let size = formatted(configuration.inputSize)
    page.lead(
      """
      With two latent variables all of z can be shown. Here is what the decoder of a small model, \
      \(size)–128–64–2–64–128–\(size), makes of each region of the plane.
      """)
    if lesson.source.fewTrain.count < lesson.source.train.count {
      page.note(
        "Fewer images",
        """
        Like the other small models, this one learns from \
        \(formatted(lesson.source.fewTrain.count)) of the \(formatted(lesson.source.train.count)) training \
        images, chosen at random.
        """)
    }
    page.code("map")
    showMap(on: page)

    page.lead("Where does the encoder put the test examples? Do those of one class lie together?")
    showCodes(on: page)
    if let touchable {
      page.interactive(
        "plane", "Drag z, or draw",
        description: """
          Drag the point z, and the decoder redraws its picture. X is a test image (click on a code to take it) or \
          whatever you draw in its square: the encoder puts Q(z|X) on the plane, with rings at one and two standard \
          deviations, and the shade is the true posterior. To keep the page small, the weights are rounded to 6 bits, \
          which costs \(touchable.cost.text(decimals: 3)) nats of the bound.
          """, data: touchable)
    }
    if agreement != nil { page.code("neighbours") }
    showAgreement(on: page)

    page.lead(
      """
      Q(z), the average of Q(z|X) over the test examples, should look like the prior: that is where \
      samples get their z from.
      """)
    page.equation(
      #"\frac{1}{N} \sum_{i=1}^{N} D[Q(z|X_i) \| P(z)] = I + D[Q(z) \| P(z)], \quad I \le \log N"#)
    page.code("aggregate")
    showAggregate(on: page)
  }

  private func showMap(on page: Page) {
    let source = lesson.source
    guard source.kind != .points else {
      page.figure(
        "The decoder’s map",
        description: "The centres of the cells, decoded, among the test points.",
        Plot(
          x: Axis("x₁"), y: Axis("x₂"), hasEqualAspect: true,
          layers: [
            source.points("test points", source.fewTest.values), source.points("decoded", map),
          ]))
      return
    }
    let pictures = source.pictures(map, cropped: true)
    let places = quantiles.map { formatted(Double($0), decimals: 2) }
    page.images(
      places.indices.map { row in
        let first = row * places.count
        return ImageGrid.Row(
          Array(pictures[first..<first + places.count]),
          label: "z₂ = \(places.reversed()[row])")
      },
      columns: places.enumerated().map { $0 == 0 ? "z₁ = \($1)" : $1 },
      caption: """
        The decoder’s expected pixels over the plane of z, with z₁ = \
        \(places.joined(separator: ", ")) from left to right. Neighbouring images are alike.
        """)
  }

  private func showCodes(on page: Page) {
    let source = lesson.source
    let reach = reach(of: codes, usually: 4)
    func panel(_ layers: [Plot.Layer]) -> Plot {
      Plot(
        x: Axis("z₁", range: -reach...reach), y: Axis("z₂", range: -reach...reach),
        hasEqualAspect: true, layers: layers)
    }
    let title = "Where the encoder puts the test examples"
    let what = "The means μ(X) of \(source.fewTestInWords)"
    guard let classes = source.fewTest.classes else {
      page.figure(
        title, description: what + ".", panel([source.points("", codes, meaning: .q)]))
      return
    }
    let shown = source.classes.prefix(10)
    let layers = shown.map { label in
      source.points(
        source.name(ofClass: label), codes.rows(classes.indices.filter { classes[$0] == label }))
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

  private func showAgreement(on page: Page) {
    // Data without labels are said to be so in 5.1.
    guard let classes = lesson.source.fewTest.classes else { return }
    guard let agreement else {
      page.note(
        "Left out",
        """
        Whether neighbours in the plane are of the same class is not asked: of the \
        \(lesson.source.fewTestInWords), \(Set(classes).count > 1 ? "no two are" : "all are").
        """)
      return
    }
    let chance = agreement.byChance
    lesson.claim(
      "The nearest neighbour in the plane is of the same class more often than by chance.",
      .greater(
        Quantity(
          "the share of \(agreement.count) examples",
          Double(agreement.agreeing) / Double(agreement.count)),
        than: Quantity("the share by chance", chance),
        standardError: (chance * (1 - chance) / Double(agreement.count)).squareRoot()),
      on: page)
  }

  private func showAggregate(on page: Page) {
    let aggregate: AggregatePosterior
    do {
      aggregate = try self.aggregate.get()
    } catch {
      page.note("Not in this run", "\(error).")
      return
    }
    page.table(
      [.left("Q(z)"), .right("mean"), .right("variance")],
      rows: (0..<2).map { index in
        ["z" + ["₁", "₂"][index]]
          + cells(aggregate.mean[index], aggregate.variance[index], decimals: 3)
      } + [["the prior"] + cells(0, 1, decimals: 3)])
    let count = codes.shape[0]
    page.prose(
      """
      I = \(formatted(aggregate.mutualInformation, decimals: 3)) nats, of at most \
      log \(count) = \(formatted(.log(Double(count)), decimals: 3)); D[Q(z) ‖ P(z)] = \
      \(formatted(aggregate.divergence, decimals: 3)) nats.
      """)
    page.check(
      "The two parts, computed by sums over a grid, add up to the mean divergence in closed form.",
      .equal(
        Quantity("I + D[Q(z)‖P(z)]", aggregate.mutualInformation + aggregate.divergence),
        Quantity("mean of D[Q(z|X)‖P(z)]", meanDivergence), tolerance: 1e-10))
  }
}
