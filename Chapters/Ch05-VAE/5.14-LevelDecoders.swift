import Autodiff
import NeuralNetworks
import Notebook
import Probability
import VariationalAutoencoders

/// One of sixteen grey levels for each pixel, with any probabilities: a categorical distribution. A
/// pixel of level k has the value (k + ½)/16.
struct LevelDecoder: Parameterized, LatentVariableModel {
  var hidden: Dense<Float>
  /// Sixteen outputs a pixel: those of level 0 for all pixels first, then those of level 1.
  var logits: Dense<Float>

  init(_ configuration: Configuration, using generator: inout SeededGenerator) {
    hidden = Dense(
      inputSize: configuration.latentSize, outputSize: 32, activation: .relu, using: &generator)
    logits = Dense(inputSize: 32, outputSize: 16 * configuration.inputSize, using: &generator)
  }

  var latentSize: Int { hidden.inputSize }

  // cell: categorical
  /// log P(X|z): for each pixel the logit of its level, less the log of the sum of all sixteen eˡ.
  func logProbability(of x: Tensor<Float>, given z: Tensor<Float>) -> Tensor<Float> {
    let l = logits(hidden(z)).reshaped([x.shape[0], 16, x.shape[1]])
    let logSum = l.logSumExp(axis: 1)  // log ∑ eˡ over the levels
    return ((l * isLevel(x)).sum(axis: 1) - logSum).sum(axis: 1)
  }
  // end

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Float>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("logits", &logits)
  }
}

/// 1 where a pixel has a level, and 0 where it has another: [n, d] → [n, 16, d].
func isLevel(_ x: Tensor<Float>) -> Tensor<Float> {
  let levels = Tensor((0..<16).map(Float.init), shape: [16, 1])
  let k = 16 * x.reshaped([x.shape[0], 1, x.shape[1]]) - 0.5
  return relu(1 - (k - levels).squared)
}

/// Φ(t), the probability of a standard normal number below t: an operation that the core lacks.
func Φ<Scalar>(_ t: Tensor<Scalar>) -> Tensor<Scalar> {
  let scaled = t.detached * Scalar(0.5).squareRoot()
  let erf = Tensor<Scalar>(shape: t.shape) { apply(.erf, scaled.buffer, into: $0) }
  let density = exp(-0.5 * (t.detached.squared + Scalar(logTwoPi)))
  return (0.5 + 0.5 * erf).recorded("Φ", from: (t, { g in g * density }))
}

/// The same levels under a Gaussian: its probability of each is the integral of the density over the
/// sixteenth of the grey scale that the level stands for.
struct GaussianLevelDecoder: Parameterized, LatentVariableModel {
  var gaussian: DeviationDecoder

  var latentSize: Int { gaussian.latentSize }

  func logProbability(of x: Tensor<Float>, given z: Tensor<Float>) -> Tensor<Float> {
    let (f, logσ²) = gaussian(z)
    return Self.logProbability(ofLevel: x, f, logσ²)
  }

  /// log P(X|z) of an image, from the means and log variances of its pixels.
  static func logProbability(
    ofLevel x: Tensor<Float>, _ f: Tensor<Float>, _ logσ²: Tensor<Float>
  ) -> Tensor<Float> {
    log(probability(ofLevel: x, f, logσ²)).sum(axis: 1)
  }

  // cell: probability
  /// P(level|z) of each pixel: Φ at the level's upper edge less Φ at its lower edge.
  static func probability<Scalar>(
    ofLevel x: Tensor<Scalar>, _ f: Tensor<Scalar>, _ logσ²: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let k = 16 * x - 0.5  // the level, from 0 to 15
    let upper = (k + 1) / 16 + 1e3 * relu(k - 14)  // beyond white belongs to level 15
    let lower = k / 16 - 1e3 * relu(1 - k)  // beyond black belongs to level 0
    let perσ = exp(-0.5 * logσ²)  // 1/σ
    let mass = Φ((upper - f) * perσ) - Φ((lower - f) * perσ)
    return 0.999 * mass + 0.001 / 16  // one in a thousand is any level: none is impossible
  }
  // end

  mutating func visitParameters(_ visitor: inout ParameterVisitor<Float>) {
    visitor.visit("gaussian", &gaussian)
  }
}

extension LevelDecoder {
  /// A level for each pixel, drawn from P(X|z).
  func sample(given z: Tensor<Float>, using generator: inout SeededGenerator) -> Tensor<Float> {
    let d = logits.outputSize / 16
    let l = logits(hidden(z)).reshaped([z.shape[0], 16, d])
    let p = exp(l - l.logSumExp(axis: 1).reshaped([z.shape[0], 1, d])).scalars
    let values = generator.uniform(count: z.shape[0] * d).enumerated().map { index, uniform in
      let first = index / d * 16 * d + index % d
      var (level, sum) = (0, p[first])
      while level < 15, Double(sum) <= uniform {
        level += 1
        sum += p[first + level * d]
      }
      return (Float(level) + 0.5) / 16
    }
    return Tensor(values, shape: [z.shape[0], d])
  }

  static func show(on page: Page) { page.code("categorical") }
}

extension GaussianLevelDecoder {
  static func show(on page: Page) { page.code("probability") }
}
