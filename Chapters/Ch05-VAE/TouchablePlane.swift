import Autodiff
import Datasets
import Foundation
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// What the figure of 5.6 needs in a browser: a model with two latent variables whose weights are rounded, test images,
/// and numbers to check its own arithmetic against.
struct TouchablePlane: Encodable {
  /// A layer with its weights in whole numbers from −31 to 31, times a scale for each row.
  struct Layer: Encodable {
    let inputs: Int
    let outputs: Int
    /// The bytes of the numbers, the lowest first, in base64.
    let scales: String
    let bias: String
    /// The whole numbers, row by row, a character each: those of base64 without the last.
    let weights: String
  }

  /// What the figure must find for some images.
  struct Judgement: Encodable {
    let index: Int
    /// log P(X|z) at z = μ(X).
    let logLikelihood: Double
    let divergence: Double
    let bound: Double
  }

  /// What the figure must compute.
  struct Check: Encodable {
    let z: [Float]
    /// The decoder's picture of z, in grey levels, as bytes in base64.
    let picture: String
    let images: [Judgement]
  }

  let rows: Int
  let columns: Int
  let decoder: [Layer]
  let encoder: [Layer]
  /// The first test images, a bit a pixel, each from the beginning of a byte on, in base64.
  let images: String
  /// μ(X) of each.
  let codes: [[Double]]
  let classes: [String]?
  /// For each class its place among the classes, which gives the colour.
  let hues: [Double]?
  /// How far the plane reaches.
  let reach: Double
  let meanBound: Double
  let check: Check
  /// What rounding the weights takes from the bound of a test image, in nats.
  let cost: MonteCarloEstimate

  private enum CodingKeys: CodingKey {
    case rows, columns, decoder, encoder, images, codes, classes, hues, reach, meanBound, check
  }

  /// - Parameters:
  ///   - x: The test images, each pixel 0 or 1.
  ///   - codes: μ(X) of each.
  init?(
    _ model: VariationalAutoencoder<Float>, _ x: Tensor<Float>, codes: Tensor<Float>,
    _ lesson: Lesson
  ) {
    guard let rows = lesson.source.rows, let columns = lesson.source.columns,
      lesson.source.output == .bernoulli
    else { return nil }
    (self.rows, self.columns) = (rows, columns)
    var rounded = model
    let (decoded, encoded) = rounded.roundWeights()
    (decoder, encoder) = (decoded, encoded)
    images = Data(packed(x.rows(Array(0..<min(200, x.shape[0]))))).base64EncodedString()
    self.codes = (0..<codes.shape[0]).map { [code(codes[$0, 0]), code(codes[$0, 1])] }
    let names = lesson.source.classes
    classes = lesson.source.fewTest.classes.map { $0.map(lesson.source.name(ofClass:)) }
    hues = lesson.source.fewTest.classes.map { classes in
      classes.map { Double(names.firstIndex(of: $0)!) / Double(names.count) }
    }
    reach = Ch05_VAE.reach(of: codes, usually: 4)

    let exact = Judge(model).judge(x)
    let judge = Judge(rounded)
    let judged = judge.judge(x)
    meanBound = MonteCarloEstimate(judged.map(\.bound)).mean
    cost = MonteCarloEstimate(zip(exact, judged).map { $0.bound - $1.bound })
    let z: [Float] = [0.5, -0.75]
    check = Check(
      z: z,
      picture: Data(
        rounded.decoder.mean(of: Tensor(z, shape: [1, 2])).scalars.map {
          UInt8((255 * $0).rounded())
        }
      ).base64EncodedString(),
      images: Array(judged.prefix(3)))
  }
}

/// The bound of images, its mean over Q(z|X) taken at 5 × 5 points.
private struct Judge {
  let model: VariationalAutoencoder<Double>

  init(_ model: VariationalAutoencoder<Float>) { self.model = model.converted() }

  func judge(_ x: Tensor<Float>) -> [TouchablePlane.Judgement] {
    let x = x.converted(to: Double.self)
    let Q = model.encoder(x)
    let divergence = Q.klDivergenceToStandardNormal().scalars
    let atMean = model.decoder.logProbability(of: x, given: Q.mean).scalars
    let bounds = model.quadratureBound(of: x, nodes: 5)
    return divergence.indices.map { i in
      .init(
        index: i, logLikelihood: atMean[i], divergence: divergence[i],
        bound: bounds[i])
    }
  }
}

extension VariationalAutoencoder<Float> {
  /// Rounds all weights as a figure has them, and returns the layers of the decoder and of the encoder, whose last
  /// layer gives μ(X) and log σ²(X) together.
  fileprivate mutating func roundWeights() -> (
    decoder: [TouchablePlane.Layer], encoder: [TouchablePlane.Layer]
  ) {
    var (decoded, encoded): ([TouchablePlane.Layer], [TouchablePlane.Layer]) = ([], [])
    for i in decoder.hidden.layers.indices { decoded.append(decoder.hidden.layers[i].round()) }
    decoded.append(decoder.output.round())
    for i in encoder.hidden.layers.indices { encoded.append(encoder.hidden.layers[i].round()) }
    var heads = encoder.mean
    heads.weight = .concatenated([encoder.mean.weight, encoder.logVariance.weight], axis: 1)
    heads.bias = .concatenated([encoder.mean.bias, encoder.logVariance.bias], axis: 0)
    encoded.append(heads.round())
    encoder.mean.weight = heads.weight.slice(axis: 1, 0..<2)
    encoder.logVariance.weight = heads.weight.slice(axis: 1, 2..<4)
    return (decoded, encoded)
  }
}

extension Dense<Float> {
  /// Rounds the weights of each row to 63 steps.
  fileprivate mutating func round() -> TouchablePlane.Layer {
    let (rows, columns) = (weight.shape[0], weight.shape[1])
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+")
    let most = characters.count / 2
    let old = weight.scalars
    var (scales, text, new): ([Float], String, [Float]) = ([], "", [])
    for row in 0..<rows {
      let values = old[row * columns..<(row + 1) * columns]
      let largest = values.reduce(0) { max($0, abs($1)) }
      let scale = largest > 0 ? largest / Float(most) : 1
      let steps = values.map { Int(($0 / scale).rounded()) }
      scales.append(scale)
      text.append(contentsOf: steps.map { characters[$0 + most] })
      new += steps.map { Float($0) * scale }
    }
    weight = Tensor(new, shape: [rows, columns])
    return .init(
      inputs: rows, outputs: columns, scales: base64(scales), bias: base64(bias.scalars),
      weights: text)
  }
}

/// The bytes of some numbers, the lowest of each first.
private func base64(_ numbers: [Float]) -> String {
  let bytes = numbers.flatMap { number in
    (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
  }
  return Data(bytes).base64EncodedString()
}

/// Eight pixels in a byte, the first in the highest bit; each image begins a byte.
private func packed(_ x: Tensor<Float>) -> [UInt8] {
  let (count, size) = (x.shape[0], x.shape[1])
  let pixels = x.scalars
  var bytes: [UInt8] = []
  for image in 0..<count {
    for start in stride(from: 0, to: size, by: 8) {
      var byte: UInt8 = 0
      for bit in 0..<min(8, size - start) where pixels[image * size + start + bit] > 0.5 {
        byte |= 0x80 >> UInt8(bit)
      }
      bytes.append(byte)
    }
  }
  return bytes
}

/// A position with as many digits as a screen shows.
private func code(_ z: Float) -> Double { (1000 * Double(z)).rounded() / 1000 }
