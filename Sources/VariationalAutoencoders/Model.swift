import Autodiff
import NeuralNetworks
import Probability

/// The distribution whose parameters are the decoder's outputs.
public enum OutputDistribution: String, CaseIterable, Codable, Sendable {
  /// Each pixel is 0 or 1; the decoder gives the logit of the probability of 1.
  case bernoulli
  /// Each pixel is a real number; the decoder gives its mean, and one variance for all pixels is
  /// learned beside the weights.
  case gaussian
  /// Like `gaussian`, but with the variance fixed at 1, which amounts to a sum of squared errors.
  case unitGaussian
}

/// Everything that determines the shape of a variational autoencoder.
public struct Configuration: Equatable, Codable, Sendable {
  /// The number of pixels, or other observed numbers, of one example.
  public var inputSize: Int
  /// The sizes of the encoder's hidden layers; the decoder has them in reverse.
  public var hiddenSizes: [Int]
  /// The number of latent variables.
  public var latentSize: Int
  /// The distribution whose parameters are the decoder's outputs.
  public var output: OutputDistribution
  /// The activation after each hidden layer.
  public var activation: Activation

  /// By default the network has a size that many papers and examples use: 784-400-20-400-784.
  public init(
    inputSize: Int = 784, hiddenSizes: [Int] = [400], latentSize: Int = 20,
    output: OutputDistribution = .bernoulli, activation: Activation = .relu
  ) {
    self.inputSize = inputSize
    self.hiddenSizes = hiddenSizes
    self.latentSize = latentSize
    self.output = output
    self.activation = activation
  }

  /// The number of scalars in all parameters of this model.
  public var parameterCount: Int {
    func layers(_ sizes: [Int]) -> Int {
      zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    }
    let encoder = layers([inputSize] + hiddenSizes + [2 * latentSize])
    let decoder = layers([latentSize] + hiddenSizes.reversed() + [inputSize])
    return encoder + decoder + (output == .gaussian ? 1 : 0)
  }
}

/// Q(z|X): a network that turns an example into a normal distribution over its latent variables,
/// with independent components.
public struct Encoder<Scalar: TensorScalar>: Parameterized {
  /// The layers that the mean and the log variance share.
  public var hidden: MultilayerPerceptron<Scalar>
  /// μ(X).
  public var mean: Dense<Scalar>
  /// log σ²(X): any real number, so that the network needs no constraint.
  public var logVariance: Dense<Scalar>

  /// An encoder before training.
  public init(_ configuration: Configuration, using generator: inout SeededGenerator) {
    let sizes = [configuration.inputSize] + configuration.hiddenSizes
    hidden = MultilayerPerceptron(
      sizes: sizes, activation: configuration.activation, output: configuration.activation,
      using: &generator)
    mean = Dense(
      inputSize: sizes.last!, outputSize: configuration.latentSize, using: &generator)
    logVariance = Dense(
      inputSize: sizes.last!, outputSize: configuration.latentSize, using: &generator)
  }

  /// Q(z|X) for each example of a batch, [batch, inputSize] → [batch, latentSize].
  @_specialize(where Scalar == Float)
  public func callAsFunction(_ x: Tensor<Scalar>) -> DiagonalNormal<Scalar> {
    let features = hidden(x)
    return DiagonalNormal(mean: mean(features), logVariance: logVariance(features))
  }

  /// Shows `hidden`, `mean` and `logVariance`.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("mean", &mean)
    visitor.visit("logVariance", &logVariance)
  }
}

/// P(X|z): a network that turns latent variables into a distribution over examples, with
/// independent pixels.
public struct Decoder<Scalar: TensorScalar>: Parameterized, LatentVariableModel {
  /// The layers up to the last.
  public var hidden: MultilayerPerceptron<Scalar>
  /// The last layer: logits, or means.
  public var output: Dense<Scalar>
  /// log σ² of all pixels, of shape [1]; only a Gaussian decoder has it.
  public var logVariance: Tensor<Scalar>?
  /// Whether training changes `logVariance`.
  private let learnsVariance: Bool

  /// A decoder before training.
  public init(_ configuration: Configuration, using generator: inout SeededGenerator) {
    let sizes = [configuration.latentSize] + configuration.hiddenSizes.reversed()
    hidden = MultilayerPerceptron(
      sizes: sizes, activation: configuration.activation, output: configuration.activation,
      using: &generator)
    output = Dense(
      inputSize: sizes.last!, outputSize: configuration.inputSize, using: &generator)
    learnsVariance = configuration.output == .gaussian
    switch configuration.output {
    case .bernoulli: break
    // σ begins at e⁻² ≈ 0.14: a decoder that begins with much noise explains everything as noise,
    // and the encoder learns to say nothing.
    case .gaussian: logVariance = Tensor(repeating: -4, shape: [1])
    case .unitGaussian: logVariance = Tensor(zeros: [1])
    }
  }

  /// The logits (Bernoulli) or means (Gaussian) of the pixels, [n, latentSize] → [n, inputSize].
  @_specialize(where Scalar == Float)
  public func callAsFunction(_ z: Tensor<Scalar>) -> Tensor<Scalar> { output(hidden(z)) }

  /// The expected pixels, [n, latentSize] → [n, inputSize].
  public func mean(of z: Tensor<Scalar>) -> Tensor<Scalar> {
    logVariance == nil ? sigmoid(self(z)) : self(z)
  }

  /// The number of latent variables.
  public var latentSize: Int { (hidden.layers.first ?? output).inputSize }

  /// log P(X|z) in nats, summed over the pixels: [n, inputSize] and [n, latentSize] → [n].
  @_specialize(where Scalar == Float)
  public func logProbability(of x: Tensor<Scalar>, given z: Tensor<Scalar>) -> Tensor<Scalar> {
    let outputs = self(z)
    guard let logVariance else { return Bernoulli(logits: outputs).logProbability(of: x) }
    return DiagonalNormal(mean: outputs, logVariance: logVariance).logProbability(of: x)
  }

  /// Examples drawn from P(X|z), one for each row of `z`, [n, latentSize] → [n, inputSize].
  public func sample(
    given z: Tensor<Scalar>, using generator: inout SeededGenerator
  ) -> Tensor<Scalar> {
    let outputs = self(z)
    guard let logVariance else { return Bernoulli(logits: outputs).sample(using: &generator) }
    return DiagonalNormal(mean: outputs, logVariance: logVariance)
      .sample(noise: .normal(outputs.shape, using: &generator))
  }

  /// Shows `hidden`, `output` and, where it is learned, `logVariance`.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("hidden", &hidden)
    visitor.visit("output", &output)
    if learnsVariance { visitor.visit("logVariance", &logVariance!) }
  }
}

/// The two terms whose difference is the evidence lower bound, for each example of a batch.
public struct EvidenceLowerBound<Scalar: TensorScalar> {
  /// log P(X|z) at one z drawn from Q(z|X), in nats, summed over the pixels; shape [batch].
  public let reconstruction: Tensor<Scalar>
  /// D[Q(z|X) ‖ P(z)] in nats, summed over the latent variables; shape [batch].
  public let divergence: Tensor<Scalar>

  /// The bound on log P(X): reconstruction − divergence; shape [batch].
  public var value: Tensor<Scalar> { reconstruction - divergence }

  /// The loss that training minimises: −(reconstruction − β · divergence), the mean over the batch.
  /// With β = 1 it is the negative bound in nats per example.
  @_specialize(where Scalar == Float)
  public func loss(beta: Double = 1) -> Tensor<Scalar> {
    ((beta == 1 ? divergence : Scalar(beta) * divergence) - reconstruction).mean()
  }
}

/// A variational autoencoder (Kingma and Welling, "Auto-encoding variational Bayes", 2014): an
/// encoder Q(z|X), a decoder P(X|z), and the prior P(z) = N(0, I).
public struct VariationalAutoencoder<Scalar: TensorScalar>: Parameterized {
  /// The shape of the model.
  public let configuration: Configuration
  /// Q(z|X).
  public var encoder: Encoder<Scalar>
  /// P(X|z).
  public var decoder: Decoder<Scalar>

  /// A model before training. A `Float` and a `Double` model drawn from the same generator begin
  /// with the same weights, up to rounding.
  public init(_ configuration: Configuration, using generator: inout SeededGenerator) {
    self.configuration = configuration
    encoder = Encoder(configuration, using: &generator)
    decoder = Decoder(configuration, using: &generator)
  }

  /// The terms of the bound for each example, with z = μ + σε for the given standard normal `noise`:
  /// [batch, inputSize] and [batch, latentSize] (Kingma and Welling, equation 10 with L = 1).
  @_specialize(where Scalar == Float)
  public func evidenceLowerBound(
    of x: Tensor<Scalar>, noise: Tensor<Scalar>
  ) -> EvidenceLowerBound<Scalar> {
    let posterior = encoder(x)
    let z = posterior.sample(noise: noise)
    return EvidenceLowerBound(
      reconstruction: decoder.logProbability(of: x, given: z),
      divergence: posterior.klDivergenceToStandardNormal())
  }

  /// Shows `encoder` and `decoder`.
  @_specialize(where Scalar == Float)
  public mutating func visitParameters(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &decoder)
  }
}
