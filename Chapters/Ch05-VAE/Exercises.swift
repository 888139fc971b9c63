// Write these functions in place of `try todo()`, then: swift run Ch05-VAE exercises

import Autodiff
import Foundation
import Notebook

enum Exercises {
  /// The reconstruction term of the bound for a batch of black and white images (section 5.1):
  /// log P(X|z) = Σⱼ [xⱼ lⱼ − log(1 + e^(lⱼ))] in nats, summed over the pixels of an image, and then
  /// averaged over the images. It stays finite for any logits.
  ///
  /// Example: for the images [[1, 0], [1, 1]] and the logits [[0, log 3], [0, 0]] it is −1.7329: the
  /// images have −log 2 − log 4 and −log 2 − log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: l, what the decoder gives for each, any numbers, [images][pixels].
  static func reconstruction(of x: [[Double]], logits: [[Double]]) throws -> Double {
    try todo()
  }

  /// The loss of a variational autoencoder (section 5.1): the mean over the images of
  /// β D[Q(z|X) ‖ P(z)] − log P(X|z), in nats. The divergence of Q = N(μ, diag(σ²)) from
  /// P(z) = N(0, I) is ½ Σₖ (μₖ² + σₖ² − 1 − log σₖ²).
  ///
  /// Example: for `x = [[1, 0]]`, `logits = [[0, 0]]`, `mean = [[1, 0]]`, `logVariance = [[0, 0]]` it
  /// is 1.8863 with β = 1, and 2.3863 with β = 2: the divergence is ½, and −log P(X|z) is 2 log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: What the decoder gives at one z an image, [images][pixels].
  ///   - mean: μ, what the encoder gives, [images][latent variables].
  ///   - logVariance: log σ², the same.
  ///   - beta: β, the weight of the divergence.
  static func loss(
    of x: [[Double]], logits: [[Double]], mean: [[Double]], logVariance: [[Double]], beta: Double
  ) throws -> Double {
    try todo()
  }

  /// One step of Adam (section 5.3; Kingma and Ba, 2015, algorithm 1). With g the gradient of a
  /// parameter, and mₜ₋₁ and vₜ₋₁ the moments so far, step t = 1, 2, … is
  ///
  ///     mₜ = β₁ mₜ₋₁ + (1 − β₁) g        vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
  ///     m̂ = mₜ / (1 − β₁ᵗ)               v̂ = vₜ / (1 − β₂ᵗ)
  ///     parameter ← parameter − α m̂ / (√v̂ + ε)
  ///
  /// for each parameter by itself. The moments that go into the next step are mₜ and vₜ, without the
  /// correction.
  ///
  /// Example: in the first step, at the parameter 1 with both moments 0, the gradient 0.5, α = 0.1,
  /// β₁ = 0.9, β₂ = 0.999 and ε = 0, the moments become 0.05 and 0.00025. Corrected they are 0.5 and
  /// 0.25, and the parameter becomes 0.9.
  ///
  /// - Parameters:
  ///   - state: `parameters`, `firstMoments` m and `secondMoments` v before the step, [n] each.
  ///   - gradient: g, [n].
  ///   - step: t, 1 for the first step.
  ///   - rates: `learningRate` α, `firstDecay` β₁, `secondDecay` β₂ and `epsilon` ε.
  /// - Returns: The same three after the step:
  ///   `AdamState(parameters: …, firstMoments: …, secondMoments: …)`.
  static func adamStep(
    from state: AdamState, gradient: [Double], step: Int, rates: AdamRates
  ) throws -> AdamState {
    try todo()
  }

  /// Which latent variables carry something (section 5.3): for each the variance of μₖ(X) over the
  /// images of a test set, the mean of the squared deviations from their mean, and the number of those
  /// above 0.01, which are called active (Burda et al., 2016, section 5.2).
  ///
  /// Example: for the means [[1, 0], [3, 0.1]] of two images the variances are 1 and 0.0025, and one
  /// latent variable is active.
  ///
  /// - Parameter means: μ(X), what the encoder gives, [images][latent variables].
  /// - Returns: `LatentActivity(variances: …, activeCount: …)`, with one variance a latent variable.
  static func latentActivity(means: [[Double]]) throws -> LatentActivity {
    try todo()
  }

  /// The importance-weighted bound L_K of section 5.8 on a test set: log(1/K Σₖ wₖ) for each image,
  /// where wₖ = P(X, zₖ)/Q(zₖ|X) for K draws of z from Q(z|X), and the mean of that over the images.
  ///
  /// Example: for the log weights [[0, log 3], [−1, −1]] it is −0.1534: the images have log 2 and −1.
  ///
  /// - Parameter logWeights: log wₖ, [images][K]. They may be near −2000.
  /// - Returns: The bound in nats an image.
  static func importanceWeightedBound(logWeights: [[Double]]) throws -> Double {
    try todo()
  }

  /// A whole variational autoencoder (section 5.1) in a function of its weights that `checkGradient`
  /// can differentiate. From images X and noise ε:
  ///
  ///     h = tanh(hidden(X))      μ = mean(h)          log σ² = logVariance(h)
  ///     z = μ + σ ε              h′ = tanh(decoderHidden(z))      logits = output(h′)
  ///     loss = mean over the images of β D[Q(z|X) ‖ P(z)] − log P(X|z)
  ///
  /// The layers are those of `model`, and called like functions: `model.hidden(x)` goes from
  /// [images, pixels] to [images, hidden units]. Write it with operations on tensors alone: + − * / ,
  /// `exp`, `tanh`, `softplus`, `.squared`, `.sum(axis: 1)` (over the columns), `.mean()`. A number may
  /// stand beside a tensor, as in `beta * x`. What is read out of a tensor,
  /// by `.scalars` or `.detached`, is a constant to the derivative.
  ///
  /// Example: if all weights are 0, then so are μ, log σ² and the logits, and for images of 4 pixels
  /// the loss is 2.7726 = 4 log 2 whatever the noise and β.
  ///
  /// - Parameters:
  ///   - model: The five layers.
  ///   - x: X, [images, pixels], zeros and ones.
  ///   - noise: ε from N(0, I), [images, latent variables].
  ///   - beta: β.
  /// - Returns: One number, of shape [].
  static func differentiableLoss(
    of model: SmallAutoencoder, x: Tensor<Double>, noise: Tensor<Double>, beta: Double
  ) throws -> Tensor<Double> {
    try todo()
  }
}
