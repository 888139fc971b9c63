import Autodiff
import Claims
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// 5.12 What the layers know: how well a linear probe reads the class off each layer, and what the
/// decoder's hidden units draw.
struct Layers: SectionContent {
  /// How often probes of one layer name the class of a test example, and how often before training.
  struct Reading {
    let layer: String
    let size: Int
    /// Whether the probe is right, 1 or 0, for each test example.
    let untrained: [Double]
    /// The same of an untrained decoder, given the trained encoder's z; nil of what comes before z.
    var untrainedDecoder: [Double]?
    let trained: [Double]

    /// What training gains, example by example.
    var gain: MonteCarloEstimate { MonteCarloEstimate(zip(trained, untrained).map { $0 - $1 }) }
  }

  let lesson: Lesson
  /// How many training examples the probes learn from.
  let trainCount: Int
  /// From the pixels on; nil where there are not several classes.
  let readings: [Reading]?
  /// Which of them is that of μ(X).
  let codeIndex: Int
  /// The share of the most frequent class among the test examples.
  let mostFrequent: Double
  /// The hidden units of the decoder, after training and before; nil of points.
  let units: (trained: DecoderUnits, untrained: DecoderUnits)?

  init(_ model: VariationalAutoencoder<Float>, _ lesson: Lesson) {
    self.lesson = lesson
    let source = lesson.source
    codeIndex = model.configuration.hiddenSizes.count + 1
    var generator = lesson.generator(section: 12)
    let untrained = VariationalAutoencoder<Float>(model.configuration, using: &generator)
    let (train, test) = (source.boundedTrain, source.fewTest)
    trainCount = train.count
    let trainX = model.observed(train.values, using: &generator)
    let testX = model.observed(test.values, using: &generator)
    if let trainClasses = train.classes, let testClasses = test.classes,
      Set(trainClasses).count > 1
    {
      let counts = Dictionary(grouping: testClasses) { $0 }.values.map(\.count)
      mostFrequent = Double(counts.max()!) / Double(testClasses.count)
      readings = Self.readings(
        model, untrained, trainX, testX, ProbeClasses(train: trainClasses, test: testClasses),
        source, using: &generator)
    } else {
      (mostFrequent, readings) = (0, nil)
    }
    let z = Tensor<Float>.normal([500, model.decoder.latentSize], using: &generator)
    units = source.columns.map { columns in
      (
        DecoderUnits(model.decoder, at: z, columns: columns),
        DecoderUnits(untrained.decoder, at: z, columns: columns)
      )
    }
  }

  // cell: layers
  /// What each layer says of x, from the pixels to what the decoder says of each pixel.
  static func activations(
    _ encoder: Encoder<Float>, _ decoder: Decoder<Float>,
    _ x: Tensor<Float>, noise ε: Tensor<Float>
  ) -> [Tensor<Float>] {
    var layers = [x]
    for layer in encoder.hidden.layers { layers.append(layer(layers.last!)) }
    let Q = encoder(x)
    let z = Q.sample(noise: ε)
    layers += [Q.mean, z]
    for layer in decoder.hidden.layers { layers.append(layer(layers.last!)) }
    layers.append(decoder.output(layers.last!))
    return layers
  }
  // end

  private static func readings(
    _ model: VariationalAutoencoder<Float>, _ untrained: VariationalAutoencoder<Float>,
    _ train: Tensor<Float>, _ test: Tensor<Float>, _ classes: ProbeClasses, _ source: Source,
    using generator: inout SeededGenerator
  ) -> [Reading] {
    let latentSize = model.decoder.latentSize
    let trainNoise = Tensor<Float>.normal([train.shape[0], latentSize], using: &generator)
    let testNoise = Tensor<Float>.normal([test.shape[0], latentSize], using: &generator)
    /// What probes name right, layer by layer, behind the layers that are known already.
    func rightAnswers(
      _ encoder: Encoder<Float>, _ decoder: Decoder<Float>, after known: [[Double]]
    ) -> [[Double]] {
      let layers = zip(
        activations(encoder, decoder, train, noise: trainNoise),
        activations(encoder, decoder, test, noise: testNoise))
      return known
        + layers.dropFirst(known.count).map { train, test in
          let (mean, scale) = standardization(of: train)
          let probe = classes.probe((train - mean) * scale, using: &generator)
          return classes.rightAnswers(of: probe, (test - mean) * scale)
        }
    }
    let trained = rightAnswers(model.encoder, model.decoder, after: [])
    let before = rightAnswers(untrained.encoder, untrained.decoder, after: [trained[0]])
    let hiddenSizes = model.configuration.hiddenSizes
    // The pixels, the encoder's hidden layers, μ(X) and z.
    let shared = hiddenSizes.count + 3
    let untrainedDecoder = rightAnswers(
      model.encoder, untrained.decoder, after: Array(trained.prefix(shared)))
    let size = model.configuration.inputSize
    let sizes =
      [size] + hiddenSizes + [latentSize, latentSize] + hiddenSizes.reversed() + [size]
    return zip(layerNames(hiddenSizes.count, source), sizes).enumerated().map { layer, named in
      Reading(
        layer: named.0, size: named.1, untrained: before[layer],
        untrainedDecoder: layer < shared ? nil : untrainedDecoder[layer], trained: trained[layer])
    }
  }

  /// What to take from features, and what to multiply them by, so that they lie around 0 with a variance
  /// of 1 on average: one step size then suits all layers.
  private static func standardization(
    of features: Tensor<Float>
  ) -> (mean: Tensor<Float>, scale: Tensor<Float>) {
    let mean = features.mean(axis: 0)
    let variance = (features - mean).squared.mean().scalar
    return (mean, Tensor(variance > 0 ? 1 / variance.squareRoot() : 1))
  }

  private static func layerNames(_ hiddenCount: Int, _ source: Source) -> [String] {
    func hidden(_ name: String) -> [String] {
      (1...hiddenCount).map { hiddenCount == 1 ? "\(name), hidden" : "\(name), hidden \($0)" }
    }
    return ["the \(source.elements)"] + hidden("encoder") + ["μ(X)", "z, drawn from Q(z|X)"]
      + hidden("decoder") + ["decoder, \(source.output == .bernoulli ? "logits" : "means")"]
  }
}

extension Layers {
  func show(on page: Page) {
    page.lead(
      """
      A linear probe learns to read the class off one layer. Which layers know it, and did they know it \
      before training?
      """)
    page.code("layers")
    ProbeClasses.showCode(on: page)
    showReadings(on: page)
    guard let units else { return }
    page.lead("What the units of the decoder’s last hidden layer add to the picture.")
    DecoderUnits.showCode(on: page)
    show(units, on: page)
  }

  private func showReadings(on page: Page) {
    guard let readings else {
      page.note(
        "Left out",
        "The probes have nothing to read: no classes are known here, or all examples are of one.")
      return
    }
    func percent(_ right: [Double]) -> String {
      formatted(100 * MonteCarloEstimate(right).mean, decimals: 1)
    }
    page.table(
      [
        .left("layer"), .right("numbers"), .right("untrained"), .right("untrained decoder"),
        .right("trained"),
      ],
      rows: readings.map {
        [
          $0.layer, formatted($0.size), percent($0.untrained),
          $0.untrainedDecoder.map(percent) ?? "", percent($0.trained),
        ]
      },
      caption: """
        How many of \(lesson.source.fewTestInWords) a probe names correctly, in per cent; the most frequent \
        class makes up \(formatted(100 * mostFrequent, decimals: 1)). Each probe learned from \
        \(formatted(trainCount)) training examples. The untrained decoder is given the trained encoder’s z.
        """)
    let (code, last) = (readings[codeIndex], readings.last!)
    lesson.claim(
      "The class is easier to read from μ(X) of the trained encoder than from that of the untrained one.",
      .positive("mean gain", code.gain), on: page)
    lesson.claim(
      "It is easier to read from the output of the trained decoder than from that of the untrained model.",
      .positive("mean gain", last.gain), on: page)
  }

  private func show(_ units: (trained: DecoderUnits, untrained: DecoderUnits), on page: Page) {
    let source = lesson.source
    page.images(
      [
        ImageGrid.Row(source.pictures(units.trained.pictures), label: "after training"),
        ImageGrid.Row(source.pictures(units.untrained.pictures), label: "before training"),
      ],
      caption: """
        The weights of \(formatted(units.trained.weights.shape[0])) of \(formatted(units.trained.count)) hidden \
        units, those that change the output most. Where a picture is white, its unit makes the pixel more \
        probably white; where it is black, less; grey is a weight of 0.
        """)
    guard let trained = units.trained.likeness, let untrained = units.untrained.likeness else {
      return
    }
    DecoderUnits.showLikenessCode(on: page)
    lesson.claim(
      "After training the weights of neighbouring pixels are more alike than before.",
      .greater(
        Quantity("likeness after training", trained.mean),
        than: Quantity("likeness before", untrained.mean),
        standardError: (trained.standardError * trained.standardError
          + untrained.standardError * untrained.standardError).squareRoot()),
      on: page)
  }
}
