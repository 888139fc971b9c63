import Autodiff
import Datasets
import Kernels
import Notebook
import Probability
import VariationalAutoencoders

extension VAE {
  static func learnVariance(_ lesson: Lesson, on page: Page) throws {
    page.section("5.9", "A Gaussian decoder, and its σ")
    let source = lesson.source
    let size = source.train.size
    page.prose(
      """
      \(source.kind == .points ? "Coordinates are real numbers." : "Grey pixels are real numbers, and are taken as they are.") \
      For them P(X|z) = N(f(z), σ²I): the decoder gives the means f(z), and one σ for all \
      \(source.elements) is learned beside the weights. Beside it, the commonest mistake: a sum of \
      squared errors plus the divergence, which is σ fixed at 1. Two small models, \
      \(size)–128–10–128–\(size), otherwise alike:
      """)
    let learned = try lesson.train(
      lesson.configuration(.gaussian), for: "with a learned σ", on: page)
    let fixed = try lesson.train(
      lesson.configuration(.unitGaussian), for: "with σ = 1", on: page)
    var generator = lesson.generator(section: 9)
    func deviation(_ model: VariationalAutoencoder<Float>) -> Double {
      .exp(0.5 * Double(model.decoder.logVariance!.scalar))
    }
    func residual(_ model: VariationalAutoencoder<Float>) -> Double {
      var sum = 0.0
      for indices in source.fewTrain.chunks(of: 500) {
        let x = source.fewTrain[indices]
        let posterior = model.encoder(x)
        let z = posterior.sample(noise: .normal(posterior.mean.shape, using: &generator))
        sum += (x - model.decoder(z)).squared.converted(to: Double.self).sum().scalar
      }
      // In single precision, as a mean over all the squares at once would be.
      return Double(Float(sum) * (1 / Float(source.fewTrain.count * size))).squareRoot()
    }
    let decoders = [("σ learned", learned), ("σ = 1", fixed)]
    let residuals = decoders.map { residual($0.1.model) }
    page.table(
      [
        .left("decoder"), .right("σ"), .right("residual"), .right("test bound"),
        .right("log P(X|z)"), .right("D[Q‖P(z)]"),
      ],
      rows: zip(decoders, residuals).map { decoder, residual in
        let last = decoder.1.history.last!
        return [decoder.0]
          + [deviation(decoder.1.model), residual].map { formatted($0, decimals: 4) }
          + [last.testBound, last.testReconstruction, last.testDivergence].map {
            formatted($0, decimals: 2)
          }
      },
      caption: "The residual is the root of the mean squared difference X − f(z) in training.")
    if source.kind != .points {
      let shown = Array(0..<min(5, source.fewTest.count))
      let images = source.fewTest[shown]
      page.images(
        [ImageGrid.Row(source.pictures(images), label: "X")]
          + decoders.map { label, training in
            let code = training.model.encoder(images).mean
            return ImageGrid.Row(
              source.pictures(training.model.decoder.mean(of: code)), label: label)
          })
    }
    let steps = learned.step / lesson.epochs
    lesson.claim(
      "σ² is next to its optimum, the mean squared residual: no further than Adam goes in an epoch.",
      Quantity(
        "|log σ² − log residual²|", 2 * abs(.log(deviation(learned.model) / residuals[0]))),
      atMost: Quantity(
        "\(steps) steps of \(Lesson.learningRate)", Double(steps) * Lesson.learningRate),
      on: page)
    checkVariance(learned.model.converted(), lesson, using: &generator, on: page)
  }

  /// What holds exactly of any Gaussian decoder, on a few examples in double precision.
  private static func checkVariance(
    _ model: VariationalAutoencoder<Double>, _ lesson: Lesson,
    using generator: inout SeededGenerator, on page: Page
  ) {
    let source = lesson.source
    let x = source.fewTest.prefix(64).values.converted(to: Double.self)
    let posterior = model.encoder(x)
    let noise = Tensor<Double>.normal(posterior.mean.shape, using: &generator)
    let means = model.decoder(posterior.sample(noise: noise))
    let variance = (x - means).squared.mean().scalar
    func gradient(variance: Double, beta: Double) -> VariationalAutoencoder<Double> {
      var model = model
      model.decoder.logVariance = Tensor([.log(variance)])
      return valueWithGradient(at: model) {
        $0.evidenceLowerBound(of: x, noise: noise).loss(beta: beta)
      }.gradient
    }
    let optimum = gradient(variance: variance, beta: 1)
    page.check(
      "Where σ² is the mean squared residual, the loss does not change with log σ².",
      .equal(
        Quantity("derivative on the tape", optimum.decoder.logVariance!.scalar),
        Quantity("zero", 0), tolerance: 1e-10 * source.roundingScale))

    // The gradients of all other parameters, in one vector.
    func others(_ gradient: VariationalAutoencoder<Double>) -> Tensor<Double> {
      var gradient = gradient
      gradient.decoder.logVariance = Tensor([0])
      return .concatenated(gradient.parameters.map { $0.reshaped([$0.count]) })
    }
    let atOne = others(gradient(variance: 1, beta: 1))
    let weighted = others(gradient(variance: variance, beta: 1 / variance)) * Tensor(variance)
    let size = sqrt(atOne.squared.sum()).scalar
    page.check(
      "σ = 1 is σ² = \(formatted(variance, decimals: 4)) with β = \(formatted(1 / variance, decimals: 1)): the same gradient, up to the factor σ².",
      .atMost(
        Quantity("relative difference", sqrt((atOne - weighted).squared.sum()).scalar / size),
        Quantity("tolerance", 1e-10)))

    let unit = source.kind == .points ? 100.0 : 255
    let logVariance = Tensor([Double.log(variance)])
    let plain = DiagonalNormal(mean: means, logVariance: logVariance).logProbability(of: x)
    let scaled = DiagonalNormal(
      mean: means * Tensor(unit), logVariance: logVariance + Tensor(2 * .log(unit))
    ).logProbability(of: x * Tensor(unit))
    page.check(
      "A density has units: with numbers \(Int(unit)) times as large, the same model loses \(source.train.size) · log \(Int(unit)).",
      .equal(
        Quantity("log P(\(Int(unit)) X|z)", scaled.mean().scalar),
        Quantity(
          "log P(X|z) − \(source.train.size) log \(Int(unit))",
          plain.mean().scalar - Double(source.train.size) * .log(unit)),
        tolerance: 1e-10 * source.roundingScale))
  }
}
