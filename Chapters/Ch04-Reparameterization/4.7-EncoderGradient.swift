import Autodiff
import Datasets
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// How the gradient of 𝔼[log P(X|z)] reaches the encoder.
enum EncoderGradient: CaseIterable {
  case drawnInside, score, pairedScore, pathwise

  var name: String {
    switch self {
    case .drawnInside: "z drawn inside"
    case .score: "score function"
    case .pairedScore: "score function (two z)"
    case .pathwise: "pathwise"
    }
  }

  static func showCode(on page: Page) {
    page.code("losses")
    page.code("baselines")
    page.code("training")
  }

  // cell: losses
  /// The loss of a batch. The decoder’s gradient is that of −ℒ in every case.
  func loss(
    of model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, noise ε: Tensor<Float>
  ) -> Tensor<Float> {
    let Q = model.encoder(x)
    let z = self == .pathwise ? Q.sample(noise: ε) : Q.sample(noise: ε).detached
    let logLikelihood = model.decoder.logProbability(of: x, given: z)  // log P(X|z)
    let loss = Q.klDivergenceToStandardNormal() - logLikelihood  // −ℒ
    let h = logLikelihood.detached  // the value alone
    return switch self {
    case .drawnInside, .pathwise: loss.mean()
    case .score: (loss - (h - Self.meanOfOthers(h)) * Q.logProbability(of: z)).mean()
    case .pairedScore: (loss - (h - Self.valueOfTwin(h)) * Q.logProbability(of: z)).mean()
    }
  }
  // end

  // cell: baselines
  /// One z for each image: the mean of h over the batch’s other images.
  static func meanOfOthers(_ h: Tensor<Float>) -> Tensor<Float> {
    (h.sum() - h) / Float(h.count - 1)
  }

  /// Two z for each image, one in each half of the batch: h at the other z.
  static func valueOfTwin(_ h: Tensor<Float>) -> Tensor<Float> {
    let pairs = h.reshaped([2, h.count / 2])
    return (pairs.sum(axis: 0) - pairs).reshaped(h.shape)
  }
  // end
}

/// A model in training with one of the gradients.
struct TrainingRun {
  let gradient: EncoderGradient
  var model: VariationalAutoencoder<Float>
  var adam: Adam<VariationalAutoencoder<Float>>
  var history: [Double] = []

  init(_ gradient: EncoderGradient, _ model: VariationalAutoencoder<Float>) {
    (self.gradient, self.model, adam) = (gradient, model, Adam(for: model))
  }

  /// Takes the model once through the images, in random order.
  mutating func epoch(on train: Examples, using generator: inout SeededGenerator) {
    let (size, d) = (ThreeGradients.batchSize, ThreeGradients.latentSize)
    // cell: training
    for batch in shuffledBatches(of: train.count, size: size, using: &generator) {
      var x = Tensor<Float>.bernoulli(train[batch], using: &generator)  // black and white
      let ε = Tensor<Float>.normal([batch.count, d], using: &generator)  // ε ∼ N(0, I)
      if gradient == .pairedScore {  // half as many images, twice each
        let half = x.rows(Array(0..<batch.count / 2))
        x = .concatenated([half, half])
      }
      let loss = valueWithGradient(at: model) { model in gradient.loss(of: model, x, noise: ε) }
      adam.update(&model, along: loss.gradient)
    }
    // end
  }
}
