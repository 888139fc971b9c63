// Write these functions in place of `return try todo()`. To check them:
//   swift run Ch05-VAE exercises
// To check them again whenever you save this file:
//   swift run Ch05-VAE exercises watch

import Autodiff
import Exercises
import Foundation
import NeuralNetworks

enum Exercises {
  /// The reconstruction term of the bound for a batch of black and white images (section 5.1):
  /// log P(X|z) = Σⱼ [xⱼ lⱼ − log(1 + e^(lⱼ))] in nats, summed over the pixels of each image and
  /// averaged over the images. Logits may be as large as 900 or as small as −800; the result is
  /// then a number of that size, and not infinite.
  ///
  /// Example: for the images [[1, 0], [1, 1]] and the logits [[0, log 3], [0, 0]] it is −1.7329.
  /// The first image has −log 2 − log 4, the second −log 2 − log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: l, the decoder's output for each pixel, from −800 to 900, [images][pixels].
  static func reconstruction(of x: [[Double]], logits: [[Double]]) throws -> Double {
    return try todo()
  }

  /// The loss of a variational autoencoder (section 5.1): the mean over the images of
  /// β D[Q(z|X) ‖ P(z)] − log P(X|z), in nats. log P(X|z) is a sum over the pixels, as in
  /// `reconstruction`. The divergence of Q = N(μ, diag(σ²)) from P(z) = N(0, I) is a sum over the
  /// latent variables, ½ Σₖ (μₖ² + σₖ² − 1 − log σₖ²).
  ///
  /// Example: for `x = [[1, 0]]`, `logits = [[0, 0]]`, `mean = [[1, 0]]` and
  /// `logVariance = [[0, log 4]]` it is 2.6931 with β = 1, and 4 with β = 2: −log P(X|z) is 2 log 2,
  /// and the divergence is ½ (1 + 1 − 1 − 0) + ½ (0 + 4 − 1 − log 4) = 2 − log 2.
  ///
  /// - Parameters:
  ///   - x: X, pixels that are 0 or 1, [images][pixels].
  ///   - logits: The decoder's output at one z for each image, from −800 to 900, [images][pixels].
  ///   - mean: μ, from the encoder, [images][latent variables].
  ///   - logVariance: log σ², from the encoder, from −40 to 5, [images][latent variables].
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
  ///   - gradient: g, [n], of either sign.
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
  /// μₖ(X) over the images of a test set: the mean of the squared deviations from the mean over the
  /// images. Then count the variances above 0.01; those latent variables are called active (Burda et
  /// al., 2016, section 5.2).
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
  /// this over the images, in nats.
  ///
  /// Example: for the log weights [[0, log 3], [−1, −1]] it is −0.1534: the two images have the
  /// bounds log 2 and −1.
  ///
  /// - Parameter logWeights: log wₖ, [images][K]: finite numbers, from −3000 to 900. They may
  ///   differ by 2000, from image to image and within one.
  /// - Returns: The bound in nats per image.
  static func importanceWeightedBound(logWeights: [[Double]]) throws -> Double {
    return try todo()
  }

  /// How far samples of a model are from the nearest example, as in section 5.10. The distance of
  /// two black and white images is the number of pixels in which they differ. For each sample, find
  /// the example with the smallest distance from it, and return that distance.
  ///
  /// Example: the samples [[1, 0, 1], [0, 0, 0]] are both 1 pixel from the nearest of the examples
  /// [[1, 1, 1], [0, 0, 1]].
  ///
  /// - Parameters:
  ///   - samples: Images of pixels that are 0 or 1, [samples][pixels].
  ///   - examples: Images of as many pixels, at least one, [examples][pixels].
  /// - Returns: A distance for each sample, in the order of the samples.
  static func nearestDistances(samples: [[Double]], examples: [[Double]]) throws -> [Double] {
    return try todo()
  }

  /// The probabilities of the sixteen grey levels of a pixel under a Gaussian decoder (section
  /// 5.14). The decoder gives the pixel a normal distribution with the mean f and the variance σ².
  /// Level k = 0, 1, …, 15 stands for the values from k/16 to (k + 1)/16, so its probability is
  ///
  ///     P(k) = Φ((upper − f)/σ) − Φ((lower − f)/σ)        Φ(t) = ½ (1 + erf(t/√2))
  ///
  /// where Φ(t) is the probability of a standard normal number below t, and `erf` is in Foundation.
  /// Values below 0 belong to level 0 and values above 1 to level 15: there the lower edge is −∞ or
  /// the upper edge is ∞, with Φ = 0 or 1. So the sixteen add up to 1.
  ///
  /// Example: for f = 0.5 and σ = 1/16, `levelProbabilities(mean: 0.5, logVariance: -5.5452)` has
  /// Φ(1) − Φ(0) = 0.3413 for levels 7 and 8, and 0.1359 for levels 6 and 9. For f = 1 and the same
  /// σ, level 15 has 1 − Φ(−1) = 0.8413.
  ///
  /// - Parameters:
  ///   - mean: f, which may lie outside of 0…1.
  ///   - logVariance: log σ², from −6 to 1.
  /// - Returns: P(0), …, P(15). They may be 0 where they are smaller than rounding.
  static func levelProbabilities(mean: Double, logVariance: Double) throws -> [Double] {
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
  /// may stand beside a tensor, as in `beta * x`. Logits may be near 800 or −900. Whatever you read out of a tensor, by `.scalars`
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

  /// Fits a mixture of K images to black and white images, by expectation–maximisation (section
  /// 5.11). The mixture first chooses z = k with the probability πₖ, and then makes each pixel j
  /// white with the probability pₖⱼ, independently of the others. So
  ///
  ///     log P(X, z = k) = log πₖ + Σⱼ [xⱼ log pₖⱼ + (1 − xⱼ) log(1 − pₖⱼ)]
  ///     P(X) = Σₖ P(X, z = k)        P(z = k|X) = P(X, z = k)/P(X)
  ///
  /// One step computes Rᵢₖ = P(z = k|Xᵢ) for every image Xᵢ of the N given ones, and from it the next
  /// mixture:
  ///
  ///     Nₖ = Σᵢ Rᵢₖ        πₖ = (Nₖ + 1)/(N + K)        pₖⱼ = (Σᵢ Rᵢₖ xᵢⱼ + mⱼ)/(Nₖ + 1)
  ///
  /// The 1 and the mⱼ are one more image for each k, the image of coins, which keeps pₖⱼ away from 0
  /// and 1. It does not count in the log-evidences. With many pixels P(X, z) is smaller than the
  /// smallest `Double`, so compute with logarithms.
  ///
  /// Example: take the images [[1, 0], [1, 1], [0, 0]], the weights (0.75, 0.25), the white
  /// probabilities [[0.8, 0.5], [0.2, 0.5]], and the coins (0.5, 0.4). Then
  /// P(z|X) is (12/13, 1/13) for the first two images and (3/7, 4/7) for the third, and the mean of
  /// log P(X) is −1.3303. After one step the weights are (0.6549, 0.3451), and the first image is
  /// (0.7164, 0.4040).
  ///
  /// - Parameters:
  ///   - x: The images, pixels that are 0 or 1, [N][pixels].
  ///   - start: The first mixture: `weights` πₖ, [K], and `whites` pₖⱼ, between 0 and 1, [K][pixels].
  ///   - coins: m, [pixels].
  ///   - stepCount: The number of steps; with 0 the mixture stays as it is.
  /// - Returns: `MixtureFit(mixture: …, posteriors: …, logEvidences: …)`: the mixture after the last
  ///   step, P(z|X) under it, [N][K], and the mean of log P(X) over the images at the start and after
  ///   each step, `stepCount + 1` numbers.
  static func fitMixture(
    to x: [[Double]], from start: Mixture, coins: [Double], stepCount: Int
  ) throws -> MixtureFit {
    return try todo()
  }
}
