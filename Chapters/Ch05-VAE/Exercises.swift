// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch05-VAE exercises
// To check them again whenever you save this file:
//   swift run Ch05-VAE exercises watch

import Autodiff
import Exercises
import Foundation

enum Exercises {
  /// The reconstruction term of the bound for a batch of black and white images (section 5.1):
  /// log P(X|z) = Σⱼ [xⱼ lⱼ − log(1 + e^(lⱼ))] in nats, summed over the pixels of each image and
  /// averaged over the images. The result must be finite for any finite logits.
  ///
  /// Example: for the images [[1, 0], [1, 1]] and the logits [[0, log 3], [0, 0]] it is −1.7329.
  /// The first image has −log 2 − log 4, the second −log 2 − log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: l, the decoder's output for each pixel, any finite numbers, [images][pixels].
  static func reconstruction(of x: [[Double]], logits: [[Double]]) throws -> Double {
    return try todo()
  }

  /// The loss of a variational autoencoder (section 5.1): the mean over the images of
  /// β D[Q(z|X) ‖ P(z)] − log P(X|z), in nats. The divergence of Q = N(μ, diag(σ²)) from
  /// P(z) = N(0, I) is ½ Σₖ (μₖ² + σₖ² − 1 − log σₖ²).
  ///
  /// Example: for `x = [[1, 0]]`, `logits = [[0, 0]]`, `mean = [[1, 0]]`, `logVariance = [[0, 0]]`
  /// it is 1.8863 with β = 1, and 2.3863 with β = 2: the divergence is ½, and −log P(X|z) is 2
  /// log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: The decoder's output at one z for each image, [images][pixels].
  ///   - mean: μ, from the encoder, [images][latent variables].
  ///   - logVariance: log σ², from the encoder, [images][latent variables].
  ///   - beta: β, the weight of the divergence.
  static func vaeLoss(
    of x: [[Double]], logits: [[Double]], mean: [[Double]], logVariance: [[Double]], beta: Double
  ) throws -> Double {
    return try todo()
  }

  /// One step of Adam (section 5.3; Kingma and Ba, 2015, algorithm 1). With g the gradient of a
  /// parameter, and mₜ₋₁ and vₜ₋₁ the moments so far, step t = 1, 2, … is
  ///
  ///     mₜ = β₁ mₜ₋₁ + (1 − β₁) g        vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
  ///     m̂ = mₜ / (1 − β₁ᵗ)               v̂ = vₜ / (1 − β₂ᵗ)
  ///     parameter ← parameter − α m̂ / (√v̂ + ε)
  ///
  /// for each parameter separately. The next step starts from mₜ and vₜ, without the correction.
  ///
  /// Example: take the first step from the parameter 1 with both moments 0, the gradient 0.5,
  /// α = 0.1, β₁ = 0.9, β₂ = 0.999 and ε = 0. The moments become 0.05 and 0.00025; corrected they
  /// are 0.5 and 0.25, and the parameter becomes 0.9.
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
    return try todo()
  }

  /// Which latent variables the model uses (section 5.3). For each of them, compute the variance of
  /// μₖ(X) over the images of a test set: the mean of the squared deviations from the mean. Then
  /// count the variances above 0.01; those latent variables are called active (Burda et al., 2016,
  /// section 5.2).
  ///
  /// Example: for the means [[1, 0], [3, 0.1]] of two images the variances are 1 and 0.0025, and
  /// one latent variable is active.
  ///
  /// - Parameter means: μ(X), from the encoder, [images][latent variables].
  /// - Returns: `LatentActivity(variances: …, activeCount: …)`, with one variance for each latent
  ///   variable.
  static func activeUnits(means: [[Double]]) throws -> LatentActivity {
    return try todo()
  }

  /// The importance-weighted bound L_K of section 5.8 on a test set. For each image it is
  /// log(1/K Σₖ wₖ) with wₖ = P(X, zₖ)/Q(zₖ|X), for K samples zₖ from Q(z|X). Return the mean of
  /// this over the images.
  ///
  /// Example: for the log weights [[0, log 3], [−1, −1]] it is −0.1534: the two images have the
  /// bounds log 2 and −1.
  ///
  /// - Parameter logWeights: log wₖ, [images][K]. They may be near −2000.
  /// - Returns: The bound in nats per image.
  static func importanceWeightedBound(logWeights: [[Double]]) throws -> Double {
    return try todo()
  }

  /// The loss of a whole variational autoencoder (section 5.1), as a function of its weights that
  /// the tape can differentiate. From images X and noise ε, compute
  ///
  ///     h = tanh(hidden(X))      μ = mean(h)          log σ² = logVariance(h)
  ///     z = μ + σ ε              h′ = tanh(decoderHidden(z))      logits = output(h′)
  ///     loss = mean over the images of β D[Q(z|X) ‖ P(z)] − log P(X|z)
  ///
  /// The layers are those of `model`, and they are called like functions: `model.hidden(x)` goes
  /// from [images, pixels] to [images, hidden units]. Use only operations on tensors: + − * /,
  /// `exp`, `tanh`, `softplus`, `.squared`, `.sum(axis: 1)` (over the columns), `.mean()`. A number
  /// may stand beside a tensor, as in `beta * x`. Whatever you read out of a tensor, by `.scalars`
  /// or `.detached`, counts as a constant when the tape differentiates.
  ///
  /// Example: if all weights are 0, then so are μ, log σ² and the logits, and for images of 4
  /// pixels the loss is 4 log 2 = 2.7726, whatever the noise and β are.
  ///
  /// - Parameters:
  ///   - model: The five layers.
  ///   - x: X, pixels that are 0 or 1, [images, pixels].
  ///   - noise: ε from N(0, I), [images, latent variables].
  ///   - beta: β, the weight of the divergence.
  /// - Returns: One number, of shape [].
  static func differentiableLoss(
    of model: SmallAutoencoder, x: Tensor<Double>, noise: Tensor<Double>, beta: Double
  ) throws -> Tensor<Double> {
    return try todo()
  }
}
