import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// P(X|z) = N(f(z), σ²(z)): one network gives the mean of each pixel and log σ², and σ has a floor.
struct DeviationDecoder: Parameterized, LatentVariableModel {
  var hidden: Dense<Float>
  var mean: Dense<Float>
  /// One output for each pixel, or one for the whole image.
  var spread: Dense<Float>
  /// σ₀, which σ stays above.
  let floor: Double

  init(
    _ configuration: Configuration, spreads: Int, floor: Double,
    using generator: inout SeededGenerator
  ) {
    let width = configuration.hiddenSizes[0]
    hidden = Dense(
      inputSize: configuration.latentSize, outputSize: width, activation: .relu, using: &generator)
    mean = Dense(inputSize: width, outputSize: configuration.inputSize, using: &generator)
    spread = Dense(inputSize: width, outputSize: spreads, using: &generator)
    self.floor = floor
    // σ begins at e⁻², as that of the library's Gaussian decoder does: softplus(bias) = −4 − log σ₀².
    let start = -4 - 2 * Double.log(floor)
    spread.bias = Tensor(repeating: Float(.log(.exp(start) - 1)), shape: [spreads])
  }

  var latentSize: Int { hidden.inputSize }

  /// σ₀ as a reader sees it.
  var floorText: String { formatted(floor, decimals: 2) }

  // cell: deviation
  /// f(z) and log σ²(z), from one hidden layer. A softplus is positive, so σ stays above σ₀.
  func callAsFunction(_ z: Tensor<Float>) -> (f: Tensor<Float>, logσ²: Tensor<Float>) {
    let h = hidden(z)
    let logσ₀² = Float(2 * .log(floor))
    return (f: mean(h), logσ²: logσ₀² + softplus(spread(h)))
  }

  /// log N(X; f(z), σ²(z)), with a σ for each pixel, or one for the image.
  func logProbability(of x: Tensor<Float>, given z: Tensor<Float>) -> Tensor<Float> {
    let (f, logσ²) = self(z)
    return -0.5 * ((x - f).squared * exp(-logσ²) + (logσ² + Float(logTwoPi))).sum(axis: 1)
  }
  // end

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Float>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("mean", &mean)
    visitor.visit("spread", &spread)
  }
}

/// The Gaussian models of this section, trained for the density of the grey values.
struct GaussianModels {
  let one: SmallModel<Decoder<Float>>
  let image: SmallModel<DeviationDecoder>
  /// One σ for each pixel, with ever smaller floors.
  let pixel: [SmallModel<DeviationDecoder>]

  static let floors = [0.1, 0.03, 0.01]

  init(_ course: Course) {
    let configuration = course.configuration
    func trained(_ spreads: Int, _ floor: Double, _ purpose: String) -> SmallModel<DeviationDecoder>
    {
      course.trained(on: course.train, for: purpose) {
        DeviationDecoder(configuration, spreads: spreads, floor: floor, using: &$0)
      }
    }
    one = course.trained(on: course.train, for: "with one σ") {
      Decoder<Float>(configuration, using: &$0)
    }
    image = trained(1, Self.floors[0], "with a σ of z")
    pixel = Self.floors.map {
      trained(configuration.inputSize, $0, "with σ > \(formatted($0, decimals: 2))")
    }
  }
}

/// Which σ a Gaussian decoder should have: one for everything, for an image, or for a pixel; and how
/// small it may become.
struct Deviations {
  /// A model after training.
  struct Trained {
    let name: String
    /// The bound of each test example.
    let bounds: [Double]
    /// The mean bound of the training examples.
    let trainBound: Double
  }

  /// A model whose σ stays above a floor.
  struct Floor {
    let floor: Double
    let trained: Trained
    /// How much of the mean log P(X|z) in training comes from the pixels that are constant.
    let constantPart: Double
    /// The most that they can add.
    let constantLimit: Double
  }

  let lesson: Lesson
  /// One σ, one for each image, one for each pixel.
  let kinds: [Trained]
  /// One σ for each pixel, with ever smaller floors.
  let floors: [Floor]
  /// The number of pixels that are the same in all training examples.
  let constantCount: Int

  init(_ models: GaussianModels, _ course: Course) {
    lesson = course.lesson
    let x = course.train
    // cell: constant
    let range = x.maximum(axis: 0) + (-x).maximum(axis: 0)  // the largest value less the smallest
    let isConstant = range.scalars.map { $0 == 0 }  // of each pixel, in all training examples
    let count = isConstant.count { $0 }
    // log N(x; x, σ₀²) of one such pixel, whose mean is x and whose σ is σ₀: no bound to it.
    let limits = models.pixel.map { Double(count) * -(.log($0.decoder.floor) + 0.5 * logTwoPi) }
    // end
    constantCount = count
    let mask = Tensor<Float>(isConstant.map { $0 ? 1 : 0 })
    floors = zip(models.pixel, limits).map { model, limit in
      let decoder = model.decoder
      let part = model.evaluate(on: x, using: course.testNoise) { rows, _, z in
        let (f, logσ²) = decoder(z)
        let squares = (x.rows(rows) - f).squared * exp(-logσ²)
        return (-0.5 * (squares + (logσ² + Float(logTwoPi))) * mask).sum(axis: 1)
      }
      return Floor(
        floor: decoder.floor,
        trained: Self.trained(decoder.floorText, model, course),
        constantPart: MonteCarloEstimate(part).mean, constantLimit: limit)
    }
    let isPoint = lesson.source.kind == .points
    let pixel = floors[0].trained
    kinds = [
      Self.trained("one for everything", models.one, course),
      Self.trained("one for each \(isPoint ? "point" : "image")", models.image, course),
      Trained(
        name: "one for each \(isPoint ? "coordinate" : "pixel")", bounds: pixel.bounds,
        trainBound: pixel.trainBound),
    ]
  }

  private static func trained<D>(
    _ name: String, _ model: SmallModel<D>, _ course: Course
  ) -> Trained {
    func bounds(_ x: Tensor<Float>) -> [Double] {
      model.evaluate(on: x, using: course.testNoise) { rows, Q, z in
        model.decoder.logProbability(of: x.rows(rows), given: z)
          - Q.klDivergenceToStandardNormal()
      }
    }
    return Trained(
      name: name, bounds: bounds(course.test),
      trainBound: MonteCarloEstimate(bounds(course.train)).mean)
  }

  func showDecoder(on page: Page) { page.code("deviation") }

  func showBounds(on page: Page) {
    let floor = formatted(floors[0].floor, decimals: 1)
    page.table(
      [.left("σ"), .right("train bound"), .right("test bound"), .right("gain")],
      rows: kinds.map {
        [
          $0.name, formatted($0.trainBound, decimals: 2),
          MonteCarloEstimate($0.bounds).text(decimals: 2),
          $0.name == kinds[0].name ? "" : $0.gain(over: kinds[0]).text(decimals: 2),
        ]
      },
      caption: """
        Nats per example: log densities, as in 5.9. A σ that is computed from z stays above \(floor). The \
        gain is over one σ, on the same test examples.
        """)
    lesson.claim(
      "A σ computed from z, \(kinds[2].name), gains over one for everything.",
      .positive("mean gain", kinds[2].gain(over: kinds[0])), on: page)
  }

  func showFloors(on page: Page) {
    page.code("constant")
    let elements = lesson.source.elements
    page.table(
      [
        .right("σ₀"), .right("train bound"), .right("test bound"),
        .right("from constant \(elements)"),
        .right("their limit"),
      ],
      rows: floors.map {
        [
          $0.trained.name, formatted($0.trained.trainBound, decimals: 2),
          MonteCarloEstimate($0.trained.bounds).text(decimals: 2),
        ] + cells($0.constantPart, $0.constantLimit, decimals: 2)
      },
      caption: """
        Nats per example. \(formatted(constantCount)) of \(formatted(lesson.source.train.size)) \(elements) \
        have the same value in all training examples.
        """)
    if constantCount > 0 {
      page.check(
        "At every floor, the constant \(elements) add no more than their limit.",
        .atMost(
          Quantity(
            "their part less the limit", floors.map { $0.constantPart - $0.constantLimit }.max()!),
          Quantity("zero", 0)))
    }
    for (large, small) in zip(floors, floors.dropFirst()) {
      lesson.claim(
        "A floor of \(small.trained.name) in place of \(large.trained.name) raises the test bound.",
        .positive("mean gain", small.trained.gain(over: large.trained)), on: page)
    }
  }
}

extension Deviations.Trained {
  /// How much higher the bound is than another model's, on the same test examples.
  func gain(over other: Deviations.Trained) -> MonteCarloEstimate {
    MonteCarloEstimate(zip(bounds, other.bounds).map { $0 - $1 })
  }
}
