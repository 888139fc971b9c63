import Autodiff
import Foundation
import NeuralNetworks
import Exercises

@testable import Ch05_VAE

extension Ch05Exercises {
  typealias Numbers = Tensor<Double>

  static var differentiableLoss: [Attempt] { valueAttempts + gradientAttempts }

  /// The model with something else in one place.
  private static func model(
    activation: @escaping (Numbers) -> Numbers = { tanh($0) },
    decoderActivation: ((Numbers) -> Numbers)? = nil,
    sample:
      @escaping (_ mean: Numbers, _ logVariance: Numbers, _ noise: Numbers) -> Numbers = {
        $0 + exp(0.5 * $1) * $2
      },
    likelihood: @escaping (_ x: Numbers, _ logits: Numbers) -> Numbers = {
      ($0 * $1 - softplus($1)).sum(axis: 1)
    },
    latent: @escaping (_ mean: Numbers, _ logVariance: Numbers) -> Numbers = {
      0.5 * ($0.squared + exp($1) - 1 - $1)
    },
    latents: @escaping (Numbers) -> Numbers = { $0.sum(axis: 1) },
    images: @escaping (Numbers) -> Numbers = { $0.mean() },
    combined:
      @escaping (_ likelihood: Numbers, _ divergence: Numbers, _ beta: Numbers) -> Numbers = {
        $2 * $1 - $0
      }
  ) -> Exercise {
    Checks.differentiableLoss { model, x, noise, beta in
      let h = activation(model.hidden(x))
      let (mean, logVariance) = (model.mean(h), model.logVariance(h))
      let z = sample(mean, logVariance, noise)
      let logits = model.output((decoderActivation ?? activation)(model.decoderHidden(z)))
      return images(
        combined(likelihood(x, logits), latents(latent(mean, logVariance)), Numbers(beta)))
    }
  }

  private static var valueAttempts: [Attempt] {
    [
      .mistake(
        "softplus in the decoder", model(decoderActivation: { softplus($0) }),
        says: "stands where `tanh(model.decoderHidden(z))` belongs"),
      .mistake(
        "rectifiers in the encoder",
        model(activation: { relu($0) }, decoderActivation: { tanh($0) }),
        says: "`max(model.hidden(x), 0)` stands where"),
      .solution(model()),
      .stub(Checks.differentiableLoss { _, _, _, _ in try todo() }),
      .mistake(
        "mean over pixels", model(likelihood: { ($0 * $1 - softplus($1)).mean(axis: 1) }),
        says: "averaged over the pixels"),
      .mistake(
        "mean over latents", model(latents: { $0.mean(axis: 1) }),
        says: "averaged over the latent variables"),
      .mistake("sum over images", model(images: { $0.sum() }), says: "sum over the images"),
      .mistake(
        "sign of the divergence", model(combined: { -$2 * $1 - $0 }),
        says: "the divergence is subtracted"),
      .mistake("the bound", model(combined: { $0 - $2 * $1 }), says: "that is the bound"),
      .mistake(
        "β on the reconstruction", model(combined: { $1 - $2 * $0 }),
        says: "β weights log P(X|z)"),
      .mistake("no β", model(combined: { r, d, _ in d - r }), says: "β is not used"),
      .mistake("no ½", model(latents: { 2 * $0.sum(axis: 1) }), says: "the ½ is missing"),
      .mistake(
        "sign of the log", model(latent: { 0.5 * ($0.squared + exp($1) - 1 + $1) }),
        says: "the wrong sign"),
      .mistake(
        "overflow", model(likelihood: { ($0 * $1 - log(1 + exp($1))).sum(axis: 1) }),
        says: "e^l became infinite"),
      .mistake("(ε + μ)σ", model(sample: { ($2 + $0) * exp(0.5 * $1) }), says: "(ε + μ)σ"),
      .mistake(
        "variance for σ", model(sample: { $0 + exp($1) * $2 }), says: "σ² was used"),
      .mistake("log variance for σ", model(sample: { $0 + $1 * $2 }), says: "log σ² itself"),
      .mistake("no noise", model(sample: { m, _, _ in m }), says: "μ alone"),
      .mistake("noise alone", model(sample: { _, _, e in e }), says: "z is the noise itself"),
      .mistake("no tanh", model(activation: { $0 }), says: "lack their tanh"),
      .mistake(
        "no tanh in the decoder", model(decoderActivation: { $0 }),
        says: "the decoder’s hidden units lack"),
      .mistake("rectified", model(activation: { relu($0) }), says: "are rectifiers"),
      .mistake(
        "the layer of the mean twice",
        Checks.differentiableLoss { model, x, noise, beta in
          let h = tanh(model.hidden(x))
          let mean = model.mean(h)
          let logVariance = model.mean(h)
          let z = mean + exp(0.5 * logVariance) * noise
          let logits = model.output(tanh(model.decoderHidden(z)))
          let kl = 0.5 * (mean.squared + exp(logVariance) - 1 - logVariance).sum(axis: 1)
          return (beta * kl - (x * logits - softplus(logits)).sum(axis: 1)).mean()
        }, says: "computed by the layer `mean`"),
      .mistake(
        "rectified log variance",
        Checks.differentiableLoss { model, x, noise, beta in
          let h = tanh(model.hidden(x))
          let (mean, logVariance) = (model.mean(h), relu(model.logVariance(h)))
          let z = mean + exp(0.5 * logVariance) * noise
          let logits = model.output(tanh(model.decoderHidden(z)))
          let kl = 0.5 * (mean.squared + exp(logVariance) - 1 - logVariance).sum(axis: 1)
          return (beta * kl - (x * logits - softplus(logits)).sum(axis: 1)).mean()
        }, says: "log σ² goes through a rectifier"),
      .mistake(
        "exponential twice", model(sample: { $0 + exp(exp(0.5 * $1)) * $2 }),
        says: "in z, the exponential was taken twice"),
      .mistake(
        "one loss an image", model(images: { $0 }), says: "expected one number, got 1 number"),
      .mistake(
        "nan", Checks.differentiableLoss { _, _, _, _ in Numbers(.nan) }, says: "got NaN"),
    ]
  }

  private static var gradientAttempts: [Attempt] {
    [
      .mistake(
        "z is no function of the weights",
        model(sample: { ($0 + exp(0.5 * $1) * $2).detached }), says: "for the tape z is a constant"),
      .mistake(
        "σ is a constant", model(sample: { $0 + exp(0.5 * $1).detached * $2 }),
        says: "for the tape σ in z"),
      .mistake(
        "the divergence is a constant", model(latents: { $0.sum(axis: 1).detached }),
        says: "for the tape the divergence is"),
      .mistake(
        "h is a constant",
        model(activation: { tanh($0).detached }, decoderActivation: { tanh($0) }),
        says: "for the tape h is"),
      .mistake(
        "the loss is a plain number", model(images: { Numbers($0.mean().scalar) }),
        says: "for the tape the whole loss is a constant"),
      .mistake(
        "a half of it is a constant", model(images: { 0.5 * $0.mean() + 0.5 * $0.mean().detached }),
        says: "its gradient is not"),
      // A wrong value is named before the gradient is looked at.
      .mistake(
        "the bound, as a plain number", model(images: { -$0.mean().detached }),
        says: "that is the bound"),
    ]
  }
}
